/*
 * extension/core/version.h
 *		This library's version; qutecart.control and META.json say the same.
 */
#ifndef QC_CORE_VERSION_H
#define QC_CORE_VERSION_H

#define QC_VERSION "0.1.0"

#endif /* QC_CORE_VERSION_H */
