-- sql/grants/functions.sql
-- Who may execute what; the list is complete but for the handlers of routes, which
-- install() grants to qutecart_api.  qutecart_client has the rights of qutecart_api.
GRANT EXECUTE ON FUNCTION
    qutecart.current_shop_id(), qutecart.current_user_id(), qutecart.current_customer_id(),
    qutecart.has_permission(text)
    TO qutecart_api, qutecart_bi;

GRANT EXECUTE ON FUNCTION
    qutecart.login(text, text), qutecart.enter(text, bigint, text), qutecart.logout(text),
    qutecart.whoami()
    TO qutecart_api;
GRANT EXECUTE ON FUNCTION qutecart.whoami() TO qutecart_bi;

GRANT EXECUTE ON FUNCTION qutecart.http(text, text, text, bytea, inet)
    TO qutecart_gateway, qutecart_api, qutecart_client;
GRANT EXECUTE ON FUNCTION
    qutecart.request_header(text), qutecart.reply_header(text, text), qutecart.reply_status(integer),
    qutecart.begin_command(text, text)
    TO qutecart_api;
GRANT EXECUTE ON FUNCTION qutecart.awaited(text[]), qutecart.flush() TO qutecart_gateway;

-- What pg_cron runs, and nothing else.
GRANT EXECUTE ON FUNCTION
    qutecart.job_monthly_reset(timestamptz), qutecart.job_media_expiry(timestamptz),
    qutecart.job_subscription_changes(timestamptz), qutecart.job_retention(timestamptz)
    TO qutecart_cron;

GRANT EXECUTE ON FUNCTION qutecart.usage(bigint) TO qutecart_bi;
GRANT EXECUTE ON FUNCTION
    qutecart.recount(bigint), qutecart.usage_audit(), qutecart.quota_entries(),
    qutecart.set_limit_override(bigint, text, bigint, text), qutecart.clear_limit_override(bigint, text),
    qutecart.plans_diff(text, boolean), qutecart.plans_apply(text, boolean, boolean)
    TO qutecart_api;

GRANT EXECUTE ON FUNCTION qutecart.import_products(text, boolean) TO qutecart_api;
