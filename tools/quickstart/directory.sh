# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034,SC2154
#
# Sourced by quickstart: the users involved, and the one directory in which everything of an instance
# lives. Knows who may reach what in it.

# PostgreSQL refuses to run as root, and workers should not; an ordinary user runs everything.
choose_users() {
	uid=$(id -u)
	if [ "$uid" = 0 ]; then
		db_user=postgres web_user=www-data
	else
		db_user=$(id -un) web_user=$db_user
	fi
}

as_user() { # USER COMMAND...: with a clean environment, and without our lock
	user=$1
	shift
	if [ "$uid" = 0 ]; then set -- setpriv --reuid "$user" --regid "$user" --init-groups -- "$@"; fi
	env -i PATH="$PATH" LC_ALL=C.UTF-8 "$@" 9>&-
}

owned_by() { # OWNER[:GROUP] PATH...
	if [ "$uid" = 0 ]; then chown "$@"; fi
}

# Sets dir to the real directory. Where the clone is private to root (/root/gatepost), the users above
# could not reach anything in it: the real one is then below /var/lib, and DIR a link to it.
settle_dir() {
	if [ -L "$dir" ]; then mkdir -p "$(readlink "$dir")"; fi
	mkdir -p "$dir" 2>/dev/null || fail "cannot make the directory $dir; choose another with --dir"
	dir=$(cd "$dir" && pwd -P)
	if [ ! -e "$dir/.quickstart" ]; then
		[ -z "$(ls -A "$dir")" ] || fail "$asked_dir is neither empty nor from an earlier quickstart; choose another with --dir"
		if ! as_user "$web_user" test -x "$dir/."; then move_dir_to_var_lib; fi
	fi
	: 2>/dev/null >>"$dir/.quickstart" || fail "cannot write to $asked_dir; choose another with --dir"
}

name_places() {
	pg_data=$dir/postgres
	web_log=$dir/log/$server.log
}

move_dir_to_var_lib() {
	rmdir "$dir"
	reachable=/var/lib/gatepost-quickstart/$(basename "$dir")-$(printf %s "$dir" | cksum | cut -d ' ' -f 1)
	mkdir -p "$reachable"
	ln -s "$reachable" "$dir"
	dir=$reachable
}

lock_dir() { # one start or stop at a time; what runs afterwards does not hold the lock
	exec 9>>"$dir/.quickstart"
	flock -w 30 9 || fail "another quickstart is busy in $asked_dir"
}

unlock_dir() {
	exec 9>&-
}

make_dirs() {
	rm -rf "$dir/conf" "$dir/tmp"
	mkdir -p "$dir/conf" "$dir/log" "$dir/pid" "$dir/secrets" "$dir/tmp" "$dir/www" "$dir/cache" "$dir/state"
	chmod 700 "$dir/secrets" "$dir/tmp" "$dir/cache" "$dir/state"
	owned_by "$web_user" "$dir/tmp"
	owned_by "$web_user" "$dir/cache"
	owned_by "$web_user" "$dir/state"
	for log in "$dir/log/postgres.log" "$dir/log/workers.log" "$dir/log/auth-workers.log" "$dir/log/notifyd.log" "$web_log"; do
		: >>"$log"
		chmod 640 "$log"
	done
	owned_by "$db_user" "$dir/log/postgres.log"
	owned_by "$web_user" "$web_log" # lighttpd opens it when it is no longer root
	make_socket_dir
}

# The path of a socket has at most 107 bytes. The directories are private, because whoever can talk to
# a worker can claim to be anybody.
make_socket_dir() {
	socket_dir=$dir/sock
	if [ ${#socket_dir} -gt 80 ]; then
		socket_dir=$(mktemp -d /tmp/gatepost.XXXXXXXX)
		ln -s "$socket_dir" "$dir/sock"
	fi
	fcgi_socket=$socket_dir/fcgi/gatepost.sock auth_socket=$socket_dir/fcgi/gatepost-auth.sock
	notify_socket=$socket_dir/fcgi/gatepost-notifyd.sock
	pg_socket_dir=$socket_dir/pg
	mkdir -p "$socket_dir/fcgi" "$pg_socket_dir"
	chmod 711 "$socket_dir"
	chmod 700 "$socket_dir/fcgi"
	chmod 750 "$pg_socket_dir"
	owned_by "$web_user" "$socket_dir/fcgi"
	owned_by "$db_user:$(id -g "$web_user")" "$pg_socket_dir"
}

remove_socket_dir() {
	if [ -L "$dir/sock" ]; then rm -rf "$(readlink "$dir/sock")"; fi
	rm -rf "$dir/sock"
}
