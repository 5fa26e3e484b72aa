#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# How many instructions a worker takes for one request of each kind, counted by callgrind in a process of its own that
# is spoken to directly. Time depends on who else is at work; this does not, so that a test can compare it with what
# bench/instructions says: no kind may take over 5 % more.
#
#   list            a list of twenty tasks, with a token of the secret     get       one of them
#   list_session    the same with a session token                          create    one more
#   refused         the list with a token whose signature is wrong
#
# --breakdown prints what they are spent on, and the system calls, also of a worker (hello) that always gives the same
# answer; bench/breakdown is what it printed last, and bench/breakdown-before what it did before requests were made
# faster. --write changes what is compared with.
#
# Figures of another system are not comparable, because its compiler and libraries are others: then a kind is only
# answered as it should be.
#
# --train is for `make profiled`: a worker answers all kinds, and what it was built to count is put into the build
# directory.
#
# usage: GATEPOST_BUILD=DIRECTORY bench/instructions.sh [--write | --train | --breakdown [KIND...]]

set -u
kinds="list list_session get create refused"
allowed_percent=5

case $# in 0) action=judge ;; *) action=${1#--}; shift ;; esac
case $action in
judge | write | breakdown) tools="valgrind spawn-fcgi strace" ;;
train) tools=spawn-fcgi ;;
*) sed -n 's/^# \(usage:\)/\1/p' "$0" >&2; exit 2 ;;
esac
# shellcheck disable=SC2034 # of the tests' programs none
needed=''
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/../tests/live/instance.sh"
baseline=$top/bench/instructions

for program in $tools; do
	command -v "$program" >/dev/null || give_up "$program is missing"
done
[ -x "$GATEPOST_BUILD/bench-requests" ] || give_up "no bench-requests in $GATEPOST_BUILD; run there: make bench-requests"

# --- the worker ---

# What the C library and OpenSSL choose by the processor would differ from machine to machine: both are told of
# nothing that came after SSE 4.2. So SHA-256 is computed without the instructions that most servers have for it (and
# valgrind has not), and its share is larger here than in life.
old_processor="OPENSSL_ia32cap=0x0298220307000000:0 GLIBC_TUNABLES=glibc.cpu.hwcaps=$(echo -AVX -AVX2 -AVX512F -AVX512BW -AVX512VL -BMI1 -BMI2 \
	-ERMS -FSRM -LZCNT -MOVBE -RTM Fast_Unaligned_Load Fast_Unaligned_Copy -AVX_Fast_Unaligned_Load -Fast_Copy_Backward \
	-Slow_BSF -Slow_SSE4_2 | tr ' ' ,)"

as_web_user() {
	if [ "$(id -u)" = 0 ]; then set -- setpriv --reuid www-data --regid www-data --init-groups -- "$@"; fi
	exec "$@"
}

make_places() {
	mkdir "$work/counted" && chmod 755 "$work/counted" || give_up "no directory for what is counted"
	if [ "$(id -u)" = 0 ]; then chown www-data "$work/counted"; fi
}

# Each refusal has its line in the log: whether there is one more does not depend on when a second begins.
start_worker() { # NAME PROGRAM COMMAND...: the program under the command, at $socket
	socket=$work/counted/$1.sock log=$work/$1.log served=$2 under=$(command -v "$3")
	shift 3
	# shellcheck disable=SC2086 # two variables
	(as_web_user env -i PATH="$PATH" GATEPOST_ENV="$instance/env" LOG_LINES_PER_SECOND=0 $old_processor \
		spawn-fcgi -n -s "$socket" -M 0666 -- "$under" "$@" "$served") >"$log" 2>&1 </dev/null &
	worker=$!
	ours="$ours $worker"
	within 30 test -S "$socket" || give_up "no worker: $(cat "$log")"
}

end_worker() { # [PROCESS]: the worker, where it is not the one that was started
	kill -TERM "${1:-$worker}"
	if [ "${served##*/}" = bench-hello ]; then kill -KILL "${1:-$worker}" 2>/dev/null; fi # it has no end of its own
	wait "$worker" 2>/dev/null
	ours=${ours% "$worker"}
}

