-- sql/tables/mail/mail_kinds.sql
-- What mails there are: of what sort their data are, and data to look at them with.
CREATE TABLE qutecart.mail_kinds (
    name             text PRIMARY KEY CHECK (name ~ '^[a-z][a-z_]*$'),
    description      text NOT NULL,
    is_transactional boolean NOT NULL,
    colour           text NOT NULL,
    fields           jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(fields) = 'object'),
    sample           jsonb NOT NULL CHECK (jsonb_typeof(sample) = 'object'),
    shipped          text,
    updated_at       timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE qutecart.mail_kinds IS 'platform: kinds of mails. One that is not transactional can be unsubscribed from; colour: a template that gives the name of a colour of the layout; fields: the sorts of data that are written in the reader''s language; sample: data to preview it with; shipped: what seed() wrote, so that an edited row is left alone.';
ALTER TABLE qutecart.mail_kinds ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.mail_kinds FORCE ROW LEVEL SECURITY;
