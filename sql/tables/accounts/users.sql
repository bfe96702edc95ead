-- sql/tables/accounts/users.sql
CREATE TABLE qutecart.users (
    id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name              text NOT NULL CHECK (name <> '' AND length(name) <= 200),
    last_name         text CHECK (length(last_name) <= 200),
    phone             text CHECK (phone ~ '^\+?[0-9]{4,20}$'),
    phone_code        text CHECK (length(phone_code) <= 8),
    email             text CHECK (email ~ '^[^@[:space:][:cntrl:]]+@[^@[:space:][:cntrl:]]+$' AND length(email) <= 320),
    password_hash     text,
    gender            text CHECK (length(gender) <= 50),
    date_of_birth     date,
    country           text CHECK (length(country) <= 100),
    locale            text CONSTRAINT locale_is_a_language_tag CHECK (locale ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' AND length(locale) <= 35),
    photo_url         text CHECK (length(photo_url) <= 2000),
    is_active         boolean NOT NULL DEFAULT true,
    email_verified_at timestamptz,
    phone_verified_at timestamptz,
    auth_type         text,
    auth_id           text,
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now(),
    deleted_at        timestamptz,
    CONSTRAINT user_has_a_contact CHECK (email IS NOT NULL OR phone IS NOT NULL OR auth_id IS NOT NULL)
);
CREATE UNIQUE INDEX user_email_is_unique ON qutecart.users (lower(email)) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX user_phone_is_unique ON qutecart.users (phone) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX user_social_login_is_unique ON qutecart.users (auth_type, auth_id) WHERE deleted_at IS NULL;
COMMENT ON TABLE qutecart.users IS 'platform: every login identity: customers, members of shops, riders, admins. Read and written by functions only.';
ALTER TABLE qutecart.users ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.users FORCE ROW LEVEL SECURITY;
