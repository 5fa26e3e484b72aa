#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Run by debian-package.sh as root in a Debian of its own, which ends with it: the package is installed as an
# administrator would, works behind both web servers, keeps every request over restarts, and goes.

set -u
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive
cd /root || exit 1
# shellcheck source=tests/support/report.sh
. /root/report.sh
url=http://localhost
export GATEPOST_TEST_URL=http://127.0.0.1:80

status_of() { # PATH [CURL-ARGUMENT...]; the body is in body
	path=$1
	shift
	curl -q -s -o body --max-time 20 -w '%{http_code}' "$@" "$url$path"
}

system_files() { # what packages and administrators put somewhere, with mode and owner
	find /boot /etc /lib /opt /root/.[!.]* /srv /usr /var -xdev \
		\( -path /var/cache/apt -o -path /var/lib/apt -o -path /var/lib/dpkg -o -path /var/log -o -path /var/tmp \
		-o -path /var/lib/postgresql -o -path /var/lib/systemd/deb-systemd-helper-enabled -o -path '/var/cache/man' \) -prune \
		-o -printf '%M %u:%g %p\n' 2>/dev/null | sort
}

log_of() { # UNIT
	journalctl --quiet --no-pager -o cat -u "$1"
}

workers_of() { # UNIT: their processes; multiwatch starts them in its own time
	sleep 0.5
	ps --ppid "$(systemctl show -p MainPID --value "$1")" -o pid= | tr -d ' ' | sort
}

# --- installing ---

install_package() { # [APT-GET-ARGUMENT...]; what it depends on has been downloaded
	apt-get -q -y --no-install-recommends "$@" install /root/package/gatepost.deb
}

begin() { # SERVICE: a web server; lighttpd's start does not wait for its socket
	if ! systemctl restart "$1"; then
		log_of "$1" | tail -n 12
		return 1
	fi
	tries=100
	until curl -q -s -o /dev/null "$url/"; do
		tries=$((tries - 1))
		if [ $tries -eq 0 ]; then return 1; fi
		sleep 0.1
	done
}

judge_installed() {
	for unit in gatepost gatepost-auth gatepost-notifyd; do
		equals "socket_of_${unit}_listens" "active" "$(systemctl is-active $unit.socket)"
		equals "socket_of_${unit}_is_for_the_web_server_alone" "srw-rw---- gatepost:www-data" \
			"$(stat -c '%A %U:%G' /run/gatepost/$unit.sock)"
		equals "service_of_${unit}_waits_for_a_connection" "inactive" "$(systemctl is-active $unit.service)"
	done
	equals "directory_of_the_sockets_is_not_the_workers" "drwxr-xr-x root:root" "$(stat -c '%A %U:%G' /run/gatepost)"
	equals "directory_of_the_counts_is_theirs_alone" "drwx------ gatepost:gatepost" "$(stat -c '%A %U:%G' /run/gatepost-state)"
	equals "settings_are_readable_by_the_workers_alone" "-rw-r----- root:gatepost" \
		"$(stat -c '%A %U:%G' /etc/gatepost/gatepost.env)"
	if runuser -u www-data -- cat /etc/gatepost/gatepost.env >/dev/null 2>&1; then
		not_ok "web_server_cannot_read_the_settings"
	else
		ok "web_server_cannot_read_the_settings"
	fi
}

superuser() { # PSQL-ARGUMENT...
	(cd / && runuser -u postgres -- psql -q -v ON_ERROR_STOP=1 "$@")
}

# As README.Debian has it, with passwords given instead of asked for.
make_database() {
	superuser -c "create role gatepost_owner login createrole password 'owner'" &&
	(cd / && runuser -u postgres -- createdb --owner=gatepost_owner --encoding=UTF8 --template=template0 gatepost) &&
	OWNER_DATABASE_URL=postgresql://gatepost_owner:owner@localhost/gatepost gatepost-migrate &&
	superuser -c "alter role gatepost_api password 'api'" -c "alter role gatepost_auth password 'auth'" \
		-c "alter role gatepost_notify password 'notify'"
}

