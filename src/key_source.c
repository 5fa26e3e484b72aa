/* SPDX-License-Identifier: Apache-2.0 */
/* One small reader for each place; a place that fails keeps its keys, but not for ever. */
#include "key_source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jwks_url.h"

/* How long what was read counts without a look, and the shortest time between two looks. */
enum { LOOK_AGAIN_S = 60, LOOK_PAUSE_S = 1 };

/* A key set file larger than this is a mistake; the largest real ones have some kilobytes. */
enum { FILE_SIZE_MAX = 256 * 1024 };

/* A place and when it was last looked at and last read; both 0 for never. */
struct place {
	int64_t looked_s;
	int64_t read_s;
};

struct gp_key_source {
	struct gp_database *database; /* NULL: no table */
	const char *file;             /* NULL: none */
	struct gp_jwks_url *url;      /* NULL: none */
	char url_problem[256];        /* as it was last logged */
	int64_t max_stale_s;
	struct gp_json_reader *reader;
	const struct gp_log *log;
	struct place places[GP_KEY_PLACE_COUNT];
	struct stat file_status; /* of the file as it was last read */
};

struct gp_key_source *
gp_key_source_new(const struct gp_settings *settings, struct gp_database *database,
    struct gp_json_reader *reader, const struct gp_log *log)
{
	struct gp_key_source *source = calloc(1, sizeof(*source));

	if (source == NULL)
		return NULL;
	source->database = database;
	source->file = settings->jwks_file;
	source->max_stale_s = settings->jwks_max_stale_s;
	source->reader = reader;
	source->log = log;
	if (settings->jwks_url != NULL) {
		source->url = gp_jwks_url_new(settings->jwks_url, settings->jwks_cache_directory,
		    settings->jwks_fetch_program, settings->jwks_max_stale_s);
		if (source->url == NULL) {
			gp_key_source_free(source);
			return NULL;
		}
	}
	return source;
}

void
gp_key_source_free(struct gp_key_source *source)
{
	if (source == NULL)
		return;
	gp_jwks_url_free(source->url);
	free(source);
}

static void
log_problem(const struct gp_key_source *source, const char *place, const char *reason)
{
	gp_log_event(source->log, GP_LOG_ERROR, "keys_not_read",
	    (const struct gp_log_field[]){ { "from", place }, { "reason", reason } }, 2);
}

/* One row of the table; what is no key that we may use counts as refused. */
static void
read_row(struct gp_key_source *source, const struct gp_rows *rows, int row, struct gp_jwk_set *set)
{
	/* Better Auth left `alg` empty while it had this algorithm only. */
	enum gp_algorithm algorithm = GP_EDDSA;
	const char *id, *key, *name;
	size_t id_length, key_length, name_length;
	struct gp_jwk_set one;

	id = gp_rows_text(rows, row, 0, &id_length);
	key = gp_rows_text(rows, row, 1, &key_length);
	name = gp_rows_text(rows, row, 2, &name_length);
	/* The table is published: a symmetric key in it would be everybody's. */
	if (id == NULL || key == NULL || (name != NULL && !gp_algorithm_of(name, &algorithm)) ||
	    algorithm == GP_HS256 ||
	    !gp_jwk_set_read(source->reader, key, key_length, &algorithm, id, &one)) {
		set->refused++;
		return;
	}
	gp_jwk_set_keep(&one, algorithm);
	for (size_t i = 0; i < one.count; i++) {
		if (set->count == GP_JWK_SET_MAX) {
			gp_key_free(one.keys[i]);
			one.refused++;
			continue;
		}
		if (!gp_rows_is_null(rows, row, 3))
			gp_key_set_death(one.keys[i], gp_rows_time_us(rows, row, 3) / 1000000);
		set->keys[set->count++] = one.keys[i];
	}
	set->refused += one.refused;
}

static bool
read_table(struct gp_key_source *source, struct gp_jwk_set *set)
{
	const struct gp_identity nobody = { .kind = GP_AS_NOBODY };
	const struct gp_rows *rows;
	enum gp_outcome outcome =
	    gp_database_run(source->database, &nobody, GP_QUERY_VERIFICATION_KEYS, NULL, &rows);

	if (outcome != GP_OK) {
		/* Between two attempts to connect there is nothing new to tell. */
		if (gp_database_reason(source->database)[0] != '\0')
			log_problem(source, "jwks table", gp_database_reason(source->database));
		/* A table that is not there or not ours to read (SQLSTATE class 42) has no keys for
		 * us; a database that is away, or a table that is locked, may have. */
		return outcome == GP_ERR_DATABASE_REFUSED &&
		       strncmp(gp_database_reason(source->database), "SQLSTATE 42", 11) == 0;
	}
	for (int row = 0; row < gp_rows_count(rows); row++)
		read_row(source, rows, row, set);
	return gp_rows_sound(rows);
}

static bool
is_same_file(const struct stat *one, const struct stat *other)
{
	return one->st_ino == other->st_ino && one->st_dev == other->st_dev &&
	       one->st_size == other->st_size && one->st_mtim.tv_sec == other->st_mtim.tv_sec &&
	       one->st_mtim.tv_nsec == other->st_mtim.tv_nsec;
}

