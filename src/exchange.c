/* SPDX-License-Identifier: Apache-2.0 */
/* The steps that handlers share. */
#include "exchange.h"

#include <string.h>
#include <strings.h>

#include "entity_tag.h"
#include "service.h"

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

const struct gp_client *
gp_exchange_client(struct gp_exchange *exchange)
{
	const struct gp_request *request = exchange->request;

	if (exchange->client.text[0] == '\0')
		gp_client_read(request->remote_address, request->forwarded_for,
		    request->other_forwarding != NULL || request->forwarded_proto != NULL,
		    &exchange->service->settings->trusted_proxies, &exchange->client);
	return &exchange->client;
}

enum gp_outcome
gp_exchange_path(struct gp_exchange *exchange, const struct gp_field *field, struct gp_value *value)
{
	const struct gp_path_value *given = gp_match_value(&exchange->match, field->name);

	*value = (struct gp_value){ .given = false };
	if (given == NULL)
		return GP_ERR_INTERNAL;
	return gp_field_read(exchange->arena, field, GP_IN_PATH, given->text, given->length, value,
	    &exchange->faults);
}

enum gp_outcome
gp_exchange_require_path_user(struct gp_exchange *exchange)
{
	const struct gp_path_value *given = gp_match_value(&exchange->match, "user_id");
	struct gp_identity *identity = &exchange->caller.identity;

	if (given == NULL)
		return GP_OK;
	identity->only_id = gp_arena_copy(exchange->arena, given->text, given->length);
	if (identity->only_id == NULL)
		return GP_ERR_MEMORY;
	if (identity->kind == GP_AS_USER && strcmp(identity->only_id, identity->value) != 0)
		return GP_DENY_PATH_USER;
	return GP_OK;
}

enum gp_outcome
gp_exchange_versions(struct gp_exchange *exchange, const char **versions)
{
	struct gp_buffer text;

	*versions = NULL;
	if (exchange->request->if_match == NULL)
		return GP_OK;
	gp_buffer_init(&text, exchange->arena);
	gp_entity_tag_versions(exchange->request->if_match, &text);
	if (text.length > 0)
		*versions = text.bytes;
	return gp_buffer_complete(&text) ? GP_OK : GP_ERR_MEMORY;
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
	return gp_json_read(exchange->arena, exchange->service->reader, body, length, fields, count,
	    values, &exchange->faults);
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

/* What the database knows of the caller after a run with this outcome; who is refused by name is
 * named in the log. */
static enum gp_outcome
learn_caller(
    struct gp_exchange *exchange, const struct gp_database *database, enum gp_outcome outcome)
{
	if (!needs_lookup(&exchange->caller))
		return outcome;
	if (outcome == GP_OK)
		return complete_caller(exchange, database);
	if (outcome == GP_DENY_PATH_USER && complete_caller(exchange, database) != GP_OK)
		return GP_ERR_MEMORY;
	return outcome;
}

enum gp_outcome
gp_exchange_confirm(struct gp_exchange *exchange)
{
	const struct gp_service *service = exchange->service;
	struct gp_database *database =
	    service->auth_database != NULL ? service->auth_database : service->database;
	const struct gp_rows *rows;
	enum gp_outcome outcome;

	if (exchange->confirmed || !needs_lookup(&exchange->caller))
		return GP_OK;
	exchange->asked = database;
	outcome =
	    gp_database_run(database, &exchange->caller.identity, GP_QUERY_READY, NULL, &rows);
	return learn_caller(exchange, database, outcome);
}

enum gp_outcome
gp_exchange_run(struct gp_exchange *exchange, enum gp_query query, const char *const *parameters,
    const struct gp_rows **rows)
{
	struct gp_identity identity = exchange->caller.identity;
	struct gp_database *database = exchange->service->database;
	enum gp_outcome outcome;

	if (exchange->faults.count > 0)
		return GP_BAD_INPUT;
	/* Better Auth's tables in another database cost a round trip of their own. */
	if (exchange->service->auth_database != NULL && needs_lookup(&exchange->caller)) {
		outcome = gp_exchange_confirm(exchange);
		if (outcome != GP_OK)
			return outcome;
		identity = (struct gp_identity){
			.kind = GP_AS_USER,
			.value = exchange->caller.user_id,
		};
	}
	exchange->asked = database;
	outcome = gp_database_run(database, &identity, query, parameters, rows);
	return exchange->confirmed ? outcome : learn_caller(exchange, database, outcome);
}
