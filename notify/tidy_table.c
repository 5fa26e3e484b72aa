/* SPDX-License-Identifier: Apache-2.0 */
/* The same size again, without marks. */
#include "tidy_table.h"

/* One place of so many may be a mark, so that this costs each entry that is taken out little. */
enum { PLACES_PER_MARK = 4 };

void
gp_table_tidy(struct lh_table *table, size_t *removed)
{
	if (*removed < (size_t)table->size / PLACES_PER_MARK)
		return;
	/* Without memory it only stays slow; the next one to be taken out tries again. */
	if (lh_table_resize(table, table->size) == 0)
		*removed = 0;
}
