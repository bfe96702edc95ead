-- triggers/plan_price.sql
CREATE FUNCTION qutecart.tg_plan_price() RETURNS trigger
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_tg_plan_price';
COMMENT ON FUNCTION qutecart.tg_plan_price() IS
    'Trigger of plans, before what Stripe knows of one changes: a price that is replaced moves to plan_prices with its id at Stripe, which the plan loses; needs_sync is set.';
