/* SPDX-License-Identifier: Apache-2.0 */
/* Knows the routes, and the spellings of what stands in their paths and fields. */
#include "random_sketch.h"

#include <ctype.h>
#include <string.h>

#include "../http/kept.h"
#include "../http/token.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Of a hundred operations; and the APIs that have them. */
static const struct {
	size_t weight;
	const char *apis;
} acts[GP_ACT_COUNT] = {
	[GP_ACT_LIST] = { 25, "ABCD" },
	[GP_ACT_CREATE] = { 20, "ABCD" },
	[GP_ACT_READ] = { 16, "ABD" },
	[GP_ACT_UPDATE] = { 18, "ABD" },
	[GP_ACT_TOGGLE] = { 8, "D" },
	[GP_ACT_DELETE] = { 9, "ABD" },
	[GP_ACT_PROFILE] = { 2, "C" },
	[GP_ACT_NO_METHOD] = { 2, "ABCD" },
};

static size_t
draw_below(struct gp_sketch *sketch, size_t limit)
{
	return gp_draw_below(sketch->draw, limit);
}

static bool
draw_percent(struct gp_sketch *sketch, unsigned percent)
{
	return gp_draw_percent(sketch->draw, percent);
}

static void
draw_act(struct gp_sketch *sketch)
{
	struct gp_operation *operation = sketch->operation;
	size_t left = draw_below(sketch, 100);
	const char *apis;

	operation->act = GP_ACT_LIST;
	while (left >= acts[operation->act].weight) {
		left -= acts[operation->act].weight;
		operation->act++;
	}
	if (operation->act == GP_ACT_CREATE && operation->actor->item_count == GP_ITEMS_MAX)
		operation->act = GP_ACT_DELETE;
	apis = acts[operation->act].apis;
	operation->api = &gp_apis[apis[draw_below(sketch, strlen(apis))] - 'A'];
}

/* --- who asks --- */

static void
use_bad_credential(struct gp_sketch *sketch, const char *reason)
{
	const char *invalid = sketch->operation->api->invalid;

	sketch->credential_detail =
	    strstr(invalid, ": ") != NULL ? gp_kept_text("%s%s", invalid, reason) : invalid;
}

static const char *
forged_token(const struct gp_player *player)
{
	const char *claims = gp_token_claims(
	    "{\"sub\":\"$\",\"email\":\"a@b\",\"iat\":<-1>,\"exp\":<+1700>}", player->marker);

	return gp_token_make(&(struct gp_token_order){
	    .claims = claims, .secret = "a secret that is not this instance's at all" });
}

static void
draw_credential(struct gp_sketch *sketch)
{
	struct gp_operation *operation = sketch->operation;
	size_t kind = draw_below(sketch, 100);

	operation->call.token = operation->actor->token;
	if (kind < 2) {
		operation->call.token = NULL;
		sketch->credential_detail = operation->api->no_credential;
	} else if (kind < 4) {
		operation->call.token = forged_token(operation->actor);
		use_bad_credential(sketch, "signature does not match");
	} else if (kind < 6) {
		operation->call.token = "UnknownSessionOfThirtyTwoLetters";
		use_bad_credential(sketch, "unknown or expired session");
	} else if (kind < 40 && operation->actor->session != NULL) {
		operation->call.token = operation->actor->session;
		operation->has_session = true;
	}
	/* One API knows only users who have a row. */
	if (operation->api == &gp_apis[GP_API_B] && operation->call.token != NULL &&
	    !operation->actor->has_row)
		use_bad_credential(sketch, "");
}

static struct gp_player *
draw_other(struct gp_sketch *sketch)
{
	struct gp_player *other;

	do
		other = &sketch->model->players[draw_below(sketch, GP_PLAYERS)];
	while (other == sketch->operation->actor);
	return other;
}

static void
draw_path_user(struct gp_sketch *sketch)
{
	const struct gp_operation *operation = sketch->operation;
	bool has_user =
	    (operation->api == &gp_apis[GP_API_C] && operation->act != GP_ACT_PROFILE) ||
	    operation->api == &gp_apis[GP_API_D];

	sketch->path_user = operation->actor->path_id;
	if (has_user && draw_percent(sketch, 8)) {
		sketch->path_user = draw_other(sketch)->path_id;
		sketch->is_other_user = true;
	}
}

