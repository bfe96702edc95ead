-- functions/plans.sql
-- What operators do with plans: look, create, change, retire, restore.

CREATE FUNCTION qutecart.list_plans() RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_list_plans';
COMMENT ON FUNCTION qutecart.list_plans() IS
    'All plans, retired ones too, for operators: {message, data: {plans: [Plan + shops (whose plan it is), shops_in_force (that have its limits now), comps (given for a time), stripe ids, needs_sync (what Stripe has is out of date), former_prices]}}. Prices are decimal strings. Needs admin.subscription-plan.index.';

CREATE FUNCTION qutecart.read_plan(id bigint) RETURNS json
    LANGUAGE c STABLE STRICT PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_read_plan';
COMMENT ON FUNCTION qutecart.read_plan(bigint) IS
    'One plan, as list_plans() shows it: {message, data: {plan}}. Needs admin.subscription-plan.index. Errors: not_found.';

CREATE FUNCTION qutecart.create_plan(
    slug             text,
    name             text,
    price            numeric,
    products_limit   bigint,
    orders_per_month bigint,
    storage_mb       bigint,
    staff_accounts   bigint,
    description      text DEFAULT NULL,
    yearly_price     numeric DEFAULT NULL,
    currency         text DEFAULT NULL,
    trial_days       integer DEFAULT NULL,
    features         text[] DEFAULT NULL,
    is_featured      boolean DEFAULT NULL,
    sort_order       integer DEFAULT NULL
) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_create_plan';
COMMENT ON FUNCTION qutecart.create_plan(text, text, numeric, bigint, bigint, bigint, bigint, text, numeric, text, integer, text[], boolean, integer) IS
    'Create a plan that shops may choose. slug: its name in files and URLs, never changed: small letters, digits and hyphens. price: a month''s; yearly_price: a year''s, twelve months less 20 % by default; at most 2 decimals. Limits: -1 is unlimited, 0 is none; storage in MB of 2^20 bytes. trial_days: 0 to 730 (0). features: names of what it includes (premium_subdomain, custom_branding, api_access …). is_featured: highlighted. Returns {message, data: {plan}}. Needs admin.subscription-plan.create. Errors: conflict (slug), validation_failed.';

CREATE FUNCTION qutecart.update_plan(
    id               bigint,
    name             text DEFAULT NULL,
    price            numeric DEFAULT NULL,
    products_limit   bigint DEFAULT NULL,
    orders_per_month bigint DEFAULT NULL,
    storage_mb       bigint DEFAULT NULL,
    staff_accounts   bigint DEFAULT NULL,
    description      text DEFAULT NULL,
    yearly_price     numeric DEFAULT NULL,
    currency         text DEFAULT NULL,
    trial_days       integer DEFAULT NULL,
    features         text[] DEFAULT NULL,
    is_featured      boolean DEFAULT NULL,
    sort_order       integer DEFAULT NULL
) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_update_plan';
COMMENT ON FUNCTION qutecart.update_plan(bigint, text, numeric, bigint, bigint, bigint, bigint, text, numeric, text, integer, text[], boolean, integer) IS
    'Change a plan; what is absent stays. Arguments as create_plan. Limits and features count at once in every shop on the plan, with the same commit. Prices count for who subscribes from then on: running subscriptions go on at what they cost; the price that Stripe had is kept in plan_prices, and needs_sync says that Stripe needs a new one. A yearly price that was twelve months less 20 % follows the monthly one. Returns {message, data: {plan}}. Needs admin.subscription-plan.edit. Errors: not_found, validation_failed.';

CREATE FUNCTION qutecart.retire_plan(id bigint) RETURNS json
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_retire_plan';
COMMENT ON FUNCTION qutecart.retire_plan(bigint) IS
    'Offer a plan no more: no shop can choose it, those on it stay. Twice is as once. Returns {message, data: {plan}}. Needs admin.subscription-plan.toggle. Errors: not_found, validation_failed (Free).';

CREATE FUNCTION qutecart.restore_plan(id bigint) RETURNS json
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_restore_plan';
COMMENT ON FUNCTION qutecart.restore_plan(bigint) IS
    'Offer a retired plan again. Returns {message, data: {plan}}. Needs admin.subscription-plan.toggle. Errors: not_found.';

SELECT qutecart.route('GET /api/admin/plans', 'qutecart.list_plans', actor => 'admin');
SELECT qutecart.route('POST /api/admin/plans', 'qutecart.create_plan', actor => 'admin', status => 201);
SELECT qutecart.route('GET /api/admin/plans/{id}', 'qutecart.read_plan', actor => 'admin');
SELECT qutecart.route('PUT /api/admin/plans/{id}', 'qutecart.update_plan', actor => 'admin');
SELECT qutecart.route('POST /api/admin/plans/{id}/retire', 'qutecart.retire_plan', actor => 'admin');
SELECT qutecart.route('POST /api/admin/plans/{id}/restore', 'qutecart.restore_plan', actor => 'admin');
