/* SPDX-License-Identifier: Apache-2.0 */
/* Who is trusted, and above all who is not. */
#include "trusted_origins.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

static char text[4096];
static struct gp_trusted_origins list;

static const char *
read_list(const char *value)
{
	gp_test_row("%s", value);
	CU_ASSERT_FATAL(strlen(value) < sizeof(text));
	strcpy(text, value);
	memset(&list, 0xff, sizeof(list));
	list.count = 0;
	return gp_trusted_origins_read(text, &list);
}

static void
makes_entries_canonical(void)
{
	static const struct {
		const char *text, *entry;
	} rows[] = {
		{ "https://app.example.com", "https://app.example.com" },
		{ " HTTPS://App.Example.com:443/\t", "https://app.example.com" },
		{ "http://localhost:3000", "http://localhost:3000" },
		{ "http://[::1]:3000", "http://[::1]:3000" },
		{ "https://*.Example.com", "https://*.example.com" },
		{ "https://*.example.com:443/", "https://*.example.com" },
		{ "https://a?.example.com:8*", "https://a?.example.com:8*" },
		{ "http://localhost:*", "http://localhost:*" },
		{ "http://[::1]:*", "http://[::1]:*" },
		{ "*.Example.com", "*.example.com" },
		{ "*.example.com:8443", "*.example.com:8443" },
		{ "*.example.com/", "*.example.com" },
		{ "localhost:*", "localhost:*" },
		{ "[::1]:*", "[::1]:*" },
		{ "MyApp://", "myapp://" },
		{ "MyApp://Host/CB/", "myapp://host/CB" },
		{ "myapp:///cb", "myapp:///cb" },
		{ "com.example.app://", "com.example.app://" },
		{ "exp://192.168.*.*:*/*", "exp://192.168.*.*:*/*" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		CU_ASSERT_PTR_NULL(read_list(rows[i].text));
		CU_ASSERT_EQUAL_FATAL(list.count, 1);
		CU_ASSERT_STRING_EQUAL(list.patterns[0], rows[i].entry);
	}
}

static void
reads_several_with_commas(void)
{
	CU_ASSERT_PTR_NULL(read_list(" https://a ,*.b.c,\tmyapp://,https://A:443/,https://a"));
	CU_ASSERT_EQUAL_FATAL(list.count, 3);
	CU_ASSERT_STRING_EQUAL(list.patterns[0], "https://a");
	CU_ASSERT_STRING_EQUAL(list.patterns[1], "*.b.c");
	CU_ASSERT_STRING_EQUAL(list.patterns[2], "myapp://");
	CU_ASSERT_PTR_NULL(read_list(""));
	CU_ASSERT_EQUAL(list.count, 0);
	CU_ASSERT_PTR_NULL(read_list(" \t"));
	CU_ASSERT_EQUAL(list.count, 0);
}

static void
says_what_to_write_instead(void)
{
	static const struct {
		const char *text, *word;
	} rows[] = {
		{ ",", "empty" },
		{ "https://a,", "empty" },
		{ "https://a,,https://b", "empty" },
		{ "https://a https://b", "commas" },
		{ "https://a\nb", "control" },
		{ "https://*.a\x7f.b", "control" },
		{ "https://b\xc3\xbc.example", "xn--" },
		{ "*", "anybody" },
		{ "?", "anybody" },
		{ "*:3000", "anybody" },
		{ "https://*", "anybody" },
		{ "https://*/", "anybody" },
		{ "https://*:8443", "anybody" },
		{ "https://app.*", "anybody" },
		{ "https://app.example.co?", "anybody" },
		{ "http://192.168.1.*", "anybody" },
		{ "app*", "anybody" },
		{ "http://[::*]", "anybody" },
		{ "*://*", "scheme" },
		{ "*://app.example.com", "scheme" },
		{ "http*://app.example.com", "scheme" },
		{ "http?://app.example.com", "scheme" },
		{ "https://", "host" },
		{ "https://:443", "host" },
		{ "https://*.", "host" },
		{ "https://*..example.com", "host" },
		{ "https://*.example.com.", "host" },
		{ "*.exa_mple!.com", "host" },
		{ "https://*.example.com/path", "alone" },
		{ "https://*.example.com/*", "alone" },
		{ "https://a/b", "alone" },
		{ "https://*.example.com:", "port" },
		{ "https://*.example.com:x*", "port" },
		{ "https://*.example.com:65536*", "port" },
		{ "https://*.example.com:0*", "port" },
		{ "*.example.com:80", "port" },
		{ "null", "null" },
		{ "app.example.com", "http://" },
		{ "localhost:3000", "http://" },
		{ "//app.example.com", "http://" },
		{ "/", "http://" },
		{ "https://**.example.com", "**" },
		{ "exp://**", "**" },
		{ "https://u@a", "@" },
		{ "https://a\\b", "\\" },
		{ "https://%61", "%" },
		{ "https://a#b", "#" },
		{ "javascript://", "no app" },
		{ "JavaScript://app.example.com", "no app" },
		{ "data://", "no app" },
		{ "file:///", "no app" },
		{ "blob://", "no app" },
		{ "wss://a", "no app" },
		{ "://a", "no app" },
		{ "1app://a", "no app" },
		{ "my_app://a", "no app" },
		{ "myapp://a/../b", "plain path" },
		{ "myapp://a//b", "plain path" },
		{ "myapp://a/./b", "plain path" },
		{ "myapp://a!", "plain path" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		const char *problem = read_list(rows[i].text);

		CU_ASSERT_PTR_NOT_NULL_FATAL(problem);
		gp_test_row("%s: %s", rows[i].text, problem);
		CU_ASSERT_PTR_NOT_NULL(strstr(problem, rows[i].word));
		CU_ASSERT_EQUAL(list.count, 0);
	}
}

static void
limits_length_and_number(void)
{
	char many[1024] = "https://h0", longest[600] = "https://*.";

	for (int i = 1; i < GP_TRUSTED_ORIGINS_MAX; i++) {
		size_t length = strlen(many);

		snprintf(many + length, sizeof(many) - length, ",https://h%d", i);
	}
	CU_ASSERT_PTR_NULL(read_list(many));
	CU_ASSERT_EQUAL(list.count, GP_TRUSTED_ORIGINS_MAX);
	CU_ASSERT(gp_trusted_origins_add(&list, "https://h7"));
	CU_ASSERT_FALSE(gp_trusted_origins_add(&list, "https://h99"));
	strcat(many, ",https://h99");
	CU_ASSERT_PTR_NOT_NULL(read_list(many));
	CU_ASSERT_EQUAL(list.count, 0);
	memset(longest + strlen(longest), 'h', 253);
	CU_ASSERT_PTR_NULL(read_list(longest));
	strcat(longest, "h");
	CU_ASSERT_PTR_NOT_NULL(read_list(longest));
	memset(longest, 'h', 400);
	memcpy(longest, "myapp://", strlen("myapp://"));
	CU_ASSERT_PTR_NOT_NULL(read_list(longest));
}

static void
adds_to_what_is_there(void)
{
	char more[] = "https://c,*", twice[] = "*.b.c";

	CU_ASSERT_PTR_NULL(read_list("*.b.c"));
	CU_ASSERT(gp_trusted_origins_add(&list, "https://own.example"));
	CU_ASSERT_PTR_NULL(gp_trusted_origins_read(twice, &list));
	CU_ASSERT_PTR_NOT_NULL(gp_trusted_origins_read(more, &list));
	CU_ASSERT_EQUAL(list.count, 2);
	CU_ASSERT(gp_trusted_origins_has(&list, "https://own.example/x"));
	CU_ASSERT_FALSE(gp_trusted_origins_has(&list, "https://c"));
}

static void
compares_origins(void)
{
	static const struct {
		const char *entry, *url;
		bool expected;
	} rows[] = {
		{ "https://app.example.com", "https://app.example.com", true },
		{ "https://app.example.com", "https://app.example.com/", true },
		{ "https://app.example.com", "HTTPS://APP.example.COM:443/a?b=\\#c", true },
		{ "https://app.example.com", "https://app.example.com?x", true },
		{ "https://app.example.com", "https://app.example.com#x", true },
		{ "https://app.example.com", "https://app.example.com/http://evil.example", true },
		{ "http://localhost:3000", "http://localhost:3000/todo", true },
		{ "http://[::1]:3000", "http://[::1]:3000/", true },
		{ "https://app.example.com", "http://app.example.com", false },
		{ "https://app.example.com", "https://app.example.com:8443", false },
		{ "https://app.example.com", "https://example.com", false },
		{ "https://app.example.com", "https://app.example.com.evil.example", false },
		{ "https://app.example.com", "https://evil.example/https://app.example.com",
		    false },
		{ "https://app.example.com", "https://evil.example?https://app.example.com",
		    false },
		{ "https://app.example.com", "https://evil.example#https://app.example.com",
		    false },
		{ "https://app.example.com", "https://app.example.com@evil.example", false },
		{ "https://app.example.com", "https://app.example.com:443@evil.example", false },
		{ "https://app.example.com", "https://app.example.com\\@evil.example", false },
		{ "https://app.example.com", "https://evil.example\\@app.example.com", false },
		{ "https://app.example.com", "https://evil.example\\.app.example.com", false },
		{ "https://app.example.com", "https://user@app.example.com", false },
		{ "https://app.example.com", "https:app.example.com", false },
		{ "https://app.example.com", "https:/app.example.com", false },
		{ "https://app.example.com", "https:///app.example.com", false },
		{ "https://app.example.com", "https:\\\\app.example.com", false },
		{ "https://app.example.com", "//app.example.com", false },
		{ "https://app.example.com", "app.example.com", false },
		{ "https://app.example.com", " https://app.example.com", false },
		{ "https://app.example.com", "https://app.example.com ", false },
		{ "https://app.example.com", "https://app.example\t.com", false },
		{ "https://app.example.com", "https://app.example.com/\r\n", false },
		{ "https://app.example.com", "https://app.example.com/\x7f", false },
		{ "https://app.example.com", "https://app.example.com/\xc2\x85", false },
		{ "https://app.example.com", "https://app.example.com/\xff", false },
		{ "https://app.example.com", "https://app.example.com/\xc2", false },
		{ "https://app.example.com", "https://%61pp.example.com", false },
		{ "https://app.example.com", "https://\xef\xbd\x81pp.example.com", false },
		{ "https://app.example.com",
		    "https://app\xe3\x80\x82"
		    "example.com",
		    false },
		{ "https://app.example.com", "blob:https://app.example.com/1", false },
		{ "https://app.example.com", "view-source:https://app.example.com", false },
		{ "https://app.example.com", "javascript://app.example.com", false },
		{ "https://app.example.com", "null", false },
		{ "https://app.example.com", "", false },
		{ "https://app.example.com", "/", false },
		{ "http://127.0.0.1", "http://127.1", false },
		{ "http://127.0.0.1", "http://2130706433", false },
		/* Patterns of an origin. */
		{ "https://*.example.com", "https://a.example.com", true },
		{ "https://*.example.com", "https://a.b.EXAMPLE.com/x", true },
		{ "https://*.example.com", "https://a.example.com:8443", false },
		{ "https://*.example.com", "http://a.example.com", false },
		{ "https://*.example.com", "https://example.com", false },
		{ "https://*.example.com", "https://.example.com", false },
		{ "https://*.example.com", "https://a.example.com.evil.example", false },
		{ "https://*.example.com", "https://evil.example/.example.com", false },
		{ "https://*.example.com", "https://evil.example?.example.com", false },
		{ "https://*.example.com", "https://evil.example#.example.com", false },
		{ "https://*.example.com", "https://evil.example\\.example.com", false },
		{ "https://*.example.com", "https://evil.example:80.example.com", false },
		{ "https://*.example.com", "https://evil.example@.example.com", false },
		{ "https://*.example.com", "https://aXexample.com", false },
		{ "https://a?.example.com", "https://ab.example.com", true },
		{ "https://a?.example.com", "https://a.example.com", false },
		{ "https://a?.example.com", "https://abc.example.com", false },
		{ "https://pre-*-x.example.com", "https://pre-1-x-2-x.example.com", true },
		{ "https://pre-*-x.example.com", "https://pre-x.example.com", false },
		{ "http://localhost:*", "http://localhost:1", true },
		{ "http://localhost:*", "http://localhost", false },
		{ "http://localhost:*", "http://localhost:0", false },
		{ "http://localhost:*", "http://localhost:99999", false },
		{ "http://localhost:*", "http://localhost:1@evil.example", false },
		{ "http://localhost:*", "http://localhost.evil.example:1", false },
		{ "http://localhost:30?0", "http://localhost:3050", true },
		{ "http://localhost:30?0", "http://localhost:3051", false },
		/* Of a host, and only of web servers. */
		{ "*.example.com", "https://a.example.com", true },
		{ "*.example.com", "http://a.example.com/", true },
		{ "*.example.com", "http://a.example.com:81", false },
		{ "*.example.com:81", "http://a.example.com:81", true },
		{ "*.example.com", "javascript://a.example.com/%0aalert(1)", false },
		{ "*.example.com", "ftp://a.example.com", false },
		{ "*.example.com", "myapp://a.example.com", false },
		{ "localhost:*", "http://localhost:3000", true },
		{ "localhost:*", "localhost:3000", false },
		{ "localhost:*", "http://localhost:0", false },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		CU_ASSERT_PTR_NULL(read_list(rows[i].entry));
		gp_test_row("%s: %s", rows[i].entry, rows[i].url);
		CU_ASSERT_EQUAL(gp_trusted_origins_has(&list, rows[i].url), rows[i].expected);
	}
}

static void
compares_addresses_of_apps(void)
{
	static const struct {
		const char *entry, *url;
		bool expected;
	} rows[] = {
		{ "myapp://", "myapp://", true },
		{ "myapp://", "MyApp://host/a?b#c", true },
		{ "myapp://", "myapp:cb", true },
		{ "myapp://", "myapp:/cb", true },
		{ "myapp://", "myapp2://", false },
		{ "myapp://", "myap://", false },
		{ "myapp://", "myapp", false },
		{ "myapp://", " myapp://", false },
		{ "myapp://", "myapp://a@b", false },
		{ "myapp://", "myapp://a\\b", false },
		{ "myapp://", "myapp://a b", false },
		{ "myapp://", "myapp://\n", false },
		{ "myapp://", "https://myapp", false },
		{ "myapp://host", "myapp://HOST", true },
		{ "myapp://host", "myapp://host/x", true },
		{ "myapp://host", "myapp://host?x", true },
		{ "myapp://host", "myapp://host2", false },
		{ "myapp://host", "myapp://host:1", false },
		{ "myapp://host", "myapp:host", false },
		{ "myapp://host", "myapp://", false },
		{ "myapp://host/cb", "myapp://host/cb", true },
		{ "myapp://host/cb", "myapp://host/cb/", true },
		{ "myapp://host/cb", "myapp://host/cb/x?y=/../#z", true },
		{ "myapp://host/cb", "myapp://host/cb?x", true },
		{ "myapp://host/cb", "myapp://host/CB", false },
		{ "myapp://host/cb", "myapp://host/cb2", false },
		{ "myapp://host/cb", "myapp://host/", false },
		{ "myapp://host/cb", "myapp://host/cb/../evil", false },
		{ "myapp://host/cb", "myapp://host/cb/%2e%2E/evil", false },
		{ "myapp://host/cb", "myapp://host/cb/.%2e/evil", false },
		{ "myapp://host/cb", "myapp://host/cb/..%2fevil", false },
		{ "myapp://host/cb", "myapp://host/cb/..%5Cevil", false },
		{ "myapp://host/cb", "myapp://host/cb\\..\\evil", false },
		{ "myapp://host/cb", "myapp://host//cb", false },
		{ "myapp://host/cb", "myapp://host/cb/%00", false },
		{ "myapp://host/cb", "myapp://host/cb/...", true },
		{ "myapp:///cb", "myapp:/cb", true },
		{ "myapp:///cb", "myapp://any/cb", true },
		{ "myapp:///cb", "myapp:cb", false },
		{ "myapp://*", "myapp://host", true },
		{ "myapp://*", "myapp://host/", true },
		{ "myapp://*", "myapp://host/x", false },
		{ "myapp://*", "myapp:", false },
		{ "myapp://*/c?", "myapp://host/cb", true },
		{ "myapp://*/c?", "myapp://host/cb?x=/", true },
		{ "myapp://*/c?", "myapp://host/c/", false },
		{ "myapp://*/c?", "myapp://host/x/cb", false },
		{ "myapp://*/cb", "myapp://x?/cb", false },
		{ "myapp://*/cb", "myapp:/cb", false },
		{ "myapp://*/*", "myapp://x/..", false },
		{ "exp://192.168.*.*:*/*", "exp://192.168.0.1:8081/--", true },
		{ "exp://192.168.*.*:*/*", "exp://192.168.0.1:8081/--/x", false },
		{ "exp://192.168.*.*:*/*", "exp://10.0.0.1:8081/--", false },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		CU_ASSERT_PTR_NULL(read_list(rows[i].entry));
		gp_test_row("%s: %s", rows[i].entry, rows[i].url);
		CU_ASSERT_EQUAL(gp_trusted_origins_has(&list, rows[i].url), rows[i].expected);
	}
}

static void
judges_targets(void)
{
	static const struct {
		const char *target;
		bool expected;
	} rows[] = {
		{ "/", true },
		{ "/dashboard", true },
		{ "/a b", true },
		{ "/\xc3\xbc", true },
		{ "/a/../b", true },
		{ "/..", true },
		{ "/a//b", true },
		{ "/a/", true },
		{ "/?", true },
		{ "/#", true },
		{ "/a?b=//c&d=%2f%5c%09&e=..//#//%2f", true },
		{ "/@evil.example", true },
		{ "/:80", true },
		{ "/a?u=https://evil.example", true },
		{ "/\xef\xbc\x8f"
		  "evil.example",
		    true },
		{ "/%2", true },
		{ "/%", true },
		{ "https://app.example.com", true },
		{ "https://app.example.com/a/../b?c=\\#d", true },
		{ "HTTPS://APP.EXAMPLE.COM:443/", true },
		{ "myapp://cb?x", true },
		{ "", false },
		{ "dash", false },
		{ "?a", false },
		{ "#a", false },
		{ "./a", false },
		{ " /a", false },
		{ "//x", false },
		{ "//", false },
		{ "///x", false },
		{ "/\\x", false },
		{ "\\\\x", false },
		{ "\\/x", false },
		{ "/a\\b", false },
		{ "/a?b=\\", false },
		{ "/a#\\", false },
		{ "/a%2fb", false },
		{ "/a%2Fb", false },
		{ "/%5cx", false },
		{ "/%5Cx?y", false },
		{ "/%09/x", false },
		{ "/%0d%0aSet-Cookie:x", false },
		{ "/%00", false },
		{ "/%7f", false },
		{ "/\t/x", false },
		{ "\t//x", false },
		{ "/a\tb", false },
		{ "/a\r\nSet-Cookie: x=y", false },
		{ "/a?b\n", false },
		{ "/a#b\x1f", false },
		{ "/\x7f", false },
		{ "/\xc2\x80", false },
		{ "/\xc2\x9f", false },
		{ "/\xff", false },
		{ "/\xc0\xaf", false },
		{ "/..//evil.example", false },
		{ "/.//evil.example", false },
		{ "/a/..//evil.example", false },
		{ "/%2e%2E//evil.example", false },
		{ "/.%2e//evil.example?x", false },
		{ "http:evil.example", false },
		{ "https:/evil.example", false },
		{ "https:evil.example", false },
		{ "https:app.example.com", false },
		{ "https:///app.example.com", false },
		{ "https:\\\\app.example.com", false },
		{ "https:\xef\xbc\x8f\xef\xbc\x8f"
		  "app.example.com",
		    false },
		{ "https://app.example.com\xef\xbc\x8f.evil.example", false },
		{ "https://evil.example", false },
		{ "https://app.example.com@evil.example", false },
		{ "https://app.example.com\\@evil.example", false },
		{ "https://app.example.com\\.evil.example", false },
		{ "https://app.example.com/a\\b", false },
		{ "https://app.example.com/a%5Cb", false },
		{ "https://app.example.com/..//evil.example", false },
		{ "https://app.example.com/\r\nX: y", false },
		{ "https://user:password@app.example.com", false },
		{ "javascript:alert(1)", false },
		{ "JavaScript://app.example.com/%0aalert(1)", false },
		{ "java\nscript:alert(1)", false },
		{ "data:text/html,x", false },
		{ "vbscript:x", false },
		{ "file:///etc/passwd", false },
		{ "myapp2://cb", false },
	};

	CU_ASSERT_PTR_NULL(read_list("https://app.example.com,myapp://cb,*.trusted.example"));
	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		gp_test_row("%s", rows[i].target);
		CU_ASSERT_EQUAL(
		    gp_trusted_target_is_allowed(&list, rows[i].target), rows[i].expected);
	}
}

static void
limits_the_length_of_a_target(void)
{
	char target[GP_TRUSTED_TARGET_MAX + 2];
	static char host[100 * 1000];

	CU_ASSERT_PTR_NULL(read_list("https://*.example.com,myapp://*"));
	memset(target, 'a', sizeof(target));
	target[0] = '/';
	target[GP_TRUSTED_TARGET_MAX] = '\0';
	CU_ASSERT(gp_trusted_target_is_allowed(&list, target));
	target[GP_TRUSTED_TARGET_MAX] = 'a';
	target[GP_TRUSTED_TARGET_MAX + 1] = '\0';
	CU_ASSERT_FALSE(gp_trusted_target_is_allowed(&list, target));
	memset(host, 'a', sizeof(host) - 1);
	memcpy(host, "https://", strlen("https://"));
	CU_ASSERT_FALSE(gp_trusted_origins_has(&list, host));
	memcpy(host, "myapp://", strlen("myapp://"));
	CU_ASSERT_FALSE(gp_trusted_origins_has(&list, host));
}

static void
trusts_nobody_when_empty(void)
{
	list.count = 0;
	CU_ASSERT_FALSE(gp_trusted_origins_has(&list, "https://app.example.com"));
	CU_ASSERT_FALSE(gp_trusted_origins_has(&list, ""));
	CU_ASSERT_FALSE(gp_trusted_target_is_allowed(&list, "https://app.example.com"));
	CU_ASSERT(gp_trusted_target_is_allowed(&list, "/path"));
}

const struct gp_test gp_tests_trusted_origins[] = {
	GP_TEST(makes_entries_canonical),
	GP_TEST(reads_several_with_commas),
	GP_TEST(says_what_to_write_instead),
	GP_TEST(limits_length_and_number),
	GP_TEST(adds_to_what_is_there),
	GP_TEST(compares_origins),
	GP_TEST(compares_addresses_of_apps),
	GP_TEST(judges_targets),
	GP_TEST(limits_the_length_of_a_target),
	GP_TEST(trusts_nobody_when_empty),
	{ NULL, NULL },
};
