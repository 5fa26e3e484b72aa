/* SPDX-License-Identifier: Apache-2.0 */
/* Frames of clients, whole and byte by byte: the same events come of both. */
#include "websocket.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attributes.h"
#include "unit.h"

/* Masked with zeros, so that a payload can be read below. */
#define MASK "\0\0\0\0"
#define BYTES(literal) literal, sizeof(literal) - 1

/* What came of some bytes: a letter for each event, and the code of the last. */
struct tale {
	char events[64];
	int code;
};

static void
tell(struct tale *tale, enum gp_websocket_event event, const struct gp_websocket *frames)
{
	static const char letters[] = {
		[GP_WEBSOCKET_PING] = 'i',
		[GP_WEBSOCKET_PONG] = 'o',
		[GP_WEBSOCKET_CLOSE] = 'c',
		[GP_WEBSOCKET_BROKEN] = 'b',
	};
	const size_t length = strlen(tale->events);

	if (event == GP_WEBSOCKET_MORE || length + 1 == sizeof(tale->events))
		return;
	tale->events[length] = letters[event];
	tale->code = frames->code;
}

/* Feed bytes in pieces of at most `piece`; none behind the end. */
static struct tale
feed(const char *bytes, size_t length, size_t piece)
{
	struct gp_websocket frames = { .code = 0 };
	struct tale tale = { .events = "", .code = 0 };
	enum gp_websocket_event event = GP_WEBSOCKET_MORE;

	while (length > 0 && event != GP_WEBSOCKET_BROKEN && event != GP_WEBSOCKET_CLOSE) {
		size_t size = length < piece ? length : piece, taken = 0;
		/* Of exactly this size, so that reads past it are seen. */
		unsigned char *copy = malloc(size);

		CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
		memcpy(copy, bytes, size);
		event = gp_websocket_read(&frames, copy, size, &taken);
		free(copy);
		CU_ASSERT_TRUE_FATAL(taken > 0 && taken <= size);
		CU_ASSERT_TRUE(event != GP_WEBSOCKET_MORE || taken == size);
		tell(&tale, event, &frames);
		bytes += taken;
		length -= taken;
	}
	gp_websocket_clear(&frames);
	return tale;
}

static void
judges_frames(void)
{
	static const struct {
		const char *name;
		const char *bytes;
		size_t length;
		const char *events;
		int code;
	} rows[] = {
		{ "nothing", BYTES(""), "", 0 },
		{ "half a head", BYTES("\x81"), "", 0 },
		{ "text", BYTES("\x81\x82" MASK "hi"), "", 0 },
		{ "binary", BYTES("\x82\x82" MASK "\xff\xfe"), "", 0 },
		{ "an empty text", BYTES("\x81\x80" MASK), "", 0 },
		{ "a mask", BYTES("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"), "", 0 },
		{ "a text in three frames",
		    BYTES("\x01\x81" MASK "a\x00\x81" MASK "b\x80\x81" MASK "c"), "", 0 },
		{ "a letter cut in two", BYTES("\x01\x81" MASK "\xc3\x80\x81" MASK "\xa4"), "", 0 },
		{ "a ping within a message",
		    BYTES("\x01\x81" MASK "a\x89\x81" MASK "x\x80\x81" MASK "b"), "i", 0 },
		{ "ping, pong, ping", BYTES("\x89\x80" MASK "\x8a\x82" MASK "ab\x89\x80" MASK),
		    "ioi", 0 },
		{ "a close", BYTES("\x88\x80" MASK), "c", 1005 },
		{ "a close with a code", BYTES("\x88\x82" MASK "\x03\xe8"), "c", 1000 },
		{ "and a reason",
		    BYTES("\x88\x85" MASK "\x03\xe9"
			  "bye"),
		    "c", 1001 },
		{ "a code of one's own", BYTES("\x88\x82" MASK "\x0f\xa1"), "c", 4001 },
		{ "the last code", BYTES("\x88\x82" MASK "\x13\x87"), "c", 4999 },
		{ "nothing is read behind a close", BYTES("\x88\x80" MASK "\xff\xff\xff"), "c",
		    1005 },

		{ "no mask", BYTES("\x81\x02hi"), "b", 1002 },
		{ "a ping without a mask", BYTES("\x89\x00"), "b", 1002 },
		{ "a reserved bit", BYTES("\xc1\x80"), "b", 1002 },
		{ "another", BYTES("\xa1\x80"), "b", 1002 },
		{ "the third", BYTES("\x91\x80"), "b", 1002 },
		{ "a reserved opcode", BYTES("\x83\x80"), "b", 1002 },
		{ "one of control", BYTES("\x8b\x80"), "b", 1002 },
		{ "a continuation of nothing", BYTES("\x80\x80"), "b", 1002 },
		{ "a message within another", BYTES("\x01\x81" MASK "a\x81\x80"), "b", 1002 },
		{ "a ping in fragments", BYTES("\x09\x80"), "b", 1002 },
		{ "a long ping", BYTES("\x89\xfe"), "b", 1002 },
		{ "a longer one", BYTES("\x89\xff"), "b", 1002 },
		{ "a short length in two bytes", BYTES("\x81\xfe\x00\x7d" MASK), "b", 1002 },
		{ "a short length in eight", BYTES("\x81\xff\0\0\0\0\0\0\xff\xff" MASK), "b",
		    1002 },
		{ "a length with a sign", BYTES("\x81\xff\x80\0\0\0\0\0\0\0" MASK), "b", 1002 },
		{ "a close of one byte", BYTES("\x88\x81" MASK "\x03"), "b", 1002 },
		{ "code 0", BYTES("\x88\x82" MASK "\0\0"), "b", 1002 },
		{ "code 999", BYTES("\x88\x82" MASK "\x03\xe7"), "b", 1002 },
		{ "code 1004", BYTES("\x88\x82" MASK "\x03\xec"), "b", 1002 },
		{ "code 1005, which is never sent", BYTES("\x88\x82" MASK "\x03\xed"), "b", 1002 },
		{ "code 1006, the same", BYTES("\x88\x82" MASK "\x03\xee"), "b", 1002 },
		{ "code 1015, the same", BYTES("\x88\x82" MASK "\x03\xf7"), "b", 1002 },
		{ "code 2999", BYTES("\x88\x82" MASK "\x0b\xb7"), "b", 1002 },
		{ "code 5000", BYTES("\x88\x82" MASK "\x13\x88"), "b", 1002 },
		{ "a reason that is no UTF-8", BYTES("\x88\x83" MASK "\x03\xe8\xff"), "b", 1007 },

		{ "no UTF-8", BYTES("\x81\x82" MASK "a\xff"), "b", 1007 },
		{ "half a letter", BYTES("\x81\x81" MASK "\xc3"), "b", 1007 },
		{ "half a letter in the last of two",
		    BYTES("\x01\x81" MASK "a\x80\x81" MASK "\xc3"), "b", 1007 },
		{ "a surrogate", BYTES("\x81\x83" MASK "\xed\xa0\x80"), "b", 1007 },

		{ "1,025 bytes, announced", BYTES("\x81\xfe\x04\x01" MASK), "b", 1009 },
		{ "a gigabyte, announced", BYTES("\x82\xff\0\0\0\0\x40\0\0\0" MASK), "b", 1009 },
		{ "all there is, announced", BYTES("\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff" MASK),
		    "b", 1009 },
		{ "1,024 bytes behind one, announced",
		    BYTES("\x01\x81" MASK "a\x80\xfe\x04\x00" MASK), "b", 1009 },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		for (size_t piece = 1; piece <= rows[i].length + 1; piece++) {
			struct tale tale = feed(rows[i].bytes, rows[i].length, piece);

			gp_test_row("%s, %zu bytes at a time", rows[i].name, piece);
			CU_ASSERT_STRING_EQUAL(tale.events, rows[i].events);
			if (rows[i].code != 0)
				CU_ASSERT_EQUAL(tale.code, rows[i].code);
		}
	}
}

