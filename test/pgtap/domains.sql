-- test/pgtap/domains.sql
-- A shop's own domain: claimed by any, had by the one that publishes its token.
\ir world/people.sql
\ir world/http.sql
\ir world/operators.sql
SELECT no_plan();
CREATE FUNCTION tests.shown_at(host text) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', r ->> 'status', r #>> '{headers,x-shop-context}') FROM tests.tries('GET', '/api/products', 'host: ' || host || E'\n') r $$;
CREATE FUNCTION tests.token(shop bigint, domain text) RETURNS text LANGUAGE sql AS $$SELECT c.token FROM qutecart.domain_claims c WHERE c.shop_id = $1 AND c.domain = $2$$;
CREATE FUNCTION tests.claim(shop bigint, domain text) RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN c.verified_at IS NULL THEN 'pending' ELSE 'verified' END || coalesce(': ' || c.problem, '') FROM qutecart.domain_claims c WHERE c.shop_id = $1 AND c.domain = $2 $$;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA tests TO PUBLIC;
SELECT qutecart.set_limit_override(:ann_shop, 'staff', 5, 'test') \g /dev/null
SELECT tests.does(:'ann', $$SELECT qutecart.add_staff('sam@test.example', 'Sam', '{shop.product.create}', password => 'correct horse') ->> 'message'$$) AS said \gset
SELECT tests.token_of('sam@test.example') AS sam \gset

-- Who may
SELECT is(tests.asks(token, sql), 'refused ' || said, what || ': ' || sql)
FROM (VALUES ('without a token', NULL, 'QC401 unauthenticated: nobody is signed in'), ('an operator', :'rita', 'QC404 no_shop: no shop associated with this user')) w (what, token, said),
    (VALUES ('SELECT qutecart.list_domains()'), ('SELECT qutecart.add_domain(''teas.example'')'), ('SELECT qutecart.verify_domain(''teas.example'')'), ('SELECT qutecart.remove_domain(''teas.example'')')) s (sql);
SELECT is(tests.asks(:'sam', sql), 'refused QC403 forbidden: permission "shop.profile.' || p || '" is missing', 'staff without the permission: ' || sql)
FROM (VALUES ('SELECT qutecart.list_domains()', 'index'), ('SELECT qutecart.add_domain(''teas.example'')', 'edit'), ('SELECT qutecart.verify_domain(''teas.example'')', 'edit'), ('SELECT qutecart.remove_domain(''teas.example'')', 'edit')) s (sql, p);
SELECT is((tests.tries(m, '/api/seller/domains' || p, '', '{}') ->> 'status'), '401', m || ' …/domains' || p || ' needs a token') FROM (VALUES ('GET', ''), ('POST', ''), ('POST', '/a.example/verify'), ('DELETE', '/a.example')) v (m, p);
SELECT is(tests.asks(:'ann', 'SELECT qutecart.add_domain(''teas.example'')'), 'refused QC403 forbidden: the shop''s plan includes no domain of its own', 'Free includes none');
SELECT qutecart.set_subscription(:ann_shop, 'starter') AS ok \gset
SELECT is(tests.asks(:'ann', 'SELECT qutecart.add_domain(''teas.example'')'), 'refused QC403 forbidden: the shop''s plan includes no domain of its own', 'nor does a plan with a subdomain alone');
SELECT qutecart.set_subscription(:ann_shop, 'growth') AS ok \gset
SELECT qutecart.set_subscription(:bob_shop, 'growth') AS ok \gset
SELECT is(tests.asks(:'ann', 'SELECT qutecart.decide_domain(1, ''a.example'', ''{}'')'), 'refused 42501 : permission denied for function decide_domain', 'no vendor decides on his own domain');

-- Adding
SELECT is(tests.asks(:'ann', format('SELECT qutecart.add_domain(%L)', name)), 'refused QC422 validation_failed: ' || said, 'no domain: ' || coalesce(name, 'NULL'))
FROM (VALUES (NULL, 'The domain field is required.'), ('teas', 'The domain must be a domain, like shop.example.'), ('10.0.0.1', 'The domain must be a domain, like shop.example.'), ('teas..example', 'The domain must be of letters, digits and hyphens, which stand neither first nor last.'),
    ('https://teas.example', 'The domain must be of letters, digits and hyphens, which stand neither first nor last.'), ('*.teas.example', 'The domain must be of letters, digits and hyphens, which stand neither first nor last.'), ('teаs.example', 'The domain mixes letters of different scripts.'),
    ('qutekart.com', 'The domain belongs to the marketplace: choose a subdomain instead.'), ('Teas.QuteKart.com', 'The domain belongs to the marketplace: choose a subdomain instead.'), ('a.b.qutekart.com', 'The domain belongs to the marketplace: choose a subdomain instead.'),
    (repeat(repeat('a', 57) || '.', 4) || 'example', 'The domain must not be longer than 233 characters.')) t (name, said);
