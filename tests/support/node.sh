# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034,SC2154
#
# Sourced by the tests that run on Node. The caller has set top, and has a give_up that takes what failed
# and where to read why.

# What the packages need: Node 20 since 20.19, or 22.12 and later.
is_recent() { # NODE
	command -v "$1" >/dev/null && "$1" -e '
		const [major, minor] = process.versions.node.split(".").map(Number);
		process.exit((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22 ? 0 : 1)'
}

# Debian 12 has a Node that is too old, though not for its npm, which can fetch a newer one.
find_node() { # LOG
	if ! is_recent node || ! command -v npm >/dev/null; then
		"$top/tools/install-packages" nodejs npm >"$1" 2>&1 || give_up "Debian's Node could not be installed" "see $1"
	fi
	if is_recent node; then optional=--omit=optional; else optional=--include=optional; fi
}

# Copy the modules of a directory to another one, with the packages of its lock file. Sets node, the
# program to run them with.
install_modules() { # FROM TO
	mkdir -p "$2" || exit 1
	find_node "$2/packages.log"
	cp "$1/package.json" "$1/package-lock.json" "$1/.npmrc" "$1"/*.mjs "$2" || exit 1
	installed="$optional $(cksum <"$1/package-lock.json")"
	if [ "$(cat "$2/installed" 2>/dev/null)" != "$installed" ]; then
		rm -f "$2/installed"
		(cd "$2" && npm ci "$optional") >"$2/npm.log" 2>&1 || give_up "npm ci failed" "see $2/npm.log"
		echo "$installed" >"$2/installed"
	fi
	choose_node "$2"
}

choose_node() { # DIRECTORY, with its packages: sets node
	for node in node "$1"/node_modules/node-linux-*/bin/node; do
		if is_recent "$node"; then return 0; fi
	done
	give_up "no Node that is recent enough runs here" "see $1/npm.log"
}
