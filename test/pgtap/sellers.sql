-- test/pgtap/sellers.sql
-- A vendor registers, signs in, reads and changes his profile; a stranger cannot.
\ir world/people.sql
SELECT no_plan();

SELECT tests.does(NULL, $$SELECT qutecart.register_seller('Ann', '+1 555 010 1000', 'ann@test.example', 'correct horse',
    'correct horse', 'Ann''s "Shop" <b>', 'Archer', '1 High Street', 'Fine things', 'https://cdn.test.example/logo.png')$$) AS reply \gset
SELECT is(:'reply'::jsonb ->> 'message', 'Registration successfully complete', 'a vendor registers and needs nobody''s leave');
SELECT is(:'reply'::jsonb #- '{data,user,id}' #- '{data,user,shop,id}' #- '{data,access}' -> 'data' -> 'user',
    '{"first_name": "Ann", "last_name": "Archer", "phone": "+15550101000", "email": "ann@test.example", "profile_photo": null,
      "gender": null, "date_of_birth": null, "is_active": true, "shop_status": "Offline", "banners": [],
      "shop": {"name": "Ann''s \"Shop\" <b>", "logo": "https://cdn.test.example/logo.png", "banner": null, "address": "1 High Street",
        "open_time": null, "close_time": null, "off_day": [], "prefix": "RC", "estimated_delivery_time": 2,
        "min_order_amount": 0.0, "shop_status": "Offline", "total_products": 0, "total_categories": 0, "rating": 0.0,
        "total_reviews": 0, "description": "Fine things"}}'::jsonb, 'the reply shows him and his shop with every field');
SELECT matches(:'reply'::text, '"min_order_amount":0\.0,.*"rating":0\.0', 'numbers that may have a fraction show one');
SELECT :'reply'::jsonb #>> '{data,access,token}' AS token, :'reply'::jsonb #>> '{data,user,shop,id}' AS shop \gset
SELECT is(row(s.plan_id, s.subscription_status, s.is_active)::text, '(1,free,t)', 'the shop is open and on the Free plan')
FROM qutecart.shops s WHERE s.id = :shop;
SELECT is(string_agg(r.name, ',' ORDER BY r.name), 'customer,shop', 'he sells, and may buy') FROM qutecart.user_roles ur
JOIN qutecart.roles r ON r.id = ur.role_id WHERE ur.user_id = tests.user_id('ann');
SELECT is(tests.does(:'token', 'SELECT qutecart.whoami() ->> ''actor'''), 'owner', 'his token acts for his shop at once');

SELECT is(tests.does(NULL, 'SELECT qutecart.register_seller()'),
    'refused QC422 validation_failed: The first name field is required. (and 4 more errors)',
    'first name, phone, e-mail, password and shop name are required');
SELECT is(tests.does(NULL, format('SELECT qutecart.register_seller(''Eve'', %L, %L, ''correct horse'', %L, %L, shop_logo => %L)',
        phone, email, confirmation, shop, logo)), 'refused QC422 validation_failed: ' || sentence, 'a seller with ' || what || ' is refused')
FROM (VALUES
    ('a taken e-mail', '+15550109999', 'ANN@test.example', 'correct horse', 'Eve''s', NULL, 'The email has already been taken.'),
    ('a taken phone', '+15550101000', 'eve@test.example', 'correct horse', 'Eve''s', NULL, 'The phone has already been taken.'),
    ('no confirmation', '+15550109999', 'eve@test.example', NULL, 'Eve''s', NULL, 'The password field confirmation does not match.'),
    ('another confirmation', '+15550109999', 'eve@test.example', 'correct horst', 'Eve''s', NULL, 'The password field confirmation does not match.'),
    ('a long shop name', '+15550109999', 'eve@test.example', 'correct horse', repeat('x', 101), NULL, 'The shop name field must not be greater than 100 characters.'),
    ('a script for a logo', '+15550109999', 'eve@test.example', 'correct horse', 'Eve''s', 'javascript:alert(1)', 'The shop logo field must be a valid URL.')
) t (what, phone, email, confirmation, shop, logo, sentence);
SELECT is(count(*), 1::bigint, 'no refused registration left a shop') FROM qutecart.shops;

SELECT is(tests.does(NULL, format('SELECT qutecart.login_seller(%L, ''correct horse'') ->> ''message''', contact)), 'Log In Successful',
    'he signs in with his ' || what) FROM (VALUES ('e-mail', 'ann@test.example'), ('phone', '+1 555 0101000')) t (what, contact);