write_settings() {
	BETTER_AUTH_SECRET=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
	export BETTER_AUTH_SECRET
	sed -i -e "s|^BETTER_AUTH_SECRET=.*|&$BETTER_AUTH_SECRET|; s|^BETTER_AUTH_URL=.*|&$url|" \
		-e '/^DATABASE_URL/s/PASSWORD/api/; /^SIGN_IN_DATABASE_URL/s/PASSWORD/auth/' \
		-e '/^#NOTIFY_DATABASE_URL/{s/#//; s/PASSWORD/notify/}' /etc/gatepost/gatepost.env
	settings_then=$(cat /etc/gatepost/gatepost.env)
}

# --- at work ---

judge_service() { # WAY STATUS-OF-ENCODED-SLASH
	equals "$1_healthz" 200 "$(status_of /healthz)"
	equals "$1_readyz" 200 "$(status_of /readyz)"
	equals "$1_tasks_without_token" 401 "$(status_of /tasks)"
	equals "$1_tasks_with_token" 200 "$(status_of /tasks -H "Authorization: Bearer $token")"
	equals "$1_new_task" 201 "$(status_of /tasks -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -d '{"text":"x"}')"
	equals "$1_encoded_slash" "$2" "$(status_of /tasks/a%2Fb -H "Authorization: Bearer $token")"
	equals "$1_public_keys_of_sign_in" 200 "$(status_of /api/auth/jwks)"
	equals "$1_sign_up" 200 "$(status_of /api/auth/sign-up/email -H 'Content-Type: application/json' -H "Origin: $url" \
		-d "{\"name\":\"Ann\",\"email\":\"$1@example.com\",\"password\":\"correct horse\"}")"
	status_of /documents >/dev/null
	lacks "$1_leaves_other_paths_to_the_web_server" "$(cat body)" '{"detail"'
}

judge_fence() {
	for worker in $(workers_of gatepost); do break; done
	equals "workers_have_a_user_of_their_own" "gatepost" "$(ps -o user= -p "$worker")"
	equals "workers_gain_no_rights_and_have_a_filter" "NoNewPrivs:1 Seccomp:2" \
		"$(sed -n 's/^\(NoNewPrivs\|Seccomp\):[[:space:]]*/\1:/p' "/proc/$worker/status" | tr '\n' ' ' | sed 's/ $//')"
	equals "there_are_four_workers" 4 "$(workers_of gatepost | wc -l)"
	mkdir -p /etc/systemd/system/gatepost.service.d
	printf '[Service]\nEnvironment=GATEPOST_WORKERS=2\n' >/etc/systemd/system/gatepost.service.d/override.conf
	systemctl daemon-reload && systemctl restart gatepost
	equals "a_line_makes_it_two" 2 "$(workers_of gatepost | wc -l)"
	rm -r /etc/systemd/system/gatepost.service.d
	systemctl daemon-reload && systemctl restart gatepost
	case $(systemctl is-active gatepost-auth) in
	active) ok "sign_in_was_started_by_its_socket" ;;
	*) not_ok "sign_in_was_started_by_its_socket" "$(log_of gatepost-auth)" ;;
	esac
}

judge_reload() {
	before=$(workers_of gatepost)
	echo LOG_LEVEL=warning >>/etc/gatepost/gatepost.env
	holds "reload_succeeds" systemctl reload gatepost
	sleep 2
	equals "reload_keeps_the_workers" "4 $before" "$(workers_of gatepost | wc -l) $(workers_of gatepost)"
	echo LOG_LEVEL=nonsense >>/etc/gatepost/gatepost.env
	systemctl reload gatepost
	sleep 2
	contains "bad_settings_are_named_in_the_journal" "$(log_of gatepost)" "LOG_LEVEL"
	equals "bad_settings_change_nothing" 200 "$(status_of /tasks -H "Authorization: Bearer $token")"
	sed -i /^LOG_LEVEL/d /etc/gatepost/gatepost.env
	systemctl reload gatepost
}

judge_others() { # sign-in and the authorizer are found by the 15 letters that the kernel keeps of a name
	echo '* / public' >/etc/gatepost/access.rules
	for unit in gatepost-auth gatepost-authorizer; do
		systemctl start $unit
		equals "${unit}_has_four_workers" 4 "$(workers_of $unit | wc -l)"
		holds "${unit}_is_reloaded" systemctl reload $unit
		sleep 1
		contains "workers_of_${unit}_read_their_settings" "$(log_of $unit)" settings_reloaded
	done
	rm /etc/gatepost/access.rules
	systemctl stop gatepost-authorizer.service
}

