-- sql/tables/media/media.sql
-- A file's life: reserved with a declared size, confirmed with the real one, or
-- expired.  Its bytes count from the reservation on.
CREATE TABLE qutecart.media (
    shop_id       bigint NOT NULL REFERENCES qutecart.shops ON DELETE CASCADE,
    id            bigint GENERATED ALWAYS AS IDENTITY,
    status        text NOT NULL DEFAULT 'reserved' CHECK (status IN ('reserved', 'confirmed')),
    bytes         bigint NOT NULL CONSTRAINT media_size_is_positive CHECK (bytes > 0),
    object_key    text NOT NULL CHECK (object_key <> ''),
    mime_type     text NOT NULL CHECK (mime_type ~ '^[a-z]+/[a-z0-9.+-]+$'),
    original_name text NOT NULL CHECK (length(original_name) <= 255),
    type          text NOT NULL DEFAULT 'image',
    width         integer CHECK (width > 0),
    height        integer CHECK (height > 0),
    uploaded_by   bigint REFERENCES qutecart.users ON DELETE SET NULL,
    expires_at    timestamptz,
    confirmed_at  timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (shop_id, id),
    CONSTRAINT media_key_is_unique UNIQUE (shop_id, object_key),
    CHECK ((status = 'reserved') = (expires_at IS NOT NULL)),
    CHECK ((status = 'confirmed') = (confirmed_at IS NOT NULL))
);
CREATE INDEX media_expiry ON qutecart.media (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX media_uploader ON qutecart.media (uploaded_by);
COMMENT ON TABLE qutecart.media IS 'shop: files of a shop; bytes is the declared size while reserved, the real one once confirmed. Written by functions.';
ALTER TABLE qutecart.media ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.media FORCE ROW LEVEL SECURITY;
CREATE POLICY media_of_shop ON qutecart.media AS RESTRICTIVE
    USING (shop_id = qutecart.current_shop_id()) WITH CHECK (shop_id = qutecart.current_shop_id());
CREATE POLICY media_read ON qutecart.media FOR SELECT TO qutecart_api, qutecart_bi USING (true);
GRANT SELECT ON qutecart.media TO qutecart_api, qutecart_bi;
CREATE TRIGGER t10_shop_is_fixed BEFORE UPDATE ON qutecart.media FOR EACH ROW
    WHEN (old.shop_id <> new.shop_id) EXECUTE FUNCTION qutecart.tg_shop_is_fixed();
CREATE TRIGGER t20_quota AFTER INSERT OR DELETE ON qutecart.media FOR EACH ROW EXECUTE FUNCTION qutecart.tg_quota('storage');
CREATE TRIGGER t21_quota AFTER UPDATE ON qutecart.media FOR EACH ROW
    WHEN (old.bytes <> new.bytes OR old.shop_id <> new.shop_id)
    EXECUTE FUNCTION qutecart.tg_quota('storage');
CREATE TRIGGER t22_quota AFTER TRUNCATE ON qutecart.media EXECUTE FUNCTION qutecart.tg_quota('storage');
ALTER TABLE qutecart.media ENABLE ALWAYS TRIGGER t10_shop_is_fixed;
ALTER TABLE qutecart.media ENABLE ALWAYS TRIGGER t20_quota;
ALTER TABLE qutecart.media ENABLE ALWAYS TRIGGER t21_quota;
ALTER TABLE qutecart.media ENABLE ALWAYS TRIGGER t22_quota;
