-- triggers/subscription_state.sql
CREATE FUNCTION qutecart.tg_subscription_state() RETURNS trigger
    LANGUAGE c
    AS 'MODULE_PATHNAME', 'qc_tg_subscription_state';
COMMENT ON FUNCTION qutecart.tg_subscription_state() IS
    'Refuse (QC409, state_change_refused) every change of a subscription''s state or plan that does not come from Stripe''s events, qutecart.set_subscription() or a scheduled job, whoever makes it. Arguments: the columns that hold the shop''s id, the state and the plan.';
