/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What answers are held against. A failure names the request, what came, and what was expected.
 */
#ifndef GP_TEST_EXPECT_H
#define GP_TEST_EXPECT_H

#include <stdbool.h>

#include "answer.h"

/* That something holds; the rest is a printf-like text that says what was wrong. */
#define GP_EXPECT(holds, ...) gp_expect(__FILE__, __LINE__, (holds), __VA_ARGS__)

/*
 * That gatepost itself answered with this status, and with all that every answer of it has: JSON,
 * an exact Content-Length, a request id, the fields against caching and sniffing, and with 401 a
 * challenge. Says whether the status is right.
 */
#define GP_EXPECT_ANSWER(answer, status) gp_expect_answer(__FILE__, __LINE__, (answer), (status))

/* The same, and a body that is {"detail": detail} and nothing else. */
#define GP_EXPECT_DETAIL(answer, status, detail) \
	gp_expect_detail(__FILE__, __LINE__, (answer), (status), (detail))

/* 422 with this many faults, one of which is at this place: {"loc": [place, name], …}. */
#define GP_EXPECT_FAULT(answer, count, place, name) \
	gp_expect_fault(__FILE__, __LINE__, (answer), (count), (place), (name))

/*
 * What a web server may answer in gatepost's stead: one of these statuses, 0 for none. Says whether
 * it is one of them. Nothing but the status is judged.
 */
#define GP_EXPECT_SERVER(answer, first, second) \
	gp_expect_server(__FILE__, __LINE__, (answer), (first), (second))

bool gp_expect(const char *file, unsigned line, bool holds, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
bool gp_expect_answer(const char *file, unsigned line, const struct gp_answer *answer, int status);
bool gp_expect_detail(const char *file, unsigned line, const struct gp_answer *answer, int status,
    const char *detail);
bool gp_expect_fault(const char *file, unsigned line, const struct gp_answer *answer, int count,
    const char *place, const char *name);
bool gp_expect_server(
    const char *file, unsigned line, const struct gp_answer *answer, int first, int second);

#endif
