#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# http-tests against an instance behind a real web server, with the snippets of lighttpd-conf and
# apache-conf as they are shipped. Sanitizers' reports, if the build has any, count as failures.
#
# usage: tests/live/server.sh BUILD-DIRECTORY SERVER [TEST...]
#
# SERVER is lighttpd-fastcgi, lighttpd-spawned, lighttpd-cluster, lighttpd-cgi, apache-proxy-fcgi, apache-fcgid,
# apache-cgi or apache-htaccess. The last runs on mod_fcgid, or with GATEPOST_TEST_HTACCESS=cgid on mod_cgid.
#
# GATEPOST_TEST_RECORD, if set, names a file for all requests and answers, GATEPOST_TEST_DOCUMENT one for
# /openapi.json.

set -u
GATEPOST_BUILD=${1:?a build directory}
kind=${2:?a web server}
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"
shift 2

# --- a second web server beside quickstart's, on the database of the instance ---

programs= # directory of the programs, known once there is an instance
second_port=

as_web_user() { # COMMAND...; with in_place=exec in the place of the shell, whose number it keeps
	if [ "$(id -u)" = 0 ]; then set -- setpriv --reuid www-data --regid www-data --init-groups -- "$@"; fi
	${in_place:-} env -i PATH="$PATH" "$@"
}

write_lighttpd_conf() {
	cat <<-CONF
		server.bind = "127.0.0.1"
		server.port = $second_port
		server.document-root = "$instance/www"
		server.errorlog = "$work/second/error.log"
		server.breakagelog = "$work/second/breakage.log"
		server.pid-file = "$work/second/pid"
		server.upload-dirs = ( "$work/second" )
		server.compat-module-load = "disable"
	CONF
	if [ "$(id -u)" = 0 ]; then
		echo 'server.username = "www-data"'
		echo 'server.groupname = "www-data"'
	fi
	"write_$(echo "$kind" | tr - _)_part"
	echo "include \"$top/lighttpd-conf/gatepost-strict.conf\""
}

write_lighttpd_cgi_part() {
	cat <<-CONF
		var.gatepost_program = "$programs/gatepost.fcgi"
		var.gatepost_env = "$instance/env"
		var.gatepost_paths = "^/"
		include "$top/lighttpd-conf/gatepost-cgi.conf"
		var.gatepost_auth_program = "$programs/gatepost-auth.fcgi"
		var.gatepost_auth_paths = "^/api/auth(/|$)"
		include "$top/lighttpd-conf/gatepost-auth-cgi.conf"
	CONF
}

write_lighttpd_spawned_part() {
	cat <<-CONF
		var.gatepost_programs = "$programs"
		var.gatepost_env = "$instance/env"
		var.gatepost_sockets = "$work/second"
		var.gatepost_workers = 4
		var.gatepost_paths = "^/"
		include "$top/lighttpd-conf/gatepost-spawned.conf"
		var.gatepost_auth_paths = "^/api/auth(/|$)"
		include "$top/lighttpd-conf/gatepost-auth-spawned.conf"
	CONF
}

# The list of machines is the one at the head of the file, with our addresses.
write_lighttpd_cluster_part() {
	sed -n '/^#   var\.gatepost_machines/,/^#   )/s/^#   //p' "$top/lighttpd-conf/gatepost-cluster.conf" |
		sed "s/\"10\.0\.0\.11\", \"port\" => 9000/\"127.0.0.1\", \"port\" => $first_machine/
			s/\"10\.0\.0\.12\", \"port\" => 9000/\"127.0.0.1\", \"port\" => $second_machine/"
	cat <<-CONF
		var.gatepost_paths = "^/"
		include "$top/lighttpd-conf/gatepost-cluster.conf"
	CONF
}

write_apache_conf() {
	cat <<-CONF
		ServerRoot $work/second
		ServerName 127.0.0.1
		Listen 127.0.0.1:$second_port
		DocumentRoot $work/pages
		ErrorLog $work/second/error.log
		PidFile $work/second/pid
		DefaultRuntimeDir $work/second
	CONF
	if [ "$(id -u)" = 0 ]; then
		echo 'User www-data'
		echo 'Group www-data'
	fi
	for name in mpm_event authz_core env reqtimeout alias dir mime negotiation autoindex setenvif $apache_modules; do
		echo "LoadModule ${name}_module /usr/lib/apache2/modules/mod_$name.so"
	done
	# As Debian has it.
	cat <<-CONF
		TypesConfig /etc/mime.types
		<Directory />
			Options FollowSymLinks
			AllowOverride None
			Require all denied
		</Directory>
	CONF
	"write_$(echo "$kind" | tr - _)_part"
}

