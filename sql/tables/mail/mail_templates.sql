-- sql/tables/mail/mail_templates.sql
-- The words of each mail in each language; an operator edits them with UPDATE.
CREATE TABLE qutecart.mail_templates (
    name       text NOT NULL REFERENCES qutecart.mail_kinds,
    locale     text NOT NULL REFERENCES qutecart.mail_layouts,
    subject    text NOT NULL CHECK (subject <> ''),
    preheader  text NOT NULL DEFAULT '',
    html       text NOT NULL CHECK (html <> ''),
    text       text NOT NULL CHECK (text <> ''),
    shipped    text,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (name, locale)
);
CREATE INDEX mail_templates_locale ON qutecart.mail_templates (locale);
COMMENT ON TABLE qutecart.mail_templates IS 'platform: the words of a mail in one language, with {{placeholders}}, {{#sections}}…{{/sections}} and {{^inverted}} ones. One that is malformed, or needs a value that its kind''s sample does not have, is refused; shipped: what seed() wrote, so that an edited row is left alone.';
ALTER TABLE qutecart.mail_templates ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.mail_templates FORCE ROW LEVEL SECURITY;
CREATE TRIGGER t10_mail_template BEFORE INSERT OR UPDATE ON qutecart.mail_templates FOR EACH ROW
    EXECUTE FUNCTION qutecart.tg_mail_template('template');
ALTER TABLE qutecart.mail_templates ENABLE ALWAYS TRIGGER t10_mail_template;
