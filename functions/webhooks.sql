-- functions/webhooks.sql
-- A shop's webhooks, for its owner: where events are sent and with which keys they are
-- signed.

CREATE FUNCTION qutecart.list_webhooks() RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_list_webhooks';
COMMENT ON FUNCTION qutecart.list_webhooks() IS
    'The webhooks of the shop acted for, oldest first: {message, data: {webhooks: [{id, url, description, event_types, status, is_enabled, disabled_reason, disabled_at, signature_scheme, public_key, previous_key_until, api_version, created_at, updated_at}], total}}. event_types: [] = all. status: enabled, disabled or paused_by_plan. disabled_reason: by_member, gone (it answered 410) or failing (for 5 days). For the owner. Errors: forbidden.';

CREATE FUNCTION qutecart.create_webhook(url text, event_types text[] DEFAULT NULL, description text DEFAULT NULL,
    signature_scheme text DEFAULT NULL, is_enabled boolean DEFAULT NULL) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_create_webhook';
COMMENT ON FUNCTION qutecart.create_webhook(text, text[], text, text, boolean) IS
    'Send the shop''s events to a URL (https, at most 2000 characters, without user and password). event_types: which ones (all, when none are named). signature_scheme: hmac (default) or ed25519, by Standard Webhooks 1.0. At most 20 per shop. Returns {message, data: {webhook, secret}}; secret ("whsec_…", for hmac) is never shown again, for ed25519 there is webhook.public_key ("whpk_…"). For the owner; needs the plan''s feature api_access. Errors: forbidden, feature_not_in_plan, validation_failed, conflict, not_configured.';

CREATE FUNCTION qutecart.read_webhook(id bigint) RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_read_webhook';
COMMENT ON FUNCTION qutecart.read_webhook(bigint) IS
    'One webhook of the shop acted for. Returns {message, data: {webhook}}. For the owner. Errors: forbidden, not_found, also for another shop''s.';

CREATE FUNCTION qutecart.update_webhook(id bigint, url text DEFAULT NULL, event_types text[] DEFAULT NULL,
    description text DEFAULT NULL, is_enabled boolean DEFAULT NULL) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_update_webhook';
COMMENT ON FUNCTION qutecart.update_webhook(bigint, text, text[], text, boolean) IS
    'Change a webhook; what is not given stays. event_types []: all. Enabling it, also where it is, or another url, forgets its failures: what was held back for them leaves at once, what has failed when its next attempt is due. Disabling it gives up what waits, to be replayed. Returns {message, data: {webhook}}. For the owner; needs the plan''s feature api_access, but for disabling alone. Errors: forbidden, feature_not_in_plan, not_found, validation_failed.';

CREATE FUNCTION qutecart.delete_webhook(id bigint) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_delete_webhook';
COMMENT ON FUNCTION qutecart.delete_webhook(bigint) IS
    'Delete a webhook; what waits for it is not sent any more, its deliveries stay in the log. Returns {message}. For the owner. Errors: forbidden, not_found.';

CREATE FUNCTION qutecart.rotate_webhook_secret(id bigint, grace_seconds integer DEFAULT NULL, signature_scheme text DEFAULT NULL) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_rotate_webhook_secret';
COMMENT ON FUNCTION qutecart.rotate_webhook_secret(bigint, integer, text) IS
    'Give a webhook a new key. For grace_seconds (86400; 0 to 604800) messages carry the signatures of both. signature_scheme: another one from now on. Returns {message, data: {webhook, secret}} as create_webhook. For the owner; needs the plan''s feature api_access. Errors: forbidden, feature_not_in_plan, not_found, validation_failed, not_configured.';

CREATE FUNCTION qutecart.test_webhook(id bigint) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_test_webhook';
COMMENT ON FUNCTION qutecart.test_webhook(bigint) IS
    'Send a test.ping to a webhook, whatever it listens to. Returns {message, data: {message_id}}: the webhook-id it is sent with, to be found among the deliveries. For the owner; needs the plan''s feature api_access. Errors: forbidden, feature_not_in_plan, not_found, conflict (it is disabled).';

CREATE FUNCTION qutecart.reseal_secrets() RETURNS bigint
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_reseal_secrets';
COMMENT ON FUNCTION qutecart.reseal_secrets() IS
    'Seal the secrets of all webhooks with the first key of qutecart.secret_keys; returns how many were resealed. After a new key was put first: call this, then take the old key out. For operators. Errors: not_configured.';

SELECT qutecart.route('GET /api/seller/webhooks', 'qutecart.list_webhooks', actor => 'member');
SELECT qutecart.route('POST /api/seller/webhooks', 'qutecart.create_webhook', actor => 'member', status => 201);
SELECT qutecart.route('GET /api/seller/webhooks/{id}', 'qutecart.read_webhook', actor => 'member');
SELECT qutecart.route('PUT /api/seller/webhooks/{id}', 'qutecart.update_webhook', actor => 'member');
SELECT qutecart.route('DELETE /api/seller/webhooks/{id}', 'qutecart.delete_webhook', actor => 'member');
SELECT qutecart.route('POST /api/seller/webhooks/{id}/rotate-secret', 'qutecart.rotate_webhook_secret', actor => 'member');
SELECT qutecart.route('POST /api/seller/webhooks/{id}/test', 'qutecart.test_webhook', actor => 'member', status => 202);
