/* SPDX-License-Identifier: Apache-2.0 */
/* Knows the records of an answer; gathers them, so that an answer of usual size is one system call.
 */
#include "fastcgi_answer.h"

#include <errno.h>
#include <fastcgi.h>
#include <string.h>
#include <sys/uio.h>

/* A record's content has up to 65,535 bytes; this many keep the next one aligned. */
enum { CONTENT_MOST = 65528 };

/* What fits into one call: IOV_MAX is 16 at least. */
enum { PARTS_MOST = 16 };

struct gathered {
	struct gp_fastcgi_answer *answer;
	FCGI_Header headers[PARTS_MOST];
	struct iovec parts[PARTS_MOST];
	size_t count;
};

/* Leave out what has been written. */
static size_t
skip(struct iovec *parts, size_t count, size_t written)
{
	size_t done = 0;

	while (done < count && written >= parts[done].iov_len)
		written -= parts[done++].iov_len;
	if (done < count) {
		parts[done].iov_base = (char *)parts[done].iov_base + written;
		parts[done].iov_len -= written;
	}
	return done;
}

static void
write_out(struct gathered *gathered)
{
	struct iovec *parts = gathered->parts;
	size_t count = gathered->count;

	gathered->count = 0;
	while (count > 0 && !gathered->answer->failed) {
		ssize_t written = writev(gathered->answer->descriptor, parts, (int)count);
		size_t done;

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0) {
			gathered->answer->failed = true;
			return;
		}
		done = skip(parts, count, (size_t)written);
		parts += done;
		count -= done;
	}
}

static void
add_record(struct gathered *gathered, unsigned char type, const char *content, size_t length)
{
	FCGI_Header *header;

	if (gathered->count + 2 > PARTS_MOST)
		write_out(gathered);
	header = &gathered->headers[gathered->count];
	*header = (FCGI_Header){
		.version = FCGI_VERSION_1,
		.type = type,
		.requestIdB1 = (unsigned char)(gathered->answer->request_id >> 8),
		.requestIdB0 = (unsigned char)gathered->answer->request_id,
		.contentLengthB1 = (unsigned char)(length >> 8),
		.contentLengthB0 = (unsigned char)length,
	};
	gathered->parts[gathered->count++] = (struct iovec){ header, sizeof(*header) };
	if (length > 0)
		gathered->parts[gathered->count++] = (struct iovec){ (char *)content, length };
}

/* As many records as it takes. */
static void
add_stream(struct gathered *gathered, unsigned char type, const char *bytes, size_t length)
{
	while (length > 0) {
		size_t content = length < CONTENT_MOST ? length : CONTENT_MOST;

		add_record(gathered, type, bytes, content);
		bytes += content;
		length -= content;
	}
}

void
gp_fastcgi_answer_init(struct gp_fastcgi_answer *answer, int descriptor, unsigned request_id)
{
	answer->descriptor = descriptor;
	answer->request_id = request_id;
	answer->failed = false;
	answer->has_logged = false;
	answer->logged_length = 0;
}

void
gp_fastcgi_answer_log(struct gp_fastcgi_answer *answer, const char *bytes, size_t length)
{
	answer->has_logged = true;
	if (length > sizeof(answer->logged) - answer->logged_length) {
		struct gathered gathered = { .answer = answer };

		add_stream(&gathered, FCGI_STDERR, answer->logged, answer->logged_length);
		add_stream(&gathered, FCGI_STDERR, bytes, length);
		write_out(&gathered);
		answer->logged_length = 0;
		return;
	}
	memcpy(answer->logged + answer->logged_length, bytes, length);
	answer->logged_length += length;
}

bool
gp_fastcgi_answer_send(struct gp_fastcgi_answer *answer, const char *bytes, size_t length)
{
	static const FCGI_EndRequestBody complete = { .protocolStatus = FCGI_REQUEST_COMPLETE };
	struct gathered gathered = { .answer = answer };

	add_stream(&gathered, FCGI_STDERR, answer->logged, answer->logged_length);
	/* A stream that was used ends with an empty record. */
	if (answer->has_logged)
		add_record(&gathered, FCGI_STDERR, NULL, 0);
	answer->logged_length = 0;
	add_stream(&gathered, FCGI_STDOUT, bytes, length);
	add_record(&gathered, FCGI_STDOUT, NULL, 0);
	add_record(&gathered, FCGI_END_REQUEST, (const char *)&complete, sizeof(complete));
	write_out(&gathered);
	return !answer->failed;
}
