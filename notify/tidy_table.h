/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json-c's hash tables mark the place of what is taken out, and whoever looks for something that is
 * not there goes past all marks. In a daemon that runs for weeks there would be nothing else.
 */
#ifndef GP_TIDY_TABLE_H
#define GP_TIDY_TABLE_H

#include <json-c/linkhash.h>
#include <stddef.h>

/*
 * Make a table without marks where they have become many. Its entries stay, in their order, but not
 * where they are in memory: not to be called while somebody goes through them.
 *
 *   removed   how many entries were taken out since the last time; the caller counts
 */
void gp_table_tidy(struct lh_table *table, size_t *removed);

#endif
