#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What somebody would try to get past gatepost-authorizer.fcgi, on lighttpd, on Apache and at its workers: paths
# that can be read in two ways, fields that name a user, false credentials, smuggled requests, and moments at which
# nobody is there to be asked. The attempts are in authorizer_attacks.py.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/authorizer-attacks.sh [GROUP...]

set -u
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"
# shellcheck source=tests/live/guarded-site.sh
. "$top/tests/live/guarded-site.sh"
wanted=${*:-paths lookalikes second_protocol fields others false_credentials claims origins methods smuggling worker failures}

failures() {
	stop_guard
	judged_by authorizer_attacks.py absent
	start_guard
	within 10 judged_quietly back
	judged_by authorizer_attacks.py back

	# Every process of the database is stopped, so that workers wait for an answer when they are killed.
	database=$(head -n 1 "$instance/postgres/postmaster.pid")
	held="$database $(ps --ppid "$database" -o pid= | tr -d ' ' | tr '\n' ' ')"
	# shellcheck disable=SC2086 # numbers
	kill -STOP $held
	# shellcheck disable=SC2046 # numbers
	(sleep 1; kill -9 $(guard_workers)) &
	killer=$!
	judged_by authorizer_attacks.py killed
	wait "$killer"
	# shellcheck disable=SC2086
	kill -CONT $held
	within 10 judged_quietly back
	judged_by authorizer_attacks.py back

	kill -INT "$database"
	within 20 test ! -e "$instance/postgres/postmaster.pid"
	judged_by authorizer_attacks.py no_database
}

judged_quietly() { # GROUP: whether all of it holds
	! python3 -B "$top/tests/live/authorizer_attacks.py" "$1" '' | grep -q '^not ok'
}

export AUTH_RATE_LIMIT=off
start_instance
export GUARD_PEOPLE="$work/people"
ids=$(python3 -B "$top/tests/live/guarded_site.py" people '') || give_up "no people could be made"
# shellcheck disable=SC2086 # two
start_site $ids
for group in $wanted; do
	if [ "$group" = failures ]; then failures; else judged_by authorizer_attacks.py "$group"; fi
done
finish
