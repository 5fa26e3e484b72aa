/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The row of Better Auth's table `jwks` that a real server wrote, with a secret thrown away since;
 * the key of RFC 8037; and every text that must not become a key.
 */
#include "signing_key.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base64url.h"
#include "jwk.h"
#include "token.h"
#include "unit.h"

#define X "c8saxt6Qr3XMswDs-oCW5lzIw54b0hD4rDymBbCvEYA"
#define D "kw4M_UWzSGHrCTZSLkQhS6l_Spgn5R5l_j9zsS4WCOg"
#define PUBLIC_TEXT "{\"crv\":\"Ed25519\",\"x\":\"" X "\",\"kty\":\"OKP\"}"
#define PRIVATE_TEXT "{\"crv\":\"Ed25519\",\"d\":\"" D "\",\"x\":\"" X "\",\"kty\":\"OKP\"}"
#define NONCE "efccf8ef737e4840f3dd886eab165980c18e55b84f7704f7"
#define BOX \
	NONCE "391a69187df29383354584437da5e39cc953dfd0f3a2d7becd4840f45cf4db115a3f1c4c3bf7e60c" \
	      "d461014e890e12cd7d5dc163e8d607c65a5397d09cf84e0038ad78f69abbec3e4e46aa0924c9fde9" \
	      "38d5d765ce039d8e8c4755f29e9003d4afdff62de166df6c9be824f08897d39b7178fa7455382d75" \
	      "e18d8b49d5c24465d1fae567d3a8ed3b93e3245102c3577c26"

/* RFC 8037 appendix A */
#define RFC_X "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
#define RFC_D "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
#define RFC_PRIVATE "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"" RFC_D "\",\"x\":\"" RFC_X "\"}"
#define RFC_SIGNED "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
#define RFC_SIGNATURE \
	"hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"

static const struct gp_secret recorded = { gp_test_recorded_secret, 32, -1 };
static const struct gp_secret_list secrets = { { { gp_test_recorded_secret, 32, -1 } }, 1 };

static struct gp_signing_key *key; /* of the last open_text() */

static enum gp_outcome
open_with(const struct gp_secret_list *list, const char *text)
{
	struct gp_json_reader *reader = gp_json_reader_new();
	char *copy = strdup(text);
	enum gp_outcome outcome;

	gp_test_row("%.300s", text);
	CU_ASSERT_FATAL(reader != NULL && copy != NULL);
	key = (struct gp_signing_key *)(void *)copy;
	outcome = gp_signing_key_open(reader, list, copy, strlen(copy), &key);
	CU_ASSERT_EQUAL(key != NULL, outcome == GP_OK);
	CU_ASSERT_EQUAL(ERR_peek_error(), 0);
	/* The pair must not depend on the text, nor on the reader. */
	gp_json_reader_free(reader);
	free(copy);
	return outcome;
}

static enum gp_outcome
open_text(const char *text)
{
	return open_with(&secrets, text);
}

static void
expect_outcome(const struct gp_secret_list *list, const char *text, enum gp_outcome outcome)
{
	CU_ASSERT_EQUAL(open_with(list, text), outcome);
	gp_signing_key_free(key);
}

static const char *
public_of(const struct gp_signing_key *pair)
{
	static char text[GP_SIGNING_KEY_PUBLIC_SIZE];

	CU_ASSERT_EQUAL(gp_signing_key_public(pair, text), GP_OK);
	CU_ASSERT_EQUAL(strlen(text), sizeof(text) - 1);
	return text;
}

static void
opens_what_better_auth_sealed(void)
{
	CU_ASSERT_EQUAL_FATAL(open_text("\"" BOX "\""), GP_OK);
	CU_ASSERT_STRING_EQUAL(public_of(key), PUBLIC_TEXT);
	gp_signing_key_free(key);
	gp_signing_key_free(NULL);
}

/* Where Better Auth was told disablePrivateKeyEncryption. */
static void
opens_what_is_not_sealed(void)
{
	CU_ASSERT_EQUAL_FATAL(open_text(PRIVATE_TEXT), GP_OK);
	CU_ASSERT_STRING_EQUAL(public_of(key), PUBLIC_TEXT);
	gp_signing_key_free(key);
}

