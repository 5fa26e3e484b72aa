/* SPDX-License-Identifier: Apache-2.0 */
/* One reader for each type of value. */
#include "field.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Bytes of a UUID's text. */
enum { UUID_LENGTH = 36 };

static void
add(struct gp_faults *faults, enum gp_place place, const struct gp_field *field,
    enum gp_fault_kind kind, int64_t number)
{
	gp_faults_add(
	    faults, (struct gp_fault){
			.place = place, .name = field->name, .kind = kind, .number = number });
}

/* Digits, behind a sign or not; what strtoll() also takes, such as spaces, is none. */
static bool
is_integer(const char *text)
{
	if (*text == '+' || *text == '-')
		text++;
	return *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

static void
read_integer(const struct gp_field *field, enum gp_place place, const char *text,
    struct gp_value *value, struct gp_faults *faults)
{
	int64_t number;

	if (!is_integer(text)) {
		add(faults, place, field, GP_FAULT_NOT_INTEGER, 0);
		return;
	}
	errno = 0;
	number = strtoll(text, NULL, 10);
	if (field->type == GP_FIELD_ID && errno == ERANGE) {
		value->text = "0";
	} else if (field->type == GP_FIELD_INTEGER && number < field->least) {
		add(faults, place, field, GP_FAULT_TOO_SMALL, field->least);
	} else if (field->type == GP_FIELD_INTEGER && number > field->most) {
		add(faults, place, field, GP_FAULT_TOO_GREAT, field->most);
	} else {
		value->text = text;
		value->number = number;
	}
}

static const char *
read_bool(const char *text)
{
	static const char *const words[][2] = { { "true", "false" }, { "1", "0" }, { "on", "off" },
		{ "t", "f" }, { "yes", "no" }, { "y", "n" } };

	for (size_t i = 0; i < GP_COUNT(words); i++) {
		if (strcasecmp(text, words[i][0]) == 0)
			return "true";
		if (strcasecmp(text, words[i][1]) == 0)
			return "false";
	}
	return NULL;
}

/* RFC 9562 section 4: 8-4-4-4-12 hexadecimal digits. Makes them lower case. */
static bool
read_uuid(char *text, size_t length)
{
	if (length != UUID_LENGTH)
		return false;
	for (size_t i = 0; i < UUID_LENGTH; i++) {
		char *c = &text[i];

		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (*c != '-')
				return false;
		} else if (*c >= 'A' && *c <= 'F') {
			*c = (char)(*c - 'A' + 'a');
		} else if (!(*c >= '0' && *c <= '9') && !(*c >= 'a' && *c <= 'f')) {
			return false;
		}
	}
	return true;
}

enum gp_outcome
gp_field_read(struct gp_arena *arena, const struct gp_field *field, enum gp_place place,
    const char *text, size_t length, struct gp_value *value, struct gp_faults *faults)
{
	char *copy = gp_arena_copy(arena, text, length);

	*value = (struct gp_value){ .given = true };
	if (copy == NULL)
		return GP_ERR_MEMORY;
	if (length == 0 && field->nullable)
		return GP_OK;
	/* A NUL inside would end the text for the readers, not for the client. */
	if (strlen(copy) != length)
		copy[0] = '\0';
	switch (field->type) {
	case GP_FIELD_INTEGER:
	case GP_FIELD_ID: read_integer(field, place, copy, value, faults); return GP_OK;
	case GP_FIELD_BOOL:
		value->text = read_bool(copy);
		if (value->text == NULL)
			add(faults, place, field, GP_FAULT_NOT_BOOL, 0);
		return GP_OK;
	case GP_FIELD_UUID:
		if (read_uuid(copy, length))
			value->text = copy;
		else
			add(faults, place, field, GP_FAULT_NOT_UUID, 0);
		return GP_OK;
	case GP_FIELD_TEXT: break;
	}
	return GP_ERR_INTERNAL;
}
