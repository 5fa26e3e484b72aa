# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2015,SC2016,SC2034,SC2154 # a && b || c is meant; $1 is PostgreSQL's
#
# Sourced by bench/run and bench/flat: puts load on one contestant for one work, with wrk or pgbench, and notes in work/results
#
#   ROUND WORK WHO ANSWERS-A-SECOND MEDIAN-MICROSECONDS P99-MICROSECONDS

# --- what is sent to whom ---

# Sets url, bearer, method, body, expected (status), and holds, what the answer has in it so often.
request_of() { # WORK WHO
	url='' bearer=$token method=GET body='' expected=200 holds='' times=1
	case $1 in
	hello) url=$hello_url/tasks holds='"id"' ;;
	guard) holds=xxxxxxxx times=1 ;;
	refused) url=$gatepost_url/tasks bearer=$refused_token expected=401 holds=detail ;;
	list_session) url=$gatepost_url/tasks bearer=$session ;;
	create) bearer=$creator_token method=POST expected=201 holds="$title" ;;
	esac
	case $1-$2 in
	guard-gatepost) url=$guard_url/files/file.txt ;;
	guard-constant) url=$constant_url/files/file.txt ;;
	list-gatepost) url=$gatepost_url/tasks ;;
	get-gatepost) url=$gatepost_url/tasks/$task ;;
	create-gatepost) url=$gatepost_url/tasks body="{\"text\":\"$title\",\"description\":\"$description\"}" ;;
	esac
	if [ -z "$url" ]; then # a peer's
		case $1 in
		get) path=$("$2_get_path" "$task") ;;
		*) eval "path=\$$2_$1_path" ;;
		esac
		eval "url=\$$2_url$path"
		if [ "$1" = create ]; then eval "body=\$$2_create_body"; fi
	fi
	case $1 in
	list | list_session) holds='"[0-9a-f]\{8\}-[0-9a-f-]\{27\}"' times=$tasks_each ;;
	get) holds=$task ;;
	esac
}

# One request that is looked at: a load of refusals is fast.
require_answer() { # WORK WHO
	request_of "$1" "$2"
	set -- "$1" "$2" -H "Authorization: Bearer $bearer"
	if [ -n "$body" ]; then set -- "$@" -H "Content-Type: application/json" -d "$body"; fi
	work_name=$1 who=$2
	shift 2
	status=$(curl -q -s -o "$work/answer" --noproxy '*' --max-time 10 -w '%{http_code}' "$@" "$url")
	found=$(grep -o "$holds" "$work/answer" | wc -l)
	case $work_name-$who-$status in
	create-*-20[01] | *-*-"$expected") ;;
	*) give_up "$who answers $work_name with $status: $(head -c 300 "$work/answer")" ;;
	esac
	[ "$work_name" = guard ] || [ "$found" -ge "$times" ] || give_up "$who answers $work_name with $found of $times things: $(head -c 300 "$work/answer")"
}

# --- loads ---

# Sets rate, median_us and p99_us.
load_web() { # WORK WHO CONNECTIONS SECONDS
	request_of "$1" "$2"
	asked=$1 who=$2
	run_wrk "$3" "$4" -H "Authorization: Bearer $bearer" "$url" -- "$method" "$body"
	wanted_errors=0
	if [ "$asked" = refused ]; then wanted_errors=$requests; fi
	[ "$refusals" -eq "$wanted_errors" ] && [ "$unanswered" -eq 0 ] ||
		echo "# $who, $asked: of $requests requests $refusals were refused and $unanswered not answered"
}

# Requests of several kinds or people in turn, as load.lua has them in a file.
load_in_turn() { # FILE SECONDS
	asked=$1 who=gatepost
	run_wrk 16 "$2" "$gatepost_url" -- "" "" "$1"
}

