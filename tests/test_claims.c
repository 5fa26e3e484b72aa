/* SPDX-License-Identifier: Apache-2.0 */
/* Who the claims name, and in which order they are refused. Every single rule has its rows in
 * data/verdicts.txt, which test_authorize.c reads. */
#include "claims.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

static const struct gp_claims_policy any = { .leeway_s = 5 };
static const struct gp_claims_policy strict = { .issuer = "i", .audience = "a", .leeway_s = 5 };

/* Half an hour at most, where a lifetime is demanded. */
static const struct gp_claims_policy bounded = { .leeway_s = 5, .longest_lifetime_s = 1800 };

static const struct gp_claims_demands lifetime = { .shortest_lifetime_s = 900 };

static struct gp_arena *arena;
static struct gp_caller caller;

static enum gp_outcome
judge_all(const char *algorithm, const struct gp_claims_policy *policy,
    const struct gp_claims_demands *demands, const char *type, const char *claims)
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
	outcome = gp_claims_judge(arena, reader, policy, demands, &token, 1000000, &caller);
	/* Texts must be the arena's and not the reader's. */
	gp_json_reader_free(reader);
	return outcome;
}

static enum gp_outcome
judge_of(const char *algorithm, const struct gp_claims_policy *policy, const char *type,
    const char *claims)
{
	return judge_all(algorithm, policy, NULL, type, claims);
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

struct lifetime_row {
	const char *claims; /* besides a sub */
	enum gp_outcome outcome;
};

static void
expect_lifetimes(const struct gp_claims_policy *policy, const struct gp_claims_demands *demands,
    const struct lifetime_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char claims[128];

		snprintf(claims, sizeof(claims), "{\"sub\":\"u1\",%s}", rows[i].claims);
		CU_ASSERT_EQUAL(judge_all("HS256", policy, demands, NULL, claims), rows[i].outcome);
		CU_ASSERT_EQUAL(caller.user_id != NULL, rows[i].outcome == GP_OK);
		gp_arena_free(arena);
	}
}

static void
bounds_the_lifetime_on_demand(void)
{
	static const struct lifetime_row rows[] = {
		{ "\"iat\":1000000,\"exp\":1000899", GP_DENY_LIFETIME },
		{ "\"iat\":1000000,\"exp\":1000900", GP_OK },
		{ "\"iat\":1000000,\"exp\":1000901", GP_OK },
		{ "\"iat\":1000000,\"exp\":1001799", GP_OK },
		{ "\"iat\":1000000,\"exp\":1001800", GP_OK },
		{ "\"iat\":1000000,\"exp\":1001801", GP_DENY_LIFETIME },
		/* The clock's place between the two changes nothing, nor does the leeway. */
		{ "\"iat\":998300,\"exp\":1000100", GP_OK },
		{ "\"iat\":998299,\"exp\":1000100", GP_DENY_LIFETIME },
		{ "\"iat\":1000005,\"exp\":1000905", GP_OK },
		{ "\"iat\":1000005,\"exp\":1000904", GP_DENY_LIFETIME },
		{ "\"iat\":1000005,\"exp\":1001805", GP_OK },
		{ "\"iat\":1000005,\"exp\":1001806", GP_DENY_LIFETIME },
		{ "\"iat\":1000000.5,\"exp\":1000900.5", GP_OK },
		{ "\"iat\":1000000.5,\"exp\":1000900.25", GP_DENY_LIFETIME },
		{ "\"iat\":1000000.25,\"exp\":1001800.5", GP_DENY_LIFETIME },
		{ "\"iat\":1.0e6,\"exp\":1.0009e6", GP_OK },
		{ "\"iat\":1,\"exp\":1000900", GP_DENY_LIFETIME },
		{ "\"iat\":-1,\"exp\":1000900", GP_DENY_LIFETIME },
		{ "\"iat\":-9007199254740992,\"exp\":9007199254740992", GP_DENY_LIFETIME },
		{ "\"iat\":1000000,\"exp\":999996", GP_DENY_LIFETIME },
	};

	expect_lifetimes(&bounded, &lifetime, rows, GP_COUNT(rows));
}

