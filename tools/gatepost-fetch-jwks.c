/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gatepost-fetch-jwks: fetches a JWK set and replaces a file by it, or leaves the file alone.
 * Workers run it: they speak no HTTP themselves.
 */
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jwks_url.h"
#include "web_client.h"

/* To connect and to answer, together: a request waits for us. */
enum { LIMIT_MS = 2000 };

struct answer {
	char text[GP_JWKS_URL_SIZE_MAX + 1];
	size_t length;
	bool too_large;
};

/* Where it is fetched from: the parsed URL, and what of it a log may show. */
struct origin {
	CURLU *url;
	bool loopback;
	char shown[512];
};

/* One line on standard error, free of control characters whoever the text is from. */
__attribute__((format(printf, 2, 3))) static bool
refuse(const struct origin *origin, const char *format, ...)
{
	char line[1024];
	size_t length = 0;
	va_list arguments;

	if (origin != NULL && origin->shown[0] != '\0')
		length = (size_t)snprintf(line, sizeof(line), "%s: ", origin->shown);
	va_start(arguments, format);
	vsnprintf(line + length, sizeof(line) - length, format, arguments);
	va_end(arguments);
	for (char *at = line; *at != '\0'; at++) {
		if ((unsigned char)*at < 0x20 || *at == 0x7f)
			*at = ' ';
	}
	fprintf(stderr, "gatepost-fetch-jwks: %s\n", line);
	return false;
}

/* Scheme, host, port and path; neither user and password nor the query, which may be secrets. */
static void
show(struct origin *origin)
{
	CURLU *copy = curl_url_dup(origin->url);
	char *text = NULL;

	if (copy != NULL && curl_url_set(copy, CURLUPART_USER, NULL, 0) == CURLUE_OK &&
	    curl_url_set(copy, CURLUPART_PASSWORD, NULL, 0) == CURLUE_OK &&
	    curl_url_set(copy, CURLUPART_OPTIONS, NULL, 0) == CURLUE_OK &&
	    curl_url_set(copy, CURLUPART_QUERY, NULL, 0) == CURLUE_OK &&
	    curl_url_set(copy, CURLUPART_FRAGMENT, NULL, 0) == CURLUE_OK &&
	    curl_url_get(copy, CURLUPART_URL, &text, 0) == CURLUE_OK)
		snprintf(origin->shown, sizeof(origin->shown), "%s", text);
	curl_free(text);
	curl_url_cleanup(copy);
}

/* The parser that judges the URL is the one that curl connects by. */
static bool
parse(const char *text, struct origin *origin)
{
	char *scheme = NULL, *host = NULL;
	bool allowed = false;

	origin->url = curl_url();
	if (origin->url == NULL || curl_url_set(origin->url, CURLUPART_URL, text, 0) != CURLUE_OK ||
	    curl_url_get(origin->url, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
	    curl_url_get(origin->url, CURLUPART_HOST, &host, 0) != CURLUE_OK) {
		refuse(NULL, "not a URL that can be fetched");
		goto out;
	}
	show(origin);
	origin->loopback = gp_web_is_loopback(host);
	allowed = strcmp(scheme, "https") == 0 || (strcmp(scheme, "http") == 0 && origin->loopback);
	if (!allowed)
		refuse(origin, "must be https; http is for loopback addresses alone");
out:
	curl_free(scheme);
	curl_free(host);
	return allowed;
}

static size_t
take(char *bytes, size_t one, size_t count, void *context)
{
	struct answer *answer = context;

	(void)one; /* always 1 */
	if (count > GP_JWKS_URL_SIZE_MAX - answer->length) {
		answer->too_large = true;
		return 0;
	}
	memcpy(answer->text + answer->length, bytes, count);
	answer->length += count;
	return count;
}

/* Numbers among the options; what is curl's default already but matters stands here too. */
static CURLcode
set_numbers(CURL *curl)
{
	static const struct {
		CURLoption option;
		long value;
	} rows[] = {
		{ CURLOPT_NOSIGNAL, 1 },
		{ CURLOPT_CONNECTTIMEOUT_MS, LIMIT_MS },
		{ CURLOPT_TIMEOUT_MS, LIMIT_MS },
		{ CURLOPT_FOLLOWLOCATION, 0 },
		{ CURLOPT_MAXFILESIZE, GP_JWKS_URL_SIZE_MAX },
		{ CURLOPT_SSL_VERIFYPEER, 1 },
		{ CURLOPT_SSL_VERIFYHOST, 2 },
		{ CURLOPT_HTTP09_ALLOWED, 0 },
#if LIBCURL_VERSION_NUM >= 0x075700 /* 7.87.0: no waiting for a resolver that does not answer */
		{ CURLOPT_QUICK_EXIT, 1 },
#endif
	};
	CURLcode code = CURLE_OK;

	for (size_t i = 0; code == CURLE_OK && i < GP_COUNT(rows); i++)
		code = curl_easy_setopt(curl, rows[i].option, rows[i].value);
	return code;
}

static bool
prepare(CURL *curl, const struct origin *origin, struct answer *answer, char *said)
{
	return set_numbers(curl) == CURLE_OK && gp_web_set_protocols(curl) == CURLE_OK &&
	       gp_web_set_certificates(curl) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_CURLU, origin->url) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, said) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_USERAGENT, "gatepost/" GATEPOST_VERSION) ==
		   CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer) == CURLE_OK &&
	       /* An empty name: none, whatever the environment says. */
	       (!origin->loopback || curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK);
}

