-- test/pgtap/one_time_codes.sql
-- A forgotten password, an unverified contact: the six digits and who guesses them.
\ir world/people.sql
SELECT no_plan();

SELECT tests.customer('carl') #>> '{access,token}' AS carl, tests.customer('dora') #>> '{access,token}' AS dora \gset
UPDATE qutecart.users SET phone = '+15550105000', phone_code = '+1' WHERE id = tests.user_id('carl');
-- The newest code that was sent, and another one.
CREATE FUNCTION tests.code() RETURNS text LANGUAGE sql AS
    $$SELECT o.payload ->> 'code' FROM qutecart.outbox o WHERE o.payload ? 'code' ORDER BY o.id DESC LIMIT 1$$;
CREATE FUNCTION tests.wrong(code text) RETURNS text LANGUAGE sql AS $$SELECT lpad(((code::int + 1) % 1000000)::text, 6, '0')$$;
CREATE FUNCTION tests.try_code(contact text, code text) RETURNS text LANGUAGE sql AS
    $$SELECT tests.does(NULL, format('SELECT qutecart.verify_code(%L, %L)::jsonb #>> ''{data,token}''', contact, code))$$;
CREATE FUNCTION tests.forgets(contact text) RETURNS text LANGUAGE sql AS
    $$SELECT tests.does(NULL, format('SELECT qutecart.forgot_password(%L)', contact))$$;

-- A forgotten password
SELECT is(tests.forgets('Carl@TEST.example')::jsonb, '{"message": "Your Forgot Password code is sent to your email",
    "data": {"email_or_phone": "Carl@TEST.example", "phone_code": "+1", "otp": null}}'::jsonb, 'a code is sent, and not shown to who asks for it');
SELECT is(row(o.kind, o.payload - 'code', o.shop_id)::text,
    '(mail.password_reset,"{""to"": ""carl@test.example"", ""locale"": ""en"", ""minutes"": 10, ""to_name"": ""carl""}",0)', 'it goes to the address of the account')
FROM qutecart.outbox o ORDER BY id DESC LIMIT 1;
SELECT matches(tests.code(), '^[0-9]{6}$', 'it has six digits');
SELECT is(count(*), 0::bigint, 'no table but the outbox holds it') FROM qutecart.one_time_codes c WHERE c::text LIKE '%' || tests.code() || '%';
SELECT is(c.expires_at, c.created_at + interval '10 minutes', 'it is worth ten minutes') FROM qutecart.one_time_codes c;
SELECT is(tests.try_code('carl@test.example', tests.wrong(tests.code())), 'refused QC400 bad_request: Invalid otp', 'a wrong code is refused');
SELECT is(tests.try_code('carl@test.example', tests.code() || '0'), 'refused QC400 bad_request: Invalid otp', 'a longer one too');
SELECT is(tests.try_code('dora@test.example', tests.code()), 'refused QC400 bad_request: Invalid otp', 'it is of no use to another contact');
SELECT tests.code() AS code, tests.try_code('CARL@test.example', tests.code()) AS token \gset
SELECT matches(:'token'::text, '^[A-Za-z0-9]{40}$', 'the right code is exchanged for a token');
SELECT is(tests.try_code('carl@test.example', :'code'), 'refused QC400 bad_request: Invalid otp', 'once');
SELECT is(count(*), 0::bigint, 'the token is stored hashed') FROM qutecart.one_time_codes c WHERE c::text LIKE '%' || :'token' || '%';
SELECT isnt(email_verified_at, NULL, 'the e-mail is verified now') FROM qutecart.users WHERE id = tests.user_id('carl');
SELECT is(phone_verified_at, NULL, 'the phone is not') FROM qutecart.users WHERE id = tests.user_id('carl');
SELECT is(tests.does(NULL, format('SELECT qutecart.reset_password(%L, %L, %L)', token, password, confirmation)), 'refused QC422 validation_failed: ' || sentence,
    'a reset with ' || what || ' is refused')
FROM (VALUES ('a forged token', repeat('A', 40), 'battery staple', 'battery staple', 'The selected token is invalid.'),
    ('no token', NULL, 'battery staple', 'battery staple', 'The selected token is invalid.'),
    ('a session''s token', :'carl', 'battery staple', 'battery staple', 'The selected token is invalid.'),
    ('a short password', :'token', 'short', 'short', 'The password field must be at least 8 characters.'),
    ('another confirmation', :'token', 'battery staple', 'battery stable', 'The password field confirmation does not match.')) t (what, token, password, confirmation, sentence);
SELECT is(tests.does(NULL, format($$SELECT qutecart.reset_password(%L, 'battery staple', 'battery staple') ->> 'message'$$, :'token')),
    'Password reset successfully', 'the token sets a new password');
SELECT is(tests.does(:'carl', 'SELECT 1'), 'refused QC401 unauthenticated: token is not valid', 'all sessions have ended');
SELECT is(length(tests.token_of('carl@test.example', 'battery staple')), 40, 'the new password opens');
SELECT is(tests.does(NULL, $$SELECT qutecart.login('carl@test.example', 'correct horse')$$), 'refused QC400 invalid_credentials: Credential is invalid!', 'the old does not');
SELECT is(tests.does(NULL, format($$SELECT qutecart.reset_password(%L, 'battery again', 'battery again')$$, :'token')),
    'refused QC422 validation_failed: The selected token is invalid.', 'the token is used up');
