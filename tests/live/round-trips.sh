#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What a warm worker asks of the kernel for one request: one message to PostgreSQL and one from it, no
# new process, no file. A refused token costs no message at all. Signing in and up cost two messages, for a
# password is hashed between them; asking for the session or a token, and signing out, one. Needs strace.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/round-trips.sh

set -u
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"

begin_trace() { # sets tracer
	: >"$work/strace" # what the last one said is not for this one
	strace -f -o "$work/trace" -p "$worker" \
		-e trace=sendto,recvfrom,sendmsg,recvmsg,open,openat,openat2,clone,clone3,fork,vfork,execve,socket,connect \
		2>"$work/strace" &
	tracer=$!
	ours="$ours $tracer"
	within 5 grep -q attached "$work/strace" || give_up "strace cannot attach: $(cat "$work/strace")"
}

end_trace() {
	kill -INT "$tracer"
	wait "$tracer" 2>/dev/null
	ours=${ours% "$tracer"}
}

calls() { # NAME...: how often they were made
	pattern=$(echo "$*" | tr ' ' '|')
	grep -cE "^[0-9]+ +($pattern)\\(" "$work/trace"
}

create() { # leaves the path in $task
	answered="$answered $(status_of /tasks -d '{"text":"a task","description":"of ordinary length"}')"
	task=/tasks/$(id_in_body)
}

fifty_requests() {
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		create
		answered="$answered $(status_of "$task")"
		answered="$answered $(status_of "$task" -X PATCH -d '{"completed":true}')"
		answered="$answered $(status_of /tasks)"
		answered="$answered $(status_of "$task" -X DELETE)"
	done
}

refused_requests() { # and health, which asks for nothing either
	good=$token
	for token in a.b.c "${good}x" "$good.x" "Bearer $good"; do
		status_of /healthz >/dev/null
		answered="$answered $(status_of /tasks)"
	done
	token=$good
	answered="$answered $(status_of /tasks/no-uuid) $(status_of /tasks -d '{') $(status_of /nowhere)"
}

judge_requests() { # NAME EXPECTED-MESSAGES
	equals "$1: as many messages to PostgreSQL" "$2" "$(calls sendto sendmsg)"
	equals "$1: as many messages from PostgreSQL" "$2" "$(calls recvfrom recvmsg)"
	equals "$1: no new process" 0 "$(calls clone clone3 fork vfork execve)"
	equals "$1: no file is opened" 0 "$(calls open openat openat2)"
	equals "$1: no new connection" 0 "$(calls socket connect)"
	if [ "$failed" -gt 0 ]; then head -n 40 "$work/trace" | cut -c 1-120 | sed 's/^/# /'; fi
}

if ! command -v strace >/dev/null; then give_up "strace is missing"; fi
export AUTH_RATE_LIMIT=off
start_instance --workers 1
worker=$(worker_pids)
token=$(token_for "round-trips")
answered=
# Each statement is prepared now, and the C library has read the time zone for the log.
fifty_requests
refused_requests

answered=
begin_trace
fifty_requests
end_trace
equals "50 requests: all are answered" 0 "$(echo "$answered" | tr ' ' '\n' | grep -cv '^$\|^20[01]$')"
judge_requests "50 requests" 50

answered=
begin_trace
refused_requests
end_trace
equals "requests that are refused: all are answered" " 401 401 401 401 422 422 404" "$answered"
judge_requests "requests that are refused" 0

# --- lists: those of more than a hundred are asked for again, in a way that bounds them ---

add_tasks() { # NUMBER
	owner_psql -q -c "select set_config('gatepost.user_id', 'round-trips', false)" \
		-c "insert into gatepost.task (user_id, title) select 'round-trips', 'Task ' || n from generate_series(1, $1) as n" >/dev/null
}

judge_list() { # TASKS MESSAGES
	status_of /tasks >/dev/null
	begin_trace
	status_of /tasks >/dev/null
	end_trace
	equals "a list of $1: has them" "$1" "$(grep -o '"id"' "$work/body" | wc -l)"
	equals "a list of $1: as many messages to PostgreSQL" "$2" "$(calls sendto sendmsg)"
}

add_tasks 100
judge_list 100 1
add_tasks 1
judge_list 101 2

# --- sign-in ---

judge_deed() { # NAME MESSAGES PATH [CURL-ARGUMENT...], after one of its kind
	deed=$1 messages=$2
	shift 2
	answered=
	begin_trace
	answered=" $(status_of "$@")"
	end_trace
	equals "$deed: is answered" " 200" "$answered"
	judge_requests "$deed" "$messages"
}

person() { # NUMBER
	echo "{\"name\":\"P\",\"email\":\"person-$1@example.com\",\"password\":\"correct horse\"}"
}

token_in_body() {
	sed -n 's/.*"token":"\([^"]*\)".*/\1/p' "$work/body"
}

worker=$(worker_pids auth-workers)
status_of /api/auth/sign-up/email -d "$(person 1)" >/dev/null
token=$(token_in_body)
for path in /get-session /token; do status_of /api/auth$path >/dev/null; done
status_of /api/auth/sign-out -d '{}' >/dev/null
status_of /api/auth/sign-in/email -d "$(person 1)" >/dev/null
judge_deed "sign-up" 2 /api/auth/sign-up/email -d "$(person 2)"
judge_deed "sign-in" 2 /api/auth/sign-in/email -d "$(person 2)"
token=$(token_in_body)
judge_deed "get-session" 1 /api/auth/get-session
judge_deed "token" 1 /api/auth/token
judge_deed "sign-out" 1 /api/auth/sign-out -d '{}'
finish
