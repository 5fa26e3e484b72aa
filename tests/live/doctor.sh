#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# gatepost-doctor on an instance that is well, and then with one ailment after the other, each really
# made, found and cured; and where a web server drops the Authorization field: what gatepost-doctor,
# `gatepost-token verify --through` and the log of the workers say about that.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/doctor.sh

set -u
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"
# shellcheck source=tests/support/bouncer.sh
. "$top/tests/support/bouncer.sh"
pool_size=5

as_worker() { # COMMAND...: as the user of the workers, with nothing but PATH
	if [ "$(id -u)" = 0 ]; then
		setpriv --reuid www-data --regid www-data --init-groups -- env -i PATH="$PATH" LC_ALL=C.UTF-8 "$@"
	else
		env -i PATH="$PATH" LC_ALL=C.UTF-8 "$@"
	fi
}

superuser_psql() {
	if [ "$(id -u)" = 0 ]; then
		set -- setpriv --reuid postgres --regid postgres --init-groups -- psql -h "$instance/sock/pg" -U postgres "$@"
	else
		set -- psql -h "$instance/sock/pg" -U postgres "$@"
	fi
	"$@" -X -q -A -t -v ON_ERROR_STOP=1 -p "$(cat "$instance/postgres.port")" -d gatepost
}

# --- the patient ---

write_settings() { # [NAME=VALUE...]: sets file, the instance's settings with these instead
	file=$work/env
	cp "$instance/env" "$file.new"
	for change; do
		sed -i "/^${change%%=*}=/d" "$file.new"
		printf '%s\n' "$change" >>"$file.new"
	done
	chmod 640 "$file.new"
	if [ "$(id -u)" = 0 ]; then chgrp www-data "$file.new"; fi
	mv "$file.new" "$file"
}

examine() { # [OPTION...]: sets out and status, with the settings in $file
	out=$(as_worker GATEPOST_ENV="$file" "$instance/program/bin/gatepost-doctor" \
		--socket "$socket" "$@" 2>&1)
	status=$?
	for word in $secrets; do
		case $out in
		*"$word"*) not_ok "no secret in what the doctor says" "$out" ;;
		esac
	done
}

line_of() { # CHECK: its line and, if there is one, its remedy
	printf '%s\n' "$out" | awk -v name="$1" '
		substr($0, 10, length(name) + 1) == name " " { print; found = 1; next }
		found && /^ +remedy: / { print }
		{ found = 0 }'
}

finds() { # NAME CHECK problem|warning WORD [REMEDY-WORD]
	line=$(line_of "$2")
	expected=0
	if [ "$3" = problem ]; then expected=1; fi
	case $line in
	"$3 "*"$4"*remedy:*"${5:-}"*) equals "$1: found, named, and the exit status" $expected $status ;;
	*) not_ok "$1: $3 at $2, with $4" "status $status; $line
in: $out" ;;
	esac
}

is_well() { # NAME [OPTION...]
	name=$1
	shift
	examine "$@"
	equals "$name: exit status 0" 0 $status
	equals "$name: nothing but ok" "" "$(printf '%s\n' "$out" | sed '$d' | grep -v '^ok  \|^-   ')"
}

socket_in() { # FILE MODE: a socket, and nobody behind it
	as_worker python3 -c 'import os, socket, sys
s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); os.chmod(sys.argv[1], int(sys.argv[2], 8))' "$1" "$2"
}

# --- settings and secrets ---

