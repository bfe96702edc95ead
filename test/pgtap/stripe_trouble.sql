-- test/pgtap/stripe_trouble.sql
-- Events that cannot be applied: what becomes of them, and that nobody else waits.
BEGIN;
\i test/pgtap/world/stripe.sql
SELECT no_plan();
INSERT INTO qutecart.shops (name) VALUES ('One') RETURNING id AS one \gset
INSERT INTO qutecart.users (name, email) VALUES ('Una', 'una@x.example') RETURNING id AS una \gset
INSERT INTO qutecart.shop_members (shop_id, user_id, role) VALUES (:one, :una, 'owner');
INSERT INTO qutecart.shops (name) VALUES ('Two') RETURNING id AS two \gset
CREATE FUNCTION tests.s(id text, happened numeric, changes jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT tests.subscription(id, happened, '{"id": "sub_1", "customer": "cus_1", "price": "price_starter", "period": [0, 1000000000]}' || changes) $$;
CREATE FUNCTION tests.event(id text) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', status, attempts, error) FROM qutecart.stripe_events e WHERE e.id = $1 $$;
-- Let the pause of an event be over.
CREATE FUNCTION tests.again(id text) RETURNS text LANGUAGE sql AS $$
    UPDATE qutecart.stripe_events e SET next_attempt_at = now() WHERE e.id = $1 AND e.status IN ('pending', 'parked');
    SELECT qutecart.apply_stripe_events()::text $$;

-- unknown
SELECT is(tests.deliver(tests.s('evt_1', 0, '{}')), '{"applied":0,"ignored":0,"parked":1,"failed":0,"dead":0}', 'S10: an event of nobody is parked');
SELECT is(tests.event('evt_1'), 'parked 1 neither metadata nor links name a shop', 'S10: with the reason');
SELECT cmp_ok(next_attempt_at - now(), '>=', interval '5 seconds', 'it waits a while') FROM qutecart.stripe_events;
SELECT cmp_ok(next_attempt_at - now(), '<=', interval '10 seconds', 'a short one at first') FROM qutecart.stripe_events;
SELECT is(tests.deliver(tests.s('evt_2', 1, jsonb_build_object('shop', 999999, 'id', 'sub_x', 'customer', 'cus_x'))), '{"applied":0,"ignored":0,"parked":1,"failed":0,"dead":0}',
    'an event of a shop that does not exist is parked');
SELECT is(tests.deliver(tests.subscription('evt_3', 2, jsonb_build_object('shop', :two, 'id', 'sub_2', 'customer', 'cus_2', 'price', 'price_growth'))),
    '{"applied":1,"ignored":0,"parked":0,"failed":0,"dead":0}', 'others do not wait for it');
SELECT is(tests.deliver(tests.invoice('evt_4', 3, '{"customer": "cus_2", "parent": {"subscription_details": {"subscription": "sub_unseen"}}}')),
    '{"applied":0,"ignored":0,"parked":1,"failed":0,"dead":0}', 'an invoice of a subscription that was never seen is parked');
SELECT is(tests.deliver(tests.s('evt_5', 4, jsonb_build_object('shop', :one, 'cancel_at_period_end', true))),
    '{"applied":2,"ignored":0,"parked":0,"failed":0,"dead":0}', 'S10: as soon as the shop is known, what waited is applied as well');
SELECT matches(tests.state(:one), '^active starter cancels ends', 'S10: in its order');
SELECT is(count(*), 1::bigint, 'S10: and the shop is told once') FROM qutecart.outbox WHERE shop_id = :one AND kind = 'mail.subscription_confirmation';

-- disagreement
SELECT is(tests.deliver(tests.s('evt_6', 5, jsonb_build_object('shop', :two))), '{"applied":0,"ignored":0,"parked":0,"failed":1,"dead":0}',
    'an event that names another shop than the subscription''s fails');
SELECT is(tests.event('evt_6'), 'pending 1 the subscription belongs to another shop than metadata.shop_id', 'with the reason');
SELECT tests.deliver(tests.s('evt_7', 5, jsonb_build_object('id', 'sub_7', 'shop', :two)));
SELECT is(tests.event('evt_7'), 'pending 1 the customer belongs to another shop than metadata.shop_id', 'metadata alone do not say whose subscription it is');
SELECT tests.deliver(tests.s('evt_8', 5, jsonb_build_object('id', 'sub_8', 'customer', 'cus_8', 'shop', :two)));
SELECT is(tests.event('evt_8'), 'pending 1 the shop that metadata.shop_id names has another customer', 'nor does a customer who was never seen');
SELECT matches(tests.state(:two), '^active growth ends', 'the shops stay as they are');
SELECT is(row(count(*), count(DISTINCT shop_id))::text, '(4,2)', 'as do the links') FROM qutecart.stripe_links;

-- poison
SELECT is(tests.deliver(tests.s('evt_p', 6, '{"status": "golden"}'), tests.s('evt_q', 7, '{"price": "price_unknown"}'),
    tests.s('evt_r', 8, '{"customer": null}'), tests.s('evt_a', 9, '{}') || '{"account": "acct_1"}', tests.s('evt_ok', 10, '{"status": "past_due"}')),
    '{"applied":1,"ignored":0,"parked":0,"failed":4,"dead":0}', 'S18: what cannot be understood holds up nothing, not even of its subscription');
SELECT results_eq('SELECT error FROM qutecart.stripe_events WHERE id ~ ''_[pqra]$'' ORDER BY id',
    ARRAY['the event is of another account', 'the subscription has no status that is known', 'neither the price nor metadata.plan_id names a plan',
        'no customer is named'], 'S12, S15: each says what is wrong');
SELECT matches(tests.state(:one), '^past_due starter grace ends', 'the next event is applied');
SELECT tests.again('evt_p') FROM generate_series(1, 10);
SELECT is(tests.event('evt_p'), 'pending 11 the subscription has no status that is known', 'S18: it is tried eleven times');
SELECT cmp_ok(next_attempt_at - now(), '>=', interval '80 minutes', 'S18: with growing pauses') FROM qutecart.stripe_events WHERE id = 'evt_p';
SELECT is(tests.again('evt_p'), '{"applied":0,"ignored":0,"parked":0,"failed":0,"dead":1}', 'S18: after the twelfth it is dead');
SELECT is(tests.event('evt_p'), 'dead 12 the subscription has no status that is known', 'S18: visible, with its error');
SELECT is(tests.deliver(), '{"applied":0,"ignored":0,"parked":0,"failed":0,"dead":0}', 'S18: and is not tried again');
SELECT is((qutecart.health() #>> '{stripe_events,dead}'), '1', 'S18: health counts it');
UPDATE qutecart.stripe_events SET payload = replace(convert_from(payload, 'UTF8'), 'golden', 'unpaid')::bytea, created_at = created_at WHERE id = 'evt_p';
SELECT is(qutecart.stripe_replay('evt_p'), true, 'S18: it can be replayed');
SELECT is(tests.deliver(), '{"applied":1,"ignored":0,"parked":0,"failed":0,"dead":0}', 'S18: and is applied once its cause is gone');
SELECT is(qutecart.stripe_replay('evt_none'), false, 'an event that does not exist is not');
SELECT matches(tests.state(:one), '^past_due starter', 'an older event does not undo a newer one');
UPDATE qutecart.plans SET stripe_price_id = 'price_unknown' WHERE slug = 'growth';
SELECT tests.again('evt_q');
SELECT is(tests.event('evt_q'), 'applied 2', 'an event of a new price is applied once a plan has it');
SELECT matches(tests.state(:one), '^past_due growth > starter', 'in its order: it was an upgrade, and what came after it a downgrade');

-- an error inside undoes all of one event and nothing of another
CREATE FUNCTION tests.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room'; END $$;
CREATE TRIGGER t99_fail BEFORE INSERT ON qutecart.stripe_links FOR EACH ROW WHEN (new.stripe_id = 'sub_9') EXECUTE FUNCTION tests.fail();
INSERT INTO qutecart.shops (name) VALUES ('Three') RETURNING id AS three \gset
INSERT INTO qutecart.shops (name) VALUES ('Four') RETURNING id AS four \gset
SELECT is(tests.deliver(tests.s('evt_f', 0, jsonb_build_object('id', 'sub_9', 'customer', 'cus_9', 'shop', :three)),
    tests.s('evt_g', 0, jsonb_build_object('id', 'sub_10', 'customer', 'cus_10', 'shop', :four))), '{"applied":1,"ignored":0,"parked":0,"failed":1,"dead":0}',
    'S18: an error in the middle fails one event only');
SELECT is(tests.state(:three), 'free free', 'and leaves nothing of it');
SELECT is(row((SELECT count(*) FROM qutecart.outbox WHERE shop_id = :three), (SELECT count(*) FROM qutecart.tenants WHERE shop_id = :three))::text, '(0,0)', 'no message, no subdomain');
SELECT matches(tests.state(:four), '^active starter', 'the other is applied');
DROP TRIGGER t99_fail ON qutecart.stripe_links;
SELECT tests.again('evt_f');
SELECT matches(tests.state(:three), '^active starter', 'it is applied as soon as it can');

-- rebuild
CREATE TEMPORARY TABLE seen AS SELECT tests.state(:one) AS state, (SELECT count(*) FROM qutecart.outbox) AS told;
SELECT is(qutecart.stripe_rebuild(:one), 1::bigint, 'a shop''s subscriptions are folded anew from the events');
SELECT is(row(tests.state(:one), (SELECT count(*) FROM qutecart.outbox))::text, row(state, told)::text, 'with the same result, told to nobody') FROM seen;
SELECT throws_ok('SELECT qutecart.stripe_rebuild(0)', 'QC404', 'shop not found', 'a shop that does not exist is not found');
SELECT * FROM finish();
ROLLBACK;
