/*
 * extension/tenant/staff.h
 *		Staff of a shop: invited, given permissions, switched off, removed.
 *
 * The functions trust that the acting person may do what he asks for; that he gives no
 * permission he lacks is checked here.
 */
#ifndef QC_TENANT_STAFF_H
#define QC_TENANT_STAFF_H

#include "postgres.h"

#include "extension/core/json.h"
#include "extension/tenant/registration.h"

/*
 * Add a person to a shop and return his user id.  Somebody who has an account already
 * is invited and has to accept; anybody else gets an account, without a password when
 * none is given.  Raises validation_failed, plan_limit_reached.
 */
extern int64 qc_staff_add(int64 shop_id, QcRegistration *person);

/*
 * Let a staff member do exactly this: a text[] of names.  What is given or taken must
 * be the acting person's own.  Raises not_found, forbidden, validation_failed.
 */
extern void qc_staff_set_permissions(int64 shop_id, int64 user_id, Datum names);

/* Switch a staff member on or off; returns what he is now.  Raises not_found. */
extern bool qc_staff_toggle(int64 shop_id, int64 user_id);

/* Raises not_found, and forbidden for the owner. */
extern void qc_staff_remove(int64 shop_id, int64 user_id);

/* Accept the invitation of a shop.  Raises not_found. */
extern void qc_staff_accept(int64 shop_id, int64 user_id);

/* One member of the shop (user_id) or all staff (0), as objects; returns how many. */
extern int64 qc_staff_write(QcJson *json, int64 shop_id, int64 user_id);

#endif /* QC_TENANT_STAFF_H */
