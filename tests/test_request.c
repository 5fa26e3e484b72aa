/* SPDX-License-Identifier: Apache-2.0 */
/* What a web server hands over: variables, the path however it is split, and bodies that keep their
 * word and others. */
#include "request.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

/* Where a body comes from: what `bytes` holds, and then the end or a failure. */
struct source {
	const char *bytes;
	size_t length;
	size_t at;
	size_t piece; /* bytes put together at a time; 0: as many as are asked for */
	bool breaks_off;
	unsigned calls;
};

/* Takes what there is in pieces, as from a socket, and returns less only at the end. */
static long
read_source(void *context, char *bytes, size_t size)
{
	struct source *source = context;
	size_t got = 0;

	source->calls++;
	CU_ASSERT(size > 0);
	while (got < size && source->at < source->length) {
		size_t more = source->length - source->at;

		if (more > size - got)
			more = size - got;
		if (source->piece > 0 && more > source->piece)
			more = source->piece;
		memcpy(bytes + got, source->bytes + source->at, more);
		source->at += more;
		got += more;
	}
	return got < size && source->breaks_off ? -1 : (long)got;
}

/* Every variable there is to be, and what it is kept as. */
static const struct {
	const char *name;
	size_t offset;
} variables[] = {
	{ "CONTENT_LENGTH", offsetof(struct gp_request, content_length) },
	{ "CONTENT_TYPE", offsetof(struct gp_request, content_type) },
	{ "HTTPS", offsetof(struct gp_request, https) },
	{ "HTTP_ACCEPT", offsetof(struct gp_request, accept) },
	{ "HTTP_ACCESS_CONTROL_REQUEST_HEADERS", offsetof(struct gp_request, preflight_fields) },
	{ "HTTP_ACCESS_CONTROL_REQUEST_METHOD", offsetof(struct gp_request, preflight_method) },
	{ "HTTP_AUTHORIZATION", offsetof(struct gp_request, authorization) },
	{ "HTTP_CONNECTION", offsetof(struct gp_request, connection) },
	{ "HTTP_COOKIE", offsetof(struct gp_request, cookies) },
	{ "HTTP_DEPTH", offsetof(struct gp_request, depth) },
	{ "HTTP_DESTINATION", offsetof(struct gp_request, destination) },
	{ "HTTP_FORWARDED", offsetof(struct gp_request, other_forwarding) },
	{ "HTTP_HOST", offsetof(struct gp_request, host) },
	{ "HTTP_IF_MATCH", offsetof(struct gp_request, if_match) },
	{ "HTTP_IF_NONE_MATCH", offsetof(struct gp_request, if_none_match) },
	{ "HTTP_ORIGIN", offsetof(struct gp_request, origin) },
	{ "HTTP_REFERER", offsetof(struct gp_request, referer) },
	{ "HTTP_REMOTE_EMAIL", offsetof(struct gp_request, claimed_user) },
	{ "HTTP_REMOTE_GROUPS", offsetof(struct gp_request, claimed_user) },
	{ "HTTP_REMOTE_NAME", offsetof(struct gp_request, claimed_user) },
	{ "HTTP_REMOTE_USER", offsetof(struct gp_request, claimed_user) },
	{ "HTTP_SEC_FETCH_DEST", offsetof(struct gp_request, fetch_destination) },
	{ "HTTP_SEC_FETCH_MODE", offsetof(struct gp_request, fetch_mode) },
	{ "HTTP_SEC_FETCH_SITE", offsetof(struct gp_request, fetch_site) },
	{ "HTTP_SEC_WEBSOCKET_KEY", offsetof(struct gp_request, websocket_key) },
	{ "HTTP_SEC_WEBSOCKET_PROTOCOL", offsetof(struct gp_request, websocket_protocols) },
	{ "HTTP_SEC_WEBSOCKET_VERSION", offsetof(struct gp_request, websocket_version) },
	{ "HTTP_UPGRADE", offsetof(struct gp_request, upgrade) },
	{ "HTTP_USER_AGENT", offsetof(struct gp_request, user_agent) },
	{ "HTTP_VIA", offsetof(struct gp_request, other_forwarding) },
	{ "HTTP_X_AUTH_REQUEST_EMAIL", offsetof(struct gp_request, claimed_user) },
	{ "HTTP_X_AUTH_REQUEST_GROUPS", offsetof(struct gp_request, claimed_user) },
	{ "HTTP_X_AUTH_REQUEST_PREFERRED_USERNAME", offsetof(struct gp_request, claimed_user) },
	{ "HTTP_X_AUTH_REQUEST_USER", offsetof(struct gp_request, claimed_user) },
	{ "HTTP_X_AUTH_USER", offsetof(struct gp_request, claimed_user) },
	{ "HTTP_X_FORWARDED", offsetof(struct gp_request, other_forwarding) },
	{ "HTTP_X_FORWARDED_EMAIL", offsetof(struct gp_request, claimed_user) },
	{ "HTTP_X_FORWARDED_FOR", offsetof(struct gp_request, forwarded_for) },
	{ "HTTP_X_FORWARDED_GROUPS", offsetof(struct gp_request, claimed_user) },
	{ "HTTP_X_FORWARDED_HOST", offsetof(struct gp_request, other_forwarding) },
	{ "HTTP_X_FORWARDED_PREFERRED_USERNAME", offsetof(struct gp_request, claimed_user) },
	{ "HTTP_X_FORWARDED_PROTO", offsetof(struct gp_request, forwarded_proto) },
	{ "HTTP_X_FORWARDED_USER", offsetof(struct gp_request, claimed_user) },
	{ "HTTP_X_HTTP_METHOD", offsetof(struct gp_request, method_override) },
	{ "HTTP_X_HTTP_METHOD_OVERRIDE", offsetof(struct gp_request, method_override) },
	{ "HTTP_X_METHOD_OVERRIDE", offsetof(struct gp_request, method_override) },
	{ "HTTP_X_REAL_IP", offsetof(struct gp_request, other_forwarding) },
	{ "HTTP_X_REMOTE_EMAIL", offsetof(struct gp_request, claimed_user) },
	{ "HTTP_X_REMOTE_GROUPS", offsetof(struct gp_request, claimed_user) },
	{ "HTTP_X_REMOTE_NAME", offsetof(struct gp_request, claimed_user) },
	{ "HTTP_X_REMOTE_USER", offsetof(struct gp_request, claimed_user) },
	{ "HTTP_X_REQUEST_ID", offsetof(struct gp_request, request_id) },
	{ "HTTP_X_WEBAUTH_EMAIL", offsetof(struct gp_request, claimed_user) },
	{ "HTTP_X_WEBAUTH_NAME", offsetof(struct gp_request, claimed_user) },
	{ "HTTP_X_WEBAUTH_USER", offsetof(struct gp_request, claimed_user) },
	{ "PATH_INFO", offsetof(struct gp_request, path_info) },
	{ "QUERY_STRING", offsetof(struct gp_request, query) },
	{ "REDIRECT_HTTP_AUTHORIZATION", offsetof(struct gp_request, redirected_authorization) },
	{ "REMOTE_ADDR", offsetof(struct gp_request, remote_address) },
	{ "REQUEST_METHOD", offsetof(struct gp_request, method) },
	{ "REQUEST_SCHEME", offsetof(struct gp_request, scheme) },
	{ "REQUEST_URI", offsetof(struct gp_request, target) },
	{ "SCRIPT_NAME", offsetof(struct gp_request, script_name) },
	{ "SERVER_SOFTWARE", offsetof(struct gp_request, server_software) },
};

