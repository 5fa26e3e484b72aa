/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every route of every dialect under paths, queries, methods and bodies that nobody should send:
 * no 5xx, nothing told, nothing changed, and the next good request is answered.
 */
#include <string.h>

#include "client.h"
#include "expect.h"
#include "kept.h"
#include "stage.h"
#include "suites.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { AT_ONCE = 4, ROUTES_MAX = 64, MIB = 1024 * 1024 };

/* What an abuse makes of a good path. */
typedef const char *abuse_path(const char *path, const char *text);

/* Send one request for each route, all abused in the same way. */
static void
abuse_paths(const struct gp_stage *stage, abuse_path *abuse, const char *text)
{
	static struct gp_call calls[ROUTES_MAX];
	static struct gp_answer answers[ROUTES_MAX];
	size_t count = 0;

	for (size_t i = 0; i < gp_stage_route_count; i++) {
		const struct gp_stage_route *route = &gp_stage_routes[i];

		if (!gp_stage_turn())
			continue;
		calls[count++] = (struct gp_call){ .method = route->method,
			.path = abuse(gp_stage_path(stage, route), text),
			.token = stage->user.token,
			.body = route->body };
	}
	gp_send_all(calls, answers, count, AT_ONCE);
	for (size_t i = 0; i < count; i++) {
		gp_test_row("%s %s", calls[i].method, calls[i].path);
		GP_EXPECT_TAME(&answers[i]);
	}
	GP_EXPECT_WHOLE(stage);
}

static const char *
with_prefix(const char *path, const char *text)
{
	return gp_kept_text("%s%s", text, path);
}

static const char *
with_suffix(const char *path, const char *text)
{
	return gp_kept_text("%s%s", path, text);
}

/* Its last slash replaced. */
static const char *
with_slash(const char *path, const char *text)
{
	const char *slash = strrchr(path, '/');

	return gp_kept_text("%.*s%s%s", (int)(slash - path), path, text, slash + 1);
}

/* Its last segment replaced. */
static const char *
with_last(const char *path, const char *text)
{
	return gp_kept_text("%.*s/%s", (int)(strrchr(path, '/') - path), path, text);
}

/* The user in it, if any, replaced: ids of tests begin with "user-". */
static const char *
with_user(const char *path, const char *text)
{
	const char *id = strstr(path, "user-");

	if (id == NULL)
		return path;
	return gp_kept_text("%.*s%s%s", (int)(id - path), path, text, id + strcspn(id, "/"));
}

/* All its letters percent-encoded, twice over where there is a text. */
static const char *
encoded(const char *path, const char *text)
{
	const char *all = "";

	for (const char *c = path; *c != '\0'; c++)
		all = *c == '/' ? gp_kept_text("%s/", all)
				: gp_kept_text("%s%%%s%02x", all, text, (unsigned)*c);
	return all;
}

static void
strange_beginnings(void)
{
	static const char *const texts[] = { "/", "//", "/.", "/..", "/x/..", "/%2e", "/%2e%2e",
		"/%2E%2E/%2E%2E", "/..%2f..", "/..%5c..", "/%2f", "/%5c", "\\", "/\\", "/;a=b",
		"/%00", "/%20", "/%0d%0aX-Evil:%20a", "/%ff", "/%c0%ae%c0%ae", "/gatepost.fcgi",
		"http://example.com", "http:", "x" };
	struct gp_stage stage = gp_stage_set();

	for (size_t i = 0; i < COUNT(texts); i++)
		abuse_paths(&stage, with_prefix, texts[i]);
	abuse_paths(&stage, encoded, "");
	abuse_paths(&stage, encoded, "25");
}

static void
strange_slashes(void)
{
	static const char *const texts[] = { "//", "///", "/./", "/x/../", "/../", "/%2e/",
		"/%2e%2e/", "/.%2e/", "%2f", "%2F", "%252f", "%5c", "%5C", "\\", "/%5c", "/;/",
		"/;a=b/", "/%00/", "%00", "/%0a/", "%c0%af", "%e0%80%af", "%f0%80%80%af",
		"%e2%88%95", "%ef%bc%8f", "%2f%2e%2e%2f" };
	struct gp_stage stage = gp_stage_set();

	for (size_t i = 0; i < COUNT(texts); i++)
		abuse_paths(&stage, with_slash, texts[i]);
}

