#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The commands of README's sections "Behind Apache", "Behind lighttpd" and "Shared hosting, without root", as they
# stand there: fewer than ten each, and afterwards somebody can sign up and add a task. Then "Pages" is added to the
# first two. Debian's own configuration of both servers is copied, and all paths lead into a directory in /tmp, so
# that nothing of this machine is touched. Only the last section can be run by somebody who is not root.
#
# usage: tests/live/readme-servers.sh BUILD-DIRECTORY

set -u
GATEPOST_BUILD=${1:?a build directory}
export LC_ALL=C.UTF-8
top=$(cd "$(dirname "$0")/../.." && pwd -P)
# shellcheck disable=SC2016,SC2034,SC2154 # variables of cluster.sh, counters, and text for another shell
# shellcheck source=tests/support/report.sh
. "$top/tests/support/report.sh"
# shellcheck source=tests/support/cluster.sh
. "$top/tests/support/cluster.sh"
# shellcheck source=tests/support/ports.sh
. "$top/tests/support/ports.sh"
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
for name in $(env | sed -n 's/^\(PG[A-Z]*\|GATEPOST_ENV\|[A-Z_]*DATABASE_URL\)=.*/\1/p'); do unset "$name"; done
account=61234 # a user that no machine has

work=$(mktemp -d /tmp/gatepost-readme.XXXXXXXX) || give_up "no directory for temporary files"
chmod 755 "$work"
clean_up() {
	for file in "$work"/*/pid; do
		if [ -s "$file" ]; then kill "$(cat "$file")"; fi
	done
	stop_cluster
	sleep 1
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

commands_of() { # SECTION: its lines that are indented
	awk -v section="$1" '
		$0 == section { inside = 1; next }
		inside && /^-+$/ { if (seen++) exit; next }
		inside && seen && /^    / { print substr($0, 5) }
		inside && /^[^ ]/ { before = $0 }' "$top/README"
}

# Here-documents, loops and continued lines count once.
count_commands() {
	awk '
		heredoc { if ($0 == "EOF") heredoc = 0; next }
		inloop { if ($0 == "done") inloop = 0; next }
		{ n++ }
		/<</ { heredoc = 1 }
		/^for / { inloop = 1 }
		END { print n + 0 }'
}

translate() { # to this test's places
	sed "s,/usr/local,$place/local,g; s,\\([ \">=]\\)/etc/,\\1$place/etc/,g; s,/var/lib/gatepost,$place/var/lib/gatepost,g
		s,/run/lighttpd,$place/run/lighttpd,g; s,/var/log/lighttpd,$place/log,g; s,/var/cache/lighttpd,$place/cache,g
		s,@localhost/,@$cluster_host/,g; s,USER:PASSWORD@,gatepost:PASSWORD@,g; s,/DATABASE$,/gatepost,
		s,http://localhost,http://localhost:$port,g"
}

stub() { # NAME: a program of that name in front of the real one; its text comes on standard input
	{ echo '#!/bin/sh'; cat; } >"$place/bin/$1"
	chmod 755 "$place/bin/$1"
}

prepare() { # NAME
	place=$work/$1
	port=$(free_port)
	mkdir -p "$place/bin" "$place/log" "$place/run/lighttpd" "$place/cache/uploads" "$place/etc"
	stub runuser <<-STUB
		shift 3
		PGHOST=$cluster_dir PGUSER=postgres exec "\$@"
	STUB
	# What the README wants installed has to be a package that is there.
	stub apt-get <<-'STUB'
		shift
		for name; do [ "$(dpkg-query -W -f '${db:Status-Status}' "$name")" = installed ] || exit 1; done
	STUB
	superuser postgres -c 'drop database if exists gatepost' -c 'drop role if exists gatepost'
}

run_section() { # SECTION: as the caller, or with as_account in front of it
	commands_of "$1" >"$place/section"
	count=$(count_commands <"$place/section")
	translate <"$place/section" >"$place/commands"
	if [ "$count" -gt 0 ] && [ "$count" -lt 10 ]; then
		ok "$1: $count commands"
	else
		not_ok "$1: fewer than ten commands" "$count"
	fi
}

fetch() { # CURL-ARGUMENT...
	curl -q -s --noproxy '*' --max-time 30 "$@"
}

# Nobody reads the whole of this body, and the answer has to come all the same.
refuses_large_body() { # SECTION
	head -c 2000000 /dev/zero | tr '\0' x >"$place/large"
	equals "$1: a refusal of a large body is not lost" '{"detail":"Request body too large"}413' \
		"$(fetch -w '%{http_code}' -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
			--data-binary "@$place/large" "$url/tasks")"
}

# Signs up and adds a task with the token that sign-in gives, and without.
is_up() { # SECTION 0|4: the last digit of the refusal of %2F, 4 where Apache has not been told to pass it on
	url=http://localhost:$port
	for attempt in 1 2 3 4 5 6 7 8 9 10; do
		ready=$(fetch "$url/readyz")
		if [ -n "$ready" ]; then break; fi
		sleep 0.5
	done
	equals "$1: it is ready" '{"status":"ready"}' "$ready"
	fetch -c "$place/cookies" -H 'Content-Type: application/json' -o "$place/signed-up" \
		-d '{"name":"Ann","email":"ann@example.com","password":"correct horse"}' "$url/api/auth/sign-up/email"
	token=$(fetch -b "$place/cookies" "$url/api/auth/token" | sed -n 's/^{"token":"\(.*\)"}$/\1/p')
	contains "$1: Ann signs up and has a token" "$token" .
	contains "$1: her token gets through to the API" "$(fetch -H "Authorization: Bearer $token" \
		-H 'Content-Type: application/json' -d '{"text":"Water the plants"}' "$url/tasks")" '"text":"Water the plants"'
	equals "$1: without it nothing is to be had" 401 "$(fetch -o /dev/null -w '%{http_code}' "$url/tasks")"
	equals "$1: an encoded slash is refused" 40$2 "$(fetch -o /dev/null -w '%{http_code}' "$url/tasks%2Fx")"
	equals "$1: what is not gatepost's is the server's" 404 \
		"$(fetch -o "$place/other" -w '%{http_code}' "$url/nothing.html")"
	lacks "$1: and it says so itself" "$(cat "$place/other")" '{"detail"'
}

stop_server() {
	server=$(cat "$place/pid")
	kill "$server"
	for attempt in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		if ! kill -0 "$server" 2>/dev/null; then break; fi
		sleep 0.5
	done
	rm -f "$place/pid"
}

write_apache_environment() { # as Debian's envvars, with places of ours
	for directory in run lock log; do mkdir -p "$place/$directory"; done
	cat <<-ENVIRONMENT
		export APACHE_CONFDIR=$place/etc/apache2 APACHE_RUN_USER=www-data APACHE_RUN_GROUP=www-data
		export APACHE_PID_FILE=$place/pid APACHE_RUN_DIR=$place/run APACHE_LOCK_DIR=$place/lock APACHE_LOG_DIR=$place/log
	ENVIRONMENT
}

# A stock configuration is that of the packages, whatever this machine has made of it.
copy_apache() {
	cp -a /etc/apache2 "$place/etc/apache2"
	echo "Listen 127.0.0.1:$port" >"$place/etc/apache2/ports.conf"
	rm -f "$place"/etc/apache2/sites-enabled/* "$place"/etc/apache2/conf-enabled/*
	sed "s/\\*:80/*:$port/" /etc/apache2/sites-available/000-default.conf >"$place/etc/apache2/sites-enabled/000-default.conf"
	printf 'FcgidIPCDir %s\nFcgidProcessTableFile %s\n' "$place/run/fcgid" "$place/run/fcgid-table" \
		>>"$place/etc/apache2/conf-enabled/places.conf"
	mkdir -p "$place/run/fcgid"
	chown www-data "$place/run/fcgid"
	write_apache_environment >"$place/environment"
	stub a2enconf <<-STUB
		. $place/environment
		exec /usr/sbin/a2enconf "\$@"
	STUB
	stub systemctl <<-STUB
		. $place/environment
		[ "\$*" = "restart apache2" ] && exec /usr/sbin/apache2 -d $place/etc/apache2 -k start
	STUB
}

copy_lighttpd() {
	cp -a /etc/lighttpd "$place/etc/lighttpd"
	rm -f "$place"/etc/lighttpd/conf-enabled/*
	translate </etc/lighttpd/lighttpd.conf | sed "s,/run/lighttpd\\.pid,/x,; s,^server.pid-file.*,server.pid-file = \"$place/pid\",
		s,^server.port.*,server.port = $port,; s,^include_shell.*use-ipv6.*,server.bind = \"127.0.0.1\"," \
		>"$place/etc/lighttpd/lighttpd.conf"
	chown -R www-data "$place/run" "$place/log" "$place/cache"
	: >"$place/pid"
	stub systemctl <<-STUB
		[ "\$*" = "restart lighttpd" ] && exec /usr/sbin/lighttpd -f $place/etc/lighttpd/lighttpd.conf
	STUB
}

# Section "Pages", on the server of the section before.
add_pages() { # SECTION
	commands_of Pages | translate >"$place/pages"
	case $1 in
	*lighttpd) sed '/^systemctl/q' "$place/pages" >"$place/commands" ;;
	*Apache)
		{
			echo ". $place/environment; /usr/sbin/a2enmod -q headers"
			echo "cat >>$place/etc/apache2/conf-available/gatepost.conf <<'EOF'"
			grep -e '^Define' -e '^Include' "$place/pages"
			printf 'EOF\nsystemctl restart apache2\n'
		} >"$place/commands" ;;
	esac
	holds "$1: the pages are added" env PATH="$place/bin:$PATH" sh -eu "$place/commands"
	for attempt in 1 2 3 4 5 6 7 8 9 10; do
		if [ -n "$(fetch "$url/readyz")" ]; then break; fi
		sleep 0.5
	done
	for page in index.html login/index.html script/client.js; do
		fetch -o "$place/page" "$url/${page%index.html}"
		holds "$1: /${page%index.html} is there" cmp "$top/web/$page" "$place/page"
	done
	# Debian's Apache compresses, and says so in the tag.
	tag=$(fetch --compressed -D - -o "$place/other" "$url/style.css" | tr -d '\r' | sed -n 's/^etag: //Ip')
	equals "$1: a browser keeps what it has got" 304 \
		"$(fetch --compressed -H "If-None-Match: $tag" -o "$place/other" -w '%{http_code}' "$url/style.css")"
	equals "$1: /login leads to it" "301 $url/login/" \
		"$(fetch -o "$place/other" -w '%{http_code} %{redirect_url}' "$url/login")"
	equals "$1: and gatepost is behind them" 401 "$(fetch -o "$place/other" -w '%{http_code}' "$url/tasks")"
}

as_root_section() { # SECTION 0|4: as is_up has it
	make -C "$GATEPOST_BUILD" prefix="$place/local" install >"$place/install.log" 2>&1 ||
		give_up "make install fails: $(tail -n 3 "$place/install.log")"
	run_section "$1"
	if env PATH="$place/bin:$PATH" sh -eu "$place/commands" >"$place/said" 2>&1; then
		ok "$1: every command succeeds"
	else
		not_ok "$1: every command succeeds" "$(tail -n 20 "$place/said")"
	fi
	is_up "$1" "$2"
	refuses_large_body "$1"
	stop_server
	add_pages "$1"
	stop_server
}

as_account() {
	if [ "$(id -u)" = 0 ]; then set -- setpriv --reuid $account --regid $account --clear-groups -- "$@"; fi
	env -i HOME="$place/home" PATH="$place/bin:$PATH" LC_ALL=C.UTF-8 "$@"
}

# An Apache that runs programs as the owner of the pages, as hosts with suEXEC do: all of it runs as him.
write_host_conf() { # MODULE
	cat <<-CONF
		ServerRoot $place
		ServerName localhost
		Listen 127.0.0.1:$port
		DocumentRoot $place/home/public_html
		ErrorLog $place/log/error.log
		PidFile $place/pid
		DefaultRuntimeDir $place/run
	CONF
	for name in mpm_event authz_core autoindex dir mime env reqtimeout setenvif rewrite "$1"; do
		echo "LoadModule ${name}_module /usr/lib/apache2/modules/mod_$name.so"
	done
	case $1 in
	fcgid) printf 'FcgidIPCDir %s\nFcgidProcessTableFile %s\n' "$place/run" "$place/run/table" ;;
	*) echo "ScriptSock $place/run/cgid" ;;
	esac
	cat <<-CONF
		TypesConfig /etc/mime.types
		<Directory />
			AllowOverride None
			Require all denied
		</Directory>
		<Directory $place/home/public_html>
			Options Indexes SymLinksIfOwnerMatch
			AllowOverride All
			Require all granted
		</Directory>
	CONF
}

shared_hosting() {
	section="Shared hosting, without root"
	prepare account
	superuser postgres -c "create role gatepost login password 'PASSWORD'" -c 'create database gatepost owner gatepost template template0'
	mkdir -p "$place/home/public_html"
	make -C "$GATEPOST_BUILD" distdir distdir="$place/home/sources" >"$place/dist.log" 2>&1 ||
		give_up "no sources: $(tail -n 3 "$place/dist.log")"
	if [ "$(id -u)" = 0 ]; then chown -R $account:$account "$place"; fi
	run_section "$section"
	if as_account sh -eu -c 'cd ~/sources && . "$1"' sh "$place/commands" >"$place/said" 2>&1; then
		ok "$section: every command succeeds"
	else
		not_ok "$section: every command succeeds" "$(tail -n 20 "$place/said")"
	fi
	for module in fcgid cgid; do
		write_host_conf $module >"$place/host.conf"
		holds "$section, mod_$module: the host's Apache starts" as_account apache2 -f "$place/host.conf" -k start
		is_up "$section, mod_$module" 4
		# mod_fcgid's limit is the host's to set.
		if [ $module = cgid ]; then refuses_large_body "$section, mod_$module"; fi
		equals "$section, mod_$module: the directory is not listed" 403 \
			"$(fetch -o "$place/listing" -w '%{http_code}' "http://localhost:$port/")"
		stop_server
		superuser gatepost -c "delete from \"user\" where email = 'ann@example.com'"
	done
}

start_cluster || give_up "no PostgreSQL cluster could be started"
if [ "$(id -u)" = 0 ]; then
	prepare apache
	copy_apache
	as_root_section "Behind Apache" 4 # its file is outside of the virtual host
	prepare lighttpd
	copy_lighttpd
	as_root_section "Behind lighttpd" 0
fi
shared_hosting
finish
