/* SPDX-License-Identifier: Apache-2.0 */
/* The check of the keys that verify tokens, read from where the workers read them. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "database.h"
#include "doctor.h"
#include "json.h"
#include "key_ring.h"
#include "key_source.h"

static const char *const place_names[GP_KEY_PLACE_COUNT] = {
	[GP_KEYS_OF_TABLE] = "jwks table",
	[GP_KEYS_OF_FILE] = "JWKS_FILE",
	[GP_KEYS_OF_URL] = "JWKS_URL",
};

/* What the reading of keys would have logged: the first line of it, from the event on. */
struct said {
	char text[400];
};

static void
keep_line(void *context, const char *line, size_t length)
{
	struct said *said = context;
	char whole[2048]; /* as long as a line of the log can be */
	const char *event;

	snprintf(whole, sizeof(whole), "%.*s", (int)(length > 0 ? length - 1 : 0), line);
	event = strstr(whole, "event=");
	if (said->text[0] == '\0' && event != NULL)
		snprintf(said->text, sizeof(said->text), "%.300s", event + strlen("event="));
}

/* "HS256 by the shared secret, 1 EdDSA from jwks table". */
static void
describe(const struct gp_key_ring *ring, bool has_secret, char *text, size_t size)
{
	size_t length =
	    (size_t)snprintf(text, size, "%s", has_secret ? "HS256 by the shared secret" : "");

	for (int place = 0; place < GP_KEY_PLACE_COUNT; place++) {
		for (int algorithm = 0; algorithm < GP_ALGORITHM_COUNT; algorithm++) {
			size_t count = gp_key_ring_count(
			    ring, (enum gp_key_place)place, (enum gp_algorithm)algorithm);

			if (count > 0 && length < size)
				length += (size_t)snprintf(text + length, size - length,
				    "%s%zu %s from %s", length > 0 ? ", " : "", count,
				    gp_algorithm_name((enum gp_algorithm)algorithm),
				    place_names[place]);
		}
	}
}

static void
judge(const struct gp_refreshed *refreshed, const struct said *said, const char *held,
    struct gp_finding *finding)
{
	if (refreshed->unreachable)
		gp_find(finding, GP_FINDING_PROBLEM, "a place could not be read; held: %s; %s",
		    held, said->text);
	else if (said->text[0] != '\0')
		gp_find(finding, GP_FINDING_WARNING, "held: %s; %s", held, said->text);
	else
		gp_find(finding, GP_FINDING_OK, "%s", held);
}

static void
read_keys(struct gp_settings *settings, struct gp_database *database, struct gp_finding *finding)
{
	struct said said = { "" };
	const struct gp_log log = { .program = "gatepost-doctor",
		.level = GP_LOG_WARNING,
		.sink = keep_line,
		.sink_context = &said };
	struct gp_json_reader *reader = gp_json_reader_new();
	struct gp_key_ring *ring = gp_key_ring_new(&settings->secrets, 0);
	struct gp_key_source *source = NULL;
	char held[300];

	if (reader != NULL)
		source = gp_key_source_new(settings, database, reader, &log);
	if (ring == NULL || source == NULL) {
		gp_find(finding, GP_FINDING_PROBLEM, "OpenSSL or memory failed");
	} else {
		const struct gp_refreshed refreshed =
		    gp_key_source_refresh(source, ring, (int64_t)time(NULL), false);

		describe(ring, settings->secrets.count > 0, held, sizeof(held));
		judge(&refreshed, &said, held, finding);
	}
	gp_key_source_free(source);
	gp_key_ring_free(ring);
	gp_json_reader_free(reader);
}

void
gp_check_keys(struct gp_visit *visit, struct gp_finding *finding)
{
	struct gp_settings settings = *visit->settings;
	const struct gp_database_manner manner = gp_settings_database_manner(&settings);
	struct gp_database *database;
	const char *url = gp_visit_database_url(visit);

	if (visit->patient->bit == GP_PROGRAM_AUTH) {
		gp_find(finding, GP_FINDING_SKIPPED, "is for the task API, which takes tokens");
		return;
	}
	if (settings.auth_database_url != NULL)
		url = settings.auth_database_url;
	/* What root put into the cache the workers could not use. */
	if (geteuid() == 0)
		settings.jwks_url = NULL;
	database = gp_database_new(url, &manner);
	read_keys(&settings, database, finding);
	gp_database_free(database);
	if (finding->kind == GP_FINDING_OK && settings.jwks_url != visit->settings->jwks_url) {
		gp_find(finding, GP_FINDING_WARNING, "JWKS_URL is not tried as root");
		gp_advise(finding, "run gatepost-doctor as the user of the workers");
	}
}
