/* SPDX-License-Identifier: Apache-2.0 */
/* Who the claims name, and in which order they are refused. Every single rule has its rows in
 * data/verdicts.txt, which test_authorize.c reads. */
#include "claims.h"

#include <string.h>

#include "unit.h"

static const struct gp_claims_policy any = { .leeway_s = 5 };
static const struct gp_claims_policy strict = { .issuer = "i", .audience = "a", .leeway_s = 5 };

static struct gp_arena *arena;
static struct gp_caller caller;

static enum gp_outcome
judge_of(const char *algorithm, const struct gp_claims_policy *policy, const char *type,
    const char *claims)
{
	struct gp_json_reader *reader = gp_json_reader_new();
	char text[1024];
	const struct gp_jws token = { algorithm, NULL, type, text, strlen(claims) };
	enum gp_outcome outcome;

	gp_test_row("%s", claims);
	arena = gp_arena_new();
	CU_ASSERT_FATAL(arena != NULL && reader != NULL);
	caller = (struct gp_caller){ .user_id = NULL };
	CU_ASSERT_FATAL(strlen(claims) < sizeof(text));
	strcpy(text, claims);
	outcome = gp_claims_judge(arena, reader, policy, NULL, &token, 1000000, &caller);
	/* Texts must be the arena's and not the reader's. */
	gp_json_reader_free(reader);
	return outcome;
}

static enum gp_outcome
judge(const struct gp_claims_policy *policy, const char *type, const char *claims)
{
	return judge_of("HS256", policy, type, claims);
}

static void
names_the_caller(void)
{
	CU_ASSERT_EQUAL_FATAL(
	    judge(&any, "JWT",
		"{\"name\":\"Ada L\",\"email\":\"ada@example.org\",\"sub\":\"u1\","
		"\"exp\":1000300}"),
	    GP_OK);
	CU_ASSERT_STRING_EQUAL(caller.user_id, "u1");
	CU_ASSERT_STRING_EQUAL(caller.email, "ada@example.org");
	CU_ASSERT_STRING_EQUAL(caller.name, "Ada L");
	gp_arena_free(arena);
}

static void
absent_texts_are_empty(void)
{
	static const char *const texts[] = {
		"{\"sub\":\"u1\",\"exp\":1000300}",
		"{\"sub\":\"u1\",\"exp\":1000300,\"email\":null,\"name\":null}",
		"{\"sub\":\"u1\",\"exp\":1000300,\"email\":5,\"name\":[\"Ada\"]}",
		"{\"sub\":\"u1\",\"exp\":1000300,\"email\":{\"email\":\"x\"},\"name\":true}",
		"{\"sub\":\"u1\",\"exp\":1000300,\"email\":\"\",\"name\":\"\"}",
	};

	for (size_t i = 0; i < GP_COUNT(texts); i++) {
		CU_ASSERT_EQUAL(judge(&any, NULL, texts[i]), GP_OK);
		CU_ASSERT(gp_test_same(caller.user_id, "u1"));
		CU_ASSERT(gp_test_same(caller.email, ""));
		CU_ASSERT(gp_test_same(caller.name, ""));
		gp_arena_free(arena);
	}
}

/* Nothing else in a token makes a user id of it. */
static void
takes_the_user_from_sub_alone(void)
{
	CU_ASSERT_EQUAL(judge(&any, NULL,
			    "{\"exp\":1000300,\"id\":\"u1\",\"user_id\":\"u1\",\"userId\":\"u1\","
			    "\"email\":\"ada@example.org\",\"user\":{\"id\":\"u1\"}}"),
	    GP_DENY_SUBJECT_MISSING);
	gp_arena_free(arena);
}

