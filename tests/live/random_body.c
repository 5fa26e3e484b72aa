/* SPDX-License-Identifier: Apache-2.0 */
/* Knows the names of members and parameters, and how faults are worded. */
#include "random_body.h"

#include <json-c/json.h>
#include <stdint.h>
#include <string.h>

#include "../http/kept.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* `pattern` with the name of the title for each `@`. */
static const char *
with_title_member(const char *pattern, const struct gp_api *api)
{
	const char *text = "";

	for (const char *at = strchr(pattern, '@'); at != NULL; at = strchr(pattern, '@')) {
		text = gp_kept_text("%s%.*s%s", text, (int)(at - pattern), pattern, api->title);
		pattern = at + 1;
	}
	return gp_kept_text("%s%s", text, pattern);
}

/* What people write; the marker in front makes it theirs. */
static const char *
draw_text(struct gp_draw *draw, const struct gp_player *author)
{
	static const char *const tails[] = { "", " milk", " it's", " \"twice\"", " \\ and /",
		" \xc3\xa9\xc3\xbc\xc3\x9f", " \xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e",
		" \xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9", " \xe2\x80\xae txt",
		" \xef\xbf\xbf", "\t\n\r\x01", " %s%n%00", " <b>&amp;</b>",
		" '; drop table gatepost.task; --", " $1 {} [] null", " ", "\xef\xbb\xbf" };

	size_t number = gp_draw_below(draw, 1000000);

	return gp_kept_text(
	    "%s %zu%s", author->marker, number, tails[gp_draw_below(draw, COUNT(tails))]);
}

static const char *
as_json(const char *text)
{
	struct json_object *string = json_object_new_string(text);
	const char *json = gp_kept_text(
	    "%s", json_object_to_json_string_ext(string, JSON_C_TO_STRING_NOSLASHESCAPE));

	json_object_put(string);
	return json;
}

static const char *
draw_description(struct gp_draw *draw, const struct gp_player *author)
{
	switch (gp_draw_below(draw, 4)) {
	case 0: return NULL;
	case 1: return "";
	default: return draw_text(draw, author);
	}
}

/* A member that no API knows, or that is not for the client to say. */
static const char *
draw_claim(struct gp_draw *draw, const struct gp_player *stranger)
{
	switch (gp_draw_below(draw, 4)) {
	case 0: return gp_kept_text("\"user_id\":%s", as_json(stranger->id));
	case 1: return "\"id\":4000000000000001,\"uuid\":null,\"version\":1";
	case 2: return "\"created_at\":\"2000-01-01T00:00:00Z\",\"updated_at\":5";
	default: return "\"tags\":[{\"a\":[1.5e3]}],\"\":null";
	}
}

static const char *
join(const char *members, const char *member)
{
	return gp_kept_text("%s%s%s", members, members[0] != '\0' ? "," : "", member);
}

const char *
gp_body_draw(struct gp_draw *draw, const struct gp_api *api, bool is_new,
    const struct gp_player *author, const struct gp_player *stranger, struct gp_change *change)
{
	const char *members = "";

	*change = (struct gp_change){ .title = NULL };
	if (gp_draw_percent(draw, 40)) {
		change->gives_completed = true;
		change->completed = gp_draw_percent(draw, 50);
		members = gp_kept_text("\"completed\":%s", change->completed ? "true" : "false");
	}
	if (is_new || gp_draw_percent(draw, 60)) {
		change->title = draw_text(draw, author);
		members =
		    join(members, gp_kept_text("\"%s\":%s", api->title, as_json(change->title)));
	}
	if (gp_draw_percent(draw, 15))
		members = join(members, draw_claim(draw, stranger));
	if (gp_draw_percent(draw, 50)) {
		change->gives_description = true;
		change->description = draw_description(draw, author);
		members = join(members,
		    gp_kept_text("\"description\":%s",
			change->description != NULL ? as_json(change->description) : "null"));
	}
	return gp_kept_text("{%s}", members);
}

const char *
gp_body_draw_bad(struct gp_draw *draw, const struct gp_api *api, bool is_new, const char **faults)
{
	static const struct {
		const char *body, *faults;
	} rows[] = {
		/* this one is bad for a new task only */
		{ "{\"completed\":true}",
		    "{\"loc\":[\"body\",\"@\"],\"msg\":\"field required\",\"type\":\"value_error.missing\"}" },
		{ "",
		    "{\"loc\":[\"body\"],\"msg\":\"field required\",\"type\":\"value_error.missing\"}" },
		{ "[]",
		    "{\"loc\":[\"body\"],\"msg\":\"value is not a valid dict\",\"type\":\"type_error.dict\"}" },
		{ "{\"@\":null}",
		    "{\"loc\":[\"body\",\"@\"],\"msg\":\"none is not an allowed value\","
		    "\"type\":\"type_error.none.not_allowed\"}" },
		{ "{\"@\":\"\",\"description\":\"a\"}",
		    "{\"loc\":[\"body\",\"@\"],\"msg\":\"ensure this value has at least 1 characters\","
		    "\"type\":\"value_error.any_str.min_length\"}" },
		{ "{\"@\":7,\"completed\":\"maybe\",\"description\":true}",
		    "{\"loc\":[\"body\",\"@\"],\"msg\":\"str type expected\",\"type\":\"type_error.str\"},"
		    "{\"loc\":[\"body\",\"description\"],\"msg\":\"str type expected\",\"type\":\"type_error.str\"},"
		    "{\"loc\":[\"body\",\"completed\"],\"msg\":\"value could not be parsed to a boolean\","
		    "\"type\":\"type_error.bool\"}" },
	};
	size_t first = is_new ? 0 : 1;
	size_t row = first + gp_draw_below(draw, COUNT(rows) - first);

	*faults = with_title_member(rows[row].faults, api);
	return with_title_member(rows[row].body, api);
}

