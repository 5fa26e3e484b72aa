#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Better Auth's tables in both spellings, its own and Drizzle's: which statements work on them, for whom,
# what gatepost-migrate makes of them when they change, and that a time means the same instant to all.
# Makes and removes a PostgreSQL cluster of its own.
#
# usage: GATEPOST_BIN=DIRECTORY tests/sql/better-auth-tables.sh      where gatepost-migrate and gatepost.fcgi are

set -u
export LC_ALL=C.UTF-8
tests=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=tests/support/report.sh
. "$tests/support/report.sh"
# shellcheck source=tests/support/cluster.sh
. "$tests/support/cluster.sh"
# shellcheck source=tests/support/migration.sh
. "$tests/support/migration.sh"

tables='"user" session account verification jwks'

as_role() { # ROLE DATABASE SQL: errors are five characters
	printf '%s\n' "$3" | psql -X -q -A -t -v ON_ERROR_STOP=1 -v VERBOSITY=sqlstate "$(url_of "$1" "$2")" 2>&1
}

as_program() { # ROLE DATABASE SQL: on a connection as the programs set it up
	printf '%s\n' "prepare connection_check as
		$(cat "$tests/../sql/query/connection_check.sql");
		execute connection_check('5000ms', false) \\gset
		$3" | psql -X -q -A -t -v ON_ERROR_STOP=1 -v VERBOSITY=sqlstate "$(url_of "$1" "$2")" 2>&1
}

refused() { # NAME SQLSTATE GIVEN
	case $3 in
	*"ERROR:  $2"*) ok "$1" ;;
	*) not_ok "$1" "expected ERROR $2, given: $3" ;;
	esac
}

drizzle_tables() { # ROLE DATABASE
	psql -X -q -A -t -v ON_ERROR_STOP=1 "$(url_of "$1" "$2")" -f "$tests/sql/drizzle.sql" 2>&1
}

tables_of() { # DATABASE: their definitions, rights and rows, but for the one that we add to Drizzle's
	"$cluster_bin/pg_dump" -n public -T 'public."rateLimit"' "$(url_of postgres "$1")" | grep -v '^\\\(un\)\{0,1\}restrict '
}

views() { # DATABASE
	superuser "$1" -c "select relname from pg_class
		where relnamespace = 'gatepost'::regnamespace and relkind = 'v' order by relname" | tr '\n' ' ' | sed 's/ $//'
}

columns() { # DATABASE RELATION
	superuser "$1" -c "select string_agg(attname, ' ' order by attnum) from pg_attribute
		where attrelid = '$2'::regclass and attnum > 0 and not attisdropped"
}

# --- what the sign-in program does with them: statements whose parameters are texts ---

