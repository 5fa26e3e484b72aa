#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A program that cannot start says why in one line that names the setting and holds no secret; under a
# web server it takes no options.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/settings.sh

set -u
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"
worker=$GATEPOST_BUILD/gatepost.fcgi
page=/healthz # which it answers without a database
secret=BETTER_AUTH_SECRET=hunter2-0123456789abcdef-0123456789
database=DATABASE_URL=postgresql://gatepost_api:hunter2@127.0.0.1:1/gatepost
: >"$work/empty"
mkdir -m 700 "$work/state"

as_cgi() { # PATH SETTING... [-- ARGUMENT...]: sets status, out, err
	path=$1
	shift
	env -i GATEPOST_ENV="$work/empty" GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET SCRIPT_NAME= PATH_INFO="$path" \
		"$@" "$worker" </dev/null >"$work/out" 2>"$work/err"
	status=$?
	out=$(cat "$work/out") err=$(cat "$work/err")
}

as_fastcgi() { # SETTING...: sets status, err; 124 when it was up and running after a second
	rm -f "$work/socket"
	timeout 1 spawn-fcgi -s "$work/socket" -n -- /usr/bin/env -i GATEPOST_ENV="$work/empty" \
		STATE_DIRECTORY="$work/state" "$@" "$worker" \
		</dev/null >"$work/out" 2>"$work/err"
	status=$?
	out=$(cat "$work/out") err=$(cat "$work/err")
}

judge_refusal() { # NAME WORD
	if [ $status -eq 0 ] || [ $status -ge 124 ]; then
		not_ok "$1" "status $status: $err"
	elif [ "$(wc -l <"$work/err")" != 1 ]; then
		not_ok "$1" "not one line: $err"
	elif [ -s "$work/out" ]; then
		not_ok "$1" "on standard output: $out"
	else
		case $err in
		*hunter2*) not_ok "$1" "a secret in: $err" ;;
		*"$2"*) ok "$1" ;;
		*) not_ok "$1" "no $2 in: $err" ;;
		esac
	fi
}

refuses() { # WORD SETTING...: as CGI and as FastCGI
	word=$1
	shift
	shown=$(printf '%s ' "$@" | cut -c 1-100)
	as_cgi "$page" "$@"
	judge_refusal "CGI, $shown: one line names $word" "$word"
	as_fastcgi "$@"
	judge_refusal "FastCGI, $shown: one line names $word" "$word"
}

starts() { # SETTING...
	as_cgi "$page" "$@"
	contains "CGI, $*: it answers" "$out" "Status: 200 OK"
	as_fastcgi "$@"
	equals "FastCGI, $*: it stays" "124 " "$status $err"
}

