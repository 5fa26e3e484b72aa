#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# REQUIRE_HTTPS: what came in clear is refused before its credential is looked at, whatever the client
# says; what came over TLS, to the web server or to a proxy that is trusted, is not.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/https.sh

set -u
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"

socket_of() { # VARIABLE of the instance's lighttpd
	sed -n "s/^var\\.$1 = \"\(.*\)\"/\1/p" "$instance/conf/lighttpd.conf"
}

# A second web server on the workers of the instance, with a port in clear and one with TLS.
write_apache_conf() {
	cat <<-CONF
		ServerRoot $work/apache
		ServerName 127.0.0.1
		Listen 127.0.0.1:$clear_port
		Listen 127.0.0.1:$tls_port
		DocumentRoot $instance/www
		ErrorLog $work/apache/error.log
		PidFile $work/apache/pid
		DefaultRuntimeDir $work/apache
	CONF
	if [ "$(id -u)" = 0 ]; then
		echo "User www-data"
		echo "Group www-data"
	fi
	for name in mpm_event authz_core env reqtimeout proxy proxy_fcgi ssl; do
		echo "LoadModule ${name}_module /usr/lib/apache2/modules/mod_$name.so"
	done
	cat <<-CONF
		Define GATEPOST_SOCKET $(socket_of gatepost_socket)
		Define GATEPOST_PATH /
		Include $top/apache-conf/gatepost-proxy-fcgi.conf
		Define GATEPOST_AUTH_SOCKET $(socket_of gatepost_auth_socket)
		Define GATEPOST_AUTH_PATH /api/auth
		Include $top/apache-conf/gatepost-auth-proxy-fcgi.conf
		<VirtualHost 127.0.0.1:$tls_port>
		SSLEngine on
		SSLCertificateFile $work/apache/cert
		SSLCertificateKeyFile $work/apache/key
		</VirtualHost>
	CONF
}

start_apache() {
	clear_port=$(free_port)
	tls_port=$((clear_port + 1))
	is_free $tls_port || give_up "port $tls_port is taken"
	mkdir "$work/apache"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost -days 2 \
		-addext subjectAltName=IP:127.0.0.1 -keyout "$work/apache/key" -out "$work/apache/cert" 2>"$work/openssl" ||
		give_up "no certificate: $(cat "$work/openssl")"
	write_apache_conf >"$work/apache.conf"
	apache2 -f "$work/apache.conf" -k start 2>"$work/apache.out" || give_up "Apache does not start: $(cat "$work/apache.out")"
	within 10 test -s "$work/apache/pid" || give_up "Apache writes no pid file"
	ours="$ours $(cat "$work/apache/pid")"
}

status_at() { # URL [CURL-ARGUMENT...], the body is in work/body
	url=$1
	shift
	curl -q -s -o "$work/body" --noproxy '*' --max-time 20 --cacert "$work/apache/cert" -w '%{http_code}' "$@" "$url"
}

change_setting() { # NAME VALUE, in the file itself, so that owner and mode stay
	{ grep -v "^$1=" "$instance/env"; echo "$1=$2"; } >"$work/env.new"
	cat "$work/env.new" >"$instance/env"
}

reload() {
	for process in $(worker_pids) $(worker_pids auth-workers); do kill -HUP "$process"; done
	sleep 1 # an idle worker looks for signals twice a second
}

sign_in='{"email":"nobody@example.com","password":"correct horse"}'

refused() { # NAME URL [CURL-ARGUMENT...]
	name=$1
	shift
	equals "$name" "403 $sentence" "$(status_at "$@") $(cat "$work/body")"
}

