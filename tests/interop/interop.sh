#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# usage: tests/interop/interop.sh [CASE...]
#
# The real Better Auth, server and client, against gatepost: whatever it hands out must be accepted, and
# what it takes back refused. GATEPOST_BUILD names the build directory to test (build); the packages of
# npm go below it, into interop/. Runs as root, with sudo, or as a user who has all Debian packages.

set -u
unset CDPATH NODE_ENV NODE_OPTIONS
export LC_ALL=C.UTF-8
here=$(cd "$(dirname "$0")" && pwd -P)
top=$(cd "$here/../.." && pwd -P)
again="tests/interop/interop.sh"
if [ -n "${GATEPOST_BUILD:-}" ]; then
	GATEPOST_BUILD=$(cd "$GATEPOST_BUILD" && pwd -P) || exit 2
	export GATEPOST_BUILD
	again="GATEPOST_BUILD=$GATEPOST_BUILD $again"
fi
work=${GATEPOST_BUILD:-$top/build}/interop
lowest_node=20 # the oldest that Better Auth supports

give_up() { # WHAT FAILED, and where to read why
	echo "not ok - $1"
	echo "    see $2"
	echo "    again: $again"
	echo "0 passed, 1 failed"
	exit 1
}

is_recent() { # NODE
	command -v "$1" >/dev/null &&
		"$1" -e "process.exit(parseInt(process.versions.node) >= $lowest_node ? 0 : 1)"
}

# Debian 12 has a Node that is too old, though not for its npm, which can fetch a newer one.
find_node() {
	if ! is_recent node || ! command -v npm >/dev/null; then
		"$top/tools/install-packages" nodejs npm >"$work/packages.log" 2>&1 ||
			give_up "Debian's Node could not be installed" "$work/packages.log"
	fi
	if is_recent node; then optional=--omit=optional; else optional=--include=optional; fi
}

# Sets node.
install_modules() {
	cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$here"/*.mjs "$work" || exit 1
	installed="$optional $(cksum <"$here/package-lock.json")"
	if [ "$(cat "$work/installed" 2>/dev/null)" != "$installed" ]; then
		rm -f "$work/installed"
		(cd "$work" && npm ci "$optional") >"$work/npm.log" 2>&1 || give_up "npm ci failed" "$work/npm.log"
		echo "$installed" >"$work/installed"
	fi
	for node in node "$work"/node_modules/node-linux-*/bin/node; do
		if is_recent "$node"; then return 0; fi
	done
	give_up "no Node of version $lowest_node or later runs here" "$work/npm.log"
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

run_cases() {
	# In the background, because a shell that waits for a program hears no signal.
	"$node" "$work/run.mjs" "$run" "$top/quickstart" "$again" "$@" &
	cases=$!
	trap 'kill -TERM $cases; wait $cases; exit 1' HUP INT TERM
	wait $cases
}

mkdir -p "$work" || exit 1
find_node
install_modules
make_run_directory
trap 'clean_up $?' EXIT
run_cases "$@"
