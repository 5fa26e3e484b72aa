/* SPDX-License-Identifier: Apache-2.0 */
/* A body without faults has every required member, and each value keeps to its row. */
#include "json_read.h"

#include "fuzz.h"

static const struct gp_field fields[] = {
	{ "title", GP_FIELD_TEXT, true, false, 1, 8, 0 },
	{ "description", GP_FIELD_TEXT, false, true, 0, 8, 0 },
	{ "completed", GP_FIELD_BOOL, false, false, 0, 0, 0 },
};

static void
judge(const struct gp_field *field, const struct gp_value *value)
{
	int64_t characters = 0;

	GP_FUZZ_REQUIRE(value->given || (!field->required && value->text == NULL));
	GP_FUZZ_REQUIRE(!value->given || value->text != NULL || field->nullable);
	if (value->text == NULL)
		return;
	if (field->type == GP_FIELD_BOOL) {
		GP_FUZZ_REQUIRE(
		    strcmp(value->text, "true") == 0 || strcmp(value->text, "false") == 0);
		return;
	}
	for (const char *c = value->text; *c != '\0'; c++)
		characters += ((unsigned char)*c & 0xc0) != 0x80;
	GP_FUZZ_REQUIRE(characters >= field->least && characters <= field->most);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct gp_json_reader *reader;
	static struct gp_arena *arena;
	char *body = gp_fuzz_copy(data, size);
	struct gp_value values[GP_COUNT(fields)];
	struct gp_faults faults = { .count = 0 };

	if (reader == NULL) {
		reader = gp_json_reader_new();
		arena = gp_arena_new();
	}
	GP_FUZZ_REQUIRE(reader != NULL && arena != NULL);
	GP_FUZZ_REQUIRE(gp_json_read(arena, reader, body, size, fields, GP_COUNT(fields), values,
			    &faults) == GP_OK);
	GP_FUZZ_REQUIRE(faults.count <= GP_FAULTS_MAX);
	for (size_t i = 0; faults.count == 0 && i < GP_COUNT(fields); i++)
		judge(&fields[i], &values[i]);
	gp_arena_reset(arena);
	free(body);
	return 0;
}
