-- functions/payouts.sql
-- Money that the platform sends to shops, for operators.

CREATE FUNCTION qutecart.create_payout(shop bigint, amount numeric, currency text DEFAULT NULL, reference text DEFAULT NULL) RETURNS bigint
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_create_payout';
COMMENT ON FUNCTION qutecart.create_payout(bigint, numeric, text, text) IS
    'Note that money is on its way to a shop; returns the payout''s id. currency: ISO 4217, NULL = the shop''s. reference: of the bank transfer. The shop''s webhooks are told (payout.created). For operators. Errors: not_found, validation_failed.';

CREATE FUNCTION qutecart.settle_payout(shop bigint, payout bigint, status text, reason text DEFAULT NULL, reference text DEFAULT NULL) RETURNS void
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_settle_payout';
COMMENT ON FUNCTION qutecart.settle_payout(bigint, bigint, text, text, text) IS
    'Note that a payout has arrived (status: paid) or not (failed, with a reason); once. The shop''s webhooks are told (payout.paid, payout.failed). For operators. Errors: not_found, validation_failed, conflict.';
