/*
 * extension/tenant/staff.c
 *		Staff of a shop: invited, given permissions, switched off, removed.
 *
 * Nobody becomes a member of a shop against his will: who has an account is invited
 * and has no right in the shop, nor the shop's view of the marketplace, until he
 * accepts.  Nobody hands on, or takes from others, what he was not given himself.
 */
#include "postgres.h"

#include "utils/array.h"
#include "utils/builtins.h"

#include "extension/core/crypto.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/core/json.h"
#include "extension/mail/mail.h"
#include "extension/tenant/account.h"
#include "extension/tenant/audit.h"
#include "extension/tenant/context.h"
#include "extension/tenant/staff.h"

/* ON CONFLICT: an invitation sent twice at the same time is one. */
static QcStmt add_member = {
	.sql = "INSERT INTO qutecart.shop_members (shop_id, user_id, role, accepted_at)"
		   " VALUES ($1, $2, 'staff', CASE WHEN $3 THEN pg_catalog.now() END)"
		   " ON CONFLICT DO NOTHING",
	.nargs = 3,
	.argtypes = {INT8OID, INT8OID, BOOLOID},
};

static QcStmt find_member = {
	.sql = "SELECT m.role = 'owner' FROM qutecart.shop_members m"
		   " WHERE m.shop_id = $1 AND m.user_id = $2 FOR UPDATE",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

static QcStmt find_unknown_permission = {
	.sql = "SELECT n.name FROM pg_catalog.unnest($1) n (name)"
		   " WHERE NOT EXISTS (SELECT FROM qutecart.permissions p"
		   "  WHERE p.name = n.name AND p.panel IN ('shop', 'shopMultiShop')) LIMIT 1",
	.nargs = 1,
	.argtypes = {TEXTARRAYOID},
};

/* What is given or taken when a member shall have exactly $3. */
static QcStmt find_changes = {
	.sql = "SELECT p.name FROM qutecart.permissions p"
		   " WHERE (p.name = ANY ($3)) <> EXISTS ("
		   "  SELECT FROM qutecart.shop_member_permissions g WHERE g.shop_id = $1"
		   "  AND g.user_id = $2 AND g.permission_id = p.id)",
	.nargs = 3,
	.argtypes = {INT8OID, INT8OID, TEXTARRAYOID},
};

static QcStmt take_permissions = {
	.sql = "DELETE FROM qutecart.shop_member_permissions g"
		   " USING qutecart.permissions p WHERE g.shop_id = $1 AND g.user_id = $2"
		   " AND p.id = g.permission_id AND p.name <> ALL ($3)",
	.nargs = 3,
	.argtypes = {INT8OID, INT8OID, TEXTARRAYOID},
};

static QcStmt give_permissions = {
	.sql = "INSERT INTO qutecart.shop_member_permissions (shop_id, user_id,"
		   " permission_id) SELECT $1, $2, p.id FROM qutecart.permissions p"
		   " WHERE p.name = ANY ($3) ON CONFLICT DO NOTHING",
	.nargs = 3,
	.argtypes = {INT8OID, INT8OID, TEXTARRAYOID},
};

static QcStmt toggle_member = {
	.sql = "UPDATE qutecart.shop_members SET is_active = NOT is_active"
		   " WHERE shop_id = $1 AND user_id = $2 AND role = 'staff'"
		   " RETURNING is_active",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

static QcStmt remove_member = {
	.sql = "DELETE FROM qutecart.shop_members"
		   " WHERE shop_id = $1 AND user_id = $2 AND role = 'staff'",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

static QcStmt accept_invitation = {
	.sql = "UPDATE qutecart.shop_members SET accepted_at = pg_catalog.now()"
		   " WHERE shop_id = $1 AND user_id = $2 AND accepted_at IS NULL AND is_active",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

static QcStmt read_invitation = {
	.sql = "SELECT s.name, u.locale FROM qutecart.shops s, qutecart.users u"
		   " WHERE s.id = $1 AND u.id = $2",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

/* Of somebody who has not accepted, the shop knows the contact and no more. */
static QcStmt read_staff = {
	.sql = "SELECT u.id, CASE WHEN m.accepted_at IS NOT NULL THEN u.name END,"
		   " CASE WHEN m.accepted_at IS NOT NULL THEN u.last_name END,"
		   " u.email, CASE WHEN m.accepted_at IS NOT NULL THEN u.phone END,"
		   " m.is_active, m.accepted_at IS NOT NULL, m.created_at,"
		   " pg_catalog.to_json(ARRAY(SELECT p.name"
		   "  FROM qutecart.shop_member_permissions g"
		   "  JOIN qutecart.permissions p ON p.id = g.permission_id"
		   "  WHERE g.shop_id = m.shop_id AND g.user_id = m.user_id"
		   "  ORDER BY p.name))::pg_catalog.text"
		   " FROM qutecart.shop_members m JOIN qutecart.users u ON u.id = m.user_id"
		   " WHERE m.shop_id = $1 AND m.role = 'staff'"
		   " AND ($2 IS NULL OR m.user_id = $2) ORDER BY m.created_at, m.user_id",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

static void member_args(QcArgs *args, int64 shop_id, int64 user_id);
static void refuse_field(const char *field, const char *sentence);
static int64 create_account(QcRegistration *person);
static void send_invitation(int64 shop_id, int64 user_id, const char *email,
							bool has_account);
static void need_staff(int64 shop_id, int64 user_id);
static void check_known(Datum names);
static void check_own(const QcArgs *change);

int64
qc_staff_add(int64 shop_id, QcRegistration *person)
{
	int64 user_id = person->email ? qc_account_find(person->email) : 0;
	bool has_account = user_id != 0;
	QcArgs args = {0};

	if (!has_account)
		user_id = create_account(person);
	member_args(&args, shop_id, user_id);
	qc_args_bool(&args, !has_account);
	qc_db_begin();
	if (qc_db_system(&add_member, &args) == 0)
		refuse_field("email", "The email belongs to a member of this shop already.");
	qc_db_end();
	send_invitation(shop_id, user_id, person->email, has_account);
	qc_audit("staff.add", shop_id, psprintf(INT64_FORMAT, user_id), NULL);
	return user_id;
}

void
qc_staff_set_permissions(int64 shop_id, int64 user_id, Datum names)
{
	QcArgs args = {0};

	check_known(names);
	need_staff(shop_id, user_id);
	member_args(&args, shop_id, user_id);
	qc_args_datum(&args, names, false);
	check_own(&args);
	qc_db_begin();
	(void) qc_db_system(&take_permissions, &args);
	(void) qc_db_system(&give_permissions, &args);
	qc_db_end();
	qc_audit("staff.permissions", shop_id, psprintf(INT64_FORMAT, user_id), NULL);
}

bool
qc_staff_toggle(int64 shop_id, int64 user_id)
{
	QcArgs args = {0};
	bool is_active;

	need_staff(shop_id, user_id);
	member_args(&args, shop_id, user_id);
	qc_db_begin();
	qc_db_expect(qc_db_system(&toggle_member, &args), 1, "switching a staff member");
	is_active = qc_db_bool(0, 1);
	qc_db_end();
	qc_audit(is_active ? "staff.activate" : "staff.deactivate", shop_id,
			 psprintf(INT64_FORMAT, user_id), NULL);
	return is_active;
}

void
qc_staff_remove(int64 shop_id, int64 user_id)
{
	QcArgs args = {0};

	need_staff(shop_id, user_id);
	member_args(&args, shop_id, user_id);
	qc_db_begin();
	qc_db_expect(qc_db_system(&remove_member, &args), 1, "removing a staff member");
	qc_db_end();
	qc_audit("staff.remove", shop_id, psprintf(INT64_FORMAT, user_id), NULL);
}

void
qc_staff_accept(int64 shop_id, int64 user_id)
{
	QcArgs args = {0};

	member_args(&args, shop_id, user_id);
	qc_db_begin();
	if (qc_db_system(&accept_invitation, &args) != 1)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("invitation not found"));
	qc_db_end();
	qc_audit("staff.accept", shop_id, psprintf(INT64_FORMAT, user_id), NULL);
}

int64
qc_staff_write(QcJson *json, int64 shop_id, int64 user_id)
{
	QcArgs args = {0};
	uint64 n;

	qc_args_int8(&args, shop_id);
	qc_args_id(&args, user_id);
	qc_db_begin();
	n = qc_db_system(&read_staff, &args);
	for (uint64 row = 0; row < n; row++)
	{
		qc_json_open(json, user_id ? "employee" : NULL, '{');
		qc_json_int(json, "id", qc_db_int8(row, 1));
		qc_json_text(json, "first_name", qc_db_text(row, 2));
		qc_json_text(json, "last_name", qc_db_text(row, 3));
		qc_json_text(json, "email", qc_db_text(row, 4));
		qc_json_text(json, "phone", qc_db_text(row, 5));
		qc_json_bool(json, "is_active", qc_db_bool(row, 6));
		qc_json_bool(json, "has_accepted", qc_db_bool(row, 7));
		qc_json_raw(json, "permissions", qc_db_text(row, 9));
		qc_json_time(json, "created_at", qc_db_time(row, 8));
		qc_json_close(json, '}');
	}
	qc_db_end();
	return (int64) n;
}

static void
member_args(QcArgs *args, int64 shop_id, int64 user_id)
{
	qc_args_int8(args, shop_id);
	qc_args_int8(args, user_id);
}

static void
refuse_field(const char *field, const char *sentence)
{
	QcFieldErrors errors;

	qc_fields_init(&errors);
	qc_fields_add(&errors, field, "%s", sentence);
	qc_fields_raise(&errors);
}

/* A new account; the e-mail is free, the rest is checked as in any registration. */
static int64
create_account(QcRegistration *person)
{
	QcFieldErrors errors;
	int64 user_id;

	qc_fields_init(&errors);
	qc_registration_check(person, &errors, false, true);
	qc_fields_raise(&errors);
	user_id = qc_registration_create(person);
	qc_registration_give_role(user_id, "customer");
	return user_id;
}

static void
send_invitation(int64 shop_id, int64 user_id, const char *email, bool has_account)
{
	QcMail mail = {.template_name = "staff_invited", .shop_id = shop_id, .to = email};
	QcArgs args = {0};
	QcJson json;

	member_args(&args, shop_id, user_id);
	qc_db_begin();
	qc_db_expect(qc_db_system(&read_invitation, &args), 1, "reading an invitation");
	qc_json_init(&json);
	qc_json_open(&json, NULL, '{');
	qc_json_int(&json, "shop_id", shop_id);
	qc_json_text(&json, "shop_name", qc_db_text(0, 1));
	qc_json_int(&json, "user_id", user_id);
	qc_json_bool(&json, "has_account", has_account);
	qc_json_close(&json, '}');
	mail.locale = qc_db_text(0, 2);
	mail.data = json.out.data;
	(void) qc_mail_enqueue(&mail);
	qc_db_end();
}

/* The staff member must be one of this shop; locks his membership. */
static void
need_staff(int64 shop_id, int64 user_id)
{
	QcArgs args = {0};

	member_args(&args, shop_id, user_id);
	qc_db_begin();
	if (qc_db_system(&find_member, &args) != 1)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("staff member not found"));
	if (qc_db_bool(0, 1))
		ereport(ERROR, qc_err(QC_ERR_FORBIDDEN),
				errmsg("the owner of the shop cannot be changed or removed"));
	qc_db_end();
}

static void
check_known(Datum names)
{
	QcArgs args = {0};
	char *unknown = NULL;

	if (array_contains_nulls(DatumGetArrayTypeP(names)))
		refuse_field("permissions", "The selected permissions is invalid.");
	qc_args_datum(&args, names, false);
	qc_db_begin();
	if (qc_db_system(&find_unknown_permission, &args) == 1)
		unknown = qc_db_keep_text(qc_db_text(0, 1));
	qc_db_end();
	if (unknown != NULL)
		refuse_field("permissions", "The selected permissions is invalid.");
}

/* Whoever acts must have every permission that the change gives or takes. */
static void
check_own(const QcArgs *change)
{
	uint64 n;
	char **names;

	qc_db_begin();
	n = qc_db_system(&find_changes, change);
	names = palloc(sizeof(char *) * (n + 1));
	for (uint64 row = 0; row < n; row++)
		names[row] = qc_db_text(row, 1);
	for (uint64 i = 0; i < n; i++)
		if (!qc_context_may(names[i]))
			ereport(ERROR, qc_err(QC_ERR_FORBIDDEN),
					errmsg("permission \"%s\" is not yours to give or take", names[i]));
	qc_db_end();
}
