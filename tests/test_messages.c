/* SPDX-License-Identifier: Apache-2.0 */
/* Who owns what; the sanitizers and valgrind see what is kept, and what is released twice. */
#include "messages.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"

static char *
copy_of(const char *text)
{
	char *copy = strdup(text);

	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	return copy;
}

static void
copies_the_text_of_a_note(void)
{
	char text[] = "{\"type\":\"resync\"}";
	const size_t length = strlen(text);
	struct gp_note *note = gp_note_new(text, length);

	CU_ASSERT_PTR_NOT_NULL_FATAL(note);
	memset(text, 'x', length);
	CU_ASSERT_EQUAL(note->references, 1);
	CU_ASSERT_EQUAL(note->length, length);
	CU_ASSERT_EQUAL(memcmp(note->bytes + GP_NOTE_ROOM, "{\"type\":\"resync\"}", length), 0);
	gp_note_release(note);
}

static void
has_room_in_front_of_a_note(void)
{
	struct gp_note *note = gp_note_new("", 0);

	CU_ASSERT_PTR_NOT_NULL_FATAL(note);
	CU_ASSERT_EQUAL(note->length, 0);
	memset(note->bytes, 'x', GP_NOTE_ROOM);
	gp_note_release(note);
}

static void
keeps_a_note_to_its_last_reference(void)
{
	struct gp_note *note = gp_note_new("text", 4);

	CU_ASSERT_PTR_NOT_NULL_FATAL(note);
	note->references += 2;
	gp_note_release(note);
	CU_ASSERT_EQUAL(note->references, 2);
	gp_note_release(note);
	CU_ASSERT_EQUAL(note->references, 1);
	CU_ASSERT_EQUAL(memcmp(note->bytes + GP_NOTE_ROOM, "text", 4), 0);
	gp_note_release(note);
}

static void
news_let_go_of_one_reference(void)
{
	struct gp_note *note = gp_note_new("text", 4);
	struct gp_news *news = calloc(1, sizeof(*news));

	CU_ASSERT_FATAL(note != NULL && news != NULL);
	news->note = note;
	news->user_id = copy_of("ann");
	note->references++; /* somebody's queue */
	gp_news_free(news);
	CU_ASSERT_EQUAL(note->references, 1);
	gp_note_release(note);
}

static void
releases_letters_with_all_they_own(void)
{
	struct gp_visit *visit = calloc(1, sizeof(*visit));
	struct gp_census *census = calloc(1, sizeof(*census));

	CU_ASSERT_FATAL(visit != NULL && census != NULL);
	visit->head = copy_of("GET / HTTP/1.1\r\n\r\n");
	visit->head_length = strlen(visit->head);
	visit->answer = copy_of("HTTP/1.1 404 Not Found\r\n\r\n");
	visit->admission.user_id = copy_of("ann");
	visit->admission.credential = copy_of("a session");
	census->sessions = copy_of("[\"a session\",\"another\"]");
	census->users = copy_of("[]");
	census->survivors = calloc(2, sizeof(*census->survivors));
	CU_ASSERT_PTR_NOT_NULL_FATAL(census->survivors);
	census->count = 2;
	census->survivors[0].credential = copy_of("a session");
	census->survivors[1].credential = copy_of("another");
	gp_visit_free(visit);
	gp_census_free(census);
}

/* As they are where there was no memory for the rest. */
static void
releases_letters_that_are_not_complete(void)
{
	struct gp_visit *visit = calloc(1, sizeof(*visit));
	struct gp_census *census = calloc(1, sizeof(*census));
	struct gp_news *news = calloc(1, sizeof(*news));

	CU_ASSERT_FATAL(visit != NULL && census != NULL && news != NULL);
	census->survivors = calloc(3, sizeof(*census->survivors));
	CU_ASSERT_PTR_NOT_NULL_FATAL(census->survivors);
	census->survivors[0].credential = copy_of("a session");
	census->count = 1;
	gp_visit_free(visit);
	gp_census_free(census);
	gp_news_free(news);
	gp_note_release(NULL);
	gp_visit_free(NULL);
	gp_census_free(NULL);
	gp_news_free(NULL);
}

const struct gp_test gp_tests_messages[] = {
	GP_TEST(copies_the_text_of_a_note),
	GP_TEST(has_room_in_front_of_a_note),
	GP_TEST(keeps_a_note_to_its_last_reference),
	GP_TEST(news_let_go_of_one_reference),
	GP_TEST(releases_letters_with_all_they_own),
	GP_TEST(releases_letters_that_are_not_complete),
	{ NULL, NULL },
};
