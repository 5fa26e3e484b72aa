# SPDX-License-Identifier: Apache-2.0
#
# The table of bench/servers: medians of the rounds. Of a hundred requests so many were answered with an error, and so
# many found that the server had ended the connection that they came on, as Apache does when it is short of threads.
# Needs bench/median.awk.

BEGIN { print "server              workers  queue  connections   list/s   p50 ms   p99 ms  error %  ended %" }

{
	line = sprintf("%-20s%7d%7d%13d", $1, $2, $3, $4)
	if (line != head) finish()
	head = line
	rates[++count] = $5
	medians[count] = $6
	p99s[count] = $7
	requests += $8
	refused += $9
	ended += $10
}

END { finish() }

function finish() {
	if (count)
		printf "%s%9.0f%9.2f%9.2f%9.2f%9.2f\n", head, median_of_values(rates, count), median_of_values(medians, count) / 1000,
			median_of_values(p99s, count) / 1000, 100 * refused / requests, 100 * ended / requests
	count = requests = refused = ended = 0
}