static void
strange_ends(void)
{
	static const char *const texts[] = { "/", "//", "/.", "/..", "/%2e%2e", "/../..",
		"/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "%00", "%00.json", "%20", " ", ".json", ";x",
		";jsessionid=1", "%3b", "%3f", "%23", "%", "%4", "%zz", "%u0041", "%%", "\xff",
		"%ff", "%c3", "%c3%28", "%c0%80", "%c1%bf", "%e0%80%80", "%ed%a0%80", "%ed%bf%bf",
		"%f4%90%80%80", "%f8%88%80%80%80", "%fe%ff", "%0a", "%0d", "%0d%0aX-Evil:%20a",
		"%09", "%01", "%1f", "%7f", "%c2%85", "%e2%80%ae", "%ef%bb%bf", "%ef%bf%bf", "'",
		"''", "'--", "%22", "\"", "%27%20or%20%271%27=%271", "%3bdrop%20table%20task",
		"<script>", "{}", "[]", "|", "^", "`", "~", "*", "+", "%2b", "$1", "%s%n", "\\",
		"/complete", "/complete/complete", "/0", "?", "??" };
	struct gp_stage stage = gp_stage_set();

	for (size_t i = 0; i < COUNT(texts); i++)
		abuse_paths(&stage, with_suffix, texts[i]);
}

static void
strange_ids(void)
{
	static const char *const texts[] = { "9223372036854775806", "9223372036854775807",
		"9223372036854775808", "-9223372036854775807", "-9223372036854775808",
		"-9223372036854775809", "18446744073709551615", "18446744073709551616",
		"18446744073709551617", "340282366920938463463374607431768211456", "0", "-0", "+0",
		"--1", "+-1", "1-", "1e309", "1e400000", "0x1", "0b1", "1_000", "1,2", "1.0", "NaN",
		"Infinity", "null", "undefined", "true", "1%00", "%001", "%31", "%2531", "%d9%a1",
		"%c2%b2", "%ef%bc%91", "%201", "1%20", "%0b1", "me", "profile", "v1",
		"00000000-0000-0000-0000-000000000000", "{00000000-0000-0000-0000-000000000000}",
		"urn:uuid:00000000-0000-0000-0000-000000000000",
		"00000000000000000000000000000000" };
	struct gp_stage stage = gp_stage_set();

	for (size_t i = 0; i < COUNT(texts); i++)
		abuse_paths(&stage, with_last, texts[i]);
	abuse_paths(&stage, with_last, gp_kept_repeated("9", 400));
	abuse_paths(&stage, with_last, gp_kept_text("%s1", gp_kept_repeated("0", 400)));
}

static void
strange_users(void)
{
	static const char *const texts[] = { "", ".", "..", "%2e%2e", "%2f", "%5c", "%00", "%0a",
		"%0d%0aX-Evil:%20a", "%7f", "%c2%85", "%20", "+", "me", "v1", "todos", "tasks",
		"null", "\xff", "%ff", "%80", "%c3", "%c0%80", "%e0%80%af", "%ed%a0%80",
		"%f4%90%80%80", "'", "'%20or%20true--", "%25", "%zz", "%u0041", "*", "{user_id}",
		"%e2%80%ae", "a/b", "a%2fb", "a;b", "a%3fb", "%ef%bf%bf" };
	struct gp_stage stage = gp_stage_set();

	for (size_t i = 0; i < COUNT(texts); i++)
		abuse_paths(&stage, with_user, texts[i]);
	abuse_paths(&stage, with_user, gp_kept_repeated("a", 256));
	abuse_paths(&stage, with_user, gp_kept_repeated("%c3%a9", 500));
}

static void
long_paths(void)
{
	static const char *const units[] = { "a", "/", "/a", "/..", "%41", "%00", "\xc3\xa9", "1",
		";" };
	static const size_t lengths[] = { 300, 4000, 9000, 100000 };
	struct gp_stage stage = gp_stage_set();

	for (size_t i = 0; i < COUNT(units) * COUNT(lengths); i++) {
		const char *unit = units[i % COUNT(units)];

		abuse_paths(&stage, with_suffix,
		    gp_kept_repeated(unit, lengths[i / COUNT(units)] / strlen(unit)));
	}
}