judge_values() {
	long=$(printf '%01025d' 0)
	starts "$secret" "$database"
	starts "$secret" "$database" DATABASE_TIMEOUT_SECONDS=
	starts "AUTH_SECRET=${secret#*=}" "$database"
	starts "$secret" "DATABASE_URL=postgresql+asyncpg://u:hunter2@127.0.0.1:1/gatepost?ssl=disable"
	refuses BETTER_AUTH_SECRET "$database"
	refuses BETTER_AUTH_SECRET BETTER_AUTH_SECRET= "$database"
	refuses BETTER_AUTH_SECRET BETTER_AUTH_SECRET=hunter2 "$database"
	refuses BETTER_AUTH_SECRET BETTER_AUTH_SECRET=hunter2-0123456789abcdef-01234 "$database"
	refuses BETTER_AUTH_SECRET "BETTER_AUTH_SECRET=hunter2$long" "$database"
	refuses AUTH_SECRET AUTH_SECRET=hunter2 "$database"
	refuses JWT_SECRET_KEY JWT_SECRET_KEY=hunter2 "$database"
	refuses DATABASE_URL "$secret"
	refuses DATABASE_URL "$secret" DATABASE_URL=hunter2
	refuses DATABASE_URL "$secret" DATABASE_URL=mysql://root:hunter2@localhost/x
	refuses DATABASE_URL "$secret" 'DATABASE_URL=postgresql://u:hunter2@h/x?nonsense=1'
	refuses DATABASE_URL "$secret" 'DATABASE_URL=postgresql://u:hunter2@[::1/x'
	for value in 0 -1 301 five 5s 5.5 1e1 0x5 99999999999999999999; do
		refuses DATABASE_TIMEOUT_SECONDS "$secret" "$database" "DATABASE_TIMEOUT_SECONDS=$value"
	done
	refuses JWT_LEEWAY_SECONDS "$secret" "$database" JWT_LEEWAY_SECONDS=301
	refuses ACCESS_TOKEN_EXPIRE_MINUTES "$secret" "$database" ACCESS_TOKEN_EXPIRE_MINUTES=0
	refuses OWNERSHIP_FAILURE "$secret" "$database" OWNERSHIP_FAILURE=402
	refuses LOG_FORMAT "$secret" "$database" LOG_FORMAT=xml
	refuses LOG_LEVEL "$secret" "$database" LOG_LEVEL=loud
	refuses LOG_TARGET "$secret" "$database" LOG_TARGET=/var/log/x
	refuses MOUNT_PATH "$secret" "$database" MOUNT_PATH=api
	refuses JWT_ISSUER "$secret" "$database" "JWT_ISSUER=$(printf 'a\tb')"
}

judge_files() {
	printf '%s\n' "$secret" "$database" >"$work/good"
	printf '%s\n' "$secret" "$database" "JWT_ISSUER=\"hunter2" >"$work/unended"
	printf '%s\n' "$secret" "$database" "hunter2 is no setting" >"$work/nonsense"
	printf '%s\n' "$secret" "$database" "LOG_LEVEL=loud" >"$work/loud"
	starts "GATEPOST_ENV=$work/good"
	starts "GATEPOST_ENV=$work/good" UNKNOWN_NAME=1
	refuses "$work/absent" "GATEPOST_ENV=$work/absent" "$secret" "$database"
	refuses "$work" "GATEPOST_ENV=$work" "$secret" "$database"
	refuses "$work/unended" "GATEPOST_ENV=$work/unended"
	refuses "$work/nonsense" "GATEPOST_ENV=$work/nonsense"
	refuses LOG_LEVEL "GATEPOST_ENV=$work/loud"
	starts "GATEPOST_ENV=$work/loud" LOG_LEVEL=info
	judge_unreadable_file
}

judge_unreadable_file() { # root may read everything, so somebody else tries
	printf '%s\n' "$secret" "$database" >"$work/private"
	chmod 0 "$work/private"
	as=
	if [ "$(id -u)" = 0 ]; then
		as="setpriv --reuid nobody --regid nogroup --clear-groups"
		cp "$worker" "$work/worker" && chmod 755 "$work/worker"
		worker=$work/worker
	fi
	# shellcheck disable=SC2086 # words
	env -i PATH="$PATH" GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET PATH_INFO=/healthz GATEPOST_ENV="$work/private" \
		$as "$worker" </dev/null >"$work/out" 2>"$work/err"
	status=$?
	out=$(cat "$work/out") err=$(cat "$work/err")
	judge_refusal "CGI, a settings file that it may not read: one line names it" "$work/private"
}

# Parts of a query string become arguments of a CGI program (RFC 3875 section 4.4).
judge_options() {
	for option in --print-config --print-sample --help --version; do
		for variable in GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET; do
			out=$(env -i GATEPOST_ENV="$work/good" PATH_INFO=/healthz "$variable" "$worker" "$option" </dev/null 2>&1)
			case $out in
			Status:*) lacks "$option with ${variable%%=*} is not obeyed" "$out" BETTER_AUTH_SECRET ;;
			*) not_ok "$option with ${variable%%=*} is not obeyed" "$out" ;;
			esac
		done
	done
	out=$(env -i GATEPOST_ENV="$work/good" "$worker" --print-config </dev/null 2>&1)
	contains "--print-config on the command line prints the settings" "$out" "LOG_LEVEL=info"
	lacks "--print-config prints no secret and no password" "$out" hunter2
	out=$(env -i "$worker" --no-such-option </dev/null 2>&1)
	status=$?
	if [ $status -ne 0 ]; then
		contains "an unknown option is answered with help" "$out" "--print-config"
	else
		not_ok "an unknown option is an error" "$out"
	fi
}

