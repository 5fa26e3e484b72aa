#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The example with Next.js, started by its own script and driven in Debian's Chromium: its forms, tasks through
# two of gatepost's APIs from another origin, how long tokens live, and that no secret gets out.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/nextjs.sh [GROUP...]
#
# GROUPs: forms tasks tokens cleanliness

set -u
unset CDPATH NODE_ENV NODE_OPTIONS
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"
# shellcheck source=tests/support/node.sh
. "$top/tests/support/node.sh"
export AUTH_RATE_LIMIT=off
modules=$GATEPOST_BUILD/nextjs-tests
copy=$GATEPOST_BUILD/nextjs-clone
example=$copy/examples/nextjs

# The example in what looks like a clone to it. Its packages stay from one run to the next.
copy_example() {
	mkdir -p "$example" && cp -r "$top/examples/nextjs/." "$work/example" || exit 1
	rm -rf "$work/example/node_modules" "$work/example/.next"
	for name in app components db lib; do rm -rf "${example:?}/$name"; done
	cp -r "$work/example/." "$example" || exit 1
	ln -sfn "$top/tests" "$copy/tests"
	ln -sfn "$top/tools" "$copy/tools"
	printf '#!/bin/sh\nexec "%s/quickstart" "$@"\n' "$top" >"$copy/quickstart"
	chmod +x "$copy/quickstart"
}

has_begun() {
	grep -q '^ready http://localhost' "$log" || ! kill -0 "$starter" 2>/dev/null
}

start_example() {
	port=$(free_port)
	page_port=$(free_port)
	instance=$work/instance
	log=$instance.start.log
	GATEPOST_TEST_URL=http://127.0.0.1:$port
	mkdir "$work/home"
	# What is npm's own stays where it is.
	export npm_config_cache="${npm_config_cache:-$HOME/.npm}" npm_config_userconfig="${npm_config_userconfig:-$HOME/.npmrc}"
	HOME=$work/home "$example/start" --port "$page_port" --gatepost-port "$port" --dir "$instance" >"$log" 2>&1 &
	starter=$!
	ours="$ours $starter"
	within 500 has_begun
	grep -q '^ready http://localhost' "$log" ||
		give_up "examples/nextjs/start fails" "$(tail -n 15 "$log" "$example/.next/npm.log" "$example/.next/build.log")"
}

listeners() { # PORT: local addresses, as /proc has them
	awk -v port=":$(printf %04X "$1")" '$4 == "0A" && substr($2, length($2) - 4) == port { print $2 }' /proc/net/tcp /proc/net/tcp6
}

processes_in() { # DIRECTORY
	for process in /proc/[0-9]*; do
		case $(readlink "$process/cwd") in "$1"*) tr '\0' ' ' <"$process/cmdline" ;; esac
	done
}

judge_start() {
	equals "it listens on loopback only" "0100007F:$(printf %04X "$page_port")" "$(listeners "$page_port")"
	equals "nothing is left in the home directory" "" "$(ls -A "$work/home")"
	equals "the build leaves its settings as they are" "" "$(diff "$top/examples/nextjs/tsconfig.json" "$example/tsconfig.json")"
	said=$("$example/start" --port "$(free_port)" --dir "$instance" 2>&1)
	contains "pages that CORS_ORIGINS does not name are not started" "$said" "CORS_ORIGINS has to name them"
	holds "and gatepost runs on" curl -q -s -f --noproxy '*' "$GATEPOST_TEST_URL/readyz"
	socket=$instance/sock/fcgi/gatepost.sock
	mv "$socket" "$socket.away"
	said=$("$example/start" --port "$(free_port)" --dir "$instance" 2>&1)
	mv "$socket.away" "$socket"
	contains "a gatepost that does not answer is not started twice" "$said" "already running"
	holds "nor stopped" within 10 curl -q -s -f -o /dev/null --noproxy '*' "$GATEPOST_TEST_URL/readyz"
}

judge_end() {
	kill -TERM "$starter"
	wait "$starter"
	equals "it ends when it is told to" 0 $?
	ours=${ours% "$starter"}
	equals "with Next.js" "" "$(listeners "$page_port")$(processes_in "$example")"
	equals "and with gatepost, which it had started" "" "$(listeners "$port")$(cat "$instance/instance" 2>/dev/null)"
}

[ -x /usr/bin/chromium ] || give_up "there is no Chromium; ./check installs it"
install_modules "$top/tests/nextjs" "$modules"
cp "$top/tests/interop/report.mjs" "$modules" || exit 1
test_node=$node
copy_example
start_example
node=$test_node
take_over_tests "the groups" env HOME="$work" "$node" "$modules/run.mjs" "http://localhost:$page_port" "$GATEPOST_TEST_URL" \
	"$instance" "$example" "GATEPOST_BUILD=$GATEPOST_BUILD tests/live/nextjs.sh" "$@"
judge_start
judge_end
finish
