/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Users named by a path: any text, percent-encoded, decoded once and compared byte by byte. Judged
 * for the two APIs that have them.
 */
#include <string.h>

#include "api.h"
#include "client.h"
#include "expect.h"
#include "instance.h"
#include "kept.h"
#include "suites.h"
#include "task.h"
#include "token.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const int apis[] = { GP_API_C, GP_API_D };

/* A user whose id begins with one that nobody has had, so that a test finds no tasks of another. */
static struct gp_user
user_ending_in(const char *base, const char *ending)
{
	const char *id = gp_kept_text("%s%s", base, ending);

	return (struct gp_user){ .id = id, .token = gp_token_for(id) };
}

/* A list with a text in the place of the user, as it stands. */
static const char *
list_of(const struct gp_api *api, const char *segment)
{
	const char *sign = strchr(api->list, '$');

	return gp_kept_text("%.*s%s%s", (int)(sign - api->list), api->list, segment, sign + 1);
}

static void
every_text_names_its_user(void)
{
	static const char *const endings[] = { " ", "a b", "  x", "+", "a+b", "%", "%20", "%2B",
		"%25", "100%", "'", "''", "\"", "`", "\\", "\\n", "&", "=", ";", ":", "@", ",", "!",
		"*", "(x)", "[x]", "{x}", "<b>", "|", "^", "~", ".", "..", "-", "_", "$", "#", "?",
		"?limit=0", "#x", "' or '1'='1", "'; drop table gatepost.task; --", "\xc3\xa9",
		"e\xcc\x81", "\xe6\x97\xa5\xe6\x9c\xac", "\xf0\x9f\x98\x80", "\xe2\x80\x8b",
		"\xef\xbb\xbf", "\xc2\xa0", "\xe2\x80\xae", "\xef\xbf\xbf", "null",
		"user@example.com", "auth0|5f7c8ec7c33c6c004bbafe82",
		"00000000-0000-4000-8000-00" };

	for (size_t i = 0; i < COUNT(endings) * COUNT(apis); i++) {
		const struct gp_api *api = &gp_apis[apis[i % COUNT(apis)]];
		struct gp_user user =
		    user_ending_in(gp_instance_new_user(), endings[i / COUNT(apis)]);
		const struct gp_answer *created;

		gp_test_row("%s, %s", api->name, user.id);
		created = gp_api_creates(api, &user, "a");
		GP_EXPECT_TASK(api, gp_api_task_in(api, created), user.id, "a", NULL, false);
		GP_EXPECT(gp_api_counts(api, &user) == 1, "not one task");
	}
}

static void
longest_user_id_fits_into_a_path(void)
{
	static const char *const units[] = { "x", "\xc3\xa9", " ", "%" };

	for (size_t i = 0; i < COUNT(units) * COUNT(apis); i++) {
		const struct gp_api *api = &gp_apis[apis[i % COUNT(apis)]];
		const char *unit = units[i / COUNT(apis)], *base = gp_instance_new_user();
		size_t room = (255 - strlen(base)) / strlen(unit);
		struct gp_user user = user_ending_in(base, gp_kept_repeated(unit, room));

		gp_test_row("%s, %zu bytes", api->name, strlen(user.id));
		gp_api_adds(api, &user, "a");
		GP_EXPECT(gp_api_counts(api, &user) == 1, "not one task");
	}
}

/* How one user may be spelt in a path: `$` stands for an id without strange characters. */
static void
unencoded_spellings_name_the_same_user(void)
{
	static const struct {
		const char *ending, *spelt;
	} rows[] = {
		{ "", "" },
		{ "a", "%61" },
		{ "+", "+" },
		{ "+", "%2b" },
		{ "+", "%2B" },
		{ "@b", "@b" },
		{ "'", "'" },
		{ ":", ":" },
		{ ",;=&", ",;=&" },
		{ "!*()~", "!*()~" },
		{ "|", "%7c" },
		{ "\xc3\xa9", "%c3%a9" },
		{ "\xc3\xa9", "%C3%A9" },
		{ "\xc3\xa9", "\xc3\xa9" },
		{ "%2F", "%252F" },
		{ "%41", "%2541" },
	};

	for (size_t i = 0; i < COUNT(rows) * COUNT(apis); i++) {
		const struct gp_api *api = &gp_apis[apis[i % COUNT(apis)]];
		size_t row = i / COUNT(apis);
		struct gp_user user = user_ending_in(gp_instance_new_user(), rows[row].ending);
		const char *segment = gp_kept_text("%.*s%s",
		    (int)(strlen(user.id) - strlen(rows[row].ending)), user.id, rows[row].spelt);

		gp_test_row("%s, %s", api->name, segment);
		gp_api_adds(api, &user, "a");
		GP_EXPECT_ANSWER(gp_user_reads(&user, list_of(api, segment)), 200);
	}
}

