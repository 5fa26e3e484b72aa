/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http-load keeps a running instance busy and counts what comes back, in memory that does not grow.
 * The instance is named as for http-tests: GATEPOST_TEST_URL, BETTER_AUTH_SECRET.
 */
#include <curl/curl.h>
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../http/instance.h"
#include "../http/kept.h"
#include "../http/token.h"

/* As many slots as anybody asks for; each is one request under way. */
enum { SLOTS_MAX = 64, BODY_SIZE = 512, STATUS_MAX = 600 };

/* The kinds of request, taken in turn. */
struct kind {
	const char *method, *path, *body;
	const char *authorization; /* the whole field, NULL for none */
	long expected;             /* status when all is well */
};

struct slot {
	CURL *handle;
	struct curl_slist *fields;
	const struct kind *kind;
	char body[BODY_SIZE]; /* the beginning of the answer */
	size_t length;
	bool retry_after;
};

struct load {
	struct kind kinds[10];
	size_t kind_count;
	long requests; /* 0: until told to stop */
	size_t slot_count;
	FILE *acknowledged; /* ids of created tasks, NULL: not kept */
	struct slot slots[SLOTS_MAX];
	long started, answered, lost, unexpected, without_retry_after;
	long statuses[STATUS_MAX];
	double slowest_s;
};

static volatile sig_atomic_t stop_due;

static void
on_stop(int signal_number)
{
	(void)signal_number;
	stop_due = 1;
}

static size_t
take_body(char *bytes, size_t size, size_t count, void *context)
{
	struct slot *slot = context;
	size_t room = BODY_SIZE - 1 - slot->length;
	size_t length = size * count < room ? size * count : room;

	memcpy(slot->body + slot->length, bytes, length);
	slot->length += length;
	slot->body[slot->length] = '\0';
	return size * count;
}

static size_t
take_field(char *bytes, size_t size, size_t count, void *context)
{
	static const char name[] = "Retry-After:";
	struct slot *slot = context;

	if (size * count > sizeof(name) && strncasecmp(bytes, name, sizeof(name) - 1) == 0)
		slot->retry_after = true;
	return size * count;
}

/* Begin the next request on a slot. */
static void
start(struct load *load, CURLM *pool, struct slot *slot)
{
	const struct kind *kind = &load->kinds[(size_t)load->started++ % load->kind_count];
	CURL *handle = slot->handle;

	slot->kind = kind;
	slot->length = 0;
	slot->body[0] = '\0';
	slot->retry_after = false;
	curl_easy_reset(handle);
	curl_slist_free_all(slot->fields);
	slot->fields = curl_slist_append(NULL, "Content-Type: application/json");
	if (kind->authorization != NULL)
		slot->fields = curl_slist_append(slot->fields, kind->authorization);
	curl_easy_setopt(handle, CURLOPT_URL, kind->path);
	curl_easy_setopt(handle, CURLOPT_HTTPHEADER, slot->fields);
	curl_easy_setopt(handle, CURLOPT_PROXY, "");
	curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(handle, CURLOPT_TIMEOUT, 60L); /* a hang is for the caller to judge */
	curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(handle, CURLOPT_WRITEDATA, slot);
	curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_field);
	curl_easy_setopt(handle, CURLOPT_HEADERDATA, slot);
	curl_easy_setopt(handle, CURLOPT_PRIVATE, slot);
	if (kind->body != NULL)
		curl_easy_setopt(handle, CURLOPT_POSTFIELDS, kind->body);
	curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, kind->method);
	if (curl_multi_add_handle(pool, handle) != CURLM_OK)
		abort();
}

/* Write down the id of a task that was said to be there. */
static void
acknowledge(struct load *load, const struct slot *slot)
{
	static const char name[] = "\"id\":\"";
	const char *id = strstr(slot->body, name);

	if (load->acknowledged != NULL && id != NULL)
		fprintf(load->acknowledged, "%.36s\n", id + sizeof(name) - 1);
}

