#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# http-tests against an instance behind a real web server, with the snippets of lighttpd-conf and
# apache-conf as they are shipped. Sanitizers' reports, if the build has any, count as failures.
#
# usage: tests/live/server.sh BUILD-DIRECTORY lighttpd-fastcgi|lighttpd-cgi|apache-proxy-fcgi [TEST...]
#
# GATEPOST_TEST_RECORD, if set, names a file for all requests and answers, GATEPOST_TEST_DOCUMENT one for
# /openapi.json.

set -u
GATEPOST_BUILD=${1:?a build directory}
kind=${2:?lighttpd-fastcgi, lighttpd-cgi or apache-proxy-fcgi}
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"
shift 2

write_cgi_conf() {
	cat <<-CONF
		server.bind = "127.0.0.1"
		server.port = $cgi_port
		server.document-root = "$instance/www"
		server.errorlog = "$work/cgi/error.log"
		server.pid-file = "$work/cgi/pid"
		server.upload-dirs = ( "$work/cgi" )
		server.compat-module-load = "disable"
		var.gatepost_program = "$instance/program/libexec/gatepost/gatepost.fcgi"
		var.gatepost_env = "$instance/env"
		var.gatepost_paths = "^/"
		include "$top/lighttpd-conf/gatepost-cgi.conf"
		var.gatepost_auth_program = "$instance/program/libexec/gatepost/gatepost-auth.fcgi"
		var.gatepost_auth_paths = "^/api/auth(/|$)"
		include "$top/lighttpd-conf/gatepost-auth-cgi.conf"
		include "$top/lighttpd-conf/gatepost-strict.conf"
	CONF
	if [ "$(id -u)" = 0 ]; then
		echo 'server.username = "www-data"'
		echo 'server.groupname = "www-data"'
	fi
}

# A second lighttpd, which starts the program for each request, on the database of the instance.
start_cgi_server() {
	cgi_port=$(free_port)
	mkdir "$work/cgi"
	: >"$work/cgi/error.log"
	if [ "$(id -u)" = 0 ]; then chown -R www-data "$work/cgi"; fi
	write_cgi_conf >"$work/cgi.conf"
	lighttpd -f "$work/cgi.conf" || give_up "lighttpd does not start: $(cat "$work/cgi/error.log")"
	within 10 test -s "$work/cgi/pid" || give_up "lighttpd writes no pid file"
	ours="$ours $(cat "$work/cgi/pid")"
	GATEPOST_TEST_URL=http://127.0.0.1:$cgi_port
}

judge_logs() {
	# Leaks are reported as a process ends.
	cp "$instance"/log/*.log "$work" 2>/dev/null
	if [ -d "$work/cgi" ]; then cp "$work/cgi/error.log" "$work/cgi.log"; fi
	reports=$(grep -h -A 12 'Sanitizer\|runtime error:\|stack smashing\|Assertion' "$work"/*.log)
	equals "$kind: no sanitizer and no assertion has anything to say" "" "$reports"
}

# Where the pages of a front end come from, besides the default of CORS_ORIGINS.
FRONTEND_URL=https://app.example.com
export FRONTEND_URL
case $kind in
apache-proxy-fcgi) start_instance --server apache ;;
*) start_instance --server lighttpd ;;
esac
if [ "$kind" = lighttpd-cgi ]; then start_cgi_server; fi

GATEPOST_TEST_SERVER=$kind "$GATEPOST_BUILD/http-tests" "$@" >"$work/tests" 2>&1
status=$?
sed '$d' "$work/tests"
passed=$(grep -c '^ok - ' "$work/tests")
failed=$(grep -c '^not ok - ' "$work/tests")
if [ $status -ne 0 ] && [ "$failed" = 0 ]; then
	not_ok "$kind: http-tests ends as it should" "status $status: $(tail -n 3 "$work/tests")"
fi
if [ -n "${GATEPOST_TEST_DOCUMENT:-}" ]; then
	holds "$kind: /openapi.json is there" \
		curl -q -s -S -f -o "$GATEPOST_TEST_DOCUMENT" --noproxy '*' --max-time 10 "$GATEPOST_TEST_URL/openapi.json"
fi
for process in $(worker_pids) $(worker_pids auth-workers); do kill -TERM "$process"; done # so that they report their leaks
sleep 0.5
judge_logs
finish