/* --- which task --- */

/* Somebody else whose tasks nobody changes in this round. */
static struct gp_player *
draw_idle(struct gp_sketch *sketch)
{
	struct gp_player *other;

	do
		other = &sketch->model->players[draw_below(sketch, GP_PLAYERS)];
	while (sketch->is_busy[other->index]);
	return other;
}

/* A task that is there, or one that is gone; NULL when the player has none. */
static struct gp_item *
draw_item(struct gp_sketch *sketch, const struct gp_player *owner, bool is_gone)
{
	size_t first;

	if (owner->item_count == 0)
		return NULL;
	first = draw_below(sketch, owner->item_count);
	for (size_t i = 0; i < owner->item_count; i++) {
		struct gp_item *item = owner->items[(first + i) % owner->item_count];

		if (item->is_gone == is_gone)
			return item;
	}
	return NULL;
}

/* A uuid also with capitals, a number also with a sign or zeros in front. */
static const char *
draw_spelling(struct gp_sketch *sketch, const struct gp_item *item)
{
	char *uuid;

	if (sketch->operation->api != &gp_apis[GP_API_A]) {
		static const char *const before[] = { "", "", "", "", "", "", "+", "00", "+0" };

		return gp_kept_text("%s%s", before[draw_below(sketch, COUNT(before))], item->id);
	}
	uuid = gp_kept_text("%s", item->uuid);
	if (draw_percent(sketch, 20)) {
		for (char *c = uuid; *c != '\0'; c++)
			*c = (char)toupper((unsigned char)*c);
	}
	return uuid;
}

static const char *
draw_unused_name(struct gp_sketch *sketch)
{
	static const char *const numbers[] = { "0", "-1", "-4000000000000001",
		"9223372036854775807", "9223372036854775808", "-9223372036854775808",
		"-9223372036854775809", "18446744073709551617", "99999999999999999999999999999" };

	if (sketch->operation->api == &gp_apis[GP_API_A])
		return gp_kept_text("00000000-0000-4000-8000-%012zu", draw_below(sketch, 1000000));
	return numbers[draw_below(sketch, COUNT(numbers))];
}

static const char *
draw_no_name(struct gp_sketch *sketch)
{
	static const char *const names[] = { "abc", "1.5", "12x", "0x10", "1e3", "+", "-", "null",
		"%20", "1%2C2", "%D9%A1", "4000000000000001-" };

	return names[draw_below(sketch, COUNT(names))];
}

/*
 * Of a hundred, twelve are somebody else's, eight are gone, four are no ids at all, four were never
 * given to a task; the rest are the actor's own.
 */
static void
draw_task(struct gp_sketch *sketch)
{
	struct gp_operation *operation = sketch->operation;
	size_t kind = draw_below(sketch, 100);
	struct gp_item *item = NULL;

	sketch->names_task = true;
	if (kind < 12)
		operation->owner = draw_idle(sketch);
	if (kind >= 28 || kind < 20)
		item = draw_item(sketch, operation->owner, kind >= 12 && kind < 20);
	if (item != NULL) {
		sketch->task_name = draw_spelling(sketch, item);
		operation->item = item->is_gone ? NULL : item;
	} else if (kind >= 20 && kind < 24) {
		sketch->task_name = draw_no_name(sketch);
		sketch->is_no_name = true;
	} else {
		sketch->task_name = draw_unused_name(sketch);
	}
}

/* --- under which conditions --- */

static void
add_field(struct gp_sketch *sketch, const char *field)
{
	sketch->operation->call.fields[sketch->field_count++] = field;
}

/* The tag as a web server that compresses leaves it. */
static const char *
with_suffix(const char *tag)
{
	return gp_kept_text("%.*s-gzip\"", (int)strlen(tag) - 1, tag);
}

/* The tag of the named task as it is now, NULL: none is known. */
static const char *
present_tag(const struct gp_sketch *sketch)
{
	const struct gp_operation *operation = sketch->operation;

	return operation->item != NULL ? gp_model_tag(operation->item, operation->api) : NULL;
}