static void
count(struct load *load, struct slot *slot, CURLcode result)
{
	double seconds = 0;
	long status = 0;

	curl_easy_getinfo(slot->handle, CURLINFO_TOTAL_TIME, &seconds);
	curl_easy_getinfo(slot->handle, CURLINFO_RESPONSE_CODE, &status);
	if (seconds > load->slowest_s)
		load->slowest_s = seconds;
	if (result != CURLE_OK || status <= 0 || status >= STATUS_MAX) {
		load->lost++;
		fprintf(stderr, "http-load: %s %s: %s\n", slot->kind->method, slot->kind->path,
		    curl_easy_strerror(result));
		return;
	}
	load->answered++;
	load->statuses[status]++;
	if (status == 201)
		acknowledge(load, slot);
	if (status == 503 && !slot->retry_after)
		load->without_retry_after++;
	if (status != slot->kind->expected) {
		load->unexpected++;
		if (status != 503)
			fprintf(stderr, "http-load: %s %s: %ld, not %ld: %s\n", slot->kind->method,
			    slot->kind->path, status, slot->kind->expected, slot->body);
	}
}

static bool
goes_on(const struct load *load)
{
	return !stop_due && (load->requests == 0 || load->started < load->requests);
}

/* Take in what has ended; returns how many slots have nothing more to do. */
static size_t
collect(struct load *load, CURLM *pool)
{
	size_t idle = 0;
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(pool, &left)) != NULL) {
		CURLcode result = message->data.result;
		struct slot *slot;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&slot);
		curl_multi_remove_handle(pool, slot->handle);
		count(load, slot, result);
		if (goes_on(load))
			start(load, pool, slot);
		else
			idle++;
	}
	return idle;
}

static bool
run(struct load *load)
{
	CURLM *pool = curl_multi_init();
	size_t idle = 0;
	int running;

	if (pool == NULL)
		return false;
	for (size_t i = 0; i < load->slot_count; i++) {
		load->slots[i].handle = curl_easy_init();
		if (load->slots[i].handle == NULL)
			return false;
		if (goes_on(load))
			start(load, pool, &load->slots[i]);
		else
			idle++;
	}
	while (idle < load->slot_count) {
		curl_multi_perform(pool, &running);
		idle += collect(load, pool);
		if (idle < load->slot_count)
			curl_multi_wait(pool, NULL, 0, 100, NULL);
	}
	for (size_t i = 0; i < load->slot_count; i++) {
		curl_easy_cleanup(load->slots[i].handle);
		curl_slist_free_all(load->slots[i].fields);
	}
	curl_multi_cleanup(pool);
	return true;
}

static void
print(const struct load *load)
{
	printf("answered %ld\nlost %ld\nunexpected %ld\n", load->answered, load->lost,
	    load->unexpected);
	printf("without_retry_after %ld\nslowest_ms %.0f\n", load->without_retry_after,
	    load->slowest_s * 1000);
	for (int status = 0; status < STATUS_MAX; status++) {
		if (load->statuses[status] > 0)
			printf("status_%d %ld\n", status, load->statuses[status]);
	}
}

/* `create` makes tasks; `list` reads an empty list; `mixed` is some of both and of what is wrong,
 * `all` of sign-in, too. */
