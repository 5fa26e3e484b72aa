/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is accepted, json-c accepts too, is UTF-8, has no member twice, and survives being printed
 * and read again; what the scan accepts, json-c never refuses.
 */
#include "json.h"

#include <stdbool.h>

#include "fuzz.h"
#include "json_members.h"
#include "plain_json.h"

/* By decoding to a number, which the scan does not do. */
static bool
is_utf8(const unsigned char *text, size_t length)
{
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };

	for (size_t i = 0; i < length; i++) {
		unsigned char lead = text[i];
		int more = lead < 0x80   ? 0
			   : lead < 0xc0 ? -1
			   : lead < 0xe0 ? 1
			   : lead < 0xf0 ? 2
					 : 3;
		uint32_t code = more <= 0 ? lead : lead & (0x3fU >> more);

		if (more < 0 || lead >= 0xf8 || length - i - 1 < (size_t)more)
			return false;
		for (int j = 0; j < more; j++) {
			if ((text[++i] & 0xc0) != 0x80)
				return false;
			code = code << 6 | (text[i] & 0x3fU);
		}
		if (code < least[more] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
			return false;
	}
	return true;
}

static size_t
count_members(struct json_object *value)
{
	size_t count = 0;

	if (json_object_is_type(value, json_type_object)) {
		struct json_object_iterator at = json_object_iter_begin(value);
		struct json_object_iterator end = json_object_iter_end(value);

		for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at))
			count += 1 + count_members(json_object_iter_peek_value(&at));
	}
	if (json_object_is_type(value, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(value); i++)
			count += count_members(json_object_array_get_idx(value, i));
	}
	return count;
}

/* Colons outside strings: each is one member, if every member stands once. No string has a NUL. */
static size_t
count_colons(const char *text)
{
	bool inside = false;
	size_t count = 0;

	for (; *text != '\0'; text++) {
		GP_FUZZ_REQUIRE(!inside || strncmp(text, "\\u0000", 6) != 0);
		if (inside && *text == '\\')
			text++;
		else if (*text == '"')
			inside = !inside;
		else if (!inside && *text == ':')
			count++;
	}
	return count;
}

static void
print_and_parse(struct gp_json_reader *reader, struct json_object *value)
{
	size_t length;
	const char *text =
	    json_object_to_json_string_length(value, JSON_C_TO_STRING_PLAIN, &length);
	struct json_object *again;
	struct gp_json_error error;

	GP_FUZZ_REQUIRE(gp_json_parse(reader, text, length, &again, &error));
	GP_FUZZ_REQUIRE(count_members(again) == count_members(value));
	GP_FUZZ_REQUIRE(json_object_get_type(again) == json_object_get_type(value));
	json_object_put(again);
}

static enum gp_json_kind
kind_of(struct json_object *object, const char *name, struct json_object **value)
{
	if (!json_object_object_get_ex(object, name, value))
		return GP_JSON_ABSENT;
	switch (json_object_get_type(*value)) {
	case json_type_null: return GP_JSON_NULL;
	case json_type_boolean: return GP_JSON_BOOL;
	case json_type_int:
	case json_type_double: return GP_JSON_NUMBER;
	case json_type_string: return GP_JSON_STRING;
	case json_type_array: return GP_JSON_ARRAY;
	case json_type_object: return GP_JSON_OBJECT;
	}
	return GP_JSON_ABSENT;
}

/* Members that are read alone are those of the tree, and come from the same texts. */
static void
read_members(struct gp_json_reader *reader, const char *text, size_t size, struct json_object *tree)
{
	struct gp_json_member members[] = { { .name = "a" }, { .name = "sub" }, { .name = "" } };
	const size_t count = sizeof(members) / sizeof(members[0]);
	struct gp_arena *arena = gp_arena_new();
	enum gp_json_reading outcome;

	GP_FUZZ_REQUIRE(arena != NULL);
	outcome = gp_json_read_members(reader, arena, text, size, members, count);
	GP_FUZZ_REQUIRE((outcome == GP_JSON_READ) == json_object_is_type(tree, json_type_object));
	GP_FUZZ_REQUIRE(outcome != GP_JSON_NO_MEMORY);
	for (size_t i = 0; outcome == GP_JSON_READ && i < count; i++) {
		struct json_object *value = NULL;

		GP_FUZZ_REQUIRE(members[i].kind == kind_of(tree, members[i].name, &value));
		if (members[i].kind == GP_JSON_STRING)
			GP_FUZZ_REQUIRE(
			    strcmp(members[i].text, json_object_get_string(value)) == 0);
		if (members[i].kind == GP_JSON_NUMBER)
			GP_FUZZ_REQUIRE(members[i].number == json_object_get_double(value));
	}
	gp_arena_free(arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct gp_json_reader *reader;
	char *text = gp_fuzz_copy(data, size);
	struct json_object *value = NULL;
	struct gp_json_error error = { .message = NULL };
	bool accepted;

	if (reader == NULL)
		reader = gp_json_reader_new();
	GP_FUZZ_REQUIRE(reader != NULL);
	if (gp_json_parse(reader, text, size, &value, &error)) {
		GP_FUZZ_REQUIRE(is_utf8((const unsigned char *)text, size));
		GP_FUZZ_REQUIRE(strlen(text) == size);
		json_object_put(gp_fuzz_json(text, &accepted));
		GP_FUZZ_REQUIRE(accepted);
		GP_FUZZ_REQUIRE(count_members(value) == count_colons(text));
		print_and_parse(reader, value);
	} else {
		GP_FUZZ_REQUIRE(value == NULL && error.message != NULL && error.offset <= size);
		/* The scan has the bracket behind it when it refuses; only json-c is left. */
		if (text[0] == '{' || text[0] == '[')
			GP_FUZZ_REQUIRE(
			    error.offset > 0 || strcmp(error.message, "Duplicate member") == 0);
	}
	read_members(reader, text, size, value);
	json_object_put(value);
	free(text);
	return 0;
}
