/* SPDX-License-Identifier: Apache-2.0 */
/* What clients read: every byte of a string, and times compared with the C library's calendar. */
#include "json_write.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "unit.h"

static struct gp_arena *arena;
static struct gp_buffer buffer;

static void
set_up(void)
{
	arena = gp_arena_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	gp_buffer_init(&buffer, arena);
}

/* What has been written so far as a text. */
static const char *
written(void)
{
	CU_ASSERT(gp_buffer_complete(&buffer));
	return gp_arena_copy(arena, buffer.bytes, buffer.length);
}

static void
expect_written(const char *text)
{
	CU_ASSERT_STRING_EQUAL(written(), text);
	gp_arena_free(arena);
}

static void
escapes_what_json_must_escape(void)
{
	set_up();
	gp_json_write_string(&buffer, "a\"b\\c\n\r\t\b\f/\x01\x1f\x7f", 14);
	expect_written("\"a\\\"b\\\\c\\n\\r\\t\\b\\f/\\u0001\\u001f\x7f\"");
}

static void
writes_empty_strings_null_and_truths(void)
{
	set_up();
	gp_json_write_string(&buffer, "", 0);
	gp_json_write_text(&buffer, "");
	gp_json_write_text(&buffer, NULL);
	gp_json_write_bool(&buffer, true);
	gp_json_write_bool(&buffer, false);
	expect_written("\"\"\"\"nulltruefalse");
}

static void
leaves_utf8_as_it_is(void)
{
	set_up();
	gp_json_write_text(&buffer, "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\xe2\x80\xa8");
	expect_written("\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\xe2\x80\xa8\"");
}

/* json-c reads back what was written, strictly and to its end. */
static bool
reads_back_as(const char *text, size_t length)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *value;
	bool same;

	CU_ASSERT_PTR_NOT_NULL_FATAL(tokener);
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	value = json_tokener_parse_ex(tokener, buffer.bytes, (int)buffer.length);
	same = json_object_is_type(value, json_type_string) &&
	       json_tokener_get_parse_end(tokener) == buffer.length &&
	       (size_t)json_object_get_string_len(value) == length &&
	       memcmp(json_object_get_string(value), text, length) == 0;
	json_object_put(value);
	json_tokener_free(tokener);
	return same;
}

static void
writes_every_byte_below_0x80(void)
{
	for (int c = 0; c < 0x80; c++) {
		char text[3] = { 'a', (char)c, 'z' };

		gp_test_row("byte %d", c);
		set_up();
		gp_json_write_string(&buffer, text, sizeof(text));
		CU_ASSERT(reads_back_as(text, sizeof(text)));
		for (size_t i = 0; i < buffer.length; i++)
			CU_ASSERT((unsigned char)buffer.bytes[i] >= 0x20);
		gp_arena_free(arena);
	}
}

static void
writes_all_of_them_at_once(void)
{
	char text[0x80];

	for (int c = 0; c < 0x80; c++)
		text[c] = (char)c;
	set_up();
	gp_json_write_string(&buffer, text, sizeof(text));
	CU_ASSERT(reads_back_as(text, sizeof(text)));
	gp_arena_free(arena);
}

static void
writes_uuids(void)
{
	static const unsigned char bytes[16] = { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
		0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10 };
	static const unsigned char nil[16] = { 0 };

	set_up();
	gp_json_write_uuid(&buffer, bytes);
	gp_json_write_uuid(&buffer, nil);
	expect_written("\"01234567-89ab-cdef-fedc-ba9876543210\""
		       "\"00000000-0000-0000-0000-000000000000\"");
}

