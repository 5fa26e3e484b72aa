/* SPDX-License-Identifier: Apache-2.0 */
/* What passes for an e-mail address: the plain ones that people have, no more of RFC 5321. */
#ifndef GP_EMAIL_ADDRESS_H
#define GP_EMAIL_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "attributes.h"

/*
 * Whether `length` bytes are an address that zod 4's email() lets pass, to the byte:
 *
 *   before the @   letters, digits and _ ' + - in parts with a dot between them; the last character
 *                  is no apostrophe
 *   behind it      two or more labels with a dot between them, each of letters, digits and hyphens
 *                  with no hyphen first; the last of two letters or more and nothing else
 *
 * All of it ASCII. Nothing is trimmed, and there is no longest: whoever stores it has a limit.
 */
GP_MUST_USE bool gp_email_address_is_valid(const char *text, size_t length);

/* Make an address what it is stored and looked up as: its ASCII letters lower case, in place. */
void gp_email_address_lower(char *text);

#endif
