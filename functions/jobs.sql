-- functions/jobs.sql
-- What happens by the clock.  Each job may be called by hand with a given time, and
-- called twice it does nothing more.

CREATE FUNCTION qutecart.job_monthly_reset(at timestamptz DEFAULT now()) RETURNS bigint
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_job_monthly_reset';
COMMENT ON FUNCTION qutecart.job_monthly_reset(timestamptz) IS
    'Close the month before the one of "at" (UTC): write usage_history, note the reset at each shop, enqueue its usage report. Returns how many shops were reset. A missed run is made up for by the next.';

CREATE FUNCTION qutecart.job_media_expiry(at timestamptz DEFAULT now()) RETURNS bigint
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_job_media_expiry';
COMMENT ON FUNCTION qutecart.job_media_expiry(timestamptz) IS
    'Delete uploads that were not confirmed in time and give their bytes back to the shops. Returns how many there were.';

CREATE FUNCTION qutecart.job_subscription_changes(at timestamptz DEFAULT now()) RETURNS bigint
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_job_subscription_changes';
COMMENT ON FUNCTION qutecart.job_subscription_changes(timestamptz) IS
    'Let time do its part: pending plans start when their period begins, comps and contracts without Stripe end at their time, a shop whose grace is over loses its subdomain, a subdomain reserved for 30 days is released. Returns how many shops changed.';

CREATE FUNCTION qutecart.job_retention(at timestamptz DEFAULT now()) RETURNS bigint
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_job_retention';
COMMENT ON FUNCTION qutecart.job_retention(timestamptz) IS
    'Delete what need not be kept: expired sessions and one-time codes, idempotency keys after a day, commands after 30 days, finished Stripe events after 90 days (those of live subscriptions stay), domains that were not verified within 30 days, notices after 400 days, audit rows after the setting audit_log_days (730), the log of messages after outbox_log_days (30), failures of lanes that nothing was sent to for 60 days, run details of our own cron jobs after a week. Returns how many rows.';
