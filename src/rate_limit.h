/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many requests a caller or an address may make within a period. All workers count in one table
 * in memory that they share: without locks, so that one which is killed holds up nobody.
 *
 * A window begins with the first request counted and ends a period later, whatever comes in
 * between. Keys are remembered as salted hashes. When the table is full, the one that was counted
 * least is forgotten.
 */
#ifndef GP_RATE_LIMIT_H
#define GP_RATE_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attributes.h"

/* Bounds of a rate. */
#define GP_RATE_COUNT_MAX 1000000
#define GP_RATE_PERIOD_MS_MIN 1000
#define GP_RATE_PERIOD_MS_MAX 86400000

/* So many requests in each period; a count of 0 for no limit. */
struct gp_rate {
	int64_t count;
	int64_t period_ms;
};

/*
 * Read COUNT/PERIOD: "100/10s", "1000/m"; units are s, m or min, h and d; "off" for no limit.
 *
 * Returns NULL, or what is wrong, as the end of a sentence; static.
 */
GP_MUST_USE const char *gp_rate_read(const char *text, struct gp_rate *rate);

/*
 * What a key is; keys of different kinds never meet. A session token is anybody's say-so until the
 * database has been asked, and may have the text of somebody's user id.
 */
enum gp_rate_kind { GP_RATE_CALLER, GP_RATE_SESSION, GP_RATE_ADDRESS, GP_RATE_ACCOUNT };

struct gp_rate_answer {
	int64_t retry_after_s; /* until the window ends, rounded up, 1 at least; 0 without one */
	bool first; /* this window's first refusal by any worker: worth a line in the log */
};

struct gp_rate_limit;

/* Bytes of memory that the table needs, a multiple of 64. */
size_t gp_rate_limit_size(void);

/*
 * A limiter that counts in `memory`: gp_rate_limit_size() bytes, aligned to 64, zero before their
 * first use, which outlive the limiter. Any number of limiters and processes may count in them; one
 * with another rate holds for the windows that have begun, too.
 *
 * Owned by the caller; NULL without memory, and when OpenSSL refuses.
 */
GP_MUST_USE struct gp_rate_limit *gp_rate_limit_new(void *memory, const struct gp_rate *rate);

/* Release; what was counted stays in the memory. NULL is fine. */
void gp_rate_limit_free(struct gp_rate_limit *limiter);

/*
 * Count one request. Returns whether it is within the limit.
 *
 *   key      any bytes
 *   now_ms   milliseconds since the epoch (UTC), read just before; a clock that was set back by
 *            more than a minute begins new windows
 *   answer   always filled
 *
 * True too when OpenSSL refuses to hash: a limit is no reason to serve nobody.
 */
GP_MUST_USE bool gp_rate_limit_take(struct gp_rate_limit *limiter, enum gp_rate_kind kind,
    const void *key, size_t key_length, int64_t now_ms, struct gp_rate_answer *answer);

/*
 * Whether gp_rate_limit_take() would be within the limit; counts nothing, except that the first
 * refusal of a window is noted. Parameters as there.
 */
GP_MUST_USE bool gp_rate_limit_allows(struct gp_rate_limit *limiter, enum gp_rate_kind kind,
    const void *key, size_t key_length, int64_t now_ms, struct gp_rate_answer *answer);

#endif