static const char *
member_of(const struct gp_request *request, size_t offset)
{
	const char *member;

	memcpy(&member, (const char *)request + offset, sizeof(member));
	return member;
}

/* All members but this one are as they are without any variable. */
static void
expect_nothing_else(const struct gp_request *request, size_t offset)
{
	char *const nothing[] = { NULL };
	struct gp_request empty;

	gp_request_read_environment(&empty, nothing);
	for (size_t i = 0; i < GP_COUNT(variables); i++) {
		if (variables[i].offset != offset)
			CU_ASSERT(gp_test_same(member_of(request, variables[i].offset),
			    member_of(&empty, variables[i].offset)));
	}
}

/* A member that is none, where nothing is to be found. */
enum { NOWHERE = sizeof(struct gp_request) };

static void
finds_every_variable_of_its_table(void)
{
	for (size_t i = 0; i < GP_COUNT(variables); i++) {
		char line[80];
		char *const environment[] = { line, NULL };
		struct gp_request request;

		snprintf(line, sizeof(line), "%s=a=b", variables[i].name);
		gp_test_row("%s", line);
		gp_request_read_environment(&request, environment);
		CU_ASSERT(gp_test_same(member_of(&request, variables[i].offset), "a=b"));
		expect_nothing_else(&request, variables[i].offset);
		snprintf(line, sizeof(line), "%s=", variables[i].name);
		gp_request_read_environment(&request, environment);
		CU_ASSERT(gp_test_same(member_of(&request, variables[i].offset), ""));
	}
}

static bool
is_known(const char *name)
{
	for (size_t i = 0; i < GP_COUNT(variables); i++) {
		if (strcmp(variables[i].name, name) == 0)
			return true;
	}
	return false;
}

/* One variable of this name, which nobody asked for. */
static void
expect_unknown(const char *name)
{
	char line[80];
	char *const environment[] = { line, NULL };
	struct gp_request request;

	if (is_known(name))
		return;
	snprintf(line, sizeof(line), "%s=x", name);
	gp_test_row("%s", line);
	gp_request_read_environment(&request, environment);
	expect_nothing_else(&request, NOWHERE);
}

/* Names beside each of the table: every beginning of it, a character more, or another at its end.
 */
static void
takes_no_similar_name_for_one_of_its_own(void)
{
	static const char *const names[] = { "HTTP_X_FORWARDED_FO", "HTTP_X_FORWARDED_FORX",
		"HTTP_X_FORWARDED_", "HTTP_X_FORWARDE", "HTTP_X_FORWARDED_FOR_",
		"HTTP_X_FORWARDED-FOR", "HTTP_X_FORWARDED_FOR ", "http_x_forwarded_for",
		"X_FORWARDED_FOR", "HTTP_X_FORWARDED_FOS", "HTTP_X_FORWARDED_FOQ", "HTTP_ORIGIN_",
		"HTTP_IF_MATC", "HTTP_IF_MATCHES", "HTTP_IF_NONE", "HTTP_COOKIE", "HTTP_PROXY",
		"REQUEST_URL", "REQUEST_", "A", "ZZZ", "\xff", "HTTP_X_FORWARDED\x01FOR" };

	for (size_t i = 0; i < GP_COUNT(names); i++)
		expect_unknown(names[i]);
	for (size_t i = 0; i < GP_COUNT(variables); i++) {
		size_t length = strlen(variables[i].name);
		char name[64];

		for (size_t cut = 0; cut < length; cut++) {
			snprintf(name, sizeof(name), "%.*s", (int)cut, variables[i].name);
			expect_unknown(name);
		}
		for (int c = 1; c < 0x100; c++) {
			if (c == '=')
				continue;
			snprintf(name, sizeof(name), "%s%c", variables[i].name, c);
			expect_unknown(name);
			name[length] = '\0';
			name[length - 1] = (char)c;
			expect_unknown(name);
		}
	}
}

