-- test/pgtap/world/stripe.sql
-- Stripe, played by the test: bodies made from its published fixtures, signed and sent.
--
--   tests.subscription(id, happened, changes, type, before)   an event with a subscription
--   tests.invoice(id, happened, changes, type)                an event with an invoice
--       happened: seconds after 2026-01-01; changes: merged into the object, "period"
--       [start, end], "price" and "shop" (metadata.shop_id) put where they belong;
--       before: previous_attributes
--   tests.old(event)             the same in the shape before 2025-03-31
--   tests.send(event)            receive_stripe_event with a good signature
--   tests.deliver(event, …)      send all of them, apply what is due
--   tests.state(shop)            what the shop shows and the subscriptions it has
CREATE SCHEMA IF NOT EXISTS tests;
\set subscription `cat test/fixtures/stripe/subscription.json`
\set invoice `cat test/fixtures/stripe/invoice.json`
\set secret 'whsec_of_the_tests'
CREATE TABLE tests.fixtures AS SELECT :'subscription'::jsonb AS subscription, :'invoice'::jsonb AS invoice;

CREATE FUNCTION tests.xor(bytea, int) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT string_agg(decode(lpad(to_hex((CASE WHEN i < length($1) THEN get_byte($1, i) ELSE 0 END) # $2), 2, '0'),
        'hex'), '' ORDER BY i) FROM generate_series(0, 63) i $$;
CREATE FUNCTION tests.hmac(data bytea, key bytea) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(sha256(tests.xor(key, 92) || sha256(tests.xor(key, 54) || data)), 'hex') $$;
CREATE FUNCTION tests.sign(body text, at timestamptz DEFAULT clock_timestamp(), secret text DEFAULT 'whsec_of_the_tests')
RETURNS text LANGUAGE sql AS $$
    SELECT format('t=%s,v1=%s', t, tests.hmac(convert_to(t || '.' || body, 'UTF8'), convert_to(secret, 'UTF8')))
    FROM (SELECT extract(epoch FROM at)::bigint AS t) s $$;

CREATE FUNCTION tests.at(seconds numeric) RETURNS bigint LANGUAGE sql IMMUTABLE AS
    'SELECT 1767225600 + seconds::bigint';

CREATE FUNCTION tests.subscription(id text, happened numeric, changes jsonb,
    type text DEFAULT 'customer.subscription.updated', before jsonb DEFAULT NULL)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE event jsonb; object jsonb;
BEGIN
    SELECT f.subscription INTO event FROM tests.fixtures f;
    object := event #> '{data,object}';
    IF changes ? 'period' THEN
        object := jsonb_set(object, '{items,data,0,current_period_start}', to_jsonb(tests.at((changes #>> '{period,0}')::numeric)));
        object := jsonb_set(object, '{items,data,0,current_period_end}', to_jsonb(tests.at((changes #>> '{period,1}')::numeric)));
    END IF;
    IF changes ? 'price' THEN
        object := jsonb_set(object, '{items,data,0,price,id}', changes -> 'price');
    END IF;
    IF changes ? 'shop' THEN
        object := jsonb_set(object, '{metadata,shop_id}', changes -> 'shop');
    END IF;
    object := object || (changes - '{period,price,shop}'::text[]);
    event := event || jsonb_build_object('id', id, 'type', type, 'created', tests.at(happened));
    event := jsonb_set(event, '{data,object}', object);
    IF before IS NOT NULL THEN
        event := jsonb_set(event, '{data,previous_attributes}', before);
    END IF;
    RETURN event;
END $$;

CREATE FUNCTION tests.invoice(id text, happened numeric, changes jsonb DEFAULT '{}', type text DEFAULT 'invoice.payment_failed')
RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_set(f.invoice || jsonb_build_object('id', $1, 'type', $4, 'created', tests.at($2)),
        '{data,object}', (f.invoice #> '{data,object}') || jsonb_build_object('created', tests.at($2)) || $3)
    FROM tests.fixtures f $$;

CREATE FUNCTION tests.old(event jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT CASE WHEN event #> '{data,object,items}' IS NOT NULL THEN
        jsonb_set(event, '{data,object}', (event #> '{data,object}') #- '{items,data,0,current_period_start}'
            #- '{items,data,0,current_period_end}'
            || jsonb_build_object('current_period_start', event #> '{data,object,items,data,0,current_period_start}',
                'current_period_end', event #> '{data,object,items,data,0,current_period_end}'))
    ELSE jsonb_set(event #- '{data,object,parent}', '{data,object,subscription}',
        event #> '{data,object,parent,subscription_details,subscription}') END
        || '{"api_version": "2024-06-20"}' $$;

CREATE FUNCTION tests.send(event jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT qutecart.receive_stripe_event(convert_to(event::text, 'UTF8'), tests.sign(event::text))::text $$;

CREATE FUNCTION tests.deliver(VARIADIC events jsonb[]) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tests.send(e) FROM unnest(events) WITH ORDINALITY u (e, n) ORDER BY n;
    RETURN qutecart.apply_stripe_events(1000);
END $$;

CREATE FUNCTION tests.deliver() RETURNS text LANGUAGE sql AS 'SELECT qutecart.apply_stripe_events(1000)::text';

CREATE FUNCTION tests.plan(bigint) RETURNS text LANGUAGE sql STABLE AS
    'SELECT p.slug FROM qutecart.plans p WHERE p.id = $1';

CREATE FUNCTION tests.state(shop bigint) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', s.subscription_status, tests.plan(s.plan_id), '> ' || tests.plan(s.pending_plan_id),
        CASE WHEN s.cancel_at_period_end THEN 'cancels' END, CASE WHEN s.grace_ends_at IS NOT NULL THEN 'grace' END,
        'ends ' || extract(epoch FROM s.subscription_ends_at)::bigint - 1767225600,
        'trial ' || extract(epoch FROM s.trial_ends_at)::bigint - 1767225600,
        (SELECT string_agg(format('| %s %s %s %s', c.stripe_subscription_id, c.status, tests.plan(c.plan_id),
            c.stripe_folded_event), ' ' ORDER BY c.stripe_subscription_id)
         FROM qutecart.subscriptions c WHERE c.shop_id = s.id))
    FROM qutecart.shops s WHERE s.id = shop $$;

UPDATE qutecart.plans SET stripe_price_id = 'price_' || slug, stripe_yearly_price_id = 'price_' || slug || '_yearly'
WHERE slug <> 'free';
