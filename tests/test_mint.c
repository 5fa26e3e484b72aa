/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens that we make: their exact claims, a signature that OpenSSL confirms, and that we accept
 * them ourselves. */
#include "mint.h"

#include <stdio.h>
#include <string.h>

#include "claims.h"
#include "jws.h"
#include "token.h"
#include "unit.h"

static const char header[] = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";

static struct gp_arena *arena;
static struct gp_key_ring *ring;

static const char *
mint(const struct gp_mint_order *order)
{
	const struct gp_secret_list secrets = {
		{ { gp_test_secret, strlen(gp_test_secret), -1 },
		    { gp_test_other_secret, strlen(gp_test_other_secret), -1 } },
		2
	};
	const char *token = NULL;

	arena = gp_arena_new();
	ring = gp_key_ring_new(&secrets, 0);
	CU_ASSERT_FATAL(arena != NULL && ring != NULL);
	CU_ASSERT_EQUAL_FATAL(gp_mint(arena, ring, order, &token), GP_OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL(token);
	return token;
}

static void
tear_down(void)
{
	gp_key_ring_free(ring);
	gp_arena_free(arena);
}

/* HMAC is deterministic: a token with these claims can only be this text. */
static void
expect_claims(const struct gp_mint_order *order, const char *claims)
{
	struct gp_test_text expected;
	const char *token = mint(order);

	CU_ASSERT_FATAL(gp_test_token_from("secret", header, claims, &expected));
	CU_ASSERT_STRING_EQUAL(token, expected.bytes);
	tear_down();
}

static void
writes_all_claims(void)
{
	const struct gp_mint_order order = {
		.user_id = "u1",
		.email = "ada@example.org",
		.name = "Ada",
		.issuer = "https://i.example",
		.audience = "api",
		.now_s = 1000000,
		.lifetime_s = 1800,
	};

	expect_claims(&order, "{\"sub\":\"u1\",\"email\":\"ada@example.org\",\"name\":\"Ada\","
			      "\"iss\":\"https://i.example\",\"aud\":\"api\","
			      "\"iat\":1000000,\"exp\":1001800,\"type\":\"access\"}");
}

static void
leaves_out_what_the_order_has_not(void)
{
	const struct gp_mint_order order = { .user_id = "u1", .now_s = 1000000, .lifetime_s = 60 };

	expect_claims(
	    &order, "{\"sub\":\"u1\",\"iat\":1000000,\"exp\":1000060,\"type\":\"access\"}");
}

static void
escapes_texts(void)
{
	const struct gp_mint_order order = {
		.user_id = "a\"b\\",
		.email = "\xc3\xa4@x",
		.name = "\n",
		.issuer = "\t",
		.audience = "\x01",
	};

	expect_claims(&order,
	    "{\"sub\":\"a\\\"b\\\\\",\"email\":\"\xc3\xa4@x\",\"name\":\"\\n\","
	    "\"iss\":\"\\t\",\"aud\":\"\\u0001\",\"iat\":0,\"exp\":0,\"type\":\"access\"}");
}

static void
makes_tokens_that_have_expired_already(void)
{
	const struct gp_mint_order order = { .user_id = "u1", .now_s = 10, .lifetime_s = -60 };

	expect_claims(&order, "{\"sub\":\"u1\",\"iat\":10,\"exp\":-50,\"type\":\"access\"}");
}

static void
makes_tokens_that_we_accept(void)
{
	const struct gp_mint_order order = {
		.user_id = "u \xe2\x82\xac",
		.email = "ada@example.org",
		.name = "A\"da",
		.issuer = "https://i.example",
		.audience = "a\"pi",
		.now_s = 1000000,
		.lifetime_s = 1800,
	};
	const struct gp_claims_policy policy = { .issuer = order.issuer,
		.audience = order.audience };
	const char *token = mint(&order);
	struct gp_json_reader *reader = gp_json_reader_new();
	struct gp_jws_reader *headers = gp_jws_reader_new(reader);
	struct gp_caller caller = { .user_id = NULL };
	struct gp_jws jws;

	CU_ASSERT_PTR_NOT_NULL_FATAL(reader);
	CU_ASSERT_EQUAL_FATAL(
	    gp_jws_open(arena, headers, ring, token, strlen(token), 1000000, &jws), GP_OK);
	CU_ASSERT_EQUAL(
	    gp_claims_judge(arena, reader, &policy, NULL, &jws, 1000000, &caller), GP_OK);
	CU_ASSERT(gp_test_same(caller.user_id, order.user_id));
	CU_ASSERT(gp_test_same(caller.email, order.email));
	CU_ASSERT(gp_test_same(caller.name, order.name));
	CU_ASSERT_EQUAL(
	    gp_claims_judge(arena, reader, &policy, NULL, &jws, 1001800, &caller), GP_DENY_EXPIRED);
	gp_jws_reader_free(headers);
	gp_json_reader_free(reader);
	tear_down();
}

static void
makes_long_tokens(void)
{
	char name[3000];
	const struct gp_mint_order order = { .user_id = "u1", .name = name, .lifetime_s = 1 };
	struct gp_json_reader *reader = gp_json_reader_new();
	struct gp_jws_reader *headers = gp_jws_reader_new(reader);
	struct gp_jws jws;
	const char *token;

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	token = mint(&order);
	CU_ASSERT_EQUAL(
	    gp_jws_open(arena, headers, ring, token, strlen(token), 1000000, &jws), GP_OK);
	gp_jws_reader_free(headers);
	gp_json_reader_free(reader);
	tear_down();
}

/* Between the registered claims and the purpose, in the order they were asked for. */
static void
writes_claims_of_ones_own(void)
{
	const struct gp_mint_order order = {
		.user_id = "u1",
		.now_s = 1,
		.lifetime_s = 2,
		.claims = { { "role", "admin" }, { "a\"b", "\n\xc3\xa4" }, { "empty", "" } },
		.claim_count = 3,
	};

	expect_claims(&order, "{\"sub\":\"u1\",\"iat\":1,\"exp\":3,\"role\":\"admin\","
			      "\"a\\\"b\":\"\\n\xc3\xa4\",\"empty\":\"\",\"type\":\"access\"}");
}

static void
writes_as_many_claims_as_an_order_holds(void)
{
	struct gp_mint_order order = { .user_id = "u1", .claim_count = GP_MINT_CLAIMS_MAX };
	char names[GP_MINT_CLAIMS_MAX][8];
	char claims[512] = "{\"sub\":\"u1\",\"iat\":0,\"exp\":0";

	for (size_t i = 0; i < GP_MINT_CLAIMS_MAX; i++) {
		size_t length = strlen(claims);

		snprintf(names[i], sizeof(names[i]), "c%zu", i);
		order.claims[i].name = names[i];
		order.claims[i].value = "v";
		snprintf(claims + length, sizeof(claims) - length, ",\"c%zu\":\"v\"", i);
	}
	strcat(claims, ",\"type\":\"access\"}");
	expect_claims(&order, claims);
}

/* A ring of public keys alone verifies; it cannot sign. */
static void
needs_a_secret(void)
{
	const struct gp_mint_order order = { .user_id = "u1", .lifetime_s = 1 };
	struct gp_key_ring *without = gp_key_ring_new(NULL, 0);
	const char *token;

	arena = gp_arena_new();
	CU_ASSERT_FATAL(without != NULL && arena != NULL);
	CU_ASSERT_EQUAL(gp_mint(arena, without, &order, &token), GP_ERR_CRYPTO);
	gp_key_ring_free(without);
	gp_arena_free(arena);
}

const struct gp_test gp_tests_mint[] = {
	GP_TEST(writes_all_claims),
	GP_TEST(leaves_out_what_the_order_has_not),
	GP_TEST(escapes_texts),
	GP_TEST(makes_tokens_that_have_expired_already),
	GP_TEST(makes_tokens_that_we_accept),
	GP_TEST(makes_long_tokens),
	GP_TEST(writes_claims_of_ones_own),
	GP_TEST(writes_as_many_claims_as_an_order_holds),
	GP_TEST(needs_a_secret),
	{ NULL, NULL },
};
