/* SPDX-License-Identifier: Apache-2.0 */
/* Session tokens as Better Auth hands them out. The signed one was made by a real server, with a
 * secret thrown away since. */
#include "session_token.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

#include "token.h"
#include "unit.h"

#define TOKEN "l4tCLYkJzHIQTofjxo57rClCnwTthGEp"
#define SIGNATURE "rUiB7ufRFmnntsWZXZn0K6t+H2cnqZV8pyJZsD3o4KM="
#define ENCODED_SIGNATURE "rUiB7ufRFmnntsWZXZn0K6t%2BH2cnqZV8pyJZsD3o4KM%3D"

static struct gp_arena *arena;
static const char *raw;

/* Secrets by name, the second NULL for none; `raw` lives until the arena is freed. */
static enum gp_outcome
open_with(const char *first, const char *second, const char *credential, size_t length)
{
	struct gp_secret_list secrets = { { { first, strlen(first), -1 } }, 1 };
	struct gp_key_ring *ring;
	enum gp_outcome outcome;

	if (second != NULL)
		secrets.secrets[secrets.count++] = (struct gp_secret){ second, strlen(second), -1 };
	ring = gp_key_ring_new(&secrets, 0);
	arena = gp_arena_new();
	CU_ASSERT_FATAL(ring != NULL && arena != NULL);
	gp_test_row("%.*s", (int)length, credential);
	raw = NULL;
	outcome = gp_session_token_open(arena, ring, credential, length, &raw);
	gp_key_ring_free(ring);
	return outcome;
}

static enum gp_outcome
open_recorded(const char *credential)
{
	return open_with(gp_test_recorded_secret, NULL, credential, strlen(credential));
}

static void
expect_outcome(const char *credential, enum gp_outcome outcome)
{
	CU_ASSERT_EQUAL(open_recorded(credential), outcome);
	gp_arena_free(arena);
}

static void
expect_raw(const char *credential, const char *token)
{
	CU_ASSERT_EQUAL(open_recorded(credential), GP_OK);
	CU_ASSERT(gp_test_same(raw, token));
	gp_arena_free(arena);
}

/* `token` signed with the recorded secret, as Better Auth does it. */
static void
sign(const char *token, struct gp_test_text *credential)
{
	unsigned char signature[EVP_MAX_MD_SIZE];
	char encoded[64];
	unsigned length = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(
	    HMAC(EVP_sha256(), gp_test_recorded_secret, (int)strlen(gp_test_recorded_secret),
		(const unsigned char *)token, strlen(token), signature, &length));
	EVP_EncodeBlock((unsigned char *)encoded, signature, (int)length);
	gp_test_text_set(credential, token);
	CU_ASSERT_FATAL(gp_test_text_add(credential, ".", 1));
	CU_ASSERT_FATAL(gp_test_text_add(credential, encoded, strlen(encoded)));
}

static void
opens_what_a_real_server_signed(void)
{
	struct gp_test_text made;

	sign(TOKEN, &made);
	CU_ASSERT_STRING_EQUAL(made.bytes, TOKEN "." SIGNATURE);
	expect_raw(TOKEN "." SIGNATURE, TOKEN);
	expect_raw(TOKEN "." ENCODED_SIGNATURE, TOKEN);
	expect_raw("true.AaFPxd13bBw%2FsgALGhKbArpDgJ3AKgBkd5WI2qD%2Fnxo%3D", "true");
	expect_raw("true.AaFPxd13bBw/sgALGhKbArpDgJ3AKgBkd5WI2qD/nxo=", "true");
}

static void
opens_raw_tokens(void)
{
	static const char *const tokens[] = { TOKEN, "a", "0", "undefined",
		"!\"#$&'()*+,-/09:;<=>?@AZ[\\]^_`az{|}~" };

	for (size_t i = 0; i < GP_COUNT(tokens); i++)
		expect_raw(tokens[i], tokens[i]);
}

/* In any case of the digits, of any character, once. */
static void
decodes_percent_signs_once(void)
{
	struct gp_test_text made;

	expect_raw(TOKEN ".rUiB7ufRFmnntsWZXZn0K6t%2bH2cnqZV8pyJZsD3o4KM%3d", TOKEN);
	expect_raw("%6c4tCLYkJzHIQTofjxo57rClCnwTthGEp%2E" ENCODED_SIGNATURE, TOKEN);
	expect_raw("%61%7E%21", "a~!");
	expect_raw("a%2541", "a%41");
	expect_raw("%25", "%");
	sign("a.b.c", &made);
	expect_raw(made.bytes, "a.b.c");
	expect_outcome(
	    TOKEN ".rUiB7ufRFmnntsWZXZn0K6t%252BH2cnqZV8pyJZsD3o4KM%253D", GP_DENY_SIGNATURE);
}

