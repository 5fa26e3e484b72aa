/* SPDX-License-Identifier: Apache-2.0 */
/* gatepost-notifyd: tells WebSockets of changes to their users' tasks. */
#include <ev.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "audience.h"
#include "clock.h"
#include "door.h"
#include "doorway.h"
#include "feed.h"
#include "handshake.h"
#include "listener.h"
#include "process.h"
#include "room.h"

extern char **environ;

enum {
	SLICE_BYTES = 24 * 1024, /* that are put into queues before sockets get their turn */
	SLICE_LETTERS = 64,
	PATIENCE_MS = 1000,       /* with the database, before clients are sent away instead */
	FAREWELL_MS = 6000,       /* for clients to take their leave when we go */
	OTHER_DESCRIPTORS = 2200, /* of guests in the doorway, the database and the rest */
	SIGNALS = 2,
};

static const double pause_s = 0.001; /* for clients to read */

struct daemon {
	struct ev_loop *loop;
	ev_async mail;  /* something is in the mailbox */
	ev_timer pause; /* before more is taken out of it */
	ev_timer clock;
	ev_signal signals[SIGNALS];
	struct gp_process *process;
	struct gp_pulse pulse;
	struct gp_audience *audience;
	struct gp_mailbox *letters; /* from the door */
	struct gp_mailbox *news;    /* from the feed */
	struct gp_door *door;
	struct gp_feed *feed;
	struct gp_room *room;
	struct gp_doorway *doorway;
	int listener;
	char path[108];       /* of its socket, which goes with us */
	int64_t began_ms;     /* monotonic */
	int64_t leaves_at_ms; /* monotonic; 0: stays */
	bool reloads;
	bool reloads_again; /* because another signal came meanwhile */
};

/* --- letters --- */

/* In a thread of any kind. */
static void
ring(void *context)
{
	struct daemon *daemon = context;

	ev_async_send(daemon->loop, &daemon->mail);
}

/* Have the door read them; nobody else uses them until it has. */
static void
read_settings(struct daemon *daemon)
{
	struct gp_reload *reload = calloc(1, sizeof(*reload));

	if (reload == NULL)
		return;
	daemon->reloads = true;
	reload->letter.kind = GP_LETTER_RELOAD;
	gp_door_send(daemon->door, &reload->letter);
}

/* The settings that came, or not. */
static void
take_settings(struct daemon *daemon, const struct gp_reload *reload)
{
	const struct gp_settings *settings = gp_process_settings(daemon->process);
	const struct gp_database_manner manner = gp_settings_database_manner(settings);

	daemon->reloads = false;
	if (daemon->reloads_again) {
		daemon->reloads_again = false;
		read_settings(daemon);
		return; /* they are in use again */
	}
	if (!reload->is_new)
		return;
	gp_room_adjust(daemon->room, settings);
	gp_doorway_adjust(daemon->doorway, gp_process_log(daemon->process));
	if (!gp_feed_redirect(daemon->feed, settings->notify_database_url, &manner))
		gp_log_event(
		    gp_process_log(daemon->process), GP_LOG_ERROR, "feed_not_moved", NULL, 0);
}

/* Do what a letter says. Returns bytes that went into queues. */
static size_t
read_letter(struct daemon *daemon, struct gp_letter *letter)
{
	size_t bytes = 0;

	switch ((enum gp_letter_kind)letter->kind) {
	case GP_LETTER_VISIT:
		gp_doorway_answer(daemon->doorway, (struct gp_visit *)letter);
		if (daemon->leaves_at_ms != 0)
			gp_room_dismiss(daemon->room);
		gp_visit_free((struct gp_visit *)letter);
		break;
	case GP_LETTER_CENSUS:
		gp_room_judge(daemon->room, (struct gp_census *)letter);
		gp_census_free((struct gp_census *)letter);
		break;
	case GP_LETTER_RELOAD:
		take_settings(daemon, (struct gp_reload *)letter);
		free(letter);
		break;
	case GP_LETTER_NEWS:
		atomic_fetch_sub(&daemon->pulse.unread, ((struct gp_news *)letter)->note->length);
		bytes = gp_room_tell(daemon->room, (struct gp_news *)letter);
		gp_news_free((struct gp_news *)letter);
		break;
	case GP_LETTER_END: break;
	}
	return bytes;
}

static void
on_pause(struct ev_loop *loop, ev_timer *pause, int events)
{
	struct daemon *daemon = pause->data;

	(void)events;
	ev_async_send(loop, &daemon->mail);
}

/*
 * The door's letters first, then news, a slice at a time: a client that reads is not to be taken
 * for slow because there is much news. False when some is left.
 */
