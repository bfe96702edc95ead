-- functions/one_time_codes.sql
-- Verifying a contact and setting a forgotten password by a code.

CREATE FUNCTION qutecart.forgot_password(phone text DEFAULT NULL, email text DEFAULT NULL) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_forgot_password';
COMMENT ON FUNCTION qutecart.forgot_password(text, text) IS
    'Send a code for a new password. phone: a phone or an e-mail, which email may carry instead. Returns {message, data: {email_or_phone, phone_code, otp: null}}. Raises validation_failed (no such account, or an inactive one), too_many_requests.';

CREATE FUNCTION qutecart.send_code(phone text DEFAULT NULL, email text DEFAULT NULL, forgot_password boolean DEFAULT false)
    RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_send_code';
COMMENT ON FUNCTION qutecart.send_code(text, text, boolean) IS
    'Send a new code, the former one is void. phone: a phone or an e-mail, which email may carry instead; forgot_password: the code is for a new password. Returns {message, data: {email_or_phone, phone_code, otp: null}}. Raises validation_failed (no such account, or an inactive one), too_many_requests.';

CREATE FUNCTION qutecart.verify_code(phone text DEFAULT NULL, otp text DEFAULT NULL, email text DEFAULT NULL) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_verify_code';
COMMENT ON FUNCTION qutecart.verify_code(text, text, text) IS
    'Exchange a code for a token that reset_password() takes within 10 minutes; the contact is verified then. phone: a phone or an e-mail, which email may carry instead; otp: the six digits. Returns {message, data: {token}}. Raises bad_request (a wrong or old code), too_many_requests (after 5 guesses in 10 minutes, counted whether or not the transaction commits).';

CREATE FUNCTION qutecart.reset_password(token text DEFAULT NULL, password text DEFAULT NULL,
    password_confirmation text DEFAULT NULL) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_reset_password';
COMMENT ON FUNCTION qutecart.reset_password(text, text, text) IS
    'Set a new password with a token of verify_code(), which is used up; all sessions end. Returns {message}. Raises validation_failed.';

SELECT qutecart.route('POST /api/auth/forgot-password', 'qutecart.forgot_password');
SELECT qutecart.route('POST /api/auth/resend-otp', 'qutecart.send_code');
SELECT qutecart.route('POST /api/auth/verify-otp', 'qutecart.verify_code');
SELECT qutecart.route('POST /api/auth/reset-password', 'qutecart.reset_password');
