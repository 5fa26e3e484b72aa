/* SPDX-License-Identifier: Apache-2.0 */
/* One event is one line, whatever the values hold and however long they are. */
#include "event_log.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "attributes.h"
#include "unit.h"

static char line[8192];
static size_t line_length;
static unsigned line_count;

static void
keep_line(void *context, const char *bytes, size_t length)
{
	CU_ASSERT_PTR_EQUAL(context, &line_count);
	CU_ASSERT_FATAL(length < sizeof(line));
	memcpy(line, bytes, length);
	line[length] = '\0';
	line_length = length;
	line_count++;
}

static struct gp_log
log_of(enum gp_log_format format)
{
	line_length = 0;
	line_count = 0;
	line[0] = '\0';
	return (struct gp_log){
		.program = "unit",
		.level = GP_LOG_DEBUG,
		.format = format,
		.target = GP_LOG_STDERR,
		.sink = keep_line,
		.sink_context = &line_count,
	};
}

/* A line of one event with one value. */
static void
write_value(enum gp_log_format format, const char *value)
{
	const struct gp_log log = log_of(format);
	const struct gp_log_field fields[] = { { "v", value } };

	gp_log_event(&log, GP_LOG_INFO, "tested", fields, GP_COUNT(fields));
	CU_ASSERT_EQUAL(line_count, 1);
}

/* One newline, at the end, and nothing but printable ASCII before it. */
static void
expect_one_clean_line(void)
{
	CU_ASSERT_FATAL(line_length > 0);
	CU_ASSERT_EQUAL(line[line_length - 1], '\n');
	for (size_t i = 0; i < line_length - 1; i++)
		CU_ASSERT(line[i] >= 0x20 && line[i] < 0x7f);
}

/* The line as an object; the caller puts it. */
static struct json_object *
parsed_line(void)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *object;

	CU_ASSERT_PTR_NOT_NULL_FATAL(tokener);
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	object = json_tokener_parse_ex(tokener, line, (int)line_length);
	CU_ASSERT_EQUAL(json_tokener_get_error(tokener), json_tokener_success);
	json_tokener_free(tokener);
	CU_ASSERT(json_object_is_type(object, json_type_object));
	return object;
}

static const char *
member(struct json_object *object, const char *name)
{
	return json_object_get_string(json_object_object_get(object, name));
}

/* 2026-11-21T05:36:00.123Z, with any digits. */
static bool
is_time(const char *text)
{
	static const char form[] = "0000-00-00T00:00:00.000Z";

	for (size_t i = 0; i < sizeof(form) - 1; i++) {
		bool digit = text[i] >= '0' && text[i] <= '9';

		if (form[i] == '0' ? !digit : text[i] != form[i])
			return false;
	}
	return true;
}

static void
writes_text(void)
{
	const struct gp_log log = log_of(GP_LOG_TEXT);
	const struct gp_log_field fields[] = { { "rule", "expired" }, { "kid", NULL },
		{ "remedy", "two words" }, { "empty", "" } };

	gp_log_event(&log, GP_LOG_WARNING, "token_refused", fields, GP_COUNT(fields));
	CU_ASSERT_EQUAL(strncmp(line, "time=", 5), 0);
	CU_ASSERT(is_time(line + 5));
	CU_ASSERT_STRING_EQUAL(line + 5 + 24,
	    " program=unit level=warning event=token_refused rule=expired remedy=\"two words\""
	    " empty=\"\"\n");
}

static void
writes_json(void)
{
	const struct gp_log log = log_of(GP_LOG_JSON);
	const struct gp_log_field fields[] = { { "rule", "expired" }, { "kid", NULL },
		{ "remedy", "two words" }, { "empty", "" } };

	gp_log_event(&log, GP_LOG_ERROR, "token_refused", fields, GP_COUNT(fields));
	CU_ASSERT_EQUAL(strncmp(line, "{\"time\":\"", 9), 0);
	CU_ASSERT(is_time(line + 9));
	CU_ASSERT_STRING_EQUAL(line + 9 + 24,
	    "\",\"program\":\"unit\",\"level\":\"error\",\"event\":\"token_refused\","
	    "\"rule\":\"expired\",\"remedy\":\"two words\",\"empty\":\"\"}\n");
}

