-- sql/tables/mail/mail_recipients.sql
-- What is in the link by which somebody ends what he did not ask for.
CREATE TABLE qutecart.mail_recipients (
    address    text PRIMARY KEY CHECK (address = lower(address) AND address <> '' AND length(address) <= 320),
    token      uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE qutecart.mail_recipients IS 'platform: addresses, in small letters, that got a mail one can unsubscribe from, with the token of their link.';
ALTER TABLE qutecart.mail_recipients ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.mail_recipients FORCE ROW LEVEL SECURITY;
