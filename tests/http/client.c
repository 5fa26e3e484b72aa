/* SPDX-License-Identifier: Apache-2.0 */
/* Hides libcurl. */
#include "client.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "instance.h"
#include "kept.h"
#include "recording.h"

/* Longer than any answer may take, shorter than a patient person. */
enum { TIMEOUT_S = 30 };

/* One request under way. */
struct transfer {
	CURL *handle;
	struct curl_slist *fields;
	const struct gp_call *call;
	size_t sent; /* of a chunked body */
	struct gp_answer *answer;
};

static CURL *single; /* keeps its connection from one request to the next */

bool
gp_client_open(void)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return false;
	single = curl_easy_init();
	return single != NULL && gp_recording_open();
}

bool
gp_client_close(void)
{
	curl_easy_cleanup(single);
	curl_global_cleanup();
	return gp_recording_close();
}

static void
append(char **text, size_t *length, const char *bytes, size_t more)
{
	char *longer = realloc(*text, *length + more + 1);

	if (longer == NULL)
		abort();
	memcpy(longer + *length, bytes, more);
	longer[*length + more] = '\0';
	*text = longer;
	*length += more;
}

static size_t
take_body(char *bytes, size_t size, size_t count, void *context)
{
	struct gp_answer *answer = context;

	append(&answer->body, &answer->body_length, bytes, size * count);
	return size * count;
}

static size_t
take_field(char *bytes, size_t size, size_t count, void *context)
{
	struct gp_answer *answer = context;
	size_t length = answer->fields != NULL ? strlen(answer->fields) : 0;

	/* A status line begins an answer anew: what came before was 100 Continue. */
	if (size * count > 5 && strncmp(bytes, "HTTP/", 5) == 0)
		length = 0;
	append(&answer->fields, &length, bytes, size * count);
	return size * count;
}

static size_t
call_body_length(const struct gp_call *call)
{
	if (call->body == NULL)
		return 0;
	return call->body_length > 0 ? call->body_length : strlen(call->body);
}

static size_t
give_body(char *bytes, size_t size, size_t count, void *context)
{
	struct transfer *transfer = context;
	size_t left = call_body_length(transfer->call) - transfer->sent;
	size_t length = left < size * count ? left : size * count;

	memcpy(bytes, transfer->call->body + transfer->sent, length);
	transfer->sent += length;
	return length;
}

static void
add_field(struct transfer *transfer, const char *field)
{
	struct curl_slist *longer = curl_slist_append(transfer->fields, field);

	if (longer == NULL)
		abort();
	transfer->fields = longer;
}

static void
add_fields(struct transfer *transfer)
{
	const struct gp_call *call = transfer->call;
	const char *type = call->content_type != NULL ? call->content_type : "application/json";

	add_field(transfer, "Expect:"); /* not wait for 100 Continue */
	if (call->token != NULL)
		add_field(transfer, gp_kept_text("Authorization: Bearer %s", call->token));
	if (call->body != NULL)
		add_field(transfer,
		    type[0] != '\0' ? gp_kept_text("Content-Type: %s", type) : "Content-Type:");
	if (call->chunked)
		add_field(transfer, "Transfer-Encoding: chunked");
	for (size_t i = 0; i < GP_CALL_FIELDS_MAX; i++) {
		if (call->fields[i] != NULL)
			add_field(transfer, call->fields[i]);
	}
	curl_easy_setopt(transfer->handle, CURLOPT_HTTPHEADER, transfer->fields);
}

static void
add_body(struct transfer *transfer)
{
	const struct gp_call *call = transfer->call;

	if (call->chunked) {
		curl_easy_setopt(transfer->handle, CURLOPT_POST, 1L);
		curl_easy_setopt(transfer->handle, CURLOPT_READFUNCTION, give_body);
		curl_easy_setopt(transfer->handle, CURLOPT_READDATA, transfer);
	} else if (call->body != NULL) {
		curl_easy_setopt(transfer->handle, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)call_body_length(call));
		curl_easy_setopt(transfer->handle, CURLOPT_POSTFIELDS, call->body);
	}
}

static void
prepare(
    struct transfer *transfer, CURL *handle, const struct gp_call *call, struct gp_answer *answer)
{
	const char *method = call->method != NULL ? call->method : "GET";

