-- functions/shop_subscriptions.sql
-- All shops' subscriptions as operators see them: list, one in full, totals.

CREATE FUNCTION qutecart.list_subscriptions(
    status          text DEFAULT NULL,
    plan            text DEFAULT NULL,
    search          text DEFAULT NULL,
    trial_ends_in   integer DEFAULT NULL,
    past_due        boolean DEFAULT NULL,
    cancel_pending  boolean DEFAULT NULL,
    comped          boolean DEFAULT NULL,
    after           bigint DEFAULT NULL,
    per_page        integer DEFAULT NULL
) RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_list_subscriptions';
COMMENT ON FUNCTION qutecart.list_subscriptions(text, text, text, integer, boolean, boolean, boolean, bigint, integer) IS
    'Shops and what they have subscribed to, by id of the shop. status: as shops show it ("free" too); plan: a slug; search: part of the shop''s name, its e-mail or its owner''s; trial_ends_in: days, trials that end within them; past_due, cancel_pending, comped: only such, or only others. after: the id of the last shop seen (next_after of the page before); per_page 1 to 100 (20). Returns {message, data: {subscriptions: [{shop_id, shop_name, owner_email, status, plan, plan_in_force, pending_plan, mrr, currency, billing_period, is_at_stripe, cancel_at_period_end, trial_ends_at, current_period_end, grace_ends_at, comp_plan, comp_ends_at, created_at}], next_after}}. Needs admin.subscription-plan.subscription.list. Errors: validation_failed.';

CREATE FUNCTION qutecart.read_subscription(shop_id bigint) RETURNS json
    LANGUAGE c STABLE STRICT PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_read_subscription';
COMMENT ON FUNCTION qutecart.read_subscription(bigint) IS
    'One shop''s subscription in full: {message, data: {subscription (as in the list), limits, overrides, contracts, comps, changes (the last 100)}}. Needs admin.subscription-plan.subscription.list. Errors: not_found.';

CREATE FUNCTION qutecart.subscription_totals(month date DEFAULT NULL) RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_subscription_totals';
COMMENT ON FUNCTION qutecart.subscription_totals(date) IS
    'What all subscriptions come to: {message, data: {month, revenue, plans, trials, churn, history}}. MRR is the sum of the amounts of active and past due contracts, a twelfth of those that are paid by the year; ARR is 12 times that; trials and comps count nothing; discounts are not known here. revenue: per currency {currency, mrr, arr, contracts}. plans: per plan {plan, shops, contracts, trialing, past_due, canceling}. trials: {running; of the month: ended, converted (were active since), conversion}. churn of the month (any day of it; this month by default; UTC): {paying_at_begin (contracts that cost something, past their trial), ended (of those, in the month), rate}. history: the 12 months up to it, per currency {month, currency, new (a shop that paid nothing before), expansion, contraction, lost (a shop that pays nothing any more), net}. Needs admin.subscription-plan.subscription.list.';

SELECT qutecart.route('GET /api/admin/subscriptions', 'qutecart.list_subscriptions', actor => 'admin');
SELECT qutecart.route('GET /api/admin/subscriptions/{shop_id}', 'qutecart.read_subscription', actor => 'admin');
SELECT qutecart.route('GET /api/admin/subscription-totals', 'qutecart.subscription_totals', actor => 'admin');
