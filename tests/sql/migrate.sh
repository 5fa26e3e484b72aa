#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# gatepost-migrate on every kind of database it may meet: empty, migrated, Better Auth's, another
# encoding's, and as owners with and without the right to make roles. Makes and removes a PostgreSQL
# cluster of its own.
#
# usage: GATEPOST_BIN=DIRECTORY tests/sql/migrate.sh      where gatepost-migrate and gatepost.fcgi are

set -u
export LC_ALL=C.UTF-8
tests=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=tests/support/report.sh
. "$tests/support/report.sh"
# shellcheck source=tests/support/cluster.sh
. "$tests/support/cluster.sh"
# shellcheck source=tests/support/migration.sh
. "$tests/support/migration.sh"

migrations_expected() {
	for file in "$tests"/../sql/[0-9]*.sql; do basename "$file" .sql; done
}

applied() { # DATABASE
	superuser "$1" -c "select name from gatepost.migration order by number"
}

is_isolated() { # NAME OWNER-URL URL
	if said=$(OWNER_DATABASE_URL=$2 DATABASE_URL=$3 sh "$tests/sql/isolation.sh" 2>&1); then
		ok "$1"
	else
		not_ok "$1" "$(echo "$said" | grep -v '^ok')"
	fi
}

# --- one user for everything, as shared hosting has it; first, while no role exists ---

single_user() {
	superuser postgres -c 'create role hosted login nosuperuser nocreaterole'
	new_database hosted hosted
	succeeds "single user: it works" "$(url_of hosted hosted)"
	for role in gatepost_api gatepost_auth gatepost_notify; do
		contains "single user: it notes that $role was not made" "$out" "note: role $role not created"
	done
	equals "single user: all migrations are applied" "$(migrations_expected)" "$(applied hosted)"
	is_isolated "single user: the isolation test holds" "$(url_of hosted hosted)" "$(url_of hosted hosted)"
	equals "single user: a worker is ready" 200 "$(ready_status "$(url_of hosted hosted)")"
	snapshot hosted >"$work/before"
	succeeds "single user: a second run works" "$(url_of hosted hosted)"
	snapshot hosted >"$work/after"
	unchanged "single user: a second run changes nothing"
	lacks "single user: a second run applies nothing" "$out" "applied "
}

# --- an owner who may make roles ---