/* Neither is what the proxy wrote: a client's X_Forwarded_For has the same name here. */
static void
believes_no_second_forwarded_for(void)
{
	static const struct {
		char *environment[5];
		const char *forwarded_for;
	} rows[] = {
		{ { "HTTP_X_FORWARDED_FOR=192.0.2.1", NULL }, "192.0.2.1" },
		{ { "HTTP_X_FORWARDED_FOR=", NULL }, "" },
		{ { "HTTP_X_FORWARDED_FOR=192.0.2.1", "HTTP_X_FORWARDED_FOR=192.0.2.2", NULL },
		    "" },
		{ { "HTTP_X_FORWARDED_FOR=192.0.2.1", "HTTP_X_FORWARDED_FOR=192.0.2.1", NULL },
		    "" },
		{ { "HTTP_X_FORWARDED_FOR=", "HTTP_X_FORWARDED_FOR=192.0.2.1", NULL }, "" },
		{ { "HTTP_X_FORWARDED_FOR=192.0.2.1", "HTTP_X_FORWARDED_FOR=", NULL }, "" },
		{ { "HTTP_X_FORWARDED_FOR=192.0.2.1", "HTTP_X_FORWARDED_FOR=192.0.2.2",
		      "HTTP_X_FORWARDED_FOR=192.0.2.3", NULL },
		    "" },
		{ { "HTTP_X_FORWARDED_FOR=192.0.2.1", "PATH_INFO=/",
		      "HTTP_X_FORWARDED_FOR=192.0.2.2", NULL },
		    "" },
		{ { "HTTP_X_FORWARDED=192.0.2.9", "HTTP_X_FORWARDED_FOR=192.0.2.1",
		      "HTTP_X_FORWARDED_FO=192.0.2.8", "HTTP_X_FORWARDED_FORX=192.0.2.7", NULL },
		    "192.0.2.1" },
		{ { "HTTP_X_FORWARDED=192.0.2.9", NULL }, NULL },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_request request;

		gp_test_row("row %zu", i);
		gp_request_read_environment(&request, rows[i].environment);
		CU_ASSERT(gp_test_same(request.forwarded_for, rows[i].forwarded_for));
	}
}

/* Servers keep X-Forwarded-Proto and X_Forwarded_Proto apart and give both one name. */
static void
believes_no_second_forwarded_proto(void)
{
	char *const environment[] = { "HTTP_X_FORWARDED_PROTO=https",
		"HTTP_X_FORWARDED_PROTO=https", NULL };
	struct gp_request request;

	gp_request_read_environment(&request, environment);
	CU_ASSERT(gp_test_same(request.forwarded_proto, ""));
	gp_request_read_environment(&request, environment + 1);
	CU_ASSERT(gp_test_same(request.forwarded_proto, "https"));
}

static void
knows_tls_by_the_servers_own_variables(void)
{
	static const struct {
		char *environment[3];
		bool tls;
	} rows[] = {
		{ { NULL }, false },
		{ { "HTTPS=on", NULL }, true },
		{ { "HTTPS=ON", NULL }, true },
		{ { "REQUEST_SCHEME=https", NULL }, true },
		{ { "HTTPS=on", "REQUEST_SCHEME=https", NULL }, true },
		{ { "HTTPS=off", NULL }, false },
		{ { "HTTPS=", NULL }, false },
		{ { "HTTPS=1", NULL }, false },
		{ { "REQUEST_SCHEME=http", NULL }, false },
		{ { "REQUEST_SCHEME=", "HTTPS=off", NULL }, false },
		/* A client's. */
		{ { "HTTP_HTTPS=on", "HTTP_REQUEST_SCHEME=https", NULL }, false },
		{ { "HTTP_X_FORWARDED_PROTO=https", NULL }, false },
		{ { "HTTP_X_FORWARDED_SSL=on", "HTTP_FRONT_END_HTTPS=on", NULL }, false },
		{ { "HTTP_FORWARDED=proto=https", NULL }, false },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_request request;

		gp_test_row("%s", rows[i].environment[0]);
		gp_request_read_environment(&request, rows[i].environment);
		CU_ASSERT_EQUAL(gp_request_came_over_tls(&request), rows[i].tls);
	}
}

/* Any of these fields says that there was a proxy; which one is all the same. */
static void
notices_every_other_sign_of_a_proxy(void)
{
	char *const environment[] = { "HTTP_VIA=1.1 proxy", "HTTP_FORWARDED=for=192.0.2.1",
		"HTTP_X_REAL_IP=192.0.2.2", NULL };
	struct gp_request request;

	gp_request_read_environment(&request, environment);
	CU_ASSERT(gp_test_same(request.other_forwarding, "1.1 proxy"));
	CU_ASSERT_PTR_NULL(request.forwarded_for);
}

