/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The keys that a JWK set at a URL publishes, as all workers of a machine share them: a file in a
 * private directory, which a helper program replaces now and then. A worker neither speaks HTTP nor
 * waits long.
 *
 * Who fetches when:
 *   - the first to find no usable file, or to be asked for a key that nobody knows, or to find the
 *     file older than GP_JWKS_URL_REFRESH_S;
 *   - but nobody within GP_JWKS_URL_PAUSE_S of the last attempt on this machine, whoever made it
 *     and however it ended: made-up key ids cost the publisher one fetch a minute, not one a token.
 */
#ifndef GP_JWKS_URL_H
#define GP_JWKS_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attributes.h"
#include "jwk.h"

/* Largest answer, and largest file, in bytes; 64 RSA keys of 8192 bits take less than half. */
#define GP_JWKS_URL_SIZE_MAX (256 * 1024)

/* Seconds between two attempts to fetch, over all workers of the machine, failures included. */
#define GP_JWKS_URL_PAUSE_S 60

/*
 * Age in seconds at which keys are fetched again though no key is missed, so that a withdrawn key
 * goes too. Ten minutes is how long Better Auth's own library (jose) trusts a set it has fetched.
 */
#define GP_JWKS_URL_REFRESH_S 600

struct gp_jwks_url;

/* What a worker does with the keys it has. */
enum gp_jwks_url_result {
	GP_JWKS_UNCHANGED, /* keep them */
	GP_JWKS_READ,      /* replace them */
	GP_JWKS_NONE,      /* drop them: there are none that may be believed */
};

/*
 * A source of keys. Nothing is read or fetched yet.
 *
 *   url             where the set is; secret as far as it has a password or a query
 *   directory       the cache: made, mode 0700, when it is missing (its parent is not)
 *   fetch_program   path of gatepost-fetch-jwks
 *   max_stale_s     seconds that fetched keys stay in force while no fetch succeeds, at least 1
 *
 * The texts are copied. Returns the source, owned by the caller, or NULL without memory.
 */
GP_MUST_USE struct gp_jwks_url *gp_jwks_url_new(
    const char *url, const char *directory, const char *fetch_program, int64_t max_stale_s);

/* Release the source; the files stay. NULL is fine. */
void gp_jwks_url_free(struct gp_jwks_url *source);

/*
 * Bring a worker's keys up to date, before a token with a public key's algorithm is judged and once
 * more when it names a key id that none of them has.
 *
 *   now_s         seconds since the epoch; ages are counted from it, files fetched now get it as
 *                 their time
 *   key_unknown   whether a key is missed, so that a fetch may be worth it
 *   set           filled on GP_JWKS_READ, else empty; the caller owns the keys
 *
 * While nothing changes this takes microseconds: only the file's state is looked at. A fetch takes
 * at most 3 seconds; who needs one that another worker is making waits for it, at most 2.5 seconds,
 * and reads what it brought. An overdue refresh alone never waits for another worker.
 *
 * With a key missed, GP_JWKS_READ may be what another worker had fetched already: when the key is
 * still unknown, ask again. The second answer is final.
 *
 * Returns what to do with the keys. It is GP_JWKS_NONE, failing closed, while the directory is not
 * ours alone, or the file is not, or is too old, from the future, too large or without a usable
 * key, and no fetch helps.
 */
GP_MUST_USE enum gp_jwks_url_result gp_jwks_url_read(struct gp_jwks_url *source,
    struct gp_json_reader *reader, int64_t now_s, bool key_unknown, struct gp_jwk_set *set);

/*
 * What was wrong at the last gp_jwks_url_read(), one line for the log: always something after
 * GP_JWKS_NONE; after the others NULL, or why a fetch failed. Never the URL's password or query.
 * Borrowed until the next read.
 */
const char *gp_jwks_url_problem(const struct gp_jwks_url *source);

/*
 * Judge what a URL answered, or a file holds.
 *
 *   text   `length` bytes and a NUL that is not counted
 *   set    emptied first; filled with its public keys, for gp_jwk_set_clear()
 *
 * A symmetric key is refused: whoever can fetch it could make tokens. An RSA key must say its
 * algorithm.
 *
 * Returns whether it is a JWK set, or one JWK, with at least one usable key; `set` is empty if not.
 */
GP_MUST_USE bool gp_jwks_url_judge(
    struct gp_json_reader *reader, const char *text, size_t length, struct gp_jwk_set *set);

#endif
