/* SPDX-License-Identifier: Apache-2.0 */
/* The grammar of RFC 6455 section 5.2, and its rules. */
#include "websocket.h"

#include <stdlib.h>
#include <string.h>

#include "utf8.h"

enum { CONTINUATION = 0, TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10 };

enum { FINAL = 0x80, RESERVED = 0x70, OPCODE = 0x0f, MASKED = 0x80, LENGTH = 0x7f };

/* How the length of a payload is written, by its first seven bits. */
enum { LENGTH_16 = 126, LENGTH_64 = 127 };

static enum gp_websocket_event
broken(struct gp_websocket *frames, int code)
{
	frames->code = code;
	return GP_WEBSOCKET_BROKEN;
}

static int
opcode_of(const struct gp_websocket *frames)
{
	return frames->head[0] & OPCODE;
}

static bool
is_control(const struct gp_websocket *frames)
{
	return (frames->head[0] & 8) != 0;
}

/* Bytes of the whole head, as far as its first two tell. */
static size_t
head_size(const struct gp_websocket *frames)
{
	const int length = frames->head[1] & LENGTH;

	if (frames->head_length < 2)
		return 2;
	return 2U + (length == LENGTH_16 ? 2U : length == LENGTH_64 ? 8U : 0U) + 4U;
}

static uint64_t
payload_length(const struct gp_websocket *frames)
{
	const int first = frames->head[1] & LENGTH;
	const size_t bytes = first == LENGTH_16 ? 2 : 8;
	uint64_t length = 0;

	if (first < LENGTH_16)
		return (uint64_t)first;
	for (size_t i = 0; i < bytes; i++)
		length = length << 8 | frames->head[2 + i];
	return length;
}

/* Judge the two bytes that say what is coming; 0 or the code to close with. */
static int
judge_beginning(const struct gp_websocket *frames)
{
	const int opcode = opcode_of(frames);

	if ((frames->head[0] & RESERVED) != 0 || (frames->head[1] & MASKED) == 0)
		return GP_WEBSOCKET_PROTOCOL;
	switch (opcode) {
	case CONTINUATION: return frames->in_message ? 0 : GP_WEBSOCKET_PROTOCOL;
	case TEXT:
	case BINARY: return frames->in_message ? GP_WEBSOCKET_PROTOCOL : 0;
	case CLOSE:
	case PING:
	case PONG:
		return (frames->head[0] & FINAL) != 0 &&
			       (frames->head[1] & LENGTH) <= GP_WEBSOCKET_CONTROL_MAX
			   ? 0
			   : GP_WEBSOCKET_PROTOCOL;
	default: return GP_WEBSOCKET_PROTOCOL;
	}
}

/* Judge a whole head, and begin its payload; 0 or the code to close with. */
static int
begin_payload(struct gp_websocket *frames)
{
	const int first = frames->head[1] & LENGTH;
	const uint64_t length = payload_length(frames);

	/* Each length has one way to be written, the shortest. */
	if ((first == LENGTH_16 && length < LENGTH_16) ||
	    (first == LENGTH_64 && (length <= UINT16_MAX || length > INT64_MAX)))
		return GP_WEBSOCKET_PROTOCOL;
	frames->left = length;
	frames->mask_at = head_size(frames) - 4;
	frames->in_payload = true;
	if (is_control(frames)) {
		frames->control_length = 0;
		return 0;
	}
	if (opcode_of(frames) != CONTINUATION) {
		frames->message_length = 0;
		frames->is_text = opcode_of(frames) == TEXT;
		frames->in_message = true;
	}
	if (length > GP_WEBSOCKET_MESSAGE_MAX - frames->message_length)
		return GP_WEBSOCKET_SIZE;
	if (frames->is_text && frames->text == NULL)
		frames->text = malloc(GP_WEBSOCKET_MESSAGE_MAX);
	/* A text that cannot be judged is not taken. */
	return frames->is_text && frames->text == NULL ? GP_WEBSOCKET_SIZE : 0;
}

