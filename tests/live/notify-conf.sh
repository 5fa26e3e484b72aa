#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The snippets for gatepost-notifyd behind lighttpd and Apache, over its Unix socket and over an address: messages
# go through and quiet connections stay, what it closes with and what it refuses reaches the client, tokens of
# 8 KiB pass, no log keeps one, and all other paths are still gatepost's.
#
# usage: tests/live/notify-conf.sh

set -u
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"

# Debian's, which has Debian's packages; another python3 may stand before it.
python=/usr/bin/python3
$python -c 'import websockets' 2>/dev/null || give_up "python3-websockets is missing"
client="$python $top/tests/live/notify_client.py"

# --- a second notifier, at an address, and a second web server in front of it ---

start_notifier() {
	notify_port=$(free_port)
	env -i GATEPOST_ENV="$instance/env" NOTIFY_LISTEN="127.0.0.1:$notify_port" NOTIFY_PING_SECONDS=1 \
		NOTIFY_TIMEOUT_SECONDS=5 "$instance/program/libexec/gatepost/gatepost-notifyd" >"$work/notifyd" 2>&1 &
	notifier=$!
	ours="$ours $notifier"
	within 10 curl -q -s -f -o /dev/null --noproxy '*' "http://127.0.0.1:$notify_port/readyz" ||
		give_up "the notifier does not start: $(cat "$work/notifyd")"
}

# What quickstart wrote for its web server, with the second notifier, a port of its own and an access log. It ends
# connections on which three seconds long nothing is said.
write_conf() { # SNIPPET [ACCESS-LOG-LINE]
	url_port=$(free_port)
	sed "s,\\(server.port = \\|Listen 127.0.0.1:\\)$port,\\1$url_port,; s,$instance/pid/web,$work/$server.pid,
		/gatepost-notify.conf/s,[^\" ]*/gatepost-notify.conf,$1,
		s|^var.gatepost_notify = .*|var.gatepost_notify = (( \"host\" => \"127.0.0.1\", \"port\" => $notify_port ))|
		s|^Define GATEPOST_NOTIFY .*|Define GATEPOST_NOTIFY $notify_scheme://127.0.0.1:$notify_port|" \
		"$instance/conf/$server.conf" >"$work/base.conf"
	case $server in
	lighttpd)
		cat "$work/base.conf"
		echo 'server.modules += ( "mod_accesslog" )'
		echo "accesslog.filename = \"$work/access.log\""
		echo "${2-}" ;;
	apache)
		if [ "$notify_scheme" = ws ]; then
			sed '/^LoadModule proxy_http/{p; s/proxy_http/proxy_wstunnel/g}' "$work/base.conf"
		else
			cat "$work/base.conf"
		fi
		echo "Timeout 3"
		echo "${2-}" | sed "s,\${APACHE_LOG_DIR},$work," ;;
	esac
}

# lighttpd's limit is in the snippet; Apache's alternative for older versions is a comment in it.
write_snippet() {
	case $server in
	lighttpd) sed 's/max-read-idle = 60/max-read-idle = 3/' "$top/lighttpd-conf/gatepost-notify.conf" ;;
	apache)
		if [ "$notify_scheme" = ws ]; then
			sed '/^  ProxyPassMatch/d; s/^  #ProxyPassMatch/  ProxyPassMatch/' "$top/apache-conf/gatepost-notify.conf"
		else
			cat "$top/apache-conf/gatepost-notify.conf"
		fi ;;
	esac
}

start_second() { # SCHEME [ACCESS-LOG-LINE]
	notify_scheme=$1
	write_snippet >"$work/notify.conf"
	write_conf "$work/notify.conf" "${2-}" >"$work/$server.conf"
	: >"$work/access.log"
	: >"$work/$server.pid"
	if [ "$(id -u)" = 0 ]; then chown www-data "$work/$server.pid" "$work/access.log"; fi
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
	use_port "$url_port"
}

gone() { # PROCESS
	! kill -0 "$1" 2>/dev/null
}

