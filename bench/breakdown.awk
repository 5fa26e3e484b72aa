# SPDX-License-Identifier: Apache-2.0
#
# Prints a table with a column for each of `kinds`. The first file has lines of KIND, NAME and a figure; the second the
# rows: lines of a title, a bar, and the names whose figures are summed up in it, less those with a minus sign. With
# `rest` the last two rows are what no row has, and `all`.

function row(title, figures,  line, i) {
	line = sprintf("  %-28s", title)
	for (i = 1; i <= columns; i++) line = line sprintf("%13s", figures[i] > 0.5 ? int(figures[i] + 0.5) : "-")
	print line
}

function sum_of(kind, names,  count, name, sum, i) {
	count = split(names, name, " ")
	for (i = 1; i <= count; i++)
		sum += name[i] ~ /^-/ ? -figure[kind, substr(name[i], 2)] : figure[kind, name[i]]
	return sum + 0
}

BEGIN { columns = split(kinds, kind, " "); FS = "|" }
FNR == NR { split($0, part, " "); figure[part[1], part[2]] += part[3]; next }
FNR == 1 {
	line = sprintf("%-30s", heading)
	for (i = 1; i <= columns; i++) line = line sprintf("%13s", kind[i])
	print line
}
{
	for (i = 1; i <= columns; i++) { sums[i] = sum_of(kind[i], $2); known[i] += sums[i] }
	row($1, sums)
}
END {
	for (i = 1; i <= columns; i++) { all[i] = rest ? figure[kind[i], "all"] : known[i]; others[i] = all[i] - known[i] }
	if (rest) row("the rest", others)
	row("all", all)
}