static void
seals_to_the_letter(void)
{
	static const struct {
		int64_t version;
		const char *text;
	} rows[] = {
		{ -1, "\"" BOX "\"" },
		{ 0, "\"$ba$0$" BOX "\"" },
		{ 12, "\"$ba$12$" BOX "\"" },
		{ INT64_MAX, "\"$ba$9223372036854775807$" BOX "\"" },
	};
	struct gp_arena *arena = gp_arena_new();
	unsigned char nonce[GP_SECRET_BOX_NONCE_SIZE];
	size_t length;

	CU_ASSERT_EQUAL_FATAL(OPENSSL_hexstr2buf_ex(nonce, sizeof(nonce), &length, NONCE, '\0'), 1);
	CU_ASSERT_FATAL(arena != NULL && open_text(PRIVATE_TEXT) == GP_OK);
	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_secret secret = recorded;
		const char *text = NULL;

		gp_test_row("%s", rows[i].text);
		secret.version = rows[i].version;
		CU_ASSERT_EQUAL(gp_signing_key_seal(key, arena, &secret, nonce, &text), GP_OK);
		CU_ASSERT(gp_test_same(text, rows[i].text));
	}
	gp_signing_key_free(key);
	gp_arena_free(arena);
}

static void
new_pairs_differ_and_come_back(void)
{
	struct gp_arena *arena = gp_arena_new();
	char former[GP_SIGNING_KEY_PUBLIC_SIZE] = "";

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	for (int i = 0; i < 20; i++) {
		struct gp_signing_key *made = gp_signing_key_generate();
		const char *one = NULL, *other = NULL;

		CU_ASSERT_PTR_NOT_NULL_FATAL(made);
		CU_ASSERT_STRING_NOT_EQUAL(public_of(made), former);
		strcpy(former, public_of(made));
		CU_ASSERT_EQUAL(gp_signing_key_seal(made, arena, &recorded, NULL, &one), GP_OK);
		CU_ASSERT_EQUAL(gp_signing_key_seal(made, arena, &recorded, NULL, &other), GP_OK);
		CU_ASSERT_EQUAL(strlen(one), strlen("\"" BOX "\""));
		/* The nonce goes first, and is drawn anew. */
		CU_ASSERT_NOT_EQUAL(memcmp(one, other, 1 + strlen(NONCE)), 0);
		CU_ASSERT_EQUAL_FATAL(open_text(other), GP_OK);
		CU_ASSERT_STRING_EQUAL(public_of(key), former);
		gp_signing_key_free(key);
		gp_signing_key_free(made);
	}
	gp_arena_free(arena);
}

/* Which secret opens is the box's to say: no other is tried. */
static void
the_version_picks_the_secret(void)
{
#define OURS gp_test_recorded_secret, 32
#define FOREIGN gp_test_other_secret, 32
	static const struct {
		struct gp_secret_list secrets;
		const char *text;
		enum gp_outcome outcome;
	} rows[] = {
		{ { { { OURS, -1 } }, 1 }, "\"" BOX "\"", GP_OK },
		{ { { { FOREIGN, -1 } }, 1 }, "\"" BOX "\"", GP_ERR_SEALED },
		{ { .count = 0 }, "\"" BOX "\"", GP_ERR_SEALED },
		{ { .count = 0 }, "\"$ba$0$" BOX "\"", GP_ERR_SEALED },
		/* without a version: only the secret that has none */
		{ { { { OURS, 0 } }, 1 }, "\"" BOX "\"", GP_ERR_SEALED },
		{ { { { OURS, 1 }, { FOREIGN, -1 } }, 2 }, "\"" BOX "\"", GP_ERR_SEALED },
		{ { { { FOREIGN, 1 }, { OURS, -1 } }, 2 }, "\"" BOX "\"", GP_OK },
		/* with one: only the secret of this version */
		{ { { { OURS, -1 } }, 1 }, "\"$ba$1$" BOX "\"", GP_ERR_SEALED },
		{ { { { OURS, 1 } }, 1 }, "\"$ba$1$" BOX "\"", GP_OK },
		{ { { { OURS, 0 } }, 1 }, "\"$ba$0$" BOX "\"", GP_OK },
		{ { { { OURS, 2 } }, 1 }, "\"$ba$1$" BOX "\"", GP_ERR_SEALED },
		{ { { { FOREIGN, 1 } }, 1 }, "\"$ba$1$" BOX "\"", GP_ERR_SEALED },
		{ { { { FOREIGN, 2 }, { OURS, 1 } }, 2 }, "\"$ba$1$" BOX "\"", GP_OK },
		{ { { { FOREIGN, 2 }, { OURS, 1 } }, 2 }, "\"$ba$2$" BOX "\"", GP_ERR_SEALED },
		{ { { { FOREIGN, 2 }, { FOREIGN, 1 }, { OURS, -1 } }, 3 }, "\"$ba$1$" BOX "\"",
		    GP_ERR_SEALED },
		{ { { { OURS, INT64_MAX } }, 1 }, "\"$ba$9223372036854775807$" BOX "\"", GP_OK },
		/* nothing to pick */
		{ { .count = 0 }, PRIVATE_TEXT, GP_OK },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++)
		expect_outcome(&rows[i].secrets, rows[i].text, rows[i].outcome);
#undef OURS
#undef FOREIGN
}

