/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands in the header of a mail: addresses, names and subjects, and how they are encoded. No
 * value can begin a header of its own; what could is refused, never cut.
 *
 * Lines end with LF, as programs expect that are called sendmail.
 */
#ifndef GP_MAIL_HEADER_H
#define GP_MAIL_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attributes.h"
#include "buffer.h"

/* Whom mail comes from. The texts are borrowed and have no NUL after them. */
struct gp_mail_sender {
	const char *address; /* NULL: nobody, no mail is sent */
	size_t address_length;
	const char *name; /* UTF-8, NULL for none */
	size_t name_length;
};

/* Characters of a date with the NUL: "Sat, 21 Nov 2026 06:32:16 +0000". */
#define GP_MAIL_DATE_SIZE 32

/*
 * Read a sender: `no-reply@example.com`, `<no-reply@example.com>`, `Tasks <no-reply@example.com>`
 * or `"Tasks" <no-reply@example.com>`.
 *
 *   text     UTF-8; the sender borrows from it
 *   sender   filled on success
 *
 * Returns NULL, or what is wrong (static).
 */
const char *gp_mail_sender_read(const char *text, struct gp_mail_sender *sender);

/*
 * Whether mail may be addressed to this: ASCII, one @, before it at most 64 letters, digits and
 * signs without a meaning in a header or to a mail program, behind it a host's name of letters,
 * digits, hyphens and dots; 254 characters at most. This is less than RFC 5322 allows: no quotes,
 * no comments, no signs that name a route, a file or a program.
 */
GP_MUST_USE bool gp_mail_address_fits(const char *address, size_t length);

/*
 * Whether a character ends a line, steers a terminal or turns the direction of text: U+0000 to
 * U+001F, U+007F to U+009F, U+2028 to U+202E, U+2066 to U+2069.
 *
 *   character   one of UTF-8, of `length` bytes
 */
GP_MUST_USE bool gp_mail_is_control(const char *character, size_t length);

/*
 * Append a header whose value is free text, such as a subject. ASCII that fits its line stays as it
 * is; everything else becomes encoded words, each on a line of at most 76 characters.
 *
 *   name    of the header, without the colon; one of ours
 *   value   `length` bytes of UTF-8
 *
 * Returns whether the value may stand in a header: false, with nothing appended, for one that is
 * empty, is no UTF-8 or holds a control character.
 *
 * Source: RFC 5322 section 2.2.3, RFC 2047 sections 2, 4.1 and 5.
 */
GP_MUST_USE bool gp_mail_header_add(
    struct gp_buffer *buffer, const char *name, const char *value, size_t length);

/* Append `From:` with a sender that gp_mail_sender_read() has accepted. */
void gp_mail_header_add_sender(struct gp_buffer *buffer, const struct gp_mail_sender *sender);

/*
 * The time as a header has it, in UTC.
 *
 *   now_s   seconds since the epoch
 *   text    room for GP_MAIL_DATE_SIZE characters
 *
 * Returns false for a time outside the years 1900 to 9999. Source: RFC 5322 section 3.3.
 */
GP_MUST_USE bool gp_mail_date(int64_t now_s, char *text);

#endif