static void
refuses_other_signatures(void)
{
	static const char *const credentials[] = {
		/* one letter of the token, of the signature */
		"m4tCLYkJzHIQTofjxo57rClCnwTthGEp." SIGNATURE,
		"l4tCLYkJzHIQTofjxo57rClCnwTthGEP." SIGNATURE,
		TOKEN ".sUiB7ufRFmnntsWZXZn0K6t+H2cnqZV8pyJZsD3o4KM=",
		TOKEN ".rUiB7ufRFmnntsWZXZn0K6t+H2cnqZV8pyJZsD3o4KA=",
		/* spare bits of its last letter */
		TOKEN ".rUiB7ufRFmnntsWZXZn0K6t+H2cnqZV8pyJZsD3o4KN=",
		/* another's */
		"true." SIGNATURE,
		TOKEN ".AaFPxd13bBw/sgALGhKbArpDgJ3AKgBkd5WI2qD/nxo=",
		/* cut off, longer, without padding, with more of it */
		TOKEN ".",
		TOKEN ".r",
		TOKEN ".rUiB7ufRFmnntsWZXZn0K6t+H2cnqZV8pyJZsD3o4K=",
		TOKEN ".rUiB7ufRFmnntsWZXZn0K6t+H2cnqZV8pyJZsD3o4KM",
		TOKEN "." SIGNATURE "=",
		TOKEN "." SIGNATURE " ",
		TOKEN ". " SIGNATURE,
		TOKEN "." SIGNATURE "A",
		TOKEN ".UiB7ufRFmnntsWZXZn0K6t+H2cnqZV8pyJZsD3o4KM=",
		/* base64url, spaces that a plus had become, hexadecimal */
		TOKEN ".rUiB7ufRFmnntsWZXZn0K6t-H2cnqZV8pyJZsD3o4KM=",
		TOKEN ".rUiB7ufRFmnntsWZXZn0K6t-H2cnqZV8pyJZsD3o4KM",
		TOKEN ".rUiB7ufRFmnntsWZXZn0K6t H2cnqZV8pyJZsD3o4KM=",
		TOKEN ".ad4881eee7d11669e7b6c5995d99f42bab7e1f6727a9957ca72259b03de8e0a3",
		/* two of them: the last dot counts */
		TOKEN "." SIGNATURE "." SIGNATURE,
		TOKEN ".." SIGNATURE,
		"." TOKEN "." SIGNATURE,
		TOKEN "." SIGNATURE ".",
		/* nothing but a signature */
		"." SIGNATURE,
		".",
		"..",
		/* no signature at all: a JWT */
		"a.b.c",
	};

	for (size_t i = 0; i < GP_COUNT(credentials); i++)
		expect_outcome(credentials[i], GP_DENY_SIGNATURE);
}

/* Better Auth signs and verifies with the current secret alone; an older one would forge for ever.
 */
static void
verifies_with_the_current_secret_alone(void)
{
	static const char credential[] = TOKEN "." SIGNATURE;
	const size_t length = sizeof(credential) - 1;

	CU_ASSERT_EQUAL(open_with(gp_test_secret, NULL, credential, length), GP_DENY_SIGNATURE);
	gp_arena_free(arena);
	CU_ASSERT_EQUAL(
	    open_with(gp_test_recorded_secret, gp_test_secret, credential, length), GP_OK);
	gp_arena_free(arena);
	CU_ASSERT_EQUAL(open_with(gp_test_secret, gp_test_recorded_secret, credential, length),
	    GP_DENY_SIGNATURE);
	gp_arena_free(arena);
}

/* Rightly signed, and still nothing that a table could hold. */
static void
refuses_what_no_token_is(void)
{
	static const char *const tokens[] = { "", " ", "a b", " a", "a ", "a\t", "a\n", "\r",
		"\x01", "a\x1f", "a\x7f", "\xc3\xa4", "\xff", "a\x80" };

	for (size_t i = 0; i < GP_COUNT(tokens); i++) {
		struct gp_test_text made;

		expect_outcome(tokens[i], GP_DENY_TOKEN_FORM);
		sign(tokens[i], &made);
		expect_outcome(made.bytes, GP_DENY_TOKEN_FORM);
	}
}

static void
refuses_control_characters_behind_percent_signs(void)
{
	static const char *const credentials[] = { "%01", "a%0A", "a%0d%0a", "a%1F", "a%7f",
		"a%20b", "%09a", "a%C3%A4", "%ff", "%80" };

	for (size_t i = 0; i < GP_COUNT(credentials); i++)
		expect_outcome(credentials[i], GP_DENY_TOKEN_FORM);
}

