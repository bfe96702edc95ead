-- sql/tables/mail/mail_suppressions.sql
-- Who is not written to, and why.
CREATE TABLE qutecart.mail_suppressions (
    address    text NOT NULL CHECK (address = lower(address) AND address <> '' AND length(address) <= 320),
    reason     text NOT NULL CONSTRAINT suppression_reason_is_known
        CHECK (reason IN ('bounce', 'complaint', 'unsubscribe', 'manual')),
    source     text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (address, reason)
);
COMMENT ON TABLE qutecart.mail_suppressions IS 'platform: addresses, in small letters, that get no mail; "unsubscribe" keeps back only what is not transactional. Written by suppress(), unsuppress(), refused mails and the provider''s webhook.';
ALTER TABLE qutecart.mail_suppressions ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.mail_suppressions FORCE ROW LEVEL SECURITY;
