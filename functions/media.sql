-- functions/media.sql
-- A shop's files: reserve, confirm, list, delete.

CREATE FUNCTION qutecart.reserve_upload(file_name text, mime_type text, bytes bigint, type text DEFAULT NULL, folder text DEFAULT NULL)
    RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_reserve_upload';
COMMENT ON FUNCTION qutecart.reserve_upload(text, text, bigint, text, text) IS
    'Reserve room for a file of the acting shop; it counts from now on, and is given back when it is not confirmed within qutecart.media_expiry. mime_type: one of the setting allowed_file_types. bytes: its size, at most the setting max_file_size_mb. type: a word kept with it ("image" …), by default from the mime type. folder: products (default), products/digital_attachment, shops/logo, shops/banner, banners. Returns {message, data: {media, upload: {method, url, headers, expires_at}}}: send exactly these headers and that many bytes; upload is null when no storage is configured. Needs permission shop.gallery.store, shop.product.create or shop.product.edit. Errors: validation_failed, plan_limit_reached.';

CREATE FUNCTION qutecart.confirm_upload(id bigint, bytes bigint DEFAULT NULL)
    RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_confirm_upload';
COMMENT ON FUNCTION qutecart.confirm_upload(bigint, bigint) IS
    'Say that a reserved file is there; from now on it does not expire. bytes: its real size, by default the declared one; where the storage was told the declared size it must be that. Over the plan''s limit it is refused and stays reserved as it was. Confirmed again with the same size it changes nothing. Returns {message, data: {media}}. Needs the same permission as reserve_upload. Errors: not_found (also expired), validation_failed, plan_limit_reached.';

CREATE FUNCTION qutecart.list_uploads(page integer DEFAULT NULL, per_page integer DEFAULT NULL, type text DEFAULT NULL)
    RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_list_uploads';
COMMENT ON FUNCTION qutecart.list_uploads(integer, integer, text) IS
    'The acting shop''s files, newest first. page from 1, per_page 1 to 100 (20). Returns {message, data: {total, media}}. Needs permission shop.gallery.index.';

CREATE FUNCTION qutecart.delete_upload(id bigint)
    RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_delete_upload';
COMMENT ON FUNCTION qutecart.delete_upload(bigint) IS
    'Forget a file of the acting shop and give its room back; products lose the picture. Returns {message}. Needs permission shop.gallery.store. Errors: not_found.';

SELECT qutecart.route('POST /api/upload', 'qutecart.reserve_upload', actor => 'member', status => 201);
SELECT qutecart.route('GET /api/upload', 'qutecart.list_uploads', actor => 'member');
SELECT qutecart.route('POST /api/upload/{id}/confirm', 'qutecart.confirm_upload', actor => 'member');
SELECT qutecart.route('DELETE /api/upload/{id}', 'qutecart.delete_upload', actor => 'member');
