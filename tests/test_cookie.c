/* SPDX-License-Identifier: Apache-2.0 */
/* Set-Cookie values as a real Better Auth server sends them, and Cookie fields as browsers do. */
#include "cookie.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

#define NAME "better-auth.session_token"
#define DATA "better-auth.session_data"
#define LAX "; Path=/; HttpOnly; SameSite=Lax"
#define SECURE_LAX "; Path=/; HttpOnly; Secure; SameSite=Lax"
#define TOKEN "l4tCLYkJzHIQTofjxo57rClCnwTthGEp"
#define SIGNATURE "rUiB7ufRFmnntsWZXZn0K6t+H2cnqZV8pyJZsD3o4KM="
#define ENCODED_SIGNATURE "rUiB7ufRFmnntsWZXZn0K6t%2BH2cnqZV8pyJZsD3o4KM%3D"

/* Characters beside a name of 24 letters, ".99=", a life of 300 seconds and the attributes. */
enum { DATA_ROOM = 4050 - 24 - 4 - 13 - 32 };

static struct gp_arena *arena;
static struct gp_buffer buffer;

static void
set_up(void)
{
	arena = gp_arena_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	gp_buffer_init(&buffer, arena);
}

static const char *
written(void)
{
	CU_ASSERT_FATAL(gp_buffer_complete(&buffer));
	return gp_arena_copy(arena, buffer.bytes, buffer.length);
}

static void
writes_what_a_real_server_sends(void)
{
	static const struct {
		const char *name, *value;
		int64_t max_age_s;
		bool secure;
		const char *expected;
	} rows[] = {
		{ NAME, TOKEN "." SIGNATURE, 604800, false,
		    NAME "=" TOKEN "." ENCODED_SIGNATURE "; Max-Age=604800" LAX },
		{ NAME, TOKEN "." SIGNATURE, 604800, true,
		    "__Secure-" NAME "=" TOKEN "." ENCODED_SIGNATURE
		    "; Max-Age=604800" SECURE_LAX },
		{ NAME, TOKEN "." SIGNATURE, GP_COOKIE_SESSION, false,
		    NAME "=" TOKEN "." ENCODED_SIGNATURE LAX },
		{ "better-auth.dont_remember",
		    "true.AaFPxd13bBw/sgALGhKbArpDgJ3AKgBkd5WI2qD/nxo=", GP_COOKIE_SESSION, false,
		    "better-auth.dont_remember=true."
		    "AaFPxd13bBw%2FsgALGhKbArpDgJ3AKgBkd5WI2qD%2Fnxo%3D" LAX },
		{ NAME, "", 0, false, NAME "=; Max-Age=0" LAX },
		{ NAME, "", 0, true, "__Secure-" NAME "=; Max-Age=0" SECURE_LAX },
		{ DATA, "a.b-c_d", 300, false, DATA "=a.b-c_d; Max-Age=300" LAX },
		{ "a", "; Domain=evil\r\nX: y", 1, false,
		    "a=%3B%20Domain%3Devil%0D%0AX%3A%20y; Max-Age=1" LAX },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		const struct gp_cookie cookie = {
			.name = rows[i].name,
			.value = rows[i].value,
			.value_length = strlen(rows[i].value),
			.max_age_s = rows[i].max_age_s,
			.secure = rows[i].secure,
		};
		char line[512];

		gp_test_row("%s", rows[i].expected);
		set_up();
		gp_cookie_write(&buffer, &cookie);
		CU_ASSERT_STRING_EQUAL(written(), rows[i].expected);
		gp_buffer_init(&buffer, arena);
		gp_cookie_set(&buffer, &cookie);
		snprintf(line, sizeof(line), "Set-Cookie: %s\r\n", rows[i].expected);
		CU_ASSERT_STRING_EQUAL(written(), line);
		gp_arena_free(arena);
	}
}

/* `expected` NULL: there is none. */
static void
expect_found(const char *cookies, const char *name, bool secure, const char *expected)
{
	const char *value = NULL;
	size_t length = 0;

	gp_test_row("%s in %s", name, cookies != NULL ? cookies : "no field");
	CU_ASSERT_EQUAL(gp_cookie_find(cookies, name, secure, &value, &length), expected != NULL);
	if (expected == NULL || value == NULL)
		return;
	CU_ASSERT_EQUAL_FATAL(length, strlen(expected));
	CU_ASSERT_EQUAL(memcmp(value, expected, length), 0);
}

