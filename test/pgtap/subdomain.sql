-- test/pgtap/subdomain.sql
-- A shop chooses its name under the base domain.
\ir world/people.sql
\ir world/http.sql
\ir world/operators.sql
SELECT no_plan();
CREATE FUNCTION tests.name_of(shop bigint) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', t.subdomain, t.status, (SELECT d.domain FROM qutecart.domains d WHERE d.shop_id = t.shop_id AND d.kind = 'subdomain')) FROM qutecart.tenants t WHERE t.shop_id = shop $$;
CREATE FUNCTION tests.shown_at(host text) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', r ->> 'status', r #>> '{headers,x-shop-context}') FROM tests.tries('GET', '/api/products', 'host: ' || host || E'\n') r $$;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA tests TO PUBLIC;
SELECT qutecart.set_limit_override(:ann_shop, 'staff', 5, 'test') \g /dev/null
SELECT tests.does(:'ann', $$SELECT qutecart.add_staff('sam@test.example', 'Sam', '{shop.product.create}', password => 'correct horse') ->> 'message'$$) AS said \gset
SELECT tests.token_of('sam@test.example') AS sam \gset

-- Who may
SELECT is(tests.asks(token, sql), 'refused ' || said, what)
FROM (VALUES
    ('nobody chooses a name without a token', NULL, 'SELECT qutecart.choose_subdomain(''teas'')', 'QC401 unauthenticated: nobody is signed in'),
    ('nor an operator: it is the shop''s', :'rita', 'SELECT qutecart.choose_subdomain(''teas'')', 'QC404 no_shop: no shop associated with this user'),
    ('staff without the permission choose none', :'sam', 'SELECT qutecart.choose_subdomain(''teas'')', 'QC403 forbidden: permission "shop.profile.edit" is missing'),
    ('nor release one', :'sam', 'SELECT qutecart.release_subdomain()', 'QC403 forbidden: permission "shop.profile.edit" is missing'),
    ('nor ask for one', :'sam', 'SELECT qutecart.check_subdomain(''teas'')', 'QC403 forbidden: permission "shop.profile.index" is missing'),
    ('nor look', :'sam', 'SELECT qutecart.read_subdomain()', 'QC403 forbidden: permission "shop.profile.index" is missing'),
    ('on Free there is none to choose', :'ann', 'SELECT qutecart.choose_subdomain(''teas'')', 'QC403 forbidden: the shop''s plan includes no subdomain'),
    ('nor to release', :'ann', 'SELECT qutecart.release_subdomain()', 'QC404 not_found: the shop has no subdomain')
) t (what, token, sql, said);
SELECT is((tests.tries(m, '/api/seller/subdomain' || p, '', '{"name": "teas"}') ->> 'status'), '401', m || ' ' || p || ' needs a token') FROM (VALUES ('GET', ''), ('GET', '/availability?name=x'), ('PUT', ''), ('DELETE', '')) v (m, p);
SELECT is(tests.tries('GET', '/api/seller/subdomain', tests.bearer(:'ann')) #> '{body,data}', '{"subdomain": null, "unicode": null, "url": null, "status": "none", "reserved_until": null}', 'a shop on Free has none');

-- Asking
SELECT qutecart.set_subscription(:ann_shop, 'starter') AS ok \gset
SELECT qutecart.set_subscription(:bob_shop, 'growth') AS ok \gset
SELECT is(tests.asks(:'ann', format('SELECT concat_ws('' '', r #>> ''{data,verdict}'', r #>> ''{data,available}'', r #>> ''{data,subdomain}'', r ->> ''message'') FROM qutecart.check_subdomain(%L) r', name)), said, what)
FROM (VALUES
    ('a free name', 'teas', 'free true teas The name is free.'), ('in capitals', 'TeAs', 'free true teas The name is free.'), ('one''s own', 'shop-of-ann', 'yours true shop-of-ann The shop has this name.'),
    ('somebody else''s', 'shop-of-bob', 'taken false shop-of-bob The name is taken already.'), ('a reserved one', 'admin', 'reserved false admin The name is reserved.'), ('also in capitals', 'ADMIN', 'reserved false admin The name is reserved.'),
    ('two letters', 'ab', 'invalid false The name must have 3 to 32 characters.'), ('three', 'abc', 'free true abc The name is free.'), ('32', repeat('a', 32), 'free true ' || repeat('a', 32) || ' The name is free.'),
    ('33', repeat('a', 33), 'invalid false The name must have 3 to 32 characters.'),
    ('a hyphen in front', '-teas', 'invalid false The name must be of letters, digits and hyphens, which stand neither first nor last.'), ('a dot', 'a.teas', 'invalid false The name must be one name without dots.'),
    ('an underscore', 'my_teas', 'invalid false The name must be of letters, digits and hyphens, which stand neither first nor last.'), ('a blank', 'my teas', 'invalid false The name must be of letters, digits and hyphens, which stand neither first nor last.'),
    ('mixed scripts', 'teаs', 'invalid false The name mixes letters of different scripts.'), ('another alphabet that looks like ours', 'аррӏе', 'invalid false The name has letters that look like others.'),
    ('a reserved name in such letters', 'аdmin', 'invalid false The name mixes letters of different scripts.'), ('letters of one script', 'чай', 'free true xn--80as4b The name is free.'), ('accents', 'Café', 'free true xn--caf-dma The name is free.'),
    ('nothing', '', 'invalid false The name must be of letters, digits and hyphens, which stand neither first nor last.')) t (what, name, said);
SELECT matches(tests.asks(:'ann', format('SELECT qutecart.check_subdomain(%L) #>> ''{data,subdomain}''', repeat('ж', 32))), '^xn--[a-z0-9]{1,59}$', '32 characters of another script fit');
SELECT is(tests.asks(:'ann', 'SELECT qutecart.check_subdomain(NULL)'), 'refused QC422 validation_failed: The name field is required.', 'a name must be said');
SELECT is(r #> '{body,data}', '{"name": "Чай", "subdomain": "xn--80as4b", "unicode": "чай", "url": "https://xn--80as4b.qutekart.com", "available": true, "verdict": "free"}', 'over HTTP as well')
FROM tests.tries('GET', '/api/seller/subdomain/availability?name=%D0%A7%D0%B0%D0%B9', tests.bearer(:'ann')) r;

-- Choosing
SELECT is(tests.shown_at('shop-of-ann.qutekart.com'), '200 ' || :'ann_shop', 'the name that a plan begins with');
SELECT is(r ->> 'status' || ' ' || (r #>> '{body,data,url}'), '200 https://teas.qutekart.com', 'is replaced by a chosen one') FROM tests.sends('PUT', '/api/seller/subdomain', tests.bearer(:'ann', 'content-type: application/json'), '{"name": " Teas "}') r;
SELECT is(tests.name_of(:ann_shop), 'teas active teas.qutekart.com', 'in both tables');
SELECT is(tests.shown_at('teas.qutekart.com'), '200 ' || :'ann_shop', 'which shows the shop');
SELECT is(tests.shown_at('shop-of-ann.qutekart.com'), '404', 'the old one shows nothing');
SELECT is(tests.logged('subdomain.choose'), 'ann teas.qutekart.com {"to": "teas.qutekart.com", "from": "shop-of-ann.qutekart.com"}', 'the log has it');
SELECT is(tests.does(:'ann', 'SELECT qutecart.choose_subdomain(''teas'') ->> ''message'''), 'Subdomain chosen successfully', 'the same again');
SELECT is((SELECT count(*) FROM qutecart.audit_log WHERE action = 'subdomain.choose'), 1::bigint, 'is no change');
SELECT is(tests.does(:'bob', 'SELECT qutecart.choose_subdomain(''TEAS'')'), 'refused QC409 conflict: the name is taken already', 'nobody else has it');
SELECT is(tests.name_of(:bob_shop), 'shop-of-bob active shop-of-bob.qutekart.com', 'and keeps his own');
SELECT is(tests.does(:'bob', 'SELECT qutecart.choose_subdomain(''shop-of-ann'') ->> ''message'''), 'Subdomain chosen successfully', 'the old one is free at once');
SELECT is(tests.asks(:'ann', format('SELECT qutecart.choose_subdomain(%L)', name)), 'refused QC422 validation_failed: The name ' || said, 'it cannot be "' || name || '"')
FROM (VALUES ('www', 'is reserved.'), ('api', 'is reserved.'), ('qutekart', 'is reserved.'), ('ab', 'must have 3 to 32 characters.'), ('teаs', 'mixes letters of different scripts.'), ('a.b', 'must be one name without dots.')) t (name, said);
UPDATE qutecart.settings SET value = value || '["coffee"]' WHERE key = 'reserved_subdomains';
SELECT is(tests.asks(:'ann', 'SELECT qutecart.choose_subdomain(''Coffee'')'), 'refused QC422 validation_failed: The name is reserved.', 'the operator reserves names in the settings');
SELECT is(tests.does(:'ann', 'SELECT qutecart.choose_subdomain(''чай'') #>> ''{data,subdomain}'''), 'xn--80as4b', 'a name of another script is stored as DNS has it');
SELECT is(tests.shown_at('xn--80as4b.qutekart.com'), '200 ' || :'ann_shop', 'and shows the shop');

-- Releasing
SELECT is(tests.does(:'ann', 'SELECT qutecart.release_subdomain() ->> ''message'''), 'Subdomain released successfully', 'a name is given up');
SELECT is(tests.name_of(:ann_shop), 'active', 'the shop is without one');
SELECT is(tests.shown_at('xn--80as4b.qutekart.com'), '404', 'it shows nothing');
SELECT is(tests.does(:'ann', 'SELECT concat_ws('' '', c ->> ''has_subdomain'', c ->> ''subdomain_url'') FROM qutecart.current_subscription() c'), 'false', 'the subscription says so');
SELECT is(tests.logged('subdomain.release'), 'ann xn--80as4b.qutekart.com {}', 'the log too');
SELECT is(tests.does(:'bob', 'SELECT qutecart.choose_subdomain(''чай'') ->> ''message'''), 'Subdomain chosen successfully', 'others may have it at once');
SELECT is(qutecart.set_subscription(:ann_shop, 'growth'), true, 'another plan');
SELECT is(tests.name_of(:ann_shop), 'active', 'gives no name to who wants none');
SELECT is(tests.does(:'ann', 'SELECT qutecart.choose_subdomain(''teas'') ->> ''message'''), 'Subdomain chosen successfully', 'until he chooses one');

-- The plan ends
SELECT qutecart.set_subscription(:ann_shop, 'free') AS ok \gset
SELECT is(tests.name_of(:ann_shop), 'teas reserved teas.qutekart.com', 'with the plan the name is reserved');
SELECT is(tests.shown_at('teas.qutekart.com'), '404', 'and answers 404');
SELECT is(tests.does(:'ann', 'SELECT qutecart.choose_subdomain(''other'')'), 'refused QC403 forbidden: the shop''s plan includes no subdomain', 'it cannot be changed then');
SELECT is(tests.does(:'bob', 'SELECT qutecart.choose_subdomain(''teas'')'), 'refused QC409 conflict: the name is taken already', 'nor be had by others');
SELECT is(tests.tries('GET', '/api/seller/subdomain', tests.bearer(:'ann')) #>> '{body,data,status}', 'reserved', 'the shop is told');
SELECT is(qutecart.job_subscription_changes(now() + interval '30 days 1 minute'), 1::bigint, 'after 30 days');
SELECT is(tests.does(:'bob', 'SELECT qutecart.choose_subdomain(''teas'') ->> ''message'''), 'Subdomain chosen successfully', 'others may');
SELECT is(qutecart.comp_plan(:ann_shop, 'starter', now() + interval '5 days', 'x') ->> 'message', 'Plan given successfully', 'a plan that is given');
SELECT is(tests.does(:'ann', 'SELECT qutecart.choose_subdomain(''tea-time'') ->> ''message'''), 'Subdomain chosen successfully', 'has a name to choose as well');
SELECT throws_ok(format('INSERT INTO qutecart.domains (domain, shop_id, kind, verified_at) VALUES (%L, %s, %L, now())', 'teas.qutekart.com', :ann_shop, 'custom'), '23505', NULL, 'the key of the table holds whoever writes');
SELECT * FROM finish();
