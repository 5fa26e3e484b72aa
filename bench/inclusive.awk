# SPDX-License-Identifier: Apache-2.0
#
# Reads what callgrind wrote, and prints for each function what it cost with all that it called, by what its callers
# say: lines of KIND, FUNCTION and COST times FACTOR; `all` is the whole. What the log takes of libfcgi is the log's, what
# tag_list() takes is its own, and what libfcgi takes of itself is not counted again.

function name_of(text,  number) { # a name stands behind its number the first time only
	number = substr(text, 1, index(text, ")"))
	if (length(text) > length(number)) names[number] = substr(text, length(number) + 2)
	return names[number]
}

/^fn=/ { caller = name_of(substr($0, 4)) }
/^cfn=/ { callee = name_of(substr($0, 5)) }
/^calls=/ {
	getline
	if (callee != caller && caller !~ /^(log_fastcgi|tag_list)$/ && !(callee ~ /^FCGX/ && caller ~ /^(FCGX|0x)/)) cost[callee] += $2
}
/^(totals|summary):/ { cost["all"] = $2 }
END { for (name in cost) if (name !~ / /) print kind, name, factor * cost[name] }