write_apache_fcgid_part() {
	write_apache_names
	echo "FcgidIPCDir $work/second"
	echo "FcgidProcessTableFile $work/second/table"
	echo "Include $top/apache-conf/gatepost-fcgid.conf"
}

write_apache_cgi_part() {
	write_apache_names
	echo "ScriptSock $work/second/cgid"
	echo "Include $top/apache-conf/gatepost-cgi.conf"
}

write_apache_names() {
	cat <<-CONF
		Define GATEPOST_PROGRAMS $programs
		Define GATEPOST_ENV $instance/env
		Define GATEPOST_PATHS "^/"
		Define GATEPOST_AUTH_PATHS "^/api/auth(/|$)"
	CONF
}

# What a host gives to its customers: nothing of ours is in the server's own configuration.
write_apache_htaccess_part() {
	case $apache_modules in
	*fcgid*)
		echo "FcgidIPCDir $work/second"
		echo "FcgidProcessTableFile $work/second/table"
		echo "FcgidMaxRequestLen 16777216" ;;
	*) echo "ScriptSock $work/second/cgid" ;;
	esac
	cat <<-CONF
		TraceEnable Off
		<Directory $work/pages>
			Options FollowSymLinks
			AllowOverride FileInfo Options
			Require all granted
		</Directory>
	CONF
}

make_pages() {
	mkdir "$work/pages"
	# The whole host, as its last line offers.
	sed '$s/^#//' "$top/apache-conf/htaccess-shared-hosting" >"$work/pages/.htaccess"
	for name in gatepost gatepost-auth; do
		printf '#!/bin/sh\nGATEPOST_ENV=%s MOUNT_PATH=/%s.fcgi exec %s/%s.fcgi\n' \
			"$instance/env" "$name" "$programs" "$name" >"$work/pages/$name.fcgi"
		chmod 0755 "$work/pages/$name.fcgi"
	done
}

start_machines() { # two pools on TCP, as two machines would have them
	first_machine=$(free_port)
	second_machine=$(free_port)
	for machine in $first_machine $second_machine; do
		(in_place=exec && as_web_user env GATEPOST_ENV="$instance/env" spawn-fcgi -a 127.0.0.1 -p "$machine" -n -- \
			"$(command -v multiwatch)" -f 2 -- "$programs/gatepost.fcgi" </dev/null >>"$work/second/machines.log" 2>&1) &
		ours="$ours $!"
	done
}

start_second_server() {
	programs=$instance/program/libexec/gatepost
	second_port=$(free_port)
	mkdir "$work/second"
	: >"$work/second/error.log"
	if [ "$(id -u)" = 0 ]; then chown -R www-data "$work/second"; fi
	case $kind in
	lighttpd-*)
		if [ "$kind" = lighttpd-cluster ]; then start_machines; fi
		write_lighttpd_conf >"$work/second.conf"
		set -- lighttpd -f "$work/second.conf" ;;
	apache-*)
		make_pages
		write_apache_conf >"$work/second.conf"
		set -- apache2 -f "$work/second.conf" -k start ;;
	esac
	env -i PATH="$PATH" "$@" 2>"$work/second.err" ||
		give_up "$1 does not start: $(cat "$work/second.err" "$work/second/error.log")"
	within 10 test -s "$work/second/pid" || give_up "$1 writes no pid file"
	ours="$ours $(cat "$work/second/pid")"
	GATEPOST_TEST_URL=http://127.0.0.1:$second_port
	within 30 curl -q -s -f --noproxy '*' "$GATEPOST_TEST_URL/readyz" ||
		give_up "$1 does not answer: $(tail -n 5 "$work/second/error.log")"
}

judge_logs() {
	# Leaks are reported as a process ends.
	cp "$instance"/log/*.log "$work" 2>/dev/null
	cp "$work"/second/*.log "$work" 2>/dev/null
	reports=$(grep -h -A 12 'Sanitizer\|runtime error:\|stack smashing\|Assertion' "$work"/*.log)
	equals "$kind: no sanitizer and no assertion has anything to say" "" "$reports"
}

# Where the pages of a front end come from, besides the default of CORS_ORIGINS.
FRONTEND_URL=https://app.example.com
export FRONTEND_URL
apache_modules=
case $kind in
lighttpd-fastcgi) start_instance --server lighttpd ;;
apache-proxy-fcgi) start_instance --server apache ;;
lighttpd-cgi | lighttpd-spawned | lighttpd-cluster | apache-fcgid | apache-cgi | apache-htaccess)
	case $kind in
	apache-fcgid) apache_modules=fcgid ;;
	apache-cgi) apache_modules=cgid ;;
	apache-htaccess) apache_modules="rewrite ${GATEPOST_TEST_HTACCESS:-fcgid}" ;;
	esac
	start_instance --server lighttpd
	start_second_server ;;
*) give_up "there is no $kind" ;;
esac

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
