/* SPDX-License-Identifier: Apache-2.0 */
/* One letter after the other. */
#include "door.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "handshake.h"
#include "http_head.h"

/* How long the thread sleeps at a time when there is nothing to do. */
enum { NAP_MS = 60000 };

struct gp_door {
	pthread_t thread;
	struct gp_process *process;
	struct gp_mailbox *letters;
	struct gp_mailbox *answers;
	struct gp_pulse *pulse;
	struct gp_arena *arena;  /* of the head that is read */
	struct gp_letter ending; /* there even without memory */
};

/* --- visits --- */

/* What the request says, or what is wrong with it. */
static void
read_request(struct gp_door *door, struct gp_visit *visit, struct gp_request *request)
{
	char *const nothing[] = { NULL };
	char *const *environment = nothing;
	enum gp_outcome trouble = visit->trouble;

	if (trouble == GP_OK)
		trouble = gp_http_head_read(visit->head, visit->head_length, door->arena,
		    visit->peer[0] != '\0' ? visit->peer : NULL, &environment);
	gp_request_read_environment(request, environment);
	request->trouble = trouble; /* all else has been written anew */
}

/*
 * The answer as HTTP has it, from that of a CGI program: its first line becomes the status line.
 * One request is all that a connection is for.
 */
static void
keep_answer(struct gp_visit *visit, const struct gp_buffer *answer)
{
	static const char status[] = "Status: ", line[] = "HTTP/1.1 ";
	static const char last[] = "\r\nConnection: close";
	const char *end = memchr(answer->bytes, '\r', answer->length);
	const size_t skipped = sizeof(status) - 1;
	size_t first;
	char *text;

	if (end == NULL || answer->length < skipped)
		return;
	first = (size_t)(end - answer->bytes) - skipped;
	text = malloc(answer->length + sizeof(line) + sizeof(last));
	if (text == NULL)
		return;
	visit->answer = text;
	memcpy(text, line, sizeof(line) - 1);
	text += sizeof(line) - 1;
	memcpy(text, answer->bytes + skipped, first);
	text += first;
	memcpy(text, last, sizeof(last) - 1);
	text += sizeof(last) - 1;
	memcpy(text, end, answer->length - first - skipped);
	visit->answer_length = (size_t)(text - visit->answer) + answer->length - first - skipped;
}

/* Nobody asks for a body: one that is announced is refused with the head. */
static long
read_no_body(void *context, char *bytes, size_t size)
{
	(void)context;
	(void)bytes;
	(void)size;
	return 0;
}

static void
answer_visit(struct gp_door *door, struct gp_visit *visit)
{
	struct gp_request request = { .read_body = read_no_body };
	struct gp_observation observation;
	struct gp_buffer answer;

	gp_handshake_begin(door->process, visit);
	read_request(door, visit, &request);
	gp_process_serve(door->process, &request, &answer, &observation);
	if (!gp_handshake_judge(&observation, visit))
		keep_answer(visit, &answer);
	gp_process_finish(door->process);
	gp_arena_reset(door->arena);
}

/* --- the census --- */

static bool
keep_survivor(struct gp_survivor *survivor, const struct gp_rows *rows, int row)
{
	size_t length;
	const char *credential = gp_rows_text(rows, row, 1, &length);

	survivor->is_session = gp_rows_bool(rows, row, 0);
	survivor->credential = credential != NULL ? strndup(credential, length) : NULL;
	return survivor->credential != NULL;
}

static void
answer_census(struct gp_door *door, struct gp_census *census)
{
	const struct gp_identity nobody = { .kind = GP_AS_NOBODY };
	const char *const parameters[] = { census->sessions, census->users };
	struct gp_database *database = gp_process_user_database(door->process);
	const struct gp_rows *rows;
	size_t count;

	if (gp_database_run(database, &nobody, GP_QUERY_CALLERS_LEFT, parameters, &rows) != GP_OK)
		return;
	count = (size_t)gp_rows_count(rows);
	census->survivors = calloc(count + 1, sizeof(*census->survivors));
	census->answered = census->survivors != NULL;
	while (census->answered && census->count < count) {
		census->answered =
		    keep_survivor(&census->survivors[census->count], rows, (int)census->count);
		census->count += census->answered;
	}
	census->answered = census->answered && gp_rows_sound(rows);
	gp_database_release(database);
}

/* --- the thread --- */

static void
answer_reload(struct gp_door *door, struct gp_reload *reload)
{
	reload->is_new = gp_process_reload(door->process);
	gp_handshake_attach(door->process, door->pulse);
}

static void *
run(void *context)
{
	struct gp_door *door = context;

	for (;;) {
		struct gp_letter *letter = gp_mailbox_take(door->letters, NAP_MS);

		if (letter == NULL)
			continue;
		switch ((enum gp_letter_kind)letter->kind) {
		case GP_LETTER_VISIT: answer_visit(door, (struct gp_visit *)letter); break;
		case GP_LETTER_CENSUS: answer_census(door, (struct gp_census *)letter); break;
		case GP_LETTER_RELOAD: answer_reload(door, (struct gp_reload *)letter); break;
		case GP_LETTER_NEWS: break;
		case GP_LETTER_END: return NULL;
		}
		gp_mailbox_put(door->answers, letter);
	}
}

struct gp_door *
gp_door_open(struct gp_process *process, struct gp_mailbox *answers, struct gp_pulse *pulse)
{
	struct gp_door *door = calloc(1, sizeof(*door));

	if (door == NULL)
		return NULL;
	door->process = process;
	door->answers = answers;
	door->pulse = pulse;
	door->letters = gp_mailbox_new(NULL, NULL);
	door->arena = gp_arena_new();
	gp_handshake_attach(process, pulse);
	if (door->letters != NULL && door->arena != NULL &&
	    pthread_create(&door->thread, NULL, run, door) == 0)
		return door;
	gp_mailbox_free(door->letters);
	gp_arena_free(door->arena);
	free(door);
	return NULL;
}

void
gp_door_send(struct gp_door *door, struct gp_letter *letter)
{
	gp_mailbox_put(door->letters, letter);
}

void
gp_door_close(struct gp_door *door)
{
	if (door == NULL)
		return;
	door->ending.kind = GP_LETTER_END;
	gp_mailbox_put(door->letters, &door->ending);
	pthread_join(door->thread, NULL);
	gp_mailbox_free(door->letters);
	gp_arena_free(door->arena);
	free(door);
}