judge_clear() {
	sentence='{"detail":"HTTPS required"}'
	for base in "http://127.0.0.1:$port" "http://127.0.0.1:$clear_port"; do
		refused "in clear: refused, a good token or not" "$base/tasks" -H "Authorization: Bearer $token"
		refused "in clear: also a bad one" "$base/tasks" -H 'Authorization: Bearer a.b.c'
		refused "in clear: also none" "$base/tasks"
		refused "in clear: also a path that is not there" "$base/nowhere"
		refused "in clear: also another method" "$base/tasks" -X DELETE
		refused "in clear: also a question beforehand" "$base/tasks" -X OPTIONS \
			-H 'Origin: http://localhost:3000' -H 'Access-Control-Request-Method: PUT'
		for field in 'X-Forwarded-Proto: https' 'X_Forwarded_Proto: https' 'X-Forwarded-Proto: https,https' \
			'Forwarded: proto=https' 'X-Forwarded-Ssl: on' 'Front-End-Https: on' 'HTTPS: on' 'X-Forwarded-Scheme: https' \
			'X-Url-Scheme: https' 'Request-Scheme: https' 'X-Forwarded-Port: 443'; do
			refused "in clear: whoever says otherwise without being trusted ($field)" "$base/tasks" \
				-H "Authorization: Bearer $token" -H "$field"
		done
		for path in healthz readyz metrics; do
			equals "in clear: /$path is answered" 200 "$(status_at "$base/$path")"
		done
		sentence='{"message":"HTTPS required","code":"HTTPS_REQUIRED"}'
		refused "in clear: so is signing in" "$base/api/auth/sign-in/email" -H 'Content-Type: application/json' -d "$sign_in"
		sentence='{"detail":"HTTPS required"}'
	done
	log=$(cat "$instance"/log/*.log)
	contains "in clear: the log says what to look at" "$log" "REQUIRE_HTTPS is on"
	lacks "in clear: no credential was looked at" "$log" event=token_refused
	lacks "in clear: no password was looked at" "$log" event=sign_in_refused
}

judge_tls() {
	base=https://127.0.0.1:$tls_port
	equals "TLS: answered" 200 "$(status_at "$base/tasks" -H "Authorization: Bearer $token")"
	equals "TLS: a bad token is what it is" 401 "$(status_at "$base/tasks" -H 'Authorization: Bearer a.b.c')"
	equals "TLS: so is a bad password" 401 "$(status_at "$base/api/auth/sign-in/email" -H 'Content-Type: application/json' \
		-d "$sign_in")"
	equals "TLS: also when the client says otherwise" 200 "$(status_at "$base/tasks" -H "Authorization: Bearer $token" \
		-H 'X-Forwarded-Proto: http')"
}

judge_proxy() {
	change_setting TRUSTED_PROXIES 127.0.0.1
	reload
	sentence='{"detail":"HTTPS required"}'
	for base in "http://127.0.0.1:$port" "http://127.0.0.1:$clear_port"; do
		equals "trusted proxy: its word counts" 200 "$(status_at "$base/tasks" -H "Authorization: Bearer $token" \
			-H 'X-Forwarded-Proto: https')"
		for field in 'X-Forwarded-Proto: http' 'X-Forwarded-Proto: https,http' 'X-Forwarded-Proto: https, https' \
			'X-Forwarded-Proto;' 'X-Forwarded-Proto: httpsx' 'Forwarded: proto=https' 'X-Forwarded-Ssl: on'; do
			refused "trusted proxy: nothing else does ($field)" "$base/tasks" -H "Authorization: Bearer $token" -H "$field"
		done
		refused "trusted proxy: nor two fields" "$base/tasks" -H "Authorization: Bearer $token" \
			-H 'X-Forwarded-Proto: http' -H 'X-Forwarded-Proto: https'
		refused "trusted proxy: nor no field" "$base/tasks" -H "Authorization: Bearer $token"
	done
	# lighttpd makes one variable of each, with one name; Apache drops the second.
	refused "trusted proxy: nor a field that a client made to look the same" "http://127.0.0.1:$port/tasks" \
		-H "Authorization: Bearer $token" -H 'X-Forwarded-Proto: http' -H 'X_Forwarded_Proto: https'
	refused "trusted proxy: in whichever order" "http://127.0.0.1:$port/tasks" \
		-H "Authorization: Bearer $token" -H 'X_Forwarded_Proto: https' -H 'X-Forwarded-Proto: http'
	refused "trusted proxy: a client in clear behind TLS of the proxy" "https://127.0.0.1:$tls_port/tasks" \
		-H "Authorization: Bearer $token" -H 'X-Forwarded-Proto: http'
	equals "trusted proxy: itself over TLS, saying nothing" 200 "$(status_at "https://127.0.0.1:$tls_port/tasks" \
		-H "Authorization: Bearer $token")"
	change_setting TRUSTED_PROXIES 192.0.2.1
	reload
	refused "a proxy that is no longer trusted is not believed" "http://127.0.0.1:$port/tasks" \
		-H "Authorization: Bearer $token" -H 'X-Forwarded-Proto: https'
}

start_instance --workers 2
token=$(token_for reader)
start_apache
equals "off: in clear is answered" 200 "$(status_at "http://127.0.0.1:$port/tasks" -H "Authorization: Bearer $token")"
change_setting REQUIRE_HTTPS on
reload
judge_clear
judge_tls
judge_proxy
finish
