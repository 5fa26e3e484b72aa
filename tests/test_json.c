/* SPDX-License-Identifier: Apache-2.0 */
/* What is JSON and what is not, in the classes of the JSON test suites: values, structure, strings,
 * UTF-8, depth, doubles. */
#include "json.h"

#include <json-c/json.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "unit.h"

/* A literal and its length, so that it may hold NUL. */
#define TEXT(literal) (literal), sizeof(literal) - 1

struct text {
	const char *bytes;
	size_t length;
};

struct refused {
	const char *bytes;
	size_t length;
	size_t offset; /* of the first byte that no JSON text has there */
};

/* A text printed as far as it can be. */
static void
name_row(const char *bytes, size_t length)
{
	gp_test_row("%.*s (%zu bytes)", (int)(length < 60 ? length : 60), bytes, length);
}

/* One text with a reader of its own. */
static bool
parses(const char *bytes, size_t length, struct json_object **value, struct gp_json_error *error)
{
	struct gp_json_reader *reader = gp_json_reader_new();
	bool parsed;

	CU_ASSERT_PTR_NOT_NULL_FATAL(reader);
	parsed = gp_json_parse(reader, bytes, length, value, error);
	gp_json_reader_free(reader);
	return parsed;
}

static void
expect_accepted(const struct text *texts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct gp_json_error error = { .message = "" };
		struct json_object *value;
		bool accepted = parses(texts[i].bytes, texts[i].length, &value, &error);

		name_row(texts[i].bytes, texts[i].length);
		CU_ASSERT(accepted);
		if (accepted)
			json_object_put(value);
	}
}

static void
expect_refused(const struct refused *texts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct gp_json_error error = { .message = NULL };
		struct json_object *value;

		name_row(texts[i].bytes, texts[i].length);
		CU_ASSERT_FALSE(parses(texts[i].bytes, texts[i].length, &value, &error));
		CU_ASSERT_PTR_NULL(value);
		CU_ASSERT_PTR_NOT_NULL(error.message);
		CU_ASSERT_EQUAL(error.offset, texts[i].offset);
	}
}

static void
accepts_values_and_structure(void)
{
	static const struct text texts[] = {
		{ TEXT("null") },
		{ TEXT("true") },
		{ TEXT("false") },
		{ TEXT("0") },
		{ TEXT("\"\"") },
		{ TEXT("[]") },
		{ TEXT("{}") },
		{ TEXT(" \t\r\n[ \t\r\n] \t\r\n") },
		{ TEXT(" { } ") },
		{ TEXT("[1,null,true,false,\"a\",[],{}]") },
		{ TEXT("[ 1 , 2 ]") },
		{ TEXT("{\"a\":1}") },
		{ TEXT("{ \"a\" : 1 , \"b\" : [ { } ] }") },
		{ TEXT("{\"\":0}") },
		{ TEXT("{\"a\":{\"a\":{\"a\":1}}}") },
		{ TEXT("{\"a\":1,\"A\":2,\"a \":3}") },
		{ TEXT("[{\"a\":1},{\"a\":1}]") },
		{ TEXT("7\n") },
		{ TEXT("\n7") },
		{ TEXT("\"x\" ") },
		{ TEXT("{\"__proto__\":null}") },
	};

	expect_accepted(texts, GP_COUNT(texts));
}

static void
accepts_every_form_of_number(void)
{
	static const struct text texts[] = {
		{ TEXT("0") },
		{ TEXT("-0") },
		{ TEXT("-0.0") },
		{ TEXT("1") },
		{ TEXT("-1") },
		{ TEXT("10") },
		{ TEXT("0.5") },
		{ TEXT("0.5e-3") },
		{ TEXT("-0.5E-3") },
		{ TEXT("1E+2") },
		{ TEXT("1e2") },
		{ TEXT("1e02") },
		{ TEXT("0e0") },
		{ TEXT("0E+1") },
		{ TEXT("0.10") },
		{ TEXT("123.456e78") },
		{ TEXT("[0,-0,1E+2]") },
		{ TEXT("{\"a\":-1.5e+10}") },
		{ TEXT("2147483648") },
		{ TEXT("9223372036854775807") },
		{ TEXT("-9223372036854775808") },
		{ TEXT("1e400") },
		{ TEXT("-1e400") },
		{ TEXT("1e-400") },
		{ TEXT("3.141592653589793238462643383279502884197169399375105820974944592307816") },
	};

	expect_accepted(texts, GP_COUNT(texts));
}

