/* SPDX-License-Identifier: Apache-2.0 */
/* Hides libpq; the only SQL of these tests is here. */
#include "people.h"

#include <libpq-fe.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>

#include "instance.h"
#include "kept.h"
#include "token.h"

enum { VALUES_MAX = 3, SESSION_BYTES = 24 };

static PGconn *owner;

/* Run one statement. A test whose preparation fails can say nothing: the program ends. */
static void
run(const char *statement, const char *const values[VALUES_MAX])
{
	PGresult *result;
	ExecStatusType status;
	int count = 0;

	while (count < VALUES_MAX && values[count] != NULL)
		count++;
	result = PQexecParams(owner, statement, count, NULL, values, NULL, NULL, 0);
	status = PQresultStatus(result);
	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
		fprintf(stderr, "http-tests: %s", PQerrorMessage(owner));
		exit(EXIT_FAILURE);
	}
	PQclear(result);
}

#define RUN(statement, ...) run((statement), (const char *const[VALUES_MAX]){ __VA_ARGS__ })

bool
gp_people_open(void)
{
	if (gp_instance.owner_url == NULL) {
		fputs("http-tests: set GATEPOST_TEST_OWNER_URL to the instance's "
		      "OWNER_DATABASE_URL\n",
		    stderr);
		return false;
	}
	owner = PQconnectdb(gp_instance.owner_url);
	if (PQstatus(owner) != CONNECTION_OK) {
		fprintf(stderr, "http-tests: GATEPOST_TEST_OWNER_URL: %s", PQerrorMessage(owner));
		return false;
	}
	/* "if not exists" would tell each time that it does. */
	RUN("set client_min_messages = warning", NULL);
	return true;
}

void
gp_people_close(void)
{
	PQfinish(owner);
}

const char *
gp_person_email(const char *id)
{
	return gp_kept_text("%s@row.example", id);
}

struct gp_user
gp_person_named(const char *id)
{
	RUN("insert into public.\"user\" (id, name, email, \"emailVerified\") values ($1, $2, $3, true)",
	    id, GP_PERSON_NAME, gp_person_email(id));
	return (struct gp_user){ .id = id, .token = gp_token_for(id) };
}

struct gp_user
gp_person_new(void)
{
	return gp_person_named(gp_instance_new_user());
}

void
gp_person_set_email(const char *id, const char *email)
{
	RUN("update public.\"user\" set email = $2 where id = $1", id, email);
}

/* As many characters as Better Auth's tokens have, of the same kind but without - and _. */
static const char *
random_token(void)
{
	unsigned char bytes[SESSION_BYTES];
	char *token;

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		abort();
	token = gp_kept_text("%s", gp_token_encode(bytes, sizeof(bytes)));
	for (char *c = token; *c != '\0'; c++) {
		if (*c == '-' || *c == '_')
			*c = 'x';
	}
	return token;
}

const char *
gp_person_session(const char *id, int lifetime_s)
{
	const char *token = random_token();

	RUN("insert into public.session (id, token, \"userId\", \"expiresAt\", \"updatedAt\")"
	    " values ('id of ' || $1::text, $1, $2, now() + $3::interval, now())",
	    token, id, gp_kept_text("%d seconds", lifetime_s));
	return token;
}

void
gp_person_sign_out(const char *session)
{
	RUN("delete from public.session where token = $1", session);
}

void
gp_person_remove(const char *id)
{
	RUN("delete from public.\"user\" where id = $1", id);
}

/* The columns come with the plugin, which nothing else here needs. */
static void
add_ban_columns(void)
{
	RUN("alter table public.\"user\" add column if not exists banned boolean,"
	    " add column if not exists \"banExpires\" timestamptz",
	    NULL);
}

void
gp_person_ban(const char *id)
{
	add_ban_columns();
	RUN("update public.\"user\" set banned = true where id = $1", id);
}

void
gp_person_ban_for(const char *id, int duration_s)
{
	add_ban_columns();
	RUN("update public.\"user\" set banned = true, \"banExpires\" = now() + $2::interval"
	    " where id = $1",
	    id, gp_kept_text("%d seconds", duration_s));
}

/* Row-level security binds the owner too: who the rows are for is said as a worker says it. */
void
gp_person_tasks(const char *id, int count)
{
	RUN("select set_config('gatepost.user_id', $1, false)", id);
	RUN("insert into gatepost.task (user_id, title)"
	    " select $1::text, 'task ' || n from generate_series(0, $2::int - 1) as n",
	    id, gp_kept_text("%d", count));
}

void
gp_person_long_tasks(const char *id, int count, const char *unit)
{
	RUN("select set_config('gatepost.user_id', $1, false)", id);
	RUN("insert into gatepost.task (user_id, title, description)"
	    " select $1::text, 'task ' || n, repeat($3::text, 10000) from generate_series(0, $2::int - 1) as n",
	    id, gp_kept_text("%d", count), unit);
}
