/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The input is a query, read against a table with every type it may have, and a path to encode.
 * Another spelling of the same query, and what is put in front of it, change nothing.
 */
#include "query_read.h"

#include <stdbool.h>

#include "fuzz.h"
#include "percent.h"

enum { LIMIT, OFFSET, COMPLETED, ID, UUID, FIELD_COUNT };

static const struct gp_field fields[FIELD_COUNT] = {
	[LIMIT] = { .name = "limit", .type = GP_FIELD_INTEGER, .least = 1, .most = 100 },
	[OFFSET] = { .name = "offset", .type = GP_FIELD_INTEGER, .most = INT64_MAX },
	[COMPLETED] = { .name = "completed", .type = GP_FIELD_BOOL, .nullable = true },
	[ID] = { .name = "id", .type = GP_FIELD_ID, .required = true },
	[UUID] = { .name = "u", .type = GP_FIELD_UUID, .nullable = true },
};

/* Everything that reading a query gives. */
struct reading {
	struct gp_value values[FIELD_COUNT];
	struct gp_faults faults;
};

static void
read_query(const char *query, struct gp_arena *arena, struct reading *reading)
{
	reading->faults.count = 0;
	GP_FUZZ_REQUIRE(gp_query_read(arena, query, fields, FIELD_COUNT, reading->values,
			    &reading->faults) == GP_OK);
}

static bool
is_same_text(const char *one, const char *other)
{
	return one == NULL || other == NULL ? one == other : strcmp(one, other) == 0;
}

static void
require_same(const struct reading *one, const struct reading *other)
{
	GP_FUZZ_REQUIRE(one->faults.count == other->faults.count);
	for (size_t i = 0; i < one->faults.count; i++) {
		const struct gp_fault *fault = &one->faults.faults[i];

		GP_FUZZ_REQUIRE(fault->kind == other->faults.faults[i].kind);
		GP_FUZZ_REQUIRE(fault->name == other->faults.faults[i].name);
	}
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		GP_FUZZ_REQUIRE(one->values[i].given == other->values[i].given);
		GP_FUZZ_REQUIRE(one->values[i].number == other->values[i].number);
		GP_FUZZ_REQUIRE(is_same_text(one->values[i].text, other->values[i].text));
	}
}

static const struct gp_fault *
fault_of(const struct reading *reading, const struct gp_field *field)
{
	const struct gp_fault *found = NULL;

	for (size_t i = 0; i < reading->faults.count; i++) {
		if (reading->faults.faults[i].name == field->name) {
			GP_FUZZ_REQUIRE(found == NULL);
			found = &reading->faults.faults[i];
		}
	}
	return found;
}

/* What a text without a fault may be, type by type. */
static void
judge_text(const struct gp_field *field, const struct gp_value *value)
{
	const char *text = value->text;

	switch (field->type) {
	case GP_FIELD_INTEGER:
		GP_FUZZ_REQUIRE(value->number >= field->least && value->number <= field->most);
		break;
	case GP_FIELD_ID: GP_FUZZ_REQUIRE(strtoll(text, NULL, 10) == value->number); break;
	case GP_FIELD_BOOL:
		GP_FUZZ_REQUIRE(strcmp(text, "true") == 0 || strcmp(text, "false") == 0);
		return;
	default:
		GP_FUZZ_REQUIRE(strlen(text) == 36);
		GP_FUZZ_REQUIRE(strspn(text, "0123456789abcdef-") == 36);
		return;
	}
	GP_FUZZ_REQUIRE(text[strspn(text, "+-0123456789")] == '\0');
	GP_FUZZ_REQUIRE(strpbrk(text, "0123456789") != NULL);
}