static bool
read_file(struct gp_key_source *source, struct gp_jwk_set *set)
{
	int fd = open(source->file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char *text = NULL;
	size_t length = 0;
	struct stat status;
	bool read_all = false;

	if (fd < 0 || fstat(fd, &status) != 0) {
		log_problem(source, "JWKS_FILE", strerror(errno));
		goto out;
	}
	if (!S_ISREG(status.st_mode) || status.st_size > FILE_SIZE_MAX) {
		log_problem(source, "JWKS_FILE", "not a key set file");
		goto out;
	}
	text = malloc((size_t)status.st_size + 1);
	while (text != NULL && length < (size_t)status.st_size) {
		ssize_t got = read(fd, text + length, (size_t)status.st_size - length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		length += (size_t)got;
	}
	if (text == NULL || length != (size_t)status.st_size)
		goto out;
	text[length] = '\0';
	read_all = gp_jwk_set_read(source->reader, text, length, NULL, NULL, set);
	if (read_all)
		source->file_status = status;
	else
		log_problem(source, "JWKS_FILE", "neither a JWK nor a JWK set");
out:
	if (fd >= 0)
		close(fd);
	free(text);
	return read_all;
}

static bool
file_has_changed(const struct gp_key_source *source)
{
	struct stat status;

	return stat(source->file, &status) != 0 || !is_same_file(&status, &source->file_status);
}

/* Whether it is time to look at a place. */
static bool
is_due(const struct place *place, int64_t now_s, bool key_unknown)
{
	int64_t pause = key_unknown || place->read_s == 0 ? LOOK_PAUSE_S : LOOK_AGAIN_S;

	return place->looked_s == 0 || now_s >= place->looked_s + pause || now_s < place->looked_s;
}

static void
take(struct gp_key_source *source, struct gp_key_ring *ring, enum gp_key_place place,
    struct gp_jwk_set *set, int64_t now_s)
{
	if (set->refused > 0)
		gp_log_event(source->log, GP_LOG_WARNING, "keys_refused",
		    (const struct gp_log_field[]){ { "remedy",
			"malformed, weak, not for verifying, or of an algorithm that is not ours" } },
		    1);
	gp_key_ring_take(ring, place, set);
	source->places[place].read_s = now_s;
}

/* Read a place. What fails keeps its keys, until they are too old to be trusted. */
static bool
look(struct gp_key_source *source, struct gp_key_ring *ring, enum gp_key_place which,
    bool (*read_place)(struct gp_key_source *, struct gp_jwk_set *), int64_t now_s)
{
	struct place *place = &source->places[which];
	struct gp_jwk_set set = { .count = 0 };

	if (read_place(source, &set)) {
		take(source, ring, which, &set, now_s);
		return true;
	}
	gp_jwk_set_clear(&set);
	if (place->read_s == 0 || now_s <= place->read_s + source->max_stale_s)
		return false;
	gp_key_ring_take(ring, which, &set);
	place->read_s = 0;
	return true;
}

/* What is wrong with the URL, once for each time that it changes. */
static void
log_url_problem(struct gp_key_source *source)
{
	const char *problem = gp_jwks_url_problem(source->url);

	if (problem == NULL)
		problem = "";
	if (strncmp(problem, source->url_problem, sizeof(source->url_problem) - 1) == 0)
		return;
	snprintf(source->url_problem, sizeof(source->url_problem), "%s", problem);
	if (problem[0] != '\0')
		log_problem(source, "JWKS_URL", problem);
}

/* The URL has its own rules for when to look; see jwks_url.h. */
static bool
look_at_url(struct gp_key_source *source, struct gp_key_ring *ring, int64_t now_s, bool key_unknown)
{
	struct gp_jwk_set set = { .count = 0 };
	enum gp_jwks_url_result result =
	    gp_jwks_url_read(source->url, source->reader, now_s, key_unknown, &set);

	log_url_problem(source);
	switch (result) {
	case GP_JWKS_UNCHANGED: return false;
	case GP_JWKS_READ: take(source, ring, GP_KEYS_OF_URL, &set, now_s); return true;
	case GP_JWKS_NONE: break;
	}
	if (source->places[GP_KEYS_OF_URL].read_s == 0)
		return false; /* there were none before */
	gp_key_ring_take(ring, GP_KEYS_OF_URL, &set);
	source->places[GP_KEYS_OF_URL].read_s = 0;
	return true;
}

struct gp_refreshed
gp_key_source_refresh(void *context, struct gp_key_ring *ring, int64_t now_s, bool key_unknown)
{
	struct gp_key_source *source = context;
	struct place *table = &source->places[GP_KEYS_OF_TABLE];
	struct place *file = &source->places[GP_KEYS_OF_FILE];
	struct gp_refreshed refreshed = { .taken = false };

	if (source->database != NULL && is_due(table, now_s, key_unknown)) {
		table->looked_s = now_s;
		refreshed.taken |= look(source, ring, GP_KEYS_OF_TABLE, read_table, now_s);
	}
	/* The file's status costs next to nothing to ask for, so it is due every second. */
	if (source->file != NULL && is_due(file, now_s, true)) {
		file->looked_s = now_s;
		if (file->read_s != 0 && !file_has_changed(source))
			file->read_s = now_s;
		else
			refreshed.taken |= look(source, ring, GP_KEYS_OF_FILE, read_file, now_s);
	}
	if (source->url != NULL)
		refreshed.taken |= look_at_url(source, ring, now_s, key_unknown);
	refreshed.unreachable = (source->database != NULL && table->read_s == 0) ||
				(source->file != NULL && file->read_s == 0) ||
				(source->url != NULL && source->places[GP_KEYS_OF_URL].read_s == 0);
	return refreshed;
}
