#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every file of src/ and notify/ has a suite of unit tests and every suite is run; exceptions are
# named here, each with its reason. That every test of a suite is registered is seen to by the
# compiler.
set -eu

top=${srcdir:-$(dirname "$0")/..}
failures=0

# file:reason, for what only shows its worth in front of a real server
exceptions='
database:needs PostgreSQL
exchange:its handlers run behind real web servers
json_scan:judged by the suites of json and json_members
schema:needs PostgreSQL
process:made of what only a real start has
serve:the whole path runs behind real web servers
worker:needs a FastCGI server
door:a thread that serves requests, behind real web servers
doorway:sockets and their clients, behind real web servers
feed:needs PostgreSQL
gatepost-notifyd:a program
handshake:its handlers run behind real web servers
relay:needs PostgreSQL
room:its members come with sockets
socket:libwebsockets and its clients, behind real web servers
'

fail() {
	echo "check-suites: $*" >&2
	failures=$((failures + 1))
}

is_exception() {
	echo "$exceptions" | grep -q "^$1:."
}

is_run() {
	grep -q "{ \"$1\", gp_tests_$1 }" "$top/tests/unit.c"
}

is_source() {
	test -e "$top/src/$1.c" || test -e "$top/notify/$1.c"
}

seen=0
for file in "$top"/src/*.c "$top"/notify/*.c; do
	test -f "$file" || continue
	module=$(basename "$file" .c)
	case $module in
	migrations | queries) continue ;; # made from sql/, and here when it is built where its sources are
	esac
	seen=$((seen + 1))
	if is_exception "$module"; then
		test ! -e "$top/tests/test_$module.c" ||
			fail "$module has a suite and an exception; delete one"
	else
		test -e "$top/tests/test_$module.c" || fail "${file#"$top/"} has no tests/test_$module.c"
	fi
done
test "$seen" -gt 0 || fail "no file found in $top/src and $top/notify"

seen=0
for file in "$top"/tests/test_*.c; do
	test -f "$file" || continue
	suite=$(basename "$file" .c)
	suite=${suite#test_}
	seen=$((seen + 1))
	is_run "$suite" || fail "tests/test_$suite.c is not in the list of tests/unit.c"
	is_source "$suite" || fail "tests/test_$suite.c tests no file of src/ or notify/"
done
test "$seen" -gt 0 || fail "no file found in $top/tests"

for module in $(echo "$exceptions" | sed -n 's/:.*//p'); do
	is_source "$module" || fail "exception for $module.c, which does not exist in src/ or notify/"
done

test "$failures" -eq 0
