# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034,SC2154
#
# Sourced by quickstart: its private PostgreSQL cluster, in DIR/postgres, with the port in
# DIR/postgres.port. Knows how a cluster is made, started, stopped, and started again after a crash,
# and how a free port is found; leaves what is in the database to others.

# The newest PostgreSQL for a new cluster; for an existing one the version that made it.
find_postgres() {
	if [ -e "$pg_data/PG_VERSION" ]; then
		pg_bin=/usr/lib/postgresql/$(cat "$pg_data/PG_VERSION")/bin
	else
		pg_bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -t / -k 5 -n | tail -n 1)
	fi
	[ -x "$pg_bin/postgres" ] ||
		fail "$pg_bin/postgres is missing; install that version of PostgreSQL or remove $pg_data"
}

# Made under another name first, so that an interrupted initdb leaves nothing that looks complete.
make_cluster() {
	if [ -e "$pg_data/PG_VERSION" ]; then return 0; fi
	rm -rf "$pg_data.new"
	mkdir -m 700 "$pg_data.new"
	owned_by "$db_user" "$pg_data.new"
	as_user "$db_user" "$pg_bin/initdb" -D "$pg_data.new" -U postgres -E UTF8 --locale=C.UTF-8 \
		--auth=scram-sha-256 --auth-local=peer >>"$dir/log/postgres.log" 2>&1 ||
		fail "initdb failed; see $dir/log/postgres.log"

	# Passwords for everybody but the superuser, who is known by the operating system's user.
	cat >"$pg_data.new/pg_hba.conf" <<-EOF
		local all postgres peer map=quickstart
		local all all scram-sha-256
		host all all 127.0.0.1/32 scram-sha-256
	EOF
	echo "quickstart \"$db_user\" postgres" >"$pg_data.new/pg_ident.conf"
	mv "$pg_data.new" "$pg_data"
}

cluster_runs() {
	as_user "$db_user" "$pg_bin/pg_ctl" status -D "$pg_data" >/dev/null 2>&1
}

# After a crash the number in postmaster.pid may belong to another process by now, and PostgreSQL would
# neither start nor be stopped. Only when nobody works in the data directory is the file certainly a leftover.
forget_crashed_cluster() {
	if [ -z "$(find /proc -mindepth 2 -maxdepth 2 -name cwd -lname "$pg_data" 2>/dev/null)" ]; then
		rm -f "$pg_data/postmaster.pid"
	fi
}

start_cluster() { # sets pg_port: that of the last start if it is free
	forget_crashed_cluster
	pg_port=$(cat "$dir/postgres.port" 2>/dev/null) && port_is_free "$pg_port" || pg_port=$(free_port)
	until launch_cluster; do
		# Somebody may have taken the port since we looked; any other failure is final.
		port_is_free "$pg_port" || { pg_port=$(free_port); continue; }
		fail "PostgreSQL did not start; see $dir/log/postgres.log"
	done
	echo "$pg_port" >"$dir/postgres.port"
}

launch_cluster() { # setsid: a Ctrl-C while pg_ctl waits would lose sight of what it started
	as_user "$db_user" setsid -w "$pg_bin/pg_ctl" start -s -w -t 60 -D "$pg_data" -l "$dir/log/postgres.log" \
		-o "-c listen_addresses=127.0.0.1 -c port=$pg_port -c unix_socket_directories=$pg_socket_dir" \
		>/dev/null 2>&1
}

stop_cluster() {
	if [ ! -e "$pg_data/PG_VERSION" ]; then return 0; fi
	find_postgres
	forget_crashed_cluster
	if ! cluster_runs; then return 0; fi
	as_user "$db_user" "$pg_bin/pg_ctl" stop -s -m fast -w -t 60 -D "$pg_data" >/dev/null 2>&1
}

superuser_psql() {
	as_user "$db_user" "$pg_bin/psql" -X -q -v ON_ERROR_STOP=1 -h "$pg_socket_dir" -p "$pg_port" -U postgres "$@"
}

port_is_free() { # from the kernel's table, as ss may be missing; 0A is LISTEN
	awk -v port=":$(printf %04X "$1")" '
		$4 == "0A" && substr($2, length($2) - 4) == port { taken = 1 }
		END { exit taken }' /proc/net/tcp*
}

free_port() { # below 32768: outgoing connections borrow the ports above
	candidate=0
	until [ $candidate -gt 0 ] && port_is_free $candidate; do
		candidate=$((20000 + $(od -An -N2 -tu2 /dev/urandom) % 12000))
	done
	echo $candidate
}
