/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks of what gatepost-notifyd lives on: changes that are noted, a connection that hears of
 * them, its own socket, and a web server that lets WebSockets through.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "clock.h"
#include "doctor.h"
#include "random_text.h"
#include "web_client.h"
#include "web_socket.h"

enum {
	HEARING_MS = 2000, /* for a notification to arrive; it takes no more than a round trip */
	/* What the daemon closes a connection with. */
	CLOSE_UNAUTHORIZED = 4001,
	CLOSE_TRY_LATER = 1013,
};

static const char for_notifier[] = "is for gatepost-notifyd";

static bool
is_notifier(const struct gp_visit *visit, struct gp_finding *finding)
{
	if (visit->patient->bit == GP_PROGRAM_NOTIFY)
		return true;
	gp_find(finding, GP_FINDING_SKIPPED, for_notifier);
	return false;
}

/* --- changes --- */

/* Columns of inspect_changes.sql. */
enum { CHANGES_LACKING, CHANGES_NOTED, CHANGES_RELAYED };

static void
judge_changes(const PGconn *connection, const PGresult *result, struct gp_finding *finding)
{
	if (PQgetvalue(result, 0, CHANGES_NOTED)[0] != 't') {
		gp_find(finding, GP_FINDING_PROBLEM,
		    "the trigger task_change of gatepost.task is switched off, or missing");
		gp_advise(finding,
		    "as the owner: alter table gatepost.task enable trigger task_change; where it "
		    "is missing: gatepost-migrate");
	} else if (!PQgetisnull(result, 0, CHANGES_LACKING)) {
		gp_find(finding, GP_FINDING_PROBLEM, "%s may not use: %s", PQuser(connection),
		    PQgetvalue(result, 0, CHANGES_LACKING));
	} else {
		gp_find(finding, GP_FINDING_OK, "are noted; %s",
		    PQgetvalue(result, 0, CHANGES_RELAYED)[0] == 't'
			? "a daemon moves them"
			: "at present no daemon moves them");
	}
}

void
gp_check_changes(struct gp_visit *visit, struct gp_finding *finding)
{
	PGresult *result;

	if (!is_notifier(visit, finding))
		return;
	result = gp_visit_run(visit->connection, GP_QUERY_INSPECT_CHANGES, NULL);
	if (PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1)
		judge_changes(visit->connection, result, finding);
	else
		gp_find(finding, GP_FINDING_PROBLEM, "the database refuses to say");
	PQclear(result);
}

/* --- hearing of them --- */

