-- functions/bi_logins.sql
-- Read-only logins for analysts, each bound to one shop.

CREATE PROCEDURE qutecart.create_bi_login(shop bigint, name text,
    INOUT role_name text DEFAULT NULL, INOUT password text DEFAULT NULL)
    LANGUAGE c
    AS 'MODULE_PATHNAME', 'qc_fn_create_bi_login';
COMMENT ON PROCEDURE qutecart.create_bi_login(bigint, text, text, text) IS
    'Make a database login that reads one shop''s rows and nothing else: CALL qutecart.create_bi_login(7, ''sales''). Returns its role_name and password, shown this once. It may open 3 connections, run statements of 30 s and stay idle in a transaction for 60 s; ALTER ROLE … SET changes that. For superusers and roles with CREATEROLE. Raises not_found.';

CREATE PROCEDURE qutecart.drop_bi_login(role_name text)
    LANGUAGE c
    AS 'MODULE_PATHNAME', 'qc_fn_drop_bi_login';
COMMENT ON PROCEDURE qutecart.drop_bi_login(text) IS
    'Drop a login of qutecart.bi_logins and end its sessions. For superusers and roles with CREATEROLE. Raises not_found.';
