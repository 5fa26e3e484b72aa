/* SPDX-License-Identifier: Apache-2.0 */
/* The statements of sql/query as the build embeds them; the table is generated. */
#ifndef GP_QUERY_TEXT_H
#define GP_QUERY_TEXT_H

struct gp_query_text {
	const char *name; /* of the file and of the prepared statement */
	int parameters;   /* the highest $n */
	int writes;       /* whether it changes rows */
	const char *text;
};

/* Indexed by enum gp_query. */
extern const struct gp_query_text gp_query_texts[];

#endif