# Whoever lists, and whoever creates, so that the list stays as it is. Ids and tokens as long as Better Auth's.
reader=instructionsReaderABCDEFGHIJKLMN writer=instructionsWriterABCDEFGHIJKLMN
session=instructionsSessionABCDEFGHIJKLM

insert_rows() {
	owner_psql >/dev/null 2>"$work/psql" <<-END || give_up "the rows could not be made: $(cat "$work/psql")"
		begin;
		select set_config('gatepost.user_id', '$reader', true);
		insert into gatepost.task (uuid, user_id, title, description, completed, created_at, updated_at)
			select ('00000000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid, '$reader',
				'Task number ' || lpad(i::text, 2, '0'), 'What there is to say about it, in one line.', i % 2 = 0, at, at
			from generate_series(1, 20) as i, lateral (select timestamptz '2026-01-01 12:00:00.123456Z' + i * interval '1 minute') as t(at);
		insert into public."user" (id, name, email, "emailVerified") values ('$reader', 'Ann Reader', 'ann@example.com', true);
		insert into public.session (id, "expiresAt", token, "updatedAt", "userId")
			values ('$session', now() + interval '7 days', '$session', now(), '$reader');
		commit;
	END
}

token_of() { # USER
	env -i GATEPOST_ENV="$instance/env" "$instance/program/bin/gatepost-token" mint \
		--sub "$1" --name "Ann Reader" --email ann@example.com --ttl 86400
}

make_tokens() {
	reader_token=$(token_of $reader) && writer_token=$(token_of $writer) || give_up "no token"
	# Another first character of the signature: the last ones have bits to spare.
	signature=${reader_token##*.}
	case $signature in A*) other=B ;; *) other=A ;; esac
	refused_token=${reader_token%.*}.$other${signature#?}
}

# --- requests ---

ask() { # COUNT STATUS METHOD PATH TOKEN BODY: as lighttpd passes it on for wrk
	"$GATEPOST_BUILD/bench-requests" "$socket" "$1" "$2" "$6" \
		"CONTENT_LENGTH=${#6}" QUERY_STRING= "REQUEST_URI=$4" REDIRECT_STATUS=200 "SCRIPT_NAME=$4" "PATH_INFO=" \
		"SCRIPT_FILENAME=/var/www/html$4" DOCUMENT_ROOT=/var/www/html "REQUEST_METHOD=$3" SERVER_PROTOCOL=HTTP/1.1 \
		SERVER_SOFTWARE=lighttpd/1.4.69 GATEWAY_INTERFACE=CGI/1.1 REQUEST_SCHEME=http SERVER_PORT=8080 \
		SERVER_ADDR=127.0.0.1 SERVER_NAME=127.0.0.1 REMOTE_ADDR=127.0.0.1 REMOTE_PORT=40000 \
		HTTP_HOST=127.0.0.1:8080 "HTTP_AUTHORIZATION=Bearer $5" \
		${6:+CONTENT_TYPE=application/json HTTP_CONTENT_TYPE=application/json} >"$work/asked" 2>&1 ||
		give_up "$(head -c 900 "$work/asked"; tail -n 5 "$log")"
}

ask_kind() { # KIND COUNT
	case $1 in
	list) ask "$2" 200 GET /tasks "$reader_token" '' ;;
	list_session) ask "$2" 200 GET /tasks $session '' ;;
	get) ask "$2" 200 GET /tasks/00000000-0000-4000-8000-000000000010 "$reader_token" '' ;;
	create) ask "$2" 201 POST /tasks "$writer_token" '{"text":"Water the plants","description":"All of those on the balcony."}' ;;
	hello) ask "$2" 200 GET /tasks "$reader_token" '' ;;
	refused) ask "$2" 401 GET /tasks "$refused_token" '' ;;
	esac
}

# The worker writes what it counted, and begins anew, as this is answered.
mark() {
	ask 1 200 GET /healthz "$reader_token" ''
}

# --- counting ---

