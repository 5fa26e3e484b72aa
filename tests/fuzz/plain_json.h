/* SPDX-License-Identifier: Apache-2.0 */
/* json-c without our scan, as lax as it is, for targets that compare with it. */
#ifndef GP_FUZZ_PLAIN_JSON_H
#define GP_FUZZ_PLAIN_JSON_H

#include <json-c/json.h>
#include <stdbool.h>

#include "fuzz.h"

/* Deeper than ours, because json-c counts the innermost value as a level of its own. */
enum { GP_FUZZ_JSON_DEPTH = 64 };

/* The value, owned by the caller; `*accepted` tells null from what is no JSON. */
static inline struct json_object *
gp_fuzz_json(const char *text, bool *accepted)
{
	struct json_tokener *tokener = json_tokener_new_ex(GP_FUZZ_JSON_DEPTH);
	struct json_object *value;

	GP_FUZZ_REQUIRE(tokener != NULL);
	value = json_tokener_parse_ex(tokener, text, (int)strlen(text) + 1);
	*accepted = json_tokener_get_error(tokener) == json_tokener_success;
	json_tokener_free(tokener);
	return value;
}

#endif