/* A tag that the named task does not have, or has no more. */
static const char *
draw_other_tag(struct gp_sketch *sketch)
{
	const struct gp_item *item = sketch->operation->item;
	const char *tag = present_tag(sketch),
		   *stale = item != NULL ? gp_model_stale_tag(item) : NULL;

	switch (draw_below(sketch, 5)) {
	case 0: return "\"no such tag\"";
	case 1: return tag != NULL ? gp_kept_text("\"0%s", tag + 1) : "\"x\"";
	case 2: return tag != NULL ? gp_kept_text("\" %s", tag + 1) : "\"x";
	default: return stale != NULL ? stale : "\"-1\", \"\"";
	}
}

/* The comparison is strong, so that a weak tag never matches. */
static const char *
draw_strong_match(struct gp_sketch *sketch)
{
	const char *tag = present_tag(sketch);

	switch (tag != NULL ? draw_below(sketch, 6) : 0) {
	case 0: return "*";
	case 1: return gp_kept_text("\"x\", %s , W/\"y\"", tag);
	case 2: return with_suffix(tag);
	default: return tag;
	}
}

static void
draw_if_match(struct gp_sketch *sketch)
{
	const char *tag = present_tag(sketch);
	size_t kind = draw_below(sketch, 10);

	sketch->is_changed = kind < 4;
	if (kind == 0 && tag != NULL)
		add_field(sketch, gp_kept_text("If-Match: W/%s", tag));
	else
		add_field(
		    sketch, gp_kept_text("If-Match: %s",
				kind < 4 ? draw_other_tag(sketch) : draw_strong_match(sketch)));
}

static const char *
draw_weak_match(struct gp_sketch *sketch)
{
	const char *tag = present_tag(sketch);

	switch (tag != NULL ? draw_below(sketch, 6) : 0) {
	case 0: return "*";
	case 1: return gp_kept_text("W/%s", tag);
	case 2: return gp_kept_text("W/\"x\",%s", tag);
	case 3: return with_suffix(tag);
	default: return tag;
	}
}

static void
draw_if_none_match(struct gp_sketch *sketch)
{
	sketch->is_not_modified = draw_percent(sketch, 60);
	add_field(sketch,
	    gp_kept_text("If-None-Match: %s",
		sketch->is_not_modified ? draw_weak_match(sketch) : draw_other_tag(sketch)));
}

/* --- the request --- */

static const char *
list_path(struct gp_sketch *sketch)
{
	static const char *const todos[] = { "/api/v1/todos", "/todos", "/api/v1/todos/",
		"/todos/" };

	switch (sketch->operation->api - gp_apis) {
	case GP_API_A: return draw_percent(sketch, 10) ? "/tasks/" : "/tasks";
	case GP_API_B: return todos[draw_below(sketch, COUNT(todos))];
	case GP_API_C: return gp_kept_text("/api/v1/%s/tasks", sketch->path_user);
	default: return gp_kept_text("/api/%s/tasks", sketch->path_user);
	}
}

static const char *
task_path(struct gp_sketch *sketch)
{
	const char *before = draw_percent(sketch, 50) ? "/todos" : "/api/v1/todos";

	switch (sketch->operation->api - gp_apis) {
	case GP_API_A: return gp_kept_text("/tasks/%s", sketch->task_name);
	case GP_API_B: return gp_kept_text("%s/%s", before, sketch->task_name);
	default: return gp_kept_text("/api/%s/tasks/%s", sketch->path_user, sketch->task_name);
	}
}

static void
draw_body(struct gp_sketch *sketch, bool is_new)
{
	struct gp_operation *operation = sketch->operation;

	if (draw_percent(sketch, 8))
		operation->call.body =
		    gp_body_draw_bad(sketch->draw, operation->api, is_new, &sketch->body_faults);
	else
		operation->call.body = gp_body_draw(sketch->draw, operation->api, is_new,
		    operation->actor, draw_other(sketch), &operation->change);
}

