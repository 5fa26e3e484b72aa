/* SPDX-License-Identifier: Apache-2.0 */
/* Knows which request leads to which status. */
#include "kinds.h"

#include <string.h>

#include "api.h"
#include "kept.h"
#include "people.h"
#include "user.h"

/* Larger than any body may be. */
enum { TOO_LARGE = 1024 * 1024 + 1 };

size_t
gp_kinds(struct gp_kind kinds[GP_KINDS_MAX])
{
	static const char new_task[] = "{\"title\":\"a\",\"text\":\"a\"}";
	const struct gp_api *b = &gp_apis[GP_API_B], *d = &gp_apis[GP_API_D];
	struct gp_user user = gp_person_new(), other = gp_person_new();
	const char *list = gp_api_list(d, user.id), *token = user.token;
	const char *mine = gp_api_single(d, user.id, gp_api_adds(d, &user, "a"));
	const char *foreign = gp_api_single(d, user.id, gp_api_adds(d, &other, "a"));
	const char *theirs = gp_api_list(d, other.id);
	const char *todo = gp_api_single(b, user.id, gp_api_adds(b, &user, "a"));
	const struct gp_kind all[] = {
		{ { .path = "/healthz" }, 200 },
		{ { .path = "/readyz" }, 200 },
		{ { .path = "/openapi.json" }, 200 },
		{ { .path = "/tasks", .token = token }, 200 },
		{ { .path = "/api/v1/todos", .token = token }, 200 },
		{ { .path = "/api/v1/me/profile", .token = token }, 200 },
		{ { .path = list, .token = token }, 200 },
		{ { .path = gp_kept_text("%s?limit=1", list), .token = token }, 200 },
		{ { .method = "HEAD", .path = list, .token = token }, 200 },
		{ { .method = "POST", .path = "/tasks", .token = token, .body = new_task }, 201 },
		{ { .method = "POST", .path = list, .token = token, .body = new_task }, 200 },
		{ { .method = "PUT", .path = mine, .token = token, .body = "{}" }, 200 },
		{ { .method = "DELETE", .path = todo, .token = token }, 204 },
		{ { .method = "OPTIONS", .path = list }, 204 },
		{ { .path = mine, .token = token, .fields = { "If-None-Match: *" } }, 304 },
		{ { .path = list }, 401 },
		{ { .path = "/api/v1/todos", .token = "a.b.c" }, 401 },
		{ { .method = "POST", .path = "/tasks", .body = "{" }, 401 },
		{ { .path = theirs, .token = token }, 403 },
		{ { .path = foreign, .token = token }, 403 },
		{ { .path = "/nowhere" }, 404 },
		{ { .method = "OPTIONS", .path = "/nowhere" }, 404 },
		{ { .path = todo, .token = token }, 404 },
		{ { .method = "DELETE", .path = list, .token = token }, 405 },
		{ { .method = "PUT",
		      .path = mine,
		      .token = token,
		      .body = "{}",
		      .fields = { "If-Match: \"x\"" } },
		    412 },
		{ { .method = "POST",
		      .path = list,
		      .token = token,
		      .body = gp_kept_repeated(" ", TOO_LARGE) },
		    413 },
		{ { .method = "POST",
		      .path = list,
		      .token = token,
		      .body = "a",
		      .content_type = "text/plain" },
		    415 },
		{ { .path = gp_kept_text("%s?limit=0", list), .token = token }, 422 },
		{ { .method = "POST", .path = list, .token = token, .body = "{" }, 422 },
	};

	_Static_assert(sizeof(all) / sizeof(all[0]) <= GP_KINDS_MAX, "too many kinds");
	memcpy(kinds, all, sizeof(all));
	return sizeof(all) / sizeof(all[0]);
}
