#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A CGI program starts anew for each request: how long until it has answered, ten milliseconds at most without the
# database, and twenty when it has connected first. The fastest of thirty runs is judged; the median, which a busy
# machine spoils, is printed.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/cold-start.sh

set -u
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"
runs=30

takes_less_than() { # MS PATH STATUS WHAT
	env -i GATEPOST_ENV="$instance/env" GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET SCRIPT_NAME= PATH_INFO="$2" \
		HTTP_AUTHORIZATION="Bearer $token" \
		"$GATEPOST_BUILD/spawn-time" $runs "$3" "$instance/program/libexec/gatepost/gatepost.fcgi" >"$work/times" 2>"$work/err"
	equals "$runs runs $4 are answered with $3" "0 " "$? $(cat "$work/err")"
	fastest=$(awk '$1 == "fastest" { print $2 }' "$work/times")
	if [ -n "$fastest" ] && awk -v fastest="$fastest" -v limit="$1" 'BEGIN { exit !(fastest < limit) }'; then
		ok "a cold start $4 takes less than $1 ms"
	else
		not_ok "a cold start $4 takes less than $1 ms" "$(cat "$work/times")"
	fi
	sed "s/^/# ms $4: /" "$work/times"
}

start_instance --workers 1
token=$(token_for cold-start)
takes_less_than 10 /healthz 200 "without the database"
takes_less_than 20 /tasks 200 "with the database"
finish