static void
strange_queries(void)
{
	static const char *const texts[] = { "?limit=%00", "?limit=5%00", "?limit%00=5", "?%00=1",
		"?limit=1&limit=2", "?limit=0&limit=101&limit=x", "?limit", "?limit=", "?limit==5",
		"?=5", "?=", "?&&&&", "?&limit=5&", "??limit=5", "?limit=5?", "?%zz", "?limit=%zz",
		"?limit=%", "?limit=%4", "?limit=%u0031", "?;", "?limit=1;offset=2", "?a[b][c]=1",
		"?limit[]=1", "?limit[0]=1", "?[[[[[[[[]]]]]]]]=[[", "?{\"a\":{\"b\":1}}",
		"?limit=0", "?limit=-1", "?limit=101", "?limit=1001", "?limit=2147483648",
		"?limit=4294967297", "?limit=9223372036854775807", "?limit=9223372036854775808",
		"?limit=-9223372036854775809", "?limit=18446744073709551617", "?offset=-1",
		"?offset=2147483648", "?offset=9223372036854775807", "?offset=9223372036854775808",
		"?offset=18446744073709551617", "?limit=100&offset=9223372036854775807",
		"?limit=1&offset=9223372036854775806", "?limit=1e3", "?limit=0x10", "?limit=1.0",
		"?limit=%d9%a1", "?limit=%2b5", "?limit=+5", "?limit=%205", "?limit=5%20",
		"?limit=1_0", "?limit=NaN", "?offset=-0", "?limit=true", "?completed=%00",
		"?completed=\xff", "?completed=%ff", "?completed=tr%75e", "?completed=TRUE",
		"?completed=2", "?completed=null", "?completed=&completed=maybe",
		"?completed=true&completed=", "?LIMIT=0", "?a=%ff", "?a=%c0%af", "?a=%ed%a0%80",
		"?a=%0d%0aX-Evil:%20a", "?a=%0a", "?a=\x01", "?a=<script>", "?a='", "?a=\"",
		"?a=\\", "?a=${jndi:ldap://a}", "?a=../../x", "?a=//x", "?a=b=c=d",
		"?user_id=somebody", "?sub=somebody", "?access_token=a.b.c", "?token=a.b.c",
		"?_method=DELETE", "?a=%E2%80%AE", "?+", "?%20", "?%26limit=0", "?%3d" };
	struct gp_stage stage = gp_stage_set();

	for (size_t i = 0; i < COUNT(texts); i++)
		abuse_paths(&stage, with_suffix, texts[i]);
}

static void
long_queries(void)
{
	static const char *const units[] = { "a", "&", "limit=1&", "limit=", "%00", "%", "[", "+",
		"a[b]=", "1" };
	static const size_t lengths[] = { 300, 4000, 7000, 100000 };
	struct gp_stage stage = gp_stage_set();

	for (size_t i = 0; i < COUNT(units) * COUNT(lengths); i++) {
		const char *unit = units[i % COUNT(units)];

		abuse_paths(&stage, with_suffix,
		    gp_kept_text("?limit=%s",
			gp_kept_repeated(unit, lengths[i / COUNT(units)] / strlen(unit))));
	}
}

/* lighttpd answers 501 to what it does not know, which is a way to say that it is the client's
 * fault. */
static void
expect_tame_or_unknown(const struct gp_answer *answer)
{
	if (answer->status == 501 && gp_answer_field(answer, "X-Request-Id") == NULL)
		GP_EXPECT(strstr(answer->fields, "X-Evil") == NULL, "%s", answer->fields);
	else
		GP_EXPECT_TAME(answer);
}

static void
strange_methods(void)
{
	static const char *const methods[] = { "get", "Get", "gET", "post", "delete", "BREW",
		"HEAD", "OPTIONS", "TRACE", "TRACK", "CONNECT", "PROPFIND", "LOCK", "MOVE", "COPY",
		"LINK", "PURGE", "REPORT", "SEARCH", "M-SEARCH", "UPDATE", "PRI", "G", "GETGET",
		"GET/", "*", "'", "GET%00", "X-Evil" };
	struct gp_stage stage = gp_stage_set();

	for (size_t i = 0; i < (COUNT(methods) + 1) * gp_stage_route_count; i++) {
		const struct gp_stage_route *route = &gp_stage_routes[i % gp_stage_route_count];
		size_t row = i / gp_stage_route_count;
		const char *method =
		    row < COUNT(methods) ? methods[row] : gp_kept_repeated("LONG", 500);

		if (!gp_stage_turn())
			continue;
		gp_test_row("%.40s %s", method, route->path);
		expect_tame_or_unknown(GP_SEND(.method = method,
		    .path = gp_stage_path(&stage, route), .token = stage.user.token));
	}
	GP_EXPECT_WHOLE(&stage);
}

