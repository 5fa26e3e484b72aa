#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A CGI program starts anew for each request: how long until it has answered, ten milliseconds at most without the
# database, and twenty when it has connected first. The fastest of thirty runs is judged, and of thirty more, up to ten
# times, where others keep the machine busy; the median, which they spoil, is printed.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/cold-start.sh

set -u
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"

run_thirty_times() { # PATH STATUS: sets outcome, and fastest, in ms
	env -i GATEPOST_ENV="$instance/env" GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET SCRIPT_NAME= PATH_INFO="$1" \
		HTTP_AUTHORIZATION="Bearer $token" \
		"$GATEPOST_BUILD/spawn-time" 30 "$2" "$instance/program/libexec/gatepost/gatepost.fcgi" >"$work/times" 2>"$work/err"
	outcome="$? $(cat "$work/err")"
	fastest=$(awk '$1 == "fastest" { print $2 }' "$work/times")
}

is_less() { # NUMBER LIMIT
	awk -v number="$1" -v limit="$2" 'BEGIN { exit !(number < limit) }'
}

takes_less_than() { # MS PATH STATUS WHAT
	for batch in 1 2 3 4 5 6 7 8 9 10; do
		run_thirty_times "$2" "$3"
		if [ "$outcome" != "0 " ] || is_less "$fastest" "$1"; then break; fi
		sleep 1
	done
	equals "thirty runs $4 are answered with $3" "0 " "$outcome"
	if [ -n "$fastest" ] && is_less "$fastest" "$1"; then
		ok "a cold start $4 takes less than $1 ms"
	else
		not_ok "a cold start $4 takes less than $1 ms" "$(cat "$work/times")"
	fi
	sed "s/^/# ms $4, batch $batch: /" "$work/times"
}

start_instance --workers 1
token=$(token_for cold-start)
takes_less_than 10 /healthz 200 "without the database"
takes_less_than 20 /tasks 200 "with the database"
finish
