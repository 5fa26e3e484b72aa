# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034,SC2154
#
# Sourced by the scripts that run cases on Node, with the cases' directory in here: finds what is to be
# tested, gets the packages, and runs a program of cases in a directory of its own.

set -u
unset CDPATH NODE_ENV NODE_OPTIONS
export LC_ALL=C.UTF-8
top=$(cd "$here/../.." && pwd -P)
again=tests/interop/${0##*/}
if [ -n "${GATEPOST_BUILD:-}" ]; then
	GATEPOST_BUILD=$(cd "$GATEPOST_BUILD" && pwd -P) || exit 2
	export GATEPOST_BUILD
	again="GATEPOST_BUILD=$GATEPOST_BUILD $again"
fi
work=${GATEPOST_BUILD:-$top/build}/interop
# shellcheck source=tests/support/node.sh
. "$top/tests/support/node.sh"

give_up() { # WHAT FAILED, and where to read why
	echo "not ok - $1"
	echo "    $2"
	echo "    again: $again"
	echo "0 passed, 1 failed"
	exit 1
}

# What runs lives where the users of web server and database can reach it; kept only after a failure.
make_run_directory() {
	run=$(mktemp -d "${TMPDIR:-/tmp}/gatepost-interop.XXXXXXXX") && chmod 755 "$run" || exit 1
}

# The cases stop what they started; this is for when they could not.
clean_up() {
	for left in "$run"/gatepost-*/instance; do
		if [ -e "$left" ]; then "$top/quickstart" --stop --dir "${left%/instance}" >/dev/null; fi
	done
	if [ "$1" -eq 0 ]; then rm -rf "$run"; else echo "logs: $run" >&2; fi
}

run_cases() { # PROGRAM ARGUMENT...
	# In the background, because a shell that waits for a program hears no signal.
	program=$1
	shift
	"$node" "$work/$program" "$run" "$top/quickstart" "$again" "$@" &
	cases=$!
	trap 'kill -TERM $cases; wait $cases; exit 1' HUP INT TERM
	wait $cases
}

install_modules "$here" "$work"
cp "$here/exchanges.json" "$work" || exit 1
make_run_directory
trap 'clean_up $?' EXIT
