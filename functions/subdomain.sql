-- functions/subdomain.sql
-- A shop's name under the base domain: look, ask, choose, give up.

CREATE FUNCTION qutecart.read_subdomain() RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_read_subdomain';
COMMENT ON FUNCTION qutecart.read_subdomain() IS
    'The acting shop''s subdomain: {message, data: {subdomain: as DNS has it, or null; unicode: as people read it; url; status: active, reserved (the plan includes none any more, the name is kept until reserved_until and answers 404) or none; reserved_until}}. Needs shop.profile.index. Errors: no_shop.';

CREATE FUNCTION qutecart.check_subdomain(name text) RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_check_subdomain';
COMMENT ON FUNCTION qutecart.check_subdomain(text) IS
    'May the acting shop have this name? 3 to 32 characters: letters of one script, digits, hyphens inside; not reserved by the settings. Returns {message, data: {name, subdomain, unicode, url, available, verdict: free, yours, invalid, reserved or taken}}; an answer of the moment. Needs shop.profile.index. Errors: no_shop.';

CREATE FUNCTION qutecart.choose_subdomain(name text) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_choose_subdomain';
COMMENT ON FUNCTION qutecart.choose_subdomain(text) IS
    'Take a name in place of the one the acting shop has, which others may have at once. Returns as read_subdomain(). Needs shop.profile.edit. Errors: no_shop, forbidden (also: the plan in force includes no subdomain), conflict (somebody has it), validation_failed.';

CREATE FUNCTION qutecart.release_subdomain() RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_release_subdomain';
COMMENT ON FUNCTION qutecart.release_subdomain() IS
    'Give the acting shop''s name up; others may have it at once. Returns {message}. Needs shop.profile.edit. Errors: no_shop, not_found.';

SELECT qutecart.route('GET /api/seller/subdomain', 'qutecart.read_subdomain', actor => 'member');
SELECT qutecart.route('GET /api/seller/subdomain/availability', 'qutecart.check_subdomain', actor => 'member');
SELECT qutecart.route('PUT /api/seller/subdomain', 'qutecart.choose_subdomain', actor => 'member');
SELECT qutecart.route('DELETE /api/seller/subdomain', 'qutecart.release_subdomain', actor => 'member');
