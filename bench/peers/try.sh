#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Shows that the peers do the same work as gatepost: for a list, a single task, a new one, somebody else's, one that
# is not there, and tokens that are missing, expired or of another secret, status and fields are compared with
# gatepost's own answers to the same requests. Times may end in fewer zeros, as PostgreSQL writes them.
#
# usage: GATEPOST_BUILD=DIRECTORY bench/peers/try.sh [fastapi|node|php...]

set -u
export LC_ALL=C.UTF-8
unset CDPATH
top=$(cd "$(dirname "$0")/../.." && pwd -P)
GATEPOST_BUILD=$(cd "${GATEPOST_BUILD:-$top/build}" && pwd -P) || exit 1
export GATEPOST_BUILD
peers=${*:-fastapi node php}
failed=''
# shellcheck source=tests/support/ports.sh
. "$top/tests/support/ports.sh"

give_up() { # WHAT WHERE
	echo "not ok - $*" >&2
	exit 1
}

work=$(mktemp -d /tmp/gatepost-peers.XXXXXXXX) && chmod 755 "$work" || exit 1
running=''
clean_up() {
	trap '' HUP INT TERM
	if [ -n "$running" ]; then "${running}_stop"; fi
	"$top/quickstart" --stop --dir "$work/instance" >/dev/null 2>&1
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

setting() { # NAME, of the instance
	sed -n "s/^$1=//p" "$work/instance/env" | tr -d "'\""
}

# The owner, by way of the socket that gatepost's own workers use.
owner_by_socket() {
	setting OWNER_DATABASE_URL | sed "s,@127[.]0[.]0[.]1:,@$(setting DATABASE_URL | sed 's,.*@,,; s,:[0-9]*/.*,,'):,"
}

token_of() { # USER [OPTION...]
	user=$1
	shift
	env -i GATEPOST_ENV="$work/instance/env" "$work/instance/program/bin/gatepost-token" mint --sub "$user" --email "$user@example.com" "$@"
}

start_gatepost() {
	port=$(free_port)
	"$top/quickstart" --detach --dir "$work/instance" --port "$port" >"$work/quickstart" 2>&1 || give_up "quickstart fails" "$(cat "$work/quickstart")"
	gatepost=http://127.0.0.1:$port
	secret=$(setting BETTER_AUTH_SECRET)
	database_url=$(owner_by_socket)
	psql -X -q -v ON_ERROR_STOP=1 "$database_url" >"$work/psql" 2>&1 <<-END || give_up "no tasks" "$(cat "$work/psql")"
		set role gatepost;
		select set_config('gatepost.user_id', 'ann', false);
		insert into gatepost.task (user_id, title, description, created_at)
		select 'ann', 'Task ' || i, nullif('Ünïcode "' || i || '"' || E'\n', 'Ünïcode "3"' || E'\n'), now() - i * interval '1.001001 minutes'
		from generate_series(1, 20) as i;
		select set_config('gatepost.user_id', 'ben', false);
		insert into gatepost.task (user_id, title) values ('ben', 'Not for ann');
	END
	psql -X -q -v ON_ERROR_STOP=1 "$database_url" -f "$top/bench/peers/tables.sql" >"$work/psql" 2>&1 || give_up "no table" "$(cat "$work/psql")"
	anns=$(psql -X -A -t "$database_url" -c "select uuid from peer_task where user_id = 'ann' order by id limit 1")
	bens=$(psql -X -A -t "$database_url" -c "select uuid from peer_task where user_id = 'ben'")
}

ask() { # URL TOKEN [CURL-ARGUMENT...]: status, and the body with its members in order
	url=$1 token=$2
	shift 2
	if [ -n "$token" ]; then set -- -H "Authorization: Bearer $token" "$@"; fi
	curl -q -s --noproxy '*' -o "$work/body" -w '%{http_code} %{content_type} ' "$@" "$url" | sed 's/; charset=utf-8//'
	python3 -c 'import json, sys; print(json.dumps(json.load(sys.stdin), sort_keys=True))' <"$work/body"
}

zeros='s/([.][0-9]*[1-9])0+Z"/\1Z"/g; s/[.]0+Z"/Z"/g'

note_failure() { # once for a peer
	case " $failed " in *" $peer "*) ;; *) failed="$failed $peer" ;; esac
}

compare() { # WHAT FILTER TOKEN PATH [CURL-ARGUMENT...]: the same from gatepost and from the peer, but for what FILTER removes
	what=$1 filter=$2 token=$3 path=$4
	shift 4
	ask "$gatepost$path" "$token" "$@" | sed -E "$zeros; $filter" >"$work/expected"
	ask "http://127.0.0.1:$peer_port$path" "$token" "$@" | sed -E "$zeros; $filter" >"$work/got"
	if cmp -s "$work/expected" "$work/got"; then
		echo "ok - $peer: $what: $(cut -c 1-60 "$work/got")"
	else
		echo "not ok - $peer: $what"
		diff "$work/expected" "$work/got" | cut -c 1-400 | sed 's/^/# /'
		note_failure
	fi
}

try() {
	peer_port=$(free_port)
	running=$peer
	"${peer}_start" "$work" "$peer_port" "$database_url" "$secret"
	list='' create='' body=''
	eval "list=\$${peer}_list_path create=\$${peer}_create_path body=\$${peer}_create_body"
	compare "a list of 20" "" "$(token_of ann)" "$list"
	compare "a list of none" "" "$(token_of nobody)" "$list"
	compare "one task" "" "$(token_of ann)" "$("${peer}_get_path" "$anns")"
	compare "somebody else's task" "" "$(token_of ann)" "$("${peer}_get_path" "$bens")"
	compare "no such task" "" "$(token_of ann)" "$("${peer}_get_path" 00000000-0000-4000-8000-000000000000)"
	compare "a new task" 's/"(id|created_at|updated_at)": "[^"]*"/"\1": "…"/g' "$(token_of carl)" "$create" \
		-H "Content-Type: application/json" -d "$body"
	compare "no token" "" "" "$list"
	forged=$(token_of ann | sed 's/.....$/AAAAA/')
	compare "a token of another secret" 's/"detail.*//' "$forged" "$list"
	compare "an expired token" 's/"detail.*//' "$(token_of ann --ttl -3600)" "$list"
	count=$(psql -X -A -t "$database_url" -c "select count(*) from peer_task where user_id = 'carl' and title <> ''")
	if [ "$count" != 1 ]; then
		echo "not ok - $peer: $count new tasks of carl in its table"
		note_failure
	fi
	psql -X -q "$database_url" -c "delete from peer_task where user_id = 'carl'"
	"${peer}_stop"
	running=
}

for peer in $peers; do
	# shellcheck source=/dev/null
	. "$top/bench/peers/$peer.sh" || exit 2
	eval "packages=\${${peer}_packages:-}"
	# shellcheck disable=SC2086,SC2154 # names
	"$top/tools/install-packages" $packages >"$work/packages" 2>&1 || give_up "packages are missing" "$(tail -n 1 "$work/packages")"
done
start_gatepost
for peer in $peers; do try; done
if [ -n "$failed" ]; then
	echo "# again: GATEPOST_BUILD=$GATEPOST_BUILD $0$failed"
	exit 1
fi
