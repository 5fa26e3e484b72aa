#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What operators and supervisors send to workers: SIGTERM ends them after the request in progress,
# SIGHUP lets them read their settings again, and neither loses a request.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/signals.sh

set -u
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"
worker_count=12 # see judge_signals_under_load

signal_workers() { # SIGNAL
	for process in $(worker_pids); do kill "-$1" "$process"; done
}

worker_number() {
	worker_pids | wc -l
}

are_replaced() { # OLD-PIDS
	[ "$(worker_number)" -eq $worker_count ] || return 1
	for process in $1; do
		if kill -0 "$process" 2>/dev/null; then return 1; fi
	done
}

# All tasks are locked for three seconds, so that every request in progress has to wait.
lock_tasks() {
	owner_psql -c 'begin; lock table gatepost.task in access exclusive mode; select pg_sleep(3); commit' >/dev/null &
	locker=$!
	ours="$ours $locker"
	within 5 is_locked || give_up "the table of tasks could not be locked"
}

is_locked() {
	[ "$(owner_psql -c "select count(*) from pg_locks where relation = 'gatepost.task'::regclass and mode = 'AccessExclusiveLock' and granted")" = 1 ]
}

waiting() { # NUMBER: that many statements wait for the lock
	[ "$(owner_psql -c "select count(*) from pg_locks where relation = 'gatepost.task'::regclass and not granted")" = "$1" ]
}

judge_slow_requests() {
	before=$(worker_pids)
	lock_tasks
	slow=
	for i in $(seq $worker_count); do
		curl -q -s -o /dev/null --noproxy '*' --max-time 20 -w '%{http_code}\n' -H "Authorization: Bearer $token" \
			-H 'Content-Type: application/json' -d '{"text":"slow"}' "$GATEPOST_TEST_URL/tasks" >"$work/slow.$i" &
		slow="$slow $!"
	done
	within 2 waiting $worker_count || give_up "the workers do not wait for the lock"
	signal_workers TERM
	for process in $slow $locker; do wait "$process"; done
	ours=${ours% "$locker"}
	equals "SIGTERM: slow requests in progress are answered" $worker_count "$(cat "$work"/slow.* | grep -c 201)"
	holds "SIGTERM: the workers end, and others take their places" within 5 are_replaced "$before"
	equals "SIGTERM: the next request is answered" 200 "$(status_of /tasks)"
}

change_setting() { # NAME VALUE, in the file itself, so that owner and mode stay
	{ grep -v "^$1=" "$instance/env"; echo "$1=$2"; } >"$work/env.new"
	cat "$work/env.new" >"$instance/env"
}

answers_with() { # STATUS PATH: every worker does, as far as twelve requests can tell
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
		[ "$(status_of "$2")" = "$1" ] || return 1
	done
}

reloads_logged() { # NUMBER; a worker may wait with it until it is asked
	status_of /tasks >/dev/null
	[ "$(grep -c settings_reloaded "$instance/log/workers.log")" = "$1" ]
}

judge_reload() {
	token=$(token_for owner)
	status_of /tasks -d '{"text":"mine"}' >/dev/null
	task=/tasks/$(id_in_body)
	token=$(token_for stranger)
	before=$(worker_pids)
	holds "before: a foreign task is 403" answers_with 403 "$task"
	change_setting OWNERSHIP_FAILURE 404
	holds "a changed file alone changes nothing" answers_with 403 "$task"
	signal_workers HUP
	holds "SIGHUP: the new setting is in force" within 5 answers_with 404 "$task"
	holds "SIGHUP: the log says so for each worker" within 5 reloads_logged $worker_count
	change_setting OWNERSHIP_FAILURE 999
	signal_workers HUP
	sleep 0.5
	holds "SIGHUP: a bad setting is not, the old one stays" answers_with 404 "$task"
	log=$(cat "$instance/log/workers.log") # their standard error
	contains "SIGHUP: the log says that the settings were kept" "$log" settings_kept
	contains "SIGHUP: and which of them is bad" "$log" "OWNERSHIP_FAILURE: must be 403 or 404"
	change_setting OWNERSHIP_FAILURE 403
	signal_workers HUP
	holds "SIGHUP: a good setting is in force again" within 5 answers_with 403 "$task"
	equals "SIGHUP: no worker was replaced" "$before" "$(worker_pids)"
}

