-- triggers/mail_template.sql
CREATE FUNCTION qutecart.tg_mail_template() RETURNS trigger
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_tg_mail_template';
COMMENT ON FUNCTION qutecart.tg_mail_template() IS
    'Trigger of mail_layouts and mail_templates, before a row; argument: layout or template. Refuses what is malformed, and a template that asks for a value which the sample of its kind does not have.';
