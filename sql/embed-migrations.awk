# SPDX-License-Identifier: Apache-2.0
# Turns sql/*.sql into C strings: the numbered migrations in order, and each of the other files by its name.

function name_of(path) {
	sub(/.*\//, "", path)
	sub(/\.sql$/, "", path)
	return path
}

FNR == 1 { names[++count] = name_of(FILENAME) }

{
	gsub(/\\/, "\\\\")
	gsub(/"/, "\\\"")
	texts[count] = texts[count] "\n\t    \"" $0 "\\n\""
}

END {
	print "/* Made from sql/ by sql/embed-migrations.awk. */"
	print "#include \"schema_text.h\"\n"
	print "#include <stddef.h>\n"
	print "const struct gp_migration_text gp_migration_texts[] = {"
	for (i = 1; i <= count; i++)
		if (names[i] ~ /^[0-9]+_/)
			printf "\t{ %d, \"%s\",%s },\n", names[i] + 0, names[i], texts[i]
	print "\t{ 0, NULL, NULL },\n};\n"
	for (i = 1; i <= count; i++)
		if (names[i] !~ /^[0-9]+_/)
			printf "const char gp_schema_%s[] =%s;\n", names[i], texts[i]
}