/* RFC 8259 section 6 sets no bounds: a number that fits no machine word is JSON all the same. */
static void
accepts_integers_past_64_bits(void)
{
	static const struct text texts[] = {
		{ TEXT("18446744073709551615") },
		{ TEXT("18446744073709551616") },
		{ TEXT("-9223372036854775809") },
		{ TEXT("[100000000000000000000000000000000000000]") },
		{ TEXT("{\"a\":-100000000000000000000000000000000000000}") },
	};

	expect_accepted(texts, GP_COUNT(texts));
}

static void
reads_the_value_of_numbers(void)
{
	static const struct {
		const char *text;
		double number;
	} rows[] = {
		{ "0", 0 },
		{ "-0", 0 },
		{ "1E+2", 100 },
		{ "0.5e-3", 0.0005 },
		{ "-1.25", -1.25 },
		{ "1000300", 1000300 },
		{ "9007199254740993.0", 9007199254740992.0 },
		{ "1e400", INFINITY },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_json_error error;
		struct json_object *value = NULL;

		gp_test_row("%s", rows[i].text);
		CU_ASSERT(parses(rows[i].text, strlen(rows[i].text), &value, &error));
		CU_ASSERT_EQUAL(json_object_get_double(value), rows[i].number);
		json_object_put(value);
	}
}

static void
refuses_what_is_no_number(void)
{
	static const struct refused texts[] = {
		{ TEXT("01"), 1 },
		{ TEXT("-01"), 2 },
		{ TEXT("00"), 1 },
		{ TEXT("[01]"), 2 },
		{ TEXT("1."), 2 },
		{ TEXT("[1.]"), 3 },
		{ TEXT("1.e2"), 2 },
		{ TEXT(".5"), 0 },
		{ TEXT("-.5"), 1 },
		{ TEXT("+1"), 0 },
		{ TEXT("-"), 1 },
		{ TEXT("--1"), 1 },
		{ TEXT("- 1"), 1 },
		{ TEXT("-a"), 1 },
		{ TEXT("1e"), 2 },
		{ TEXT("1e+"), 3 },
		{ TEXT("1E-"), 3 },
		{ TEXT("1e+-2"), 3 },
		{ TEXT("1e2.5"), 3 },
		{ TEXT("1ee2"), 2 },
		{ TEXT("0x10"), 1 },
		{ TEXT("0e"), 2 },
		{ TEXT("1_000"), 1 },
		{ TEXT("1 000"), 2 },
		{ TEXT("1,5"), 1 },
		{ TEXT("1-2"), 1 },
		{ TEXT("NaN"), 0 },
		{ TEXT("nan"), 0 },
		{ TEXT("-NaN"), 1 },
		{ TEXT("Infinity"), 0 },
		{ TEXT("-Infinity"), 1 },
		{ TEXT("inf"), 0 },
		{ TEXT("[1a]"), 2 },
		{ TEXT("1\x00"), 1 },
		{ TEXT("\xef\xbc\x91"), 0 },
	};

	expect_refused(texts, GP_COUNT(texts));
}

