/* SPDX-License-Identifier: Apache-2.0 */
/* Hides libcurl's options. */
#include "web_client.h"

#include <arpa/inet.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* To connect and to answer, together: a person waits. */
enum { LIMIT_MS = 10000 };

bool
gp_web_is_loopback(const char *host)
{
	struct in_addr address;

	return strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
	       (inet_pton(AF_INET, host, &address) == 1 && ntohl(address.s_addr) >> 24 == 127);
}

/* The parser that judges the URL is the one that curl connects by. */
static bool
is_on_loopback(const char *text, bool *encrypted)
{
	CURLU *url = curl_url();
	char *scheme = NULL, *host = NULL;
	bool loopback = false;

	*encrypted = false;
	if (url != NULL && curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK &&
	    curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
	    curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK) {
		*encrypted = strcmp(scheme, "https") == 0;
		loopback = gp_web_is_loopback(host);
	}
	curl_free(scheme);
	curl_free(host);
	curl_url_cleanup(url);
	return loopback;
}

bool
gp_web_is_private(const char *url)
{
	bool encrypted;

	return is_on_loopback(url, &encrypted) || encrypted;
}

CURLcode
gp_web_set_certificates(CURL *curl)
{
	const char *bundle = getenv("CURL_CA_BUNDLE");
	const char *directory = getenv("SSL_CERT_DIR");
	CURLcode code = CURLE_OK;

	if (bundle == NULL || bundle[0] == '\0') {
		bundle = getenv("SSL_CERT_FILE");
		if (directory != NULL && directory[0] != '\0')
			code = curl_easy_setopt(curl, CURLOPT_CAPATH, directory);
	}
	if (code == CURLE_OK && bundle != NULL && bundle[0] != '\0')
		code = curl_easy_setopt(curl, CURLOPT_CAINFO, bundle);
	return code;
}

CURLcode
gp_web_set_protocols(CURL *curl)
{
#if LIBCURL_VERSION_NUM >= 0x075500 /* 7.85.0 */
	return curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
#else
	return curl_easy_setopt(curl, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

/* The value of a field line, where it is the field's; what is no plain character becomes a blank.
 */
static void
keep_field(const char *line, size_t length, const char *name, char *value, size_t size)
{
	size_t name_length = strlen(name), kept = 0;

	if (length <= name_length || strncasecmp(line, name, name_length) != 0 ||
	    line[name_length] != ':')
		return;
	for (size_t i = name_length + 1; i < length && kept + 1 < size; i++) {
		if (kept == 0 && line[i] == ' ')
			continue;
		value[kept++] = line[i] < 0x20 || line[i] > 0x7e ? ' ' : line[i];
	}
	while (kept > 0 && value[kept - 1] == ' ')
		kept--;
	value[kept] = '\0';
}

static size_t
take_field(char *line, size_t one, size_t count, void *context)
{
	struct gp_web_answer *answer = context;

	(void)one; /* always 1 */
	keep_field(line, count, "WWW-Authenticate", answer->challenge, sizeof(answer->challenge));
	keep_field(line, count, "Server", answer->server, sizeof(answer->server));
	return count;
}

static size_t
drop_body(char *bytes, size_t one, size_t count, void *context)
{
	(void)bytes;
	(void)one;
	(void)context;
	return count;
}

CURLcode
gp_web_prepare(CURL *curl, const char *url)
{
	const struct {
		CURLoption option;
		long value;
	} numbers[] = {
		{ CURLOPT_NOSIGNAL, 1 },
		{ CURLOPT_TIMEOUT_MS, LIMIT_MS },
		{ CURLOPT_FOLLOWLOCATION, 0 },
		{ CURLOPT_SSL_VERIFYPEER, 1 },
		{ CURLOPT_SSL_VERIFYHOST, 2 },
	};
	bool encrypted;
	CURLcode code = curl_easy_setopt(curl, CURLOPT_URL, url);

	for (size_t i = 0; code == CURLE_OK && i < GP_COUNT(numbers); i++)
		code = curl_easy_setopt(curl, numbers[i].option, numbers[i].value);
	if (code == CURLE_OK)
		code = gp_web_set_protocols(curl);
	if (code == CURLE_OK)
		code = gp_web_set_certificates(curl);
	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_USERAGENT, "gatepost/" GATEPOST_VERSION);
	/* An empty name: none, whatever the environment says. */
	if (code == CURLE_OK && is_on_loopback(url, &encrypted))
		code = curl_easy_setopt(curl, CURLOPT_PROXY, "");
	return code;
}

static CURLcode
prepare_question(CURL *curl, const char *url, const char *socket, struct curl_slist *fields,
    struct gp_web_answer *answer)
{
	CURLcode code = gp_web_prepare(curl, url);

	if (code == CURLE_OK && socket != NULL)
		code = curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, socket);
	if (code == CURLE_OK && fields != NULL)
		code = curl_easy_setopt(curl, CURLOPT_HTTPHEADER, fields);
	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_field);
	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_HEADERDATA, answer);
	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop_body);
	return code;
}

/* The field with the token, which is wiped with it; NULL without memory. */
static char *
write_authorization(const char *token)
{
	static const char format[] = "Authorization: Bearer %s";
	size_t size = sizeof(format) + strlen(token);
	char *field = malloc(size);

	if (field != NULL)
		snprintf(field, size, format, token);
	return field;
}

bool
gp_web_ask(const char *url, const char *socket, const char *token, struct gp_web_answer *answer,
    char *problem, size_t problem_size)
{
	CURL *curl = curl_easy_init();
	char *field = token != NULL ? write_authorization(token) : NULL;
	struct curl_slist *fields = field != NULL ? curl_slist_append(NULL, field) : NULL;
	CURLcode code = CURLE_OUT_OF_MEMORY;

	*answer = (struct gp_web_answer){ .status = 0 };
	if (curl != NULL && (token == NULL || fields != NULL))
		code = prepare_question(curl, url, socket, fields, answer);
	if (code == CURLE_OK)
		code = curl_easy_perform(curl);
	if (code == CURLE_OK)
		code = curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer->status);
	if (code != CURLE_OK)
		snprintf(problem, problem_size, "%s", curl_easy_strerror(code));
	curl_easy_cleanup(curl);
	curl_slist_free_all(fields);
	if (field != NULL)
		OPENSSL_cleanse(field, strlen(field));
	free(field);
	return code == CURLE_OK;
}