SELECT is(tests.does(NULL, $$SELECT qutecart.login_seller('ann@test.example', 'correct horse')::jsonb #>> '{data,access,auth_type}'$$),
    'Bearer', 'and gets a token to bear');
SELECT is(tests.does(NULL, $$SELECT qutecart.login_customer('ann@test.example', 'correct horse')::jsonb #>> '{data,user,name}'$$),
    'Ann', 'he may sign in as a customer as well');
SELECT is(tests.does(:'token', 'SELECT qutecart.seller_profile()::jsonb -> ''data'' -> ''user'''),
    :'reply'::jsonb #>> '{data,user}', 'the profile is what the registration showed');
SELECT tests.customer('carl') #>> '{access,token}' AS carl, tests.seller('bob') #>> '{access,token}' AS bob \gset
SELECT is(tests.does(t.token, 'SELECT qutecart.seller_profile()'), 'refused ' || t.answer, t.who || ' has no seller''s profile')
FROM (VALUES ('nobody', NULL, 'QC401 unauthenticated: nobody is signed in'),
    ('a customer', :'carl', 'QC404 no_shop: no shop associated with this user')) t (who, token, answer);

-- Opening hours
UPDATE qutecart.shops SET opening_time = o.opening, closing_time = o.closing, off_days = '{}' FROM (SELECT
    (timezone('UTC', now()) - interval '2 hours')::time, (timezone('UTC', now()) + interval '2 hours')::time) o (opening, closing) WHERE id = :shop;
SELECT is(tests.does(:'token', 'SELECT qutecart.seller_profile()::jsonb #>> ''{data,user,shop_status}'''), 'Online', 'a shop is online in its hours');
UPDATE qutecart.shops SET opening_time = closing_time, closing_time = opening_time WHERE id = :shop;
SELECT is(tests.does(:'token', 'SELECT qutecart.seller_profile()::jsonb #>> ''{data,user,shop_status}'''), 'Offline', 'and offline outside them');
UPDATE qutecart.shops SET opening_time = closing_time, closing_time = opening_time,
    off_days = ARRAY[to_char(timezone('UTC', now()), 'dy')] WHERE id = :shop;
SELECT is(tests.does(:'token', 'SELECT qutecart.seller_profile()::jsonb #>> ''{data,user,shop,shop_status}'''), 'Offline', 'and on its day off');

-- Changing
UPDATE qutecart.users SET phone_verified_at = now(), email_verified_at = now() WHERE id = tests.user_id('ann');
SELECT is(tests.does(:'token', $$SELECT qutecart.update_seller_profile(first_name => 'Anna', email => 'ANN@test.example',
    shop_name => 'Anna''s')::jsonb #> '{data,user}' @> '{"first_name": "Anna", "last_name": "Archer", "phone": "+15550101000",
    "shop": {"name": "Anna''s", "description": "Fine things"}}'$$), 'true', 'he changes some of it, and the rest stays');
SELECT is(email_verified_at IS NOT NULL, true, 'an e-mail in other letters is the same e-mail') FROM qutecart.users WHERE email = 'ANN@test.example';
SELECT is(tests.does(:'token', $$SELECT qutecart.update_seller_profile(phone => '+1 555 010 1001', email => 'anna@test.example') ->> 'message'$$),
    'Profile is updated successfully', 'he takes another phone and e-mail');
SELECT is(row(email_verified_at IS NULL, phone_verified_at IS NULL)::text, '(t,t)', 'which nobody has verified')
FROM qutecart.users WHERE email = 'anna@test.example';
SELECT is(tests.does(:'token', $$SELECT qutecart.update_seller_profile(email => 'bob@test.example')$$),
    'refused QC422 validation_failed: The email has already been taken.', 'he cannot take another''s e-mail');
SELECT is(tests.does(:'token', $$SELECT qutecart.update_shop_settings(1, '08:00', '17:30', 'AB', 12.5, '{sat,sun}')::jsonb
    #> '{data,user,shop}' @> '{"estimated_delivery_time": 1, "open_time": "08:00", "close_time": "17:30", "prefix": "AB",
    "min_order_amount": 12.5, "off_day": ["sat", "sun"]}'$$), 'true', 'he sets how his shop works');
SELECT is(tests.does(:'token', format('SELECT qutecart.update_shop_settings(%s)', args)), 'refused QC422 validation_failed: ' || sentence,
    'a setting that cannot be is refused: ' || args)
FROM (VALUES ('0', 'The estimated delivery time field must be between 1 and 120.'), ('121', 'The estimated delivery time field must be between 1 and 120.'),
    ('prefix => ''abc''', 'The prefix field must be 2 capital letters or digits.'),
    ('off_day => ''{someday}''', 'The off day field must be a list of mon, tue, wed, thu, fri, sat, sun.')) t (args, sentence);
SELECT is(name, 'shop of bob', 'nobody else''s shop has changed') FROM qutecart.shops WHERE id = tests.shop_id('bob');
SELECT is(tests.does(:'carl', $$SELECT qutecart.update_seller_profile(shop_name => 'mine')$$),
    'refused QC404 no_shop: no shop associated with this user', 'a customer changes no shop');
SELECT is(tests.does(:'bob', format('UPDATE qutecart.shops SET name = ''mine'' WHERE id = %s RETURNING id', :shop)), NULL,
    'a vendor''s own UPDATE finds no other shop');
SELECT is(tests.does(:'bob', format('UPDATE qutecart.shops SET plan_id = 4 WHERE id = %s', tests.shop_id('bob'))),
    'refused 42501 : permission denied for table shops', 'nor can he put his own on another plan');

-- Approval and closed doors
UPDATE qutecart.settings SET value = 'true' WHERE key = 'seller_approval';
SELECT tests.does(NULL, $$SELECT qutecart.register_seller('Wes', '+15550107777', 'wes@test.example', 'correct horse', 'correct horse', 'W')$$) AS reply \gset
SELECT is(row(:'reply'::jsonb ->> 'message', :'reply'::jsonb -> 'data' ? 'access', :'reply'::jsonb #>> '{data,user,is_active}')::text,
    '("Your profile is under review",f,false)', 'where sellers are approved, one waits without a token');
SELECT is(tests.does(NULL, $$SELECT qutecart.login_seller('wes@test.example', 'correct horse')$$),
    'refused QC400 account_inactive: Your account is not active. please contact the admin', 'and cannot sign in');
UPDATE qutecart.settings SET value = 'false' WHERE key = 'seller_registration';
SELECT is(tests.does(NULL, 'SELECT qutecart.register_seller()'),
    'refused QC403 forbidden: sellers cannot register themselves here', 'an operator may close the door');
SELECT * FROM finish();
