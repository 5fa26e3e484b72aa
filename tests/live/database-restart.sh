#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# PostgreSQL goes away under load and comes back, politely and not: clients get 503 in the meantime, no
# answer takes ten seconds, nothing else has to be restarted, and every task that was answered with 201
# is there.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/database-restart.sh

set -u
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"

all_ready() { # twenty in a row, so that every worker is asked
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		[ "$(status_of /tasks)" = 200 ] || return 1
	done
}

missing_tasks() { # how many acknowledged tasks the database does not have
	owner_psql <<-SQL
		create temporary table acknowledged (uuid uuid);
		\\copy acknowledged from '$work/acknowledged'
		begin;
		select set_config('gatepost.user_id', '$user', true) as caller \\gset
		select count(*) from acknowledged where uuid not in (select uuid from gatepost.task);
	SQL
}

outage() { # fast or immediate
	user=restart-$1
	workers=$(worker_pids)
	load --mix create --at-once 4 --user "$user" --acknowledged "$work/acknowledged"
	sleep 1
	stop_database "$1"
	sleep 3
	start_database
	if within 10 all_ready; then
		ok "$1: all workers serve again, by themselves"
	else
		not_ok "$1: all workers serve again, by themselves" "$(tail -n 5 "$instance/log/lighttpd.log")"
	fi
	sleep 1
	end_load
	if [ "$(counted status_201)" -gt 0 ] && [ "$(counted status_503)" -gt 0 ]; then
		ok "$1: there were answers with 201 and with 503"
	else
		not_ok "$1: there were answers with 201 and with 503" "$(cat "$work/load")"
	fi
	equals "$1: there were no other answers, and none was lost" "$(counted answered) 0" \
		"$(($(counted status_201) + $(counted status_503))) $(counted lost)"
	equals "$1: each 503 says when to come back" 0 "$(counted without_retry_after)"
	if [ "$(counted slowest_ms)" -lt 10000 ]; then
		ok "$1: no answer took ten seconds"
	else
		not_ok "$1: no answer took ten seconds" "$(cat "$work/load")"
	fi
	equals "$1: no worker was replaced" "$workers" "$(worker_pids)"
	equals "$1: every task answered with 201 is there" 0 "$(missing_tasks)"
	if [ -s "$work/load.err" ]; then sort "$work/load.err" | uniq -c | head -n 5 | sed 's/^/# /'; fi
	sed 's/^/# /' "$work/load"
}

start_instance --workers 4
token=$(token_for reader)
remember_database
equals "before: all is well" 200 "$(status_of /tasks)"
outage fast
outage immediate
finish