static bool
run_plain(PGconn *connection, const char *statement)
{
	PGresult *result = PQexec(connection, statement);
	ExecStatusType status = PQresultStatus(result);

	PQclear(result);
	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* Whether the server knows a connection by the number that we were given for it. */
static bool
is_direct(PGconn *connection)
{
	PGresult *result = PQexec(connection, "select pg_catalog.pg_backend_pid()");
	bool direct = PQresultStatus(result) == PGRES_TUPLES_OK &&
		      atoi(PQgetvalue(result, 0, 0)) == PQbackendPID(connection);

	PQclear(result);
	return direct;
}

static bool
send_word(PGconn *connection, const char *word)
{
	const char *const parameters[] = { word };
	PGresult *result =
	    PQexecParams(connection, "select pg_catalog.pg_notify('gatepost_doctor', $1)", 1, NULL,
		parameters, NULL, NULL, 0);
	bool sent = PQresultStatus(result) == PGRES_TUPLES_OK;

	PQclear(result);
	return sent;
}

/* Wait for the word; nothing may be asked meanwhile, as a pooler passes on what comes with an
 * answer. */
static bool
hear_word(PGconn *connection, const char *word)
{
	const int64_t ends_at_ms = gp_clock_elapsed_ms() + HEARING_MS;
	struct pollfd one = { .fd = PQsocket(connection), .events = POLLIN };
	bool heard = false;

	while (!heard) {
		int64_t left_ms = ends_at_ms - gp_clock_elapsed_ms();
		PGnotify *notification;

		if (left_ms <= 0 || poll(&one, 1, (int)left_ms) <= 0 ||
		    PQconsumeInput(connection) == 0)
			return false;
		while ((notification = PQnotifies(connection)) != NULL) {
			heard = heard || strcmp(notification->extra, word) == 0;
			PQfreemem(notification);
		}
	}
	return true;
}

static void
listen_and_tell(PGconn *listener, PGconn *teller, struct gp_finding *finding)
{
	char word[GP_ID_LENGTH + 1];
	bool direct = is_direct(listener);

	if (gp_random_text(word, GP_ID_LENGTH) != GP_OK)
		gp_find(finding, GP_FINDING_SKIPPED, "OpenSSL has no random numbers");
	else if (!run_plain(listener, "listen gatepost_doctor"))
		gp_find(finding, GP_FINDING_PROBLEM, "LISTEN is refused: a standby?");
	else if (!send_word(teller, word))
		gp_find(finding, GP_FINDING_PROBLEM, "NOTIFY is refused: a standby?");
	else if (!hear_word(listener, word))
		gp_find(finding, GP_FINDING_PROBLEM, "notifications do not arrive%s",
		    direct ? "" : ": there is a pooler in between");
	else if (!direct)
		gp_find(finding, GP_FINDING_OK, "notifications arrive, through a pooler");
	/* The connection may be one that a pooler gives to others after us. */
	(void)run_plain(listener, "unlisten gatepost_doctor");
}

void
gp_check_listening(struct gp_visit *visit, struct gp_finding *finding)
{
	PGconn *listener;

	if (!is_notifier(visit, finding))
		return;
	listener =
	    gp_visit_connect(visit, gp_visit_database_url(visit), "NOTIFY_DATABASE_URL", finding);
	if (listener != NULL)
		listen_and_tell(listener, visit->connection, finding);
	PQfinish(listener);
}

/* --- the daemon itself --- */

void
gp_judge_notifier_address(const char *place, struct gp_finding *finding)
{
	char host[128];

	snprintf(host, sizeof(host), "%s", place);
	if (strrchr(host, ':') != NULL)
		*strrchr(host, ':') = '\0';
	if (gp_web_is_loopback(host)) {
		gp_find(finding, GP_FINDING_OK, "%s is on this machine alone", place);
		return;
	}
	gp_find(
	    finding, GP_FINDING_WARNING, "%s can be reached from elsewhere, without TLS", place);
	gp_advise(finding,
	    "NOTIFY_LISTEN=127.0.0.1:9002 or the path of a socket; with a web server on another "
	    "machine a firewall that lets no one else through");
}

/* One page of the daemon. False when it does not answer it with 200. */
static bool
ask_page(
    const struct gp_visit *visit, const char *place, const char *page, struct gp_finding *finding)
{
	const char *mount = visit->settings != NULL ? visit->settings->mount_path : "";
	const bool is_path = place[0] == '/';
	struct gp_web_answer answer;
	char url[512], problem[256];

	snprintf(url, sizeof(url), "http://%s%s%s", is_path ? "localhost" : place, mount, page);
	if (!gp_web_ask(url, is_path ? place : NULL, NULL, &answer, problem, sizeof(problem)))
		gp_find(
		    finding, GP_FINDING_PROBLEM, "nobody can be reached at %s: %s", place, problem);
	else if (answer.status != 200)
		gp_find(finding, GP_FINDING_PROBLEM, "%s%s is answered with HTTP status %ld", mount,
		    page, answer.status);
	else
		return true;
	return false;
}

void
gp_check_notifier(const struct gp_visit *visit, const char *place, struct gp_finding *finding)
{
	gp_advise(finding, "start it (systemctl start gatepost-notifyd), and see its log");
	if (!ask_page(visit, place, "/healthz", finding))
		return;
	gp_advise(finding,
	    "it runs, and its database does not answer, or refuses what it asks: see its log, and "
	    "the checks above");
	if (ask_page(visit, place, "/readyz", finding))
		gp_find(finding, GP_FINDING_OK, "one answers /healthz and /readyz with 200");
}

/* --- the web server --- */

static void
judge_status(long status, struct gp_finding *finding)
{
	gp_find(finding, GP_FINDING_PROBLEM, "HTTP status %ld in place of a WebSocket", status);
	if (status == 426)
		gp_advise(finding,
		    "it does not pass the field Upgrade on; lighttpd: proxy.header = ( \"upgrade\" "
		    "=> \"enable\" ), Apache: upgrade=websocket, before 2.4.47 mod_proxy_wstunnel");
	else if (status >= 500)
		gp_advise(finding,
		    "it does not reach the daemon: see its error log, and what GATEPOST_NOTIFY or "
		    "var.gatepost_notify says; Apache needs the module proxy_http");
	else
		gp_advise(finding,
		    "include gatepost-notify.conf of share/gatepost behind gatepost's own file; "
		    "--url is the address below which /ws/notifications is");
}

static void
judge_socket_answer(const struct gp_web_socket_answer *answer, struct gp_finding *finding)
{
	if (answer->status != 101) {
		judge_status(answer->status, finding);
	} else if (!answer->spoke) {
		gp_find(finding, GP_FINDING_PROBLEM,
		    "a WebSocket is opened, and nothing comes through it");
		gp_advise(finding,
		    "lighttpd: server.stream-response-body = 1, as gatepost-notify.conf has it; any "
		    "proxy in front of the web server has to let WebSockets through, too");
	} else if (answer->code == CLOSE_TRY_LATER) {
		gp_find(finding, GP_FINDING_PROBLEM,
		    "the daemon closes with 1013: it has no database, or too many connections");
		gp_advise(finding, "see its log; NOTIFY_MAX_CONNECTIONS");
	} else if (answer->code != CLOSE_UNAUTHORIZED) {
		gp_find(finding, GP_FINDING_PROBLEM,
		    "whoever has no token is not closed with 4001: this is not gatepost-notifyd");
		gp_advise(finding, "see what answers there");
	} else {
		gp_find(finding, GP_FINDING_OK,
		    "lets WebSockets through: without a token it is closed with 4001");
	}
}

void
gp_check_web_socket(const char *url, struct gp_finding *finding)
{
	struct gp_web_socket_answer answer;
	char problem[256];

	if (gp_web_socket_ask(url, &answer, problem, sizeof(problem)))
		judge_socket_answer(&answer, finding);
	else
		gp_find(finding, GP_FINDING_PROBLEM, "no answer: %s", problem);
}
