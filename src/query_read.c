/* SPDX-License-Identifier: Apache-2.0 */
/* Looks for each field's last value, decodes it, and has it read by its type. */
#include "query_read.h"

#include <string.h>

#include "percent.h"

struct text {
	const char *bytes; /* NULL: not there */
	size_t length;
};

/* The encoded value of the last parameter of this name; `room` is for decoded names. */
static struct text
find_last(const char *query, const char *name, char *room)
{
	struct text found = { NULL, 0 };
	size_t wanted = strlen(name);

	while (*query != '\0') {
		size_t length = strcspn(query, "&");
		const char *sign = memchr(query, '=', length);
		size_t name_length = sign != NULL ? (size_t)(sign - query) : length;

		if (gp_percent_decode_query(query, name_length, room) == wanted &&
		    memcmp(room, name, wanted) == 0) {
			found.bytes = sign != NULL ? sign + 1 : query + length;
			found.length = (size_t)(query + length - found.bytes);
		}
		query += length;
		query += *query == '&';
	}
	return found;
}

enum gp_outcome
gp_query_read(struct gp_arena *arena, const char *query, const struct gp_field *fields,
    size_t count, struct gp_value *values, struct gp_faults *faults)
{
	enum gp_outcome outcome = GP_OK;
	char *room;

	memset(values, 0, count * sizeof(*values));
	room = gp_arena_take(arena, strlen(query) + 1);
	if (room == NULL)
		return GP_ERR_MEMORY;
	for (size_t i = 0; i < count && outcome == GP_OK; i++) {
		struct text found = find_last(query, fields[i].name, room);

		values[i].number = fields[i].fallback;
		if (found.bytes != NULL) {
			size_t length = gp_percent_decode_query(found.bytes, found.length, room);

			outcome = gp_field_read(
			    arena, &fields[i], GP_IN_QUERY, room, length, &values[i], faults);
		} else if (fields[i].required) {
			gp_faults_add(faults, (struct gp_fault){ .place = GP_IN_QUERY,
						  .name = fields[i].name,
						  .kind = GP_FAULT_MISSING });
		}
	}
	return outcome;
}
