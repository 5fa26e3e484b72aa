#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every fuzz target judges its corpus, built by the ordinary compiler; run in the build directory.

set -u
top=$(cd "$(dirname "$0")/../.." && pwd -P)
. "$top/tests/support/report.sh"

found=0
for source in "$top"/tests/fuzz/*.c; do
	name=$(basename "$source" .c)
	if [ "$name" = replay ]; then continue; fi
	found=$((found + 1))
	# On failure the last file that was printed is the one to look at.
	if said=$("./fuzz-replay-$name" "$top/tests/fuzz/corpus/$name" 2>&1); then
		ok "fuzz_corpus_$name"
	else
		not_ok "fuzz_corpus_$name" "$(printf '%s\n' "$said" | grep -v /corpus/ | head -n 15
			printf '%s\n' "$said" | grep /corpus/ | tail -n 1)"
	fi
done
if [ $found -eq 0 ]; then give_up "no target in tests/fuzz"; fi
finish
