/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where public keys come from, and when it is time to look again: Better Auth's jwks table, the
 * file JWKS_FILE, the address JWKS_URL. All that are configured count together.
 *
 * The table and the file are read again after a minute, or at once for a token whose key id no key
 * has, though at most once a second; so a new key is taken up with its first token, and a key that
 * was withdrawn is gone within a minute.
 */
#ifndef GP_KEY_SOURCE_H
#define GP_KEY_SOURCE_H

#include "database.h"
#include "event_log.h"
#include "json.h"
#include "key_ring.h"
#include "settings.h"

struct gp_key_source;

/*
 * The sources that `settings` name.
 *
 *   database   of Better Auth's tables; NULL to do without the table
 *   log        for a line when keys change or a source fails
 *
 * All are borrowed and must outlive the source. Owned by the caller; NULL without memory.
 */
GP_MUST_USE struct gp_key_source *gp_key_source_new(const struct gp_settings *settings,
    struct gp_database *database, struct gp_json_reader *reader, const struct gp_log *log);

/* Release. NULL is fine. */
void gp_key_source_free(struct gp_key_source *source);

/* The refresher of the ring whose keys come from here; `context` is the source. */
gp_key_refresher gp_key_source_refresh;

#endif
