/* SPDX-License-Identifier: Apache-2.0 */
/* Each handler parses its input, names its statement and renders the rows. */
#include "task.h"

#include <inttypes.h>
#include <stdio.h>

#include "dialect.h"
#include "entity_tag.h"
#include "exchange.h"
#include "percent.h"
#include "query_read.h"
#include "service.h"
#include "task_form.h"

static const struct gp_task_form *
form_of(const struct gp_exchange *exchange)
{
	return exchange->match.route->dialect->tasks;
}

/* --- lists --- */

/*
 * Bytes behind which a list ends early, of text in the database and of JSON, which may be six times
 * as long: a thousand of the longest tasks would fill a worker's memory. A thousand of eight
 * kilobytes each come whole.
 */
enum { PAGE_BYTES = 8 * 1024 * 1024 };

/*
 * So many of the longest tasks are not more than that, or little more. Where there are no others
 * the statement goes without its running sum of bytes, which costs PostgreSQL half as much again as
 * the rows.
 */
enum { SHORT_PAGE = 100 };

struct page {
	int64_t limit, offset;
	const char *completed; /* "true", "false", or NULL for all */
};

static enum gp_outcome
read_page(struct gp_exchange *exchange, struct page *page)
{
	const struct gp_task_form *form = form_of(exchange);
	struct gp_value values[GP_PAGE_FIELD_COUNT] = { { .given = false } };
	struct gp_field fields[GP_PAGE_FIELD_COUNT];
	size_t first = gp_task_form_page(form, fields);
	enum gp_outcome outcome;

	outcome = gp_query_read(exchange->arena, exchange->request->query, &fields[first],
	    GP_PAGE_FIELD_COUNT - first, &values[first], &exchange->faults);
	page->limit = values[GP_PAGE_LIMIT].number;
	page->offset = values[GP_PAGE_OFFSET].number;
	page->completed = values[GP_PAGE_COMPLETED].text;
	return outcome;
}

/*
 * Where the list goes on behind what is shown (RFC 8288), as a path that holds wherever the web
 * server mounts us.
 */
static enum gp_outcome
link_next(struct gp_exchange *exchange, const struct page *page, int shown)
{
	struct gp_buffer link;

	gp_buffer_init(&link, exchange->arena);
	gp_buffer_add_byte(&link, '<');
	gp_percent_encode_path(&link, exchange->service->settings->mount_path);
	gp_percent_encode_path(&link, exchange->path);
	gp_buffer_add_text(&link, "?limit=");
	gp_buffer_add_integer(&link, page->limit);
	gp_buffer_add_text(&link, "&offset=");
	gp_buffer_add_integer(&link, page->offset + shown);
	if (page->completed != NULL) {
		gp_buffer_add_text(&link, "&completed=");
		gp_buffer_add_text(&link, page->completed);
	}
	gp_buffer_add(&link, ">; rel=\"next\"", sizeof(">; rel=\"next\""));
	exchange->response.link = link.bytes;
	return gp_buffer_complete(&link) ? GP_OK : GP_ERR_MEMORY;
}

/* The rows of a page, and one more where there are more. Only a long page takes a second round
 * trip. */
static enum gp_outcome
read_rows(struct gp_exchange *exchange, const struct page *page, const struct gp_rows **rows)
{
	int64_t most = page->limit < SHORT_PAGE ? page->limit : SHORT_PAGE;
	char limit[24], offset[24], bytes[24];
	enum gp_outcome outcome;

	snprintf(limit, sizeof(limit), "%" PRId64, most + 1);
	snprintf(offset, sizeof(offset), "%" PRId64, page->offset);
	outcome = gp_exchange_run(
	    exchange, GP_QUERY_TASK_LIST, (const char *[]){ page->completed, limit, offset }, rows);
	if (outcome != GP_OK || page->limit == most || gp_rows_count(*rows) <= most)
		return outcome;
	snprintf(limit, sizeof(limit), "%" PRId64, page->limit + 1);
	snprintf(bytes, sizeof(bytes), "%d", PAGE_BYTES);
	return gp_exchange_run(exchange, GP_QUERY_TASK_LIST_LONG,
	    (const char *[]){ page->completed, limit, offset, bytes }, rows);
}

/*
 * A list's tag names its tasks and their versions. A version counts all changes to a task, whoever
 * makes them, so that the text need not be hashed, which is ten times as long; another release may
 * write it in another form.
 */
