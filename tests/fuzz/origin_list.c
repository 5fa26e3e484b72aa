/* SPDX-License-Identifier: Apache-2.0 */
/* An origin that was read is what reading it makes of it, alone, in a list and as a URL's. */
#include "origin_list.h"

#include "fuzz.h"

/* Room for the longest: a scheme, a host of 255 bytes, a port. */
enum { ORIGIN_SIZE = 288 };

static void
require_only(const struct gp_origin_list *list, const char *origin)
{
	GP_FUZZ_REQUIRE(list->count == 1);
	GP_FUZZ_REQUIRE(strcmp(list->origins[0], origin) == 0);
}

/* Canonical is what reading leaves alone, and what all its other spellings become. */
static void
judge_origin(const char *origin)
{
	static const char *const around[][2] = { { "", "" }, { "", "/" }, { "[\"", "\"]" },
		{ " ", "\t" }, { "[ \" ", "/ \"\t]" } };
	struct gp_origin_list list = { .count = 0 };
	char text[ORIGIN_SIZE + 16], cut[GP_ORIGIN_SIZE];

	GP_FUZZ_REQUIRE(strlen(origin) < ORIGIN_SIZE);
	GP_FUZZ_REQUIRE(
	    strspn(origin, "abcdefghijklmnopqrstuvwxyz0123456789-_.:/[]") == strlen(origin));
	for (size_t i = 0; i < GP_COUNT(around); i++) {
		list.count = 0;
		snprintf(text, sizeof(text), "%s%s%s", around[i][0], origin, around[i][1]);
		GP_FUZZ_REQUIRE(gp_origin_list_read(text, &list) == NULL);
		require_only(&list, origin);
	}
	snprintf(text, sizeof(text), "%s/path?query", origin);
	list.count = 0;
	GP_FUZZ_REQUIRE(gp_origin_list_add_url(text, &list) == NULL);
	require_only(&list, origin);
	snprintf(text, sizeof(text), "%s#fragment", origin);
	GP_FUZZ_REQUIRE(gp_origin_of_url(text, cut) && strcmp(cut, origin) == 0);
	snprintf(text, sizeof(text), "%s/path", origin);
	GP_FUZZ_REQUIRE(gp_origin_list_read(text, &list) != NULL);
}

static void
judge_list(const struct gp_origin_list *list, const char *text, size_t length)
{
	GP_FUZZ_REQUIRE(list->count <= GP_ORIGINS_MAX);
	for (size_t i = 0; i < list->count; i++) {
		const char *origin = list->origins[i];

		GP_FUZZ_REQUIRE(origin >= text && origin + strlen(origin) <= text + length);
		GP_FUZZ_REQUIRE(gp_origin_list_has(list, origin));
		for (size_t j = 0; j < i; j++)
			GP_FUZZ_REQUIRE(strcmp(list->origins[j], origin) != 0);
		judge_origin(origin);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = gp_fuzz_copy(data, size);
	char *url = gp_fuzz_copy(data, size);
	struct gp_origin_list list = { .count = 0 };

	if (gp_origin_list_read(text, &list) == NULL)
		judge_list(&list, text, size);
	else
		GP_FUZZ_REQUIRE(list.count == 0);
	list.count = 0;
	if (gp_origin_list_add_url(url, &list) == NULL) {
		GP_FUZZ_REQUIRE(list.count == 1);
		judge_list(&list, url, size);
	} else {
		GP_FUZZ_REQUIRE(list.count == 0);
	}
	free(url);
	free(text);
	return 0;
}
