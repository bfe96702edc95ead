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

extern char *qc_guc_base_domain;
extern char *qc_guc_central_domains;
extern char *qc_guc_database;
extern int qc_guc_grace_days;
extern int qc_guc_media_expiry;
extern int qc_guc_quota_entries;
extern bool qc_guc_restoring;
extern int qc_guc_session_days;
extern char *qc_guc_storage_access_key;
extern char *qc_guc_storage_bucket;
extern char *qc_guc_storage_endpoint;
extern char *qc_guc_storage_public_url;
extern char *qc_guc_storage_region;
extern char *qc_guc_storage_secret_key;
extern bool qc_guc_stripe_livemode;
extern char *qc_guc_stripe_webhook_secrets;
extern char *qc_guc_trusted_proxies;

extern void qc_guc_init(void);

#endif /* QC_CORE_GUC_H */
