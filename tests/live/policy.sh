#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Settings that change what callers are told, in an instance that has others than http-tests know: other
# people's tasks are hidden, access tokens live for an hour, two pages may read the answers.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/policy.sh

set -u
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"

add_person() { # ID
	owner_psql -c "insert into public.\"user\" (id, name, email, \"emailVerified\") values ('$1', '$1', '$1@example.com', true)"
}

mint() { # ID SECONDS
	env -i GATEPOST_ENV="$instance/env" "$instance/program/bin/gatepost-token" mint --sub "$1" --email "$1@example.com" --ttl "$2"
}

answer_to() { # METHOD PATH [CURL-ARGUMENT...]: status and body, as the holder of $token
	method=$1
	shift
	echo "$(status_of "$@" -X "$method") $(cat "$work/body")"
}

number_in_body() { # the integer id of the task that was answered last
	sed -n 's/.*{"id":\([0-9]*\).*/\1/p' "$work/body"
}

# --- OWNERSHIP_FAILURE=404: a foreign task looks like an absent one, but a path still names its user ---

judge_hidden() { # METHOD PATH-OF-FOREIGN-TASK PATH-OF-NO-TASK DETAIL [CURL-ARGUMENT...]
	method=$1 foreign=$2 absent=$3 expected="404 {\"detail\":\"$4\"}"
	shift 4
	equals "hidden: $method $foreign" "$expected" "$(answer_to "$method" "$foreign" "$@")"
	equals "hidden: $method $absent is the same" "$expected" "$(answer_to "$method" "$absent" "$@")"
}

judge_hidden_tasks() {
	token=$(mint owner 1800)
	status_of /tasks -d '{"text":"hidden"}' >/dev/null
	uuid=$(id_in_body)
	status_of /api/v1/todos >/dev/null
	id=$(number_in_body)
	token=$(mint stranger 1800)
	for method in GET PUT PATCH DELETE; do
		case $method in
		P*) set -- -d '{"text":"taken","title":"taken"}' ;;
		*) set -- ;;
		esac
		judge_hidden $method "/tasks/$uuid" /tasks/00000000-0000-4000-8000-000000000000 "Task not found" "$@"
		judge_hidden $method "/api/v1/todos/$id" /api/v1/todos/0 "Todo not found" "$@"
		if [ $method != PATCH ]; then
			judge_hidden $method "/api/stranger/tasks/$id" /api/stranger/tasks/0 "Task not found" "$@"
		fi
	done
	judge_hidden PATCH "/api/stranger/tasks/$id/complete" /api/stranger/tasks/0/complete "Task not found"
	judge_hidden DELETE "/todos/$id" /todos/0 "Todo not found" -H 'If-Match: "x"'
	token=$(mint owner 1800)
	contains "hidden: the owner's task is as it was" "$(answer_to GET "/tasks/$uuid")" '"text":"hidden"'
}

judge_path_users() {
	token=$(mint stranger 1800)
	equals "the user in a path is not hidden, C" '403 {"detail":"User ID in path does not match authenticated user"}' \
		"$(answer_to GET /api/v1/owner/tasks)"
	equals "the user in a path is not hidden, D" '403 {"detail":"Not authorized to access these tasks"}' \
		"$(answer_to GET /api/owner/tasks)"
}

# --- ACCESS_TOKEN_EXPIRE_MINUTES=60 ---

judge_lifetime() { # SECONDS STATUS
	token=$(mint owner "$1")
	equals "a token of $1 s" "$2" "$(status_of /api/v1/me/profile)"
}

judge_lifetimes() {
	judge_lifetime 899 401
	equals "a token of 899 s: why" '{"detail":"Invalid token lifetime"}' "$(cat "$work/body")"
	judge_lifetime 900 200
	judge_lifetime 3600 200
	judge_lifetime 3601 401
}

# --- CORS_ORIGINS of two ---

origin_for() { # ORIGIN: what the answer to a page of that origin allows
	curl -q -s -i --noproxy '*' --max-time 10 -H "Origin: $1" "$GATEPOST_TEST_URL/healthz" |
		tr -d '\r' | sed -n 's/^[Aa]ccess-[Cc]ontrol-[Aa]llow-[Oo]rigin: //p'
}

judge_origins() {
	for origin in https://a.example https://b.example:8443; do
		equals "pages of $origin may read" $origin "$(origin_for $origin)"
	done
	for origin in http://localhost:3000 https://b.example https://a.example,https://b.example:8443; do
		equals "pages of $origin may not" "" "$(origin_for $origin)"
	done
}

export OWNERSHIP_FAILURE=404 ACCESS_TOKEN_EXPIRE_MINUTES=60
export CORS_ORIGINS='https://a.example, https://b.example:8443'
unset FRONTEND_URL
start_instance --workers 1
add_person owner
add_person stranger
judge_hidden_tasks
judge_path_users
judge_lifetimes
judge_origins
finish
