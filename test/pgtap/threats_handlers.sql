-- test/pgtap/threats_handlers.sql
-- T18, T54: code that runs past row-level security gives the same answers as it would
-- under it.  Every handler of a route is asked, so a new one is tested as soon as it has
-- a route.
BEGIN;
\ir world/two_shops.sql
SELECT no_plan();

-- A call of a handler: the given id where it wants one, something of the type elsewhere.
CREATE FUNCTION tests.call(handler regproc, id bigint) RETURNS text LANGUAGE sql AS $$
    SELECT format('SELECT %s(%s)::text', handler, string_agg(format('%I => %s', p.proargnames[n],
        CASE WHEN t.name IN ('bigint', 'integer') THEN id::text
             WHEN t.name LIKE '%[]' THEN '''{}''' WHEN t.name LIKE 'json%' THEN '''{}''' ELSE '''x''' END), ', ') FILTER (WHERE n IS NOT NULL))
    FROM pg_proc p LEFT JOIN generate_series(1, p.pronargs - p.pronargdefaults) n ON true
    LEFT JOIN LATERAL (SELECT format_type(p.proargtypes[n - 1], NULL)) t (name) ON true
    WHERE p.oid = handler GROUP BY p.oid $$;
-- What a call answers: the words, whatever they are about.
CREATE FUNCTION tests.answer(who text, doing text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE answer text; state text;
BEGIN
    PERFORM tests.become(who);
    EXECUTE doing INTO answer;
    RAISE EXCEPTION USING ERRCODE = 'QCT01', MESSAGE = coalesce(answer, 'null');
EXCEPTION
    WHEN SQLSTATE 'QCT01' THEN RETURN SQLERRM;
    WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE;
        RETURN state || ' ' || SQLERRM;
END $$;
CREATE TEMP VIEW handlers AS
    SELECT DISTINCT r.actor, p.oid::regproc AS handler, p.pronargs - p.pronargdefaults AS required, p.provolatile,
        r.path ~ '\{' AS has_id, p.proargnames
    FROM qutecart.routes r JOIN pg_proc p ON p.oid = to_regproc(r.handler)
    WHERE r.actor <> 'anyone' AND p.pronamespace = 'qutecart'::regnamespace;

-- Nothing of somebody else's is in any answer.
SELECT unalike(tests.answer(w.who, tests.call(h.handler, 0)), m.mark,
    format('T54: %s tells %s nothing of %s', h.handler, w.who, m.mark))
FROM handlers h, (VALUES ('ann', '%rake%'), ('ann', '%shop of bob%'), ('ann', '%dora%'), ('ann', '%eveline%'), ('ann', '%RCB%'),
    ('carl', '%B2%'), ('carl', '%dora%')) w (who, mark), LATERAL (SELECT w.mark) m (mark)
WHERE h.required = 0 AND h.provolatile = 's';

-- Somebody else's id and one that nobody has get the same words.
SELECT is((SELECT string_agg(DISTINCT regexp_replace(tests.answer(w.who, tests.call(h.handler, i.id)), '\m' || i.id || '\M', 'N', 'g'), ' / ')
    FROM (VALUES (tests.id('rake')), (tests.id('dora')), (tests.id('eveline')), (tests.id('bob')), (tests.id('shop of bob')),
        ((SELECT o.id FROM qutecart.orders o WHERE o.order_code = 'B2')), (999999999)) i (id)
    -- Ids of different things may be equal: one that is ann's own product tells nothing.
    WHERE NOT EXISTS (SELECT FROM qutecart.products p WHERE p.id = i.id AND p.shop_id = tests.id('shop of ann'))),
    regexp_replace(tests.answer(w.who, tests.call(h.handler, 999999999)), '\m999999999\M', 'N', 'g'),
    format('T18: %s tells %s of nobody else''s row', h.handler, w.who))
FROM handlers h, (VALUES ('ann'), ('dora')) w (who)
WHERE h.has_id AND (w.who = 'ann' OR h.actor = 'member');
SELECT isnt(tests.answer('ann', format('SELECT %s(shop_id => %s)', h.handler, s.id)) ~ '^QC404', false,
    format('T54: %s does not answer for the shop %s', h.handler, s.name))
FROM handlers h, (VALUES ('of somebody else', tests.id('shop of bob')), ('that does not exist', 999999999)) s (name, id)
WHERE h.actor = 'member' AND h.required = 0 AND 'shop_id' = ANY (h.proargnames);

-- The same rows as under row-level security.
SELECT is((SELECT string_agg(m[1], ',' ORDER BY m[1]) FROM regexp_matches(tests.answer('ann', 'SELECT qutecart.list_shop_orders()::text'),
        '"order_code" ?: ?"(?:#RC)?([^"]+)"', 'g') m),
    (SELECT string_agg(m[1], ',' ORDER BY m[1]) FROM regexp_matches(tests.answer('ann', 'SELECT json_agg(o)::text FROM qutecart.orders o'),
        '"order_code" ?: ?"(?:#RC)?([^"]+)"', 'g') m), 'T54: the orders of a shop are those its member sees');
SELECT is((SELECT string_agg(m[1], ',' ORDER BY m[1]) FROM regexp_matches(tests.answer('carl', 'SELECT qutecart.list_orders()::text'),
        '"order_code" ?: ?"(?:#RC)?([^"]+)"', 'g') m),
    (SELECT string_agg(m[1], ',' ORDER BY m[1]) FROM regexp_matches(tests.answer('carl', 'SELECT json_agg(o)::text FROM qutecart.orders o'),
        '"order_code" ?: ?"(?:#RC)?([^"]+)"', 'g') m), 'T54: and those of a customer those he sees');
SELECT cmp_ok((SELECT count(*) FROM handlers)::integer, '>', 10, 'there are handlers to ask');

-- T41: what triggers write for a shop is that shop's
SELECT is(tests.probe('ann', format('INSERT INTO qutecart.products (shop_id, name, handle, price) VALUES (%s, ''new'', ''new'', 1)', tests.id('shop of ann')),
    format('SELECT count(*) FROM qutecart.catalogue c WHERE c.name = ''new'' AND c.shop_id = %s', tests.id('shop of ann'))), '1',
    'T41: a trigger writes for the shop of the row');
SELECT is(tests.probe('ann', NULL, format('SELECT qutecart.usage(%s)::text', tests.id('shop of bob'))), 'refused QC404',
    'T41: and counts are read for one''s own shop only');

SELECT * FROM finish();
ROLLBACK;
