-- functions/subscription_state.sql
-- A contract that an operator makes by hand, without Stripe.

CREATE FUNCTION qutecart.set_subscription(shop_id bigint, plan text, status text DEFAULT 'active') RETURNS boolean
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_set_subscription';
COMMENT ON FUNCTION qutecart.set_subscription(bigint, text, text) IS
    'Put a shop on a plan by hand, with all that follows from it; for operators. plan: a plan''s slug; "free" ends the contract made by hand. status: one of Stripe''s eight; a trial lasts as long as the plan says. Returns whether anything changed. Errors: QC404 not_found (shop or plan), QC409 conflict (the shop has a live subscription at Stripe), QC409 state_change_refused, QC422 validation_failed (a retired plan that the shop is not on).';

CREATE FUNCTION qutecart.subscription_transitions(OUT from_state text, OUT event text, OUT to_state text) RETURNS SETOF record
    LANGUAGE c STABLE PARALLEL SAFE
    AS 'MODULE_PATHNAME', 'qc_fn_subscription_transitions';
COMMENT ON FUNCTION qutecart.subscription_transitions() IS
    'The table of what a subscription may become: from_state ("free" = there was none), event (first_seen, reported, payment_failed, paid), to_state.';
