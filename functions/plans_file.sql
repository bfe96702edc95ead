-- functions/plans_file.sql
-- All plans as one file of TOML: get it, see what another one would change, apply it.

CREATE FUNCTION qutecart.plans_export() RETURNS text
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_plans_export';
COMMENT ON FUNCTION qutecart.plans_export() IS
    'All plans as a file of TOML, in the order in which they are shown; applying it changes nothing. Needs admin.subscription-plan.index.';

CREATE FUNCTION qutecart.plans_diff(toml text, retire_missing boolean DEFAULT false)
    RETURNS TABLE (plan text, field text, before text, after text, effect text)
    LANGUAGE c STABLE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_plans_diff';
COMMENT ON FUNCTION qutecart.plans_diff(text, boolean) IS
    'What a file of plans would change, one row per field, with its effect on shops in words; writes nothing. toml: tables [[plan]], each with its slug first and then the fields of create_plan() and is_active; a field that is left out stays as it is, and so does a plan, unless retire_missing. Errors: validation_failed with line and column. Needs admin.subscription-plan.index.';

CREATE FUNCTION qutecart.plans_apply(toml text, confirm boolean, retire_missing boolean DEFAULT false)
    RETURNS TABLE (plan text, field text, before text, after text, effect text)
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_plans_apply';
COMMENT ON FUNCTION qutecart.plans_apply(text, boolean, boolean) IS
    'Make the plans what a file says, all of it or nothing; returns what was changed, as plans_diff(). A second time it changes nothing. confirm must be true. Writes the audit log, a line per plan. Errors: validation_failed. Needs admin.subscription-plan.create, .edit and .toggle.';

CREATE FUNCTION qutecart.compare_plans_file(toml text DEFAULT NULL, retire_missing boolean DEFAULT NULL) RETURNS json
    LANGUAGE c STABLE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_compare_plans_file';
COMMENT ON FUNCTION qutecart.compare_plans_file(text, boolean) IS
    'As plans_diff(), as one object: {message, data: {changes: [{plan, field, before, after, effect}]}}. Needs admin.subscription-plan.index.';

CREATE FUNCTION qutecart.apply_plans_file(toml text DEFAULT NULL, confirm boolean DEFAULT NULL, retire_missing boolean DEFAULT NULL) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_apply_plans_file';
COMMENT ON FUNCTION qutecart.apply_plans_file(text, boolean, boolean) IS
    'As plans_apply(), as one object: {message, data: {changes: [{plan, field, before, after, effect}]}}. Needs admin.subscription-plan.create, .edit and .toggle.';

SELECT qutecart.route('GET /api/admin/plans-file', 'qutecart.plans_export', actor => 'admin');
SELECT qutecart.route('POST /api/admin/plans-file/compare', 'qutecart.compare_plans_file', actor => 'admin', bind => '{"toml": "raw_body"}');
SELECT qutecart.route('POST /api/admin/plans-file/apply', 'qutecart.apply_plans_file', actor => 'admin', bind => '{"toml": "raw_body"}');
