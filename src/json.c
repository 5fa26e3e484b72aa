/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The scan judges form and counts members; json-c then builds the values, and a count that came out
 * smaller means that a name stood twice.
 */
#include "json.h"

#include <json-c/json.h>
#include <limits.h>
#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "json_scan.h"

struct gp_json_reader {
	struct json_tokener *tokener;
};

static size_t
count_members(struct json_object *value)
{
	size_t count = 0;

	if (json_object_is_type(value, json_type_object)) {
		json_object_object_foreach(value, name, member)
		{
			(void)name;
			count += 1 + count_members(member);
		}
	} else if (json_object_is_type(value, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(value); i++)
			count += count_members(json_object_array_get_idx(value, i));
	}
	return count;
}

/*
 * json-c takes the C locale for each text and gives it back. We never have another; where the
 * thread has it by name and not by default, glibc makes no copies of it. This saves a tenth of what
 * it costs to verify a token.
 */
static void
settle_locale(void)
{
	locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);

	if (plain != (locale_t)0)
		uselocale(plain);
}

struct gp_json_reader *
gp_json_reader_new(void)
{
	struct gp_json_reader *reader = malloc(sizeof(*reader));

	if (reader == NULL)
		return NULL;
	settle_locale();
	/* json-c counts the innermost value as a level of its own. */
	reader->tokener = json_tokener_new_ex(GP_JSON_DEPTH + 2);
	if (reader->tokener == NULL) {
		free(reader);
		return NULL;
	}
	json_tokener_set_flags(reader->tokener, JSON_TOKENER_STRICT);
	return reader;
}

void
gp_json_reader_free(struct gp_json_reader *reader)
{
	if (reader == NULL)
		return;
	json_tokener_free(reader->tokener);
	free(reader);
}

bool
gp_json_parse(struct gp_json_reader *reader, const char *text, size_t length,
    struct json_object **value, struct gp_json_error *error)
{
	struct gp_json_scan scan = gp_json_scan_of(text, length);

	*value = NULL;
	if (length >= INT_MAX || !gp_json_scan_value(&scan, 0) ||
	    (scan.at < scan.end && !gp_json_refuse(&scan, "Invalid JSON: extra data"))) {
		error->message = scan.fault != NULL ? scan.fault : gp_json_syntax;
		error->offset = (size_t)(scan.at - (const unsigned char *)text);
		return false;
	}
	json_tokener_reset(reader->tokener);
	/* With its NUL: json-c ends a bare number only there. */
	*value = json_tokener_parse_ex(reader->tokener, text, (int)length + 1);
	if (json_tokener_get_error(reader->tokener) != json_tokener_success) {
		*error = (struct gp_json_error){ .message = gp_json_syntax };
		json_object_put(*value);
		*value = NULL;
		return false;
	}
	if (count_members(*value) != scan.members) {
		*error = (struct gp_json_error){ .message = "Duplicate member" };
		json_object_put(*value);
		*value = NULL;
		return false;
	}
	return true;
}

const char *
gp_json_string(struct json_object *object, const char *name)
{
	struct json_object *member;

	if (!json_object_object_get_ex(object, name, &member) ||
	    !json_object_is_type(member, json_type_string))
		return NULL;
	return json_object_get_string(member);
}
