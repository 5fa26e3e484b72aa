# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034,SC2154
#
# Sourced by the tests of gatepost-authorizer.fcgi, after instance.sh: a site of files, programs, a WebDAV
# folder and a proxied service behind the guard, on lighttpd and on Apache with the shipped snippets. The
# instance signs people in, and its database says who they are.

site=$work/site
modules=/usr/lib/apache2/modules

put() { # FILE TEXT
	mkdir -p "$site/www/${1%/*}"
	printf '%s\n' "$2" >"$site/www/$1"
}

# Each of what must not come out has the word TREASURE in it.
write_site() { # ANN BOB: their ids
	mkdir -p "$site" && mkdir -m 700 "$site/private"
	mkdir -p "$site/log" "$site/tmp" "$site/fcgid" "$site/www/g/dav/home" "$site/www/g/dav/shared/boss"
	put open/doc.txt 'open to all'
	put gx/doc.txt 'open to all'
	put g/public/doc.txt 'said to be public'
	put g/public/index.html 'said to be public'
	put g/once.txt 'said to be public'
	for place in files admin mail domain name claim boolean readers home/nobody other; do
		put "g/$place/doc.txt" "TREASURE of $place"
	done
	put g/files/index.html 'TREASURE of files'
	put g/files/boss.txt 'TREASURE of the boss'
	put "g/files/a b.txt" 'TREASURE with a blank'
	put h/doc.txt 'TREASURE of mod_fcgid'
	put g/env/env.cgi '#!/bin/sh
cat >/dev/null
printf "Content-Type: text/plain\r\n\r\nTREASURE of the program\n"
env'
	# The snippet comes last, whatever a folder says for itself.
	put g/admin/.htaccess 'Require all granted
AuthnzFcgiCheckAuthnProvider None'
	# shellcheck disable=SC2016 # PHP
	put g/env/both.php '<?php header("Content-Type: text/plain"); echo "TREASURE of PHP\n";
foreach ($_SERVER as $name => $value) if (is_string($value)) echo "$name=$value\n";
echo "body=", file_get_contents("php://input"), "\n";'
	mkdir -p "$site/www/g/public"
	cp "$site/www/g/env/env.cgi" "$site/www/g/public/env.cgi"
	cp "$site/www/g/env/env.cgi" "$site/www/h/env.cgi"
	chmod 755 "$site/www/g/env/env.cgi" "$site/www/g/public/env.cgi" "$site/www/h/env.cgi"
	mkdir "$site/www/g/dav/home/$1" "$site/www/g/dav/home/$2" "$site/www/g/home/$1" "$site/www/g/home/$2"
	put "g/home/$1/doc.txt" "TREASURE of $1"
	if [ "$(id -u)" = 0 ]; then chown -R www-data "$site"; fi
}

write_rules() { # ANN: her id
	cat <<-RULES
		# methods      path                     who
		GET,HEAD,OPTIONS,POST  /g/public        public
		*              /g/files                 signed-in
		*              /g/files/boss.txt        user=$1
		GET            /g/once.txt\$            public
		*              /g/admin                 user=$1
		*              /g/mail                  email=ann@example.com
		*              /g/domain                email-domain=example.com
		*              /g/name                  claim:name=Ann
		*              /g/claim                 claim:role=admin
		*              /g/boolean               claim:staff=true
		*              /g/home/{user_id}        signed-in
		GET,HEAD       /g/readers               signed-in
		PUT,DELETE     /g/readers               user=$1
		*              /g/env                   signed-in
		PROPFIND,OPTIONS /g/dav                 signed-in
		*              /g/dav/home/{user_id}    signed-in
		*              /g/dav/shared            signed-in
		*              /g/dav/shared/boss       user=$1
		*              /wiki                    signed-in
		GET            /wiki/public             public
		*              /wiki/boss               user=$1
		*              /h                       user=$1
		GET            /h/env.cgi               signed-in
	RULES
}

write_guard_settings() { # ORIGIN...: trusted besides the instance's
	cp -p "$instance/env" "$site/env"
	{
		echo "ACCESS_RULES=$site/rules"
		echo "LOGIN_URL=$GATEPOST_TEST_URL/login"
		echo "BETTER_AUTH_TRUSTED_ORIGINS=$1"
		echo "DATABASE_TIMEOUT_SECONDS=3"
	} >>"$site/env"
}

