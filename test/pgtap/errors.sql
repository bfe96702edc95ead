-- test/pgtap/errors.sql
-- Codes of failures that no other test meets by name; test/lint/source.t wants each code
-- to be met by one.
BEGIN;
\ir world/stripe.sql
SELECT plan(5);

SELECT is((SELECT (h.body::json ->> 'code') FROM qutecart.http(r.method, r.target, r.headers, r.body::bytea, '127.0.0.1') h), r.code, r.what)
FROM (VALUES
    ('PUT', '/api/products', '', '', 'method_not_allowed', 'a method that a path does not have'),
    ('POST', '/api/auth/login', 'content-type: text/xml', '<a/>', 'unsupported_media_type', 'a body of a kind that nobody reads'),
    ('POST', '/api/webhooks/stripe', 'content-type: application/json', '{}', 'invalid_signature', 'an event without a signature'),
    ('POST', '/api/webhooks/stripe', 'stripe-signature: ' || tests.sign('no event'), 'no event', 'invalid_payload', 'a signed text that is no event'),
    ('POST', '/api/upload', 'content-type: application/json', '{}', 'unauthenticated', 'a member''s route without a token'))
    r (method, target, headers, body, code, what);

SELECT * FROM finish();
ROLLBACK;