statements() {
	cat <<'EOF'
prepare sign_up (text, text, text, text, text, text, text) as
with made as (
    insert into "user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
    values ($1, $2, $3, false, $7::timestamptz, $7::timestamptz)
    on conflict do nothing
    returning id, name, email, "emailVerified", image, "createdAt", "updatedAt"
), credential as (
    insert into account (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
    select $4, id, 'credential', id, $5, "createdAt", "updatedAt" from made
    returning "userId"
), opened as (
    insert into session (id, token, "userId", "expiresAt", "ipAddress", "userAgent", "createdAt", "updatedAt")
    select $6, 'token-' || $6, id, $7::timestamptz + interval '7 days', '', 'curl', "createdAt", "updatedAt" from made
    returning token, "expiresAt", "userId"
)
select made.id, made."emailVerified", opened.token, extract(epoch from opened."expiresAt"::timestamptz)
from made, credential, opened;
prepare refresh (text, text) as
update session set "expiresAt" = date_trunc('milliseconds', now() + make_interval(secs => $2::double precision)), "updatedAt" = now()
where token = $1 and "expiresAt" > now()
returning "userId", round(extract(epoch from "expiresAt"::timestamptz - now())), "expiresAt"::timestamptz = date_trunc('milliseconds', "expiresAt"::timestamptz);
prepare live (text) as
select "user".email, session."userId" from session join "user" on "user".id = session."userId"
where session.token = $1 and session."expiresAt" > now();
prepare note (text, text, text) as
insert into verification (id, identifier, value, "expiresAt", "createdAt", "updatedAt")
values ($1, $1, $2, $3::timestamptz, now(), now());
prepare spend (text) as
delete from verification where identifier = $1 and "expiresAt" > now() returning value;
EOF
}

judge_statements() { # NAME ROLE DATABASE
	equals "$1: an account is made in one statement" "u1|f|token-s1|1910217600.678000" "$(as_program "$2" "$3" "$(statements)
		execute sign_up('u1', 'One', 'one@example.com', 'a1', 'hash', 's1', '2030-07-07T00:00:00.678Z');")"
	equals "$1: a second one of the same address is not, and nothing of it" "0 1 1 1" "$(as_program "$2" "$3" "$(statements)
		execute sign_up('u2', 'Two', 'one@example.com', 'a2', 'hash', 's2', '2030-07-07T00:00:00.678Z') \\g /dev/null
		select concat_ws(' ', (select count(*) from session where id = 's2'), (select count(*) from \"user\"), (select count(*) from account), (select count(*) from session));")"
	equals "$1: a conflict with a named column does nothing" 0 "$(as_program "$2" "$3" "
		with made as (insert into \"user\" (id, name, email, \"emailVerified\") values ('u3', 'Three', 'one@example.com', true)
			on conflict (email) do nothing returning 1) select count(*) from made;")"
	equals "$1: a conflict can update" "Uno" "$(as_program "$2" "$3" "
		insert into \"user\" as u (id, name, email, \"emailVerified\") values ('u3', 'Uno', 'one@example.com', true)
			on conflict (email) do update set name = excluded.name, \"emailVerified\" = u.\"emailVerified\" returning name;")"
	equals "$1: a session is refreshed, to the millisecond" "u1|3600|t" "$(as_program "$2" "$3" "$(statements)
		execute refresh('token-s1', '3600');")"
	equals "$1: a session of the past is not" "" "$(as_program "$2" "$3" "$(statements)
		execute refresh('token-s1', '-60') \\g /dev/null
		execute refresh('token-s1', '3600'); execute live('token-s1');")"
	equals "$1: a token is spent once" "secret" "$(as_program "$2" "$3" "$(statements)
		execute note('reset-1', 'secret', to_char(now() + interval '10 minutes', 'YYYY-MM-DD\"T\"HH24:MI:SS.MSOF'));
		execute spend('reset-1'); execute spend('reset-1');")"
	equals "$1: a token of the past is not spent" "" "$(as_program "$2" "$3" "$(statements)
		execute note('reset-2', 'secret', to_char(now() - interval '1 minute', 'YYYY-MM-DD\"T\"HH24:MI:SS.MSOF'));
		execute spend('reset-2');")"
	equals "$1: a row can be locked" u1 "$(as_program "$2" "$3" "select id from \"user\" where id = 'u1' for update;")"
	equals "$1: a key is written and read" 'k1|"locked"|EdDSA' "$(as_program "$2" "$3" "
		insert into jwks (id, \"publicKey\", \"privateKey\", \"createdAt\", alg) values ('k1', '{}', '\"locked\"', now(), 'EdDSA');
		select id, \"privateKey\", alg from jwks where \"expiresAt\" is null or \"expiresAt\" > now() order by \"createdAt\" desc;")"
}

