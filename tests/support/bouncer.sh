# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034,SC2154
#
# Sourced by the live tests that need a PgBouncer of their own in front of an instance's PostgreSQL, after
# instance.sh: in a directory of its own, with pool_size connections for each role.

as_bouncer_user() { # PgBouncer refuses to run as root
	if [ "$(id -u)" = 0 ]; then set -- setpriv --reuid postgres --regid postgres --init-groups -- "$@"; fi
	(cd / && "$@")
}

part_of() { # URL PART: of postgresql://user:password@host:port/database
	echo "$1" | sed -n 's,^postgresql://\([^:]*\):\([^@]*\)@\([^:]*\):\([0-9]*\)/\(.*\)$,user=\1 password=\2 host=\3 port=\4,p' |
		tr ' ' '\n' | sed -n "s/^$2=//p" | sed 's/%2F/\//g; s/%40/@/g'
}

write_bouncer_conf() { # MODE URL
	cat <<-CONF
		[databases]
		gatepost = host=$(part_of "$2" host) port=$(part_of "$2" port) dbname=gatepost
		[pgbouncer]
		pool_mode = $1
		default_pool_size = $pool_size
		listen_addr =
		listen_port = $bouncer_port
		unix_socket_dir = $work/bouncer
		unix_socket_mode = 0777
		auth_type = scram-sha-256
		auth_file = $work/bouncer/users
		logfile = $work/bouncer/log
		pidfile = $work/bouncer/pid
	CONF
}

make_bouncer() { # MODE URL...: for whom, at one server
	if ! command -v pgbouncer >/dev/null; then give_up "pgbouncer is missing"; fi
	bouncer_port=$(free_port)
	rm -rf "$work/bouncer"
	mkdir "$work/bouncer"
	write_bouncer_conf "$1" "$2" >"$work/bouncer/conf"
	shift
	for url; do
		printf '"%s" "%s"\n' "$(part_of "$url" user)" "$(part_of "$url" password)"
	done >"$work/bouncer/users"
	if [ "$(id -u)" = 0 ]; then chown -R postgres "$work/bouncer"; fi
}

start_bouncer() {
	as_bouncer_user pgbouncer -d "$work/bouncer/conf" >"$work/bouncer.out" 2>&1
	within 10 test -S "$work/bouncer/.s.PGSQL.$bouncer_port" -a -s "$work/bouncer/pid" ||
		give_up "PgBouncer does not start: $(cat "$work/bouncer.out" "$work/bouncer/log")"
	bouncer=$(cat "$work/bouncer/pid")
	ours="$ours $bouncer"
}

stop_bouncer() {
	kill -TERM "$bouncer"
	within 10 has_ended "$bouncer" || give_up "PgBouncer does not end"
	ours=${ours% "$bouncer"}
}

has_ended() { # PID
	! kill -0 "$1" 2>/dev/null
}

through_bouncer() { # URL
	echo "postgresql://$(part_of "$1" user):$(part_of "$1" password)@$(echo "$work/bouncer" | sed 's,/,%2F,g'):$bouncer_port/gatepost"
}
