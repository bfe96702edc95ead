-- test/pgtap/outbox_claim.sql
-- Which messages are taken, in which order, and what their results do.
BEGIN;
\i test/pgtap/world/outbox.sql
SELECT no_plan();

-- Order per key
SELECT tests.put(n, 1, k) FROM (VALUES ('1', 'a'), ('2', 'a'), ('3', 'b'), ('4', 'a'), ('5', '')) v (n, k);
SELECT is(tests.claim(), '1 3 5', 'O12: the first of each key is taken, and what has none');
SELECT is(tests.waiting(), '1 leased, 2 parked, 3 leased, 4 parked, 5 leased', 'the others are parked');
SELECT is(tests.claim(), '', 'nothing is taken twice');
SELECT is(tests.settle('3', 'delivered'), true, 'one is delivered');
SELECT is(tests.claim(), '', 'O12: which lets nothing of another key go');
SELECT is(tests.settle('1', 'retry'), true, 'one fails');
SELECT is(tests.claim(), '', 'O12: what comes after it waits with it');
SELECT tests.later();
SELECT is(tests.claim(), '1', 'O12: and it is tried again before them');
SELECT is(tests.settle('1', 'delivered'), true, 'when it has arrived');
SELECT is(tests.claim(), '2', 'O12: the next one goes');
SELECT is(tests.settle('2', 'dead'), true, 'or when it is given up');
SELECT is(tests.claim(), '4', 'O12: the one after that');
SELECT tests.put('6', 1, 'a');
SELECT tests.put('7', 2, 'a');
SELECT is(tests.claim(), '7', 'the same key in another lane is another key');
SELECT tests.settle(n, 'delivered') FROM unnest(ARRAY['4', '5', '7']) n;
SELECT is(tests.claim(), '6', 'what was enqueued meanwhile takes its turn');
SELECT tests.settle('6', 'delivered');
SELECT is(tests.waiting(), '', 'and all have gone');

-- A key with many messages costs one visit each
SELECT count(tests.put('k' || n, 1, 'a')) FROM generate_series(1, 500) n;
SELECT tests.put('other', 1, 'b');
SELECT is(tests.claim(100, 8), 'k1 other', 'O12: behind 500 messages of one key another key''s is found');
SELECT is((SELECT count(*) FROM qutecart.outbox WHERE state = 'parked'), 499::bigint, 'which are parked once');
DELETE FROM qutecart.outbox;

-- Fairness
SELECT count(tests.put('a' || n, 1)) FROM generate_series(1, 20) n;
SELECT tests.put('b' || n, 2) FROM generate_series(1, 2) n;
SELECT tests.put('c' || n, 3) FROM generate_series(1, 2) n;
SELECT is(tests.claim(100, 3), 'a1 a2 a3 b1 b2 c1 c2', 'O13: a few of each lane are taken');
SELECT is(tests.claim(100, 3), '', 'O13: and no more while they are in flight');
SELECT is(tests.settle('a1', 'delivered'), true, 'one comes back');
SELECT is(tests.claim(100, 3), 'a4', 'O13: and leaves room for the next of its lane');
DELETE FROM qutecart.outbox;
SELECT count(tests.put(s || 'x' || n, s)) FROM generate_series(1, 9) s, generate_series(1, 2) n;
SELECT is(tests.claim(1, 1) <> tests.claim(1, 1), true, 'O13: the next claim begins where the last one ended');
SELECT is(array_length(string_to_array(tests.claim(100, 1), ' '), 1), 7, 'O13: until all lanes had their turn');
DELETE FROM qutecart.outbox;

-- Due times
SELECT qutecart.enqueue('mail.test', jsonb_build_object('n', n), 1, '', now() + d * interval '1 hour') FROM (VALUES ('late', 2), ('soon', 1)) v (n, d);
SELECT is(tests.claim(), '', 'what is not due is not taken');
UPDATE qutecart.outbox SET due_at = now() - interval '1 second' * ascii(payload ->> 'n');
SELECT is(tests.claim(), 'soon late', 'what is due is, the earliest first');
DELETE FROM qutecart.outbox;

