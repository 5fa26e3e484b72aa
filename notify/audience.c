/* SPDX-License-Identifier: Apache-2.0 */
/* json-c's hash table behind a mutex. */
#include "audience.h"

#include <json-c/linkhash.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "tidy_table.h"

enum { SIZE_AT_FIRST = 64 };

struct gp_audience {
	pthread_mutex_t lock;
	struct lh_table *users; /* keys alone, which it owns */
	size_t removed;         /* since it was tidied */
};

static void
free_key(struct lh_entry *entry)
{
	free(lh_entry_k(entry));
}

struct gp_audience *
gp_audience_new(void)
{
	struct gp_audience *audience = calloc(1, sizeof(*audience));

	if (audience == NULL)
		return NULL;
	audience->users = lh_kchar_table_new(SIZE_AT_FIRST, free_key);
	if (audience->users == NULL || pthread_mutex_init(&audience->lock, NULL) != 0) {
		if (audience->users != NULL)
			lh_table_free(audience->users);
		free(audience);
		return NULL;
	}
	return audience;
}

void
gp_audience_free(struct gp_audience *audience)
{
	if (audience == NULL)
		return;
	lh_table_free(audience->users);
	pthread_mutex_destroy(&audience->lock);
	free(audience);
}

bool
gp_audience_add(struct gp_audience *audience, const char *user_id)
{
	char *key = strdup(user_id);
	bool added;

	if (key == NULL)
		return false;
	pthread_mutex_lock(&audience->lock);
	added = lh_table_insert(audience->users, key, NULL) == 0;
	pthread_mutex_unlock(&audience->lock);
	if (!added)
		free(key);
	return added;
}

void
gp_audience_remove(struct gp_audience *audience, const char *user_id)
{
	pthread_mutex_lock(&audience->lock);
	if (lh_table_delete(audience->users, user_id) == 0)
		audience->removed++;
	gp_table_tidy(audience->users, &audience->removed);
	pthread_mutex_unlock(&audience->lock);
}

bool
gp_audience_has(struct gp_audience *audience, const char *user_id)
{
	bool found;

	pthread_mutex_lock(&audience->lock);
	found = lh_table_lookup_entry(audience->users, user_id) != NULL;
	pthread_mutex_unlock(&audience->lock);
	return found;
}
