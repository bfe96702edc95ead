/*
 * extension/install/roles.h
 *		The roles of the server and what they may do in this database.
 */
#ifndef QC_INSTALL_ROLES_H
#define QC_INSTALL_ROLES_H

extern void qc_roles_create(void);
extern void qc_roles_grant(void);

#endif /* QC_INSTALL_ROLES_H */
