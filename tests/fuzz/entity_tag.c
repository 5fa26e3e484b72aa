/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The input is an If-Match or If-None-Match field: whatever it is, the array is one that PostgreSQL
 * takes. It is also the body that a tag is made of.
 */
#include "entity_tag.h"

#include "fuzz.h"

/* ^\{(\d{1,18}(,\d{1,18})*)?\}$; returns how many numbers there are. */
static size_t
count_numbers(const char *array)
{
	size_t count = 0;

	GP_FUZZ_REQUIRE(*array++ == '{');
	while (*array != '}') {
		size_t digits = strspn(array, "0123456789");

		GP_FUZZ_REQUIRE(digits >= 1 && digits <= 18);
		count++;
		array += digits;
		if (*array == ',')
			GP_FUZZ_REQUIRE(*++array != '}');
	}
	GP_FUZZ_REQUIRE(array[1] == '\0');
	return count;
}

/* A number got into the array as a tag of its own, which no W/ stands before. */
static bool
stands_in(const char *field, const char *digits, size_t length)
{
	for (const char *c = strchr(field, '"'); c != NULL; c = strchr(c + 1, '"')) {
		if (strncmp(c + 1, digits, length) == 0 &&
		    (c[1 + length] == '"' || c[1 + length] == '-') &&
		    (c < field + 2 || strncmp(c - 2, "W/", 2) != 0))
			return true;
	}
	return false;
}

/* Each number is a version whose tag the field names, for a strong match is a weak one too. */
static void
judge_numbers(const char *field, const char *array)
{
	char *end;

	for (const char *c = array + 1; *c != '}' && *c != '\0'; c = *end == ',' ? end + 1 : end) {
		int64_t version = strtoll(c, &end, 10);
		char tag[GP_ENTITY_TAG_SIZE];

		gp_entity_tag_of_version(version, tag);
		GP_FUZZ_REQUIRE(strlen(tag) == (size_t)(end - c) + 2);
		GP_FUZZ_REQUIRE(gp_entity_tag_is_in(field, tag));
		GP_FUZZ_REQUIRE(stands_in(field, c, (size_t)(end - c)));
	}
}

/* One tag more in front of a list, one that no field can hold by chance of its own. */
static void
judge_longer(const char *field, size_t count, struct gp_arena *arena)
{
	static const char more[] = "\"123456789012345678\", W/\"3\" ,";
	size_t size = sizeof(more) + strlen(field);
	char *longer = malloc(size);
	struct gp_buffer array;

	GP_FUZZ_REQUIRE(longer != NULL);
	snprintf(longer, size, "%s%s", more, field);
	gp_buffer_init(&array, arena);
	gp_entity_tag_versions(longer, &array);
	GP_FUZZ_REQUIRE(count_numbers(array.bytes) == count + 1);
	GP_FUZZ_REQUIRE(strncmp(array.bytes, "{123456789012345678", 19) == 0);
	GP_FUZZ_REQUIRE(gp_entity_tag_is_in(longer, "\"3\""));
	free(longer);
}

static void
judge_field(const char *field, struct gp_arena *arena)
{
	struct gp_buffer array;
	size_t count = 0;

	gp_buffer_init(&array, arena);
	gp_entity_tag_versions(field, &array);
	GP_FUZZ_REQUIRE(gp_buffer_complete(&array));
	if (array.length == 0) {
		GP_FUZZ_REQUIRE(gp_entity_tag_is_in(field, "\"7\""));
		GP_FUZZ_REQUIRE(field[strspn(field, " \t")] == '*');
	} else {
		GP_FUZZ_REQUIRE(strlen(array.bytes) + 1 == array.length);
		count = count_numbers(array.bytes);
		judge_numbers(field, array.bytes);
	}
	judge_longer(field, count, arena);
}

/* A tag of ours comes back in many ways, and in none is it another. */
static void
judge_digest(const char *bytes, size_t length)
{
	static const char *const around[][2] = { { "", "" }, { "W/", "" },
		{ " , \"x\",W/\"y\" ,\t", " ," }, { "", "\"" }, { "", " x" } };
	static const char *const codings[] = { "-gzip", "-br", "-zstd" };
	char tag[GP_ENTITY_TAG_SIZE], other[GP_ENTITY_TAG_SIZE], field[80];

	GP_FUZZ_REQUIRE(gp_entity_tag_of_bytes(bytes, length, tag));
	GP_FUZZ_REQUIRE(strlen(tag) == 24 && tag[0] == '"' && tag[23] == '"');
	GP_FUZZ_REQUIRE(strspn(tag + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
					"0123456789-_") == 22);
	memcpy(other, tag, sizeof(other));
	other[1] = tag[1] == 'A' ? 'B' : 'A';
	for (size_t i = 0; i < GP_COUNT(around); i++) {
		snprintf(field, sizeof(field), "%s%s%s", around[i][0], tag, around[i][1]);
		GP_FUZZ_REQUIRE(gp_entity_tag_is_in(field, tag));
		GP_FUZZ_REQUIRE(!gp_entity_tag_is_in(field, other));
	}
	for (size_t i = 0; i < GP_COUNT(codings); i++) {
		snprintf(field, sizeof(field), "%.23s%s\"", tag, codings[i]);
		GP_FUZZ_REQUIRE(gp_entity_tag_is_in(field, tag));
		GP_FUZZ_REQUIRE(!gp_entity_tag_is_in(field, other));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct gp_arena *arena;
	char *text = gp_fuzz_copy(data, size);

	if (arena == NULL)
		arena = gp_arena_new();
	GP_FUZZ_REQUIRE(arena != NULL);
	judge_field(text, arena);
	judge_digest(text, size);
	gp_arena_reset(arena);
	free(text);
	return 0;
}