	*answer = (struct gp_answer){ .call = gp_kept_text("%s %.200s", method, call->path),
		.is_head = strcmp(method, "HEAD") == 0 };
	*transfer = (struct transfer){ .handle = handle, .call = call, .answer = answer };
	curl_easy_reset(handle);
	curl_easy_setopt(handle, CURLOPT_URL, gp_instance.url);
	curl_easy_setopt(handle, CURLOPT_REQUEST_TARGET, call->path);
	curl_easy_setopt(handle, CURLOPT_PROXY, "");
	curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(handle, CURLOPT_TIMEOUT, (long)TIMEOUT_S);
	curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(handle, CURLOPT_WRITEDATA, answer);
	curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_field);
	curl_easy_setopt(handle, CURLOPT_HEADERDATA, answer);
	curl_easy_setopt(handle, CURLOPT_PRIVATE, transfer);
	add_body(transfer);
	add_fields(transfer);
	if (answer->is_head)
		curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
	curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, method);
}

/* "Name:" alone tells libcurl to leave its own field out. */
static const char *
fields_sent(const struct curl_slist *field)
{
	const char *text = "";

	for (; field != NULL; field = field->next) {
		if (field->data[strlen(field->data) - 1] != ':')
			text = gp_kept_text("%s%s\r\n", text, field->data);
	}
	return text;
}

static void
record(const struct transfer *transfer)
{
	const struct gp_call *call = transfer->call;
	struct gp_sent sent = { .method = call->method != NULL ? call->method : "GET",
		.path = call->path,
		.body = call->body,
		.body_length = call_body_length(call) };

	if (!gp_recording_is_open())
		return;
	sent.fields = fields_sent(transfer->fields);
	gp_recording_add(&sent, transfer->answer);
}

/* `whole`: nothing went wrong on the way. */
static void
finish(struct transfer *transfer, bool whole)
{
	long status = 0;

	if (whole)
		curl_easy_getinfo(transfer->handle, CURLINFO_RESPONSE_CODE, &status);
	transfer->answer->status = (int)status;
	gp_answer_settle(transfer->answer);
	record(transfer);
	curl_slist_free_all(transfer->fields);
}

const struct gp_answer *
gp_send(const struct gp_call *call)
{
	struct gp_answer *answer = gp_kept(sizeof(*answer));
	struct transfer transfer;
	CURLcode result;

	prepare(&transfer, single, call, answer);
	result = curl_easy_perform(single);
	/* A server may answer before it has read all of a body that it refuses. */
	finish(&transfer, result == CURLE_OK || result == CURLE_SEND_ERROR);
	return answer;
}

static void
start(CURLM *pool, struct transfer *transfer, CURL *handle, const struct gp_call *call,
    struct gp_answer *answer)
{
	if (handle == NULL)
		abort();
	prepare(transfer, handle, call, answer);
	if (curl_multi_add_handle(pool, handle) != CURLM_OK)
		abort();
}

/* The next transfer that has ended, its answer complete; NULL when there is none yet. */
static struct transfer *
next_finished(CURLM *pool)
{
	struct transfer *transfer;
	CURLMsg *message;
	bool whole;
	int left;

	do {
		message = curl_multi_info_read(pool, &left);
		if (message == NULL)
			return NULL;
	} while (message->msg != CURLMSG_DONE);
	whole = message->data.result == CURLE_OK;
	curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
	curl_multi_remove_handle(pool, transfer->handle);
	finish(transfer, whole);
	return transfer;
}

void
gp_send_all(const struct gp_call *calls, struct gp_answer *answers, size_t count, size_t at_once)
{
	CURLM *pool = curl_multi_init();
	struct transfer *transfers = gp_kept(at_once * sizeof(*transfers));
	struct transfer *ended;
	size_t started = 0, finished = 0;
	int running;

	if (pool == NULL)
		abort();
	for (; started < at_once && started < count; started++)
		start(pool, &transfers[started], curl_easy_init(), &calls[started],
		    &answers[started]);
	while (finished < count) {
		curl_multi_perform(pool, &running);
		while ((ended = next_finished(pool)) != NULL) {
			finished++;
			if (started == count)
				continue;
			start(pool, ended, ended->handle, &calls[started], &answers[started]);
			started++;
		}
		curl_multi_wait(pool, NULL, 0, 100, NULL);
	}
	for (size_t i = 0; i < at_once && i < count; i++)
		curl_easy_cleanup(transfers[i].handle);
	curl_multi_cleanup(pool);
}
