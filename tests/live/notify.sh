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

install_modules "$top/tests/notify" "$modules"
cp "$top/tests/interop/report.mjs" "$modules" || exit 1
for server in $servers; do
	start_instance --server "$server"
	take_over_tests "$server: the groups" "$node" "$modules/run.mjs" "$server" "$instance" "$GATEPOST_TEST_URL" \
		"GATEPOST_BUILD=$GATEPOST_BUILD tests/live/notify.sh $server" "$@"
	stop_instance
done
finish
