-- test/pgtap/accounts_enter.sql
-- Acting with a token: for whom, for which shop, and for how long.
\ir world/people.sql
SELECT no_plan();

SELECT tests.seller('ann') #>> '{access,token}' AS ann, tests.seller('bob') #>> '{access,token}' AS bob,
    tests.customer('carl') #>> '{access,token}' AS carl, tests.customer('rita') #>> '{access,token}' AS rita,
    tests.customer('alma') #>> '{access,token}' AS alma, tests.customer('dirk') #>> '{access,token}' AS dirk \gset
SELECT tests.shop_id('ann') AS ann_shop, tests.shop_id('bob') AS bob_shop \gset
INSERT INTO qutecart.user_roles (user_id, role_id)
SELECT tests.user_id(g.who), r.id FROM (VALUES ('rita', 'root'), ('alma', 'admin'), ('dirk', 'driver')) g (who, role)
JOIN qutecart.roles r ON r.name = g.role;
-- Ann works in Bob's shop as well.
INSERT INTO qutecart.limit_overrides (shop_id, metric, limit_value) VALUES (:bob_shop, 'staff', 1);
INSERT INTO qutecart.shop_members (shop_id, user_id, role) VALUES (:bob_shop, tests.user_id('ann'), 'staff');

CREATE FUNCTION tests.acts(token text, shop bigint DEFAULT NULL, act_as text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN r LIKE 'refused%' THEN r
        ELSE (r::json ->> 'actor') || coalesce(' of ' || (r::json ->> 'shop_name'), '') END
    FROM tests.asks(token, 'SELECT qutecart.whoami()', shop, act_as) r $$;

-- The wish, the shop and the answer
SELECT is(tests.acts(t.token, t.shop, t.act_as), t.answer, t.what)
FROM (VALUES
    ('an owner acts for his own shop', :'ann', NULL, NULL, 'owner of shop of ann'),
    ('and for it by its id', :'ann', :ann_shop, 'member', 'owner of shop of ann'),
    ('and for the shop he works in', :'ann', :bob_shop, NULL, 'staff of shop of bob'),
    ('and buys as a customer', :'ann', NULL, 'customer', 'customer'),
    ('a shop named by a customer is of no account', :'ann', :bob_shop, 'customer', 'customer'),
    ('an owner is no admin', :'ann', NULL, 'admin', 'refused QC403 forbidden: this account does not run the platform'),
    ('another shop is not found', :'bob', :ann_shop, NULL, 'refused QC404 not_found: shop not found'),
    ('just as one that does not exist', :'bob', 999999, NULL, 'refused QC404 not_found: shop not found'),
    ('nor is it as a member', :'bob', :ann_shop, 'member', 'refused QC404 not_found: shop not found'),
    ('a customer is a customer', :'carl', NULL, NULL, 'customer'),
    ('a customer has no shop', :'carl', NULL, 'member', 'refused QC404 no_shop: no shop associated with this user'),
    ('a customer cannot enter a shop', :'carl', :ann_shop, NULL, 'refused QC404 not_found: shop not found'),
    ('a customer is no admin', :'carl', NULL, 'admin', 'refused QC403 forbidden: this account does not run the platform'),
    ('root is root', :'rita', NULL, NULL, 'root'),
    ('root is so on purpose too', :'rita', NULL, 'admin', 'root'),
    ('root buys as a customer', :'rita', NULL, 'customer', 'customer'),
    ('root is no member of a shop', :'rita', :ann_shop, NULL, 'refused QC404 not_found: shop not found'),
    ('an admin is an admin', :'alma', NULL, NULL, 'admin'),
    ('a rider is a rider', :'dirk', NULL, NULL, 'rider'),
    ('a rider is no admin', :'dirk', NULL, 'admin', 'refused QC403 forbidden: this account does not run the platform'),
    ('a wish that does not exist is refused', :'ann', NULL, 'root', 'refused QC400 bad_request: cannot act as "root"'),
    ('a shop id of zero is refused', :'ann', 0, NULL, 'refused QC400 bad_request: shop id must be a positive integer'),
    ('a negative one too', :'ann', -1, NULL, 'refused QC400 bad_request: shop id must be a positive integer'),
    ('an empty token is refused', '', NULL, NULL, 'refused QC401 unauthenticated: token is not valid'),
    ('a forged token is refused', repeat('A', 40), NULL, NULL, 'refused QC401 unauthenticated: token is not valid'),
    ('a token with a letter more is refused', :'ann' || 'A', NULL, NULL, 'refused QC401 unauthenticated: token is not valid'),
    ('a token in other letters is refused', translate(:'ann', 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ',
        'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'), NULL, NULL, 'refused QC401 unauthenticated: token is not valid'),
    ('an endless token is refused', repeat('A', 100000), NULL, NULL, 'refused QC401 unauthenticated: token is not valid'),
    ('the stored hash is no token', (SELECT encode(token_hash, 'hex') FROM qutecart.sessions LIMIT 1), NULL, NULL,
        'refused QC401 unauthenticated: token is not valid')
) t (what, token, shop, act_as, answer);
SELECT is(tests.acts(NULL), 'nobody', 'without a token one is nobody');

-- What ends a token or a membership counts from the next transaction on
UPDATE qutecart.sessions SET expires_at = now() WHERE token_hash = sha256(convert_to(:'carl', 'UTF8'));
SELECT is(tests.acts(:'carl'), 'refused QC401 unauthenticated: token is not valid', 'an expired token is refused');
UPDATE qutecart.shop_members SET is_active = false WHERE shop_id = :bob_shop AND role = 'staff';
SELECT is(tests.acts(:'ann', :bob_shop), 'refused QC404 not_found: shop not found', 'a membership switched off opens nothing');
UPDATE qutecart.shop_members SET is_active = true, accepted_at = NULL WHERE shop_id = :bob_shop AND role = 'staff';
SELECT is(tests.acts(:'ann', :bob_shop), 'refused QC404 not_found: shop not found', 'nor does an invitation');
DELETE FROM qutecart.shop_members WHERE shop_id = :ann_shop;
SELECT is(tests.acts(:'ann'), 'customer', 'who has lost his shop is a customer');
INSERT INTO qutecart.shop_members (shop_id, user_id, role) VALUES (:ann_shop, tests.user_id('ann'), 'owner');

-- Once per transaction, and no longer than it
CREATE TEMP TABLE seen (what text, value text);
GRANT INSERT, SELECT ON seen TO PUBLIC;
BEGIN;
SET LOCAL SESSION AUTHORIZATION qutecart_client;
SELECT qutecart.enter(:'ann') \g /dev/null
INSERT INTO seen SELECT 'inside', qutecart.current_shop_id();
SELECT qutecart.enter(:'ann') \g /dev/null
INSERT INTO seen SELECT 'twice', qutecart.current_shop_id();
SAVEPOINT a;
ROLLBACK TO a;
INSERT INTO seen SELECT 'after an empty savepoint', qutecart.current_shop_id();
COMMIT;
INSERT INTO seen SELECT 'after commit', coalesce(qutecart.current_shop_id()::text, 'none');
BEGIN;
SAVEPOINT a;
SELECT qutecart.enter(:'ann') \g /dev/null
INSERT INTO seen SELECT 'in a savepoint', qutecart.current_shop_id();
RELEASE a;
INSERT INTO seen SELECT 'after release', qutecart.current_shop_id();
COMMIT AND CHAIN;
INSERT INTO seen SELECT 'after commit and chain', coalesce(qutecart.current_shop_id()::text, 'none');
COMMIT;
BEGIN;
SAVEPOINT a;
SELECT qutecart.enter(:'ann') \g /dev/null
ROLLBACK TO a;
INSERT INTO seen SELECT 'after rollback to', coalesce(qutecart.current_shop_id()::text, 'none');
SELECT qutecart.enter(:'bob') \g /dev/null
INSERT INTO seen SELECT 'another after rollback to', qutecart.current_shop_id();
COMMIT;
SELECT is((SELECT value FROM seen s WHERE s.what = t.what), t.wanted, 'the context ' || t.what || ' is ' ||
    CASE t.wanted WHEN 'none' THEN 'gone' ELSE 'there' END)
FROM (VALUES ('inside', :'ann_shop'), ('twice', :'ann_shop'), ('after an empty savepoint', :'ann_shop'), ('after commit', 'none'),
    ('in a savepoint', :'ann_shop'), ('after release', :'ann_shop'), ('after commit and chain', 'none'),
    ('after rollback to', 'none'), ('another after rollback to', :'bob_shop')) t (what, wanted);
SELECT is(tests.does(:'ann', format('SELECT qutecart.enter(%L)', :'bob')),
    'refused QC400 context_already_set: somebody else acts in this transaction already', 'nobody acts for two in one transaction');
SELECT is(tests.does(:'ann', format('SELECT qutecart.enter(%L, act_as => ''customer'')', :'ann')),
    'refused QC400 context_already_set: somebody else acts in this transaction already', 'nor in two capacities');
SELECT is(tests.does(:'ann', 'SELECT qutecart.logout()'), '{"message":"Logged out successfully!"}', 'a member signs out');
SELECT is(tests.acts(:'ann'), 'refused QC401 unauthenticated: token is not valid', 'and is out');

-- Reading takes no lock, writing keeps the membership
SELECT tests.token_of('bob@test.example') AS bob \gset
BEGIN READ ONLY;
SELECT qutecart.enter(:'bob') \g /dev/null
SELECT is(pg_current_xact_id_if_assigned(), NULL, 'a reader who acts for a shop writes nothing, not even a lock');
COMMIT;
BEGIN;
SELECT qutecart.enter(:'bob') \g /dev/null
SELECT isnt(pg_current_xact_id_if_assigned(), NULL, 'a writer keeps his membership locked');
COMMIT;
SELECT * FROM finish();
