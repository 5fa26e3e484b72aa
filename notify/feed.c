/* SPDX-License-Identifier: Apache-2.0 */
/* Listens, looks tasks up in batches, and makes messages. */
#include "feed.h"

#include <fcntl.h>
#include <inttypes.h>
#include <openssl/crypto.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "event_text.h"
#include "json_write.h"
#include "relay.h"

enum {
	BATCH_MAX = 200,        /* changes whose tasks are looked up at once */
	UNREAD_MAX = 8 << 20,   /* bytes that wait for the loop */
	UNREAD_PAUSE_MS = 5,    /* before looking whether it has taken some */
	RETRY_PAUSE_MS = 250,   /* while the database is not there */
	REFUSED_PAUSE_MS = 2000 /* while it refuses what we ask */
};

struct gp_feed {
	pthread_t thread;
	int wake[2]; /* a pipe: its end is the thread's */
	char *url;   /* of the database; this and the next are for whoever redirects */
	struct gp_database_manner manner;
	struct gp_database *database;
	struct gp_log log;
	struct gp_audience *audience;
	struct gp_mailbox *news;
	struct gp_pulse *pulse;
	struct gp_arena *arena; /* of a batch */
	struct gp_change batch[BATCH_MAX];
	size_t batch_count;
	uint64_t connection; /* on which we listen; 0: on none */
	bool is_new;         /* the connection, on which all we ask has still to be granted once */
	bool owes_resync;    /* something may have been missed, and nobody has been told yet */
	struct gp_relay relay;
	bool complained; /* of the database, in the log */
};

/* --- telling --- */

/* Send a message to a user, or to everybody. */
static void
tell(struct gp_feed *feed, const char *user_id, size_t user_length, const char *text, size_t length)
{
	struct gp_news *news = calloc(1, sizeof(*news));

	if (news == NULL)
		return;
	news->letter.kind = GP_LETTER_NEWS;
	news->note = gp_note_new(text, length);
	news->newest = atomic_load(&feed->pulse->accepted);
	if (user_id != NULL)
		news->user_id = strndup(user_id, user_length);
	if (news->note == NULL || (user_id != NULL && news->user_id == NULL)) {
		/* A change that cannot be told is missed: of all clients the next one is to know.
		 */
		gp_news_free(news);
		feed->connection = 0;
		return;
	}
	atomic_fetch_add(&feed->pulse->unread, length);
	gp_mailbox_put(feed->news, &news->letter);
}

/* Who comes after this has missed nothing. */
static void
tell_resync(struct gp_feed *feed)
{
	feed->owes_resync = false;
	atomic_fetch_add(&feed->pulse->resyncs, 1);
	tell(feed, NULL, 0, gp_event_resync, strlen(gp_event_resync));
}

static bool
is_of_user(const struct gp_rows *rows, int row, const struct gp_change *change)
{
	size_t length;
	const char *user_id = gp_rows_text(rows, row, 2, &length);

	return user_id != NULL && length == change->user_length &&
	       memcmp(user_id, change->user_id, length) == 0;
}

/*
 * The row of a change's task; less than 0 where it has none. The batch may hold the changes of whom
 * the task was before, which show nothing of whose it is now.
 */
static int
find_row(const struct gp_change *change, const struct gp_rows *rows)
{
	if (rows == NULL || change->kind == 'd')
		return -1;
	for (int row = 0; row < gp_rows_count(rows); row++) {
		if (gp_rows_int64(rows, row, 0) == change->id && is_of_user(rows, row, change))
			return row;
	}
	return -1;
}

static void
tell_batch(struct gp_feed *feed, const struct gp_rows *rows)
{
	for (size_t i = 0; i < feed->batch_count; i++) {
		const struct gp_change *change = &feed->batch[i];
		struct gp_buffer text;

		gp_buffer_init(&text, feed->arena);
		gp_event_write(&text, change, rows, find_row(change, rows));
		if (!gp_buffer_complete(&text) || (rows != NULL && !gp_rows_sound(rows))) {
			feed->connection = 0;
			return;
		}
		tell(feed, change->user_id, change->user_length, text.bytes, text.length);
	}
}