# What an application writes with `new Date().toISOString()`, into whatever kind of column it has.
judge_times() { # NAME ROLE DATABASE EXPIRES-AT ROLE-OF-THE-TASK-API
	for zone in America/New_York Asia/Kolkata; do
		superuser "$3" -c "alter database $3 set timezone = '$zone'"
		as_program "$2" "$3" "$(statements)
			delete from verification;
			execute note('ours', '', '2030-07-07T00:00:00.678Z');"
		equals "$1, in $zone: what we write is UTC in the table" "1909612800.678000" "$(superuser "$3" -c "set timezone = 'UTC'" \
			-c "select extract(epoch from $4::timestamptz) from public.verification")"
		superuser "$3" -c "update public.verification set $4 = '2030-07-07T00:00:00.678Z'"
		equals "$1, in $zone: what an application writes is the same instant to us" "1909612800.678000" "$(as_program "$2" "$3" "
			select extract(epoch from \"expiresAt\"::timestamptz) from verification;")"
		for offset in -60:0 60:1; do
			written=$(date -u -d "@$(($(date +%s) + ${offset%:*}))" +%Y-%m-%dT%H:%M:%S.000Z)
			superuser "$3" -c "update public.session set $4 = '$written' where token = 'token-s1'"
			equals "$1, in $zone: a session that an application ends in ${offset%:*} s" "${offset#*:}" "$(as_program "$2" "$3" "$(statements)
				execute live('token-s1');" | grep -c one@example.com)"
			equals "$1, in $zone: the same to the task API" "${offset#*:}" "$(as_role "$5" "$3" "
				select user_id from gatepost.caller_by_session('token-s1');" | grep -c u1)"
		done
	done
	superuser "$3" -c "alter database $3 reset timezone"
}

# --- who may do what ---

# Every way to a table: itself, the view in its place, one column of it.
relations() { # DATABASE: names with their schemas
	for table in $tables; do echo "public.$table"; done
	for view in $(views "$1"); do echo "gatepost.\"$view\""; done
}

judge_rights() { # NAME DATABASE
	for relation in $(relations "$2"); do
		for role in gatepost_api gatepost_notify; do
			equals "$1: $role has no right to $relation or a column of it" "f|f" "$(superuser "$2" -c "
				select has_table_privilege('$role', '$relation', 'select, insert, update, delete, truncate, references, trigger'),
				    has_any_column_privilege('$role', '$relation', 'select, insert, update, references')")"
		done
		equals "$1: $relation is not granted to everybody" 0 "$(superuser "$2" -c "
			select count(*) from pg_class c left join pg_attribute a on a.attrelid = c.oid,
			    lateral (select * from aclexplode(c.relacl) union all select * from aclexplode(a.attacl)) as acl
			where c.oid = '$relation'::regclass and grantee = 0")"
		refused "$1: gatepost_api cannot read $relation" 42501 "$(as_program gatepost_api "$2" "select id from $relation;")"
		refused "$1: gatepost_api cannot write $relation" 42501 "$(as_program gatepost_api "$2" "delete from $relation;")"
	done
	for relation in $tables; do
		refused "$1: gatepost_api cannot read $relation by the name that the programs use" 42501 \
			"$(as_program gatepost_api "$2" "select id from $relation;")"
	done
	for deed in "select from gatepost.task" "insert into gatepost.task (user_id, title) values ('u1', 'x')" \
		"update gatepost.task set title = 'x'" "delete from gatepost.task" "select from gatepost.migration" \
		"select gatepost.task_is_foreign(1::bigint)" "select gatepost.task_is_foreign(gen_random_uuid())" \
		"select gatepost.caller_by_session('x')" "select gatepost.caller_by_user('x')" \
		"select gatepost.verification_keys()" "create table gatepost.mine (x text)"; do
		refused "$1: gatepost_auth may not: $deed" 42501 "$(as_program gatepost_auth "$2" "$deed;")"
	done
	equals "$1: gatepost_auth is bound by row-level security, and can ask whether it is" t \
		"$(as_role gatepost_auth "$2" "select row_security_active('gatepost.task');")"
	equals "$1: gatepost_auth sees that the migrations have been applied" t \
		"$(as_role gatepost_auth "$2" "$(cat "$tests/../sql/query/ready.sql");")"
	equals "$1: a definer's functions have a fixed search_path, and are not for everybody" "" "$(superuser "$2" -c "
		select proname from pg_proc where pronamespace = 'gatepost'::regnamespace and prosecdef
		    and (proconfig::text not like '%search_path=pg_catalog, pg_temp%' or exists (select from aclexplode(proacl) where grantee = 0))")"
}

