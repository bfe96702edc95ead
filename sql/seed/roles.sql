-- sql/seed/roles.sql
-- The six roles.  No grant is preset: root passes every check, the owner of a shop
-- every "shop.*" check of that shop, and both without a row; admins, visitors and staff
-- start with nothing until somebody grants it; customers and riders need no permission.
INSERT INTO qutecart.roles (name, title)
SELECT r.name, r.title
FROM (VALUES
    ('root', 'Owner of the platform'),
    ('admin', 'Staff of the platform'),
    ('shop', 'Owner of a shop'),
    ('customer', 'Customer'),
    ('visitor', 'Visitor of the panel'),
    ('driver', 'Rider')
) r (name, title)
WHERE NOT EXISTS (SELECT FROM qutecart.roles k WHERE k.name = r.name);
