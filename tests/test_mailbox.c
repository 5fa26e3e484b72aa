/* SPDX-License-Identifier: Apache-2.0 */
/* Order, waiting, and threads that write at the same time. */
#include "mailbox.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "clock.h"
#include "unit.h"

/* Long enough for a busy machine: a test that holds does not wait for it. */
enum { LONG_MS = 60000 };

static struct gp_mailbox *
new_mailbox(void (*ring)(void *), void *context)
{
	struct gp_mailbox *mailbox = gp_mailbox_new(ring, context);

	CU_ASSERT_PTR_NOT_NULL_FATAL(mailbox);
	return mailbox;
}

static void
is_empty_at_first(void)
{
	struct gp_mailbox *mailbox = new_mailbox(NULL, NULL);

	CU_ASSERT_PTR_NULL(gp_mailbox_take(mailbox, 0));
	CU_ASSERT_PTR_NULL(gp_mailbox_take(mailbox, 0));
	gp_mailbox_free(mailbox);
	gp_mailbox_free(NULL);
}

static void
keeps_the_order(void)
{
	struct gp_mailbox *mailbox = new_mailbox(NULL, NULL);
	struct gp_letter letters[5] = { { .next = &letters[1] } };

	for (size_t i = 0; i < GP_COUNT(letters); i++)
		gp_mailbox_put(mailbox, &letters[i]);
	for (size_t i = 0; i < GP_COUNT(letters); i++)
		CU_ASSERT_PTR_EQUAL(
		    gp_mailbox_take(mailbox, i % 2 == 0 ? 0 : LONG_MS), &letters[i]);
	CU_ASSERT_PTR_NULL(gp_mailbox_take(mailbox, 0));
	gp_mailbox_free(mailbox);
}

/* A letter that was taken may be sent again, and the last one leaves nothing behind. */
static void
can_be_emptied_and_filled_again(void)
{
	struct gp_mailbox *mailbox = new_mailbox(NULL, NULL);
	struct gp_letter one = { .kind = 1 }, other = { .kind = 2 };

	for (int i = 0; i < 3; i++) {
		gp_mailbox_put(mailbox, &one);
		CU_ASSERT_PTR_EQUAL(gp_mailbox_take(mailbox, 0), &one);
		gp_mailbox_put(mailbox, &other);
		gp_mailbox_put(mailbox, &one);
		CU_ASSERT_PTR_EQUAL(gp_mailbox_take(mailbox, 0), &other);
		gp_mailbox_put(mailbox, &other);
		CU_ASSERT_PTR_EQUAL(gp_mailbox_take(mailbox, 0), &one);
		CU_ASSERT_PTR_EQUAL(gp_mailbox_take(mailbox, 0), &other);
		CU_ASSERT_PTR_NULL(gp_mailbox_take(mailbox, 0));
	}
	CU_ASSERT_EQUAL(one.kind, 1);
	CU_ASSERT_EQUAL(other.kind, 2);
	gp_mailbox_free(mailbox);
}

static void
waits_as_long_as_it_is_told(void)
{
	static const int64_t waits_ms[] = { 1, 50, 1010 };
	struct gp_mailbox *mailbox = new_mailbox(NULL, NULL);

	for (size_t i = 0; i < GP_COUNT(waits_ms); i++) {
		int64_t began_ms = gp_clock_elapsed_ms(), waited_ms;

		CU_ASSERT_PTR_NULL(gp_mailbox_take(mailbox, waits_ms[i]));
		waited_ms = gp_clock_elapsed_ms() - began_ms;
		gp_test_row("%d ms, waited %d ms", (int)waits_ms[i], (int)waited_ms);
		/* Clocks of milliseconds may be one apart. */
		CU_ASSERT_TRUE(waited_ms >= waits_ms[i] - 1);
		CU_ASSERT_TRUE(waited_ms < waits_ms[i] + LONG_MS / 2);
	}
	gp_mailbox_free(mailbox);
}

/* --- ringing --- */

static void
count_up(void *context)
{
	atomic_fetch_add((atomic_int *)context, 1);
}

static void
rings_after_each_letter(void)
{
	atomic_int rings = 0;
	struct gp_mailbox *mailbox = new_mailbox(count_up, &rings);
	struct gp_letter letters[3];

	CU_ASSERT_EQUAL(atomic_load(&rings), 0);
	for (int i = 0; i < 3; i++) {
		gp_mailbox_put(mailbox, &letters[i]);
		CU_ASSERT_EQUAL(atomic_load(&rings), i + 1);
	}
	for (int i = 0; i < 3; i++)
		CU_ASSERT_PTR_EQUAL(gp_mailbox_take(mailbox, 0), &letters[i]);
	CU_ASSERT_EQUAL(atomic_load(&rings), 3);
	gp_mailbox_free(mailbox);
}