static bool
choose_mix(struct load *load, const char *name, const char *user_id)
{
	const char *reader =
	    gp_kept_text("Authorization: Bearer %s", gp_token_for(gp_instance_new_user()));
	const char *writer = gp_kept_text("Authorization: Bearer %s",
	    gp_token_for(user_id != NULL ? user_id : gp_instance_new_user()));
	const char *path = gp_kept_text("%s/tasks", gp_instance.url);
	const char *task = gp_kept_text("%s/00000000-0000-4000-8000-000000000000", path);
	const struct kind create = { "POST", path, "{\"text\":\"a task under load\"}", writer,
		201 };
	const struct kind list = { "GET", path, NULL, reader, 200 };
	const struct kind kinds[] = {
		list,
		create,
		{ "GET", path, NULL, "Authorization: Bearer a.b.c", 401 },
		{ "POST", path, "{\"text\":\"\",\"completed\":7}", writer, 422 },
		{ "GET", task, NULL, reader, 404 },
		{ "GET", path, NULL, NULL, 401 },
		{ "POST", path, "{\"text\":", writer, 422 },
		{ "GET", gp_kept_text("%s/nowhere", gp_instance.url), NULL, reader, 404 },
		/* Of the sign-in program; behind what `mixed` has. */
		{ "GET", gp_kept_text("%s/api/auth/ok", gp_instance.url), NULL, NULL, 200 },
		{ "GET", gp_kept_text("%s/api/auth/get-session", gp_instance.url), NULL,
		    "Authorization: Bearer none", 200 },
	};
	const size_t all = sizeof(kinds) / sizeof(kinds[0]);

	load->kind_count = 1;
	if (strcmp(name, "create") == 0)
		load->kinds[0] = create;
	else if (strcmp(name, "list") == 0)
		load->kinds[0] = list;
	else if (strcmp(name, "mixed") == 0 || strcmp(name, "all") == 0) {
		load->kind_count = name[0] == 'a' ? all : all - 2;
		memcpy(load->kinds, kinds, sizeof(kinds));
	} else {
		return false;
	}
	return true;
}

static int
print_help(void)
{
	fputs(
	    "http-load [--mix create|list|mixed|all] [--requests N] [--at-once N] [--user ID]\n"
	    "          [--acknowledged FILE]\n"
	    "  sends N requests, or goes on until SIGTERM, and prints what came back; the ids of\n"
	    "  tasks that were answered with 201 go to FILE. Exits with 1 when an answer was lost.\n",
	    stderr);
	return EXIT_FAILURE;
}

static bool
parse_number(const char *text, long most, long *number)
{
	char *end;

	errno = 0;
	*number = strtol(text, &end, 10);
	return errno == 0 && end > text && *end == '\0' && *number > 0 && *number <= most;
}

static bool
read_options(struct load *load, int argc, char *argv[])
{
	static const struct option options[] = {
		{ "mix", required_argument, NULL, 'm' },
		{ "requests", required_argument, NULL, 'n' },
		{ "at-once", required_argument, NULL, 'c' },
		{ "user", required_argument, NULL, 'u' },
		{ "acknowledged", required_argument, NULL, 'a' },
		{ NULL, 0, NULL, 0 },
	};
	const char *mix = "create", *user_id = NULL;
	long slot_count = 4;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		bool understood = true;

		switch (option) {
		case 'm': mix = optarg; break;
		case 'n': understood = parse_number(optarg, 100000000, &load->requests); break;
		case 'c': understood = parse_number(optarg, SLOTS_MAX, &slot_count); break;
		case 'u': user_id = optarg; break;
		case 'a':
			load->acknowledged = fopen(optarg, "w");
			understood = load->acknowledged != NULL;
			break;
		default: understood = false;
		}
		if (!understood)
			return false;
	}
	load->slot_count = (size_t)slot_count;
	return optind == argc && choose_mix(load, mix, user_id);
}

int
main(int argc, char *argv[])
{
	static struct load load;
	struct sigaction stop = { .sa_handler = on_stop };

	if (!gp_instance_find())
		return EXIT_FAILURE;
	if (!read_options(&load, argc, argv))
		return print_help();
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
	    sigaction(SIGTERM, &stop, NULL) != 0 || sigaction(SIGINT, &stop, NULL) != 0 ||
	    !run(&load)) {
		fputs("http-load: cannot start\n", stderr);
		return EXIT_FAILURE;
	}
	print(&load);
	if (load.acknowledged != NULL && fclose(load.acknowledged) != 0)
		return EXIT_FAILURE;
	curl_global_cleanup();
	return load.lost == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
