/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one verification costs, against the bare HMAC that no verification can do without. The cases
 * take turns, round by round, so that a busy machine slows all of them alike; medians of CPU time.
 */
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "authorize.h"
#include "base64url.h"
#include "mint.h"

enum {
	TOKEN_LENGTH = 400,
	NOW_S = 1000000,
	REMEMBERED = 1024,
	ROUNDS = 401,
	ROUND_NS =
	    500000, /* of each case: far above the clock's own cost, far below a time slice */
	ED25519_SIZE = 64,
};

#define SECRET "a-secret-of-the-benchmark-only-00"
#define KEY_ID "0123456789abcdefghijklmnopqrstuv"

static const unsigned char seed[32] = "an-ed25519-key-of-the-benchmark.";

/* What the cases work with. */
static struct {
	struct gp_arena *arena;
	struct gp_authority *forgetful, *remembering;
	const char *secret_field, *key_field; /* Authorization fields */
	const char *text;                     /* what the bare HMAC is of */
	EVP_MAC_CTX *hmac;
} bench;

static _Noreturn void
fail(const char *what)
{
	fprintf(stderr, "bench-verify: %s\n", what);
	exit(EXIT_FAILURE);
}

static void
require(bool holds, const char *what)
{
	if (!holds)
		fail(what);
}

/* --- the cases --- */

static void
hmac_reused(void)
{
	unsigned char signature[GP_HS256_SIZE];
	size_t length;

	require(
	    EVP_MAC_init(bench.hmac, NULL, 0, NULL) == 1 &&
		EVP_MAC_update(bench.hmac, (const unsigned char *)bench.text, TOKEN_LENGTH) == 1 &&
		EVP_MAC_final(bench.hmac, signature, &length, sizeof(signature)) == 1,
	    "EVP_MAC failed");
}

static void
hmac_one_shot(void)
{
	unsigned char signature[GP_HS256_SIZE];
	size_t length;

	require(EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, SECRET, strlen(SECRET),
		    (const unsigned char *)bench.text, TOKEN_LENGTH, signature, sizeof(signature),
		    &length) != NULL,
	    "EVP_Q_mac failed");
}

static void
authorize(struct gp_authority *authority, const char *field)
{
	const struct gp_credentials credentials = { .authorization = field };
	struct gp_caller caller;
	struct gp_jws token;

	require(gp_authorize(authority, GP_ACCESS_CALLER, NULL, &credentials, NOW_S, bench.arena,
		    &caller, &token) == GP_OK,
	    "a token was refused");
	gp_arena_reset(bench.arena);
}

static void
secret_token(void)
{
	authorize(bench.remembering, bench.secret_field);
}

static void
key_token_anew(void)
{
	authorize(bench.forgetful, bench.key_field);
}

static void
key_token_remembered(void)
{
	authorize(bench.remembering, bench.key_field);
}

/* The first is what the others are compared with. */
static const struct {
	const char *name;
	void (*run)(void);
} cases[] = {
	{ "HMAC-SHA256 of 400 bytes, context reused", hmac_reused },
	{ "HMAC-SHA256 of 400 bytes, EVP_Q_mac()", hmac_one_shot },
	{ "gp_authorize(), HS256 token of 400 bytes", secret_token },
	{ "gp_authorize(), EdDSA token, same claims, anew", key_token_anew },
	{ "gp_authorize(), EdDSA token, same claims, remembered", key_token_remembered },
};

/* --- what they need --- */

static const char *
field_of(const char *token)
{
	size_t size = strlen("Bearer ") + strlen(token) + 1;
	char *field = malloc(size);

	require(field != NULL, "out of memory");
	snprintf(field, size, "Bearer %s", token);
	return field;
}

/* A token as gatepost-token makes them, filled up to the length that is wanted. */
static const char *
make_secret_token(const struct gp_secret_list *secrets)
{
	struct gp_key_ring *ring = gp_key_ring_new(secrets, 0);
	struct gp_mint_order order = {
		.user_id = "pXq3mN8vR2kT5wY7zB1cD4fG6hJ9lS0a",
		.email = "ada.lovelace@example.org",
		.name = "Ada Lovelace",
		.issuer = "https://example.org",
		.audience = "https://example.org",
		.now_s = NOW_S,
		.lifetime_s = 900,
		.claim_count = 1,
	};
	char filler[TOKEN_LENGTH] = "";
	const char *token = NULL;

	require(ring != NULL, "no key ring");
	order.claims[0].name = "jti";
	order.claims[0].value = filler;
	do {
		memset(filler, 'x', strlen(filler) + 1);
		require(strlen(filler) + 1 < sizeof(filler), "no token of that length");
		require(gp_mint(bench.arena, ring, &order, &token) == GP_OK, "no token");
	} while (strlen(token) < TOKEN_LENGTH);
	gp_key_ring_free(ring);
	return token;
}

static void
sign(EVP_PKEY *key, const char *text, unsigned char signature[ED25519_SIZE])
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t length = ED25519_SIZE;

	require(context != NULL &&
		    EVP_DigestSignInit_ex(context, NULL, NULL, NULL, NULL, key, NULL) == 1 &&
		    EVP_DigestSign(context, signature, &length, (const unsigned char *)text,
			strlen(text)) == 1,
	    "no signature");
	EVP_MD_CTX_free(context);
}