sign_up() { # NAME: sets answered, the status or what the refusal is called
	answered=$(curl -q -s --noproxy '*' --max-time 20 -w ' %{http_code}' -H 'Content-Type: application/json' \
		-d "{\"name\":\"$1\",\"email\":\"$1@example.com\",\"password\":\"correct horse\"}" \
		"$GATEPOST_TEST_URL/api/auth/sign-up/email" | sed 's/.*"code":"\([^"]*\)".*/\1/; s/.* //')
}

hang_up_sign_in() { # and wait until an idle worker has looked, which it does twice a second
	for process in $(worker_pids auth-workers); do kill -HUP "$process"; done
	sleep 1
}

judge_sign_in_reload() {
	before=$(worker_pids auth-workers)
	sign_up one
	equals "sign-in, before: anybody may sign up" 200 "$answered"
	change_setting SIGN_UP off
	hang_up_sign_in
	sign_up two
	equals "sign-in, SIGHUP: the new setting is in force" EMAIL_PASSWORD_SIGN_UP_DISABLED "$answered"
	change_setting SIGN_UP perhaps
	hang_up_sign_in
	sign_up three
	equals "sign-in, SIGHUP: a bad setting is not, the old one stays" EMAIL_PASSWORD_SIGN_UP_DISABLED "$answered"
	log=$(cat "$instance/log/auth-workers.log") # their standard error
	equals "sign-in, SIGHUP: the log says so for each worker" $worker_count "$(echo "$log" | grep -c settings_kept)"
	contains "sign-in, SIGHUP: and which setting is bad" "$log" "SIGN_UP: must be off or on"
	change_setting SIGN_UP on
	hang_up_sign_in
	sign_up four
	equals "sign-in, SIGHUP: a good setting is in force again" 200 "$answered"
	equals "sign-in, SIGHUP: no worker was replaced" "$before" "$(worker_pids auth-workers)"
}

# multiwatch gives a worker's place up for good when it ends more than three times in a row within ten
# seconds of its start. Hence so many places: each gets its turn once.
judge_signals_under_load() {
	load --mix mixed --at-once 3
	for i in 1 2 3 4 5 6 7 8 9 10; do
		kill -HUP "$(worker_pids | tail -n 1)"
		sleep 0.3
		kill -TERM "$(worker_pids | head -n 1)"
		sleep 0.7
	done
	end_load
	equals "20 signals under load: no request was lost or refused" "0 0" "$(counted lost) $(counted unexpected)"
	if [ "$(counted answered)" -gt 1000 ]; then
		ok "20 signals under load: there was load"
	else
		not_ok "20 signals under load: there was load" "$(cat "$work/load")"
	fi
	equals "20 signals under load: all workers are there" $worker_count "$(worker_number)"
	if [ -s "$work/load.err" ]; then sort "$work/load.err" | uniq -c | head -n 10 | sed 's/^/# /'; fi
}

# Apache hands a body on while it arrives: a signal finds the worker reading.
judge_slow_bodies() {
	for signal in HUP TERM; do
		before=$(worker_pids)
		(printf '{"text":'; sleep 1; printf '"slow"'; sleep 1; printf '}') |
			curl -q -s -o /dev/null --noproxy '*' --max-time 20 -w '%{http_code}' -X POST -T - \
				-H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
				"$GATEPOST_TEST_URL/tasks" >"$work/slow" &
		slow=$!
		sleep 0.5
		signal_workers $signal
		sleep 1
		if [ $signal = HUP ]; then signal_workers $signal; fi
		wait "$slow"
		equals "SIG$signal: a request whose body is still arriving is answered" 201 "$(cat "$work/slow")"
	done
	holds "SIGTERM: the workers behind Apache are replaced" within 5 are_replaced "$before"
}

export AUTH_RATE_LIMIT=off
start_instance --workers $worker_count
token=$(token_for slow)
judge_slow_requests
judge_reload
judge_sign_in_reload
judge_signals_under_load
stop_instance
worker_count=4
start_instance --workers $worker_count --server apache
token=$(token_for slow)
judge_slow_bodies
finish
