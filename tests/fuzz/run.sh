#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fuzzes parsers with clang's libFuzzer, AddressSanitizer and UndefinedBehaviorSanitizer. What it
# finds stays in BUILD-DIR/findings/; a minimised one belongs into tests/fuzz/corpus/.

set -u
top=$(cd "$(dirname "$0")/../.." && pwd -P)
if [ $# -lt 2 ]; then
	echo "usage: tests/fuzz/run.sh BUILD-DIR SECONDS [TARGET...]" >&2
	exit 2
fi
. "$top/tests/support/report.sh"

mkdir -p "$1/findings" || give_up "no directory $1"
build=$(cd "$1" && pwd -P)
seconds=$2
shift 2
if [ $# -eq 0 ]; then
	# shellcheck disable=SC2046 # names without spaces
	set -- $(cd "$top/tests/fuzz/corpus" && ls)
fi
scratch=$(mktemp -d) || give_up "no scratch directory"
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

prepare() {
	cd "$build" || return 1
	if [ ! -e Makefile ]; then
		"$top/configure" --quiet --enable-sanitizers CC=clang CFLAGS='-O1 -g -fsanitize=fuzzer-no-link' || return 1
	fi
	make src/queries.h libgatepost.a
}

fuzz() { # TARGET: what libFuzzer says is left in $scratch/TARGET.log
	if ! make -C "$build" fuzzer NAME="$1" >"$scratch/$1.log" 2>&1; then return 1; fi
	mkdir "$scratch/$1"
	if ! cp "$top/tests/fuzz/corpus/$1"/* "$scratch/$1"; then return 1; fi
	"$build/fuzz-$1" -max_total_time="$seconds" -max_len=4096 -timeout=10 -print_final_stats=1 \
		-artifact_prefix="$build/findings/$1-" "$scratch/$1" >"$scratch/$1.log" 2>&1
}

statistic() { # TARGET NAME
	sed -n "s/^stat::$2: *//p" "$scratch/$1.log"
}

if ! said=$(prepare 2>&1); then give_up "$said"; fi
for name; do
	fuzz "$name"
	status=$?
	executions=$(statistic "$name" number_of_executed_units)
	if [ $status -eq 0 ] && [ "${executions:-0}" -gt 0 ]; then
		ok "fuzz_$name"
	else
		not_ok "fuzz_$name" "$(grep -v '^stat::\|^#' "$scratch/$name.log" | tail -n 40)"
	fi
	echo "#   $name: ${executions:-0} executions, $(statistic "$name" average_exec_per_sec) a second, $(
		find "$build/findings" -name "$name-*" | wc -l
	) findings"
done
finish