SELECT (r ->> 'status') AS status, r #> '{body,data,domain}' AS added FROM tests.sends('POST', '/api/seller/domains', tests.bearer(:'ann', 'content-type: application/json'), '{"domain": "Teas.Example"}') r \gset
SELECT is(:'status'::text, '201', 'a domain is added');
SELECT is(:'added'::jsonb #- '{record,value}' #- '{requested_at}' #- '{created_at}', '{"domain": "teas.example", "unicode": "teas.example", "status": "pending", "record": {"type": "TXT", "name": "_qutecart-challenge.teas.example"}, "problem": null, "verified_at": null, "checked_at": null}', 'with the record to publish');
SELECT matches(:'added'::jsonb #>> '{record,value}', '^[A-Za-z0-9]{40}$', 'whose value nobody can guess');
SELECT is(row(kind, shop_id, key, payload)::text, format('(dns.verify,%s,teas.example,"{""name"": ""_qutecart-challenge.teas.example"", ""domain"": ""teas.example"", ""shop_id"": %s}")', :ann_shop, :ann_shop), 'a message asks for the look-up')
FROM qutecart.outbox WHERE kind LIKE 'dns.%';
SELECT is(tests.logged('domain.add'), 'ann teas.example {}', 'the log has it');
SELECT is(tests.does(:'ann', 'SELECT qutecart.add_domain(''TEAS.example'')'), 'refused QC409 conflict: the shop has added the domain already', 'it is not added twice');
SELECT is(tests.does(:'bob', 'SELECT qutecart.add_domain(''teas.example'') ->> ''message'''), 'Domain added successfully', 'another shop may claim it as well');
SELECT isnt(tests.token(:ann_shop, 'teas.example'), tests.token(:bob_shop, 'teas.example'), 'with a token of its own');
SELECT is(tests.asks(:'bob', 'SELECT json_array_length(qutecart.list_domains() #> ''{data,domains}'')'), '1', 'each sees its own claim');
SELECT is(tests.asks(:'bob', 'SELECT token FROM qutecart.domain_claims'), 'refused 42501 : permission denied for table domain_claims', 'through the function alone');
SELECT is(tests.shown_at('teas.example'), '404', 'a claim shows nothing');

-- Asking again
SELECT is(tests.does(:'ann', 'SELECT qutecart.verify_domain(''teas.example'')'), 'refused QC429 too_many_requests: the domain is being looked up', 'a look-up is asked for once a minute');
UPDATE qutecart.domain_claims SET requested_at = now() - interval '61 seconds';
SELECT is((tests.sends('POST', '/api/seller/domains/Teas.Example/verify', tests.bearer(:'ann')) ->> 'status'), '202', 'then again');
SELECT is((SELECT count(*) FROM qutecart.outbox WHERE kind = 'dns.verify' AND shop_id = :ann_shop), 2::bigint, 'by another message');
SELECT is(tests.asks(:'ann', format('SELECT qutecart.%s(%L)', f, name)), 'refused QC404 not_found: domain not found', f || ' ' || name) FROM (VALUES ('verify_domain'), ('remove_domain')) f (f), (VALUES ('other.example'), ('no domain')) n (name);

-- Deciding
SELECT is(qutecart.decide_domain(:ann_shop, 'teas.example', txt), false, what || ' proves nothing')
FROM (VALUES ('no record', '{}'::text[]), ('another value', ARRAY['v=spf1 -all', 'x']), ('half the token', ARRAY[left(tests.token(:ann_shop, 'teas.example'), 39)]), ('more than the token', ARRAY[tests.token(:ann_shop, 'teas.example') || 'x']),
    ('the token in other letters', ARRAY[upper(tests.token(:ann_shop, 'teas.example'))]), ('somebody else''s token', ARRAY[tests.token(:bob_shop, 'teas.example')]), ('a NULL', ARRAY[NULL]::text[])) t (what, txt);
SELECT is(qutecart.decide_domain(:ann_shop, 'teas.example', '{}'), false, 'no record');
SELECT is(tests.claim(:ann_shop, 'teas.example'), 'pending: there is no such TXT record', 'is noted as such');
SELECT is(qutecart.decide_domain(:ann_shop, 'teas.example', '{x}'), false, 'a wrong one');
SELECT is(tests.asks(:'ann', 'SELECT qutecart.list_domains() #>> ''{data,domains,0,problem}'''), 'the TXT record has another value', 'is shown to the shop');
SELECT throws_ok(format('SELECT qutecart.decide_domain(%s, ''other.example'', ''{}'')', :ann_shop), 'QC404', 'domain not found', 'what was not claimed is not decided on');
SELECT is(tests.shown_at('teas.example'), '404', 'so far it shows nothing');
SELECT is(qutecart.decide_domain(:ann_shop, 'teas.example', ARRAY['v=spf1 -all', tests.token(:ann_shop, 'teas.example')]), true, 'the token among other records is the proof');
SELECT is(tests.claim(:ann_shop, 'teas.example'), 'verified', 'it is verified');
SELECT is(tests.shown_at('teas.example'), '200 ' || :'ann_shop', 'and shows the shop');
SELECT is(tests.shown_at('TEAS.example:8443'), '200 ' || :'ann_shop', 'however it is written');
SELECT is(tests.shown_at('www.teas.example'), '404', 'but no name below it');
SELECT is(tests.logged('domain.verified'), 'postgres teas.example {}', 'the log has it');
SELECT is(qutecart.decide_domain(:ann_shop, 'teas.example', '{}'), true, 'what is verified stays so');
SELECT is(tests.does(:'ann', 'SELECT qutecart.verify_domain(''teas.example'') #>> ''{data,domain,status}'''), 'verified', 'and asks for no look-up');
SELECT is((SELECT count(*) FROM qutecart.outbox WHERE kind = 'dns.verify' AND shop_id = :ann_shop), 2::bigint, 'indeed none');
SELECT is(qutecart.decide_domain(:bob_shop, 'teas.example', ARRAY[tests.token(:bob_shop, 'teas.example')]), false, 'one name shows one shop');
SELECT is(tests.claim(:bob_shop, 'teas.example'), 'pending: another shop has this domain', 'the other is told why');
SELECT is(tests.shown_at('teas.example'), '200 ' || :'ann_shop', 'and nothing changes');

-- The plan
SELECT qutecart.set_subscription(:ann_shop, 'starter') AS ok \gset
SELECT is(tests.shown_at('teas.example'), '404', 'on a plan without domains it shows nothing');
SELECT is(tests.shown_at('shop-of-ann.qutekart.com'), '200 ' || :'ann_shop', 'the subdomain goes on');
SELECT qutecart.comp_plan(:ann_shop, 'growth', now() + interval '5 days', 'x') ->> 'message' AS said \gset
SELECT is(tests.shown_at('teas.example'), '200 ' || :'ann_shop', 'on one with them it does, with no proof anew');
SELECT qutecart.end_comp(:ann_shop, 'x') ->> 'message' AS said \gset
SELECT is(tests.does(:'ann', 'SELECT qutecart.add_domain(''cups.example'')'), 'refused QC403 forbidden: the shop''s plan includes no domain of its own', 'nothing can be added meanwhile');
SELECT qutecart.set_subscription(:ann_shop, 'free') AS ok \gset
SELECT is(tests.shown_at('teas.example'), '404', 'nor on Free');
SELECT qutecart.set_subscription(:ann_shop, 'growth') AS ok \gset
UPDATE qutecart.plans SET features = features || '{"custom_branding": false, "custom_domain": true}' WHERE slug = 'growth';
SELECT is(tests.shown_at('teas.example'), '200 ' || :'ann_shop', 'a plan may sell domains alone');

-- Giving up
SELECT is((tests.sends('DELETE', '/api/seller/domains/teas.example', tests.bearer(:'ann')) ->> 'status'), '200', 'a domain is given up');
SELECT is(tests.shown_at('teas.example'), '404', 'it shows nothing any more');
SELECT is(tests.logged('domain.remove'), 'ann teas.example {}', 'the log has it');
SELECT is(tests.claim(:ann_shop, 'teas.example'), NULL, 'the claim is gone');
SELECT is(qutecart.decide_domain(:bob_shop, 'teas.example', ARRAY[tests.token(:bob_shop, 'teas.example')]), true, 'and another shop can have it');
SELECT is(tests.shown_at('teas.example'), '200 ' || :'bob_shop', 'under which that one is shown');

SELECT is(tests.does(:'bob', 'SELECT concat_ws('' '', r #>> ''{data,domain,domain}'', r #>> ''{data,domain,unicode}'') FROM qutecart.add_domain(''чай.пример'') r'), 'xn--80as4b.xn--e1afmkfd чай.пример', 'domains of another script are known as DNS has them');
-- Bounds
SELECT is(count(*), 8::bigint, 'eight more') FROM generate_series(1, 8) i WHERE tests.does(:'bob', format('SELECT qutecart.add_domain(''d%s.example'')', i)) IS NOT NULL;
SELECT is(tests.does(:'bob', 'SELECT qutecart.add_domain(''d10.example'')'), 'refused QC422 validation_failed: A shop has 10 domains of its own at most.', 'are all that a shop can have');
SELECT (SELECT count(*) FROM qutecart.domain_claims) AS claims \gset
SELECT qutecart.job_retention(now() + interval '29 days') AS ok \gset
SELECT is((SELECT count(*) FROM qutecart.domain_claims), :claims::bigint, 'a claim waits');
SELECT qutecart.job_retention(now() + interval '31 days') AS ok \gset
SELECT is((SELECT string_agg(domain, ' ') FROM qutecart.domain_claims), 'teas.example', 'but not for ever; a verified one stays');
SELECT * FROM finish();