static void
refuses_nul_and_broken_percent_signs(void)
{
	static const char *const credentials[] = { "%00", "a%00", "a%00b",
		"%00" TOKEN "." SIGNATURE, TOKEN "%00." SIGNATURE, TOKEN "." SIGNATURE "%00",
		TOKEN "." ENCODED_SIGNATURE "%00x", "%", "a%", "%4", "a%4", "%%", "%%41", "%4%41",
		"%g1", "%1g", "%-1", "% 1", "%1 ", "%0x", "%u0041", TOKEN "." SIGNATURE "%",
		TOKEN "." SIGNATURE "%3", TOKEN "%." SIGNATURE };

	for (size_t i = 0; i < GP_COUNT(credentials); i++)
		expect_outcome(credentials[i], GP_DENY_TOKEN_FORM);
}

/* A real NUL ends nothing: what is behind it must not go unseen. */
static void
reads_no_further_and_no_less_than_it_is_told(void)
{
	static const char credential[] = TOKEN "\0x";
	const size_t length = strlen(credential);

	CU_ASSERT_EQUAL(open_with(gp_test_secret, NULL, credential, length), GP_OK);
	CU_ASSERT(gp_test_same(raw, TOKEN));
	gp_arena_free(arena);
	CU_ASSERT_EQUAL(open_with(gp_test_secret, NULL, credential, length - 1), GP_OK);
	CU_ASSERT_EQUAL(strlen(raw), length - 1);
	gp_arena_free(arena);
	CU_ASSERT_EQUAL(
	    open_with(gp_test_secret, NULL, credential, length + 2), GP_DENY_TOKEN_FORM);
	gp_arena_free(arena);
	CU_ASSERT_EQUAL(open_with(gp_test_secret, NULL, credential, 0), GP_DENY_TOKEN_FORM);
	gp_arena_free(arena);
}

static void
limits_the_length(void)
{
	char token[GP_SESSION_TOKEN_MAX + 2];
	struct gp_test_text made;

	CU_ASSERT_EQUAL(GP_SESSION_TOKEN_MAX, 255);
	memset(token, 'a', sizeof(token));
	token[GP_SESSION_TOKEN_MAX + 1] = '\0';
	expect_outcome(token, GP_DENY_TOKEN_FORM);
	sign(token, &made);
	expect_outcome(made.bytes, GP_DENY_TOKEN_FORM);
	token[GP_SESSION_TOKEN_MAX] = '\0';
	expect_raw(token, token);
	sign(token, &made);
	expect_raw(made.bytes, token);
}

/* Percent signs count as what they stand for. */
static void
limits_the_length_of_what_is_meant(void)
{
	char credential[3 * (GP_SESSION_TOKEN_MAX + 1) + 1] = "";
	char token[GP_SESSION_TOKEN_MAX + 1];

	for (size_t i = 0; i < GP_SESSION_TOKEN_MAX; i++)
		memcpy(credential + 3 * i, "%61", 4);
	memset(token, 'a', sizeof(token) - 1);
	token[sizeof(token) - 1] = '\0';
	expect_raw(credential, token);
	memcpy(credential + 3 * GP_SESSION_TOKEN_MAX, "%61", 4);
	expect_outcome(credential, GP_DENY_TOKEN_FORM);
}

static struct gp_key_ring *
recorded_ring(void)
{
	const struct gp_secret_list secrets = {
		{ { gp_test_recorded_secret, strlen(gp_test_recorded_secret), -1 } }, 1
	};
	struct gp_key_ring *ring = gp_key_ring_new(&secrets, 0);

	CU_ASSERT_PTR_NOT_NULL_FATAL(ring);
	return ring;
}

/* The recorded cookie, or another, found in a Cookie field. */
static enum gp_outcome
open_cookie(const char *cookies, bool secure)
{
	struct gp_key_ring *ring = recorded_ring();
	enum gp_outcome outcome;

	arena = gp_arena_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	gp_test_row("%s", cookies != NULL ? cookies : "no field");
	raw = NULL;
	outcome = gp_session_cookie_open(arena, ring, cookies, secure, &raw);
	gp_key_ring_free(ring);
	return outcome;
}

#define NAME "better-auth.session_token"
#define COOKIE NAME "=" TOKEN "." ENCODED_SIGNATURE
#define OTHER "x." ENCODED_SIGNATURE
#define REMEMBER_NOT \
	"better-auth.dont_remember=true.AaFPxd13bBw%2FsgALGhKbArpDgJ3AKgBkd5WI2qD%2Fnxo%3D"

