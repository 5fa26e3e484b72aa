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
 * That gatepost itself answered with this status, and with all that every answer of it has: JSON
 * and an exact Content-Length (204 and 304: nothing of either), a request id, the fields against
 * caching and sniffing, `Vary: Origin`, and with 401 a challenge. Says whether the status is right.
 */
#define GP_EXPECT_ANSWER(answer, status) gp_expect_answer(__FILE__, __LINE__, (answer), (status))

/* The same, and a body that is {"detail": detail} and nothing else. */
#define GP_EXPECT_DETAIL(answer, status, detail) \
	gp_expect_detail(__FILE__, __LINE__, (answer), (status), (detail))

/* The same as GP_EXPECT_ANSWER, and a body that is the same as this JSON. */
#define GP_EXPECT_BODY(answer, status, json) \
	gp_expect_body(__FILE__, __LINE__, (answer), (status), (json))

/*
 * 401 with this detail, and a challenge that says whether a token was given. Where the detail ends
 * with `: `, a short reason follows.
 */
#define GP_EXPECT_REFUSAL(answer, detail, token_given) \
	gp_expect_refusal(__FILE__, __LINE__, (answer), (detail), (token_given))

/* An Allow field that lists exactly these methods, in any order: "GET HEAD OPTIONS". */
#define GP_EXPECT_ALLOW(answer, methods) gp_expect_allow(__FILE__, __LINE__, (answer), (methods))

/* A JSON object with exactly these members in this order: "id title". Says whether it is one. */
#define GP_EXPECT_MEMBERS(object, names) gp_expect_members(__FILE__, __LINE__, (object), (names))

/* 422 with this many faults, one of which is at this place: {"loc": [place, name], …}. */
#define GP_EXPECT_FAULT(answer, count, place, name) \
	gp_expect_fault(__FILE__, __LINE__, (answer), (count), (place), (name))

/*
 * What a web server may answer in gatepost's stead: one of these statuses, 0 for none. Says whether
 * it is one of them. Nothing but the status is judged.
 */
#define GP_EXPECT_SERVER(answer, first, second) \
	gp_expect_server(__FILE__, __LINE__, (answer), (first), (second))

/*
 * That this was answered as tests/http/server.c says of the web server in front: by gatepost with
 * the status there, or by the web server itself.
 */
#define GP_EXPECT_DIFFERENCE(answer, difference) \
	gp_expect_settled( \
	    __FILE__, __LINE__, (answer), gp_server_status(gp_instance.server, (difference)))

/* That gatepost answered with this status, or where it is negative the web server itself. */
#define GP_EXPECT_SETTLED(answer, status) gp_expect_settled(__FILE__, __LINE__, (answer), (status))

bool gp_expect(const char *file, unsigned line, bool holds, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
bool gp_expect_answer(const char *file, unsigned line, const struct gp_answer *answer, int status);
bool gp_expect_detail(const char *file, unsigned line, const struct gp_answer *answer, int status,
    const char *detail);
bool gp_expect_body(
    const char *file, unsigned line, const struct gp_answer *answer, int status, const char *json);
bool gp_expect_refusal(const char *file, unsigned line, const struct gp_answer *answer,
    const char *detail, bool token_given);
bool gp_expect_allow(
    const char *file, unsigned line, const struct gp_answer *answer, const char *methods);
bool gp_expect_members(
    const char *file, unsigned line, struct json_object *object, const char *names);
bool gp_expect_fault(const char *file, unsigned line, const struct gp_answer *answer, int count,
    const char *place, const char *name);
bool gp_expect_server(
    const char *file, unsigned line, const struct gp_answer *answer, int first, int second);
bool gp_expect_settled(const char *file, unsigned line, const struct gp_answer *answer, int status);

#endif
