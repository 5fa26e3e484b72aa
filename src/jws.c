/* SPDX-License-Identifier: Apache-2.0 */
/* Splits, decodes, reads the header, and asks the key ring about the signature, in that order. */
#include "jws.h"

#include <json-c/json.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base64url.h"

/* Longest header that is kept, as text; those with an algorithm, a type and a key id fit often. */
enum { HEADER_KEPT_MAX = 256 };

struct part {
	const char *text;
	size_t length;
};

struct gp_jws_reader {
	struct gp_json_reader *json;
	struct gp_arena *arena; /* where the kept header's texts live */
	struct gp_jws kept;     /* what it says */
	char text[HEADER_KEPT_MAX];
	size_t length; /* 0: none is kept */
};

struct gp_jws_reader *
gp_jws_reader_new(struct gp_json_reader *json)
{
	struct gp_jws_reader *reader = calloc(1, sizeof(*reader));

	if (reader == NULL)
		return NULL;
	reader->json = json;
	reader->arena = gp_arena_new();
	if (reader->arena == NULL) {
		free(reader);
		return NULL;
	}
	return reader;
}

void
gp_jws_reader_free(struct gp_jws_reader *reader)
{
	if (reader == NULL)
		return;
	gp_arena_free(reader->arena);
	free(reader);
}

/* Exactly three parts; only the payload may be empty. */
static bool
split(const char *token, size_t length, struct part parts[3])
{
	const char *end = token + length;
	const char *first = memchr(token, '.', length);
	const char *second =
	    first != NULL ? memchr(first + 1, '.', (size_t)(end - first - 1)) : NULL;

	if (second == NULL || memchr(second + 1, '.', (size_t)(end - second - 1)) != NULL)
		return false;
	parts[0] = (struct part){ token, (size_t)(first - token) };
	parts[1] = (struct part){ first + 1, (size_t)(second - first - 1) };
	parts[2] = (struct part){ second + 1, (size_t)(end - second - 1) };
	return parts[0].length > 0 && parts[2].length > 0;
}

/* The bytes of a part with a NUL behind them. */
static enum gp_outcome
decode(struct gp_arena *arena, const struct part *part, char **bytes, size_t *length)
{
	*bytes = gp_arena_take(arena, GP_BASE64URL_DECODED_SIZE(part->length) + 1);
	if (*bytes == NULL)
		return GP_ERR_MEMORY;
	if (!gp_base64url_decode(part->text, part->length, (unsigned char *)*bytes, length))
		return GP_DENY_TOKEN_ENCODING;
	(*bytes)[*length] = '\0';
	return GP_OK;
}

static enum gp_outcome
copy_member(struct gp_arena *arena, struct json_object *header, const char *name, const char **copy)
{
	const char *text = gp_json_string(header, name);

	*copy = NULL;
	if (text == NULL)
		return json_object_object_get_ex(header, name, NULL) ? GP_DENY_HEADER_JSON : GP_OK;
	*copy = gp_arena_copy(arena, text, strlen(text));
	return *copy != NULL ? GP_OK : GP_ERR_MEMORY;
}

static enum gp_outcome
judge_header(struct gp_arena *arena, struct json_object *header, struct gp_jws *jws)
{
	/* RFC 7515 4.1.11: an extension that is not understood; we understand none. */
	static const char *const critical[] = { "crit", "b64" };
	/* RFC 8725 3.10: a key that the token itself brings or points to is the attacker's. */
	static const char *const keys[] = { "jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256" };
	enum gp_outcome outcome;

	if (!json_object_is_type(header, json_type_object))
		return GP_DENY_HEADER_JSON;
	outcome = copy_member(arena, header, "alg", &jws->algorithm);
	if (outcome == GP_OK)
		outcome = copy_member(arena, header, "kid", &jws->key_id);
	if (outcome == GP_OK)
		outcome = copy_member(arena, header, "typ", &jws->type);
	if (outcome != GP_OK)
		return outcome;
	for (size_t i = 0; i < GP_COUNT(critical); i++) {
		if (json_object_object_get_ex(header, critical[i], NULL))
			return GP_DENY_HEADER_CRITICAL;
	}
	for (size_t i = 0; i < GP_COUNT(keys); i++) {
		if (json_object_object_get_ex(header, keys[i], NULL))
			return GP_DENY_HEADER_KEY;
	}
	return jws->algorithm != NULL ? GP_OK : GP_DENY_HEADER_JSON;
}

