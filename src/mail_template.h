/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The texts of the messages that are sent by mail, as an operator writes them: one file for each
 * kind of message, UTF-8,
 *
 *   Subject: A new password for {{site}}
 *   (an empty line)
 *   Hello {{name}}, ...
 *
 * They are read at the start and on a reload, so that a mistake is told to the operator and not to
 * a user. What stands for a placeholder is never looked at for further ones.
 */
#ifndef GP_MAIL_TEMPLATE_H
#define GP_MAIL_TEMPLATE_H

#include <stddef.h>
#include <stdint.h>

#include "attributes.h"
#include "buffer.h"

enum gp_mail_kind {
	GP_MAIL_RESET_PASSWORD, /* reset-password.txt */
	GP_MAIL_VERIFY_EMAIL,   /* verify-email.txt */
	GP_MAIL_KIND_COUNT
};

/* Characters of a name that a message has: a real one is shorter, an advertisement longer. */
#define GP_MAIL_NAME_CHARACTERS_MAX 64

/* What the placeholders stand for. */
struct gp_mail_words {
	const char *url;   /* {{url}}: what the user is to open; every text needs it */
	const char *name;  /* {{name}}: of the user, UTF-8 */
	const char *email; /* {{email}}: the user's address */
	const char *site;  /* {{site}}: host of BETTER_AUTH_URL */
	int64_t minutes;   /* {{minutes}}: how long the address works */
};

struct gp_mail_templates;

/*
 * Read and judge the files of all kinds.
 *
 *   directory   where they are
 *   problem     room for one line, filled with the result NULL: which file, which line, what is
 *               wrong. A file has to be UTF-8 without control characters (tabs and CR LF are fine),
 *               has its subject in the first line, an empty second line, no placeholder that is
 *               unknown, {{url}} in its text, and in its subject only {{site}} and {{minutes}}
 *
 * The caller owns the result; NULL when there is a problem.
 */
GP_MUST_USE struct gp_mail_templates *gp_mail_templates_load(
    const char *directory, char *problem, size_t problem_size);

/* Release. NULL is fine. */
void gp_mail_templates_free(struct gp_mail_templates *templates);

/* Append the subject: one line, without its end. `words` stand as they are. */
void gp_mail_template_add_subject(const struct gp_mail_templates *templates, enum gp_mail_kind kind,
    const struct gp_mail_words *words, struct gp_buffer *buffer);

/*
 * Append the text; its lines end with CR LF, as RFC 2045 section 6.8 wants them before base64.
 *
 * In the user's name control characters become blanks, so that it is no line of its own; what is
 * beyond GP_MAIL_NAME_CHARACTERS_MAX is left out. An empty name is the address instead.
 */
void gp_mail_template_add_text(const struct gp_mail_templates *templates, enum gp_mail_kind kind,
    const struct gp_mail_words *words, struct gp_buffer *buffer);

#endif
