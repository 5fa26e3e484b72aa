# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034,SC2154
#
# Sourced by bench/run: PHP-FPM behind lighttpd, both from Debian's packages.
# shellcheck source=bench/peers/process.sh
. "$top/bench/peers/process.sh"

php_packages="php-fpm php-pgsql lighttpd"
php_pids=

php_list_path=/tasks
php_get_path() { # ID
	echo "/tasks/$1"
}
php_create_path=/tasks
php_create_body='{"text":"Water the plants","description":"All of them, and the ones by the door twice"}'

php_write_pool() { # DIRECTORY DATABASE-URL SECRET
	cat <<-END
		[global]
		error_log = $1/php-fpm.log
		log_level = warning
		daemonize = no
		[tasks]
		listen = $1/php/fpm.sock
		listen.mode = 0600
		pm = static
		pm.max_children = 8
		env[DATABASE_URL] = "$2"
		env[BETTER_AUTH_SECRET] = "$3"
	END
	if [ -n "$peer_user" ]; then
		printf '%s = %s\n' user "$peer_user" group "$peer_user" listen.owner "$peer_user" listen.group "$peer_user"
	fi
}

# Every path is the program's; what REQUEST_URI says stays.
php_write_server() { # DIRECTORY PORT
	cat <<-END
		server.modules = ( "mod_rewrite", "mod_fastcgi" )
		server.compat-module-load = "disable"
		server.bind = "127.0.0.1"
		server.port = $2
		server.document-root = "$1/php/www"
		server.errorlog = "$1/php/lighttpd.log"
		server.upload-dirs = ( "$1/php" )
		url.rewrite-once = ( "" => "/index.php" )
		fastcgi.server = ( ".php" => (( "socket" => "$1/php/fpm.sock" )) )
	END
	if [ -n "$peer_user" ]; then printf 'server.%s = "%s"\n' username "$peer_user" groupname "$peer_user"; fi
}

php_start() { # DIRECTORY PORT DATABASE-URL SECRET
	peer_directory "$1/php"
	mkdir "$1/php/www"
	cp "$top/bench/peers/php/index.php" "$1/php/www" || give_up "the program cannot be copied"
	(umask 077 && php_write_pool "$1" "$3" "$4" >"$1/php/fpm.conf")
	php_write_server "$1" "$2" >"$1/php/lighttpd.conf"
	for php_fpm in php-fpm /usr/sbin/php-fpm[0-9]*; do
		if command -v "$php_fpm" >/dev/null; then break; fi
	done
	# The programs give up root themselves. The sources do not change, hence no look at their times.
	peer_start "$1/php-fpm.log" "$php_fpm" --nodaemonize --fpm-config "$1/php/fpm.conf" \
		-d opcache.enable=1 -d opcache.validate_timestamps=0
	php_pids=$peer_pid
	peer_start "$1/php-lighttpd.log" lighttpd -D -f "$1/php/lighttpd.conf"
	php_pids="$peer_pid $php_pids"
	# shellcheck disable=SC2086 # two numbers
	peer_wait php "$2" "$1/php-fpm.log" $php_pids
}

php_stop() {
	# shellcheck disable=SC2086 # two numbers
	peer_end $php_pids
	php_pids=
}
