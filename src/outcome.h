/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How things end: one enum for the whole tree, and one table that says what each outcome means to
 * the client and to the log.
 *
 * Three families: GP_DENY_* the caller is wrong, GP_BAD_* the request is wrong, GP_ERR_* we, or
 * something we depend on, are wrong.
 */
#ifndef GP_OUTCOME_H
#define GP_OUTCOME_H

#include "attributes.h"
#include "event_log.h"

enum gp_outcome {
	GP_OK = 0,

	GP_DENY_NO_CREDENTIAL,
	GP_DENY_CREDENTIAL_FORM,
	GP_DENY_TOKEN_LENGTH,
	GP_DENY_TOKEN_FORM,
	GP_DENY_TOKEN_ENCODING,
	GP_DENY_HEADER_JSON,
	GP_DENY_HEADER_CRITICAL,
	GP_DENY_HEADER_KEY,
	GP_DENY_ALGORITHM,
	GP_DENY_KEY,
	GP_DENY_SIGNATURE,
	GP_DENY_CLAIMS_JSON,
	GP_DENY_PURPOSE,
	GP_DENY_TIME_FORM,
	GP_DENY_EXPIRY_MISSING,
	GP_DENY_EXPIRED,
	GP_DENY_NOT_YET_VALID,
	GP_DENY_ISSUED_IN_FUTURE,
	GP_DENY_ISSUER,
	GP_DENY_AUDIENCE,
	GP_DENY_SUBJECT_MISSING,
	GP_DENY_SUBJECT_FORM,
	GP_DENY_EMAIL_MISSING,
	GP_DENY_LIFETIME,
	GP_DENY_SESSION,
	GP_DENY_USER_GONE,
	GP_DENY_PATH_USER,
	GP_DENY_ROW_FOREIGN,
	GP_DENY_ADDRESS,
	GP_DENY_RATE,
	GP_DENY_NO_TLS,

	/* Of the authorizer. */
	GP_DENY_RULE,
	GP_DENY_RULE_ABSENT,
	GP_DENY_RULE_METHOD,
	GP_DENY_RULE_LOOKALIKE,
	GP_DENY_RULE_USERS,
	GP_DENY_RULE_BELOW,
	GP_DENY_COOKIE_ORIGIN,
	GP_DENY_USER_TEXT,

	/* Of the notifier. */
	GP_DENY_PAGE_ORIGIN,

	/* Of the sign-in program. */
	GP_DENY_SIGNED_OUT,
	GP_DENY_PASSWORD,
	GP_DENY_EMAIL_UNVERIFIED,
	GP_DENY_SESSION_NOT_FRESH,
	GP_DENY_ORIGIN_MISSING,
	GP_DENY_ORIGIN,
	GP_DENY_NAVIGATION,
	GP_DENY_CALLBACK,
	GP_DENY_REDIRECT,
	GP_DENY_ERROR_CALLBACK,
	GP_DENY_NEW_USER_CALLBACK,
	GP_DENY_LINK,
	GP_DENY_LINK_EXPIRED,
	GP_DENY_LINK_USER,

	GP_BAD_PATH,
	GP_BAD_LENGTH,
	GP_BAD_BODY_CUT,
	GP_BAD_ORIGIN,
	GP_BAD_ROUTE,
	GP_BAD_METHOD,
	GP_BAD_SIZE,
	GP_BAD_MEDIA_TYPE,
	GP_BAD_INPUT,
	GP_BAD_ROW_ABSENT,
	GP_BAD_VERSION,
	GP_BAD_OVERRIDE,
	GP_BAD_IDENTITY,

	/* Of the notifier. */
	GP_BAD_UPGRADE,
	GP_BAD_SOCKET_VERSION,
	GP_BAD_SOCKET_KEY,

	/* Where HTTP is read here, and not by a web server. */
	GP_BAD_HTTP,
	GP_BAD_TARGET_SIZE,
	GP_BAD_HEAD_SIZE,
	GP_BAD_HTTP_VERSION,
	GP_BAD_BODY,

	/* Of the sign-in program. */
	GP_BAD_JSON,
	GP_BAD_VALUES,
	GP_BAD_CALLBACK_TYPE,
	GP_BAD_EMAIL,
	GP_BAD_PASSWORD_SHORT,
	GP_BAD_PASSWORD_LONG,
	GP_BAD_PASSWORD,
	GP_BAD_NO_PASSWORD,
	GP_BAD_USER_EXISTS,
	GP_BAD_USER_NOT_MADE,
	GP_BAD_SIGN_UP_OFF,
	GP_BAD_NO_CHANGE,
	GP_BAD_EMAIL_FIXED,
	GP_BAD_RESET_TOKEN,
	GP_BAD_RESET_USER,
	GP_BAD_RESET_OFF,
	GP_BAD_DELETE_TOKEN,
	GP_BAD_SESSION_NOT_FRESH,
	GP_BAD_VERIFICATION_OFF,
	GP_BAD_EMAIL_OTHER,
	GP_BAD_EMAIL_VERIFIED,
	GP_BAD_SESSION_METHOD,

	GP_ERR_SETTING,
	GP_ERR_MEMORY,
	GP_ERR_CRYPTO,
	GP_ERR_DATABASE_GONE,
	GP_ERR_DATABASE_REFUSED,
	GP_ERR_DATABASE_POOLED,
	GP_ERR_DATABASE_UNBOUND,
	GP_ERR_COMMIT_UNKNOWN,
	GP_ERR_KEYS_UNREACHABLE,
	GP_ERR_SEALED,
	GP_ERR_KEY_FORM,
	GP_ERR_BUSY,
	GP_ERR_ROLE,
	GP_ERR_INTERNAL,

	GP_OUTCOME_COUNT
};

/* Which of a dialect's sentences tells the outcome; OWN: the outcome's own sentence does. */
enum gp_phrase {
	GP_PHRASE_OWN = 0,
	GP_PHRASE_NO_CREDENTIAL,
	GP_PHRASE_TOKEN_EXPIRED,
	GP_PHRASE_TOKEN_INVALID, /* may be followed by the outcome's own sentence as the reason */
	GP_PHRASE_SUBJECT_MISSING,
	GP_PHRASE_EMAIL_MISSING,
	GP_PHRASE_LIFETIME,
	GP_PHRASE_PATH_USER,
	GP_PHRASE_ROW_ABSENT,
	GP_PHRASE_ROW_FOREIGN,
	GP_PHRASE_COUNT
};

struct gp_outcome_row {
	const char *rule; /* its name in the log */
	int status;       /* HTTP status; 0 for outcomes that never reach a client */
	enum gp_phrase phrase;
	const char *sentence; /* what a client reads: a stable sentence, or the short reason */
	enum gp_log_level level;
	const char *remedy; /* for the log: what it means and what to change; NULL when plain */
	const char *code;   /* Better Auth's name for it; NULL for none */
};

/* The row of an outcome; never NULL. */
const struct gp_outcome_row *gp_outcome_row(enum gp_outcome outcome);

#endif
