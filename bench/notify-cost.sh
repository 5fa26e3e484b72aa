#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What it costs writers that every change is told to those who listen: 16 clients of pgbench create tasks as the API
# does, on a PostgreSQL of their own, in rounds that take turns, so that a busy machine slows all of them alike:
#
#   none     the trigger that notes changes is off
#   quiet    it is on, and no notifier runs
#   idle     a notifier runs, with a thousand clients, none of whom owns a task that changes
#   served   its thousand clients own all tasks that change
#
# For each the best round's transactions a second and processor time of all of PostgreSQL for a transaction, and what
# they are to the first. The time is the better measure where client, notifier and PostgreSQL share a machine.
#
# usage: GATEPOST_BUILD=DIRECTORY bench/notify-cost.sh [--rounds N] [--seconds N] [--clients N] [--fsync] [KIND...]

set -u
export LC_ALL=C.UTF-8
top=$(cd "$(dirname "$0")/.." && pwd -P)
GATEPOST_BUILD=$(cd "${GATEPOST_BUILD:-$top/build}" && pwd -P) || exit 1
# shellcheck source=tests/support/cluster.sh
. "$top/tests/support/cluster.sh"
# shellcheck source=tests/support/node.sh
. "$top/tests/support/node.sh"

rounds=5 seconds=5 clients=16 fsync=off kinds="" users=1000
while [ $# -gt 0 ]; do
	case $1 in
	--rounds) rounds=$2; shift ;;
	--seconds) seconds=$2; shift ;;
	--clients) clients=$2; shift ;;
	--fsync) fsync=on ;;
	none | quiet | idle | served) kinds="$kinds $1" ;;
	*) sed -n '/^# usage/s/^# //p' "$0" >&2; exit 2 ;;
	esac
	shift
done
kinds=${kinds:-none quiet idle served}

give_up() { # REASON...
	echo "$0: $*" >&2
	exit 1
}

work=$(mktemp -d /tmp/gatepost-bench.XXXXXXXX) && chmod 755 "$work" || exit 1
notifier='' listeners=''
end_notifier() {
	for process in $listeners $notifier; do kill "$process" 2>/dev/null; done
	for process in $listeners $notifier; do wait "$process" 2>/dev/null; done
	notifier='' listeners=''
}
trap 'end_notifier; stop_cluster; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

url_of() { # ROLE
	echo "postgresql://$1@$cluster_host/gatepost"
}

make_database() {
	start_cluster || give_up "no PostgreSQL cluster could be started"
	# The vacuum that the changes cost is counted, at the end of each round.
	superuser postgres -c "alter system set fsync = $fsync" -c "alter system set autovacuum = off" \
		-c "alter system set max_wal_size = '8GB'" -c "select pg_reload_conf()" \
		-c "create role gatepost login createrole" -c "create database gatepost owner gatepost" >/dev/null &&
		GATEPOST_ENV=$work/env OWNER_DATABASE_URL=$(url_of gatepost) "$GATEPOST_BUILD/gatepost-migrate" >"$work/migrate" 2>&1 ||
		give_up "the database could not be made: $(cat "$work/migrate")"
}

write_settings() {
	BETTER_AUTH_SECRET=0123456789abcdef0123456789abcdef
	export BETTER_AUTH_SECRET
	cat >"$work/env" <<-END
		BETTER_AUTH_SECRET=$BETTER_AUTH_SECRET
		DATABASE_URL=$(url_of gatepost_api)
		NOTIFY_DATABASE_URL=$(url_of gatepost_notify)
		NOTIFY_LISTEN=$work/notify.sock
		STATE_DIRECTORY=$work/state
	END
	mkdir -p "$work/state"
}

# The API's own statements, with pgbench's names for what they are given; one implicit transaction.
write_script() {
	cat >"$work/create.sql" <<-END
		\\set user random(1, $users)
		\\startpipeline
		$(sed '/^--/d; s/\$1/'"'bench-' || :user"'/' "$top/sql/query/caller_set.sql" | tr '\n' ' ');
		$(sed "/^--/d; s/\\\$1/'Water the plants'::text/; s/\\\$2/null::text/; s/\\\$3/null/; s/ -- .*//" \
			"$top/sql/query/task_create.sql" | tr '\n' ' ');
		\\endpipeline
	END
}

start_notifier() { # PREFIX of the listeners' ids
	GATEPOST_ENV=$work/env "$GATEPOST_BUILD/gatepost-notifyd" >"$work/notifyd.log" 2>&1 &
	notifier=$!
	for _ in 1 2 3 4 5 6 7 8 9 10; do [ -S "$work/notify.sock" ] && break; sleep 0.5; done
	"$node" "$GATEPOST_BUILD/notify/listen.mjs" "ws+unix:$work/notify.sock:/ws/notifications" "$1" "$users" >"$work/listeners" 2>&1 &
	listeners=$!
	for _ in 1 2 3 4 5 6 7 8 9 10; do grep -q "^open" "$work/listeners" && return 0; sleep 1; done
	give_up "no $users clients of the notifier: $(tail -n 3 "$work/listeners" "$work/notifyd.log")"
}

