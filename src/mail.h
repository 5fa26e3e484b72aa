/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One message to one person, and the program that takes it on: any that is called like sendmail,
 * run without a shell, which reads message and address from its standard input.
 */
#ifndef GP_MAIL_H
#define GP_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "attributes.h"
#include "mail_header.h"
#include "mail_template.h"
#include "outcome.h"

/* What differs from one message to the next. */
struct gp_mail_values {
	const struct gp_mail_sender *from;
	struct gp_mail_words words; /* the message goes to words.email */
	int64_t now_s;              /* seconds since the epoch */
	const char *id; /* random, 16 to 64 letters and digits: never the same for two messages */
};

struct gp_mail_message {
	const char *bytes; /* header and text, lines ending with LF; in the arena */
	size_t length;
	const char *refused; /* static, for the log: which value is not fit for a message */
};

/*
 * Compose a message: plain text in base64, so that no line of it is too long or means something
 * to a mail program, marked as generated so that no machine answers it.
 *
 *   values    not kept. Each is judged here, whoever has looked at it before: addresses as
 *             gp_mail_address_fits() does; the URL is http or https in printable ASCII without
 *             blanks; the site is a host, maybe with a port; the name is UTF-8; minutes are
 *             positive
 *   message   filled; on failure without bytes
 *
 * Returns GP_OK; GP_ERR_INTERNAL for a value that is not fit, which message->refused names, nothing
 * is ever cut or left out to make it fit (the name's rules are in mail_template.h); GP_ERR_MEMORY.
 *
 * Source: RFC 5322, RFC 2045, RFC 2047, RFC 3834 section 5.
 */
GP_MUST_USE enum gp_outcome gp_mail_compose(struct gp_arena *arena,
    const struct gp_mail_templates *templates, enum gp_mail_kind kind,
    const struct gp_mail_values *values, struct gp_mail_message *message);

/*
 * Hand a message to the program, and wait until it has taken it.
 *
 *   arena      for the pieces of the command
 *   command    the setting SENDMAIL: the program's path and its arguments, separated by blanks
 *   message    made by gp_mail_compose()
 *   limit_ms   longest wait in milliseconds; then the program is killed
 *   said       room for one line, never empty on failure: what the program said, else how it
 *              ended. It may hold an address; what could be a token in it is made unreadable
 *
 * The program gets PATH, LANG and TZ of our environment and nothing else; see helper.h.
 *
 * Returns whether it took the message: it ended in time and with status 0.
 */
GP_MUST_USE bool gp_mail_send(struct gp_arena *arena, const char *command,
    const struct gp_mail_message *message, int64_t limit_ms, char *said, size_t said_size);

#endif
