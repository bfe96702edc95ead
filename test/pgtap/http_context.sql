-- test/pgtap/http_context.sql
-- Which shop a request is about, and for which it may act: every source, every value, everybody.
\ir world/people.sql
\ir world/http.sql
SELECT no_plan();

SELECT tests.seller('ann') #>> '{access,token}' AS ann, tests.seller('bob') #>> '{access,token}' AS bob,
    tests.seller('eve') #>> '{access,token}' AS eve, tests.customer('carl') #>> '{access,token}' AS carl \gset
SELECT tests.shop_id('ann') AS ann_shop, tests.shop_id('bob') AS bob_shop, tests.shop_id('eve') AS eve_shop \gset
INSERT INTO qutecart.tenants (shop_id, subdomain, status, reserved_until) VALUES
    (:ann_shop, 'ann-shop', 'active', NULL), (:bob_shop, 'bob-shop', 'active', NULL),
    (:eve_shop, 'eve-shop', 'reserved', now() + interval '30 days');
INSERT INTO qutecart.domains (domain, shop_id, kind, verified_at) VALUES
    ('ann-shop.qutekart.com', :ann_shop, 'subdomain', now()), ('bob-shop.qutekart.com', :bob_shop, 'subdomain', now()),
    ('eve-shop.qutekart.com', :eve_shop, 'subdomain', now()), ('ann.example', :ann_shop, 'custom', now()),
    ('bob.example', :bob_shop, 'custom', now()), ('new.example', :ann_shop, 'custom', NULL);
INSERT INTO qutecart.comps (shop_id, plan_id, reason, ends_at) -- custom domains are of the plan Growth
    SELECT shop, p.id, 'test', now() + interval '1 day' FROM unnest(ARRAY[:ann_shop, :bob_shop]) shop, qutecart.plans p WHERE p.slug = 'growth';

-- What is shown, and for whom one acts
CREATE FUNCTION tests.shown(shown bigint) RETURNS json LANGUAGE sql AS
    $$SELECT json_build_object('shown', shown, 'acts_for', qutecart.current_shop_id())$$;
SELECT qutecart.route(r.endpoint, 'tests.shown', actor => r.actor, bind => '{"shown": "context"}')
FROM (VALUES ('GET /api/t/shown', 'anyone'), ('POST /api/t/shown', 'anyone'),
             ('GET /api/t/mine', 'member'), ('POST /api/t/mine', 'member')) r (endpoint, actor) \g /dev/null

CREATE TEMP TABLE people AS SELECT * FROM (VALUES
    ('anonymous', NULL, NULL::bigint), ('customer', :'carl', NULL), ('member', :'ann', :ann_shop), ('stranger', :'bob', :bob_shop)
    ) p (who, token, own_shop);

-- One request per source and value: the host, a further header line, the query, the body.
CREATE TEMP TABLE asked AS
SELECT s.source, v.value,
    CASE WHEN s.source = 'subdomain' THEN v.name || '.qutekart.com' WHEN s.source = 'custom domain' THEN v.name || '.example'
        ELSE 'qutekart.com' END AS host,
    s.source IN ('subdomain', 'custom domain') AS is_host, s.source = 'header' AS is_header, v.id, v.times
FROM (VALUES ('subdomain'), ('custom domain'), ('header'), ('query'), ('body')) s (source)
CROSS JOIN LATERAL (VALUES
    ('valid', CASE s.source WHEN 'subdomain' THEN 'ann-shop' ELSE 'ann' END, :'ann_shop', 1),
    ('foreign', CASE s.source WHEN 'subdomain' THEN 'bob-shop' ELSE 'bob' END, :'bob_shop', 1),
    ('unknown', 'nobody', '999999', 1),
    ('twice', CASE s.source WHEN 'subdomain' THEN 'ann-shop' ELSE 'ann' END, :'ann_shop', 2),
    ('not a number', 'a_b', 'abc', 1)) v (value, name, id, times)
UNION ALL
SELECT 'nothing', 'absent', 'qutekart.com', true, false, NULL, 1;

