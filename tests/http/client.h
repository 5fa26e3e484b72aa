/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An HTTP client that sends exactly what it is told, and keeps what came back. It can write down
 * all of it, see recording.h.
 */
#ifndef GP_TEST_CLIENT_H
#define GP_TEST_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "answer.h"

/* Most fields that a call adds to those below. */
#define GP_CALL_FIELDS_MAX 3

struct gp_call {
	const char *method;       /* NULL: GET */
	const char *path;         /* sent as it stands */
	const char *token;        /* sent as a bearer token; NULL: none */
	const char *body;         /* NULL: none, and no Content-Length */
	size_t body_length;       /* 0: the length of the text `body` */
	const char *content_type; /* NULL: application/json where there is a body; "": none */
	bool chunked;             /* the body goes without Content-Length */
	const char *fields[GP_CALL_FIELDS_MAX]; /* "Name: value", as they stand; NULL: none */
};

/* Make ready and release; false when something went wrong, which includes the recording. */
bool gp_client_open(void);
bool gp_client_close(void);

/* Send one request; the answer lives until the program ends. */
const struct gp_answer *gp_send(const struct gp_call *call);

#define GP_SEND(...) gp_send(&(struct gp_call){ __VA_ARGS__ })

/* Send `count` requests, `at_once` of them at a time. answers[i] is for calls[i]. */
void gp_send_all(
    const struct gp_call *calls, struct gp_answer *answers, size_t count, size_t at_once);

#endif