/* Bytes of the head. Returns 0 or the code to close with. */
static int
take_head(struct gp_websocket *frames, const unsigned char *bytes, size_t length, size_t *taken)
{
	while (*taken < length && frames->head_length < head_size(frames)) {
		frames->head[frames->head_length++] = bytes[(*taken)++];
		if (frames->head_length == 2) {
			int code = judge_beginning(frames);

			if (code != 0)
				return code;
		}
	}
	return frames->head_length >= 2 && frames->head_length == head_size(frames)
		   ? begin_payload(frames)
		   : 0;
}

static void
take_payload(struct gp_websocket *frames, const unsigned char *bytes, size_t length, size_t *taken)
{
	const unsigned char *mask = frames->head + frames->mask_at;
	const uint64_t whole = payload_length(frames);

	for (; frames->left > 0 && *taken < length; frames->left--) {
		unsigned char byte = bytes[(*taken)++] ^ mask[(whole - frames->left) & 3];

		if (is_control(frames))
			frames->control[frames->control_length++] = byte;
		else if (frames->is_text)
			frames->text[frames->message_length++] = (char)byte;
		else
			frames->message_length++;
	}
}

/* What a client closes with (RFC 6455 section 7.4, and the registry it made). */
static enum gp_websocket_event
end_with_close(struct gp_websocket *frames)
{
	const unsigned char *control = frames->control;

	frames->code = GP_WEBSOCKET_NO_CODE;
	if (frames->control_length == 0)
		return GP_WEBSOCKET_CLOSE;
	if (frames->control_length == 1)
		return broken(frames, GP_WEBSOCKET_PROTOCOL);
	frames->code = control[0] << 8 | control[1];
	if (frames->code < 1000 || (frames->code >= 1004 && frames->code <= 1006) ||
	    (frames->code >= 1015 && frames->code < 3000) || frames->code >= 5000)
		return broken(frames, GP_WEBSOCKET_PROTOCOL);
	if (!gp_utf8_is_valid((const char *)control + 2, frames->control_length - 2))
		return broken(frames, GP_WEBSOCKET_TEXT);
	return GP_WEBSOCKET_CLOSE;
}

/* A frame is whole. */
static enum gp_websocket_event
end_frame(struct gp_websocket *frames)
{
	bool is_valid = true;

	frames->in_payload = false;
	frames->head_length = 0;
	switch (opcode_of(frames)) {
	case CLOSE: return end_with_close(frames);
	case PING: return GP_WEBSOCKET_PING;
	case PONG: return GP_WEBSOCKET_PONG;
	default: break;
	}
	if ((frames->head[0] & FINAL) == 0)
		return GP_WEBSOCKET_MORE;
	if (frames->is_text)
		is_valid = gp_utf8_is_valid(frames->text, frames->message_length);
	gp_websocket_clear(frames);
	frames->in_message = false;
	return is_valid ? GP_WEBSOCKET_MORE : broken(frames, GP_WEBSOCKET_TEXT);
}

enum gp_websocket_event
gp_websocket_read(
    struct gp_websocket *frames, const unsigned char *bytes, size_t length, size_t *taken)
{
	enum gp_websocket_event event = GP_WEBSOCKET_MORE;

	*taken = 0;
	while (event == GP_WEBSOCKET_MORE && *taken < length) {
		if (!frames->in_payload) {
			int code = take_head(frames, bytes, length, taken);

			if (code != 0)
				return broken(frames, code);
		}
		if (frames->in_payload)
			take_payload(frames, bytes, length, taken);
		if (frames->in_payload && frames->left == 0)
			event = end_frame(frames);
	}
	return event;
}

void
gp_websocket_clear(struct gp_websocket *frames)
{
	free(frames->text);
	frames->text = NULL;
}