static void
the_first_of_two_variables_counts(void)
{
	for (size_t i = 0; i < GP_COUNT(variables); i++) {
		char first[80], second[80];
		char *const environment[] = { first, second, first, NULL };
		struct gp_request request;

		if (strcmp(variables[i].name, "HTTP_X_FORWARDED_FOR") == 0 ||
		    strcmp(variables[i].name, "HTTP_X_FORWARDED_PROTO") == 0)
			continue;
		snprintf(first, sizeof(first), "%s=first", variables[i].name);
		snprintf(second, sizeof(second), "%s=second", variables[i].name);
		gp_test_row("%s", variables[i].name);
		gp_request_read_environment(&request, environment);
		CU_ASSERT(gp_test_same(member_of(&request, variables[i].offset), "first"));
	}
}

static void
reads_the_variables_it_knows(void)
{
	char *const environment[] = { "PATH=/bin", "REQUEST_METHOD=PUT", "SCRIPT_NAME=/api",
		"PATH_INFO=/tasks", "QUERY_STRING=a=b&c=d",
		"HTTP_AUTHORIZATION=Bearer x=", "CONTENT_TYPE=application/json", "CONTENT_LENGTH=5",
		"HTTP_X_REQUEST_ID=r1", "REMOTE_ADDR=::1", "REQUEST_URI=/api/tasks?a=b&c=d",
		"HTTP_X_FORWARDED_FOR=192.0.2.1, 192.0.2.2", "HTTP_VIA=1.1 p",
		"HTTP_ORIGIN=https://app.example.com", "HTTP_ACCESS_CONTROL_REQUEST_METHOD=PUT",
		"HTTP_ACCESS_CONTROL_REQUEST_HEADERS=authorization", "HTTP_IF_MATCH=\"7\"",
		"HTTP_IF_NONE_MATCH=W/\"8\"", NULL };
	struct gp_request request;

	memset(&request, 0xff, sizeof(request));
	request.read_body = read_source;
	request.body_context = &request;
	gp_request_read_environment(&request, environment);
	CU_ASSERT(gp_test_same(request.method, "PUT"));
	CU_ASSERT(gp_test_same(request.script_name, "/api"));
	CU_ASSERT(gp_test_same(request.path_info, "/tasks"));
	CU_ASSERT(gp_test_same(request.query, "a=b&c=d"));
	CU_ASSERT(gp_test_same(request.authorization, "Bearer x="));
	CU_ASSERT(gp_test_same(request.content_type, "application/json"));
	CU_ASSERT(gp_test_same(request.content_length, "5"));
	CU_ASSERT(gp_test_same(request.request_id, "r1"));
	CU_ASSERT(gp_test_same(request.remote_address, "::1"));
	CU_ASSERT(gp_test_same(request.target, "/api/tasks?a=b&c=d"));
	CU_ASSERT(gp_test_same(request.forwarded_for, "192.0.2.1, 192.0.2.2"));
	CU_ASSERT(gp_test_same(request.other_forwarding, "1.1 p"));
	CU_ASSERT(gp_test_same(request.origin, "https://app.example.com"));
	CU_ASSERT(gp_test_same(request.preflight_method, "PUT"));
	CU_ASSERT(gp_test_same(request.preflight_fields, "authorization"));
	CU_ASSERT(gp_test_same(request.if_match, "\"7\""));
	CU_ASSERT(gp_test_same(request.if_none_match, "W/\"8\""));
	CU_ASSERT(request.read_body == read_source);
	CU_ASSERT_PTR_EQUAL(request.body_context, &request);
	CU_ASSERT_FALSE(request.body_ended);
}

static void
tells_absent_variables(void)
{
	char *const environment[] = { NULL };
	struct gp_request request;

	memset(&request, 0xff, sizeof(request));
	gp_request_read_environment(&request, environment);
	CU_ASSERT(gp_test_same(request.method, ""));
	CU_ASSERT(gp_test_same(request.script_name, ""));
	CU_ASSERT(gp_test_same(request.path_info, ""));
	CU_ASSERT(gp_test_same(request.query, ""));
	CU_ASSERT_PTR_NULL(request.authorization);
	CU_ASSERT_PTR_NULL(request.content_type);
	CU_ASSERT_PTR_NULL(request.content_length);
	CU_ASSERT_PTR_NULL(request.request_id);
	CU_ASSERT_PTR_NULL(request.remote_address);
	CU_ASSERT_PTR_NULL(request.target);
	CU_ASSERT_PTR_NULL(request.forwarded_for);
	CU_ASSERT_PTR_NULL(request.other_forwarding);
	CU_ASSERT_PTR_NULL(request.origin);
	CU_ASSERT_PTR_NULL(request.preflight_method);
	CU_ASSERT_PTR_NULL(request.preflight_fields);
	CU_ASSERT_PTR_NULL(request.if_match);
	CU_ASSERT_PTR_NULL(request.if_none_match);
}

/* Names that are nearly one of ours, texts that are no variables, and a name that stands twice. */
static void
takes_no_variable_for_another(void)
{
	char *const environment[] = { "", "=", "=x", "PATH_INFO", "PATH_INFOS=/a", "PATH_INF=/b",
		"path_info=/c", "XPATH_INFO=/d", " PATH_INFO=/e",
		"REDIRECT_HTTP_AUTHORIZATION=Bearer f", "AUTHORIZATION=Bearer g",
		"HTTP_CONTENT_LENGTH=7", "PATH_INFO=", "PATH_INFO=/i", "SCRIPT_NAME=/one",
		"SCRIPT_NAME=/two", NULL };
	struct gp_request request;

	gp_request_read_environment(&request, environment);
	CU_ASSERT(gp_test_same(request.path_info, ""));
	CU_ASSERT(gp_test_same(request.script_name, "/one"));
	CU_ASSERT_PTR_NULL(request.authorization);
	CU_ASSERT_PTR_NULL(request.content_length);
}

