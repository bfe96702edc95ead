-- functions/shop_contracts.sql
-- What operators do to one shop's subscription, each with its reason.  A contract of
-- Stripe's is refused: no command can be sent there.

CREATE FUNCTION qutecart.cancel_contract(shop_id bigint, reason text, immediately boolean DEFAULT false) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_cancel_contract';
COMMENT ON FUNCTION qutecart.cancel_contract(bigint, text, boolean) IS
    'End a shop''s contract: immediately, then it is on Free, or with the period or trial that runs. reason: for the audit log, at most 500 characters. Returns {message, data: {shop_id, status, plan, pending_plan, cancel_at_period_end, trial_ends_at, current_period_end}}. Needs admin.subscription-plan.subscription.status. Errors: not_found, conflict (the contract is Stripe''s), state_change_refused (no contract, no period), validation_failed.';

CREATE FUNCTION qutecart.change_contract_plan(shop_id bigint, plan text, reason text, at_period_end boolean DEFAULT false) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_change_contract_plan';
COMMENT ON FUNCTION qutecart.change_contract_plan(bigint, text, text, boolean) IS
    'Put a shop on another plan at what that costs now, at once or when its period ends; a shop without a contract gets one that is not at Stripe. plan: a slug. Returns as cancel_contract(). Needs admin.subscription-plan.subscription.status. Errors: not_found (shop, plan), conflict (the contract is Stripe''s), state_change_refused (on that plan already, no period), validation_failed (retired plan, Free).';

CREATE FUNCTION qutecart.extend_trial(shop_id bigint, days integer, reason text) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_extend_trial';
COMMENT ON FUNCTION qutecart.extend_trial(bigint, integer, text) IS
    'Let a shop''s trial last 1 to 365 days longer. Returns as cancel_contract(). Needs admin.subscription-plan.subscription.status. Errors: not_found, conflict (the contract is Stripe''s), state_change_refused (no trial that ends), validation_failed.';

CREATE FUNCTION qutecart.comp_plan(shop_id bigint, plan text, until timestamptz, reason text) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_comp_plan';
COMMENT ON FUNCTION qutecart.comp_plan(bigint, text, timestamptz, text) IS
    'Give a shop a plan for nothing until a time, at most five years ahead. It lies above the shop''s contract, also one at Stripe, which goes on unchanged and counts again when it ends; a plan that is dearer by then wins. Returns {message, data: {shop_id, plan, until}}. Needs admin.subscription-plan.subscription.status. Errors: not_found (shop, plan), conflict (one runs already), validation_failed (retired, or not dearer than the plan in force).';

CREATE FUNCTION qutecart.end_comp(shop_id bigint, reason text) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_end_comp';
COMMENT ON FUNCTION qutecart.end_comp(bigint, text) IS
    'End what comp_plan() gave, before its time. Returns {message}. Needs admin.subscription-plan.subscription.status. Errors: not_found, validation_failed.';

CREATE FUNCTION qutecart.override_limit(shop_id bigint, metric text, limit_value bigint, reason text) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_override_limit';
COMMENT ON FUNCTION qutecart.override_limit(bigint, text, bigint, text) IS
    'As set_limit_override(), with a reason that must be given, as an action of operators. Returns {message}. Needs admin.subscription-plan.subscription.status. Errors: not_found (shop, metric), validation_failed.';

CREATE FUNCTION qutecart.end_limit_override(shop_id bigint, metric text, reason text) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_end_limit_override';
COMMENT ON FUNCTION qutecart.end_limit_override(bigint, text, text) IS
    'As clear_limit_override(), with a reason. Returns {message}. Needs admin.subscription-plan.subscription.status. Errors: not_found, validation_failed.';

SELECT qutecart.route('POST /api/admin/subscriptions/{shop_id}/cancel', 'qutecart.cancel_contract', actor => 'admin');
SELECT qutecart.route('POST /api/admin/subscriptions/{shop_id}/plan', 'qutecart.change_contract_plan', actor => 'admin');
SELECT qutecart.route('POST /api/admin/subscriptions/{shop_id}/trial', 'qutecart.extend_trial', actor => 'admin');
SELECT qutecart.route('POST /api/admin/subscriptions/{shop_id}/comp', 'qutecart.comp_plan', actor => 'admin');
SELECT qutecart.route('DELETE /api/admin/subscriptions/{shop_id}/comp', 'qutecart.end_comp', actor => 'admin');
SELECT qutecart.route('PUT /api/admin/subscriptions/{shop_id}/limits/{metric}', 'qutecart.override_limit', actor => 'admin');
SELECT qutecart.route('DELETE /api/admin/subscriptions/{shop_id}/limits/{metric}', 'qutecart.end_limit_override', actor => 'admin');
