/* SPDX-License-Identifier: Apache-2.0 */
/* Knows the forms of a task, and how to recognize whose something is. */
#include "random_model.h"

#include <json-c/json.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../http/instance.h"
#include "../http/kept.h"
#include "../http/token.h"

/* Ids as other sign-in systems have them; each is behind a marker. None has a slash. */
static const char *const id_tails[GP_PLAYERS] = { "", "", "@example.com", " with spaces", "+plus",
	"-\xc3\xa9", "-\xf0\x9f\x98\x80", "'quote", "\"double", "%41", ";a=b", "&c=d", "?e", "#f",
	"\\back", "-\xe6\x97\xa5\xe6\x9c\xac", "|auth0", ":colon,comma", "--", "..", "", "$1",
	"-\xd7\xa9", "" };

/* Two who act have only a token: their user's row is in some other database. */
static bool
has_row(size_t index)
{
	return index != 3 && index != 18;
}

/* A plus is no space in a path, and clients leave it as it is. */
static const char *
path_id_of(const struct gp_player *player)
{
	return strchr(player->id, '+') != NULL ? player->id : gp_path_encoded(player->id);
}

/* As long as the shortest maximum of any API, half an hour. */
static const char *
token_of(const struct gp_player *player)
{
	struct json_object *claims = json_object_new_object();
	int64_t now_s = (int64_t)time(NULL);
	const char *token;

	json_object_object_add(claims, "sub", json_object_new_string(player->id));
	json_object_object_add(claims, "email", json_object_new_string(player->email));
	json_object_object_add(claims, "name", json_object_new_string(player->name));
	json_object_object_add(claims, "iat", json_object_new_int64(now_s));
	json_object_object_add(claims, "exp", json_object_new_int64(now_s + 1800));
	token =
	    gp_token_make(&(struct gp_token_order){ .claims = json_object_to_json_string(claims) });
	json_object_put(claims);
	return token;
}

static void
init_player(struct gp_player *player, const char *nonce, size_t index)
{
	player->index = index;
	player->marker = gp_kept_text("%s%02zu", nonce, index);
	player->id = gp_kept_text("%s%s", player->marker, id_tails[index]);
	player->path_id = path_id_of(player);
	player->email = gp_kept_text("%s@example.com", player->marker);
	player->name = gp_kept_text("Player %s", player->marker);
	player->token = token_of(player);
	player->has_row = has_row(index);
}

void
gp_model_init(struct gp_model *model)
{
	model->nonce = gp_kept_text("m%.12s", gp_instance_new_user() + strlen("user-"));
	for (size_t i = 0; i < GP_PLAYERS; i++)
		init_player(&model->players[i], model->nonce, i);
}

static bool
is_in(const struct gp_item *item, const struct gp_page *page)
{
	return !item->is_gone && (!page->has_completed || item->completed == page->completed);
}

struct gp_list
gp_model_list(const struct gp_player *player, const struct gp_page *page)
{
	struct gp_list list = { .items =
				    gp_kept((player->item_count + 1) * sizeof(list.items[0])) };

	for (size_t i = player->item_count; i-- > 0;) {
		if (!is_in(player->items[i], page))
			continue;
		if (list.matching >= page->offset && list.count < page->limit)
			list.items[list.count++] = player->items[i];
		list.matching++;
	}
	return list;
}

struct gp_item *
gp_model_add(struct gp_player *player)
{
	struct gp_item *item = gp_kept(sizeof(*item));

	player->items[player->item_count++] = item;
	return item;
}

static struct json_object *
text_or_null(const char *text)
{
	return text != NULL ? json_object_new_string(text) : NULL;
}

/* The value of a member of this name. */
static struct json_object *
member(const struct gp_player *player, const struct gp_item *item, const struct gp_api *api,
    const char *name)
{
	if (strcmp(name, "id") == 0 && api == &gp_apis[GP_API_A])
		return text_or_null(item->uuid);
	if (strcmp(name, "id") == 0)
		return json_object_new_int64(strtoll(item->id, NULL, 10));
	if (strcmp(name, "user_id") == 0)
		return text_or_null(player->id);
	if (strcmp(name, api->title) == 0)
		return text_or_null(item->title);
	if (strcmp(name, "description") == 0)
		return text_or_null(item->description);
	if (strcmp(name, "completed") == 0)
		return json_object_new_boolean(item->completed);
	return text_or_null(strcmp(name, "created_at") == 0 ? item->created_at : item->updated_at);
}

