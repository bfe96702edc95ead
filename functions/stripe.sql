-- functions/stripe.sql
-- Stripe's events: received over HTTP, applied by the worker or by hand.

CREATE FUNCTION qutecart.receive_stripe_event(payload bytea DEFAULT NULL, signature text DEFAULT NULL) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_receive_stripe_event';
COMMENT ON FUNCTION qutecart.receive_stripe_event(bytea, text) IS
    'Store an event of Stripe''s and answer {"received":true}; it is applied after the commit. payload: the body as it came, at most 256 KiB; signature: the Stripe-Signature header, at most 300 seconds old or ahead. The same event twice is stored once. Errors: QC400 invalid_signature, invalid_payload, bad_request (live instead of test mode or the reverse), QC413 payload_too_large, QC503 not_configured.';

CREATE FUNCTION qutecart.apply_stripe_events(max integer DEFAULT 100) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_apply_stripe_events';
COMMENT ON FUNCTION qutecart.apply_stripe_events(integer) IS
    'Apply at most max events that are due, each in a subtransaction, and count them: {"applied", "ignored", "parked", "failed", "dead"}. The worker does this by itself.';

CREATE FUNCTION qutecart.stripe_replay(event_id text) RETURNS boolean
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_stripe_replay';
COMMENT ON FUNCTION qutecart.stripe_replay(text) IS
    'Make a stored event due again, a dead one too; false when there is no such event. An event that was applied changes nothing twice.';

CREATE FUNCTION qutecart.stripe_rebuild(shop_id bigint) RETURNS bigint
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_stripe_rebuild';
COMMENT ON FUNCTION qutecart.stripe_rebuild(bigint) IS
    'Fold a shop''s subscriptions anew from all stored events; returns how many there are. Errors: QC404 not_found.';

SELECT qutecart.route('POST /api/webhooks/stripe', 'qutecart.receive_stripe_event', max_body => 262144,
    bind => '{"payload": "raw_body", "signature": "header:Stripe-Signature"}', durability => 'group');
