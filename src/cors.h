/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cross-origin requests: which pages' scripts may read our answers. Answers carry credentials, so
 * an origin is allowed by its exact name only.
 *
 * Source: the Fetch standard, section "HTTP extensions" (CORS protocol).
 */
#ifndef GP_CORS_H
#define GP_CORS_H

#include <stdbool.h>

#include "arena.h"
#include "origin_list.h"
#include "outcome.h"
#include "request.h"
#include "response.h"

/* Let the page that sent the request read the answer, if its origin is in the list. */
void gp_cors_allow(const struct gp_origin_list *origins, const struct gp_request *request,
    struct gp_response *response);

/* Whether a browser asks beforehand what a page may send; such a question has no credential. */
bool gp_cors_is_preflight(const struct gp_request *request);

/*
 * Answer that question, after gp_cors_allow(): any method and any field, to pages that may read.
 * Returns GP_OK or GP_BAD_ORIGIN.
 */
GP_MUST_USE enum gp_outcome gp_cors_preflight(
    const struct gp_request *request, struct gp_response *response);

#endif
