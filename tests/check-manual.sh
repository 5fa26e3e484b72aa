#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The manual pages are well-formed, every setting of the table has its entry in gatepost.env(5), and
# gatepost.fcgi(8) says of web servers what the tests hold them to.

set -u
top=$(cd "$(dirname "$0")/.." && pwd -P)
passed=0 failed=0

judge() { # STATUS NAME
	if [ "$1" -eq 0 ]; then
		echo "ok - $2"
		passed=$((passed + 1))
	else
		echo "not ok - $2"
		echo "#   run it again: tests/check-manual.sh"
		failed=$((failed + 1))
	fi
}

for page in "$top"/man/*.[1578]; do
	mandoc -Tlint -W warning "$page"
	judge $? "manual_page_is_well_formed_${page##*/}"
done

names=$(sed -n 's/^#\([A-Z_]*\)=.*/\1/p' "$top/gatepost.env.sample")
[ -n "$names" ]
judge $? "sample_file_names_settings"
for name in $names; do
	grep -q "^\.It Ev $name\$" "$top/man/gatepost.env.5"
	judge $? "manual_documents_$name"
done

# Where web servers differ: the tests' own table, in which a negative status is the server's own.
differences() {
	sed -n 's/^	\[GP_[A-Z0-9_]*\] = { \(-*[0-9].*\) },$/\1/p' "$top/tests/http/server.c" |
		sed 's/-\([0-9][0-9]*\)/(\1)/g; s/\<0\>/-/g; s/,//g'
}
documented_differences() {
	sed -n '/^\.Sh WEB SERVERS/,/^\.Ed/p' "$top/man/gatepost.fcgi.8" |
		awk '$NF ~ /^([(]?[0-9]+[)]?|-)$/ { print $(NF-5), $(NF-4), $(NF-3), $(NF-2), $(NF-1), $NF }'
}
[ -n "$(differences)" ] && [ "$(differences)" = "$(documented_differences)" ]
judge $? "manual_documents_where_web_servers_differ"

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
