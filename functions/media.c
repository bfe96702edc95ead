/*
 * functions/media.c
 *		A shop's files: reserved with a declared size, confirmed with the real one.
 *
 * Members may not write media themselves: these functions do, as the owner, for the
 * acting shop alone.  The trigger of the table counts the bytes.
 */
#include "postgres.h"

#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "extension/core/args.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/core/guc.h"
#include "extension/core/json.h"
#include "extension/core/page.h"
#include "extension/core/settings.h"
#include "extension/media/upload.h"
#include "extension/media/url.h"
#include "extension/tenant/context.h"

PG_FUNCTION_INFO_V1(qc_fn_reserve_upload);
PG_FUNCTION_INFO_V1(qc_fn_confirm_upload);
PG_FUNCTION_INFO_V1(qc_fn_list_uploads);
PG_FUNCTION_INFO_V1(qc_fn_delete_upload);

#define MEDIA                                                                          \
	"m.id, m.status, m.bytes, m.object_key, m.mime_type, m.original_name, m.type,"     \
	" m.expires_at, m.confirmed_at, m.created_at"

static QcStmt is_allowed_type = {
	.sql = "SELECT coalesce((SELECT s.value OPERATOR(pg_catalog.@>)"
		   " pg_catalog.to_jsonb($1) FROM qutecart.settings s"
		   " WHERE s.key = 'allowed_file_types'), $1 = ANY ('{image/jpeg,image/png,"
		   "image/gif,image/webp,application/pdf}'))",
	.nargs = 1,
	.argtypes = {TEXTOID},
};

static QcStmt reserve = {
	.sql = "INSERT INTO qutecart.media AS m (shop_id, bytes, object_key, mime_type,"
		   " original_name, type, uploaded_by, expires_at)"
		   " VALUES ($1, $2, pg_catalog.format('%s/shop-%s/%s.%s', $3, $1,"
		   "  pg_catalog.gen_random_uuid(), $4), $5, $6, $7, $8, $9) RETURNING " MEDIA,
	.nargs = 9,
	.argtypes = {INT8OID, INT8OID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, INT8OID,
				 TIMESTAMPTZOID},
};

