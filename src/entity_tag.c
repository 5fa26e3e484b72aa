/* SPDX-License-Identifier: Apache-2.0 */
/* One walk over a list of tags, and what its two readers make of each. */
#include "entity_tag.h"

#include <inttypes.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>

#include "base64url.h"

/* Of the digest; enough that nobody finds two bodies with one tag. */
enum { DIGEST_BYTES = 16 };

/* Digits of a version; int64_t holds any number of these. */
enum { VERSION_DIGITS = 18 };

struct tag {
	const char *text; /* between the quotes */
	size_t length;
	bool weak;
};

/* Take the next tag off a list. False at its end, and where it is no list of tags any more. */
static bool
next_tag(const char **field, struct tag *tag)
{
	const char *c = *field + strspn(*field, " \t,");
	const char *end;

	tag->weak = c[0] == 'W' && c[1] == '/';
	if (tag->weak)
		c += 2;
	if (*c != '"')
		return false;
	end = strchr(++c, '"');
	if (end == NULL)
		return false;
	tag->text = c;
	tag->length = (size_t)(end - c);
	*field = end + 1;
	return true;
}

static bool
is_any(const char *field)
{
	field += strspn(field, " \t");
	return field[0] == '*' && field[1 + strspn(field + 1, " \t")] == '\0';
}

/* Apache and lighttpd mark the tag of an answer that they have compressed. */
static void
drop_coding(struct tag *tag)
{
	static const char *const codings[] = { "-gzip", "-br", "-zstd", "-deflate", "-bzip2" };

	for (size_t i = 0; i < GP_COUNT(codings); i++) {
		size_t length = strlen(codings[i]);

		if (tag->length > length &&
		    memcmp(tag->text + tag->length - length, codings[i], length) == 0) {
			tag->length -= length;
			return;
		}
	}
}

void
gp_entity_tag_of_version(int64_t version, char tag[GP_ENTITY_TAG_SIZE])
{
	snprintf(tag, GP_ENTITY_TAG_SIZE, "\"%" PRId64 "\"", version);
}

bool
gp_entity_tag_of_bytes(const char *bytes, size_t length, char tag[GP_ENTITY_TAG_SIZE])
{
	unsigned char digest[SHA256_DIGEST_LENGTH];
	size_t count;

	if (SHA256((const unsigned char *)bytes, length, digest) == NULL)
		return false;
	tag[0] = '"';
	count = 1 + gp_base64url_encode(digest, DIGEST_BYTES, tag + 1);
	tag[count] = '"';
	tag[count + 1] = '\0';
	return true;
}

bool
gp_entity_tag_is_in(const char *field, const char *tag)
{
	size_t length = strlen(tag) - 2; /* without the quotes */
	struct tag given;

	if (field == NULL)
		return false;
	if (is_any(field))
		return true;
	while (next_tag(&field, &given)) {
		if (given.length != length)
			drop_coding(&given);
		if (given.length == length && memcmp(given.text, tag + 1, length) == 0)
			return true;
	}
	return false;
}

/* Whether a tag is as gp_entity_tag_of_version() writes one, and fits PostgreSQL's bigint. */
static bool
is_version(const struct tag *tag)
{
	return tag->length > 0 && tag->length <= VERSION_DIGITS &&
	       strspn(tag->text, "0123456789") >= tag->length &&
	       (tag->text[0] != '0' || tag->length == 1);
}

void
gp_entity_tag_versions(const char *field, struct gp_buffer *text)
{
	const char *separator = "{";
	struct tag given;

	if (is_any(field))
		return;
	while (next_tag(&field, &given)) {
		drop_coding(&given);
		if (given.weak || !is_version(&given))
			continue;
		gp_buffer_add_text(text, separator);
		gp_buffer_add(text, given.text, given.length);
		separator = ",";
	}
	gp_buffer_add_text(text, *separator == '{' ? "{}" : "}");
	gp_buffer_add_byte(text, '\0');
}
