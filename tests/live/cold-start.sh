#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A CGI program starts anew for each request: how long until it has connected to the database and
# answered. The fastest of thirty runs is under thirty
# milliseconds; the median, which a busy machine spoils, is printed.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/cold-start.sh

set -u
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"
runs=30
limit_ms=30

start_instance --workers 1
token=$(token_for cold-start)
env -i GATEPOST_ENV="$instance/env" GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET SCRIPT_NAME= PATH_INFO=/tasks \
	HTTP_AUTHORIZATION="Bearer $token" \
	"$GATEPOST_BUILD/spawn-time" $runs 200 "$instance/program/libexec/gatepost/gatepost.fcgi" >"$work/times" 2>"$work/err"
equals "$runs runs are answered with 200" "0 " "$? $(cat "$work/err")"
fastest=$(awk '$1 == "fastest" { print $2 }' "$work/times")
if [ -n "$fastest" ] && awk -v fastest="$fastest" -v limit=$limit_ms 'BEGIN { exit !(fastest < limit) }'; then
	ok "a cold start takes less than $limit_ms ms"
else
	not_ok "a cold start takes less than $limit_ms ms" "$(cat "$work/times")"
fi
sed 's/^/# ms: /' "$work/times"
finish