# Sets rate, median_us and p99_us, and requests, of which so many were refusals, and so many unanswered.
run_wrk() { # CONNECTIONS SECONDS WRK-ARGUMENT...
	threads=2
	if [ "$1" -lt 2 ]; then threads=1; fi
	connections=$1 duration=$2
	shift 2
	wrk -t "$threads" -c "$connections" -d "${duration}s" --timeout 10s --latency -s "$top/bench/load.lua" "$@" >"$work/wrk" 2>&1
	# shellcheck disable=SC2046 # numbers
	set -- $(sed -n 's/^load //p' "$work/wrk")
	[ $# -eq 6 ] && [ "$1" -gt 0 ] || give_up "no load for $who, $asked: $(tail -n 3 "$work/wrk")"
	rate=$(awk -v requests="$1" -v us="$2" 'BEGIN { printf "%.1f", requests / us * 1e6 }')
	requests=$1 refusals=$3 unanswered=$4 median_us=$5 p99_us=$6
}

# The statement of sql/query/ with pgbench's names for what it is given; gatepost prepares the same.
statement() { # NAME SED-SCRIPT
	sed "/^--/d; s/ -- .*//; $2" "$top/sql/query/$1.sql" | tr '\n' ' '
}

# plain: what anybody would ask; bare: gatepost's statement alone; whole: the transaction around it, which names the
# caller, in one round trip.
write_pgbench_scripts() {
	columns="id, uuid, user_id, title, description, completed, created_at, updated_at"
	echo "select $columns from gatepost.task where user_id = :caller order by created_at desc, id desc limit :most;" >"$work/plain-list.sql"
	echo "select $columns, version from gatepost.task where uuid = :task and user_id = :caller;" >"$work/plain-get.sql"
	echo "insert into gatepost.task (user_id, title, description) values (:caller, :title, :description) returning $columns, version;" \
		>"$work/plain-create.sql"
	naming=$(statement caller_set 's/\$1/:caller/g')
	for name in list get create; do
		case $name in
		list) text=$(statement task_list 's/\$1/null/g; s/\$2/:most/g; s/\$3/:first/g; s/\$4/:bytes/g') ;;
		get) text=$(statement task_get 's/{key}/uuid/g; s/\$1/:task::uuid/g') ;;
		create) text=$(statement task_create 's/\$1/:title/g; s/\$2/:description/g; s/\$3/null/g') ;;
		esac
		echo "$text;" >"$work/bare-$name.sql"
		printf '\\startpipeline\n%s;\n%s;\n\\endpipeline\n' "$naming" "$text" >"$work/whole-$name.sql"
	done
}

load_database() { # WORK plain|bare|whole SECONDS
	caller=$reader options=''
	if [ "$1" = create ]; then caller=$creator; fi
	case $2 in
	plain | bare) options="-c gatepost.user_id=$caller" ;;
	whole) options="-c statement_timeout=5000ms" ;; # as the workers have it, for which PostgreSQL sets a clock
	esac
	# One plan for all, as the workers have it: where PostgreSQL chooses, it may plan each time, and that is no limit.
	PGOPTIONS="$options -c plan_cache_mode=force_generic_plan" pgbench -n -M prepared -c 8 -j 2 -T "$3" -f "$work/$2-$1.sql" -D caller="$caller" -D task="$task" \
		-D most=101 -D first=0 -D bytes=8388608 -D title="$title" -D description="$description" "$api_url" >"$work/pgbench" 2>&1 ||
		give_up "pgbench fails: $(grep error "$work/pgbench" | head -n 1)"
	rate=$(sed -n 's/^tps = \([0-9.]*\) .*/\1/p' "$work/pgbench") median_us=0 p99_us=0
}

run_load() { # ROUND WORK WHO CONNECTIONS SECONDS
	case $3 in
	plain | bare | whole) load_database "$2" "$3" "$5" ;;
	*) load_web "$2" "$3" "$4" "$5" ;;
	esac
	if [ "$2" = create ]; then tidy_database; fi
}
