/* SPDX-License-Identifier: Apache-2.0 */
/* Targets with a parameter added; the table is what Node's URL and searchParams.set() make of them.
 */
#include "redirect_url.h"

#include <string.h>

#include "unit.h"

static struct gp_arena *arena;

static void
set_up(void)
{
	arena = gp_arena_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
}

static void
adds_as_browsers_do(void)
{
	static const struct {
		const char *target, *name, *value, *url;
	} rows[] = {
		{ "/x", "token", "t", "https://auth.example.com/x?token=t" },
		{ "/", "token", "t", "https://auth.example.com/?token=t" },
		{ "/x?a=1", "token", "t", "https://auth.example.com/x?a=1&token=t" },
		{ "/x?token=1", "token", "t", "https://auth.example.com/x?token=t" },
		{ "/x?a=1&token=2&b=3&token=4&c", "token", "t",
		    "https://auth.example.com/x?a=1&token=t&b=3&c=" },
		{ "/x?token", "token", "t", "https://auth.example.com/x?token=t" },
		{ "/x?to%6ben=1", "token", "t", "https://auth.example.com/x?token=t" },
		{ "/x?Token=1&tokens=2", "token", "t",
		    "https://auth.example.com/x?Token=1&tokens=2&token=t" },
		{ "/x?&&a&=b&", "token", "t", "https://auth.example.com/x?a=&=b&token=t" },
		{ "/x?", "token", "t", "https://auth.example.com/x?token=t" },
		{ "/x#f", "token", "t", "https://auth.example.com/x?token=t#f" },
		{ "/x?#", "token", "t", "https://auth.example.com/x?token=t#" },
		{ "/x#f?token=1&x", "token", "t",
		    "https://auth.example.com/x?token=t#f?token=1&x" },
		{ "/x?a=1#f/g#h", "token", "t", "https://auth.example.com/x?a=1&token=t#f/g#h" },
		{ "/x", "error", "INVALID_TOKEN",
		    "https://auth.example.com/x?error=INVALID_TOKEN" },
		{ "/x", "a b", "\xc3\xa4&=+%?#/ '~*()!",
		    "https://auth.example.com/x?a+b=%C3%A4%26%3D%2B%25%3F%23%2F+%27%7E*%28%29%21" },
		{ "/x", "", "", "https://auth.example.com/x?=" },
		{ "/x?a=%C3%A4+b%20c", "e", "1", "https://auth.example.com/x?a=%C3%A4+b+c&e=1" },
		{ "/x?a=\xc3\xa4 b", "e", "1", "https://auth.example.com/x?a=%C3%A4+b&e=1" },
		{ "/x?a=100%&b=%zz", "e", "1", "https://auth.example.com/x?a=100%25&b=%25zz&e=1" },
		{ "/x?a=b=c", "e", "1", "https://auth.example.com/x?a=b%3Dc&e=1" },
		{ "/x?u=https://evil.example/?x", "e", "1",
		    "https://auth.example.com/x?u=https%3A%2F%2Fevil.example%2F%3Fx&e=1" },
		{ "/x?a=1;b=2", "e", "1", "https://auth.example.com/x?a=1%3Bb%3D2&e=1" },
		{ "/a b/\xc3\xbc/\"<>`{}|", "e", "1",
		    "https://auth.example.com/a%20b/%C3%BC/%22%3C%3E%60%7B%7D|?e=1" },
		{ "/x#a b/\xc3\xbc/\"<>`{}|^", "e", "1",
		    "https://auth.example.com/x?e=1#a%20b/%C3%BC/%22%3C%3E%60{}|^" },
		{ "/a%2Gb%20c%", "e", "1", "https://auth.example.com/a%2Gb%20c%?e=1" },
		{ "/a//b/", "e", "1", "https://auth.example.com/a//b/?e=1" },
		{ "/@evil.example", "e", "1", "https://auth.example.com/@evil.example?e=1" },
		{ "/:80", "e", "1", "https://auth.example.com/:80?e=1" },
		{ "/\xef\xbc\x8f"
		  "evil.example",
		    "e", "1", "https://auth.example.com/%EF%BC%8Fevil.example?e=1" },
		{ "/\xf0\x9f\x98\x80", "e", "\xf0\x9f\x98\x80",
		    "https://auth.example.com/%F0%9F%98%80?e=%F0%9F%98%80" },
		{ "https://app.example.com", "token", "t", "https://app.example.com/?token=t" },
		{ "https://app.example.com?x=y", "token", "t",
		    "https://app.example.com/?x=y&token=t" },
		{ "https://app.example.com#f", "token", "t", "https://app.example.com/?token=t#f" },
		{ "HTTPS://App.Example.com:443/X?y=z", "token", "t",
		    "https://app.example.com/X?y=z&token=t" },
		{ "http://localhost:3000/a?b=c#d", "token", "t",
		    "http://localhost:3000/a?b=c&token=t#d" },
		{ "http://[::1]:80", "token", "t", "http://[::1]/?token=t" },
		{ "https://app.example.com/https://x/?http://y", "token", "t",
		    "https://app.example.com/https://x/?http%3A%2F%2Fy=&token=t" },
		{ "myapp://cb", "token", "t", "myapp://cb?token=t" },
		{ "myapp://cb?x=y#z", "token", "t", "myapp://cb?x=y&token=t#z" },
		{ "myapp://host/a b", "token", "t", "myapp://host/a%20b?token=t" },
		{ "myapp:cb", "token", "t", "myapp:cb?token=t" },
	};

	set_up();
	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		const char *url = NULL;

		gp_test_row("%s, %s=%s", rows[i].target, rows[i].name, rows[i].value);
		CU_ASSERT_EQUAL(gp_redirect_url_add(arena, "https://auth.example.com/api/auth",
				    rows[i].target, rows[i].name, rows[i].value, &url),
		    GP_OK);
		CU_ASSERT(gp_test_same(url, rows[i].url));
	}
	gp_arena_free(arena);
}