judge_settings() {
	write_settings BETTER_AUTH_SECRET=hunter2-hunter2
	examine
	finds "a short secret" settings problem "BETTER_AUTH_SECRET: has 15 characters" ""
	lacks "a short secret is not printed" "$out" hunter2
	contains "without settings the database is not asked" "$(line_of database)" "needs settings"
	write_settings BETTER_AUTH_SECRET=passwordpasswordpasswordpassword
	examine
	finds "a secret that can be guessed" secret warning "could be guessed" "openssl rand"
	write_settings BETTER_AUTH_SECRETS="2:$BETTER_AUTH_SECRET,1:$(printf %s "$BETTER_AUTH_SECRET" | rev)" JWT_ACCEPT_PREVIOUS_SECRETS=on
	examine
	finds "older secrets that still verify" "older secrets" warning "still verify" JWT_ACCEPT_PREVIOUS_SECRETS=off
	write_settings JWT_LEEWAY_SECONDS=many
	examine
	finds "a bad value" settings problem JWT_LEEWAY_SECONDS
	write_settings BETTER_AUTH_URL=http://app.example.com
	examine
	finds "a site on plain http" site warning "BETTER_AUTH_URL is plain http" "https://"
	write_settings
	chmod 644 "$file"
	examine
	finds "settings that everybody may read" "settings file" problem "mode 0644" "chmod 640"
	chmod 660 "$file"
	examine
	finds "settings that the group may change" "settings file" warning "mode 0660" "chmod 640"
	file=$work/nowhere
	examine
	finds "a settings file that is missing" settings problem "$work/nowhere"
}

# --- the database ---

judge_connection() {
	url=$(setting "$instance/env" DATABASE_URL)
	write_settings DATABASE_URL="$(echo "$url" | sed 's,gatepost_api:[^@]*@,gatepost_api:hunter2@,')"
	examine
	finds "a wrong password" database problem "password authentication failed" password
	lacks "a wrong password is not printed" "$out" hunter2
	contains "without a database its checks are left out" "$(line_of isolation)" "needs the database"
	write_settings DATABASE_URL="$(echo "$url" | sed 's,/gatepost$,/nowhere,')"
	examine
	finds "a database that is missing" database problem '"nowhere" does not exist'
	write_settings DATABASE_URL=postgresql://gatepost_api:p@ss@localhost/gatepost
	examine
	finds "an address that is misread" database problem "no PostgreSQL connection URI" "%XX"
	lacks "an address that is misread is not printed" "$out" p@ss
}

ails() { # NAME SQL CHECK problem|warning WORD CURE [OPTION...]: the owner makes it, and cures it
	owner_psql -c "$2" >"$work/sql" 2>&1 || not_ok "$1 can be made" "$(cat "$work/sql")"
	ailment=$1 ailing=$3 kind=$4 clue=$5 cure=$6
	shift 6
	examine "$@"
	finds "$ailment" "$ailing" "$kind" "$clue"
	owner_psql -c "$cure" >"$work/sql" 2>&1 || not_ok "$ailment can be cured" "$(cat "$work/sql")"
}

