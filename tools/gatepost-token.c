/* SPDX-License-Identifier: Apache-2.0 */
/* gatepost-token: makes access tokens for operators and tests. */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "claims.h"
#include "mint.h"
#include "settings.h"

extern char **environ;

static int
print_help(FILE *out)
{
	fputs("gatepost-token mint --sub ID [--email ADDRESS] [--name NAME] [--ttl SECONDS]\n"
	      "  prints an access token (HS256) signed with BETTER_AUTH_SECRET\n"
	      "gatepost-token --version\n"
	      "Settings come from the environment, then from the file that GATEPOST_ENV names\n"
	      "(default " GATEPOST_ENV_DEFAULT ").\n",
	    out);
	return out == stdout ? EXIT_SUCCESS : EXIT_FAILURE;
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

static int
mint(const struct gp_mint_order *order, const struct gp_settings *settings)
{
	struct gp_arena *arena = gp_arena_new();
	struct gp_key_ring *ring = gp_key_ring_new(&settings->secret);
	const char *token;
	bool minted = arena != NULL && ring != NULL && gp_mint(arena, ring, order, &token) == GP_OK;

	if (minted)
		puts(token);
	else
		fputs("gatepost-token: OpenSSL or memory failed\n", stderr);
	gp_key_ring_free(ring);
	gp_arena_free(arena);
	return minted ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int
mint_command(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "sub", required_argument, NULL, 's' },
		{ "email", required_argument, NULL, 'e' },
		{ "name", required_argument, NULL, 'n' },
		{ "ttl", required_argument, NULL, 't' },
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
			if (parse_seconds(optarg, &order.lifetime_s))
				break;
			fputs("gatepost-token: --ttl: must be a whole number of seconds\n", stderr);
			return EXIT_FAILURE;
		default: return print_help(stderr);
		}
	}
	if (optind != argc || order.user_id == NULL || order.user_id[0] == '\0')
		return print_help(stderr);
	settings = gp_settings_load(
	    environ, GATEPOST_ENV_DEFAULT, GP_PROGRAM_TOKEN, problem, sizeof(problem));
	if (settings == NULL) {
		fprintf(stderr, "gatepost-token: %s\n", problem);
		return EXIT_FAILURE;
	}
	order.issuer = settings->issuer;
	order.audience = settings->audience;
	if (!has_lifetime)
		order.lifetime_s = settings->access_token_minutes * 60;
	status = mint(&order, settings);
	gp_settings_free(settings);
	return status;
}

int
main(int argc, char *argv[])
{
	if (argc >= 2 && strcmp(argv[1], "mint") == 0)
		return mint_command(argc - 1, argv + 1);
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		puts("gatepost-token " GATEPOST_VERSION);
		return EXIT_SUCCESS;
	}
	return print_help(argc == 2 && strcmp(argv[1], "--help") == 0 ? stdout : stderr);
}
