/*
 * extension/core/guc.c
 *		The table of settings, in alphabetical order, and its registration.
 *
 * Secrets are GUC_SUPERUSER_ONLY and may not be set from SQL by others.  The context
 * of a transaction is no setting: tenant/context.c owns it.
 */
#include "postgres.h"

#include <limits.h>

#include "utils/guc.h"

#include "extension/core/guc.h"

char *qc_guc_base_domain;
char *qc_guc_central_domains;
char *qc_guc_database;
int qc_guc_grace_days;
int qc_guc_media_expiry;
int qc_guc_quota_entries;
bool qc_guc_restoring;
int qc_guc_session_days;
char *qc_guc_storage_access_key;
char *qc_guc_storage_bucket;
char *qc_guc_storage_endpoint;
char *qc_guc_storage_public_url;
char *qc_guc_storage_region;
char *qc_guc_storage_secret_key;
bool qc_guc_stripe_livemode;
char *qc_guc_stripe_webhook_secrets;
char *qc_guc_trusted_proxies;

typedef struct TextSetting
{
	const char *name;
	const char *what;
	char **variable;
	const char *initial;
	GucContext context;
	int flags;
} TextSetting;

typedef struct NumberSetting
{
	const char *name;
	const char *what;
	int *variable;
	int initial;
	int min;
	int max;
	GucContext context;
	int flags;
} NumberSetting;

typedef struct FlagSetting
{
	const char *name;
	const char *what;
	bool *variable;
	bool initial;
	GucContext context;
} FlagSetting;

#define SECRET (GUC_SUPERUSER_ONLY | GUC_NO_SHOW_ALL)

static const TextSetting texts[] = {
	{"qutecart.base_domain", "Sets the domain under which shops have their subdomains.",
	 &qc_guc_base_domain, "qutekart.com", PGC_SIGHUP, 0},
	{"qutecart.central_domains",
	 "Sets the host names, separated by commas, that show the marketplace.",
	 &qc_guc_central_domains, "127.0.0.1,localhost,gateway", PGC_SIGHUP, 0},
	{"qutecart.database", "Sets the database that the background worker serves.",
	 &qc_guc_database, "", PGC_POSTMASTER, 0},
	{"qutecart.storage_access_key", "Sets the access key id of the object storage.",
	 &qc_guc_storage_access_key, "", PGC_SIGHUP, SECRET},
	{"qutecart.storage_bucket", "Sets the bucket that uploads go to.",
	 &qc_guc_storage_bucket, "", PGC_SIGHUP, 0},
	{"qutecart.storage_endpoint",
	 "Sets the URL of the S3-compatible storage; empty means no presigned uploads.",
	 &qc_guc_storage_endpoint, "", PGC_SIGHUP, 0},
	{"qutecart.storage_public_url",
	 "Sets the URL under which confirmed media are read.", &qc_guc_storage_public_url,
	 "", PGC_SIGHUP, 0},
	{"qutecart.storage_region", "Sets the region that signatures name.",
	 &qc_guc_storage_region, "auto", PGC_SIGHUP, 0},
	{"qutecart.storage_secret_key", "Sets the secret key of the object storage.",
	 &qc_guc_storage_secret_key, "", PGC_SIGHUP, SECRET},
	{"qutecart.stripe_webhook_secrets",
	 "Sets the endpoint secrets, separated by commas, each with an optional"
	 " @<seconds since 1970> at which it ends; empty refuses all events.",
	 &qc_guc_stripe_webhook_secrets, "", PGC_SIGHUP, SECRET},
	{"qutecart.trusted_proxies",
	 "Sets the networks, separated by commas, whose X-Forwarded-* headers count.",
	 &qc_guc_trusted_proxies, "", PGC_SUSET, 0},
};

static const NumberSetting numbers[] = {
	{"qutecart.grace_days",
	 "Sets for how many days a shop keeps its rights after a failed payment.",
	 &qc_guc_grace_days, 3, 0, 365, PGC_SIGHUP, 0},
	{"qutecart.media_expiry",
	 "Sets how long an upload may stay unfinished before its space is given back.",
	 &qc_guc_media_expiry, 3600, 60, 7 * 86400, PGC_SIGHUP, GUC_UNIT_S},
	{"qutecart.quota_entries",
	 "Sets how many counters of shops are kept in shared memory at once.",
	 &qc_guc_quota_entries, 65536, 64, 16 * 1024 * 1024, PGC_POSTMASTER, 0},
	{"qutecart.session_days", "Sets for how many days a token is valid.",
	 &qc_guc_session_days, 30, 1, 365, PGC_SIGHUP, 0},
};

static const FlagSetting flags[] = {
	{"qutecart.restoring",
	 "Lets rows come in uncounted while a dump is restored; counters start anew.",
	 &qc_guc_restoring, false, PGC_SUSET},
	{"qutecart.stripe_livemode", "Says whether Stripe's live mode is expected.",
	 &qc_guc_stripe_livemode, false, PGC_SIGHUP},
};

void
qc_guc_init(void)
{
	for (int i = 0; i < lengthof(texts); i++)
		DefineCustomStringVariable(texts[i].name, texts[i].what, NULL,
								   texts[i].variable, texts[i].initial,
								   texts[i].context, texts[i].flags, NULL, NULL, NULL);
	for (int i = 0; i < lengthof(numbers); i++)
		DefineCustomIntVariable(numbers[i].name, numbers[i].what, NULL,
								numbers[i].variable, numbers[i].initial, numbers[i].min,
								numbers[i].max, numbers[i].context, numbers[i].flags,
								NULL, NULL, NULL);
	for (int i = 0; i < lengthof(flags); i++)
		DefineCustomBoolVariable(flags[i].name, flags[i].what, NULL, flags[i].variable,
								 flags[i].initial, flags[i].context, 0, NULL, NULL,
								 NULL);
}