struct scene {
	struct gp_mailbox *mailbox;
	struct gp_letter *taken;
};

static void
take_at_once(void *context)
{
	struct scene *scene = context;

	scene->taken = gp_mailbox_take(scene->mailbox, 0);
}

/* Whoever is rung finds the letter, and the mailbox open. */
static void
rings_when_the_letter_is_there(void)
{
	struct scene scene = { .taken = NULL };
	struct gp_letter letter;

	scene.mailbox = new_mailbox(take_at_once, &scene);
	gp_mailbox_put(scene.mailbox, &letter);
	CU_ASSERT_PTR_EQUAL(scene.taken, &letter);
	gp_mailbox_free(scene.mailbox);
}

/* --- threads --- */

enum { SENDERS = 4, LETTERS_EACH = 5000 };

struct sender {
	pthread_t thread;
	struct gp_mailbox *mailbox;
	struct gp_letter letters[LETTERS_EACH];
};

static void *
send_all(void *context)
{
	struct sender *sender = context;

	for (size_t i = 0; i < LETTERS_EACH; i++)
		gp_mailbox_put(sender->mailbox, &sender->letters[i]);
	return NULL;
}

/* What one thread sends arrives in its order, whatever others send. */
static void
keeps_the_order_of_each_thread(void)
{
	struct gp_mailbox *mailbox = new_mailbox(NULL, NULL);
	struct sender *senders = calloc(SENDERS, sizeof(*senders));
	int next[SENDERS] = { 0 };

	CU_ASSERT_PTR_NOT_NULL_FATAL(senders);
	for (int i = 0; i < SENDERS; i++) {
		senders[i].mailbox = mailbox;
		for (int j = 0; j < LETTERS_EACH; j++)
			senders[i].letters[j].kind = i * LETTERS_EACH + j;
		CU_ASSERT_EQUAL_FATAL(
		    pthread_create(&senders[i].thread, NULL, send_all, &senders[i]), 0);
	}
	for (int i = 0; i < SENDERS * LETTERS_EACH; i++) {
		struct gp_letter *letter = gp_mailbox_take(mailbox, LONG_MS);
		int sender;

		CU_ASSERT_PTR_NOT_NULL_FATAL(letter);
		sender = letter->kind / LETTERS_EACH;
		if (letter->kind % LETTERS_EACH != next[sender]++)
			CU_FAIL_FATAL("a letter is missing, twice there or late");
	}
	for (int i = 0; i < SENDERS; i++)
		CU_ASSERT_EQUAL(pthread_join(senders[i].thread, NULL), 0);
	CU_ASSERT_PTR_NULL(gp_mailbox_take(mailbox, 0));
	free(senders);
	gp_mailbox_free(mailbox);
}

struct late_sender {
	struct gp_mailbox *mailbox;
	struct gp_letter letter;
};

static void *
send_late(void *context)
{
	struct late_sender *sender = context;
	const struct timespec pause = { .tv_nsec = 50000000 };

	nanosleep(&pause, NULL);
	gp_mailbox_put(sender->mailbox, &sender->letter);
	return NULL;
}

static void
wakes_who_waits(void)
{
	struct late_sender sender = { .mailbox = new_mailbox(NULL, NULL) };
	int64_t began_ms = gp_clock_elapsed_ms();
	pthread_t thread;

	CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, send_late, &sender), 0);
	CU_ASSERT_PTR_EQUAL(gp_mailbox_take(sender.mailbox, LONG_MS), &sender.letter);
	CU_ASSERT_TRUE(gp_clock_elapsed_ms() - began_ms < LONG_MS / 2);
	CU_ASSERT_EQUAL(pthread_join(thread, NULL), 0);
	gp_mailbox_free(sender.mailbox);
}

const struct gp_test gp_tests_mailbox[] = {
	GP_TEST(is_empty_at_first),
	GP_TEST(keeps_the_order),
	GP_TEST(can_be_emptied_and_filled_again),
	GP_TEST(waits_as_long_as_it_is_told),
	GP_TEST(rings_after_each_letter),
	GP_TEST(rings_when_the_letter_is_there),
	GP_TEST(keeps_the_order_of_each_thread),
	GP_TEST(wakes_who_waits),
	{ NULL, NULL },
};
