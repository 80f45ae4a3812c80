/*
 * For the files of base/db only.
 */
#ifndef BASE_DB_PRIVATE_H
#define BASE_DB_PRIVATE_H

#include "base/db.h"

struct sqlite3;

struct sqlite3 *db_handle(struct db *);

#endif
