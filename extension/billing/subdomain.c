/*
 * extension/billing/subdomain.c
 *		Labels from shop names, and the rows of tenants and domains.
 *
 * A name is unique by the key of qutecart.domains alone: a candidate is taken by
 * inserting it, so two shops of one name never get the same label.  A reserved name
 * keeps its row in domains, hence nobody else can take it.
 */
#include "postgres.h"

#include "utils/formatting.h"

#include "extension/billing/subdomain.h"
#include "extension/core/crypto.h"
#include "extension/core/db.h"
#include "extension/core/guc.h"
#include "extension/tenant/host.h"

#define TRIES 50

static QcStmt read_shop = {
	.sql = "SELECT pg_catalog.lower(pg_catalog.normalize(s.name, 'NFKD'))"
		   " FROM qutecart.shops s WHERE s.id = $1",
	.nargs = 1,
	.argtypes = {INT8OID},
};

static QcStmt is_reserved_word = {
	.sql = "SELECT coalesce((SELECT k.value FROM qutecart.settings k"
		   " WHERE k.key = 'reserved_subdomains') ? $1, false)",
	.nargs = 1,
	.argtypes = {TEXTOID},
};

static QcStmt reopen = {
	.sql =
		"UPDATE qutecart.tenants t SET status = 'active', reserved_until = NULL,"
		" updated_at = pg_catalog.now() WHERE t.shop_id = $1 AND t.status = 'reserved'",
	.nargs = 1,
	.argtypes = {INT8OID},
};

static QcStmt tenant_exists = {
	.sql = "SELECT FROM qutecart.tenants t WHERE t.shop_id = $1",
	.nargs = 1,
	.argtypes = {INT8OID},
};

static QcStmt domain_exists = {
	.sql = "SELECT FROM qutecart.domains d WHERE d.domain = $1",
	.nargs = 1,
	.argtypes = {TEXTOID},
};

static QcStmt insert_tenant = {
	.sql = "INSERT INTO qutecart.tenants (shop_id, subdomain) VALUES ($1, $2)",
	.nargs = 2,
	.argtypes = {INT8OID, TEXTOID},
};

static QcStmt rename_tenant = {
	.sql = "UPDATE qutecart.tenants t SET subdomain = $2 WHERE t.shop_id = $1",
	.nargs = 2,
	.argtypes = {INT8OID, TEXTOID},
};

static QcStmt take_domain = {
	.sql = "INSERT INTO qutecart.domains (domain, shop_id, kind, verified_at)"
		   " VALUES ($1, $2, 'subdomain', pg_catalog.now())"
		   " ON CONFLICT (domain) DO NOTHING",
	.nargs = 2,
	.argtypes = {TEXTOID, INT8OID},
};

static QcStmt reserve = {
	.sql = "UPDATE qutecart.tenants t SET status = 'reserved', reserved_until ="
		   " pg_catalog.now() + pg_catalog.make_interval(days => $2),"
		   " updated_at = pg_catalog.now()"
		   " WHERE t.shop_id = $1 AND t.status = 'active'",
	.nargs = 2,
	.argtypes = {INT8OID, INT4OID},
};

/* Deleting the tenant takes its domains with it. */
static QcStmt release = {
	.sql = "DELETE FROM qutecart.tenants t"
		   " WHERE t.status = 'reserved' AND t.reserved_until <= $1",
	.nargs = 1,
	.argtypes = {TIMESTAMPTZOID},
};

static QcStmt find_host = {
	.sql = "SELECT d.domain FROM qutecart.domains d"
		   " JOIN qutecart.tenants t ON t.shop_id = d.shop_id AND t.status = 'active'"
		   " WHERE d.shop_id = $1 AND d.kind = 'subdomain'",
	.nargs = 1,
	.argtypes = {INT8OID},
};

static bool
is_label_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool
qc_subdomain_label(const char *name, char *out)
{
	int n = 0;

	for (const char *p = name; *p != '\0' && n < QC_SUBDOMAIN_MAX; p++)
	{
		if (is_label_char(*p))
			out[n++] = *p;
		else if ((*p == ' ' || *p == '-' || *p == '_' || *p == '.') && n > 0 &&
				 out[n - 1] != '-')
			out[n++] = '-';
	}
	while (n > 0 && out[n - 1] == '-')
		n--;
	out[n] = '\0';
	return n >= QC_SUBDOMAIN_MIN;
}

