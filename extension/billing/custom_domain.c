/*
 * extension/billing/custom_domain.c
 *		A shop's own domains, once it has shown that they are.
 *
 * Any number of shops may claim a name; the key of qutecart.domains lets one of them
 * have it, the first that publishes its token.  resolve.c shows the shop under it.
 */
#include "postgres.h"

#include "extension/billing/custom_domain.h"
#include "extension/billing/subscription.h"
#include "extension/core/args.h"
#include "extension/core/crypto.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/core/guc.h"
#include "extension/core/idn.h"
#include "extension/core/json.h"
#include "extension/outbox/outbox.h"
#include "extension/tenant/audit.h"
#include "extension/tenant/host.h"

#define TOKEN_LENGTH 40
#define LONGEST      (QC_HOST_MAX - (int) sizeof(QC_DOMAIN_CHALLENGE))

/* The same words as in tenant/resolve.c, which decides at each request. */
static QcStmt is_entitled = {
	.sql = "SELECT FROM qutecart.effective_limits e JOIN qutecart.plans p"
		   " ON p.id = e.plan_id JOIN qutecart.tenants t ON t.shop_id = e.shop_id"
		   " AND t.status = 'active' WHERE e.shop_id = $1"
		   " AND (p.features @> '{\"custom_domain\": true}'"
		   " OR p.features @> '{\"custom_branding\": true}')",
	.nargs = 1,
	.argtypes = {INT8OID},
};

static QcStmt count_claims = {
	.sql = "SELECT count(*) FROM qutecart.domain_claims c WHERE c.shop_id = $1",
	.nargs = 1,
	.argtypes = {INT8OID},
};

static QcStmt insert_claim = {
	.sql = "INSERT INTO qutecart.domain_claims (shop_id, domain, token, requested_at)"
		   " VALUES ($1, $2, $3, pg_catalog.now()) ON CONFLICT DO NOTHING",
	.nargs = 3,
	.argtypes = {INT8OID, TEXTOID, TEXTOID},
};

static QcStmt lock_claim = {
	.sql = "SELECT c.token, c.verified_at IS NOT NULL,"
		   " c.requested_at > pg_catalog.now() - interval '1 minute'"
		   " FROM qutecart.domain_claims c WHERE c.shop_id = $1 AND c.domain = $2"
		   " FOR UPDATE",
	.nargs = 2,
	.argtypes = {INT8OID, TEXTOID},
};

static QcStmt note_request = {
	.sql = "UPDATE qutecart.domain_claims c SET requested_at = pg_catalog.now()"
		   " WHERE c.shop_id = $1 AND c.domain = $2",
	.nargs = 2,
	.argtypes = {INT8OID, TEXTOID},
};

/* $3: what is wrong; NULL = it is verified. */
static QcStmt note_check = {
	.sql = "UPDATE qutecart.domain_claims c SET checked_at = pg_catalog.now(),"
		   " problem = $3, verified_at = CASE WHEN $3 IS NULL THEN pg_catalog.now() END"
		   " WHERE c.shop_id = $1 AND c.domain = $2",
	.nargs = 3,
	.argtypes = {INT8OID, TEXTOID, TEXTOID},
};

static QcStmt take_domain = {
	.sql = "INSERT INTO qutecart.domains (domain, shop_id, kind, verified_at)"
		   " VALUES ($2, $1, 'custom', pg_catalog.now())"
		   " ON CONFLICT (domain) DO NOTHING",
	.nargs = 2,
	.argtypes = {INT8OID, TEXTOID},
};

static QcStmt drop_domain = {
	.sql = "DELETE FROM qutecart.domains d WHERE d.shop_id = $1 AND d.domain = $2"
		   " AND d.kind = 'custom'",
	.nargs = 2,
	.argtypes = {INT8OID, TEXTOID},
};

static QcStmt drop_claim = {
	.sql = "DELETE FROM qutecart.domain_claims c WHERE c.shop_id = $1"
		   " AND c.domain = $2",
	.nargs = 2,
	.argtypes = {INT8OID, TEXTOID},
};

static uint64
run(QcStmt *stmt, int64 shop_id, const char *domain)
{
	QcArgs args = {0};

	qc_args_int8(&args, shop_id);
	if (domain != NULL)
		qc_args_text(&args, domain);
	return qc_db_system(stmt, &args);
}

/* Between qc_db_begin and qc_db_end. */
static void
need_entitlement(int64 shop_id)
{
	if (run(&is_entitled, shop_id, NULL) == 0)
		ereport(ERROR, qc_err(QC_ERR_FORBIDDEN),
				errmsg("the shop's plan includes no domain of its own"),
				errhint("Choose a plan that does."));
}

static void
pg_attribute_noreturn() refuse_missing(void)
{
	ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("domain not found"));
}

/* Is it the marketplace's, or below it? */
static bool
is_ours(const char *domain)
{
	size_t len;

	return strcmp(domain, qc_guc_base_domain) == 0 ||
		   qc_host_label(domain, qc_guc_base_domain, &len) != NULL ||
		   qc_host_is_listed(domain, qc_guc_central_domains);
}

