/* SPDX-License-Identifier: Apache-2.0 */
/* Lists as clients and proxies write them, keys, and where a token may be and may not. */
#include "handshake_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

/* A copy of exactly its length, so that reads past it are seen; freed by the caller. */
static char *
exact(const char *text)
{
	char *copy = text != NULL ? strdup(text) : NULL;

	CU_ASSERT_FATAL(text == NULL || copy != NULL);
	return copy;
}

static void
reads_lists_of_fields(void)
{
	static const struct {
		const char *list;
		bool has;
	} rows[] = {
		{ "upgrade", true },
		{ "Upgrade", true },
		{ "UPGRADE", true },
		{ "keep-alive, Upgrade", true },
		{ "Upgrade, HTTP2-Settings", true },
		{ "a,b,upgrade,c", true },
		{ "keep-alive ,\tUpgrade\t , x", true },
		{ " upgrade ", true },
		{ ",upgrade", true },
		{ "upgrade,", true },
		{ ", ,,\t, upgrade ,,", true },
		{ NULL, false },
		{ "", false },
		{ " ", false },
		{ ",", false },
		{ ", ,\t,", false },
		{ "keep-alive", false },
		{ "upgrad", false },
		{ "upgrades", false },
		{ "xupgrade", false },
		{ "upgrade-insecure", false },
		/* Separated by commas alone. */
		{ "keep-alive upgrade", false },
		{ "upgrade keep-alive", false },
		{ "keep-alive;upgrade", false },
		{ "upgrade;q=1", false },
		{ "\"upgrade\"", false },
		{ "up,grade", false },
		{ "upgrade\n", false },
		{ "\vupgrade", false },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		char *list = exact(rows[i].list);

		gp_test_row("\"%s\"", list != NULL ? list : "(none)");
		CU_ASSERT_EQUAL(gp_handshake_asks_for(list, "upgrade"), rows[i].has);
		free(list);
	}
	CU_ASSERT_TRUE(gp_handshake_asks_for("h2c, WebSocket", "websocket"));
	CU_ASSERT_FALSE(gp_handshake_asks_for("websocket/13", "websocket"));
}

static void
knows_its_subprotocol(void)
{
	static const struct {
		const char *protocols;
		bool has;
	} rows[] = {
		{ "gatepost.bearer", true },
		{ "gatepost.bearer, abc", true },
		{ "chat,gatepost.bearer", true },
		{ ",\tgatepost.bearer\t,", true },
		{ NULL, false },
		{ "", false },
		{ "chat", false },
		/* A browser that offered this would not take the other for it. */
		{ "Gatepost.Bearer, abc", false },
		{ "GATEPOST.BEARER", false },
		{ "gatepost.bearer2", false },
		{ "gatepost.beare", false },
		{ "xgatepost.bearer", false },
		{ "gatepost-bearer", false },
		{ "gatepost.bearer abc", false },
		{ "gatepost%2Ebearer", false },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		char *protocols = exact(rows[i].protocols);

		gp_test_row("\"%s\"", protocols != NULL ? protocols : "(none)");
		CU_ASSERT_EQUAL(gp_handshake_speaks_bearer(protocols), rows[i].has);
		free(protocols);
	}
}

static void
knows_keys(void)
{
	static const struct {
		const char *key;
		bool good;
	} rows[] = {
		{ "dGhlIHNhbXBsZSBub25jZQ==", true }, /* of RFC 6455 section 1.3 */
		{ "AAAAAAAAAAAAAAAAAAAAAA==", true },
		{ "/////////////////////w==", true },
		{ "+/+/+/+/+/+/+/+/+/+/+g==", true },
		{ NULL, false },
		{ "", false },
		{ "==", false },
		{ "AAAAAAAAAAAAAAAAAAAAAA", false },
		{ "AAAAAAAAAAAAAAAAAAAAAA=", false },
		{ "AAAAAAAAAAAAAAAAAAAAAA===", false },
		{ "AAAAAAAAAAAAAAAAAAAAA===", false },
		{ "AAAAAAAAAAAAAAAAAAAAA==", false },
		{ "AAAAAAAAAAAAAAAAAAAAAAA=", false }, /* 17 bytes */
		{ "AAAAAAAAAAAAAAAAAAAAAAAA", false }, /* 18 */
		{ "AAAAAAAAAAAAAAAAAAAA", false },     /* 15 */
		{ "AAAAAAAAAAAAAAAAAAAAAAAA==", false },
		{ "AAAAAAAAAAAAAAAAAAAAAA==A", false },
		{ "AAAAAAAAAAAAAAAAAAAAAA== ", false },
		{ " AAAAAAAAAAAAAAAAAAAAAA==", false },
		{ "AAAAAAAAAAAAAAAAAAAAAA==, AAAAAAAAAAAAAAAAAAAAAA==", false },
		/* Bits that no byte has. */
		{ "AAAAAAAAAAAAAAAAAAAAAB==", false },
		{ "AAAAAAAAAAAAAAAAAAAAA/==", false },
		{ "________________-----A==", false },
		{ "AAAAAAAAAA AAAAAAAAAAA==", false },
		{ "AAAAAAAAAA=AAAAAAAAAAA==", false },
		{ "AAAAAAAAAAAAAAAAAAAA\xc3\xa4==", false },
		{ "AAAAAAAAAAAAAAAAAAAAAA\r\n", false },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		char *key = exact(rows[i].key);

		gp_test_row("\"%s\"", key != NULL ? key : "(none)");
		CU_ASSERT_EQUAL(gp_handshake_is_key(key), rows[i].good);
		free(key);
	}
}

