/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The input is what a client sends, in pieces of a length that its own bytes give. However it is
 * cut there is one outcome; what is read holds nothing that a client may not set.
 */
#include "http_head.h"

#include <stdbool.h>

#include "fuzz.h"
#include "request.h"

/* What stands in front of the fields' own. */
static const char *const own_variables[] = { "GATEWAY_INTERFACE=CGI/1.1",
	"REQUEST_METHOD=", "SCRIPT_NAME=", "PATH_INFO=/", "QUERY_STRING=", "REQUEST_URI=/",
	"SERVER_PROTOCOL=HTTP/1.", "REMOTE_ADDR=192.0.2.1" };

/* In a buffer of exactly what has arrived, so that reads past it are seen. */
static enum gp_outcome
scan_in_pieces(const uint8_t *data, size_t size, size_t piece, struct gp_http_scan *scan)
{
	enum gp_outcome outcome = GP_OK;

	*scan = (struct gp_http_scan){ .scanned = 0 };
	for (size_t length = 0; outcome == GP_OK && scan->head_length == 0 && length < size;) {
		char *arrived;

		length = size - length < piece ? size : length + piece;
		arrived = malloc(length);
		GP_FUZZ_REQUIRE(arrived != NULL);
		memcpy(arrived, data, length);
		outcome = gp_http_head_scan(scan, arrived, length);
		GP_FUZZ_REQUIRE(scan->scanned <= length && scan->line <= scan->scanned);
		GP_FUZZ_REQUIRE(outcome != GP_OK || scan->scanned == length ||
				scan->scanned == scan->head_length);
		free(arrived);
	}
	return outcome;
}

/* The first empty line, found in another way; 0 without one that is within the limit. */
static size_t
find_end(const char *text, size_t size)
{
	for (size_t i = 4; i <= size && i <= GP_HTTP_HEAD_MAX; i++) {
		if (memcmp(text + i - 4, "\r\n\r\n", 4) == 0)
			return i;
	}
	return 0;
}

static bool
is_field_variable(const char *text)
{
	size_t name = strcspn(text, "=");

	return strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == name &&
	       strncmp(text, "HTTP_PROXY=", strlen("HTTP_PROXY=")) != 0 &&
	       ((strncmp(text, "HTTP_", strlen("HTTP_")) == 0 && name > strlen("HTTP_")) ||
		   strncmp(text, "CONTENT_LENGTH=", name + 1) == 0 ||
		   strncmp(text, "CONTENT_TYPE=", name + 1) == 0);
}

static void
judge_environment(char *const *environment)
{
	size_t count = 0;

	for (; environment[count] != NULL; count++) {
		const char *text = environment[count];

		if (count < GP_COUNT(own_variables))
			GP_FUZZ_REQUIRE(
			    strncmp(text, own_variables[count], strlen(own_variables[count])) == 0);
		else
			GP_FUZZ_REQUIRE(is_field_variable(text));
		for (const char *c = text; *c != '\0'; c++)
			GP_FUZZ_REQUIRE(((unsigned char)*c >= 0x20 && *c != 0x7f) ||
					(*c == '\t' && count >= GP_COUNT(own_variables)));
		for (size_t other = 0; other < count; other++)
			GP_FUZZ_REQUIRE(
			    strncmp(environment[other], text, strcspn(text, "=") + 1) != 0);
	}
	GP_FUZZ_REQUIRE(count >= GP_COUNT(own_variables));
	GP_FUZZ_REQUIRE(count <= GP_COUNT(own_variables) + GP_HTTP_FIELDS_MAX);
}

static void
judge_request(char *const *environment, struct gp_arena *arena)
{
	struct gp_request request = { .read_body = NULL };
	const char *path;
	enum gp_outcome outcome;

	gp_request_read_environment(&request, environment);
	GP_FUZZ_REQUIRE(request.method[0] != '\0' && request.target[0] == '/');
	GP_FUZZ_REQUIRE(strcmp(request.remote_address, "192.0.2.1") == 0);
	GP_FUZZ_REQUIRE(!gp_request_came_over_tls(&request));
	GP_FUZZ_REQUIRE(request.redirected_authorization == NULL);
	GP_FUZZ_REQUIRE(request.server_software == NULL);
	outcome = gp_request_path(&request, "", arena, &path);
	GP_FUZZ_REQUIRE(outcome == GP_OK || outcome == GP_BAD_PATH);
}

static bool
is_refusal(enum gp_outcome outcome)
{
	return (outcome >= GP_BAD_HTTP && outcome <= GP_BAD_BODY) || outcome == GP_BAD_PATH;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct gp_arena *arena;
	char *text = gp_fuzz_copy(data, size);
	struct gp_http_scan whole, pieces;
	enum gp_outcome scanned = scan_in_pieces(data, size, size, &whole), read;
	size_t piece = size > 0 ? data[size - 1] % 64 + 1u : 1, length;
	char *const *environment = NULL;

	if (arena == NULL)
		arena = gp_arena_new();
	GP_FUZZ_REQUIRE(arena != NULL);
	GP_FUZZ_REQUIRE(scanned == GP_OK || is_refusal(scanned));
	GP_FUZZ_REQUIRE(scan_in_pieces(data, size, piece, &pieces) == scanned);
	GP_FUZZ_REQUIRE(pieces.head_length == whole.head_length);
	if (scanned == GP_OK)
		GP_FUZZ_REQUIRE(whole.head_length == find_end(text, size));
	/* Without the scan, reading is as strict. */
	length = whole.head_length > 0 ? whole.head_length : size;
	read = gp_http_head_read(text, length, arena, "192.0.2.1", &environment);
	GP_FUZZ_REQUIRE(read == GP_OK || is_refusal(read));
	if (length <= GP_HTTP_HEAD_MAX && whole.head_length == 0)
		GP_FUZZ_REQUIRE(read != GP_OK);
	if (read == GP_OK) {
		judge_environment(environment);
		judge_request(environment, arena);
	}
	gp_arena_reset(arena);
	free(text);
	return 0;
}
