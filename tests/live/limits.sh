#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What the workers of a machine count together: RATE_LIMIT for callers and addresses, and /metrics; and
# that nobody else may see or change the file in which they do.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/limits.sh

set -u
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"
worker=$GATEPOST_BUILD/gatepost.fcgi
: >"$work/empty"
limit=20 # over all workers: each of them alone would let it pass many times
window=4

statuses() { # NUMBER PATH [CURL-ARGUMENT...]: of requests that are sent at once, each status with its count
	number=$1 path=$2
	shift 2
	seq "$number" | xargs -P 8 -I '{}' curl -q -s -o /dev/null --noproxy '*' --max-time 20 -w '%{http_code}\n' \
		"$@" "$GATEPOST_TEST_URL$path" | sort | uniq -c | tr -s ' \n' ' '
}

as_user() { # USER: a header for statuses()
	echo "Authorization: Bearer $(token_for "$1")"
}

field_of() { # NAME PATH [CURL-ARGUMENT...]
	name=$1 path=$2
	shift 2
	curl -q -s -D - -o /dev/null --noproxy '*' "$@" "$GATEPOST_TEST_URL$path" | tr -d '\r' | sed -n "s/^$name: //Ip"
}

refusals_logged() {
	cat "$instance"/log/*.log | grep -c 'rule=rate_limit'
}

change_setting() { # NAME VALUE, in the file itself, so that owner and mode stay
	{ grep -v "^$1=" "$instance/env"; echo "$1=$2"; } >"$work/env.new"
	cat "$work/env.new" >"$instance/env"
}

reload() {
	for process in $(worker_pids); do kill -HUP "$process"; done
	sleep 1 # an idle worker looks for signals twice a second
}

# --- callers and addresses ---

judge_callers() {
	ann=$(as_user ann)
	equals "a caller gets as many answers as RATE_LIMIT says, over all workers" " $limit 200 10 429 " \
		"$(statuses $((limit + 10)) /tasks -H "$ann")"
	after=$(field_of Retry-After /tasks -H "$ann")
	holds "Retry-After is within the window: $after" test "${after:-0}" -ge 1 -a "${after:-0}" -le $window
	status=$(curl -q -s --noproxy '*' -H "$ann" "$GATEPOST_TEST_URL/tasks")
	equals "the answer has its sentence" '{"detail":"Too Many Requests"}' "$status"
	equals "another caller has a count of their own" " 5 200 " "$(statuses 5 /tasks -H "$(as_user bea)")"
	equals "the limit holds for every API" " 1 429 " "$(statuses 1 /api/ann/tasks -H "$ann")"
	equals "a change is not made over the limit" " 3 429 " "$(statuses 3 /tasks -H "$ann" -d '{"text":"x"}')"
	equals "health is not limited" " 30 200 " "$(statuses 30 /healthz -H "$ann")"
	equals "a limit is logged once for its window" 1 "$(refusals_logged)"
	sleep $((window + 1))
	equals "when the window is over the caller is heard again" " $limit 200 1 429 " \
		"$(statuses $((limit + 1)) /tasks -H "$ann")"
}

judge_addresses() {
	cay=$(as_user cay)
	# Several at once may each be the last that is looked at.
	given=$(statuses $((limit + 20)) /tasks -H 'Authorization: Bearer a.b.c.nonsense.nonsense')
	refused=$(echo "$given" | sed -n 's/^ \([0-9]*\) 401 .*/\1/p')
	holds "refused tokens count against their address:$given" test "${refused:-0}" -ge $limit -a "${refused:-0}" -lt $((limit + 8))
	equals "an address over the limit is not heard, whoever it says it is" " 1 429 " "$(statuses 1 /tasks -H "$cay")"
	equals "its health checks are" " 1 200 " "$(statuses 1 /healthz)"
	equals "so are its questions beforehand" " 1 204 " "$(statuses 1 /tasks -X OPTIONS -H 'Origin: http://localhost:3000' \
		-H 'Access-Control-Request-Method: PUT')"
	equals "a forwarding field of its own does not help it" " 1 429 " \
		"$(statuses 1 /tasks -H "$cay" -H 'X-Forwarded-For: 203.0.113.9')"
	sleep $((window + 1))
	equals "when the window is over the address is heard again" " 1 200 " "$(statuses 1 /tasks -H "$cay")"
	equals "requests without any token count too" " $limit 401 " "$(statuses $limit /tasks)"
	equals "and end in 429" " 1 429 " "$(statuses 1 /tasks)"
	sleep $((window + 1))
}

