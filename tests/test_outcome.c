/* SPDX-License-Identifier: Apache-2.0 */
/* The table of outcomes: complete, without doubles, and each family with the statuses it may have.
 */
#include "outcome.h"

#include <string.h>

#include "unit.h"

static const struct gp_outcome_row *
row_of(int outcome)
{
	const struct gp_outcome_row *row = gp_outcome_row((enum gp_outcome)outcome);

	gp_test_row("outcome %d, %s", outcome, row->rule);
	return row;
}

static void
every_outcome_has_a_rule_of_its_own(void)
{
	for (int i = 0; i < GP_OUTCOME_COUNT; i++) {
		const char *rule = gp_outcome_row((enum gp_outcome)i)->rule;

		CU_ASSERT_PTR_NOT_NULL_FATAL(rule);
		for (int j = 0; j < i; j++) {
			CU_ASSERT_STRING_NOT_EQUAL(row_of(j)->rule, rule);
		}
	}
}

static void
rules_are_words_for_a_log(void)
{
	for (int i = 0; i < GP_OUTCOME_COUNT; i++) {
		const char *rule = row_of(i)->rule;

		CU_ASSERT(rule[0] != '\0');
		CU_ASSERT_EQUAL(strspn(rule, "abcdefghijklmnopqrstuvwxyz_"), strlen(rule));
	}
}

static void
every_outcome_has_words_and_a_status(void)
{
	for (int i = 0; i < GP_OUTCOME_COUNT; i++) {
		const struct gp_outcome_row *row = row_of(i);

		CU_ASSERT_PTR_NOT_NULL_FATAL(row->sentence);
		CU_ASSERT((unsigned)row->phrase < GP_PHRASE_COUNT);
		CU_ASSERT(row->level <= GP_LOG_DEBUG);
		/* A bad setting stops the start: no client ever sees it. */
		CU_ASSERT_EQUAL(row->status == 0, i == GP_ERR_SETTING);
		CU_ASSERT_EQUAL(row->sentence[0] == '\0', i == GP_ERR_SETTING);
	}
}

static void
success_is_zero_and_200(void)
{
	CU_ASSERT_EQUAL(GP_OK, 0);
	CU_ASSERT_EQUAL(row_of(GP_OK)->status, 200);
}

static void
refused_credentials_get_401(void)
{
	for (int i = GP_DENY_NO_CREDENTIAL; i < GP_DENY_PATH_USER; i++)
		CU_ASSERT_EQUAL(row_of(i)->status, 401);
	for (int i = GP_DENY_PATH_USER; i < GP_DENY_SIGNED_OUT; i++)
		CU_ASSERT_NOT_EQUAL(row_of(i)->status, 401);
	for (int i = GP_BAD_PATH; i < GP_OUTCOME_COUNT; i++)
		CU_ASSERT_NOT_EQUAL(row_of(i)->status, 401);
}

/* Better Auth's clients know refusals by these names. */
static void
codes_are_capitals_with_underscores(void)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";

	for (int i = 0; i < GP_OUTCOME_COUNT; i++) {
		const char *code = row_of(i)->code;

		CU_ASSERT(code == NULL || (code[0] != '\0' && code[strspn(code, allowed)] == '\0'));
	}
	CU_ASSERT_STRING_EQUAL(row_of(GP_DENY_PASSWORD)->code, "INVALID_EMAIL_OR_PASSWORD");
	CU_ASSERT_STRING_EQUAL(
	    row_of(GP_BAD_USER_EXISTS)->code, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL");
}

/* Who may not see what is there, or not now, has nothing wrong with the credential. */
static void
refused_deeds_get_statuses_of_their_own(void)
{
	static const struct {
		enum gp_outcome outcome;
		int status;
		enum gp_phrase phrase;
	} rows[] = {
		{ GP_DENY_PATH_USER, 403, GP_PHRASE_PATH_USER },
		{ GP_DENY_ROW_FOREIGN, 403, GP_PHRASE_ROW_FOREIGN },
		{ GP_DENY_ADDRESS, 403, GP_PHRASE_OWN },
		{ GP_DENY_RATE, 429, GP_PHRASE_OWN },
		{ GP_DENY_NO_TLS, 403, GP_PHRASE_OWN },
		{ GP_BAD_ORIGIN, 400, GP_PHRASE_OWN },
		{ GP_BAD_ROW_ABSENT, 404, GP_PHRASE_ROW_ABSENT },
		{ GP_BAD_VERSION, 412, GP_PHRASE_OWN },
		{ GP_DENY_EMAIL_MISSING, 401, GP_PHRASE_EMAIL_MISSING },
		{ GP_DENY_LIFETIME, 401, GP_PHRASE_LIFETIME },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		const struct gp_outcome_row *row = row_of((int)rows[i].outcome);

		CU_ASSERT_EQUAL(row->status, rows[i].status);
		CU_ASSERT_EQUAL(row->phrase, rows[i].phrase);
	}
}

