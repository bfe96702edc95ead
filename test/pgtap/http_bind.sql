-- test/pgtap/http_bind.sql
-- From query, body and path to named, typed arguments.
\ir world/people.sql
\ir world/http.sql
SELECT no_plan();

CREATE DOMAIN tests.percent AS integer CHECK (VALUE BETWEEN 0 AND 100);
CREATE FUNCTION tests.echo(id bigint, name text, n integer DEFAULT 3, small smallint DEFAULT NULL, price numeric DEFAULT NULL,
    is_open boolean DEFAULT NULL, day date DEFAULT NULL, at timestamptz DEFAULT NULL, tags text[] DEFAULT '{}', ids bigint[] DEFAULT NULL,
    extra jsonb DEFAULT NULL, key uuid DEFAULT NULL, share tests.percent DEFAULT NULL, ratio double precision DEFAULT NULL,
    password text DEFAULT NULL, made date DEFAULT (date '2020-01-01' + 1), other text DEFAULT NULL, agent text DEFAULT NULL)
    RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object('id', id, 'name', name, 'n', n, 'small', small, 'price', price, 'is_open', is_open, 'day', day,
        'at', at AT TIME ZONE 'UTC', 'tags', to_jsonb(tags), 'ids', to_jsonb(ids), 'extra', extra, 'key', key, 'share', share, 'ratio', ratio,
        'password', password, 'made', made, 'other', other, 'agent', agent)) $$;
SELECT qutecart.route(m || ' /api/t/echo/{id}', 'tests.echo', bind => '{"other": "field:else", "agent": "header:User-Agent"}')
FROM unnest('{GET,POST,PUT,PATCH,DELETE}'::text[]) m \g /dev/null

-- What an argument of the name becomes, from a query, a form and a JSON body
CREATE FUNCTION tests.query(q text) RETURNS jsonb LANGUAGE sql AS
    $$SELECT tests.tries('GET', '/api/t/echo/1?name=x&' || q) -> 'body'$$;
CREATE FUNCTION tests.form(f text) RETURNS jsonb LANGUAGE sql AS
    $$SELECT tests.tries('POST', '/api/t/echo/1', 'content-type: application/x-www-form-urlencoded; charset=utf-8', 'name=x&' || f) -> 'body'$$;
CREATE FUNCTION tests.json(j text) RETURNS jsonb LANGUAGE sql AS
    $$SELECT tests.tries('POST', '/api/t/echo/1', 'content-type: application/json', '{"name":"x",' || j || '}') -> 'body'$$;