CREATE TEMP TABLE requests AS
SELECT a.source, a.value, p.who, p.own_shop, r.route,
    CASE a.source WHEN 'body' THEN 'POST' ELSE 'GET' END AS method,
    '/api/t/' || r.route || CASE WHEN a.source = 'query' THEN '?' || rtrim(repeat('shop_id=' || a.id || '&', a.times), '&') ELSE '' END AS target,
    tests.bearer(p.token, repeat('host: ' || a.host || E'\n', CASE WHEN a.is_host THEN a.times ELSE 1 END)
        || CASE WHEN a.is_header THEN repeat('x-shop-id: ' || a.id || E'\n', a.times) ELSE '' END
        || CASE WHEN a.source = 'body' THEN E'content-type: application/x-www-form-urlencoded\n' ELSE '' END) AS headers,
    CASE WHEN a.source = 'body' THEN rtrim(repeat('shop_id=' || a.id || '&', a.times), '&') END AS body
FROM asked a CROSS JOIN people p CROSS JOIN (VALUES ('shown'), ('mine')) r (route);

-- What is wanted, by rule.  A public route shows what was asked for, to everybody alike …
CREATE TEMP TABLE wanted AS
SELECT q.*, w.status, w.shown FROM requests q JOIN LATERAL (SELECT * FROM (VALUES
    ('shown', 'valid', 200, :ann_shop::bigint), ('shown', 'foreign', 200, :bob_shop), ('shown', 'absent', 200, q.own_shop),
    ('shown', 'unknown', CASE WHEN q.source IN ('subdomain', 'custom domain') THEN 404 ELSE 200 END,
        CASE WHEN q.source IN ('subdomain', 'custom domain') THEN NULL ELSE 999999 END),
    ('shown', 'twice', 400, NULL),
    ('shown', 'not a number', CASE WHEN q.source IN ('subdomain', 'custom domain') THEN 404 ELSE 400 END, NULL),
-- … a member's route takes a membership of that very shop, and tells nobody which shops there are.
    ('mine', 'valid', CASE q.who WHEN 'member' THEN 200 ELSE 404 END, CASE q.who WHEN 'member' THEN :ann_shop END),
    ('mine', 'foreign', CASE q.who WHEN 'stranger' THEN 200 ELSE 404 END, CASE q.who WHEN 'stranger' THEN :bob_shop END),
    ('mine', 'absent', CASE WHEN q.own_shop IS NULL THEN 404 ELSE 200 END, q.own_shop),
    ('mine', 'unknown', 404, NULL), ('mine', 'twice', 400, NULL),
    ('mine', 'not a number', CASE WHEN q.source IN ('subdomain', 'custom domain') THEN 404 ELSE 400 END, NULL)
    ) w (route, value, status, shown)) w ON w.route = q.route AND w.value = q.value;
-- Without a token nothing of a member's route is looked at; a header given twice is refused before all else.
UPDATE wanted SET status = 401, shown = NULL
WHERE route = 'mine' AND who = 'anonymous' AND NOT (value = 'twice' AND source IN ('subdomain', 'custom domain', 'header'));

