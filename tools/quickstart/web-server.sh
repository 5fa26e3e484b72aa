# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034,SC2154
#
# Sourced by quickstart: its lighttpd or Apache, with a configuration of its own in DIR/conf that
# includes the snippets an operator would include.

write_lighttpd_conf() {
	cat <<-EOF
		# Written by quickstart at each start.
		server.bind = "127.0.0.1"
		server.port = $port
		server.document-root = "$dir/www"
		server.errorlog = "$web_log"
		server.pid-file = "$dir/pid/web"
		server.upload-dirs = ( "$dir/tmp" )
		server.compat-module-load = "disable"
		var.gatepost_socket = "$fcgi_socket"
		var.gatepost_paths = "^/"
		include "$dir/program/share/gatepost/lighttpd/gatepost.conf"
		var.gatepost_auth_socket = "$auth_socket"
		var.gatepost_auth_paths = "^$auth_path(/|$)"
		include "$dir/program/share/gatepost/lighttpd/gatepost-auth.conf"
		var.gatepost_notify = (( "socket" => "$notify_socket" ))
		include "$dir/program/share/gatepost/lighttpd/gatepost-notify.conf"
		var.gatepost_pages = "$dir/program/share/gatepost/web"
		include "$dir/program/share/gatepost/lighttpd/gatepost-pages.conf"
		include "$dir/program/share/gatepost/lighttpd/gatepost-strict.conf"
	EOF
	if [ "$uid" = 0 ]; then
		echo "server.username = \"$web_user\""
		echo "server.groupname = \"$web_user\""
	fi
}

write_apache_conf() {
	cat <<-EOF
		# Written by quickstart at each start.
		ServerRoot $dir
		ServerName 127.0.0.1
		Listen 127.0.0.1:$port
		DocumentRoot $dir/www
		ErrorLog $web_log
		PidFile $dir/pid/web
		DefaultRuntimeDir $dir/tmp
	EOF
	if [ "$uid" = 0 ]; then
		echo "User $web_user"
		echo "Group $web_user"
	fi
	for name in mpm_event alias authz_core env headers reqtimeout setenvif proxy proxy_fcgi proxy_http; do
		echo "LoadModule ${name}_module /usr/lib/apache2/modules/mod_$name.so"
	done
	cat <<-EOF
		Define GATEPOST_SOCKET $fcgi_socket
		Define GATEPOST_PATH /
		Include $dir/program/share/gatepost/apache/gatepost-proxy-fcgi.conf
		Define GATEPOST_AUTH_SOCKET $auth_socket
		Define GATEPOST_AUTH_PATH $auth_path
		Include $dir/program/share/gatepost/apache/gatepost-auth-proxy-fcgi.conf
		Define GATEPOST_NOTIFY unix:$notify_socket|http://localhost
		Include $dir/program/share/gatepost/apache/gatepost-notify.conf
		Define GATEPOST_PAGES $dir/program/share/gatepost/web
		Include $dir/program/share/gatepost/apache/gatepost-pages.conf
	EOF
}

# Either server goes into the background once it has its port, and writes DIR/pid/web.
start_web_server() {
	case $server in
	lighttpd)
		write_lighttpd_conf >"$dir/conf/lighttpd.conf"
		set -- lighttpd -f "$dir/conf/lighttpd.conf" ;;
	apache)
		write_apache_conf >"$dir/conf/apache.conf"
		set -- apache2 -f "$dir/conf/apache.conf" -k start ;;
	esac
	env -i PATH="$PATH" "$@" </dev/null >>"$web_log" 2>&1 9>&- || fail "$server did not start; see $web_log"
	within 10 runs web || fail "$server did not stay up; see $web_log"
}
