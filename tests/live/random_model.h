/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the instance is held against: players and their tasks as they must be, and what a task looks
 * like in each API.
 */
#ifndef GP_TEST_RANDOM_MODEL_H
#define GP_TEST_RANDOM_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "../http/api.h"

struct json_object;

/* Players who act, and behind them some who never do and are only reached for. */
enum { GP_ACTORS = 20, GP_PLAYERS = 24 };

/* Most tasks that one player ever makes. */
enum { GP_ITEMS_MAX = 4000 };

/* An entity tag that came, and the state of the task that it came with. */
struct gp_tag {
	struct gp_tag *next;
	const struct gp_api *api;
	const char *updated_at, *text;
};

/* A task. The database tells `id`, `uuid` and the times; they are NULL until it has. */
struct gp_item {
	const char *id, *uuid;
	const char *title, *description; /* the latter may be NULL */
	bool completed;
	const char *created_at, *updated_at;
	bool is_gone;
	struct gp_tag *tags; /* all that came, the latest first */
};

/* Which part of a list; all of it with a `limit` of SIZE_MAX. */
struct gp_page {
	bool has_completed, completed; /* the filter */
	size_t limit, offset;
};

/* A list that was read: the next one may ask whether it has changed. */
struct gp_list_read {
	const char *path, *tag, *body; /* NULL: none so far */
	const struct gp_api *api;
	struct gp_page page;
	unsigned changes; /* of the player at that time */
};

struct gp_player {
	size_t index;
	const char *marker; /* part of every text of this player and of no other's */
	const char *id, *email, *name;
	const char *path_id; /* percent-encoded */
	const char *token;
	bool has_row;                        /* in Better Auth's table */
	const char *session;                 /* NULL: none */
	struct gp_item *items[GP_ITEMS_MAX]; /* in the order in which they were made */
	size_t item_count;
	unsigned changes; /* of any task, so far */
	struct gp_list_read last_list;
	struct gp_list_read next_page; /* that the last list pointed to */
};

struct gp_model {
	const char *nonce; /* begins all markers of this run */
	struct gp_player players[GP_PLAYERS];
};

/* Make up the players; no task so far. */
void gp_model_init(struct gp_model *model);

/* A page of a list, newest first, and how many tasks there are without `limit` and `offset`. */
struct gp_list {
	struct gp_item **items;
	size_t count, matching;
};
struct gp_list gp_model_list(const struct gp_player *player, const struct gp_page *page);

/* A new task, its id still unknown. There is room for it when item_count < GP_ITEMS_MAX. */
struct gp_item *gp_model_add(struct gp_player *player);

/* The task as the API shows it. */
struct json_object *gp_model_show(
    const struct gp_player *player, const struct gp_item *item, const struct gp_api *api);

/* The tag of the task's present state in that API, NULL when none came. */
const char *gp_model_tag(const struct gp_item *item, const struct gp_api *api);

/* A tag of a state that is no more, NULL when none came. */
const char *gp_model_stale_tag(const struct gp_item *item);

/*
 * Take in a tag that came with the present state. Says whether it fits those before: the same for
 * the same state in the same API, another for any other state.
 */
bool gp_model_take_tag(struct gp_item *item, const struct gp_api *api, const char *text);

/* Somebody else whose text, id or task is quoted in `text`; NULL when there is nobody. */
const struct gp_player *gp_model_stranger(
    const struct gp_model *model, const struct gp_player *player, const char *text);

#endif