static QcStmt lock_media = {
	.sql = "SELECT " MEDIA " FROM qutecart.media m WHERE m.shop_id = $1 AND m.id = $2"
		   " AND (m.expires_at IS NULL OR m.expires_at > pg_catalog.now()) FOR UPDATE",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

static QcStmt confirm = {
	.sql = "UPDATE qutecart.media m SET status = 'confirmed', bytes = $3,"
		   " expires_at = NULL, confirmed_at = pg_catalog.now()"
		   " WHERE m.shop_id = $1 AND m.id = $2 RETURNING " MEDIA,
	.nargs = 3,
	.argtypes = {INT8OID, INT8OID, INT8OID},
};

static QcStmt read_page = {
	.sql = "SELECT " MEDIA " FROM qutecart.media m WHERE m.shop_id = $1"
		   " AND ($2 IS NULL OR m.type = $2)"
		   " ORDER BY m.created_at DESC, m.id DESC LIMIT $3 OFFSET $4",
	.nargs = 4,
	.argtypes = {INT8OID, TEXTOID, INT8OID, INT8OID},
	.is_read = true,
};

static QcStmt count_page = {
	.sql = "SELECT count(*) FROM qutecart.media m WHERE m.shop_id = $1"
		   " AND ($2 IS NULL OR m.type = $2)",
	.nargs = 2,
	.argtypes = {INT8OID, TEXTOID},
	.is_read = true,
};

static QcStmt drop_media = {
	.sql = "DELETE FROM qutecart.media m WHERE m.shop_id = $1 AND m.id = $2",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

/* Columns of MEDIA. */
enum
{
	ID = 1,
	STATUS,
	BYTES,
	OBJECT_KEY,
	MIME_TYPE,
	ORIGINAL_NAME,
	TYPE,
	EXPIRES_AT,
	CONFIRMED_AT,
	CREATED_AT
};

static const char *const folders[] = {"products", "products/digital_attachment",
									  "shops/logo", "shops/banner", "banners"};

static const struct
{
	const char *mime_type;
	const char *extension;
} extensions[] = {
	{"image/jpeg", "jpg"},  {"image/png", "png"},       {"image/gif", "gif"},
	{"image/webp", "webp"}, {"application/pdf", "pdf"},
};

typedef struct NewFile
{
	char *name;
	char *mime_type;
	char *type;
	char *folder;
	int64 bytes;
} NewFile;

static void
need_store(void)
{
	if (!qc_context_may("shop.product.create") && !qc_context_may("shop.product.edit"))
		qc_context_need("shop.gallery.store");
}

/* Without the folders of the client's machine, and without control characters. */
static char *
base_name(char *name)
{
	char *base = name;
	char *out;

	for (char *c = name; *c != '\0'; c++)
		if (*c == '/' || *c == '\\')
			base = c + 1;
	out = base;
	for (char *c = base; *c != '\0'; c++)
		if ((unsigned char) *c >= ' ' && *c != 0x7f)
			*out++ = *c;
	*out = '\0';
	return base;
}

/* By type; for a type an operator has added, the one the name has, if it is plain. */
static const char *
extension_of(const NewFile *file)
{
	const char *dot = strrchr(file->name, '.');

	for (int i = 0; i < lengthof(extensions); i++)
		if (strcmp(file->mime_type, extensions[i].mime_type) == 0)
			return extensions[i].extension;
	if (dot != NULL && dot[1] != '\0' && strlen(dot + 1) <= 8 &&
		strspn(dot + 1, "abcdefghijklmnopqrstuvwxyz0123456789") == strlen(dot + 1))
		return dot + 1;
	return "bin";
}

static void
check_folder(NewFile *file, QcFieldErrors *errors)
{
	if (file->folder == NULL)
		file->folder = pstrdup(folders[0]);
	for (int i = 0; i < lengthof(folders); i++)
		if (strcmp(file->folder, folders[i]) == 0)
			return;
	qc_fields_add(errors, "folder", "The selected folder is invalid.");
}

static void
check_mime_type(NewFile *file, QcFieldErrors *errors)
{
	QcArgs args = {0};
	bool is_allowed;

	for (char *c = file->mime_type; *c != '\0'; c++)
		*c = pg_ascii_tolower((unsigned char) *c);
	qc_args_text(&args, file->mime_type);
	qc_db_begin();
	(void) qc_db_system(&is_allowed_type, &args);
	is_allowed = qc_db_bool(0, 1);
	qc_db_end();
	if (!is_allowed)
		qc_fields_add(errors, "mime_type", "Files of type %s are not taken.",
					  file->mime_type);
}

static void
check_file(NewFile *file)
{
	QcFieldErrors errors;

	qc_fields_init(&errors);
	file->name = base_name(file->name);
	if (*file->name == '\0')
		qc_fields_add(&errors, "file_name", "The file name field is required.");
	if (pg_mbstrlen(file->name) > 255)
		qc_fields_add(&errors, "file_name",
					  "The file name field must not be greater than 255 characters.");
	check_mime_type(file, &errors);
	if (file->bytes < 1)
		qc_fields_add(&errors, "bytes", "The bytes field must be at least 1.");
	if (file->type == NULL)
		file->type =
			pstrdup(strncmp(file->mime_type, "image/", 6) == 0 ? "image" : "document");
	if (*file->type == '\0' || pg_mbstrlen(file->type) > 64)
		qc_fields_add(&errors, "type",
					  "The type field must not be greater than 64 characters.");
	check_folder(file, &errors);
	qc_fields_raise(&errors);
}

static void
check_size(int64 bytes)
{
	int64 max_mb = qc_setting_int("max_file_size_mb", 10);
	QcFieldErrors errors;

	qc_fields_init(&errors);
	if (bytes < 1)
		qc_fields_add(&errors, "bytes", "The bytes field must be at least 1.");
	else if (bytes > max_mb * 1024 * 1024)
		qc_fields_add(&errors, "bytes",
					  "The file must not be larger than " INT64_FORMAT " MB.", max_mb);
	qc_fields_raise(&errors);
}

static void
write_media(QcJson *json, const char *key, uint64 row)
{
	qc_json_open(json, key, '{');
	qc_json_int(json, "id", qc_db_int8(row, ID));
	qc_json_text(json, "type", qc_db_text(row, TYPE));
	qc_json_text(json, "name", qc_db_text(row, ORIGINAL_NAME));
	qc_json_text(json, "key", qc_db_text(row, OBJECT_KEY));
	qc_json_picture(json, "url", qc_db_text(row, OBJECT_KEY));
	qc_json_int(json, "bytes", qc_db_int8(row, BYTES));
	qc_json_text(json, "mime_type", qc_db_text(row, MIME_TYPE));
	qc_json_text(json, "status", qc_db_text(row, STATUS));
	qc_json_time(json, "expires_at", qc_db_time(row, EXPIRES_AT));
	qc_json_time(json, "confirmed_at", qc_db_time(row, CONFIRMED_AT));
	qc_json_time(json, "created_at", qc_db_time(row, CREATED_AT));
	qc_json_close(json, '}');
}

/*
 * The plan's limit is the harder wall and answers first, also for a file that would be
 * too large in itself.
 */
Datum
qc_fn_reserve_upload(PG_FUNCTION_ARGS)
{
	int64 shop_id = qc_context_need_shop();
	TimestampTz expires_at = TimestampTzPlusMilliseconds(
		GetCurrentTimestamp(), (int64) qc_guc_media_expiry * 1000);
	NewFile file = {.name = PG_ARGISNULL(0) ? pstrdup("") : qc_arg_text(0),
					.mime_type = PG_ARGISNULL(1) ? pstrdup("") : qc_arg_text(1),
					.bytes = qc_arg_int8(2, 0),
					.type = qc_arg_text(3),
					.folder = qc_arg_text(4)};
	QcArgs args = {0};
	QcJson json;

	need_store();
	check_file(&file);
	qc_args_int8(&args, shop_id);
	qc_args_int8(&args, file.bytes);
	qc_args_text(&args, file.folder);
	qc_args_text(&args, extension_of(&file));
	qc_args_text(&args, file.mime_type);
	qc_args_text(&args, file.name);
	qc_args_text(&args, file.type);
	qc_args_id(&args, qc_context()->user_id);
	qc_args_datum(&args, TimestampTzGetDatum(expires_at), false);
	qc_json_reply_open(&json, "Upload reserved");
	qc_db_begin();
	qc_db_expect(qc_db_system(&reserve, &args), 1, "reserving an upload");
	check_size(file.bytes);
	write_media(&json, "media", 0);
	qc_upload_write(&json, qc_db_text(0, OBJECT_KEY), file.mime_type, file.bytes,
					expires_at);
	qc_db_end();
	return qc_json_reply_close(&json);
}

/* The storage took exactly the bytes that were signed; no other size can be true. */
static void
check_settled(int64 bytes, int64 declared)
{
	QcFieldErrors errors;

	check_size(bytes);
	qc_fields_init(&errors);
	if (bytes != declared && qc_upload_is_configured())
		qc_fields_add(&errors, "bytes",
					  "The file must have the " INT64_FORMAT
					  " bytes that were declared.",
					  declared);
	qc_fields_raise(&errors);
}

Datum
qc_fn_confirm_upload(PG_FUNCTION_ARGS)
{
	int64 shop_id = qc_context_need_shop();
	int64 media_id = qc_arg_int8(0, 0);
	bool is_confirmed;
	QcArgs args = {0};
	QcJson json;
	int64 declared;
	int64 bytes;

	need_store();
	qc_json_reply_open(&json, "Upload confirmed");
	qc_args_int8(&args, shop_id);
	qc_args_int8(&args, media_id);
	qc_db_begin();
	if (qc_db_system(&lock_media, &args) == 0)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("upload not found"),
				errhint("An upload that is not confirmed in time expires."));
	declared = qc_db_int8(0, BYTES);
	is_confirmed = strcmp(qc_db_text(0, STATUS), "confirmed") == 0;
	bytes = qc_arg_int8(1, declared);
	if (is_confirmed && bytes != declared)
		ereport(ERROR, qc_err(QC_ERR_STATE_CHANGE_REFUSED),
				errmsg("the upload is confirmed already"),
				errdetail("It was confirmed with " INT64_FORMAT " bytes.", declared));
	if (!is_confirmed)
	{
		check_settled(bytes, declared);
		qc_args_int8(&args, bytes);
		qc_db_expect(qc_db_system(&confirm, &args), 1, "confirming an upload");
	}
	write_media(&json, "media", 0);
	qc_db_end();
	return qc_json_reply_close(&json);
}

Datum
qc_fn_list_uploads(PG_FUNCTION_ARGS)
{
	int64 shop_id = qc_context_need_shop();
	QcPage page = qc_page(qc_arg_int4(0, 0), qc_arg_int4(1, 0));
	QcArgs args = {0};
	QcJson json;
	uint64 n;

	qc_context_need("shop.gallery.index");
	qc_json_reply_open(&json, "Uploads");
	qc_args_int8(&args, shop_id);
	qc_args_text(&args, qc_arg_text(2));
	qc_db_begin();
	(void) qc_db_run(&count_page, &args);
	qc_json_int(&json, "total", qc_db_int8(0, 1));
	qc_args_int8(&args, page.limit);
	qc_args_int8(&args, page.offset);
	n = qc_db_run(&read_page, &args);
	qc_json_open(&json, "media", '[');
	for (uint64 i = 0; i < n; i++)
		write_media(&json, NULL, i);
	qc_json_close(&json, ']');
	qc_db_end();
	return qc_json_reply_close(&json);
}

Datum
qc_fn_delete_upload(PG_FUNCTION_ARGS)
{
	int64 shop_id = qc_context_need_shop();
	QcArgs args = {0};

	qc_context_need("shop.gallery.store");
	qc_args_int8(&args, shop_id);
	qc_args_int8(&args, qc_arg_int8(0, 0));
	qc_db_begin();
	if (qc_db_system(&drop_media, &args) == 0)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("upload not found"));
	qc_db_end();
	return qc_json_reply_message("Upload deleted");
}