static void
refuses_broken_structure(void)
{
	static const struct refused texts[] = {
		{ TEXT(""), 0 },
		{ TEXT(" "), 1 },
		{ TEXT("\n\n"), 2 },
		{ TEXT("["), 1 },
		{ TEXT("[1"), 2 },
		{ TEXT("[1,"), 3 },
		{ TEXT("[1,]"), 3 },
		{ TEXT("[,1]"), 1 },
		{ TEXT("[,]"), 1 },
		{ TEXT("[1,,2]"), 3 },
		{ TEXT("[1 2]"), 3 },
		{ TEXT("[1:2]"), 2 },
		{ TEXT("[1}"), 2 },
		{ TEXT("]"), 0 },
		{ TEXT("[]]"), 2 },
		{ TEXT("[][]"), 2 },
		{ TEXT("{"), 1 },
		{ TEXT("{]"), 1 },
		{ TEXT("{,}"), 1 },
		{ TEXT("{\"a\""), 4 },
		{ TEXT("{\"a\":"), 5 },
		{ TEXT("{\"a\":1"), 6 },
		{ TEXT("{\"a\":1,"), 7 },
		{ TEXT("{\"a\":1,}"), 7 },
		{ TEXT("{\"a\":1,,}"), 7 },
		{ TEXT("{\"a\"}"), 4 },
		{ TEXT("{\"a\",1}"), 4 },
		{ TEXT("{\"a\"=1}"), 4 },
		{ TEXT("{\"a\":}"), 5 },
		{ TEXT("{\"a\" \"b\"}"), 5 },
		{ TEXT("{\"a\":1 \"b\":2}"), 7 },
		{ TEXT("{\"a\":1;}"), 6 },
		{ TEXT("{a:1}"), 1 },
		{ TEXT("{1:1}"), 1 },
		{ TEXT("{null:1}"), 1 },
		{ TEXT("{[]:1}"), 1 },
		{ TEXT("{'a':1}"), 1 },
		{ TEXT("{\"a\":'b'}"), 5 },
		{ TEXT("{}}"), 2 },
		{ TEXT("{}{}"), 2 },
		{ TEXT("{} x"), 3 },
		{ TEXT("1 2"), 2 },
		{ TEXT("{}\x00"), 2 },
		{ TEXT("\x00{}"), 0 },
		{ TEXT("[\x00]"), 1 },
		{ TEXT("*"), 0 },
		{ TEXT("truex"), 4 },
		{ TEXT("true,"), 4 },
		{ TEXT("nullnull"), 4 },
	};

	expect_refused(texts, GP_COUNT(texts));
}

static void
refuses_what_other_languages_have(void)
{
	static const struct refused texts[] = {
		{ TEXT("/* a */ 1"), 0 },
		{ TEXT("// a\n1"), 0 },
		{ TEXT("[1/* a */]"), 2 },
		{ TEXT("{}// a"), 2 },
		{ TEXT("# a\n1"), 0 },
		{ TEXT("{\"a\":/**/1}"), 5 },
		{ TEXT("\xef\xbb\xbf{}"), 0 },
		{ TEXT("{}\xef\xbb\xbf"), 2 },
		{ TEXT("'a'"), 0 },
		{ TEXT("`a`"), 0 },
		{ TEXT("a"), 0 },
		{ TEXT("undefined"), 0 },
		{ TEXT("None"), 0 },
		{ TEXT("TRUE"), 0 },
		{ TEXT("[True]"), 1 },
		{ TEXT("NULL"), 0 },
		{ TEXT("{\"a\":(1)}"), 5 },
		{ TEXT("<a>"), 0 },
		{ TEXT("\x0b[]"), 0 },
		{ TEXT("\x0c[]"), 0 },
		{ TEXT("[]\x0c"), 2 },
		{ TEXT("\xc2\xa0[]"), 0 },
		{ TEXT("\xe2\x80\xa8[]"), 0 },
		{ TEXT("{\0}"), 1 },
		{ TEXT("{\0\"\0a\0\"\0:\0\x31\0}\0"), 1 },
	};

	expect_refused(texts, GP_COUNT(texts));
}

/* json-c would read some of these as words of JSON. */
static void
refuses_words_that_are_cut_or_misspelt(void)
{
	static const struct text texts[] = { { TEXT("t") }, { TEXT("tru") }, { TEXT("nul") },
		{ TEXT("fals") }, { TEXT("[tru]") }, { TEXT("[nulL]") }, { TEXT("{\"a\":falsE}") },
		{ TEXT("True") }, { TEXT("nUll") }, { TEXT("n") } };

	for (size_t i = 0; i < GP_COUNT(texts); i++) {
		struct gp_json_error error = { .offset = 99 };
		struct json_object *value;

		name_row(texts[i].bytes, texts[i].length);
		CU_ASSERT_FALSE(parses(texts[i].bytes, texts[i].length, &value, &error));
		CU_ASSERT(error.offset <= texts[i].length);
	}
}

