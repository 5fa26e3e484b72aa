/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows that the database has of a player, read as the owner of the tables and past gatepost,
 * and held against the model.
 */
#ifndef GP_TEST_RANDOM_ROWS_H
#define GP_TEST_RANDOM_ROWS_H

#include <stdbool.h>

#include "random_model.h"

/* Connect and disconnect. False after a line on standard error. */
bool gp_rows_open(void);
void gp_rows_close(void);

/*
 * That the database has the player's tasks, all of them, as the model has them, and no other.
 *
 *   written   was made or changed since the last time, NULL for none: what only the database knows
 *             of it, its id or its times, goes into the model
 *
 * Asserts, and says whether it holds.
 */
bool gp_rows_are_those_of(const struct gp_player *player, struct gp_item *written);

#endif
