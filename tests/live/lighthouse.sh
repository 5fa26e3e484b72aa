#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Marks for the pages by Lighthouse, which needs a newer Node than the other tests: npm has one.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/lighthouse.sh

set -u
unset CDPATH NODE_ENV NODE_OPTIONS
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"
# shellcheck source=tests/support/node.sh
. "$top/tests/support/node.sh"
modules=$GATEPOST_BUILD/lighthouse-tests

is_recent() { # NODE
	command -v "$1" >/dev/null && "$1" -e '
		const [major, minor] = process.versions.node.split(".").map(Number);
		process.exit(major > 22 || (major === 22 && minor >= 19) ? 0 : 1)'
}

find_node() { # LOG
	command -v npm >/dev/null || "$top/tools/install-packages" nodejs npm >"$1" 2>&1 || give_up "npm could not be installed" "see $1"
	optional=--include=optional
}

[ -x /usr/bin/chromium ] || give_up "there is no Chromium; ./check installs it"
install_modules "$top/tests/lighthouse" "$modules"
start_instance
"$node" "$modules/run.mjs" "$GATEPOST_TEST_URL" >"$work/tests" 2>&1
status=$?
cat "$work/tests"
passed=$(grep -c '^ok - ' "$work/tests") failed=$(grep -c '^not ok - ' "$work/tests")
if [ $status -ne 0 ] && [ "$failed" = 0 ]; then not_ok "Lighthouse runs" "status $status"; fi
finish
