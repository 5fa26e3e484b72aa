/* SPDX-License-Identifier: Apache-2.0 */
/* Knows the Cookie field's form, the attributes and their order, and how long values are spread. */
#include "cookie.h"

#include <stdio.h>
#include <string.h>

#include "percent.h"

static const char secure_prefix[] = "__Secure-";

/* Room for a dot and a number below GP_COOKIE_CHUNKS_MAX. */
enum { SUFFIX_SIZE = 16 };

/* "" for the cookie itself, ".0" and so on for what it is spread over. */
enum { WHOLE = -1 };

static void
name_suffix(int chunk, char suffix[SUFFIX_SIZE])
{
	suffix[0] = '\0';
	if (chunk != WHOLE)
		snprintf(suffix, SUFFIX_SIZE, ".%d", chunk);
}

/* Moves past `text` where the pair begins with it. */
static bool
take(const char **pair, size_t *left, const char *text)
{
	size_t length = strlen(text);

	if (*left < length || memcmp(*pair, text, length) != 0)
		return false;
	*pair += length;
	*left -= length;
	return true;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void
trim(const char **text, size_t *length)
{
	while (*length > 0 && is_blank((*text)[0])) {
		(*text)++;
		(*length)--;
	}
	while (*length > 0 && is_blank((*text)[*length - 1]))
		(*length)--;
}

static bool
find(const char *cookies, const char *name, const char *suffix, bool secure, const char **value,
    size_t *length)
{
	while (cookies != NULL && *cookies != '\0') {
		size_t whole = strcspn(cookies, ";");
		const char *pair = cookies;
		size_t left = whole;

		trim(&pair, &left);
		if ((!secure || take(&pair, &left, secure_prefix)) && take(&pair, &left, name) &&
		    take(&pair, &left, suffix) && take(&pair, &left, "=")) {
			trim(&pair, &left);
			if (left >= 2 && pair[0] == '"' && pair[left - 1] == '"') {
				pair++;
				left -= 2;
			}
			*value = pair;
			*length = left;
			return true;
		}
		cookies += whole;
		cookies += *cookies == ';';
	}
	return false;
}

static bool
find_chunk(const char *cookies, const char *name, int chunk, bool secure, const char **value,
    size_t *length)
{
	char suffix[SUFFIX_SIZE];

	name_suffix(chunk, suffix);
	return find(cookies, name, suffix, secure, value, length);
}

bool
gp_cookie_find(
    const char *cookies, const char *name, bool secure, const char **value, size_t *length)
{
	return find_chunk(cookies, name, WHOLE, secure, value, length);
}

enum gp_outcome
gp_cookie_join(struct gp_arena *arena, const char *cookies, const char *name, bool secure,
    const char **value, size_t *length)
{
	struct gp_buffer joined;
	const char *piece;
	size_t piece_length;

	if (gp_cookie_find(cookies, name, secure, value, length) && *length > 0)
		return GP_OK;
	gp_buffer_init(&joined, arena);
	for (int i = 0; i < GP_COOKIE_CHUNKS_MAX; i++) {
		if (!find_chunk(cookies, name, i, secure, &piece, &piece_length))
			break;
		gp_buffer_add(&joined, piece, piece_length);
	}
	if (!gp_buffer_complete(&joined))
		return GP_ERR_MEMORY;
	*value = joined.bytes;
	*length = joined.length;
	return joined.length > 0 ? GP_OK : GP_DENY_NO_CREDENTIAL;
}

static void
write_named(struct gp_buffer *buffer, const struct gp_cookie *cookie, int chunk)
{
	char suffix[SUFFIX_SIZE];

	name_suffix(chunk, suffix);
	if (cookie->secure)
		gp_buffer_add_text(buffer, secure_prefix);
	gp_buffer_add_text(buffer, cookie->name);
	gp_buffer_add_text(buffer, suffix);
	gp_buffer_add_byte(buffer, '=');
	gp_percent_encode_component(buffer, cookie->value, cookie->value_length);
	if (cookie->max_age_s != GP_COOKIE_SESSION) {
		gp_buffer_add_text(buffer, "; Max-Age=");
		gp_buffer_add_integer(buffer, cookie->max_age_s);
	}
	gp_buffer_add_text(buffer, "; Path=/; HttpOnly");
	gp_buffer_add_text(buffer, cookie->secure ? "; Secure; SameSite=Lax" : "; SameSite=Lax");
}

void
gp_cookie_write(struct gp_buffer *buffer, const struct gp_cookie *cookie)
{
	write_named(buffer, cookie, WHOLE);
}

static void
set_chunk(struct gp_buffer *fields, const struct gp_cookie *cookie, int chunk)
{
	gp_buffer_add_text(fields, "Set-Cookie: ");
	write_named(fields, cookie, chunk);
	gp_buffer_add_text(fields, "\r\n");
}

void
gp_cookie_set(struct gp_buffer *fields, const struct gp_cookie *cookie)
{
	set_chunk(fields, cookie, WHOLE);
}

/* Cleared, where the request had it. */
static void
clear_chunk(
    struct gp_buffer *fields, const char *cookies, const struct gp_cookie *cookie, int chunk)
{
	const struct gp_cookie cleared = {
		.name = cookie->name,
		.value = "",
		.secure = cookie->secure,
	};
	const char *value;
	size_t length;

	if (find_chunk(cookies, cookie->name, chunk, cookie->secure, &value, &length))
		set_chunk(fields, &cleared, chunk);
}

/* Characters of the value that fit beside the longest name and the attributes; 0 for none. */
static size_t
chunk_room(struct gp_buffer *scratch, const struct gp_cookie *cookie)
{
	struct gp_cookie empty = *cookie;
	size_t before = scratch->length, taken;

	empty.value_length = 0;
	write_named(scratch, &empty, GP_COOKIE_CHUNKS_MAX - 1);
	taken = scratch->length - before;
	scratch->length = before;
	return taken < GP_COOKIE_SIZE_MAX ? GP_COOKIE_SIZE_MAX - taken : 0;
}

/* Returns over how many cookies the value was spread; 0 when it was too long for that. */
static int
set_chunks(struct gp_buffer *fields, const struct gp_cookie *cookie, size_t room)
{
	struct gp_cookie piece = *cookie;
	size_t left = cookie->value_length;
	int count = 0;

	if (room == 0 || left > room * GP_COOKIE_CHUNKS_MAX)
		return 0;
	for (; left > 0; left -= piece.value_length) {
		piece.value = cookie->value + (cookie->value_length - left);
		piece.value_length = left < room ? left : room;
		set_chunk(fields, &piece, count++);
	}
	return count;
}

void
gp_cookie_set_spread(struct gp_buffer *fields, const char *cookies, const struct gp_cookie *cookie)
{
	size_t room = chunk_room(fields, cookie);
	int count = 0;

	if (cookie->value_length <= room) {
		gp_cookie_set(fields, cookie);
	} else {
		count = set_chunks(fields, cookie, room);
		clear_chunk(fields, cookies, cookie, WHOLE);
	}
	for (int i = count; i < GP_COOKIE_CHUNKS_MAX; i++)
		clear_chunk(fields, cookies, cookie, i);
}