/* --- batches --- */

/* The tasks to look up, as task_states.sql wants them; false when there are none. */
static bool
write_wanted(const struct gp_feed *feed, struct gp_buffer *wanted)
{
	bool any = false;

	for (size_t i = 0; i < feed->batch_count; i++) {
		const struct gp_change *change = &feed->batch[i];

		if (change->kind == 'd')
			continue;
		gp_buffer_add_text(wanted, any ? ",[" : "[[");
		gp_json_write_string(wanted, change->user_id, change->user_length);
		gp_buffer_add_byte(wanted, ',');
		gp_buffer_add_integer(wanted, change->id);
		gp_buffer_add_byte(wanted, ']');
		any = true;
	}
	gp_buffer_add_text(wanted, "]");
	gp_buffer_add_byte(wanted, '\0');
	return any;
}

static enum gp_outcome
look_up(struct gp_feed *feed, const struct gp_rows **rows)
{
	const struct gp_identity nobody = { .kind = GP_AS_NOBODY };
	struct gp_buffer wanted;
	const char *parameters[1];

	*rows = NULL;
	gp_buffer_init(&wanted, feed->arena);
	if (!write_wanted(feed, &wanted))
		return GP_OK;
	if (!gp_buffer_complete(&wanted))
		return GP_ERR_MEMORY;
	parameters[0] = wanted.bytes;
	return gp_database_run(feed->database, &nobody, GP_QUERY_TASK_STATES, parameters, rows);
}

/* The loop gives clients time to read: what it has not taken yet is not to fill the memory. */
static void
wait_for_loop(struct gp_feed *feed)
{
	struct pollfd end = { .fd = feed->wake[0], .events = POLLIN };

	while (
	    atomic_load(&feed->pulse->unread) > UNREAD_MAX && poll(&end, 1, UNREAD_PAUSE_MS) == 0)
		;
}

/* Tell the changes that were collected, with their tasks as they stand now. */
static enum gp_outcome
flush(struct gp_feed *feed)
{
	const struct gp_rows *rows;
	enum gp_outcome outcome = GP_OK;

	if (feed->batch_count > 0) {
		wait_for_loop(feed);
		outcome = look_up(feed, &rows);
		if (outcome == GP_OK)
			tell_batch(feed, rows);
	}
	feed->batch_count = 0;
	gp_database_release(feed->database);
	gp_arena_reset(feed->arena);
	return outcome;
}

/*
 * One line of a notification, which ends with its user. A line that cannot be read is none of ours.
 * Of changes for nobody nothing is kept: there may be no end of them.
 */
static enum gp_outcome
collect(struct gp_feed *feed, const char *line)
{
	struct gp_change *change = &feed->batch[feed->batch_count];

	if (!gp_change_read(line, strlen(line), change) ||
	    !gp_audience_has(feed->audience, change->user_id))
		return GP_OK;
	change->user_id = gp_arena_copy(feed->arena, change->user_id, change->user_length);
	if (change->user_id == NULL)
		return GP_ERR_MEMORY;
	feed->batch_count++;
	return feed->batch_count == BATCH_MAX ? flush(feed) : GP_OK;
}

/* --- hearing --- */

/* A notification: a ring, the word that everybody is to read anew, or lines of changes. */
static enum gp_outcome
hear(struct gp_feed *feed, char *payload)
{
	enum gp_outcome outcome = GP_OK;
	char *rest;

	if (payload[0] == '\0') {
		gp_relay_ring(&feed->relay);
		return GP_OK;
	}
	if (strcmp(payload, "resync") == 0) {
		outcome = flush(feed);
		tell_resync(feed);
		return outcome;
	}
	for (char *line = strtok_r(payload, "\n", &rest); line != NULL && outcome == GP_OK;
	     line = strtok_r(NULL, "\n", &rest))
		outcome = collect(feed, line);
	return outcome;
}