empty_database() {
	superuser postgres -c 'create role owner login nosuperuser createrole'
	new_database fresh owner
	succeeds "empty database: it works" "$(url_of owner fresh)"
	for name in $(migrations_expected); do
		contains "empty database: it says that $name was applied" "$out" "applied $name"
	done
	lacks "empty database: there is nothing to note" "$out" "note:"
	equals "empty database: the roles can log in and bypass nothing" "gatepost_api|t|f|f|f|f
gatepost_auth|t|f|f|f|f
gatepost_notify|t|f|f|f|f" "$(superuser fresh -c "
		select rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole
		from pg_roles where rolname like 'gatepost%' order by rolname")"
	is_isolated "empty database: the isolation test holds" "$(url_of owner fresh)" "$(url_of gatepost_api fresh)"
	equals "empty database: a worker is ready" 200 "$(ready_status "$(url_of gatepost_api fresh)")"
	equals "empty database: gatepost_auth can work on Better Auth's tables" 5 "$(superuser fresh -c "
		select count(*) from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
		    and has_table_privilege('gatepost_auth', oid, 'select') and has_table_privilege('gatepost_auth', oid, 'insert')
		    and has_table_privilege('gatepost_auth', oid, 'update') and has_table_privilege('gatepost_auth', oid, 'delete')")"
}

second_run() {
	snapshot fresh >"$work/before"
	succeeds "second run: it works" "$(url_of owner fresh)"
	equals "second run: it says so" "the database is up to date" "$out"
	snapshot fresh >"$work/after"
	unchanged "second run: it changes nothing"
}

roles_that_are_there_already() {
	superuser postgres -c 'create role other_owner login nosuperuser nocreaterole'
	new_database other other_owner
	succeeds "roles made by somebody else: an owner who may make none works with them" "$(url_of other_owner other)"
	lacks "roles made by somebody else: there is nothing to note" "$out" "note:"
	is_isolated "roles made by somebody else: the isolation test holds" "$(url_of other_owner other)" "$(url_of gatepost_api other)"
}

two_at_once() {
	for round in 1 2 3; do
		new_database "twice$round" owner
		url=$(url_of owner "twice$round")
		for which in a b; do
			GATEPOST_ENV=$work/empty OWNER_DATABASE_URL=$url "$migrate" >"$work/out.$which" 2>"$work/err.$which" &
			eval "process_$which=$!"
		done
		# shellcheck disable=SC2154 # set by eval
		wait "$process_a"; status_a=$?
		# shellcheck disable=SC2154
		wait "$process_b"; status_b=$?
		equals "two at once, round $round: both succeed" "0 0 " "$status_a $status_b $(cat "$work/err.a" "$work/err.b")"
		equals "two at once, round $round: each migration is applied once" "$(migrations_expected)" "$(applied "twice$round")"
		equals "two at once, round $round: one of them did it" "$(migrations_expected)" \
			"$(sed -n 's/^applied //p' "$work/out.a" "$work/out.b" | sort)"
	done
}

# --- Better Auth was there first ---

as_better_auth() { # DATABASE
	psql -X -q -A -t -v ON_ERROR_STOP=1 "$(url_of better_auth "$1")" 2>&1
}

better_auth_tables() {
	superuser postgres -c 'create role better_auth login nosuperuser'
	new_database existing owner
	superuser existing -c 'grant create on schema public to better_auth'
	# What Better Auth's own migration makes, and what a plugin adds.
	{
		cat "$tests/../sql/001_better_auth.sql"
		echo 'alter table public."user" add column "twoFactorEnabled" boolean default false;'
		echo 'create index plugin_idx on public.session ("ipAddress");'
		echo "insert into public.\"user\" (id, name, email, \"emailVerified\") values ('u1', 'One', 'one@example.com', true);"
	} | as_better_auth existing
	"$cluster_bin/pg_dump" -n public "postgresql://postgres@$cluster_host/existing" | grep -v '^\\\(un\)\{0,1\}restrict ' >"$work/before"
	succeeds "Better Auth's tables: it works" "$(url_of owner existing)"
	"$cluster_bin/pg_dump" -n public "postgresql://postgres@$cluster_host/existing" | grep -v '^\\\(un\)\{0,1\}restrict ' >"$work/after"
	unchanged "Better Auth's tables: nothing of them is altered"
	for relation in 'public."user"' public.session public.account public.verification public.jwks; do
		contains "Better Auth's tables: it notes the grant on $relation" "$out" \
			"note: the owner of $relation must run: grant select, insert, update, delete on $relation to gatepost_auth"
	done
	for relation in 'public."user"' public.session public.jwks; do
		contains "Better Auth's tables: it notes that we have to read $relation" "$out" \
			"note: the owner of $relation must run: grant select on $relation to owner"
	done
	is_isolated "Better Auth's tables: the isolation test holds" "$(url_of owner existing)" "$(url_of gatepost_api existing)"
	echo 'grant select on public."user" to gatepost_auth;' | as_better_auth existing
	succeeds "Better Auth's tables: a run after half a grant works" "$(url_of owner existing)"
	contains "Better Auth's tables: half a grant is not enough" "$out" 'note: the owner of public."user" must run'
	sed -n 's/^note: the owner of .* must run: \(.*\)$/\1;/p' "$work/out" >"$work/grants"
	equals "Better Auth's tables: its owner can run the grants as noted" "" "$(as_better_auth existing <"$work/grants")"
	succeeds "Better Auth's tables: a run after the grants works" "$(url_of owner existing)"
	lacks "Better Auth's tables: after the grants there is nothing to note" "$out" "note:"
	equals "Better Auth's tables: after the grants the workers find its users" u1 "$(psql -X -q -A -t "$(url_of gatepost_api existing)" \
		-c "select user_id from gatepost.caller_by_user('u1')" 2>&1)"
	equals "Better Auth's tables: after the grants the workers find its keys" 0 "$(psql -X -q -A -t "$(url_of gatepost_api existing)" \
		-c "select count(*) from gatepost.verification_keys()" 2>&1)"
}

# Without its jwt plugin and its own rate limit Better Auth has four tables.
some_of_its_tables() {
	new_database partly owner
	superuser partly -c 'grant create on schema public to better_auth'
	{
		cat "$tests/../sql/001_better_auth.sql"
		echo 'drop table public.jwks, public."rateLimit";'
	} | as_better_auth partly
	succeeds "four of Better Auth's tables: it works" "$(url_of owner partly)"
	equals "four of Better Auth's tables: the others are made" "jwks|owner
rateLimit|owner" "$(superuser partly -c "select relname, pg_get_userbyid(relowner) from pg_class
		where relnamespace = 'public'::regnamespace and relkind = 'r' and pg_get_userbyid(relowner) <> 'better_auth' order by relname")"
	lacks "four of Better Auth's tables: nothing is noted about the new ones" "$out" 'owner of public.jwks'
	contains "four of Better Auth's tables: the grants on the old ones are noted" "$out" 'owner of public.account'
}

# --- refusals ---

fails_in_one_line() { # NAME PART-OF-THE-LINE
	if [ "$status" -ne 0 ] && [ "$(wc -l <"$work/err")" = 1 ]; then
		contains "$1" "$err" "$2"
	else
		not_ok "$1" "status $status, standard error: $err"
	fi
}

other_encodings() {
	for encoding in SQL_ASCII LATIN1; do
		database=in_$(echo "$encoding" | tr '[:upper:]' '[:lower:]')
		new_database "$database" owner "template template0 encoding '$encoding' lc_collate 'C' lc_ctype 'C'"
		run_migrate "$(url_of owner "$database")"
		fails_in_one_line "encoding $encoding: it is refused in one line" "$encoding"
		equals "encoding $encoding: nothing is made" "" "$(superuser "$database" -c "select to_regnamespace('gatepost')")"
		equals "encoding $encoding: a worker is not ready" 503 "$(ready_status "$(url_of gatepost_api "$database")")"
	done
}

bypassing_roles() {
	for power in bypassrls superuser; do
		superuser postgres -c "alter role gatepost_api $power"
		run_migrate "$(url_of owner fresh)"
		if [ "$status" -ne 0 ]; then
			contains "gatepost_api with $power: it is refused" "$err" "role gatepost_api can bypass row-level security"
		else
			not_ok "gatepost_api with $power: it is refused" "$out"
		fi
		equals "gatepost_api with $power: a worker does not serve with it" 503 "$(ready_status "$(url_of gatepost_api fresh)")"
		contains "gatepost_api with $power: the worker says why" "$(cat "$work/worker")" "database_unbound"
		superuser postgres -c "alter role gatepost_api no$power"
	done
	equals "gatepost_api as it was: a worker is ready again" 200 "$(ready_status "$(url_of gatepost_api fresh)")"
}

half_a_migration() {
	new_database half owner
	psql -X -q "$(url_of owner half)" -c 'create schema gatepost' -c 'create table gatepost.task (in_the_way text)'
	run_migrate "$(url_of owner half)"
	if [ "$status" -ne 0 ]; then ok "a migration that fails: the status says so"; else not_ok "a migration that fails: the status says so" "$out"; fi
	equals "a migration that fails: those before it stay" "001_better_auth" "$(applied half)"
	equals "a migration that fails: it leaves no trace" "" "$(superuser half -c "
		select proname from pg_proc where pronamespace = 'gatepost'::regnamespace")"
	psql -X -q "$(url_of owner half)" -c 'drop table gatepost.task'
	succeeds "a migration that failed: once its cause is gone it works" "$(url_of owner half)"
	equals "a migration that failed: all are applied then" "$(migrations_expected)" "$(applied half)"
}

older_schema() { # as after an update of the programs alone
	new_database older owner
	succeeds "older schema: it is made" "$(url_of owner older)"
	superuser older -c 'drop function gatepost.task_is_foreign(bigint); alter table gatepost.task drop column version' >/dev/null
	equals "older schema: a worker is not ready" 503 "$(ready_status "$(url_of gatepost_api older)")"
}

# Back to before two migrations, as a database of then has it.
undo_two() { # DATABASE
	psql -X -q "$(url_of owner "$1")" -c 'drop table gatepost.change; drop function gatepost.note_change() cascade;
		drop function gatepost.relay_begin(), gatepost.relay_turn(xid8, boolean), gatepost.relay_rest(), gatepost.tasks_as_they_stand(jsonb);
		drop function gatepost.task_is_foreign(bigint); drop trigger task_version on gatepost.task;
		drop function gatepost.count_change(); alter table gatepost.task drop column version;
		delete from gatepost.migration where number > 3' 2>&1 | grep -v '^NOTICE\|^DETAIL'
}

# Somebody reads in a long transaction while the table is to be altered: requests do not wait behind us.
held_lock() {
	new_database held owner
	succeeds "a lock that is held: the schema is made" "$(url_of owner held)"
	undo_two held
	psql -X -q "$(url_of owner held)" -c 'begin; select from gatepost.task; select pg_sleep(4)' >/dev/null &
	holder=$!
	sleep 0.5
	GATEPOST_ENV=$work/empty OWNER_DATABASE_URL=$(url_of owner held) "$migrate" >"$work/out" 2>"$work/err" &
	waiting=$!
	sleep 0.5
	equals "a lock that is held: requests do not wait until it is let go" 0 "$(psql -X -q -A -t "$(url_of gatepost_api held)" \
		-c "set statement_timeout = '2s'" -c "select count(*) from gatepost.task" 2>&1)"
	wait $holder
	wait $waiting
	equals "a lock that is held: the migration succeeds afterwards" "0, " "$?, $(cat "$work/err")"
	contains "a lock that is held: the operator is told" "$(cat "$work/out")" "waits for a lock"
	equals "a lock that is held: all are applied then" "$(migrations_expected)" "$(applied held)"
}

bad_addresses() {
	for bad in "nonsense://hunter2" "postgresql://owner:hunter2@$cluster_host/absent" \
		"postgresql://absent:hunter2@$cluster_host/fresh" "postgresql://owner:hunter2@127.0.0.1:1/fresh"; do
		run_migrate "$bad"
		shown=$(echo "$bad" | sed "s,$cluster_host,HOST,")
		if [ "$status" -ne 0 ] && [ -n "$err" ]; then
			lacks "$shown: it is refused without a password in the text" "$err$out" hunter2
		else
			not_ok "$shown: it is refused" "status $status, $out"
		fi
	done
	run_migrate ""
	fails_in_one_line "no OWNER_DATABASE_URL: one line names it" OWNER_DATABASE_URL
}

single_user
empty_database
second_run
roles_that_are_there_already
two_at_once
better_auth_tables
some_of_its_tables
other_encodings
bypassing_roles
half_a_migration
older_schema
held_lock
bad_addresses
finish
