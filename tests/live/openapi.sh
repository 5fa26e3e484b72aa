#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# /openapi.json is sound OpenAPI, and every answer that http-tests get is as it says. The document and the
# recording stay in openapi/ below the build directory, where the packages of npm are, too.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/openapi.sh

set -u
unset CDPATH NODE_ENV NODE_OPTIONS
export LC_ALL=C.UTF-8
top=$(cd "$(dirname "$0")/../.." && pwd -P)
# shellcheck source=tests/support/report.sh
. "$top/tests/support/report.sh"
# shellcheck source=tests/support/node.sh
. "$top/tests/support/node.sh"
GATEPOST_BUILD=$(cd "${GATEPOST_BUILD:-$top/build}" && pwd -P) || exit 2
again="GATEPOST_BUILD=$GATEPOST_BUILD $again"
modules=$GATEPOST_BUILD/openapi
document=$modules/document.json
recording=$modules/recording

# By server.sh, which knows what http-tests need.
record() {
	rm -f "$document" "$recording"
	if GATEPOST_TEST_RECORD=$recording GATEPOST_TEST_DOCUMENT=$document \
		"$top/tests/live/server.sh" "$GATEPOST_BUILD" lighttpd-fastcgi >"$modules/tests.log" 2>&1; then
		ok "http-tests pass while they are recorded"
	else
		not_ok "http-tests pass while they are recorded" "$(grep -A 3 '^not ok' "$modules/tests.log")"
	fi
	if [ ! -s "$document" ] || [ ! -s "$recording" ]; then give_up "nothing was recorded; see $modules/tests.log"; fi
}

judge() { # PROGRAM [ARGUMENT...]: its lines are ours
	program=$modules/$1
	shift
	"$node" "$program" "$@" >"$modules/judgement.log" 2>&1
	status=$?
	cat "$modules/judgement.log"
	good=$(grep -c '^ok - ' "$modules/judgement.log")
	bad=$(grep -c '^not ok - ' "$modules/judgement.log")
	passed=$((passed + good)) failed=$((failed + bad))
	if [ $status -ne 0 ] && [ "$bad" -eq 0 ]; then
		not_ok "${program##*/} ends as it should" "$(tail -n 15 "$modules/judgement.log")"
	elif [ "$bad" -gt 0 ]; then
		echo "#   run it again: $again; or only this: $node $program $*"
	fi
}

install_modules "$top/tests/openapi" "$modules"
judge self_test.mjs
record
judge run.mjs "$document" "$recording"
finish
