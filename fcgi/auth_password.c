/* SPDX-License-Identifier: Apache-2.0 */
/* Takes a slot around each hash: each takes a processor and 32 MiB while it lasts. */
#include "auth_password.h"

#include <openssl/rand.h>

#include "utf8.h"

enum gp_outcome
gp_auth_judge_password(const struct gp_auth_call *call, const struct gp_auth_value *password)
{
	int64_t length = (int64_t)gp_utf8_utf16_length(password->text, password->length);

	if (length < call->settings->password_least)
		return GP_BAD_PASSWORD_SHORT;
	return length > call->settings->password_most ? GP_BAD_PASSWORD_LONG : GP_OK;
}

enum gp_outcome
gp_auth_hash(struct gp_auth_call *call, const struct gp_auth_value *password,
    char stored[GP_PASSWORD_HASH_SIZE])
{
	unsigned char salt[GP_PASSWORD_SALT_SIZE];
	enum gp_outcome outcome;

	if (RAND_bytes(salt, sizeof(salt)) != 1)
		return GP_ERR_CRYPTO;
	if (!gp_slots_take(call->auth->slots, GP_AUTH_HASH_WAIT_MS))
		return GP_ERR_BUSY;
	outcome = gp_password_hash(password->text, password->length, salt, stored);
	gp_slots_give(call->auth->slots);
	return outcome;
}

enum gp_outcome
gp_auth_verify(struct gp_auth_call *call, const struct gp_auth_value *password, const char *stored,
    bool *matches)
{
	enum gp_outcome outcome;

	*matches = false;
	if (!gp_slots_take(call->auth->slots, GP_AUTH_HASH_WAIT_MS))
		return GP_ERR_BUSY;
	outcome = gp_password_verify(password->text, password->length, stored, matches);
	gp_slots_give(call->auth->slots);
	return outcome;
}
