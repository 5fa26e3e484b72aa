/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gatepost-doctor: looks at an installation from the operator's side and says what is wrong with it
 * and what to do. It changes nothing.
 */
#include <curl/curl.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doctor.h"

extern char **environ;

static const struct gp_patient patients[] = {
	{ "api", GP_PROGRAM_API, "gatepost.fcgi", "gatepost_api", "/run/gatepost/gatepost.sock",
	    GP_FASTCGI_RESPONDER, "/healthz", "/tasks" },
	{ "auth", GP_PROGRAM_AUTH, "gatepost-auth.fcgi", "gatepost_auth",
	    "/run/gatepost/gatepost-auth.sock", GP_FASTCGI_RESPONDER, "/ok", NULL },
	{ "authorizer", GP_PROGRAM_AUTHORIZER, "gatepost-authorizer.fcgi", "gatepost_api",
	    "/run/gatepost/gatepost-authorizer.sock", GP_FASTCGI_AUTHORIZER, "/", "" },
	{ "notify", GP_PROGRAM_NOTIFY, "gatepost-notifyd", "gatepost_notify",
	    "/run/gatepost/gatepost-notifyd.sock", GP_FASTCGI_RESPONDER, NULL,
	    "/ws/notifications" },
};

/* Every wait has its own limit but those for statements, which may meet a lock. */
enum { LONGEST_VISIT_S = 120 };

enum need { NOTHING, SETTINGS, DATABASE };

/* In this order; a check comes behind those that it rests on. */
static const struct check {
	const char *name;
	gp_check *check;
	enum need need;
	const char *meaning; /* what holds when all is well */
	const char *remedy;
} checks[] = {
	{ "user", gp_check_user, NOTHING, "runs as a user who is bound by permissions",
	    "run it as the user of the workers, for whom permissions count: runuser -u www-data -- gatepost-doctor" },
	{ "settings", gp_check_settings, NOTHING, "all can be read and have sound values",
	    "correct it in the file or the environment; gatepost.env(5) has every setting" },
	{ "settings file", gp_check_settings_file, NOTHING, "only its owner and group read it",
	    "chmod 640 it, and chgrp it to the group of the workers" },
	{ "secret", gp_check_secret, SETTINGS, "long, and nothing that could be guessed",
	    "a new one for this and Better Auth: openssl rand -hex 32; rotate with BETTER_AUTH_SECRETS" },
	{ "older secrets", gp_check_older_secrets, SETTINGS, "none verifies tokens any more",
	    "set JWT_ACCEPT_PREVIOUS_SECRETS=off once the last token of the older secret has expired" },
	{ "site", gp_check_site, SETTINGS, "is served over https",
	    "BETTER_AUTH_URL=https://..., and TLS in the web server: tokens and passwords can be read on the way" },
	{ "access rules", gp_check_access_rules, SETTINGS, "are sound",
	    "correct the line in ACCESS_RULES; gatepost-authorizer.fcgi(8) has their form" },
	{ "database", gp_check_database, SETTINGS, "takes the role of the workers",
	    "see whether PostgreSQL runs, and host, port, user, password and database in the address" },
	{ "server", gp_check_server, DATABASE, "PostgreSQL 13 or later", "upgrade PostgreSQL" },
	{ "encoding", gp_check_encoding, DATABASE, "UTF8",
	    "make a database with: createdb --encoding=UTF8 --template=template0" },
	{ "migrations", gp_check_migrations, DATABASE, "all have been applied",
	    "run gatepost-migrate with OWNER_DATABASE_URL; when that finds nothing to do, something was dropped by hand: gatepost-migrate --print has its SQL" },
	{ "role", gp_check_role, DATABASE, "is bound by row-level security",
	    "connect as gatepost_api; of this role: alter role ... nosuperuser nobypassrls" },
	{ "row security", gp_check_row_security, DATABASE, "is enabled and forced, with its policy",
	    "as the owner: alter table gatepost.task enable row level security, force row level security" },
	{ "isolation", gp_check_isolation, DATABASE,
	    "a made-up user could not see, change, remove or forge the task of another",
	    "stop the workers; as the owner compare the policies of gatepost.task with 002_task in gatepost-migrate --print" },
	{ "ready", gp_check_ready, DATABASE, "a worker would be let in and find its tables",
	    "see the checks above; then gatepost-migrate" },
	{ "sessions", gp_check_sessions, DATABASE, "can be looked up; a made-up token opens none",
	    "run gatepost-migrate, there too where AUTH_DATABASE_URL is set, and make the grants that it prints" },
	{ "passwords", gp_check_passwords, DATABASE, "Better Auth's tables are for sign-in alone",
	    "the owner of the tables: revoke all on public.\"user\", public.session, public.account, public.verification, public.jwks from public, gatepost_api" },
	{ "sign-in", gp_check_sign_in, SETTINGS, "its role can use Better Auth's tables",
	    "SIGN_IN_DATABASE_URL with role gatepost_auth; then gatepost-migrate, and the grants that it prints" },
	{ "clock", gp_check_clock, DATABASE, "agrees with the database's",
	    "set both by NTP (systemd-timesyncd, chrony)" },
	{ "keys", gp_check_keys, SETTINGS, "can be read",
	    "see JWKS_FILE, JWKS_URL and Better Auth's jwks table" },
	{ "changes", gp_check_changes, DATABASE, "are noted, and can be told",
	    "NOTIFY_DATABASE_URL with role gatepost_notify, or the owner; then gatepost-migrate" },
	{ "listening", gp_check_listening, DATABASE, "notifications arrive",
	    "NOTIFY_DATABASE_URL: PostgreSQL itself, or a pooler in session mode; transaction mode (PgBouncer) loses LISTEN" },
	{ "state directory", gp_check_state_directory, SETTINGS, "is the workers' own",
	    "install -d -o www-data -g www-data -m 0750 it, or set STATE_DIRECTORY to another" },
	{ "key cache", gp_check_cache_directory, SETTINGS, "is the workers' own",
	    "install -d -o www-data -g www-data -m 0700 it, or set JWKS_CACHE_DIRECTORY to another" },
	{ "socket", gp_check_socket, NOTHING, "is for the web server alone",
	    "mode 0660 (spawn-fcgi -M 0660) in a directory that only root or the workers may write in: who can write to it can claim to be anybody" },
	{ "workers", gp_check_workers, NOTHING, "answer", "start them, and see their log" },
	{ "web server", gp_check_web_server, NOTHING, "passes the Authorization field on",
	    "see the web server's error log, and the snippets in share/gatepost" },
};

