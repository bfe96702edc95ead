-- functions/lint.sql
-- Is the database still as safe as install() left it?

CREATE FUNCTION qutecart.lint(server_version integer DEFAULT NULL)
    RETURNS TABLE (rule text, object text, detail text)
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_lint';
COMMENT ON FUNCTION qutecart.lint(integer) IS
    'One row per object that breaks a rule of tenant isolation; no row means all is well. server_version: judge as if the server had this version number (150014), else its own. Superusers only.';

CREATE FUNCTION qutecart.lint_rules()
    RETURNS TABLE (rule text, promise text)
    LANGUAGE c STABLE PARALLEL SAFE
    AS 'MODULE_PATHNAME', 'qc_fn_lint_rules';
COMMENT ON FUNCTION qutecart.lint_rules() IS
    'The rules that qutecart.lint() checks, and what each promises.';
