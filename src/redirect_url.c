/* SPDX-License-Identifier: Apache-2.0 */
/* A target is cut into what stands before the query, the query, and the fragment. */
#include "redirect_url.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "buffer.h"
#include "origin_list.h"
#include "percent.h"
#include "utf8.h"

/* What the URL standard has encoded beside spaces and what is not ASCII. */
static const char not_in_path[] = "\"<>^`{}";
static const char not_in_query[] = "\"'<>";
static const char not_in_fragment[] = "\"<>`";

/* A target in pieces; query and fragment begin with their sign, or are empty. */
struct target {
	const char *path; /* the scheme and the host with it */
	size_t path_length;
	const char *query;
	size_t query_length;
	const char *fragment; /* NUL-terminated */
};

static void
add_encoded(struct gp_buffer *buffer, unsigned char byte)
{
	static const char digits[] = "0123456789ABCDEF";
	const char encoded[] = { '%', digits[byte >> 4], digits[byte & 15] };

	gp_buffer_add(buffer, encoded, sizeof(encoded));
}

/* Append a part of an address with what may not stand in it encoded. */
static void
add_part(struct gp_buffer *buffer, const char *text, size_t length, const char *forbidden)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c <= 0x20 || c >= 0x7f || strchr(forbidden, c) != NULL)
			add_encoded(buffer, c);
		else
			gp_buffer_add_byte(buffer, text[i]);
	}
}

static bool
is_plain_in_form(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '*' || c == '-' || c == '.' || c == '_';
}

/* Append a name or a value as forms write it. */
static void
add_form_text(struct gp_buffer *buffer, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (text[i] == ' ')
			gp_buffer_add_byte(buffer, '+');
		else if (is_plain_in_form(text[i]))
			gp_buffer_add_byte(buffer, text[i]);
		else
			add_encoded(buffer, (unsigned char)text[i]);
	}
}

/* The sign before each parameter tells whether it is the first. */
static void
add_parameter(struct gp_buffer *buffer, char *sign, const char *name, size_t name_length,
    const char *value, size_t value_length)
{
	gp_buffer_add_byte(buffer, *sign);
	*sign = '&';
	add_form_text(buffer, name, name_length);
	gp_buffer_add_byte(buffer, '=');
	add_form_text(buffer, value, value_length);
}

/* `query` without its question mark. */
static void
add_query(
    struct gp_buffer *buffer, const char *query, size_t length, const char *name, const char *value)
{
	const char *const end = query + length;
	const size_t wanted = strlen(name);
	char *room = gp_arena_take(buffer->arena, length + 1);
	bool is_set = false;
	char sign = '?';

	if (room == NULL) {
		buffer->failed = true;
		return;
	}
	while (query < end) {
		const char *separator = memchr(query, '&', (size_t)(end - query));
		const char *stop = separator != NULL ? separator : end;
		const char *equals = memchr(query, '=', (size_t)(stop - query));
		const char *name_end = equals != NULL ? equals : stop;
		const char *rest = equals != NULL ? equals + 1 : stop;
		size_t name_length =
		    gp_percent_decode_query(query, (size_t)(name_end - query), room);
		char *old = room + name_length;
		size_t old_length = gp_percent_decode_query(rest, (size_t)(stop - rest), old);

		if (query == stop) {
			/* nothing between two signs is no parameter */
		} else if (name_length != wanted || memcmp(room, name, wanted) != 0) {
			add_parameter(buffer, &sign, room, name_length, old, old_length);
		} else if (!is_set) {
			add_parameter(buffer, &sign, name, wanted, value, strlen(value));
			is_set = true;
		}
		query = separator != NULL ? separator + 1 : end;
	}
	if (!is_set)
		add_parameter(buffer, &sign, name, wanted, value, strlen(value));
}

/* Browsers mend such an address until it has an origin, whatever we would have made of it. */
static bool
lacks_origin(const char *text)
{
	char origin[GP_ORIGIN_SIZE];

	return (strncasecmp(text, "http:", strlen("http:")) == 0 ||
		   strncasecmp(text, "https:", strlen("https:")) == 0) &&
	       !gp_origin_of_url(text, origin);
}

/* Whether the target begins as one does, and nobody reads more into it. */
static bool
cut(const char *text, struct target *target)
{
	size_t scheme =
	    strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-.");

	if (text[0] == '/' ? text[1] == '/'
			   : scheme == 0 || text[scheme] != ':' || lacks_origin(text))
		return false;
	for (const char *c = text; *c != '\0'; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			return false;
	}
	target->path = text;
	target->path_length = strcspn(text, "?#");
	target->query = text + target->path_length;
	target->query_length = strcspn(target->query, "#");
	target->fragment = target->query + target->query_length;
	return memchr(text, '\\', target->path_length) == NULL &&
	       gp_utf8_is_valid(text, strlen(text));
}

static enum gp_outcome
finish(struct gp_buffer *buffer, const struct target *target, const char **url)
{
	add_part(buffer, target->fragment, strlen(target->fragment), not_in_fragment);
	gp_buffer_add_byte(buffer, '\0');
	if (!gp_buffer_complete(buffer))
		return GP_ERR_MEMORY;
	*url = buffer->bytes;
	return GP_OK;
}

enum gp_outcome
gp_redirect_url_add(struct gp_arena *arena, const char *base_url, const char *target,
    const char *name, const char *value, const char **url)
{
	char origin[GP_ORIGIN_SIZE];
	struct gp_buffer buffer;
	struct target pieces;
	const char *path;
	size_t length;

	if (!cut(target, &pieces))
		return GP_BAD_INPUT;
	path = pieces.path;
	length = pieces.path_length;
	gp_buffer_init(&buffer, arena);
	if (path[0] == '/' && base_url != NULL) {
		if (!gp_origin_of_url(base_url, origin))
			return GP_ERR_INTERNAL;
		gp_buffer_add_text(&buffer, origin);
	} else if (gp_origin_of_url(path, origin)) {
		size_t scheme = (size_t)(strstr(path, "://") - path) + strlen("://");

		path += scheme + strcspn(path + scheme, "/?#");
		length -= (size_t)(path - pieces.path);
		gp_buffer_add_text(&buffer, origin);
		if (length == 0)
			gp_buffer_add_byte(&buffer, '/');
	}
	add_part(&buffer, path, length, not_in_path);
	if (pieces.query_length > 0) {
		pieces.query++;
		pieces.query_length--;
	}
	add_query(&buffer, pieces.query, pieces.query_length, name, value);
	return finish(&buffer, &pieces, url);
}

enum gp_outcome
gp_redirect_url_plain(struct gp_arena *arena, const char *target, const char **url)
{
	struct gp_buffer buffer;
	struct target pieces;

	if (!cut(target, &pieces))
		return GP_BAD_INPUT;
	gp_buffer_init(&buffer, arena);
	add_part(&buffer, pieces.path, pieces.path_length, not_in_path);
	add_part(&buffer, pieces.query, pieces.query_length, not_in_query);
	return finish(&buffer, &pieces, url);
}