/* NULL stays NULL. False without memory. */
static bool
copy_text(struct gp_arena *arena, const char *text, const char **copy)
{
	*copy = text != NULL ? gp_arena_copy(arena, text, strlen(text)) : NULL;
	return text == NULL || *copy != NULL;
}

/* What the header `from` says, in another arena. False without memory. */
static bool
copy_header(struct gp_arena *arena, const struct gp_jws *from, struct gp_jws *to)
{
	return copy_text(arena, from->algorithm, &to->algorithm) &&
	       copy_text(arena, from->key_id, &to->key_id) &&
	       copy_text(arena, from->type, &to->type);
}

static bool
is_kept(const struct gp_jws_reader *reader, const struct part *part)
{
	return part->length == reader->length &&
	       memcmp(part->text, reader->text, part->length) == 0;
}

/* Only of a token that is ours: others could push the kept one out at will. */
static void
keep_header(struct gp_jws_reader *reader, const struct part *part, const struct gp_jws *jws)
{
	if (part->length > HEADER_KEPT_MAX || is_kept(reader, part))
		return;
	gp_arena_reset(reader->arena);
	reader->length = 0;
	if (!copy_header(reader->arena, jws, &reader->kept))
		return;
	memcpy(reader->text, part->text, part->length);
	reader->length = part->length;
}

static enum gp_outcome
read_header(struct gp_arena *arena, struct gp_jws_reader *reader, const struct part *part,
    struct gp_jws *jws)
{
	struct json_object *header = NULL;
	struct gp_json_error error;
	enum gp_outcome outcome;
	size_t length;
	char *text;

	if (is_kept(reader, part))
		return copy_header(arena, &reader->kept, jws) ? GP_OK : GP_ERR_MEMORY;
	outcome = decode(arena, part, &text, &length);
	if (outcome != GP_OK)
		return outcome;
	if (!gp_json_parse(reader->json, text, length, &header, &error))
		return GP_DENY_HEADER_JSON;
	outcome = judge_header(arena, header, jws);
	json_object_put(header);
	return outcome;
}

enum gp_outcome
gp_jws_open(struct gp_arena *arena, struct gp_jws_reader *reader, struct gp_key_ring *ring,
    const char *token, size_t length, int64_t now_s, struct gp_jws *jws)
{
	struct part parts[3];
	enum gp_outcome outcome;
	char *payload, *signature;
	size_t payload_length, signature_length;

	*jws = (struct gp_jws){ .algorithm = NULL };
	if (length > GP_TOKEN_LENGTH_MAX)
		return GP_DENY_TOKEN_LENGTH;
	if (!split(token, length, parts))
		return GP_DENY_TOKEN_FORM;
	outcome = read_header(arena, reader, &parts[0], jws);
	if (outcome == GP_OK)
		outcome = decode(arena, &parts[1], &payload, &payload_length);
	if (outcome == GP_OK)
		outcome = decode(arena, &parts[2], &signature, &signature_length);
	if (outcome == GP_OK)
		outcome = gp_key_ring_verify(ring, jws->algorithm, jws->key_id, token,
		    parts[0].length + 1 + parts[1].length, (const unsigned char *)signature,
		    signature_length, now_s);
	if (outcome != GP_OK)
		return outcome;
	keep_header(reader, &parts[0], jws);
	jws->payload = payload;
	jws->payload_length = payload_length;
	return GP_OK;
}
