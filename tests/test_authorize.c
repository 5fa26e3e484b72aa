/* SPDX-License-Identifier: Apache-2.0 */
/* From the Authorization field to a caller: the scheme, and every row of data/verdicts.txt, whose
 * tokens OpenSSL makes. */
#include "authorize.h"

#include <string.h>

#include "unit.h"
#include "verdict.h"

/* A table that lost most of its rows would still pass: fewer than these are a mistake. */
enum { ROWS_LEAST = 250 };

static const char good_claims[] = "{\"sub\":\"ada\",\"exp\":1000300}";

static struct gp_caller caller;
static struct gp_jws jws;

/* The caller's id, kept longer than the arena it came in. */
static char user_id[GP_SUBJECT_LENGTH_MAX + 1];

static enum gp_outcome
authorize(const struct gp_settings *settings, enum gp_access access, const char *authorization,
    int64_t now_s)
{
	struct gp_authority *authority = gp_authority_new(settings);
	struct gp_arena *arena = gp_arena_new();
	enum gp_outcome outcome;

	CU_ASSERT_FATAL(authority != NULL && arena != NULL);
	memset(&caller, 0xff, sizeof(caller));
	memset(&jws, 0xff, sizeof(jws));
	outcome = gp_authorize(authority, access, authorization, now_s, arena, &caller, &jws);
	if (outcome != GP_OK || access == GP_ACCESS_OPEN) {
		CU_ASSERT_PTR_NULL(caller.user_id);
		CU_ASSERT_PTR_NULL(caller.email);
		CU_ASSERT_PTR_NULL(caller.name);
	} else {
		CU_ASSERT_FATAL(caller.user_id != NULL && caller.user_id[0] != '\0');
		CU_ASSERT_PTR_NOT_NULL(caller.email);
		CU_ASSERT_PTR_NOT_NULL(caller.name);
		strncpy(user_id, caller.user_id, sizeof(user_id) - 1);
		caller.user_id = user_id;
	}
	gp_arena_free(arena);
	gp_authority_free(authority);
	return outcome;
}

static struct gp_settings
plain_settings(void)
{
	return (struct gp_settings){
		.secret = { gp_test_secret, strlen(gp_test_secret) },
		.leeway_s = 5,
	};
}

/* `scheme`, a token that is good, and `behind`, as a field. */
static enum gp_outcome
authorize_field(enum gp_access access, const char *scheme, const char *behind)
{
	const struct gp_settings settings = plain_settings();
	struct gp_test_text field, token;

	gp_test_row("\"%s\" token \"%s\"", scheme, behind);
	gp_test_text_set(&field, scheme);
	CU_ASSERT_FATAL(gp_test_token_from("secret", "{\"alg\":\"HS256\"}", good_claims, &token));
	CU_ASSERT_FATAL(gp_test_text_add(&field, token.bytes, token.length));
	CU_ASSERT_FATAL(gp_test_text_add(&field, behind, strlen(behind)));
	return authorize(&settings, access, field.bytes, 1000000);
}

static void
judge_row(const struct gp_verdict *row, bool seen[GP_OUTCOME_COUNT])
{
	struct gp_settings settings = plain_settings();
	struct gp_test_text field;
	enum gp_outcome outcome;

	settings.leeway_s = row->leeway_s;
	settings.issuer = row->issuer;
	settings.audience = row->audience;
	gp_test_text_set(&field, "Bearer ");
	CU_ASSERT_FATAL(gp_test_text_add(&field, row->token.bytes, row->token.length));
	outcome = authorize(&settings, GP_ACCESS_CALLER, field.bytes, row->now_s);
	seen[outcome] = true;
	gp_test_row("verdicts.txt:%u: %s: expected %s, got %s", row->line, row->note, row->rule,
	    gp_outcome_row(outcome)->rule);
	CU_ASSERT_STRING_EQUAL(gp_outcome_row(outcome)->rule, row->rule);
	if (outcome == GP_OK && row->user != NULL)
		CU_ASSERT_STRING_EQUAL(caller.user_id, row->user);
}