static void
refuses_a_box_that_was_altered(void)
{
	char text[] = "\"" BOX "\"";

	for (size_t i = 1; i < sizeof(text) - 2; i++) {
		char digit = text[i];

		text[i] = digit == '0' ? '1' : '0';
		expect_outcome(&secrets, text, GP_ERR_SEALED);
		text[i] = digit;
	}
}

static void
refuses_texts_that_are_no_box(void)
{
	static const struct {
		const char *text;
		enum gp_outcome outcome;
	} rows[] = {
		{ "", GP_ERR_KEY_FORM },
		{ BOX, GP_ERR_KEY_FORM },
		{ "null", GP_ERR_KEY_FORM },
		{ "true", GP_ERR_KEY_FORM },
		{ "5", GP_ERR_KEY_FORM },
		{ "[]", GP_ERR_KEY_FORM },
		{ "[\"" BOX "\"]", GP_ERR_KEY_FORM },
		{ "{}", GP_ERR_KEY_FORM },
		{ "\"" BOX, GP_ERR_KEY_FORM },
		{ "\"" BOX "\"x", GP_ERR_KEY_FORM },
		{ "'" BOX "'", GP_ERR_KEY_FORM },
		{ "\"\\\"" BOX "\\\"\"", GP_ERR_KEY_FORM },
		{ "\"" BOX "0\"", GP_ERR_KEY_FORM },
		{ "\"" BOX "0g\"", GP_ERR_KEY_FORM },
		{ "\"" BOX " \"", GP_ERR_KEY_FORM },
		{ "\" " BOX "\"", GP_ERR_KEY_FORM },
		{ "\"0x" BOX "\"", GP_ERR_KEY_FORM },
		{ "\"ef:cc\"", GP_ERR_KEY_FORM },
		{ "\"\xc3\xa4\"", GP_ERR_KEY_FORM },
		{ "\"{}\"", GP_ERR_KEY_FORM },
		{ "\"$ba$\"", GP_ERR_KEY_FORM },
		{ "\"$ba$$" BOX "\"", GP_ERR_KEY_FORM },
		{ "\"$ba$1\"", GP_ERR_KEY_FORM },
		{ "\"$ba$1" BOX "\"", GP_ERR_KEY_FORM },
		{ "\"$ba$-1$" BOX "\"", GP_ERR_KEY_FORM },
		{ "\"$ba$+1$" BOX "\"", GP_ERR_KEY_FORM },
		{ "\"$ba$ 1$" BOX "\"", GP_ERR_KEY_FORM },
		{ "\"$ba$1.0$" BOX "\"", GP_ERR_KEY_FORM },
		{ "\"$ba$x$" BOX "\"", GP_ERR_KEY_FORM },
		{ "\"$ba$9223372036854775808$" BOX "\"", GP_ERR_KEY_FORM },
		{ "\"$ba$18446744073709551615$" BOX "\"", GP_ERR_KEY_FORM },
		{ "\"$BA$1$" BOX "\"", GP_ERR_KEY_FORM },
		/* too short for one, or too long for this one */
		{ "\"\"", GP_ERR_SEALED },
		{ "\"00\"", GP_ERR_SEALED },
		{ "\"" NONCE "\"", GP_ERR_SEALED },
		{ "\"" BOX "00\"", GP_ERR_SEALED },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++)
		expect_outcome(&secrets, rows[i].text, rows[i].outcome);
}

/* Texts here have apostrophes for quotation marks. */
static void
quote(const char *text, char *quoted, size_t size)
{
	CU_ASSERT_FATAL(strlen(text) < size);
	for (; *text != '\0'; text++)
		*quoted++ = (char)(*text == '\'' ? '"' : *text);
	*quoted = '\0';
}

/* The text for the column, by the box alone. */
static void
seal_text(const char *content, char *text, size_t size)
{
	static const unsigned char nonce[GP_SECRET_BOX_NONCE_SIZE] = { 1, 2, 3 };
	size_t content_length = strlen(content);
	unsigned char box[1024 + GP_SECRET_BOX_OVERHEAD];
	size_t length = 1;

	CU_ASSERT_FATAL(content_length <= 1024 && size > 2 * sizeof(box) + 3);
	CU_ASSERT_EQUAL(gp_secret_box_seal(
			    &recorded, nonce, (const unsigned char *)content, content_length, box),
	    GP_OK);
	strcpy(text, "\"");
	for (size_t i = 0; i < content_length + GP_SECRET_BOX_OVERHEAD; i++)
		length += (size_t)snprintf(text + length, size - length, "%02x", box[i]);
	strcpy(text + length, "\"");
}

