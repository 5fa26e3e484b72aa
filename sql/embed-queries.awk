# SPDX-License-Identifier: Apache-2.0
# Turns sql/query/*.sql into C: with -v part=header the enum, with -v part=table the texts.
# The file's name is the query's name; `-- kind: write` marks a statement that changes rows.

function name_of(path) {
	sub(/.*\//, "", path)
	sub(/\.sql$/, "", path)
	return path
}

FNR == 1 {
	names[++count] = name_of(FILENAME)
	if ($0 !~ "^-- " names[count] ": ")
		fail(FILENAME ": the first line must be -- " names[count] ": what it does")
}

/^-- kind: (read|write)$/ { kinds[count] = $3 }

!/^--/ && NF {
	gsub(/\\/, "\\\\")
	gsub(/"/, "\\\"")
	texts[count] = texts[count] "\n\t    \"" $0 "\\n\""
	for (rest = $0; match(rest, /\$[0-9]+/); rest = substr(rest, RSTART + RLENGTH)) {
		number = substr(rest, RSTART + 1, RLENGTH - 1) + 0
		if (number > parameters[count])
			parameters[count] = number
	}
}

function fail(message) {
	print message > "/dev/stderr"
	failed = 1
	exit 1
}

END {
	if (failed)
		exit 1
	print "/* Made from sql/query by sql/embed-queries.awk. */"
	if (part == "header") {
		print "#ifndef GP_QUERIES_H\n#define GP_QUERIES_H\n\nenum gp_query {"
		for (i = 1; i <= count; i++)
			print "\tGP_QUERY_" toupper(names[i]) ","
		print "\tGP_QUERY_COUNT\n};\n\n#endif"
		exit
	}
	print "#include \"queries.h\"\n#include \"query_text.h\"\n"
	print "const struct gp_query_text gp_query_texts[GP_QUERY_COUNT] = {"
	for (i = 1; i <= count; i++) {
		if (kinds[i] == "")
			fail(names[i] ".sql: needs a line -- kind: read or -- kind: write")
		printf "\t{ \"%s\", %d, %d,%s },\n", names[i], parameters[i], kinds[i] == "write", texts[i]
	}
	print "};"
}