stop_second() {
	kill "$second"
	within 10 gone "$second"
	ours=${ours% "$second"}
	use_port "$port"
}

use_port() { # PORT: that of the web server that is asked
	asked_port=$1
	GATEPOST_TEST_URL=http://127.0.0.1:$1
	socket_url=ws://127.0.0.1:$1/ws/notifications
}

# --- judgement ---

heard() { # [LISTEN-ARGUMENT...]: what the server says at once, to a client that goes after a second
	address=$socket_url${1-}
	if [ $# -gt 0 ]; then shift; fi
	$client listen "$address" --seconds 1 "$@" 2>&1 | tr '\n' ' '
}

judge_handshake() { # NAME
	equals "$1: a token in the query opens the connection" '{"type":"ready","user_id":"ann"} left ' "$(heard "?token=$token")"
	equals "$1: a bad one closes it with 4001" "closed 4001 Unauthorized " "$(heard "?token=${token}x")"
	plain=$(status_of /ws/notifications)
	equals "$1: a request that wants no WebSocket is answered by the daemon" 426 "$plain"
	contains "$1: in JSON" "$(cat "$work/body")" '{"detail":'
}

judge_credentials() { # NAME
	ready='{"type":"ready","user_id":"ann"}'
	equals "$1: a token as a subprotocol opens it, which is chosen" "subprotocol gatepost.bearer $ready left " \
		"$(heard "" --subprotocol gatepost.bearer --subprotocol "$token")"
	equals "$1: so does one in Authorization" "$ready left " "$(heard "" --field "Authorization=Bearer $token")"
	equals "$1: no token closes it with 4001" "closed 4001 Unauthorized " "$(heard)"
	equals "$1: one that is over says so" "closed 4001 Token expired " "$(heard "?token=$expired")"
	equals "$1: 8 KiB of it pass in the query" "$ready left " "$(heard "?token=$long_token")"
	equals "$1: in Authorization" "$ready left " "$(heard "" --field "Authorization=Bearer $long_token")"
	equals "$1: and as a subprotocol" "subprotocol gatepost.bearer $ready left " \
		"$(heard "" --subprotocol gatepost.bearer --subprotocol "$long_token")"
}

judge_events() { # NAME: two changes, of which the second comes when the web server would have ended a silent connection
	$client listen "$socket_url?token=$token" --seconds 20 >"$work/heard" 2>&1 &
	listener=$!
	ours="$ours $listener"
	within 10 grep -q ready "$work/heard"
	equals "$1: a task is made" 201 "$(status_of /tasks -d '{"text":"Water the plants"}')"
	made=$(id_in_body)
	holds "$1: and its owner told" within 5 grep -q "^{\"type\":\"task.created\",\"id\":[0-9]*,\"uuid\":\"$made\"" "$work/heard"
	sleep 5
	equals "$1: after five silent seconds it is removed" 200 "$(status_of "/tasks/$made" -X DELETE)"
	holds "$1: and its owner told, because pings kept the connection" \
		within 5 grep -q "^{\"type\":\"task.deleted\",\"id\":[0-9]*,\"uuid\":\"$made\",\"task\":null}\$" "$work/heard"
	kill "$listener" 2>/dev/null
	wait "$listener" 2>/dev/null
	ours=${ours% "$listener"}
}

judge_targets() { # NAME
	for control in '%00' '%0a' '%0D%0A' '%1f' '%7f' '\x00' '\x01' '\x0a' '\x0d' '\x1f' '\x7f'; do
		set -- "$@" "/ws/notifications?token=${token}$control" "/ws/notifications?token=a${control}b"
	done
	where=$1
	shift
	equals "$where: control characters in the query are 400" "400 $# times" \
		"$($client answers "$asked_port" "$@" | awk '{ n[$1 $3]++ } END { for (k in n) print k, n[k], "times" }')"
	for long in 12000 20000 40000; do
		answer=$($client answers "$asked_port" "/ws/notifications?token=$(head -c $long /dev/zero | tr '\0' a)")
		case $answer in
		'101 '* | '414 '* | '431 '*) ok "$where: a query of $long bytes has an answer" ;;
		*) not_ok "$where: a query of $long bytes has an answer" "$answer" ;;
		esac
	done
}

