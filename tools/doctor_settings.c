/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of the settings, the file they are in, and the secrets among them. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access_rules.h"
#include "doctor.h"
#include "secret_list.h"
#include "utf8.h"
#include "web_client.h"

void
gp_check_user(struct gp_visit *visit, struct gp_finding *finding)
{
	(void)visit;
	if (geteuid() == 0)
		gp_find(finding, GP_FINDING_WARNING,
		    "runs as root, who may do what the workers may not");
}

void
gp_check_settings(struct gp_visit *visit, struct gp_finding *finding)
{
	if (visit->settings == NULL)
		gp_find(finding, GP_FINDING_PROBLEM, "%s", visit->settings_problem);
	else if (access(visit->file, F_OK) == 0)
		gp_find(finding, GP_FINDING_OK, "from the environment, then %s", visit->file);
	else
		gp_find(finding, GP_FINDING_OK, "from the environment alone; there is no %s",
		    visit->file);
}

void
gp_check_settings_file(struct gp_visit *visit, struct gp_finding *finding)
{
	struct stat status;

	if (stat(visit->file, &status) != 0) {
		gp_find(finding, errno == ENOENT ? GP_FINDING_SKIPPED : GP_FINDING_PROBLEM,
		    "%s: %s", visit->file, strerror(errno));
		return;
	}
	finding->kind = (enum gp_finding_kind)gp_health_of_secret_file(status.st_mode);
	if (finding->kind != GP_FINDING_OK)
		gp_find(finding, finding->kind, "%s has mode %04o: %s", visit->file,
		    (unsigned)(status.st_mode & 07777),
		    finding->kind == GP_FINDING_PROBLEM
			? "everybody on this machine can use the secrets in it"
			: "its group can change the settings");
}

void
gp_check_secret(struct gp_visit *visit, struct gp_finding *finding)
{
	const struct gp_secret *secret = &visit->settings->secrets.secrets[0];

	if (visit->settings->secrets.count == 0)
		gp_find(finding, GP_FINDING_SKIPPED, "there is none");
	else if (gp_secret_is_guessable(secret->bytes))
		gp_find(finding, GP_FINDING_WARNING,
		    "could be guessed: it has less than 120 bits, or is the one of examples");
	else
		gp_find(finding, GP_FINDING_OK, "has %lld characters, and looks random",
		    (long long)gp_utf8_count(secret->bytes, secret->length));
}

void
gp_check_older_secrets(struct gp_visit *visit, struct gp_finding *finding)
{
	const struct gp_secret_list *list = &visit->settings->secrets;

	if (list->count > 1)
		gp_find(finding, GP_FINDING_WARNING,
		    "%zu of them still verify tokens; one that leaked goes on forging",
		    list->count - 1);
	for (size_t i = 1; i < list->count; i++) {
		if (gp_secret_is_guessable(list->secrets[i].bytes))
			gp_find(finding, GP_FINDING_WARNING,
			    "one that still verifies tokens could be guessed");
	}
}

void
gp_check_site(struct gp_visit *visit, struct gp_finding *finding)
{
	const char *const addresses[] = { visit->settings->base_url, visit->url };
	bool known = false;

	for (size_t i = 0; i < GP_COUNT(addresses); i++) {
		if (addresses[i] == NULL)
			continue;
		known = true;
		if (!gp_web_is_private(addresses[i]))
			gp_find(finding, GP_FINDING_WARNING, "%s is plain http",
			    i == 0 ? "BETTER_AUTH_URL" : "the address given with --url");
		else if (finding->kind == GP_FINDING_OK &&
			 strncasecmp(addresses[i], "https://", 8) != 0)
			gp_find(finding, GP_FINDING_OK, "is on this machine alone");
	}
	if (!known)
		gp_find(finding, GP_FINDING_SKIPPED, "no address is known: BETTER_AUTH_URL, --url");
}

static void
read_rules(const char *path, FILE *file, struct gp_finding *finding)
{
	char problem[300];
	struct gp_access_rules *rules = gp_access_rules_read(file, problem, sizeof(problem));
	struct stat status;

	if (rules == NULL)
		gp_find(finding, GP_FINDING_PROBLEM, "%s: %s", path, problem);
	else if (fstat(fileno(file), &status) == 0 && (status.st_mode & S_IWOTH) != 0)
		gp_find(finding, GP_FINDING_PROBLEM, "%s: everybody may change them", path);
	else
		gp_find(finding, GP_FINDING_OK, "%s", path);
	gp_access_rules_free(rules);
}

void
gp_check_access_rules(struct gp_visit *visit, struct gp_finding *finding)
{
	const char *path = visit->settings->access_rules;
	FILE *file;

	if (visit->patient->bit != GP_PROGRAM_AUTHORIZER || path == NULL) {
		gp_find(finding, GP_FINDING_SKIPPED, "are for gatepost-authorizer.fcgi");
		return;
	}
	file = fopen(path, "r");
	if (file == NULL) {
		gp_find(finding, GP_FINDING_PROBLEM, "%s: %s", path, strerror(errno));
		return;
	}
	read_rules(path, file, finding);
	fclose(file);
}
