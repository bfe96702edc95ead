-- sql/tables/accounts/shop_members.sql
CREATE TABLE qutecart.shop_members (
    shop_id    bigint NOT NULL REFERENCES qutecart.shops ON DELETE CASCADE,
    user_id    bigint NOT NULL REFERENCES qutecart.users ON DELETE CASCADE,
    role       text NOT NULL CHECK (role IN ('owner', 'staff')),
    is_active  boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    accepted_at timestamptz DEFAULT now(),
    PRIMARY KEY (shop_id, user_id)
);
CREATE UNIQUE INDEX shop_has_one_owner ON qutecart.shop_members (shop_id) WHERE role = 'owner';
CREATE INDEX shop_members_user ON qutecart.shop_members (user_id);
COMMENT ON TABLE qutecart.shop_members IS 'shop: who may act for a shop. Staff rows take a unit of the staff limit; one without accepted_at is an invitation and gives no right. Written by functions.';
ALTER TABLE qutecart.shop_members ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.shop_members FORCE ROW LEVEL SECURITY;
CREATE POLICY shop_members_of_shop ON qutecart.shop_members AS RESTRICTIVE
    USING (shop_id = qutecart.current_shop_id()) WITH CHECK (shop_id = qutecart.current_shop_id());
CREATE POLICY shop_members_read ON qutecart.shop_members FOR SELECT TO qutecart_api, qutecart_bi USING (true);
GRANT SELECT ON qutecart.shop_members TO qutecart_api;
GRANT SELECT (shop_id, role) ON qutecart.shop_members TO qutecart_bi;
CREATE TRIGGER t10_shop_is_fixed BEFORE UPDATE ON qutecart.shop_members FOR EACH ROW
    WHEN (old.shop_id <> new.shop_id) EXECUTE FUNCTION qutecart.tg_shop_is_fixed();
CREATE TRIGGER t20_quota AFTER INSERT OR DELETE ON qutecart.shop_members FOR EACH ROW EXECUTE FUNCTION qutecart.tg_quota('staff');
CREATE TRIGGER t21_quota AFTER UPDATE ON qutecart.shop_members FOR EACH ROW
    WHEN (old.role <> new.role OR old.shop_id <> new.shop_id)
    EXECUTE FUNCTION qutecart.tg_quota('staff');
CREATE TRIGGER t22_quota AFTER TRUNCATE ON qutecart.shop_members EXECUTE FUNCTION qutecart.tg_quota('staff');
ALTER TABLE qutecart.shop_members ENABLE ALWAYS TRIGGER t10_shop_is_fixed;
ALTER TABLE qutecart.shop_members ENABLE ALWAYS TRIGGER t20_quota;
ALTER TABLE qutecart.shop_members ENABLE ALWAYS TRIGGER t21_quota;
ALTER TABLE qutecart.shop_members ENABLE ALWAYS TRIGGER t22_quota;

CREATE TABLE qutecart.shop_member_permissions (
    shop_id       bigint NOT NULL,
    user_id       bigint NOT NULL,
    permission_id integer NOT NULL REFERENCES qutecart.permissions ON DELETE CASCADE,
    PRIMARY KEY (shop_id, user_id, permission_id),
    FOREIGN KEY (shop_id, user_id) REFERENCES qutecart.shop_members ON DELETE CASCADE
);
CREATE INDEX shop_member_permissions_permission ON qutecart.shop_member_permissions (permission_id);
COMMENT ON TABLE qutecart.shop_member_permissions IS 'shop: what the owner lets a staff member do.';
ALTER TABLE qutecart.shop_member_permissions ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.shop_member_permissions FORCE ROW LEVEL SECURITY;
CREATE POLICY shop_member_permissions_of_shop ON qutecart.shop_member_permissions AS RESTRICTIVE
    USING (shop_id = qutecart.current_shop_id()) WITH CHECK (shop_id = qutecart.current_shop_id());
CREATE POLICY shop_member_permissions_read ON qutecart.shop_member_permissions FOR SELECT TO qutecart_api USING (true);
GRANT SELECT ON qutecart.shop_member_permissions TO qutecart_api;
CREATE TRIGGER t10_shop_is_fixed BEFORE UPDATE ON qutecart.shop_member_permissions FOR EACH ROW
    WHEN (old.shop_id <> new.shop_id) EXECUTE FUNCTION qutecart.tg_shop_is_fixed();
ALTER TABLE qutecart.shop_member_permissions ENABLE ALWAYS TRIGGER t10_shop_is_fixed;
