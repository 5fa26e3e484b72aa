# SPDX-License-Identifier: Apache-2.0
#
# What the tables of bench/run, bench/flat and bench/servers have in common; awk is given this file before theirs.

function median_of_values(values, number,    i, j, value) {
	for (i = 2; i <= number; i++) {
		value = values[i]
		for (j = i - 1; j >= 1 && values[j] > value; j--)
			values[j + 1] = values[j]
		values[j + 1] = value
	}
	return number % 2 ? values[(number + 1) / 2] : (values[number / 2] + values[number / 2 + 1]) / 2
}

function print_head(who) {
	printf "%-28s %12s  %-10s %12s %7s  %7s\n", who, "measured", "against", "", "ratio", "target"
}

function print_row(name, measured, against, reference, ratio, sign, target, is_met) {
	printf "%-28s %12s  %-10s %12s %7s  %s %.2f  %s\n", name, measured, against, reference,
		ratio == "" ? "" : sprintf("%.2f", ratio), sign, target, is_met ? "met" : "not met"
}