static bool
judge_transfer(CURL *curl, CURLcode code, const char *said, const struct origin *origin,
    const struct answer *answer)
{
	long status = 0;

	if (answer->too_large || code == CURLE_FILESIZE_EXCEEDED)
		return refuse(origin, "the answer is longer than %d bytes", GP_JWKS_URL_SIZE_MAX);
	if (code == CURLE_OPERATION_TIMEDOUT)
		return refuse(origin, "no complete answer within %d ms", LIMIT_MS);
	if (code != CURLE_OK)
		return refuse(origin, "%s", said[0] != '\0' ? said : curl_easy_strerror(code));
	if (curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK || status != 200)
		return refuse(origin, "HTTP status %ld, must be 200", status);
	return true;
}

static bool
download(const struct origin *origin, struct answer *answer)
{
	struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/json");
	char said[CURL_ERROR_SIZE] = "";
	CURL *curl = curl_easy_init();
	bool fetched;

	if (curl == NULL || headers == NULL || !prepare(curl, origin, answer, said) ||
	    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers) != CURLE_OK)
		fetched = refuse(NULL, "libcurl cannot do what is needed, or is out of memory");
	else
		fetched = judge_transfer(curl, curl_easy_perform(curl), said, origin, answer);
	curl_easy_cleanup(curl);
	curl_slist_free_all(headers);
	answer->text[answer->length] = '\0';
	return fetched;
}

static bool
judge_content(const struct origin *origin, const struct answer *answer)
{
	struct gp_json_reader *reader = gp_json_reader_new();
	struct gp_jwk_set set;
	bool usable;

	if (reader == NULL)
		return refuse(NULL, "out of memory");
	usable = gp_jwks_url_judge(reader, answer->text, answer->length, &set);
	gp_jwk_set_clear(&set);
	gp_json_reader_free(reader);
	return usable || refuse(origin, "the answer is not a JWK set with a usable key");
}

static bool
write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t count = write(fd, bytes, length);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return false;
		bytes += count;
		length -= (size_t)count;
	}
	return true;
}

/* Write `temporary` and let it become `path`; with errno set, and nothing left behind, on failure.
 */
static bool
write_and_rename(const struct answer *answer, const char *temporary, const char *path)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	bool written;
	int error, fd;

	/* The name holds our process id: what has it is from a process that is no more. */
	unlink(temporary);
	fd = open(temporary, flags, S_IRUSR | S_IWUSR);
	if (fd < 0)
		return false;
	written = write_all(fd, answer->text, answer->length) && fsync(fd) == 0;
	error = errno;
	if (close(fd) != 0 && written) {
		error = errno;
		written = false;
	}
	if (written && rename(temporary, path) == 0)
		return true;
	errno = written ? errno : error;
	error = errno;
	unlink(temporary);
	errno = error;
	return false;
}

static bool
replace(const struct answer *answer, const char *path)
{
	size_t size = strlen(path) + 32; /* a dot, a process id, ".new" */
	char *temporary = malloc(size);
	bool replaced;

	if (temporary == NULL)
		return refuse(NULL, "out of memory");
	snprintf(temporary, size, "%s.%ld.new", path, (long)getpid());
	replaced = write_and_rename(answer, temporary, path);
	if (!replaced)
		refuse(NULL, "%s: %s", path, strerror(errno));
	free(temporary);
	return replaced;
}

static bool
fetch(const char *url, const char *path)
{
	static struct answer answer; /* too large for a stack */
	struct origin origin = { .url = NULL };
	bool replaced = parse(url, &origin) && download(&origin, &answer) &&
			judge_content(&origin, &answer) && replace(&answer, path);

	curl_url_cleanup(origin.url);
	return replaced;
}

static int
print_help(FILE *out)
{
	fputs("gatepost-fetch-jwks URL FILE\n"
	      "  replaces FILE by the JWK set at URL, or leaves it alone and says why\n"
	      "gatepost-fetch-jwks --version\n"
	      "The workers run it where JWKS_URL is set. CURL_CA_BUNDLE, SSL_CERT_FILE and\n"
	      "SSL_CERT_DIR name other certificates than the system's.\n",
	    out);
	return out == stdout ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
main(int argc, char *argv[])
{
	bool replaced;

	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		puts("gatepost-fetch-jwks " GATEPOST_VERSION);
		return EXIT_SUCCESS;
	}
	if (argc != 3)
		return print_help(argc == 2 && strcmp(argv[1], "--help") == 0 ? stdout : stderr);
	/* A server that hangs up must not end us without a word; with NOSIGNAL curl leaves it to
	 * us. */
	signal(SIGPIPE, SIG_IGN);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return refuse(NULL, "libcurl cannot start") ? EXIT_SUCCESS : EXIT_FAILURE;
	replaced = fetch(argv[1], argv[2]);
	curl_global_cleanup();
	return replaced ? EXIT_SUCCESS : EXIT_FAILURE;
}
