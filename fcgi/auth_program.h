/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What gatepost-auth.fcgi has besides what every program has: made from settings, the same for all
 * requests until they are read again.
 */
#ifndef GP_AUTH_PROGRAM_H
#define GP_AUTH_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

#include "event_log.h"
#include "json.h"
#include "jws.h"
#include "key_ring.h"
#include "mail.h"
#include "rate_limit.h"
#include "settings.h"
#include "signing_key.h"
#include "slots.h"
#include "worker.h"

/* Which limit an endpoint has; the table of auth_program.c says how much each is. */
enum gp_auth_limit {
	GP_AUTH_LIMIT_OTHER = 0,
	GP_AUTH_LIMIT_PASSWORD, /* where passwords can be tried */
	GP_AUTH_LIMIT_MAIL,     /* where mail can be made to be sent */
	GP_AUTH_LIMIT_COUNT
};

/* Longest wait for the others' passwords to be hashed, in milliseconds. */
#define GP_AUTH_HASH_WAIT_MS 3000

struct gp_auth {
	const struct gp_settings *settings;
	const struct gp_log *log;
	struct gp_key_ring *ring; /* of the shared secret alone */
	struct gp_json_reader *reader;
	struct gp_jws_reader *headers;
	struct gp_slots *slots;                            /* for hashing */
	struct gp_rate_limit *limits[GP_AUTH_LIMIT_COUNT]; /* NULL: none */
	struct gp_mail_templates *mail;                    /* NULL: no mail is sent */
	/* The pair of keys that signed last, and the text that it was opened from. */
	struct gp_signing_key *key;
	char *key_sealed;
	/* A message that is sent once the client has its answer; NULL for none. */
	const struct gp_mail_message *letter;
};

/* How the worker makes one of these. */
extern const struct gp_program_part gp_auth_part;

#endif
