/* SPDX-License-Identifier: Apache-2.0 */
/* A request of HTTP/1.1 by hand, and the head of a frame. */
#include "web_socket.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "web_client.h"

enum {
	LIMIT_MS = 5000, /* for the answer and the first frame */
	ANSWER_MAX = 16 * 1024,
	/* RFC 6455 section 5.2 */
	OPCODE_MASK = 0x0f,
	OPCODE_CLOSE = 0x08,
	LENGTH_MASK = 0x7f,
	CODE_BYTES = 2,
	KEY_BYTES = 16,
};

struct conversation {
	CURL *curl;
	int64_t ends_at_ms;
	size_t length;
	char bytes[ANSWER_MAX + 1];
};

/* Host and path of a URL in the form of a request. False when it has none. */
static bool
write_request(const char *text, char *request, size_t size)
{
	unsigned char key[KEY_BYTES], key_text[4 * ((KEY_BYTES + 2) / 3) + 1];
	CURLU *url = curl_url();
	char *host = NULL, *port = NULL, *path = NULL;
	int length = -1;

	if (url != NULL && curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK &&
	    curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
	    curl_url_get(url, CURLUPART_PATH, &path, 0) == CURLUE_OK &&
	    RAND_bytes(key, KEY_BYTES) == 1) {
		(void)curl_url_get(url, CURLUPART_PORT, &port, 0); /* only where it has one */
		EVP_EncodeBlock(key_text, key, KEY_BYTES);
		length = snprintf(request, size,
		    "GET %s HTTP/1.1\r\nHost: %s%s%s\r\nUser-Agent: gatepost/" GATEPOST_VERSION
		    "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
		    "Sec-WebSocket-Key: %s\r\n\r\n",
		    path, host, port != NULL ? ":" : "", port != NULL ? port : "",
		    (const char *)key_text);
	}
	curl_free(host);
	curl_free(port);
	curl_free(path);
	curl_url_cleanup(url);
	return length > 0 && (size_t)length < size;
}

/* Wait until the connection can be read or written. False when the time is up. */
static bool
await(const struct conversation *talk, short events)
{
	int64_t left_ms = talk->ends_at_ms - gp_clock_elapsed_ms();
	curl_socket_t socket = CURL_SOCKET_BAD;
	struct pollfd one = { .events = events };

	if (left_ms <= 0 ||
	    curl_easy_getinfo(talk->curl, CURLINFO_ACTIVESOCKET, &socket) != CURLE_OK ||
	    socket == CURL_SOCKET_BAD)
		return false;
	one.fd = socket;
	return poll(&one, 1, (int)left_ms) > 0;
}

static bool
send_all(const struct conversation *talk, const char *bytes, size_t length)
{
	CURLcode code = CURLE_OK;

	while (length > 0) {
		size_t sent = 0;

		code = curl_easy_send(talk->curl, bytes, length, &sent);
		if (code != CURLE_OK && (code != CURLE_AGAIN || !await(talk, POLLOUT)))
			return false;
		bytes += sent;
		length -= sent;
	}
	return true;
}

/* Receive what is there, or wait for it. False at the end. */
static bool
receive(struct conversation *talk)
{
	size_t got = 0;
	CURLcode code =
	    curl_easy_recv(talk->curl, talk->bytes + talk->length, ANSWER_MAX - talk->length, &got);

	if (code == CURLE_AGAIN)
		return await(talk, POLLIN);
	talk->length += got;
	talk->bytes[talk->length] = '\0';
	return code == CURLE_OK && got > 0 && talk->length < ANSWER_MAX;
}

/* Read as much as there is so far. True when no more is needed. */
static bool
read_answer(const struct conversation *talk, struct gp_web_socket_answer *answer)
{
	const char *end = strstr(talk->bytes, "\r\n\r\n");
	const unsigned char *frame;
	size_t left;

	if (end == NULL)
		return false;
	if (sscanf(talk->bytes, "HTTP/1.%*1d %3ld", &answer->status) != 1)
		answer->status = 0;
	if (answer->status != 101)
		return true;
	frame = (const unsigned char *)end + strlen("\r\n\r\n");
	left = talk->length - (size_t)((const char *)frame - talk->bytes);
	if (left < 2)
		return false;
	answer->spoke = true;
	if ((frame[0] & OPCODE_MASK) != OPCODE_CLOSE || (frame[1] & LENGTH_MASK) < CODE_BYTES)
		return true;
	if (left < 2 + CODE_BYTES)
		return false;
	answer->code = frame[2] << 8 | frame[3];
	return true;
}

/* Answer the server's close, so that nobody on the way waits for it: nothing in it, masked by 0. */
static void
take_leave(const struct conversation *talk)
{
	static const char farewell[] = { (char)0x88, (char)0x80, 0, 0, 0, 0 };

	(void)send_all(talk, farewell, sizeof(farewell));
}

static CURLcode
connect_to(CURL *curl, const char *url)
{
	static const struct {
		CURLoption option;
		long value;
	} numbers[] = {
		{ CURLOPT_CONNECT_ONLY, 1 },
		/* TLS is not to agree on another version of HTTP. */
		{ CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1 },
		{ CURLOPT_HTTPPROXYTUNNEL, 1 },
	};
	CURLcode code = gp_web_prepare(curl, url);

	for (size_t i = 0; code == CURLE_OK && i < GP_COUNT(numbers); i++)
		code = curl_easy_setopt(curl, numbers[i].option, numbers[i].value);
	return code == CURLE_OK ? curl_easy_perform(curl) : code;
}

bool
gp_web_socket_ask(
    const char *url, struct gp_web_socket_answer *answer, char *problem, size_t problem_size)
{
	struct conversation *talk = calloc(1, sizeof(*talk));
	CURLcode code = CURLE_OUT_OF_MEMORY;
	char request[4096];

	*answer = (struct gp_web_socket_answer){ .status = 0 };
	if (talk != NULL)
		talk->curl = curl_easy_init();
	if (talk != NULL && talk->curl != NULL)
		code = connect_to(talk->curl, url);
	if (code == CURLE_OK && !write_request(url, request, sizeof(request)))
		code = CURLE_URL_MALFORMAT;
	if (code == CURLE_OK) {
		talk->ends_at_ms = gp_clock_elapsed_ms() + LIMIT_MS;
		if (!send_all(talk, request, strlen(request)))
			code = CURLE_SEND_ERROR;
		while (code == CURLE_OK && !read_answer(talk, answer) && receive(talk))
			;
		if (answer->spoke)
			take_leave(talk);
	}
	if (code != CURLE_OK)
		snprintf(problem, problem_size, "%s", curl_easy_strerror(code));
	else if (answer->status == 0)
		snprintf(problem, problem_size, "the connection ends without an answer of HTTP");
	if (talk != NULL)
		curl_easy_cleanup(talk->curl);
	free(talk);
	return code == CURLE_OK && answer->status != 0;
}
