#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The snippets for a WebSocket daemon at /ws/, beside gatepost behind lighttpd and Apache: messages go through
# in both directions, the daemon sees the token of the query as it was sent and what it closes with reaches the
# client, and all other paths are still gatepost's.
#
# usage: tests/live/notify-conf.sh

set -u
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"

# Debian's, which has Debian's packages; another python3 may stand before it.
python=/usr/bin/python3
$python -c 'import websockets' 2>/dev/null || give_up "python3-websockets is missing"

start_daemon() {
	notify_port=$(free_port)
	$python "$top/tests/live/notify_daemon.py" serve "$notify_port" >"$work/daemon" 2>&1 &
	ours="$ours $!"
	within 10 grep -q ready "$work/daemon" || give_up "the daemon does not start: $(cat "$work/daemon")"
}

talk() { # TEXT [QUERY]: what a client of the daemon gets through the web server
	$python "$top/tests/live/notify_daemon.py" talk "ws://127.0.0.1:$notify_url_port/ws/${2:-}" "$1" 2>&1
}

judge() {
	# Of a token's own letters, so that nothing may be written differently on the way.
	token=$(token_for ann)
	equals "$server: a message comes back, and the daemon has seen the token" \
		"path /ws/?token=$token; host $notify_url_port; hello" "$(talk hello "?token=$token")"
	equals "$server: the code that the daemon closes with reaches the client" "closed 4001 bad token" "$(talk close)"
	equals "$server: a message of 100 KiB goes through" "100000" "$(talk long)"
	equals "$server: a connection that is silent for three seconds stays" \
		"path /ws/; host $notify_url_port; later" "$(talk later)"
	equals "$server: /tasks is gatepost's" 200 "$(status_of /tasks)"
	equals "$server: /ws is gatepost's" 404 "$(status_of /ws)"
	contains "$server: /wsx/ is gatepost's" "$(status_of /wsx/; cat "$work/body")" '404{"detail":"Not Found"}'
	equals "$server: /api/auth is sign-in's" 200 "$(status_of /api/auth/ok)"
}

# The snippet is added to what quickstart wrote for its web server, in a second one on a port of its own.
write_conf() {
	notify_url_port=$(free_port)
	sed "s,\\(server.port = \\|Listen 127.0.0.1:\\)$port,\\1$notify_url_port,; s,$instance/pid/web,$work/$server.pid," \
		"$instance/conf/$server.conf" >"$work/base.conf"
	case $server in
	lighttpd)
		echo "var.gatepost_notify_host = \"127.0.0.1\""
		echo "var.gatepost_notify_port = $notify_port"
		echo "include \"$top/lighttpd-conf/gatepost-notify.conf\""
		# As the head of the file has it: in front of gatepost's own.
		cat "$work/base.conf" ;;
	apache)
		echo "LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so"
		echo "LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so"
		grep -v 'mod_proxy\.so' "$work/base.conf"
		echo "Define GATEPOST_NOTIFY 127.0.0.1:$notify_port"
		echo "Include $top/apache-conf/gatepost-notify.conf" ;;
	esac
}

start_daemon
for server in lighttpd apache; do
	start_instance --server $server
	write_conf >"$work/$server.conf"
	: >"$work/$server.pid"
	if [ "$(id -u)" = 0 ]; then chown www-data "$work/$server.pid"; fi
	case $server in
	lighttpd) set -- lighttpd -f "$work/$server.conf" ;;
	apache)
		rm "$work/$server.pid"
		set -- apache2 -f "$work/$server.conf" -k start ;;
	esac
	env -i PATH="$PATH" "$@" >"$work/started" 2>&1 || give_up "$server does not start: $(cat "$work/started")"
	within 10 test -s "$work/$server.pid" || give_up "$server writes no pid file"
	second=$(cat "$work/$server.pid")
	ours="$ours $second"
	GATEPOST_TEST_URL=http://127.0.0.1:$notify_url_port
	judge
	kill "$second"
	stop_instance
done
finish