-- Fencing
SELECT tests.put('1');
SELECT is(tests.claim(), '1', 'a message is on lease');
SELECT tests.token('1') AS old, tests.message('1') AS id \gset
UPDATE qutecart.outbox SET leased_until = now() - interval '1 second';
SELECT is(tests.claim(), '1', 'when the lease is over somebody else gets it');
SELECT is(qutecart.outbox_settle(:id, :old, 'delivered'), false, 'O06: the first one''s result comes too late');
SELECT is(qutecart.outbox_settle(:id, :old, 'retry'), false, 'O06: whatever it is');
SELECT is(row(attempts, lease_token IS NULL, state)::text, '(0,f,ready)', 'O06: and changes nothing') FROM qutecart.outbox;
SELECT is((SELECT count(*) FROM qutecart.outbox_log WHERE message_id = :id), 0::bigint, 'O06: nor is it logged');
SELECT is((SELECT count(*) FROM qutecart.outbox_circuits), 0::bigint, 'O06: nor does it count for the lane');
SELECT is(tests.settle('1', 'delivered'), true, 'the second one''s counts');
SELECT is(tests.settle('1', 'delivered'), false, 'once');

-- The log
SELECT is(row(kind, attempt, outcome, payload ->> 'n')::text, '(mail.test,1,delivered,1)', 'the log keeps what was sent') FROM qutecart.outbox_log WHERE message_id = :id;
SELECT tests.put('2', 5);
SELECT tests.claim();
SELECT tests.settle('2', 'retry', 'The server said no.', 500, E'caf\u00e9' || repeat('x', 2000));
SELECT is(row(shop_id, attempt, outcome, status, reason, length(response), left(response, 5), payload)::text,
    '(5,1,retry,500,"The server said no.",1023,caféx,)', 'a failed attempt is logged, with the beginning of the answer and without the payload')
FROM qutecart.outbox_log ORDER BY id DESC LIMIT 1;
SELECT is(attempts, 1, 'and counted') FROM qutecart.outbox;
SELECT tests.later();
SELECT tests.claim();
SELECT tests.settle('2', 'postponed', NULL, NULL, NULL, 300);
SELECT is(row(attempts, state, due_at > now() + interval '290 seconds', (SELECT count(*) FROM qutecart.outbox_log l WHERE l.message_id = o.id))::text, '(1,waiting,t,1)',
    'what was not tried waits, uncounted and unlogged') FROM qutecart.outbox o;
SELECT throws_ok($$SELECT qutecart.outbox_settle(1, 1, 'lost')$$, '22023', 'unrecognized outcome: "lost"', 'there are four outcomes');

-- Backoff
DELETE FROM qutecart.outbox; DELETE FROM qutecart.outbox_circuits;
SELECT tests.put('3');
CREATE FUNCTION tests.fail_once(retry_after integer DEFAULT NULL) RETURNS interval LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tests.later();
    PERFORM tests.claim();
    PERFORM tests.settle('3', 'retry', NULL, 503, NULL, retry_after);
    RETURN (SELECT due_at - clock_timestamp() FROM qutecart.outbox);
END $$;
SELECT cmp_ok(tests.fail_once(), '<=', '5 seconds'::interval, 'O10: the first retry comes within 5 seconds');
SELECT cmp_ok(tests.fail_once(), '<=', '5 minutes'::interval, 'O10: the second within 5 minutes');
SELECT cmp_ok(tests.fail_once(3600), '>', '59 minutes'::interval, 'O10: Retry-After is honoured');
SELECT cmp_ok(tests.fail_once(864000), '<=', '24 hours'::interval, 'O10: up to 24 hours');
SELECT count(tests.fail_once()) FROM generate_series(1, 5);
SELECT is(attempts, 9, 'O09: nine attempts have failed') FROM qutecart.outbox;
SELECT is(tests.fail_once(), NULL, 'O09: the tenth is the last');
SELECT is(row(attempt, outcome, status, reason, payload ->> 'n')::text, '(10,dead,503,"Given up after 10 attempts.",3)', 'O09: it is given up, with its payload')
FROM qutecart.outbox_log ORDER BY id DESC LIMIT 1;