CREATE TEMP TABLE got AS
SELECT w.*, tests.tries(w.method, w.target, w.headers, w.body) AS reply FROM wanted w;
SELECT is((g.reply ->> 'status') || ' shows ' || coalesce(g.reply #>> '{body,shown}', 'nothing'),
    g.status || ' shows ' || coalesce(g.shown::text, 'nothing'),
    format('%s %s: %s, %s asks for what %s', g.source, g.value, g.who, CASE g.method WHEN 'GET' THEN 'who reads,' ELSE 'who writes,' END,
        CASE g.route WHEN 'shown' THEN 'is public' ELSE 'is his shop''s' END))
FROM got g ORDER BY g.route, g.source, g.value, g.who;
SELECT is(count(*)::integer, 208, 'every source, value, person and route was asked') FROM got;

SELECT is((SELECT count(*)::integer FROM got WHERE route = 'mine' AND status = 200 AND reply #>> '{body,acts_for}' IS DISTINCT FROM shown::text), 0,
    'whoever acts for a shop acts for the one that is shown');
SELECT is((SELECT count(DISTINCT reply -> 'body')::integer FROM got
        WHERE route = 'mine' AND who = 'stranger' AND value IN ('valid', 'unknown') AND source IN ('header', 'query', 'body')), 1,
    'T16 a foreign shop and one that does not exist get the same answer');
SELECT is((SELECT count(*)::integer FROM got WHERE route = 'mine' AND reply #> '{headers,x-shop-context}' IS NOT NULL), 0,
    'a private reply carries no X-Shop-Context');
SELECT is((SELECT count(*)::integer FROM got WHERE route = 'shown' AND status = 200 AND source <> 'nothing'
        AND reply #>> '{headers,x-shop-context}' IS DISTINCT FROM shown::text), 0,
    'a public reply carries the X-Shop-Context that was asked for');
SELECT is((SELECT count(*)::integer FROM got WHERE source = 'nothing' AND reply #> '{headers,x-shop-context}' IS NOT NULL), 0,
    'the shop that a token led to is not told in a header');
SELECT is((SELECT count(*)::integer FROM got WHERE (who <> 'anonymous' OR source = 'header' OR route = 'mine' OR status >= 400)
        AND reply #>> '{headers,cache-control}' <> 'private, no-store'), 0,
    'H25 no cache keeps what a token or X-Shop-ID had a part in');
SELECT is((SELECT count(*)::integer FROM got WHERE who = 'anonymous' AND method = 'GET' AND status = 200 AND source <> 'header'
        AND reply #>> '{headers,cache-control}' <> 'no-cache'), 0,
    'what everybody may see may be kept');
SELECT is((SELECT array_agg(DISTINCT reply #>> '{headers,vary}') FROM got WHERE status = 200 AND source IN ('subdomain', 'custom domain')),
    '{"Host, Authorization"}', 'H25 where the host chose, Vary names the host');
SELECT is((SELECT array_agg(DISTINCT reply #>> '{headers,vary}') FROM got WHERE status = 200 AND source NOT IN ('subdomain', 'custom domain')),
    '{"Host, X-Shop-ID, Authorization"}', 'H25 where it did not, Vary names X-Shop-ID too');
SELECT is((SELECT array_agg(DISTINCT reply #>> '{headers,x-tenant-subdomain}') FROM got WHERE route = 'shown' AND status = 200 AND source = 'subdomain' AND value = 'valid'),
    '{ann-shop}', 'a storefront says its name');

-- Several sources at once: the first one wins, and a lower one is not even read
SELECT is((r ->> 'status') || ' shows ' || coalesce(r #>> '{body,shown}', 'nothing'), t.wanted, t.what)
FROM (VALUES
    ('T1.5a the subdomain wins over the query', 'ann-shop.qutekart.com', '', '?shop_id=' || :'bob_shop', '200 shows ' || :'ann_shop'),
    ('T7.3 the subdomain wins over the header', 'ann-shop.qutekart.com', 'x-shop-id: 999', '', '200 shows ' || :'ann_shop'),
    ('T1.5b the header wins over the query', 'qutekart.com', 'x-shop-id: ' || :'bob_shop', '?shop_id=' || :'ann_shop', '200 shows ' || :'bob_shop'),
    ('a lower source that is no number is not read', 'ann-shop.qutekart.com', 'x-shop-id: abc', '?shop_id=abc', '200 shows ' || :'ann_shop'),
    ('a query that is no number is not read below a header', 'qutekart.com', 'x-shop-id: 7', '?shop_id=abc', '200 shows 7'),
    ('H15 a parameter given twice is refused even where it is not read', 'ann-shop.qutekart.com', '', '?shop_id=1&shop_id=1', '400 shows nothing'),
    ('an unknown subdomain never falls through to the query', 'nobody.qutekart.com', '', '?shop_id=' || :'ann_shop', '404 shows nothing'),
    ('an unknown subdomain never falls through to the header', 'nobody.qutekart.com', 'x-shop-id: ' || :'ann_shop', '', '404 shows nothing'),
    ('an empty header is no source', 'qutekart.com', 'x-shop-id:', '?shop_id=7', '200 shows 7'),
    ('an empty parameter is no source', 'qutekart.com', '', '?shop_id=', '200 shows nothing'),
    ('a bare parameter is no source', 'qutekart.com', '', '?shop_id', '200 shows nothing'),
    ('nought is no shop', 'qutekart.com', 'x-shop-id: 0', '', '400 shows nothing'),
    ('a negative number is no shop', 'qutekart.com', '', '?shop_id=-1', '400 shows nothing'),
    ('a fraction is no shop', 'qutekart.com', '', '?shop_id=1.5', '400 shows nothing'),
    ('an endless number is no shop', 'qutekart.com', '', '?shop_id=99999999999999999999', '400 shows nothing')
) t (what, host, header, query, wanted)
CROSS JOIN LATERAL tests.tries('GET', '/api/t/shown' || t.query, 'host: ' || t.host || E'\n' || t.header || E'\n') r;
SELECT is(tests.tries('POST', '/api/t/shown?shop_id=1', E'content-type: application/json\n', '{"shop_id": 1}') ->> 'status', '400',
    'H15 a shop named in the query and in the body is named twice');
SELECT is(tests.tries('POST', '/api/t/shown', E'content-type: application/json\n', '{"shop_id": "7"}') #>> '{body,shown}', '7',
    'a JSON body names the shop');
SELECT is(tests.tries('GET', '/api/t/shown', E'content-type: application/json\n', '{"shop_id": 7}') #>> '{body,shown}', NULL,
    'the body of a GET names nothing');
SELECT is(tests.tries('GET', '/api/t/shown', tests.bearer(:'ann', 'x-shop-id: ' || :'bob_shop')) #>> '{body,shown}', :'bob_shop',
    'what a member asks to see wins over his own shop');
SELECT is(tests.tries('GET', '/api/t/shown', tests.bearer(:'ann', 'x-shop-id: ' || :'bob_shop')) #>> '{body,acts_for}', :'ann_shop',
    'H17 and gives him no right there');

-- Hosts
SELECT is((r ->> 'status') || ' shows ' || coalesce(r #>> '{body,shown}', 'nothing'), t.wanted, t.what)
FROM (VALUES
    ('H16 case, port and final dot of a host do not count', 'host: ANN-shop.QuteKart.com.:8080', '200 shows ' || :'ann_shop'),
    ('H16 a name below a subdomain is refused', 'host: a.ann-shop.qutekart.com', '404 shows nothing'),
    ('H16 userinfo is refused', 'host: x@ann-shop.qutekart.com', '400 shows nothing'),
    ('H16 two hosts in one header are refused', 'host: qutekart.com, evil.example', '400 shows nothing'),
    ('H16 a name that only ends like ours is another''s', 'host: evilqutekart.com', '404 shows nothing'),
    ('a reserved subdomain answers nothing', 'host: eve-shop.qutekart.com', '404 shows nothing'),
    ('a custom domain answers nothing before it is verified', 'host: new.example', '404 shows nothing'),
    ('www is the marketplace', 'host: www.qutekart.com', '200 shows nothing'),
    ('a central domain is the marketplace', 'host: localhost:8080', '200 shows nothing'),
    ('without a host there is the marketplace', 'accept: */*', '200 shows nothing'),
    ('H16 X-Forwarded-Host of a stranger does not count', E'host: qutekart.com\nx-forwarded-host: ann-shop.qutekart.com', '200 shows nothing')
) t (what, headers, wanted)
CROSS JOIN LATERAL tests.tries('GET', '/api/t/shown', t.headers) r;

-- Behind a proxy of ours
SET qutecart.trusted_proxies = '10.0.0.0/8, fd00::/8';
SELECT is(tests.tries('GET', '/api/t/shown', E'host: internal\nx-forwarded-host: ann-shop.qutekart.com', NULL, '10.1.2.3') #>> '{headers,x-tenant-subdomain}',
    'ann-shop', 'X-Forwarded-Host of our own proxy counts');
SELECT is(tests.tries('GET', '/api/t/shown', E'host: internal\nx-forwarded-host: ann-shop.qutekart.com', NULL, '10.1.2.3') #>> '{headers,vary}',
    'Host, X-Forwarded-Host, Authorization', 'and Vary names it');
SELECT is(tests.tries('GET', '/api/t/shown', E'host: qutekart.com\nx-forwarded-host: ann-shop.qutekart.com', NULL, '11.1.2.3') #>> '{headers,x-tenant-subdomain}',
    NULL, 'H16 that of another address still does not');
CREATE FUNCTION tests.client(peer inet) RETURNS json LANGUAGE sql AS $$SELECT to_json(host(peer))$$;
SELECT qutecart.route('GET /api/t/client', 'tests.client', bind => '{"peer": "peer"}') \g /dev/null
SELECT is(tests.tries('GET', '/api/t/client', 'x-forwarded-for: 1.1.1.1, 203.0.113.9, 10.0.0.2', NULL, '10.1.2.3') ->> 'body', '203.0.113.9',
    'the client is the last address that is no proxy of ours');
SELECT is(tests.tries('GET', '/api/t/client', 'x-forwarded-for: 1.1.1.1', NULL, '11.1.2.3') ->> 'body', '11.1.2.3',
    'what a stranger says of himself does not count');
SELECT * FROM finish();
