# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034,SC2154
#
# Sourced by bench/run and bench/flat: who takes part. gatepost as quickstart starts it, the constant answer behind the same web
# server's settings, the guard and a constant one, and the peers of bench/peers/. All work on one database.

users=1000 tasks_each=20
reader=bench000000000000000000000000001 creator=bench-creator0000000000000000000
session=benchsession00000000000000000001
title="Water the plants" description="All of them, and the ones by the door twice"

setting() { # NAME: of the instance
	sed -n "s/^$1=//p" "$instance/env"
}

start_gatepost() { # [NAME]: of several
	port=$(free_port)
	instance=$work/${1:-instance}
	instances="$instances $instance"
	GATEPOST_BUILD=$build "$top/quickstart" --detach --dir "$instance" --port "$port" --workers "$workers" >"$work/log/quickstart" 2>&1 ||
		give_up "quickstart fails: $(tail -n 3 "$work/log/quickstart")"
	gatepost_url=http://127.0.0.1:$port
	build=${build:-$top/build}
	make -C "$build" bench >"$work/log/make" 2>&1 || give_up "the build fails: $(tail -n 3 "$work/log/make")"
	export GATEPOST_BUILD="$build" # where the peers keep what they fetch
	cp "$build/bench-hello" "$build/bench-constant-authorizer" "$work"
}

as_superuser() { # PSQL-ARGUMENT...
	set -- psql -X -q -A -t -v ON_ERROR_STOP=1 -h "$instance/sock/pg" -p "$(cat "$instance/postgres.port")" -U postgres "$@"
	if [ "$(id -u)" = 0 ]; then set -- setpriv --reuid postgres --regid postgres --init-groups -- "$@"; fi
	(cd / && "$@" 2>>"$work/log/psql") || give_up "the database refuses: $(tail -n 3 "$work/log/psql")"
}

# Vacuum is done between two loads, and there is no checkpoint during one: neither comes as somebody's turn.
tune_database() {
	as_superuser -d postgres -c "alter system set autovacuum = off" -c "alter system set max_wal_size = '8GB'" \
		-c "alter system set checkpoint_timeout = '1h'" -c "alter system set fsync = $fsync" -c "select pg_reload_conf()" >/dev/null
}

fill_database() {
	fill_users
	as_superuser -d gatepost >/dev/null <<-END
		set session_replication_role = replica; -- nobody is told of these
		insert into gatepost.task (user_id, title, description, created_at)
		select 'bench' || lpad(number::text, 27, '0'), '$title, number ' || task, '$description', now() - task * interval '1 hour'
		from generate_series(1, $tasks_each) as task, generate_series(1, $users) as number;
		vacuum analyze;
	END
	find_task
}

find_task() {
	task=$(as_superuser -d gatepost -c "select uuid from gatepost.task where user_id = '$reader' order by id limit 1")
	api_url=$(setting DATABASE_URL)
}

fill_users() {
	as_superuser -d gatepost >/dev/null <<-END
		set session_replication_role = replica; -- nobody is told of these
		insert into public."user" (id, name, email, "emailVerified")
		select 'bench' || lpad(number::text, 27, '0'), 'Bench ' || number, 'bench-' || number || '@example.com', true
		from generate_series(1, $users) as number;
		insert into public.session (id, "expiresAt", token, "updatedAt", "userId")
		select 'bench-' || number, now() + interval '7 days', 'benchsession' || lpad(number::text, 20, '0'), now(),
			'bench' || lpad(number::text, 27, '0')
		from generate_series(1, $users) as number;
	END
}

# The same rows in a table of the peers' own, and a role of theirs.
fill_peer_table() {
	peer_password=$(od -An -v -tx1 -N 16 /dev/urandom | tr -d ' \n')
	peer_url=$(echo "$api_url" | sed "s,//[^@]*@,//bench_peer:$peer_password@,")
	as_superuser -d gatepost <"$top/bench/peers/tables.sql" >/dev/null
	as_superuser -d gatepost -v password="$peer_password" <<-END
		create role bench_peer login password :'password';
		grant select, insert, update, delete on peer_task to bench_peer;
	END
}

# What was created goes again, so that every load finds the same table.
tidy_database() {
	as_superuser -d gatepost -c "set session_replication_role = replica" -c "delete from gatepost.task where user_id = '$creator'" \
		-c "vacuum gatepost.task" -c "vacuum gatepost.change"
	if [ -n "$peers" ]; then
		as_superuser -d gatepost -c "delete from peer_task where user_id = '$creator'" -c "vacuum peer_task"
	fi
	as_superuser -d gatepost -c checkpoint
}

