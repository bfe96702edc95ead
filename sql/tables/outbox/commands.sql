-- sql/tables/outbox/commands.sql
-- Requests whose answer comes from outside, after their transaction has ended.
CREATE TABLE qutecart.commands (
    shop_id      bigint NOT NULL REFERENCES qutecart.shops ON DELETE CASCADE,
    id           uuid NOT NULL DEFAULT gen_random_uuid(),
    kind         text NOT NULL CHECK (kind ~ '^[a-z]+\.[a-z_.]+$'),
    reply_status integer CHECK (reply_status BETWEEN 200 AND 599),
    reply_body   json,
    created_at   timestamptz NOT NULL DEFAULT now(),
    finished_at  timestamptz,
    PRIMARY KEY (shop_id, id),
    CONSTRAINT command_is_pending_or_done CHECK (num_nulls(reply_status, reply_body, finished_at) IN (0, 3))
);
CREATE INDEX commands_age ON qutecart.commands (created_at);
COMMENT ON TABLE qutecart.commands IS 'shop: a request that waits for an answer from outside; pending until it has a reply, which is what its client is answered. Kept for 30 days.';
ALTER TABLE qutecart.commands ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.commands FORCE ROW LEVEL SECURITY;
CREATE POLICY commands_of_shop ON qutecart.commands AS RESTRICTIVE
    USING (shop_id = qutecart.current_shop_id()) WITH CHECK (shop_id = qutecart.current_shop_id());
CREATE POLICY commands_read ON qutecart.commands FOR SELECT TO qutecart_api USING (true);
GRANT SELECT ON qutecart.commands TO qutecart_api;
CREATE TRIGGER t10_shop_is_fixed BEFORE UPDATE ON qutecart.commands FOR EACH ROW
    WHEN (old.shop_id <> new.shop_id) EXECUTE FUNCTION qutecart.tg_shop_is_fixed();
ALTER TABLE qutecart.commands ENABLE ALWAYS TRIGGER t10_shop_is_fixed;
