-- sql/tables/mail/mail_layouts.sql
-- What surrounds every mail of one language, and how its parts look.
CREATE TABLE qutecart.mail_layouts (
    locale     text PRIMARY KEY CHECK (locale ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
    html       text NOT NULL CONSTRAINT html_places_the_content CHECK (html ~ '\{\{\{\s*content\s*\}\}\}'),
    text       text NOT NULL CONSTRAINT text_places_the_content CHECK (text ~ '\{\{\s*content\s*\}\}'),
    styles     jsonb NOT NULL CHECK (jsonb_typeof(styles) = 'object'),
    colours    jsonb NOT NULL CHECK (jsonb_typeof(colours) = 'object'),
    shipped    text,
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE qutecart.mail_layouts IS 'platform: the frame of all mails in one language. html and text place the mail as {{{content}}} and {{content}}; styles and colours are {{style.…}} and {{colour.…}} (of the mail''s kind), inline CSS, in layouts and templates; shipped: what seed() wrote, so that an edited row is left alone.';
ALTER TABLE qutecart.mail_layouts ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.mail_layouts FORCE ROW LEVEL SECURITY;
CREATE TRIGGER t10_mail_template BEFORE INSERT OR UPDATE ON qutecart.mail_layouts FOR EACH ROW
    EXECUTE FUNCTION qutecart.tg_mail_template('layout');
ALTER TABLE qutecart.mail_layouts ENABLE ALWAYS TRIGGER t10_mail_template;