/* Sealed or not, the same JWK has the same fate. */
static void
expect_jwk(const char *jwk, enum gp_outcome outcome)
{
	char quoted[1024], sealed[4096];

	quote(jwk, quoted, sizeof(quoted));
	expect_outcome(&secrets, quoted, outcome);
	seal_text(quoted, sealed, sizeof(sealed));
	expect_outcome(&secrets, sealed, outcome);
}

#define OKP "'kty':'OKP','crv':'Ed25519'"

static void
takes_any_jwk_of_a_pair(void)
{
	static const char *const jwks[] = {
		"{'crv':'Ed25519','d':'" D "','x':'" X "','kty':'OKP'}",
		"{ " OKP ", 'x' : '" X "',\n'd' : '" D "' }",
		"{" OKP ",'d':'" RFC_D "','x':'" RFC_X "'}",
		"{" OKP ",'d':'" D "','x':'" X
		"','alg':'EdDSA','kid':'k','key_ops':['sign'],'n':5}",
	};

	for (size_t i = 0; i < GP_COUNT(jwks); i++)
		expect_jwk(jwks[i], GP_OK);
}

static void
refuses_jwks_that_are_no_pair_of_ours(void)
{
	static const char *const jwks[] = {
		"{}",
		"{" OKP "}",
		"{'keys':[{" OKP ",'d':'" D "','x':'" X "'}]}",
		/* a part is missing, or no text */
		"{" OKP ",'x':'" X "'}",
		"{" OKP ",'d':'" D "'}",
		"{" OKP ",'d':null,'x':'" X "'}",
		"{" OKP ",'d':'" D "','x':5}",
		"{" OKP ",'d':['" D "'],'x':'" X "'}",
		/* parts that do not belong together */
		"{" OKP ",'d':'" D "','x':'" RFC_X "'}",
		"{" OKP ",'d':'" RFC_D "','x':'" X "'}",
		"{" OKP ",'d':'" X "','x':'" D "'}",
		"{" OKP ",'d':'" D "','x':'" D "'}",
		"{" OKP ",'d':'" D "','x':'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'}",
		/* not 32 bytes, or in another alphabet, or not canonical */
		"{" OKP ",'d':'','x':''}",
		"{" OKP ",'d':'" D "','x':'c8saxt6Qr3XMswDs-oCW5lzIw54b0hD4rDymBbCvEQ'}",
		"{" OKP ",'d':'" D "','x':'" X "=' }",
		"{" OKP ",'d':'" D "','x':'" X "AA'}",
		"{" OKP ",'d':'" D "=','x':'" X "'}",
		"{" OKP ",'d':'kw4M_UWzSGHrCTZSLkQhS6l_Spgn5R5l_j9zsS4WCO','x':'" X "'}",
		"{" OKP ",'d':'kw4M_UWzSGHrCTZSLkQhS6l_Spgn5R5l_j9zsS4WCOh','x':'" X "'}",
		"{" OKP ",'d':'kw4M/UWzSGHrCTZSLkQhS6l/Spgn5R5l/j9zsS4WCOg','x':'" X "'}",
		"{" OKP ",'d':' " D "','x':'" X "'}",
		/* another kind of key */
		"{'d':'" D "','x':'" X "'}",
		"{'kty':'OKP','d':'" D "','x':'" X "'}",
		"{'crv':'Ed25519','d':'" D "','x':'" X "'}",
		"{'kty':'OKP','crv':'ed25519','d':'" D "','x':'" X "'}",
		"{'kty':'okp','crv':'Ed25519','d':'" D "','x':'" X "'}",
		"{'kty':'OKP','crv':'X25519','d':'" D "','x':'" X "'}",
		"{'kty':'OKP','crv':'Ed448','d':'" D "','x':'" X "'}",
		"{'kty':'EC','crv':'Ed25519','d':'" D "','x':'" X "'}",
		"{'kty':'EC','crv':'P-256','d':'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI',"
		"'x':'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',"
		"'y':'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0'}",
		"{'kty':'RSA','n':'" X "','e':'AQAB','d':'" D "','x':'" X "'}",
		"{'kty':'oct','k':'" D "','d':'" D "','x':'" X "'}",
		/* not what JSON is */
		"",
		"{" OKP ",'d':'" D "','x':'" X "'",
		"{" OKP ",'d':'" D "','x':'" X "'} x",
		"{" OKP ",'d':'" D "','x':'" X "'}{}",
		"{" OKP ",'d':'" D "','d':'" D "','x':'" X "'}",
		"[{" OKP ",'d':'" D "','x':'" X "'}]",
		"null",
		"{" OKP ",'d':'" D "','x':'" X "','y':'\xff'}",
	};

	for (size_t i = 0; i < GP_COUNT(jwks); i++)
		expect_jwk(jwks[i], GP_ERR_KEY_FORM);
}

