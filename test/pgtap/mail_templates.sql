-- test/pgtap/mail_templates.sql
-- Every mail in every language: filled, escaped, readable; and what an operator may store.
BEGIN;
\ir world/people.sql
SELECT no_plan();
CREATE FUNCTION tests.complaint(sql text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE state text; slug text; said text;
BEGIN
    EXECUTE sql;
    RETURN 'none';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, slug = CONSTRAINT_NAME, said = MESSAGE_TEXT;
    RETURN concat_ws(' ', state, slug, said);
END $$;
CREATE TEMPORARY TABLE words (locale text) ON COMMIT DROP;
INSERT INTO words VALUES ('en'), ('de'), ('ar'), ('bn');

-- Data beside the samples, so that every section of every mail is shown once.
CREATE TEMPORARY VIEW variants AS
    SELECT k.name, k.sample || v.changes AS data, v.changes
    FROM qutecart.mail_kinds k CROSS JOIN LATERAL (SELECT '{}'::jsonb UNION ALL
        SELECT c.changes::jsonb FROM (VALUES
        ('subscription_confirmation', '{"trial_days": 0, "trial_ends_at": null, "subdomain": null, "has_priority_support": false}'),
        ('subscription_confirmation', '{"products_limit": -1, "orders_per_month": -1, "storage_mb": -1, "staff_accounts": -1, "to_name": null}'),
        ('subscription_confirmation', '{"products_limit": 1, "orders_per_month": 1, "storage_mb": 1, "staff_accounts": 1, "trial_days": 1}'),
        ('subscription_confirmation', '{"products_limit": 2, "orders_per_month": 3, "storage_mb": 11, "staff_accounts": 0, "trial_days": 2}'),
        ('payment_failed', '{"attempt": 1, "is_urgent": false, "next_attempt_at": null}'),
        ('trial_ending', '{"days_left": 1, "is_yearly": true}'),
        ('limit_warning', '{"is_reached": true, "percent": 100, "limit_type": "orders"}'),
        ('limit_warning', '{"is_reached": true, "limit_type": "products"}'),
        ('limit_warning', '{"is_reached": false, "limit_type": "staff"}'),
        ('order_limit_reached', '{"limit": 1}'),
        ('usage_report', '{"usage": []}'),
        ('subscription_upgraded', '{"products_limit": -1, "orders_per_month": -1, "storage_mb": -1, "staff_accounts": -1, "is_yearly": true}'),
        ('downgrade_scheduled', '{"next_products_limit": -1, "next_orders_per_month": -1, "next_storage_mb": -1, "next_staff_accounts": -1}'),
        ('subscription_canceled', '{"ends_at": null}'),
        ('payment_succeeded', '{"invoice_url": null}'),
        ('welcome', '{"is_seller": false, "shop_name": null}'),
        ('welcome', '{"is_under_review": true}'),
        ('verification_code', '{"minutes": 1}'),
        ('password_reset', '{"minutes": 2}'),
        ('staff_invited', '{"has_account": false}')) c (name, changes) WHERE c.name = k.name) v (changes);

-- Filled
SELECT is((SELECT string_agg(name, ' ' ORDER BY name) FROM qutecart.mail_kinds),
    'downgrade_scheduled limit_warning order_limit_reached password_reset payment_failed payment_succeeded staff_invited subscription_canceled'
    ' subscription_confirmation subscription_upgraded trial_ending usage_report verification_code webhook_endpoint_disabled welcome', 'there are fifteen mails');
SELECT is((SELECT count(*) FROM qutecart.mail_templates), 60::bigint, 'each in four languages');
SELECT ok(m.part <> '' AND m.part !~ '\{\{|\}\}' AND (p.part <> 'subject' OR m.part !~ '[\r\n]') AND (p.part = 'html') = (m.part ~ '<html'),
    format('%s in %s: its %s is filled (%s)', v.name, w.locale, p.part, v.changes))
FROM variants v, words w, (VALUES ('subject'), ('html'), ('text')) p (part), LATERAL qutecart.mail_preview(v.name, v.data, w.locale, p.part) m (part);
SELECT ok(m.html ~ 'max-width:600px' AND m.html !~* '<style|<script|class=|<img|javascript:|text-align:(left|right)|float:' AND m.html ~ 'name="viewport"'
    AND m.html ~ (' lang="' || w.locale || '" dir="' || CASE w.locale WHEN 'ar' THEN 'rtl' ELSE 'ltr' END || '"'),
    format('%s in %s: styles stand inline, in one narrow column, for its direction of writing', k.name, w.locale))
FROM qutecart.mail_kinds k, words w, LATERAL qutecart.mail_preview(k.name, NULL, w.locale) m (html);
SELECT is(k.is_transactional, m.html !~ 'unsubscribe', format('%s in %s: who need not get it can end it', k.name, w.locale))
FROM qutecart.mail_kinds k, words w, LATERAL qutecart.mail_preview(k.name, NULL, w.locale) m (html);
SELECT is((SELECT string_agg(name, ' ' ORDER BY name) FROM qutecart.mail_kinds WHERE NOT is_transactional), 'limit_warning usage_report', 'these are two');

-- Nothing may be missing
SELECT matches(tests.complaint(format('SELECT qutecart.mail_preview(%L, %L::jsonb - %L, %L)', k.name, k.sample, f.key, w.locale)),
    '^QC422 validation_failed .*"' || f.key || '" is missing', format('%s in %s: without %s it is refused', k.name, w.locale, f.key))
FROM qutecart.mail_kinds k, words w, LATERAL jsonb_object_keys(k.sample) f (key) WHERE f.key <> 'to_name';
SELECT matches(tests.complaint(format('SELECT qutecart.mail_preview(%L, %L, %L)', 'usage_report', k.sample #- ARRAY['usage', '0', f.key], w.locale)),
    '^QC422 validation_failed .*"' || f.key || '[.a-z_]*" is missing', format('usage_report in %s: without %s of a line it is refused', w.locale, f.key))
FROM qutecart.mail_kinds k, words w, (VALUES ('metric'), ('used'), ('limit'), ('percent')) f (key) WHERE k.name = 'usage_report';
SELECT matches(tests.complaint(format('SELECT qutecart.mail_preview(%L, %L)', k.name, k.sample || jsonb_build_object('shop_name', NULL))),
    '"shop_name" is missing', format('%s: null is missing as well', k.name))
FROM qutecart.mail_kinds k WHERE k.sample ? 'shop_name';
SELECT is(tests.complaint('SELECT qutecart.mail_preview(''no_such'')'), 'QC404 not_found mail template "no_such" not found', 'an unknown mail is refused');
SELECT matches(tests.complaint('SELECT qutecart.mail_preview(''welcome'', NULL, NULL, ''body'')'), '^QC422 ', 'an unknown part too');
SELECT matches(tests.complaint('SELECT qutecart.mail_preview(''welcome'', ''[]'')'), '^QC422 ', 'data that are no object too');
SELECT matches(tests.complaint(format('SELECT qutecart.mail_preview(''welcome'', %L)', '{"a": ' || repeat('[', 40) || repeat(']', 40) || '}')), '^QC422 ', 'or nested too deeply');

-- The words of the contract, and its numbers
CREATE FUNCTION tests.reads(name text, part text, changes jsonb DEFAULT '{}', locale text DEFAULT 'en') RETURNS text LANGUAGE sql AS $$
    SELECT qutecart.mail_preview($1, (SELECT k.sample || changes FROM qutecart.mail_kinds k WHERE k.name = $1), $4, $2) $$;
SELECT is(tests.reads(m.name, 'subject', m.changes, m.locale), m.wanted, 'the subject of ' || m.name || ': ' || m.wanted) FROM (VALUES
    ('subscription_confirmation', '{}'::jsonb, 'en', 'Welcome to Growth 🎉'),
    ('payment_failed', '{}', 'en', 'Payment Failed - Action Required'),
    ('trial_ending', '{}', 'en', 'Your Trial Ends in 3 Days'),
    ('trial_ending', '{"days_left": 1}', 'en', 'Your Trial Ends in 1 Day'),
    ('trial_ending', '{"days_left": 1}', 'de', 'Ihr Probezeitraum endet in 1 Tag'),
    ('trial_ending', '{"days_left": 2}', 'ar', 'تنتهي فترتك التجريبية خلال يومين'),
    ('trial_ending', '{"days_left": 11}', 'ar', 'تنتهي فترتك التجريبية خلال 11 يومًا'),
    ('trial_ending', '{"days_left": 14}', 'bn', 'আপনার ট্রায়াল ১৪ দিনের মধ্যে শেষ হচ্ছে'),
    ('limit_warning', '{}', 'en', 'Storage Limit Approaching'),
    ('limit_warning', '{"is_reached": true, "limit_type": "products"}', 'en', 'Product Limit Reached'),
    ('order_limit_reached', '{}', 'en', 'Order Limit Reached'),
    ('subscription_canceled', '{"ends_at": null}', 'en', 'Your Growth Subscription Has Ended'),
    ('payment_succeeded', '{}', 'en', 'We Received Your Payment of $99.00'),
    ('usage_report', '{}', 'de', 'Ada''s Teas im Oktober 2026')) m (name, changes, locale, wanted);
SELECT ok(strpos(tests.reads(m.name, 'text', m.changes, m.locale), m.wanted) > 0, format('%s says: %s', m.name, m.wanted)) FROM (VALUES
    ('subscription_confirmation', '{}'::jsonb, 'en', '14 Days Free'),
    ('subscription_confirmation', '{}', 'en', 'November 24, 2026'),
    ('subscription_confirmation', '{}', 'en', 'https://adas-teas.qutekart.com'),
    ('subscription_confirmation', '{}', 'en', '- 1,000 products'),
    ('subscription_confirmation', '{}', 'en', '- 5,000 orders per month'),
    ('subscription_confirmation', '{}', 'en', '- 10,240 MB of storage'),
    ('subscription_confirmation', '{"products_limit": -1}', 'en', '- Unlimited products'),
    ('subscription_confirmation', '{"trial_days": 1}', 'en', '1 Day Free'),
    ('subscription_confirmation', '{}', 'de', 'bis zum 24. November 2026'),
    ('subscription_confirmation', '{}', 'de', '- 10.240 MB Speicher'),
    ('subscription_confirmation', '{"products_limit": 123456}', 'bn', '- ১,২৩,৪৫৬টি পণ্য'),
    ('payment_failed', '{}', 'en', 'Amount: $99.00 USD'),
    ('payment_failed', '{"amount": "2900", "currency": "JPY"}', 'en', 'Amount: ¥2,900 JPY'),
    ('payment_failed', '{}', 'en', 'Attempt: 3'),
    ('payment_failed', '{}', 'en', 'URGENT: this was attempt 3'),
    ('payment_failed', '{}', 'en', 'Next attempt: January 15, 2027'),
    ('payment_failed', '{}', 'en', '/seller/billing'),
    ('trial_ending', '{}', 'en', '$99.00 per month'),
    ('trial_ending', '{"is_yearly": true, "price": "950.40"}', 'en', '$950.40 per year'),
    ('trial_ending', '{}', 'de', E'99,00\u00A0$ pro Monat'),
    ('limit_warning', '{}', 'en', '90%: 1,844 of 2,048 MB'),
    ('limit_warning', '{}', 'en', '/seller/plans'),
    ('limit_warning', '{"limit_type": "orders", "is_reached": true}', 'en', 'orders of your customers are refused'),
    ('order_limit_reached', '{}', 'en', 'refused until December 1, 2026'),
    ('usage_report', '{}', 'en', '- Products: 82 of 100 (82%)'),
    ('usage_report', '{}', 'en', '- Orders: 1,204, unlimited'),
    ('downgrade_scheduled', '{}', 'en', 'On December 21, 2026'),
    ('webhook_endpoint_disabled', '{}', 'en', 'since November 16, 2026'),
    ('verification_code', '{}', 'en', '482913'),
    ('verification_code', '{"minutes": 1}', 'en', 'valid for 1 minute.'),
    ('staff_invited', '{}', 'en', '/seller/invitations/17')) m (name, changes, locale, wanted);
SELECT ok(strpos(tests.reads(m.name, 'text', m.changes), m.unwanted) = 0, format('%s does not say: %s (%s)', m.name, m.unwanted, m.changes)) FROM (VALUES
    ('subscription_confirmation', '{"trial_days": 0}'::jsonb, 'Free'),
    ('subscription_confirmation', '{"subdomain": null}', 'storefront'),
    ('subscription_confirmation', '{"subdomain": null}', 'address of your own'),
    ('subscription_confirmation', '{"has_priority_support": false}', 'Priority support'),
    ('payment_failed', '{"is_urgent": false}', 'URGENT'),
    ('payment_failed', '{"next_attempt_at": null}', 'Next attempt'),
    ('payment_succeeded', '{"invoice_url": null}', 'View invoice'),
    ('welcome', '{"is_seller": false, "shop_name": null}', 'Free plan')) m (name, changes, unwanted);
SELECT ok(strpos(tests.reads(m.name, 'html', m.changes), m.colour) > 0, format('the header of %s is %s', m.name, m.what)) FROM (VALUES
    ('subscription_confirmation', '{}'::jsonb, 'linear-gradient(135deg,#7c3aed', 'a violet gradient'), ('payment_failed', '{}', '#dc2626', 'red'),
    ('trial_ending', '{}', '#ea580c', 'orange'), ('limit_warning', '{}', '#d97706', 'amber'),
    ('limit_warning', '{"is_reached": true}', '#b45309', 'a deeper amber when the limit is reached')) m (name, changes, colour, what);
SELECT ok(strpos(tests.reads('limit_warning', 'html', jsonb_build_object('percent', n)), format('<td width="%s%%"', least(greatest(n, 1), 100))) > 0, format('the bar shows %s %%', n))
FROM unnest(ARRAY[0, 80, 100, 250]) n;
SELECT ok(h.html ~ 'href="https://qutekart.com/help"' AND h.html ~ 'href="https://qutekart.com/contact"' AND h.html ~ 'href="https://qutekart.com"'
    AND h.html ~ ('© ' || extract(year FROM now()) || ' QuteCart'), k.name || ' ends with the links and the year')
FROM qutecart.mail_kinds k, LATERAL qutecart.mail_preview(k.name) h (html);
SAVEPOINT settings;
UPDATE qutecart.settings SET value = '"My Market"' WHERE key = 'app_name';
UPDATE qutecart.settings SET value = '"https://pay.test/portal"' WHERE key = 'billing_page';
SELECT is(qutecart.mail_preview('welcome', part => 'subject'), 'Welcome to My Market', 'the marketplace has the operator''s name');
UPDATE qutecart.settings SET value = '"packages"' WHERE key = 'plans_page';
SELECT ok(t.mail ~ 'https://pay.test/portal' AND t.mail ~ 'https://qutekart.com/packages', 'links lead where he says')
FROM qutecart.mail_preview('payment_failed', part => 'text') t (mail);
UPDATE qutecart.settings SET value = '"de"' WHERE key = 'default_locale';
SELECT is(qutecart.mail_preview('welcome', part => 'subject'), 'Willkommen bei My Market', 'who chose no language gets the marketplace''s');
SELECT is(qutecart.mail_preview('welcome', locale => 'de-AT', part => 'subject'), 'Willkommen bei My Market', 'a language''s variant is the language');
SELECT is(qutecart.mail_preview('welcome', locale => 'fr', part => 'subject'), 'Willkommen bei My Market', 'a language without words too gets the marketplace''s');
ROLLBACK TO settings;

-- Escaping (O34): what a vendor writes is never markup
CREATE FUNCTION tests.evil() RETURNS text LANGUAGE sql AS $$SELECT E'<script>alert(1)</script>"\' &amp; {{code}} \r\nBcc: x@y.example'$$;
SELECT ok(h.html !~ '<script' AND h.html ~ '&lt;script&gt;alert\(1\)&lt;/script&gt;&quot;&#39; &amp;amp; \{\{code\}\}', format('O34: %s in %s: a shop''s name is text', k.name, w.locale))
FROM qutecart.mail_kinds k, words w, LATERAL qutecart.mail_preview(k.name, k.sample || jsonb_build_object('shop_name', tests.evil()), w.locale) h (html) WHERE k.sample ? 'shop_name';
SELECT ok(s.subject !~ '[[:cntrl:]]', format('O25: %s: no line break comes into a subject', k.name))
FROM qutecart.mail_kinds k, LATERAL qutecart.mail_preview(k.name, (SELECT k.sample || jsonb_object_agg(f.key, E'a\r\nBcc: x@y.example' || E'\u2028\u0085b')
    FROM jsonb_each(k.sample) f WHERE NOT k.fields ? f.key AND jsonb_typeof(f.value) = 'string' AND f.key !~ 'currency'), NULL, 'subject') s (subject);
SELECT is(tests.reads('staff_invited', 'subject', '{"shop_name": "A\r\n\r\nB"}'), 'A B Invites You', 'O25: it becomes a blank');
SELECT ok(strpos(tests.reads('welcome', 'text', '{"shop_name": "Tea & <Co>"}'), 'Tea & <Co>') > 0, 'text is not escaped');
SELECT ok(h.html !~ 'href="javascript', 'no data become a link of ours') FROM (SELECT tests.reads('payment_failed', 'html', '{"billing_url": "javascript:alert(1)", "app_url": "javascript:alert(1)"}')) h (html);
SELECT ok(length(tests.reads('staff_invited', 'subject', jsonb_build_object('shop_name', repeat('ä', 5000)))) < 200, 'a subject has an end');

-- What an operator stores
SELECT matches(tests.complaint(format($$UPDATE qutecart.mail_templates SET %I = %L WHERE name = 'welcome' AND locale = 'en'$$, t.part, t.template)), t.wanted,
    format('a template is refused: %s', t.template)) FROM (VALUES
    ('html', '<p>{{shop_nam}}</p>', '^QC422 .*"shop_nam" is missing'), ('subject', 'Hi {{nmae}}', '^QC422 .*"nmae" is missing'),
    ('text', '{{#is_seller}} a', '^QC422 .*text.*line 1: section "is_seller" is not closed'), ('html', E'a\n{{{shop_name}}}', '^QC422 .*html.*line 2: only a layout'),
    ('html', '{{>header}}', '^QC422 .*">"'), ('html', '{{&shop_name}}', '^QC422 .*"&"'), ('preheader', '{{', '^QC422 .*preheader.*not closed'),
    ('html', repeat('x', 300000), '^QC422 .*too large'), ('subject', '', '^23514 ')) t (part, template, wanted);
SELECT matches(tests.complaint($$UPDATE qutecart.mail_layouts SET html = '{{{content}} x' WHERE locale = 'en'$$), '^QC422 .*html', 'so is a layout');
SELECT matches(tests.complaint(format($$UPDATE qutecart.mail_layouts SET %I = 'Kind regards' WHERE locale = 'en'$$, part)), '^23514 ', 'and one whose ' || part || ' leaves no place for the mail')
FROM unnest('{html,text}'::text[]) part;
SELECT matches(tests.complaint(format($$UPDATE qutecart.mail_templates SET %I = '' WHERE name = 'welcome' AND locale = 'en'$$, part)), '^23514 ', 'an empty ' || part || ' is no template')
FROM unnest('{html,text}'::text[]) part;
SELECT is(tests.complaint($$UPDATE qutecart.mail_templates SET subject = 'Come in, {{to_name}}' WHERE name = 'welcome' AND locale = 'en'$$), 'none', 'one that can be filled is stored');
SELECT is(qutecart.mail_preview('welcome', part => 'subject'), 'Come in, Ada Lovelace', 'and counts at once');
CREATE TEMPORARY TABLE kept AS SELECT name, locale, xmin::text AS version FROM qutecart.mail_templates;
DELETE FROM qutecart.mail_templates WHERE name = 'payment_failed' AND locale = 'bn';
UPDATE qutecart.mail_templates SET shipped = md5(subject || preheader || 'an older version' || text), html = 'an older version' WHERE name = 'trial_ending' AND locale = 'de';
CALL qutecart.seed('essential');
SELECT is(qutecart.mail_preview('welcome', part => 'subject'), 'Come in, Ada Lovelace', 'seeding leaves what he edited alone');
SELECT is((SELECT count(*) FROM qutecart.mail_templates WHERE name = 'payment_failed'), 4::bigint, 'brings back what is missing');
SELECT ok(html ~ 'Probezeitraum', 'and renews what he never touched') FROM qutecart.mail_templates WHERE name = 'trial_ending' AND locale = 'de';
SELECT is((SELECT count(*) FROM qutecart.mail_templates t JOIN kept k USING (name, locale) WHERE t.xmin::text = k.version), 58::bigint, 'all others are not written');
SELECT is(tests.complaint($$INSERT INTO qutecart.mail_layouts SELECT 'fr', html, text, styles, colours FROM qutecart.mail_layouts WHERE locale = 'en'$$), 'none', 'a language of his own');
SELECT is(tests.complaint($$INSERT INTO qutecart.mail_templates (name, locale, subject, html, text) VALUES ('welcome', 'fr', 'Bienvenue', '<p>Bonjour</p>', 'Bonjour')$$), 'none', 'has words of his own');
SELECT is(qutecart.mail_preview('welcome', NULL, 'fr-CA', 'subject'), 'Bienvenue', 'which are used');

-- Whose business it is
SELECT matches(tests.does(NULL, sql), '^refused 42501', 'no client may: ' || sql) FROM (VALUES ('SELECT qutecart.mail_preview(''welcome'')'),
    ('SELECT count(*) FROM qutecart.mail_templates'), ('UPDATE qutecart.mail_layouts SET html = html'), ('SELECT count(*) FROM qutecart.mail_kinds'),
    ('SELECT qutecart.suppress(''a@b.example'')'), ('SELECT qutecart.unsuppress(''a@b.example'')'), ('SELECT count(*) FROM qutecart.mail_suppressions'),
    ('SELECT count(*) FROM qutecart.mail_recipients')) t (sql);
SELECT * FROM finish();
ROLLBACK;
