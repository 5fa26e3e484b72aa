/* SPDX-License-Identifier: Apache-2.0 */
/* gatepost-migrate: brings the database up to date, as its owner. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema.h"
#include "settings.h"

extern char **environ;

static void
print_help(FILE *out)
{
	fputs("gatepost-migrate brings the database in OWNER_DATABASE_URL up to date.\n"
	      "  --print     print the SQL instead of running it\n"
	      "  --version   print the version\n"
	      "Settings come from the environment, then from the file that GATEPOST_ENV names\n"
	      "(default " GATEPOST_ENV_DEFAULT ").\n",
	    out);
}

static int
migrate(void)
{
	struct gp_settings *settings;
	enum gp_outcome outcome;
	char problem[512];

	settings = gp_settings_load(
	    environ, GATEPOST_ENV_DEFAULT, GP_PROGRAM_MIGRATE, problem, sizeof(problem));
	if (settings == NULL) {
		fprintf(stderr, "gatepost-migrate: %s\n", problem);
		return EXIT_FAILURE;
	}
	outcome = gp_schema_apply(settings->owner_database_url, stdout, stderr);
	if (outcome == GP_ERR_SETTING)
		fputs(
		    "gatepost-migrate: OWNER_DATABASE_URL: not a PostgreSQL connection URI; it looks like "
		    "postgresql://USER:PASSWORD@HOST/DATABASE, with %XX for special characters in "
		    "the password\n",
		    stderr);
	else if (outcome == GP_OK)
		puts("the database is up to date");
	gp_settings_free(settings);
	return outcome == GP_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
main(int argc, char *argv[])
{
	if (argc == 1)
		return migrate();
	if (argc == 2 && strcmp(argv[1], "--print") == 0)
		gp_schema_print(stdout);
	else if (argc == 2 && strcmp(argv[1], "--version") == 0)
		puts("gatepost-migrate " GATEPOST_VERSION);
	else if (argc == 2 && strcmp(argv[1], "--help") == 0)
		print_help(stdout);
	else {
		print_help(stderr);
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}
