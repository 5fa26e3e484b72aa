/* SPDX-License-Identifier: Apache-2.0 */
/* Connection URIs of Python applications, and what libpq has to read in their place. */
#include "database_url.h"

#include <stdlib.h>
#include <string.h>

#include "runner.h"
#include "unit.h"

static void
translates_drivers_and_ssl(void)
{
	static const struct {
		const char *theirs, *ours;
	} rows[] = {
		{ "postgresql://u:p@h/d", "postgresql://u:p@h/d" },
		{ "postgres://u:p@h/d", "postgres://u:p@h/d" },
		{ "postgresql+asyncpg://u:p@h/d", "postgresql://u:p@h/d" },
		{ "postgresql+psycopg2://u:p+q@h/d", "postgresql://u:p+q@h/d" },
		{ "postgresql://u:p+q@h/d", "postgresql://u:p+q@h/d" },
		{ "postgresql+asyncpg://u@h/d?ssl=require", "postgresql://u@h/d?sslmode=require" },
		{ "postgresql://u@h/d?ssl=true", "postgresql://u@h/d?sslmode=require" },
		{ "postgresql://u@h/d?ssl=True", "postgresql://u@h/d?sslmode=require" },
		{ "postgresql://u@h/d?ssl=false", "postgresql://u@h/d?sslmode=disable" },
		{ "postgresql://u@h/d?ssl=truely", "postgresql://u@h/d?sslmode=truely" },
		{ "postgresql://u@h/d?a=b&ssl=true&c=d",
		    "postgresql://u@h/d?a=b&sslmode=require&c=d" },
		{ "postgresql://u@h/d?ssl=", "postgresql://u@h/d?sslmode=" },
		{ "postgresql://u@h/d?nossl=true", "postgresql://u@h/d?nossl=true" },
		{ "postgresql://u@h/d?sslmode=verify-full",
		    "postgresql://u@h/d?sslmode=verify-full" },
		{ "host=/tmp dbname=d", "host=/tmp dbname=d" },
		{ "", "" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *translated = gp_database_url_translate(rows[i].theirs);

		gp_test_row("%s", rows[i].theirs);
		CU_ASSERT_PTR_NOT_NULL_FATAL(translated);
		CU_ASSERT_STRING_EQUAL(translated, rows[i].ours);
		free(translated);
	}
}

const struct gp_test gp_tests_database_url[] = {
	GP_TEST(translates_drivers_and_ssl),
	{ NULL, NULL },
};