/* Every API tells these alike, and clients may compare them. */
static void
keeps_the_sentences_that_clients_know(void)
{
	static const struct {
		enum gp_outcome outcome;
		const char *sentence;
	} rows[] = {
		{ GP_DENY_ADDRESS, "Forbidden" },
		{ GP_DENY_RATE, "Too Many Requests" },
		{ GP_DENY_NO_TLS, "HTTPS required" },
		{ GP_BAD_ORIGIN, "Disallowed CORS origin" },
		{ GP_BAD_ROUTE, "Not Found" },
		{ GP_BAD_METHOD, "Method Not Allowed" },
		{ GP_BAD_VERSION, "Precondition Failed" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++)
		CU_ASSERT_STRING_EQUAL(row_of((int)rows[i].outcome)->sentence, rows[i].sentence);
}

static void
bad_requests_get_4xx_but_never_401_or_403(void)
{
	for (int i = GP_BAD_PATH; i < GP_ERR_SETTING; i++) {
		int status = row_of(i)->status;

		/* The one mistake of clients that HTTP counts among the servers'. */
		if (i == GP_BAD_HTTP_VERSION) {
			CU_ASSERT_EQUAL(status, 505);
			continue;
		}
		CU_ASSERT(status >= 400 && status < 500 && status != 401 && status != 403);
	}
}

static void
our_own_failures_get_5xx_and_an_error_line(void)
{
	for (int i = GP_ERR_MEMORY; i < GP_OUTCOME_COUNT; i++) {
		CU_ASSERT(row_of(i)->status == 500 || row_of(i)->status == 503);
		CU_ASSERT_EQUAL(row_of(i)->level, GP_LOG_ERROR);
	}
}

/* A client's mistake is no error of ours, and a refused token is no detail for debugging. */
static void
levels_fit_their_families(void)
{
	for (int i = GP_DENY_NO_CREDENTIAL; i < GP_ERR_SETTING; i++)
		CU_ASSERT(row_of(i)->level > GP_LOG_ERROR);
	for (int i = GP_DENY_NO_CREDENTIAL; i < GP_BAD_PATH; i++)
		CU_ASSERT(row_of(i)->level <= GP_LOG_INFO);
}

/* One reason for all: neither which of our secrets failed nor how the database is built is told. */
static void
sentences_tell_nothing_of_our_insides(void)
{
	static const char *const words[] = { "secret", "BETTER_AUTH", "SQL", "sql", "role",
		"database", "libpq", "json-c", "OpenSSL" };

	for (int i = 0; i < GP_OUTCOME_COUNT; i++) {
		for (size_t j = 0; j < GP_COUNT(words); j++)
			CU_ASSERT_PTR_NULL(strstr(row_of(i)->sentence, words[j]));
	}
}

static void
numbers_that_are_no_outcome_are_internal_errors(void)
{
	CU_ASSERT_STRING_EQUAL(row_of(GP_OUTCOME_COUNT)->rule, "internal");
	CU_ASSERT_STRING_EQUAL(row_of(-1)->rule, "internal");
	CU_ASSERT_STRING_EQUAL(row_of(100000)->rule, "internal");
}

const struct gp_test gp_tests_outcome[] = {
	GP_TEST(every_outcome_has_a_rule_of_its_own),
	GP_TEST(rules_are_words_for_a_log),
	GP_TEST(every_outcome_has_words_and_a_status),
	GP_TEST(success_is_zero_and_200),
	GP_TEST(refused_credentials_get_401),
	GP_TEST(codes_are_capitals_with_underscores),
	GP_TEST(refused_deeds_get_statuses_of_their_own),
	GP_TEST(keeps_the_sentences_that_clients_know),
	GP_TEST(bad_requests_get_4xx_but_never_401_or_403),
	GP_TEST(our_own_failures_get_5xx_and_an_error_line),
	GP_TEST(levels_fit_their_families),
	GP_TEST(sentences_tell_nothing_of_our_insides),
	GP_TEST(numbers_that_are_no_outcome_are_internal_errors),
	{ NULL, NULL },
};
