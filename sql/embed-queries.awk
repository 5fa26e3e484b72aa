# SPDX-License-Identifier: Apache-2.0
# Turns sql/query/*.sql into C: with -v part=header the enum, with -v part=table the texts.
# The file's name is the query's name; `-- kind: write` marks a statement that changes rows, and
# `-- by: uuid id` makes one statement for each of these columns, which takes the place of {key}.

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

/^-- by: / { keys[count] = substr($0, length("-- by: ") + 1) }

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

# The statements of file `i`, into variant_names and variant_texts; returns how many.
function variants(i, columns, n, j) {
	n = split(keys[i], columns, " ")
	if (n == 0) {
		variant_names[1] = names[i]
		variant_texts[1] = texts[i]
		return 1
	}
	for (j = 1; j <= n; j++) {
		variant_names[j] = names[i] "_by_" columns[j]
		variant_texts[j] = texts[i]
		gsub(/\{key\}/, columns[j], variant_texts[j])
	}
	return n
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
		for (i = 1; i <= count; i++) {
			n = variants(i)
			for (j = 1; j <= n; j++)
				print "\tGP_QUERY_" toupper(variant_names[j]) ","
		}
		print "\tGP_QUERY_COUNT\n};\n\n#endif"
		exit
	}
	print "#include \"queries.h\"\n#include \"query_text.h\"\n"
	print "const struct gp_query_text gp_query_texts[GP_QUERY_COUNT] = {"
	for (i = 1; i <= count; i++) {
		if (kinds[i] == "")
			fail(names[i] ".sql: needs a line -- kind: read or -- kind: write")
		n = variants(i)
		for (j = 1; j <= n; j++)
			printf "\t{ \"%s\", %d, %d,%s },\n", variant_names[j], parameters[i], kinds[i] == "write", variant_texts[j]
	}
	print "};"
}
