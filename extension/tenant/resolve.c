/*
 * extension/tenant/resolve.c
 *		Host, header or field: the first one present names the shown shop.
 *
 * A host below the base domain, or a custom domain, shows its shop or nothing at all:
 * it never falls through to the marketplace or to another source.
 */
#include "postgres.h"

#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/core/guc.h"
#include "extension/tenant/host.h"
#include "extension/tenant/resolve.h"

enum
{
	COL_SHOP = 1,
	COL_TENANT,
	COL_SUBDOMAIN
};

/*
 * A reserved name answers nothing, nor does a custom domain before it is verified, or
 * while the plan in force includes none.
 */
static QcStmt find_domain = {
	.sql =
		"SELECT d.shop_id, t.id::pg_catalog.text, t.subdomain"
		" FROM qutecart.domains d"
		" JOIN qutecart.tenants t ON t.shop_id = d.shop_id"
		" WHERE d.domain = $1 AND t.status = 'active' AND d.verified_at IS NOT NULL"
		" AND (d.kind = 'subdomain' OR EXISTS (SELECT FROM qutecart.effective_limits e"
		"  JOIN qutecart.plans p ON p.id = e.plan_id WHERE e.shop_id = d.shop_id"
		"  AND (p.features @> '{\"custom_domain\": true}'"
		"   OR p.features @> '{\"custom_branding\": true}')))",
	.nargs = 1,
	.argtypes = {TEXTOID},
	.is_read = true,
};

static bool resolve_host(const char *value, QcShown *shown);
static bool is_central(const char *host);
static int64 read_shop_id(const char *text, const char *what);

void
qc_resolve_shown(const QcShownSources *sources, QcShown *shown)
{
	memset(shown, 0, sizeof(*shown));
	if (sources->host != NULL && resolve_host(sources->host, shown))
		return;
	if (sources->shop_header != NULL && *sources->shop_header != '\0')
	{
		shown->shop_id = read_shop_id(sources->shop_header, "header \"X-Shop-ID\"");
		shown->by = QC_SHOWN_BY_HEADER;
	}
	else if (sources->shop_field != NULL)
	{
		shown->shop_id = read_shop_id(sources->shop_field, "parameter \"shop_id\"");
		shown->by = QC_SHOWN_BY_FIELD;
	}
}

static void
refuse_host(void)
{
	ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("there is no shop at this address"),
			errhint("A name of the marketplace itself belongs into"
					" qutecart.central_domains."));
}

/* False when the host leaves the choice to the other sources. */
static bool
resolve_host(const char *value, QcShown *shown)
{
	char host[QC_HOST_MAX + 1];
	QcArgs args = {0};
	const char *label;
	size_t label_len;

	if (!qc_host_normalise(value, host))
		ereport(ERROR, qc_err(QC_ERR_BAD_REQUEST), errmsg("the host is no host name"));
	if (is_central(host))
		return false;
	label = qc_host_label(host, qc_guc_base_domain, &label_len);
	if (label != NULL && memchr(label, '.', label_len) != NULL)
		refuse_host();
	qc_args_text(&args, host);
	qc_db_begin();
	if (qc_db_system(&find_domain, &args) != 1)
		refuse_host();
	shown->shop_id = qc_db_int8(0, COL_SHOP);
	shown->by = QC_SHOWN_BY_HOST;
	shown->tenant_id = qc_db_keep_text(qc_db_text(0, COL_TENANT));
	shown->subdomain = qc_db_keep_text(qc_db_text(0, COL_SUBDOMAIN));
	qc_db_end();
	return true;
}

static bool
is_central(const char *host)
{
	size_t len;
	const char *label;

	if (pg_strcasecmp(host, qc_guc_base_domain) == 0 ||
		qc_host_is_listed(host, qc_guc_central_domains))
		return true;
	label = qc_host_label(host, qc_guc_base_domain, &len);
	return label != NULL && len == 3 && strncmp(label, "www", 3) == 0;
}

static int64
read_shop_id(const char *text, const char *what)
{
	const char *c = text + strspn(text, " \t");
	int64 id = 0;
	int digits = 0;

	for (; *c >= '0' && *c <= '9' && digits < 18; c++, digits++)
		id = id * 10 + (*c - '0');
	if (digits == 0 || c[strspn(c, " \t")] != '\0' || id == 0)
		ereport(ERROR, qc_err(QC_ERR_BAD_REQUEST),
				errmsg("%s must be a positive integer", what));
	return id;
}
