/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What clients send over a WebSocket, read strictly and thrown away: only signs of life and the end
 * mean something here. libwebsockets is laxer: it takes frames without a mask, and waits for what a
 * frame announces before it can be refused.
 */
#ifndef GP_WEBSOCKET_H
#define GP_WEBSOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attributes.h"

/* Bytes of the longest message, over all of its frames. */
#define GP_WEBSOCKET_MESSAGE_MAX 1024

/* Bytes of what a ping, a pong or a close carries (RFC 6455 section 5.5). */
#define GP_WEBSOCKET_CONTROL_MAX 125

/* Close codes of what may be wrong; 1005 is never sent and means that there was none. */
enum {
	GP_WEBSOCKET_PROTOCOL = 1002,
	GP_WEBSOCKET_NO_CODE = 1005,
	GP_WEBSOCKET_TEXT = 1007,
	GP_WEBSOCKET_SIZE = 1009
};

enum gp_websocket_event {
	GP_WEBSOCKET_MORE, /* all bytes are taken, and more are to come */
	GP_WEBSOCKET_PING, /* whose payload is in `control`, to be sent back */
	GP_WEBSOCKET_PONG,
	GP_WEBSOCKET_CLOSE,  /* with `code` */
	GP_WEBSOCKET_BROKEN, /* to be closed with `code`; nothing may be read after it */
};

/* How far one client has been read; all zero at first. */
struct gp_websocket {
	int code;
	unsigned char control[GP_WEBSOCKET_CONTROL_MAX];
	size_t control_length;
	/* Of the frame that is coming in. */
	unsigned char head[14];
	size_t head_length; /* bytes of it that are there */
	uint64_t left;      /* bytes of its payload that are not */
	size_t mask_at;
	bool in_payload;
	/* Of the message it belongs to. */
	bool in_message;
	bool is_text;
	size_t message_length;
	char *text; /* owned: what is there of a text; NULL for none */
};

/*
 * Read up to the next event.
 *
 *   bytes   `length` bytes from the client; `taken` of them belong to what was read
 *
 * Source: RFC 6455 sections 5 and 7.4.
 */
GP_MUST_USE enum gp_websocket_event gp_websocket_read(
    struct gp_websocket *frames, const unsigned char *bytes, size_t length, size_t *taken);

/* Release what it holds. */
void gp_websocket_clear(struct gp_websocket *frames);

#endif
