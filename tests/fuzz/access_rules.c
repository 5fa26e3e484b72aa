/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first line is an address, what follows are rules, or none for those of a small site. A path
 * that is judged has one reading; written otherwise it is never judged by a more lenient rule.
 */
#include "access_rules.h"

#include <ctype.h>
#include <strings.h>

#include "fuzz.h"
#include "guarded_path.h"

static const char site[] = "* / public\n"
			   "GET,HEAD /assets public\n"
			   "* /admin user=u1\n"
			   "GET /admin/help public\n"
			   "* /home/{user_id}/x signed-in\n"
			   "GET /hello.php$ public\n";

static struct gp_access_rules *
read_rules(const char *text, size_t length)
{
	char problem[300] = "";
	FILE *file = length > 0 ? fmemopen((void *)(uintptr_t)text, length, "r") : NULL;
	struct gp_access_rules *rules = NULL;

	if (file != NULL) {
		rules = gp_access_rules_read(file, problem, sizeof(problem));
		fclose(file);
		GP_FUZZ_REQUIRE(rules != NULL || problem[0] != 0);
	}
	return rules;
}

static void
judge_path(const char *path)
{
	GP_FUZZ_REQUIRE(path[0] == '/');
	GP_FUZZ_REQUIRE(strstr(path, "//") == NULL);
	GP_FUZZ_REQUIRE(strstr(path, "/../") == NULL && strstr(path, "/./") == NULL);
	GP_FUZZ_REQUIRE(strchr(path, '\\') == NULL);
	for (const char *c = path; *c != '\0'; c++)
		GP_FUZZ_REQUIRE((unsigned char)*c >= 0x20 && *c != 0x7f);
}

/* The same path for a file system that does not tell capitals from others. */
static char *
with_other_case(const char *path)
{
	char *other = gp_fuzz_copy((const uint8_t *)path, strlen(path));

	for (char *c = other; *c != '\0'; c++) {
		if (isupper((unsigned char)*c))
			*c = (char)tolower((unsigned char)*c);
		else if (islower((unsigned char)*c))
			*c = (char)toupper((unsigned char)*c);
	}
	return other;
}

static void
judge_rules(const struct gp_access_rules *rules, const char *path)
{
	const struct gp_access_rule *rule = NULL, *other_rule = NULL;
	struct gp_path_value user_id = { .text = NULL };
	enum gp_outcome outcome = gp_access_rules_find(rules, "GET", path, &rule, &user_id);
	char *other = with_other_case(path);

	GP_FUZZ_REQUIRE(outcome == GP_OK || outcome == GP_DENY_RULE_ABSENT ||
			outcome == GP_DENY_RULE_METHOD || outcome == GP_DENY_RULE_LOOKALIKE);
	if (outcome == GP_OK && user_id.text != NULL) {
		GP_FUZZ_REQUIRE(!rule->open);
		GP_FUZZ_REQUIRE(user_id.text > path && user_id.length > 0 &&
				user_id.text + user_id.length <= path + strlen(path));
	}
	if (outcome == GP_OK &&
	    gp_access_rules_find(rules, "GET", other, &other_rule, &user_id) == GP_OK)
		GP_FUZZ_REQUIRE(strcasecmp(rule->path, other_rule->path) == 0);
	if (gp_access_rules_has_below(rules, path))
		GP_FUZZ_REQUIRE(gp_access_rules_has_below(rules, other));
	free(other);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = gp_fuzz_copy(data, size);
	size_t line = strcspn(text, "\n");
	struct gp_access_rules *rules =
	    line < size ? read_rules(text + line + 1, size - line - 1) : NULL;
	struct gp_arena *arena = gp_arena_new();
	const char *path;

	GP_FUZZ_REQUIRE(arena != NULL);
	if (rules == NULL)
		rules = read_rules(site, sizeof(site) - 1);
	GP_FUZZ_REQUIRE(rules != NULL);
	text[line] = '\0';
	if (gp_guarded_path(text, arena, &path) == GP_OK) {
		judge_path(path);
		judge_rules(rules, path);
	}
	gp_access_rules_free(rules);
	gp_arena_free(arena);
	free(text);
	return 0;
}