# What a WebSocket says within a second: a frame of text is legible.
hear() { # TOKEN
	curl -q -s --max-time 1 -o - -w '%{http_code}' -H 'Connection: Upgrade' -H 'Upgrade: websocket' \
		-H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' \
		"$url/ws/notifications?token=$1" | tr -cd '[:print:]'
}

judge_notifications() { # WAY
	equals "$1_answers_who_wants_no_WebSocket" 426 "$(status_of /ws/notifications)"
	contains "$1_opens_a_WebSocket" "$(hear "$token")" '{"type":"ready","user_id":"ann"}'
	contains "$1_says_why_it_closes_one" "$(hear bad.bad.bad)" Unauthorized
	status_of /ws/ >/dev/null
	lacks "$1_leaves_other_paths_below_ws_alone" "$(cat body)" '{"detail"'
}

judge_pages() { # WAY
	for page in index.html login/index.html style.css; do
		equals "$1_has_$page" 200 "$(status_of "/${page%index.html}")"
		holds "$1_has_it_as_it_is" cmp body "/usr/share/gatepost/web/$page"
	done
}

judge_notifier() { # the daemon behind its unit
	systemctl restart gatepost-notifyd
	contains "notifier_comes_back" "$(hear "$token")" ready
	daemon=$(systemctl show -p MainPID --value gatepost-notifyd)
	equals "notifier_has_a_user_of_its_own" "gatepost" "$(ps -o user= -p "$daemon")"
	equals "notifier_gains_no_rights_and_has_a_filter" "NoNewPrivs:1 Seccomp:2" \
		"$(sed -n 's/^\(NoNewPrivs\|Seccomp\):[[:space:]]*/\1:/p' "/proc/$daemon/status" | tr '\n' ' ' | sed 's/ $//')"
	holds "notifier_may_have_a_file_for_each_connection" \
		[ "$(awk '/^Max open files/ { print $4 }' "/proc/$daemon/limits")" -gt 10000 ]
	holds "notifier_is_reloaded" systemctl reload gatepost-notifyd
	sleep 1
	contains "notifier_reads_its_settings" "$(log_of gatepost-notifyd)" settings_reloaded
	holds "notifier_is_stopped" systemctl stop gatepost-notifyd.service
	equals "notifier_ends_well" "success 0" \
		"$(systemctl show -p Result -p ExecMainStatus --value gatepost-notifyd.service | sort -r | tr '\n' ' ' | sed 's/ $//')"
}

ask_for_mail() {
	status_of /api/auth/request-password-reset -H 'Content-Type: application/json' -H "Origin: $url" \
		-d '{"email":"apache@example.com","redirectTo":"/reset"}'
	sleep 2
}

# A program that, like the sendmail of Postfix, can do with the rights of its own group what its caller cannot.
judge_mail() {
	install -m 2755 -g mail /usr/bin/tee /usr/local/bin/deliver
	install -d -m 2770 -g mail /var/local/delivered
	printf '%s\n' 'MAIL_FROM=no-reply@example.com' 'SENDMAIL=/usr/local/bin/deliver /var/local/delivered/message' >>/etc/gatepost/gatepost.env
	systemctl reload gatepost-auth
	sleep 1
	equals "mail_is_asked_for" 200 "$(ask_for_mail)"
	holds "sendmail_has_its_own_rights_in_the_unit" grep -q 'apache@example.com' /var/local/delivered/message

	install -D -m 0644 /usr/share/gatepost/systemd/gatepost-auth-hardened.conf \
		/etc/systemd/system/gatepost-auth.service.d/hardened.conf
	systemctl daemon-reload
	systemctl restart gatepost-auth
	rm -f /var/local/delivered/message
	equals "sign_in_works_in_the_whole_fence" 200 \
		"$(status_of /api/auth/sign-in/email -H 'Content-Type: application/json' -H "Origin: $url" \
			-d '{"email":"apache@example.com","password":"correct horse"}')"
	equals "mail_is_asked_for_in_the_whole_fence" 200 "$(ask_for_mail)"
	if [ -e /var/local/delivered/message ]; then
		not_ok "the_whole_fence_takes_sendmails_rights"
	else
		ok "the_whole_fence_takes_sendmails_rights"
	fi
	rm -r /etc/systemd/system/gatepost-auth.service.d /var/local/delivered /usr/local/bin/deliver
	sed -i '/^MAIL_FROM/d; /^SENDMAIL/d' /etc/gatepost/gatepost.env
	systemctl daemon-reload
	systemctl restart gatepost-auth
}

