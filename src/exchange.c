/* SPDX-License-Identifier: Apache-2.0 */
/* The steps that handlers share. */
#include "exchange.h"

#include <string.h>
#include <strings.h>

/*
 * Whether a body of this Content-Type is JSON: application/json or application/…+json, whatever its
 * parameters. Without the field a body is taken for JSON, as FastAPI does.
 */
static bool
is_json(const char *content_type)
{
	static const char application[] = "application/";
	size_t length;

	if (content_type == NULL || content_type[0] == '\0')
		return true;
	length = strcspn(content_type, "; \t");
	if (strncasecmp(content_type, application, sizeof(application) - 1) != 0)
		return false;
	content_type += sizeof(application) - 1;
	length -= sizeof(application) - 1;
	return (length == 4 && strncasecmp(content_type, "json", 4) == 0) ||
	       (length > 5 && strncasecmp(content_type + length - 5, "+json", 5) == 0);
}

/* RFC 9562 section 4: 8-4-4-4-12 hexadecimal digits. */
static bool
copy_uuid(const struct gp_path_value *value, char uuid[GP_UUID_TEXT_SIZE])
{
	if (value->length != GP_UUID_TEXT_SIZE - 1)
		return false;
	for (size_t i = 0; i < value->length; i++) {
		char c = value->text[i];

		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (c != '-')
				return false;
		} else if (c >= 'A' && c <= 'F') {
			c = (char)(c - 'A' + 'a');
		} else if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')) {
			return false;
		}
		uuid[i] = c;
	}
	uuid[value->length] = '\0';
	return true;
}

void
gp_exchange_uuid(
    struct gp_exchange *exchange, size_t index, const char *name, char uuid[GP_UUID_TEXT_SIZE])
{
	if (copy_uuid(&exchange->match.values[index], uuid))
		return;
	uuid[0] = '\0';
	gp_faults_add(&exchange->faults,
	    (struct gp_fault){ .place = GP_IN_PATH, .name = name, .kind = GP_FAULT_NOT_UUID });
}

enum gp_outcome
gp_exchange_read(struct gp_exchange *exchange, const struct gp_field *fields, size_t count,
    struct gp_value *values)
{
	enum gp_outcome outcome;
	size_t length;
	char *body;

	outcome = gp_request_body(exchange->request, exchange->arena, &body, &length);
	if (outcome != GP_OK)
		return outcome;
	if (length > 0 && !is_json(exchange->request->content_type))
		return GP_BAD_MEDIA_TYPE;
	return gp_json_read(exchange->arena, exchange->reader, body, length, fields, count, values,
	    &exchange->faults);
}

/* The caller as the database that looked them up knows them. */
static enum gp_outcome
complete_caller(struct gp_exchange *exchange, const struct gp_database *database)
{
	const struct gp_rows *row = gp_database_caller(database);
	const char **members[] = { &exchange->caller.user_id, &exchange->caller.email,
		&exchange->caller.name };

	for (int column = 0; column < (int)GP_COUNT(members); column++) {
		size_t length;
		const char *text = gp_rows_text(row, 0, column, &length);

		*members[column] = gp_arena_copy(exchange->arena, text != NULL ? text : "", length);
		if (*members[column] == NULL)
			return GP_ERR_MEMORY;
	}
	exchange->confirmed = true;
	return gp_rows_sound(row) ? GP_OK : GP_ERR_INTERNAL;
}

/* Whether the caller is known only once Better Auth's tables have been asked. */
static bool
needs_lookup(const struct gp_caller *caller)
{
	return caller->identity.kind == GP_AS_LIVE_USER || caller->identity.kind == GP_AS_SESSION;
}

enum gp_outcome
gp_exchange_confirm(struct gp_exchange *exchange)
{
	struct gp_database *database =
	    exchange->auth_database != NULL ? exchange->auth_database : exchange->database;
	const struct gp_rows *rows;
	enum gp_outcome outcome;

	if (exchange->confirmed || !needs_lookup(&exchange->caller))
		return GP_OK;
	exchange->asked = database;
	outcome =
	    gp_database_run(database, &exchange->caller.identity, GP_QUERY_READY, NULL, &rows);
	return outcome == GP_OK ? complete_caller(exchange, database) : outcome;
}

enum gp_outcome
gp_exchange_run(struct gp_exchange *exchange, enum gp_query query, const char *const *parameters,
    const struct gp_rows **rows)
{
	struct gp_identity identity = exchange->caller.identity;
	enum gp_outcome outcome;

	if (exchange->faults.count > 0)
		return GP_BAD_INPUT;
	/* Better Auth's tables in another database cost a round trip of their own. */
	if (exchange->auth_database != NULL && needs_lookup(&exchange->caller)) {
		outcome = gp_exchange_confirm(exchange);
		if (outcome != GP_OK)
			return outcome;
		identity = (struct gp_identity){ GP_AS_USER, exchange->caller.user_id };
	}
	exchange->asked = exchange->database;
	outcome = gp_database_run(exchange->database, &identity, query, parameters, rows);
	if (outcome == GP_OK && needs_lookup(&exchange->caller) && !exchange->confirmed)
		outcome = complete_caller(exchange, exchange->database);
	return outcome;
}