judge_sessions() {
	given=$(statuses $((limit + 20)) /tasks -H 'Authorization: Bearer 0123456789abcdef0123456789abcdef')
	refused=$(echo "$given" | sed -n 's/^ \([0-9]*\) 401 .*/\1/p')
	holds "session tokens that nobody has count against their address:$given" \
		test "${refused:-0}" -ge $limit -a "${refused:-0}" -lt $((limit + 8))
	sleep $((window + 1))
	# User ids are no secret, and look like session tokens.
	statuses $((limit + 20)) /tasks -H 'Authorization: Bearer fay' >/dev/null
	equals "a user's id sent as a session token does not count against the user" " 1 200 " \
		"$(statuses 1 /tasks --interface 127.0.0.2 -H "$(as_user fay)")"
	sleep $((window + 1))
}

judge_proxies() {
	change_setting TRUSTED_PROXIES 127.0.0.1
	reload
	equals "behind a trusted proxy clients are told apart" " $limit 401 " "$(statuses $limit /tasks -H 'X-Forwarded-For: 203.0.113.1')"
	equals "the one over the limit is not heard" " 1 429 " "$(statuses 1 /tasks -H 'X-Forwarded-For: 203.0.113.1')"
	equals "nor with an address put in front" " 1 429 " "$(statuses 1 /tasks -H 'X-Forwarded-For: 203.0.113.7, 203.0.113.1')"
	equals "the others are" " 1 401 " "$(statuses 1 /tasks -H 'X-Forwarded-For: 203.0.113.2')"
	equals "the proxy itself is never limited" " 30 401 " "$(statuses 30 /tasks)"
	equals "IPv6 counts by networks" " $limit 401 " "$(statuses $limit /tasks -H 'X-Forwarded-For: 2001:db8::1')"
	equals "of which all addresses are one" " 1 429 " "$(statuses 1 /tasks -H 'X-Forwarded-For: 2001:db8::ffff:1')"
	change_setting TRUSTED_PROXIES none
}

judge_reload() {
	change_setting RATE_LIMIT off
	reload
	equals "without RATE_LIMIT nobody is limited" " $((limit + 10)) 200 " "$(statuses $((limit + 10)) /tasks -H "$(as_user dan)")"
}

# --- metrics ---

metric() { # NAME-WITH-LABELS: its value, 0 where it is not there
	curl -q -s --noproxy '*' "$GATEPOST_TEST_URL/metrics" | awk -v name="$1" '$1 == name { value = $2 } END { print value + 0 }'
}

grew() { # NAME-WITH-LABELS BEFORE
	echo $(($(metric "$1") - $2))
}

judge_metrics() {
	listed='gatepost_requests_total{method="GET",route="/tasks",status="200"}'
	refused='gatepost_requests_total{method="GET",route="/tasks",status="401"}'
	rule='gatepost_refusals_total{rule="token_encoding"}'
	missing='gatepost_requests_total{method="any",route="none",status="404"}'
	trips=gatepost_database_round_trips_total
	count=gatepost_request_duration_seconds_count
	listed_before=$(metric "$listed") refused_before=$(metric "$refused") rule_before=$(metric "$rule")
	missing_before=$(metric "$missing") trips_before=$(metric $trips) count_before=$(metric $count)
	statuses 40 /tasks -H "$(as_user eve)" >/dev/null
	statuses 7 /tasks -H 'Authorization: Bearer !.!.!' >/dev/null
	statuses 3 /nothing >/dev/null
	equals "requests are counted over all workers, by route and status" 40 "$(grew "$listed" "$listed_before")"
	equals "so are refused ones" 7 "$(grew "$refused" "$refused_before")"
	equals "paths that nothing answers have a line of their own" 3 "$(grew "$missing" "$missing_before")"
	equals "a request is one round trip to the database" 40 "$(grew $trips "$trips_before")"
	# The requests for metrics are counted, too.
	holds "the histogram counts every request" test "$(grew $count "$count_before")" -ge 50
	curl -q -s --noproxy '*' "$GATEPOST_TEST_URL/metrics" >"$work/metrics"
	equals "every line is a comment or a sample" "" "$(grep -v -E '^# (HELP|TYPE) |^[a-z_]+(\{([a-z]+="[^"]*",?)+\})? [0-9.e+-]+$' "$work/metrics")"
	lacks "no caller is named" "$(cat "$work/metrics")" eve
	contains "the type is Prometheus's" "$(field_of Content-Type /metrics)" "text/plain; version=0.0.4"
}

judge_metrics_access() {
	equals "local clients may read metrics" " 1 200 " "$(statuses 1 /metrics)"
	for field in 'X-Forwarded-For: 127.0.0.1' 'X_Forwarded_For: 127.0.0.1' 'Forwarded: for=127.0.0.1' 'X-Real-IP: 127.0.0.1' \
		'X-Forwarded-Host: x' 'X-Forwarded-Proto: https' 'Via: 1.1 x'; do
		equals "not through a proxy that nobody trusts ($field)" " 1 403 " "$(statuses 1 /metrics -H "$field")"
	done
	change_setting TRUSTED_PROXIES 127.0.0.1
	reload
	equals "through a trusted proxy a client elsewhere may not" " 1 403 " "$(statuses 1 /metrics -H 'X-Forwarded-For: 203.0.113.1')"
	equals "nor one that claims to be local" " 1 403 " "$(statuses 1 /metrics -H 'X-Forwarded-For: 127.0.0.1, 203.0.113.1')"
	change_setting METRICS_ALLOW "'203.0.113.0/24'"
	reload
	equals "METRICS_ALLOW names others" " 1 200 " "$(statuses 1 /metrics -H 'X-Forwarded-For: 203.0.113.1')"
	equals "and then only those" " 1 403 " "$(statuses 1 /metrics)"
	change_setting METRICS_ALLOW none
	reload
	equals "none is nobody" " 1 403 " "$(statuses 1 /metrics)"
}

