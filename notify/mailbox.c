/* SPDX-License-Identifier: Apache-2.0 */
/* A list behind a mutex. */
#include "mailbox.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <time.h>

struct gp_mailbox {
	pthread_mutex_t lock;
	pthread_cond_t filled;
	struct gp_letter *first, *last;
	void (*ring)(void *context);
	void *context;
};

/* A condition that waits by the clock that nobody sets. */
static bool
open_condition(pthread_cond_t *condition)
{
	pthread_condattr_t attributes;
	bool opened;

	if (pthread_condattr_init(&attributes) != 0)
		return false;
	opened = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
		 pthread_cond_init(condition, &attributes) == 0;
	pthread_condattr_destroy(&attributes);
	return opened;
}

struct gp_mailbox *
gp_mailbox_new(void (*ring)(void *context), void *context)
{
	struct gp_mailbox *mailbox = calloc(1, sizeof(*mailbox));

	if (mailbox == NULL)
		return NULL;
	mailbox->ring = ring;
	mailbox->context = context;
	if (pthread_mutex_init(&mailbox->lock, NULL) != 0) {
		free(mailbox);
		return NULL;
	}
	if (!open_condition(&mailbox->filled)) {
		pthread_mutex_destroy(&mailbox->lock);
		free(mailbox);
		return NULL;
	}
	return mailbox;
}

void
gp_mailbox_free(struct gp_mailbox *mailbox)
{
	if (mailbox == NULL)
		return;
	pthread_cond_destroy(&mailbox->filled);
	pthread_mutex_destroy(&mailbox->lock);
	free(mailbox);
}

void
gp_mailbox_put(struct gp_mailbox *mailbox, struct gp_letter *letter)
{
	letter->next = NULL;
	pthread_mutex_lock(&mailbox->lock);
	if (mailbox->last != NULL)
		mailbox->last->next = letter;
	else
		mailbox->first = letter;
	mailbox->last = letter;
	pthread_cond_signal(&mailbox->filled);
	pthread_mutex_unlock(&mailbox->lock);
	if (mailbox->ring != NULL)
		mailbox->ring(mailbox->context);
}

static struct timespec
moment_in(int64_t milliseconds)
{
	struct timespec moment;

	clock_gettime(CLOCK_MONOTONIC, &moment);
	moment.tv_sec += (time_t)(milliseconds / 1000);
	moment.tv_nsec += (long)(milliseconds % 1000) * 1000000;
	if (moment.tv_nsec >= 1000000000) {
		moment.tv_sec++;
		moment.tv_nsec -= 1000000000;
	}
	return moment;
}

struct gp_letter *
gp_mailbox_take(struct gp_mailbox *mailbox, int64_t wait_ms)
{
	const struct timespec end = moment_in(wait_ms);
	struct gp_letter *letter;

	pthread_mutex_lock(&mailbox->lock);
	while (mailbox->first == NULL && wait_ms > 0 &&
	       pthread_cond_timedwait(&mailbox->filled, &mailbox->lock, &end) == 0)
		;
	letter = mailbox->first;
	if (letter != NULL) {
		mailbox->first = letter->next;
		if (mailbox->first == NULL)
			mailbox->last = NULL;
	}
	pthread_mutex_unlock(&mailbox->lock);
	return letter;
}