static void
fills_the_caller_only_on_success(void)
{
	static const char *const texts[] = { "", "[]", "{\"sub\":\"u1\"}",
		"{\"sub\":\"u1\",\"exp\":1}",
		"{\"sub\":\"u1\",\"exp\":1000300,\"type\":\"refresh\"}",
		"{\"sub\":\"u1\",\"exp\":1000300,\"iss\":\"x\",\"aud\":\"a\"}",
		"{\"sub\":\"u1\",\"exp\":1000300,\"iss\":\"i\",\"aud\":\"x\"}",
		"{\"sub\":5,\"exp\":1000300,\"iss\":\"i\",\"aud\":\"a\",\"email\":\"e\"}" };

	for (size_t i = 0; i < GP_COUNT(texts); i++) {
		CU_ASSERT_NOT_EQUAL(judge(&strict, NULL, texts[i]), GP_OK);
		CU_ASSERT_PTR_NULL(caller.user_id);
		CU_ASSERT_PTR_NULL(caller.email);
		CU_ASSERT_PTR_NULL(caller.name);
		CU_ASSERT_EQUAL(caller.identity.kind, GP_AS_NOBODY);
		CU_ASSERT_PTR_NULL(caller.identity.value);
		gp_arena_free(arena);
	}
}

static void
says_as_whom_the_transaction_runs(void)
{
	static const char claims[] = "{\"sub\":\"u1\",\"exp\":1000300}";
	const struct gp_claims_policy live = { .live_users = true, .leeway_s = 5 };

	CU_ASSERT_EQUAL_FATAL(judge(&any, NULL, claims), GP_OK);
	CU_ASSERT_EQUAL(caller.identity.kind, GP_AS_USER);
	CU_ASSERT(gp_test_same(caller.identity.value, "u1"));
	gp_arena_free(arena);
	CU_ASSERT_EQUAL_FATAL(judge(&live, NULL, claims), GP_OK);
	CU_ASSERT_EQUAL(caller.identity.kind, GP_AS_LIVE_USER);
	CU_ASSERT(gp_test_same(caller.identity.value, "u1"));
	gp_arena_free(arena);
}

/* Better Auth puts the user's columns into its tokens, and one may be called type. */
static void
asks_for_the_type_claim_in_hs256_alone(void)
{
	static const char *const algorithms[] = { "EdDSA", "Ed25519", "ES256", "ES512", "RS256",
		"PS256" };
	static const char claims[] = "{\"sub\":\"u1\",\"exp\":1000300,\"type\":\"premium\"}";

	CU_ASSERT_EQUAL(judge(&any, NULL, claims), GP_DENY_PURPOSE);
	gp_arena_free(arena);
	for (size_t i = 0; i < GP_COUNT(algorithms); i++) {
		CU_ASSERT_EQUAL(judge_of(algorithms[i], &any, NULL, claims), GP_OK);
		gp_arena_free(arena);
	}
}

static void
refuses_the_session_cache_of_any_algorithm(void)
{
	static const char *const algorithms[] = { "HS256", "EdDSA", "ES256", "ES512", "RS256",
		"PS256" };

	for (size_t i = 0; i < GP_COUNT(algorithms); i++) {
		CU_ASSERT_EQUAL(judge_of(algorithms[i], &any, "better-auth.session-cache+jwt",
				    "{\"sub\":\"u1\",\"exp\":1000300}"),
		    GP_DENY_PURPOSE);
		gp_arena_free(arena);
		CU_ASSERT_EQUAL(judge_of(algorithms[i], &any, NULL,
				    "{\"sub\":\"u1\",\"exp\":1000300,"
				    "\"aud\":\"better-auth:session-cache\"}"),
		    GP_DENY_PURPOSE);
		gp_arena_free(arena);
	}
}

