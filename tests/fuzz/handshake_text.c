/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Up to the first line feed the input is a field of a handshake, behind it its query. Lists and
 * queries are read in another way, too, which takes them apart at each comma and each ampersand.
 */
#include "../../notify/handshake_text.h"

#include <ctype.h>
#include <openssl/evp.h>
#include <strings.h>

#include "fuzz.h"
#include "percent.h"

enum { PARTS_MAX = 4096 };

/* What stands between separators, each part on its own; freed by the caller. */
struct parts {
	char *text; /* cut into pieces */
	char *part[PARTS_MAX];
	size_t count;
};

static void
cut(struct parts *parts, const char *text, char separator)
{
	char *rest = gp_fuzz_copy((const uint8_t *)text, strlen(text));

	parts->text = rest;
	parts->count = 0;
	while (rest != NULL && parts->count < PARTS_MAX) {
		char *end = strchr(rest, separator);

		parts->part[parts->count++] = rest;
		if (end != NULL)
			*end++ = '\0';
		rest = end;
	}
}

static char *
trim(char *part)
{
	size_t length;

	part += strspn(part, " \t");
	length = strlen(part);
	while (length > 0 && (part[length - 1] == ' ' || part[length - 1] == '\t'))
		part[--length] = '\0';
	return part;
}

/* The elements of a list, without the empty ones. */
static void
cut_list(struct parts *parts, const char *list)
{
	size_t kept = 0;

	cut(parts, list, ',');
	for (size_t i = 0; i < parts->count; i++) {
		char *element = trim(parts->part[i]);

		if (element[0] != '\0')
			parts->part[kept++] = element;
	}
	parts->count = kept;
}

static void
judge_list(const struct parts *elements, const char *list)
{
	bool upgrades = false;

	for (size_t i = 0; i < elements->count; i++)
		upgrades = upgrades || strcasecmp(elements->part[i], "upgrade") == 0;
	GP_FUZZ_REQUIRE(gp_handshake_asks_for(list, "upgrade") == upgrades);
}

/* Of 24 characters a key is what OpenSSL makes of its own decoding. */
static void
judge_key(const char *key)
{
	unsigned char bytes[18], again[25];
	bool good = strlen(key) == 24 && !isspace((unsigned char)key[0]) && key[22] == '=' &&
		    EVP_DecodeBlock(bytes, (const unsigned char *)key, 24) == 18;

	if (good) {
		EVP_EncodeBlock(again, bytes, 16);
		good = strcmp((const char *)again, key) == 0;
	}
	GP_FUZZ_REQUIRE(gp_handshake_is_key(key) == good);
}

/* The token as it stands, not decoded; NULL for none. */
static const char *
find_raw(const struct parts *elements, const struct parts *parameters)
{
	const char *found = NULL;
	size_t count = 0;

	for (size_t i = 0; i + 1 < elements->count; i++) {
		if (strcmp(elements->part[i], GP_BEARER_PROTOCOL) == 0)
			return elements->part[i + 1];
	}
	for (size_t i = 0; i < parameters->count; i++) {
		if (strncmp(parameters->part[i], "token=", strlen("token=")) == 0) {
			found = parameters->part[i] + strlen("token=");
			count++;
		}
	}
	return count == 1 ? found : NULL;
}

static void
judge_token(const char *raw, const char *token)
{
	char *decoded;

	GP_FUZZ_REQUIRE((raw == NULL) == (token == NULL));
	if (raw == NULL)
		return;
	decoded = gp_fuzz_copy((const uint8_t *)raw, strlen(raw));
	GP_FUZZ_REQUIRE(strcmp(token, gp_percent_decode(decoded) ? decoded : raw) == 0);
	free(decoded);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct gp_arena *arena;
	static struct parts elements, parameters;
	char *field = gp_fuzz_copy(data, size), *query;
	const char *token;
	bool speaks = false;

	if (arena == NULL)
		arena = gp_arena_new();
	GP_FUZZ_REQUIRE(arena != NULL);
	query = strchr(field, '\n');
	if (query != NULL)
		*query++ = '\0';
	cut_list(&elements, field);
	cut(&parameters, query != NULL ? query : "", '&');
	if (elements.count < PARTS_MAX && parameters.count < PARTS_MAX) {
		judge_list(&elements, field);
		judge_key(field);
		for (size_t i = 0; i < elements.count; i++)
			speaks = speaks || strcmp(elements.part[i], GP_BEARER_PROTOCOL) == 0;
		GP_FUZZ_REQUIRE(gp_handshake_speaks_bearer(field) == speaks);
		GP_FUZZ_REQUIRE(gp_handshake_find_token(arena, field, query, &token));
		judge_token(find_raw(&elements, &parameters), token);
	}
	gp_arena_reset(arena);
	free(elements.text);
	free(parameters.text);
	free(field);
	return 0;
}