static void
judges_every_row_of_the_table(void)
{
	static struct gp_verdict row;
	bool seen[GP_OUTCOME_COUNT] = { false };
	struct gp_verdicts verdicts;
	unsigned rows = 0;

	CU_ASSERT_FATAL(gp_verdicts_open(&verdicts, "verdicts.txt"));
	while (gp_verdicts_next(&verdicts, &row)) {
		judge_row(&row, seen);
		rows++;
	}
	gp_test_row("verdicts.txt:%u: %s", verdicts.line,
	    verdicts.problem != NULL ? verdicts.problem : "end");
	CU_ASSERT_PTR_NULL(verdicts.problem);
	CU_ASSERT(rows >= ROWS_LEAST);
	for (int i = GP_DENY_NO_CREDENTIAL; i < GP_DENY_ROW_FOREIGN; i++) {
		gp_test_row("no row is refused by %s", gp_outcome_row((enum gp_outcome)i)->rule);
		CU_ASSERT(seen[i]);
	}
	gp_verdicts_close(&verdicts);
}

static void
takes_the_scheme_in_any_case(void)
{
	static const char *const schemes[] = { "Bearer ", "bearer ", "BEARER ", "bEaReR ",
		"Bearer  ", "Bearer     " };

	for (size_t i = 0; i < GP_COUNT(schemes); i++) {
		CU_ASSERT_EQUAL(authorize_field(GP_ACCESS_CALLER, schemes[i], ""), GP_OK);
		CU_ASSERT(gp_test_same(caller.user_id, "ada"));
	}
}

static void
takes_no_other_scheme(void)
{
	static const char *const schemes[] = { "", " ", "Basic ", "Token ", "Bearer", "Bearer\t",
		"Bearer:", "Bearer=", "Bearer,", "Bearer.", "Bearers ", "Beare ", " Bearer ",
		"\tBearer ", "\"Bearer\" ", "XBearer ", "Basic Bearer ", "Digest, Bearer ",
		"token=" };

	for (size_t i = 0; i < GP_COUNT(schemes); i++)
		CU_ASSERT_EQUAL(
		    authorize_field(GP_ACCESS_CALLER, schemes[i], ""), GP_DENY_NO_CREDENTIAL);
}

static void
refuses_anything_around_the_token(void)
{
	static const char *const behind[] = { " ", "\t", "\n", "\r\n", ",", ";", " b", ", Bearer b",
		",Bearer b", " realm=\"x\"", "\"", "\x01", "\xc2\xa0", "&access_token=b", "?",
		"%20" };

	for (size_t i = 0; i < GP_COUNT(behind); i++)
		CU_ASSERT_EQUAL(authorize_field(GP_ACCESS_CALLER, "Bearer ", behind[i]),
		    GP_DENY_CREDENTIAL_FORM);
	CU_ASSERT_EQUAL(
	    authorize_field(GP_ACCESS_CALLER, "Bearer \t", ""), GP_DENY_CREDENTIAL_FORM);
	CU_ASSERT_EQUAL(
	    authorize_field(GP_ACCESS_CALLER, "Bearer Bearer ", ""), GP_DENY_CREDENTIAL_FORM);
	CU_ASSERT_EQUAL(
	    authorize_field(GP_ACCESS_CALLER, "Bearer x, Bearer ", ""), GP_DENY_CREDENTIAL_FORM);
	CU_ASSERT_EQUAL(
	    authorize_field(GP_ACCESS_CALLER, "Bearer \"", "\""), GP_DENY_CREDENTIAL_FORM);
}

static void
refuses_fields_without_a_token(void)
{
	static const struct {
		const char *field;
		enum gp_outcome outcome;
	} rows[] = {
		{ NULL, GP_DENY_NO_CREDENTIAL },
		{ "", GP_DENY_NO_CREDENTIAL },
		{ " ", GP_DENY_NO_CREDENTIAL },
		{ "Bearer", GP_DENY_NO_CREDENTIAL },
		{ "Bearer ", GP_DENY_NO_CREDENTIAL },
		{ "Bearer    ", GP_DENY_NO_CREDENTIAL },
		{ "bearer", GP_DENY_NO_CREDENTIAL },
		{ "Basic x", GP_DENY_NO_CREDENTIAL },
		{ "Basic YWRhOnB3", GP_DENY_NO_CREDENTIAL },
		{ "B", GP_DENY_NO_CREDENTIAL },
		{ "Bearer a b", GP_DENY_CREDENTIAL_FORM },
		{ "Bearer a, Bearer b", GP_DENY_CREDENTIAL_FORM },
		{ "Bearer a,b", GP_DENY_CREDENTIAL_FORM },
		{ "Bearer \t", GP_DENY_CREDENTIAL_FORM },
		{ "Bearer a", GP_DENY_TOKEN_FORM },
		{ "Bearer undefined", GP_DENY_TOKEN_FORM },
		{ "Bearer null", GP_DENY_TOKEN_FORM },
		{ "Bearer [object Object]", GP_DENY_CREDENTIAL_FORM },
	};
	const struct gp_settings settings = plain_settings();

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		gp_test_row("%s", rows[i].field != NULL ? rows[i].field : "no field");
		CU_ASSERT_EQUAL(authorize(&settings, GP_ACCESS_CALLER, rows[i].field, 1000000),
		    rows[i].outcome);
	}
}

