/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one path of all requests: match the route, verify and authorize, handle, answer, log.
 */
#ifndef GP_SERVE_H
#define GP_SERVE_H

#include <stdint.h>

#include "arena.h"
#include "authorize.h"
#include "buffer.h"
#include "database.h"
#include "event_log.h"
#include "json.h"
#include "metrics.h"
#include "rate_limit.h"
#include "request.h"
#include "route.h"
#include "settings.h"

/* What a program serves with. All members are borrowed. */
struct gp_service {
	const struct gp_route *routes;
	const struct gp_settings *settings;
	struct gp_authority *authority;
	struct gp_database *database;
	struct gp_database *auth_database; /* of Better Auth's tables; NULL: the same */
	struct gp_json_reader *reader;
	struct gp_arena *arena; /* request-lived memory; the caller resets it after the answer */
	const struct gp_log *log;
	struct gp_metrics *metrics;    /* what /metrics tells */
	struct gp_rate_limit *limiter; /* NULL: no limit */
	const char *request_id;        /* used where the client sent none that is fit for a log */
};

/*
 * Serve one request. Always answers: whatever goes wrong becomes a status and a line in the log.
 *
 *   now_ms        current time, milliseconds since the epoch (UTC)
 *   text          empty, in the service's arena; receives the whole answer. Incomplete only when
 *                 memory ran out.
 *   observation   filled with what became of it, but for its duration
 */
void gp_serve(const struct gp_service *service, struct gp_request *request, int64_t now_ms,
    struct gp_buffer *text, struct gp_observation *observation);

#endif
