/* SPDX-License-Identifier: Apache-2.0 */
/* What people write for an origin, made what browsers send, or refused with the reason. */
#include "origin_list.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

static char text[16 * 1024];
static struct gp_origin_list list;

static void
start(const char *value)
{
	gp_test_row("%s", value);
	CU_ASSERT_FATAL(strlen(value) < sizeof(text));
	strcpy(text, value);
	memset(&list, 0xff, sizeof(list));
	list.count = 0;
}

static const char *
read_list(const char *value)
{
	start(value);
	return gp_origin_list_read(text, &list);
}

static const char *
read_url(const char *value)
{
	start(value);
	return gp_origin_list_add_url(text, &list);
}

static void
makes_of_an_origin_what_browsers_send(void)
{
	static const struct {
		const char *text, *origin;
	} rows[] = {
		{ "http://localhost:3000", "http://localhost:3000" },
		{ "https://app.example.com", "https://app.example.com" },
		{ " https://app.example.com\t", "https://app.example.com" },
		{ "https://app.example.com/", "https://app.example.com" },
		{ "HTTPS://App.Example.COM", "https://app.example.com" },
		{ "http://a:80", "http://a" },
		{ "https://a:443/", "https://a" },
		{ "http://a:443", "http://a:443" },
		{ "https://a:80", "https://a:80" },
		{ "https://a:4430", "https://a:4430" },
		{ "http://a:1", "http://a:1" },
		{ "http://a:65535", "http://a:65535" },
		{ "http://my_app-1.local", "http://my_app-1.local" },
		{ "http://1st.2nd", "http://1st.2nd" },
		{ "http://0xylem", "http://0xylem" },
		{ "http://127.0.0.1.example", "http://127.0.0.1.example" },
		{ "https://xn--bcher-kva.example", "https://xn--bcher-kva.example" },
		{ "http://127.0.0.1:8080", "http://127.0.0.1:8080" },
		{ "http://[::1]", "http://[::1]" },
		{ "http://[::1]:80/", "http://[::1]" },
		{ "http://[2001:DB8::A]:3000", "http://[2001:db8::a]:3000" },
		{ "[\"http://a\"]", "http://a" },
		{ " [ \"http://a/\" ] ", "http://a" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		CU_ASSERT_PTR_NULL(read_list(rows[i].text));
		CU_ASSERT_EQUAL_FATAL(list.count, 1);
		CU_ASSERT_STRING_EQUAL(list.origins[0], rows[i].origin);
		CU_ASSERT(gp_origin_list_has(&list, rows[i].origin));
	}
}

static void
reads_several_with_commas_or_as_json(void)
{
	static const char *const texts[] = {
		"http://a,https://b:8443,http://[::1]:3000",
		" http://a , https://b:8443/ ,\thttp://[::1]:3000\t",
		"http://a,HTTP://A:80/,https://b:8443,http://a/,http://[::1]:3000",
		"[\"http://a\",\"https://b:8443\",\"http://[::1]:3000\"]",
		"[ \"http://a\" , \"https://b:8443/\" ,\t\"http://[::1]:3000\" ]",
	};

	for (size_t i = 0; i < GP_COUNT(texts); i++) {
		CU_ASSERT_PTR_NULL(read_list(texts[i]));
		CU_ASSERT_EQUAL_FATAL(list.count, 3);
		CU_ASSERT_STRING_EQUAL(list.origins[0], "http://a");
		CU_ASSERT_STRING_EQUAL(list.origins[1], "https://b:8443");
		CU_ASSERT_STRING_EQUAL(list.origins[2], "http://[::1]:3000");
	}
	CU_ASSERT_PTR_NULL(read_list("[]"));
	CU_ASSERT_EQUAL(list.count, 0);
	CU_ASSERT_PTR_NULL(read_list(" [ ] "));
	CU_ASSERT_EQUAL(list.count, 0);
}

static void
takes_the_origin_of_a_url(void)
{
	static const struct {
		const char *text, *origin;
	} rows[] = {
		{ "https://app.example.com", "https://app.example.com" },
		{ " https://App.example.com:443/ ", "https://app.example.com" },
		{ "http://localhost:3000/todo", "http://localhost:3000" },
		{ "http://localhost:3000//", "http://localhost:3000" },
		{ "http://a/b/c?d=*#e f", "http://a" },
		{ "http://a?b", "http://a" },
		{ "http://a:80#b", "http://a" },
		{ "http://a/@b", "http://a" },
		{ "http://a/pl\xc3\xa4tzchen,http://b", "http://a" },
		{ "http://[::1]:80/x", "http://[::1]" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		CU_ASSERT_PTR_NULL(read_url(rows[i].text));
		CU_ASSERT_EQUAL_FATAL(list.count, 1);
		CU_ASSERT_STRING_EQUAL(list.origins[0], rows[i].origin);
	}
}

static void
cuts_the_origin_out_of_a_url(void)
{
	static const struct {
		const char *url, *origin; /* NULL: there is none */
	} rows[] = {
		{ "https://app.example.com", "https://app.example.com" },
		{ "HTTPS://App.Example.com:443/a//b?c=d e#\xff", "https://app.example.com" },
		{ "http://localhost:3000?a", "http://localhost:3000" },
		{ "http://[::1]:80#a", "http://[::1]" },
		{ "http://a/b://c", "http://a" },
		{ "", NULL },
		{ "/", NULL },
		{ "null", NULL },
		{ "http:", NULL },
		{ "http://", NULL },
		{ "http:///a", NULL },
		{ "http:/a", NULL },
		{ "http:a?://b", NULL },
		{ "//a", NULL },
		{ " http://a", NULL },
		{ "http://a ", NULL },
		{ "http://a\\b", NULL },
		{ "http://a@b", NULL },
		{ "http://*", NULL },
		{ "myapp://a", NULL },
	};
	char origin[GP_ORIGIN_SIZE], longest[600] = "https://";

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		bool found = gp_origin_of_url(rows[i].url, origin);

		gp_test_row("%s", rows[i].url);
		CU_ASSERT(gp_test_same(found ? origin : NULL, rows[i].origin));
	}
	memset(longest + strlen(longest), 'h', 255);
	strcat(longest, ":65535/a");
	CU_ASSERT(gp_origin_of_url(longest, origin));
	CU_ASSERT_EQUAL(strlen(origin), GP_ORIGIN_SIZE - 1);
	longest[strlen("https://")] = '\0';
	memset(longest + strlen(longest), 'h', 400);
	CU_ASSERT_FALSE(gp_origin_of_url(longest, origin));
}

/* Of both a list of origins and a URL. */
static void
says_what_to_write_instead(void)
{
	static const struct {
		const char *text, *word;
	} rows[] = {
		{ "", "empty" },
		{ " ", "empty" },
		{ "*", "named" },
		{ "https://*.example.com", "named" },
		{ "http://localhost:*", "named" },
		{ "null", "null" },
		{ "http://a http://b", "commas" },
		{ "http://a\nb", "control" },
		{ "http://a\x7f", "control" },
		{ "http://b\xc3\xbc"
		  "cher.example",
		    "xn--" },
		{ "http://\xff", "xn--" },
		{ "localhost:3000", "http://" },
		{ "app.example.com", "http://" },
		{ "//app.example.com", "http://" },
		{ "http:app.example.com", "http://" },
		{ "http:\\\\app.example.com", "http://" },
		{ "ftp://app.example.com", "http://" },
		{ "app://localhost", "http://" },
		{ "xhttp://a", "http://" },
		{ "httpx://a", "http://" },
		{ "'http://a'", "http://" },
		{ "http://user@a", "alone" },
		{ "http://user:password@a:80", "alone" },
		{ "http://@a", "alone" },
		{ "http://[::1]a", "alone" },
		{ "http://", "host" },
		{ "http:///", "host" },
		{ "https://:443", "host" },
		{ "http://.", "host" },
		{ "http://.example.com", "host" },
		{ "http://example..com", "host" },
		{ "http://example.com.", "host" },
		{ "http://a%41", "host" },
		{ "http://a;http:", "host" },
		{ "http://a\\b", "host" },
		{ "http://127.1", "host" },
		{ "http://127.0.0.256", "host" },
		{ "http://2130706433", "host" },
		{ "http://0x7f000001", "host" },
		{ "http://127.0.0.0x1", "host" },
		{ "http://1.2.3.4.5", "host" },
		{ "http://::1", "host" },
		{ "http://2001:db8::1", "host" },
		{ "http://a]", "host" },
		{ "http://[::1", "host" },
		{ "http://[]", "brackets" },
		{ "http://[127.0.0.1]", "brackets" },
		{ "http://[::g]", "brackets" },
		{ "http://[fe80::1%25eth0]", "brackets" },
		{ "http://[0:0:0:0:0:0:0:1]", "shortest" },
		{ "http://[2001:db8::0a]", "shortest" },
		{ "http://[::ffff:127.0.0.1]", "shortest" },
		{ "http://[0000:0000:0000:0000:0000:ffff:127.100.100.127:1]", "brackets" },
		{ "http://a:", "port" },
		{ "http://a:0", "port" },
		{ "http://a:080", "port" },
		{ "http://a:65536", "port" },
		{ "http://a:100000", "port" },
		{ "http://a:http", "port" },
		{ "http://a:-1", "port" },
		{ "http://a:+80", "port" },
		{ "http://a:80:80", "port" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		const char *problem = read_list(rows[i].text);
		const char *of_url;

		CU_ASSERT_PTR_NOT_NULL_FATAL(problem);
		gp_test_row("%s: %s", rows[i].text, problem);
		CU_ASSERT_PTR_NOT_NULL(strstr(problem, rows[i].word));
		CU_ASSERT_EQUAL(list.count, 0);
		of_url = read_url(rows[i].text);
		CU_ASSERT(gp_test_same(problem, of_url));
	}
}

static void
refuses_what_no_list_is(void)
{
	static const struct {
		const char *text, *word;
	} rows[] = {
		{ ",", "empty" },
		{ "http://a,", "empty" },
		{ ",http://a", "empty" },
		{ "http://a,,http://b", "empty" },
		{ "http://a/b", "alone" },
		{ "http://a//", "alone" },
		{ "http://a?b", "alone" },
		{ "http://a#", "alone" },
		{ "http://a/*", "named" },
		{ "http://a,*", "named" },
		{ "[", "JSON" },
		{ "[http://a]", "JSON" },
		{ "['http://a']", "JSON" },
		{ "[\"http://a\"", "JSON" },
		{ "[\"http://a]", "JSON" },
		{ "[\"http://a\",]", "JSON" },
		{ "[,]", "JSON" },
		{ "[\"]", "JSON" },
		{ "[\"http://a,http://b\"]", "JSON" },
		{ "[[\"http://a\"]]", "JSON" },
		{ "[1]", "JSON" },
		{ "[\"\"]", "empty" },
		{ "[\"*\"]", "named" },
		{ "[\"http:\\/\\/a\"]", "http://" },
		{ "[\"http://a\" \"http://b\"]", "space" },
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
compares_byte_for_byte(void)
{
	static const char *const others[] = { "", "null", "*", "http://a/", "http://A",
		"http://a:80", "http://aa", "http://", "https://a", "http://a,https://b:8443",
		"https://b", "https://b:844", "https://b:8443 " };

	CU_ASSERT_PTR_NULL(read_list("http://a,https://b:8443"));
	CU_ASSERT(gp_origin_list_has(&list, "http://a"));
	CU_ASSERT(gp_origin_list_has(&list, "https://b:8443"));
	for (size_t i = 0; i < GP_COUNT(others); i++) {
		gp_test_row("%s", others[i]);
		CU_ASSERT_FALSE(gp_origin_list_has(&list, others[i]));
	}
}

static void
adds_to_what_is_there_already(void)
{
	char url[] = "https://b/app", same[] = "http://a/app", wrong[] = "http://c,http://d/e";

	CU_ASSERT_PTR_NULL(read_list("http://a"));
	CU_ASSERT_PTR_NULL(gp_origin_list_add_url(url, &list));
	CU_ASSERT_PTR_NULL(gp_origin_list_add_url(same, &list));
	CU_ASSERT_PTR_NOT_NULL(gp_origin_list_read(wrong, &list));
	CU_ASSERT_EQUAL_FATAL(list.count, 2);
	CU_ASSERT_STRING_EQUAL(list.origins[0], "http://a");
	CU_ASSERT_STRING_EQUAL(list.origins[1], "https://b");
}

static void
limits_length_and_number(void)
{
	char many[1024] = "http://h0", longest[600] = "http://";

	for (int i = 1; i < GP_ORIGINS_MAX; i++) {
		size_t length = strlen(many);

		snprintf(many + length, sizeof(many) - length, ",http://h%d", i);
	}
	CU_ASSERT_PTR_NULL(read_list(many));
	CU_ASSERT_EQUAL(list.count, GP_ORIGINS_MAX);
	/* One that is there already takes no room. */
	strcat(many, ",http://h7");
	CU_ASSERT_PTR_NULL(read_list(many));
	strcat(many, ",http://h99");
	CU_ASSERT_PTR_NOT_NULL(read_list(many));
	CU_ASSERT_EQUAL(list.count, 0);
	memset(longest + strlen(longest), 'h', 255);
	CU_ASSERT_PTR_NULL(read_list(longest));
	strcat(longest, "h");
	CU_ASSERT_PTR_NOT_NULL(read_list(longest));
}

const struct gp_test gp_tests_origin_list[] = {
	GP_TEST(makes_of_an_origin_what_browsers_send),
	GP_TEST(reads_several_with_commas_or_as_json),
	GP_TEST(takes_the_origin_of_a_url),
	GP_TEST(cuts_the_origin_out_of_a_url),
	GP_TEST(says_what_to_write_instead),
	GP_TEST(refuses_what_no_list_is),
	GP_TEST(compares_byte_for_byte),
	GP_TEST(adds_to_what_is_there_already),
	GP_TEST(limits_length_and_number),
	{ NULL, NULL },
};