/* The last digit may be one of four, and no other. */
static void
knows_the_last_digit_of_a_key(void)
{
	char key[] = "AAAAAAAAAAAAAAAAAAAAA?==";
	size_t good = 0;

	for (int c = 1; c < 256; c++) {
		key[21] = (char)c;
		good += gp_handshake_is_key(key);
	}
	CU_ASSERT_EQUAL(good, 4);
}

struct token_row {
	const char *protocols, *query, *token;
};

static void
expect_tokens(const struct token_row *rows, size_t count)
{
	struct gp_arena *arena = gp_arena_new();

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	for (size_t i = 0; i < count; i++) {
		char *protocols = exact(rows[i].protocols), *query = exact(rows[i].query);
		const char *token = "of before";

		gp_test_row("protocols \"%s\", query \"%s\"", protocols != NULL ? protocols : "",
		    query != NULL ? query : "");
		CU_ASSERT_TRUE(gp_handshake_find_token(arena, protocols, query, &token));
		free(protocols);
		free(query);
		CU_ASSERT_TRUE(gp_test_same(token, rows[i].token));
	}
	gp_arena_free(arena);
}

static void
finds_the_token_of_a_query(void)
{
	static const struct token_row rows[] = {
		{ NULL, "token=abc", "abc" },
		{ NULL, "token=a.b-c_d~", "a.b-c_d~" },
		{ NULL, "token=abc&x=1", "abc" },
		{ NULL, "x=1&token=abc", "abc" },
		{ NULL, "&&token=abc&&", "abc" },
		{ NULL, "x&token=abc", "abc" },
		{ NULL, "token&token=abc", "abc" },
		{ NULL, "token=a=b==", "a=b==" },
		{ NULL, "token=?token=x", "?token=x" },
		{ NULL, "token=abc;token=x", "abc;token=x" },
		{ NULL, "token=", "" },
		{ NULL, "token=&x=1", "" },
		{ NULL, NULL, NULL },
		{ NULL, "", NULL },
		{ NULL, "&", NULL },
		{ NULL, "token", NULL },
		{ NULL, "token&x", NULL },
		{ NULL, "abc", NULL },
		/* Names that begin or end with it, and other letters. */
		{ NULL, "xtoken=abc", NULL },
		{ NULL, "token2=abc", NULL },
		{ NULL, "tokens=abc", NULL },
		{ NULL, "toke=n", NULL },
		{ NULL, "access_token=abc", NULL },
		{ NULL, "Token=abc", NULL },
		{ NULL, " token=abc", NULL },
		{ NULL, "token =abc", NULL },
		{ NULL, "token[]=abc", NULL },
		{ NULL, "%74oken=abc", NULL },
		{ NULL, "x=token=abc", NULL },
		{ NULL, "x=1;token=abc", NULL },
		/* Which of two would it be? */
		{ NULL, "token=abc&token=xyz", NULL },
		{ NULL, "token=abc&token=abc", NULL },
		{ NULL, "token=abc&token=", NULL },
		{ NULL, "token=&token=abc", NULL },
		{ NULL, "token=abc&x=1&token=xyz&token=z", NULL },
		{ NULL, "token=abc&token2=x&xtoken=y&token", "abc" },
	};

	expect_tokens(rows, GP_COUNT(rows));
}