/* All notifications that have arrived. Telling them reads more. */
static enum gp_outcome
hear_all(struct gp_feed *feed)
{
	enum gp_outcome outcome = GP_OK;
	const char *payload;

	while (outcome == GP_OK) {
		while (outcome == GP_OK &&
		       (payload = gp_database_notification(feed->database)) != NULL) {
			/* It is gone with the next one, and telling may read that. */
			char *copy = strdup(payload);

			outcome = copy != NULL ? hear(feed, copy) : GP_ERR_MEMORY;
			free(copy);
		}
		if (feed->batch_count == 0)
			break;
		if (outcome == GP_OK)
			outcome = flush(feed);
	}
	return outcome;
}

/* --- the connection --- */

static void
complain(struct gp_feed *feed, enum gp_outcome outcome)
{
	const struct gp_outcome_row *row = gp_outcome_row(outcome);
	const char *reason = gp_database_reason(feed->database);

	if (feed->complained)
		return;
	feed->complained = true;
	gp_log_event(&feed->log, GP_LOG_ERROR, "changes_not_heard",
	    (const struct gp_log_field[]){
		{ "rule", row->rule },
		{ "reason", reason[0] != '\0' ? reason : NULL },
		{ "remedy", outcome == GP_ERR_DATABASE_REFUSED
				? "run gatepost-migrate; NOTIFY_DATABASE_URL has to name the role "
				  "gatepost_notify, or the owner"
				: row->remedy },
	    },
	    3);
}

/* Listen where we do not yet. What was told before is not known: everybody reads anew. */
static enum gp_outcome
listen_again(struct gp_feed *feed)
{
	const struct gp_identity nobody = { .kind = GP_AS_NOBODY };
	const struct gp_rows *rows;
	enum gp_outcome outcome;

	if (feed->connection != 0 && feed->connection == gp_database_connections(feed->database))
		return GP_OK;
	/* One that was made anew while the relay took a turn may hold a lock already, and each
	 * counts as often as it was taken: with one too many of them the relay would never be rung
	 * for. */
	gp_database_hang_up(feed->database);
	/* Whoever comes in meanwhile is told to read anew, too: while settings are read again
	 * nobody is turned away. */
	atomic_store(&feed->pulse->relays, false);
	/* What was heard on the old one is part of what is read anew. */
	feed->batch_count = 0;
	gp_arena_reset(feed->arena);
	outcome = gp_database_run(feed->database, &nobody, GP_QUERY_CHANGE_LISTEN, NULL, &rows);
	if (outcome != GP_OK)
		return outcome;
	feed->connection = gp_database_connections(feed->database);
	gp_relay_reset(&feed->relay);
	feed->is_new = true;
	/* Once is enough, should we be elected now and tell all of it. */
	feed->owes_resync = true;
	return GP_OK;
}

/* The database grants all that we ask of it. */
static void
announce(struct gp_feed *feed)
{
	feed->is_new = false;
	feed->complained = false;
	atomic_store(&feed->pulse->listening, true);
	gp_log_event(&feed->log, GP_LOG_INFO, "changes_heard", NULL, 0);
}

/* What has come through the pipe: another database, or its end, with which the thread ends. */
static bool
is_ending(struct gp_feed *feed)
{
	struct gp_database *database;
	ssize_t got = read(feed->wake[0], &database, sizeof(database));

	if (got == (ssize_t)sizeof(database)) {
		gp_database_free(feed->database);
		feed->database = database;
		feed->connection = 0;
	}
	return got == 0;
}

static int64_t
time_until(int64_t due_ms)
{
	int64_t now_ms = gp_clock_elapsed_ms();

	return due_ms > now_ms ? due_ms - now_ms : 0;
}