judge_other_paths() { # NAME: also for those who want a WebSocket
	for other in /ws /ws/ /ws/other /ws/notificationsx /ws/notifications/ /ws/notifications/x '/ws/notifications;x'; do
		equals "$1: $other is gatepost's" '404{"detail":"Not Found"}' "$(status_of "$other"; cat "$work/body")"
		equals "$1: also with Upgrade" "404 $other" "$($client answers "$asked_port" "$other")"
	done
	equals "$1: /tasks is gatepost's" 200 "$(status_of /tasks)"
	equals "$1: /api/auth is sign-in's" 200 "$(status_of /api/auth/ok)"
}

logged() { # PART: the web server writes a line later than it answers, lighttpd in bundles
	within 10 grep -q -e "$1" "$work/access.log"
}

judge_log() { # NAME
	holds "$1: the access log has the connections" logged '"GET /ws/notifications HTTP/1.1" 101'
	holds "$1: and what the daemon refuses" logged '"GET /ws/notifications HTTP/1.1" 426'
	equals "$1: without what stands in the query" "" "$(grep -F -e 'token=' -e "$(printf %.60s "$token")" "$work/access.log" | cut -c1-200)"
}

line_of() { # FILE START: the line for the access log that its head recommends
	sed -n "s/^#   \\($2 .*\\)/\\1/p" "$top/$1"
}

judge_server() {
	judge_handshake "$server"
	judge_other_paths "$server"
	start_notifier
	case $server in
	lighttpd)
		# The snippet's own format, and lighttpd's for the rest; what lighttpd refuses itself comes later.
		start_second http
		judge_handshake "$server, address"
		judge_credentials "$server"
		judge_events "$server"
		stop_second
		judge_log "$server"
		start_second http "$(line_of lighttpd-conf/gatepost-notify.conf accesslog.format)"
		judge_handshake "$server, own format"
		judge_targets "$server"
		stop_second
		judge_log "$server, own format"
		holds "$server, own format: it has refused something" logged '" 400 ' ;;
	apache)
		log_line=$(line_of apache-conf/gatepost-notify.conf CustomLog)
		start_second http "$log_line"
		judge_handshake "$server, address"
		judge_credentials "$server"
		judge_events "$server"
		judge_targets "$server"
		stop_second
		judge_log "$server"
		holds "$server: it has refused something" logged '" 400 '
		start_second ws "$log_line"
		judge_handshake "$server, mod_proxy_wstunnel"
		judge_events "$server, mod_proxy_wstunnel"
		stop_second ;;
	esac
	kill "$notifier"
	wait "$notifier"
	equals "$server: the second notifier ends well" 0 $?
	ours=${ours% "$notifier"}
	lacks "$server: no log of the daemon has a token" "$(cat "$work/notifyd" "$instance/log/notifyd.log")" "$(printf %.60s "$token")"
}

for server in lighttpd apache; do
	start_instance --server $server
	use_port "$port"
	token=$(token_for ann)
	mint="env -i GATEPOST_ENV=$instance/env $instance/program/bin/gatepost-token mint --sub ann"
	expired=$($mint --ttl 1)
	# As long as a token may be: letters of the payload are four for three.
	rest=$(((8192 - ${#token} - 30) * 3 / 4))
	long_token=$($mint --claim "a=$(head -c $rest /dev/zero | tr '\0' a)")
	[ ${#long_token} -gt 8100 ] && [ ${#long_token} -le 8192 ] || give_up "a token of 8 KiB has ${#long_token} bytes"
	sleep 8 # JWT_LEEWAY_SECONDS is 5
	judge_server
	stop_instance
done
finish
