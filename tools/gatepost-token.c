/* SPDX-License-Identifier: Apache-2.0 */
/* gatepost-token: makes, judges and shows tokens, for operators and tests. */
#include <errno.h>
#include <getopt.h>
#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "authorize.h"
#include "base64url.h"
#include "buffer.h"
#include "claims.h"
#include "database.h"
#include "mint.h"
#include "settings.h"

extern char **environ;

static int
print_help(FILE *out)
{
	fputs("gatepost-token mint --sub ID [--email ADDRESS] [--name NAME] [--ttl SECONDS]\n"
	      "               [--claim NAME=VALUE]...\n"
	      "  prints an access token (HS256) signed with the shared secret\n"
	      "gatepost-token verify [TOKEN]\n"
	      "  says whose token it is, or which rule refuses it and what to look at; reads the\n"
	      "  token from standard input when none is given\n"
	      "gatepost-token verify --jwk FILE --alg ALG [--no-claims]\n"
	      "  judges one token a line from standard input: prints valid or invalid for each\n"
	      "gatepost-token inspect [TOKEN]\n"
	      "  prints header and claims, and believes nothing\n"
	      "Settings come from the environment, then from the file that GATEPOST_ENV names\n"
	      "(default " GATEPOST_ENV_DEFAULT ").\n",
	    out);
	return out == stdout ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int
fail(const char *problem)
{
	fprintf(stderr, "gatepost-token: %s\n", problem);
	return EXIT_FAILURE;
}

/* A lifetime from the command line; negative ones make a token that has expired already. */
static bool
parse_seconds(const char *text, int64_t *seconds)
{
	char *end;

	errno = 0;
	*seconds = strtoll(text, &end, 10);
	return errno == 0 && end > text && *end == '\0' && *seconds > -1000000000 &&
	       *seconds < 1000000000;
}

/* One line of standard input without its end; NULL when there are no more. */
static char *
read_line(char **line, size_t *size)
{
	ssize_t length = getline(line, size, stdin);

	if (length < 0)
		return NULL;
	if (length > 0 && (*line)[length - 1] == '\n')
		(*line)[--length] = '\0';
	/* A NUL inside would end the token early. */
	return strlen(*line) == (size_t)length ? *line : strcpy(*line, "?");
}

/* --- mint --- */

static int
mint(const struct gp_mint_order *order, const struct gp_settings *settings)
{
	struct gp_arena *arena = gp_arena_new();
	struct gp_key_ring *ring = gp_key_ring_new(&settings->secrets, 0);
	const char *token;
	bool minted = arena != NULL && ring != NULL && gp_mint(arena, ring, order, &token) == GP_OK;

	if (minted)
		puts(token);
	else
		fail("OpenSSL or memory failed");
	gp_key_ring_free(ring);
	gp_arena_free(arena);
	return minted ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* NAME=VALUE, cut at the sign; the names that gp_mint() writes itself are not to be had. */
static bool
take_claim(char *text, struct gp_mint_order *order)
{
	static const char *const taken[] = { "sub", "email", "name", "iss", "aud", "iat", "exp",
		"type", "updateTo", "requestType" };
	char *sign = strchr(text, '=');

	if (sign == NULL || sign == text || order->claim_count == GP_MINT_CLAIMS_MAX)
		return false;
	*sign = '\0';
	for (size_t i = 0; i < GP_COUNT(taken); i++) {
		if (strcmp(taken[i], text) == 0)
			return false;
	}
	for (size_t i = 0; i < order->claim_count; i++) {
		if (strcmp(order->claims[i].name, text) == 0)
			return false;
	}
	order->claims[order->claim_count].name = text;
	order->claims[order->claim_count++].value = sign + 1;
	return true;
}

static int
mint_command(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "sub", required_argument, NULL, 's' },
		{ "email", required_argument, NULL, 'e' },
		{ "name", required_argument, NULL, 'n' },
		{ "ttl", required_argument, NULL, 't' },
		{ "claim", required_argument, NULL, 'c' },
		{ NULL, 0, NULL, 0 },
	};
	struct gp_mint_order order = { .now_s = (int64_t)time(NULL) };
	struct gp_settings *settings;
	bool has_lifetime = false;
	char problem[512];
	int option, status;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 's': order.user_id = optarg; break;
		case 'e': order.email = optarg; break;
		case 'n': order.name = optarg; break;
		case 't':
			has_lifetime = true;
			if (!parse_seconds(optarg, &order.lifetime_s))
				return fail("--ttl: must be a whole number of seconds");
			break;
		case 'c':
			if (!take_claim(optarg, &order))
				return fail("--claim: must be NAME=VALUE, once for a name, and not "
					    "one that has an option or that every token has");
			break;
		default: return print_help(stderr);
		}
	}
	if (optind != argc || order.user_id == NULL || order.user_id[0] == '\0')
		return print_help(stderr);
	settings = gp_settings_load(
	    environ, GATEPOST_ENV_DEFAULT, GP_PROGRAM_TOKEN, problem, sizeof(problem));
	if (settings == NULL)
		return fail(problem);
	order.issuer = settings->issuer;
	order.audience = settings->audience;
	if (!has_lifetime)
		order.lifetime_s = settings->access_token_minutes * 60;
	status = mint(&order, settings);
	gp_settings_free(settings);
	return status;
}

/* --- inspect --- */

