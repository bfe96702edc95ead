-- sql/views/granted_permissions.sql
CREATE OR REPLACE VIEW qutecart.granted_permissions WITH (security_invoker = true) AS
    SELECT m.user_id, m.shop_id, p.name
    FROM qutecart.shop_member_permissions m JOIN qutecart.permissions p ON p.id = m.permission_id
    UNION ALL
    SELECT u.user_id, NULL::bigint, p.name
    FROM qutecart.user_roles u
    JOIN qutecart.role_permissions r ON r.role_id = u.role_id
    JOIN qutecart.permissions p ON p.id = r.permission_id
    WHERE NOT EXISTS (SELECT FROM qutecart.user_permissions w
                      WHERE w.user_id = u.user_id AND w.permission_id = p.id AND NOT w.is_granted)
    UNION ALL
    SELECT w.user_id, NULL::bigint, p.name
    FROM qutecart.user_permissions w JOIN qutecart.permissions p ON p.id = w.permission_id
    WHERE w.is_granted;
COMMENT ON VIEW qutecart.granted_permissions IS
    'What staff (shop_id given) and admins (shop_id null) may do. Owners and root need no row here.';