static void
writes_times(void)
{
	static const struct {
		int64_t time_us;
		const char *text;
	} rows[] = {
		{ 0, "\"1970-01-01T00:00:00.000000Z\"" },
		{ 1, "\"1970-01-01T00:00:00.000001Z\"" },
		{ 999999, "\"1970-01-01T00:00:00.999999Z\"" },
		{ -1, "\"1969-12-31T23:59:59.999999Z\"" },
		{ -1000000, "\"1969-12-31T23:59:59.000000Z\"" },
		{ INT64_C(-86400000000), "\"1969-12-31T00:00:00.000000Z\"" },
		{ INT64_C(-86400000001), "\"1969-12-30T23:59:59.999999Z\"" },
		{ INT64_C(86399999999), "\"1970-01-01T23:59:59.999999Z\"" },
		{ INT64_C(951782399999999), "\"2000-02-28T23:59:59.999999Z\"" },
		{ INT64_C(951782400000000), "\"2000-02-29T00:00:00.000000Z\"" },
		{ INT64_C(951868800000000), "\"2000-03-01T00:00:00.000000Z\"" },
		{ INT64_C(1709164800000000), "\"2024-02-29T00:00:00.000000Z\"" },
		{ INT64_C(1709251200000000), "\"2024-03-01T00:00:00.000000Z\"" },
		{ INT64_C(1740700800000000), "\"2025-02-28T00:00:00.000000Z\"" },
		{ INT64_C(1740787200000000), "\"2025-03-01T00:00:00.000000Z\"" },
		{ INT64_C(-2203977600000000), "\"1900-02-28T00:00:00.000000Z\"" },
		{ INT64_C(-2203891200000000), "\"1900-03-01T00:00:00.000000Z\"" },
		{ INT64_C(4107456000000000), "\"2100-02-28T00:00:00.000000Z\"" },
		{ INT64_C(4107542400000000), "\"2100-03-01T00:00:00.000000Z\"" },
		{ INT64_C(2147483648123456), "\"2038-01-19T03:14:08.123456Z\"" },
		{ INT64_C(1000000000000000), "\"2001-09-09T01:46:40.000000Z\"" },
		{ INT64_C(253402300799999999), "\"9999-12-31T23:59:59.999999Z\"" },
		{ INT64_C(253402300800000000), "null" },
		{ INT64_C(-62135596800000000), "\"0001-01-01T00:00:00.000000Z\"" },
		{ INT64_C(-62135596800000001), "null" },
		{ INT64_MAX, "null" },
		{ INT64_MIN, "null" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		gp_test_row("%" PRId64, rows[i].time_us);
		set_up();
		gp_json_write_time(&buffer, rows[i].time_us);
		expect_written(rows[i].text);
	}
}

static void
cuts_times_to_milliseconds(void)
{
	static const struct {
		int64_t time_us;
		const char *text;
	} rows[] = {
		{ 0, "\"1970-01-01T00:00:00.000Z\"" },
		{ 999, "\"1970-01-01T00:00:00.000Z\"" },
		{ 1000, "\"1970-01-01T00:00:00.001Z\"" },
		{ 999999, "\"1970-01-01T00:00:00.999Z\"" },
		{ -1, "\"1969-12-31T23:59:59.999Z\"" },
		{ -1000, "\"1969-12-31T23:59:59.999Z\"" },
		{ -1001, "\"1969-12-31T23:59:59.998Z\"" },
		{ INT64_C(1795231639538999), "\"2026-11-21T03:27:19.538Z\"" },
		{ INT64_C(253402300799999999), "\"9999-12-31T23:59:59.999Z\"" },
		{ INT64_C(253402300800000000), "null" },
		{ INT64_C(-62135596800000001), "null" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		gp_test_row("%" PRId64, rows[i].time_us);
		set_up();
		gp_json_write_time_ms(&buffer, rows[i].time_us);
		expect_written(rows[i].text);
	}
}

static void
expect_calendar(int64_t second, int64_t microsecond)
{
	time_t seconds = (time_t)second;
	char date[32], expected[64];
	struct tm utc;

	gmtime_r(&seconds, &utc);
	strftime(date, sizeof(date), "-%m-%dT%H:%M:%S", &utc);
	snprintf(expected, sizeof(expected), "\"%04d%s.%06" PRId64 "Z\"", utc.tm_year + 1900, date,
	    microsecond);
	gp_arena_reset(arena);
	gp_buffer_init(&buffer, arena);
	gp_json_write_time(&buffer, second * 1000000 + microsecond);
	gp_test_row("second %" PRId64, second);
	CU_ASSERT_STRING_EQUAL(written(), expected);
}

/* Every day of four centuries, and one in 37 from year 1 to 9999, each at another time of day. */
static void
agrees_with_the_c_library_on_every_day(void)
{
	const int64_t day_s = 86400;

	set_up();
	for (int64_t day = -62000; day < 62000; day++)
		expect_calendar(day * day_s + (day & 0xffff) % day_s, (day & 0xff) * 3917);
	for (int64_t day = -719162; day <= 2932896; day += 37)
		expect_calendar(day * day_s + (day & 0xfffff) % day_s, (day & 0xff) * 3917);
	expect_calendar(-719162 * day_s, 0);
	expect_calendar(2932896 * day_s + day_s - 1, 999999);
	gp_arena_free(arena);
}

const struct gp_test gp_tests_json_write[] = {
	GP_TEST(escapes_what_json_must_escape),
	GP_TEST(writes_empty_strings_null_and_truths),
	GP_TEST(leaves_utf8_as_it_is),
	GP_TEST(writes_every_byte_below_0x80),
	GP_TEST(writes_all_of_them_at_once),
	GP_TEST(writes_uuids),
	GP_TEST(writes_times),
	GP_TEST(cuts_times_to_milliseconds),
	GP_TEST(agrees_with_the_c_library_on_every_day),
	{ NULL, NULL },
};
