/* SPDX-License-Identifier: Apache-2.0 */
/* The compact form: RFC 7515's own example, and what is left for the log of a token that is
 * refused. The table in data/verdicts.txt, which test_authorize.c reads, has the many ways to be
 * refused. */
#include "jws.h"

#include <string.h>

#include "token.h"
#include "unit.h"

/* RFC 7515 appendix A.1: the key is these bytes, and no text. */
static const char rfc_key[] = "\x03\x23\x35\x4b\x2b\x0f\xa5\xbc\x83\x7e\x06\x65\x77\x7b\xa6\x8f"
			      "\x5a\xb3\x28\xe6\xf0\x54\xc9\x28\xa9\x0f\x84\xb2\xd2\x50\x2e\xbf"
			      "\xd3\xfb\x5a\x92\xd2\x06\x47\xef\x96\x8a\xb4\xc3\x77\x62\x3d\x22"
			      "\x3d\x2e\x21\x72\x05\x2e\x4f\x08\xc0\xcd\x9a\xf5\x67\xd0\x80\xa3";
static const char rfc_token[] =
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

static struct gp_arena *arena;
static struct gp_jws jws;

static enum gp_outcome
open_token(const char *key, size_t key_length, const char *token, size_t length)
{
	const struct gp_secret_list secrets = { { { key, key_length, -1 } }, 1 };
	struct gp_key_ring *ring = gp_key_ring_new(&secrets, 0);
	struct gp_json_reader *json = gp_json_reader_new();
	struct gp_jws_reader *reader = json != NULL ? gp_jws_reader_new(json) : NULL;
	enum gp_outcome outcome;

	arena = gp_arena_new();
	CU_ASSERT_FATAL(ring != NULL && reader != NULL && arena != NULL);
	memset(&jws, 0xff, sizeof(jws));
	outcome = gp_jws_open(arena, reader, ring, token, length, 1000000, &jws);
	gp_jws_reader_free(reader);
	gp_json_reader_free(json);
	gp_key_ring_free(ring);
	return outcome;
}

/* A token that OpenSSL made, opened with the tests' secret. */
static enum gp_outcome
open_made(const char *key, const char *header, const char *claims)
{
	struct gp_test_text token;

	gp_test_row("%s %s", key, header);
	CU_ASSERT_FATAL(gp_test_token_from(key, header, claims, &token));
	return open_token(gp_test_secret, strlen(gp_test_secret), token.bytes, token.length);
}

static void
opens_the_example_of_rfc_7515(void)
{
	static const char payload[] =
	    "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";

	CU_ASSERT_EQUAL_FATAL(
	    open_token(rfc_key, sizeof(rfc_key) - 1, rfc_token, strlen(rfc_token)), GP_OK);
	CU_ASSERT_STRING_EQUAL(jws.algorithm, "HS256");
	CU_ASSERT_STRING_EQUAL(jws.type, "JWT");
	CU_ASSERT_PTR_NULL(jws.key_id);
	CU_ASSERT_EQUAL(jws.payload_length, sizeof(payload) - 1);
	CU_ASSERT_STRING_EQUAL(jws.payload, payload);
	gp_arena_free(arena);
}

/* In whichever place: no other letter of the example makes a token that we signed. */
static void
refuses_the_example_with_any_letter_changed(void)
{
	char token[sizeof(rfc_token)];

	for (size_t i = 0; i < sizeof(rfc_token) - 1; i++) {
		gp_test_row("letter %zu", i);
		memcpy(token, rfc_token, sizeof(rfc_token));
		token[i] = token[i] == 'A' ? 'B' : 'A';
		CU_ASSERT_NOT_EQUAL(
		    open_token(rfc_key, sizeof(rfc_key) - 1, token, strlen(token)), GP_OK);
		CU_ASSERT_PTR_NULL(jws.payload);
		gp_arena_free(arena);
	}
}

static void
refuses_every_beginning_of_the_example(void)
{
	for (size_t length = 0; length < sizeof(rfc_token) - 1; length++) {
		gp_test_row("%zu letters", length);
		CU_ASSERT_NOT_EQUAL(
		    open_token(rfc_key, sizeof(rfc_key) - 1, rfc_token, length), GP_OK);
		CU_ASSERT_PTR_NULL(jws.payload);
		gp_arena_free(arena);
	}
}

static void
believes_nothing_in_the_payload(void)
{
	CU_ASSERT_EQUAL(open_made("secret", "{\"alg\":\"HS256\"}", "no JSON at all"), GP_OK);
	CU_ASSERT_EQUAL(jws.payload_length, 14);
	CU_ASSERT_STRING_EQUAL(jws.payload, "no JSON at all");
	gp_arena_free(arena);
}

static void
gives_payload_bytes_with_nul_inside(void)
{
	struct gp_test_text header, claims = { .length = 0 }, token;

	gp_test_text_set(&header, "{\"alg\":\"HS256\"}");
	CU_ASSERT_FATAL(gp_test_text_add(&claims, "a\0b", 3));
	CU_ASSERT_FATAL(gp_test_token_make("secret", &header, &claims, &token));
	CU_ASSERT_EQUAL_FATAL(
	    open_token(gp_test_secret, strlen(gp_test_secret), token.bytes, token.length), GP_OK);
	CU_ASSERT_EQUAL(jws.payload_length, 3);
	CU_ASSERT_EQUAL(memcmp(jws.payload, "a\0b", 4), 0);
	gp_arena_free(arena);
}

