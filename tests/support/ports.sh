# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# Sourced by tests and benchmarks: ports that nobody has, and patience until somebody answers there.

is_free() { # PORT: nobody listens there
	awk -v port=":$(printf %04X "$1")" '
		$4 == "0A" && substr($2, length($2) - 4) == port { taken = 1 }
		END { exit taken }' /proc/net/tcp*
}

free_port() { # below 32768: outgoing connections borrow the ports above
	while :; do
		candidate=$((20000 + $(od -An -N2 -tu2 /dev/urandom) % 12000))
		if is_free $candidate; then break; fi
	done
	echo $candidate
}

within() { # SECONDS COMMAND...: true as soon as the command is
	tenths=$(($1 * 10))
	shift
	until "$@" >/dev/null 2>&1; do
		tenths=$((tenths - 1))
		if [ $tenths -le 0 ]; then return 1; fi
		sleep 0.1
	done
}
