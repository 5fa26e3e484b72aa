# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034,SC2154
#
# Sourced by bench/run: answers a second and the 99th percentile by connections and by workers, for hello and for
# gatepost's list, as SVG.

# One line for each number: NUMBER HELLO-RATE HELLO-P99-US LIST-RATE LIST-P99-US
draw_by_connections() { # DIRECTORY
	for number in $picture_connections; do picture_point "$number" "$number"; done >"$work/connections"
	draw connections "connections, with $workers workers" "$1"
}

draw_by_workers() { # DIRECTORY
	for number in $picture_workers; do
		employ "$number"
		picture_point "$number" 16
	done >"$work/workers"
	employ "$workers"
	draw workers "workers, with 16 connections" "$1"
}

picture_point() { # NUMBER CONNECTIONS
	load_web hello hello "$2" "$picture_seconds"
	printf '%s %s %s ' "$1" "$rate" "$p99_us"
	load_web list gatepost "$2" "$picture_seconds"
	printf '%s %s\n' "$rate" "$p99_us"
}

# Others for the instance's workers and hello's, on the same sockets.
employ() { # WORKERS
	if [ -z "${list_pool:-}" ]; then list_pool=$(cat "$instance/pid/workers"); fi
	stop_pool "$list_pool"
	stop_pool "$hello_pool"
	within 10 test ! -d "/proc/$list_pool" || give_up "the workers do not end"
	start_pool "$hello_socket" "$1" "" "$work/bench-hello"
	hello_pool=$pool
	start_pool "$(sed -n 's/^var.gatepost_socket = "\(.*\)"/\1/p' "$instance/conf/lighttpd.conf")" "$1" "$instance/env" \
		"$instance/program/libexec/gatepost/gatepost.fcgi"
	list_pool=$pool
	within 10 curl -q -s -f -o "$work/answer" --noproxy '*' --max-time 5 "$gatepost_url/readyz" || give_up "$1 workers do not answer"
	sleep 1
}

draw() { # NAME AXIS DIRECTORY
	gnuplot 2>"$work/log/gnuplot" <<-END || give_up "gnuplot fails: $(tail -n 3 "$work/log/gnuplot")"
		set terminal svg size 900,420 font "sans-serif,13" background "white"
		set output "$3/$1.svg"
		set multiplot layout 1,2
		set logscale x 2
		set xlabel "$2"
		set xtics ($(awk '{ printf "%s%s", comma, $1; comma = "," }' "$work/$1"))
		set grid
		set key outside top center horizontal
		set xrange [0.9:$(awk 'END { print $1 * 1.1 }' "$work/$1")]
		set yrange [0:*]
		set style data linespoints
		set title "answers a second"
		plot "$work/$1" using 1:2 title "hello" lw 2 pt 7, "" using 1:4 title "list of 20" lw 2 pt 5
		set title "99th percentile, ms"
		plot "$work/$1" using 1:(\$3/1000) title "hello" lw 2 pt 7, "" using 1:(\$5/1000) title "list of 20" lw 2 pt 5
		unset multiplot
	END
	cat "$work/$1" >"$3/$1.txt"
	echo "$3/$1.svg"
}