make_token() { # USER
	GATEPOST_ENV=$instance/env "$instance/program/bin/gatepost-token" mint --sub "$1" --email "$1@example.com" --name Bench --ttl 86400 ||
		give_up "no token could be made"
}

make_tokens() {
	token=$(make_token $reader) creator_token=$(make_token $creator)
	refused_token=${token%?????}AAAAA
}

# The instance's own settings for lighttpd, with another socket behind them.
start_hello() {
	hello_port=$(free_port) hello_socket=$work/hello/hello.sock
	for_web_user "$work/hello"
	start_pool "$hello_socket" "$workers" "" "$work/bench-hello"
	hello_pool=$pool
	sed "s|^server.port = .*|server.port = $hello_port|
		s|^server.pid-file = .*|server.pid-file = \"$work/hello/pid\"|
		s|^server.errorlog = .*|server.errorlog = \"$work/hello/log\"|
		s|^var.gatepost_socket = .*|var.gatepost_socket = \"$hello_socket\"|" "$instance/conf/lighttpd.conf" >"$work/hello/lighttpd.conf"
	start_lighttpd "$work/hello/lighttpd.conf" "$hello_port"
	hello_url=http://127.0.0.1:$hello_port
}

# The same site twice; behind the guard, and behind the constant one.
start_guards() {
	mkdir -p "$work/www/files" && head -c 1024 /dev/zero | tr '\0' x >"$work/www/files/file.txt"
	install -m 640 "$instance/env" "$work/guard.env" && if [ "$(id -u)" = 0 ]; then chgrp www-data "$work/guard.env"; fi
	echo "* /files signed-in" >"$work/rules"
	echo "ACCESS_RULES=$work/rules" >>"$work/guard.env"
	start_guard guard "$instance/program/libexec/gatepost/gatepost-authorizer.fcgi"
	guard_url=http://127.0.0.1:$guard_port
	start_guard constant "$work/bench-constant-authorizer"
	constant_url=http://127.0.0.1:$guard_port
}

start_guard() { # NAME PROGRAM: sets guard_port
	guard_port=$(free_port)
	for_web_user "$work/$1"
	start_pool "$work/$1/guard.sock" "$workers" "$work/guard.env" "$2"
	write_guarded_site "$1" >"$work/$1/lighttpd.conf"
	start_lighttpd "$work/$1/lighttpd.conf" "$guard_port"
}

write_guarded_site() { # NAME
	cat <<-CONF
		server.bind = "127.0.0.1"
		server.port = $guard_port
		server.document-root = "$work/www"
		server.errorlog = "$work/$1/log"
		server.upload-dirs = ( "$work/$1" )
		server.compat-module-load = "disable"
		mimetype.assign = ( ".txt" => "text/plain" )
		server.modules = ( "mod_fastcgi" )
		var.gatepost_authorizer_socket = "$work/$1/guard.sock"
		var.gatepost_guarded = "^/files(/|$)"
		include "$instance/program/share/gatepost/lighttpd/gatepost-authorizer.conf"
		server.modules += ( "mod_staticfile" )
		include "$instance/program/share/gatepost/lighttpd/gatepost-strict.conf"
	CONF
	if [ "$(id -u)" = 0 ]; then
		echo 'server.username = "www-data"'
		echo 'server.groupname = "www-data"'
	fi
}

# --- peers: NAME.sh has NAME_start DIRECTORY PORT DATABASE-URL SECRET, which returns when NAME answers, and NAME_stop ---

peers= # those that were started
load_peers() {
	known_peers=
	for file in "$top"/bench/peers/*.sh; do
		peer=$(basename "$file" .sh)
		if ! grep -q "^${peer}_start()" "$file" 2>/dev/null; then continue; fi
		# shellcheck source=/dev/null
		. "$file"
		known_peers="$known_peers $peer"
		eval "packages=\"\$packages \${${peer}_packages:-}\""
	done
}

start_peers() {
	if [ -n "$known_peers" ]; then fill_peer_table; fi
	for peer in $known_peers; do
		echo "# starting $peer"
		port_of_peer=$(free_port)
		for_web_user "$work/$peer"
		peers="$peers $peer"
		"${peer}_start" "$work/$peer" "$port_of_peer" "$peer_url" "$(setting BETTER_AUTH_SECRET)" >"$work/log/$peer" || give_up "$peer does not start"
		eval "${peer}_url=http://127.0.0.1:$port_of_peer"
	done
}

stop_peers() {
	for peer in $peers; do "${peer}_stop" >/dev/null 2>&1; done
	peers=
}