static void
keeps_what_a_ping_carries(void)
{
	/* Masked in earnest, and as long as it may be. */
	unsigned char bytes[6 + GP_WEBSOCKET_CONTROL_MAX] = { 0x89, 0x80 | GP_WEBSOCKET_CONTROL_MAX,
		0x11, 0x22, 0x33, 0x44 };
	struct gp_websocket frames = { .code = 0 };
	size_t taken;

	for (size_t i = 0; i < GP_WEBSOCKET_CONTROL_MAX; i++)
		bytes[6 + i] = (unsigned char)(i ^ bytes[2 + i % 4]);
	CU_ASSERT_EQUAL(
	    gp_websocket_read(&frames, bytes, sizeof(bytes), &taken), GP_WEBSOCKET_PING);
	CU_ASSERT_EQUAL(taken, sizeof(bytes));
	CU_ASSERT_EQUAL_FATAL(frames.control_length, GP_WEBSOCKET_CONTROL_MAX);
	for (size_t i = 0; i < GP_WEBSOCKET_CONTROL_MAX; i++)
		CU_ASSERT_EQUAL(frames.control[i], i);
	gp_websocket_clear(&frames);
}

/* Messages up to the limit, one after the other, in one frame and in as many as there are bytes. */
static void
takes_messages_up_to_the_limit(void)
{
	static unsigned char whole[8 + GP_WEBSOCKET_MESSAGE_MAX] = { 0x81, 0xfe, 0x04, 0x00 };
	struct gp_websocket frames = { .code = 0 };
	size_t taken;

	memset(whole + 8, 'x', GP_WEBSOCKET_MESSAGE_MAX);
	for (int i = 0; i < 3; i++) {
		CU_ASSERT_EQUAL(
		    gp_websocket_read(&frames, whole, sizeof(whole), &taken), GP_WEBSOCKET_MORE);
		CU_ASSERT_PTR_NULL(frames.text);
	}
	for (int i = 0; i <= GP_WEBSOCKET_MESSAGE_MAX; i++) {
		const unsigned char one[] = { i == 0 ? 1 : 0, 0x81, 0, 0, 0, 0, 'x' };
		enum gp_websocket_event event =
		    gp_websocket_read(&frames, one, sizeof(one), &taken);

		CU_ASSERT_EQUAL(
		    event, i < GP_WEBSOCKET_MESSAGE_MAX ? GP_WEBSOCKET_MORE : GP_WEBSOCKET_BROKEN);
	}
	CU_ASSERT_EQUAL(frames.code, GP_WEBSOCKET_SIZE);
	gp_websocket_clear(&frames);
}

const struct gp_test gp_tests_websocket[] = {
	GP_TEST(judges_frames),
	GP_TEST(keeps_what_a_ping_carries),
	GP_TEST(takes_messages_up_to_the_limit),
	{ NULL, NULL },
};
