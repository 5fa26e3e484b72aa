/* SPDX-License-Identifier: Apache-2.0 */
/* From the Authorization field to a caller: the scheme, and every row of data/verdicts.txt, whose
 * tokens OpenSSL makes. */
#include "authorize.h"

#include <stdio.h>
#include <string.h>

#include "key_pair.h"
#include "scratch.h"
#include "session_token.h"
#include "unit.h"
#include "verdict.h"

/* A table that lost most of its rows would still pass: fewer than these are a mistake. */
enum { ROWS_LEAST = 630 };

static const char good_claims[] = "{\"sub\":\"ada\",\"exp\":1000300}";

static struct gp_caller caller;
static struct gp_jws jws;

/* The caller's id, or the raw session token; kept longer than the arena it came in. */
static char user_id[GP_SUBJECT_LENGTH_MAX + 1];
static char session[GP_SESSION_TOKEN_MAX + 1];

static void
drop_line(void *context, const char *line, size_t length)
{
	(void)context;
	(void)line;
	(void)length;
}

static const struct gp_log quiet = { .program = "unit", .sink = drop_line };

static struct gp_authority *
authority_of(const struct gp_settings *settings)
{
	struct gp_authority *authority = gp_authority_new(settings, NULL, &quiet);

	CU_ASSERT_PTR_NOT_NULL_FATAL(authority);
	return authority;
}

/* A field's text alone; the caller's texts live in the arena. */
static enum gp_outcome
authorize_text(struct gp_authority *authority, enum gp_access access, const char *authorization,
    int64_t now_s, struct gp_arena *arena)
{
	const struct gp_credentials credentials = { .authorization = authorization };

	return gp_authorize(authority, access, NULL, &credentials, now_s, arena, &caller, &jws);
}

/* What a caller may be: nobody, a user by a token's claims, or whoever has a session. */
static void
expect_sound_caller(bool named)
{
	bool by_session = named && caller.identity.kind == GP_AS_SESSION;

	session[0] = '\0';
	if (!named || by_session) {
		CU_ASSERT_PTR_NULL(caller.user_id);
		CU_ASSERT_PTR_NULL(caller.email);
		CU_ASSERT_PTR_NULL(caller.name);
	} else {
		CU_ASSERT_FATAL(caller.user_id != NULL && caller.user_id[0] != '\0');
		CU_ASSERT_PTR_NOT_NULL(caller.email);
		CU_ASSERT_PTR_NOT_NULL(caller.name);
		CU_ASSERT_EQUAL(caller.identity.kind, GP_AS_USER);
		CU_ASSERT(gp_test_same(caller.identity.value, caller.user_id));
		strncpy(user_id, caller.user_id, sizeof(user_id) - 1);
		caller.user_id = user_id;
	}
	if (!named) {
		CU_ASSERT_EQUAL(caller.identity.kind, GP_AS_NOBODY);
		CU_ASSERT_PTR_NULL(caller.identity.value);
	}
	if (by_session) {
		CU_ASSERT_PTR_NOT_NULL_FATAL(caller.identity.value);
		strncpy(session, caller.identity.value, sizeof(session) - 1);
	}
}

static enum gp_outcome
authorize_for(const struct gp_settings *settings, enum gp_access access,
    const struct gp_claims_demands *demands, const char *authorization, int64_t now_s)
{
	struct gp_authority *authority = authority_of(settings);
	struct gp_arena *arena = gp_arena_new();
	const struct gp_credentials credentials = { .authorization = authorization };
	enum gp_outcome outcome, again;

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	memset(&caller, 0xff, sizeof(caller));
	memset(&jws, 0xff, sizeof(jws));
	outcome =
	    gp_authorize(authority, access, demands, &credentials, now_s, arena, &caller, &jws);
	/* What has been verified is remembered; that must change nothing. */
	memset(&caller, 0xff, sizeof(caller));
	memset(&jws, 0xff, sizeof(jws));
	again = gp_authorize(authority, access, demands, &credentials, now_s, arena, &caller, &jws);
	CU_ASSERT_EQUAL(outcome, again);
	expect_sound_caller(outcome == GP_OK && access != GP_ACCESS_OPEN);
	gp_arena_free(arena);
	gp_authority_free(authority);
	return outcome;
}