static void
finds_the_first_of_a_name(void)
{
	static const struct {
		const char *cookies, *expected;
	} rows[] = {
		{ "a=1", "1" },
		{ "b=2; a=1", "1" },
		{ "b=2;a=1;c=3", "1" },
		{ "a=1; a=2", "1" },
		{ "a=; a=2", "" },
		{ "aa=2; a=1", "1" },
		{ "A=2; a=1", "1" },
		{ "a.0=2; a=1", "1" },
		{ "a; a=1", "1" },
		{ " \t a=1 \t ", "1" },
		{ "a= 1 ", "1" },
		{ "a=\"1\"", "1" },
		{ "a= \"1\" ; b=2", "1" },
		{ "a=\" 1 \"", " 1 " },
		{ "a=\"\"", "" },
		{ "a=\"", "\"" },
		{ "a=\"1", "\"1" },
		{ "a=1\"", "1\"" },
		{ "a=1=2", "1=2" },
		{ "a==", "=" },
		{ "a=%41", "%41" },
		{ ";;a=1", "1" },
		{ "__Secure-a=2; a=1", "1" },
		{ NULL, NULL },
		{ "", NULL },
		{ " ", NULL },
		{ ";", NULL },
		{ "a", NULL },
		{ "a =1", NULL },
		{ "b=a=1", NULL },
		{ "\"a=1\"", NULL },
		{ "__Secure-a=1", NULL },
		{ "A=1", NULL },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++)
		expect_found(rows[i].cookies, "a", false, rows[i].expected);
}

static void
over_https_the_prefix_must_be_there(void)
{
	expect_found("__Secure-a=1", "a", true, "1");
	expect_found("a=2; __Secure-a=1", "a", true, "1");
	expect_found("a=2", "a", true, NULL);
	expect_found("__secure-a=2", "a", true, NULL);
	expect_found("__Host-a=2", "a", true, NULL);
	expect_found("__Secure-__Secure-a=2", "a", true, NULL);
	expect_found("__Secure-", "a", true, NULL);
}

static void
joins_what_was_spread(void)
{
	static const struct {
		const char *cookies;
		bool secure;
		const char *expected;
	} rows[] = {
		{ "d=x", false, "x" },
		{ "d.0=a; d.1=b; d.2=c", false, "abc" },
		{ "d.2=c; e=1; d.0=a;d.1=b", false, "abc" },
		{ "d.0=\"a\"; d.1= b ", false, "ab" },
		{ "d.0=a; d.1=; d.2=c", false, "ac" },
		{ "d.0=a; d.0=z; d.1=b", false, "ab" },
		/* The cookie itself goes before. */
		{ "d.0=a; d.1=b; d=x", false, "x" },
		{ "d=; d.0=a; d.1=b", false, "ab" },
		/* Neither gaps nor other ways to write a number. */
		{ "d.0=a; d.2=c", false, "a" },
		{ "d.00=a", false, NULL },
		{ "d.1=b", false, NULL },
		{ "d.=a; d.-0=a; d.+0=b; d.x=c", false, NULL },
		{ "d.0=", false, NULL },
		{ "d=", false, NULL },
		{ "", false, NULL },
		{ NULL, false, NULL },
		{ "__Secure-d.0=a; __Secure-d.1=b; d.2=x", true, "ab" },
		{ "d=x; d.0=a", true, NULL },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		const char *value = NULL;
		size_t length = 0;

		gp_test_row("%s", rows[i].cookies != NULL ? rows[i].cookies : "no field");
		set_up();
		CU_ASSERT_EQUAL(
		    gp_cookie_join(arena, rows[i].cookies, "d", rows[i].secure, &value, &length),
		    rows[i].expected != NULL ? GP_OK : GP_DENY_NO_CREDENTIAL);
		if (rows[i].expected != NULL) {
			CU_ASSERT_EQUAL_FATAL(length, strlen(rows[i].expected));
			CU_ASSERT_EQUAL(memcmp(value, rows[i].expected, length), 0);
		}
		gp_arena_free(arena);
	}
}

/* A value of that many letters, no two neighbours of which are the same. */
static struct gp_cookie
data_cookie(size_t length)
{
	char *value = gp_arena_take(arena, length + 1);

	CU_ASSERT_PTR_NOT_NULL_FATAL(value);
	for (size_t i = 0; i < length; i++)
		value[i] = (char)('a' + i % 26);
	return (struct gp_cookie){
		.name = DATA,
		.value = value,
		.value_length = length,
		.max_age_s = 300,
	};
}

static size_t
count_lines(const char *fields)
{
	size_t count = 0;

	for (; (fields = strstr(fields, "Set-Cookie: ")) != NULL; fields++)
		count++;
	return count;
}

/* The Cookie field of a browser that got these fields, cleared ones left out. */
static const char *
sent_back(const char *fields)
{
	struct gp_buffer cookies;

	gp_buffer_init(&cookies, arena);
	for (; (fields = strstr(fields, "Set-Cookie: ")) != NULL; fields++) {
		size_t pair = strcspn(fields + 12, ";");

		CU_ASSERT(strcspn(fields + 12, "\r") <= GP_COOKIE_SIZE_MAX);
		gp_buffer_add_text(&cookies, "; ");
		gp_buffer_add(&cookies, fields + 12, pair);
	}
	gp_buffer_add_byte(&cookies, '\0');
	CU_ASSERT_FATAL(gp_buffer_complete(&cookies));
	return cookies.bytes;
}