/* Each text is wrong in all that follows too; what is stated first is named. */
static void
names_the_first_rule_that_failed(void)
{
	static const struct {
		const char *claims;
		enum gp_outcome outcome;
	} rows[] = {
		{ "{\"type\":\"refresh\",\"exp\":1,\"nbf\":\"x\",\"iss\":\"x\",\"aud\":\"x\",\"sub\":5",
		    GP_DENY_CLAIMS_JSON },
		{ "{\"type\":\"refresh\",\"exp\":1,\"nbf\":\"x\",\"iss\":\"x\",\"aud\":\"x\",\"sub\":5}",
		    GP_DENY_PURPOSE },
		{ "{\"nbf\":\"x\",\"iat\":2000000,\"iss\":\"x\",\"aud\":\"x\",\"sub\":5}",
		    GP_DENY_TIME_FORM },
		{ "{\"nbf\":2000000,\"iat\":2000000,\"iss\":\"x\",\"aud\":\"x\",\"sub\":5}",
		    GP_DENY_EXPIRY_MISSING },
		{ "{\"exp\":1,\"nbf\":2000000,\"iat\":2000000,\"iss\":\"x\",\"aud\":\"x\",\"sub\":5}",
		    GP_DENY_EXPIRED },
		{ "{\"exp\":1000300,\"nbf\":2000000,\"iat\":2000000,\"iss\":\"x\",\"aud\":\"x\"}",
		    GP_DENY_NOT_YET_VALID },
		{ "{\"exp\":1000300,\"iat\":2000000,\"iss\":\"x\",\"aud\":\"x\"}",
		    GP_DENY_ISSUED_IN_FUTURE },
		{ "{\"exp\":1000300,\"iss\":\"x\",\"aud\":\"x\"}", GP_DENY_ISSUER },
		{ "{\"exp\":1000300,\"iss\":\"i\",\"aud\":\"x\"}", GP_DENY_AUDIENCE },
		{ "{\"exp\":1000300,\"iss\":\"i\",\"aud\":\"a\"}", GP_DENY_SUBJECT_MISSING },
		{ "{\"exp\":1000300,\"iss\":\"i\",\"aud\":\"a\",\"sub\":5}", GP_DENY_SUBJECT_FORM },
		{ "{\"exp\":1000300,\"iss\":\"i\",\"aud\":\"a\",\"sub\":\"u\"}", GP_OK },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		CU_ASSERT_EQUAL(judge(&strict, NULL, rows[i].claims), rows[i].outcome);
		gp_arena_free(arena);
	}
}

static void
judges_the_headers_type(void)
{
	static const char claims[] = "{\"sub\":\"u1\",\"exp\":1000300}";

	CU_ASSERT_EQUAL(judge(&any, "better-auth.session-cache+jwt", claims), GP_DENY_PURPOSE);
	gp_arena_free(arena);
	CU_ASSERT_EQUAL(judge(&any, "", claims), GP_OK);
	gp_arena_free(arena);
}

static void
keeps_the_longest_user_id(void)
{
	char claims[GP_SUBJECT_LENGTH_MAX + 64] = "{\"exp\":1000300,\"sub\":\"";
	size_t prefix = strlen(claims);

	memset(claims + prefix, 'u', GP_SUBJECT_LENGTH_MAX);
	strcpy(claims + prefix + GP_SUBJECT_LENGTH_MAX, "\"}");
	CU_ASSERT_EQUAL_FATAL(judge(&any, NULL, claims), GP_OK);
	CU_ASSERT_EQUAL(strlen(caller.user_id), GP_SUBJECT_LENGTH_MAX);
	CU_ASSERT_EQUAL(GP_SUBJECT_LENGTH_MAX, 255);
	gp_arena_free(arena);
}

const struct gp_test gp_tests_claims[] = {
	GP_TEST(names_the_caller),
	GP_TEST(absent_texts_are_empty),
	GP_TEST(takes_the_user_from_sub_alone),
	GP_TEST(fills_the_caller_only_on_success),
	GP_TEST(says_as_whom_the_transaction_runs),
	GP_TEST(asks_for_the_type_claim_in_hs256_alone),
	GP_TEST(refuses_the_session_cache_of_any_algorithm),
	GP_TEST(names_the_first_rule_that_failed),
	GP_TEST(judges_the_headers_type),
	GP_TEST(keeps_the_longest_user_id),
	{ NULL, NULL },
};
