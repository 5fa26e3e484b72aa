#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Twenty users and five thousand operations, drawn at random, on an instance of their own.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/random.sh [--seed N] [--operations N]

set -u
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"
start_instance

# Numbers of tasks that nothing else in an answer looks like, and that need more than 32 bits.
owner_psql -c 'alter table gatepost.task alter column id restart with 4000000000000001' ||
	give_up "the numbers of tasks cannot be set"

"$GATEPOST_BUILD/http-random" "$@" >"$work/tests" 2>&1
status=$?
grep -v '^[0-9]* passed, ' "$work/tests"
passed=$(grep -c '^ok - ' "$work/tests")
failed=$(grep -c '^not ok - ' "$work/tests")
if [ $status -ne 0 ]; then
	if [ "$failed" = 0 ]; then not_ok "http-random ends as it should" "status $status"; fi
	echo "#   run it again: $again"
fi
finish