static void
accepts_strings(void)
{
	static const struct text texts[] = {
		{ TEXT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"") },
		{ TEXT("\"\\u0001\\u001f\\u0020\\u007f\"") },
		{ TEXT("\"\\u00e9\\u00E9\\uABcd\\uffff\"") },
		{ TEXT("\"\\ud83d\\ude00\"") },
		{ TEXT("\"\\uD83D\\uDE00\\udbff\\udfff\\ud800\\udc00\"") },
		{ TEXT("\"\x7f\"") },
		{ TEXT("\" /'\"") },
		{ TEXT("\"\xc2\x80\xdf\xbf\"") },
		{ TEXT("\"\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\"") },
		{ TEXT("\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"") },
		{ TEXT("\"\xe2\x80\xa8\xe2\x80\xa9\"") },
		{ TEXT("\"\xef\xbb\xbf\"") },
		{ TEXT("\"\\\\u0000\"") },
		{ TEXT("{\"\\u0061\":\"\\u0062\"}") },
	};

	expect_accepted(texts, GP_COUNT(texts));
}

static void
reads_the_value_of_strings(void)
{
	static const char text[] = "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20ac"
				   "\\ud83d\\ude00\xe2\x82\xac\\\\u0000\"}";
	struct gp_json_error error;
	struct json_object *value = NULL;

	CU_ASSERT_FATAL(parses(text, sizeof(text) - 1, &value, &error));
	CU_ASSERT_STRING_EQUAL(gp_json_string(value, "a"),
	    "\"\\/\b\f\n\r\tA\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xe2\x82\xac\\u0000");
	json_object_put(value);
}

static void
refuses_broken_strings(void)
{
	static const struct refused texts[] = {
		{ TEXT("\""), 1 },
		{ TEXT("\"a"), 2 },
		{ TEXT("\"a\\\""), 4 },
		{ TEXT("[\"a]"), 4 },
		{ TEXT("\"a\"\""), 3 },
		{ TEXT("\"\\"), 2 },
		{ TEXT("\"\\x61\""), 2 },
		{ TEXT("\"\\a\""), 2 },
		{ TEXT("\"\\'\""), 2 },
		{ TEXT("\"\\\n\""), 2 },
		{ TEXT("\"\\\x00\""), 2 },
		{ TEXT("\"\\U0041\""), 2 },
		{ TEXT("\"\\\xc3\xa9\""), 2 },
		{ TEXT("\"\n\""), 1 },
		{ TEXT("\"a\tb\""), 2 },
		{ TEXT("\"\x1f\""), 1 },
		{ TEXT("\"\x00\""), 1 },
		{ TEXT("\"ab\x00"
		       "cd\""),
		    3 },
		{ TEXT("{\"a\x00\":1}"), 3 },
		{ TEXT("{\"a\n\":1}"), 3 },
	};

	expect_refused(texts, GP_COUNT(texts));
}

/* Where in an escape the offset points is nobody's business, as long as it is inside the text. */
static void
refuses_broken_escapes_and_nul(void)
{
	static const struct text texts[] = {
		{ TEXT("\"\\u\"") },
		{ TEXT("\"\\u1\"") },
		{ TEXT("\"\\u12\"") },
		{ TEXT("\"\\u123\"") },
		{ TEXT("\"\\u12g4\"") },
		{ TEXT("\"\\u 123\"") },
		{ TEXT("\"\\u-123\"") },
		{ TEXT("\"\\u+123\"") },
		{ TEXT("\"\\u0x12\"") },
		{ TEXT("\"\\u{41}\"") },
		{ TEXT("\"\\u12") },
		{ TEXT("\"\\u0000\"") },
		{ TEXT("\"a\\u0000b\"") },
		{ TEXT("{\"a\\u0000b\":1}") },
		{ TEXT("[\"\\uD83D\\u0000\"]") },
		{ TEXT("\"\\ud800\"") },
		{ TEXT("\"\\udbff\"") },
		{ TEXT("\"\\udc00\"") },
		{ TEXT("\"\\udfff\"") },
		{ TEXT("\"\\ud800\\ud800\"") },
		{ TEXT("\"\\ud800\\u0041\"") },
		{ TEXT("\"\\ud800\\ue000\"") },
		{ TEXT("\"\\udbff\\uffff\"") },
		{ TEXT("\"\\ud800\\n\"") },
		{ TEXT("\"\\ud800x\"") },
		{ TEXT("\"\\udc00\\ud800\"") },
		{ TEXT("\"\\ud83d\\ude0\"") },
		{ TEXT("\"\\ud83d\\\"") },
		{ TEXT("\"\\ud83d\\") },
		{ TEXT("\"\\ud83d") },
		{ TEXT("{\"\\ud800\":1}") },
	};

	for (size_t i = 0; i < GP_COUNT(texts); i++) {
		struct gp_json_error error = { .offset = 99 };
		struct json_object *value;

		name_row(texts[i].bytes, texts[i].length);
		CU_ASSERT_FALSE(parses(texts[i].bytes, texts[i].length, &value, &error));
		CU_ASSERT(error.offset > 0 && error.offset <= texts[i].length);
	}
}

/* The offset is that of the character's first byte, wherever in it the mistake is. */
static void
refuses_invalid_utf8(void)
{
	static const struct refused texts[] = {
		{ TEXT("\"\x80\""), 1 },
		{ TEXT("\"\xbf\""), 1 },
		{ TEXT("\"\xc0\x80\""), 1 },
		{ TEXT("\"\xc1\xbf\""), 1 },
		{ TEXT("\"\xc2\""), 1 },
		{ TEXT("\"\xc2"), 1 },
		{ TEXT("\"\xc2\x7f\""), 1 },
		{ TEXT("\"\xc2\xc0\""), 1 },
		{ TEXT("\"\xe0\x80\x80\""), 1 },
		{ TEXT("\"\xe0\x9f\xbf\""), 1 },
		{ TEXT("\"\xe2\x82\""), 1 },
		{ TEXT("\"\xe2\x82"), 1 },
		{ TEXT("\"\xed\xa0\x80\""), 1 },
		{ TEXT("\"\xed\xbf\xbf\""), 1 },
		{ TEXT("\"\xf0\x80\x80\x80\""), 1 },
		{ TEXT("\"\xf0\x8f\xbf\xbf\""), 1 },
		{ TEXT("\"\xf0\x9f\x98\""), 1 },
		{ TEXT("\"\xf4\x90\x80\x80\""), 1 },
		{ TEXT("\"\xf5\x80\x80\x80\""), 1 },
		{ TEXT("\"\xf8\x88\x80\x80\x80\""), 1 },
		{ TEXT("\"\xfe\""), 1 },
		{ TEXT("\"\xff\""), 1 },
		{ TEXT("\"caf\xe9\""), 4 },
		{ TEXT("{\"\xff\":1}"), 2 },
		{ TEXT("\xff"), 0 },
		{ TEXT("[\xc3\xa4]"), 1 },
		{ TEXT("\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\xe2\x82\""), 10 },
		{ TEXT("[\"a\",\"\xf0\x9f\x98"), 6 },
	};

	expect_refused(texts, GP_COUNT(texts));
}

/* RFC 7515 section 4 leaves the choice between refusing and taking the last; we refuse. */
static void
refuses_members_that_stand_twice(void)
{
	static const struct text texts[] = {
		{ TEXT("{\"a\":1,\"a\":1}") },
		{ TEXT("{\"a\":1,\"b\":2,\"a\":3}") },
		{ TEXT("{\"\":1,\"\":1}") },
		{ TEXT("{\"a\":1,\"\\u0061\":2}") },
		{ TEXT("{\"\\n\":1,\"\\u000a\":2}") },
		{ TEXT("{\"/\":1,\"\\/\":2}") },
		{ TEXT("{\"\xf0\x9f\x98\x80\":1,\"\\ud83d\\ude00\":2}") },
		{ TEXT("{\"a\":null,\"a\":null}") },
		{ TEXT("[{\"a\":1,\"a\":2}]") },
		{ TEXT("{\"a\":{\"b\":1,\"b\":2}}") },
		{ TEXT("{\"x\":{\"a\":1,\"b\":2},\"x\":1}") },
		{ TEXT("{\"x\":1,\"x\":{\"a\":1,\"b\":2}}") },
		{ TEXT("{\"a\":[[[[{\"b\":{\"c\":[{\"d\":1,\"d\":1}]}}]]]]}") },
	};

	for (size_t i = 0; i < GP_COUNT(texts); i++) {
		struct gp_json_error error = { .message = "" };
		struct json_object *value;

		name_row(texts[i].bytes, texts[i].length);
		CU_ASSERT_FALSE(parses(texts[i].bytes, texts[i].length, &value, &error));
		CU_ASSERT_PTR_NULL(value);
		CU_ASSERT_STRING_EQUAL(error.message, "Duplicate member");
	}
}

/* `depth` levels of what opens, a value, and as many of what closes. */
static bool
nested_parses(const char *opening, const char *middle, const char *closing, size_t depth)
{
	size_t open_length = strlen(opening), close_length = strlen(closing);
	char *text = malloc(depth * (open_length + close_length) + strlen(middle) + 1);
	struct json_object *value = NULL;
	struct gp_json_error error;
	char *at = text;
	bool parsed;

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	for (size_t i = 0; i < depth; i++, at += open_length)
		memcpy(at, opening, open_length);
	memcpy(at, middle, strlen(middle));
	at += strlen(middle);
	for (size_t i = 0; i < depth; i++, at += close_length)
		memcpy(at, closing, close_length);
	*at = '\0';
	parsed = parses(text, (size_t)(at - text), &value, &error);
	json_object_put(value);
	free(text);
	return parsed;
}

static void
limits_the_depth(void)
{
	CU_ASSERT(nested_parses("[", "", "]", GP_JSON_DEPTH));
	CU_ASSERT(nested_parses("[", "1", "]", GP_JSON_DEPTH));
	CU_ASSERT(nested_parses("[ ", "\"a\"", " ]", GP_JSON_DEPTH));
	CU_ASSERT(nested_parses("{\"a\":", "null", "}", GP_JSON_DEPTH));
	CU_ASSERT(nested_parses("[{\"a\":", "{}", "}]", GP_JSON_DEPTH / 2 - 1));
	CU_ASSERT(nested_parses("[{\"a\":", "0", "}]", GP_JSON_DEPTH / 2));
	CU_ASSERT_FALSE(nested_parses("[", "", "]", GP_JSON_DEPTH + 1));
	CU_ASSERT_FALSE(nested_parses("{\"a\":", "1", "}", GP_JSON_DEPTH + 1));
	CU_ASSERT_FALSE(nested_parses("[{\"a\":", "{}", "}]", GP_JSON_DEPTH / 2));
	CU_ASSERT_EQUAL(GP_JSON_DEPTH, 32);
}

/* An array of so many empty objects, the array itself counted. */
static bool
many_parse(size_t containers)
{
	char *text = calloc(containers, 3);
	struct json_object *value = NULL;
	struct gp_json_error error;
	bool parsed;

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	for (size_t i = 0; i + 1 < containers; i++)
		memcpy(text + 3 * i, i == 0 ? "[{}" : ",{}", 3);
	text[3 * (containers - 1)] = ']';
	parsed = parses(text, 3 * (containers - 1) + 1, &value, &error);
	json_object_put(value);
	free(text);
	return parsed;
}

/* What a body of a mebibyte could hold of them would fill a worker's memory. */
static void
limits_the_containers(void)
{
	CU_ASSERT(many_parse(GP_JSON_CONTAINERS_MAX));
	CU_ASSERT_FALSE(many_parse(GP_JSON_CONTAINERS_MAX + 1));
}

static void
survives_a_depth_that_would_end_the_stack(void)
{
	CU_ASSERT_FALSE(nested_parses("[", "", "]", 400000));
	CU_ASSERT_FALSE(nested_parses("[", "", "", 900000));
	CU_ASSERT_FALSE(nested_parses("{\"a\":", "", "", 200000));
}

/* Depth is what is open, not what has been opened. */
static void
counts_only_open_levels(void)
{
	static const char text[] =
	    "[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],"
	    "[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[]]";
	struct json_object *value = NULL;
	struct gp_json_error error;

	CU_ASSERT(parses(text, sizeof(text) - 1, &value, &error));
	json_object_put(value);
}

static void
goes_on_after_a_refusal(void)
{
	static const char *const bad[] = { "{\"a\":[1,", "{\"a\":1,\"a\":2}", "\"\\ud800\"", "[[[",
		"nul", "99999999999999999999999", "" };
	struct gp_json_reader *reader = gp_json_reader_new();

	CU_ASSERT_PTR_NOT_NULL_FATAL(reader);
	for (size_t i = 0; i < GP_COUNT(bad); i++) {
		struct json_object *value = NULL;
		struct gp_json_error error;

		gp_test_row("after %s", bad[i]);
		if (gp_json_parse(reader, bad[i], strlen(bad[i]), &value, &error))
			json_object_put(value);
		CU_ASSERT(gp_json_parse(reader, "{\"b\":\"c\"}", 9, &value, &error));
		CU_ASSERT_STRING_EQUAL(gp_json_string(value, "b"), "c");
		json_object_put(value);
	}
	gp_json_reader_free(reader);
}

/* What stands behind `length` is not looked at but for the NUL that must be there. */
static void
reads_no_further_than_it_is_told(void)
{
	char text[] = "[1,2]\0,3]";
	struct json_object *value = NULL;
	struct gp_json_error error;

	CU_ASSERT(parses(text, 5, &value, &error));
	CU_ASSERT_EQUAL(json_object_array_length(value), 2);
	json_object_put(value);
	CU_ASSERT_FALSE(parses(text, 6, &value, &error));
	CU_ASSERT_FALSE(parses(text, 9, &value, &error));
}

/* A body of just 1 MiB: {"00000":0,"00001":0, ... and white space. NULL without memory. */
static char *
make_large_body(size_t size, size_t members)
{
	char *text = malloc(size + 1);
	char *at = text;

	if (text == NULL)
		return NULL;
	memset(text, ' ', size);
	text[size] = '\0';
	*at++ = '{';
	for (size_t i = 0; i < members; i++, at += 10) {
		size_t rest = i;

		memcpy(at, "\"00000\":0,", 10);
		for (int digit = 5; digit > 0; digit--, rest /= 10)
			at[digit] = (char)('0' + rest % 10);
	}
	at[-1] = '}';
	return text;
}

static void
reads_a_body_of_a_hundred_thousand_members_without_delay(void)
{
	const size_t size = (size_t)1024 * 1024, members = 100000;
	char *text = make_large_body(size, members);
	struct json_object *value = NULL;
	struct gp_json_error error;
	clock_t start = clock();
	bool parsed;

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	parsed = parses(text, size, &value, &error);
	/* Milliseconds; under valgrind a second. What is quadratic takes minutes. */
	CU_ASSERT((clock() - start) / CLOCKS_PER_SEC < 10);
	CU_ASSERT_FATAL(parsed);
	CU_ASSERT_EQUAL(json_object_object_length(value), (int)members);
	json_object_put(value);
	free(text);
}

static void
gives_string_members_only(void)
{
	static const char text[] = "{\"a\":\"b\",\"c\":1,\"d\":null,\"e\":[\"f\"],\"g\":\"\"}";
	struct json_object *value = NULL;
	struct gp_json_error error;

	CU_ASSERT_FATAL(parses(text, sizeof(text) - 1, &value, &error));
	CU_ASSERT_STRING_EQUAL(gp_json_string(value, "a"), "b");
	CU_ASSERT_STRING_EQUAL(gp_json_string(value, "g"), "");
	CU_ASSERT_PTR_NULL(gp_json_string(value, "c"));
	CU_ASSERT_PTR_NULL(gp_json_string(value, "d"));
	CU_ASSERT_PTR_NULL(gp_json_string(value, "e"));
	CU_ASSERT_PTR_NULL(gp_json_string(value, "A"));
	CU_ASSERT_PTR_NULL(gp_json_string(value, "missing"));
	json_object_put(value);
	gp_json_reader_free(NULL);
}

const struct gp_test gp_tests_json[] = {
	GP_TEST(accepts_values_and_structure),
	GP_TEST(accepts_every_form_of_number),
	GP_TEST(accepts_integers_past_64_bits),
	GP_TEST(reads_the_value_of_numbers),
	GP_TEST(refuses_what_is_no_number),
	GP_TEST(refuses_broken_structure),
	GP_TEST(refuses_what_other_languages_have),
	GP_TEST(refuses_words_that_are_cut_or_misspelt),
	GP_TEST(accepts_strings),
	GP_TEST(reads_the_value_of_strings),
	GP_TEST(refuses_broken_strings),
	GP_TEST(refuses_broken_escapes_and_nul),
	GP_TEST(refuses_invalid_utf8),
	GP_TEST(refuses_members_that_stand_twice),
	GP_TEST(limits_the_depth),
	GP_TEST(limits_the_containers),
	GP_TEST(survives_a_depth_that_would_end_the_stack),
	GP_TEST(counts_only_open_levels),
	GP_TEST(goes_on_after_a_refusal),
	GP_TEST(reads_no_further_than_it_is_told),
	GP_TEST(reads_a_body_of_a_hundred_thousand_members_without_delay),
	GP_TEST(gives_string_members_only),
	{ NULL, NULL },
};
