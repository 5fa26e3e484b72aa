/* SPDX-License-Identifier: Apache-2.0 */
/* The API at /tasks: UUIDs for ids, `text` for the title. */
#ifndef GP_DIALECT_A_H
#define GP_DIALECT_A_H

#include "dialect.h"

extern const struct gp_dialect gp_dialect_a;

#endif
