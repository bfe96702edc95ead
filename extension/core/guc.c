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

#include "extension/core/durations.h"
#include "extension/core/guc.h"
#include "extension/core/seal.h"

char *qc_guc_app_url;
char *qc_guc_base_domain;
char *qc_guc_central_domains;
char *qc_guc_database;
int qc_guc_grace_days;
char *qc_guc_mail_from;
char *qc_guc_mail_providers;
char *qc_guc_mail_reply_to;
int qc_guc_media_expiry;
int qc_guc_quota_entries;
char *qc_guc_resend_api_key;
char *qc_guc_resend_url;
char *qc_guc_resend_webhook_secrets;
bool qc_guc_restoring;
char *qc_guc_retry_delays;
char *qc_guc_secret_keys;
int qc_guc_session_days;
char *qc_guc_smtp_url;
char *qc_guc_storage_access_key;
char *qc_guc_storage_bucket;
char *qc_guc_storage_endpoint;
char *qc_guc_storage_public_url;
char *qc_guc_storage_region;
char *qc_guc_storage_secret_key;
bool qc_guc_stripe_livemode;
char *qc_guc_stripe_webhook_secrets;
char *qc_guc_tls_ca_file;
char *qc_guc_trusted_proxies;
char *qc_guc_webhook_networks;
int qc_guc_worker_batch;
int qc_guc_worker_connect_timeout;
int qc_guc_worker_connections;
int qc_guc_worker_per_host;
int qc_guc_worker_per_lane;
int qc_guc_worker_timeout;

typedef struct TextSetting
{
	const char *name;
	const char *what;
	char **variable;
	const char *initial;
	GucContext context;
	int flags;
	GucStringCheckHook check;
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

static bool
check_durations(char **value, void **extra, GucSource source)
{
	int64 parsed[QC_DURATIONS_MAX];

	if (qc_durations_parse(*value, parsed) >= 0)
		return true;
	GUC_check_errdetail("It must be a list of at most %d durations of at most 30 days,"
						" separated by commas; units are ms, s, min, h and d.",
						QC_DURATIONS_MAX);
	return false;
}

#define SECRET (GUC_SUPERUSER_ONLY | GUC_NO_SHOW_ALL)

static const TextSetting texts[] = {
	{"qutecart.app_url",
	 "Sets the URL that links in mails begin with; empty means https:// and the base"
	 " domain.",
	 &qc_guc_app_url, "", PGC_SIGHUP, 0},
	{"qutecart.base_domain", "Sets the domain under which shops have their subdomains.",
	 &qc_guc_base_domain, "qutekart.com", PGC_SIGHUP, 0},
	{"qutecart.central_domains",
	 "Sets the host names, separated by commas, that show the marketplace.",
	 &qc_guc_central_domains, "127.0.0.1,localhost,gateway", PGC_SIGHUP, 0},
	{"qutecart.database", "Sets the database that the background worker serves.",
	 &qc_guc_database, "", PGC_POSTMASTER, 0},
	{"qutecart.mail_from",
	 "Sets the sender of mails, as in QuteCart <hello@example.com>; empty sends none.",
	 &qc_guc_mail_from, "", PGC_SIGHUP, 0},
	{"qutecart.mail_providers",
	 "Sets what mails are sent by, in this order: smtp, resend.",
	 &qc_guc_mail_providers, "smtp,resend", PGC_SIGHUP, 0},
	{"qutecart.mail_reply_to",
	 "Sets the address that answers to mails go to; empty means the sender.",
	 &qc_guc_mail_reply_to, "", PGC_SIGHUP, 0},
	{"qutecart.resend_api_key",
	 "Sets the key of Resend's API; empty means no mails by Resend.",
	 &qc_guc_resend_api_key, "", PGC_SIGHUP, SECRET},
	{"qutecart.resend_url", "Sets the URL of Resend's API.", &qc_guc_resend_url,
	 "https://api.resend.com", PGC_SIGHUP, 0},
	{"qutecart.resend_webhook_secrets",
	 "Sets the secrets, separated by commas, that Resend signs its webhooks with;"
	 " empty refuses all of them.",
	 &qc_guc_resend_webhook_secrets, "", PGC_SIGHUP, SECRET},
	{"qutecart.retry_delays",
	 "Sets how long, at most, to wait before each further attempt to deliver.",
	 &qc_guc_retry_delays, "5s,5min,30min,2h,5h,10h,14h,20h,24h", PGC_SIGHUP, 0,
	 check_durations},
	{"qutecart.secret_keys",
	 "Sets the keys, separated by commas, that secrets of endpoints are sealed with;"
	 " the first seals, all unseal; each is 32 bytes in Base64.",
	 &qc_guc_secret_keys, "", PGC_SIGHUP, SECRET, qc_seal_check_keys},
	{"qutecart.smtp_url",
	 "Sets the mail server, as in smtps://user:password@mail.example.com:465; empty"
	 " means no mails by SMTP.",
	 &qc_guc_smtp_url, "", PGC_SIGHUP, SECRET},
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
	{"qutecart.tls_ca_file",
	 "Sets the file of the authorities that servers are verified with; empty means"
	 " the system's.",
	 &qc_guc_tls_ca_file, "", PGC_SIGHUP, 0},
	{"qutecart.trusted_proxies",
	 "Sets the networks, separated by commas, whose X-Forwarded-* headers count.",
	 &qc_guc_trusted_proxies, "", PGC_SUSET, 0},
	{"qutecart.webhook_networks",
	 "Sets the networks, separated by commas, in which endpoints of webhooks may be"
	 " although they are private, and be reached by plain HTTP.",
	 &qc_guc_webhook_networks, "", PGC_SIGHUP, 0},
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
	{"qutecart.worker_batch",
	 "Sets how many messages the worker takes, or settles, in one transaction.",
	 &qc_guc_worker_batch, 500, 1, 10000, PGC_SIGHUP, 0},
	{"qutecart.worker_connect_timeout",
	 "Sets how long connecting to a receiver may take.", &qc_guc_worker_connect_timeout,
	 5000, 10, 600000, PGC_SIGHUP, GUC_UNIT_MS},
	{"qutecart.worker_connections", "Sets how many messages may be in flight at once.",
	 &qc_guc_worker_connections, 1024, 1, 10000, PGC_SIGHUP, 0},
	{"qutecart.worker_per_host", "Sets how many messages may be in flight to one host.",
	 &qc_guc_worker_per_host, 64, 1, 10000, PGC_SIGHUP, 0},
	{"qutecart.worker_per_lane",
	 "Sets how many messages of one endpoint, or of one shop's mails, may be in flight.",
	 &qc_guc_worker_per_lane, 8, 1, 10000, PGC_SIGHUP, 0},
	{"qutecart.worker_timeout", "Sets how long an attempt to deliver may take in all.",
	 &qc_guc_worker_timeout, 20000, 10, 600000, PGC_SIGHUP, GUC_UNIT_MS},
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
		DefineCustomStringVariable(
			texts[i].name, texts[i].what, NULL, texts[i].variable, texts[i].initial,
			texts[i].context, texts[i].flags, texts[i].check, NULL, NULL);
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

const char *
qc_guc_secret_named(const char *text)
{
	for (int i = 0; i < lengthof(texts); i++)
		if ((texts[i].flags & SECRET) == SECRET && strstr(text, texts[i].name) != NULL)
			return texts[i].name;
	return NULL;
}
