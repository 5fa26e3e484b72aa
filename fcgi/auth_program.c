/* SPDX-License-Identifier: Apache-2.0 */
/* Opens keys, limits, slots and templates, and sends the letter of each request. */
#include "auth_program.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Longest wait for the program that takes mail on. The client does not wait: it has its answer. */
enum { MAIL_LIMIT_MS = 20000 };

/* Better Auth's limits. */
static const struct gp_rate rates[GP_AUTH_LIMIT_COUNT] = {
	[GP_AUTH_LIMIT_OTHER] = { .count = 100, .period_ms = 10000 },
	[GP_AUTH_LIMIT_PASSWORD] = { .count = 3, .period_ms = 10000 },
	[GP_AUTH_LIMIT_MAIL] = { .count = 3, .period_ms = 60000 },
};

static void
close_part(void *part)
{
	struct gp_auth *auth = part;

	if (auth == NULL)
		return;
	for (size_t i = 0; i < GP_AUTH_LIMIT_COUNT; i++)
		gp_rate_limit_free(auth->limits[i]);
	gp_slots_close(auth->slots);
	gp_jws_reader_free(auth->headers);
	gp_json_reader_free(auth->reader);
	gp_key_ring_free(auth->ring);
	gp_mail_templates_free(auth->mail);
	gp_signing_key_free(auth->key);
	free(auth->key_sealed);
	free(auth);
}

/* Better Auth signs and verifies with the current secret alone. */
static bool
open_keys(struct gp_auth *auth)
{
	struct gp_secret_list current = auth->settings->secrets;

	current.count = 1;
	auth->ring = gp_key_ring_new(&current, 0);
	auth->reader = gp_json_reader_new();
	auth->headers = auth->reader != NULL ? gp_jws_reader_new(auth->reader) : NULL;
	return auth->ring != NULL && auth->headers != NULL;
}

static bool
open_limits(struct gp_auth *auth, void *counters)
{
	for (size_t i = 0; auth->settings->auth_rate_limit && i < GP_AUTH_LIMIT_COUNT; i++) {
		auth->limits[i] = gp_rate_limit_new(counters, &rates[i]);
		if (auth->limits[i] == NULL)
			return false;
	}
	return true;
}

static bool
open_slots(struct gp_auth *auth, char *problem, size_t problem_size)
{
	char reason[400];

	auth->slots = gp_slots_open(auth->settings->state_directory, "gatepost-auth.fcgi",
	    (unsigned)auth->settings->scrypt_concurrency, reason, sizeof(reason));
	if (auth->slots == NULL)
		snprintf(problem, problem_size,
		    "STATE_DIRECTORY, which SCRYPT_CONCURRENCY needs: %s", reason);
	return auth->slots != NULL;
}

static bool
open_mail(struct gp_auth *auth, char *problem, size_t problem_size)
{
	const struct gp_settings *settings = auth->settings;

	if (settings->mail_from.address != NULL) {
		auth->mail =
		    gp_mail_templates_load(settings->mail_directory, problem, problem_size);
		return auth->mail != NULL;
	}
	if (!settings->verified_email_only)
		return true;
	snprintf(problem, problem_size,
	    "REQUIRE_EMAIL_VERIFICATION: nobody could sign in without mail; set MAIL_FROM");
	return false;
}

static void *
open_part(const struct gp_settings *settings, void *counters, const struct gp_log *log,
    char *problem, size_t problem_size)
{
	struct gp_auth *auth = calloc(1, sizeof(*auth));

	snprintf(problem, problem_size, "out of memory");
	if (auth == NULL)
		return NULL;
	auth->settings = settings;
	auth->log = log;
	if (open_keys(auth) && open_limits(auth, counters) &&
	    open_slots(auth, problem, problem_size) && open_mail(auth, problem, problem_size))
		return auth;
	close_part(auth);
	return NULL;
}

/* A letter that nobody takes is lost; its reader asks for another. */
static void
send_letter(void *part, struct gp_arena *arena)
{
	struct gp_auth *auth = part;
	const struct gp_mail_message *letter = auth->letter;
	char said[256];

	auth->letter = NULL;
	if (letter == NULL || letter->bytes == NULL ||
	    gp_mail_send(
		arena, auth->settings->sendmail, letter, MAIL_LIMIT_MS, said, sizeof(said)))
		return;
	gp_log_event(auth->log, GP_LOG_ERROR, "mail_not_sent",
	    (const struct gp_log_field[]){ { "reason", said }, { "remedy", "see SENDMAIL" } }, 2);
}

const struct gp_program_part gp_auth_part = {
	.open = open_part,
	.after_answer = send_letter,
	.close = close_part,
};