/* The claims of `token` under the header and the signature of Better Auth's jwt plugin. */
static const char *
make_key_token(EVP_PKEY *key, const char *token)
{
	static const char header[] = "{\"alg\":\"EdDSA\",\"typ\":\"JWT\",\"kid\":\"" KEY_ID "\"}";
	const char *claims = strchr(token, '.');
	int claims_length = (int)(strrchr(token, '.') - claims);
	unsigned char signature[ED25519_SIZE];
	char *made = gp_arena_take(bench.arena, 2 * TOKEN_LENGTH);
	size_t length;

	require(made != NULL, "out of memory");
	length = gp_base64url_encode((const unsigned char *)header, strlen(header), made);
	length += (size_t)snprintf(
	    made + length, 2 * TOKEN_LENGTH - length, "%.*s", claims_length, claims);
	sign(key, made, signature);
	made[length++] = '.';
	length += gp_base64url_encode(signature, sizeof(signature), made + length);
	made[length] = '\0';
	return made;
}

/* The public key in a new file, as JWKS_FILE names one. */
static void
write_key_file(EVP_PKEY *key, char path[])
{
	unsigned char point[32];
	char text[GP_BASE64URL_ENCODED_SIZE(sizeof(point)) + 1] = "";
	size_t length = sizeof(point);
	int fd = mkstemp(path);
	FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;

	require(file != NULL, "no key file");
	require(EVP_PKEY_get_raw_public_key(key, point, &length) == 1, "no public key");
	gp_base64url_encode(point, length, text);
	fprintf(file,
	    "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"alg\":\"EdDSA\",\"kid\":\"" KEY_ID
	    "\",\"x\":\"%s\"}]}",
	    text);
	require(fclose(file) == 0, "no key file");
}

static EVP_MAC_CTX *
hmac_new(void)
{
	char digest[] = "SHA256";
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_end(),
	};
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *context = EVP_MAC_CTX_new(hmac);

	require(context != NULL && EVP_MAC_init(context, (const unsigned char *)SECRET,
				       strlen(SECRET), params) == 1,
	    "no HMAC");
	EVP_MAC_free(hmac);
	return context;
}

static void
prepare(void)
{
	static const struct gp_log log = { .program = "bench-verify" };
	static char path[] = "/tmp/gatepost-bench-XXXXXX";
	static struct gp_settings settings = {
		.secrets = { { { SECRET, sizeof(SECRET) - 1, -1 } }, 1 },
		.jwks_file = path,
		.jwks_max_stale_s = 3600,
		.leeway_s = 5,
		.issuer = "https://example.org",
		.audience = "https://example.org",
	};
	EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, sizeof(seed));
	const char *token;

	require(key != NULL, "no Ed25519 key");
	bench.arena = gp_arena_new();
	require(bench.arena != NULL, "out of memory");
	bench.hmac = hmac_new();
	token = make_secret_token(&settings.secrets);
	require(strlen(token) == TOKEN_LENGTH, "no token of that length");
	bench.secret_field = field_of(token);
	bench.text = bench.secret_field;
	bench.key_field = field_of(make_key_token(key, token));
	gp_arena_reset(bench.arena);
	write_key_file(key, path);
	EVP_PKEY_free(key);
	bench.forgetful = gp_authority_new(&settings, NULL, &log);
	settings.memory_tokens = REMEMBERED;
	bench.remembering = gp_authority_new(&settings, NULL, &log);
	require(bench.forgetful != NULL && bench.remembering != NULL, "no authority");
	key_token_anew();
	key_token_remembered(); /* the file is read; the clock stands still, so not again */
	unlink(path);
}

/* --- measuring --- */

static double
now_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static double
run(void (*one)(void), unsigned count)
{
	double began = now_ns();

	for (unsigned i = 0; i < count; i++)
		one();
	return (now_ns() - began) / count;
}

static int
compare(const void *one, const void *other)
{
	double first = *(const double *)one, second = *(const double *)other;

	return (first > second) - (first < second);
}

int
main(int argc, char *argv[])
{
	static double times[GP_COUNT(cases)][ROUNDS];
	unsigned counts[GP_COUNT(cases)];

	prepare();
	if (argc > 2) { /* CASE COUNT: for a profiler */
		size_t wanted = strtoul(argv[1], NULL, 10);

		require(wanted < GP_COUNT(cases), "no such case");
		run(cases[wanted].run, (unsigned)strtoul(argv[2], NULL, 10));
		return EXIT_SUCCESS;
	}
	for (size_t i = 0; i < GP_COUNT(cases); i++)
		counts[i] = 1 + (unsigned)(ROUND_NS / run(cases[i].run, 100));
	for (size_t round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; i < GP_COUNT(cases); i++)
			times[i][round] = run(cases[i].run, counts[i]);
	}
	printf("%10s %10s %7s\n", "median ns", "lowest ns", "ratio");
	for (size_t i = 0; i < GP_COUNT(cases); i++) {
		qsort(times[i], ROUNDS, sizeof(times[i][0]), compare);
		printf("%10.0f %10.0f %7.2f  %s\n", times[i][ROUNDS / 2], times[i][0],
		    times[i][ROUNDS / 2] / times[0][ROUNDS / 2], cases[i].name);
	}
	return EXIT_SUCCESS;
}
