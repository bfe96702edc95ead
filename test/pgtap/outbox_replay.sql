-- test/pgtap/outbox_replay.sql
-- What was given up is sent again, what waits is given up, by whatever says which.
BEGIN;
\i test/pgtap/world/two_shops.sql
\i test/pgtap/world/outbox.sql
SELECT no_plan();
SELECT tests.id('shop of ann') AS ann, tests.id('shop of bob') AS bob \gset

CREATE FUNCTION tests.found(sql text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE r text; BEGIN
    EXECUTE format('SELECT coalesce(string_agg(coalesce(l.payload ->> ''n'', ''?''), '' '' ORDER BY f.message_id), '''')
        FROM %s f JOIN qutecart.outbox_log l ON l.message_id = f.message_id AND l.outcome <> ''retry''', sql) INTO r;
    RETURN r; END $$;

-- Six messages have ended
SELECT tests.put('a1', :ann), tests.put('a2', :ann, 'k'), tests.put('a3', :ann, '', 'mail.other'), tests.put('b1', :bob), tests.put('code', :bob, '', 'mail.verification_code'), tests.put('ok', :bob);
SELECT qutecart.enqueue('sms.test', '{"n": "secret"}');
SELECT tests.claim();
SELECT tests.settle(n, CASE n WHEN 'ok' THEN 'delivered' ELSE 'dead' END, 'no', 500, 'answer') FROM unnest(ARRAY['a1', 'a2', 'a3', 'b1', 'code', 'ok', 'secret']) n;
SELECT is(tests.waiting(), '', 'seven messages have ended');
SELECT is(string_agg(kind || ' ' || coalesce(response, 'none') , ', ' ORDER BY kind), 'mail.verification_code none, sms.test none', 'what is secret is kept nowhere')
FROM qutecart.outbox_log WHERE payload IS NULL;
CREATE TEMP TABLE before AS SELECT message_id, public_id FROM qutecart.outbox_log;
UPDATE qutecart.outbox_log SET created_at = now() - interval '2 days' WHERE payload ->> 'n' = 'b1';

-- Dry run
SELECT is(tests.found('qutecart.outbox_replay(dry_run => true)'), 'a1 a2 a3 b1 ? ?', 'a dry run finds all that was given up');
SELECT is((SELECT count(*) FROM qutecart.outbox_replay(dry_run => true) WHERE NOT has_payload AND new_id IS NULL), 2::bigint, 'and says what cannot be sent again');
SELECT is(tests.found(format('qutecart.outbox_replay(%s, dry_run => true)', f)), wanted, 'by ' || f) FROM (VALUES
    ('shop => ' || :ann, 'a1 a2 a3'), ('shop => 0', '?'), ('kind => ''mail.test''', 'a1 a2 b1'), ('kind => ''mail''', 'a1 a2 a3 b1 ?'), ('kind => ''mai''', ''),
    ('since => now() - interval ''1 day''', 'a1 a2 a3 ? ?'), ('until => now() - interval ''1 day''', 'b1'), ('outcome => ''delivered''', 'ok'),
    ('outcome => NULL', 'a1 a2 a3 b1 ? ok ?'), ('endpoint => 1', ''), ('shop => ' || :ann || ', kind => ''mail.other''', 'a3'),
    ('id => ' || (SELECT message_id FROM qutecart.outbox_log WHERE payload ->> 'n' = 'a2'), 'a2')) v (f, wanted);
SELECT is(tests.waiting(), '', 'a dry run sends nothing');

-- Replay
SELECT is((SELECT count(*) FROM qutecart.outbox_replay(shop => :ann)), 3::bigint, 'three messages of a shop are sent again');
SELECT is(tests.waiting(), 'a1 ready, a2 ready, a3 ready', 'in their order');
SELECT is((SELECT count(*) FROM qutecart.outbox o JOIN before b USING (public_id) WHERE o.attempts = 0 AND o.id <> b.message_id), 3::bigint, 'O04: receivers know them by the same id; all attempts are before them');
SELECT is((SELECT count(*) FROM qutecart.outbox_replay(shop => :ann)), 0::bigint, 'an end is replayed once');
SELECT is((SELECT count(*) FROM qutecart.outbox_log WHERE replayed_at IS NOT NULL), 3::bigint, 'which the log notes');
SELECT is(tests.claim(), 'a1 a2 a3', 'they are taken like any others');
SELECT tests.settle('a1', 'dead'), tests.settle('a2', 'delivered');
SELECT is(tests.found('qutecart.outbox_replay(shop => ' || :ann || ', dry_run => true)'), 'a1', 'given up once more it can be replayed once more');
SELECT is((SELECT count(*) FROM qutecart.outbox_replay(kind => 'mail.verification_code') WHERE new_id IS NOT NULL), 0::bigint, 'O26: a secret is not sent again');
SELECT is((SELECT count(*) FROM qutecart.outbox_replay() WHERE new_id IS NOT NULL), 2::bigint, 'all that can be is, when nothing is said');
DELETE FROM qutecart.outbox;

-- Discard
SELECT tests.put('d1', :ann, 'k'), tests.put('d2', :ann, 'k'), tests.put('d3', :ann, 'k'), tests.put('e1', :bob), tests.put('e2', :bob, '', 'sms.test');
SELECT throws_ok($$SELECT * FROM qutecart.outbox_discard('x')$$, '22023', NULL, 'not all messages are discarded by mistake');
SELECT throws_ok($$SELECT * FROM qutecart.outbox_discard('x', id => 0)$$, '22023', NULL, 'nor by a number that no message has');
SELECT throws_ok($$SELECT * FROM qutecart.outbox_replay(endpoint => 0)$$, '22023', NULL, 'nor replayed');
SELECT throws_ok($$SELECT * FROM qutecart.outbox_discard(NULL, shop => 1)$$, '22023', NULL, 'nor without a reason');
SELECT is((SELECT count(*) FROM qutecart.outbox_discard('x', shop => :ann, dry_run => true)), 3::bigint, 'a dry run finds what waits');
SELECT is((SELECT count(*) FROM qutecart.outbox), 5::bigint, 'and discards nothing');
SELECT is(tests.claim(100, 1), 'd1 e2 e1', 'the first of the key is in flight');
SELECT is((SELECT count(*) FROM qutecart.outbox_discard('wrong address', id => tests.message('d1'))), 0::bigint, 'what is in flight cannot be discarded');
SELECT is((SELECT count(*) FROM qutecart.outbox_discard('wrong address', id => tests.message('d2'))), 1::bigint, 'the second waits and can be');
SELECT is(row(outcome, attempt, reason, payload ->> 'n', status)::text, '(dead,0,"wrong address",d2,)', 'it is logged as given up untried, with the reason')
FROM qutecart.outbox_log WHERE reason = 'wrong address';
SELECT tests.settle('d1', 'delivered');
SELECT is(tests.claim(100, 1), 'd3', 'O12: whose turn it is now is seen');
SELECT tests.settle('d3', 'retry');
SELECT tests.put('d4', :ann, 'k');
SELECT is(tests.claim(100, 1), '', 'one waits for the retry of another');
SELECT is(tests.waiting(), 'd3 waiting, e1 leased, e2 leased, d4 parked', 'parked');
SELECT is((SELECT count(*) FROM qutecart.outbox_discard('no', id => tests.message('d3'))), 1::bigint, 'the one that is retried is discarded');
SELECT is((SELECT count(*) FROM qutecart.outbox_notes WHERE wish = 'unpark' AND key = 'k'), 1::bigint, 'O12: with a note to the worker');
SELECT is(tests.claim(100, 1), 'd4', 'O12: who lets the one that waited for it go');
SELECT is(attempt, 1, 'what was tried before is logged with its attempts') FROM qutecart.outbox_log WHERE reason = 'no';
UPDATE qutecart.outbox SET leased_until = now() - interval '1 second' WHERE payload ->> 'n' IN ('e1', 'e2');
SELECT is((SELECT string_agg(kind || ' ' || has_payload, ', ' ORDER BY kind) FROM qutecart.outbox_discard('late', shop => :bob)), 'mail.test true, sms.test false',
    'what a lease is over for can be discarded; of what nobody sends nothing is kept');
SELECT is((SELECT count(*) FROM qutecart.outbox_log WHERE reason = 'late' AND payload IS NULL), 1::bigint, 'not in the log either');
SELECT is((SELECT count(*) FROM qutecart.outbox_replay(kind => 'mail.test', shop => :bob) WHERE new_id IS NOT NULL), 1::bigint, 'what was discarded can be replayed');

-- Who sees the log
INSERT INTO qutecart.outbox_log (shop_id, message_id, public_id, kind, endpoint_id, lane, key, attempt, outcome, payload)
    SELECT s, 1, gen_random_uuid(), 'webhook.order.created', 9, 1, '', 1, 'delivered', '{"secret": 1}' FROM unnest(ARRAY[:ann::bigint, :bob, 0]) s;
SELECT tests.guarded('O13: ' || who || ' sees the deliveries of one shop', who, NULL,
    'SELECT count(*) || '' '' || string_agg(DISTINCT shop_id::text, '','') FROM qutecart.webhook_deliveries', '1 ' || tests.id('shop of ' || replace(who, 'bi_', '')),
    'DROP POLICY outbox_log_of_shop ON qutecart.outbox_log')
FROM unnest(ARRAY['ann', 'bob', 'bi_ann', 'bi_bob']) who;
SELECT is(tests.probe(who, NULL, 'SELECT count(*) FROM qutecart.outbox_log WHERE shop_id IN (0, ' || :ann || ')'), '0', who || ' sees none of another shop and none of the platform')
FROM unnest(ARRAY['bob', 'bi_bob', 'carl', 'nobody']) who;
SELECT is(tests.probe('ann', NULL, 'SELECT count(*) > 3 FROM qutecart.outbox_log'), 'true', 'a vendor sees what became of mails, too');
SELECT is(tests.probe(who, NULL, 'SELECT ' || what), 'refused 42501', who || ' may not ' || what)
FROM unnest(ARRAY['ann', 'bi_ann', 'carl', 'gateway']) who, unnest(ARRAY['count(payload) FROM qutecart.outbox_log', '* FROM qutecart.outbox_replay()', '* FROM qutecart.outbox_discard(''x'', shop => 1)']) what;
SELECT is(tests.probe('ann', NULL, what), 'refused 42501', 'nor may a vendor ' || what)
FROM unnest(ARRAY['DELETE FROM qutecart.outbox_log', 'UPDATE qutecart.outbox_log SET outcome = ''dead''', 'INSERT INTO qutecart.outbox_log (shop_id) VALUES (1)']) what;
SELECT * FROM finish();
ROLLBACK;