static bool
tag_list(struct gp_exchange *exchange, const struct gp_rows *rows, int shown)
{
	struct gp_buffer named;

	gp_buffer_init(&named, exchange->arena);
	gp_buffer_add_text(&named, GATEPOST_VERSION);
	for (int row = 0; row < shown; row++) {
		gp_buffer_add_byte(&named, ' ');
		gp_buffer_add_integer(&named, gp_rows_int64(rows, row, GP_TASK_ID));
		gp_buffer_add_byte(&named, ':');
		gp_buffer_add_integer(&named, gp_rows_int64(rows, row, GP_TASK_VERSION));
	}
	return gp_buffer_complete(&named) &&
	       gp_entity_tag_of_bytes(named.bytes, named.length, exchange->response.etag);
}

static enum gp_outcome
list_tasks(struct gp_exchange *exchange)
{
	struct gp_buffer *body = &exchange->response.body;
	const struct gp_rows *rows;
	enum gp_outcome outcome;
	struct page page;
	int count, shown;

	outcome = read_page(exchange, &page);
	if (outcome != GP_OK)
		return outcome;
	outcome = read_rows(exchange, &page, &rows);
	if (outcome != GP_OK)
		return outcome;
	count = gp_rows_count(rows);
	if (count > page.limit)
		count = (int)page.limit;
	shown = gp_task_form_write_all(form_of(exchange), body, rows, count, PAGE_BYTES);
	if (!tag_list(exchange, rows, shown))
		return GP_ERR_MEMORY;
	/* Once there are so many bytes the statement may have left rows out, too. */
	if (shown < gp_rows_count(rows) || body->length >= PAGE_BYTES)
		outcome = link_next(exchange, &page, shown);
	return gp_rows_sound(rows) ? outcome : GP_ERR_INTERNAL;
}

/* --- one task --- */

/* The same statement for either way of naming a task. */
typedef const enum gp_query queries_by_key[GP_TASK_KEY_COUNT];

#define BY_KEY(name) \
	{ \
		[GP_TASK_BY_UUID] = GP_QUERY_##name##_BY_UUID, \
		[GP_TASK_BY_ID] = GP_QUERY_##name##_BY_ID, \
	}

static enum gp_outcome
read_key(struct gp_exchange *exchange, const char **key)
{
	const struct gp_field field = gp_task_form_key(form_of(exchange));
	struct gp_value value;
	enum gp_outcome outcome = gp_exchange_path(exchange, &field, &value);

	*key = value.text;
	return outcome;
}

static enum gp_outcome
read_body(struct gp_exchange *exchange, bool is_new, struct gp_value values[GP_TASK_FIELD_COUNT])
{
	struct gp_field fields[GP_TASK_FIELD_COUNT];

	gp_task_form_body(form_of(exchange), is_new, fields);
	return gp_exchange_read(exchange, fields, GP_TASK_FIELD_COUNT, values);
}

/* Run a statement for one task, which has one row: the task, or why there is none. */
static enum gp_outcome
run_for_one(struct gp_exchange *exchange, queries_by_key queries, const char *const *parameters,
    const struct gp_rows **rows)
{
	enum gp_outcome outcome =
	    gp_exchange_run(exchange, queries[form_of(exchange)->key], parameters, rows);

	if (outcome != GP_OK)
		return outcome;
	if (gp_rows_count(*rows) != 1)
		return GP_ERR_INTERNAL;
	if (!gp_rows_is_null(*rows, 0, GP_TASK_ID))
		return GP_OK;
	if (gp_rows_bool(*rows, 0, GP_TASK_FOREIGN))
		return GP_DENY_ROW_FOREIGN;
	return gp_rows_bool(*rows, 0, GP_TASK_CHANGED) ? GP_BAD_VERSION : GP_BAD_ROW_ABSENT;
}

static enum gp_outcome
answer_task(struct gp_exchange *exchange, const struct gp_rows *rows)
{
	struct gp_response *response = &exchange->response;

	gp_task_form_write_one(form_of(exchange), &response->body, rows);
	gp_entity_tag_of_version(gp_rows_int64(rows, 0, GP_TASK_VERSION), response->etag);
	return gp_rows_sound(rows) ? GP_OK : GP_ERR_INTERNAL;
}

static enum gp_outcome
create_task(struct gp_exchange *exchange)
{
	struct gp_value values[GP_TASK_FIELD_COUNT];
	const struct gp_rows *rows;
	enum gp_outcome outcome;

	outcome = read_body(exchange, true, values);
	if (outcome == GP_OK)
		outcome = gp_exchange_run(exchange, GP_QUERY_TASK_CREATE,
		    (const char *[]){ values[GP_TASK_FIELD_TITLE].text,
			values[GP_TASK_FIELD_DESCRIPTION].text,
			values[GP_TASK_FIELD_COMPLETED].text },
		    &rows);
	if (outcome != GP_OK)
		return outcome;
	return gp_rows_count(rows) == 1 ? answer_task(exchange, rows) : GP_ERR_INTERNAL;
}

