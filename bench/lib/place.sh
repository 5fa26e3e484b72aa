# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034,SC2154
#
# Sourced by bench/run and bench/flat: the directory in which everything lives, and how what is started there is found, waited for
# and ended.

# shellcheck source=tests/support/ports.sh
. "$top/tests/support/ports.sh"

ours= # processes started here
instance='' instances=''
as_web_user='' # a prefix, because a function in the background would be a shell of its own
if [ "$(id -u)" = 0 ]; then as_web_user="setpriv --reuid www-data --regid www-data --init-groups --"; fi

as_batch='' # as quickstart does
if chrt --batch 0 true 2>/dev/null; then as_batch="$(command -v chrt) --batch 0"; fi

give_up() { # REASON...
	echo "bench/${0##*/}: $*" >&2
	exit 1
}

make_place() {
	work=$(mktemp -d /tmp/gatepost-bench.XXXXXXXX) && chmod 755 "$work" || exit 1
	trap leave_place EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
}

leave_place() {
	trap '' HUP INT TERM
	stop_peers
	for process in $ours; do end_process "$process"; done
	for each in $instances; do "$top/quickstart" --stop --dir "$each" >/dev/null 2>&1; done
	rm -rf "$work"
}

end_process() { # NUMBER
	kill "$1" 2>/dev/null
	wait "$1" 2>/dev/null
}

as_web_user() { # COMMAND...
	$as_web_user "$@"
}

for_web_user() { # DIRECTORY: made, and theirs
	mkdir -p "$1" && if [ "$(id -u)" = 0 ]; then chown www-data: "$1"; fi
}

# Workers on a Unix socket, as quickstart starts them. Sets pool, the number that ends them all.
start_pool() { # SOCKET WORKERS SETTINGS PROGRAM [QUEUE]
	rm -f "$1"
	# shellcheck disable=SC2086 # a command and its arguments
	env -i PATH=/usr/local/bin:/usr/bin:/bin GATEPOST_ENV="$3" $as_web_user \
		spawn-fcgi -s "$1" -M 0660 ${5:+-b "$5"} -n -- \
		$as_batch "$(command -v multiwatch)" -f "$2" -- "$4" </dev/null >>"$work/log/pools" 2>&1 &
	pool=$!
	ours="$ours $pool"
	within 5 test -S "$1" || give_up "$4 does not start: $(tail -n 3 "$work/log/pools")"
}

stop_pool() { # NUMBER
	end_process "$1"
	ours=$(echo " $ours " | sed "s/ $1 / /")
}

start_lighttpd() { # CONFIGURATION PORT
	# shellcheck disable=SC2086 # a command and its arguments
	lighttpd -D -f "$1" </dev/null >>"$work/log/lighttpd" 2>&1 &
	ours="$ours $!"
	within 5 connects "$2" || give_up "lighttpd does not start: $(tail -n 3 "$work/log/lighttpd")"
}

connects() { # PORT
	! is_free "$1"
}
