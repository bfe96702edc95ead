-- sql/tables/outbox/outbox_log.sql
-- What became of each attempt to send a message.  The row that ends a message keeps its
-- payload, which nobody is granted: it is there to be sent again.
CREATE TABLE qutecart.outbox_log (
    shop_id     bigint NOT NULL,
    id          bigint GENERATED ALWAYS AS IDENTITY,
    message_id  bigint NOT NULL,
    public_id   uuid NOT NULL,
    kind        text NOT NULL,
    endpoint_id bigint NOT NULL,
    lane        bigint NOT NULL,
    key         text NOT NULL,
    attempt     integer NOT NULL CHECK (attempt >= 0),
    outcome     text NOT NULL CHECK (outcome IN ('delivered', 'retry', 'dead')),
    status      integer,
    reason      text,
    response    text CHECK (octet_length(response) <= 1024),
    duration_ms integer CHECK (duration_ms >= 0),
    payload     jsonb,
    replayed_at timestamptz,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (shop_id, id)
);
CREATE INDEX outbox_log_message ON qutecart.outbox_log (message_id);
CREATE INDEX outbox_log_age ON qutecart.outbox_log (created_at);
CREATE INDEX outbox_log_dead ON qutecart.outbox_log (created_at) WHERE outcome = 'dead';
CREATE INDEX outbox_log_endpoint ON qutecart.outbox_log (shop_id, endpoint_id, id) WHERE endpoint_id > 0;
COMMENT ON TABLE qutecart.outbox_log IS
    'shop: attempts to send a message, one row each; shop_id 0 = the platform''s own. outcome: delivered, retry (another attempt follows) or dead (given up); attempt counts from 1, 0 = given up untried; status: of HTTP or SMTP; response: its first 1024 bytes at most. No foreign keys: it outlives what it tells of. Written by functions.';
ALTER TABLE qutecart.outbox_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.outbox_log FORCE ROW LEVEL SECURITY;
CREATE POLICY outbox_log_of_shop ON qutecart.outbox_log AS RESTRICTIVE
    USING (shop_id = qutecart.current_shop_id()) WITH CHECK (shop_id = qutecart.current_shop_id());
CREATE POLICY outbox_log_read ON qutecart.outbox_log FOR SELECT TO qutecart_api, qutecart_bi USING (true);
GRANT SELECT (shop_id, id, message_id, public_id, kind, endpoint_id, key, attempt, outcome, status, reason, response,
    duration_ms, replayed_at, created_at) ON qutecart.outbox_log TO qutecart_api, qutecart_bi;
CREATE TRIGGER t10_shop_is_fixed BEFORE UPDATE ON qutecart.outbox_log FOR EACH ROW
    WHEN (old.shop_id <> new.shop_id) EXECUTE FUNCTION qutecart.tg_shop_is_fixed();
ALTER TABLE qutecart.outbox_log ENABLE ALWAYS TRIGGER t10_shop_is_fixed;
