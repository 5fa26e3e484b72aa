/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gatepost-token verify: judges a token as the workers do, or many against the keys of a file; and
 * on request sends one through the web server to see what becomes of it.
 */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "authorize.h"
#include "buffer.h"
#include "claims.h"
#include "database.h"
#include "diagnosis.h"
#include "settings.h"
#include "token_command.h"
#include "web_client.h"

extern char **environ;

/* Tokens of standard input against the keys of one file. */
static int
verify_lines(struct gp_key_ring *ring, struct gp_json_reader *reader, bool judge_claims)
{
	const struct gp_claims_policy policy = { .leeway_s = 5 };
	struct gp_arena *arena = gp_arena_new();
	struct gp_jws_reader *headers = gp_jws_reader_new(reader);
	char *line = NULL;
	size_t size = 0;

	if (arena == NULL || headers == NULL)
		return gp_token_fail("out of memory");
	while (gp_token_read_line(&line, &size) != NULL) {
		int64_t now_s = (int64_t)time(NULL);
		struct gp_caller caller;
		struct gp_jws token;
		enum gp_outcome outcome =
		    gp_jws_open(arena, headers, ring, line, strlen(line), now_s, &token);

		if (outcome == GP_OK && judge_claims)
			outcome =
			    gp_claims_judge(arena, reader, &policy, NULL, &token, now_s, &caller);
		puts(outcome == GP_OK ? "valid" : "invalid");
		fflush(stdout);
		gp_arena_reset(arena);
	}
	free(line);
	gp_jws_reader_free(headers);
	gp_arena_free(arena);
	return EXIT_SUCCESS;
}

static char *
read_whole(const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	size_t size = 0;
	char *text = NULL;

	*length = 0;
	if (file == NULL)
		return NULL;
	while (!feof(file) && !ferror(file)) {
		char *more = realloc(text, size + 65536 + 1);

		if (more == NULL)
			break;
		text = more;
		size += 65536;
		*length += fread(text + *length, 1, size - *length, file);
	}
	fclose(file);
	if (text != NULL)
		text[*length] = '\0';
	return text;
}

static int
verify_with_file(const char *path, const char *algorithm_name, bool judge_claims)
{
	struct gp_json_reader *reader = gp_json_reader_new();
	struct gp_key_ring *ring = gp_key_ring_new(NULL, 0);
	struct gp_jwk_set set = { .count = 0 };
	enum gp_algorithm algorithm;
	int status = EXIT_FAILURE;
	size_t length;
	char *text = read_whole(path, &length);

	if (text == NULL || reader == NULL || ring == NULL) {
		fprintf(stderr, "gatepost-token: %s: %s\n", path, strerror(errno));
		goto out;
	}
	/* An algorithm that is not ours, or a file with no key for it, leaves nothing that is
	 * valid. */
	if (gp_algorithm_of(algorithm_name, &algorithm)) {
		if (!gp_jwk_set_read(reader, text, length, &algorithm, NULL, &set))
			fprintf(stderr, "gatepost-token: %s: neither a JWK nor a JWK set\n", path);
		gp_jwk_set_keep(&set, algorithm);
		gp_key_ring_take(ring, GP_KEYS_OF_FILE, &set);
	}
	status = verify_lines(ring, reader, judge_claims);
out:
	free(text);
	gp_key_ring_free(ring);
	gp_json_reader_free(reader);
	return status;
}

/* What a token or a user says of itself: nothing in it that a terminal obeys. */
static void
print_foreign(const char *before, const char *text)
{
	fputs(before, stdout);
	for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++) {
		/* U+0080 to U+009F are control characters too; in UTF-8 0xc2 begins them. */
		bool is_long = *c == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0;

		putchar(*c < 0x20 || *c == 0x7f || is_long ? ' ' : *c);
		c += is_long;
	}
}

/* What an operator should look at, beyond what the table of outcomes says. */
static void
print_hints(
    const struct gp_authority *authority, enum gp_outcome outcome, const struct gp_jws *token)
{
	const struct gp_outcome_row *row = gp_outcome_row(outcome);
	char held[512];

	printf("refused: %s (rule %s)\n", row->sentence, row->rule);
	if (row->remedy != NULL)
		printf("look at: %s\n", row->remedy);
	if (token->algorithm != NULL) {
		print_foreign("the token says: alg ", token->algorithm);
		print_foreign(", kid ", token->key_id != NULL ? token->key_id : "(none)");
		putchar('\n');
	}
	if (outcome == GP_DENY_KEY || outcome == GP_DENY_ALGORITHM) {
		gp_authority_describe_keys(authority, held, sizeof(held));
		printf("kids held: %s\n", held[0] != '\0' ? held : "(none)");
	}
	if (outcome == GP_DENY_NO_CREDENTIAL)
		printf("where a client does send one: %s\n", gp_passing_remedy(NULL));
}

/* A session token is judged by the database alone. */
static enum gp_outcome
look_up(struct gp_database *database, struct gp_arena *arena, struct gp_caller *caller)
{
	const struct gp_rows *rows, *row;
	const char **members[] = { &caller->user_id, &caller->email, &caller->name };
	enum gp_outcome outcome =
	    gp_database_run(database, &caller->identity, GP_QUERY_READY, NULL, &rows);

	row = outcome == GP_OK ? gp_database_caller(database) : NULL;
	for (int column = 0; row != NULL && column < 3; column++) {
		size_t length;
		const char *text = gp_rows_text(row, 0, column, &length);

		*members[column] = gp_arena_copy(arena, text != NULL ? text : "", length);
	}
	return outcome;
}

