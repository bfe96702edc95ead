-- triggers/event_payout.sql
CREATE FUNCTION qutecart.tg_event_payout() RETURNS trigger
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_tg_event_payout';
COMMENT ON FUNCTION qutecart.tg_event_payout() IS
    'Trigger of payouts: payout.created, payout.paid and payout.failed for the shop''s webhooks.';
