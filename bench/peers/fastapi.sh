# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034,SC2154
#
# Sourced by bench/run: FastAPI under uvicorn, from Debian's packages, with a process for each of two processors.
# shellcheck source=bench/peers/process.sh
. "$top/bench/peers/process.sh"

fastapi_packages="python3-fastapi python3-uvicorn python3-uvloop python3-httptools python3-asyncpg python3-jose python3-ujson"
fastapi_pid=

fastapi_list_path=/tasks
fastapi_get_path() { # ID
	echo "/tasks/$1"
}
fastapi_create_path=/tasks
fastapi_create_body='{"text":"Water the plants","description":"All of them, and the ones by the door twice"}'

fastapi_start() { # DIRECTORY PORT DATABASE-URL SECRET
	fastapi_directory=$1/fastapi
	peer_directory "$fastapi_directory"
	# A clone may be closed to the web server's user.
	cp "$top/bench/peers/fastapi/application.py" "$fastapi_directory" || give_up "the application cannot be copied"
	# Both processes wait for clients at one socket, and the first to wake would take all of them: it shall take one.
	peer_start_unprivileged "$1/fastapi.log" env DATABASE_URL="$3" BETTER_AUTH_SECRET="$4" PYTHONDONTWRITEBYTECODE=1 UV_TCP_SINGLE_ACCEPT=1 \
		/usr/bin/python3 -m uvicorn --app-dir "$fastapi_directory" --host 127.0.0.1 --port "$2" --workers 2 \
		--loop uvloop --http httptools --ws none --no-access-log --log-level warning application:app
	fastapi_pid=$peer_pid
	peer_wait fastapi "$2" "$1/fastapi.log" "$fastapi_pid"
}

fastapi_stop() {
	peer_end "$fastapi_pid"
	fastapi_pid=
}
