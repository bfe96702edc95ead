-- sql/tables/billing/notices.sql
-- What a shop was told of already, so that two events about one thing make one mail.
CREATE TABLE qutecart.notices (
    shop_id    bigint NOT NULL REFERENCES qutecart.shops ON DELETE CASCADE,
    kind       text NOT NULL,
    object     text NOT NULL,
    version    text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (shop_id, kind, object, version)
);
CREATE INDEX notices_age ON qutecart.notices (created_at);
COMMENT ON TABLE qutecart.notices IS 'shop: notices that were sent, each kind once per object and version. Written by functions.';
ALTER TABLE qutecart.notices ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.notices FORCE ROW LEVEL SECURITY;
CREATE POLICY notices_of_shop ON qutecart.notices AS RESTRICTIVE
    USING (shop_id = qutecart.current_shop_id()) WITH CHECK (shop_id = qutecart.current_shop_id());
CREATE TRIGGER t10_shop_is_fixed BEFORE UPDATE ON qutecart.notices FOR EACH ROW
    WHEN (old.shop_id <> new.shop_id) EXECUTE FUNCTION qutecart.tg_shop_is_fixed();
ALTER TABLE qutecart.notices ENABLE ALWAYS TRIGGER t10_shop_is_fixed;
