/*
 * extension/install/files.h
 *		The shipped schema files and the list that orders them.
 */
#ifndef QC_INSTALL_FILES_H
#define QC_INSTALL_FILES_H

#include "postgres.h"

#include "nodes/pg_list.h"

typedef struct QcSchemaFile
{
	char *verb; /* once, always, migration, or the name of a seed */
	char *name; /* path below the schema directory */
} QcSchemaFile;

extern List *qc_files_list(void);             /* of QcSchemaFile */
extern char *qc_files_read(const char *name); /* palloc'd text */
extern char *qc_files_checksum(const char *text);

#endif /* QC_INSTALL_FILES_H */
