#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# MAX_REQUESTS and DATABASE_CONNECTION_MAX_AGE_SECONDS under load: workers end and are replaced, though
# not before they are 15 seconds old; connections are made anew; no request is lost, and none is refused.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/recycling.sh

set -u
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"
worker_count=4

connections() { # of the workers, by the process that PostgreSQL has for each
	owner_psql -c "select pid from pg_stat_activity where usename = '$1' order by pid"
}

has_connections() { # NUMBER
	[ "$(connections gatepost_api | grep -c .)" = "$1" ]
}

still_there() { # OLD NEW: how many of these numbers are among those
	printf '%s\n' "$1" "--" "$2" | awk '$0 == "--" { second = 1; next } !second { old[$0] = 1; next } $0 in old { n++ } END { print n + 0 }'
}

judge_connections() {
	before=$(connections gatepost_api)
	workers=$(worker_pids)
	load --mix mixed --at-once 4
	sleep 4
	after=$(connections gatepost_api)
	sleep 2
	later=$(connections gatepost_api)
	end_load
	holds "age: each worker has its connection, and no other" within 5 has_connections $worker_count
	equals "age: none is the one that it began with" 0 "$(still_there "$before" "$after")"
	equals "age: nor is it two seconds later" 0 "$(still_there "$after" "$later")"
	equals "age: no request was lost or refused" "0 0" "$(counted lost) $(counted unexpected)"
	equals "age: no worker was replaced for it" "$workers" "$(worker_pids)"
	if [ "$(counted answered)" -gt 1000 ]; then ok "age: there was load"; else not_ok "age: there was load" "$(cat "$work/load")"; fi
}

# Without privileges on the database there is no new connection, while those that exist go on.
judge_failed_renewal() {
	before=$(connections gatepost_api)
	owner_psql -c 'revoke connect on database gatepost from public' -c 'revoke connect on database gatepost from gatepost_api' ||
		give_up "the right to connect cannot be taken"
	load --mix list --requests 2000 --at-once 4
	wait "$loader"
	ours=${ours% "$loader"}
	sleep 2
	load --mix list --requests 2000 --at-once 4
	wait "$loader"
	ours=${ours% "$loader"}
	equals "age: a connection that cannot be replaced stays in use" "$before" "$(connections gatepost_api)"
	equals "age: so that no request is refused for its age" "2000 0 0" \
		"$(counted answered) $(counted lost) $(counted unexpected)"
	owner_psql -c 'grant connect on database gatepost to gatepost_api, gatepost_auth'
}

answers_all() { # STATUS: more requests than there are workers
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
		if [ "$(status_of /tasks)" != "$1" ]; then return 1; fi
	done
}

# What held when a connection was made need not hold when the next one is: then the old one goes, too. Before the
# test below, behind which workers wait a minute until they try again.
judge_unbound_renewal() {
	holds "age: where row-level security binds them requests are served" within 10 answers_all 200
	owner_psql -c 'alter table gatepost.task disable row level security' || give_up "the table cannot be changed"
	holds "age: where it no longer does they are refused once connections are due" within 20 answers_all 503
	owner_psql -c 'alter table gatepost.task enable row level security'
	holds "age: and served again where it does" within 20 answers_all 200
}

# Those that have had enough wait for their fifteenth second: the first is due at once.
judge_retirement() {
	change_setting MAX_REQUESTS 50
	before=$(worker_pids)
	for process in $before; do kill -TERM "$process"; done
	within 5 are_replaced "$before" || give_up "the workers are not replaced"
	began=$(date +%s)
	first=$(worker_pids)
	load --mix mixed --at-once 4
	sleep 8
	equals "MAX_REQUESTS: a worker stays for its first seconds" "$first" "$(worker_pids)"
	if within 20 are_replaced "$first"; then
		ok "MAX_REQUESTS: then each is replaced, after $(($(date +%s) - began)) s"
	else
		not_ok "MAX_REQUESTS: then each is replaced" "$first, now $(worker_pids)"
	fi
	second=$(worker_pids)
	if within 25 are_replaced "$second"; then
		ok "MAX_REQUESTS: and so are those after them"
	else
		not_ok "MAX_REQUESTS: and so are those after them" "$second, now $(worker_pids)"
	fi
	end_load
	equals "MAX_REQUESTS: no request was lost or refused" "0 0" "$(counted lost) $(counted unexpected)"
	equals "MAX_REQUESTS: the pool is as large as before" $worker_count "$(worker_pids | wc -l)"
	if [ -s "$work/load.err" ]; then sort "$work/load.err" | uniq -c | head -n 10 | sed 's/^/# /'; fi
}

are_replaced() { # OLD-PIDS
	[ "$(worker_pids | wc -l)" -eq $worker_count ] && [ "$(still_there "$1" "$(worker_pids)")" = 0 ]
}

change_setting() { # NAME VALUE, in the file itself, so that owner and mode stay
	{ grep -v "^$1=" "$instance/env"; echo "$1=$2"; } >"$work/env.new"
	cat "$work/env.new" >"$instance/env"
}

DATABASE_CONNECTION_MAX_AGE_SECONDS=1
export DATABASE_CONNECTION_MAX_AGE_SECONDS
start_instance --workers $worker_count
token=$(token_for reader)
judge_connections
judge_unbound_renewal
judge_failed_renewal
judge_retirement
finish
