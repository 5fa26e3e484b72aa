/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The input is a form, in which a value is looked for. It is UTF-8, and what is put in front of the
 * form decides.
 */
#include "form_read.h"

#include "fuzz.h"
#include "utf8.h"

static enum gp_outcome
find(struct gp_arena *arena, const char *text, size_t length, const char **value)
{
	enum gp_outcome outcome = gp_form_find(arena, text, length, "a", value);

	GP_FUZZ_REQUIRE(outcome == GP_OK || outcome == GP_BAD_INPUT);
	GP_FUZZ_REQUIRE(outcome == GP_OK || *value == NULL);
	if (*value != NULL) {
		GP_FUZZ_REQUIRE(strlen(*value) <= length);
		GP_FUZZ_REQUIRE(gp_utf8_is_valid(*value, strlen(*value)));
	}
	return outcome;
}

static void
judge_with_more(struct gp_arena *arena, const uint8_t *data, size_t size, enum gp_outcome outcome,
    const char *value)
{
	char *longer = malloc(size + 8);
	const char *again;

	GP_FUZZ_REQUIRE(longer != NULL);
	memcpy(longer, "b=%ff&&", 7);
	if (size > 0)
		memcpy(longer + 7, data, size);
	GP_FUZZ_REQUIRE(find(arena, longer, size + 7, &again) == outcome);
	GP_FUZZ_REQUIRE((value == NULL) == (again == NULL));
	GP_FUZZ_REQUIRE(value == NULL || strcmp(value, again) == 0);
	memcpy(longer, "%61=+1&", 7);
	GP_FUZZ_REQUIRE(find(arena, longer, size + 7, &again) == GP_OK);
	GP_FUZZ_REQUIRE(again != NULL && strcmp(again, " 1") == 0);
	free(longer);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gp_arena *arena = gp_arena_new();
	char *text = malloc(size > 0 ? size : 1);
	enum gp_outcome outcome;
	const char *value;

	GP_FUZZ_REQUIRE(arena != NULL && text != NULL);
	if (size > 0)
		memcpy(text, data, size);
	outcome = find(arena, text, size, &value);
	judge_with_more(arena, data, size, outcome, value);
	free(text);
	gp_arena_free(arena);
	return 0;
}
