-- test/pgtap/world/operators.sql
-- Who runs the platform.  Include it after people.sql (and http.sql).
--
-- Rita is root, Olga an admin who is granted what a test grants her, Ida an admin with
-- nothing; Ann and Bob sell.
--
--   :rita, :olga, :ida, :ann, :bob   their tokens; :ann_shop, :bob_shop
--   tests.grant(permission, …)       grant Olga exactly these
--   tests.logged(action)             who did that last, to what, as "who object details"
SELECT tests.seller('ann') #>> '{access,token}' AS ann, tests.seller('bob') #>> '{access,token}' AS bob,
    tests.customer('rita') IS NOT NULL AND tests.customer('olga') IS NOT NULL AND tests.customer('ida') IS NOT NULL AS made \gset
SELECT tests.shop_id('ann') AS ann_shop, tests.shop_id('bob') AS bob_shop \gset
INSERT INTO qutecart.user_roles (user_id, role_id)
SELECT tests.user_id(who), r.id FROM (VALUES ('rita', 'root'), ('olga', 'admin'), ('ida', 'admin')) v (who, role)
JOIN qutecart.roles r ON r.name = v.role;
SELECT tests.token_of('rita@test.example') AS rita, tests.token_of('olga@test.example') AS olga, tests.token_of('ida@test.example') AS ida \gset

CREATE FUNCTION tests.grant(VARIADIC permissions text[]) RETURNS bigint LANGUAGE sql AS $$
    DELETE FROM qutecart.user_permissions WHERE user_id = tests.user_id('olga');
    WITH granted AS (INSERT INTO qutecart.user_permissions (user_id, permission_id, is_granted)
        SELECT tests.user_id('olga'), p.id, true FROM qutecart.permissions p WHERE p.name = ANY (permissions) RETURNING 1)
    SELECT count(*) FROM granted $$;
CREATE FUNCTION tests.logged(what text) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', coalesce(split_part(u.email, '@', 1), a.actor), a.object, a.details::text)
    FROM qutecart.audit_log a LEFT JOIN qutecart.users u ON u.id = a.user_id WHERE a.action = what ORDER BY a.id DESC LIMIT 1 $$;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA tests TO PUBLIC;
