/* SPDX-License-Identifier: Apache-2.0 */
/* Who the caller is, as their credential or the database says. */
#ifndef GP_PROFILE_H
#define GP_PROFILE_H

#include "route.h"

extern const struct gp_operation gp_profile_show;

#endif