static void
open_access_looks_at_no_credential(void)
{
	const struct gp_settings settings = plain_settings();

	CU_ASSERT_EQUAL(authorize(&settings, GP_ACCESS_OPEN, NULL, 1000000), GP_OK);
	CU_ASSERT_EQUAL(authorize(&settings, GP_ACCESS_OPEN, "Bearer broken", 1000000), GP_OK);
	CU_ASSERT_EQUAL(authorize(&settings, GP_ACCESS_OPEN, "Basic x", 1000000), GP_OK);
	CU_ASSERT_EQUAL(authorize_field(GP_ACCESS_OPEN, "Bearer ", ""), GP_OK);
	CU_ASSERT_PTR_NULL(jws.payload);
	CU_ASSERT_PTR_NULL(jws.algorithm);
}

/* The worker's life: one authority, many callers, good and bad in turn. */
static void
judges_each_request_for_itself(void)
{
	const struct gp_settings settings = plain_settings();
	struct gp_authority *authority = gp_authority_new(&settings);
	struct gp_arena *arena = gp_arena_new();
	struct gp_test_text good, bad, field;
	size_t held;

	CU_ASSERT_FATAL(authority != NULL && arena != NULL);
	CU_ASSERT_FATAL(gp_test_token_from("secret", "{\"alg\":\"HS256\"}", good_claims, &good));
	CU_ASSERT_FATAL(gp_test_token_from("other", "{\"alg\":\"HS256\"}", good_claims, &bad));
	held = gp_arena_held(arena);
	for (int i = 0; i < 200; i++) {
		const struct gp_test_text *token = i % 2 == 0 ? &good : &bad;

		gp_test_text_set(&field, "Bearer ");
		CU_ASSERT_FATAL(gp_test_text_add(&field, token->bytes, token->length));
		CU_ASSERT_EQUAL(gp_authorize(authority, GP_ACCESS_CALLER, field.bytes, 1000000,
				    arena, &caller, &jws),
		    i % 2 == 0 ? GP_OK : GP_DENY_SIGNATURE);
		CU_ASSERT(gp_test_same(caller.user_id, i % 2 == 0 ? "ada" : NULL));
		gp_arena_reset(arena);
	}
	CU_ASSERT_EQUAL(gp_arena_held(arena), held);
	gp_arena_free(arena);
	gp_authority_free(authority);
	gp_authority_free(NULL);
}

static void
tells_the_log_about_the_token(void)
{
	const struct gp_settings settings = plain_settings();
	struct gp_authority *authority = gp_authority_new(&settings);
	struct gp_arena *arena = gp_arena_new();
	struct gp_test_text token, field;

	CU_ASSERT_FATAL(authority != NULL && arena != NULL);
	gp_test_text_set(&field, "Bearer ");
	CU_ASSERT_FATAL(
	    gp_test_token_from("other", "{\"alg\":\"HS256\",\"kid\":\"k1\"}", good_claims, &token));
	CU_ASSERT_FATAL(gp_test_text_add(&field, token.bytes, token.length));
	CU_ASSERT_EQUAL(
	    gp_authorize(authority, GP_ACCESS_CALLER, field.bytes, 1000000, arena, &caller, &jws),
	    GP_DENY_SIGNATURE);
	CU_ASSERT(gp_test_same(jws.algorithm, "HS256"));
	CU_ASSERT(gp_test_same(jws.key_id, "k1"));
	gp_arena_free(arena);
	gp_authority_free(authority);
}

const struct gp_test gp_tests_authorize[] = {
	GP_TEST(judges_every_row_of_the_table),
	GP_TEST(takes_the_scheme_in_any_case),
	GP_TEST(takes_no_other_scheme),
	GP_TEST(refuses_anything_around_the_token),
	GP_TEST(refuses_fields_without_a_token),
	GP_TEST(open_access_looks_at_no_credential),
	GP_TEST(judges_each_request_for_itself),
	GP_TEST(tells_the_log_about_the_token),
	{ NULL, NULL },
};
