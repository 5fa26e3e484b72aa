#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What 005_changes makes: which changes are noted and when, how the relay moves them, that none is lost
# between sessions that are driven step by step, who may use it, and that whoever changes a task gets no
# further with it. Makes and removes a PostgreSQL cluster of its own.
#
# usage: GATEPOST_BIN=DIRECTORY tests/sql/changes.sh      where gatepost-migrate and gatepost.fcgi are

set -u
export LC_ALL=C.UTF-8
tests=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=tests/support/report.sh
. "$tests/support/report.sh"
# shellcheck source=tests/support/cluster.sh
. "$tests/support/cluster.sh"
# shellcheck source=tests/support/migration.sh
. "$tests/support/migration.sh"

# --- sessions that stay open: each takes statements when it is told to ---

sessions=0
steps=0

open_session() { # NAME URL
	sessions=$((sessions + 1))
	mkfifo "$work/$1.in"
	psql -X -q -A -t -v VERBOSITY=sqlstate "$2" <"$work/$1.in" >"$work/$1.out" 2>&1 &
	eval "process_$1=$! channel_$1=$((sessions + 2))"
	eval "exec $((sessions + 2))>\"$work/$1.in\""
}

close_session() { # NAME: the last one that was opened
	eval "exec $((sessions + 2))>&-"
	eval "wait \$process_$1"
	sessions=$((sessions - 1))
	rm "$work/$1.in"
}

begin_step() { # NAME SQL: does not wait
	steps=$((steps + 1))
	eval "printf '%s\n%s\n' \"\$2\" '\\echo step $steps is done' >&\$channel_$1"
}

end_step() { # NAME: prints what came since the step before
	for _ in $(seq 100); do
		if grep -q "^step $steps is done\$" "$work/$1.out"; then break; fi
		sleep 0.05
	done
	awk -v last="step $steps is done" '$0 == last { printf "%s", kept; exit } /^step [0-9]* is done$/ { kept = ""; next } { kept = kept $0 "\n" }' "$work/$1.out"
}

step() { # NAME SQL: prints what it says
	begin_step "$1" "$2"
	end_step "$1"
}

# The number of steps is lost with a subshell, so what a step says goes through a file.
ask() { # NAME SQL: sets said
	step "$1" "$2" >"$work/said"
	said=$(cat "$work/said")
}

