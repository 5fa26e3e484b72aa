# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034,SC2154
#
# Sourced by the peers beside it: how each starts a process, waits until it answers, and ends it. The caller has set
# top, has a give_up that takes what failed and where to read why, and runs as root or as an ordinary user.

PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

peer_user=
if [ "$(id -u)" = 0 ]; then peer_user=www-data; fi

peer_directory() { # DIRECTORY: made anew, for the process to write to
	rm -rf "$1"
	mkdir -p "$1" || give_up "$1 cannot be made"
	if [ -n "$peer_user" ]; then chown "$peer_user:" "$1"; fi
}

# In the background, in a group of its own: Ctrl-C is for the script, which ends things in order. Sets peer_pid.
peer_start() { # LOG COMMAND...
	peer_log=$1
	shift
	setsid "$@" </dev/null >>"$peer_log" 2>&1 &
	peer_pid=$!
}

# The same as the web server's user, where we are root.
peer_start_unprivileged() { # LOG COMMAND...
	peer_log=$1
	shift
	if [ -n "$peer_user" ]; then set -- setpriv --reuid "$peer_user" --regid "$peer_user" --init-groups -- "$@"; fi
	peer_start "$peer_log" "$@"
}

# A request without a token is refused as soon as everything is up.
peer_wait() { # NAME PORT LOG PID...
	peer_name=$1 peer_port=$2 peer_log=$3
	shift 3
	for _ in $(seq 150); do
		for peer_process; do kill -0 "$peer_process" 2>/dev/null || give_up "$peer_name ended" "see $peer_log: $(tail -n 1 "$peer_log")"; done
		peer_status=$(curl -q -s -o /dev/null -w '%{http_code}' --max-time 5 --noproxy '*' "http://127.0.0.1:$peer_port/tasks")
		if [ "$peer_status" = 401 ]; then return 0; fi
		sleep 0.1
	done
	give_up "$peer_name answers $peer_status instead of 401" "see $peer_log: $(tail -n 1 "$peer_log")"
}

# Asks, and insists after ten seconds, on all of the group.
peer_end() { # PID...
	for peer_process; do kill "$peer_process" 2>/dev/null; done
	for peer_process; do
		for _ in $(seq 100); do
			kill -0 "$peer_process" 2>/dev/null || break
			sleep 0.1
		done
		kill -KILL -- "-$peer_process" 2>/dev/null
		wait "$peer_process" 2>/dev/null
	done
}