# The guard's workers, on lighttpd's Unix socket and on the port that Apache needs. Sets guards.
start_guard() {
	guards=''
	as_web_user=''
	if [ "$(id -u)" = 0 ]; then as_web_user="setpriv --reuid www-data --regid www-data --init-groups --"; fi
	for address in "-s $site/guard.sock" "-a 127.0.0.1 -p $guard_port"; do
		# shellcheck disable=SC2086 # options
		env -i GATEPOST_ENV="$site/env" PATH="$PATH" $as_web_user spawn-fcgi -n $address -- \
			"$(command -v multiwatch)" -f 3 -r 100 -- "$instance/program/libexec/gatepost/gatepost-authorizer.fcgi" \
			>>"$site/log/guard.log" 2>&1 </dev/null &
		guards="$guards $!"
	done
	ours="$ours $guards"
	within 5 test -S "$site/guard.sock" || give_up "the guard does not start: $(cat "$site/log/guard.log")"
}

stop_guard() { # multiwatch and its workers; nobody listens afterwards
	# shellcheck disable=SC2086 # numbers
	kill $guards
	for process in $guards; do wait "$process" 2>/dev/null; done
	rm -f "$site/guard.sock"
	sleep 0.3
}

guard_workers() {
	for process in $guards; do ps --ppid "$process" -o pid= | tr -d ' '; done
}

write_site_lighttpd() {
	cat <<-CONF
		server.bind = "127.0.0.1"
		server.port = $lighttpd_port
		server.document-root = "$site/www"
		server.errorlog = "$site/log/lighttpd.log"
		server.pid-file = "$site/lighttpd.pid"
		server.upload-dirs = ( "$site/tmp" )
		server.compat-module-load = "disable"
		index-file.names = ( "index.html" )
		mimetype.assign = ( "" => "text/plain" )
		# The proxy in front, which is the order that a guard has to survive.
		server.modules = ( "mod_proxy", "mod_access", "mod_cgi", "mod_webdav", "mod_magnet", "mod_fastcgi" )
		cgi.assign = ( ".cgi" => "" )
		fastcgi.server += ( ".php" => (( "bin-path" => "/usr/bin/php-cgi", "socket" => "$site/php.sock", "max-procs" => 1 )) )
		\$SERVER["socket"] == "$site/private/webdav.sock" {
		  server.socket-perms = "0666"
		  \$HTTP["url"] =~ "^/g/dav(/|$)" { webdav.activate = "enable" }
		}
		\$SERVER["socket"] != "$site/private/webdav.sock" {
		  \$HTTP["url"] =~ "^/g/dav(/|$)" {
		    proxy.server = ( "" => (( "socket" => "$site/private/webdav.sock" )) )
		    proxy.header = ( "https-remap" => "enable" )
		  }
		}
		\$HTTP["url"] =~ "^/wiki(/|$)" {
		  proxy.server = ( "" => (( "host" => "127.0.0.1", "port" => $service_port )) )
		  proxy.forwarded = ( "for" => 1, "proto" => 1, "remote_user" => 1 )
		  magnet.attract-raw-url-to = ( "$instance/program/share/gatepost/lighttpd/gatepost-identity.lua" )
		}
		var.gatepost_authorizer_socket = "$site/guard.sock"
		var.gatepost_guarded = "^/(g|wiki)(/|$)"
		include "$instance/program/share/gatepost/lighttpd/gatepost-authorizer.conf"
		server.modules += ( "mod_staticfile" )
	CONF
	if [ "$(id -u)" = 0 ]; then
		echo 'server.username = "www-data"'
		echo 'server.groupname = "www-data"'
	fi
}