# The same for the program that signs people in, and the settings that are its own.
judge_sign_in() {
	api_worker=$worker
	worker=$GATEPOST_BUILD/gatepost-auth.fcgi page=/api/auth/ok
	state=STATE_DIRECTORY=$work/state
	site=BETTER_AUTH_URL=https://app.example.com
	tables=SIGN_IN_DATABASE_URL=postgresql://gatepost_auth:hunter2@127.0.0.1:1/gatepost
	starts "$secret" "$site" "$state" "$tables"
	starts "$secret" "$site" "$state" "$database"
	starts "$secret" "$site" "$state" "AUTH_${database}"
	refuses BETTER_AUTH_SECRET "$site" "$state" "$tables"
	refuses SIGN_IN_DATABASE_URL "$secret" "$site" "$state"
	refuses SIGN_IN_DATABASE_URL "$secret" "$site" "$state" SIGN_IN_DATABASE_URL=hunter2
	refuses BETTER_AUTH_URL "$secret" "$state" "$tables"
	for value in app.example.com ftp://app.example.com https:// 'https://user:hunter2@app.example.com'; do
		refuses BETTER_AUTH_URL "$secret" "$state" "$tables" "BETTER_AUTH_URL=$value"
	done
	for value in '*' 'https://app.*' javascript:; do
		refuses BETTER_AUTH_TRUSTED_ORIGINS "$secret" "$site" "$state" "$tables" "BETTER_AUTH_TRUSTED_ORIGINS=$value"
	done
	for value in TOKEN_ALG=none SESSION_EXPIRES_IN=59 SESSION_UPDATE_AGE=-1 SESSION_FRESH_AGE=1d SESSION_COOKIE_CACHE=jwe \
		SESSION_COOKIE_CACHE_MAX_AGE=0 SIGN_UP=yes DELETE_USER=1 RESET_REVOKES_SESSIONS=true PASSWORD_MIN_LENGTH=0 \
		PASSWORD_MAX_LENGTH=7 SCRYPT_CONCURRENCY=0 AUTH_RATE_LIMIT=3/10s MAIL_FROM=nobody REQUIRE_EMAIL_VERIFICATION=on; do
		refuses "${value%%=*}" "$secret" "$site" "$state" "$tables" "$value"
	done
	refuses STATE_DIRECTORY "$secret" "$site" "$tables" "STATE_DIRECTORY=$work/absent"
	refuses STATE_DIRECTORY "$secret" "$site" "$tables" "STATE_DIRECTORY=$work/absent" AUTH_RATE_LIMIT=off
	printf '%s\n' "$secret" "$site" "$state" "$tables" >"$work/sign-in"
	starts "GATEPOST_ENV=$work/sign-in"
	out=$(env -i GATEPOST_ENV="$work/sign-in" "$worker" --print-config </dev/null 2>&1)
	contains "gatepost-auth.fcgi: --print-config prints the settings" "$out" "SIGN_IN_DATABASE_URL=(hidden)"
	lacks "gatepost-auth.fcgi: --print-config prints no secret and no password" "$out" hunter2
	out=$(env -i GATEPOST_ENV="$work/sign-in" GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET SCRIPT_NAME= PATH_INFO=/api/auth/ok \
		"$worker" --print-config </dev/null 2>&1)
	contains "gatepost-auth.fcgi: under a web server it takes no options" "$out" '{"ok":true}'
	worker=$api_worker page=/healthz
}

judge_values
judge_sign_in
judge_files
judge_options
finish
