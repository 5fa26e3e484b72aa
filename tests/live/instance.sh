# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034,SC2154
#
# Sourced by the live tests, and by bench/: an instance of their own, made by quickstart from the build directory in
# GATEPOST_BUILD, on a free port and in a directory in /tmp, and ended with the test.

export LC_ALL=C.UTF-8
top=$(cd "$(dirname "$0")/.." && pwd -P)
[ -x "$top/quickstart" ] || top=$(cd "$top/.." && pwd -P) # for all but bench/
# shellcheck source=tests/support/report.sh
. "$top/tests/support/report.sh"
# shellcheck source=tests/support/ports.sh
. "$top/tests/support/ports.sh"
GATEPOST_BUILD=${GATEPOST_BUILD:-$top/build}
again="GATEPOST_BUILD=$GATEPOST_BUILD $again"
export GATEPOST_BUILD
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
instance=

for program in ${needed-gatepost.fcgi gatepost-auth.fcgi http-tests http-load http-random spawn-time}; do
	[ -x "$GATEPOST_BUILD/$program" ] || give_up "no $program in $GATEPOST_BUILD; run there: make check TESTS="
done

work=$(mktemp -d /tmp/gatepost-live.XXXXXXXX) || give_up "no directory for temporary files"
chmod 755 "$work"
ours= # processes started here and not yet waited for

clean_up() {
	trap '' HUP INT TERM
	for process in $ours; do kill "$process" 2>/dev/null; done
	stop_instance
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

start_instance() { # QUICKSTART-OPTION...
	port=$(free_port)
	if ! "$top/quickstart" --detach --dir "$work/instance" --port "$port" "$@" >"$work/quickstart" 2>&1; then
		tail -n 30 "$work"/instance/log/*.log >>"$work/quickstart"
		give_up "quickstart fails: $(cat "$work/quickstart")"
	fi
	instance=$work/instance
	GATEPOST_TEST_URL=http://127.0.0.1:$port
	BETTER_AUTH_SECRET=$(setting "$instance/env" BETTER_AUTH_SECRET)
	owner_url=$(setting "$instance/env" OWNER_DATABASE_URL)
	GATEPOST_TEST_OWNER_URL=$owner_url
	export GATEPOST_TEST_URL GATEPOST_TEST_OWNER_URL BETTER_AUTH_SECRET
}

stop_instance() {
	if [ -z "$instance" ]; then return 0; fi
	"$top/quickstart" --stop --dir "$instance" >/dev/null 2>&1
	rm -rf "$instance"
	instance=
}

worker_pids() { # [workers|auth-workers]: the oldest first; numbers of processes begin anew once they are used up
	ps --ppid "$(cat "$instance/pid/${1:-workers}")" -o pid= --sort=start_time | tr -d ' '
}

token_for() { # USER
	env -i GATEPOST_ENV="$instance/env" "$instance/program/bin/gatepost-token" mint --sub "$1"
}

status_of() { # PATH [CURL-ARGUMENT...], as the holder of $token; the body is in work/body
	path=$1
	shift
	curl -q -s -o "$work/body" --noproxy '*' --max-time 60 -w '%{http_code}' -H 'Content-Type: application/json' \
		-H "Authorization: Bearer $token" "$@" "$GATEPOST_TEST_URL$path"
}

id_in_body() { # of the task that the last status_of() answered
	sed -n 's/^{"id":"\([^"]*\)".*/\1/p' "$work/body"
}

# In the background, because a shell that waits for a program hears no signal.
take_over_tests() { # NAME COMMAND...: of a program that prints tests and, last, their number; they count as ours
	suite=$1
	shift
	"$@" >"$work/tests" 2>&1 &
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
		not_ok "$suite come to their end" "status $status: $(tail -n 5 "$work/tests")"
	fi
}

load() { # HTTP-LOAD-ARGUMENT...: in the background; end_load waits for it
	"$GATEPOST_BUILD/http-load" "$@" >"$work/load" 2>"$work/load.err" &
	loader=$!
	ours="$ours $loader"
}

end_load() { # also tells http-load to stop
	kill "$loader" 2>/dev/null
	wait "$loader"
	ours=${ours% "$loader"}
}

counted() { # NAME: a figure of http-load, 0 when it is not there
	awk -v name="$1" '$1 == name { value = $2 } END { print value + 0 }' "$work/load"
}

owner_psql() {
	psql -X -q -A -t -v ON_ERROR_STOP=1 "$owner_url" "$@"
}

as_database_user() {
	if [ "$(id -u)" = 0 ]; then set -- setpriv --reuid postgres --regid postgres --init-groups -- "$@"; fi
	(cd / && "$@")
}

# The instance's PostgreSQL. It is started with the arguments it was started with before, and those are gone once it
# has ended: remember_database comes first.
remember_database() {
	started_as=$(cat "$instance/postgres/postmaster.opts")
	postgres=${started_as%% *}
}

stop_database() { # fast or immediate
	as_database_user "$(dirname "$postgres")/pg_ctl" stop -s -w -m "$1" -D "$instance/postgres"
}

start_database() {
	(cd / && as_database_user sh -c "exec $started_as" </dev/null >>"$instance/log/postgres.log" 2>&1 &)
	within 30 owner_psql -c 'select 1' || give_up "PostgreSQL does not start again"
}