/* A client may not hide a name behind one that the web server has emptied. */
static void
takes_note_of_any_claim_to_be_somebody(void)
{
	static const char *const names[] = { "HTTP_REMOTE_USER", "HTTP_X_REMOTE_USER",
		"HTTP_X_FORWARDED_USER", "HTTP_X_FORWARDED_EMAIL", "HTTP_X_AUTH_REQUEST_USER",
		"HTTP_X_AUTH_REQUEST_EMAIL", "HTTP_X_AUTH_USER", "HTTP_X_REMOTE_EMAIL",
		"HTTP_X_WEBAUTH_USER", "HTTP_REMOTE_EMAIL", "HTTP_REMOTE_NAME",
		"HTTP_REMOTE_GROUPS" };

	for (size_t i = 0; i < GP_COUNT(names); i++) {
		char emptied[64], claimed[64];
		char *const environment[] = { emptied, claimed, emptied, NULL };
		struct gp_request request;

		snprintf(emptied, sizeof(emptied), "%s=", names[i]);
		snprintf(claimed, sizeof(claimed), "%s=boss", names[i]);
		gp_test_row("%s", claimed);
		gp_request_read_environment(&request, environment);
		CU_ASSERT(gp_test_same(request.claimed_user, "boss"));
	}
}

/* The path as gp_request_path() gives it, or the outcome, in one text to compare. */
static void
expect_path(const char *script_name, const char *path_info, const char *mount_path,
    enum gp_outcome outcome, const char *path)
{
	const struct gp_request request = { .script_name = script_name, .path_info = path_info };
	struct gp_arena *arena = gp_arena_new();
	const char *found = NULL;

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	gp_test_row(
	    "SCRIPT_NAME=%s PATH_INFO=%s mounted at \"%s\"", script_name, path_info, mount_path);
	CU_ASSERT_EQUAL(gp_request_path(&request, mount_path, arena, &found), outcome);
	if (outcome == GP_OK)
		CU_ASSERT(gp_test_same(found, path));
	gp_arena_free(arena);
}

