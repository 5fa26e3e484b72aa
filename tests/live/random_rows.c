/* SPDX-License-Identifier: Apache-2.0 */
/* Hides libpq. */
#include "random_rows.h"

#include <libpq-fe.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "../http/expect.h"
#include "../http/instance.h"
#include "../http/kept.h"

enum column { ID, UUID, TITLE, DESCRIPTION, COMPLETED, CREATED_AT, UPDATED_AT };

static PGconn *owner;

bool
gp_rows_open(void)
{
	owner = PQconnectdb(gp_instance.owner_url != NULL ? gp_instance.owner_url : "");
	if (gp_instance.owner_url != NULL && PQstatus(owner) == CONNECTION_OK)
		return true;
	fprintf(stderr, "http-random: GATEPOST_TEST_OWNER_URL: %s\n", PQerrorMessage(owner));
	return false;
}

void
gp_rows_close(void)
{
	PQfinish(owner);
}

/* The row-level security of the table binds its owner too, who therefore names a caller. */
static PGresult *
read_rows(const struct gp_player *player)
{
	const char *const values[] = { player->id };

	PQclear(PQexecParams(owner, "select set_config('gatepost.user_id', $1, false)", 1, NULL,
	    values, NULL, NULL, 0));
	return PQexecParams(owner,
	    "select id, uuid, title, description, completed,"
	    " to_char(created_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'),"
	    " to_char(updated_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
	    " from gatepost.task where user_id = $1 order by created_at desc, id desc",
	    1, NULL, values, NULL, NULL, 0);
}

static const char *
value(const PGresult *rows, int row, int column)
{
	return PQgetisnull(rows, row, column) ? NULL : PQgetvalue(rows, row, column);
}

/* What only the database knows. */
static void
learn(const PGresult *rows, int row, struct gp_item *item)
{
	const char *updated_at = PQgetvalue(rows, row, UPDATED_AT);

	if (item->id == NULL) {
		item->id = gp_kept_text("%s", PQgetvalue(rows, row, ID));
		item->uuid = gp_kept_text("%s", PQgetvalue(rows, row, UUID));
		item->created_at = gp_kept_text("%s", PQgetvalue(rows, row, CREATED_AT));
	} else {
		GP_EXPECT(strcmp(updated_at, item->updated_at) > 0,
		    "task %s was changed at %s and again at %s", item->id, item->updated_at,
		    updated_at);
	}
	item->updated_at = gp_kept_text("%s", updated_at);
}

static bool
expect_value(const struct gp_item *item, const char *name, const char *given, const char *wanted)
{
	bool same = given != NULL && wanted != NULL ? strcmp(given, wanted) == 0 : given == wanted;

	return GP_EXPECT(same, "the row of task %s has %s for its %s, not %s", item->id,
	    given != NULL ? given : "null", name, wanted != NULL ? wanted : "null");
}

static bool
expect_row(const PGresult *rows, int row, const struct gp_item *item)
{
	return expect_value(item, "id", value(rows, row, ID), item->id) &&
	       expect_value(item, "uuid", value(rows, row, UUID), item->uuid) &&
	       expect_value(item, "title", value(rows, row, TITLE), item->title) &&
	       expect_value(
		   item, "description", value(rows, row, DESCRIPTION), item->description) &&
	       expect_value(
		   item, "completed", value(rows, row, COMPLETED), item->completed ? "t" : "f") &&
	       expect_value(item, "created_at", value(rows, row, CREATED_AT), item->created_at) &&
	       expect_value(item, "updated_at", value(rows, row, UPDATED_AT), item->updated_at);
}

static bool
expect_rows(const PGresult *rows, const struct gp_player *player, const struct gp_item *written)
{
	struct gp_list list = gp_model_list(player, &(struct gp_page){ .limit = SIZE_MAX });

	if (!GP_EXPECT(
		PQresultStatus(rows) == PGRES_TUPLES_OK, "no rows: %s", PQresultErrorMessage(rows)))
		return false;
	if (!GP_EXPECT((size_t)PQntuples(rows) == list.count, "%s has %d rows, not %zu",
		player->marker, PQntuples(rows), list.count))
		return false;
	for (size_t i = 0; i < list.count; i++) {
		if (list.items[i] == written)
			learn(rows, (int)i, list.items[i]);
		if (!expect_row(rows, (int)i, list.items[i]))
			return false;
	}
	return true;
}

bool
gp_rows_are_those_of(const struct gp_player *player, struct gp_item *written)
{
	PGresult *rows = read_rows(player);
	bool held = expect_rows(rows, player, written);

	PQclear(rows);
	return held;
}
