/* SPDX-License-Identifier: Apache-2.0 */
/* Makes the lines with json-c, which knows how to quote. */
#include "recording.h"

#include <json-c/json.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Enough for a list of a few hundred tasks; the bodies that test limits are larger, and dull. */
enum { TEXT_LENGTH_MAX = 64 * 1024 };

static FILE *file;

bool
gp_recording_open(void)
{
	const char *name = getenv("GATEPOST_TEST_RECORD");

	if (name == NULL)
		return true;
	file = fopen(name, "w");
	if (file == NULL)
		perror(name);
	return file != NULL;
}

bool
gp_recording_is_open(void)
{
	return file != NULL;
}

bool
gp_recording_close(void)
{
	bool whole;

	if (file == NULL)
		return true;
	whole = !ferror(file);
	whole = fclose(file) == 0 && whole;
	file = NULL;
	if (!whole)
		fputs("http-tests: the recording could not be written\n", stderr);
	return whole;
}

static bool
is_ascii(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if ((unsigned char)bytes[i] >= 0x80)
			return false;
	}
	return true;
}

/* An object with one member. */
static struct json_object *
holder_of(const char *name, struct json_object *value)
{
	struct json_object *holder = json_object_new_object();

	json_object_object_add(holder, name, value);
	return holder;
}

static struct json_object *
base64_of(const char *bytes, size_t length)
{
	unsigned char text[(TEXT_LENGTH_MAX + 2) / 3 * 4 + 1];
	int written = EVP_EncodeBlock(text, (const unsigned char *)bytes, (int)length);

	return json_object_new_string_len((const char *)text, written);
}

static struct json_object *
text_of(const char *bytes, size_t length)
{
	if (bytes == NULL)
		return NULL;
	if (length > TEXT_LENGTH_MAX)
		return holder_of("length", json_object_new_int64((int64_t)length));
	if (!is_ascii(bytes, length))
		return holder_of("base64", base64_of(bytes, length));
	return json_object_new_string_len(bytes, (int)length);
}

static struct json_object *
request_of(const struct gp_sent *sent)
{
	struct json_object *request = json_object_new_object();

	json_object_object_add(request, "method", text_of(sent->method, strlen(sent->method)));
	json_object_object_add(request, "path", text_of(sent->path, strlen(sent->path)));
	json_object_object_add(request, "fields", text_of(sent->fields, strlen(sent->fields)));
	json_object_object_add(request, "body", text_of(sent->body, sent->body_length));
	return request;
}

/* gatepost gives each answer an id, and no web server here writes JSON. */
static const char *
author_of(const struct gp_answer *answer)
{
	const char *type = gp_answer_field(answer, "Content-Type");

	if (answer->status == 0)
		return "nobody";
	if (gp_answer_field(answer, "X-Request-Id") != NULL ||
	    (type != NULL && strcmp(type, "application/json") == 0))
		return "gatepost";
	return "server";
}

static struct json_object *
answer_of(const struct gp_answer *answer)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "by", json_object_new_string(author_of(answer)));
	json_object_object_add(object, "status", json_object_new_int(answer->status));
	json_object_object_add(object, "fields", text_of(answer->fields, strlen(answer->fields)));
	json_object_object_add(object, "body", text_of(answer->body, answer->body_length));
	return object;
}

void
gp_recording_add(const struct gp_sent *sent, const struct gp_answer *answer)
{
	struct json_object *line = json_object_new_object();

	json_object_object_add(line, "request", request_of(sent));
	json_object_object_add(line, "answer", answer_of(answer));
	fprintf(file, "%s\n",
	    json_object_to_json_string_ext(
		line, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(line);
}
