/* SPDX-License-Identifier: Apache-2.0 */
/* Compares a path with each pattern, segment by segment. */
#include "route.h"

#include <stdbool.h>
#include <string.h>

static const struct {
	enum gp_method method;
	const char *name;
} methods[] = {
	{ GP_GET, "GET" },
	{ GP_HEAD, "HEAD" },
	{ GP_POST, "POST" },
	{ GP_PUT, "PUT" },
	{ GP_PATCH, "PATCH" },
	{ GP_DELETE, "DELETE" },
	{ GP_OPTIONS, "OPTIONS" },
};

enum gp_method
gp_method_of(const char *name)
{
	for (size_t i = 0; i < GP_COUNT(methods); i++) {
		if (strcmp(methods[i].name, name) == 0)
			return methods[i].method;
	}
	return GP_METHOD_OTHER;
}

void
gp_methods_text(unsigned set, char text[64])
{
	text[0] = '\0';
	for (size_t i = 0; i < GP_COUNT(methods); i++) {
		if ((set & methods[i].method) == 0)
			continue;
		if (text[0] != '\0')
			strcat(text, ", ");
		strcat(text, methods[i].name);
	}
}

static bool
fits(const char *pattern, const char *path, struct gp_path_value *values)
{
	size_t count = 0;

	while (*pattern == '/' && *path == '/') {
		size_t wanted, given;

		pattern++;
		path++;
		/* Most rows differ here already. */
		if (*pattern != '{' && *pattern != *path && *path != '/')
			return false;
		wanted = strcspn(pattern, "/");
		given = strcspn(path, "/");
		if (*pattern == '{') {
			if (given == 0 || count == GP_PATH_VALUES_MAX)
				return false;
			values[count++] =
			    (struct gp_path_value){ pattern + 1, wanted - 2, path, given };
		} else if (wanted != given || memcmp(pattern, path, given) != 0) {
			return false;
		}
		pattern += wanted;
		path += given;
	}
	return *pattern == '\0' && (*path == '\0' || strcmp(path, "/") == 0);
}

enum gp_outcome
gp_route_find(
    const struct gp_route *routes, enum gp_method method, const char *path, struct gp_match *match)
{
	enum gp_method served = method == GP_HEAD ? GP_GET : method;
	const char *pattern = NULL; /* the path's: that of the first row that fits */

	*match = (struct gp_match){ .route = NULL };
	for (const struct gp_route *route = routes; route->pattern != NULL; route++) {
		struct gp_path_value values[GP_PATH_VALUES_MAX] = { { .name = NULL } };

		if (!fits(route->pattern, path, values) ||
		    (pattern != NULL && strcmp(pattern, route->pattern) != 0))
			continue;
		pattern = route->pattern;
		match->allowed |= route->method | GP_OPTIONS;
		if (route->method == GP_GET)
			match->allowed |= GP_HEAD;
		if (route->method == served && match->route == NULL) {
			match->route = route;
			memcpy(match->values, values, sizeof(values));
		}
	}
	if (match->route != NULL)
		return GP_OK;
	return match->allowed != 0 ? GP_BAD_METHOD : GP_BAD_ROUTE;
}

const struct gp_path_value *
gp_match_value(const struct gp_match *match, const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < GP_PATH_VALUES_MAX && match->values[i].name != NULL; i++) {
		if (match->values[i].name_length == length &&
		    memcmp(match->values[i].name, name, length) == 0)
			return &match->values[i];
	}
	return NULL;
}
