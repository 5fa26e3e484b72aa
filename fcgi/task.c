/* SPDX-License-Identifier: Apache-2.0 */
/* Each handler parses its input, names its statement and renders the rows. */
#include "task.h"

#include "dialect.h"
#include "exchange.h"

/* Longest title and description in characters: a page of text, and ten of them in a request body.
 */
enum { TEXT_CHARACTERS_MAX = 10000 };

/* More rows than a page shows. At the worst each has two texts of 40 kB, which a worker can hold.
 */
static const char list_limit[] = "1000";

enum { TITLE, DESCRIPTION, COMPLETED, FIELD_COUNT };

static enum gp_outcome
read_task(struct gp_exchange *exchange, bool title_required, struct gp_value values[FIELD_COUNT])
{
	const struct gp_field fields[FIELD_COUNT] = {
		[TITLE] = { .name = exchange->match.route->dialect->title_member,
		    .type = GP_FIELD_TEXT,
		    .required = title_required,
		    .least = 1,
		    .most = TEXT_CHARACTERS_MAX },
		[DESCRIPTION] = { .name = "description",
		    .type = GP_FIELD_TEXT,
		    .nullable = true,
		    .most = TEXT_CHARACTERS_MAX },
		[COMPLETED] = { .name = "completed", .type = GP_FIELD_BOOL },
	};

	return gp_exchange_read(exchange, fields, FIELD_COUNT, values);
}

static void
write_task(struct gp_exchange *exchange, const struct gp_rows *rows, int row)
{
	exchange->match.route->dialect->write_task(&exchange->response.body, rows, row);
}

/* The row of a statement for one task, or whose it is. */
static enum gp_outcome
require_own(const struct gp_rows *rows)
{
	if (gp_rows_count(rows) != 1)
		return GP_ERR_INTERNAL;
	if (gp_rows_is_null(rows, 0, GP_TASK_ID))
		return gp_rows_bool(rows, 0, GP_TASK_FOREIGN) ? GP_DENY_ROW_FOREIGN
							      : GP_BAD_ROW_ABSENT;
	return GP_OK;
}

enum gp_outcome
gp_task_list(struct gp_exchange *exchange)
{
	const char *parameters[] = { list_limit };
	struct gp_buffer *body = &exchange->response.body;
	const struct gp_rows *rows;
	enum gp_outcome outcome;

	outcome = gp_exchange_run(exchange, GP_QUERY_TASK_LIST, parameters, &rows);
	if (outcome != GP_OK)
		return outcome;
	gp_buffer_add_byte(body, '[');
	for (int row = 0; row < gp_rows_count(rows); row++) {
		if (row > 0)
			gp_buffer_add_byte(body, ',');
		write_task(exchange, rows, row);
	}
	gp_buffer_add_byte(body, ']');
	return gp_rows_sound(rows) ? GP_OK : GP_ERR_INTERNAL;
}

enum gp_outcome
gp_task_create(struct gp_exchange *exchange)
{
	struct gp_value values[FIELD_COUNT];
	const struct gp_rows *rows;
	enum gp_outcome outcome;

	outcome = read_task(exchange, true, values);
	if (outcome != GP_OK)
		return outcome;
	outcome = gp_exchange_run(exchange, GP_QUERY_TASK_CREATE,
	    (const char *[]){
		values[TITLE].text, values[DESCRIPTION].text, values[COMPLETED].text },
	    &rows);
	if (outcome != GP_OK)
		return outcome;
	if (gp_rows_count(rows) != 1)
		return GP_ERR_INTERNAL;
	write_task(exchange, rows, 0);
	return gp_rows_sound(rows) ? GP_OK : GP_ERR_INTERNAL;
}

/* Read, and delete: a statement that is given nothing but the task. */
static enum gp_outcome
run_for_one(struct gp_exchange *exchange, enum gp_query query, const struct gp_rows **rows)
{
	char uuid[GP_UUID_TEXT_SIZE];
	enum gp_outcome outcome;

	gp_exchange_uuid(exchange, 0, "task_id", uuid);
	outcome = gp_exchange_run(exchange, query, (const char *[]){ uuid }, rows);
	return outcome == GP_OK ? require_own(*rows) : outcome;
}

enum gp_outcome
gp_task_get(struct gp_exchange *exchange)
{
	const struct gp_rows *rows;
	enum gp_outcome outcome = run_for_one(exchange, GP_QUERY_TASK_GET, &rows);

	if (outcome != GP_OK)
		return outcome;
	write_task(exchange, rows, 0);
	return gp_rows_sound(rows) ? GP_OK : GP_ERR_INTERNAL;
}

enum gp_outcome
gp_task_update(struct gp_exchange *exchange)
{
	struct gp_value values[FIELD_COUNT];
	char uuid[GP_UUID_TEXT_SIZE];
	const struct gp_rows *rows;
	enum gp_outcome outcome;

	gp_exchange_uuid(exchange, 0, "task_id", uuid);
	outcome = read_task(exchange, false, values);
	if (outcome != GP_OK)
		return outcome;
	outcome = gp_exchange_run(exchange, GP_QUERY_TASK_UPDATE,
	    (const char *[]){ uuid, values[TITLE].text,
		values[DESCRIPTION].given ? "true" : "false", values[DESCRIPTION].text,
		values[COMPLETED].text },
	    &rows);
	if (outcome == GP_OK)
		outcome = require_own(rows);
	if (outcome != GP_OK)
		return outcome;
	write_task(exchange, rows, 0);
	return gp_rows_sound(rows) ? GP_OK : GP_ERR_INTERNAL;
}

enum gp_outcome
gp_task_delete(struct gp_exchange *exchange)
{
	const struct gp_rows *rows;
	enum gp_outcome outcome = run_for_one(exchange, GP_QUERY_TASK_DELETE, &rows);

	if (outcome != GP_OK)
		return outcome;
	gp_buffer_add_text(&exchange->response.body, "null");
	return GP_OK;
}
