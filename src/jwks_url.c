/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cache of fetched keys and who fetches when. Two files for each URL, named by its SHA-256: the
 * set itself, whose time is that of the fetch, and one whose time is that of the last attempt and
 * whose lock is held while fetching. The helper program knows HTTP.
 */
#include "jwks_url.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "helper.h"

/*
 * The helper gives up by itself after 2 seconds; a third is for it to start and to write. Who waits
 * for another's fetch has not seen its beginning, and rather answers than waits to its very end.
 */
enum { FETCH_LIMIT_MS = 3000, LOCK_LIMIT_MS = 2500, LOCK_PAUSE_MS = 10 };

enum { HASH_SIZE = 32, NAME_SIZE = 2 * HASH_SIZE + sizeof(".attempt") };

/*
 * What of our environment the helper may know: where certificates are, and the proxy for https.
 * HTTP_PROXY is not among them: a CGI program has it from the client.
 */
static const char *const variables[] = { "PATH", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR",
	"https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY", NULL };

/* Which state of which file; another one differs in at least one member. */
struct identity {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec modified, changed;
};

struct gp_jwks_url {
	char *url;
	char *directory;
	char *fetch_program;
	char *keys_path; /* the file of keys, for the helper */
	char keys_name[NAME_SIZE];
	char attempt_name[NAME_SIZE];
	int64_t max_stale_s;

	bool known; /* whether the file has been read, in the state of `read` */
	bool usable;
	struct identity read;
	int64_t age_s; /* of the usable file, at the last look */

	char keys_problem[384]; /* "" while all is well */
	char fetch_problem[384];
	char problem[800];
};

static struct identity
identity_of(const struct stat *status)
{
	return (struct identity){ status->st_dev, status->st_ino, status->st_size, status->st_mtim,
		status->st_ctim };
}

static bool
same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static bool
same(const struct identity *a, const struct identity *b)
{
	return a->device == b->device && a->inode == b->inode && a->size == b->size &&
	       same_time(&a->modified, &b->modified) && same_time(&a->changed, &b->changed);
}

/* The names of both files, from the hash: a URL may hold anything, and secrets too. */
static bool
name_files(struct gp_jwks_url *source)
{
	unsigned char hash[HASH_SIZE];
	char text[2 * HASH_SIZE + 1];
	size_t size = strlen(source->directory) + 1 + NAME_SIZE;

	if (EVP_Digest(source->url, strlen(source->url), hash, NULL, EVP_sha256(), NULL) != 1)
		return false;
	for (size_t i = 0; i < HASH_SIZE; i++)
		snprintf(text + 2 * i, 3, "%02x", hash[i]);
	snprintf(source->keys_name, NAME_SIZE, "%s.json", text);
	snprintf(source->attempt_name, NAME_SIZE, "%s.attempt", text);
	source->keys_path = malloc(size);
	if (source->keys_path == NULL)
		return false;
	snprintf(source->keys_path, size, "%s/%s", source->directory, source->keys_name);
	return true;
}

struct gp_jwks_url *
gp_jwks_url_new(
    const char *url, const char *directory, const char *fetch_program, int64_t max_stale_s)
{
	struct gp_jwks_url *source = calloc(1, sizeof(*source));

	if (source == NULL)
		return NULL;
	source->max_stale_s = max_stale_s;
	source->url = strdup(url);
	source->directory = strdup(directory);
	source->fetch_program = strdup(fetch_program);
	if (source->url == NULL || source->directory == NULL || source->fetch_program == NULL ||
	    !name_files(source)) {
		gp_jwks_url_free(source);
		return NULL;
	}
	return source;
}

void
gp_jwks_url_free(struct gp_jwks_url *source)
{
	if (source == NULL)
		return;
	if (source->url != NULL)
		OPENSSL_cleanse(source->url, strlen(source->url));
	free(source->url);
	free(source->directory);
	free(source->fetch_program);
	free(source->keys_path);
	free(source);
}

