/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The input is what a client sends behind its handshake. In one piece and byte by byte the same
 * comes of it, and nothing is kept of a message that is over.
 */
#include "websocket.h"

#include <stdbool.h>

#include "fuzz.h"

/* What came of it: a fingerprint of all events, and the last of them. */
struct tale {
	uint64_t events;
	enum gp_websocket_event last;
	int code;
};

static bool
is_end(enum gp_websocket_event event)
{
	return event == GP_WEBSOCKET_CLOSE || event == GP_WEBSOCKET_BROKEN;
}

static struct tale
feed(const uint8_t *data, size_t size, size_t piece)
{
	struct gp_websocket frames = { .code = 0 };
	struct tale tale = { .events = 0 };
	enum gp_websocket_event event = GP_WEBSOCKET_MORE;

	while (size > 0 && !is_end(event)) {
		size_t length = size < piece ? size : piece, taken;
		unsigned char *copy = malloc(length);

		GP_FUZZ_REQUIRE(copy != NULL);
		memcpy(copy, data, length);
		event = gp_websocket_read(&frames, copy, length, &taken);
		free(copy);
		GP_FUZZ_REQUIRE(taken > 0 && taken <= length);
		GP_FUZZ_REQUIRE(event != GP_WEBSOCKET_MORE || taken == length);
		GP_FUZZ_REQUIRE(frames.message_length <= GP_WEBSOCKET_MESSAGE_MAX);
		GP_FUZZ_REQUIRE(frames.control_length <= GP_WEBSOCKET_CONTROL_MAX);
		GP_FUZZ_REQUIRE(frames.in_message || frames.text == NULL);
		if (event != GP_WEBSOCKET_MORE) {
			tale.events = tale.events * 31 + (uint64_t)event;
			tale.last = event;
		}
		data += taken;
		size -= taken;
	}
	if (is_end(event)) {
		GP_FUZZ_REQUIRE(frames.code >= 1000 && frames.code < 5000);
		tale.code = frames.code;
	}
	gp_websocket_clear(&frames);
	return tale;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct tale whole = feed(data, size, size + 1), cut = feed(data, size, 1);

	GP_FUZZ_REQUIRE(whole.events == cut.events && whole.last == cut.last);
	GP_FUZZ_REQUIRE(whole.code == cut.code);
	return 0;
}
