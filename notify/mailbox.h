/* SPDX-License-Identifier: Apache-2.0 */
/* Letters from one thread to another, in their order. What crosses between threads goes this way.
 */
#ifndef GP_MAILBOX_H
#define GP_MAILBOX_H

#include <stdint.h>

#include "attributes.h"

/* The first member of what is sent. Whoever takes a letter owns it. */
struct gp_letter {
	struct gp_letter *next; /* of the mailbox */
	int kind;               /* for the two who write to one another */
};

struct gp_mailbox;

/*
 * An empty mailbox.
 *
 *   ring   called with `context`, in the sender's thread, after each letter; NULL where the
 *          receiver waits in gp_mailbox_take()
 *
 * Owned by the caller; NULL without memory.
 */
GP_MUST_USE struct gp_mailbox *gp_mailbox_new(void (*ring)(void *context), void *context);

/* Release; what is in it must have been taken. NULL is fine. */
void gp_mailbox_free(struct gp_mailbox *mailbox);

void gp_mailbox_put(struct gp_mailbox *mailbox, struct gp_letter *letter);

/*
 * The oldest letter; NULL when there is none, after waiting for one.
 *
 *   wait_ms   longest wait in milliseconds; 0 for none
 */
GP_MUST_USE struct gp_letter *gp_mailbox_take(struct gp_mailbox *mailbox, int64_t wait_ms);

#endif
