/* SPDX-License-Identifier: Apache-2.0 */
/* A list that is read, written out again with versions of our own, is the same list. */
#include "secret_list.h"

#include "fuzz.h"

static void
read_again(const struct gp_secret_list *list)
{
	/* A version, a colon and a comma for each secret, of four bytes a character at the most. */
	char text[GP_SECRET_ENTRIES_MAX * (4 * GP_SECRET_CHARACTERS_MAX + 8)];
	struct gp_secret_list again;
	size_t length = 0;

	for (size_t i = 0; i < list->count; i++) {
		/* Bytes that continue no character are not counted: the text need not be UTF-8. */
		if (list->secrets[i].length > 4 * GP_SECRET_CHARACTERS_MAX)
			return;
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%zu:%s",
		    i > 0 ? "," : "", i, list->secrets[i].bytes);
	}
	GP_FUZZ_REQUIRE(gp_secret_list_read(text, &again) == NULL);
	GP_FUZZ_REQUIRE(again.count == list->count);
	for (size_t i = 0; i < list->count; i++) {
		GP_FUZZ_REQUIRE(again.secrets[i].length == list->secrets[i].length);
		GP_FUZZ_REQUIRE(strcmp(again.secrets[i].bytes, list->secrets[i].bytes) == 0);
		GP_FUZZ_REQUIRE(again.secrets[i].version == (int64_t)i);
	}
}

/* The version in front of a secret that begins at `offset`. */
static long long
version_at(const char *text, size_t offset)
{
	while (offset > 0 && text[offset - 1] != ',')
		offset--;
	return strtoll(text + offset, NULL, 10);
}

/* `whole` is what `text` was before it was cut into pieces. */
static void
judge(const struct gp_secret_list *list, const char *text, const char *whole)
{
	GP_FUZZ_REQUIRE(list->count > 0 && list->count <= GP_SECRET_ENTRIES_MAX);
	for (size_t i = 0; i < list->count; i++) {
		const struct gp_secret *secret = &list->secrets[i];

		GP_FUZZ_REQUIRE(secret->bytes > text && secret->bytes < text + strlen(whole));
		GP_FUZZ_REQUIRE(strlen(secret->bytes) == secret->length);
		GP_FUZZ_REQUIRE(gp_secret_fits(secret->bytes));
		GP_FUZZ_REQUIRE(secret->version >= 0);
		GP_FUZZ_REQUIRE(
		    secret->version == version_at(whole, (size_t)(secret->bytes - text)));
		for (size_t j = 0; j < i; j++)
			GP_FUZZ_REQUIRE(list->secrets[j].version != secret->version);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *whole = gp_fuzz_copy(data, size);
	char *text = gp_fuzz_copy(data, size);
	struct gp_secret_list list;

	if (gp_secret_list_read(text, &list) == NULL) {
		judge(&list, text, whole);
		read_again(&list);
	}
	free(text);
	free(whole);
	return 0;
}