/* The page that the last list pointed to, that list again if it has changed, or a new one. */
static void
draw_list(struct gp_sketch *sketch)
{
	struct gp_operation *operation = sketch->operation;
	const struct gp_player *actor = operation->actor;
	const struct gp_list_read *last = NULL;

	if (actor->next_page.path != NULL && draw_percent(sketch, 50)) {
		last = &actor->next_page;
	} else if (actor->last_list.path != NULL && draw_percent(sketch, 25)) {
		last = &actor->last_list;
		add_field(sketch, gp_kept_text("If-None-Match: %s", last->tag));
		operation->known_body = last->body;
		sketch->is_not_modified = last->changes == actor->changes;
	}
	if (last != NULL) {
		operation->api = last->api;
		operation->page = last->page;
		operation->call.path = last->path;
	}
}

static void
draw_new_list(struct gp_sketch *sketch)
{
	struct gp_operation *operation = sketch->operation;
	const char *query = gp_query_draw(sketch->draw, operation->api,
	    gp_model_list(operation->actor, &(struct gp_page){ .limit = 1 }).matching,
	    &operation->page, &sketch->query_faults);

	operation->call.path = gp_kept_text("%s%s", list_path(sketch), query);
}

static void
draw_toggle(struct gp_sketch *sketch)
{
	struct gp_call *call = &sketch->operation->call;

	call->method = "PATCH";
	call->path = gp_kept_text("%s/complete", task_path(sketch));
	if (draw_percent(sketch, 15))
		call->body = draw_percent(sketch, 50) ? "{\"completed\":true}" : "{\"completed\":";
}

static void
draw_no_method(struct gp_sketch *sketch)
{
	struct gp_call *call = &sketch->operation->call;

	switch (sketch->operation->api - gp_apis) {
	case GP_API_A:
		call->method = "POST";
		call->path = "/tasks/00000000-0000-4000-8000-000000000000";
		call->body = "{\"text\":\"a\"}";
		break;
	case GP_API_B:
		call->method = "DELETE";
		call->path = list_path(sketch);
		break;
	case GP_API_C:
		call->method = "DELETE";
		call->path = draw_percent(sketch, 50) ? list_path(sketch) : "/api/v1/me/profile";
		break;
	default:
		call->method = "PATCH";
		call->path = gp_kept_text("/api/%s/tasks/1", sketch->path_user);
		call->body = "{\"completed\":true}";
	}
}

static void
draw_request(struct gp_sketch *sketch)
{
	struct gp_operation *operation = sketch->operation;
	struct gp_call *call = &operation->call;

	switch (operation->act) {
	case GP_ACT_LIST:
		if (call->path == NULL)
			draw_new_list(sketch);
		break;
	case GP_ACT_CREATE:
		call->method = "POST";
		call->path = list_path(sketch);
		draw_body(sketch, true);
		break;
	case GP_ACT_UPDATE:
		call->method = operation->api != &gp_apis[GP_API_D] && draw_percent(sketch, 50)
				   ? "PATCH"
				   : "PUT";
		call->path = task_path(sketch);
		draw_body(sketch, false);
		break;
	case GP_ACT_TOGGLE: draw_toggle(sketch); break;
	case GP_ACT_DELETE:
		call->method = "DELETE";
		call->path = task_path(sketch);
		break;
	case GP_ACT_READ: call->path = task_path(sketch); break;
	case GP_ACT_PROFILE: call->path = "/api/v1/me/profile"; break;
	default: draw_no_method(sketch);
	}
}

/* --- all of it --- */

void
gp_sketch_draw(struct gp_sketch *sketch)
{
	struct gp_operation *operation = sketch->operation;

	draw_act(sketch);
	if (operation->act == GP_ACT_LIST)
		draw_list(sketch);
	draw_credential(sketch);
	if (operation->call.path == NULL)
		draw_path_user(sketch);
	if (operation->act >= GP_ACT_READ && operation->act <= GP_ACT_DELETE)
		draw_task(sketch);
	draw_request(sketch);
	if (operation->act == GP_ACT_READ && draw_percent(sketch, 25))
		draw_if_none_match(sketch);
	if (operation->act >= GP_ACT_UPDATE && operation->act <= GP_ACT_DELETE &&
	    draw_percent(sketch, 25))
		draw_if_match(sketch);
	if (operation->call.method == NULL && draw_percent(sketch, 8))
		operation->call.method = "HEAD";
}