/* One part of a token, printed as it is when it is JSON text. */
static bool
print_part(const char *label, const char *text, size_t length)
{
	unsigned char *bytes = malloc(GP_BASE64URL_DECODED_SIZE(length) + 1);
	struct json_object *value = NULL;
	size_t decoded = 0;

	if (bytes != NULL && gp_base64url_decode(text, length, bytes, &decoded)) {
		bytes[decoded] = '\0';
		if (strlen((char *)bytes) == decoded)
			value = json_tokener_parse((char *)bytes);
	}
	if (value != NULL)
		printf("%s %s\n", label,
		    json_object_to_json_string_ext(value, JSON_C_TO_STRING_PRETTY));
	else
		printf("%s is no JSON in base64url\n", label);
	free(bytes);
	json_object_put(value);
	return value != NULL;
}

/* Seconds as a person reads them, and how far away they are. */
static void
print_time(const char *name, struct json_object *claims, time_t now)
{
	struct json_object *member;
	char text[64];
	struct tm utc;
	time_t when;

	if (!json_object_object_get_ex(claims, name, &member))
		return;
	when = (time_t)json_object_get_int64(member);
	if (gmtime_r(&when, &utc) == NULL ||
	    strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &utc) == 0)
		return;
	printf("%s is %s, %lld seconds %s\n", name, text, llabs((long long)(when - now)),
	    when > now ? "from now" : "ago");
}

static void
print_times(const char *text, size_t length)
{
	unsigned char *bytes = malloc(GP_BASE64URL_DECODED_SIZE(length) + 1);
	struct json_object *claims = NULL;
	time_t now = time(NULL);
	size_t decoded;

	if (bytes != NULL && gp_base64url_decode(text, length, bytes, &decoded)) {
		bytes[decoded] = '\0';
		claims = json_tokener_parse((char *)bytes);
	}
	if (json_object_is_type(claims, json_type_object)) {
		print_time("iat", claims, now);
		print_time("nbf", claims, now);
		print_time("exp", claims, now);
	}
	free(bytes);
	json_object_put(claims);
}

static int
inspect(const char *token)
{
	const char *first = strchr(token, '.');
	const char *second = first != NULL ? strchr(first + 1, '.') : NULL;

	if (second == NULL) {
		puts(first == NULL ? "no JWT; perhaps a raw session token"
				   : "no JWT; perhaps a signed session token");
		return EXIT_FAILURE;
	}
	if (!print_part("header", token, (size_t)(first - token)) ||
	    !print_part("claims", first + 1, (size_t)(second - first - 1)))
		return EXIT_FAILURE;
	print_times(first + 1, (size_t)(second - first - 1));
	puts("not verified");
	return EXIT_SUCCESS;
}

/* --- verify --- */

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
		return fail("out of memory");
	while (read_line(&line, &size) != NULL) {
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
	if (token->algorithm != NULL)
		printf("the token says: alg %s, kid %s\n", token->algorithm,
		    token->key_id != NULL ? token->key_id : "(none)");
	if (outcome == GP_DENY_KEY || outcome == GP_DENY_ALGORITHM) {
		gp_authority_describe_keys(authority, held, sizeof(held));
		printf("kids held: %s\n", held[0] != '\0' ? held : "(none)");
	}
	if (outcome == GP_DENY_NO_CREDENTIAL)
		puts("where a client does send one, the web server takes it away: Apache needs "
		     "CGIPassAuth On");
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

static int
verify(const struct gp_settings *settings, const char *credential)
{
	const char *url = settings->auth_database_url != NULL ? settings->auth_database_url
							      : settings->database_url;
	struct gp_database *database =
	    url != NULL ? gp_database_new(url, settings->database_timeout_s) : NULL;
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
	if (outcome == GP_OK)
		printf("accepted: user %s, email %s, name %s\n", caller.user_id, caller.email,
		    caller.name);
	else
		print_hints(authority, outcome, &token);
out:
	gp_arena_free(arena);
	gp_authority_free(authority);
	gp_database_free(database);
	return outcome == GP_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* The token of the command line, or of the first line of standard input. */
static const char *
token_argument(int argc, char *argv[], char **line)
{
	size_t size = 0;

	if (optind < argc)
		return argv[optind];
	return read_line(line, &size);
}

static int
verify_command(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "jwk", required_argument, NULL, 'j' },
		{ "alg", required_argument, NULL, 'a' },
		{ "no-claims", no_argument, NULL, 'n' },
		{ NULL, 0, NULL, 0 },
	};
	const char *path = NULL, *algorithm = NULL, *token;
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
		default: return print_help(stderr);
		}
	}
	if (path != NULL && algorithm != NULL && optind == argc)
		return verify_with_file(path, algorithm, judge_claims);
	if (path != NULL || algorithm != NULL || !judge_claims || argc - optind > 1)
		return print_help(stderr);
	settings = gp_settings_load(
	    environ, GATEPOST_ENV_DEFAULT, GP_PROGRAM_TOKEN, problem, sizeof(problem));
	if (settings == NULL)
		return fail(problem);
	token = token_argument(argc, argv, &line);
	status = verify(settings, token != NULL ? token : "");
	free(line);
	gp_settings_free(settings);
	return status;
}

static int
inspect_command(int argc, char *argv[])
{
	const char *token;
	char *line = NULL;
	int status;

	if (argc > 2)
		return print_help(stderr);
	token = token_argument(argc, argv, &line);
	status = inspect(token != NULL ? token : "");
	free(line);
	return status;
}

int
main(int argc, char *argv[])
{
	if (argc >= 2 && strcmp(argv[1], "mint") == 0)
		return mint_command(argc - 1, argv + 1);
	if (argc >= 2 && strcmp(argv[1], "verify") == 0)
		return verify_command(argc - 1, argv + 1);
	if (argc >= 2 && strcmp(argv[1], "inspect") == 0)
		return inspect_command(argc - 1, argv + 1);
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		puts("gatepost-token " GATEPOST_VERSION);
		return EXIT_SUCCESS;
	}
	return print_help(argc == 2 && strcmp(argv[1], "--help") == 0 ? stdout : stderr);
}