static bool
read_mail(struct daemon *daemon)
{
	struct gp_letter *letter;
	size_t bytes = 0;

	while ((letter = gp_mailbox_take(daemon->letters, 0)) != NULL)
		read_letter(daemon, letter);
	for (int i = 0; i < SLICE_LETTERS && bytes < SLICE_BYTES; i++) {
		if (ev_is_active(&daemon->pause))
			return true; /* which is not over yet */
		if (gp_room_is_crowded(daemon->room)) {
			ev_timer_set(&daemon->pause, pause_s, 0);
			ev_timer_start(daemon->loop, &daemon->pause);
			return true;
		}
		letter = gp_mailbox_take(daemon->news, 0);
		if (letter == NULL)
			return true;
		bytes += read_letter(daemon, letter);
	}
	return false;
}

/*
 * Whoever comes first has made systemd start us, perhaps: they wait until there is something to
 * hear, rather than be sent away; though not for long.
 */
static void
open_when_ready(struct daemon *daemon)
{
	if (atomic_load(&daemon->pulse.listening) ||
	    gp_clock_elapsed_ms() - daemon->began_ms >= PATIENCE_MS)
		gp_doorway_start(daemon->doorway);
}

static void
on_mail(struct ev_loop *loop, ev_async *mail, int events)
{
	(void)events;
	open_when_ready(mail->data);
	if (!read_mail(mail->data))
		ev_async_send(loop, mail);
}

/* --- time and signals --- */

static void
on_clock(struct ev_loop *loop, ev_timer *clock, int events)
{
	struct daemon *daemon = clock->data;

	(void)events;
	open_when_ready(daemon);
	gp_doorway_tick(daemon->doorway);
	gp_room_tick(daemon->room);
	if (daemon->leaves_at_ms != 0 &&
	    (gp_room_is_empty(daemon->room) || gp_clock_elapsed_ms() >= daemon->leaves_at_ms))
		ev_break(loop, EVBREAK_ALL);
}

static void
on_hangup(struct ev_loop *loop, ev_signal *watcher, int events)
{
	struct daemon *daemon = watcher->data;

	(void)loop;
	(void)events;
	if (daemon->reloads)
		daemon->reloads_again = true;
	else
		read_settings(daemon);
}

static void
on_end(struct ev_loop *loop, ev_signal *watcher, int events)
{
	struct daemon *daemon = watcher->data;

	(void)loop;
	(void)events;
	if (daemon->leaves_at_ms != 0)
		return;
	daemon->leaves_at_ms = gp_clock_elapsed_ms() + FAREWELL_MS;
	gp_doorway_stop(daemon->doorway);
	gp_room_dismiss(daemon->room);
	/* To notice soon that all have left. */
	daemon->clock.repeat = 0.05;
	ev_timer_again(daemon->loop, &daemon->clock);
}

/* --- its life --- */

/* As many descriptors as it may need; one line where there are fewer. */
static void
raise_limit(const struct gp_settings *settings, const struct gp_log *log)
{
	const rlim_t wanted = (rlim_t)settings->notify_connections + OTHER_DESCRIPTORS;
	struct rlimit limit;
	char text[32];

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur =
	    limit.rlim_max == RLIM_INFINITY || limit.rlim_max > wanted ? wanted : limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur >= wanted)
		return;
	snprintf(text, sizeof(text), "%llu", (unsigned long long)limit.rlim_cur);
	gp_log_event(log, GP_LOG_WARNING, "few_descriptors",
	    (const struct gp_log_field[]){ { "limit", text },
		{ "remedy", "raise the limit of open files (LimitNOFILE, ulimit -Hn), or lower "
			    "NOTIFY_MAX_CONNECTIONS" } },
	    2);
}

/* The threads take no signals: those are the loop's. */
static bool
open_threads(struct daemon *daemon)
{
	const struct gp_settings *settings = gp_process_settings(daemon->process);
	const struct gp_database_manner manner = gp_settings_database_manner(settings);
	sigset_t all, before;

	sigfillset(&all);
	if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0)
		return false;
	daemon->door = gp_door_open(daemon->process, daemon->letters, &daemon->pulse);
	daemon->feed = gp_feed_open(settings->notify_database_url, &manner,
	    gp_process_log(daemon->process), daemon->audience, daemon->news, &daemon->pulse);
	return pthread_sigmask(SIG_SETMASK, &before, NULL) == 0 && daemon->door != NULL &&
	       daemon->feed != NULL;
}

static void
watch_signals(struct daemon *daemon)
{
	static const struct {
		int number;
		void (*handler)(struct ev_loop *loop, ev_signal *watcher, int events);
	} watched[SIGNALS] = { { SIGHUP, on_hangup }, { SIGTERM, on_end } };

	for (size_t i = 0; i < SIGNALS; i++) {
		ev_signal_init(&daemon->signals[i], watched[i].handler, watched[i].number);
		daemon->signals[i].data = daemon;
		ev_signal_start(daemon->loop, &daemon->signals[i]);
	}
}