static enum gp_outcome
authorize(const struct gp_settings *settings, enum gp_access access, const char *authorization,
    int64_t now_s)
{
	return authorize_for(settings, access, NULL, authorization, now_s);
}

static struct gp_settings
plain_settings(void)
{
	return (struct gp_settings){
		.secrets = { { { gp_test_secret, strlen(gp_test_secret), -1 } }, 1 },
		.leeway_s = 5,
		.memory_tokens = 16,
		.jwks_max_stale_s = 86400,
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

/* The secrets of these names, separated by commas. */
static void
read_secrets(const char *names, struct gp_secret_list *list)
{
	list->count = 0;
	while (*names != '\0') {
		size_t length = strcspn(names, ",");
		char name[16] = "";
		const char *secret;

		CU_ASSERT_FATAL(length < sizeof(name) && list->count < GP_SECRETS_MAX);
		memcpy(name, names, length);
		secret = gp_test_secret_of(name);
		CU_ASSERT_PTR_NOT_NULL_FATAL(secret);
		list->secrets[list->count++] = (struct gp_secret){ secret, strlen(secret), -1 };
		names += length + (names[length] == ',');
	}
}

/* A key set file of these signers. */
static void
write_keys(const char *names, struct gp_test_file *file)
{
	struct gp_test_text set;

	CU_ASSERT_FATAL(gp_test_key_set(names, &set));
	CU_ASSERT_FATAL(gp_test_file_make(file, set.bytes, set.length));
}

static void
judge_row(const struct gp_verdict *row, bool seen[GP_OUTCOME_COUNT])
{
	struct gp_settings settings = plain_settings();
	struct gp_test_text field;
	struct gp_test_file file;
	enum gp_outcome outcome;

	gp_test_row("verdicts.txt:%u: %s", row->line, row->note);
	settings.leeway_s = row->leeway_s;
	settings.issuer = row->issuer;
	settings.audience = row->audience;
	settings.access_token_minutes = row->minutes;
	read_secrets(row->secrets, &settings.secrets);
	if (row->keys != NULL) {
		write_keys(row->keys, &file);
		settings.jwks_file = file.path;
	}
	gp_test_text_set(&field, "Bearer ");
	CU_ASSERT_FATAL(gp_test_text_add(&field, row->token.bytes, row->token.length));
	outcome =
	    authorize_for(&settings, GP_ACCESS_CALLER, &row->demands, field.bytes, row->now_s);
	seen[outcome] = true;
	if (row->keys != NULL)
		gp_test_file_remove(&file);
	gp_test_row("verdicts.txt:%u: %s: expected %s, got %s", row->line, row->note, row->rule,
	    gp_outcome_row(outcome)->rule);
	CU_ASSERT_STRING_EQUAL(gp_outcome_row(outcome)->rule, row->rule);
	if (outcome == GP_OK && row->user != NULL)
		CU_ASSERT(gp_test_same(caller.user_id, row->user));
	if (outcome == GP_OK)
		CU_ASSERT(gp_test_same(session, row->session != NULL ? row->session : ""));
}

/* Refusals that are spoken once the credential has been judged: with the database, the path and the
 * address at hand. */
static bool
comes_later(int outcome)
{
	switch (outcome) {
	case GP_DENY_SESSION:
	case GP_DENY_USER_GONE:
	case GP_DENY_PATH_USER:
	case GP_DENY_ROW_FOREIGN:
	case GP_DENY_ADDRESS:
	case GP_DENY_RATE:
	case GP_DENY_NO_TLS: return true;
	/* What follows is of the authorizer's rules, and of a program that judges no tokens. */
	default: return outcome >= GP_DENY_RULE;
	}
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
	for (int i = GP_DENY_NO_CREDENTIAL; i < GP_BAD_PATH; i++) {
		gp_test_row("%s row is refused by %s", seen[i] ? "a" : "no",
		    gp_outcome_row((enum gp_outcome)i)->rule);
		CU_ASSERT_EQUAL(seen[i], !comes_later(i));
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
		",Bearer b", " realm=\"x\"", "\"", "\x01", "\xc2\xa0", "&access_token=b", "?" };

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
		{ "Bearer a.b", GP_DENY_SIGNATURE },
		{ "Bearer %", GP_DENY_TOKEN_FORM },
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
	struct gp_authority *authority = authority_of(&settings);
	struct gp_arena *arena = gp_arena_new();
	struct gp_test_text good, bad, field;
	size_t held;

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	CU_ASSERT_FATAL(gp_test_token_from("secret", "{\"alg\":\"HS256\"}", good_claims, &good));
	CU_ASSERT_FATAL(gp_test_token_from("other", "{\"alg\":\"HS256\"}", good_claims, &bad));
	held = gp_arena_held(arena);
	for (int i = 0; i < 200; i++) {
		const struct gp_test_text *token = i % 2 == 0 ? &good : &bad;

		gp_test_text_set(&field, "Bearer ");
		CU_ASSERT_FATAL(gp_test_text_add(&field, token->bytes, token->length));
		CU_ASSERT_EQUAL(
		    authorize_text(authority, GP_ACCESS_CALLER, field.bytes, 1000000, arena),
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
	struct gp_authority *authority = authority_of(&settings);
	struct gp_arena *arena = gp_arena_new();
	struct gp_test_text token, field;

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	gp_test_text_set(&field, "Bearer ");
	CU_ASSERT_FATAL(
	    gp_test_token_from("other", "{\"alg\":\"HS256\",\"kid\":\"k1\"}", good_claims, &token));
	CU_ASSERT_FATAL(gp_test_text_add(&field, token.bytes, token.length));
	CU_ASSERT_EQUAL(authorize_text(authority, GP_ACCESS_CALLER, field.bytes, 1000000, arena),
	    GP_DENY_SIGNATURE);
	CU_ASSERT(gp_test_same(jws.algorithm, "HS256"));
	CU_ASSERT(gp_test_same(jws.key_id, "k1"));
	gp_arena_free(arena);
	gp_authority_free(authority);
}

/* One credential, judged with one authority; the arena is the test's. */
static enum gp_outcome
judge(struct gp_authority *authority, struct gp_arena *arena, const char *credential, int64_t now_s)
{
	struct gp_test_text field;

	gp_test_row("%s", credential);
	gp_test_text_set(&field, "Bearer ");
	CU_ASSERT_FATAL(gp_test_text_add(&field, credential, strlen(credential)));
	return authorize_text(authority, GP_ACCESS_CALLER, field.bytes, now_s, arena);
}

/* Two dots make a JWT, whatever else is in the text. */
static void
tells_jwt_and_session_token_apart_by_their_dots(void)
{
	static const struct {
		const char *credential;
		enum gp_outcome outcome;
	} rows[] = {
		{ "a", GP_OK },
		{ "l4tCLYkJzHIQTofjxo57rClCnwTthGEp", GP_OK },
		{ "a-b_c~d+e/f=", GP_OK },
		{ "undefined", GP_OK },
		{ "a.b", GP_DENY_SIGNATURE },
		{ "a.", GP_DENY_SIGNATURE },
		{ ".a", GP_DENY_SIGNATURE },
		{ ".", GP_DENY_SIGNATURE },
		{ "..", GP_DENY_TOKEN_FORM },
		{ "a.b.c", GP_DENY_TOKEN_ENCODING },
		{ "a.b.c.d", GP_DENY_TOKEN_FORM },
		/* Dots count as they were sent. */
		{ "a%2Eb%2Ec", GP_DENY_SIGNATURE },
		{ "a.b%2Ec", GP_DENY_SIGNATURE },
		{ "a%2", GP_DENY_TOKEN_FORM },
		{ "a%00", GP_DENY_TOKEN_FORM },
	};
	const struct gp_settings settings = plain_settings();
	struct gp_authority *authority = authority_of(&settings);
	struct gp_arena *arena = gp_arena_new();

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		CU_ASSERT_EQUAL(
		    judge(authority, arena, rows[i].credential, 1000000), rows[i].outcome);
		if (rows[i].outcome != GP_OK)
			continue;
		CU_ASSERT_EQUAL(caller.identity.kind, GP_AS_SESSION);
		CU_ASSERT(gp_test_same(caller.identity.value, rows[i].credential));
		CU_ASSERT_PTR_NULL(caller.user_id);
		CU_ASSERT_PTR_NULL(caller.email);
		CU_ASSERT_PTR_NULL(caller.name);
		CU_ASSERT_PTR_NULL(jws.algorithm);
		CU_ASSERT_PTR_NULL(jws.payload);
	}
	gp_arena_free(arena);
	gp_authority_free(authority);
}

static void
gives_the_raw_token_of_a_signed_one(void)
{
	static const char *const credentials[] = {
		"l4tCLYkJzHIQTofjxo57rClCnwTthGEp.rUiB7ufRFmnntsWZXZn0K6t%2BH2cnqZV8pyJZsD3o4KM%3D",
		"l4tCLYkJzHIQTofjxo57rClCnwTthGEp.rUiB7ufRFmnntsWZXZn0K6t+H2cnqZV8pyJZsD3o4KM=",
	};
	struct gp_settings settings = plain_settings();
	struct gp_authority *authority;
	struct gp_arena *arena = gp_arena_new();

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	settings.secrets.secrets[0] =
	    (struct gp_secret){ gp_test_recorded_secret, strlen(gp_test_recorded_secret), -1 };
	authority = authority_of(&settings);
	for (size_t i = 0; i < GP_COUNT(credentials); i++) {
		CU_ASSERT_EQUAL(judge(authority, arena, credentials[i], 1000000), GP_OK);
		CU_ASSERT_EQUAL(caller.identity.kind, GP_AS_SESSION);
		CU_ASSERT(gp_test_same(caller.identity.value, "l4tCLYkJzHIQTofjxo57rClCnwTthGEp"));
	}
	gp_arena_free(arena);
	gp_authority_free(authority);
}

#define SIGNED_COOKIE \
	"l4tCLYkJzHIQTofjxo57rClCnwTthGEp.rUiB7ufRFmnntsWZXZn0K6t%2BH2cnqZV8pyJZsD3o4KM%3D"

/* A bearer token goes before a cookie, and one that is refused is not made good by one. */
static void
looks_at_the_cookie_only_without_a_bearer_token(void)
{
	static const struct {
		const char *authorization, *cookies;
		bool secure;
		enum gp_outcome outcome;
		const char *session;
	} rows[] = {
		{ NULL, NULL, false, GP_DENY_NO_CREDENTIAL, NULL },
		{ NULL, "better-auth.session_token=" SIGNED_COOKIE, false, GP_OK,
		    "l4tCLYkJzHIQTofjxo57rClCnwTthGEp" },
		{ "", "better-auth.session_token=" SIGNED_COOKIE, false, GP_OK,
		    "l4tCLYkJzHIQTofjxo57rClCnwTthGEp" },
		{ "Basic YWRhOnB3", "better-auth.session_token=" SIGNED_COOKIE, false, GP_OK,
		    "l4tCLYkJzHIQTofjxo57rClCnwTthGEp" },
		{ NULL, "better-auth.session_token=" SIGNED_COOKIE, true, GP_DENY_NO_CREDENTIAL,
		    NULL },
		{ NULL, "__Secure-better-auth.session_token=" SIGNED_COOKIE, true, GP_OK,
		    "l4tCLYkJzHIQTofjxo57rClCnwTthGEp" },
		{ NULL, "better-auth.session_token=a", false, GP_DENY_SIGNATURE, NULL },
		{ "Bearer raw", "better-auth.session_token=" SIGNED_COOKIE, false, GP_OK, "raw" },
		{ "Bearer a.b", "better-auth.session_token=" SIGNED_COOKIE, false,
		    GP_DENY_SIGNATURE, NULL },
		{ "Bearer a b", "better-auth.session_token=" SIGNED_COOKIE, false,
		    GP_DENY_CREDENTIAL_FORM, NULL },
		{ "Bearer a.b.c", "better-auth.session_token=" SIGNED_COOKIE, false,
		    GP_DENY_TOKEN_ENCODING, NULL },
	};
	struct gp_settings settings = plain_settings();
	struct gp_authority *authority;
	struct gp_arena *arena = gp_arena_new();

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	settings.secrets.secrets[0] =
	    (struct gp_secret){ gp_test_recorded_secret, strlen(gp_test_recorded_secret), -1 };
	authority = authority_of(&settings);
	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		const struct gp_credentials credentials = { rows[i].authorization, rows[i].cookies,
			rows[i].secure };

		gp_test_row("%s; %s", rows[i].authorization != NULL ? rows[i].authorization : "-",
		    rows[i].cookies != NULL ? rows[i].cookies : "-");
		CU_ASSERT_EQUAL(gp_authorize(authority, GP_ACCESS_CALLER, NULL, &credentials,
				    1000000, arena, &caller, &jws),
		    rows[i].outcome);
		CU_ASSERT_EQUAL(
		    caller.identity.kind, rows[i].outcome == GP_OK ? GP_AS_SESSION : GP_AS_NOBODY);
		CU_ASSERT(gp_test_same(caller.identity.value, rows[i].session));
		CU_ASSERT_PTR_NULL(caller.user_id);
	}
	gp_arena_free(arena);
	gp_authority_free(authority);
}

/* Nor may a caller be found by one who forgets to look at the outcome. */
static void
names_nobody_when_it_refuses(void)
{
	static const char *const credentials[] = { "l4tCLYkJzHIQTofjxo57rClCnwTthGEp.x",
		"l4tCLYkJzHIQTofjxo57rClCnwTthGEp.rUiB7ufRFmnntsWZXZn0K6t+H2cnqZV8pyJZsD3o4KM=",
		"a%01", "a%2", "a.b.c", "..", "a b" };
	const struct gp_settings settings = plain_settings();
	struct gp_authority *authority = authority_of(&settings);
	struct gp_arena *arena = gp_arena_new();
	struct gp_test_text token;

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	for (size_t i = 0; i < GP_COUNT(credentials); i++) {
		CU_ASSERT_NOT_EQUAL(judge(authority, arena, credentials[i], 1000000), GP_OK);
		CU_ASSERT_EQUAL(caller.identity.kind, GP_AS_NOBODY);
		CU_ASSERT_PTR_NULL(caller.identity.value);
	}
	CU_ASSERT_FATAL(gp_test_token_from("secret", "{\"alg\":\"HS256\"}", good_claims, &token));
	CU_ASSERT_EQUAL(judge(authority, arena, token.bytes, 2000000), GP_DENY_EXPIRED);
	CU_ASSERT_EQUAL(caller.identity.kind, GP_AS_NOBODY);
	CU_ASSERT_PTR_NULL(caller.identity.value);
	CU_ASSERT_EQUAL(
	    authorize_text(authority, GP_ACCESS_OPEN, "Bearer a", 1000000, arena), GP_OK);
	CU_ASSERT_EQUAL(caller.identity.kind, GP_AS_NOBODY);
	CU_ASSERT_PTR_NULL(caller.identity.value);
	gp_arena_free(arena);
	gp_authority_free(authority);
}

/* JWT_LIVENESS=user: the user's row is asked for in the same round trip. */
static void
asks_for_the_users_row_when_told_to(void)
{
	struct gp_settings settings = plain_settings();
	struct gp_arena *arena = gp_arena_new();
	struct gp_test_text token;

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	CU_ASSERT_FATAL(gp_test_token_from("secret", "{\"alg\":\"HS256\"}", good_claims, &token));
	for (int live = 0; live <= 1; live++) {
		struct gp_authority *authority;

		settings.live_users = live;
		authority = authority_of(&settings);
		CU_ASSERT_EQUAL(judge(authority, arena, token.bytes, 1000000), GP_OK);
		CU_ASSERT_EQUAL(caller.identity.kind, live ? GP_AS_LIVE_USER : GP_AS_USER);
		CU_ASSERT(gp_test_same(caller.identity.value, "ada"));
		CU_ASSERT(gp_test_same(caller.user_id, "ada"));
		CU_ASSERT_EQUAL(judge(authority, arena, "a", 1000000), GP_OK);
		CU_ASSERT_EQUAL(caller.identity.kind, GP_AS_SESSION);
		gp_authority_free(authority);
	}
	gp_arena_free(arena);
}

/* One credential, for an API with demands. */
static void
expect_identity(const struct gp_claims_demands *demands, const struct gp_credentials *credentials,
    enum gp_identity_kind kind, bool needs_email)
{
	struct gp_settings settings = plain_settings();
	struct gp_arena *arena = gp_arena_new();
	struct gp_authority *authority;

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	settings.secrets.secrets[0] =
	    (struct gp_secret){ gp_test_recorded_secret, strlen(gp_test_recorded_secret), -1 };
	authority = authority_of(&settings);
	CU_ASSERT_EQUAL(gp_authorize(authority, GP_ACCESS_CALLER, demands, credentials, 1000000,
			    arena, &caller, &jws),
	    GP_OK);
	CU_ASSERT_EQUAL(caller.identity.kind, kind);
	CU_ASSERT_EQUAL(caller.identity.needs_email, needs_email);
	CU_ASSERT_PTR_NULL(caller.identity.only_id);
	gp_arena_free(arena);
	gp_authority_free(authority);
}

/* What a token's claims say is judged here; of a session's user the database is asked. */
static void
passes_demands_on_to_the_lookup(void)
{
	static const struct gp_claims_demands nothing = { .email = false };
	static const struct gp_claims_demands email = { .email = true, .shortest_lifetime_s = 900 };
	static const struct gp_claims_demands live = { .live_user = true };
	static const struct gp_credentials sessions[] = {
		{ .authorization = "Bearer raw" },
		{ .authorization = "Bearer " SIGNED_COOKIE },
		{ .cookies = "better-auth.session_token=" SIGNED_COOKIE },
	};
	struct gp_credentials credentials = { .cookies = NULL };
	struct gp_test_text field, token;

	for (size_t i = 0; i < GP_COUNT(sessions); i++) {
		gp_test_row("session %zu", i);
		expect_identity(NULL, &sessions[i], GP_AS_SESSION, false);
		expect_identity(&nothing, &sessions[i], GP_AS_SESSION, false);
		expect_identity(&email, &sessions[i], GP_AS_SESSION, true);
		expect_identity(&live, &sessions[i], GP_AS_SESSION, false);
	}
	gp_test_row("a token");
	gp_test_text_set(&field, "Bearer ");
	CU_ASSERT_FATAL(gp_test_token_from("recorded", "{\"alg\":\"HS256\"}", good_claims, &token));
	CU_ASSERT_FATAL(gp_test_text_add(&field, token.bytes, token.length));
	credentials.authorization = field.bytes;
	expect_identity(NULL, &credentials, GP_AS_USER, false);
	expect_identity(&nothing, &credentials, GP_AS_USER, false);
	expect_identity(&live, &credentials, GP_AS_LIVE_USER, false);
}

/* The bound is the setting's, also where it is below the shortest lifetime demanded. */
static void
takes_the_longest_lifetime_from_the_settings(void)
{
	static const struct gp_claims_demands demands = { .shortest_lifetime_s = 900 };
	struct gp_settings settings = plain_settings();
	struct gp_test_text field, token;

	gp_test_text_set(&field, "Bearer ");
	CU_ASSERT_FATAL(gp_test_token_from("secret", "{\"alg\":\"HS256\"}",
	    "{\"sub\":\"ada\",\"iat\":1000000,\"exp\":1003600}", &token));
	CU_ASSERT_FATAL(gp_test_text_add(&field, token.bytes, token.length));
	for (int64_t minutes = 59; minutes <= 61; minutes++) {
		gp_test_row("%d minutes", (int)minutes);
		settings.access_token_minutes = minutes;
		CU_ASSERT_EQUAL(
		    authorize_for(&settings, GP_ACCESS_CALLER, &demands, field.bytes, 1000000),
		    minutes < 60 ? GP_DENY_LIFETIME : GP_OK);
	}
}

/* A public key's signature is remembered; the claims are judged each time all the same. */
static void
judges_the_claims_of_a_remembered_token(void)
{
	struct gp_settings settings = plain_settings();
	struct gp_arena *arena = gp_arena_new();
	struct gp_authority *authority;
	struct gp_test_text token;
	struct gp_test_file file;

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	write_keys("ed", &file);
	settings.jwks_file = file.path;
	authority = authority_of(&settings);
	CU_ASSERT_FATAL(gp_test_token_from("ed", "{\"alg\":\"EdDSA\"}", good_claims, &token));
	CU_ASSERT_EQUAL(judge(authority, arena, token.bytes, 1000000), GP_OK);
	CU_ASSERT_EQUAL(judge(authority, arena, token.bytes, 1000304), GP_OK);
	CU_ASSERT_EQUAL(judge(authority, arena, token.bytes, 1000305), GP_DENY_EXPIRED);
	token.bytes[token.length - 1] = token.bytes[token.length - 1] == 'A' ? 'Q' : 'A';
	CU_ASSERT_EQUAL(judge(authority, arena, token.bytes, 1000000), GP_DENY_SIGNATURE);
	gp_test_file_remove(&file);
	gp_authority_free(authority);
	gp_arena_free(arena);
}

static void
describes_the_keys_it_holds(void)
{
	struct gp_settings settings = plain_settings();
	struct gp_arena *arena = gp_arena_new();
	struct gp_authority *authority;
	struct gp_test_text token;
	struct gp_test_file file;
	char text[64];

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	write_keys("ed,es256:k2,es512:", &file);
	settings.jwks_file = file.path;
	authority = authority_of(&settings);
	CU_ASSERT_FATAL(gp_test_token_from("ed", "{\"alg\":\"EdDSA\"}", good_claims, &token));
	CU_ASSERT_EQUAL(judge(authority, arena, token.bytes, 1000000), GP_OK);
	gp_authority_describe_keys(authority, text, sizeof(text));
	CU_ASSERT_STRING_EQUAL(text, "ed k2 (none)");
	gp_test_file_remove(&file);
	gp_authority_free(authority);
	gp_arena_free(arena);
}

/* 503 and not 401: the token may be a good one. */
static void
says_when_keys_cannot_be_read(void)
{
	struct gp_settings settings = plain_settings();
	struct gp_test_text token, field;

	settings.jwks_file = "/nonexistent/keys.json";
	CU_ASSERT_FATAL(gp_test_token_from("ed", "{\"alg\":\"EdDSA\"}", good_claims, &token));
	gp_test_text_set(&field, "Bearer ");
	CU_ASSERT_FATAL(gp_test_text_add(&field, token.bytes, token.length));
	CU_ASSERT_EQUAL(
	    authorize(&settings, GP_ACCESS_CALLER, field.bytes, 1000000), GP_ERR_KEYS_UNREACHABLE);
	CU_ASSERT_EQUAL(authorize_field(GP_ACCESS_CALLER, "Bearer ", ""), GP_OK);
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
	GP_TEST(tells_jwt_and_session_token_apart_by_their_dots),
	GP_TEST(gives_the_raw_token_of_a_signed_one),
	GP_TEST(looks_at_the_cookie_only_without_a_bearer_token),
	GP_TEST(names_nobody_when_it_refuses),
	GP_TEST(asks_for_the_users_row_when_told_to),
	GP_TEST(passes_demands_on_to_the_lookup),
	GP_TEST(takes_the_longest_lifetime_from_the_settings),
	GP_TEST(judges_the_claims_of_a_remembered_token),
	GP_TEST(describes_the_keys_it_holds),
	GP_TEST(says_when_keys_cannot_be_read),
	{ NULL, NULL },
};
