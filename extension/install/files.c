/*
 * extension/install/files.c
 *		Reading install.list and the files it names from the share directory.
 */
#include "postgres.h"

#include <sys/stat.h>

#include "miscadmin.h"
#include "storage/fd.h"

#include "extension/core/crypto.h"
#include "extension/install/files.h"

#define DIRECTORY "extension/qutecart"
#define LIST      "install.list"

char *
qc_files_read(const char *name)
{
	char share[MAXPGPATH];
	char path[MAXPGPATH];
	struct stat st;
	FILE *file;
	char *text;

	get_share_path(my_exec_path, share);
	snprintf(path, sizeof(path), "%s/%s/%s", share, DIRECTORY, name);
	file = AllocateFile(path, "r");
	if (file == NULL || fstat(fileno(file), &st) != 0)
		ereport(ERROR, errcode_for_file_access(),
				errmsg("could not open schema file \"%s\": %m", path),
				errhint("Install the files of this version with make install."));
	text = palloc(st.st_size + 1);
	if (fread(text, 1, st.st_size, file) != (size_t) st.st_size)
		ereport(ERROR, errcode_for_file_access(),
				errmsg("could not read schema file \"%s\": %m", path));
	text[st.st_size] = '\0';
	FreeFile(file);
	return text;
}

/* Split "verb name"; NULL for an empty line or a comment. */
static QcSchemaFile *
parse_line(char *line)
{
	QcSchemaFile *file;
	char *rest;
	char *verb = strtok_r(line, " \t\r", &rest);
	char *name = verb ? strtok_r(NULL, " \t\r", &rest) : NULL;

	if (verb == NULL || verb[0] == '#')
		return NULL;
	if (name == NULL)
		ereport(ERROR, errcode(ERRCODE_CONFIG_FILE_ERROR),
				errmsg("%s has a line without a file: \"%s\"", LIST, verb));
	file = palloc(sizeof(QcSchemaFile));
	file->verb = verb;
	file->name = name;
	return file;
}

List *
qc_files_list(void)
{
	List *files = NIL;
	char *rest;

	for (char *line = strtok_r(qc_files_read(LIST), "\n", &rest); line != NULL;
		 line = strtok_r(NULL, "\n", &rest))
	{
		QcSchemaFile *file = parse_line(line);

		if (file != NULL)
			files = lappend(files, file);
	}
	return files;
}

char *
qc_files_checksum(const char *text)
{
	uint8 digest[QC_SHA256_LEN];
	char *hex = palloc(2 * QC_SHA256_LEN + 1);

	qc_crypto_sha256(text, strlen(text), digest);
	qc_crypto_hex(digest, sizeof(digest), hex);
	return hex;
}
