/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of routes: method and path pattern to handler, access and success status.
 */
#ifndef GP_ROUTE_H
#define GP_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "authorize.h"
#include "outcome.h"

/* Methods as bits, so that a set of them is a number. GP_METHOD_OTHER is any we do not serve. */
enum gp_method {
	GP_METHOD_OTHER = 0,
	GP_GET = 1,
	GP_HEAD = 2,
	GP_POST = 4,
	GP_PUT = 8,
	GP_PATCH = 16,
	GP_DELETE = 32,
	GP_OPTIONS = 64, /* served for every path by the path of all requests itself */
};

/* Most {names} in a pattern. */
#define GP_PATH_VALUES_MAX 2

struct gp_dialect;
struct gp_exchange;

/* Answers a request that has been matched and authorized; returns what became of it. */
typedef enum gp_outcome gp_handler(struct gp_exchange *exchange);

/* What an operation reads, as bits. */
enum gp_input {
	GP_INPUT_PAGE = 1,       /* which part of a list */
	GP_INPUT_TASK = 2,       /* a body with a whole task */
	GP_INPUT_CHANGES = 4,    /* a body with what is to change */
	GP_INPUT_CONDITION = 8,  /* If-Match: change it only in a version that the client knows */
	GP_INPUT_KNOWN_TAG = 16, /* If-None-Match: send it only if the client has another state */
};

/* What its answer holds. */
enum gp_output {
	GP_OUTPUT_STATUS,
	GP_OUTPUT_DOCUMENT,
	GP_OUTPUT_METRICS,
	GP_OUTPUT_PROFILE,
	GP_OUTPUT_TASKS,
	GP_OUTPUT_TASK,
	GP_OUTPUT_DELETED,
};

/* One deed, the same in every dialect that has it. */
struct gp_operation {
	gp_handler *handler;
	const char *summary;     /* in the API's document */
	const char *description; /* there, too: what more there is to know; NULL: nothing */
	unsigned input;
	enum gp_output output;
	bool in_clear; /* answered without TLS too, whatever REQUIRE_HTTPS says */
};

struct gp_route {
	enum gp_method method;
	const char *pattern; /* "/tasks/{task_id}"; a slash at the end of a path changes nothing. A
				{user_id} has to be the caller's */
	const struct gp_operation *operation;
	enum gp_access access;
	int status; /* of the answer when the handler returns GP_OK */
	const struct gp_dialect
	    *dialect; /* wording and policy; NULL: the table of outcomes alone */
};

/* What stands in a path where the pattern has a {name}. Both point into texts that outlive it. */
struct gp_path_value {
	const char *name; /* not NUL-terminated, as `text` */
	size_t name_length;
	const char *text;
	size_t length;
};

struct gp_match {
	const struct gp_route *route;
	struct gp_path_value values[GP_PATH_VALUES_MAX]; /* in the order of the pattern's names */
	unsigned allowed; /* methods this path has, as bits; filled for GP_BAD_METHOD too */
};

/* The method of this name (case-sensitive, RFC 9110 section 9.1). */
enum gp_method gp_method_of(const char *name);

/* The names of a set of methods as an Allow field lists them; `text` has room for 64 bytes. */
void gp_methods_text(unsigned methods, char text[64]);

/*
 * Find the route of a request. HEAD finds GET's. Where several patterns fit, the path has the
 * methods of the first one only, as in OpenAPI.
 *
 *   routes   ends with a row whose pattern is NULL
 *   path     decoded, NUL-terminated; the match points into it
 *
 * Returns GP_OK, GP_BAD_ROUTE when no pattern fits, GP_BAD_METHOD when only other methods fit.
 */
GP_MUST_USE enum gp_outcome gp_route_find(
    const struct gp_route *routes, enum gp_method method, const char *path, struct gp_match *match);

/* The value of this name; NULL where the pattern has no such name. */
const struct gp_path_value *gp_match_value(const struct gp_match *match, const char *name);

#endif
