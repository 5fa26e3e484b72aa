# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034,SC2154
#
# Sourced by quickstart: the workers of both programs, the notifier, and how a process is found again by its
# number in DIR/pid and stopped.

start_workers() {
	start_pool workers "$fcgi_socket" gatepost.fcgi
	start_pool auth-workers "$auth_socket" gatepost-auth.fcgi
}

# As a batch, as the units have it, where that is allowed: workers that are woken do not interrupt the web server or
# PostgreSQL.
start_pool() { # NAME SOCKET PROGRAM: the log and the number have the name
	pool=$1 socket=$2
	set -- "$(command -v multiwatch)" -f "$workers" -- "$dir/program/libexec/gatepost/$3"
	if chrt --batch 0 true 2>/dev/null; then set -- "$(command -v chrt)" --batch 0 "$@"; fi
	set -- spawn-fcgi -s "$socket" -M 0660 -n -- "$@"
	start_process "$@"
}

# The notifier has one process, and makes its socket itself.
start_notifier() {
	pool=notifyd
	start_process "$dir/program/libexec/gatepost/gatepost-notifyd"
}

start_process() { # COMMAND...
	if [ "$uid" = 0 ]; then set -- setpriv --reuid "$web_user" --regid "$web_user" --init-groups -- "$@"; fi
	# setsid: Ctrl-C in a terminal goes to all of its group; we stop things in order.
	setsid env -i PATH=/usr/local/bin:/usr/bin:/bin GATEPOST_ENV="$dir/env" "$@" \
		</dev/null >>"$dir/log/$pool.log" 2>&1 9>&- &
	echo $! >"$dir/pid/$pool"
}

wait_until_ready() {
	wait_for_pool workers "$url/readyz"
	wait_for_pool auth-workers "$url$auth_path/ok"
	wait_for_pool notifyd http://localhost/readyz --unix-socket "$notify_socket"
}

wait_for_pool() { # NAME URL [CURL-ARGUMENT...]
	within 30 answers_or_dead "$@" || fail "$2 answers $status instead of 200; see $dir/log/$1.log and $web_log"
	runs "$1" || fail "$1 ended: $(tail -n 1 "$dir/log/$1.log"); see $dir/log/$1.log"
}

answers_or_dead() { # NAME URL [CURL-ARGUMENT...]: sets status, 000 for no answer at all
	asked=$1
	shift
	status=$(curl -q -s -o /dev/null -w '%{http_code}' --max-time 5 --noproxy '*' "$@") || :
	[ "$status" = 200 ] || ! runs "$asked"
}

within() { # SECONDS COMMAND...: true as soon as the command is, false when the time is over
	deadline=$(($(date +%s) + $1))
	shift
	until "$@"; do
		if [ "$(date +%s)" -ge "$deadline" ]; then return 1; fi
		sleep 0.1
	done
}

runs() { # NAME: sets pid; true when the recorded process is alive and works for this directory
	pid=$(cat "$dir/pid/$1" 2>/dev/null) && [ -n "$pid" ] || return 1
	tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | awk -v dir="$dir/" 'index($0, dir) == 1 { found = 1 } END { exit !found }'
}

stop_process() { # NAME: asks, and insists after ten seconds
	if ! runs "$1"; then return 0; fi
	kill -TERM "$pid" || return 1
	within 10 has_ended "$1" || kill -KILL "$pid"
}

has_ended() {
	! runs "$1"
}

# Workers whose multiwatch was killed, or that did not end with it: found by the program they run.
stop_stray_workers() {
	# shellcheck disable=SC2044 # /proc has no strange names
	for link in $(find /proc -mindepth 2 -maxdepth 2 -name exe -lname "$dir/program/libexec/*" 2>/dev/null); do
		pid=${link#/proc/}
		kill -KILL "${pid%/exe}" || :
	done
}

stop_everything() {
	rm -f "$dir/instance"
	# The notifier first: while the web server is there, its clients are told that it goes.
	stop_process notifyd && stop_process web && stop_process workers && stop_process auth-workers &&
		stop_stray_workers && stop_cluster || return 1
	rm -rf "$dir/pid"
	remove_socket_dir
}