static void
writes_an_event_without_fields(void)
{
	const struct gp_log log = log_of(GP_LOG_TEXT);

	gp_log_event(&log, GP_LOG_DEBUG, "started", NULL, 0);
	CU_ASSERT_EQUAL(line_count, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(line, " level=debug event=started\n"));
}

static void
writes_what_is_important_enough(void)
{
	static const enum gp_log_level levels[] = { GP_LOG_ERROR, GP_LOG_WARNING, GP_LOG_INFO,
		GP_LOG_DEBUG };

	for (size_t i = 0; i < GP_COUNT(levels); i++) {
		for (size_t j = 0; j < GP_COUNT(levels); j++) {
			struct gp_log log = log_of(GP_LOG_JSON);

			gp_test_row("log of level %zu, event of level %zu", i, j);
			log.level = levels[i];
			gp_log_event(&log, levels[j], "tested", NULL, 0);
			CU_ASSERT_EQUAL(line_count, j <= i);
		}
	}
}

static void
lets_no_value_start_a_line_or_a_field(void)
{
	static const struct {
		const char *value;
		const char *text; /* as it stands in a line of text */
	} rows[] = {
		{ "a", " v=a\n" },
		{ "a\nlevel=error", " v=\"a\\u000alevel=error\"\n" },
		{ "a\n", " v=a\\u000a\n" },
		{ "a\r\nb", " v=a\\u000d\\u000ab\n" },
		{ "a event=fake", " v=\"a event=fake\"\n" },
		{ "a=b", " v=\"a=b\"\n" },
		{ "\" event=\"fake", " v=\"\\\" event=\\\"fake\"\n" },
		{ "a\\", " v=\"a\\\\\"\n" },
		{ "\\u000a", " v=\"\\\\u000a\"\n" },
		{ "\x1b[2J", " v=\\u001b[2J\n" },
		{ "\x7f", " v=\\u007f\n" },
		{ "\xc2\x85", " v=\\u00c2\\u0085\n" },
		{ "\xff", " v=\\u00ff\n" },
		{ "\t", " v=\\u0009\n" },
		{ " ", " v=\" \"\n" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		const char *text;

		gp_test_row("%s", rows[i].text);
		write_value(GP_LOG_TEXT, rows[i].value);
		expect_one_clean_line();
		text = strstr(line, " v=");
		CU_ASSERT_FATAL(text != NULL);
		CU_ASSERT_STRING_EQUAL(text, rows[i].text);
	}
}

static void
writes_every_ascii_byte_as_json(void)
{
	for (int c = 1; c < 0x80; c++) {
		char value[4] = { 'a', (char)c, 'z', '\0' };
		struct json_object *object;

		gp_test_row("byte %d", c);
		write_value(GP_LOG_JSON, value);
		expect_one_clean_line();
		object = parsed_line();
		CU_ASSERT(gp_test_same(member(object, "v"), value));
		CU_ASSERT_EQUAL(json_object_object_length(object), 5);
		json_object_put(object);
	}
}

static void
writes_bytes_above_ascii_as_json(void)
{
	for (int c = 0x80; c < 0x100; c++) {
		char value[3] = { (char)c, '"', '\0' };
		struct json_object *object;

		gp_test_row("byte %d", c);
		write_value(GP_LOG_JSON, value);
		expect_one_clean_line();
		object = parsed_line();
		CU_ASSERT_EQUAL(json_object_object_length(object), 5);
		json_object_put(object);
	}
}

/* `length` bytes of a repeated text, ended. */
static void
fill(char *value, size_t length, const char *pattern)
{
	for (size_t i = 0; i < length; i++)
		value[i] = pattern[i % strlen(pattern)];
	value[length] = '\0';
}

static const char *const patterns[] = { "a", "\n", "\"", "\\", "a\n", "\xe2\x82\xac", "a\"b\nc\\",
	" " };

/* Wherever the end of the line falls, also amid an escape. */
static void
keeps_long_lines_well_formed_json(void)
{
	static char value[4096];

	for (size_t i = 0; i < GP_COUNT(patterns); i++) {
		for (size_t length = 250; length < 2100; length += 1 + length % 3) {
			struct json_object *object;

			gp_test_row("pattern %zu, %zu bytes", i, length);
			fill(value, length, patterns[i]);
			write_value(GP_LOG_JSON, value);
			CU_ASSERT(line_length <= 2048);
			expect_one_clean_line();
			object = parsed_line();
			CU_ASSERT(gp_test_same(member(object, "event"), "tested"));
			json_object_put(object);
		}
	}
}

static void
keeps_long_lines_of_text_to_one_line(void)
{
	static char value[4096];

	for (size_t i = 0; i < GP_COUNT(patterns); i++) {
		for (size_t length = 250; length < 2100; length += 1 + length % 3) {
			gp_test_row("pattern %zu, %zu bytes", i, length);
			fill(value, length, patterns[i]);
			write_value(GP_LOG_TEXT, value);
			CU_ASSERT(line_length <= 2048);
			expect_one_clean_line();
			if (strstr(line, " v=\"") != NULL)
				CU_ASSERT_EQUAL(line[line_length - 2], '"');
		}
	}
}

/* What a cut value shows is its beginning, with nothing left out on the way. */
static void
cuts_a_value_at_one_place(void)
{
	static char value[4096];

	for (size_t i = 0; i < GP_COUNT(patterns); i++) {
		struct json_object *object;
		const char *kept;

		/* Bytes above ASCII do not come back as they were. */
		if ((unsigned char)patterns[i][0] >= 0x80)
			continue;
		gp_test_row("pattern %zu", i);
		for (size_t length = 2020; length < 2040; length++) {
			fill(value, sizeof(value) - 1, "x");
			fill(value + length -
				 strlen("{\"time\":\"2026-11-21T05:36:00.000Z\",\"program\":"
					"\"unit\",\"level\":\"info\",\"event\":\"tested\","
					"\"v\":\""),
			    100, patterns[i]);
			strcat(value, "the end");
			write_value(GP_LOG_JSON, value);
			object = parsed_line();
			kept = member(object, "v");
			CU_ASSERT_FATAL(kept != NULL);
			CU_ASSERT_EQUAL(strncmp(kept, value, strlen(kept)), 0);
			json_object_put(object);
		}
	}
}

static void
keeps_lines_of_many_long_fields_well_formed(void)
{
	static char value[1024];
	struct gp_log_field fields[40];

	for (size_t length = 0; length < 300; length++) {
		const struct gp_log log = log_of(GP_LOG_JSON);
		struct json_object *object;

		gp_test_row("%zu bytes", length);
		fill(value, length, "a\"");
		for (size_t i = 0; i < GP_COUNT(fields); i++)
			fields[i] = (struct gp_log_field){ "a_long_name_of_a_field", value };
		gp_log_event(&log, GP_LOG_INFO, "tested", fields, GP_COUNT(fields));
		CU_ASSERT(line_length <= 2048);
		expect_one_clean_line();
		object = parsed_line();
		json_object_put(object);
	}
}

static void
writes_to_standard_error_without_a_sink(void)
{
	struct gp_log log = log_of(GP_LOG_TEXT);
	int ends[2], saved = dup(STDERR_FILENO);
	char bytes[512];
	ssize_t length;

	log.sink = NULL;
	fflush(stderr);
	CU_ASSERT_EQUAL_FATAL(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	gp_log_event(&log, GP_LOG_INFO, "tested", NULL, 0);
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(ends[1]);
	length = read(ends[0], bytes, sizeof(bytes) - 1);
	close(ends[0]);
	CU_ASSERT_FATAL(length > 0);
	bytes[length] = '\0';
	CU_ASSERT_PTR_NOT_NULL(strstr(bytes, " program=unit level=info event=tested\n"));
	CU_ASSERT_EQUAL(line_count, 0);
}

const struct gp_test gp_tests_event_log[] = {
	GP_TEST(writes_text),
	GP_TEST(writes_json),
	GP_TEST(writes_an_event_without_fields),
	GP_TEST(writes_what_is_important_enough),
	GP_TEST(lets_no_value_start_a_line_or_a_field),
	GP_TEST(writes_every_ascii_byte_as_json),
	GP_TEST(writes_bytes_above_ascii_as_json),
	GP_TEST(keeps_long_lines_well_formed_json),
	GP_TEST(keeps_long_lines_of_text_to_one_line),
	GP_TEST(cuts_a_value_at_one_place),
	GP_TEST(keeps_lines_of_many_long_fields_well_formed),
	GP_TEST(writes_to_standard_error_without_a_sink),
	{ NULL, NULL },
};