/* The same request behind CGI, mod_fcgid, mod_proxy_fcgi, and lighttpd in its several ways. */
static void
joins_the_path_however_the_server_splits_it(void)
{
	static const struct {
		const char *script_name, *path_info, *path;
	} rows[] = {
		{ "/api", "/v1/x", "/api/v1/x" },
		{ "/api", "", "/api" },
		{ "", "/api/v1/x", "/api/v1/x" },
		{ "", "/x/y/z", "/x/y/z" },
		{ "/x", "/y/z", "/x/y/z" },
		{ "/x/y/z", "", "/x/y/z" },
		{ "/api/v1", "/x y", "/api/v1/x y" },
		{ "/api", "/", "/api/" },
		{ "/", "", "/" },
		{ "", "/", "/" },
		{ "", "", "/" },
		{ "", "/tasks/a+b%20c", "/tasks/a+b%20c" },
		{ "", "/t\xc3\xa4sks", "/t\xc3\xa4sks" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++)
		expect_path(rows[i].script_name, rows[i].path_info, "", GP_OK, rows[i].path);
}

static void
joins_the_path_of_a_real_environment(void)
{
	char *const environment[] = { "REQUEST_METHOD=GET", "SCRIPT_NAME=/api", NULL };
	struct gp_arena *arena = gp_arena_new();
	struct gp_request request;
	const char *path = NULL;

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	gp_request_read_environment(&request, environment);
	CU_ASSERT_EQUAL(gp_request_path(&request, "", arena, &path), GP_OK);
	CU_ASSERT(gp_test_same(path, "/api"));
	gp_arena_free(arena);
}

static void
takes_the_mount_path_off_at_a_slash(void)
{
	static const struct {
		const char *script_name, *path_info;
		enum gp_outcome outcome;
		const char *path;
	} rows[] = {
		{ "/cgi-bin/gatepost.fcgi", "/tasks", GP_OK, "/tasks" },
		{ "/cgi-bin/gatepost.fcgi", "/", GP_OK, "/" },
		{ "/cgi-bin/gatepost.fcgi", "", GP_OK, "/" },
		{ "/cgi-bin", "/gatepost.fcgi/tasks", GP_OK, "/tasks" },
		{ "", "/cgi-bin/gatepost.fcgi/tasks/7", GP_OK, "/tasks/7" },
		{ "/cgi-bin/gatepost.fcgi", "/cgi-bin/gatepost.fcgi/x", GP_OK,
		    "/cgi-bin/gatepost.fcgi/x" },
		{ "/cgi-bin/gatepost.fcgis", "/tasks", GP_BAD_ROUTE, NULL },
		{ "/cgi-bin/gatepost.fcgi", "tasks", GP_BAD_ROUTE, NULL },
		{ "/cgi-bin/gatepost.fcg", "/tasks", GP_BAD_ROUTE, NULL },
		{ "/cgi-bin", "/tasks", GP_BAD_ROUTE, NULL },
		{ "/CGI-BIN/gatepost.fcgi", "/tasks", GP_BAD_ROUTE, NULL },
		{ "/x/cgi-bin/gatepost.fcgi", "/tasks", GP_BAD_ROUTE, NULL },
		{ "", "/tasks", GP_BAD_ROUTE, NULL },
		{ "", "", GP_BAD_ROUTE, NULL },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++)
		expect_path(rows[i].script_name, rows[i].path_info, "/cgi-bin/gatepost.fcgi",
		    rows[i].outcome, rows[i].path);
}

static void
refuses_paths_without_a_slash_in_front(void)
{
	expect_path("", "tasks", "", GP_BAD_ROUTE, NULL);
	expect_path("tasks", "/7", "", GP_BAD_ROUTE, NULL);
	expect_path("*", "", "", GP_BAD_ROUTE, NULL);
}

/* Web servers decode %0a: it must not reach a log or a comparison. */
static void
refuses_control_characters(void)
{
	for (int c = 1; c < 0x80; c++) {
		char path[] = { '/', 'a', (char)c, 'b', '\0' };
		enum gp_outcome outcome = c < 0x20 || c == 0x7f ? GP_BAD_PATH : GP_OK;

		expect_path("", path, "", outcome, path);
		expect_path(path, "", "", outcome, path);
	}
	expect_path("/x", "/tasks\n", "/cgi-bin", GP_BAD_PATH, NULL);
}

/* U+0080 to U+009F are control characters too; what begins or ends like them is none. */
static void
refuses_control_characters_past_ascii(void)
{
	for (int c = 0x80; c < 0xc0; c++) {
		const char path[] = { '/', 'a', '\xc2', (char)c, 'b', '\0' };
		const char other[] = { '/', 'a', '\xc3', (char)c, 'b', '\0' };

		expect_path("", path, "", c < 0xa0 ? GP_BAD_PATH : GP_OK, path);
		expect_path(path, "", "", c < 0xa0 ? GP_BAD_PATH : GP_OK, path);
		expect_path("", other, "", GP_OK, other);
	}
	expect_path(
	    "", "/\xe2\x80\x80/\xf0\x9f\x82\x80", "", GP_OK, "/\xe2\x80\x80/\xf0\x9f\x82\x80");
	expect_path("/a\xc2", "\x85", "", GP_BAD_PATH, NULL);
}

/* No user id or task has a name that is no UTF-8, and PostgreSQL would refuse it. */
static void
refuses_paths_that_are_no_utf8(void)
{
	static const struct {
		const char *path;
		enum gp_outcome outcome;
	} rows[] = {
		{ "/\xc3\xa4", GP_OK },
		{ "/\xe2\x82\xac/\xf0\x9f\x98\x80", GP_OK },
		{ "/\xef\xbf\xbf/\xf4\x8f\xbf\xbf", GP_OK },
		{ "/\xc3", GP_BAD_PATH },
		{ "/\xc3/x", GP_BAD_PATH },
		{ "/x\xa4", GP_BAD_PATH },
		{ "\xff", GP_BAD_PATH },
		{ "/caf\xe9", GP_BAD_PATH },
		{ "/\xc0\xaf", GP_BAD_PATH },
		{ "/\xe0\x80\xaf", GP_BAD_PATH },
		{ "/\xed\xa0\x80", GP_BAD_PATH },
		{ "/\xf4\x90\x80\x80", GP_BAD_PATH },
		{ "/\xe2\x82", GP_BAD_PATH },
		{ "/\xf0\x9f\x98/", GP_BAD_PATH },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		expect_path("", rows[i].path, "", rows[i].outcome, rows[i].path);
		expect_path(rows[i].path, "", "", rows[i].outcome, rows[i].path);
	}
	/* However it is split: the whole of it counts. */
	expect_path("/\xe2\x82", "\xac", "", GP_OK, "/\xe2\x82\xac");
	expect_path("/a\xe2\x82", "/b", "", GP_BAD_PATH, NULL);
	expect_path("/x", "/\xff", "/cgi-bin", GP_BAD_PATH, NULL);
}

/* Of a slash that was sent encoded the decoded path shows nothing any more; the target does. */
static void
refuses_encoded_slashes_in_the_path_alone(void)
{
	static const struct {
		const char *target; /* NULL: the server sends none */
		enum gp_outcome outcome;
	} rows[] = {
		{ NULL, GP_OK },
		{ "", GP_OK },
		{ "/a/b", GP_OK },
		{ "/a%2Fb", GP_BAD_PATH },
		{ "/a%2fb", GP_BAD_PATH },
		{ "%2F", GP_BAD_PATH },
		{ "/a/b%2F", GP_BAD_PATH },
		{ "/%2fa/b", GP_BAD_PATH },
		{ "/a/b%2F?x=y", GP_BAD_PATH },
		{ "http://h.example/a%2Fb", GP_BAD_PATH },
		{ "/%61%2F%62", GP_BAD_PATH },
		{ "/%%2Fb", GP_BAD_PATH },
		{ "/a/b?c=%2F", GP_OK },
		{ "/a/b?c=%2f&d=/a%2Fb", GP_OK },
		{ "/a/b?%2F?", GP_OK },
		{ "?%2F", GP_OK },
		{ "/a%252Fb", GP_OK },
		{ "/a%2", GP_OK },
		{ "/a%", GP_OK },
		{ "/a%2?F", GP_OK },
		{ "/a%2E%2e", GP_OK },
		{ "/a%5Cb", GP_OK },
		{ "/a%\xef\xbc\x92\x46", GP_OK },
		{ "/a2Fb", GP_OK },
		{ "/a% 2F", GP_OK },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		const struct gp_request request = {
			.script_name = "", .path_info = "/a/b", .target = rows[i].target
		};
		struct gp_arena *arena = gp_arena_new();
		const char *path = NULL;

		CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
		gp_test_row("REQUEST_URI=%s", rows[i].target != NULL ? rows[i].target : "(unset)");
		CU_ASSERT_EQUAL(gp_request_path(&request, "", arena, &path), rows[i].outcome);
		CU_ASSERT(gp_test_same(path, rows[i].outcome == GP_OK ? "/a/b" : NULL));
		/* Outside the mount path the path is wrong all the same. */
		CU_ASSERT_EQUAL(gp_request_path(&request, "/x", arena, &path),
		    rows[i].outcome == GP_OK ? GP_BAD_ROUTE : GP_BAD_PATH);
		gp_arena_free(arena);
	}
}

/* The body of one request from `source`, freed with the arena. */
static enum gp_outcome
read_body(struct source *source, const char *content_length, struct gp_arena *arena, char **body,
    size_t *length)
{
	struct gp_request request = {
		.content_length = content_length,
		.read_body = read_source,
		.body_context = source,
	};
	enum gp_outcome outcome;

	*body = NULL;
	*length = 12345;
	outcome = gp_request_body(&request, arena, body, length);
	if (outcome == GP_OK)
		CU_ASSERT(request.body_ended);
	return outcome;
}

/* More bytes than any body may have, with a NUL now and then. */
static const char *
many_bytes(void)
{
	static char *bytes;
	const size_t size = (size_t)3 * GP_BODY_LENGTH_MAX;

	if (bytes == NULL) {
		bytes = malloc(size);
		CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
		for (size_t i = 0; i < size; i++)
			bytes[i] = (char)(i * 31 % 251);
	}
	return bytes;
}

static void
expect_body(const char *content_length, size_t length, size_t piece, enum gp_outcome outcome)
{
	struct source source = { .bytes = many_bytes(), .length = length, .piece = piece };
	struct gp_arena *arena = gp_arena_new();
	size_t body_length;
	char *body;

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	gp_test_row("CONTENT_LENGTH=%s, %zu bytes arrive, %zu at a time",
	    content_length != NULL ? content_length : "(unset)", length, piece);
	CU_ASSERT_EQUAL(read_body(&source, content_length, arena, &body, &body_length), outcome);
	if (outcome == GP_OK) {
		CU_ASSERT_EQUAL_FATAL(body_length, length);
		CU_ASSERT_EQUAL(memcmp(body, many_bytes(), length), 0);
		CU_ASSERT_EQUAL(body[length], '\0');
	}
	gp_arena_free(arena);
}

static void
holds_bodies_against_their_announced_length(void)
{
	static const struct {
		const char *content_length;
		size_t length;
		enum gp_outcome outcome;
	} rows[] = {
		{ "0", 0, GP_OK },
		{ "1", 1, GP_OK },
		{ "5", 5, GP_OK },
		{ "005", 5, GP_OK },
		{ "16383", 16383, GP_OK },
		{ "16384", 16384, GP_OK },
		{ "16385", 16385, GP_OK },
		{ "1048575", 1048575, GP_OK },
		{ "1048576", 1048576, GP_OK },
		{ "5", 4, GP_BAD_LENGTH },
		{ "5", 0, GP_BAD_LENGTH },
		{ "5", 6, GP_BAD_LENGTH },
		{ "0", 1, GP_BAD_LENGTH },
		{ "5", 2 * 1048576, GP_BAD_LENGTH },
		{ "16385", 16384, GP_BAD_LENGTH },
		{ "16384", 16385, GP_BAD_LENGTH },
		{ "1048576", 1048575, GP_BAD_LENGTH },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		expect_body(rows[i].content_length, rows[i].length, 0, rows[i].outcome);
		expect_body(rows[i].content_length, rows[i].length, 1, rows[i].outcome);
		expect_body(rows[i].content_length, rows[i].length, 1000, rows[i].outcome);
	}
}

static void
reads_bodies_without_an_announced_length(void)
{
	static const size_t lengths[] = { 0, 1, 100, 16383, 16384, 16385, 32768, 1048575, 1048576 };

	for (size_t i = 0; i < GP_COUNT(lengths); i++) {
		expect_body(NULL, lengths[i], 0, GP_OK);
		expect_body("", lengths[i], 0, GP_OK);
		expect_body(NULL, lengths[i], 1, GP_OK);
	}
}

static void
refuses_bodies_above_the_limit(void)
{
	expect_body("1048577", 1048577, 0, GP_BAD_SIZE);
	expect_body(NULL, 1048577, 0, GP_BAD_SIZE);
	expect_body("", 1048577, 0, GP_BAD_SIZE);
	expect_body(NULL, 2 * 1048576, 0, GP_BAD_SIZE);
	expect_body(NULL, 2 * 1048576, 1000, GP_BAD_SIZE);
	expect_body("1048576", 1048577, 0, GP_BAD_SIZE);
	CU_ASSERT_EQUAL(GP_BODY_LENGTH_MAX, 1048576);
}

/* Nothing is read when the announced length says already that it will be refused. */
static void
refuses_announced_lengths_without_reading(void)
{
	static const struct {
		const char *content_length;
		enum gp_outcome outcome;
	} rows[] = {
		{ "1048577", GP_BAD_SIZE },
		{ "10485760", GP_BAD_SIZE },
		{ "4294967301", GP_BAD_SIZE },
		{ "9223372036854775807", GP_BAD_SIZE },
		{ "18446744073709551616", GP_BAD_SIZE },
		{ "18446744073709551621", GP_BAD_SIZE },
		{ "99999999999999999999999999999999999999999999999999999999999999999",
		    GP_BAD_SIZE },
		{ "abc", GP_BAD_LENGTH },
		{ "5a", GP_BAD_LENGTH },
		{ "a5", GP_BAD_LENGTH },
		{ "-1", GP_BAD_LENGTH },
		{ "-0", GP_BAD_LENGTH },
		{ "+5", GP_BAD_LENGTH },
		{ " 5", GP_BAD_LENGTH },
		{ "5 ", GP_BAD_LENGTH },
		{ "5\n", GP_BAD_LENGTH },
		{ "0x5", GP_BAD_LENGTH },
		{ "5.0", GP_BAD_LENGTH },
		{ "1e1", GP_BAD_LENGTH },
		{ "5,5", GP_BAD_LENGTH },
		{ "5, 5", GP_BAD_LENGTH },
		{ "99999999999999999999999999999a", GP_BAD_LENGTH },
		{ "\xd9\xa5", GP_BAD_LENGTH },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct source source = { .bytes = many_bytes(), .length = 5 };
		struct gp_arena *arena = gp_arena_new();
		size_t length;
		char *body;

		CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
		gp_test_row("CONTENT_LENGTH=%s", rows[i].content_length);
		CU_ASSERT_EQUAL(read_body(&source, rows[i].content_length, arena, &body, &length),
		    rows[i].outcome);
		CU_ASSERT_EQUAL(source.calls, 0);
		gp_arena_free(arena);
	}
}

static void
reports_bodies_that_break_off(void)
{
	static const struct {
		const char *content_length;
		size_t length;
	} rows[] = { { "5", 0 }, { "5", 3 }, { NULL, 0 }, { NULL, 20000 }, { "20000", 16384 } };

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct source source = {
			.bytes = many_bytes(), .length = rows[i].length, .breaks_off = true
		};
		struct gp_arena *arena = gp_arena_new();
		size_t length;
		char *body;

		CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
		gp_test_row("%zu bytes arrive", rows[i].length);
		CU_ASSERT_EQUAL(read_body(&source, rows[i].content_length, arena, &body, &length),
		    GP_BAD_BODY_CUT);
		gp_arena_free(arena);
	}
}