static enum gp_outcome
get_task(struct gp_exchange *exchange)
{
	static queries_by_key queries = BY_KEY(TASK_GET);
	const struct gp_rows *rows;
	enum gp_outcome outcome;
	const char *key;

	outcome = read_key(exchange, &key);
	if (outcome == GP_OK)
		outcome = run_for_one(exchange, queries, (const char *[]){ key }, &rows);
	return outcome == GP_OK ? answer_task(exchange, rows) : outcome;
}

static enum gp_outcome
update_task(struct gp_exchange *exchange)
{
	static queries_by_key queries = BY_KEY(TASK_UPDATE);
	struct gp_value values[GP_TASK_FIELD_COUNT];
	const char *key, *versions;
	const struct gp_rows *rows;
	enum gp_outcome outcome;

	outcome = read_key(exchange, &key);
	if (outcome == GP_OK)
		outcome = read_body(exchange, false, values);
	if (outcome == GP_OK)
		outcome = gp_exchange_versions(exchange, &versions);
	if (outcome == GP_OK)
		outcome = run_for_one(exchange, queries,
		    (const char *[]){ key, versions, values[GP_TASK_FIELD_TITLE].text,
			values[GP_TASK_FIELD_DESCRIPTION].given ? "true" : "false",
			values[GP_TASK_FIELD_DESCRIPTION].text,
			values[GP_TASK_FIELD_COMPLETED].text },
		    &rows);
	return outcome == GP_OK ? answer_task(exchange, rows) : outcome;
}

/* A change that needs to be told nothing but the task. */
static enum gp_outcome
change(struct gp_exchange *exchange, queries_by_key queries, const struct gp_rows **rows)
{
	const char *key, *versions;
	enum gp_outcome outcome;

	outcome = read_key(exchange, &key);
	if (outcome == GP_OK)
		outcome = gp_exchange_versions(exchange, &versions);
	if (outcome == GP_OK)
		outcome = run_for_one(exchange, queries, (const char *[]){ key, versions }, rows);
	return outcome;
}

static enum gp_outcome
toggle_task(struct gp_exchange *exchange)
{
	static queries_by_key queries = BY_KEY(TASK_TOGGLE);
	const struct gp_rows *rows;
	enum gp_outcome outcome = change(exchange, queries, &rows);

	return outcome == GP_OK ? answer_task(exchange, rows) : outcome;
}

static enum gp_outcome
delete_task(struct gp_exchange *exchange)
{
	static queries_by_key queries = BY_KEY(TASK_DELETE);
	struct gp_buffer *body = &exchange->response.body;
	const struct gp_rows *rows;
	enum gp_outcome outcome = change(exchange, queries, &rows);

	if (outcome != GP_OK)
		return outcome;
	switch (form_of(exchange)->farewell) {
	case GP_FAREWELL_NULL: gp_buffer_add_text(body, "null"); break;
	case GP_FAREWELL_NOTHING: break;
	case GP_FAREWELL_TASK: gp_task_form_write_one(form_of(exchange), body, rows); break;
	}
	return gp_rows_sound(rows) ? GP_OK : GP_ERR_INTERNAL;
}

const struct gp_operation gp_task_list = {
	.handler = list_tasks,
	.summary = "The caller's tasks, newest first",
	.description =
	    "Where there are more of them than `limit`, `Link` says where the list goes on.",
	.input = GP_INPUT_PAGE | GP_INPUT_KNOWN_TAG,
	.output = GP_OUTPUT_TASKS,
};
const struct gp_operation gp_task_create = {
	.handler = create_task,
	.summary = "Add a task of the caller's",
	.input = GP_INPUT_TASK,
	.output = GP_OUTPUT_TASK,
};
const struct gp_operation gp_task_get = {
	.handler = get_task,
	.summary = "One task of the caller's",
	.input = GP_INPUT_KNOWN_TAG,
	.output = GP_OUTPUT_TASK,
};
const struct gp_operation gp_task_update = {
	.handler = update_task,
	.summary = "Change what is given of a task",
	.description = "What is not given stays as it is, with PUT as with PATCH.",
	.input = GP_INPUT_CHANGES | GP_INPUT_CONDITION,
	.output = GP_OUTPUT_TASK,
};
const struct gp_operation gp_task_toggle = {
	.handler = toggle_task,
	.summary = "Complete a task, or open it again",
	.input = GP_INPUT_CONDITION,
	.output = GP_OUTPUT_TASK,
};
const struct gp_operation gp_task_delete = {
	.handler = delete_task,
	.summary = "Delete a task",
	.input = GP_INPUT_CONDITION,
	.output = GP_OUTPUT_DELETED,
};