# The worker writes at live(), whose name compilers may lengthen, when it is asked for /healthz.
#
# Of a kind first what happens once, then a hundred and three hundred requests: their difference has nothing of the
# marks between them.
count_kinds() { # KIND...
	start_worker callgrind "$gatepost" valgrind --tool=callgrind --dump-before='live*' --callgrind-out-file="$work/counted/callgrind"
	ask_kind list 1 # the header of a good token is remembered
	for kind; do
		ask_kind "$kind" 20
		mark
		ask_kind "$kind" 100
		mark
		ask_kind "$kind" 300
		mark
	done
	end_worker
}

dump_of() { # KIND PART: the file of the part, 2 for the hundred and 3 for the three hundred
	number=0
	for each in $counted; do
		if [ "$each" = "$1" ]; then echo "$work/counted/callgrind.$((number * 3 + $2))"; fi
		number=$((number + 1))
	done
}

total_of() { # FILE
	awk '$1 == "totals:" || $1 == "summary:" { total = $2 } END { print total + 0 }' "$1"
}

figure_of() { # KIND: instructions of one request
	echo $((($(total_of "$(dump_of "$1" 3)") - $(total_of "$(dump_of "$1" 2)")) / 200))
}

# --- training ---

# The worker's user may not write into the build directory.
train() {
	counts=$work/counted/profile
	start_worker training "$gatepost" env GCOV_PREFIX="$counts"
	for kind in $kinds; do ask_kind "$kind" 2000; done
	end_worker
	[ -d "$counts" ] || give_up "nothing was counted; is $GATEPOST_BUILD built with -fprofile-generate? $(tail -n 1 "$log")"
	# The compiler has noted the directory by the name that it was made in, which may lead through links.
	for name in "$GATEPOST_BUILD" "$(cd "$GATEPOST_BUILD" && pwd -P)"; do
		if [ -d "$counts/$name" ]; then cp -R "$counts/$name/." "$GATEPOST_BUILD" && return 0; fi
	done
	give_up "what was counted is not of $GATEPOST_BUILD: $(find "$counts" -type d -name src | head -n 3)"
}

# --- comparing ---

this_system() {
	(. /etc/os-release && echo "$ID-$VERSION_ID-$(uname -m)")
}

baseline_of() { # KIND
	awk -v name="$1" '$1 == name { print $2 }' "$baseline"
}

judge_kind() { # KIND
	figure=$(figure_of "$1") committed=$(baseline_of "$1")
	[ "${committed:-0}" -gt 0 ] || give_up "bench/instructions says nothing of $1; write it anew: bench/instructions.sh --write"
	change=$(awk -v now="$figure" -v then="$committed" 'BEGIN { printf "%+.1f %%", 100 * (now / then - 1) }')
	name="$1 takes no more than $committed instructions and $allowed_percent %"
	if [ "${figure:-0}" -gt 0 ] && [ $((figure * 100)) -le $((committed * (100 + allowed_percent))) ]; then
		ok "$name"
	else
		not_ok "$name" "${figure:-nothing was counted}; where: bench/instructions.sh --breakdown $1; if worth it: bench/instructions.sh --write"
	fi
	echo "# $figure, $change"
}

judge() {
	for kind in $kinds; do
		if [ "$(baseline_of system)" = "$(this_system)" ]; then
			judge_kind "$kind"
		else
			ok "$kind takes $(figure_of "$kind") instructions; not compared, for bench/instructions is of $(baseline_of system)"
		fi
	done
	finish
}

write_baseline() {
	{
		echo "# SPDX-License-Identifier: Apache-2.0"
		echo "# Instructions of one request, written by: bench/instructions.sh --write"
		echo "system $(this_system)"
		for kind in $kinds; do echo "$kind $(figure_of "$kind")"; done
	} >"$work/baseline" && cp "$work/baseline" "$baseline" && cat "$baseline"
}

# --- what they are spent on ---

