# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034,SC2154
#
# Sourced by quickstart: one account in Better Auth's tables, so that there is somebody to sign in as,
# whatever the settings say about signing up. Id and password are made once per directory. Knows Better
# Auth's password hash and psql's way to a database given by URL.

demo_email=demo@example.com

make_demo_account() {
	demo_id=$(kept demo-id random_letters 32) &&
	demo_password=$(kept demo-password random_letters 20) &&
	demo_hash=$(kept demo-password-hash hash_password "$demo_password") || return 1
	owner_psql >>"$dir/log/migrate.log" 2>&1 <<-EOF
		begin;
		-- gatepost has views of tables whose columns have other names than Better Auth's own.
		set local search_path = gatepost, public;
		set local timezone = 'UTC';
		insert into "user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
		values ('$demo_id', 'Demo', '$demo_email', true,
		    date_trunc('milliseconds', now()), date_trunc('milliseconds', now()))
		on conflict do nothing;
		-- The password may have been changed since; the one that is printed is to work.
		delete from account where "providerId" = 'credential' and "userId" = '$demo_id';
		insert into account (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
		values ('$(random_letters 32)', '$demo_id', 'credential', '$demo_id', '$demo_hash',
		    date_trunc('milliseconds', now()), date_trunc('milliseconds', now()));
		commit;
	EOF
}

# scrypt as Better Auth has it: the salt is the text of its 32 digits, and is stored in front. The
# password comes on standard input, because arguments are visible to everybody on the machine.
hash_password() { # PASSWORD
	salt=$(random_hex 16)
	key=$(printf %s "$1" | openssl pkeyutl -kdf scrypt -kdflen 64 -pkeyopt_passin pass:stdin \
		-pkeyopt hexsalt:"$(printf %s "$salt" | hex)" -pkeyopt N:16384 -pkeyopt r:16 -pkeyopt p:1 \
		-pkeyopt maxmem_bytes:67108864 | hex)
	[ ${#key} -eq 128 ] && echo "$salt:$key"
}

owner_psql() { # the password goes another way than the rest of the URL, for the same reason
	address=$(printf %s "$OWNER_DATABASE_URL" | sed 's/^[a-z]*+[a-z0-9]*:/postgresql:/; s/\([?&]\)ssl=/\1sslmode=/')
	password=$(printf %s "$address" | sed -n 's,^[a-z]*://[^:@/]*:\([^@/]*\)@.*,\1,p' | percent_decoded)
	address=$(printf %s "$address" | sed 's,^\([a-z]*://[^:@/]*\):[^@/]*@,\1@,')
	PGPASSWORD=$password psql -X -q -v ON_ERROR_STOP=1 "$address"
}

percent_decoded() {
	awk '{
		while ((at = match($0, /%[0-9A-Fa-f][0-9A-Fa-f]/))) {
			digits = toupper(substr($0, at + 1, 2))
			code = 16 * (index("0123456789ABCDEF", substr(digits, 1, 1)) - 1) + index("0123456789ABCDEF", substr(digits, 2)) - 1
			out = out substr($0, 1, at - 1) sprintf("%c", code)
			$0 = substr($0, at + 3)
		}
		print out $0
	}'
}

mint_demo_token() {
	as_user "$web_user" env GATEPOST_ENV="$dir/env" "$dir/program/bin/gatepost-token" \
		mint --sub "$demo_id" --email "$demo_email" --name Demo 2>>"$dir/log/token.log"
}
