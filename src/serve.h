/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one path of all requests: match the route, verify and authorize, handle, answer, log.
 */
#ifndef GP_SERVE_H
#define GP_SERVE_H

#include <stdint.h>

#include "buffer.h"
#include "metrics.h"
#include "request.h"
#include "service.h"

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
