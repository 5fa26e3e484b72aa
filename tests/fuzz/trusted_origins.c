/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The input is a list, a newline, and an address. What was read is what reading it makes of it; an
 * address that is trusted is plain, and a list that is longer trusts no less.
 */
#include "trusted_origins.h"

#include <stdbool.h>

#include "fuzz.h"

static void
judge_entries(const struct gp_trusted_origins *list)
{
	GP_FUZZ_REQUIRE(list->count <= GP_TRUSTED_ORIGINS_MAX);
	for (size_t i = 0; i < list->count; i++) {
		const char *entry = list->patterns[i];
		char *copy = gp_fuzz_copy((const uint8_t *)entry, strlen(entry));
		struct gp_trusted_origins again = { .count = 0 };

		GP_FUZZ_REQUIRE(gp_trusted_origins_read(copy, &again) == NULL);
		GP_FUZZ_REQUIRE(again.count == 1 && strcmp(again.patterns[0], entry) == 0);
		if (strpbrk(entry, "*?") == NULL)
			GP_FUZZ_REQUIRE(gp_trusted_origins_has(&again, entry));
		free(copy);
	}
}

static bool
has_control_character(const char *text)
{
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return true;
	}
	return false;
}

static void
judge_address(struct gp_trusted_origins *list, const char *address)
{
	bool is_trusted = gp_trusted_origins_has(list, address);
	bool is_allowed = gp_trusted_target_is_allowed(list, address);

	if (is_trusted || is_allowed)
		GP_FUZZ_REQUIRE(!has_control_character(address));
	if (is_trusted)
		GP_FUZZ_REQUIRE(address[0] != '/' && strchr(address, ':') != NULL);
	if (is_allowed && address[0] == '/')
		GP_FUZZ_REQUIRE(address[1] != '/' && strchr(address, '\\') == NULL);
	else
		GP_FUZZ_REQUIRE(!is_allowed || is_trusted);
	if (list->count == GP_TRUSTED_ORIGINS_MAX)
		return;
	GP_FUZZ_REQUIRE(gp_trusted_origins_add(list, "https://one.more.example"));
	GP_FUZZ_REQUIRE(!is_trusted || gp_trusted_origins_has(list, address));
	GP_FUZZ_REQUIRE(gp_trusted_origins_has(list, "https://one.more.example/x"));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = gp_fuzz_copy(data, size);
	char *newline = strchr(text, '\n');
	struct gp_trusted_origins list = { .count = 0 };
	char *address = NULL;

	if (newline != NULL) {
		address = gp_fuzz_copy((const uint8_t *)newline + 1, strlen(newline + 1));
		*newline = '\0';
	}
	if (gp_trusted_origins_read(text, &list) == NULL)
		judge_entries(&list);
	else
		GP_FUZZ_REQUIRE(list.count == 0);
	if (address != NULL)
		judge_address(&list, address);
	free(address);
	free(text);
	return 0;
}