/* One box inside another is no key, nor is a sealed text. */
static void
opens_one_box_only(void)
{
	char inner[4096], outer[4096];

	seal_text("{}", inner, sizeof(inner));
	seal_text(inner, outer, sizeof(outer));
	expect_outcome(&secrets, outer, GP_ERR_KEY_FORM);
}

static void
signs_as_the_rfc_says(void)
{
	unsigned char signature[GP_SIGNING_KEY_SIGNATURE_SIZE];
	char text[GP_BASE64URL_ENCODED_SIZE(sizeof(signature)) + 1] = "";

	CU_ASSERT_EQUAL_FATAL(open_text(RFC_PRIVATE), GP_OK);
	CU_ASSERT_EQUAL(gp_signing_key_sign(key, RFC_SIGNED, strlen(RFC_SIGNED), signature), GP_OK);
	gp_base64url_encode(signature, sizeof(signature), text);
	CU_ASSERT_STRING_EQUAL(text, RFC_SIGNATURE);
	gp_signing_key_free(key);
}

/* What is published of a pair verifies what the pair signs, and nothing else. */
static void
expect_verified(const struct gp_signing_key *pair)
{
	static const char token[] = "eyJhbGciOiJFZERTQSIsImtpZCI6ImsifQ.eyJzdWIiOiJhZGEifQ";
	struct gp_json_reader *reader = gp_json_reader_new();
	unsigned char signature[GP_SIGNING_KEY_SIGNATURE_SIZE];
	const char *jwk = public_of(pair);
	struct gp_jwk_set set;

	CU_ASSERT_PTR_NOT_NULL_FATAL(reader);
	CU_ASSERT(gp_jwk_set_read(reader, jwk, strlen(jwk), NULL, "k", &set));
	CU_ASSERT_EQUAL_FATAL(set.count, 1);
	CU_ASSERT_EQUAL(gp_key_algorithm(set.keys[0]), GP_EDDSA);
	CU_ASSERT_EQUAL(gp_signing_key_sign(pair, token, strlen(token), signature), GP_OK);
	CU_ASSERT_EQUAL(
	    gp_key_verify(set.keys[0], token, strlen(token), signature, sizeof(signature)), GP_OK);
	CU_ASSERT_EQUAL(
	    gp_key_verify(set.keys[0], token, strlen(token) - 1, signature, sizeof(signature)),
	    GP_DENY_SIGNATURE);
	CU_ASSERT_EQUAL(gp_signing_key_sign(pair, "", 0, signature), GP_OK);
	CU_ASSERT_EQUAL(
	    gp_key_verify(set.keys[0], token, strlen(token), signature, sizeof(signature)),
	    GP_DENY_SIGNATURE);
	gp_jwk_set_clear(&set);
	gp_json_reader_free(reader);
}

static void
signs_what_its_public_key_verifies(void)
{
	struct gp_signing_key *made = gp_signing_key_generate();

	CU_ASSERT_PTR_NOT_NULL_FATAL(made);
	expect_verified(made);
	gp_signing_key_free(made);
	CU_ASSERT_EQUAL_FATAL(open_text("\"" BOX "\""), GP_OK);
	expect_verified(key);
	gp_signing_key_free(key);
}

const struct gp_test gp_tests_signing_key[] = {
	GP_TEST(opens_what_better_auth_sealed),
	GP_TEST(opens_what_is_not_sealed),
	GP_TEST(seals_to_the_letter),
	GP_TEST(new_pairs_differ_and_come_back),
	GP_TEST(the_version_picks_the_secret),
	GP_TEST(refuses_a_box_that_was_altered),
	GP_TEST(refuses_texts_that_are_no_box),
	GP_TEST(takes_any_jwk_of_a_pair),
	GP_TEST(refuses_jwks_that_are_no_pair_of_ours),
	GP_TEST(opens_one_box_only),
	GP_TEST(signs_as_the_rfc_says),
	GP_TEST(signs_what_its_public_key_verifies),
	{ NULL, NULL },
};
