# SPDX-License-Identifier: Apache-2.0
#
# Makes the tables of bench/run from lines of ROUND WORK WHO ANSWERS-A-SECOND MEDIAN-US P99-US. A ratio is made within
# each round, and the median of the rounds' ratios is shown: what else goes on in a round slows both sides of it.
# Needs bench/median.awk.

{
	if ($1 > rounds)
		rounds = $1
	key = $2 SUBSEP $3
	rate[key, $1] = $4
	p50[key, $1] = $5
	p99[key, $1] = $6
	seen[key] = 1
	if (!(key in place))
		place[key] = ++count
	if ($3 !~ /^(gatepost|hello|constant|plain|bare|whole)$/)
		is_peer[$3] = 1
}

function median(what, key,    i, values) {
	for (i = 1; i <= rounds; i++)
		values[i] = what[key, i]
	return median_of_values(values, rounds)
}

function extreme(key, sign,    i, best) {
	best = rate[key, 1]
	for (i = 2; i <= rounds; i++)
		if (sign * rate[key, i] > sign * best)
			best = rate[key, i]
	return best
}

# The bound of one round: both ceilings are paid, one after the other, and nothing else.
function limit_in(round, work, ceiling) {
	return 1 / (1 / rate["hello", "hello", round] + 1 / rate[work, ceiling, round])
}

# One row; `against` is limit, or the name of one who did `other`.
function row(name, work, other, against, target,    i, values, ratios, ratio) {
	if (!((work, "gatepost") in seen) || against != "limit" && !((other, against) in seen) ||
	    against == "limit" && !(("hello", "hello") in seen && (other, "plain") in seen))
		return
	for (i = 1; i <= rounds; i++) {
		values[i] = against == "limit" ? limit_in(i, other, "plain") : rate[other, against, i]
		ratios[i] = rate[work, "gatepost", i] / values[i]
	}
	ratio = median_of_values(ratios, rounds)
	print_row(name, sprintf("%.0f/s", median(rate, work SUBSEP "gatepost")), against,
		sprintf("%.0f/s", median_of_values(values, rounds)), ratio, ">=", target, ratio >= target)
}

function late_row(name, work, other, against,    i, ratios, ratio) {
	if (!((work, "gatepost") in seen) || !((other, against) in seen))
		return
	for (i = 1; i <= rounds; i++)
		ratios[i] = p99[work, "gatepost", i] / p99[other, against, i]
	ratio = median_of_values(ratios, rounds)
	print_row("p99 of " name, sprintf("%.2f ms", median(p99, work SUBSEP "gatepost") / 1000), against,
		sprintf("%.2f ms", median(p99, other SUBSEP against) / 1000), ratio, "<=", 2, ratio <= 2)
}

function peer_row(name, work, target,    who, best) {
	for (who in is_peer)
		if ((work, who) in seen && (best == "" || median(rate, work SUBSEP who) > median(rate, work SUBSEP best)))
			best = who
	if (best != "")
		row(name, work, work, best, target)
}

# What share of the limit it is, by what PostgreSQL is asked for that.
function shares(work, other,    i, n, ceilings, k, ratios) {
	if (!((work, "gatepost") in seen) || !((other, "bare") in seen))
		return
	printf "%-14s", work
	n = split("plain bare whole", ceilings, " ")
	for (k = 1; k <= n; k++) {
		for (i = 1; i <= rounds; i++)
			ratios[i] = rate[work, "gatepost", i] / limit_in(i, other, ceilings[k])
		printf " %8.2f", median_of_values(ratios, rounds)
	}
	print ""
}

function figures(    key, order, part, i) {
	for (key in place)
		order[place[key]] = key
	printf "%-14s %-10s %12s %12s %12s %10s %10s\n", "work", "who", "median/s", "lowest", "highest", "p50 ms", "p99 ms"
	for (i = 1; i <= count; i++) {
		key = order[i]
		split(key, part, SUBSEP)
		printf "%-14s %-10s %12.0f %12.0f %12.0f", part[1], part[2], median(rate, key), extreme(key, -1), extreme(key, 1)
		if (p99[key, 1] > 0)
			printf " %10.2f %10.2f", median(p50, key) / 1000, median(p99, key) / 1000
		print ""
	}
}

END {
	figures()
	print ""
	print_head("gatepost")
	row("refused token (401)", "refused", "hello", "hello", 0.95)
	row("list of 20, JWT", "list", "list", "limit", 0.90)
	peer_row("list of 20, JWT", "list", 1.9)
	row("get one", "get", "get", "limit", 0.90)
	peer_row("get one", "get", 1.05)
	row("create", "create", "create", "limit", 0.90)
	peer_row("create", "create", 1.2)
	row("list of 20, session", "list_session", "list", "limit", 0.80)
	row("guarded file, JWT", "guard", "guard", "constant", 0.90)
	late_row("refused token", "refused", "hello", "hello")
	late_row("list of 20, JWT", "list", "hello", "hello")
	late_row("list of 20, session", "list_session", "hello", "hello")
	late_row("get one", "get", "hello", "hello")
	late_row("create", "create", "hello", "hello")
	late_row("guarded file, JWT", "guard", "guard", "constant")
	if (("list", "bare") in seen || ("get", "bare") in seen || ("create", "bare") in seen) {
		printf "\n%-14s %8s %8s %8s\n", "of limit with", "plain", "bare", "whole"
		shares("list", "list")
		shares("list_session", "list")
		shares("get", "get")
		shares("create", "create")
	}
}