/* The directory, made when it is missing; -1 with the problem told unless it is ours alone. */
static int
open_directory(struct gp_jwks_url *source)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	struct stat status;
	int fd = open(source->directory, flags);

	if (fd < 0 && errno == ENOENT &&
	    (mkdir(source->directory, S_IRWXU) == 0 || errno == EEXIST))
		fd = open(source->directory, flags);
	if (fd < 0 || fstat(fd, &status) != 0) {
		snprintf(source->keys_problem, sizeof(source->keys_problem), "%s: %s",
		    source->directory, strerror(errno));
	} else if (status.st_uid != geteuid() || (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
		snprintf(source->keys_problem, sizeof(source->keys_problem),
		    "%s: must belong to the user of the workers (id %ld), with mode 0700",
		    source->directory, (long)geteuid());
	} else {
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Whether it is a regular file of ours that nobody else can read or write. */
static bool
is_private(int fd, struct stat *status)
{
	const mode_t forbidden = S_IXUSR | S_IRWXG | S_IRWXO;

	return fstat(fd, status) == 0 && S_ISREG(status->st_mode) && status->st_uid == geteuid() &&
	       (status->st_mode & forbidden) == 0;
}

/* Open a file of ours; O_NONBLOCK, because a FIFO would make us wait. */
static int
open_private(int directory, const char *name, int flags, struct stat *status)
{
	int fd =
	    openat(directory, name, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, S_IRUSR | S_IWUSR);

	if (fd >= 0 && !is_private(fd, status)) {
		close(fd);
		errno = EPERM;
		return -1;
	}
	return fd;
}

bool
gp_jwks_url_judge(
    struct gp_json_reader *reader, const char *text, size_t length, struct gp_jwk_set *set)
{
	size_t kept = 0;

	if (!gp_jwk_set_read(reader, text, length, NULL, NULL, set))
		return false;
	for (size_t i = 0; i < set->count; i++) {
		if (gp_key_algorithm(set->keys[i]) == GP_HS256) {
			gp_key_free(set->keys[i]);
			set->refused++;
		} else {
			set->keys[kept++] = set->keys[i];
		}
	}
	set->count = kept;
	return kept > 0;
}

/* The whole file and a NUL, or NULL when it is too large, shrank, or memory or the disk failed. */
static char *
read_whole(int fd, size_t length)
{
	size_t have = 0;
	ssize_t got;
	char *text;

	if (length > GP_JWKS_URL_SIZE_MAX)
		return NULL;
	text = malloc(length + 1);
	while (text != NULL && have < length) {
		got = read(fd, text + have, length - have);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			free(text);
			return NULL;
		}
		have += (size_t)got;
	}
	if (text != NULL)
		text[length] = '\0';
	return text;
}

/* No keys: what was read is forgotten, so that it counts as new when it may be believed again. */
static enum gp_jwks_url_result
none(struct gp_jwks_url *source, const char *reason)
{
	source->known = false;
	snprintf(source->keys_problem, sizeof(source->keys_problem), "%s: %s", source->keys_path,
	    reason);
	return GP_JWKS_NONE;
}

static const char *
reason_of(int error)
{
	switch (error) {
	case ENOENT: return "no keys have been fetched yet";
	case EPERM:
	case ELOOP: return "must be a regular file of the user of the workers, with mode 0600";
	default: return strerror(error);
	}
}

/* Read the open file unless it is in the state that was read before. */
static enum gp_jwks_url_result
read_keys(struct gp_jwks_url *source, int fd, const struct stat *status,
    struct gp_json_reader *reader, struct gp_jwk_set *set)
{
	struct identity identity = identity_of(status);
	char *text;

	if (!source->known || !same(&identity, &source->read)) {
		gp_jwk_set_clear(set);
		text = read_whole(fd, (size_t)status->st_size);
		source->usable =
		    text != NULL && gp_jwks_url_judge(reader, text, (size_t)status->st_size, set);
		free(text);
		source->known = true;
		source->read = identity;
		if (source->usable)
			return GP_JWKS_READ;
	}
	if (source->usable)
		return GP_JWKS_UNCHANGED;
	snprintf(source->keys_problem, sizeof(source->keys_problem),
	    "%s: not a JWK set with a usable key", source->keys_path);
	return GP_JWKS_NONE;
}

/* What the file says now. `set` is replaced by what was read, and empty when there is nothing. */
static enum gp_jwks_url_result
look(struct gp_jwks_url *source, int directory, struct gp_json_reader *reader, int64_t now_s,
    struct gp_jwk_set *set)
{
	enum gp_jwks_url_result result;
	struct stat status;
	int fd = open_private(directory, source->keys_name, O_RDONLY, &status);

	source->keys_problem[0] = '\0';
	if (fd < 0) {
		result = none(source, reason_of(errno));
	} else {
		source->age_s = now_s - (int64_t)status.st_mtim.tv_sec;
		if (source->age_s > source->max_stale_s)
			result = none(source, "too old; no fetch has succeeded since");
		else if (source->age_s < -GP_JWKS_URL_PAUSE_S) /* clocks may differ by less */
			result = none(source, "its time is in the future");
		else
			result = read_keys(source, fd, &status, reader, set);
		close(fd);
	}
	if (result == GP_JWKS_NONE)
		gp_jwk_set_clear(set);
	return result;
}

/* flock() itself has no limit of time, and an alarm would be everybody's. */
static bool
take_lock(int fd, int64_t limit_ms)
{
	static const struct timespec pause = { .tv_nsec = LOCK_PAUSE_MS * 1000000L };
	int64_t deadline_ms = gp_clock_elapsed_ms() + limit_ms;

	while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return false;
		if (gp_clock_elapsed_ms() >= deadline_ms)
			return false;
		nanosleep(&pause, NULL);
	}
	return true;
}

static bool
set_time(int fd, int64_t now_s)
{
	const struct timespec times[2] = { { .tv_sec = (time_t)now_s },
		{ .tv_sec = (time_t)now_s } };

	return futimens(fd, times) == 0;
}

