-- functions/staff.sql
-- What a shop's owner, and who he lets, does about the staff.

CREATE FUNCTION qutecart.add_staff(email text DEFAULT NULL, name text DEFAULT NULL, permissions text[] DEFAULT NULL,
    last_name text DEFAULT NULL, phone text DEFAULT NULL, password text DEFAULT NULL) RETURNS json
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_add_staff';
COMMENT ON FUNCTION qutecart.add_staff(text, text, text[], text, text, text) IS
    'Add a person to the staff of the shop acted for. Who has an account under this email is invited and must accept; anybody else gets an account (name is required then) and, without a password, sets one by a code. permissions: names of "shop.*", only such as the acting person has. Needs shop.employee.create. Takes a unit of the staff limit. Returns {message, data: {employee}}. Raises forbidden, plan_limit_reached, validation_failed.';

CREATE FUNCTION qutecart.list_staff() RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED
    AS 'MODULE_PATHNAME', 'qc_fn_list_staff';
COMMENT ON FUNCTION qutecart.list_staff() IS
    'The staff of the shop acted for, oldest first: {message, data: {employees: [{id, first_name, last_name, email, phone, is_active, has_accepted, permissions, created_at}], total}}. Needs shop.employee.index.';

CREATE FUNCTION qutecart.set_staff_permissions(id bigint, permissions text[] DEFAULT '{}') RETURNS json
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_set_staff_permissions';
COMMENT ON FUNCTION qutecart.set_staff_permissions(bigint, text[]) IS
    'Let a staff member (id: of the user) do exactly this; nothing, when no permissions are given. What is given or taken must be the acting person''s own. Needs shop.employee.permission.update. Returns {message, data: {employee}}. Raises not_found, forbidden, validation_failed.';

CREATE FUNCTION qutecart.toggle_staff(id bigint) RETURNS json
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_toggle_staff';
COMMENT ON FUNCTION qutecart.toggle_staff(bigint) IS
    'Switch a staff member (id: of the user) off or on; the place stays taken. Needs shop.employee.toggle. Returns {message, data: {employee}}. Raises not_found, forbidden.';

CREATE FUNCTION qutecart.remove_staff(id bigint) RETURNS json
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_remove_staff';
COMMENT ON FUNCTION qutecart.remove_staff(bigint) IS
    'Remove a staff member (id: of the user) and give his place back; the owner cannot be removed. Needs shop.employee.destroy. Returns {message}. Raises not_found, forbidden.';

CREATE FUNCTION qutecart.accept_invitation(shop bigint) RETURNS json
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'qc_fn_accept_invitation';
COMMENT ON FUNCTION qutecart.accept_invitation(bigint) IS
    'Become staff of a shop that has invited the signed-in user. Returns {message}. Raises not_found.';

SELECT qutecart.route('GET /api/seller/employees', 'qutecart.list_staff', actor => 'member');
SELECT qutecart.route('POST /api/seller/employees', 'qutecart.add_staff', actor => 'member');
SELECT qutecart.route('PUT /api/seller/employees/{id}/permissions', 'qutecart.set_staff_permissions', actor => 'member');
SELECT qutecart.route('POST /api/seller/employees/{id}/status', 'qutecart.toggle_staff', actor => 'member');
SELECT qutecart.route('DELETE /api/seller/employees/{id}', 'qutecart.remove_staff', actor => 'member');
SELECT qutecart.route('POST /api/seller/invitations/{shop}/accept', 'qutecart.accept_invitation', actor => 'user');
