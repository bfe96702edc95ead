-- triggers/quota.sql
CREATE FUNCTION qutecart.tg_quota() RETURNS trigger
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_tg_quota';
COMMENT ON FUNCTION qutecart.tg_quota() IS
    'Trigger (metric): take units of the shop''s limit for rows that were made, give them back for rows that are gone; AFTER each row, and AFTER TRUNCATE. Raises plan_limit_reached (QC403).';