static void
spreads_what_is_too_long_for_one(void)
{
	static const struct {
		size_t length, cookies;
	} rows[] = {
		{ 1, 1 },
		{ DATA_ROOM, 1 },
		{ DATA_ROOM + 1, 2 },
		{ 2 * DATA_ROOM, 2 },
		{ 2 * DATA_ROOM + 1, 3 },
		{ 100 * DATA_ROOM, 100 },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_cookie cookie;
		const char *fields, *value;
		size_t length;

		gp_test_row("%zu characters", rows[i].length);
		set_up();
		cookie = data_cookie(rows[i].length);
		gp_cookie_set_spread(&buffer, "other=1", &cookie);
		fields = written();
		CU_ASSERT_EQUAL(count_lines(fields), rows[i].cookies);
		CU_ASSERT_EQUAL(strstr(fields, DATA ".0=") != NULL, rows[i].cookies > 1);
		CU_ASSERT_EQUAL_FATAL(
		    gp_cookie_join(arena, sent_back(fields), DATA, false, &value, &length), GP_OK);
		CU_ASSERT_EQUAL_FATAL(length, rows[i].length);
		CU_ASSERT_EQUAL(memcmp(value, cookie.value, length), 0);
		gp_arena_free(arena);
	}
}

static void
spreads_nothing_over_more_than_a_hundred(void)
{
	struct gp_cookie cookie;

	set_up();
	cookie = data_cookie(100 * DATA_ROOM + 1);
	gp_cookie_set_spread(&buffer, NULL, &cookie);
	CU_ASSERT_EQUAL(buffer.length, 0);
	gp_cookie_set_spread(&buffer, DATA "=x; " DATA ".0=y", &cookie);
	CU_ASSERT_STRING_EQUAL(written(), "Set-Cookie: " DATA "=; Max-Age=0" LAX "\r\n"
					  "Set-Cookie: " DATA ".0=; Max-Age=0" LAX "\r\n");
	gp_arena_free(arena);
}

/* Else what is left of the older one would be joined to the newer one, or go before it. */
static void
clears_what_an_older_value_left(void)
{
	struct gp_cookie cookie;
	const char *fields;

	set_up();
	cookie = data_cookie(2);
	gp_cookie_set_spread(
	    &buffer, DATA "=x; " DATA ".0=y; " DATA ".7=z; " DATA ".07=z", &cookie);
	CU_ASSERT_STRING_EQUAL(written(), "Set-Cookie: " DATA "=ab; Max-Age=300" LAX "\r\n"
					  "Set-Cookie: " DATA ".0=; Max-Age=0" LAX "\r\n"
					  "Set-Cookie: " DATA ".7=; Max-Age=0" LAX "\r\n");
	gp_buffer_init(&buffer, arena);
	cookie = data_cookie(DATA_ROOM + 1);
	gp_cookie_set_spread(&buffer, DATA "=x; " DATA ".0=y; " DATA ".1=y; " DATA ".2=y", &cookie);
	fields = written();
	CU_ASSERT_EQUAL(count_lines(fields), 4);
	CU_ASSERT_PTR_NOT_NULL(strstr(fields, DATA "=; Max-Age=0"));
	CU_ASSERT_PTR_NOT_NULL(strstr(fields, DATA ".0=abc"));
	CU_ASSERT_PTR_NOT_NULL(strstr(fields, DATA ".2=; Max-Age=0"));
	gp_arena_free(arena);
}

static void
clears_all_that_came(void)
{
	const struct gp_cookie cleared = { .name = DATA, .value = "", .secure = true };

	set_up();
	gp_cookie_set_spread(&buffer, NULL, &cleared);
	CU_ASSERT_STRING_EQUAL(
	    written(), "Set-Cookie: __Secure-" DATA "=; Max-Age=0" SECURE_LAX "\r\n");
	gp_buffer_init(&buffer, arena);
	gp_cookie_set_spread(
	    &buffer, "__Secure-" DATA ".1=y; " DATA ".2=z; __Secure-" DATA ".99=y", &cleared);
	CU_ASSERT_STRING_EQUAL(written(),
	    "Set-Cookie: __Secure-" DATA "=; Max-Age=0" SECURE_LAX "\r\n"
	    "Set-Cookie: __Secure-" DATA ".1=; Max-Age=0" SECURE_LAX "\r\n"
	    "Set-Cookie: __Secure-" DATA ".99=; Max-Age=0" SECURE_LAX "\r\n");
	gp_arena_free(arena);
}

const struct gp_test gp_tests_cookie[] = {
	GP_TEST(writes_what_a_real_server_sends),
	GP_TEST(finds_the_first_of_a_name),
	GP_TEST(over_https_the_prefix_must_be_there),
	GP_TEST(joins_what_was_spread),
	GP_TEST(spreads_what_is_too_long_for_one),
	GP_TEST(spreads_nothing_over_more_than_a_hundred),
	GP_TEST(clears_what_an_older_value_left),
	GP_TEST(clears_all_that_came),
	{ NULL, NULL },
};