/* The base with a suffix, cut so that both fit. */
static char *
with_suffix(const char *base, const char *suffix)
{
	int room = QC_SUBDOMAIN_MAX - (int) strlen(suffix) - 1;
	int len = Min((int) strlen(base), room);

	while (len > 0 && base[len - 1] == '-')
		len--;
	return psprintf("%.*s-%s", len, base, suffix);
}

/* The n-th label to try: the name, name-1, name-2, …, then with random letters. */
static char *
candidate(const char *base, int n)
{
	if (n == 0)
		return pstrdup(base);
	if (n < TRIES / 2)
		return with_suffix(base, psprintf("%d", n));
	return with_suffix(base, asc_tolower(qc_crypto_random_word(8), 8));
}

bool
qc_subdomain_is_reserved(const char *label)
{
	QcArgs args = {0};
	bool is_reserved;

	qc_args_text(&args, label);
	qc_db_begin();
	(void) qc_db_system(&is_reserved_word, &args);
	is_reserved = qc_db_bool(0, 1);
	qc_db_end();
	return is_reserved ||
		   qc_host_is_listed(psprintf("%s.%s", label, qc_guc_base_domain),
							 qc_guc_central_domains);
}

/*
 * Take one name for the shop's tenant; false when another shop has it.  Looking first
 * spares the tenant row the rename of a name that is known to be taken.
 */
static bool
take(int64 shop_id, const char *label)
{
	QcArgs host = {0};
	QcArgs domain = {0};
	QcArgs tenant = {0};
	char *name = psprintf("%s.%s", label, qc_guc_base_domain);

	qc_args_text(&host, name);
	if (qc_db_system(&domain_exists, &host) > 0)
		return false;
	qc_args_text(&domain, name);
	qc_args_int8(&domain, shop_id);
	if (qc_db_system(&take_domain, &domain) == 0)
		return false;
	qc_args_int8(&tenant, shop_id);
	qc_args_text(&tenant, label);
	qc_db_expect(qc_db_system(&rename_tenant, &tenant), 1, "naming a tenant");
	return true;
}

/* The label that the shop's name suggests; names without Latin letters get a random one. */
static char *
base_label(int64 shop_id)
{
	QcArgs args = {0};
	char label[QC_SUBDOMAIN_MAX + 1];

	qc_args_int8(&args, shop_id);
	qc_db_expect(qc_db_system(&read_shop, &args), 1, "reading a shop's name");
	if (qc_subdomain_label(qc_db_text(0, 1), label))
		return pstrdup(label);
	return with_suffix("shop", asc_tolower(qc_crypto_random_word(8), 8));
}

static void
create(int64 shop_id)
{
	QcArgs args = {0};
	char *base = base_label(shop_id);

	qc_args_int8(&args, shop_id);
	qc_args_text(&args, "unnamed");
	(void) qc_db_system(&insert_tenant, &args);
	for (int i = 0; i < TRIES; i++)
	{
		char *label = candidate(base, i);

		if (!qc_subdomain_is_reserved(label) && take(shop_id, label))
			return;
	}
	elog(ERROR, "found no free subdomain for a shop in %d tries", TRIES);
}

void
qc_subdomain_open(int64 shop_id)
{
	QcArgs reopened = {0};
	QcArgs existing = {0};

	qc_args_int8(&reopened, shop_id);
	qc_args_int8(&existing, shop_id);
	qc_db_begin();
	if (qc_db_system(&reopen, &reopened) == 0 &&
		qc_db_system(&tenant_exists, &existing) == 0)
		create(shop_id);
	qc_db_end();
}

void
qc_subdomain_reserve(int64 shop_id)
{
	QcArgs args = {0};

	qc_args_int8(&args, shop_id);
	qc_args_int4(&args, QC_SUBDOMAIN_RESERVED_DAYS);
	qc_db_begin();
	(void) qc_db_system(&reserve, &args);
	qc_db_end();
}

int64
qc_subdomain_release(TimestampTz at)
{
	QcArgs args = {0};
	int64 n;

	qc_args_datum(&args, TimestampTzGetDatum(at), false);
	qc_db_begin();
	n = qc_db_system(&release, &args);
	qc_db_end();
	return n;
}

char *
qc_subdomain_host(int64 shop_id)
{
	QcArgs args = {0};
	char *host = NULL;

	qc_args_int8(&args, shop_id);
	qc_db_begin();
	if (qc_db_system(&find_host, &args) > 0)
		host = qc_db_keep_text(qc_db_text(0, 1));
	qc_db_end();
	return host;
}