judge_tables() {
	write_settings
	policy=$(owner_psql -c "select 'create policy task_owner on gatepost.task using (' ||
		pg_get_expr(polqual, polrelid) || ') with check (' || pg_get_expr(polwithcheck, polrelid) || ')'
		from pg_policy where polname = 'task_owner'")
	ails "row-level security that is not forced" "alter table gatepost.task no force row level security" \
		"row security" problem "not forced" "alter table gatepost.task force row level security"
	ails "row-level security that is off" "alter table gatepost.task disable row level security" \
		"row security" problem "switched off" "alter table gatepost.task enable row level security"
	contains "row-level security that is off: the attempt succeeds" "$(line_of isolation)" \
		"another could: see it, see some task, change it, remove it, make one in their name, see some task as nobody"
	ails "a policy that was dropped" "drop policy task_owner on gatepost.task" \
		"row security" problem "task_owner is missing" "$policy"
	contains "a policy that was dropped: nobody has tasks" "$(line_of isolation)" "cannot make a task of their own"
	owner_psql -c "create policy leak on gatepost.task for select using (true)"
	examine
	owner_psql -c "drop policy leak on gatepost.task"
	equals "a policy that shows everything: exit status 1" 1 $status
	contains "a policy that shows everything is named" "$(line_of "row security")" "policies that are not ours: leak"
	contains "a policy that shows everything: the attempt sees" "$(line_of isolation)" "another could: see it, see some task, see"
	lacks "a policy that shows everything: the attempt changes nothing" "$(line_of isolation)" "change it"
	ails "a migration that is missing" "drop function gatepost.task_is_foreign(bigint)" \
		migrations problem "function gatepost.task_is_foreign(bigint)" \
		"$(awk '/^create function gatepost.task_is_foreign/, 0' "$top/sql/004_dialects.sql")
		grant execute on function gatepost.task_is_foreign(bigint) to gatepost_api"
	contains "a migration that is missing: workers are not ready" "$(line_of ready)" problem
	ails "tables of before an update" "alter function gatepost.caller_facts(text, jsonb) rename to caller_facts_gone" \
		migrations problem "function gatepost.caller_facts(text, jsonb)" \
		"alter function gatepost.caller_facts_gone(text, jsonb) rename to caller_facts"
	ails "passwords that the API can read" 'grant select (password) on public.account to gatepost_api' \
		passwords problem "gatepost_api can read account" 'revoke select (password) on public.account from gatepost_api'
	ails "sessions that cannot be looked up" "revoke execute on function gatepost.caller_by_session(text) from gatepost_api" \
		sessions problem 42501 "grant execute on function gatepost.caller_by_session(text) to gatepost_api"
	ails "a role for sign-in without its rights" "revoke update on public.session from gatepost_auth" \
		sign-in problem "gatepost_auth may not use, or does not find: session" "grant update on public.session to gatepost_auth"
	equals "the attempts have left no task" 0 "$(superuser_psql -c 'select count(*) from gatepost.task')"
}

judge_role() {
	write_settings
	superuser_psql -c 'alter role gatepost_api superuser' || not_ok "a superuser can be made"
	examine
	finds "a superuser" role problem "is a superuser" "nosuperuser"
	contains "a superuser: the attempt succeeds" "$(line_of isolation)" "another could: see it"
	contains "a superuser: workers refuse the connection" "$(line_of ready)" database_unbound
	superuser_psql -c 'alter role gatepost_api nosuperuser bypassrls'
	examine
	finds "a role that bypasses row-level security" role problem "has BYPASSRLS" "nobypassrls"
	superuser_psql -c 'alter role gatepost_api nobypassrls'
	write_settings DATABASE_URL="$owner_url"
	examine
	finds "the owner as the role of the workers" role warning "owns the tables" gatepost_api
	equals "the owner is bound all the same" ok "$(line_of isolation | cut -d ' ' -f 1)"
}

# --- keys, directories, sockets ---

judge_places() {
	write_settings JWKS_FILE="$work/no-keys"
	examine
	finds "a key set that is missing" keys problem "JWKS_FILE"
	# RFC 8037 appendix A.2
	echo '{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}' >"$work/keys"
	write_settings JWKS_FILE="$work/keys"
	examine
	equals "a key set that can be read" "ok       keys             HS256 by the shared secret, 1 EdDSA from JWKS_FILE" "$(line_of keys)"
	echo '{"keys":[{"kty":"OKP"}]}' >"$work/keys"
	examine
	finds "a key set without a usable key" keys warning keys_refused JWKS_FILE
	mkdir -p "$work/state" && chmod 777 "$work/state"
	write_settings STATE_DIRECTORY="$work/state"
	examine
	finds "a state directory that others may write in" "state directory" warning "$work/state" "install -d"
	write_settings STATE_DIRECTORY="$work/state" RATE_LIMIT=100/s
	examine
	finds "the same with a limit" "state directory" problem "$work/state" "install -d"
	write_settings JWKS_URL=https://127.0.0.1:1/jwks JWKS_CACHE_DIRECTORY="$work/state"
	examine
	finds "a key cache that others may write in" "key cache" problem "$work/state" "install -d"
	write_settings
	chmod 666 "$socket"
	examine
	finds "a socket that only its directory keeps from everybody" socket warning "mode 0666" "0660"
	chmod 711 "$(dirname "$socket")"
	examine
	finds "a socket that everybody may write to" socket problem "mode 0666" "0660"
	chmod 700 "$(dirname "$socket")"
	chmod 660 "$socket"
	usual=$socket
	socket=$(dirname "$usual")/dead.sock
	socket_in "$socket" 660
	examine
	finds "a socket that nobody listens on" workers problem "Connection refused" "start them"
	socket=$file
	examine
	finds "a file that is no socket" socket problem "is no socket"
	socket=$work/none.sock
	examine
	finds "a socket that is missing" socket problem "No such file"
	socket=$usual
	examine --program auth --socket "$usual"
	finds "the socket of another program" workers problem "/api/auth/ok is answered with Status: 404"
}

# --- gatepost-authorizer.fcgi, with a worker of its own ---

judge_authorizer() {
	mkdir -m 700 "$work/guard"
	if [ "$(id -u)" = 0 ]; then chown www-data "$work/guard"; fi
	printf '* / signed-in\n' >"$work/rules"
	write_settings ACCESS_RULES="$work/rules"
	usual=$socket socket=$work/guard/authorizer.sock
	as_worker GATEPOST_ENV="$file" spawn-fcgi -s "$socket" -M 0660 -P "$work/guard/pid" -- \
		"$instance/program/libexec/gatepost/gatepost-authorizer.fcgi" </dev/null >"$work/guard.log" 2>&1 ||
		give_up "no authorizer: $(cat "$work/guard.log")"
	ours="$ours $(cat "$work/guard/pid")"
	is_well "an authorizer" --program authorizer
	contains "an authorizer refuses, and so is well" "$(line_of workers)" "answer / with 401"
	printf '* /\n' >"$work/rules"
	examine --program authorizer
	finds "a rule for nobody" "access rules" problem "$work/rules" "ACCESS_RULES"
	rm "$work/rules"
	examine --program authorizer
	finds "rules that are missing" "access rules" problem "No such file"
	socket=$usual
	examine --program authorizer
	finds "the API's socket in its place" workers problem "/ is answered with Status: 500" "systemctl start gatepost-authorizer)"
}

# --- gatepost-notifyd ---

judge_changes() {
	write_settings
	ails "changes that are not noted" "alter table gatepost.task disable trigger task_change" \
		changes problem "task_change of gatepost.task is switched off" \
		"alter table gatepost.task enable trigger task_change" --program notify
	contains "changes that are not noted: what to do" "$(line_of changes)" "enable trigger task_change"
	ails "changes that are noted on replicas alone" "alter table gatepost.task enable replica trigger task_change" \
		changes problem "switched off" "alter table gatepost.task enable trigger task_change" --program notify
	ails "changes that may not be moved" "revoke execute on function gatepost.relay_turn(xid8, boolean) from gatepost_notify" \
		changes problem "gatepost_notify may not use: gatepost.relay_turn" \
		"grant execute on function gatepost.relay_turn(xid8, boolean) to gatepost_notify" --program notify
	ails "tasks that may not be looked up" "revoke select on gatepost.task from gatepost_notify" \
		changes problem "gatepost_notify may not use: gatepost.task" "grant select on gatepost.task to gatepost_notify" --program notify
	write_settings NOTIFY_DATABASE_URL="$(setting "$instance/env" DATABASE_URL)"
	examine --program notify
	finds "the task API's role" changes problem "gatepost_api may not use: gatepost.relay_begin, gatepost.relay_turn" "role gatepost_notify"
	write_settings NOTIFY_DATABASE_URL="$owner_url"
	examine --program notify
	finds "the owner as the notifier's role" role warning "owns the tables" "connect as gatepost_notify"
	contains "the owner can tell of changes" "$(line_of changes)" "ok "
	write_settings NOTIFY_DATABASE_URL="$(echo "$notify_url" | sed 's,gatepost_notify:[^@]*@,gatepost_notify:hunter2@,')"
	examine --program notify
	finds "a wrong password of the notifier" database problem "password authentication failed" NOTIFY_DATABASE_URL
	lacks "a wrong password of the notifier is not printed" "$out" hunter2
}

judge_poolers() {
	for mode in transaction session; do
		make_bouncer $mode "$notify_url"
		start_bouncer
		write_settings NOTIFY_DATABASE_URL="$(through_bouncer "$notify_url")" DB_PREPARE=off
		examine --program notify
		case $mode in
		transaction)
			finds "a pooler in transaction mode" listening problem \
				"notifications do not arrive: there is a pooler in between" "session mode"
			contains "a pooler in transaction mode: a connection is to be had" "$(line_of database)" "ok "
			equals "a pooler in transaction mode: nothing else ails" 1 "$(printf '%s\n' "$out" | grep -c '^problem')" ;;
		session)
			equals "a pooler in session mode" "ok       listening        notifications arrive, through a pooler" "$(line_of listening)" ;;
		esac
		stop_bouncer
	done
}

