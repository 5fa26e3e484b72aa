# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# Sourced by the shell tests: one line for each thing that was judged, a last line of totals, and for
# each failure how to run it again. Also reads settings files.

passed=0
failed=0
again="sh $0 $*"

ok() { # NAME
	echo "ok - $1"
	passed=$((passed + 1))
}

not_ok() { # NAME [WHAT CAME]
	echo "not ok - $1"
	if [ $# -gt 1 ]; then printf '%s\n' "$2" | head -n 20 | sed 's/^/#   /'; fi
	echo "#   run it again: $again"
	failed=$((failed + 1))
}

equals() { # NAME EXPECTED GIVEN
	if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" "expected: $2
given: $3"; fi
}

holds() { # NAME COMMAND...
	name=$1
	shift
	if said=$("$@" 2>&1); then ok "$name"; else not_ok "$name" "$* fails: $said"; fi
}

contains() { # NAME TEXT PART
	case $2 in
	*"$3"*) ok "$1" ;;
	*) not_ok "$1" "no '$3' in: $2" ;;
	esac
}

lacks() { # NAME TEXT PART
	case $2 in
	*"$3"*) not_ok "$1" "'$3' in: $2" ;;
	*) ok "$1" ;;
	esac
}

finish() { # the last line; the result is the exit status
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

give_up() { # a test that cannot find its own input has not passed
	not_ok "${0##*/} can run" "$*"
	finish
	exit 1
}

setting() { # FILE NAME: the value, without quotes
	sed -n "s/^$2=//p" "$1" | tail -n 1 | sed "s/^'\\(.*\\)'\$/\\1/"
}
