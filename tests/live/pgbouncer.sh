#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Both programs behind PgBouncer in transaction mode, with fewer connections than workers: with
# DB_PREPARE=off everything works as without it, and users stay apart; with on the log says what to
# change.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/pgbouncer.sh [HTTP-TESTS-ARGUMENT...]

set -u
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"
# shellcheck source=tests/support/bouncer.sh
. "$top/tests/support/bouncer.sh"
worker_count=6
pool_size=2 # for each role

change_setting() { # NAME VALUE, in the file itself, so that owner and mode stay
	{ grep -v "^$1=" "$instance/env"; echo "$1=$2"; } >"$work/env.new"
	cat "$work/env.new" >"$instance/env"
}

reload() {
	for process in $(worker_pids) $(worker_pids auth-workers); do kill -HUP "$process"; done
	sleep 1 # an idle worker looks for signals twice a second
}

connections() { # ROLE: its number on the server
	owner_psql -c "select count(*) from pg_stat_activity where usename = '$1'"
}

judge_prepared() {
	# Enough at once that workers meet each other's statements.
	load --mix mixed --requests 400 --at-once 12
	wait "$loader"
	ours=${ours% "$loader"}
	log=$(cat "$instance"/log/*.log)
	contains "on: the log says what is wrong" "$log" rule=database_pooled
	contains "on: and what to change" "$log" "set DB_PREPARE=off"
	holds "on: what cannot be answered is 503" test "$(counted status_503)" -gt 0
	equals "on: nothing is lost" 0 "$(counted lost)"
}

# Everything that a client can see is as without a pooler.
judge_http_tests() { # HTTP-TESTS-ARGUMENT...
	GATEPOST_TEST_SERVER=lighttpd-fastcgi "$GATEPOST_BUILD/http-tests" "$@" >"$work/tests" 2>&1
	status=$?
	bad=$(grep -A 6 '^not ok - ' "$work/tests")
	equals "off: http-tests pass, $(grep -c '^ok - ' "$work/tests") of them" "0 " "$status $bad"
}

# Twenty users at once, drawn at random; each answer is judged by what that user did.
judge_isolation() {
	owner_psql -c 'alter table gatepost.task alter column id restart with 4000000000000001' ||
		give_up "the numbers of tasks cannot be set"
	"$GATEPOST_BUILD/http-random" --operations 3000 >"$work/tests" 2>&1
	status=$?
	equals "off: no user sees or changes what is another's" "0 " "$status $(grep -A 6 '^not ok - ' "$work/tests")"
}

judge_load() {
	load --mix mixed --requests 4000 --at-once 12
	wait "$loader"
	ours=${ours% "$loader"}
	equals "off: under load nothing is lost or refused" "4000 0 0" \
		"$(counted answered) $(counted lost) $(counted unexpected)"
	if [ -s "$work/load.err" ]; then sort "$work/load.err" | uniq -c | head -n 10 | sed 's/^/# /'; fi
	holds "off: workers share connections" test "$(connections gatepost_api)" -le $pool_size
	equals "off: none of them keeps a statement or a setting" "0 0" "$(leftovers)"
}

# On each connection of the pool, as far as twenty transactions can tell.
leftovers() {
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		psql -X -q -A -t "$(through_bouncer "$api_url")" -c "select (select count(*) from pg_prepared_statements) || ' ' ||
			(select count(*) from pg_settings where name in ('search_path', 'statement_timeout') and source = 'session')"
	done | sort -u
}

sign_in() { # PATH BODY: sets session, the token
	session=$(curl -q -s --noproxy '*' --max-time 20 -H 'Content-Type: application/json' -d "$2" \
		"$GATEPOST_TEST_URL/api/auth/$1" | sed -n 's/.*"token":"\([^"]*\)".*/\1/p')
}

judge_sign_in() {
	people=
	for number in 1 2 3 4 5 6 7 8; do
		(
			mail=person-$number@example.com
			sign_in sign-up/email "{\"name\":\"P\",\"email\":\"$mail\",\"password\":\"correct horse\"}"
			sign_in sign-in/email "{\"email\":\"$mail\",\"password\":\"correct horse\"}"
			for _ in 1 2 3 4 5 6 7 8 9 10; do
				curl -q -s --noproxy '*' --max-time 20 -H "Authorization: Bearer $session" \
					"$GATEPOST_TEST_URL/api/auth/get-session" | grep -o '"email":"[^"]*"'
				curl -q -s -o /dev/null -w '%{http_code}\n' --noproxy '*' --max-time 20 \
					-H "Authorization: Bearer $session" "$GATEPOST_TEST_URL/tasks"
			done >"$work/person.$number"
		) &
		people="$people $!"
	done
	for process in $people; do wait "$process"; done
	for number in 1 2 3 4 5 6 7 8; do
		equals "off: person $number signs up and in, and is themself each time" \
			"10 \"email\":\"person-$number@example.com\" 10 200" \
			"$(sort "$work/person.$number" | uniq -c | tr -s ' \n' ' ' | sed 's/^ //; s/ $//')"
	done
	holds "off: workers for sign-in share connections" test "$(connections gatepost_auth)" -le $pool_size
}

AUTH_RATE_LIMIT=off
FRONTEND_URL=https://app.example.com
export AUTH_RATE_LIMIT FRONTEND_URL
start_instance --workers $worker_count
api_url=$(setting "$instance/env" DATABASE_URL)
auth_url=$(setting "$instance/env" SIGN_IN_DATABASE_URL)
make_bouncer transaction "$api_url" "$auth_url"
start_bouncer
change_setting DATABASE_URL "$(through_bouncer "$api_url")"
change_setting SIGN_IN_DATABASE_URL "$(through_bouncer "$auth_url")"
reload
judge_prepared
change_setting DB_PREPARE off
reload
# Else what was prepared stays on its connections, though nobody asks for it.
stop_bouncer
start_bouncer
judge_load
judge_sign_in
judge_isolation
judge_http_tests "$@"
judge_load
finish