SELECT is(tests.does(:'dora', 'SELECT qutecart.whoami() ->> ''name'''), 'dora', 'nobody else was signed out');

-- Guessing
SELECT tests.forgets('dora@test.example') IS NOT NULL AS sent \gset
SELECT is(tests.asks(NULL, format('SELECT qutecart.verify_code(%L, %L)', 'dora@test.example', tests.wrong(tests.code()))),
    'refused QC400 bad_request: Invalid otp', 'guess ' || i || ' is answered') FROM generate_series(1, 5) i;
SELECT is(tests.try_code('dora@test.example', tests.code()), 'refused QC429 too_many_requests: Too Many Attempts.',
    'after five guesses the right code is too late, although each guess was rolled back');
SELECT is(tests.try_code('DORA@test.example', tests.code()), 'refused QC429 too_many_requests: Too Many Attempts.', 'in other letters as well');
SELECT is(tests.forgets('dora@test.example'), 'refused QC429 too_many_requests: Too Many Attempts.', 'a new code does not bring new guesses');
SELECT tests.customer('eve') IS NOT NULL AND tests.forgets('eve@test.example') IS NOT NULL AS sent \gset
SELECT is(tests.try_code('eve@test.example', tests.wrong(tests.code())), 'refused QC400 bad_request: Invalid otp', 'somebody else still has his five: ' || i) FROM generate_series(1, 4) i;
SELECT is(length(tests.try_code('eve@test.example', tests.code())), 40, 'of which the fifth may be right');
SELECT tests.forgets('eve@test.example') IS NOT NULL AS sent \gset
SELECT is(tests.try_code('eve@test.example', tests.wrong(tests.code())), 'refused QC400 bad_request: Invalid otp', 'and brings all of them back: ' || i) FROM generate_series(1, 4) i;

-- Age
UPDATE qutecart.one_time_codes SET expires_at = now() WHERE contact = 'eve@test.example';
SELECT is(tests.try_code('eve@test.example', tests.code()), 'refused QC400 bad_request: Invalid otp', 'an old code is none');
SELECT tests.forgets('carl@test.example') IS NOT NULL AS sent \gset
SELECT tests.code() AS former, tests.forgets('carl@test.example') IS NOT NULL AS sent \gset
SELECT is(:'former' = tests.code() OR tests.try_code('carl@test.example', :'former') = 'refused QC400 bad_request: Invalid otp', true, 'a new code makes the former void');
SELECT tests.try_code('carl@test.example', tests.code()) AS token \gset
UPDATE qutecart.one_time_codes SET expires_at = now() WHERE contact = 'carl@test.example';
SELECT is(tests.does(NULL, format($$SELECT qutecart.reset_password(%L, 'battery again', 'battery again')$$, :'token')),
    'refused QC422 validation_failed: The selected token is invalid.', 'an old token sets no password');

-- Verifying a contact
SELECT is(tests.does(NULL, $$SELECT qutecart.send_code('+1 555 010 5000') ->> 'message'$$), 'Your Verification code is sent to your email',
    'by the settings codes go by mail');
UPDATE qutecart.users SET email_verified_at = NULL WHERE id = tests.user_id('carl');
SELECT is(length(tests.try_code('+15550105000', tests.code())), 40, 'also when the phone was given');
SELECT is(row(email_verified_at IS NULL, phone_verified_at IS NULL)::text, '(f,t)', 'what the code was sent to is verified, and nothing else')
FROM qutecart.users WHERE id = tests.user_id('carl');
UPDATE qutecart.settings SET value = '"phone"' WHERE key = 'register_otp_type';
SELECT is(tests.does(NULL, $$SELECT qutecart.send_code('+1 555 010 5000') ->> 'message'$$), 'Your Verification code is sent to your phone', 'or to the phone');
SELECT is(o.kind, 'sms.verification_code', 'which is another kind of message') FROM qutecart.outbox o ORDER BY id DESC LIMIT 1;
SELECT is(length(tests.try_code('+15550105000', tests.code())), 40, 'whose code is as good');
SELECT isnt(phone_verified_at, NULL, 'the phone is verified then') FROM qutecart.users WHERE id = tests.user_id('carl');

-- Who gets none
UPDATE qutecart.users SET is_active = false WHERE id = tests.user_id('eve');
SELECT is(tests.forgets(contact), 'refused QC422 validation_failed: ' || sentence, what || ' gets no code')
FROM (VALUES ('an unknown contact', 'nobody@test.example', 'Sorry! No user found with this email/phone.'),
    ('an inactive account', 'eve@test.example', 'Sorry, your account is not active'), ('nothing', NULL, 'The phone field is required.')) t (what, contact, sentence);
SELECT is(tests.does(:'dora', 'SELECT count(*) FROM qutecart.one_time_codes'), 'refused 42501 : permission denied for table one_time_codes', 'no client reads the codes');
SELECT is(tests.does(:'dora', 'SELECT count(*) FROM qutecart.outbox'), 'refused 42501 : permission denied for table outbox', 'nor the messages');
SELECT * FROM finish();
