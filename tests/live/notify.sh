#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Live notifications through both web servers, with a WebSocket client that no one here wrote (ws of npm) and
# with frames by hand: who is let in, what is told to whom, and how connections end.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/notify.sh [lighttpd|apache [GROUP...]]
#
# GROUPs: seeds credentials handshakes events messages ends limits signals starting pages pair outages logs

set -u
unset CDPATH NODE_ENV NODE_OPTIONS
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"
# shellcheck source=tests/support/node.sh
. "$top/tests/support/node.sh"
modules=$GATEPOST_BUILD/notify-tests
export AUTH_RATE_LIMIT=off
case ${1:-} in
'') servers="lighttpd apache" ;;
lighttpd | apache)
	servers=$1
	shift ;;
*) give_up "the web server is lighttpd or apache, not $1" ;;
esac

# In the background, because a shell that waits for a program hears no signal.
judge() { # GROUP...: their lines are ours
	"$node" "$modules/run.mjs" "$server" "$instance" "$GATEPOST_TEST_URL" \
		"GATEPOST_BUILD=$GATEPOST_BUILD tests/live/notify.sh $server" "$@" >"$work/tests" 2>&1 &
	groups=$!
	ours="$ours $groups"
	wait "$groups"
	status=$?
	ours=${ours% "$groups"}
	sed '$d' "$work/tests"
	good=$(grep -c '^ok - ' "$work/tests")
	bad=$(grep -c '^not ok - ' "$work/tests")
	passed=$((passed + good)) failed=$((failed + bad))
	if [ $status -ne 0 ] && [ "$bad" = 0 ]; then
		not_ok "$server: the groups come to their end" "status $status: $(tail -n 5 "$work/tests")"
	fi
}

install_modules "$top/tests/notify" "$modules"
cp "$top/tests/interop/report.mjs" "$modules" || exit 1
for server in $servers; do
	start_instance --server "$server"
	judge "$@"
	stop_instance
done
finish
