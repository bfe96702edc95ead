/*
 * extension/install/install.h
 *		Creating, migrating and seeding the schema from the shipped files.
 */
#ifndef QC_INSTALL_INSTALL_H
#define QC_INSTALL_INSTALL_H

extern void qc_install_run(void);
extern void qc_install_seed(const char *what);
extern void qc_install_adopt(void);

/* Is this the server and database that install() or adopt() recorded? */
extern bool qc_install_is_home(void);

/* Is the extension in this database of the same version as this library? */
extern bool qc_install_is_current(void);

#endif /* QC_INSTALL_INSTALL_H */
