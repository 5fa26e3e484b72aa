# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034,SC2154
#
# Sourced by quickstart: secrets, made once per directory and kept in DIR/secrets, and DIR/env, which
# holds the settings in force.

random_hex() { # BYTES
	od -An -v -tx1 -N "$1" /dev/urandom | tr -d ' \n'
}

hex() {
	od -An -v -tx1 | tr -d ' \n'
}

random_letters() { # LENGTH
	tr -dc a-zA-Z0-9 </dev/urandom | head -c "$1"
}

kept() { # NAME COMMAND...: what the command printed at the first start, and ever after
	kept_file=$dir/secrets/$1
	shift
	if [ ! -s "$kept_file" ]; then
		"$@" >"$kept_file.new" && mv "$kept_file.new" "$kept_file"
	fi
	cat "$kept_file"
}

uses_private_cluster() {
	[ -z "$given_database_url" ] || [ -z "$given_owner_url" ]
}

# What the caller's environment does not say, but the programs need.
complete_settings() {
	if uses_private_cluster; then
		# libpq takes a directory with PostgreSQL's socket as host, percent-encoded.
		pg_host=$(printf %s "$pg_socket_dir" | sed 's,/,%2F,g; s,@,%40,g')
		DATABASE_URL=${DATABASE_URL:-postgresql://gatepost_api:$api_password@$pg_host:$pg_port/gatepost}
		OWNER_DATABASE_URL=${OWNER_DATABASE_URL:-postgresql://gatepost:$owner_password@127.0.0.1:$pg_port/gatepost}
		# Not where the programs were told of another database; then sign-in goes there, too.
		if [ -z "$given_database_url${AUTH_DATABASE_URL:-}" ]; then
			SIGN_IN_DATABASE_URL=${SIGN_IN_DATABASE_URL:-postgresql://gatepost_auth:$auth_password@$pg_host:$pg_port/gatepost}
		fi
		if [ -z "$given_database_url" ]; then
			NOTIFY_DATABASE_URL=${NOTIFY_DATABASE_URL:-postgresql://gatepost_notify:$notify_password@$pg_host:$pg_port/gatepost}
		fi
	fi
	# The role that may, or the owner of the tables; the API's own role may not.
	NOTIFY_DATABASE_URL=${NOTIFY_DATABASE_URL:-$OWNER_DATABASE_URL}
	NOTIFY_LISTEN=$notify_socket
	# The pages work at either name of this machine, as long as nobody says otherwise.
	if [ -z "${BETTER_AUTH_URL:-}" ]; then
		BETTER_AUTH_URL=$url
		BETTER_AUTH_TRUSTED_ORIGINS=${BETTER_AUTH_TRUSTED_ORIGINS-http://localhost:$port}
	fi
	DELETE_USER=${DELETE_USER-on} # so that all of the account's page can be tried
	find_auth_path
	JWKS_CACHE_DIRECTORY=${JWKS_CACHE_DIRECTORY:-$dir/cache}
	STATE_DIRECTORY=${STATE_DIRECTORY:-$dir/state}
	JWKS_FETCH_PROGRAM=${JWKS_FETCH_PROGRAM:-$dir/program/libexec/gatepost/gatepost-fetch-jwks}
	MAIL_DIRECTORY=${MAIL_DIRECTORY:-$dir/program/share/gatepost/mail}
	# Not where there is a list of secrets or another name for it, which a random one would outrank.
	if [ -z "${BETTER_AUTH_SECRETS:-}" ]; then
		BETTER_AUTH_SECRET=${BETTER_AUTH_SECRET:-${AUTH_SECRET:-${JWT_SECRET_KEY:-$(kept auth-secret random_hex 32)}}}
	fi
}

# Where the endpoints for sign-in are: the path of BETTER_AUTH_URL, or Better Auth's own.
find_auth_path() {
	auth_path=$(printf %s "$BETTER_AUTH_URL" | sed 's,^[^:]*://[^/?#]*,,; s,[?#].*,,; s,/*$,,')
	auth_path=${auth_path:-/api/auth}
	# It gets into the web server's settings as it is.
	case $auth_path in
	*[!A-Za-z0-9/._~-]*) fail "BETTER_AUTH_URL: quickstart takes a path of letters, digits and /._~- only, not: $auth_path" ;;
	esac
}

write_settings() {
	complete_settings
	[ -r "$top/gatepost.env.sample" ] || fail "$top/gatepost.env.sample is missing"
	rm -f "$dir/env.new"
	(umask 077 && : >"$dir/env.new")
	names=$(sed -n 's/^#\{0,1\}\([A-Z_][A-Z0-9_]*\)=.*/\1/p' "$top/gatepost.env.sample")
	for name in $(printf '%s\n' "$names" | sort); do
		eval "given=\${$name+yes} value=\${$name-}"
		if [ -n "$given" ]; then write_setting "$name" "$value" >>"$dir/env.new"; fi
	done
	if [ "$uid" = 0 ]; then
		chmod 640 "$dir/env.new"
		chgrp "$(id -g "$web_user")" "$dir/env.new"
	fi
	mv "$dir/env.new" "$dir/env"
}

write_setting() { # NAME VALUE, quoted as dotenv has it
	case $2 in
	*"
"*) fail "$1 contains a line break, which $dir/env cannot hold" ;;
	*"'"*) printf '%s="%s"\n' "$1" "$(printf %s "$2" | sed 's/[\\"$]/\\&/g')" ;;
	*[!A-Za-z0-9_./:@,+=%-]*) printf "%s='%s'\n" "$1" "$2" ;;
	*) printf '%s=%s\n' "$1" "$2" ;;
	esac
}