ticks_of() { # FIELDS (awk) of the process numbers on standard input, together
	while read -r number; do cat "/proc/${number:-none}/stat" 2>/dev/null; done | awk "{ sub(/.*\\) /, \"\"); sum += $1 } END { print sum + 0 }"
}

# Of all PostgreSQL processes, those that have ended, too. After the name: state is the first, utime the twelfth.
postgres_ticks() {
	postmaster=$(head -n 1 "$cluster_dir/data/postmaster.pid")
	ended=$(echo "$postmaster" | ticks_of '$14 + $15')
	live=$({ echo "$postmaster"; ps --ppid "$postmaster" -o pid=; } | ticks_of '$12 + $13')
	echo $((ended + live))
}

run_round() { # KIND
	case $1 in
	none) switch=disable ;;
	*) switch=enable ;;
	esac
	psql -X -q -v ON_ERROR_STOP=1 "$(url_of gatepost)" -c "alter table gatepost.task $switch trigger task_change" \
		-c "truncate gatepost.task, gatepost.change" 2>"$work/psql" &&
		superuser gatepost -c "insert into gatepost.task (user_id, title) select 'bench-' || i % $users, 'Water the plants' from generate_series(1, 50000) as i" \
			-c "truncate gatepost.change" -c "vacuum analyze gatepost.task" -c checkpoint 2>>"$work/psql" || give_up "$(cat "$work/psql")"
	case $1 in
	idle) start_notifier idle ;;
	served) start_notifier bench ;;
	esac
	sleep 1
	before=$(postgres_ticks) notifier_before=$(echo "$notifier" | ticks_of '$12 + $13')
	pgbench -n -M prepared -c "$clients" -j 2 -T "$seconds" -f "$work/create.sql" "$(url_of gatepost_api)" >"$work/pgbench" 2>&1 ||
		give_up "$(tail -n 3 "$work/pgbench")"
	# Also what the relay still has to move, and the processes of pgbench's connections until they are gone.
	sleep 0.5
	superuser gatepost -c "vacuum gatepost.task" -c "vacuum gatepost.change"
	after=$(postgres_ticks) notifier_after=$(echo "$notifier" | ticks_of '$12 + $13')
	end_notifier
	awk -v kind="$1" -v ticks=$((after - before)) -v own=$((notifier_after - notifier_before)) -v hertz="$(getconf CLK_TCK)" '
		/number of transactions actually processed/ { split($6, part, "/"); done = part[1] }
		/^tps/ { rate = $3 }
		END { printf "%s %.0f %.2f %.2f\n", kind, rate, ticks / hertz / done * 1e6, own / hertz / done * 1e6 }' "$work/pgbench" |
		tee -a "$work/rounds" | sed 's/^/# /'
}

# What others on the machine take away makes a round worse, never better.
best_of() { # KIND COLUMN SORT-OPTION
	awk -v kind="$1" -v column="$2" '$1 == kind { print $column }' "$work/rounds" | sort -n $3 | head -n 1
}

report() {
	echo "$clients clients, fsync $fsync, $rounds rounds of $seconds s: the best of each; (to the first)"
	printf '%-8s %22s %34s %24s\n' "" "transactions a second" "us of PostgreSQL a transaction" "us of the notifier"
	first_rate='' first_cost=''
	for kind in $kinds; do
		rate=$(best_of "$kind" 2 -r) cost=$(best_of "$kind" 3 "") own=$(best_of "$kind" 4 "")
		first_rate=${first_rate:-$rate} first_cost=${first_cost:-$cost}
		awk -v kind="$kind" -v rate="$rate" -v cost="$cost" -v own="$own" -v first_rate="$first_rate" -v first_cost="$first_cost" 'BEGIN {
			printf "%-8s %12.0f (%5.1f %%) %22.1f (%+5.1f %%) %24.1f\n", kind, rate, 100 * rate / first_rate,
				cost, 100 * (cost / first_cost - 1), own }'
	done
}

: >"$work/env"
make_database
write_settings
write_script
case $kinds in
*idle* | *served*)
	[ -x "$GATEPOST_BUILD/gatepost-notifyd" ] || give_up "no gatepost-notifyd in $GATEPOST_BUILD"
	install_modules "$top/tests/notify" "$GATEPOST_BUILD/notify"
	cp "$top"/tests/notify-load/*.mjs "$GATEPOST_BUILD/notify" ;;
esac
for number in $(seq "$rounds"); do
	for kind in $kinds; do run_round "$kind"; done
done
report