SELECT is(coalesce(r #>> ARRAY['errors', t.field, '0'], r ->> t.field, r ->> 'message'), t.wanted, t.what)
FROM (VALUES
    ('a number in a query is a number', 'n', tests.query('n=5'), '5'),
    ('blanks around it do not matter', 'n', tests.query('n=+5%20'), '5'),
    ('a sign is part of it', 'n', tests.query('n=-5'), '-5'),
    ('a fraction is no integer', 'n', tests.query('n=5.0'), 'The n field must be an integer.'),
    ('a word is none', 'n', tests.query('n=five'), 'The n field must be an integer.'),
    ('hexadecimal is none', 'n', tests.query('n=0x10'), 'The n field must be an integer.'),
    ('an integer has its range', 'n', tests.query('n=2147483648'), 'The n field is out of range.'),
    ('and its lower end', 'n', tests.query('n=-2147483648'), '-2147483648'),
    ('a smallint has a smaller one', 'small', tests.query('small=32768'), 'The small field is out of range.'),
    ('a bigint in a list has its range', 'ids', tests.query('ids[]=9223372036854775807'), '[9223372036854775807]'),
    ('and no more', 'ids.0', tests.query('ids[]=9223372036854775808'), 'The ids.0 field is out of range.'),
    ('an absent argument is its default', 'n', tests.query(''), '3'),
    ('an empty one too', 'n', tests.query('n='), '3'),
    ('a bare one too', 'n', tests.query('n'), '3'),
    ('a blank one too', 'n', tests.query('n=%20%09'), '3'),
    ('a default may be an expression', 'made', tests.query(''), '2020-01-02'),
    ('a decimal is exact', 'price', tests.query('price=12.50'), '12.50'),
    ('a decimal has no exponent in a query', 'price', tests.query('price=1e5'), 'The price field must be a number.'),
    ('infinity is no number', 'price', tests.query('price=Infinity'), 'The price field must be a number.'),
    ('nor is NaN', 'price', tests.query('price=NaN'), 'The price field must be a number.'),
    ('nor 41 digits', 'price', tests.query('price=' || repeat('1', 41)), 'The price field must be a number.'),
    ('a point alone is none', 'price', tests.query('price=.'), 'The price field must be a number.'),
    ('true is true', 'is_open', tests.query('is_open=true'), 'true'),
    ('nought is false', 'is_open', tests.query('is_open=0'), 'false'),
    ('yes is nothing', 'is_open', tests.query('is_open=yes'), 'The is open field must be true or false.'),
    ('a date is a date', 'day', tests.query('day=2024-02-29'), '2024-02-29'),
    ('a day that never was is none', 'day', tests.query('day=2023-02-29'), 'The day field must be a valid date.'),
    ('an instant has its zone', 'at', tests.query('at=2024-02-29T12:00:00%2B02:00'), '2024-02-29T10:00:00'),
    ('a UUID is checked', 'key', tests.query('key=nope'), 'The key field must be a valid UUID.'),
    ('a domain is checked', 'share', tests.query('share=101'), 'The share field is invalid.'),
    ('and kept', 'share', tests.query('share=100'), '100'),
    ('a double may have a fraction', 'ratio', tests.json('"ratio": -2.5e-1'), '-0.25'),
    ('JSON in a query is JSON', 'extra', tests.query('extra=%7B%22a%22:1%7D'), '{"a": 1}'),
    ('and checked', 'extra', tests.query('extra=%7Ba'), 'The extra field must be a valid JSON string.'),
    ('a list is written name[] each', 'tags', tests.query('tags[]=a&tags[]=b'), '["a", "b"]'),
    ('or by repeating the name', 'tags', tests.query('tags=a&tags=b'), '["a", "b"]'),
    ('one value is a list of one', 'tags', tests.query('tags=a'), '["a"]'),
    ('an empty value is no element', 'tags', tests.query('tags[]=&tags[]=b'), '["b"]'),
    ('a scalar given twice is refused', 'message', tests.query('n=1&n=2'), 'Parameter "n" is given twice'),
    ('even with the same value', 'message', tests.query('n=1&n=1'), 'Parameter "n" is given twice'),
    ('a plus is a blank', 'other', tests.query('else=a+b'), 'a b'),
    ('an escape is decoded once', 'other', tests.query('else=%2541'), '%41'),
    ('text is UTF-8', 'other', tests.query('else=J%C3%BCrgen'), 'Jürgen'),
    ('text is trimmed', 'other', tests.query('else=%20a%20b%0A'), 'a b'),
    ('a password is not', 'password', tests.form('password=%20a%20'), ' a '),
    ('an argument is not reached by its own name when it has another', 'other', tests.query('other=x'), NULL),
    ('nor by the name of a header', 'agent', tests.query('agent=x'), NULL),
    ('an unknown parameter of a query is ignored', 'n', tests.query('utm_source=x'), '3'),
    ('bytes that are not UTF-8 are refused', 'message', tests.query('else=%FF'), 'The query holds a bad escape or is not UTF-8'),
    ('so is a bad escape', 'message', tests.query('else=%zz'), 'The query holds a bad escape or is not UTF-8'),
    ('so is NUL', 'message', tests.query('else=%00'), 'The query holds a bad escape or is not UTF-8'),
    ('more parameters than anyone needs are refused', 'message', tests.query(repeat('a=1&', 1001)), 'There are more than 1000 parameters'),
    ('a form is read like a query', 'n', tests.form('n=7'), '7'),
    ('an unknown field of a form is refused', 'is_admin', tests.form('is_admin=1'), 'The is admin field is prohibited.'),
    ('but not an empty one', 'n', tests.form('is_admin='), '3'),
    ('a list where a scalar is wanted is refused', 'n', tests.form('n[]=7'), 'The n field is prohibited.'),
    ('a JSON number is a number', 'n', tests.json('"n": 7'), '7'),
    ('so is a JSON string of one', 'n', tests.json('"n": " 7 "'), '7'),
    ('a whole JSON number with a fraction of nought is an integer', 'n', tests.json('"n": 7.0'), '7'),
    ('5.5 is none', 'n', tests.json('"n": 5.5'), 'The n field must be an integer.'),
    ('a JSON object is none', 'n', tests.json('"n": {}'), 'The n field must be an integer.'),
    ('nor is true', 'n', tests.json('"n": true'), 'The n field must be an integer.'),
    ('JSON null is absent', 'n', tests.json('"n": null'), '3'),
    ('so is an empty string', 'n', tests.json('"n": ""'), '3'),
    ('a JSON decimal is exact', 'price', tests.json('"price": 0.10'), '0.10'),
    ('a JSON decimal may have an exponent', 'price', tests.json('"price": 1e3'), '1000'),
    ('a JSON boolean is one', 'is_open', tests.json('"is_open": false'), 'false'),
    ('so is a number that says so', 'is_open', tests.json('"is_open": 1'), 'true'),
    ('two is none', 'is_open', tests.json('"is_open": 2'), 'The is open field must be true or false.'),
    ('a number is text where text is wanted', 'other', tests.json('"else": 4912345'), '4912345'),
    ('a boolean is not', 'else', tests.json('"else": true'), 'The else field must be a string.'),
    ('nor is a list', 'else', tests.json('"else": ["a"]'), 'The else field must be a string.'),
    ('escapes of JSON are decoded', 'other', tests.json('"else": "\u00fc\n\"\ud83d\ude00"'), E'ü\n"😀'),
    ('a JSON list is a list', 'ids', tests.json('"ids": [1, "2"]'), '[1, 2]'),
    ('an element that does not fit is named', 'ids.1', tests.json('"ids": [1, "x"]'), 'The ids.1 field must be an integer.'),
    ('null is no element', 'ids.0', tests.json('"ids": [null]'), 'The ids.0 field is required.'),
    ('an empty list is a list without elements', 'ids', tests.json('"ids": []'), '[]'),
    ('nested values reach an argument of type jsonb', 'extra', tests.json('"extra": {"a": [1, {"b": null}]}'), '{"a": [1, {}]}'),
    ('a JSON string does as well', 'extra', tests.json('"extra": "a\"b"'), 'a"b'),
    ('H37 an unknown field of a JSON body is refused', 'is_admin', tests.json('"is_admin": true'), 'The is admin field is prohibited.'),
    ('H37 a nested one too', 'shop', tests.json('"shop": {"id": 2}'), 'The shop field is prohibited.'),
    ('but shop_id may always be said', 'n', tests.json('"shop_id": 2'), '3'),
    ('H13 a key given twice is refused', 'message', tests.json('"n": 1, "n": 2'), 'The body holds a key twice'),
    ('H13 also deep inside', 'message', tests.json('"extra": {"a": [{"b": 1, "c": {}, "b": 2}]}'), 'The body holds a key twice'),
    ('H13 the same key in two objects is none', 'extra', tests.json('"extra": [{"b": 1}, {"b": 2}]'), '[{"b": 1}, {"b": 2}]'),
    ('H13 a key spelled with escapes is the same key', 'message', tests.json('"n": 1, "\u006e": 2'), 'The body holds a key twice'),
    ('H13 30 levels are fine', 'extra', tests.json('"extra": ' || repeat('[', 31) || repeat(']', 31)), repeat('[', 31) || repeat(']', 31)),
    ('H13 33 are not', 'message', tests.json('"extra": ' || repeat('[', 32) || repeat(']', 32)), 'The body is nested more than 32 deep'),
    ('H13 a long number is refused', 'message', tests.json('"price": ' || repeat('9', 41)), 'The body holds a number of more than 40 digits'),
    ('H13 a short way to write a long number too', 'message', tests.json('"price": 1e131071'), 'The body holds a number of more than 40 digits'),
    ('H13 too many values are refused', 'message', tests.json('"extra": [' || repeat('1,', 10000) || '1]'), 'The body holds more than 10000 values'),
    ('H12 U+0000 is refused', 'message', tests.json('"else": "\u0000"'), 'The body is not valid JSON'),
    ('H12 half a surrogate pair is refused', 'message', tests.json('"else": "\ud800"'), 'The body is not valid JSON'),
    ('a comma too much is refused', 'message', tests.json('"n": 1,'), 'The body is not valid JSON'),
    ('so is text after the end', 'message', tests.json('"n": 1} {"a": 1'), 'The body is not valid JSON')
) t (what, field, r, wanted);

-- All complaints come at once
SELECT is(tests.tries('POST', '/api/t/echo/1', 'content-type: application/json', '{"n": "x", "is_open": "y", "evil": 1}') -> 'body',
    '{"type": "urn:qutecart:problem:validation_failed", "title": "Validation failed", "status": 422, "code": "validation_failed",
      "detail": "The name field is required. (and 3 more errors)", "message": "The name field is required. (and 3 more errors)",
      "errors": {"name": ["The name field is required."], "n": ["The n field must be an integer."],
                 "is_open": ["The is open field must be true or false."], "evil": ["The evil field is prohibited."]}}',
    'one answer names every missing, wrong and unknown field');
SELECT is(tests.tries('GET', '/api/t/echo/1') #>> '{body,message}', 'The name field is required.', 'a single complaint is told alone');

-- Paths
SELECT is((tests.tries('GET', '/api/t/echo/' || t.segment || '?name=x') ->> 'status')::integer, t.wanted, t.what)
FROM (VALUES ('a number in the path is bound', '7', 200), ('a word where a number is wanted is not found', 'abc', 404),
    ('nor is a number out of range', '99999999999999999999', 404), ('nor an empty segment', '', 404),
    ('H14 an encoded slash is refused', '1%2f2', 400), ('H14 dots are refused', '%2e%2e', 400), ('H14 NUL is refused', '1%00', 400),
    ('H14 double encoding is refused', '%2531', 400), ('H14 a semicolon is refused', '1;a=b', 400), ('H14 a backslash is refused', '1%5c', 400),
    ('H12 bytes that are not UTF-8 are refused', '%ff', 400)) t (what, segment, wanted);
SELECT is(tests.tries('POST', '/api/t/echo/1', 'content-type: application/json', '{"id": 2, "name": "x"}') #>> '{body,errors,id,0}',
    'The id field is prohibited.', 'H37 a body cannot say what the path says');
SELECT is(tests.tries('GET', '/api/t/echo/1?id=2&name=x') #>> '{body,id}', '1', 'nor can a query');

-- Bodies
SELECT is((tests.tries(t.method, '/api/t/echo/1?name=x', t.headers, t.body) ->> 'status')::integer, t.wanted, t.what)
FROM (VALUES
    ('a body of another kind is refused', 'POST', 'content-type: text/plain', 'name=x', 415),
    ('multipart is refused', 'POST', 'content-type: multipart/form-data; boundary=x', 'x', 415),
    ('a type ending in +json is JSON', 'POST', 'content-type: application/merge-patch+json', '{}', 200),
    ('the case of a type does not count', 'POST', 'content-type: Application/JSON;charset=UTF-8', '{}', 200),
    ('without a type a body is JSON', 'POST', '', '{}', 200),
    ('a JSON list is no set of fields', 'POST', 'content-type: application/json', '[1]', 400),
    ('nor is a word', 'POST', 'content-type: application/json', '"x"', 400),
    ('no body is no field', 'POST', 'content-type: application/json', NULL, 200),
    ('nor is an empty one', 'POST', 'content-type: application/json', '', 200),
    ('PUT has a body', 'PUT', 'content-type: application/json', '{"n": "x"}', 422),
    ('PATCH has one', 'PATCH', 'content-type: application/json', '{"n": "x"}', 422),
    ('DELETE may have one', 'DELETE', 'content-type: application/json', '{"n": "x"}', 422),
    ('a GET has none', 'GET', 'content-type: application/json', '{"n": "x"}', 200),
    ('two content types are refused', 'POST', E'content-type: application/json\ncontent-type: text/plain', '{}', 400)
) t (what, method, headers, body, wanted);
SELECT is((SELECT status FROM qutecart.http('POST', '/api/t/echo/1', 'content-type: application/json', '\x7b226e616d65223a22ff227d')), 400,
    'H12 JSON that is not UTF-8 is refused');
SELECT is((SELECT status FROM qutecart.http('POST', '/api/t/echo/1', 'content-type: application/x-www-form-urlencoded', '\x6e616d653dff')), 400,
    'H12 so is a form');
SELECT is(tests.tries('POST', '/api/t/echo/1?name=a', 'content-type: application/json', '{"name": "b"}') ->> 'status', '400',
    'H15 a name in the query and in the body is given twice');
SELECT is(tests.tries('GET', '/api/t/echo/1?name=x', 'User-Agent: curl/8') #>> '{body,agent}', 'curl/8', 'a header can be bound');

-- The body as it came
CREATE FUNCTION tests.raw(body bytea, signature text, mode text DEFAULT 'plain') RETURNS json LANGUAGE sql AS
    $$SELECT json_build_object('hex', encode(body, 'hex'), 'signature', signature, 'mode', mode)$$;
CREATE FUNCTION tests.csv(csv text) RETURNS json LANGUAGE sql AS $$SELECT to_json(csv)$$;
SELECT qutecart.route('POST /api/t/raw', 'tests.raw', bind => '{"body": "raw_body", "signature": "header:Stripe-Signature"}', max_body => 100) \g /dev/null
SELECT qutecart.route('POST /api/t/csv', 'tests.csv', bind => '{"csv": "raw_body"}') \g /dev/null
SELECT is(tests.tries('POST', '/api/t/raw?mode=x', E'content-type: application/json\nstripe-signature: t=1,v1=ab', '{"a": 1, "a": 2}') -> 'body',
    '{"hex": "7b2261223a20312c202261223a20327d", "signature": "t=1,v1=ab", "mode": "x"}',
    'a handler that signs or stores a body gets it byte for byte');
SELECT is((SELECT body::json ->> 'hex' FROM qutecart.http('POST', '/api/t/raw', 'stripe-signature: x', '\x00ff10')), '00ff10', 'also when it is no text');
SELECT is((SELECT status FROM qutecart.http('POST', '/api/t/csv', 'content-type: text/csv', '\xff')), 400, 'H12 text that is not UTF-8 is refused');
SELECT is(tests.tries('POST', '/api/t/csv', 'content-type: text/csv', E' a,b\n') ->> 'body', E' a,b\n', 'and text is taken as it is');
SELECT is(tests.tries('POST', '/api/t/csv', 'content-type: text/csv') #>> '{body,errors,csv,0}', 'The csv field is required.', 'an absent body is told');
SELECT is(tests.tries('POST', '/api/t/raw', 'stripe-signature: x', repeat('x', 101)) #>> '{body,code}', 'payload_too_large',
    'a body larger than the route takes is refused');
SELECT * FROM finish();