# --- how the programs set up their connections ---

connections() {
	superuser plain -c "alter role gatepost_auth set search_path = ''"
	equals "connection: an empty search_path is no obstacle" 'gatepost, ""' "$(as_program gatepost_auth plain 'show search_path;')"
	superuser plain -c "alter role gatepost_auth reset search_path"
	# shellcheck disable=SC2016 # PostgreSQL's word
	equals "connection: the search_path it had is kept behind ours, times are UTC" 'gatepost, "$user", public
UTC' "$(as_program gatepost_auth plain 'show search_path; show timezone;')"
}

# --- one user for everything; first, while no role exists ---

single_user() {
	superuser postgres -c 'create role hosted login nosuperuser nocreaterole'
	new_database hosted hosted
	drizzle_tables hosted hosted
	succeeds "single user: it works" "$(url_of hosted hosted)"
	equals "single user: the views are made" "account jwks session user verification" "$(views hosted)"
	judge_statements "single user" hosted hosted
	judge_times "single user" hosted hosted expires_at hosted
	equals "single user: a worker is ready" 200 "$(ready_status "$(url_of hosted hosted)")"
}

# --- Better Auth's own spelling ---

its_own_names() {
	superuser postgres -c 'create role owner login nosuperuser createrole'
	new_database plain owner
	succeeds "its own names: it works" "$(url_of owner plain)"
	equals "its own names: no view is made" "" "$(views plain)"
	judge_statements "its own names" gatepost_auth plain
	judge_times "its own names" gatepost_auth plain '"expiresAt"' gatepost_api
	judge_rights "its own names" plain
	superuser plain -c 'alter table public."user" add column favourite_colour text, add column user_id text'
	succeeds "its own names: a run after a column of another spelling works" "$(url_of owner plain)"
	equals "its own names: that is no reason for a view" "" "$(views plain)"
	refused "its own names: the table of rate limits is nobody's business" 42501 "$(as_program gatepost_auth plain 'select from "rateLimit";')"
}

# --- Drizzle's ---

drizzle_first() {
	new_database drizzle owner
	drizzle_tables owner drizzle
	tables_of drizzle >"$work/before"
	succeeds "Drizzle's tables: it works" "$(url_of owner drizzle)"
	lacks "Drizzle's tables: there is nothing to note" "$out" "note:"
	tables_of drizzle >"$work/after"
	unchanged "Drizzle's tables: nothing of them is altered"
	equals "Drizzle's tables: the views are made" "account jwks session user verification" "$(views drizzle)"
	equals "Drizzle's tables: a view shows every column" \
		"id name email emailVerified image createdAt updatedAt role banned banReason banExpires" "$(columns drizzle 'gatepost."user"')"
	judge_statements "Drizzle's tables" gatepost_auth drizzle
	judge_times "Drizzle's tables" gatepost_auth drizzle expires_at gatepost_api
	judge_rights "Drizzle's tables" drizzle
	snapshot drizzle >"$work/before"
	succeeds "Drizzle's tables: a second run works" "$(url_of owner drizzle)"
	snapshot drizzle >"$work/after"
	unchanged "Drizzle's tables: a second run changes nothing"
	equals "Drizzle's tables: a worker is ready" 200 "$(ready_status "$(url_of gatepost_api drizzle)")"
}

