#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# quickstart as a newcomer meets it: on a copy of the project's own files, from nothing to an answered
# request; a second instance beside it; and nothing left behind when it is stopped.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/quickstart.sh

set -u
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"

# What a clone or a tarball holds, without anything that was built here.
copy_project() {
	mkdir "$work/copy" &&
		if git -C "$top" rev-parse --git-dir >/dev/null 2>&1; then
			git -C "$top" ls-files -z | (cd "$top" && xargs -0 cp -a --parents -t "$work/copy")
		else
			cp -a "$top/." "$work/copy"
		fi
}

quickstart() { # ARGUMENT...: what it says, in $said
	said=$("$work/copy/quickstart" "$@" 2>&1)
}

printed() { # PATH: the command that quickstart printed for it, carried out
	sh -c "$(printf '%s\n' "$output" | grep "^curl .*$1\$")"
}

judge_sign_in() { # NAME PORT: the printed account is one that front ends can use
	signed_in=$(printed /api/auth/sign-in/email)
	contains "$1: the printed account signs in" "$signed_in" '"email":"demo@example.com","emailVerified":true'
	session=$(printf %s "$signed_in" | sed -n 's/.*"token":"\([^"]*\)".*/\1/p')
	answer=$(curl -q -s --noproxy '*' -H "Authorization: Bearer $session" "http://127.0.0.1:$2/api/auth/token")
	contains "$1: its session gets a token" "$answer" '{"token":"'
	token=$(printf %s "$answer" | sed 's/.*:"//; s/".*//')
	equals "$1: with which the API answers" "[]" \
		"$(curl -q -s --noproxy '*' -H "Authorization: Bearer $token" "http://127.0.0.1:$2/tasks")"
	equals "$1: another password does not" "401" \
		"$(curl -q -s --noproxy '*' -o /dev/null -w '%{http_code}' -H 'Content-Type: application/json' \
			-d '{"email":"demo@example.com","password":"another one"}' "http://127.0.0.1:$2/api/auth/sign-in/email")"
	equals "$1: what is only like its path is the API's" '{"detail":"Not Found"}' \
		"$(curl -q -s --noproxy '*' "http://127.0.0.1:$2/api/authors")"
}

from_page_of() { # ORIGIN PORT: the status of what a page there asks with a cookie
	curl -q -s --noproxy '*' -o /dev/null -w '%{http_code}' -X POST -d '{}' -H 'Content-Type: application/json' \
		-b better-auth.session_token=none -H "Origin: $1" "http://localhost:$2/api/auth/sign-out"
}

judge_pages() { # NAME PORT
	for host in 127.0.0.1 localhost; do
		contains "$1: http://$host:$2 is the page of tasks" "$(curl -q -s --noproxy '*' "http://$host:$2")" "<title>Tasks</title>"
		equals "$1: whose requests are trusted there" 200 "$(from_page_of "http://$host:$2" "$2")"
	done
	equals "$1: those of others are not" 403 "$(from_page_of "http://localhost:1" "$2")"
}

judge_listening() { # NAME: what the printed client of WebSockets hears in its first second
	contains "$1: the printed client listens" "$(sleep 1 | (cd / && sh -c "$(printf '%s\n' "$output" |
		sed -n '/^\/usr\/bin\/python3 -m websockets/p')") 2>&1)" '{"type":"ready","user_id":"'
}

processes_of() { # DIRECTORY: those that were started with it in their arguments
	pgrep -f -- "$1/" || true
}

unset GATEPOST_BUILD # it builds for itself
copy_project || give_up "the project's files cannot be copied"
first=$work/first second=$work/second
first_port=$(free_port)
viewer=program/share/gatepost/web/docs/swagger-ui-bundle.js

# As where there is no network; what npm has fetched before is no help either.
holds "a_first_start_works" env npm_config_registry=http://127.0.0.1:9 npm_config_cache="$work/npm" \
	"$work/copy/quickstart" --detach --port "$first_port" --dir "$first"
ours="$ours $(cat "$first"/pid/* 2>/dev/null | tr '\n' ' ')"
output=$said
equals "the_last_line_says_ready" "ready http://127.0.0.1:$first_port" "$(printf '%s\n' "$output" | tail -n 1)"
equals "a viewer that cannot be fetched is told of in one line" "1" \
	"$(printf '%s\n' "$output" | grep -c '^/docs/ goes without its viewer, as npm ')"
contains "it_prints_the_demo_account" "$output" "demo@example.com, password "
equals "the_printed_command_is_answered" "[]" "$(printed /tasks)"
judge_sign_in lighttpd "$first_port"
judge_listening lighttpd
judge_pages lighttpd "$first_port"
equals "accounts can be deleted" on "$(setting "$first/env" DELETE_USER)"
equals "sign-in runs in a pool of its own" "4 4" \
	"$(pgrep -c -f "^$first/program/libexec/gatepost/gatepost.fcgi") $(pgrep -c -f "^$first/program/libexec/gatepost/gatepost-auth.fcgi")"
contains "as a role of its own" "$(setting "$first/env" SIGN_IN_DATABASE_URL)" "postgresql://gatepost_auth:"
equals "the_first_user_has_a_row_for_better_auth" "demo@example.com" \
	"$(psql -X -A -t "$(setting "$first/env" OWNER_DATABASE_URL)" -c 'select email from public."user"')"
contains "the_address_is_in_the_settings" "$(cat "$first/env")" "BETTER_AUTH_URL=http://127.0.0.1:$first_port"
equals "others_cannot_read_the_settings" "0" "$(stat -c %a "$first/env" | cut -c3)"

if quickstart --detach --port "$first_port" --dir "$second"; then
	not_ok "a_port_in_use_is_refused" "$said"
else
	contains "a_port_in_use_is_refused" "$said" "$first_port"
fi
second_port=$(free_port)
export JWT_ISSUER=somebody DELETE_USER=off
holds "a_second_instance_runs_beside_the_first" \
	"$work/copy/quickstart" --detach --port "$second_port" --dir "$second" --server apache --workers 2
ours="$ours $(cat "$second"/pid/* 2>/dev/null | tr "\n" " ")"
unset JWT_ISSUER DELETE_USER
contains "a_setting_of_the_environment_is_taken" "$(cat "$second/env")" "JWT_ISSUER=somebody"
equals "also in place of a value of quickstart's" off "$(setting "$second/env" DELETE_USER)"
output=$said
equals "the_second_answers_too" "[]" "$(printed /tasks)"
if command -v npm >/dev/null; then
	holds "the next start fetches the viewer" test -s "$second/$viewer"
	holds "and once is enough" make -q -C "$work/copy/build" viewer
fi
judge_sign_in Apache "$second_port"
judge_listening Apache
judge_pages Apache "$second_port"

holds "the_first_is_stopped" "$work/copy/quickstart" --stop --dir "$first"
equals "nothing_of_the_first_runs_on" "" "$(processes_of "$first")"
equals "the_second_still_answers" "[]" "$(printed /tasks)"
holds "the_second_is_stopped" "$work/copy/quickstart" --stop --dir "$second"
equals "nothing_of_the_second_runs_on" "" "$(processes_of "$second")"
if quickstart --port notanumber; then
	not_ok "a_bad_option_is_refused" "$said"
else
	equals "a_bad_option_is_refused_in_one_line" "1" "$(printf '%s\n' "$said" | wc -l)"
fi
finish