# --- the log ---

refusals_of_tokens() {
	cat "$instance"/log/*.log | grep 'event=token_refused'
}

# Whatever the workers write in how many seconds, no request goes uncounted: each has a line, or is told of by one.
judge_log() {
	change_setting RATE_LIMIT off
	change_setting LOG_LINES_PER_SECOND 1
	reload
	before=$(refusals_of_tokens | wc -l) began=$(date +%s)
	equals "a flood is refused" " 200 401 " "$(statuses 200 /tasks -H "Authorization: Bearer a.b.c")"
	most=$((4 * ($(date +%s) - began + 1)))
	lines=$(($(refusals_of_tokens | wc -l) - before))
	holds "each worker logs one line a second of it: $lines of at most $most" test "$lines" -ge 1 -a "$lines" -le $most
	seconds=0
	while :; do
		sleep 1
		seconds=$((seconds + 1))
		equals "second $seconds afterwards" " 20 401 " "$(statuses 20 /tasks -H "Authorization: Bearer a.b.c")"
		told=$(refusals_of_tokens | tail -n +$((before + 1)) | sed -n 's/.* omitted=\([0-9]*\).*/\1/p' | awk '{ sum += $1 } END { print sum + 0 }')
		lines=$(($(refusals_of_tokens | wc -l) - before))
		if [ $((lines + told)) -ge 200 ] || [ $seconds = 20 ]; then break; fi
	done
	holds "what was left out is told: $lines lines and $told more, of $((200 + 20 * seconds))" \
		test $((lines + told)) -ge 200 -a $((lines + told)) -le $((200 + 20 * seconds))
	change_setting LOG_LINES_PER_SECOND 0
	reload
	before=$(refusals_of_tokens | wc -l)
	equals "another flood" " 200 401 " "$(statuses 200 /tasks -H "Authorization: Bearer a.b.c")"
	equals "without a limit each has its line" 200 $(($(refusals_of_tokens | wc -l) - before))
}

# --- the file ---

as_cgi() { # SETTING...: one request, as whoever runs this; sets status, err
	env -i GATEPOST_ENV="$work/empty" GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET SCRIPT_NAME= PATH_INFO=/healthz \
		BETTER_AUTH_SECRET=0123456789abcdef0123456789abcdef DATABASE_URL=postgresql://127.0.0.1:1/none \
		RATE_LIMIT=5/10s "$@" "$worker" </dev/null >"$work/out" 2>"$work/err"
	status=$?
	err=$(cat "$work/err")
}

refuses_file() { # NAME PART: with RATE_LIMIT a program does not start on it
	as_cgi STATE_DIRECTORY="$work/state"
	if [ $status -ne 0 ] && [ ! -s "$work/out" ] && [ "$(wc -l <"$work/err")" = 1 ]; then
		contains "$1" "$err" "$2"
	else
		not_ok "$1" "status $status: $(cat "$work/out" "$work/err")"
	fi
}

judge_file() {
	file=$instance/state/gatepost.fcgi.state
	equals "the file is private" "600" "$(stat -c %a "$file")"
	mkdir -m 700 "$work/state"
	mine=$work/state/gatepost.fcgi.state
	as_cgi STATE_DIRECTORY="$work/state"
	equals "a program makes its file" 0 $status
	chmod 644 "$mine"
	refuses_file "a file that others may read is refused" "$mine"
	rm -f "$mine"
	ln -s "$work/elsewhere" "$mine"
	refuses_file "a link is refused" "$mine"
	lacks "and nothing is made where it leads" "$(ls "$work")" elsewhere
	rm -f "$mine"
	mkdir "$mine"
	refuses_file "what is no file is refused" "$mine"
	rmdir "$mine"
	chmod 777 "$work/state"
	refuses_file "a directory that others may write in is refused" "$work/state"
	rm -rf "$work/state"
	refuses_file "a directory that is not there is told" "$work/state"
	as_cgi STATE_DIRECTORY="$work/state" RATE_LIMIT=off
	equals "without a limit it is no reason not to serve" 0 $status
}

RATE_LIMIT=$limit/${window}s
export RATE_LIMIT
start_instance --workers 4
judge_callers
judge_addresses
judge_sessions
judge_proxies
judge_reload
judge_metrics
judge_metrics_access
judge_log
judge_file
finish
