#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A worker that has answered a hundred thousand requests has the memory it had after the first thousand.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/memory.sh

set -u
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"

# Anonymous memory that is resident, in KiB: what the process has written to, shared libraries' code
# and what others map left aside.
memory_kib() {
	awk '$1 == "RssAnon:" { print $2 }' "/proc/$worker/status"
}

# Sixteen pages: the C library hands out and takes back the top of its heap in pages, and OpenSSL, libpq
# and libfcgi touch some of theirs on first use, which may be after the thousandth request. A leak of one
# byte in each request would be 97 KiB.
allowed_kib=64

send() { # NUMBER
	load --mix mixed --at-once 1 --requests "$1"
	wait "$loader"
	ours=${ours% "$loader"}
	equals "$1 requests are answered as they should be" "$1 0 0" \
		"$(counted answered) $(counted lost) $(counted unexpected)"
}

start_instance --workers 1
worker=$(worker_pids)
send 1000
first=$(memory_kib)
send 99000
last=$(memory_kib)
equals "it is still the same worker" "$worker" "$(worker_pids)"
if [ -n "$first" ] && [ -n "$last" ] && [ $((last - first)) -le $allowed_kib ]; then
	ok "memory after 100000 requests is that after 1000"
else
	not_ok "memory after 100000 requests is that after 1000" "$first KiB, then $last KiB"
fi
echo "# $first KiB after 1000 requests, $last KiB after 100000"
finish
