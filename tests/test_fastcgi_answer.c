/* SPDX-License-Identifier: Apache-2.0 */
/* What a web server reads of an answer, byte for byte, of short ones and of long ones. */
#include "fastcgi_answer.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit.h"

#define BYTES(text) text, sizeof(text) - 1

enum { MOST = 1 << 20 };

struct reader {
	int descriptor;
	char *bytes;
	size_t length;
};

/* Reads to the end, so that an answer larger than the socket's buffer can be written. */
static void *
read_all(void *context)
{
	struct reader *reader = context;
	ssize_t got;

	while ((got = read(
		    reader->descriptor, reader->bytes + reader->length, MOST - reader->length)) > 0)
		reader->length += (size_t)got;
	return NULL;
}

struct logged {
	const char *bytes;
	size_t length;
};

/* Send, and return what was read, which the caller frees. */
static struct reader
send_answer(const struct logged *logged, size_t count, const char *text, size_t length)
{
	struct reader reader = { .bytes = malloc(MOST) };
	struct gp_fastcgi_answer answer;
	pthread_t thread;
	int pair[2];

	CU_ASSERT_PTR_NOT_NULL_FATAL(reader.bytes);
	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	reader.descriptor = pair[1];
	CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, read_all, &reader), 0);
	gp_fastcgi_answer_init(&answer, pair[0], 0x102);
	for (size_t i = 0; i < count; i++)
		gp_fastcgi_answer_log(&answer, logged[i].bytes, logged[i].length);
	CU_ASSERT_TRUE(gp_fastcgi_answer_send(&answer, text, length));
	close(pair[0]);
	pthread_join(thread, NULL);
	close(pair[1]);
	return reader;
}

/* All content of one stream, taken out of the records; -1 where these are not sound. */
static long
content_of(const struct reader *reader, unsigned char type, char *content)
{
	const unsigned char *at = (const unsigned char *)reader->bytes;
	size_t left = reader->length;
	long total = 0;

	while (left >= 8) {
		size_t length = (size_t)at[4] << 8 | at[5];

		if (at[0] != 1 || at[2] != 1 || at[3] != 2 || at[6] != 0 || left < 8 + length)
			return -1;
		if (at[1] == type) {
			memcpy(content + total, at + 8, length);
			total += (long)length;
		}
		at += 8 + length;
		left -= 8 + length;
	}
	return left == 0 ? total : -1;
}

static void
sends_an_answer_and_its_end(void)
{
	static const char expected[] = "\1\6\1\2\0\15\0\0Status: 200\r\n"
				       "\1\6\1\2\0\0\0\0"
				       "\1\3\1\2\0\10\0\0\0\0\0\0\0\0\0\0";
	struct reader reader = send_answer(NULL, 0, BYTES("Status: 200\r\n"));

	CU_ASSERT_EQUAL(reader.length, sizeof(expected) - 1);
	CU_ASSERT_EQUAL(memcmp(reader.bytes, expected, sizeof(expected) - 1), 0);
	free(reader.bytes);
}

static void
sends_what_was_logged_before_the_answer(void)
{
	static const char expected[] = "\1\7\1\2\0\10\0\0one\ntwo\n"
				       "\1\7\1\2\0\0\0\0"
				       "\1\6\1\2\0\2\0\0ok"
				       "\1\6\1\2\0\0\0\0"
				       "\1\3\1\2\0\10\0\0\0\0\0\0\0\0\0\0";
	static const struct logged logged[] = { { BYTES("one\n") }, { BYTES("two\n") } };
	struct reader reader = send_answer(logged, GP_COUNT(logged), BYTES("ok"));

	CU_ASSERT_EQUAL(reader.length, sizeof(expected) - 1);
	CU_ASSERT_EQUAL(memcmp(reader.bytes, expected, sizeof(expected) - 1), 0);
	free(reader.bytes);
}

/* Lengths around those of a record, and of all records that one call takes. */
static void
sends_every_byte_of_long_answers(void)
{
	static const size_t lengths[] = { 0, 1, 65527, 65528, 65529, 131056, 131057, 600000,
		900001 };
	char *text = malloc(MOST), *content = malloc(MOST);

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	CU_ASSERT_PTR_NOT_NULL_FATAL(content);
	for (size_t i = 0; i < MOST; i++)
		text[i] = (char)(i * 31 >> 3);
	for (size_t i = 0; i < GP_COUNT(lengths); i++) {
		struct reader reader = send_answer(NULL, 0, text, lengths[i]);

		CU_ASSERT_EQUAL(content_of(&reader, 6, content), (long)lengths[i]);
		CU_ASSERT_EQUAL(memcmp(content, text, lengths[i]), 0);
		free(reader.bytes);
	}
	free(content);
	free(text);
}

static void
loses_no_line_where_there_are_many(void)
{
	char line[3000], *content = malloc(MOST);
	struct logged logged[7];
	struct reader reader;

	CU_ASSERT_PTR_NOT_NULL_FATAL(content);
	memset(line, 'x', sizeof(line));
	for (size_t i = 0; i < GP_COUNT(logged); i++)
		logged[i] = (struct logged){ line, 1000 + 300 * i };
	reader = send_answer(logged, GP_COUNT(logged), BYTES("ok"));
	CU_ASSERT_EQUAL(content_of(&reader, 7, content), 7 * 1000 + 300 * 21);
	CU_ASSERT_EQUAL(content_of(&reader, 6, content), 2);
	free(reader.bytes);
	free(content);
}

static void
says_so_when_nobody_is_there(void)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, before;
	struct gp_fastcgi_answer answer;
	int pair[2];

	CU_ASSERT_EQUAL_FATAL(sigaction(SIGPIPE, &ignore, &before), 0);
	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	close(pair[1]);
	gp_fastcgi_answer_init(&answer, pair[0], 1);
	CU_ASSERT_FALSE(gp_fastcgi_answer_send(&answer, BYTES("ok")));
	close(pair[0]);
	sigaction(SIGPIPE, &before, NULL);
}

const struct gp_test gp_tests_fastcgi_answer[] = {
	GP_TEST(sends_an_answer_and_its_end),
	GP_TEST(sends_what_was_logged_before_the_answer),
	GP_TEST(sends_every_byte_of_long_answers),
	GP_TEST(loses_no_line_where_there_are_many),
	GP_TEST(says_so_when_nobody_is_there),
	{ NULL, NULL },
};
