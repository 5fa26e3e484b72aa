/* SPDX-License-Identifier: Apache-2.0 */
/* Connection URIs as Python's libraries write them, in libpq's words. */
#ifndef GP_DATABASE_URL_H
#define GP_DATABASE_URL_H

#include "attributes.h"

/*
 * Translate one URI: SQLAlchemy's driver name goes (postgresql+asyncpg://), asyncpg's `ssl`
 * parameter becomes sslmode, with true for require and false for disable. Anything else stays as it
 * is.
 *
 * Returns a new text, owned by the caller, or NULL without memory.
 */
GP_MUST_USE char *gp_database_url_translate(const char *url);

#endif