static void
takes_no_more_than_the_origin_of_the_base(void)
{
	static const struct {
		const char *base, *url;
	} rows[] = {
		{ "https://a", "https://a/x?e=1" },
		{ "https://a/", "https://a/x?e=1" },
		{ "https://a/api/auth?b#c", "https://a/x?e=1" },
		{ "HTTP://A:80/api", "http://a/x?e=1" },
		{ "http://localhost:8080/api", "http://localhost:8080/x?e=1" },
		{ NULL, "/x?e=1" },
	};
	const char *url = NULL;

	set_up();
	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		CU_ASSERT_EQUAL(
		    gp_redirect_url_add(arena, rows[i].base, "/x", "e", "1", &url), GP_OK);
		CU_ASSERT(gp_test_same(url, rows[i].url));
	}
	CU_ASSERT_EQUAL(
	    gp_redirect_url_add(arena, "auth.example.com", "/x", "e", "1", &url), GP_ERR_INTERNAL);
	gp_arena_free(arena);
}

static void
keeps_bytes_that_are_no_text(void)
{
	const char *url = NULL;

	set_up();
	CU_ASSERT_EQUAL(
	    gp_redirect_url_add(arena, NULL, "/x?a=%ff%00%0a", "e", "\r\n", &url), GP_OK);
	CU_ASSERT(gp_test_same(url, "/x?a=%FF%00%0A&e=%0D%0A"));
	gp_arena_free(arena);
}

static void
refuses_what_browsers_read_in_their_own_way(void)
{
	static const char *const targets[] = { "", "x", "dash/board", "?x", "#x", "//evil.example",
		"///evil.example", "/\\evil.example", "\\\\evil.example", "/x\\y", "/x\ty",
		"/x\r\nSet-Cookie: a=b", "/x\n", "/x?a\n", "/x#a\x7f", "/\xff", "/x?\xc3",
		"/x#\xed\xa0\x80", "https:evil.example", "https:/evil.example",
		"https:///evil.example", "http:", "HTTPS:evil.example", "https:\\\\evil.example",
		"https://a\\@evil.example", "https://a@evil.example", "https://a b/",
		"https://\xc3\xbc.example/", "https://", "://x", ":x", " /x", " https://a" };
	const char *url = NULL;

	set_up();
	for (size_t i = 0; i < GP_COUNT(targets); i++) {
		gp_test_row("%s", targets[i]);
		CU_ASSERT_EQUAL(gp_redirect_url_add(arena, "https://a", targets[i], "e", "1", &url),
		    GP_BAD_INPUT);
		CU_ASSERT_EQUAL(gp_redirect_url_plain(arena, targets[i], &url), GP_BAD_INPUT);
	}
	CU_ASSERT_PTR_NULL(url);
	gp_arena_free(arena);
}

static void
makes_a_target_fit_for_a_field(void)
{
	static const struct {
		const char *target, *url;
	} rows[] = {
		{ "/", "/" },
		{ "/x?a=b c&d#e f", "/x?a=b%20c&d#e%20f" },
		{ "/a/../b?&&x=%zz", "/a/../b?&&x=%zz" },
		{ "/\xc3\xbc?\xc3\xbc#\xc3\xbc", "/%C3%BC?%C3%BC#%C3%BC" },
		{ "/\"<>`{}?\"<>'`{}#\"<>`{}",
		    "/%22%3C%3E%60%7B%7D?%22%3C%3E%27`{}#%22%3C%3E%60{}" },
		{ "/x?a\\b#c\\d", "/x?a\\b#c\\d" },
		{ "HTTPS://A:443", "HTTPS://A:443" },
		{ "myapp://cb?x", "myapp://cb?x" },
	};

	set_up();
	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		const char *url = NULL;

		gp_test_row("%s", rows[i].target);
		CU_ASSERT_EQUAL(gp_redirect_url_plain(arena, rows[i].target, &url), GP_OK);
		CU_ASSERT(gp_test_same(url, rows[i].url));
	}
	gp_arena_free(arena);
}

const struct gp_test gp_tests_redirect_url[] = {
	GP_TEST(adds_as_browsers_do),
	GP_TEST(takes_no_more_than_the_origin_of_the_base),
	GP_TEST(keeps_bytes_that_are_no_text),
	GP_TEST(refuses_what_browsers_read_in_their_own_way),
	GP_TEST(makes_a_target_fit_for_a_field),
	{ NULL, NULL },
};
