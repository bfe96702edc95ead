/*
 * gateway/arena.c
 *		Blocks of 4 KiB, recycled through a bounded list; larger pieces get a
 *		block of their own that goes back to malloc.
 *
 * An arena that holds nothing owns no block, so an idle connection costs none.
 */
#include "gateway/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE 4096
#define SPARE_MAX  256 /* blocks kept for the next request: 1 MiB */

struct GwArenaBlock
{
	GwArenaBlock *next;
	size_t size; /* whole block, this header included */
	max_align_t bytes[];
};

static GwArenaBlock *spare;
static int spare_count;

static GwArenaBlock *take_block(size_t payload);
static void give_block(GwArenaBlock *block);

/*
 * Bytes that live until the arena is reset; never NULL.
 */
void *
gw_arena_alloc(GwArena *arena, size_t size)
{
	size_t need = (size + 15) & ~(size_t) 15;
	GwArenaBlock *block;
	void *piece;

	if (arena->at != NULL && (size_t) (arena->end - arena->at) >= need)
	{
		piece = arena->at;
		arena->at += need;
		return piece;
	}
	block = take_block(need);
	if (block->size > BLOCK_SIZE && arena->blocks != NULL)
	{
		/* a large piece must not hide the free rest of the newest block */
		block->next = arena->blocks->next;
		arena->blocks->next = block;
		return block->bytes;
	}
	block->next = arena->blocks;
	arena->blocks = block;
	arena->at = (char *) block->bytes + need;
	arena->end = (char *) block + block->size;
	return block->bytes;
}

/*
 * A copy with a NUL behind it.
 */
char *
gw_arena_copy(GwArena *arena, const char *bytes, size_t len)
{
	char *copy = gw_arena_alloc(arena, len + 1);

	memcpy(copy, bytes, len);
	copy[len] = '\0';
	return copy;
}

void
gw_arena_reset(GwArena *arena)
{
	while (arena->blocks != NULL)
	{
		GwArenaBlock *block = arena->blocks;

		arena->blocks = block->next;
		give_block(block);
	}
	arena->at = NULL;
	arena->end = NULL;
}

/*
 * Give the spare blocks back, so that a leak checker sees only leaks.
 */
void
gw_arena_trim(void)
{
	while (spare != NULL)
	{
		GwArenaBlock *block = spare;

		spare = block->next;
		free(block);
	}
	spare_count = 0;
}

void *
gw_alloc(size_t size)
{
	return gw_realloc(NULL, size);
}

void *
gw_realloc(void *old, size_t size)
{
	void *memory = realloc(old, size);

	if (memory == NULL)
	{
		fputs("qutecart-gateway: out of memory\n", stderr);
		abort();
	}
	return memory;
}

static GwArenaBlock *
take_block(size_t payload)
{
	size_t size = payload + sizeof(GwArenaBlock);
	GwArenaBlock *block = spare;

	if (size <= BLOCK_SIZE && block != NULL)
	{
		spare = block->next;
		spare_count--;
		return block;
	}
	if (size < BLOCK_SIZE)
		size = BLOCK_SIZE;
	block = gw_alloc(size);
	block->size = size;
	return block;
}

static void
give_block(GwArenaBlock *block)
{
	if (block->size != BLOCK_SIZE || spare_count >= SPARE_MAX)
	{
		free(block);
		return;
	}
	block->next = spare;
	spare = block;
	spare_count++;
}