static void
rejects_alg_none(void)
{
	CU_ASSERT_EQUAL(open_made("secret/none", "{\"alg\":\"none\"}", "{}"), GP_DENY_TOKEN_FORM);
	gp_arena_free(arena);
	CU_ASSERT_EQUAL(open_made("secret/zero", "{\"alg\":\"none\"}", "{}"), GP_DENY_ALGORITHM);
	gp_arena_free(arena);
	CU_ASSERT_EQUAL(open_made("secret", "{\"alg\":\"none\"}", "{}"), GP_DENY_ALGORITHM);
	CU_ASSERT_PTR_NULL(jws.payload);
	gp_arena_free(arena);
}

static void
tells_the_log_what_a_refused_token_says_of_itself(void)
{
	static const struct {
		const char *key, *header;
		enum gp_outcome outcome;
		const char *algorithm, *key_id, *type;
	} rows[] = {
		{ "other", "{\"alg\":\"HS256\",\"kid\":\"k1\",\"typ\":\"JWT\"}", GP_DENY_SIGNATURE,
		    "HS256", "k1", "JWT" },
		{ "secret", "{\"alg\":\"RS256\",\"kid\":\"k2\"}", GP_DENY_ALGORITHM, "RS256", "k2",
		    NULL },
		{ "secret", "{\"kid\":\"k3\",\"alg\":\"HS256\",\"crit\":[\"x\"]}",
		    GP_DENY_HEADER_CRITICAL, "HS256", "k3", NULL },
		{ "secret", "{\"alg\":\"HS256\",\"kid\":\"k4\",\"jku\":\"x\"}", GP_DENY_HEADER_KEY,
		    "HS256", "k4", NULL },
		{ "secret/pad", "{\"alg\":\"HS256\",\"kid\":\"k5\"}", GP_DENY_TOKEN_ENCODING,
		    "HS256", "k5", NULL },
		{ "secret", "{\"kid\":\"k6\",\"typ\":\"JWT\"}", GP_DENY_HEADER_JSON, NULL, "k6",
		    "JWT" },
		{ "secret", "{\"alg\":\"HS256\",\"kid\":7}", GP_DENY_HEADER_JSON, "HS256", NULL,
		    NULL },
		{ "secret", "not JSON", GP_DENY_HEADER_JSON, NULL, NULL, NULL },
		{ "secret/dot", "{\"alg\":\"HS256\"}", GP_DENY_TOKEN_FORM, NULL, NULL, NULL },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		CU_ASSERT_EQUAL(open_made(rows[i].key, rows[i].header, "{}"), rows[i].outcome);
		CU_ASSERT(gp_test_same(jws.algorithm, rows[i].algorithm));
		CU_ASSERT(gp_test_same(jws.key_id, rows[i].key_id));
		CU_ASSERT(gp_test_same(jws.type, rows[i].type));
		CU_ASSERT_PTR_NULL(jws.payload);
		gp_arena_free(arena);
	}
}

/* A token is `length` bytes: it need not end in NUL, and NUL is no letter of it. */
static void
reads_no_further_than_it_is_told(void)
{
	char token[sizeof(rfc_token) + 8];

	memcpy(token, rfc_token, sizeof(rfc_token));
	memset(token + strlen(rfc_token), 'A', 8);
	CU_ASSERT_EQUAL(open_token(rfc_key, sizeof(rfc_key) - 1, token, strlen(rfc_token)), GP_OK);
	gp_arena_free(arena);
	CU_ASSERT_EQUAL(open_token(rfc_key, sizeof(rfc_key) - 1, rfc_token, strlen(rfc_token) + 1),
	    GP_DENY_TOKEN_ENCODING);
	gp_arena_free(arena);
}

static void
limits_the_length(void)
{
	char token[GP_TOKEN_LENGTH_MAX + 1];

	memset(token, 'A', sizeof(token));
	CU_ASSERT_EQUAL(open_token("k", 1, token, GP_TOKEN_LENGTH_MAX), GP_DENY_TOKEN_FORM);
	gp_arena_free(arena);
	CU_ASSERT_EQUAL(open_token("k", 1, token, sizeof(token)), GP_DENY_TOKEN_LENGTH);
	gp_arena_free(arena);
	CU_ASSERT_EQUAL(GP_TOKEN_LENGTH_MAX, 8192);
}

const struct gp_test gp_tests_jws[] = {
	GP_TEST(opens_the_example_of_rfc_7515),
	GP_TEST(refuses_the_example_with_any_letter_changed),
	GP_TEST(refuses_every_beginning_of_the_example),
	GP_TEST(believes_nothing_in_the_payload),
	GP_TEST(gives_payload_bytes_with_nul_inside),
	GP_TEST(rejects_alg_none),
	GP_TEST(tells_the_log_what_a_refused_token_says_of_itself),
	GP_TEST(reads_no_further_than_it_is_told),
	GP_TEST(limits_the_length),
	{ NULL, NULL },
};
