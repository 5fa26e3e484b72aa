#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# gatepost-notifyd against broken handshakes, broken frames and clients that say nothing, by raw sockets: it answers
# whatever it refuses, keeps letting others in and telling them of changes, and never ends; in a build with
# sanitizers these have nothing to report.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/notify-fuzz.sh [SECONDS [SEED]]

set -u
unset CDPATH NODE_ENV NODE_OPTIONS
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"
# shellcheck source=tests/support/node.sh
. "$top/tests/support/node.sh"

seconds=${1:-10} seed=${2:-}
modules=$GATEPOST_BUILD/notify-load

figure() { # NAME: "none" when it is not there
	awk -v name="$1" '$1 == name { value = $2 } END { print value == "" ? "none" : value }' "$work/fuzz"
}

none() { # NAME FIGURE
	equals "$1" 0 "$(figure "$2")"
}

install_modules "$top/tests/notify" "$modules"
cp "$top"/tests/notify-load/*.mjs "$modules" || exit 1
start_instance --server lighttpd
daemon=$(cat "$instance/pid/notifyd")
socket=$(cd "$instance/sock" && pwd -P)/fcgi/gatepost-notifyd.sock
"$node" "$modules/fuzz.mjs" "$socket" --seconds "$seconds" ${seed:+--seed "$seed"} >"$work/fuzz" 2>&1 &
fuzz=$!
ours="$ours $fuzz"
wait "$fuzz" || not_ok "the attacks come to their end" "$(tail -n 15 "$work/fuzz")"
ours=${ours% "$fuzz"}
grep '^#' "$work/fuzz"
echo "# $(figure handshakes) handshakes, $(figure frames) connections with frames"

holds "there were handshakes and frames" test "$(figure handshakes)" -ge 100 -a "$(figure frames)" -ge 50
none "whatever is refused is answered over HTTP" unanswered
none "every answer is one of the API's, and whole" malformed_answers
none "whatever breaks the protocol ends the connection" not_ended
none "with the code that stands for it" wrong_codes
none "what does not break it ends nothing" wrongly_ended
none "good clients are let in all the while" not_let_in
none "whoever says nothing, or stops half way, is ended within 25 seconds" silent_left
none "a client that is there all the while stays" good_ended
none "and is told of every change" good_missing
holds "the daemon is the same" kill -0 "$daemon"
kill "$daemon"
within 20 test ! -e "/proc/$daemon" || not_ok "the daemon ends when it is told to"
equals "the sanitizers report nothing" "" "$(grep -E -A8 'Sanitizer|runtime error' "$instance/log/notifyd.log" | head -n 40)"
finish
