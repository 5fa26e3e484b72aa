/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The input is a target. What is made of it fits into a field, has the parameter, is of the same
 * origin, and is made only once.
 */
#include "redirect_url.h"

#include <stdbool.h>

#include "form_read.h"
#include "fuzz.h"
#include "origin_list.h"

static const char base[] = "https://auth.example.com/api/auth";

static void
judge_bytes(const char *url)
{
	for (; *url != '\0'; url++)
		GP_FUZZ_REQUIRE(*url > 0x20 && *url < 0x7f);
}

static void
judge_origin(const char *target, const char *url)
{
	char origin[GP_ORIGIN_SIZE], of_url[GP_ORIGIN_SIZE];
	bool has_origin = gp_origin_of_url(target[0] == '/' ? base : target, origin);

	GP_FUZZ_REQUIRE(gp_origin_of_url(url, of_url) == has_origin);
	GP_FUZZ_REQUIRE(!has_origin || strcmp(origin, of_url) == 0);
}

static void
judge_parameter(struct gp_arena *arena, const char *url, const char *value)
{
	const char *query = url + strcspn(url, "?");
	const char *found;

	GP_FUZZ_REQUIRE(*query == '?' && query < url + strcspn(url, "#"));
	GP_FUZZ_REQUIRE(
	    gp_form_find(arena, query + 1, strcspn(query + 1, "#"), "e", &found) == GP_OK);
	GP_FUZZ_REQUIRE(found != NULL && strcmp(found, value) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char value[] = "a b&\xc3\xa4=%#";
	struct gp_arena *arena = gp_arena_new();
	char *target = gp_fuzz_copy(data, size);
	const char *plain, *url, *again;
	enum gp_outcome outcome;

	GP_FUZZ_REQUIRE(arena != NULL);
	outcome = gp_redirect_url_add(arena, base, target, "e", value, &url);
	GP_FUZZ_REQUIRE(outcome == gp_redirect_url_plain(arena, target, &plain));
	if (outcome == GP_OK) {
		judge_bytes(plain);
		judge_bytes(url);
		judge_origin(target, url);
		judge_parameter(arena, url, value);
		GP_FUZZ_REQUIRE(gp_redirect_url_plain(arena, plain, &again) == GP_OK);
		GP_FUZZ_REQUIRE(strcmp(plain, again) == 0);
		GP_FUZZ_REQUIRE(gp_redirect_url_add(arena, base, url, "e", value, &again) == GP_OK);
		GP_FUZZ_REQUIRE(strcmp(url, again) == 0);
	} else {
		GP_FUZZ_REQUIRE(outcome == GP_BAD_INPUT);
	}
	free(target);
	gp_arena_free(arena);
	return 0;
}