start_notifier() { # PAGE SETTING...: one of its own, at $socket, that answers this page with 200
	page=$1
	shift
	write_settings "$@"
	rm -f "$work/notifier.pid"
	# The number is the daemon's own, not that of a shell around it.
	# shellcheck disable=SC2016 # for the shell that becomes the daemon
	as_worker GATEPOST_ENV="$file" sh -c 'echo $$; exec "$1" 2>&3' - \
		"$instance/program/libexec/gatepost/gatepost-notifyd" 3>"$work/notifier.log" >"$work/notifier.pid" &
	within 10 test -s "$work/notifier.pid" || give_up "no notifier"
	notifier=$(cat "$work/notifier.pid")
	ours="$ours $notifier"
	within 10 curl -q -s -f -o "$work/body" --noproxy '*' "http://$socket$page" || give_up "no notifier: $(cat "$work/notifier.log")"
}

stop_notifier() {
	kill "$notifier"
	within 10 sh -c "! kill -0 $notifier" || not_ok "the notifier stops"
	ours=${ours% "$notifier"}
}

judge_daemon() {
	write_settings
	socket=127.0.0.1:$(free_port)
	examine --program notify
	finds "a notifier that is not there" workers problem "nobody can be reached at $socket" "systemctl start gatepost-notifyd"
	contains "its address is on this machine" "$(line_of socket)" "ok "
	start_notifier /readyz NOTIFY_LISTEN="$socket"
	is_well "a notifier at an address" --program notify
	stop_notifier
	nowhere=$(echo "$notify_url" | sed 's,@[^/]*/,@127.0.0.1:1/,')
	start_notifier /healthz NOTIFY_LISTEN="$socket" NOTIFY_DATABASE_URL="$nowhere"
	write_settings
	examine --program notify
	finds "a notifier without its database" workers problem "/readyz is answered with HTTP status 503" "see its log"
	stop_notifier
	socket=0.0.0.0:${socket##*:}
	start_notifier /readyz NOTIFY_LISTEN="$socket"
	examine --program notify
	finds "a notifier that can be reached from elsewhere" socket warning "without TLS" NOTIFY_LISTEN=127.0.0.1:9002
	stop_notifier
	socket=$notifier_socket
	chmod 666 "$socket"
	examine --program notify
	finds "a notifier's socket that only its directory keeps from everybody" socket warning "mode 0666" "past the web server"
	chmod 660 "$socket"
	write_settings NOTIFY_PING_SECONDS=60
	examine --program notify
	finds "pings that come too late" settings problem NOTIFY_TIMEOUT_SECONDS
}

passes_web_sockets() { # LINE: of Apache, to the instance's notifier
	fresh_socket=$instance/sock/fcgi/gatepost.sock
	start_apache '</Location>' '<Location "/ws/notifications">' "$1"
	examine --program notify --url "$apache_url"
	stop_apache
}

is_taken() { # PORT
	! is_free "$1"
}

# Answers whoever asks with this head and these bytes, in hexadecimal.
start_stranger() { # HEAD BYTES
	stranger_port=$(free_port)
	python3 -c 'import socket, sys, time
s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    c = s.accept()[0]
    c.recv(65536)
    c.sendall(sys.argv[2].encode() + b"\r\n\r\n" + bytes.fromhex(sys.argv[3]))
    if sys.argv[3]: c.close()' "$stranger_port" "$1" "$2" &
	stranger=$!
	ours="$ours $stranger"
	within 10 is_taken "$stranger_port" || give_up "no server of python3"
}

meets_stranger() { # NAME HEAD BYTES WORD REMEDY-WORD
	start_stranger "$2" "$3"
	examine --program notify --url "http://127.0.0.1:$stranger_port"
	finds "$1" "web server" problem "$4" "$5"
	kill "$stranger"
	wait "$stranger" 2>/dev/null
	ours=${ours% "$stranger"}
}

judge_web_sockets() {
	write_settings
	is_well "a notifier" --program notify --url "$GATEPOST_TEST_URL/"
	examine --program notify --url "$GATEPOST_TEST_URL/nowhere"
	finds "a path without the notifier" "web server" problem "HTTP status 404" "gatepost-notify.conf"
	passes_web_sockets "ProxyPass unix:$notifier_socket|http://localhost/ws/notifications upgrade=websocket"
	equals "Apache with upgrade: exit status 0" 0 "$status"
	contains "Apache with upgrade" "$(line_of "web server")" "closed with 4001"
	passes_web_sockets "ProxyPass unix:$notifier_socket|http://localhost/ws/notifications"
	finds "Apache without upgrade" "web server" problem "HTTP status 426" "upgrade=websocket"
	passes_web_sockets "ProxyPass unix:$work/none.sock|http://localhost/ws/notifications upgrade=websocket retry=0"
	finds "Apache, and nobody behind it" "web server" problem "HTTP status 503" GATEPOST_NOTIFY
	examine --program notify --url http://127.0.0.1:1
	finds "no web server" "web server" problem "no answer"
	meets_stranger "a proxy that holds back what comes" "HTTP/1.1 101 Switching Protocols" "" "nothing comes through" stream-response-body
	meets_stranger "a notifier that is full" "HTTP/1.1 101 Switching Protocols" 880203f5 "1013" NOTIFY_MAX_CONNECTIONS
	meets_stranger "a WebSocket of somebody else" "HTTP/1.1 101 Switching Protocols" 810568656c6c6f "not gatepost-notifyd" "what answers"
	meets_stranger "a server of something else" "SSH-2.0" 00 "without an answer of HTTP" "error log"
}

judge_notifier() {
	usual=$socket
	notifier_socket=$instance/sock/fcgi/gatepost-notifyd.sock
	socket=$notifier_socket
	notify_url=$(setting "$instance/env" NOTIFY_DATABASE_URL)
	judge_changes
	judge_poolers
	judge_daemon
	judge_web_sockets
	socket=$usual
}

# --- the web server ---

write_apache_conf() { # LINE...: in the Location of the API
	cat <<-CONF
		ServerRoot $work/apache
		ServerName 127.0.0.1
		Listen 127.0.0.1:$apache_port
		DocumentRoot $work/apache/www
		ErrorLog $work/apache/error.log
		LogLevel info
		PidFile $work/apache/pid
		DefaultRuntimeDir $work/apache
	CONF
	if [ "$(id -u)" = 0 ]; then printf 'User www-data\nGroup www-data\n'; fi
	for module in mpm_event authz_core env setenvif rewrite proxy proxy_fcgi proxy_http; do
		echo "LoadModule ${module}_module /usr/lib/apache2/modules/mod_$module.so"
	done
	cat <<-CONF
		<Location "/">
		  ProxyPass "unix:$fresh_socket|fcgi://gatepost/" retry=0
		$(printf '  %s\n' "$@")
		</Location>
	CONF
}

start_apache() { # [LINE...]
	rm -rf "$work/apache"
	mkdir -p "$work/apache/www"
	: >"$work/apache/error.log"
	apache_port=$(free_port)
	write_apache_conf "$@" >"$work/apache.conf"
	apache2 -f "$work/apache.conf" -k start || give_up "Apache does not start: $(cat "$work/apache/error.log")"
	within 10 test -s "$work/apache/pid" || give_up "Apache writes no pid file"
	apache=$(cat "$work/apache/pid")
	ours="$ours $apache"
	apache_url=http://127.0.0.1:$apache_port
	within 10 curl -q -s -f -o "$work/body" --noproxy '*' "$apache_url/healthz" || give_up "Apache does not answer: $(cat "$work/apache/error.log")"
}

stop_apache() {
	kill "$apache"
	# It waits up to ten seconds for a WebSocket that somebody keeps open.
	within 30 sh -c "! kill -0 $apache" || not_ok "Apache stops"
	ours=${ours% "$apache"}
}

# A pool that nobody has asked so far: whether any request ever carried the field is kept in its state.
start_fresh_pool() {
	rm -rf "$work/pool"
	mkdir -m 700 "$work/pool"
	if [ "$(id -u)" = 0 ]; then chown www-data "$work/pool"; fi
	write_settings STATE_DIRECTORY="$work/pool"
	fresh_socket=$work/pool/gatepost.sock
	as_worker GATEPOST_ENV="$file" spawn-fcgi -s "$fresh_socket" -M 0660 -P "$work/pool/pid" -- \
		"$instance/program/libexec/gatepost/gatepost.fcgi" </dev/null >"$work/pool.log" 2>&1 ||
		give_up "no workers: $(cat "$work/pool.log")"
	pool=$(cat "$work/pool/pid")
	ours="$ours $pool"
}

stop_pool() {
	kill "$pool"
	within 10 sh -c "! kill -0 $pool" || not_ok "the workers stop"
	ours=${ours% "$pool"}
}

ask_apache() { # PATH: its status, as the holder of $token
	curl -q -s -o "$work/body" --noproxy '*' --max-time 10 -w '%{http_code}' -H "Authorization: Bearer $token" "$apache_url$1"
}

through() { # URL: sets said and status
	said=$(printf '%s\n' "$token" | as_worker GATEPOST_ENV="$file" "$instance/program/bin/gatepost-token" verify --through "$1" 2>&1)
	status=$?
	lacks "verify --through does not print the token" "$said" "$token"
}

warnings_in_log() {
	grep -c 'level=warning.*CGIPassAuth' "$work/apache/error.log"
}

judge_dropped() {
	token=$(token_for ann)
	start_fresh_pool
	start_apache
	equals "Apache without CGIPassAuth: 401" 401 "$(ask_apache /tasks)"
	equals "Apache without CGIPassAuth: 401 again" 401 "$(ask_apache /tasks)"
	equals "the log names the setting, once, as a warning" 1 "$(warnings_in_log)"
	contains "it names mod_fcgid's setting, too" "$(cat "$work/apache/error.log")" "FcgidPassHeader Authorization"
	lacks "the log has no token" "$(cat "$work/apache/error.log")" "$token"
	through "$apache_url/tasks"
	equals "verify --through: a failure" 1 $status
	contains "verify --through: no credential arrived" "$said" "no credential arrived: the web server does not pass the Authorization field on"
	for words in "CGIPassAuth On" "FcgidPassHeader Authorization" "SetEnvIf Authorization"; do
		contains "verify --through names $words" "$said" "$words"
	done
	usual=$socket socket=$fresh_socket
	examine --url "$apache_url"
	finds "Apache without CGIPassAuth" "web server" problem "does not reach the workers" "CGIPassAuth On"
	examine --url "$apache_url/nowhere"
	finds "a path without the API" "web server" problem "HTTP status 404" "without /tasks"
	socket=$usual
	stop_apache
	stop_pool
}

judge_passed() { # LINE: in the Location
	start_fresh_pool
	start_apache "$1"
	equals "Apache with $1: 200" 200 "$(ask_apache /tasks)"
	equals "Apache with $1: a refusal later is no warning" 401 "$(curl -q -s -o "$work/body" --noproxy '*' -w '%{http_code}' "$apache_url/tasks")"
	equals "Apache with $1: the log names nothing" 0 "$(warnings_in_log)"
	through "$apache_url/tasks"
	equals "Apache with $1: verify --through: taken" "0 accepted: user ann, email , name 
taken: HTTP status 200" "$status $said"
	usual=$socket socket=$fresh_socket
	is_well "Apache with $1" --url "$apache_url/"
	socket=$usual
	stop_apache
	stop_pool
}

# What Apache makes of HTTP_AUTHORIZATION that a rewrite rule sets before an internal redirect.
judge_renamed() {
	token=$(token_for ann)
	start_fresh_pool
	start_apache "CGIPassAuth Off" '</Location>' "<Directory $work/apache/www>" 'RewriteEngine On' \
		'RewriteRule ^old$ /tasks [E=HTTP_AUTHORIZATION:%{HTTP:Authorization}]' '</Directory>' \
		'<Location "/old">' 'ProxyPass "!"'
	equals "a field that a rewrite rule keeps is not believed" 401 "$(ask_apache /old)"
	log=$(cat "$work/apache/error.log")
	contains "it is named in the log, as a warning" "$log" level=warning
	contains "it is named in the log by its name" "$log" "Authorization arrived as REDIRECT_HTTP_AUTHORIZATION"
	lacks "and is not in the log itself" "$log" "$token"
	curl -q -s -o "$work/body" --noproxy '*' --max-time 10 "$apache_url/old"
	equals "a request without the field is not mistaken for one" 1 \
		"$(grep -c 'Authorization arrived as' "$work/apache/error.log")"
	stop_apache
	stop_pool
}

judge_through() {
	write_settings
	token=$(token_for ann)
	through "$GATEPOST_TEST_URL/tasks"
	equals "lighttpd: verify --through: taken" "0 accepted: user ann, email , name 
taken: HTTP status 200" "$status $said"
	plain=$token
	token=$(as_worker GATEPOST_ENV="$file" "$instance/program/bin/gatepost-token" mint --sub ann \
		--name "$(printf 'A\033]0;x\007\302\233B')")
	through "$GATEPOST_TEST_URL/tasks"
	equals "verify: what a terminal would obey is not printed" "0 accepted: user ann, email , name A ]0;x  B
taken: HTTP status 200" "$status $said"
	token=$plain
	through "$GATEPOST_TEST_URL/nowhere"
	equals "verify --through: a path that is not there is no success" 1 $status
	contains "verify --through: a path that is not there" "$said" "HTTP status 404"
	through http://app.example.com/tasks
	equals "verify --through: plain http to elsewhere is refused" 1 $status
	contains "verify --through: plain http to elsewhere: why" "$said" "must be https"
	through http://127.0.0.1:1/tasks
	contains "verify --through: nobody answers" "$said" "no answer"
	write_settings BETTER_AUTH_SECRET=another-secret-0123456789abcdefghijklmnop
	token=$(as_worker GATEPOST_ENV="$file" "$instance/program/bin/gatepost-token" mint --sub ann)
	through "$GATEPOST_TEST_URL/tasks"
	equals "verify --through: another secret than the workers' is a failure" 1 $status
	contains "verify --through: another secret than the workers'" "$said" "arrived and refused"
	write_settings
	through "$GATEPOST_TEST_URL/tasks"
	lacks "verify --through: what is refused here is not sent" "$said" arrived
}

judge_options() {
	write_settings
	holds "--help" as_worker "$instance/program/bin/gatepost-doctor" --help
	holds "--version" as_worker "$instance/program/bin/gatepost-doctor" --version
	examine --program nobody
	equals "a program that there is not" 1 $status
	examine surplus
	equals "an argument that there is not" 1 $status
}

start_instance --workers 1
socket=$instance/sock/fcgi/gatepost.sock
secrets="$BETTER_AUTH_SECRET $(sed -n 's,^[A-Z_]*DATABASE_URL=.*://[^:]*:\([^@]*\)@.*,\1,p' "$instance/env")"
write_settings
is_well "an instance of quickstart" --url "$GATEPOST_TEST_URL"
is_well "its sign-in" --program auth --socket "$instance/sock/fcgi/gatepost-auth.sock"
judge_options
judge_settings
judge_connection
judge_tables
judge_role
judge_places
judge_authorizer
judge_notifier
write_settings
is_well "once all is cured" --url "$GATEPOST_TEST_URL"
judge_dropped
judge_passed "CGIPassAuth On"
judge_passed 'SetEnvIf Authorization "(.+)" HTTP_AUTHORIZATION=$1'
judge_renamed
judge_through
finish
