#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Live notifications with many clients: each of a thousand is told exactly what its user's tasks went through while
# writers change twenty thousand of them, also when PostgreSQL goes away in between; and what ten thousand clients
# who are told nothing cost, how soon a thousand of them are told, how all come back when the daemon is replaced,
# and that none leaves anything behind.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/notify-load.sh [GROUP...]
#
# GROUPs: exactly (through lighttpd and Apache), outage (lighttpd), relay, idle, storm, churn (at the daemon itself).
# Without one: exactly and outage.

set -u
unset CDPATH NODE_ENV NODE_OPTIONS
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"
# shellcheck source=tests/support/node.sh
. "$top/tests/support/node.sh"

modules=$GATEPOST_BUILD/notify-load
groups=
for argument; do
	case $argument in
	exactly | outage | relay | idle | storm | churn) groups="$groups $argument" ;;
	*) give_up "no group $argument" ;;
	esac
done

# --- the client, in the background ---

client= # its process
start_client() { # MODULE ARGUMENT...: what it prints is in work/client
	module=$1
	shift
	: >"$work/client"
	"$node" "$modules/$module.mjs" "$@" >"$work/client" 2>&1 &
	client=$!
	ours="$ours $client"
}

said() { # TEXT: the client has printed a line that begins so; or it has ended
	grep -q "^$1" "$work/client" || ! kill -0 "$client" 2>/dev/null
}

await() { # SECONDS TEXT
	within "$1" said "$2"
	grep -q "^$2" "$work/client" || give_up "the client does not say '$2': $(tail -n 15 "$work/client")"
}

end_client() { # waits for its end
	wait "$client" || not_ok "the client comes to its end" "$(tail -n 15 "$work/client")"
	ours=${ours% "$client"}
	grep '^#' "$work/client"
}

figure() { # NAME: of the client, "none" when it is not there
	awk -v name="$1" '$1 == name { value = $2 } END { print value == "" ? "none" : value }' "$work/client"
}

at_most() { # NAME LIMIT GIVEN
	if [ "$3" != none ] && awk -v given="$3" -v limit="$2" 'BEGIN { exit !(given <= limit) }'; then
		ok "$1"
	else
		not_ok "$1" "at most $2 expected, given: $3"
	fi
}

# --- the instance ---

proxied_url() {
	echo "ws://127.0.0.1:$port/ws/notifications"
}

direct_url() { # [NAME]: ws has it as scheme, socket and path
	echo "ws+unix:$(cd "$instance/sock" && pwd -P)/fcgi/${1:-gatepost-notifyd}.sock:/ws/notifications"
}

daemon_pid() {
	cat "$instance/pid/notifyd"
}

# Each connection holds one of Apache's threads, of which it has 400 by default.
more_threads() {
	cat >>"$instance/conf/apache.conf" <<-END
		ServerLimit 25
		ThreadsPerChild 64
		MaxRequestWorkers 1600
	END
	web=$(cat "$instance/pid/web")
	kill "$web"
	within 20 test ! -e "/proc/$web" || give_up "Apache does not end"
	env -i PATH="$PATH" apache2 -f "$instance/conf/apache.conf" -k start >"$work/started" 2>&1 ||
		give_up "Apache does not start again: $(cat "$work/started")"
	within 10 test -s "$instance/pid/web" || give_up "Apache writes no pid file"
	within 10 answers_health
}

answers_health() {
	curl -q -s -f -o /dev/null --noproxy "*" "$GATEPOST_TEST_URL/healthz"
}

end_daemon() { # SIGNAL
	before=$(daemon_pid)
	kill -s "$1" "$before"
	within 20 test ! -e "/proc/$before" || give_up "the daemon does not end"
}

start_daemon() { # [SETTING...]: as quickstart does
	set -- "GATEPOST_ENV=$instance/env" "$@" "$instance/program/libexec/gatepost/gatepost-notifyd"
	if [ "$(id -u)" = 0 ]; then set -- setpriv --reuid www-data --regid www-data --init-groups -- env "$@"; fi
	setsid env -i PATH=/usr/local/bin:/usr/bin:/bin "$@" </dev/null >>"$instance/log/notifyd.log" 2>&1 &
}

replace_daemon() { # SIGNAL
	end_daemon "$1"
	start_daemon
	echo $! >"$instance/pid/notifyd"
}

# Anonymous memory that is resident, in KiB; what the kernel keeps for a socket is not in it.
memory_kib() {
	awk '$1 == "RssAnon:" { print $2 }' "/proc/$(daemon_pid)/status"
}

# Processor time that the daemon and its database connections have used, in ticks. What quickstart's database logs
# under the daemon's role is nobody else's.
spent_ticks() {
	{
		daemon_pid
		daemon_backends
	} | while read -r process; do cat "/proc/$process/stat" 2>/dev/null; done |
		awk '{ sub(/.*\) /, ""); sum += $12 + $13 } END { print sum + 0 }'
}

daemon_backends() {
	pgrep -f '^postgres: gatepost_notify ' -P "$(head -n 1 "$instance/postgres/postmaster.pid")"
}

# --- the groups ---

judge_part() { # SERVER PART
	equals "$1, $2: every client is told its user's changes, in order, and nothing else" 0 "$(figure "$2_faults")"
	equals "$1, $2: as many messages as changes for five clients" $(($(figure "$2_changes") * 5)) "$(figure "$2_messages")"
	equals "$1, $2: nobody is told to read again" 0 "$(figure "$2_resyncs")"
}