static void
asks_for_nothing_after_the_end(void)
{
	struct source source = { .bytes = "abc", .length = 3 };
	struct gp_request request = { .read_body = read_source, .body_context = &source };
	struct gp_arena *arena = gp_arena_new();
	size_t length;
	char *body;

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	CU_ASSERT_EQUAL(gp_request_body(&request, arena, &body, &length), GP_OK);
	CU_ASSERT_EQUAL(source.calls, 1);
	gp_request_drain(&request);
	CU_ASSERT_EQUAL(source.calls, 1);
	gp_arena_free(arena);
}

/* A worker does not read for ever for a client that will not stop. */
static void
drains_to_the_end_or_a_limit(void)
{
	static const struct {
		size_t length;
		bool breaks_off;
		bool ended;
	} rows[] = {
		{ 0, false, true },
		{ 100, false, true },
		{ 16384, false, true },
		{ 100000, false, true },
		{ 3 * 1048576, false, false },
		{ 0, true, false },
		{ 100000, true, false },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct source source = { .bytes = many_bytes(),
			.length = rows[i].length,
			.breaks_off = rows[i].breaks_off };
		struct gp_request request = { .read_body = read_source, .body_context = &source };

		gp_test_row("%zu bytes", rows[i].length);
		gp_request_drain(&request);
		CU_ASSERT_EQUAL(request.body_ended, rows[i].ended);
		CU_ASSERT(source.at <= 2 * GP_BODY_LENGTH_MAX);
		CU_ASSERT(source.at == source.length || source.at >= GP_BODY_LENGTH_MAX);
	}
}

