/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was served, counted by all workers in memory that they share, and written in the text format
 * of Prometheus. Nothing in it names a caller.
 */
#ifndef GP_METRICS_H
#define GP_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "outcome.h"
#include "route.h"

/* Rows of a table of routes that are told apart; further ones count as none. */
#define GP_METRICS_ROUTES_MAX 64

/*
 * Lives in memory that its user provides: gp_metrics_size() bytes, aligned to 64, zero before their
 * first use. A pointer to such memory is a pointer to it.
 */
struct gp_metrics;

/* What became of one request. */
struct gp_observation {
	int route;  /* index of its row, for HEAD that of GET; -1 when none matched */
	int status; /* of the answer, 200 */
	enum gp_outcome outcome;
	int64_t duration_ns; /* from the request's arrival to its answer */
	unsigned database_round_trips;
	unsigned database_errors;
	bool authorized; /* an Authorization field arrived, whatever it was worth */
};

/* Bytes of memory that the counters need, a multiple of 64. */
size_t gp_metrics_size(void);

/*
 * A fingerprint of what the counters mean: the version of the program, the table of routes and our
 * own tables. With another one the memory must be new.
 *
 *   routes   ends with a row whose pattern is NULL
 */
uint64_t gp_metrics_layout(const struct gp_route *routes);

/* Count one request; lock-free, and without effect on what other workers count. */
void gp_metrics_count(struct gp_metrics *metrics, const struct gp_observation *observation);

/*
 * Whether no request so far had an Authorization field and none was refused for having none: true
 * for the first that is. A web server that drops the field looks like this, and so do clients that
 * have not signed in yet.
 */
GP_MUST_USE bool gp_metrics_await_authorization(const struct gp_metrics *metrics);

/*
 * Append all counters in the text format 0.0.4. Requests and refusals that have not occurred are
 * left out.
 *
 *   routes   the table whose indices were counted; ends with a row whose pattern is NULL
 *
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
void gp_metrics_write(
    const struct gp_metrics *metrics, const struct gp_route *routes, struct gp_buffer *text);

/*
 * Append one metric of a program's own.
 *
 *   type    "counter" or "gauge"
 *   help    a sentence without line breaks and backslashes
 */
void gp_metrics_write_one(
    struct gp_buffer *text, const char *name, const char *type, const char *help, uint64_t value);

#endif
