/* SPDX-License-Identifier: Apache-2.0 */
/* gatepost-token: makes, judges and shows tokens, for operators and tests. Judging is in
 * token_verify.c. */
#include <errno.h>
#include <getopt.h>
#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base64url.h"
#include "mint.h"
#include "settings.h"
#include "token_command.h"

extern char **environ;

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
		gp_token_fail("OpenSSL or memory failed");
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
				return gp_token_fail("--ttl: must be a whole number of seconds");
			break;
		case 'c':
			if (!take_claim(optarg, &order))
				return gp_token_fail(
				    "--claim: must be NAME=VALUE, once for a name, and not "
				    "one that has an option or that every token has");
			break;
		default: return gp_token_help(stderr);
		}
	}
	if (optind != argc || order.user_id == NULL || order.user_id[0] == '\0')
		return gp_token_help(stderr);
	settings = gp_settings_load(
	    environ, GATEPOST_ENV_DEFAULT, GP_PROGRAM_TOKEN, problem, sizeof(problem));
	if (settings == NULL)
		return gp_token_fail(problem);
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

/* --- commands --- */

static int
inspect_command(int argc, char *argv[])
{
	const char *token;
	char *line = NULL;
	int status;

	if (argc > 2)
		return gp_token_help(stderr);
	token = gp_token_argument(argc, argv, &line);
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
		return gp_token_verify(argc - 1, argv + 1);
	if (argc >= 2 && strcmp(argv[1], "inspect") == 0)
		return inspect_command(argc - 1, argv + 1);
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		puts("gatepost-token " GATEPOST_VERSION);
		return EXIT_SUCCESS;
	}
	return gp_token_help(argc == 2 && strcmp(argv[1], "--help") == 0 ? stdout : stderr);
}