void
gp_find(struct gp_finding *finding, enum gp_finding_kind kind, const char *format, ...)
{
	va_list arguments;

	finding->kind = kind;
	va_start(arguments, format);
	vsnprintf(finding->text, sizeof(finding->text), format, arguments);
	va_end(arguments);
}

void
gp_advise(struct gp_finding *finding, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(finding->own_remedy, sizeof(finding->own_remedy), format, arguments);
	va_end(arguments);
	finding->remedy = finding->own_remedy;
}

static int
print_help(FILE *out)
{
	fputs(
	    "gatepost-doctor [--program api|auth|authorizer|notify] [--url URL] [--socket PATH]\n"
	    "  checks an installation, says of each thing whether it is ok, a warning or a problem,\n"
	    "  and what to do; run it as the user of the workers\n"
	    "  --program P     whose: gatepost.fcgi (api, the default), gatepost-auth.fcgi,\n"
	    "                  gatepost-authorizer.fcgi or gatepost-notifyd (notify)\n"
	    "  --url URL       base address of the API behind the web server: asks it whether a token\n"
	    "                  arrives; with authorizer a guarded address,\n"
	    "                  with notify whether a WebSocket gets through\n"
	    "  --socket PATH   of the workers, where it is not in /run/gatepost\n"
	    "  --list          print what is checked\n"
	    "  --version       print the version\n"
	    "Settings come from the environment, then from the file that GATEPOST_ENV names\n"
	    "(default " GATEPOST_ENV_DEFAULT ").\n",
	    out);
	return out == stdout ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int
print_list(void)
{
	for (size_t i = 0; i < GP_COUNT(checks); i++)
		printf("%-16s %s\n", checks[i].name, checks[i].meaning);
	return EXIT_SUCCESS;
}

static void
run_check(const struct check *check, struct gp_visit *visit, struct gp_finding *finding)
{
	*finding = (struct gp_finding){ .kind = GP_FINDING_OK, .remedy = check->remedy };
	if (check->need != NOTHING && visit->settings == NULL)
		gp_find(finding, GP_FINDING_SKIPPED, "needs settings that can be read");
	else if (check->need == DATABASE && visit->connection == NULL)
		gp_find(finding, GP_FINDING_SKIPPED, "needs the database");
	else
		check->check(visit, finding);
	if (finding->text[0] == '\0')
		gp_find(finding, finding->kind, "%s", check->meaning);
}

/* What libraries say may come from elsewhere: one line, and nothing that a terminal obeys. */
static void
print_line(const char *before, const char *text)
{
	fputs(before, stdout);
	for (; *text != '\0'; text++)
		putchar((unsigned char)*text < 0x20 || *text == 0x7f ? ' ' : *text);
	putchar('\n');
}

static void
print_finding(const struct check *check, const struct gp_finding *finding)
{
	static const char *const words[] = {
		[GP_FINDING_OK] = "ok",
		[GP_FINDING_WARNING] = "warning",
		[GP_FINDING_PROBLEM] = "problem",
		[GP_FINDING_SKIPPED] = "-",
	};
	char before[40];

	snprintf(before, sizeof(before), "%-8s %-16s ", words[finding->kind], check->name);
	print_line(before, finding->text);
	if (finding->kind == GP_FINDING_WARNING || finding->kind == GP_FINDING_PROBLEM)
		print_line("         remedy: ", finding->remedy);
	fflush(stdout);
}

/* All checks. Returns the status of the process. */
static int
visit_patient(struct gp_visit *visit)
{
	unsigned counts[GP_FINDING_SKIPPED + 1] = { 0 };

	for (size_t i = 0; i < GP_COUNT(checks); i++) {
		struct gp_finding finding;

		run_check(&checks[i], visit, &finding);
		print_finding(&checks[i], &finding);
		counts[finding.kind]++;
	}
	printf("ok %u, warning %u, problem %u\n", counts[GP_FINDING_OK], counts[GP_FINDING_WARNING],
	    counts[GP_FINDING_PROBLEM]);
	return counts[GP_FINDING_PROBLEM] == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void
give_up(int number)
{
	static const char words[] =
	    "problem  the next check takes too long; two minutes are over\n";

	(void)number;
	if (write(STDOUT_FILENO, words, sizeof(words) - 1) < 0)
		_exit(EXIT_FAILURE); /* nowhere left to say so */
	_exit(EXIT_FAILURE);
}

static void
limit_visit(void)
{
	const struct sigaction end = { .sa_handler = give_up };

	if (sigaction(SIGALRM, &end, NULL) == 0)
		alarm(LONGEST_VISIT_S);
}

static int
visit_and_leave(struct gp_visit *visit)
{
	const char *named = getenv("GATEPOST_ENV");
	int status;

	visit->file = named != NULL && named[0] != '\0' ? named : GATEPOST_ENV_DEFAULT;
	visit->settings = gp_settings_load(environ, GATEPOST_ENV_DEFAULT, visit->patient->bit,
	    visit->settings_problem, sizeof(visit->settings_problem));
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		fputs("gatepost-doctor: libcurl cannot start\n", stderr);
		return EXIT_FAILURE;
	}
	limit_visit();
	status = visit_patient(visit);
	curl_global_cleanup();
	PQfinish(visit->connection);
	gp_settings_free(visit->settings);
	return status;
}

/* NULL for a word that is none of them. */
static const struct gp_patient *
find_patient(const char *word)
{
	for (size_t i = 0; i < GP_COUNT(patients); i++) {
		if (strcmp(patients[i].word, word) == 0)
			return &patients[i];
	}
	return NULL;
}

int
main(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "program", required_argument, NULL, 'p' },
		{ "url", required_argument, NULL, 'u' },
		{ "socket", required_argument, NULL, 's' },
		{ "list", no_argument, NULL, 'l' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'v' },
		{ NULL, 0, NULL, 0 },
	};
	struct gp_visit visit = { .patient = &patients[0] };
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'p': visit.patient = find_patient(optarg); break;
		case 'u': visit.url = optarg; break;
		case 's': visit.socket = optarg; break;
		case 'l': return print_list();
		case 'h': return print_help(stdout);
		case 'v': puts("gatepost-doctor " GATEPOST_VERSION); return EXIT_SUCCESS;
		default: return print_help(stderr);
		}
		if (visit.patient == NULL)
			return print_help(stderr);
	}
	if (optind != argc)
		return print_help(stderr);
	return visit_and_leave(&visit);
}