/* What is left of it is all that can be seen. */
static void
bounds_the_time_left_without_iat(void)
{
	static const struct lifetime_row rows[] = {
		{ "\"exp\":1000001", GP_OK },
		{ "\"exp\":999996", GP_OK },
		{ "\"exp\":1001800", GP_OK },
		{ "\"exp\":1001805", GP_OK },
		{ "\"exp\":1001805.5", GP_DENY_LIFETIME },
		{ "\"exp\":1001806", GP_DENY_LIFETIME },
		{ "\"exp\":9007199254740992", GP_DENY_LIFETIME },
		{ "\"iat\":0,\"exp\":1000001", GP_OK },
		{ "\"iat\":0,\"exp\":1001805", GP_OK },
		{ "\"iat\":0,\"exp\":1001806", GP_DENY_LIFETIME },
		{ "\"iat\":0.0,\"exp\":1001805", GP_OK },
		{ "\"iat\":-0.0,\"exp\":1001805", GP_OK },
		{ "\"iat\":null,\"exp\":1000900", GP_DENY_TIME_FORM },
		{ "\"iat\":\"\",\"exp\":1000900", GP_DENY_TIME_FORM },
	};

	expect_lifetimes(&bounded, &lifetime, rows, GP_COUNT(rows));
}

/* ACCESS_TOKEN_EXPIRE_MINUTES may be less than what an API demands at least. */
static void
the_longest_lifetime_bounds_the_shortest(void)
{
	static const struct gp_claims_policy minutes_10 = { .longest_lifetime_s = 600 };
	static const struct gp_claims_policy minutes_15 = { .longest_lifetime_s = 900 };
	static const struct lifetime_row rows_10[] = {
		{ "\"iat\":1000000,\"exp\":1000599", GP_DENY_LIFETIME },
		{ "\"iat\":1000000,\"exp\":1000600", GP_OK },
		{ "\"iat\":1000000,\"exp\":1000601", GP_DENY_LIFETIME },
		{ "\"iat\":1000000,\"exp\":1000900", GP_DENY_LIFETIME },
		{ "\"exp\":1000600", GP_OK },
		{ "\"exp\":1000601", GP_DENY_LIFETIME },
	};
	static const struct lifetime_row rows_15[] = {
		{ "\"iat\":1000000,\"exp\":1000899", GP_DENY_LIFETIME },
		{ "\"iat\":1000000,\"exp\":1000900", GP_OK },
		{ "\"iat\":1000000,\"exp\":1000901", GP_DENY_LIFETIME },
	};

	expect_lifetimes(&minutes_10, &lifetime, rows_10, GP_COUNT(rows_10));
	expect_lifetimes(&minutes_15, &lifetime, rows_15, GP_COUNT(rows_15));
}

static void
bounds_no_lifetime_undemanded(void)
{
	static const struct gp_claims_demands others = { .email = false, .live_user = true };
	static const struct lifetime_row rows[] = {
		{ "\"iat\":1000000,\"exp\":1000001", GP_OK },
		{ "\"iat\":1,\"exp\":9007199254740992", GP_OK },
		{ "\"exp\":9007199254740992", GP_OK },
	};

	expect_lifetimes(&bounded, NULL, rows, GP_COUNT(rows));
	expect_lifetimes(&bounded, &others, rows, GP_COUNT(rows));
}

static void
asks_for_an_email_on_demand(void)
{
	static const struct gp_claims_demands email = { .email = true };
	static const struct gp_claims_demands nothing = { .email = false };
	static const struct {
		const char *member;
		enum gp_outcome outcome;
	} rows[] = {
		{ "\"email\":\"ada@example.org\"", GP_OK },
		{ "\"email\":\"x\"", GP_OK },
		{ "\"email\":\" \"", GP_OK },
		{ "\"x\":0", GP_DENY_EMAIL_MISSING },
		{ "\"email\":\"\"", GP_DENY_EMAIL_MISSING },
		{ "\"email\":null", GP_DENY_EMAIL_MISSING },
		{ "\"email\":true", GP_DENY_EMAIL_MISSING },
		{ "\"email\":{}", GP_DENY_EMAIL_MISSING },
		{ "\"email\":[\"ada@example.org\"]", GP_DENY_EMAIL_MISSING },
		{ "\"EMAIL\":\"ada@example.org\"", GP_DENY_EMAIL_MISSING },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		char claims[128];

		snprintf(
		    claims, sizeof(claims), "{\"sub\":\"u1\",\"exp\":1000300,%s}", rows[i].member);
		CU_ASSERT_EQUAL(judge_all("EdDSA", &any, &email, NULL, claims), rows[i].outcome);
		CU_ASSERT_EQUAL(caller.identity.needs_email, rows[i].outcome == GP_OK);
		CU_ASSERT_EQUAL(
		    caller.identity.kind, rows[i].outcome == GP_OK ? GP_AS_USER : GP_AS_NOBODY);
		gp_arena_free(arena);
		CU_ASSERT_EQUAL(judge_all("EdDSA", &any, &nothing, NULL, claims), GP_OK);
		CU_ASSERT_FALSE(caller.identity.needs_email);
		gp_arena_free(arena);
	}
}