const struct gp_test gp_tests_request[] = {
	GP_TEST(finds_every_variable_of_its_table),
	GP_TEST(takes_no_similar_name_for_one_of_its_own),
	GP_TEST(believes_no_second_forwarded_for),
	GP_TEST(believes_no_second_forwarded_proto),
	GP_TEST(knows_tls_by_the_servers_own_variables),
	GP_TEST(notices_every_other_sign_of_a_proxy),
	GP_TEST(the_first_of_two_variables_counts),
	GP_TEST(reads_the_variables_it_knows),
	GP_TEST(tells_absent_variables),
	GP_TEST(takes_no_variable_for_another),
	GP_TEST(takes_note_of_any_claim_to_be_somebody),
	GP_TEST(joins_the_path_however_the_server_splits_it),
	GP_TEST(joins_the_path_of_a_real_environment),
	GP_TEST(takes_the_mount_path_off_at_a_slash),
	GP_TEST(refuses_paths_without_a_slash_in_front),
	GP_TEST(refuses_control_characters),
	GP_TEST(refuses_control_characters_past_ascii),
	GP_TEST(refuses_paths_that_are_no_utf8),
	GP_TEST(refuses_encoded_slashes_in_the_path_alone),
	GP_TEST(holds_bodies_against_their_announced_length),
	GP_TEST(reads_bodies_without_an_announced_length),
	GP_TEST(refuses_bodies_above_the_limit),
	GP_TEST(refuses_announced_lengths_without_reading),
	GP_TEST(reports_bodies_that_break_off),
	GP_TEST(asks_for_nothing_after_the_end),
	GP_TEST(drains_to_the_end_or_a_limit),
	{ NULL, NULL },
};
