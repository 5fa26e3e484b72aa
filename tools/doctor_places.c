/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of what is in the file system: directories of the workers, their socket, and who answers.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include "doctor.h"
#include "private_place.h"

/* Longer than a worker that is busy with one request, shorter than patience. */
enum { ANSWER_MS = 5000 };

/* A directory of the workers, and a file in it that is made when it is missing; not here. */
static void
judge_directory(const char *directory, const char *name, const char *kind,
    enum gp_finding_kind otherwise, struct gp_finding *finding)
{
	struct gp_private_place place;
	char problem[400];

	gp_find(finding, GP_FINDING_OK, "%s", directory);
	if (!gp_private_place_open(&place, directory, name, kind, problem, sizeof(problem))) {
		gp_find(finding, otherwise, "%s", problem);
		return;
	}
	if (faccessat(place.directory, ".", W_OK, 0) != 0) {
		gp_find(finding, otherwise, "%s: %s", directory, strerror(errno));
	} else if (faccessat(place.directory, place.name, F_OK, 0) == 0) {
		int fd = gp_private_place_open_file(&place);

		if (fd < 0 || gp_private_place_judge(&place, fd) != GP_PRIVATE_FILE_OURS)
			gp_find(finding, otherwise, "%s", problem);
		if (fd >= 0)
			close(fd);
	}
	gp_private_place_close(&place);
}

/* Root is not whom these directories have to belong to. */
static bool
is_root(struct gp_finding *finding)
{
	if (geteuid() == 0)
		gp_find(finding, GP_FINDING_SKIPPED, "cannot be judged as root");
	return geteuid() == 0;
}

void
gp_check_state_directory(struct gp_visit *visit, struct gp_finding *finding)
{
	const struct gp_settings *settings = visit->settings;
	/* Without it workers count for themselves, which will do unless there is a limit. */
	bool needed = visit->patient->bit == GP_PROGRAM_AUTH || settings->rate.count > 0;

	if (!is_root(finding))
		judge_directory(settings->state_directory, visit->patient->name, "state",
		    needed ? GP_FINDING_PROBLEM : GP_FINDING_WARNING, finding);
}

void
gp_check_cache_directory(struct gp_visit *visit, struct gp_finding *finding)
{
	const char *directory = visit->settings->jwks_cache_directory;

	if (visit->settings->jwks_url == NULL)
		gp_find(finding, GP_FINDING_SKIPPED, "is for JWKS_URL, which is not set");
	else if (!is_root(finding))
		judge_directory(directory, "doctor", "none", GP_FINDING_PROBLEM, finding);
}

/*
 * The socket that was given, or the usual one where it is, or the address that the notifier has
 * instead; NULL with the finding filled.
 */
static const char *
find_socket(const struct gp_visit *visit, struct gp_finding *finding)
{
	const char *socket = visit->socket;

	if (socket == NULL && access(visit->patient->socket, F_OK) == 0)
		socket = visit->patient->socket;
	if (socket == NULL && visit->patient->bit == GP_PROGRAM_NOTIFY && visit->settings != NULL)
		socket = visit->settings->notify_listen;
	if (socket == NULL)
		gp_find(finding, GP_FINDING_SKIPPED,
		    "not asked: there is no %s; --socket names another", visit->patient->socket);
	return socket;
}

/* The directory of a path, which the caller frees. */
static char *
directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return strdup(".");
	return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

static void
judge_socket(const char *path, const struct stat *status, const struct stat *directory,
    struct gp_finding *finding)
{
	const unsigned mode = (unsigned)(status->st_mode & 0777);
	const unsigned directory_mode = (unsigned)(directory->st_mode & 0777);

	if (!S_ISSOCK(status->st_mode)) {
		gp_find(finding, GP_FINDING_PROBLEM, "%s is no socket", path);
		gp_advise(finding, "remove it, and start the workers again");
		return;
	}
	gp_find(finding,
	    (enum gp_finding_kind)gp_health_of_socket(status->st_mode, directory->st_mode),
	    "%s has mode %04o, its directory %04o", path, mode, directory_mode);
}