functions_on_views() {
	superuser drizzle -c "update public.session set expires_at = (now() at time zone 'UTC') + interval '1 hour'"
	equals "functions: the holder of a session is found" "u1|one@example.com|Uno" \
		"$(as_role gatepost_api drizzle "select * from gatepost.caller_by_session('token-s1');")"
	equals "functions: a user is found" "u1|one@example.com|Uno" "$(as_role gatepost_api drizzle "select * from gatepost.caller_by_user('u1');")"
	superuser drizzle -c "alter database drizzle set timezone = 'America/New_York'"
	for case in 1:0 -1:1; do
		superuser drizzle -c "update public.\"user\" set banned = true, ban_expires = (now() at time zone 'UTC') + interval '${case%:*} minute'"
		equals "functions: a ban that ends ${case%:*} minutes from now: users found" "${case#*:}" \
			"$(as_role gatepost_api drizzle "select user_id from gatepost.caller_by_user('u1');" | grep -c u1)"
	done
	superuser drizzle -c "update public.\"user\" set banned = false"
	lacks "whether somebody is banned becomes part of the statement that asks" is_banned \
		"$(superuser drizzle -c 'explain verbose select gatepost.is_banned(to_jsonb(u)) from gatepost."user" as u')"
	superuser drizzle -c "insert into public.jwks (id, public_key, private_key, created_at, expires_at, alg)
		select id, '{}', '', now(), (now() at time zone 'UTC') - interval '30 days' + life * interval '1 minute', 'RS256'
		from (values ('dead', -1), ('dying', 1)) as keys (id, life)"
	equals "functions: keys live for thirty days more, in UTC" "dying|{}|RS256|t
k1|{}|EdDSA|" "$(as_role gatepost_api drizzle "select key_id, public_key, alg, dies_at - now() between '0' and interval '1 minute'
		from gatepost.verification_keys() order by key_id;")"
	superuser drizzle -c "alter database drizzle reset timezone"
	superuser drizzle -c 'drop view gatepost.jwks; alter table public.jwks drop column alg, drop column crv, drop column expires_at'
	succeeds "functions: a run with an older table of keys works" "$(url_of owner drizzle)"
	equals "functions: an older table of keys is read" 3 "$(as_role gatepost_api drizzle "select count(*) from gatepost.verification_keys() where alg is null;")"
}

# --- what drizzle-kit may do to them afterwards ---

changes() {
	superuser drizzle -c 'alter table public.session add column active_organization_id text'
	succeeds "a new column: a run works" "$(url_of owner drizzle)"
	equals "a new column: the view shows it" \
		"id expiresAt token createdAt updatedAt ipAddress userAgent userId impersonatedBy activeOrganizationId" "$(columns drizzle gatepost.session)"
	refused "an altered column: PostgreSQL refuses it for the view" 0A000 "$(as_role owner drizzle 'alter table session alter column user_agent type varchar(300);')"
	equals "an altered column: without the view it does not" "" "$(as_role owner drizzle '
		drop view gatepost.session; alter table session alter column user_agent type varchar(300);')"
	succeeds "an altered column: a run works" "$(url_of owner drizzle)"
	equals "an altered column: the view is there again, and gatepost_auth's" 1 "$(as_program gatepost_auth drizzle 'select count("userAgent") from gatepost.session;')"

	superuser drizzle -c 'alter table public."user" add column a_b text, add column "aB" text'
	succeeds "two columns of one name: a run works" "$(url_of owner drizzle)"
	contains "two columns of one name: they keep theirs" "$(columns drizzle 'gatepost."user"')" "a_b aB"

	superuser drizzle -c 'alter table public.verification rename to verification_before;
		create table public.verification (like public.verification_before including all); alter table public.verification owner to owner'
	succeeds "another table of the name: a run works" "$(url_of owner drizzle)"
	equals "another table of the name: the view shows it" 0 "$(as_program gatepost_auth drizzle 'select count(*) from verification;')"

	superuser drizzle -c 'set client_min_messages = warning; drop table public.jwks cascade'
	succeeds "a dropped table: a run works" "$(url_of owner drizzle)"
	equals "a dropped table: it is made again, without a view" "|0" "$(superuser drizzle -c "select to_regclass('gatepost.jwks'), count(*) from public.jwks")"
	equals "a dropped table: the workers find its keys" 0 "$(as_role gatepost_api drizzle "select count(*) from gatepost.verification_keys();")"

	# Somebody reads in a long transaction while a view has to go.
	superuser drizzle -c 'alter table public.session add column later text'
	as_role owner drizzle 'begin; select from gatepost.session; select pg_sleep(3);' >/dev/null &
	holder=$!
	sleep 0.5
	succeeds "a view in use: a run works" "$(url_of owner drizzle)"
	wait $holder
	contains "a view in use: it waits" "$out" "note: names waits for a lock"
	contains "a view in use: the view shows the column" "$(columns drizzle gatepost.session)" later
}

# Tables that change their spelling, there and back, by new tables and by new names.
changed_spelling() {
	new_database changed owner
	succeeds "changed spelling: tables with Better Auth's names are made" "$(url_of owner changed)"
	as_role owner changed "drop table public.\"user\", public.session, public.account, public.verification, public.jwks cascade;"
	drizzle_tables owner changed
	succeeds "changed spelling: a run on Drizzle's tables works" "$(url_of owner changed)"
	equals "changed spelling: the views are made" "account jwks session user verification" "$(views changed)"
	judge_statements "changed spelling" gatepost_auth changed
	judge_rights "changed spelling" changed
	equals "changed spelling: a worker finds a user" u1 "$(as_role gatepost_api changed "select user_id from gatepost.caller_by_user('u1');")"
	as_role owner changed 'alter table public."user" rename email_verified to "emailVerified";
		alter table public."user" rename created_at to "createdAt"; alter table public."user" rename updated_at to "updatedAt";'
	succeeds "changed spelling: a run after columns were renamed works" "$(url_of owner changed)"
	equals "changed spelling: that table's view is gone" "account jwks session verification" "$(views changed)"
	equals "changed spelling: gatepost_auth reads the table then" u1 "$(as_program gatepost_auth changed 'select id from "user" where not "emailVerified";')"
	equals "changed spelling: and so does a worker" u1 "$(as_role gatepost_api changed "select user_id from gatepost.caller_by_user('u1');")"
	lacks "changed spelling: there is nothing to note" "$out" "note:"
}

# --- tables of somebody else ---

foreign_tables() { # SPELLING FILE ROLE-THAT-USES-THEM
	superuser postgres -c "create role app_$1 login nosuperuser"
	new_database "foreign_$1" owner
	superuser "foreign_$1" -c "grant create on schema public to app_$1"
	psql -X -q -v ON_ERROR_STOP=1 "$(url_of "app_$1" "foreign_$1")" -f "$2"
	superuser "foreign_$1" -c "insert into public.\"user\" select 'u0', 'Zero', 'zero@example.com', true"
	tables_of "foreign_$1" >"$work/before"
	succeeds "$1, somebody else's: it works" "$(url_of owner "foreign_$1")"
	tables_of "foreign_$1" >"$work/after"
	unchanged "$1, somebody else's: nothing of them is altered"
	refused "$1, somebody else's: before the grants gatepost_auth cannot read" 42501 "$(as_program gatepost_auth "foreign_$1" 'select from session;')"
	refused "$1, somebody else's: before the grants gatepost_auth cannot write" 42501 "$(as_program gatepost_auth "foreign_$1" 'delete from session;')"
	refused "$1, somebody else's: before the grants a worker finds no session" 42501 "$(as_role gatepost_api "foreign_$1" "select gatepost.caller_by_session('x');")"
	# A right that cannot be passed on earns a warning, and must not hide what is missing.
	superuser "foreign_$1" -c 'grant select on public.account to owner'
	succeeds "$1, somebody else's: a run after half a grant works" "$(url_of owner "foreign_$1")"
	contains "$1, somebody else's: half a grant is not enough" "$out" "the owner of public.account must run: grant select, insert, update, delete"
	for table in $tables; do
		contains "$1, somebody else's: the grant on $table is noted" "$out" \
			"note: the owner of public.$table must run: grant select, insert, update, delete on public.$table to $3"
	done
	sed -n 's/^note: .* must run: \(.*\)$/\1;/p' "$work/out" >"$work/grants"
	equals "$1, somebody else's: their owner can run the grants as noted" "" "$(as_role "app_$1" "foreign_$1" "$(cat "$work/grants")")"
	succeeds "$1, somebody else's: a run after the grants works" "$(url_of owner "foreign_$1")"
	lacks "$1, somebody else's: after the grants there is nothing to note" "$out" "note:"
	superuser "foreign_$1" -c 'delete from public."user"'
	judge_statements "$1, somebody else's" gatepost_auth "foreign_$1"
	judge_rights "$1, somebody else's" "foreign_$1"
	equals "$1, somebody else's: a worker finds a user" u1 "$(as_role gatepost_api "foreign_$1" "select user_id from gatepost.caller_by_user('u1');")"
}

# --- a role that has the name of our schema ---

namesake() {
	superuser postgres -c 'create role gatepost login nosuperuser nocreaterole'
	new_database namesake gatepost
	succeeds "a role called gatepost: it works" "$(url_of gatepost namesake)"
	lacks "a role called gatepost: on Better Auth's names there is nothing to note" "$out" "note:"
	new_database namesake_drizzle gatepost
	drizzle_tables gatepost namesake_drizzle
	succeeds "a role called gatepost: it works on Drizzle's" "$(url_of gatepost namesake_drizzle)"
	contains "a role called gatepost: it is told that an application would meet the views" "$out" \
		"run: alter role gatepost set search_path = public"
	as_role gatepost namesake_drizzle 'alter role gatepost set search_path = public;'
	succeeds "a role called gatepost: a run after that works" "$(url_of gatepost namesake_drizzle)"
	lacks "a role called gatepost: after that there is nothing to note" "$out" "note:"
	equals "a role called gatepost: its application meets the tables" 0 "$(as_role gatepost namesake_drizzle 'select count(email_verified) from "user";')"
	equals "a role called gatepost: our programs meet the views" 0 "$(as_program gatepost namesake_drizzle 'select count("emailVerified") from "user";')"
}

# --- a database that grants more than we do ---

open_database() {
	new_database open owner
	superuser open -c 'alter default privileges for role owner grant all on tables to public' \
		-c 'alter default privileges for role owner grant select on tables to gatepost_api'
	drizzle_tables owner open
	succeeds "grants to everybody: it works" "$(url_of owner open)"
	for table in $tables; do
		contains "grants to everybody: $table is noted" "$out" "the owner of public.$table must run: revoke all on public.$table from public, gatepost_api"
	done
	for view in $(views open); do
		refused "grants to everybody: gatepost_api cannot read gatepost.$view all the same" 42501 \
			"$(as_program gatepost_api open "select id from gatepost.\"$view\";")"
	done
	sed -n 's/^note: .* must run: \(.*\)$/\1;/p' "$work/out" >"$work/grants"
	equals "grants to everybody: the owner can run what is noted" "" "$(as_role owner open "$(cat "$work/grants")")"
	superuser open -c 'grant select (token) on public.session to gatepost_api'
	succeeds "one column: a run works" "$(url_of owner open)"
	equals "one column: it is noted, and nothing else" "note: gatepost_api can use public.session; the owner of public.session must run: revoke all on public.session from public, gatepost_api
the database is up to date" "$out"
	as_role owner open 'revoke all on public.session from public, gatepost_api;'
	succeeds "grants to everybody: a run after that works" "$(url_of owner open)"
	lacks "grants to everybody: there is nothing left to note" "$out" "note:"
	superuser open -c 'revoke usage on schema public from public; grant usage on schema public to owner'
	succeeds "a schema that is not for everybody: it works" "$(url_of owner open)"
	judge_rights "grants to everybody" open
}

single_user
its_own_names
connections
drizzle_first
functions_on_views
changes
changed_spelling
foreign_tables plain "$tests/../sql/001_better_auth.sql" gatepost_auth
foreign_tables drizzle "$tests/sql/drizzle.sql" owner
namesake
open_database
finish