static const char *
judge(const char *text, QcIdnName *name)
{
	const char *complaint = qc_idn_read(text, name);
	const char *last = complaint ? NULL : strrchr(name->ascii, '.');

	if (complaint != NULL)
		return complaint;
	if (last == NULL || strspn(last + 1, "0123456789") == strlen(last + 1))
		return "must be a domain, like shop.example.";
	if (strlen(name->ascii) > LONGEST)
		return psprintf("must not be longer than %d characters.", LONGEST);
	if (is_ours(name->ascii))
		return "belongs to the marketplace: choose a subdomain instead.";
	return NULL;
}

static void
refuse(const char *sentence)
{
	QcFieldErrors errors;

	qc_fields_init(&errors);
	qc_fields_add(&errors, "domain", "%s", sentence);
	qc_fields_raise(&errors);
}

/* Ask whoever can look it up. */
static void
enqueue(int64 shop_id, const char *domain)
{
	QcJson json;

	qc_json_init(&json);
	qc_json_open(&json, NULL, '{');
	qc_json_int(&json, "shop_id", shop_id);
	qc_json_text(&json, "domain", domain);
	qc_json_text(&json, "name", psprintf(QC_DOMAIN_CHALLENGE ".%s", domain));
	qc_json_close(&json, '}');
	(void) qc_outbox_enqueue("dns.verify", shop_id, domain, json.out.data);
}

char *
qc_domain_add(int64 shop_id, const char *text)
{
	QcIdnName name;
	const char *complaint = judge(text, &name);
	QcArgs args = {0};

	if (complaint != NULL)
		refuse(psprintf("The domain %s", complaint));
	(void) qc_subscription_lock_shop(shop_id);
	qc_args_int8(&args, shop_id);
	qc_args_text(&args, name.ascii);
	qc_args_text(&args, qc_crypto_random_word(TOKEN_LENGTH));
	qc_db_begin();
	need_entitlement(shop_id);
	(void) run(&count_claims, shop_id, NULL);
	if (qc_db_int8(0, 1) >= QC_DOMAIN_MAX)
		refuse(psprintf("A shop has %d domains of its own at most.", QC_DOMAIN_MAX));
	if (qc_db_system(&insert_claim, &args) == 0)
		ereport(ERROR, qc_err(QC_ERR_CONFLICT),
				errmsg("the shop has added the domain already"));
	qc_audit("domain.add", shop_id, name.ascii, NULL);
	enqueue(shop_id, name.ascii);
	qc_db_end();
	return pstrdup(name.ascii);
}

void
qc_domain_request(int64 shop_id, const char *domain)
{
	qc_db_begin();
	if (run(&lock_claim, shop_id, domain) == 0)
		refuse_missing();
	if (!qc_db_bool(0, 2))
	{
		if (qc_db_bool(0, 3))
			ereport(ERROR, qc_err(QC_ERR_TOO_MANY_REQUESTS),
					errmsg("the domain is being looked up"),
					errhint("Try again in a minute; DNS takes its time."));
		need_entitlement(shop_id);
		(void) run(&note_request, shop_id, domain);
		enqueue(shop_id, domain);
	}
	qc_db_end();
}

static bool
has_text(List *texts, const char *token)
{
	ListCell *cell;

	foreach (cell, texts)
		if (strcmp(lfirst(cell), token) == 0)
			return true;
	return false;
}

/* What is in the way of the claim; NULL = nothing, and the domain is the shop's now. */
static const char *
problem_of(int64 shop_id, const char *domain, const char *token, List *texts)
{
	if (!has_text(texts, token))
		return texts == NIL ? "there is no such TXT record"
							: "the TXT record has another value";
	if (run(&is_entitled, shop_id, NULL) == 0)
		return "the shop's plan includes no domain of its own";
	if (run(&take_domain, shop_id, domain) == 0)
		return "another shop has this domain";
	return NULL;
}

bool
qc_domain_decide(int64 shop_id, const char *domain, List *texts)
{
	const char *problem = NULL;
	bool was_verified;
	QcArgs args = {0};

	qc_db_begin();
	if (run(&lock_claim, shop_id, domain) == 0)
		refuse_missing();
	was_verified = qc_db_bool(0, 2);
	if (!was_verified)
	{
		problem = problem_of(shop_id, domain, qc_db_text(0, 1), texts);
		qc_args_int8(&args, shop_id);
		qc_args_text(&args, domain);
		qc_args_text(&args, problem);
		(void) qc_db_system(&note_check, &args);
		if (problem == NULL)
			qc_audit("domain.verified", shop_id, domain, NULL);
	}
	qc_db_end();
	return problem == NULL;
}

void
qc_domain_remove(int64 shop_id, const char *domain)
{
	qc_db_begin();
	if (run(&drop_claim, shop_id, domain) == 0)
		refuse_missing();
	(void) run(&drop_domain, shop_id, domain);
	qc_audit("domain.remove", shop_id, domain, NULL);
	qc_db_end();
}
