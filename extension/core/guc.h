/*
 * extension/core/guc.h
 *		Every setting of the extension.
 *
 * Variables are named qc_guc_<name> for setting qutecart.<name>.  The table in guc.c
 * is the list; README repeats it.
 */
#ifndef QC_CORE_GUC_H
#define QC_CORE_GUC_H

#include "postgres.h"

extern char *qc_guc_app_url;
extern char *qc_guc_base_domain;
extern char *qc_guc_central_domains;
extern char *qc_guc_database;
extern int qc_guc_grace_days;
extern char *qc_guc_mail_from;
extern char *qc_guc_mail_providers;
extern char *qc_guc_mail_reply_to;
extern int qc_guc_media_expiry;
extern int qc_guc_quota_entries;
extern char *qc_guc_resend_api_key;
extern char *qc_guc_resend_url;
extern char *qc_guc_resend_webhook_secrets;
extern bool qc_guc_restoring;
extern char *qc_guc_retry_delays;
extern char *qc_guc_secret_keys;
extern int qc_guc_session_days;
extern char *qc_guc_smtp_url;
extern char *qc_guc_storage_access_key;
extern char *qc_guc_storage_bucket;
extern char *qc_guc_storage_endpoint;
extern char *qc_guc_storage_public_url;
extern char *qc_guc_storage_region;
extern char *qc_guc_storage_secret_key;
extern bool qc_guc_stripe_livemode;
extern char *qc_guc_stripe_webhook_secrets;
extern char *qc_guc_tls_ca_file;
extern char *qc_guc_trusted_proxies;
extern char *qc_guc_webhook_networks;
extern int qc_guc_worker_batch;
extern int qc_guc_worker_connect_timeout;
extern int qc_guc_worker_connections;
extern int qc_guc_worker_per_host;
extern int qc_guc_worker_per_lane;
extern int qc_guc_worker_timeout;

extern void qc_guc_init(void);

/* The first secret setting that a text names; NULL = none. */
extern const char *qc_guc_secret_named(const char *text);

#endif /* QC_CORE_GUC_H */
