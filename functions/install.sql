-- functions/install.sql
-- Creating, migrating and seeding the schema.

CREATE PROCEDURE qutecart.install()
    LANGUAGE c
    AS 'MODULE_PATHNAME', 'qc_fn_install';
COMMENT ON PROCEDURE qutecart.install() IS
    'Create the tables, views, policies, triggers, roles and grants, or bring them to this version. One transaction; run twice it changes nothing. Superusers only.';

CREATE PROCEDURE qutecart.seed(what text)
    LANGUAGE c
    AS 'MODULE_PATHNAME', 'qc_fn_seed';
COMMENT ON PROCEDURE qutecart.seed(text) IS
    'Fill in data. what: "essential" (countries, currencies, plans, roles, permissions, settings; run twice it changes nothing) or "demo" (two shops with products, refused where real shops exist). Superusers only.';

CREATE PROCEDURE qutecart.adopt()
    LANGUAGE c
    AS 'MODULE_PATHNAME', 'qc_fn_adopt';
COMMENT ON PROCEDURE qutecart.adopt() IS
    'Say that this restored or cloned database is the live one: from now on its mails, webhooks and Stripe calls leave the server. Superusers only.';