struct gp_page
gp_query_default(const struct gp_api *api)
{
	return (struct gp_page){ .limit = (size_t)api->limit };
}

/* Only one API can tell the completed from the others. */
static bool
has_filter(const struct gp_api *api)
{
	return api == &gp_apis[GP_API_D];
}

static const char *
query_fault(const char *name, const char *message, const char *type)
{
	return gp_kept_text(
	    "{\"loc\":[\"query\",\"%s\"],\"msg\":\"%s\",\"type\":\"%s\"}", name, message, type);
}

static const char *
not_integer(const char *name)
{
	return query_fault(name, "value is not a valid integer", "type_error.integer");
}

static const char *
too_small(const char *name, int least)
{
	return query_fault(name,
	    gp_kept_text("ensure this value is greater than or equal to %d", least),
	    "value_error.number.not_ge");
}

/* In the order in which the API declares them, whatever the order in the query. */
static const char *
draw_bad_query(struct gp_draw *draw, const struct gp_api *api, const char **faults)
{
	const char *too_great = query_fault("limit",
	    gp_kept_text("ensure this value is less than or equal to %d", api->limit_max),
	    "value_error.number.not_le");
	const char *no_bool =
	    query_fault("completed", "value could not be parsed to a boolean", "type_error.bool");
	const struct {
		const char *query, *faults;
	} rows[] = {
		{ "?limit=0", too_small("limit", 1) },
		{ gp_kept_text("?limit=%d", api->limit_max + 1), too_great },
		{ "?limit=9223372036854775807", too_great },
		{ "?limit=99999999999999999999999&x", too_great },
		{ "?offset=0&limit=ten", not_integer("limit") },
		{ "?limit=5&offset=-1", too_small("offset", 0) },
		{ "?offset=1.5", not_integer("offset") },
		{ "?offset=-5&limit=-5",
		    gp_kept_text("%s,%s", too_small("limit", 1), too_small("offset", 0)) },
		/* only where there is a filter */
		{ "?completed=maybe", no_bool },
		{ "?offset=x&limit=y&completed=z",
		    gp_kept_text(
			"%s,%s,%s", no_bool, not_integer("limit"), not_integer("offset")) },
	};
	size_t row = gp_draw_below(draw, has_filter(api) ? COUNT(rows) : COUNT(rows) - 2);

	*faults = rows[row].faults;
	return rows[row].query;
}

static const char *
draw_filter(struct gp_draw *draw, struct gp_page *page)
{
	static const char *const words[][2] = { { "false", "true" }, { "0", "1" }, { "no", "yes" },
		{ "f", "t" }, { "n", "y" }, { "off", "on" }, { "False", "TRUE" } };

	if (gp_draw_percent(draw, 5))
		return "&completed=";
	page->has_completed = true;
	page->completed = gp_draw_percent(draw, 50);
	return gp_kept_text(
	    "&completed=%s", words[gp_draw_below(draw, COUNT(words))][page->completed]);
}

static const char *
draw_limit(struct gp_draw *draw, const struct gp_api *api, size_t count, struct gp_page *page)
{
	size_t most = count + 3 < (size_t)api->limit_max ? count + 3 : (size_t)api->limit_max;

	page->limit = 1 + gp_draw_below(draw, most);
	switch (gp_draw_below(draw, 8)) {
	case 0: return gp_kept_text("&l%%69mit=%zu", page->limit);
	case 1: return gp_kept_text("&limit=ten&limit=%zu", page->limit);
	case 2: return gp_kept_text("&Limit=0&limit=%zu", page->limit);
	default: return gp_kept_text("&limit=%zu", page->limit);
	}
}

const char *
gp_query_draw(struct gp_draw *draw, const struct gp_api *api, size_t count, struct gp_page *page,
    const char **faults)
{
	const char *query = "";

	*page = gp_query_default(api);
	if (gp_draw_percent(draw, 6))
		return draw_bad_query(draw, api, faults);
	if (gp_draw_percent(draw, 10))
		query = "&x=1&user_id=somebody";
	if (has_filter(api) && gp_draw_percent(draw, 50))
		query = gp_kept_text("%s%s", query, draw_filter(draw, page));
	if (gp_draw_percent(draw, 50))
		query = gp_kept_text("%s%s", query, draw_limit(draw, api, count, page));
	if (gp_draw_percent(draw, 40)) {
		page->offset = gp_draw_below(draw, count + 3);
		query = gp_kept_text("%s&offset=%zu", query, page->offset);
	}
	return query[0] != '\0' ? gp_kept_text("?%s", query + 1) : query;
}