static void
judge_value(const struct reading *reading, size_t i)
{
	const struct gp_value *value = &reading->values[i];
	const struct gp_fault *fault = fault_of(reading, &fields[i]);

	if (fault != NULL) {
		GP_FUZZ_REQUIRE(fault->place == GP_IN_QUERY && value->text == NULL);
		GP_FUZZ_REQUIRE((fault->kind == GP_FAULT_MISSING) == !value->given);
	} else if (!value->given) {
		GP_FUZZ_REQUIRE(!fields[i].required && value->text == NULL && value->number == 0);
	} else if (value->text == NULL) {
		GP_FUZZ_REQUIRE(fields[i].nullable && value->number == 0);
	} else {
		judge_text(&fields[i], value);
	}
}

static bool
is_digit(char c)
{
	return strchr("0123456789ABCDEFabcdef", c) != NULL && c != '\0';
}

/* The query with all encoded that is not, but for what parts it; freed by the caller. */
static char *
encode_all(const char *query)
{
	char *encoded = malloc(strlen(query) * 3 + 1);
	size_t length = 0;

	GP_FUZZ_REQUIRE(encoded != NULL);
	for (const char *c = query; *c != '\0'; c++) {
		if (*c == '%' && is_digit(c[1]) && is_digit(c[2])) {
			memcpy(encoded + length, c, 3);
			length += 3;
			c += 2;
		} else if (strchr("&=+", *c) != NULL) {
			encoded[length++] = *c;
		} else {
			length += (size_t)sprintf(
			    encoded + length, "%%%02x", (unsigned)(unsigned char)*c);
		}
	}
	encoded[length] = '\0';
	return encoded;
}

static void
judge_spellings(const char *query, const struct reading *reading, struct gp_arena *arena)
{
	char *encoded = encode_all(query);
	size_t size = strlen(query) + 32;
	char *longer = malloc(size);
	struct reading again;

	GP_FUZZ_REQUIRE(longer != NULL);
	read_query(encoded, arena, &again);
	require_same(reading, &again);
	snprintf(longer, size, "&x=%%&=1&limi%%74&%s", query);
	read_query(longer, arena, &again);
	if (reading->values[LIMIT].given)
		require_same(reading, &again);
	else
		GP_FUZZ_REQUIRE(again.values[LIMIT].given && again.values[LIMIT].text == NULL);
	snprintf(longer, size, "%s&%%6Cimit=%%35", query);
	read_query(longer, arena, &again);
	GP_FUZZ_REQUIRE(is_same_text(again.values[LIMIT].text, "5"));
	GP_FUZZ_REQUIRE(again.values[LIMIT].number == 5);
	free(longer);
	free(encoded);
}

/* An encoded path has nothing in it that could end it, and decodes to itself. */
static void
judge_path(const char *path, struct gp_arena *arena)
{
	struct gp_buffer encoded;
	size_t length;
	char *decoded;

	gp_buffer_init(&encoded, arena);
	gp_percent_encode_path(&encoded, path);
	GP_FUZZ_REQUIRE(gp_buffer_complete(&encoded));
	length = encoded.length;
	decoded = malloc(length + 1);
	GP_FUZZ_REQUIRE(decoded != NULL);
	GP_FUZZ_REQUIRE(gp_percent_decode_query(encoded.bytes, length, decoded) == strlen(path));
	GP_FUZZ_REQUIRE(memcmp(decoded, path, strlen(path)) == 0);
	gp_buffer_add_byte(&encoded, '\0');
	GP_FUZZ_REQUIRE(strpbrk(encoded.bytes, " <>\"?#+\\^`{|}[]'") == NULL);
	for (size_t i = 0; i < length; i++)
		GP_FUZZ_REQUIRE(encoded.bytes[i] > 0x20 && encoded.bytes[i] < 0x7f);
	free(decoded);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct gp_arena *arena;
	char *query = gp_fuzz_copy(data, size);
	struct reading reading;

	if (arena == NULL)
		arena = gp_arena_new();
	GP_FUZZ_REQUIRE(arena != NULL);
	read_query(query, arena, &reading);
	for (size_t i = 0; i < FIELD_COUNT; i++)
		judge_value(&reading, i);
	judge_spellings(query, &reading, arena);
	judge_path(query, arena);
	gp_arena_reset(arena);
	free(query);
	return 0;
}
