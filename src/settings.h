/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every setting of every program, declared once in the table of settings.c.
 *
 * A value comes from the environment, else from the file that GATEPOST_ENV names, else it is the
 * table's default. An empty value counts as none.
 */
#ifndef GP_SETTINGS_H
#define GP_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "address_list.h"
#include "attributes.h"
#include "database.h"
#include "event_log.h"
#include "mail_header.h"
#include "origin_list.h"
#include "rate_limit.h"
#include "secret_list.h"
#include "session_cache.h"
#include "trusted_origins.h"

/* Which programs cannot start without a setting; a program passes its own bit. */
enum gp_program_bit {
	GP_PROGRAM_API = 1,
	GP_PROGRAM_MIGRATE = 2,
	GP_PROGRAM_TOKEN = 4,
	GP_PROGRAM_AUTH = 8,
	GP_PROGRAM_AUTHORIZER = 16,
	GP_PROGRAM_NOTIFY = 32,
};

/* Which algorithm signs the tokens of /api/auth/token. */
enum gp_token_algorithm { GP_TOKENS_EDDSA, GP_TOKENS_HS256 };

/* The values in force. Texts are borrowed until gp_settings_free(); unset texts are NULL. */
struct gp_settings {
	struct gp_secret_list secrets; /* the first signs, all verify */
	/* The first seals; all open, whatever previous_secrets says. Sealed is what is kept in the
	   database, such as signing keys: nobody can send it. */
	struct gp_secret_list sealing_secrets;
	const char *secret_text;
	const char *secrets_text;
	int64_t previous_secrets; /* 0 or 1: whether older ones verify */
	const char
	    *database_url; /* fit for libpq: driver names and asyncpg's ssl= are translated */
	const char *owner_database_url;
	int64_t database_timeout_s;
	int64_t database_prepares;     /* 0 or 1 */
	int64_t database_max_age_s;    /* 0: a connection may have any age */
	const char *auth_database_url; /* NULL: Better Auth's tables are beside the tasks */
	const char *jwks_file;
	const char *jwks_url;
	const char *jwks_cache_directory;
	const char *jwks_fetch_program;
	int64_t jwks_max_stale_s;
	int64_t live_users;    /* 0 or 1 */
	int64_t memory_tokens; /* verified tokens that are remembered */
	const char *issuer;
	const char *audience;
	int64_t leeway_s;
	int64_t access_token_minutes;
	int64_t ownership_failure;     /* HTTP status: 403 or 404 */
	const char *mount_path;        /* without a slash at its end; "" for the root */
	struct gp_origin_list origins; /* whose pages may read answers: of the two settings below */
	const char *cors_origins;
	const char *frontend_url;
	/* Of the sign-in program. */
	const char *sign_in_database_url;
	const char *base_url;     /* as it was given */
	const char *base_origin;  /* scheme, host and port of it, as browsers send them */
	const char *base_path;    /* below which the endpoints are; without a slash at its end */
	const char *sign_in_path; /* the same behind the mount path */
	bool secure_cookies;      /* the site is served over https */
	struct gp_trusted_origins trusted_origins; /* of all settings that name origins */
	const char *trusted_origins_text;
	int64_t token_algorithm; /* enum gp_token_algorithm */
	int64_t session_life_s;
	int64_t session_update_age_s;
	int64_t session_fresh_age_s; /* 0: every session is fresh */
	int64_t session_cache;       /* enum gp_session_cache_strategy */
	int64_t session_cache_age_s;
	int64_t verified_email_only; /* 0 or 1, as all switches */
	int64_t sign_up;
	int64_t delete_user;
	int64_t reset_revokes_sessions;
	int64_t password_least, password_most; /* UTF-16 code units */
	int64_t scrypt_concurrency;
	int64_t auth_rate_limit;
	/* Of the authorizer. */
	const char *access_rules;
	const char *login_url;
	/* Of the notifier. */
	const char *notify_database_url;
	const char *notify_listen; /* an address and port, or the path of a Unix socket */
	int64_t notify_connections, notify_user_connections; /* at most */
	int64_t notify_ping_s;
	int64_t notify_timeout_s; /* without a sign of life */
	struct gp_rate rate;      /* count 0: no limit */
	int64_t max_requests;     /* 0: a worker does not retire */
	struct gp_address_list trusted_proxies;
	int64_t require_https; /* 0 or 1 */
	struct gp_address_list metrics_allow;
	const char *state_directory;
	struct gp_mail_sender mail_from; /* without an address: no mail is sent */
	const char *sendmail;            /* a path and arguments, separated by blanks */
	const char *mail_directory;
	int64_t log_format;           /* enum gp_log_format */
	int64_t log_level;            /* enum gp_log_level */
	int64_t log_lines_per_second; /* of one outcome and worker; 0: any number */
	int64_t log_target;           /* enum gp_log_target */
	char *file;                   /* owned: path of the settings file, which may be missing */
	char **texts;                 /* owned: one per row of the table */
	char *secrets_pieces;         /* owned: what both lists of secrets borrow from */
	char *origins_pieces[2];      /* owned: what `origins` borrows from */
	char *base_pieces[4];         /* owned: what those of the sign-in program are made of */
};

/*
 * Read all settings.
 *
 *   environment    NAME=value texts ending in NULL, as in environ; not kept
 *   default_file   the settings file where GATEPOST_ENV names none; may be missing
 *   program        whose required settings must be there
 *   problem        room for one line that names the setting and what to change; it never holds a
 *                  secret's value
 *
 * Returns the settings, owned by the caller, or NULL with `problem` filled.
 */
GP_MUST_USE struct gp_settings *gp_settings_load(char *const *environment, const char *default_file,
    enum gp_program_bit program, char *problem, size_t problem_size);

/* Wipe and release. NULL is fine. */
void gp_settings_free(struct gp_settings *settings);

/* Print what is in force as NAME=value lines, secrets and addresses with passwords hidden. */
void gp_settings_print(const struct gp_settings *settings, FILE *out);

/* Print a settings file with every setting explained and commented out. */
void gp_settings_print_sample(FILE *out);

/* How the settings want every database to be used. */
struct gp_database_manner gp_settings_database_manner(const struct gp_settings *settings);

/* Let `log` follow the settings; its program and sink stay. */
void gp_settings_apply_log(const struct gp_settings *settings, struct gp_log *log);

#endif