figure() { # NAME of http-load's
	awk -v name="$1" '$1 == name { value = $2 } END { print value + 0 }' load
}

judge_restarts() { # NAME: 20 of them and an update of the package under load
	./http-load --mix mixed --at-once 4 >load 2>load.err &
	loader=$!
	restarts=0
	while [ $restarts -lt 20 ]; do
		systemctl restart gatepost || break
		restarts=$((restarts + 1))
	done
	holds "$1_update" install_package --reinstall
	systemctl stop gatepost.service
	sleep 1
	kill $loader
	wait $loader
	echo "# $(figure answered) requests, the slowest of $(figure slowest_ms) ms"
	equals "$1_restarts" 20 $restarts
	if [ "$(figure answered)" -lt 500 ]; then not_ok "$1_load_is_one" "$(cat load load.err)"; else ok "$1_load_is_one"; fi
	equals "$1_restarts_and_an_update_lose_no_request" "0 0" "$(figure lost) $(figure unexpected)"
	if [ "$(figure unexpected)" != 0 ]; then
		cat load
		log_of gatepost.socket
		log_of gatepost | tail -n 20
	fi
	equals "$1_update_leaves_the_settings_alone" "$settings_then" "$(cat /etc/gatepost/gatepost.env)"
}

# --- going ---

judge_removal() {
	holds "remove" apt-get -q -y remove gatepost
	holds "lighttpd_is_sound_without_the_package" lighttpd -tt -f /etc/lighttpd/lighttpd.conf
	equals "no_worker_is_left" "" "$(ps -C multiwatch,gatepost.fcgi,gatepost-auth.f,gatepost-notify -o pid=)"
	holds "remove_keeps_the_settings" test -e /etc/gatepost/gatepost.env
	holds "purge" apt-get -q -y purge gatepost
	apt-get -q -y autoremove --purge >/dev/null 2>&1
	system_files >files.after
	# Users stay as Debian's do, and what the web servers were told to enable is the administrator's.
	equals "purge_leaves_the_system_as_it_was" "" "$(diff files.before files.after |
		grep -v -E '^[0-9]|^---|/etc/(passwd|group|shadow|gshadow|subuid|subgid)-?$|/etc/(apache2|lighttpd)|/var/lib/apache2|ld.so.cache|/var/cache/ldconfig')"
	equals "nothing_of_it_is_enabled" "" "$(find /etc /run/gatepost* /var/cache/gatepost* -name '*gatepost*' 2>/dev/null)"
}

system_files >files.before
said=$(install_package 2>&1) || give_up "apt-get cannot install the package: $said"
ok "install"
judge_installed
holds "database" make_database
write_settings
token=$(gatepost-token mint --sub ann --email ann@example.com)

holds "a2enmod" a2enmod -q proxy_fcgi proxy_http headers
holds "a2enconf" a2enconf -q gatepost gatepost-notify gatepost-pages
holds "apache_starts" begin apache2
# AllowEncodedSlashes is not inherited by a virtual host, so that the 404 is Apache's own.
judge_service apache 404
holds "doctor_finds_no_problem" runuser -u gatepost -- gatepost-doctor --url "$url"
holds "doctor_finds_no_problem_with_sign_in" runuser -u gatepost -- gatepost-doctor --program auth --url "$url"
judge_fence
judge_reload
judge_others
judge_notifications apache
judge_pages apache
judge_notifier
judge_mail
judge_restarts apache

a2disconf -q gatepost
holds "a2enmod_fcgid" a2enmod -q fcgid
holds "a2enconf_fcgid" a2enconf -q gatepost-fcgid
adduser --quiet www-data gatepost
holds "apache_starts_again" begin apache2
judge_service fcgid 404
systemctl stop apache2

holds "lighty_enable_mod" lighty-enable-mod gatepost gatepost-notify gatepost-pages
holds "lighttpd_starts" begin lighttpd
judge_service lighttpd 400
judge_notifications lighttpd
judge_pages lighttpd
judge_restarts lighttpd
judge_removal
finish
