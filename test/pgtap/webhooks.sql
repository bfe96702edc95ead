-- test/pgtap/webhooks.sql
-- A shop's owner manages its webhooks; nobody else does, and nobody reads their secrets.
\ir world/vendors.sql
SELECT no_plan();
UPDATE qutecart.plans SET features = features || '{"api_access": true}';

-- Creating.
CREATE TEMP TABLE made AS SELECT pg_temp.call('Vera', 'POST /api/seller/webhooks', '{"url": "https://hooks.example/a?token=t0k3n",
    "event_types": ["order.created", "order.paid"], "description": "our till"}') AS r;
GRANT SELECT ON made, ids TO qutecart_client;
SELECT is((r ->> 'http')::integer, 201, 'the owner creates a webhook') FROM made;
SELECT is((r #> '{data,webhook}') - '{id,created_at,updated_at}'::text[], '{"url": "https://hooks.example/a?token=t0k3n", "description": "our till",
    "event_types": ["order.created", "order.paid"], "status": "enabled", "is_enabled": true, "disabled_reason": null, "disabled_at": null,
    "signature_scheme": "hmac", "public_key": null, "previous_key_until": null, "api_version": "2026-11-01"}', 'and sees all of it') FROM made;
SELECT matches(r #>> '{data,secret}', '^whsec_[A-Za-z0-9+/]{43}=$', 'with a secret of 32 bytes') FROM made;
CREATE FUNCTION pg_temp.hook(what text DEFAULT '') RETURNS text LANGUAGE sql AS $$SELECT '/api/seller/webhooks/' || (r #>> '{data,webhook,id}') || what FROM made$$;
SELECT is(position('whsec' IN pg_temp.call('Vera', 'GET ' || pg_temp.hook())::text), 0, 'O33: which is not shown again');
SELECT is(position('whsec' IN pg_temp.call('Vera', 'GET /api/seller/webhooks')::text), 0, 'O33: not in the list either');
SELECT is((SELECT count(*) FROM qutecart.webhook_endpoints w, made WHERE position(substr(r #>> '{data,secret}', 7, 20) IN w::text) > 0), 0::bigint,
    'O33: in the table it is sealed');
SELECT matches(w.secret, '^s1\.[0-9a-f]{8}\.', 'O33: with a key that the row names') FROM qutecart.webhook_endpoints w;
SELECT is(pg_temp.call('Vera', 'POST /api/seller/webhooks', '{"url": "https://hooks.example/b"}') #>> '{data,webhook,event_types}', '[]',
    'without event types it is for all');
SELECT matches(c #>> '{data,webhook,public_key}', '^whpk_[A-Za-z0-9+/]{43}=$', 'with ed25519 there is a public key')
FROM pg_temp.call('Vera', 'POST /api/seller/webhooks', '{"url": "https://hooks.example/c", "signature_scheme": "ed25519"}') c;
SELECT is(pg_temp.call('Vera', 'GET /api/seller/webhooks') #> '{data,total}', '3', 'all are listed');
SELECT is(pg_temp.status('Vera', 'GET /api/seller/webhooks/0'), 404, 'and none is number 0');
SELECT is(pg_temp.call('Vera', 'POST /api/seller/webhooks', '{"url": "https://hooks.example/d", "is_enabled": false}') #>> '{data,webhook,disabled_reason}',
    'by_member', 'one may be created switched off');

-- What is refused.
SELECT is(pg_temp.call('Vera', 'POST /api/seller/webhooks', '{"url": "http://hooks.example/", "event_types": ["order.created", "order.eaten"],
    "description": "' || repeat('ü', 501) || '", "signature_scheme": "md5"}') #> '{errors}' #- '{url}',
    '{"event_types": ["There is no event type \"order.eaten\" to choose."], "description": ["The description field must not be greater than 500 characters."],
      "signature_scheme": ["The signature scheme must be hmac or ed25519."]}', 'one answer names every field that is wrong');
SELECT is(pg_temp.status('Vera', 'POST /api/seller/webhooks', jsonb_build_object('url', u.url)::text), 422, 'O25: ' || coalesce(left(u.url, 40), 'no URL') || ' is refused')
FROM (VALUES ('http://hooks.example/'), ('ftp://hooks.example/'), ('https://me:secret@hooks.example/'), ('https://me@hooks.example/'), ('hooks.example'),
    ('https://'), (''), (NULL), (E'https://hooks.example/\nX-Evil: 1'), ('https://hooks.example/' || repeat('a', 1979))) u (url);
SELECT is(pg_temp.status('Vera', 'POST /api/seller/webhooks', jsonb_build_object('url', 'https://hooks.example/' || repeat('a', 1978))::text), 201,
    'a URL of 2000 characters is taken');
SELECT is(pg_temp.status('Vera', 'POST /api/seller/webhooks', '{"url": "https://hooks.example/", "event_types": ["test.ping"]}'), 422, 'a test is no event to choose');
SELECT is(pg_temp.status('Vera', 'POST /api/seller/webhooks', '{"url": "https://hooks.example/", "event_types": [null]}'), 422, 'nor is null');

-- Changing.
SELECT is(pg_temp.call('Vera', 'PUT ' || pg_temp.hook(), '{"description": "the till"}') #> '{data,webhook}' #- '{updated_at}',
    jsonb_set(r #> '{data,webhook}' #- '{updated_at}', '{description}', '"the till"'), 'what is not sent stays') FROM made;
SELECT is(c #> '{data,webhook,event_types}', '[]', 'an empty list is all types')
FROM pg_temp.call('Vera', 'PUT ' || pg_temp.hook(), '{"event_types": []}') c;
SELECT is(row(c #>> '{data,webhook,status}', c #>> '{data,webhook,disabled_reason}', (c #>> '{data,webhook,disabled_at}') IS NULL)::text, '(disabled,by_member,f)',
    'it is switched off') FROM pg_temp.call('Vera', 'PUT ' || pg_temp.hook(), '{"is_enabled": false}') c;
SELECT is(row(c #>> '{data,webhook,status}', c #>> '{data,webhook,disabled_reason}', (c #>> '{data,webhook,disabled_at}') IS NULL)::text, '(enabled,,t)', 'and on again')
FROM pg_temp.call('Vera', 'PUT ' || pg_temp.hook(), '{"is_enabled": true}') c;
DELETE FROM qutecart.outbox_notes;
SELECT is(pg_temp.status('Vera', 'PUT ' || pg_temp.hook(), '{"description": "the till"}'), 200, 'a description');
SELECT is((SELECT count(*)::int FROM qutecart.outbox_notes), 0, 'O10: forgets no failures');
SELECT is(pg_temp.status('Vera', 'PUT ' || pg_temp.hook(), '{"is_enabled": true}'), 200, 'enabling what is enabled');
SELECT is((SELECT string_agg(n.wish, ',') FROM qutecart.outbox_notes n), 'open', 'O10: forgets them');
SELECT is(pg_temp.status('Vera', 'PUT ' || pg_temp.hook(), '{"url": "https://me:secret@hooks.example/"}'), 422, 'O25: a URL is checked when it is changed, too');

-- Keys.
CREATE TEMP TABLE turned AS SELECT pg_temp.call('Vera', 'POST ' || pg_temp.hook('/rotate-secret')) AS r;
SELECT isnt(t.r #>> '{data,secret}', m.r #>> '{data,secret}', 'a rotation shows another secret') FROM turned t, made m;
SELECT is(round(extract(epoch FROM previous_until - now())), 86400::numeric, 'O11: for a day the old one signs as well') FROM qutecart.webhook_endpoints WHERE description = 'the till';
SELECT is(w.previous_secret LIKE 's1.%' AND w.previous_secret <> w.secret, true, 'O33: both are sealed') FROM qutecart.webhook_endpoints w WHERE w.description = 'the till';
SELECT lives_ok('SELECT qutecart.job_retention()', 'the scheduled job');
SELECT is(previous_secret IS NULL, false, 'leaves an old key that still signs') FROM qutecart.webhook_endpoints WHERE description = 'the till';
UPDATE qutecart.webhook_endpoints SET previous_until = now() WHERE description = 'the till';
SELECT lives_ok('SELECT qutecart.job_retention()', 'and, when its time is over,');
SELECT is(row(previous_secret, previous_scheme, previous_until)::text, '(,,)', 'O33: removes it') FROM qutecart.webhook_endpoints WHERE description = 'the till';
SELECT is(row(c #>> '{data,webhook,signature_scheme}', c #> '{data,secret}' IS NULL, c #>> '{data,webhook,previous_key_until}' IS NULL)::text, '(ed25519,t,t)',
    'a rotation may change the scheme, and end the old key at once')
FROM pg_temp.call('Vera', 'POST ' || pg_temp.hook('/rotate-secret'), '{"signature_scheme": "ed25519", "grace_seconds": 0}') c;
SELECT is(row(previous_secret, previous_scheme, previous_until)::text, '(,,)', 'then nothing of it stays') FROM qutecart.webhook_endpoints WHERE description = 'the till';
SELECT is(pg_temp.status('Vera', 'POST ' || pg_temp.hook('/rotate-secret'), b.body), 422, 'refused: ' || b.body)
FROM (VALUES ('{"grace_seconds": -1}'), ('{"grace_seconds": 604801}'), ('{"signature_scheme": "rsa"}')) b (body);
SELECT is(qutecart.reseal_secrets(), 0::bigint, 'what the first key sealed need not be resealed');
SELECT is(pg_temp.sql_as('Vera', 'SELECT qutecart.reseal_secrets()'), 'refused 42501', 'and a client may not ask for it');

-- A test message.
CREATE TEMP TABLE test AS SELECT pg_temp.call('Vera', 'POST ' || pg_temp.hook('/test')) AS r;
SELECT is((r ->> 'http')::integer, 202, 'a test message is on its way') FROM test;
SELECT is(row(o.kind, 'msg_' || replace(o.public_id::text, '-', ''), o.payload ->> 'type', o.payload #> '{data,shop_id}')::text,
    row('webhook.test.ping', r #>> '{data,message_id}', 'test.ping', pg_temp.id('Teas'))::text, 'with the id that was named') FROM qutecart.outbox o, test;
SELECT is(pg_temp.status('Vera', 'PUT ' || pg_temp.hook(), '{"is_enabled": false}'), 200, 'switched off');
SELECT is(pg_temp.call('Vera', 'POST ' || pg_temp.hook('/test')) ->> 'code', 'conflict', 'a disabled webhook is not tested');

-- Twenty, no more.
SELECT is(pg_temp.status('Vera', 'POST /api/seller/webhooks', '{"url": "https://hooks.example/many"}'), 201, 'webhook ' || n) FROM generate_series(6, 20) n;
SELECT is(pg_temp.call('Vera', 'POST /api/seller/webhooks', '{"url": "https://hooks.example/many"}') ->> 'code', 'conflict', 'the 21st is refused');
SELECT is(pg_temp.status('Nora', 'POST /api/seller/webhooks', '{"url": "https://hooks.example/nora"}'), 201, 'another shop has its own twenty');

-- Somebody else.
SELECT is(pg_temp.call('Nora', e.method || pg_temp.hook(e.what), e.body) - '{title,type,detail}'::text[],
    pg_temp.call('Nora', e.method || '/api/seller/webhooks/99999999' || e.what, e.body) - '{title,type,detail}'::text[],
    'T18: ' || e.method || e.what || ' on another shop''s webhook is answered as if there were none')
FROM (VALUES ('GET ', '', NULL), ('PUT ', '', '{"description": "x"}'), ('DELETE ', '', NULL), ('POST ', '/test', NULL), ('POST ', '/rotate-secret', NULL)) e (method, what, body);
SELECT is(pg_temp.call('Nora', 'DELETE ' || pg_temp.hook()) ->> 'code', 'not_found', 'and that is not_found');
SELECT is((SELECT description FROM qutecart.webhook_endpoints, made WHERE id = (r #>> '{data,webhook,id}')::bigint), 'the till', 'it is as it was');
SELECT is(pg_temp.call('Nora', 'GET /api/seller/webhooks') #> '{data,total}', '1', 'a vendor lists no webhook of another');
SELECT is(pg_temp.status('Carl', 'POST /api/seller/webhooks', '{"url": "https://x.example/"}'), 404, 'a customer has no shop to listen to');
SELECT is(pg_temp.status(NULL, 'GET /api/seller/webhooks'), 401, 'nobody lists them without a token');
INSERT INTO qutecart.shop_member_permissions (shop_id, user_id, permission_id)
    SELECT pg_temp.id('Teas'), pg_temp.id('Sam'), p.id FROM qutecart.permissions p WHERE p.panel LIKE 'shop%' ON CONFLICT DO NOTHING;
SELECT is(pg_temp.call('Sam', e.method || e.what, e.body) ->> 'code', 'forbidden', 'staff with every permission may not ' || e.method || replace(e.what, pg_temp.hook(), '…'))
FROM (VALUES ('GET ', '/api/seller/webhooks', NULL), ('POST ', '/api/seller/webhooks', '{"url": "https://x.example/"}'), ('GET ', pg_temp.hook(), NULL),
    ('PUT ', pg_temp.hook(), '{}'), ('DELETE ', pg_temp.hook(), NULL), ('POST ', pg_temp.hook('/test'), NULL), ('POST ', pg_temp.hook('/rotate-secret'), NULL)) e (method, what, body);

-- SQL clients.
SELECT is(pg_temp.sql_as('Vera', 'SELECT count(*) FROM qutecart.webhook_endpoints'), '20', 'a SQL client sees the shop''s webhooks');
SELECT is(pg_temp.sql_as('Nora', 'SELECT count(*) FROM qutecart.webhook_endpoints'), '1', 'and no other shop''s');
SELECT is(pg_temp.sql_as('Vera', format('SELECT %s FROM qutecart.webhook_endpoints', c.name)), 'refused 42501', 'O33: but not ' || c.name)
FROM (VALUES ('secret'), ('previous_secret'), ('url'), ('*')) c (name);
SELECT is(pg_temp.sql_as('Vera', s.statement), 'refused 42501', 'nor may it ' || split_part(s.statement, ' ', 1))
FROM (VALUES ('UPDATE qutecart.webhook_endpoints SET is_enabled = true'), ('DELETE FROM qutecart.webhook_endpoints'),
    ('INSERT INTO qutecart.webhook_endpoints (shop_id, url, scheme, secret) SELECT shop_id, url, scheme, secret FROM qutecart.webhook_endpoints')) s (statement);
SELECT is(pg_temp.sql_as('Vera', $$SELECT qutecart.create_webhook('https://x.example/')$$), 'refused QC409', 'functions answer in SQL as over HTTP');

-- Plan.
UPDATE qutecart.plans SET features = features || '{"api_access": false}' WHERE slug = 'free';
SELECT is(pg_temp.call('Nora', e.endpoint, e.body) - '{title,type,status,hint,message,data}'::text[],
    '{"code": "feature_not_in_plan", "http": 403, "error": "Feature not in plan", "feature": "api_access", "current_plan": "Free",
      "detail": "The plan \"Free\" has no webhooks"}', 'without api_access in the plan nobody may ' || regexp_replace(e.endpoint, '\d+', '…'))
FROM (SELECT w.id FROM qutecart.webhook_endpoints w WHERE w.shop_id = pg_temp.id('Cups')) w,
    LATERAL (VALUES ('POST /api/seller/webhooks', '{"url": "https://x.example/"}'), ('PUT /api/seller/webhooks/' || w.id, '{"description": "x"}'),
    ('PUT /api/seller/webhooks/' || w.id, '{"is_enabled": true}'), ('POST /api/seller/webhooks/' || w.id || '/test', NULL),
    ('POST /api/seller/webhooks/' || w.id || '/rotate-secret', NULL)) e (endpoint, body);
SELECT is(pg_temp.call('Nora', 'GET /api/seller/webhooks') #>> '{data,webhooks,0,status}', 'paused_by_plan', 'what there is stays, and says that it is paused');
SELECT is(pg_temp.status('Nora', 'PUT /api/seller/webhooks/' || w.id, '{"is_enabled": false}'), 200, 'switching off stays possible')
FROM qutecart.webhook_endpoints w WHERE w.shop_id = pg_temp.id('Cups');
SELECT is(pg_temp.status('Nora', 'DELETE /api/seller/webhooks/' || w.id), 200, 'and so does deleting') FROM qutecart.webhook_endpoints w WHERE w.shop_id = pg_temp.id('Cups');
UPDATE qutecart.plans SET features = features - 'api_access' WHERE slug = 'free';
SELECT is(pg_temp.status('Vera', 'POST ' || pg_temp.hook('/test')), 403, 'a plan that says nothing of it has it not');

-- Deleting.
SELECT is(pg_temp.status('Vera', 'DELETE ' || pg_temp.hook()), 200, 'a webhook is deleted');
SELECT is(pg_temp.status('Vera', 'GET ' || pg_temp.hook()), 404, 'and gone');

-- Schemas.
SELECT is(array_agg(t ->> 'type' ORDER BY t ->> 'type'), '{order.created,order.paid,order.returned,order.status_changed,payout.created,payout.failed,payout.paid,product.created,product.deleted,product.updated,stock.low,subscription.changed,test.ping,usage.threshold_reached}',
    'anybody may list the event types') FROM jsonb_array_elements(pg_temp.call(NULL, 'GET /api/webhooks/event-types') #> '{data,event_types}') t;
SELECT is(pg_temp.call(NULL, 'GET ' || (t ->> 'schema')) - '{http,status}'::text[], s.schemas -> (t ->> 'type'), (t ->> 'type') || ': its schema is where the list says')
FROM (SELECT pg_temp.call(NULL, 'GET /api/webhooks/schemas') #> '{data,schemas}' AS schemas) s,
    jsonb_array_elements(pg_temp.call(NULL, 'GET /api/webhooks/event-types') #> '{data,event_types}') t;
SELECT is(pg_temp.status(NULL, 'GET /api/webhooks/schemas/order.eaten'), 404, 'an unknown type has none');
SELECT * FROM finish();