static void *
run(void *context)
{
	struct gp_feed *feed = context;

	while (!is_ending(feed)) {
		enum gp_outcome outcome = listen_again(feed);
		int64_t wait_ms;

		if (outcome == GP_OK)
			outcome =
			    gp_relay_step(&feed->relay, feed->database, gp_clock_elapsed_ms());
		atomic_store(&feed->pulse->relays, feed->relay.is_elected);
		if (outcome == GP_OK)
			outcome = hear_all(feed);
		if (outcome == GP_OK && feed->is_new)
			announce(feed);
		if (outcome == GP_OK && feed->owes_resync)
			tell_resync(feed);
		wait_ms = time_until(feed->relay.due_ms);
		if (outcome != GP_OK) {
			atomic_store(&feed->pulse->listening, false);
			complain(feed, outcome);
			gp_database_hang_up(feed->database);
			wait_ms =
			    outcome == GP_ERR_DATABASE_REFUSED ? REFUSED_PAUSE_MS : RETRY_PAUSE_MS;
		} else if (feed->connection != gp_database_connections(feed->database)) {
			continue; /* made anew behind our back, or something was missed */
		}
		/* A connection that ends while nothing is due shows nowhere else. */
		if (!gp_database_wait(feed->database, feed->wake[0], wait_ms))
			feed->connection = 0;
	}
	return NULL;
}

/* --- its life --- */

static struct gp_database *
database_of(const char *url, const struct gp_database_manner *manner)
{
	struct gp_database_manner listening = *manner;

	listening.listens = true;
	listening.max_age_s = 0;
	return gp_database_new(url, &listening);
}

static void
release(struct gp_feed *feed)
{
	for (size_t i = 0; i < GP_COUNT(feed->wake); i++) {
		if (feed->wake[i] >= 0)
			close(feed->wake[i]);
	}
	gp_database_free(feed->database);
	gp_arena_free(feed->arena);
	if (feed->url != NULL)
		OPENSSL_cleanse(feed->url, strlen(feed->url));
	free(feed->url);
	free(feed);
}

/* A pipe that programs we start do not get, and of which we read only what is there. */
static bool
open_pipe(int ends[2])
{
	return pipe(ends) == 0 && fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0 &&
	       fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0 && fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0;
}

struct gp_feed *
gp_feed_open(const char *url, const struct gp_database_manner *manner, const struct gp_log *log,
    struct gp_audience *audience, struct gp_mailbox *news, struct gp_pulse *pulse)
{
	struct gp_feed *feed = calloc(1, sizeof(*feed));

	if (feed == NULL)
		return NULL;
	feed->wake[0] = feed->wake[1] = -1;
	feed->log = *log;
	feed->audience = audience;
	feed->news = news;
	feed->pulse = pulse;
	feed->arena = gp_arena_new();
	feed->database = database_of(url, manner);
	feed->url = strdup(url);
	feed->manner = *manner;
	if (feed->arena != NULL && feed->database != NULL && feed->url != NULL &&
	    open_pipe(feed->wake) && pthread_create(&feed->thread, NULL, run, feed) == 0)
		return feed;
	release(feed);
	return NULL;
}

bool
gp_feed_redirect(struct gp_feed *feed, const char *url, const struct gp_database_manner *manner)
{
	struct gp_database *database;
	char *copy;

	/* Everybody would be told to read anew. */
	if (strcmp(url, feed->url) == 0 && manner->timeout_s == feed->manner.timeout_s &&
	    manner->prepares == feed->manner.prepares)
		return true;
	database = database_of(url, manner);
	copy = strdup(url);
	if (database == NULL || copy == NULL ||
	    write(feed->wake[1], &database, sizeof(database)) != (ssize_t)sizeof(database)) {
		gp_database_free(database);
		free(copy);
		return false;
	}
	OPENSSL_cleanse(feed->url, strlen(feed->url));
	free(feed->url);
	feed->url = copy;
	feed->manner = *manner;
	return true;
}

void
gp_feed_close(struct gp_feed *feed)
{
	if (feed == NULL)
		return;
	close(feed->wake[1]);
	feed->wake[1] = -1;
	pthread_join(feed->thread, NULL);
	release(feed);
}
