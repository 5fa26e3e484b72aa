/* SPDX-License-Identifier: Apache-2.0 */
/* The check of the web server: whether a token gets through it. */
#include <stdio.h>
#include <string.h>

#include "doctor.h"
#include "random_text.h"
#include "web_client.h"

/* A token that nobody signed: in the form of one, so that a worker refuses it without a database.
 */
static bool
make_up_token(char *token, size_t size)
{
	char parts[3][GP_ID_LENGTH + 1];

	for (size_t i = 0; i < GP_COUNT(parts); i++) {
		if (gp_random_text(parts[i], GP_ID_LENGTH) != GP_OK)
			return false;
	}
	snprintf(token, size, "%s.%s.%s", parts[0], parts[1], parts[2]);
	return true;
}

static void
judge_answer(const struct gp_web_answer *answer, struct gp_finding *finding)
{
	switch (gp_arrival_of(answer->status, answer->challenge)) {
	case GP_ARRIVAL_REFUSED: return;
	case GP_ARRIVAL_DROPPED:
		gp_find(finding, GP_FINDING_PROBLEM,
		    "the Authorization field does not reach the workers");
		gp_advise(finding, "%s", gp_passing_remedy(answer->server));
		return;
	case GP_ARRIVAL_TAKEN:
		gp_find(finding, GP_FINDING_PROBLEM,
		    "HTTP status %ld to a made-up token: what answers is not guarded by gatepost",
		    answer->status);
		break;
	case GP_ARRIVAL_UNKNOWN:
		gp_find(finding, GP_FINDING_PROBLEM,
		    "HTTP status %ld, which is no answer of the API to a made-up token",
		    answer->status);
		break;
	}
	gp_advise(finding,
	    "give the address below which the API is, without /tasks; with 404 see which paths the "
	    "web server hands to gatepost, with 5xx its error log");
}

void
gp_check_web_server(struct gp_visit *visit, struct gp_finding *finding)
{
	struct gp_web_answer answer;
	char url[2048], token[128], problem[256];
	size_t length;

	if (visit->url == NULL || visit->patient->guard == NULL) {
		gp_find(finding, GP_FINDING_SKIPPED, "%s",
		    visit->url == NULL ? "not asked: --url names the address of the API"
				       : "not asked: sign-in goes by cookies");
		return;
	}
	length = strlen(visit->url);
	while (visit->patient->guard[0] == '/' && length > 0 && visit->url[length - 1] == '/')
		length--;
	if (!make_up_token(token, sizeof(token)) || length > sizeof(url) / 2)
		gp_find(finding, GP_FINDING_PROBLEM, "no random numbers, or the URL is too long");
	else {
		snprintf(
		    url, sizeof(url), "%.*s%s", (int)length, visit->url, visit->patient->guard);
		if (visit->patient->bit == GP_PROGRAM_NOTIFY)
			gp_check_web_socket(url, finding);
		else if (gp_web_ask(url, NULL, token, &answer, problem, sizeof(problem)))
			judge_answer(&answer, finding);
		else
			gp_find(finding, GP_FINDING_PROBLEM, "no answer: %s", problem);
	}
}