static void
finds_the_cookie_among_others(void)
{
	static const char *const fields[] = { COOKIE, " " COOKIE, COOKIE " ", "\t" COOKIE "\t",
		COOKIE ";", COOKIE "; a=b", "a=b; " COOKIE, "a=b;" COOKIE ";c=d", ";;; ;" COOKIE,
		"a; " COOKIE, "=; " COOKIE, "a=\"b; " COOKIE,
		NAME "=\"" TOKEN "." ENCODED_SIGNATURE "\"", NAME "=" TOKEN "." SIGNATURE,
		NAME "= " TOKEN "." SIGNATURE, "x" NAME "=x; " COOKIE, NAME "x=x; " COOKIE,
		"__Secure-" NAME "=x; " COOKIE, "__Host-" NAME "=x; " COOKIE,
		"Better-Auth.Session_Token=x; " COOKIE, NAME "; " COOKIE, "a=" NAME "=x; " COOKIE,
		COOKIE "; " NAME "=" OTHER, COOKIE "; " NAME "=" };

	for (size_t i = 0; i < GP_COUNT(fields); i++) {
		CU_ASSERT_EQUAL(open_cookie(fields[i], false), GP_OK);
		CU_ASSERT(gp_test_same(raw, TOKEN));
		gp_arena_free(arena);
	}
}

static void
finds_no_cookie(void)
{
	static const char *const fields[] = { NULL, "", " ", ";", "=", NAME, NAME "=", NAME "= ",
		NAME "=\"\"", NAME "=; " COOKIE, "a=b", "a=" COOKIE, "x" COOKIE, "-" COOKIE,
		"__Secure-" COOKIE, "\"" COOKIE "\"", NAME " =" TOKEN "." ENCODED_SIGNATURE,
		"a=b, " COOKIE, "better_auth.session_token=" TOKEN "." ENCODED_SIGNATURE };

	for (size_t i = 0; i < GP_COUNT(fields); i++) {
		CU_ASSERT_EQUAL(open_cookie(fields[i], false), GP_DENY_NO_CREDENTIAL);
		gp_arena_free(arena);
	}
}

/* A page without https can set the plain name, but not the one with the prefix. */
static void
over_https_only_the_secure_cookie_counts(void)
{
	CU_ASSERT_EQUAL(open_cookie(COOKIE, true), GP_DENY_NO_CREDENTIAL);
	gp_arena_free(arena);
	CU_ASSERT_EQUAL(open_cookie(COOKIE "; __Secure-" COOKIE, true), GP_OK);
	CU_ASSERT(gp_test_same(raw, TOKEN));
	gp_arena_free(arena);
	CU_ASSERT_EQUAL(open_cookie(COOKIE "; __Secure-" NAME "=" OTHER, true), GP_DENY_SIGNATURE);
	gp_arena_free(arena);
	CU_ASSERT_EQUAL(open_cookie("__secure-" COOKIE, true), GP_DENY_NO_CREDENTIAL);
	gp_arena_free(arena);
}

static void
a_cookie_is_always_signed(void)
{
	static const struct {
		const char *field;
		enum gp_outcome outcome;
	} rows[] = {
		{ NAME "=" TOKEN, GP_DENY_SIGNATURE },
		{ NAME "=\"" TOKEN "\"", GP_DENY_SIGNATURE },
		{ NAME "=" TOKEN ".", GP_DENY_SIGNATURE },
		{ NAME "=" OTHER, GP_DENY_SIGNATURE },
		{ NAME "=" OTHER "; " COOKIE, GP_DENY_SIGNATURE },
		{ NAME "=" TOKEN "." ENCODED_SIGNATURE "x", GP_DENY_SIGNATURE },
		{ NAME "=" TOKEN "." ENCODED_SIGNATURE "\"", GP_DENY_SIGNATURE },
		{ NAME "=" TOKEN "." ENCODED_SIGNATURE "%", GP_DENY_TOKEN_FORM },
		{ NAME "=%00." ENCODED_SIGNATURE, GP_DENY_TOKEN_FORM },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		CU_ASSERT_EQUAL(open_cookie(rows[i].field, false), rows[i].outcome);
		gp_arena_free(arena);
	}
}

