-- test/pgtap/mail_suppression.sql
-- Who gets no mail: the operator's wish, the reader's, and what the provider reports.
BEGIN;
\ir world/people.sql
\ir world/http.sql
SELECT no_plan();
CREATE FUNCTION tests.suppressed(who text) RETURNS text LANGUAGE sql AS
    $$SELECT coalesce(string_agg(reason, ' ' ORDER BY reason), 'no') FROM qutecart.mail_suppressions WHERE address = who$$;

-- By hand
SELECT is(qutecart.suppress('Ada@Shop.example'), true, 'an operator suppresses an address');
SELECT is(tests.suppressed('ada@shop.example'), 'manual', 'in small letters');
SELECT is(qutecart.suppress('ADA@shop.example'), false, 'a second time changes nothing');
SELECT is(qutecart.suppress('ada@shop.example', 'complaint'), true, 'for another reason as well');
SELECT is(qutecart.unsuppress('adA@shop.example'), 2::bigint, 'and lets it get mail again, whatever the reasons');
SELECT is(tests.suppressed('ada@shop.example'), 'no', 'of which none is left');
SELECT throws_ok($$SELECT qutecart.suppress('ada@shop.example', 'whim')$$, 'QC422', NULL, 'a reason is one of four');
SELECT throws_ok($$SELECT qutecart.suppress('ada')$$, 'QC422', NULL, 'an address is one');

-- By the reader
INSERT INTO qutecart.mail_recipients (address) VALUES ('reader@shop.example') RETURNING token AS token \gset
\set link '/api/unsubscribe/' :token
SELECT is(tests.tries('GET', :'link') #- '{headers,etag}' #- '{headers,vary}', jsonb_build_object('status', 200, 'body', '{"message": "Unsubscribe r***@shop.example from mails you do not need?",
    "data": {"address": "r***@shop.example", "is_unsubscribed": false}}'::jsonb, 'headers', '{"content-type": "application/json", "cache-control": "no-store"}'::jsonb),
    'a link to unsubscribe says what it would do') ;
SELECT tests.sends('GET', :'link', 'accept: text/html');
SELECT tests.sends('HEAD', :'link');
SELECT is(tests.suppressed('reader@shop.example'), 'no', 'following it changes nothing: programs do so too');
SELECT ok(r.reply #>> '{headers,content-type}' = 'text/html; charset=utf-8' AND r.reply ->> 'body' ~ '<form method="post">' AND r.reply ->> 'body' ~ 'r\*\*\*@shop.example',
    'a browser is shown a button') FROM tests.tries('GET', :'link', 'accept: text/html,application/xhtml+xml') r (reply);
SELECT is(tests.tries('POST', :'link', 'content-type: ' || type, body) #>> '{body,data,is_unsubscribed}', 'true', 'one click unsubscribes, sent as ' || type) FROM (VALUES
    ('application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'), ('multipart/form-data; boundary=b', E'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'),
    ('text/plain', NULL)) t (type, body);