/*
 * Whether an attempt is due, by the file of attempts; an empty one has seen none. Another worker
 * may have taken its time a little later than we took ours.
 */
static bool
is_due(int fd, int64_t now_s)
{
	struct stat status;
	int64_t age_s;

	if (fstat(fd, &status) != 0)
		return false;
	age_s = now_s - (int64_t)status.st_mtim.tv_sec;
	return status.st_size == 0 || age_s >= GP_JWKS_URL_PAUSE_S || age_s <= -GP_JWKS_URL_PAUSE_S;
}

/* Before the attempt: one that ends with its worker counts too. */
static bool
note_attempt(int fd, int64_t now_s)
{
	static const char text[] = "The time of this file is that of the last attempt to fetch.\n";

	return pwrite(fd, text, sizeof(text) - 1, 0) == (ssize_t)sizeof(text) - 1 &&
	       set_time(fd, now_s);
}

/* Run the helper; a file that it replaced gets our time. Whether it did is for look() to say. */
static void
fetch(struct gp_jwks_url *source, int directory, int64_t now_s)
{
	char *arguments[] = { source->fetch_program, source->url, source->keys_path, NULL };
	struct identity before = { 0 }, after;
	struct stat status;
	char said[256];
	int fd;

	if (fstatat(directory, source->keys_name, &status, AT_SYMLINK_NOFOLLOW) == 0)
		before = identity_of(&status);
	if (!gp_helper_run(arguments, variables, NULL, 0, FETCH_LIMIT_MS, said, sizeof(said)))
		snprintf(source->fetch_problem, sizeof(source->fetch_problem),
		    "the fetch failed: %s", said);
	fd = open_private(directory, source->keys_name, O_RDONLY, &status);
	if (fd < 0)
		return;
	after = identity_of(&status);
	if (!same(&before, &after) && !set_time(fd, now_s))
		snprintf(source->fetch_problem, sizeof(source->fetch_problem),
		    "%s: its time cannot be set: %s", source->keys_path, strerror(errno));
	close(fd);
}

/* Fetch if nobody has within the pause. Returns once nobody does, or the wait became too long. */
static void
fetch_once(struct gp_jwks_url *source, int directory, int64_t now_s, int64_t lock_limit_ms)
{
	struct stat status;
	int fd = open_private(directory, source->attempt_name, O_RDWR | O_CREAT, &status);

	if (fd < 0) {
		snprintf(source->fetch_problem, sizeof(source->fetch_problem), "%s/%s: %s",
		    source->directory, source->attempt_name, reason_of(errno));
		return;
	}
	if (!take_lock(fd, lock_limit_ms)) {
		if (lock_limit_ms > 0)
			snprintf(source->fetch_problem, sizeof(source->fetch_problem),
			    "another worker is still fetching");
	} else if (is_due(fd, now_s)) {
		if (note_attempt(fd, now_s))
			fetch(source, directory, now_s);
		else
			snprintf(source->fetch_problem, sizeof(source->fetch_problem), "%s/%s: %s",
			    source->directory, source->attempt_name, strerror(errno));
	}
	close(fd); /* and with it the lock */
}

/* Look, fetch where that is due, and look again. */
static enum gp_jwks_url_result
read_or_fetch(struct gp_jwks_url *source, int directory, struct gp_json_reader *reader,
    int64_t now_s, bool key_unknown, struct gp_jwk_set *set)
{
	enum gp_jwks_url_result before = look(source, directory, reader, now_s, set), after;
	bool needed = before == GP_JWKS_NONE || (key_unknown && before == GP_JWKS_UNCHANGED);

	if (!needed && source->age_s < GP_JWKS_URL_REFRESH_S)
		return before;
	fetch_once(source, directory, now_s, needed ? LOCK_LIMIT_MS : 0);
	after = look(source, directory, reader, now_s, set);
	return after == GP_JWKS_UNCHANGED ? before : after;
}

enum gp_jwks_url_result
gp_jwks_url_read(struct gp_jwks_url *source, struct gp_json_reader *reader, int64_t now_s,
    bool key_unknown, struct gp_jwk_set *set)
{
	enum gp_jwks_url_result result = GP_JWKS_NONE;
	int directory;

	*set = (struct gp_jwk_set){ .count = 0 };
	source->keys_problem[0] = source->fetch_problem[0] = '\0';
	directory = open_directory(source);
	if (directory < 0) {
		source->known = false;
	} else {
		result = read_or_fetch(source, directory, reader, now_s, key_unknown, set);
		close(directory);
	}
	snprintf(source->problem, sizeof(source->problem), "%s%s%s", source->keys_problem,
	    source->keys_problem[0] != '\0' && source->fetch_problem[0] != '\0' ? "; " : "",
	    source->fetch_problem);
	return result;
}

const char *
gp_jwks_url_problem(const struct gp_jwks_url *source)
{
	return source->problem[0] != '\0' ? source->problem : NULL;
}