write_site_apache() {
	cat <<-CONF
		ServerRoot $site
		ServerName 127.0.0.1
		Listen 127.0.0.1:$apache_port
		DocumentRoot $site/www
		ErrorLog $site/log/apache.log
		PidFile $site/apache.pid
		DefaultRuntimeDir $site/tmp
		ScriptSock $site/cgisock
		DavLockDB $site/tmp/davlock
		DirectoryIndex index.html
		FcgidIPCDir $site/fcgid
		FcgidProcessTableFile $site/fcgid/table
		AddHandler fcgid-script .php
		FcgidWrapper /usr/bin/php-cgi .php
		AddHandler cgi-script .cgi
		<Directory "$site/www">
		  Require all granted
		  AllowOverride All
		  Options +ExecCGI
		</Directory>
		<Location "/g/dav">
		  Dav On
		</Location>
		<Location "/wiki">
		  RequestHeader set X-Remote-User "expr=%{reqenv:REMOTE_USER}"
		  RequestHeader set X-Remote-Email "expr=%{reqenv:GATEPOST_EMAIL}"
		  ProxyPass "http://127.0.0.1:$service_port/wiki"
		</Location>
		Define GATEPOST_AUTHORIZER 127.0.0.1:$guard_port
		Define GATEPOST_GUARDED /g
		Include $instance/program/share/gatepost/apache/gatepost-authorizer.conf
		Define GATEPOST_GUARDED /wiki
		Include $instance/program/share/gatepost/apache/gatepost-authorizer.conf
		Define GATEPOST_AUTHORIZER_PROGRAM $instance/program/libexec/gatepost/gatepost-authorizer.fcgi
		Define GATEPOST_ENV $site/env
		Define GATEPOST_GUARDED /h
		Include $instance/program/share/gatepost/apache/gatepost-authorizer-fcgid.conf
	CONF
}

apache_modules() {
	for name in mpm_event authn_core authz_core authz_user authnz_fcgi alias cgid dav dav_fs dir env fcgid \
		headers mime proxy proxy_http; do
		echo "LoadModule ${name}_module $modules/mod_$name.so"
	done
	echo "TypesConfig /etc/mime.types"
	if [ "$(id -u)" = 0 ]; then
		echo "User www-data"
		echo "Group www-data"
	fi
}

start_site() { # ANN BOB: their ids
	for program in lighttpd apache2 spawn-fcgi multiwatch php-cgi python3; do
		command -v $program >/dev/null || give_up "$program is not installed"
	done
	for module in webdav magnet; do
		[ -e /usr/lib/lighttpd/mod_$module.so ] || give_up "lighttpd has no mod_$module"
	done
	guard_port=$(free_port) lighttpd_port=$(free_port) apache_port=$(free_port) service_port=$(free_port)
	write_site "$1" "$2"
	write_rules "$1" >"$site/rules"
	write_guard_settings "http://127.0.0.1:$lighttpd_port,http://127.0.0.1:$apache_port,https://*.example.com"
	start_guard
	: >"$site/log/service.log"
	python3 -B "$top/tests/live/proxied_service.py" "$service_port" "$site/log/service.log" &
	ours="$ours $!"
	write_site_lighttpd >"$site/lighttpd.conf"
	lighttpd -D -f "$site/lighttpd.conf" >"$work/lighttpd.out" 2>&1 </dev/null &
	ours="$ours $!"
	{
		apache_modules
		write_site_apache
	} >"$site/apache.conf"
	apache2 -D FOREGROUND -f "$site/apache.conf" >"$work/apache.out" 2>&1 </dev/null &
	ours="$ours $!"
	GUARD_LIGHTTPD=127.0.0.1:$lighttpd_port GUARD_APACHE=127.0.0.1:$apache_port GUARD_WORKER=$guard_port
	export GUARD_LIGHTTPD GUARD_APACHE GUARD_WORKER GUARD_SITE="$site"
	for address in $GUARD_LIGHTTPD $GUARD_APACHE; do
		within 10 curl -q -s -f -o "$work/answer" --noproxy '*' --max-time 5 "http://$address/open/doc.txt" ||
			give_up "no site at $address: $(tail -n 5 "$site"/log/*.log "$work"/*.out)"
	done
}

judged_by() { # SCRIPT GROUP: adds what it prints to the totals
	python3 -B "$top/tests/live/$1" "$2" "run it again: $again" >"$work/judged" 2>"$work/judged.err"
	status=$?
	cat "$work/judged"
	passed=$((passed + $(grep -c '^ok - ' "$work/judged")))
	failed=$((failed + $(grep -c '^not ok - ' "$work/judged")))
	if [ $status -ne 0 ]; then not_ok "$2: everything could be tried" "$(tail -n 15 "$work/judged.err")"; fi
}
