/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Brings a database up to date with the files of sql/, as its owner: each numbered migration once,
 * in order, in a transaction of its own; then, each time, what Better Auth's tables are called, the
 * functions that read them, the roles and the rights.
 */
#ifndef GP_SCHEMA_H
#define GP_SCHEMA_H

#include <stdio.h>

#include "outcome.h"

/*
 * Apply what is missing.
 *
 *   url   the owner's connection URI
 *   out   one line for each migration applied, and for everything the operator has to do by hand
 *   err   one line for what went wrong; it never quotes a password
 *
 * Two runs at the same time wait for one another. Running it again changes nothing.
 *
 * Returns GP_OK, GP_ERR_SETTING when libpq does not understand `url`, GP_ERR_DATABASE_GONE, or
 * GP_ERR_DATABASE_REFUSED; on failure the migration in progress left no trace.
 */
GP_MUST_USE enum gp_outcome gp_schema_apply(const char *url, FILE *out, FILE *err);

/* Print all SQL in the order in which it is applied, for operators who want to read it first. */
void gp_schema_print(FILE *out);

#endif