/* Either of the policy and the API may want the user's row. */
static void
asks_for_a_live_user_on_demand(void)
{
	static const char claims[] = "{\"sub\":\"u1\",\"exp\":1000300}";

	for (int by_policy = 0; by_policy <= 1; by_policy++) {
		for (int by_demand = 0; by_demand <= 1; by_demand++) {
			const struct gp_claims_policy policy = { .live_users = by_policy != 0 };
			const struct gp_claims_demands demands = { .live_user = by_demand != 0 };

			CU_ASSERT_EQUAL_FATAL(
			    judge_all("HS256", &policy, &demands, NULL, claims), GP_OK);
			gp_test_row("policy %d, demand %d", by_policy, by_demand);
			CU_ASSERT_EQUAL(caller.identity.kind,
			    by_policy || by_demand ? GP_AS_LIVE_USER : GP_AS_USER);
			CU_ASSERT(gp_test_same(caller.identity.value, "u1"));
			CU_ASSERT_PTR_NULL(caller.identity.only_id);
			CU_ASSERT_FALSE(caller.identity.needs_email);
			gp_arena_free(arena);
		}
	}
}

/* All else is judged first, and of the demands the e-mail address. */
static void
judges_demands_last(void)
{
	static const struct gp_claims_demands all = {
		.email = true, .live_user = true, .shortest_lifetime_s = 900
	};
	static const struct {
		const char *claims;
		enum gp_outcome outcome;
	} rows[] = {
		{ "{\"sub\":\"\",\"exp\":1000001,\"iat\":1000000,\"iss\":\"i\",\"aud\":\"a\"}",
		    GP_DENY_SUBJECT_MISSING },
		{ "{\"sub\":5,\"exp\":1000001,\"iat\":1000000,\"iss\":\"i\",\"aud\":\"a\"}",
		    GP_DENY_SUBJECT_FORM },
		{ "{\"sub\":\"u\",\"exp\":1000001,\"iat\":1000000,\"iss\":\"x\",\"aud\":\"a\"}",
		    GP_DENY_ISSUER },
		{ "{\"sub\":\"u\",\"exp\":1,\"iat\":1000000,\"iss\":\"i\",\"aud\":\"a\"}",
		    GP_DENY_EXPIRED },
		{ "{\"sub\":\"u\",\"exp\":1000001,\"iat\":1000000,\"iss\":\"i\",\"aud\":\"a\"}",
		    GP_DENY_EMAIL_MISSING },
		{ "{\"sub\":\"u\",\"exp\":1000001,\"iat\":1000000,\"iss\":\"i\",\"aud\":\"a\","
		  "\"email\":\"e\"}",
		    GP_DENY_LIFETIME },
		{ "{\"sub\":\"u\",\"exp\":1000900,\"iat\":1000000,\"iss\":\"i\",\"aud\":\"a\","
		  "\"email\":\"e\"}",
		    GP_OK },
	};
	const struct gp_claims_policy policy = {
		.issuer = "i", .audience = "a", .leeway_s = 5, .longest_lifetime_s = 1800
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		CU_ASSERT_EQUAL(
		    judge_all("HS256", &policy, &all, NULL, rows[i].claims), rows[i].outcome);
		CU_ASSERT_EQUAL(caller.user_id != NULL, rows[i].outcome == GP_OK);
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
	GP_TEST(bounds_the_lifetime_on_demand),
	GP_TEST(bounds_the_time_left_without_iat),
	GP_TEST(the_longest_lifetime_bounds_the_shortest),
	GP_TEST(bounds_no_lifetime_undemanded),
	GP_TEST(asks_for_an_email_on_demand),
	GP_TEST(asks_for_a_live_user_on_demand),
	GP_TEST(judges_demands_last),
	GP_TEST(judges_the_headers_type),
	GP_TEST(keeps_the_longest_user_id),
	{ NULL, NULL },
};
