# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034,SC2154
#
# Sourced by bench/run: Fastify on Node, from npm, with a process for each of two processors and no web server in front.
# shellcheck source=bench/peers/process.sh
. "$top/bench/peers/process.sh"
# shellcheck source=tests/support/node.sh
. "$top/tests/support/node.sh"

node_packages=
node_pid=

node_list_path=/tasks
node_get_path() { # ID
	echo "/tasks/$1"
}
node_create_path=/tasks
node_create_body='{"text":"Water the plants","description":"All of them, and the ones by the door twice"}'

node_start() { # DIRECTORY PORT DATABASE-URL SECRET
	# The packages are fetched once for a build directory, which may be closed to the web server's user.
	node_modules=${GATEPOST_BUILD:-$top/build}/bench-fastify
	install_modules "$top/bench/peers/fastify" "$node_modules"
	peer_directory "$1/node"
	cp -R "$node_modules/." "$1/node" || give_up "the packages cannot be copied"
	choose_node "$1/node"
	peer_start_unprivileged "$1/node.log" env NODE_ENV=production DATABASE_URL="$3" BETTER_AUTH_SECRET="$4" PORT="$2" "$node" "$1/node/server.mjs"
	node_pid=$peer_pid
	peer_wait node "$2" "$1/node.log" "$node_pid"
}

node_stop() {
	peer_end "$node_pid"
	node_pid=
}