-- Circuits
DELETE FROM qutecart.outbox_circuits;
SELECT tests.put('f' || n, 1) FROM generate_series(1, 20) n;
SELECT tests.put('g', 2);
SELECT is(tests.claim(100, 4), 'f1 f2 f3 f4 g', 'all lanes are well');
SELECT tests.settle(n, 'retry') FROM unnest(ARRAY['f1', 'f2', 'f3', 'f4']) n;
SELECT is(row(failures, closed_until, failing_since IS NULL)::text, '(4,,f)', 'O10: four failures are counted') FROM qutecart.outbox_circuits;
SELECT is(tests.claim(100, 4), 'f5 f6 f7 f8', 'O10: and the lane goes on');
SELECT tests.settle(n, 'retry') FROM unnest(ARRAY['f5', 'f6', 'f7', 'f8']) n;
SELECT is(row(failures, closed_until > now() + interval '29 seconds', closed_until < now() + interval '40 seconds')::text, '(5,t,t)',
    'O10: the fifth closes it for 30 seconds; what was in flight with it counts no more') FROM qutecart.outbox_circuits;
SELECT is(tests.claim(100, 4), '', 'O10: nothing is taken from a closed lane');
SELECT is((SELECT sum(attempts) FROM qutecart.outbox WHERE state <> 'waiting'), 0::bigint, 'O10: so nothing in it loses attempts');
SELECT tests.put('h', 2);
SELECT is(tests.claim(100, 4), 'h', 'O13: other lanes go on');
UPDATE qutecart.outbox_circuits SET closed_until = now();
SELECT is(tests.claim(100, 4), 'f9', 'O10: when the time is over one message goes to see');
SELECT is(tests.claim(100, 4), '', 'O10: alone');
SELECT tests.settle('f9', 'retry');
SELECT is(row(failures, closed_until > now() + interval '59 seconds')::text, '(6,t)', 'O10: it fails, and the lane is closed for twice as long') FROM qutecart.outbox_circuits;
UPDATE qutecart.outbox_circuits SET closed_until = now();
SELECT is(tests.claim(100, 4), 'f10', 'the next one goes to see');
SELECT tests.settle('f10', 'delivered');
SELECT is((SELECT count(*) FROM qutecart.outbox_circuits), 0::bigint, 'O10: it arrives, and all is forgotten');
SELECT is(tests.claim(100, 4), 'f11 f12 f13 f14', 'O10: and the lane is open');
SELECT tests.settle('f11', 'dead');
SELECT is((SELECT count(*) FROM qutecart.outbox_circuits), 0::bigint, 'a message that is wrong in itself says nothing of its lane');

-- Notes
INSERT INTO qutecart.outbox_notes (wish, lane) SELECT 'hold', lane FROM qutecart.outbox WHERE payload ->> 'n' = 'f12';
SELECT tests.settle('f12', 'delivered');
SELECT is(tests.claim(100, 4), '', 'a lane on hold gives nothing');
SELECT tests.settle(n, 'delivered') FROM unnest(ARRAY['f13', 'f14']) n;
SELECT is(tests.claim(100, 4), '', 'whatever comes back of what was in flight');
INSERT INTO qutecart.outbox_notes (wish, lane) SELECT 'open', lane FROM qutecart.outbox WHERE payload ->> 'n' = 'f15';
SELECT is(tests.claim(100, 2), 'f15 f16', 'until it is opened');
SELECT is((SELECT count(*) FROM qutecart.outbox_notes), 0::bigint, 'notes are done once');
SELECT * FROM finish();
ROLLBACK;
