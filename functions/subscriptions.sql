-- functions/subscriptions.sql
-- Reading plans and a shop's subscription.

CREATE FUNCTION qutecart.plans()
    RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_plans';
COMMENT ON FUNCTION qutecart.plans() IS
    'The plans on offer, and the acting shop''s. Returns {plans: [Plan], current_plan: Plan or null, current_plan_slug}. Prices are decimal strings in the plan''s currency; a limit of -1 is unlimited; storage_mb counts 2^20 bytes.';

CREATE FUNCTION qutecart.current_subscription()
    RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_current_subscription';
COMMENT ON FUNCTION qutecart.current_subscription() IS
    'The acting shop''s plan and subscription. Returns {shop, plan, subscription, status, trial_ends_at, subscription_ends_at, grace_ends_at, pending_plan, comp_plan (given for nothing until comp_ends_at), comp_ends_at, cancel_at_period_end, is_premium, has_subdomain, subdomain_url}. Errors: no_shop.';

CREATE FUNCTION qutecart.subscription_history()
    RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_subscription_history';
COMMENT ON FUNCTION qutecart.subscription_history() IS
    'All subscriptions of the acting shop, newest first, each with its plan. Returns {subscriptions: [Subscription + plan]}. Errors: no_shop.';

SELECT qutecart.route('GET /api/subscription/plans', 'qutecart.plans');
SELECT qutecart.route('GET /api/subscription/current', 'qutecart.current_subscription', actor => 'member');
SELECT qutecart.route('GET /api/subscription/history', 'qutecart.subscription_history', actor => 'member');
