#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Under load the web server is reloaded, workers read their settings again, all of them are replaced one
# by one, and the programs are, too: no request is lost or refused. What the web server itself does with
# connections that its clients keep is counted and named.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/reloads.sh [--requests N] [lighttpd|apache...]

set -u
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"
requests=20000 rounds=15
if [ "${1:-}" = --requests ]; then
	requests=$2 rounds=20
	shift 2
fi
# multiwatch gives a worker's place up for good when it ends more than three times in a row within ten
# seconds of its start. Replacing one a second lets each live longer than that.
worker_count=12

answered_so_far() { # by the workers for the API, as they count together; the health checks of this test too
	curl -q -s --noproxy '*' --max-time 10 "$GATEPOST_TEST_URL/metrics" |
		awk '$1 == "gatepost_request_duration_seconds_count" { value = $2 } END { print value + 0 }'
}

upgrade() { # the programs' files: new ones take their names
	for program in gatepost.fcgi gatepost-auth.fcgi; do
		file=$instance/program/libexec/gatepost/$program
		cp -p "$file" "$file.new" && mv "$file.new" "$file" || give_up "$file cannot be replaced"
	done
}

of_old_program() { # how many workers run a file that is gone
	for process in $(worker_pids) $(worker_pids auth-workers); do readlink "/proc/$process/exe"; done | grep -c ' (deleted)$'
}

are_complete() {
	[ "$(worker_pids | wc -l) $(worker_pids auth-workers | wc -l)" = "$worker_count $worker_count" ]
}

reloads_logged() { # SERVER
	case $1 in
	lighttpd) grep -c 'graceful shutdown started' "$instance/log/lighttpd.log" ;;
	apache) grep -c 'AH00493' "$instance/log/apache.log" ;;
	esac
}

client_counted() { # NAME: a figure of reloads_client.py
	awk -v name="$1" '$1 == name { value = $2 } END { print value + 0 }' "$work/client"
}

begin_load() {
	load --mix all --at-once 4
	python3 "$(dirname "$0")/reloads_client.py" 127.0.0.1 "$port" /tasks "$token" >"$work/client" 2>"$work/client.err" &
	client=$!
	ours="$ours $client"
}

stop_load() {
	kill "$client"
	wait "$client"
	ours=${ours% "$client"}
	end_load
}

# One second: a reload of the web server; all workers read their settings; the oldest of each pool ends.
one_round() {
	kill -USR1 "$(cat "$instance/pid/web")"
	reloads=$((reloads + 1))
	sleep 0.4
	for process in $(worker_pids) $(worker_pids auth-workers); do kill -HUP "$process"; done
	sleep 0.3
	kill -TERM "$(worker_pids | head -n 1)" "$(worker_pids auth-workers | head -n 1)"
	sleep 0.3
}

disturb() {
	reloads=0
	until [ $reloads -ge $rounds ] && [ "$(answered_so_far)" -ge "$requests" ]; do
		# With time left to replace all workers.
		if [ $reloads = 2 ]; then upgrade; fi
		one_round
		if [ $reloads -ge 400 ]; then give_up "$server: $requests requests take too long"; fi
	done
}

judge() { # SERVER
	server=$1
	start_instance --server "$server" --workers $worker_count
	token=$(token_for reader)
	web=$(cat "$instance/pid/web")
	begin_load
	disturb
	stop_load
	what="$server: $reloads reloads, $(counted answered) and $(client_counted answered) requests"
	holds "$what: there was load" test $(($(counted answered) + $(client_counted answered))) -ge "$requests" \
		-a "$(counted answered)" -gt 1000 -a "$(client_counted answered)" -gt 1000
	equals "$what: none was lost or refused" "0 0" "$(counted lost) $(counted unexpected)"
	equals "$what: nor of a client that never asks twice" "refused 0, cut 0, unexpected 0" \
		"refused $(client_counted refused), cut $(client_counted cut), unexpected $(client_counted unexpected)"
	echo "# $server: kept connections that it closed between two requests, by its own right: $(client_counted closed)"
	echo "# $server: longest answer: $(counted slowest_ms) ms"
	holds "$what: all workers are there" within 5 are_complete
	equals "$what: all of them are the new programs" 0 "$(of_old_program)"
	equals "$what: the web server is the same process" "$web" "$(cat "$instance/pid/web")"
	holds "$what: and it is there" kill -0 "$web"
	equals "$what: it has read its settings each time" $reloads "$(reloads_logged "$server")"
	for file in "$work/load.err" "$work/client.err"; do
		if [ -s "$file" ]; then sort "$file" | uniq -c | head -n 10 | sed 's/^/# /'; fi
	done
	stop_instance
}

export AUTH_RATE_LIMIT=off
for kind in ${*:-lighttpd apache}; do judge "$kind"; done
finish