/* What the answer to a token says that is accepted here. */
static int
print_arrival(const struct gp_web_answer *answer)
{
	switch (gp_arrival_of(answer->status, answer->challenge)) {
	case GP_ARRIVAL_TAKEN:
		printf("taken: HTTP status %ld\n", answer->status);
		return EXIT_SUCCESS;
	case GP_ARRIVAL_REFUSED:
		printf("arrived and refused: %s\n", answer->challenge);
		puts("look at: the settings of the workers, which are others than these, or older; "
		     "their log names the rule");
		return EXIT_FAILURE;
	case GP_ARRIVAL_DROPPED:
		puts(
		    "no credential arrived: the web server does not pass the Authorization field on");
		printf("look at: %s\n", gp_passing_remedy(answer->server));
		return EXIT_FAILURE;
	case GP_ARRIVAL_UNKNOWN: break;
	}
	printf("no telling: HTTP status %ld\n", answer->status);
	puts("look at: the address, which must be one of the API's, such as .../tasks; with 403 or "
	     "404 the token arrived where the path is right; with 5xx the workers' log has more");
	return EXIT_FAILURE;
}

/* Send an accepted token through the web server. */
static int
send_through(const char *url, const char *credential)
{
	struct gp_web_answer answer;
	char problem[256];
	int status;

	if (!gp_web_is_private(url))
		return gp_token_fail(
		    "--through: must be https; http is for loopback addresses alone, "
		    "because a token opens doors to whoever reads it on the way");
	if (strncmp(credential, "Bearer ", 7) == 0)
		credential += 7;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return gp_token_fail("libcurl cannot start");
	if (gp_web_ask(url, NULL, credential, &answer, problem, sizeof(problem))) {
		status = print_arrival(&answer);
	} else {
		printf("no answer: %s\n", problem);
		status = EXIT_FAILURE;
	}
	curl_global_cleanup();
	return status;
}

static int
verify(const struct gp_settings *settings, const char *credential)
{
	const char *url = settings->auth_database_url != NULL ? settings->auth_database_url
							      : settings->database_url;
	const struct gp_database_manner manner = gp_settings_database_manner(settings);
	struct gp_database *database = url != NULL ? gp_database_new(url, &manner) : NULL;
	struct gp_log log = { .program = "gatepost-token", .level = GP_LOG_WARNING };
	struct gp_authority *authority = gp_authority_new(settings, database, &log);
	struct gp_arena *arena = gp_arena_new();
	struct gp_credentials credentials = { .cookies = NULL };
	struct gp_buffer field;
	struct gp_caller caller;
	struct gp_jws token;
	enum gp_outcome outcome = GP_ERR_MEMORY;

	if (authority == NULL || arena == NULL)
		goto out;
	gp_buffer_init(&field, arena);
	if (strncmp(credential, "Bearer ", 7) != 0)
		gp_buffer_add_text(&field, "Bearer ");
	gp_buffer_add(&field, credential, strlen(credential) + 1);
	if (!gp_buffer_complete(&field))
		goto out;
	credentials.authorization = field.bytes;
	outcome = gp_authorize(authority, GP_ACCESS_CALLER, NULL, &credentials, (int64_t)time(NULL),
	    arena, &caller, &token);
	if (outcome == GP_OK && caller.identity.kind != GP_AS_USER) {
		if (database == NULL) {
			puts(
			    "a session token, which only the database can judge; set DATABASE_URL");
			outcome = GP_ERR_DATABASE_GONE;
			goto out;
		}
		outcome = look_up(database, arena, &caller);
	}
	if (outcome == GP_OK) {
		print_foreign("accepted: user ", caller.user_id);
		print_foreign(", email ", caller.email);
		print_foreign(", name ", caller.name);
		putchar('\n');
	} else {
		print_hints(authority, outcome, &token);
	}
out:
	gp_arena_free(arena);
	gp_authority_free(authority);
	gp_database_free(database);
	return outcome == GP_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
gp_token_verify(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "jwk", required_argument, NULL, 'j' },
		{ "alg", required_argument, NULL, 'a' },
		{ "no-claims", no_argument, NULL, 'n' },
		{ "through", required_argument, NULL, 't' },
		{ NULL, 0, NULL, 0 },
	};
	const char *path = NULL, *algorithm = NULL, *url = NULL, *token;
	struct gp_settings *settings;
	bool judge_claims = true;
	char *line = NULL;
	char problem[512];
	int option, status;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'j': path = optarg; break;
		case 'a': algorithm = optarg; break;
		case 'n': judge_claims = false; break;
		case 't': url = optarg; break;
		default: return gp_token_help(stderr);
		}
	}
	if (path != NULL && algorithm != NULL && url == NULL && optind == argc)
		return verify_with_file(path, algorithm, judge_claims);
	if (path != NULL || algorithm != NULL || !judge_claims || argc - optind > 1)
		return gp_token_help(stderr);
	settings = gp_settings_load(
	    environ, GATEPOST_ENV_DEFAULT, GP_PROGRAM_TOKEN, problem, sizeof(problem));
	if (settings == NULL)
		return gp_token_fail(problem);
	token = gp_token_argument(argc, argv, &line);
	status = verify(settings, token != NULL ? token : "");
	if (status == EXIT_SUCCESS && url != NULL)
		status = send_through(url, token);
	free(line);
	gp_settings_free(settings);
	return status;
}