static bool
open_loop(struct daemon *daemon)
{
	const double tick_s = GP_ROOM_TICK_MS / 1000.0;
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	daemon->loop = ev_loop_new(EVFLAG_AUTO | EVFLAG_NOENV);
	if (daemon->loop == NULL || sigaction(SIGPIPE, &ignore, NULL) != 0)
		return false;
	ev_async_init(&daemon->mail, on_mail);
	ev_init(&daemon->pause, on_pause);
	ev_timer_init(&daemon->clock, on_clock, tick_s, tick_s);
	daemon->mail.data = daemon->pause.data = daemon->clock.data = daemon;
	ev_async_start(daemon->loop, &daemon->mail);
	ev_timer_start(daemon->loop, &daemon->clock);
	watch_signals(daemon);
	return true;
}

/* What comes before the first connection. False with a line on standard error. */
static bool
open_daemon(struct daemon *daemon)
{
	const struct gp_settings *settings = gp_process_settings(daemon->process);
	const struct gp_log *log = gp_process_log(daemon->process);
	char problem[400] = "cannot be started: out of memory, or too few descriptors";

	daemon->listener =
	    gp_listener_open(settings->notify_listen, daemon->path, problem, sizeof(problem));
	if (daemon->listener < 0)
		goto fail;
	raise_limit(settings, log);
	if (!open_loop(daemon))
		goto fail;
	daemon->audience = gp_audience_new();
	daemon->letters = gp_mailbox_new(ring, daemon);
	daemon->news = gp_mailbox_new(ring, daemon);
	if (daemon->audience == NULL || daemon->letters == NULL || daemon->news == NULL ||
	    !open_threads(daemon))
		goto fail;
	daemon->room =
	    gp_room_open(daemon->loop, settings, daemon->audience, daemon->door, &daemon->pulse);
	if (daemon->room == NULL) {
		snprintf(problem, sizeof(problem),
		    "libwebsockets has no event loop of libev: install libwebsockets-evlib-ev");
		goto fail;
	}
	daemon->doorway =
	    gp_doorway_open(daemon->loop, daemon->listener, daemon->door, daemon->room, log);
	if (daemon->doorway != NULL)
		return true;
fail:
	fprintf(stderr, "%s: %s\n", gp_notify_program.name, problem);
	if (daemon->path[0] != '\0')
		unlink(daemon->path);
	return false;
}

/* Release what still lies in the mailbox. */
static void
empty_mailbox(struct gp_mailbox *mailbox)
{
	struct gp_letter *letter;

	while ((letter = gp_mailbox_take(mailbox, 0)) != NULL) {
		switch ((enum gp_letter_kind)letter->kind) {
		case GP_LETTER_VISIT: gp_visit_free((struct gp_visit *)letter); break;
		case GP_LETTER_CENSUS: gp_census_free((struct gp_census *)letter); break;
		case GP_LETTER_NEWS: gp_news_free((struct gp_news *)letter); break;
		case GP_LETTER_RELOAD:
		case GP_LETTER_END: free(letter); break;
		}
	}
}

static void
close_daemon(struct daemon *daemon)
{
	gp_door_close(daemon->door);
	gp_feed_close(daemon->feed);
	empty_mailbox(daemon->letters);
	empty_mailbox(daemon->news);
	gp_doorway_close(daemon->doorway);
	gp_room_close(daemon->room);
	ev_loop_destroy(daemon->loop);
	gp_mailbox_free(daemon->letters);
	gp_mailbox_free(daemon->news);
	gp_audience_free(daemon->audience);
	close(daemon->listener);
	if (daemon->path[0] != '\0')
		unlink(daemon->path);
}

int
main(int argc, char *argv[])
{
	struct daemon *daemon;
	int status = EXIT_FAILURE;

	if (argc > 1) {
		gp_program_run_option(&gp_notify_program, argc, argv, environ, &status);
		return status;
	}
	daemon = calloc(1, sizeof(*daemon));
	if (daemon == NULL)
		return EXIT_FAILURE;
	daemon->began_ms = gp_clock_elapsed_ms();
	daemon->process = gp_process_open(&gp_notify_program, environ, true);
	/* Its threads may be at work by now, with all that would be released. */
	if (daemon->process != NULL && !open_daemon(daemon))
		_exit(EXIT_FAILURE);
	if (daemon->process != NULL) {
		ev_run(daemon->loop, 0);
		close_daemon(daemon);
		status = EXIT_SUCCESS;
	}
	gp_process_close(daemon->process);
	free(daemon);
	return status;
}
