# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034
#
# Sourced by shell tests that need a PostgreSQL of their own: a cluster in a directory in /tmp, reached
# through a socket in it, without passwords and without durability. Whoever starts it stops it.

cluster_dir=

as_cluster_user() { # PostgreSQL refuses to run as root
	if [ "$(id -u)" = 0 ]; then set -- setpriv --reuid postgres --regid postgres --init-groups -- "$@"; fi
	(cd / && "$@")
}

start_cluster() { # sets cluster_dir, and cluster_host as it stands in a URL
	for cluster_bin in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -t / -k 5 -n -r) $(pg_config --bindir 2>/dev/null); do
		if [ -x "$cluster_bin/initdb" ]; then break; fi
	done
	[ -x "$cluster_bin/initdb" ] || return 1
	cluster_dir=$(mktemp -d /tmp/gatepost-test.XXXXXXXX) || return 1
	chmod 755 "$cluster_dir"
	if [ "$(id -u)" = 0 ]; then chown postgres "$cluster_dir"; fi
	as_cluster_user "$cluster_bin/initdb" -D "$cluster_dir/data" -U postgres -E UTF8 --locale=C.UTF-8 \
		--auth=trust --no-sync >"$cluster_dir/log" 2>&1 || return 1
	as_cluster_user "$cluster_bin/pg_ctl" start -s -w -t 60 -D "$cluster_dir/data" -l "$cluster_dir/data/log" \
		-o "-c listen_addresses= -c unix_socket_directories=$cluster_dir -c fsync=off" >/dev/null 2>&1 || return 1
	cluster_host=$(echo "$cluster_dir" | sed 's,/,%2F,g')
}

stop_cluster() {
	if [ -z "$cluster_dir" ]; then return 0; fi
	as_cluster_user "$cluster_bin/pg_ctl" stop -s -m immediate -D "$cluster_dir/data" >/dev/null 2>&1
	rm -rf "$cluster_dir"
	cluster_dir=
}

superuser() { # DATABASE [PSQL ARGUMENT...]
	cluster_database=$1
	shift
	psql -X -q -A -t -v ON_ERROR_STOP=1 "postgresql://postgres@$cluster_host/$cluster_database" "$@"
}
