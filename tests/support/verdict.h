/* SPDX-License-Identifier: Apache-2.0 */
/* The table of judgements in tests/data/verdicts.txt, row by row; the file's head explains it. */
#ifndef GP_TEST_VERDICT_H
#define GP_TEST_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "claims.h"
#include "token.h"

struct gp_verdict {
	unsigned line;    /* of the file */
	const char *rule; /* of the outcome that is expected */
	const char *note;
	struct gp_test_text token;
	int64_t now_s;
	int64_t leeway_s;
	const char *issuer;   /* policy; NULL: any */
	const char *audience; /* policy; NULL: any */
	int64_t minutes;      /* policy: the longest lifetime, where one is demanded */
	struct gp_claims_demands demands;
	const char *keys;    /* public keys that are held, for gp_test_key_set(); NULL: none */
	const char *secrets; /* names of secrets that are held, separated by commas */
	const char *user;    /* the caller's id; NULL: not compared */
	const char *session; /* the raw session token; NULL: it is none */
};

struct gp_verdicts {
	char *text; /* owned; the rows' texts point into it */
	char *at;
	unsigned line;
	const char *problem; /* static: why a row could not be read; NULL while all is well */
};

/* Read the file of this name below the tests' data; false where it cannot be read. */
bool gp_verdicts_open(struct gp_verdicts *verdicts, const char *name);

/* The next row; false at the end, and at a row that is wrong (`problem` says so). */
bool gp_verdicts_next(struct gp_verdicts *verdicts, struct gp_verdict *row);

void gp_verdicts_close(struct gp_verdicts *verdicts);

#endif
