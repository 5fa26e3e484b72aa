/* SPDX-License-Identifier: Apache-2.0 */
/* Reads fields, and bodies with json-c at its strictest. */
#include "answer.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "kept.h"

static void
release_json(void *object)
{
	json_object_put(object);
}

/* Parse `length` bytes that are followed by a NUL. */
static bool
parse(const char *text, size_t length, struct json_object **value)
{
	struct json_tokener *tokener = json_tokener_new();
	bool whole;

	if (tokener == NULL)
		abort();
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	/* With the NUL, so that a bare number or null has an end. */
	*value = json_tokener_parse_ex(tokener, text, (int)length + 1);
	whole = json_tokener_get_error(tokener) == json_tokener_success;
	json_tokener_free(tokener);
	if (*value != NULL)
		gp_kept_object(*value, release_json);
	return whole;
}

void
gp_answer_settle(struct gp_answer *answer)
{
	char *fields = answer->fields, *body = answer->body;

	answer->fields = gp_kept_text("%s", fields != NULL ? fields : "");
	answer->body = gp_kept_bytes(body != NULL ? body : "", answer->body_length);
	free(fields);
	free(body);
	answer->is_json =
	    answer->body_length > 0 && parse(answer->body, answer->body_length, &answer->json);
}

const char *
gp_answer_field(const struct gp_answer *answer, const char *name)
{
	size_t length = strlen(name);

	for (const char *line = strchr(answer->fields, '\n'); line != NULL;
	     line = strchr(line, '\n')) {
		line++;
		if (strncasecmp(line, name, length) != 0 || line[length] != ':')
			continue;
		line += length + 1;
		line += strspn(line, " \t");
		return gp_kept_bytes(line, strcspn(line, "\r\n"));
	}
	return NULL;
}

const char *
gp_json_text(struct json_object *object, const char *name)
{
	struct json_object *member;

	if (!json_object_is_type(object, json_type_object) ||
	    !json_object_object_get_ex(object, name, &member) ||
	    !json_object_is_type(member, json_type_string))
		return NULL;
	return json_object_get_string(member);
}

struct json_object *
gp_json_of(const char *text)
{
	struct json_object *value;

	if (!parse(text, strlen(text), &value))
		abort();
	return value;
}
