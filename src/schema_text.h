/* SPDX-License-Identifier: Apache-2.0 */
/* The files of sql/ as the build embeds them; the texts are generated. */
#ifndef GP_SCHEMA_TEXT_H
#define GP_SCHEMA_TEXT_H

struct gp_migration_text {
	int number;
	const char *name; /* the file's, without .sql; NULL ends the table */
	const char *text;
};

/* In the order in which they are applied. */
extern const struct gp_migration_text gp_migration_texts[];

/* Applied before them at each run. */
extern const char gp_schema_bootstrap[];

/* Applied after them at each run, in this order. */
extern const char gp_schema_names[];
extern const char gp_schema_callers[];
extern const char gp_schema_access[];

#endif
