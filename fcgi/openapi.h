/* SPDX-License-Identifier: Apache-2.0 */
/* The API's own description, OpenAPI 3.1, made from the table of routes and the forms of tasks. */
#ifndef GP_OPENAPI_H
#define GP_OPENAPI_H

#include "route.h"

extern const struct gp_operation gp_openapi_show;

#endif
