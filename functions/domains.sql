-- functions/domains.sql
-- A shop's own domains: claim, publish a TXT record, have it verified.

CREATE FUNCTION qutecart.list_domains() RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_list_domains';
COMMENT ON FUNCTION qutecart.list_domains() IS
    'The acting shop''s own domains: {message, data: {domains: [{domain, unicode, status: pending or verified, record: {type, name, value} (the TXT record to publish), problem (why the last look-up did not do), verified_at, checked_at, requested_at, created_at}]}}. Needs shop.profile.index. Errors: no_shop.';

CREATE FUNCTION qutecart.add_domain(domain text) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_add_domain';
COMMENT ON FUNCTION qutecart.add_domain(text) IS
    'Say that a domain is the acting shop''s, ten at most. It shows the shop once the TXT record is found, while the plan in force has the feature custom_domain or custom_branding. Returns {message, data: {domain}} as in the list. Needs shop.profile.edit. Errors: no_shop, forbidden, conflict (added already), validation_failed.';

CREATE FUNCTION qutecart.verify_domain(domain text) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_verify_domain';
COMMENT ON FUNCTION qutecart.verify_domain(text) IS
    'Ask for the look-up of a domain''s TXT record, once a minute at most; what is verified stays so. Returns {message, data: {domain}}. Needs shop.profile.edit. Errors: no_shop, forbidden, not_found, too_many_requests.';

CREATE FUNCTION qutecart.remove_domain(domain text) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_remove_domain';
COMMENT ON FUNCTION qutecart.remove_domain(text) IS
    'Give a domain up; it shows the shop no more. Returns {message}. Needs shop.profile.edit. Errors: no_shop, not_found.';

CREATE FUNCTION qutecart.decide_domain(shop_id bigint, domain text, txt text[]) RETURNS boolean
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_decide_domain';
COMMENT ON FUNCTION qutecart.decide_domain(bigint, text, text[]) IS
    'Decide on a claimed domain by the TXT values found at _qutecart-challenge.<domain> (an empty array: none), as a message of kind dns.verify asks for. Returns whether it is verified; what is in the way is noted at the claim. For operators and the worker. Errors: not_found.';

SELECT qutecart.route('GET /api/seller/domains', 'qutecart.list_domains', actor => 'member');
SELECT qutecart.route('POST /api/seller/domains', 'qutecart.add_domain', actor => 'member', status => 201);
SELECT qutecart.route('POST /api/seller/domains/{domain}/verify', 'qutecart.verify_domain', actor => 'member', status => 202);
SELECT qutecart.route('DELETE /api/seller/domains/{domain}', 'qutecart.remove_domain', actor => 'member');