hear() { # sets heard: the payloads that came to the session `listener`, a line each, lines of one joined by +
	begin_step listener 'select pg_sleep(0.3) \g /dev/null
select 1 \g /dev/null'
	end_step listener >"$work/said"
	heard=$(awk '
		/^Asynchronous notification "gatepost_change" received/ { print "ring"; next }
		sub(/^Asynchronous notification "gatepost_change" with payload "/, "") { open = 1; text = "" }
		open && sub(/" received from server process with PID [0-9]*\.$/, "") { print text $0; open = 0; next }
		open { text = text $0 "+" }' "$work/said")
}

kinds_heard() { # of changes, as KIND USER, in their order
	printf '%s\n' "$heard" | tr + '\n' | awk 'NF >= 4 { print $1, substr($0, index($0, $4)) }' | tr '\n' ',' | sed 's/,$//'
}

noted() { # DATABASE
	superuser "$1" -c "select concat_ws(' ', kind, user_id) from gatepost.change order by seq" | tr '\n' ',' | sed 's/,$//'
}

as_user() { # USER SQL: of the session `writer`
	ask writer "begin; select set_config('gatepost.user_id', '$1', true) \\g /dev/null
$2
commit;"
}

run_as() { # ROLE DATABASE SQL: errors are five characters
	printf '%s\n' "$3" | psql -X -q -A -t -v ON_ERROR_STOP=1 -v VERBOSITY=sqlstate "$(url_of "$1" "$2")" 2>&1
}

refused() { # NAME SQLSTATE GIVEN
	case $3 in
	*"ERROR:  $2"*) ok "$1" ;;
	*) not_ok "$1" "expected ERROR $2, given: $3" ;;
	esac
}

# --- what is noted, moved, and rung for ---

begin_relay() { # sets horizon
	ask relay 'select elected, horizon from gatepost.relay_begin();'
	horizon=${said#t|}
}

turn() { # [WAKES]: sets moved and oldest; from the beginning, as if it had no memory
	ask relay "select moved, oldest from gatepost.relay_turn('0', ${1:-false});"
	moved=${said%|*} oldest=${said#*|}
}

rest() { # sets horizon
	ask relay 'select horizon from gatepost.relay_rest();'
	horizon=$said
}

judge_noting() { # DATABASE
	as_user ann "insert into gatepost.task (user_id, title) values ('ann', 'a');"
	equals "$who: without a relay nothing is noted" "," "$said,$(noted "$1")"
	begin_relay
	holds "$who: it becomes the relay" test "$horizon" -gt 0
	hear
	equals "$who: and has everybody read anew" resync "$heard"
	as_user ann "insert into gatepost.task (user_id, title) values ('ann', 'b'), ('ann', 'c');
		update gatepost.task set title = 'x' where title = 'a';
		update gatepost.task set completed = true, title = 'y' where title = 'b';
		update gatepost.task set completed = true where title = 'y';
		update gatepost.task set completed = false where title = 'y';
		delete from gatepost.task where title = 'c';
		update gatepost.task set title = 'z' where title = 'none';"
	equals "$who: each change of a row is noted" ",c ann,c ann,u ann,f ann,u ann,u ann,d ann" "$said,$(noted "$1")"
	as_user ann "insert into gatepost.task (user_id, title) values ('ann', 'd'); rollback; begin;"
	for row in "null, null" "null, gen_random_uuid()" "'bob', gen_random_uuid()"; do
		as_user ann "insert into gatepost.task (user_id, title, uuid) values ($(echo "$row" | sed "s/,/, 'x',/"));"
		contains "$who: what the policy refuses it refuses as ever: $row" "$said" "ERROR:  42501"
	done
	equals "$who: what is rolled back is not" "c ann,c ann,u ann,f ann,u ann,u ann,d ann" "$(noted "$1")"
	superuser "$1" -c "update gatepost.task set user_id = 'bob', completed = true where title = 'x'"
	hear
	equals "$who: while the relay is awake nobody rings" "" "$heard"
	turn
	equals "$who: all is moved" "9|" "$moved|$(noted "$1")"
	hear
	equals "$who: and heard, in its order; a change of owner is a deletion and a creation" \
		"c ann,c ann,u ann,f ann,u ann,u ann,d ann,d ann,c bob" "$(kinds_heard)"
	equals "$who: in one notification, with both numbers of the task" 1 \
		"$(printf '%s\n' "$heard" | tr + '\n' | tail -n 1 | grep -c "^c $(superuser "$1" -c "select id || ' ' || uuid from gatepost.task where user_id = 'bob'") bob$")"
	turn
	equals "$who: once" 0 "$moved"
	hear
	equals "$who: nothing is told of nothing" "" "$heard"
}

judge_ringing() { # DATABASE
	rest
	as_user ann "update gatepost.task set title = 'z';"
	equals "$who: while the relay sleeps changes are noted" "u ann" "$(noted "$1")"
	hear
	equals "$who: and rung for" ring "$heard"
	as_user ann "insert into gatepost.task (user_id, title) select 'ann', 't' from generate_series(1, 100);"
	hear
	equals "$who: a hundred changes ring once" ring "$heard"
	turn true
	equals "$who: awake it moves them" 101 "$moved"
	hear
	as_user ann "delete from gatepost.task where title = 't';"
	hear
	equals "$who: and nobody rings" "" "$heard"
	turn
	equals "$who: what was noted meanwhile is there" 100 "$moved"
	hear
}

# Lines of one and the same text, which PostgreSQL would take for one notification.
judge_lengths() { # DATABASE
	as_user ann "insert into gatepost.task (user_id, title) values ('ann', 'once');"
	turn
	hear
	for _ in 1 2 3 4 5 6; do
		as_user ann "do \$\$ begin for i in 1..100 loop update gatepost.task set title = 'once' where title = 'once'; end loop; end \$\$;"
	done
	turn
	hear
	equals "$who: six hundred changes of one task are six hundred" "600 600" \
		"$moved $(printf '%s\n' "$heard" | tr + '\n' | grep -c '^u [0-9]* [0-9a-f-]\{36\} ann$')"
	long=$(printf 'ü%.0s' $(seq 127))x
	superuser "$1" -c "insert into gatepost.task (user_id, title) select '$long', 'long' from generate_series(1, 300)"
	superuser "$1" -c "insert into gatepost.task (user_id, title) values ('${long}x', 'too long'), (E'a\nd 1 2 bob', 'two lines'), ('a  b\"''é ', 'odd')"
	equals "$who: whoever writes for an odd user id is not stopped" 303 "$(superuser "$1" -c "select count(*) from gatepost.change")"
	turn
	equals "$who: what no caller can have is not told, and not kept" "301|" "$moved|$(noted "$1")"
	hear
	equals "$who: a user id comes as it is" 'a  b"'\''é ' "$(printf '%s\n' "$heard" | tr + '\n' | tail -n 1 | cut -d ' ' -f 4-)"
	equals "$who: long ones, too, each of them" 300 "$(printf '%s\n' "$heard" | tr + '\n' | grep -c " $long\$")"
	longest=$(printf '%s\n' "$heard" | LC_ALL=C awk '{ if (length($0) > most) most = length($0) } END { print most }')
	holds "$who: no notification has 8,000 bytes; the longest has $longest" test "$longest" -lt 8000 -a "$longest" -gt 7000
	holds "$who: in their order" sh -c "printf '%s\n' \"\$1\" | tr + '\n' | awk 'NF >= 4 { print \$2 }' >'$work/ids' && sort -n -c '$work/ids'" - "$heard"
	superuser "$1" -c "delete from gatepost.task where title <> 'once'"
	turn
	hear
}

# --- what is open while the relay begins or goes to rest ---

judge_races() { # DATABASE
	begin_step second 'select elected, horizon is null from gatepost.relay_begin();'
	equals "$who: there is one relay" "f|t" "$(end_step second)"
	rest
	# Sees the relay asleep, and rings when it commits.
	ask writer "begin; select set_config('gatepost.user_id', 'ann', true) \\g /dev/null
update gatepost.task set title = 'once';"
	turn true
	equals "race: what is not committed is not told" 0 "$moved"
	hear
	ask writer 'commit;'
	hear
	equals "race: it rings at its commit, which is heard though the relay is awake" ring "$heard"
	turn
	equals "race: what was committed since is told" 1 "$moved"

	# Sees the relay awake, and commits when it sleeps: nobody rings.
	ask writer "begin; select set_config('gatepost.user_id', 'ann', true) \\g /dev/null
update gatepost.task set title = 'once';"
	turn
	rest
	turn
	equals "race: it is not settled while somebody may think it awake" "0 f" "$moved $(superuser "$1" -c "select '$oldest'::xid8 >= '$horizon'::xid8")"
	ask writer 'commit;'
	hear
	lacks "race: whoever thought it awake does not ring" "$heard" ring
	turn
	equals "race: their change is found, and then it is settled" "1 t" "$moved $(superuser "$1" -c "select '$oldest'::xid8 >= '$horizon'::xid8")"

	# From where the turn before ended, as the relay goes on.
	turn true
	ask writer "begin; select set_config('gatepost.user_id', 'ann', true) \\g /dev/null
update gatepost.task set title = 'once';"
	superuser "$1" -c "insert into gatepost.task (user_id, title) values ('bob', 'later')"
	turn
	equals "race: an older transaction does not hold a younger one up" 1 "$moved"
	since=$oldest
	ask writer 'commit;'
	ask relay "select moved from gatepost.relay_turn('$since', false);"
	equals "race: and is told itself when it commits" 1 "$said"

	# Opened, with a number or with a change, before there is a relay again.
	close_session second
	close_session relay
	open_session relay "$relay_url"
	open_session second "$relay_url"
	ask writer "begin; select set_config('gatepost.user_id', 'ann', true) \\g /dev/null
update gatepost.task set title = 'overlooked' where title = 'once';"
	begin_relay
	turn
	equals "race: what was changed before there was a relay is not over" "0 f" "$moved $(superuser "$1" -c "select '$oldest'::xid8 >= '$horizon'::xid8")"
	ask writer "update gatepost.task set title = 'once' where title = 'overlooked'; commit;"
	turn
	equals "race: what it changes since is noted, and then it is over" "1 t" "$moved $(superuser "$1" -c "select '$oldest'::xid8 >= '$horizon'::xid8")"
	hear
}

# More than can be told in time is thrown away, and one change more is told as ever.
judge_flood() { # DATABASE
	as_user ann "insert into gatepost.task (user_id, title) select 'ann', 'flood' from generate_series(1, 50000);
		insert into gatepost.task (user_id, title) values ('ann', 'the last straw');"
	ask relay "select moved, oldest, floods from gatepost.relay_turn('7', false);"
	equals "flood: a piece is thrown away, and the next turn begins where this one did" "50000|7|t" "$said"
	hear
	equals "flood: nothing is told of it" "" "$heard"
	ask relay "select moved, floods from gatepost.relay_turn('7', false);"
	equals "flood: of the rest there is not too much" "1|f" "$said"
	ask listener 'unlisten gatepost_change;' # it is too much to read here, too
	as_user ann "delete from gatepost.task where title = 'flood';"
	ask relay "select moved, floods from gatepost.relay_turn('7', false);"
	equals "flood: as much as can be told is told" "50000|f" "$said"
	as_user ann "delete from gatepost.task where title = 'the last straw';"
	turn
	ask listener 'listen gatepost_change;'
}

# One that ends with its connection; what it had not moved nobody else does.
judge_end() { # DATABASE
	as_user ann "update gatepost.task set title = 'once';"
	close_session second
	close_session relay
	# The server takes a moment to notice.
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		if [ "$(superuser "$1" -c "select count(*) from pg_locks where locktype = 'advisory'")" = 0 ]; then break; fi
		sleep 0.5
	done
	as_user ann "update gatepost.task set title = 'once';"
	equals "$who: once the relay is gone nothing is noted" "u ann" "$(noted "$1")"
	open_session relay "$relay_url"
	begin_relay
	turn
	equals "$who: what it left is read anew, and not told" 0 "$moved"
	close_session relay
}

judge_relay() { # NAME DATABASE ROLE-OF-THE-RELAY ROLE-OF-THE-WRITER
	who=$1 relay_url=$(url_of "$3" "$2")
	open_session listener "$relay_url"
	open_session writer "$(url_of "$4" "$2")"
	open_session relay "$relay_url"
	open_session second "$relay_url"
	ask listener 'listen gatepost_change;'
	judge_noting "$2"
	judge_ringing "$2"
	judge_lengths "$2"
	judge_races "$2"
	judge_flood "$2"
	judge_end "$2"
	close_session writer
	close_session listener
	superuser "$2" -c 'delete from gatepost.task'
}

# --- who may do what ---

judge_rights() { # DATABASE
	superuser "$1" -c "create role nobody login" -c "grant usage on schema gatepost to nobody"
	for role in gatepost_api gatepost_auth nobody; do
		for deed in "select gatepost.relay_begin()" "select gatepost.relay_turn('0', false)" "select gatepost.relay_rest()" \
			"select gatepost.tasks_as_they_stand('[]')" "select from gatepost.change" "delete from gatepost.change" \
			"insert into gatepost.change (transaction, kind, id, uuid, user_id) values ('1', 'd', 1, gen_random_uuid(), 'bob')" \
			"select nextval('gatepost.change_seq_seq')" \
			"create temp table mine (id bigint, uuid uuid, user_id text, completed boolean);
				create trigger forged before insert on mine for each row execute function gatepost.note_change()"; do
			refused "rights: $role may not: $deed" 42501 "$(run_as $role "$1" "$deed;")"
		done
	done
	for deed in "select from gatepost.change" "delete from gatepost.change" "insert into gatepost.task (user_id, title) values ('ann', 'x')" \
		"update gatepost.task set title = 'x'" "delete from gatepost.task" "select from public.\"user\"" "select from public.session" \
		"select from public.account" "select from public.verification" "select from public.jwks" "select from gatepost.migration" \
		"alter table gatepost.task disable trigger task_change"; do
		refused "rights: gatepost_notify may not: $deed" 42501 "$(run_as gatepost_notify "$1" "$deed;")"
	done
	equals "rights: nothing of it is for everybody" "" "$(superuser "$1" -c "
		select proname from pg_proc where pronamespace = 'gatepost'::regnamespace and exists (select from aclexplode(proacl) where grantee = 0)
		union all select proname from pg_proc where pronamespace = 'gatepost'::regnamespace and proacl is null
		union all select relname from pg_class where relnamespace = 'gatepost'::regnamespace and exists (select from aclexplode(relacl) where grantee = 0)")"
}

judge_states() { # DATABASE ROLE
	superuser "$1" -c "insert into gatepost.task (id, user_id, title) overriding system value values
		(901, 'ann', 'a1'), (902, 'ann', 'a2'), (903, 'bob', 'b1')"
	states() { # WANTED
		run_as "$role" "$database" "select string_agg(id || ' ' || user_id || ' ' || title, ',' order by id) from gatepost.tasks_as_they_stand('$1');"
	}
	database=$1 role=$2
	equals "states, $2: a task comes for its owner" "901 ann a1,902 ann a2,903 bob b1" "$(states '[["ann",901],["bob",903],["ann",902],["ann",901]]')"
	equals "states, $2: and for nobody else" "" "$(states '[["ann",903],["bob",901],["",902],[null,902],["cat",901]]')"
	equals "states, $2: of nothing comes nothing" "" "$(states '[]')"
	equals "states, $2: a user's name is no more than that" "" "$(states '[["ann'\'\'' or true --",901]]')"
	equals "states, $2: afterwards nobody is named" "0" "$(run_as "$2" "$1" "begin;
		select count(*) from gatepost.tasks_as_they_stand('[[\"ann\",901]]') \\g /dev/null
		select count(*) from gatepost.task; commit;")"
	equals "states, $2: without a name there is no task" 0 "$(run_as "$2" "$1" 'select count(*) from gatepost.task;')"
	superuser "$1" -c 'delete from gatepost.task'
}

# --- callers who stay connected ---

judge_callers() { # NAME DATABASE ROLE
	superuser "$2" -c "insert into public.\"user\" select * from json_populate_recordset(null::public.\"user\", '[
			{\"id\":\"ann\",\"name\":\"A\",\"email\":\"a@example.com\",\"emailVerified\":true,\"createdAt\":\"2026-01-01\",\"updatedAt\":\"2026-01-01\",\"email_verified\":true,\"created_at\":\"2026-01-01\",\"updated_at\":\"2026-01-01\"},
			{\"id\":\"bob\",\"name\":\"B\",\"email\":\"b@example.com\",\"emailVerified\":true,\"createdAt\":\"2026-01-01\",\"updatedAt\":\"2026-01-01\",\"email_verified\":true,\"created_at\":\"2026-01-01\",\"updated_at\":\"2026-01-01\"}]')"
	for row in live:ann:2099-01-01 late:ann:2020-01-01 other:bob:2099-01-01; do
		token=${row%%:*} user=${row#*:}
		superuser "$2" -c "insert into public.session select * from json_populate_record(null::public.session, '{\"id\":\"$token\",\"token\":\"$token\",
			\"userId\":\"${user%:*}\",\"user_id\":\"${user%:*}\",\"expiresAt\":\"${row##*:}\",\"expires_at\":\"${row##*:}\",\"createdAt\":\"2026-01-01\",\"updatedAt\":\"2026-01-01\",\"created_at\":\"2026-01-01\",\"updated_at\":\"2026-01-01\"}')"
	done
	left() { # SESSIONS USERS
		run_as "$role" "$database" "select string_agg(concat_ws(' ', is_session, credential), ',' order by is_session, credential)
			from gatepost.callers_left('$1', '$2');"
	}
	database=$2 role=$3
	equals "$1: of sessions those are left that live, and of users those that are there" \
		"f ann,t live,t other" "$(left '["live","late","other","none"]' '["ann","cat"]')"
	equals "$1: of none none is left" "" "$(left '[]' '[]')"
	superuser "$2" -c 'alter table public."user" add column if not exists banned boolean'
	superuser "$2" -c "update public.\"user\" set banned = true where id = 'ann'"
	equals "$1: who is banned is not" "f bob,t other" "$(left '["live","other"]' '["ann","bob"]')"
}

# --- whoever changes a task, with things of their own in the way of the definer's function ---

# Says so when it runs as somebody else than who made it.
trap_function() { # NAME ARGUMENTS TYPE VALUE
	echo "create function $1($2) returns $3 language plpgsql as 'begin
		if current_user <> session_user then raise warning ''TAKEN by %'', current_user; end if;
		return $4;
	end';"
}

attempt() { # NAME SETUP: as gatepost_api, who then changes tasks of their own in every way
	given=$(psql -X -q -A -t "$(url_of gatepost_api "$database")" 2>&1 <<-SQL
		$2
		select pg_catalog.set_config('gatepost.user_id', 'eve', false) \g /dev/null
		insert into gatepost.task (user_id, title) values ('eve', 'mine');
		update gatepost.task set title = 'still';
		update gatepost.task set completed = true;
		delete from gatepost.task;
		\echo the end
	SQL
	)
	contains "hostile, $1: it runs to its end" "$given" "the end"
	lacks "hostile, $1: nothing of it runs as the owner" "$given" TAKEN
	left=$(noted "$database")
	case $left in
	"c eve,u eve,f eve,d eve") ok "hostile, $1: the changes are noted as ever" ;;
	*) not_ok "hostile, $1: the changes are noted as ever" "$left
$given" ;;
	esac
	superuser "$database" -c 'delete from gatepost.change' -c "delete from gatepost.task" -c 'drop schema if exists public cascade' \
		-c 'create schema public' -c 'grant all on schema public to public' >"$work/said" 2>&1
	superuser "$database" -c 'delete from gatepost.change'
}

judge_hostile() { # DATABASE: everybody may create in its schema public, as before PostgreSQL 15
	database=$1
	superuser "$1" -c 'grant create on schema public to public'
	open_session relay "$(url_of gatepost_notify "$1")"
	for awake in awake asleep; do
		ask relay 'select from gatepost.relay_begin();'
		if [ $awake = asleep ]; then ask relay 'select from gatepost.relay_rest();'; fi
		for path in "public, pg_catalog" "public, pg_catalog, pg_temp" "pg_temp, public, pg_catalog"; do
			attempt "$awake, path $path, operators" "set search_path = $path;
				$(for type in text boolean '"char"' xid8 bigint uuid name; do
					trap_function equal "a pg_catalog.$type, b pg_catalog.$type" boolean true | sed 's/pg_catalog.boolean/boolean/g; s/pg_catalog.bigint/bigint/g'
					echo "create operator = (function = equal, leftarg = $type, rightarg = $type);"
				done)"
			attempt "$awake, path $path, functions" "set search_path = $path;
				$(trap_function public.pg_notify "a text, b text" void "")
				$(trap_function public.pg_notify "a unknown, b unknown" void "")
				$(trap_function public.pg_current_xact_id "" xid8 "'3'::xid8")
				$(trap_function public.pg_try_advisory_lock_shared "a int, b int" boolean true)
				$(trap_function public.pg_advisory_unlock_shared "a int, b int" boolean true)"
		done
		for schema in pg_temp public; do
			for type in '"char"' bool boolean xid8 text int8 bigint uuid unknown trigger; do
				case $type in '"char"') name=char ;; *) name=$type ;; esac
				attempt "$awake, a type $schema.$name" "set search_path = $schema, pg_catalog;
					$(trap_function "$schema.trap" "a pg_catalog.text" pg_catalog.bool true)
					create domain $schema.\"$name\" as pg_catalog.\"$(echo "$name" | sed 's/^boolean$/bool/; s/^bigint$/int8/; s/^unknown$/text/; s/^trigger$/text/')\" check ($schema.trap(value::pg_catalog.text));"
			done
		done
		attempt "$awake, a type of the default path" "$(trap_function pg_temp.trap "a pg_catalog.text" pg_catalog.bool true)
			create domain pg_temp.\"char\" as pg_catalog.text check (pg_temp.trap(value::pg_catalog.text));"
		attempt "$awake, casts" "set search_path = public, pg_catalog;
			create type public.\"char\" as (x text);
			$(trap_function public.to_char_of "a text" 'public."char"' "null")
			create cast (text as public.\"char\") with function public.to_char_of(text) as implicit;
			create cast (text as pg_catalog.\"char\") with function pg_catalog.\"char\"(text) as implicit;"
		attempt "$awake, tables in the temporary schema" "set search_path = pg_temp, public;
			create temp table change (seq bigint, transaction xid8, kind \"char\", id bigint, uuid uuid, user_id text);
			create temp table task (like gatepost.task);
			create temp table gatepost (change text);
			create temp view old as select 1 as id; create temp view new as select 1 as id;
			$(trap_function pg_temp.on_change "" trigger new)
			create trigger trap before insert on pg_temp.change for each row execute function pg_temp.on_change();"
		attempt "$awake, a schema of its own name" "create schema gatepost_api; create schema gatepost; create schema pg_catalogue;
			set search_path = gatepost_api, \"\$user\";"
		attempt "$awake, an empty path" "set search_path = '';"
		attempt "$awake, settings" "set transform_null_equals = on; set standard_conforming_strings = off; set quote_all_identifiers = on;
			set session_replication_role = replica; set row_security = off; set plpgsql.variable_conflict = use_column; set role postgres;
			set row_security = on;"
	done
	close_session relay
}

# --- the migration, where there are tasks and writers ---

undo_changes() { # DATABASE: as before 005_changes
	superuser "$1" -c 'drop table gatepost.change' -c 'drop function gatepost.note_change() cascade' \
		-c 'drop function gatepost.relay_begin(), gatepost.relay_turn(xid8, boolean), gatepost.relay_rest(), gatepost.tasks_as_they_stand(jsonb)' \
		-c 'delete from gatepost.migration where number = 5' >"$work/said" 2>&1
}

judge_migration() {
	new_database busy owner
	succeeds "migration: a database is made" "$(url_of owner busy)"
	undo_changes busy
	superuser busy -c "insert into gatepost.task (user_id, title) select 'user ' || i % 100, 'old' from generate_series(1, 20000) as i"
	writers=
	for number in 1 2 3; do
		yes "begin; select set_config('gatepost.user_id', 'user $number', true) \\g /dev/null
			insert into gatepost.task (user_id, title) values ('user $number', 'new');
			update gatepost.task set completed = not completed where id = (select max(id) from gatepost.task);
			commit;" | head -n 6000 | psql -X -q -A -t "$(url_of gatepost_api busy)" >"$work/busy.$number" 2>&1 &
		writers="$writers $!"
	done
	sleep 0.3
	succeeds "migration: it goes through while others write" "$(url_of owner busy)"
	holds "migration: others do write" sh -c "kill -0 $writers"
	open_session relay "$(url_of gatepost_notify busy)"
	begin_relay
	for process in $writers; do wait "$process"; done
	equals "migration: nobody's write failed" "" "$(cat "$work"/busy.*)"
	equals "migration: no task is lost" 24500 "$(superuser busy -c 'select count(*) from gatepost.task')"
	turn
	holds "migration: changes are noted from then on" test "$moved" -gt 0
	close_session relay
}

# --- the table of tasks, partitioned by its owners ---

judge_partitions() {
	new_database parted owner
	succeeds "partitions: a database is made" "$(url_of owner parted)"
	run_as owner parted "alter table gatepost.task rename to plain;
		create table gatepost.task (like gatepost.plain including defaults including constraints) partition by hash (user_id);
		alter table gatepost.task alter column id add generated always as identity, add primary key (user_id, created_at, id);
		alter table gatepost.task enable row level security, force row level security;
		create policy task_owner on gatepost.task using (user_id = current_setting('gatepost.user_id', true))
			with check (user_id = current_setting('gatepost.user_id', true));
		create table gatepost.task_0 partition of gatepost.task for values with (modulus 2, remainder 0);
		create table gatepost.task_1 partition of gatepost.task for values with (modulus 2, remainder 1);
		create trigger task_version before update on gatepost.task for each row execute function gatepost.count_change();
		create trigger task_change before insert or update or delete on gatepost.task for each row execute function gatepost.note_change();
		drop table gatepost.plain cascade;" >"$work/said" 2>&1
	superuser parted -c 'grant select, insert, update, delete on gatepost.task to gatepost_api'
	open_session relay "$(url_of gatepost_notify parted)"
	begin_relay
	for user in ann bob cat dan; do
		run_as gatepost_api parted "begin; select set_config('gatepost.user_id', '$user', true) \\g /dev/null
			insert into gatepost.task (user_id, title) values ('$user', 'a'); update gatepost.task set title = 'b';
			update gatepost.task set completed = true; delete from gatepost.task; commit;" >"$work/said" 2>&1
	done
	equals "partitions: they are in more than one" 2 "$(superuser parted -c "select count(distinct satisfies_hash_partition('gatepost.task'::regclass, 2, 0, name))
		from unnest(array['ann', 'bob', 'cat', 'dan']) as name")"
	equals "partitions: changes are noted as in one table" \
		"c ann,u ann,f ann,d ann,c bob,u bob,f bob,d bob,c cat,u cat,f cat,d cat,c dan,u dan,f dan,d dan" "$(noted parted)"
	# A row that moves to another partition is removed from one and made in the other, on top of being changed.
	superuser parted -c "delete from gatepost.change" -c "insert into gatepost.task (user_id, title) values ('ann', 'moves')" \
		-c "update gatepost.task set user_id = name from unnest(array['bob', 'cat', 'dan']) as name where
			satisfies_hash_partition('gatepost.task'::regclass, 2, 0, name) <> satisfies_hash_partition('gatepost.task'::regclass, 2, 0, user_id)"
	equals "partitions: a change of owner is a deletion and a creation, each maybe twice" "c ann d ann c" \
		"$(noted parted | tr , '\n' | awk 'NR > 1 && $1 == "c" && $2 != "ann" { $2 = "" } !seen[$1 $2]++ { printf "%s%s%s", sep, $1, $2 == "" ? "" : " " $2; sep = " " }')"
	close_session relay
}

# First, while no role exists: one user for everything, as shared hosting has it.
superuser postgres -c 'create role hosted login nosuperuser nocreaterole'
new_database hosted hosted
succeeds "single user: a database is made" "$(url_of hosted hosted)"
judge_relay "single user" hosted hosted hosted
judge_states hosted hosted
judge_callers "single user" hosted hosted

superuser postgres -c 'create role owner login nosuperuser createrole'
new_database roles owner
succeeds "roles: a database is made" "$(url_of owner roles)"
judge_relay "roles" roles gatepost_notify gatepost_api
judge_relay "roles, as the owner" roles owner owner
judge_states roles gatepost_notify
judge_states roles owner
judge_rights roles
judge_callers "roles, the notifier" roles gatepost_notify
new_database drizzle owner
psql -X -q "$(url_of owner drizzle)" -f "$tests/sql/drizzle.sql" >"$work/said" 2>&1
succeeds "Drizzle's tables: it works" "$(url_of owner drizzle)"
judge_callers "Drizzle's tables, the task API" drizzle gatepost_api
new_database hostile owner
succeeds "hostile: a database is made" "$(url_of owner hostile)"
judge_hostile hostile
judge_migration
judge_partitions
finish
