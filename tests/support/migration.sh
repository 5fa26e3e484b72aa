# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034,SC2154
#
# Sourced by the tests of gatepost-migrate, after report.sh and cluster.sh: finds the programs in
# GATEPOST_BIN and starts a PostgreSQL cluster, which goes with the test.

again="GATEPOST_BIN=${GATEPOST_BIN:-} $again"
migrate=${GATEPOST_BIN:-}/gatepost-migrate
[ -x "$migrate" ] || give_up "no gatepost-migrate in GATEPOST_BIN=${GATEPOST_BIN:-}"
worker=$GATEPOST_BIN/gatepost.fcgi
if [ ! -x "$worker" ]; then worker=$GATEPOST_BIN/../libexec/gatepost/gatepost.fcgi; fi
[ -x "$worker" ] || give_up "no gatepost.fcgi in or beside $GATEPOST_BIN"
for name in $(env | sed -n 's/^\(PG[A-Z]*\|GATEPOST_ENV\|[A-Z_]*DATABASE_URL\)=.*/\1/p'); do unset "$name"; done

work=$(mktemp -d) || give_up "no directory for temporary files"
trap 'stop_cluster; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
: >"$work/empty"
start_cluster || give_up "no PostgreSQL cluster could be started"

url_of() { # ROLE DATABASE
	echo "postgresql://$1@$cluster_host/$2"
}

new_database() { # DATABASE OWNER [OPTIONS]
	superuser postgres -c "create database $1 owner $2 ${3:-}"
}

run_migrate() { # URL: sets status, out, err
	GATEPOST_ENV=$work/empty OWNER_DATABASE_URL=$1 "$migrate" >"$work/out" 2>"$work/err"
	status=$?
	out=$(cat "$work/out") err=$(cat "$work/err")
}

succeeds() { # NAME URL
	run_migrate "$2"
	equals "$1" "0, " "$status, $err"
}

unchanged() { # NAME: work/before and work/after are the same and not empty
	if [ -s "$work/before" ]; then holds "$1" diff "$work/before" "$work/after"; else not_ok "$1" "nothing was seen before"; fi
}

snapshot() { # DATABASE: definitions, rights, roles, and what has been applied
	"$cluster_bin/pg_dump" -s "postgresql://postgres@$cluster_host/$1" | grep -v '^\\\(un\)\{0,1\}restrict '
	superuser "$1" -c "select number, name, applied_at from gatepost.migration order by number" \
		-c "select rolname, rolsuper, rolbypassrls, rolcanlogin, rolcreaterole from pg_roles order by rolname"
}

ready_status() { # URL: what a worker answers with this database
	env -i GATEPOST_ENV=$work/empty DATABASE_URL="$1" BETTER_AUTH_SECRET=0123456789abcdef0123456789abcdef \
		GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET SCRIPT_NAME= PATH_INFO=/readyz \
		"$worker" </dev/null 2>"$work/worker" | sed -n '1s/^Status: \([0-9]*\).*/\1/p'
}