static void
finds_the_token_of_the_subprotocols(void)
{
	static const struct token_row rows[] = {
		{ "gatepost.bearer, abc", "", "abc" },
		{ "gatepost.bearer,abc", "", "abc" },
		{ "gatepost.bearer\t ,\t abc \t", "", "abc" },
		{ "gatepost.bearer,, ,abc", "", "abc" },
		{ "chat, gatepost.bearer, abc, superchat", "", "abc" },
		/* Always of the first one. */
		{ "gatepost.bearer, a, gatepost.bearer, b", "", "a" },
		{ "gatepost.bearer, gatepost.bearer, b", "", "gatepost.bearer" },
		{ "gatepost.bearer", "", NULL },
		{ "gatepost.bearer,", "", NULL },
		{ "gatepost.bearer, ,\t,", "", NULL },
		{ "abc, gatepost.bearer", "", NULL },
		{ "abc", "", NULL },
		{ "", "", NULL },
		{ "Gatepost.Bearer, abc", "", NULL },
		{ "gatepost.bearer2, abc", "", NULL },
		{ "gatepost.bearer abc", "", NULL },
		/* No token has a blank; that makes it none that is good, and not another one. */
		{ "gatepost.bearer, a b, c", "", "a b" },
	};

	expect_tokens(rows, GP_COUNT(rows));
}

static void
looks_at_the_subprotocols_first(void)
{
	static const struct token_row rows[] = {
		{ "gatepost.bearer, abc", "token=xyz", "abc" },
		{ "gatepost.bearer, abc", "token=xyz&token=xyz", "abc" },
		{ "gatepost.bearer", "token=xyz", "xyz" },
		{ "chat", "token=xyz", "xyz" },
		{ "chat, abc", "token=xyz", "xyz" },
		{ "Gatepost.Bearer, abc", "token=xyz", "xyz" },
		{ "", "token=xyz", "xyz" },
		{ "gatepost.bearer", "token=x&token=y", NULL },
	};

	expect_tokens(rows, GP_COUNT(rows));
}

static void
decodes_the_token_once(void)
{
	static const struct token_row rows[] = {
		{ NULL, "token=%61bc", "abc" },
		{ NULL, "token=a%2Eb%2ec", "a.b.c" },
		{ NULL, "token=a%2Bb%2F%3D%3d", "a+b/==" },
		{ NULL, "token=a+b/==", "a+b/==" },
		{ NULL, "token=a%26b", "a&b" },
		{ NULL, "token=%2541", "%41" },
		{ NULL, "token=%C3%A4%ff", "\xc3\xa4\xff" },
		{ NULL, "token=a%0d%0ab", "a\r\nb" },
		{ "gatepost.bearer, a%2Fb%3D", NULL, "a/b=" },
		{ "gatepost.bearer, a%2C b", NULL, "a, b" },
		/* Not cut at an encoded NUL, and nothing guessed. */
		{ NULL, "token=abc%00x", "abc%00x" },
		{ NULL, "token=%61%", "%61%" },
		{ NULL, "token=%61%4", "%61%4" },
		{ NULL, "token=%61%zz", "%61%zz" },
		{ NULL, "token=%&41", "%" },
		{ NULL, "token=%4&1", "%4" },
		{ "gatepost.bearer, %4, 1", NULL, "%4" },
	};

	expect_tokens(rows, GP_COUNT(rows));
}

static void
takes_long_tokens(void)
{
	enum { LENGTH = 8192 };
	struct gp_arena *arena = gp_arena_new();
	char *query = malloc(LENGTH + sizeof("token="));
	const char *token;

	CU_ASSERT_FATAL(arena != NULL && query != NULL);
	memcpy(query, "token=", strlen("token="));
	memset(query + strlen("token="), 'a', LENGTH);
	query[strlen("token=") + LENGTH] = '\0';
	CU_ASSERT_TRUE(gp_handshake_find_token(arena, NULL, query, &token));
	CU_ASSERT_STRING_EQUAL(token, query + strlen("token="));
	free(query);
	gp_arena_free(arena);
}

const struct gp_test gp_tests_handshake_text[] = {
	GP_TEST(reads_lists_of_fields),
	GP_TEST(knows_its_subprotocol),
	GP_TEST(knows_keys),
	GP_TEST(knows_the_last_digit_of_a_key),
	GP_TEST(finds_the_token_of_a_query),
	GP_TEST(finds_the_token_of_the_subprotocols),
	GP_TEST(looks_at_the_subprotocols_first),
	GP_TEST(decodes_the_token_once),
	GP_TEST(takes_long_tokens),
	{ NULL, NULL },
};