static void
opens_any_signed_cookie_by_its_name(void)
{
	static const struct {
		const char *field;
		bool secure;
		enum gp_outcome outcome;
	} rows[] = {
		{ REMEMBER_NOT, false, GP_OK },
		{ COOKIE "; " REMEMBER_NOT, false, GP_OK },
		{ "__Secure-" REMEMBER_NOT, true, GP_OK },
		{ "__Secure-" REMEMBER_NOT, false, GP_DENY_NO_CREDENTIAL },
		{ REMEMBER_NOT, true, GP_DENY_NO_CREDENTIAL },
		{ COOKIE, false, GP_DENY_NO_CREDENTIAL },
		{ "better-auth.dont_remember=true", false, GP_DENY_SIGNATURE },
		{ "better-auth.dont_remember=true." ENCODED_SIGNATURE, false, GP_DENY_SIGNATURE },
		{ "better-auth.dont_remember=", false, GP_DENY_NO_CREDENTIAL },
		{ NULL, false, GP_DENY_NO_CREDENTIAL },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_key_ring *ring = recorded_ring();

		gp_test_row("%s", rows[i].field != NULL ? rows[i].field : "no field");
		arena = gp_arena_new();
		CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
		raw = NULL;
		CU_ASSERT_EQUAL(gp_signed_cookie_open(arena, ring, rows[i].field,
				    GP_DONT_REMEMBER_COOKIE, rows[i].secure, &raw),
		    rows[i].outcome);
		CU_ASSERT(
		    gp_test_same(raw, rows[i].outcome == GP_OK ? GP_DONT_REMEMBER_VALUE : NULL));
		gp_arena_free(arena);
		gp_key_ring_free(ring);
	}
}

static void
signs_as_a_real_server_does(void)
{
	static const struct {
		const char *value, *signed_value;
	} rows[] = {
		{ TOKEN, TOKEN "." SIGNATURE },
		{ "true", "true.AaFPxd13bBw/sgALGhKbArpDgJ3AKgBkd5WI2qD/nxo=" },
	};
	struct gp_key_ring *ring = recorded_ring();

	arena = gp_arena_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		const char *made = NULL;

		CU_ASSERT_EQUAL_FATAL(
		    gp_session_token_sign(arena, ring, rows[i].value, &made), GP_OK);
		CU_ASSERT_STRING_EQUAL(made, rows[i].signed_value);
		CU_ASSERT_EQUAL(
		    gp_session_token_open(arena, ring, made, strlen(made), &raw), GP_OK);
		CU_ASSERT_STRING_EQUAL(raw, rows[i].value);
	}
	gp_arena_free(arena);
	gp_key_ring_free(ring);
}

static void
signs_nothing_without_a_secret(void)
{
	struct gp_key_ring *ring = gp_key_ring_new(NULL, 0);
	const char *made = NULL;

	arena = gp_arena_new();
	CU_ASSERT_FATAL(arena != NULL && ring != NULL);
	CU_ASSERT_EQUAL(gp_session_token_sign(arena, ring, TOKEN, &made), GP_ERR_CRYPTO);
	CU_ASSERT_PTR_NULL(made);
	gp_arena_free(arena);
	gp_key_ring_free(ring);
}

/* So that one who forgets to look at the outcome finds no token. */
static void
gives_nothing_when_it_refuses(void)
{
	static const char *const credentials[] = { TOKEN ".x", TOKEN "." SIGNATURE "x", "a%01",
		"a%", "" };

	for (size_t i = 0; i < GP_COUNT(credentials); i++) {
		CU_ASSERT_NOT_EQUAL(open_recorded(credentials[i]), GP_OK);
		CU_ASSERT_PTR_NULL(raw);
		gp_arena_free(arena);
	}
}

const struct gp_test gp_tests_session_token[] = {
	GP_TEST(opens_what_a_real_server_signed),
	GP_TEST(opens_raw_tokens),
	GP_TEST(decodes_percent_signs_once),
	GP_TEST(refuses_other_signatures),
	GP_TEST(verifies_with_the_current_secret_alone),
	GP_TEST(refuses_what_no_token_is),
	GP_TEST(refuses_control_characters_behind_percent_signs),
	GP_TEST(refuses_nul_and_broken_percent_signs),
	GP_TEST(reads_no_further_and_no_less_than_it_is_told),
	GP_TEST(limits_the_length),
	GP_TEST(limits_the_length_of_what_is_meant),
	GP_TEST(finds_the_cookie_among_others),
	GP_TEST(finds_no_cookie),
	GP_TEST(over_https_only_the_secure_cookie_counts),
	GP_TEST(a_cookie_is_always_signed),
	GP_TEST(opens_any_signed_cookie_by_its_name),
	GP_TEST(signs_as_a_real_server_does),
	GP_TEST(signs_nothing_without_a_secret),
	GP_TEST(gives_nothing_when_it_refuses),
	{ NULL, NULL },
};