void
gp_check_socket(struct gp_visit *visit, struct gp_finding *finding)
{
	const char *path = find_socket(visit, finding);
	struct stat status, directory_status;
	char *directory;

	if (path == NULL)
		return;
	if (visit->patient->bit == GP_PROGRAM_NOTIFY) {
		if (path[0] != '/') {
			gp_judge_notifier_address(path, finding);
			return;
		}
		gp_advise(finding,
		    "mode 0660 in a directory that only root or the daemon may write in: who can write "
		    "to it comes past the web server, and can take its place");
	}
	directory = directory_of(path);
	if (directory == NULL || stat(path, &status) != 0 ||
	    stat(directory, &directory_status) != 0) {
		gp_find(finding, GP_FINDING_PROBLEM, "%s: %s", path, strerror(errno));
		gp_advise(finding, "start the workers, or name their socket with --socket");
	} else {
		judge_socket(path, &status, &directory_status, finding);
	}
	free(directory);
}

/* The page that needs no database, behind the mount path. */
static void
write_page(const struct gp_visit *visit, char *page, size_t size)
{
	const char *mount = "";

	if (visit->patient->bit == GP_PROGRAM_AUTH)
		mount = visit->settings != NULL && visit->settings->sign_in_path != NULL
			    ? visit->settings->sign_in_path
			    : "/api/auth";
	else if (visit->settings != NULL)
		mount = visit->settings->mount_path;
	snprintf(page, size, "%s%s", mount, visit->patient->page);
}

/* An authorizer is well whatever it decides, as long as it can. */
static bool
is_good_status(const struct gp_visit *visit, const char *status)
{
	if (visit->patient->role == GP_FASTCGI_AUTHORIZER)
		return status[0] != '5';
	return strncmp(status, "200", 3) == 0;
}

static void
ask_worker(const struct gp_visit *visit, int fd, struct gp_finding *finding)
{
	char page[128], answer[256];
	const struct gp_fastcgi_variable variables[] = {
		{ "GATEWAY_INTERFACE", "CGI/1.1" },
		{ "REQUEST_METHOD", "GET" },
		{ "SCRIPT_NAME", "" },
		{ "PATH_INFO", page },
		{ "QUERY_STRING", "" },
		{ "REQUEST_URI", page },
		{ "REMOTE_ADDR", "127.0.0.1" },
		{ "SERVER_PROTOCOL", "HTTP/1.1" },
		{ "SERVER_SOFTWARE", "gatepost-doctor" },
	};
	const struct gp_fastcgi_request request = { visit->patient->role, variables,
		GP_COUNT(variables), ANSWER_MS };
	const char *problem;

	write_page(visit, page, sizeof(page));
	if (!gp_fastcgi_ask(fd, &request, answer, sizeof(answer), &problem))
		gp_find(finding, GP_FINDING_PROBLEM, "%s", problem);
	else if (strncmp(answer, "Status: ", 8) != 0)
		gp_find(finding, GP_FINDING_PROBLEM, "the answer has no status");
	else if (!is_good_status(visit, answer + 8))
		gp_find(finding, GP_FINDING_PROBLEM, "%s is answered with %.*s", page,
		    (int)strcspn(answer, "\r\n"), answer);
	else
		gp_find(finding, GP_FINDING_OK, "answer %s with %.*s", page,
		    (int)strcspn(answer + 8, "\r\n"), answer + 8);
}

void
gp_check_workers(struct gp_visit *visit, struct gp_finding *finding)
{
	const char *path = find_socket(visit, finding);
	int fd;

	if (path == NULL)
		return;
	if (visit->patient->bit == GP_PROGRAM_NOTIFY) {
		gp_check_notifier(visit, path, finding);
		return;
	}
	gp_advise(finding, "start them (systemctl start %.*s), and see their log",
	    (int)strcspn(visit->patient->name, "."), visit->patient->name);
	fd = gp_fastcgi_connect(path);
	if (fd < 0) {
		gp_find(finding, GP_FINDING_PROBLEM, "nobody can be reached at %s: %s", path,
		    strerror(errno));
		if (errno == EACCES)
			gp_advise(finding, "run gatepost-doctor as the user of the web server");
		return;
	}
	ask_worker(visit, fd, finding);
	close(fd);
}
