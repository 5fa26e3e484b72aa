/* SPDX-License-Identifier: Apache-2.0 */
/* Random letters and digits: the ids of new rows, and what opens sessions and resets passwords. */
#ifndef GP_RANDOM_TEXT_H
#define GP_RANDOM_TEXT_H

#include <stddef.h>

#include "attributes.h"
#include "outcome.h"

/* Characters of an id and of a session token, which is a secret: 190 bits. */
#define GP_ID_LENGTH 32

/* Characters of the token in a mail that resets a password: 142 bits. */
#define GP_RESET_TOKEN_LENGTH 24

/*
 * Fill `text`, which has room for one more, with `length` characters of a-z, A-Z and 0-9, each as
 * likely as any other, and a NUL. They come from the generator that OpenSSL keeps for secrets.
 *
 * Returns GP_OK; GP_ERR_CRYPTO with an empty text.
 */
GP_MUST_USE enum gp_outcome gp_random_text(char *text, size_t length);

#endif
