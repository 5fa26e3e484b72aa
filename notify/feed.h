/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The thread that hears of changes: it listens to the database, moves what writers have noted where
 * no other daemon does (sql/005_changes.sql), and makes messages of it for those who are connected.
 */
#ifndef GP_FEED_H
#define GP_FEED_H

#include <stdbool.h>

#include "audience.h"
#include "database.h"
#include "event_log.h"
#include "mailbox.h"
#include "messages.h"

struct gp_feed;

/*
 * Start to listen. Signals must be blocked in the caller, and stay so in there.
 *
 *   url, manner   of the database where the tasks are; copied
 *   log           copied
 *   audience      whose changes to tell
 *   news          where messages go; those of a user in the order in which changes were committed
 *
 * Owned by the caller; NULL when there can be no thread. The last three are borrowed and must
 * outlive the feed.
 */
GP_MUST_USE struct gp_feed *gp_feed_open(const char *url, const struct gp_database_manner *manner,
    const struct gp_log *log, struct gp_audience *audience, struct gp_mailbox *news,
    struct gp_pulse *pulse);

/* Have it listen to that database in that manner, if it does not yet. False when it cannot. */
bool gp_feed_redirect(
    struct gp_feed *feed, const char *url, const struct gp_database_manner *manner);

/* End the thread and release. NULL is fine. */
void gp_feed_close(struct gp_feed *feed);

#endif