struct json_object *
gp_model_show(const struct gp_player *player, const struct gp_item *item, const struct gp_api *api)
{
	struct json_object *task = json_object_new_object();

	for (const char *name = api->members; *name != '\0'; name += strspn(name, " ")) {
		size_t length = strcspn(name, " ");
		const char *one = gp_kept_bytes(name, length);

		json_object_object_add(task, one, member(player, item, api, one));
		name += length;
	}
	return task;
}

const char *
gp_model_tag(const struct gp_item *item, const struct gp_api *api)
{
	for (const struct gp_tag *tag = item->tags; tag != NULL; tag = tag->next) {
		if (tag->api == api && strcmp(tag->updated_at, item->updated_at) == 0)
			return tag->text;
	}
	return NULL;
}

const char *
gp_model_stale_tag(const struct gp_item *item)
{
	for (const struct gp_tag *tag = item->tags; tag != NULL; tag = tag->next) {
		if (strcmp(tag->updated_at, item->updated_at) != 0)
			return tag->text;
	}
	return NULL;
}

bool
gp_model_take_tag(struct gp_item *item, const struct gp_api *api, const char *text)
{
	struct gp_tag *tag;

	for (tag = item->tags; tag != NULL; tag = tag->next) {
		bool is_same = strcmp(tag->text, text) == 0;
		bool is_now = strcmp(tag->updated_at, item->updated_at) == 0;

		if (is_now ? tag->api == api && !is_same : is_same)
			return false;
	}
	tag = gp_kept(sizeof(*tag));
	*tag = (struct gp_tag){
		.next = item->tags, .api = api, .updated_at = item->updated_at, .text = text
	};
	item->tags = tag;
	return true;
}

static bool
has_item(const struct gp_player *player, const char *name, size_t length)
{
	for (size_t i = 0; i < player->item_count; i++) {
		const struct gp_item *item = player->items[i];

		if (item->id == NULL)
			continue;
		if ((strlen(item->id) == length && memcmp(item->id, name, length) == 0) ||
		    (strlen(item->uuid) == length && memcmp(item->uuid, name, length) == 0))
			return true;
	}
	return false;
}

/* Whose marker begins here. */
static const struct gp_player *
marked(const struct gp_model *model, const char *text)
{
	for (size_t i = 0; i < GP_PLAYERS; i++) {
		const char *marker = model->players[i].marker;

		if (strncmp(text, marker, strlen(marker)) == 0)
			return &model->players[i];
	}
	return NULL;
}

/*
 * Whose task has this name: short numbers, of which any answer is full, do not count. The ids of a
 * run begin high for that reason.
 */
static const struct gp_player *
named(const struct gp_model *model, const struct gp_player *first, const char *name, size_t length)
{
	enum { NUMBER_LENGTH_MIN = 12 };

	if (length < NUMBER_LENGTH_MIN || has_item(first, name, length))
		return NULL;
	for (size_t i = 0; i < GP_PLAYERS; i++) {
		if (has_item(&model->players[i], name, length))
			return &model->players[i];
	}
	return NULL;
}

const struct gp_player *
gp_model_stranger(const struct gp_model *model, const struct gp_player *player, const char *text)
{
	static const char name_characters[] = "0123456789abcdef-";
	const struct gp_player *whose = NULL;

	for (const char *c = strstr(text, model->nonce); c != NULL;
	     c = strstr(c + 1, model->nonce)) {
		whose = marked(model, c);
		if (whose != NULL && whose != player)
			return whose;
	}
	for (const char *c = text + strcspn(text, name_characters); *c != '\0';) {
		size_t length = strspn(c, name_characters);

		whose = named(model, player, c, length);
		if (whose != NULL && whose != player)
			return whose;
		c += length;
		c += strcspn(c, name_characters);
	}
	return NULL;
}
