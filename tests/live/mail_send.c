/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mail-send composes one message for now and hands it to a program as gatepost does:
 *
 *   mail-send DIRECTORY SENDMAIL FROM reset|verify ADDRESS NAME URL SITE
 *
 * It ends with status 0 once the program took the message, with 1 and the reason on standard error
 * when it did not, with 3 and what was refused when there is no message.
 */
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mail.h"

enum { LIMIT_MS = 10000, ID_BYTES = 12 };

static int
refuse(const char *what)
{
	fprintf(stderr, "%s\n", what);
	return 3;
}

static bool
make_id(char *id)
{
	unsigned char bytes[ID_BYTES];

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		return false;
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(id + 2 * i, 3, "%02x", bytes[i]);
	return true;
}

static int
send_one(struct gp_arena *arena, const struct gp_mail_templates *templates, char *const *argv)
{
	enum gp_mail_kind kind =
	    strcmp(argv[4], "reset") == 0 ? GP_MAIL_RESET_PASSWORD : GP_MAIL_VERIFY_EMAIL;
	struct gp_mail_sender from = { .address = NULL };
	const char *wrong = gp_mail_sender_read(argv[3], &from);
	char id[2 * ID_BYTES + 1], said[256];
	struct gp_mail_values values = { .from = &from,
		.words = { .email = argv[5],
		    .name = argv[6],
		    .url = argv[7],
		    .site = argv[8],
		    .minutes = 60 },
		.now_s = (int64_t)time(NULL),
		.id = id };
	struct gp_mail_message message;

	if (wrong != NULL)
		return refuse(wrong);
	if (!make_id(id))
		return refuse("no random numbers");
	if (gp_mail_compose(arena, templates, kind, &values, &message) != GP_OK)
		return refuse(message.refused != NULL ? message.refused : "out of memory");
	if (gp_mail_send(arena, argv[2], &message, LIMIT_MS, said, sizeof(said)))
		return 0;
	fprintf(stderr, "%s\n", said);
	return 1;
}

int
main(int argc, char *argv[])
{
	struct gp_mail_templates *templates;
	struct gp_arena *arena;
	char problem[256];
	int status;

	if (argc != 9)
		return refuse(
		    "usage: mail-send DIRECTORY SENDMAIL FROM KIND ADDRESS NAME URL SITE");
	templates = gp_mail_templates_load(argv[1], problem, sizeof(problem));
	if (templates == NULL)
		return refuse(problem);
	arena = gp_arena_new();
	status = arena != NULL ? send_one(arena, templates, argv) : refuse("out of memory");
	gp_arena_free(arena);
	gp_mail_templates_free(templates);
	return status;
}