SELECT tests.sends('POST', :'link', 'content-type: application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click');
SELECT tests.sends('POST', :'link', 'content-type: application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click');
SELECT is(tests.suppressed('reader@shop.example'), 'unsubscribe', 'and that holds, once');
SELECT is(tests.tries('GET', :'link') #>> '{body,data,is_unsubscribed}', 'true', 'the link says so');
SELECT ok(r.reply ->> 'body' !~ '<form', 'and has no button any more') FROM tests.tries('GET', :'link', 'accept: text/html') r (reply);
SELECT is(tests.tries(m, '/api/unsubscribe/' || token) ->> 'status', '404', m || ' ' || token || ' is no link') FROM (VALUES ('GET'), ('POST')) m (m),
    (VALUES (gen_random_uuid()::text), ('x'), ('--------------------------------------------'), (upper(:'token'))) t (token);

-- By the provider
CREATE FUNCTION tests.key() RETURNS bytea LANGUAGE sql AS $$SELECT decode('ZnJvbSByZXNlbmQgdG8gdGhlIHRlc3RzIQ==', 'base64')$$;
CREATE FUNCTION tests.xor(bytea, int) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT string_agg(decode(lpad(to_hex((CASE WHEN i < length($1) THEN get_byte($1, i) ELSE 0 END) # $2), 2, '0'), 'hex'), '' ORDER BY i) FROM generate_series(0, 63) i $$;
CREATE FUNCTION tests.signature(id text, at bigint, body text, key bytea DEFAULT tests.key()) RETURNS text LANGUAGE sql AS $$
    SELECT 'v1,' || encode(sha256(tests.xor(key, 92) || sha256(tests.xor(key, 54) || convert_to(id || '.' || at || '.' || body, 'UTF8'))), 'base64') $$;
CREATE FUNCTION tests.now() RETURNS bigint LANGUAGE sql AS $$SELECT extract(epoch FROM clock_timestamp())::bigint$$;
CREATE FUNCTION tests.event(what text, who jsonb, bounce text DEFAULT 'Permanent') RETURNS text LANGUAGE sql AS $$
    SELECT jsonb_build_object('type', what, 'data', jsonb_build_object('to', who, 'bounce', jsonb_build_object('type', bounce, 'message', 'no')))::text $$;
-- status, code and count of an event, sent in one go
CREATE FUNCTION tests.reports(body text, at bigint DEFAULT tests.now(), signature text DEFAULT NULL, id text DEFAULT 'msg_1') RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', r.reply ->> 'status', r.reply #>> '{body,code}', r.reply #>> '{body,suppressed}')
    FROM tests.sends('POST', '/api/webhooks/resend', concat_ws(E'\n', 'content-type: application/json', 'svix-id: ' || id, 'svix-timestamp: ' || at,
        'svix-signature: ' || coalesce(signature, tests.signature(id, at, body))), body) r (reply) $$;
SELECT is(tests.reports(tests.event('email.bounced', '["Gone@Shop.example"]')), '200 1', 'O34: an address that bounced for good is suppressed');
SELECT is(row(s.address, s.reason, s.source)::text, '(gone@shop.example,bounce,"resend msg_1")', 'with the event that says so') FROM qutecart.mail_suppressions s WHERE s.address = 'gone@shop.example';
SELECT is(tests.reports(tests.event('email.bounced', '["gone@shop.example"]')), '200 0', 'the same event again changes nothing');
SELECT is(tests.reports(tests.event('email.bounced', '["full@shop.example"]', 'Transient')), '200 0', 'a mailbox that is full may be written to again');
SELECT is(tests.reports(tests.event('email.complained', '["Angry <angry@shop.example>", "b@shop.example"]')), '200 2', 'who complained is not written to again');
SELECT is(tests.suppressed('angry@shop.example'), 'complaint', 'for that reason');
SELECT is(tests.reports(tests.event('email.delivered', '["fine@shop.example"]')), '200 0', 'other events change nothing');
SELECT is(tests.reports(body), '200 0', 'nor do odd ones: ' || body) FROM (VALUES ('{}'), ('{"type": "email.bounced"}'), ('{"type": 1, "data": []}'),
    ('{"type": "email.complained", "data": {"to": "a@b.example"}}'), ('{"type": "email.complained", "data": {"to": [1, null, {}, "no address", "a b@c.example"]}}')) t (body);
SELECT is(tests.suppressed('fine@shop.example') || tests.suppressed('full@shop.example') || tests.suppressed('1'), 'nonono', 'so they still get mail');
\set body `printf '%s' '{"type": "email.complained", "data": {"to": ["victim@shop.example"]}}'`
SELECT is(tests.reports(:'body', at, signature), '400 invalid_signature', 'O34: refused: ' || what) FROM (VALUES
    ('signed by somebody else', tests.now(), tests.signature('msg_1', tests.now(), :'body', 'another key of 24 bytes!!')),
    ('another body', tests.now(), tests.signature('msg_1', tests.now(), :'body' || ' ')),
    ('another id', tests.now(), tests.signature('msg_2', tests.now(), :'body')),
    ('another time', tests.now(), tests.signature('msg_1', tests.now() - 1, :'body')),
    ('too old', tests.now() - 310, NULL), ('from the future', tests.now() + 310, NULL),
    ('no signature', tests.now(), ''), ('another scheme', tests.now(), replace(tests.signature('msg_1', tests.now(), :'body'), 'v1,', 'v2,')),
    ('half a signature', tests.now(), left(tests.signature('msg_1', tests.now(), :'body'), 30)), ('rubbish', tests.now(), 'v1,%%% v1, ,')) t (what, at, signature);
SELECT is(tests.suppressed('victim@shop.example'), 'no', 'and nobody is suppressed by it');
SELECT is(tests.reports(:'body', tests.now() - 290), '200 1', 'a few minutes are allowed');
SELECT is(tests.reports(:'body', tests.now(), 'v1,AAAA v0,b ' || tests.signature('msg_1', tests.now(), :'body')), '200 0', 'one good signature among several is enough');
SELECT is(tests.tries('POST', '/api/webhooks/resend', 'content-type: application/json', :'body') ->> 'status', '400', 'without the headers it is refused');
SELECT is(tests.reports(body), '400 invalid_payload', 'signed, but no event: ' || left(body, 20)) FROM (VALUES (''), ('[]'), ('x'), ('{"a": '), ('{"a": "\u0000"}'), (repeat('{"a":', 50) || '1' || repeat('}', 50))) t (body);
SELECT is(split_part(tests.reports(jsonb_build_object('a', repeat('x', 70000))::text), ' ', 1), '413', 'one that is too large is refused');
SELECT * FROM finish();
ROLLBACK;
