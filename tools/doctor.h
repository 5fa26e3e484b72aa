/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One visit to an installation: what every check may look at, and what it finds. The checks are in
 * files by what they look at; gatepost-doctor.c has the table of them.
 */
#ifndef GP_DOCTOR_H
#define GP_DOCTOR_H

#include <libpq-fe.h>
#include <stdbool.h>

#include "attributes.h"
#include "diagnosis.h"
#include "fastcgi_client.h"
#include "queries.h"
#include "settings.h"

/* The program whose installation it is. */
struct gp_patient {
	const char *word; /* of the option --program */
	enum gp_program_bit bit;
	const char *name;
	const char *database_role;
	const char *socket; /* where Debian's and systemd's installations have it */
	enum gp_fastcgi_role role;
	const char *page;  /* what it answers without a database, behind its mount path */
	const char *guard; /* a page that wants a bearer token; NULL for none */
};

struct gp_visit {
	const struct gp_patient *patient;
	const char *url;              /* of the API behind the web server; NULL: not asked */
	const char *socket;           /* as it was given; NULL: the patient's, if it is there */
	const char *file;             /* the settings file, which may be missing */
	struct gp_settings *settings; /* NULL: they could not be read */
	char settings_problem[512];
	PGconn *connection; /* as the worker's role; NULL: none so far */
};

enum gp_finding_kind {
	GP_FINDING_OK = GP_HEALTH_OK,
	GP_FINDING_WARNING = GP_HEALTH_WARNING,
	GP_FINDING_PROBLEM = GP_HEALTH_PROBLEM,
	GP_FINDING_SKIPPED /* not asked, or not to be had */
};

struct gp_finding {
	enum gp_finding_kind kind;
	char text[512];
	const char *remedy; /* NULL: the one in the table */
	char own_remedy[640];
};

typedef void gp_check(struct gp_visit *visit, struct gp_finding *finding);

/* Set what was found. `format` is a sentence without a secret in it. */
void gp_find(struct gp_finding *finding, enum gp_finding_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Set a remedy that fits better than the table's. */
void gp_advise(struct gp_finding *finding, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* doctor_settings.c */
gp_check gp_check_user, gp_check_settings, gp_check_settings_file, gp_check_secret,
    gp_check_older_secrets, gp_check_site, gp_check_access_rules;

/* doctor_database.c */
gp_check gp_check_database, gp_check_server, gp_check_encoding, gp_check_migrations, gp_check_role,
    gp_check_row_security, gp_check_ready, gp_check_sessions, gp_check_passwords, gp_check_sign_in,
    gp_check_clock;

/* doctor_isolation.c */
gp_check gp_check_isolation;

/* doctor_keys.c */
gp_check gp_check_keys;

/* doctor_places.c */
gp_check gp_check_state_directory, gp_check_cache_directory, gp_check_socket, gp_check_workers;

/* doctor_web.c */
gp_check gp_check_web_server;

/* doctor_notify.c */
gp_check gp_check_changes, gp_check_listening;

/* Judge an address and a port. */
void gp_judge_notifier_address(const char *place, struct gp_finding *finding);

/* Ask gatepost-notifyd at its place. */
void gp_check_notifier(const struct gp_visit *visit, const char *place, struct gp_finding *finding);

/* Ask for a WebSocket at a URL, without a token. */
void gp_check_web_socket(const char *url, struct gp_finding *finding);

/* The address that the patient's workers connect to; NULL for none. */
const char *gp_visit_database_url(const struct gp_visit *visit);

/*
 * A connection as the library makes it, but for pipeline mode.
 *
 *   name   of the setting that `url` is from
 *
 * NULL with the finding filled; else the caller's to finish.
 */
GP_MUST_USE PGconn *gp_visit_connect(
    const struct gp_visit *visit, const char *url, const char *name, struct gp_finding *finding);

/*
 * Run one of the statements in sql/query, with as many texts as it has parameters, NULL for SQL
 * null. Its values are texts. The caller clears the result, whatever it is.
 */
GP_MUST_USE PGresult *gp_visit_run(
    PGconn *connection, enum gp_query query, const char *const *parameters);

#endif
