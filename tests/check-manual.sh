#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The manual pages are well-formed, and every setting of the table has its entry in gatepost.env(5).

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

for page in "$top"/man/*.[158]; do
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

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
