/* SPDX-License-Identifier: Apache-2.0 */
/* Making and releasing what is sent. */
#include "messages.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

struct gp_note *
gp_note_new(const char *text, size_t length)
{
	struct gp_note *note = calloc(1, sizeof(*note) + GP_NOTE_ROOM + length);

	if (note == NULL)
		return NULL;
	note->references = 1;
	note->length = length;
	memcpy(note->bytes + GP_NOTE_ROOM, text, length);
	return note;
}

void
gp_note_release(struct gp_note *note)
{
	if (note != NULL && --note->references == 0)
		free(note);
}

/* Forget a text that lets somebody in. */
static void
free_secret(char *text, size_t length)
{
	if (text != NULL)
		OPENSSL_cleanse(text, length);
	free(text);
}

void
gp_visit_free(struct gp_visit *visit)
{
	struct gp_admission *admission;

	if (visit == NULL)
		return;
	admission = &visit->admission;
	free_secret(visit->head, visit->head_length);
	free(visit->answer);
	free(admission->user_id);
	if (admission->credential != NULL)
		free_secret(admission->credential, strlen(admission->credential));
	free(visit);
}

void
gp_census_free(struct gp_census *census)
{
	if (census == NULL)
		return;
	for (size_t i = 0; i < census->count; i++)
		free_secret(
		    census->survivors[i].credential, strlen(census->survivors[i].credential));
	free(census->survivors);
	if (census->sessions != NULL)
		free_secret(census->sessions, strlen(census->sessions));
	free(census->users);
	free(census);
}

void
gp_news_free(struct gp_news *news)
{
	if (news == NULL)
		return;
	free(news->user_id);
	gp_note_release(news->note);
	free(news);
}