exactly() {
	for server in lighttpd apache; do
		start_instance --server $server
		if [ $server = apache ]; then more_threads; fi
		start_client exactly "$(proxied_url)" --changes 20000
		end_client
		judge_part $server first
		equals "$server: all thousand connections last" "1000 0" "$(figure connections) $(figure unexpected_ends)"
		stop_instance
	done
}

outage() {
	start_instance --server lighttpd
	remember_database
	start_client exactly "$(proxied_url)" --changes 8000 --outage
	await 120 "outage please"
	sleep 1
	stop_database fast
	sleep 1
	start_database
	stop_database immediate
	start_database
	kill -s USR2 "$client"
	end_client
	judge_part "before the outage" first
	equals "outage: all clients are told to read again" 1000 "$(figure resynced)"
	equals "outage: the list and what is told afterwards are what is there" 0 "$(figure views_differing)"
	judge_part "after the outage" second
	equals "outage: all connections outlast it" 0 "$(figure unexpected_ends)"
	stop_instance
}

# Of two daemons the one goes that moves the changes for both.
relay() {
	start_instance --server lighttpd
	start_daemon NOTIFY_LISTEN="$(cd "$instance/sock" && pwd -P)/fcgi/second.sock"
	second=$!
	ours="$ours $second"
	start_client exactly "$(direct_url second)" --changes 8000 --outage
	await 120 "outage please"
	sleep 1
	end_daemon KILL
	kill -s USR2 "$client"
	end_client
	judge_part "two daemons" first
	equals "one daemon gone: the clients of the other are told to read again" 1000 "$(figure resynced)"
	equals "one daemon gone: the list and what is told afterwards are what is there" 0 "$(figure views_differing)"
	equals "one daemon gone: writers have not noticed" 0 "$(figure outage_refused)"
	judge_part "one daemon gone" second
	kill "$second"
	stop_instance
}

idle() {
	connections=10000
	NOTIFY_MAX_CONNECTIONS=$((connections + 100))
	export NOTIFY_MAX_CONNECTIONS
	# Node and the daemon have to have that many each.
	ulimit -n $((connections + 2300)) 2>/dev/null || give_up "ulimit -Hn is too low for $connections connections"
	start_instance --server lighttpd
	unset NOTIFY_MAX_CONNECTIONS
	before=$(memory_kib)
	start_client idle "$(direct_url)" --connections $connections
	await 120 "open $connections"
	sleep 3
	after=$(memory_kib)
	each=$(awk -v grown=$((after - before)) -v count=$connections 'BEGIN { printf "%.2f", grown / count }')
	echo "# $before KiB, with $connections connections $after KiB: $each KiB for each"
	at_most "a connection takes at most 12 KiB" 12 "$each"
	first=$(spent_ticks)
	sleep 30
	spent=$(awk -v ticks=$(($(spent_ticks) - first)) -v hertz="$(getconf CLK_TCK)" 'BEGIN { printf "%.2f", ticks / hertz / 30 * 100 }')
	echo "# at rest: $spent % of a processor, with its database connections"
	at_most "$connections clients at rest take at most 2 % of a processor" 2 "$spent"
	for number in 1 2 3; do
		first=$(spent_ticks)
		kill -s USR2 "$client"
		await 60 "round_${number}_done"
		echo "# round $number: $(awk -v ticks=$(($(spent_ticks) - first)) -v hertz="$(getconf CLK_TCK)" 'BEGIN { print ticks / hertz }') s of a processor"
	done
	end_client
	sed -n 's/^round_/# round /p' "$work/client"
	equals "with a thousand active no message is missing" "0 0 0" \
		"$(figure round_1_messages_missing) $(figure round_2_messages_missing) $(figure round_3_messages_missing)"
	best=$(sed -n 's/^round_._begin_p99_ms //p' "$work/client" | sort -n | head -n 1)
	at_most "99 of 100 are told within 20 ms of the begin of the change, in the best of three rounds" 20 "$best"
	equals "no connection has ended" 0 "$(figure ended)"
	stop_instance
}

back_again() { # COUNT: so many times
	[ "$(grep -c '^back' "$work/client")" -ge "$1" ]
}

storm() {
	start_instance --server lighttpd
	start_client storm "$(direct_url)" --connections 2000
	await 60 "open 2000"
	times=0
	for how in TERM KILL; do
		replace_daemon $how
		times=$((times + 1))
		within 60 back_again $times || give_up "not all are back after SIG$how: $(tail -n 5 "$instance/log/notifyd.log")"
		line=$(grep '^back' "$work/client" | tail -n 1)
		echo "# SIG$how: $line"
		if [ $how = TERM ]; then contains "all are told that the daemon goes away" "$line" "1001:2000"; fi
		at_most "2000 clients are back within ten seconds after SIG$how" 10000 "$(echo "$line" | awk '{ print $4 }')"
	done
	kill "$client"
	stop_instance
}

churn_some() { # COUNT
	start_client churn "$(direct_url)" "$1"
	end_client
	equals "$1 connections come and go as they should" "$1 0" \
		"$(($(figure closed) + $(figure cut) + $(figure refused))) $(figure lost)"
}

churn() {
	start_instance --server lighttpd
	churn_some 4000
	sleep 2
	before=$(memory_kib)
	churn_some 100000
	sleep 2
	after=$(memory_kib)
	echo "# $before KiB after 4000 connections, $after KiB after 104000"
	# The allocator's own growth; a leak of ten bytes would be 976 KiB.
	at_most "connections leave nothing behind" 512 $((after - before))
	stop_instance
}

install_modules "$top/tests/notify" "$modules"
cp "$top"/tests/notify-load/*.mjs "$modules" || exit 1
for group in ${groups:-exactly outage}; do "$group"; done
finish
