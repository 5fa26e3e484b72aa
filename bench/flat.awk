# SPDX-License-Identifier: Apache-2.0
#
# Makes the table of bench/flat from the lines that its works note. Needs bench/median.awk.

$1 == "sized" { rows_of[$2] = $3 }
$1 == "answered" { answered = $2 }

# KIND WORK ROUND RATE RATE: one side, and the other, which should be as fast.
$1 == "rows" || $1 == "tokens" {
	key = $1 " " $2
	number = ++rounds[key]
	one[key, number] = $4
	other[key, number] = $5
}

$1 == "memory" {
	processes++
	if ($2 > pss) {
		pss = $2
		private = $3
		resident = $4
	}
}

$1 == "start" {
	median_ms[$2] = $3
	fastest_ms[$2] = $4
}

function row(name, key, against, target,    i, ones, others, ratios, ratio, number) {
	number = rounds[key]
	if (!number)
		return
	for (i = 1; i <= number; i++) {
		ones[i] = one[key, i]
		others[i] = other[key, i]
		ratios[i] = other[key, i] / one[key, i]
	}
	ratio = median_of_values(ratios, number)
	print_row(name, sprintf("%.0f/s", median_of_values(others, number)), against,
		sprintf("%.0f/s", median_of_values(ones, number)), ratio, ">=", target, ratio >= target)
}

function memory_row() {
	if (processes)
		print_row("memory of a worker (Pss)", sprintf("%.2f MiB", pss / 1024), "private", sprintf("%.2f MiB", private / 1024), "",
			"<=", 3, pss <= 3 * 1024)
}

function start_row(what, target) {
	if (what in median_ms)
		print_row("start, " what " database", sprintf("%.1f ms", median_ms[what]), "fastest", sprintf("%.1f ms", fastest_ms[what]), "",
			"<=", target, median_ms[what] <= target)
}

END {
	print_head("gatepost")
	row("list of 20, " rows_of["large"] " rows", "rows list", rows_of["small"] " rows", 0.90)
	row("get one, " rows_of["large"] " rows", "rows get", rows_of["small"] " rows", 0.90)
	row("list of 20, many users", "tokens list", "one user", 0.95)
	memory_row()
	start_row("without", 10)
	start_row("with", 20)
	if (processes)
		printf "\nmemory: the largest of %d workers after %d mixed requests each, of %.1f MiB resident\n", processes, answered, resident / 1024
}
