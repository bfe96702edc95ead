-- test/pgtap/accounts_sign_in.sql
-- A customer registers, signs in and out; whoever must not get in does not.
\ir world/people.sql
SELECT no_plan();

-- Registering
SELECT tests.does(NULL, $$SELECT qutecart.register_customer('Carl', '+1 (555) 010-2030', 'Carl@Test.example', 'correct horse',
    'US', last_name => 'Case', gender => 'male', date_of_birth => '1990-05-17', device_type => 'ios')$$) AS reply \gset
SELECT is(:'reply'::jsonb ->> 'message', 'Registration successfully complete', 'a customer can register');
SELECT is(:'reply'::jsonb #- '{data,user,id}' #- '{data,access,token}' #- '{data,access,expires_at}' -> 'data',
    '{"user": {"name": "Carl", "phone": "+15550102030", "phone_verified": false, "email": "Carl@Test.example",
      "email_verified": false, "is_active": true, "profile_photo": null, "gender": "male", "date_of_birth": "1990-05-17",
      "country": "US", "phone_code": null, "account_verified": false, "last_online": true},
      "access": {"auth_type": "Bearer"}}'::jsonb, 'the reply shows the user with every field, and the access');
SELECT :'reply'::jsonb #>> '{data,access,token}' AS token, :'reply'::jsonb #>> '{data,user,id}' AS carl \gset
SELECT matches(:'token'::text, '^[A-Za-z0-9]{40}$', 'a token is 40 letters and digits');
SELECT is((:'reply'::jsonb #>> '{data,access,expires_at}')::timestamp - date_trunc('second', timezone('UTC', now())) BETWEEN
    interval '29 days 23 hours 59 minutes' AND interval '30 days', true, 'it is valid for 30 days, told in UTC');
SELECT is(count(*), 0::bigint, 'the token itself stands in no session')
FROM qutecart.sessions s WHERE s::text LIKE '%' || :'token' || '%';
SELECT is(s.token_hash, sha256(convert_to(:'token', 'UTF8')), 'its SHA-256 does') FROM qutecart.sessions s WHERE s.user_id = :carl;
SELECT is(s.name, 'ios', 'the session has the name of the device') FROM qutecart.sessions s WHERE s.user_id = :carl;
SELECT matches(u.password_hash, '^\$y\$', 'the password is stored as yescrypt') FROM qutecart.users u WHERE u.id = :carl;
SELECT is(string_agg(r.name, ','), 'customer', 'he is a customer and no more') FROM qutecart.user_roles ur
JOIN qutecart.roles r ON r.id = ur.role_id WHERE ur.user_id = :carl;

-- Complaints
SELECT is(tests.does(NULL, $$SELECT qutecart.register_customer()$$),
    'refused QC422 validation_failed: The name field is required. (and 3 more errors)',
    'name, e-mail, password and country are required, and told at once');
SELECT is(tests.does(NULL, $$SELECT qutecart.register_customer('Eve', NULL, 'CARL@test.EXAMPLE', 'correct horse', 'US')$$),
    'refused QC422 validation_failed: The email has already been taken.', 'an e-mail is taken whatever its case');
SELECT is(tests.does(NULL, $$SELECT qutecart.register_customer('Eve', '+1-555-010-2030', 'eve@test.example', 'correct horse', 'US')$$),
    'refused QC422 validation_failed: The phone has already been taken.', 'a phone is taken however it is written');
SELECT is(tests.does(NULL, format($$SELECT qutecart.register_customer('Eve', %L, %L, %L, %L)$$, phone, email, password, country)),
    'refused QC422 validation_failed: ' || sentence, 'a registration with ' || what || ' is refused')
FROM (VALUES
    ('an e-mail without @', NULL, 'eve.test', 'correct horse', 'US', 'The email field must be a valid email address.'),
    ('an e-mail with a line break', NULL, E'eve\n@test.example', 'correct horse', 'US', 'The email field must be a valid email address.'),
    ('an e-mail in brackets', NULL, '<eve@test.example>', 'correct horse', 'US', 'The email field must be a valid email address.'),
    ('an e-mail that no mail can be sent to', NULL, 'eve@tést.example', 'correct horse', 'US', 'The email field must be a valid email address.'),
    ('a short password', NULL, 'eve@test.example', '1234567', 'US', 'The password field must be at least 8 characters.'),
    ('an endless password', NULL, 'eve@test.example', repeat('x', 201), 'US', 'The password field must not be greater than 200 characters.'),
    ('a phone of letters', 'call me maybe', 'eve@test.example', 'correct horse', 'US', 'The phone field must be between 9 and 16 digits.'),
    ('a short phone', '12345678', 'eve@test.example', 'correct horse', 'US', 'The phone field must be between 9 and 16 digits.'),
    ('a blank country', NULL, 'eve@test.example', 'correct horse', ' ', 'The country field is required.')
) t (what, phone, email, password, country, sentence);
UPDATE qutecart.settings SET value = 'true' WHERE key = 'phone_required';
UPDATE qutecart.settings SET value = '12' WHERE key = 'password_min_length';
SELECT is(tests.does(NULL, $$SELECT qutecart.register_customer('Eve', NULL, 'eve@test.example', 'correct hor', 'US')$$),
    'refused QC422 validation_failed: The phone field is required. (and 1 more error)', 'the operator''s settings count at once');
UPDATE qutecart.settings SET value = 'false' WHERE key = 'phone_required';
UPDATE qutecart.settings SET value = '8' WHERE key = 'password_min_length';
SELECT is(count(*), 0::bigint, 'no refused registration left an account') FROM qutecart.users WHERE name = 'Eve';

-- Signing in
SELECT is(tests.does(NULL, format('SELECT qutecart.login_customer(%L, %L)::jsonb #>> ''{data,user,id}''', contact, 'correct horse')),
    :'carl'::text, 'he signs in with ' || what)
FROM (VALUES ('his e-mail', 'Carl@Test.example'), ('his e-mail in other letters', 'cARL@tEST.example'),
    ('his phone', '+15550102030'), ('his phone with spaces', '+1 555 010 2030')) t (what, contact);
SELECT is(tests.does(NULL, $$SELECT qutecart.login_customer(email => 'carl@test.example', password => 'correct horse') ->> 'message'$$),
    'Login successfully', 'the e-mail may come in its own field');
SELECT tests.seller('ann') IS NOT NULL AS made \gset
INSERT INTO qutecart.users (name, email) VALUES ('Ned', 'ned@test.example');
INSERT INTO qutecart.users (name, email, password_hash) SELECT 'Rick', 'rick@test.example', password_hash FROM qutecart.users WHERE id = :carl;
SELECT is(tests.does(NULL, format('SELECT qutecart.%I(%L, %L)', f, contact, password)),
    'refused QC400 invalid_credentials: Credential is invalid!', what || ' gets the one answer')
FROM (VALUES ('a wrong password', 'login_customer', 'carl@test.example', 'wrong horse'),
    ('an unknown e-mail', 'login_customer', 'nobody@test.example', 'correct horse'),
    ('an unknown phone', 'login_customer', '+4912345678', 'correct horse'),
    ('a text that is no contact', 'login_customer', ''' OR true --', 'correct horse'),
    ('an account without a password', 'login', 'ned@test.example', ''),
    ('an account without a role', 'login_customer', 'rick@test.example', 'correct horse'),
    ('a customer at the sellers'' door', 'login_seller', 'carl@test.example', 'correct horse')) t (what, f, contact, password);
SELECT is(tests.does(NULL, 'SELECT qutecart.login_customer()'),
    'refused QC422 validation_failed: The phone field is required. (and 1 more error)', 'a sign-in needs a contact and a password');
UPDATE qutecart.users SET is_active = false WHERE id = :carl;
SELECT is(tests.does(NULL, $$SELECT qutecart.login_customer('carl@test.example', 'correct horse')$$),
    'refused QC400 account_inactive: Your account is not active. please contact the admin', 'an inactive account is told so');
SELECT is(tests.does(NULL, $$SELECT qutecart.login_customer('carl@test.example', 'wrong horse')$$),
    'refused QC400 invalid_credentials: Credential is invalid!', 'but only to who knows its password');
SELECT is(tests.does(:'token', 'SELECT 1'), 'refused QC401 unauthenticated: token is not valid', 'and its tokens are dead');
UPDATE qutecart.users SET is_active = true WHERE id = :carl;
SELECT is(tests.does(:'token', 'SELECT qutecart.current_user_id()'), :'carl', 'until it is active again');

-- Hashes of other systems
UPDATE qutecart.users SET password_hash = '$2y$10$92IXUNpkjO0rOQ5byMi.Ye4oKoEa3Ro9llC/.og/at2.uheWG/igi' WHERE email = 'rick@test.example';
SELECT is(tests.does(NULL, $$SELECT qutecart.login('rick@test.example', 'passwort') ->> 'token'$$),
    'refused QC400 invalid_credentials: Credential is invalid!', 'a bcrypt hash refuses a wrong password');
SELECT is(length(tests.does(NULL, $$SELECT qutecart.login('rick@test.example', 'password') ->> 'token'$$)), 40,
    'a bcrypt hash of the former system still opens');
SELECT matches(password_hash, '^\$y\$', 'and is yescrypt after the first sign-in') FROM qutecart.users WHERE email = 'rick@test.example';
SELECT is(length(tests.does(NULL, $$SELECT qutecart.login('rick@test.example', 'password') ->> 'token'$$)), 40, 'which opens as well');

-- Sessions
SELECT count(tests.token_of('carl@test.example')) FROM generate_series(1, 3) \g /dev/null
INSERT INTO qutecart.sessions (user_id, token_hash, expires_at)
SELECT :carl, sha256(convert_to('spare ' || i, 'UTF8')), now() + interval '1 day' FROM generate_series(1, 60) i;
SELECT tests.token_of('carl@test.example') AS token2 \gset
SELECT is(count(*), 50::bigint, 'a user keeps 50 sessions, the newest') FROM qutecart.sessions WHERE user_id = :carl;
SELECT is(tests.does(:'token', 'SELECT 1'), 'refused QC401 unauthenticated: token is not valid', 'the oldest has ended');
SELECT tests.token_of('carl@test.example') AS token3 \gset
SELECT is(tests.does(:'token2', 'SELECT qutecart.logout() ->> ''message'''), 'Logged out successfully!', 'he signs out');
SELECT is(tests.does(:'token2', 'SELECT 1'), 'refused QC401 unauthenticated: token is not valid', 'that token is dead');
SELECT is(tests.does(:'token3', 'SELECT qutecart.current_user_id()'), :'carl', 'another device stays signed in');
SELECT is(tests.does(NULL, 'SELECT qutecart.logout()'), 'refused QC401 unauthenticated: nobody is signed in', 'nobody cannot sign out');
SELECT is(tests.does(NULL, 'SELECT count(*) FROM qutecart.sessions'), 'refused 42501 : permission denied for table sessions',
    'no client reads the sessions');
SELECT is(tests.does(:'token3', 'SELECT password_hash FROM qutecart.users'), 'refused 42501 : permission denied for table users',
    'nor the users');

-- Changing the password
SELECT tests.token_of('carl@test.example') AS token4 \gset
SELECT is(tests.does(:'token4', format('SELECT qutecart.change_password(%L, %L, %L)', current, password, confirmation)), 'refused ' || answer,
    'a password change with ' || what || ' is refused')
FROM (VALUES ('a wrong current password', 'wrong horse', 'battery staple', 'battery staple', 'QC400 bad_request: Current password is incorrect'),
    ('the same password', 'correct horse', 'correct horse', 'correct horse', 'QC400 bad_request: New password cannot be same as current password'),
    ('another confirmation', 'correct horse', 'battery staple', 'battery stable', 'QC422 validation_failed: The password field confirmation does not match.'),
    ('a short password', 'correct horse', 'short', 'short', 'QC422 validation_failed: The password field must be at least 8 characters.'))
    t (what, current, password, confirmation, answer);
SELECT is(tests.does(:'token4', $$SELECT qutecart.change_password('correct horse', 'battery staple', 'battery staple') ->> 'message'$$),
    'Password change successfully', 'he changes his password');
SELECT is(tests.does(:'token3', 'SELECT 1'), 'refused QC401 unauthenticated: token is not valid', 'every other session ends with it');
SELECT is(tests.does(:'token4', 'SELECT qutecart.current_user_id()'), :'carl', 'but not the one that changed it');
SELECT is(tests.does(NULL, $$SELECT qutecart.login('carl@test.example', 'correct horse')$$),
    'refused QC400 invalid_credentials: Credential is invalid!', 'the old password opens nothing');
SELECT is(length(tests.token_of('carl@test.example', 'battery staple')), 40, 'the new one does');

-- Deleted accounts
UPDATE qutecart.users SET deleted_at = now() WHERE id = :carl;
SELECT is(tests.does(:'token4', 'SELECT 1'), 'refused QC401 unauthenticated: token is not valid', 'a deleted account has no token');
SELECT is(tests.does(NULL, $$SELECT qutecart.login('carl@test.example', 'battery staple')$$),
    'refused QC400 invalid_credentials: Credential is invalid!', 'and no password');
SELECT is(tests.customer('carl') #>> '{user,name}', 'carl', 'its contacts are free again');
SELECT * FROM finish();