/* --- bodies --- */

/* Send this body to each route, also to those that expect none. */
static void
abuse_bodies(const struct gp_stage *stage, const struct gp_call *model)
{
	for (size_t i = 0; i < gp_stage_route_count; i++) {
		const struct gp_stage_route *route = &gp_stage_routes[i];
		struct gp_call call = *model;

		/* lighttpd refuses any body of a GET. */
		if ((strcmp(route->method, "GET") == 0 && !route->is_plain) || !gp_stage_turn())
			continue;
		call.method = route->method;
		call.path = gp_stage_path(stage, route);
		call.token = stage->user.token;
		gp_test_row("%s %s %s %.60s", call.method, call.path, call.chunked ? "chunked" : "",
		    call.body);
		GP_EXPECT_TAME(gp_send(&call));
	}
	GP_EXPECT_WHOLE(stage);
}

static void
enormous_bodies(void)
{
	struct gp_stage stage = gp_stage_set();
	const char *text = gp_kept_repeated("{\"title\":1,", MIB);
	size_t length = 10 * (size_t)MIB;

	abuse_bodies(&stage, &(struct gp_call){ .body = text, .body_length = length });
	abuse_bodies(
	    &stage, &(struct gp_call){ .body = text, .body_length = length, .chunked = true });
}

static void
monstrous_json(void)
{
	/* what stands in front, what is repeated, what follows as often, the end */
	static const char *const patterns[][4] = { { "", "[", "]", "" }, { "", "{\"a\":", "}", "" },
		{ "", "[", "", "" }, { "{\"title\":", "[", "]", "}" },
		{ "{\"text\":\"a\",\"title\":\"a\",\"x\":", "[{\"a\":", "}]", "}" },
		{ "{\"title\":\"", "\\\\", "", "\"}" }, { "{\"title\":\"", "\\u0001", "", "\"}" },
		{ "{\"title\":\"", "\xf0\x9f\x98\x80", "", "\"}" },
		{ "{\"completed\":", "9", "", "}" }, { "{\"completed\":0.", "0", "", "1}" },
		{ "{", "\"a\":1,", "", "\"b\":1}" }, { "", " ", "", "{}" }, { "[", "1,", "", "1]" },
		{ "{\"", "a", "", "\":1}" }, { "", "\"", "", "" }, { "", "-", "", "" } };
	struct gp_stage stage = gp_stage_set();

	for (size_t i = 0; i < COUNT(patterns); i++) {
		const char *const *part = patterns[i];

		abuse_bodies(&stage,
		    &(struct gp_call){
			.body = gp_kept_text("%s%s%s%s", part[0], gp_kept_repeated(part[1], 100000),
			    gp_kept_repeated(part[2], 100000), part[3]) });
	}
}

static void
strange_types(void)
{
	static const char *const types[] = { "", "text/plain", "application/x-www-form-urlencoded",
		"multipart/form-data", "multipart/form-data; boundary=", "application/json;",
		"application/json; charset=utf-16", "application/json; charset=\"",
		"application/json,", "application/json, text/plain", ";", "/", "//", "\"", "\xff",
		"*/*", "application/json\tx", "application/problem+json", "+json", "a/+json" };
	struct gp_stage stage = gp_stage_set();

	for (size_t i = 0; i < COUNT(types); i++)
		abuse_bodies(&stage, &(struct gp_call){ .body = "{\"title\":\"a\",\"text\":\"a\"}",
					 .content_type = types[i] });
	abuse_bodies(&stage, &(struct gp_call){ .body = "{\"title\":\"a\",\"text\":\"a\"}",
				 .content_type = gp_kept_repeated("a/", 2000) });
	abuse_bodies(&stage, &(struct gp_call){ .body = "{\"title\":\"a\"}",
				 .fields = { "Content-Encoding: gzip" } });
}

const struct gp_test gp_abuse_tests[] = {
	GP_TEST(strange_beginnings),
	GP_TEST(strange_slashes),
	GP_TEST(strange_ends),
	GP_TEST(strange_ids),
	GP_TEST(strange_users),
	GP_TEST(long_paths),
	GP_TEST(strange_queries),
	GP_TEST(long_queries),
	GP_TEST(strange_methods),
	GP_TEST(enormous_bodies),
	GP_TEST(monstrous_json),
	GP_TEST(strange_types),
	{ NULL, NULL },
};