# Each has functions whose costs, with all that they call, count for it, and with a minus sign those that do not.
areas() {
	cat <<-END
		request in (libfcgi)|FCGX_Accept_r
		body in (libfcgi)|FCGX_GetStr
		answer out, end of request|FCGX_PutStr FCGX_Detach FCGX_Finish_r FCGX_Free gp_fastcgi_answer_send
		variables|gp_request_read_environment
		route|gp_request_path gp_route_find
		token: signature (OpenSSL)|gp_key_ring_verify gp_key_ring_sign
		token: the rest of it|gp_authorize -gp_key_ring_verify -gp_key_ring_sign -gp_claims_judge
		token: claims|gp_claims_judge
		body (json-c)|gp_exchange_read -gp_request_body
		statement (libpq)|gp_database_run gp_database_release
		JSON of the rows|gp_task_form_write_all gp_task_form_write_one
		ETag|gp_entity_tag_of_bytes gp_entity_tag_of_version tag_list
		answer's fields|gp_response_write
		log|gp_log_event
		metrics|gp_metrics_count
	END
}

costs_of() { # KIND: of one request, two hundred of which the files are apart
	awk -v kind="$1" -v factor=-0.005 -f "$top/bench/inclusive.awk" "$(dump_of "$1" 2)"
	awk -v kind="$1" -v factor=0.005 -f "$top/bench/inclusive.awk" "$(dump_of "$1" 3)"
}

# A worker that always gives the same answer: what libfcgi takes alone. It has no mark, so every request is written down,
# in two parts, because FCGX_Accept_r() calls FCGX_Finish_r() once more.
costs_of_hello() {
	start_worker hello "$hello" valgrind --tool=callgrind --dump-before=FCGX_Finish_r --callgrind-out-file="$work/counted/hello"
	ask_kind hello 20
	end_worker
	for part in 30 31; do awk -v kind=hello -v factor=1 -f "$top/bench/inclusive.awk" "$work/counted/hello.$part"; done
}

# The names of the system calls of a hundred requests, after twenty that the kind begins with.
count_calls() { # KIND
	case $1 in hello) program=$hello ;; *) program=$gatepost ;; esac
	start_worker "trace-$1" "$program" strace -o "$work/counted/trace-$1"
	ask_kind "$1" 122
	end_worker "$(ps --ppid "$worker" -o pid= | tr -d ' ')"
	awk -v kind="$1" '
		/^accept\(.* = -1/ { next }
		/^accept\(.* = / { requests++ }
		requests > 20 && requests <= 120 { sub(/\(.*/, ""); calls[$0]++ }
		END { for (name in calls) print kind, name, calls[name] / 100 }' "$work/counted/trace-$1"
}

print_breakdown() { # KIND...
	case " $* " in
	*" hello "*) [ -x "$hello" ] || give_up "no bench-hello in $GATEPOST_BUILD; run there: make bench-hello" ;;
	esac
	for kind; do
		case $kind in
		hello) costs_of_hello ;;
		*) costs_of "$kind" ;;
		esac
	done >"$work/costs"
	for kind; do count_calls "$kind"; done >"$work/calls"
	areas >"$work/areas"
	awk '!seen[$2]++ { print $2 "|" $2 }' "$work/calls" | sort >"$work/names"
	cat <<-END
		# SPDX-License-Identifier: Apache-2.0
		#
		# Printed by bench/instructions.sh --breakdown, which has the kinds. SHA-256 is computed in software here, about 2,000
		# instructions for 64 bytes; a processor with instructions for it takes less than a tenth of that, so that in life most
		# of a signature falls away, and of what is hashed for a list's ETag. hello is libfcgi alone.

	END
	awk -v heading="Instructions of one request" -v rest=1 -v kinds="$*" -f "$top/bench/breakdown.awk" "$work/costs" "$work/areas"
	echo
	awk -v heading="System calls of one request" -v kinds="$*" -f "$top/bench/breakdown.awk" "$work/calls" "$work/names"
}

make_places
start_instance --workers 1
gatepost=$instance/program/libexec/gatepost/gatepost.fcgi hello=$GATEPOST_BUILD/bench-hello
insert_rows
make_tokens
if [ "$action" = train ]; then train; exit; fi
case $action in breakdown) counted=$(echo "${*:-$kinds hello}" | sed 's/hello//') ;; *) counted=$kinds ;; esac
# shellcheck disable=SC2086 # names
count_kinds $counted
# shellcheck disable=SC2086 # names
case $action in
judge) judge ;;
write) write_baseline ;;
breakdown) print_breakdown ${*:-$kinds hello} ;;
esac