/* What a careless comparison, or a second decoding, would take for the caller. */
static void
similar_texts_name_somebody_else(void)
{
	static const struct {
		const char *ending, *spelt; /* the caller's, and the path's behind the same base */
	} rows[] = {
		{ "", "%20" },
		{ "", "x" },
		{ "x", "" },
		{ "a", "A" },
		{ "A", "a" },
		{ "a b", "a+b" },
		{ "a+b", "a%20b" },
		{ "%20", "%20" },
		{ "+", "%20" },
		{ "%41", "%41" },
		{ "A", "%2541" },
		{ "\xc3\xa9", "e%CC%81" },
		{ "e\xcc\x81", "%C3%A9" },
		{ "\xc3\xa9", "%25C3%25A9" },
		{ "", "%E2%80%8B" },
		{ "", "%EF%BB%BF" },
		{ "", "%C2%A0" },
		{ "a", "%EF%BD%81" },
		{ "i", "%C4%B1" },
		{ "", ";x=y" },
		{ "", "," },
		{ "", "'" },
		{ "", "%25" },
		{ "", "_" },
		{ "", "%5C" },
	};

	for (size_t i = 0; i < COUNT(rows) * COUNT(apis); i++) {
		const struct gp_api *api = &gp_apis[apis[i % COUNT(apis)]];
		const char *base = gp_instance_new_user();
		struct gp_user user = user_ending_in(base, rows[i / COUNT(apis)].ending);
		const char *path =
		    list_of(api, gp_kept_text("%s%s", base, rows[i / COUNT(apis)].spelt));

		gp_test_row("%s, %s at %s", api->name, user.id, path);
		GP_EXPECT_DETAIL(gp_user_reads(&user, path), 403, api->other_user);
		GP_EXPECT_DETAIL(GP_SEND(.method = "POST", .path = path, .token = user.token,
				     .body = "{\"title\":\"a\"}"),
		    403, api->other_user_create);
		GP_EXPECT(gp_api_counts(api, &user) == 0, "a task was created");
	}
}

/* Nobody else's list, however long or strange; with a good token 403, without one 401. */
static void
other_users_are_refused_whoever_they_are(void)
{
	const char *const segments[] = { "me", "null", "undefined", "0", "-1", "*", "%25", "$",
		"%27%20or%20%271%27=%271", "admin", "postgres", "%3Cscript%3E",
		gp_kept_repeated("x", 256), gp_kept_repeated("%C3%A9", 200) };
	struct gp_user user = { .id = gp_instance_new_user() };

	user.token = gp_token_for(user.id);
	for (size_t i = 0; i < COUNT(segments) * COUNT(apis); i++) {
		const struct gp_api *api = &gp_apis[apis[i % COUNT(apis)]];
		const char *path = list_of(api, segments[i / COUNT(apis)]);

		gp_test_row("%s, %s", api->name, path);
		GP_EXPECT_DETAIL(gp_user_reads(&user, path), 403, api->other_user);
		GP_EXPECT_REFUSAL(GP_SEND(.path = path), api->no_credential, false);
	}
}

/* Negative: the web server's own answer, of which only the status is judged. 0: GP_ENCODED_SLASH.
 */
static void
paths_that_name_nobody_are_refused(void)
{
	static const struct {
		const char *segment; /* `$` is the caller */
		int lighttpd, apache;
	} rows[] = {
		/* a slash in disguise would be two segments for one program and one for another */
		{ "a%2Fb", 0, 0 },
		{ "a%2fb", 0, 0 },
		{ "%2F", 0, 0 },
		{ "..%2F..", 0, 0 },
		/* no UTF-8 */
		{ "%80", 400, 400 },
		{ "%C3", 400, 400 },
		{ "%C3%28", 400, 400 },
		{ "%ED%A0%80", 400, 400 },
		{ "%C0%AF", -400, 400 },
		{ "%FF", -400, 400 },
		{ "%F4%90%80%80", 400, 400 },
		/* control characters */
		{ "%00", -400, -404 },
		{ "a%00", -400, -404 },
		{ "%01", -400, 400 },
		{ "%0A", -400, 400 },
		{ "%0D%0AX:%20y", -400, 400 },
		{ "%09", -400, 400 },
		{ "%1F", -400, 400 },
		{ "%7F", -400, 400 },
	};
	struct gp_user user = { .id = gp_instance_new_user() };

	user.token = gp_token_for(user.id);
	for (size_t i = 0; i < COUNT(rows) * COUNT(apis); i++) {
		const struct gp_api *api = &gp_apis[apis[i % COUNT(apis)]];
		size_t row = i / COUNT(apis);
		int status =
		    gp_server_is_apache(gp_instance.server) ? rows[row].apache : rows[row].lighttpd;
		const struct gp_answer *answer =
		    gp_user_reads(&user, list_of(api, rows[row].segment));

		gp_test_row("%s, %s", api->name, rows[row].segment);
		if (status == 0)
			status = gp_server_status(gp_instance.server, GP_ENCODED_SLASH);
		if (status > 0)
			GP_EXPECT_DETAIL(answer, status, "Bad Request");
		else
			GP_EXPECT_SETTLED(answer, status);
	}
}

/* U+0080 to U+009F are control characters too, and no `sub` may have them. */
static void
control_characters_beyond_ascii_are_refused(void)
{
	static const char *const segments[] = { "%C2%80", "a%C2%85", "%C2%9Fb" };
	struct gp_user user = { .id = gp_instance_new_user() };

	user.token = gp_token_for(user.id);
	for (size_t i = 0; i < COUNT(segments) * COUNT(apis); i++) {
		const struct gp_api *api = &gp_apis[apis[i % COUNT(apis)]];
		const char *path = list_of(api, segments[i / COUNT(apis)]);

		gp_test_row("%s", path);
		GP_EXPECT_DETAIL(gp_user_reads(&user, path), 400, "Bad Request");
	}
}

const struct gp_test gp_path_user_tests[] = {
	GP_TEST(every_text_names_its_user),
	GP_TEST(longest_user_id_fits_into_a_path),
	GP_TEST(unencoded_spellings_name_the_same_user),
	GP_TEST(similar_texts_name_somebody_else),
	GP_TEST(other_users_are_refused_whoever_they_are),
	GP_TEST(paths_that_name_nobody_are_refused),
	GP_TEST(control_characters_beyond_ascii_are_refused),
	{ NULL, NULL },
};
