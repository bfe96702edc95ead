/*
 * gateway/arena.h
 *		Memory of one request: taken in pieces, given back as one.
 */
#ifndef GW_ARENA_H
#define GW_ARENA_H

#include <stddef.h>

typedef struct GwArenaBlock GwArenaBlock;

typedef struct GwArena
{
	GwArenaBlock *blocks; /* newest first */
	char *at;             /* next free byte of the newest block */
	char *end;
} GwArena;

extern void *gw_arena_alloc(GwArena *arena, size_t size);
extern char *gw_arena_copy(GwArena *arena, const char *bytes, size_t len);
extern void gw_arena_reset(GwArena *arena);
extern void gw_arena_trim(void);

/* malloc and realloc that end the process when there is no memory at all */
extern void *gw_alloc(size_t size);
extern void *gw_realloc(void *old, size_t size);

#endif
