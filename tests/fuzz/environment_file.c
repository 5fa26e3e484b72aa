/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text parses or names its line; any value without a NUL comes back from double quotes, and
 * from other quotes that it does not hold.
 */
#include "environment_file.h"

#include "fuzz.h"

static void
parse(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "A", "NAME", "export", "" };
	struct gp_environment_file *file;
	unsigned line = 0, lines = 1;

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	file = gp_environment_file_parse((const char *)data, size, &line);
	if (file == NULL)
		GP_FUZZ_REQUIRE(line >= 1 && line <= lines);
	else
		GP_FUZZ_REQUIRE(size == 0 || memchr(data, '\0', size) == NULL);
	for (size_t i = 0; file != NULL && i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = gp_environment_file_get(file, names[i]);

		GP_FUZZ_REQUIRE(value == NULL || strlen(value) <= size);
	}
	gp_environment_file_free(file);
}

/* The input as the value of a setting, between lines that have to survive it. */
static void
parse_quoted(const char *value, char quote)
{
	size_t size = 2 * strlen(value) + 64;
	char *text = malloc(size);
	struct gp_environment_file *file;
	size_t length;
	unsigned line;

	GP_FUZZ_REQUIRE(text != NULL);
	length = (size_t)snprintf(text, size, "BEFORE=1\nexport NAME = %c", quote);
	for (const char *c = value; *c != '\0'; c++) {
		if (quote == '"' && strchr("\"\\$", *c) != NULL)
			text[length++] = '\\';
		text[length++] = *c;
	}
	length += (size_t)snprintf(text + length, size - length, "%c # comment\nAFTER=2", quote);
	file = gp_environment_file_parse(text, length, &line);
	GP_FUZZ_REQUIRE(file != NULL);
	GP_FUZZ_REQUIRE(strcmp(gp_environment_file_get(file, "BEFORE"), "1") == 0);
	GP_FUZZ_REQUIRE(strcmp(gp_environment_file_get(file, "NAME"), value) == 0);
	GP_FUZZ_REQUIRE(strcmp(gp_environment_file_get(file, "AFTER"), "2") == 0);
	gp_environment_file_free(file);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *value = gp_fuzz_copy(data, size);

	parse(data, size);
	if (strlen(value) == size) {
		parse_quoted(value, '"');
		if (strchr(value, '\'') == NULL)
			parse_quoted(value, '\'');
		if (strchr(value, '`') == NULL)
			parse_quoted(value, '`');
	}
	free(value);
	return 0;
}
