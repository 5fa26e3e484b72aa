/* SPDX-License-Identifier: Apache-2.0 */
/* Each judgement is one small rule, with the reason for its bounds beside it. */
#include "diagnosis.h"

#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* Beyond this a machine's clock is not being set by anything. */
enum { CLOCK_WARNING_S = 2 };

enum gp_health
gp_health_of_clock(int64_t offset_ms, int64_t precision_ms, int64_t leeway_s)
{
	int64_t apart_ms = (offset_ms < 0 ? -offset_ms : offset_ms) - precision_ms;
	int64_t apart_s = apart_ms > 0 ? apart_ms / 1000 : 0;

	if (apart_s > leeway_s)
		return GP_HEALTH_PROBLEM;
	return apart_ms > CLOCK_WARNING_S * 1000 ? GP_HEALTH_WARNING : GP_HEALTH_OK;
}

enum gp_health
gp_health_of_secret_file(mode_t mode)
{
	if ((mode & (S_IROTH | S_IWOTH)) != 0)
		return GP_HEALTH_PROBLEM;
	return (mode & S_IWGRP) != 0 ? GP_HEALTH_WARNING : GP_HEALTH_OK;
}

enum gp_health
gp_health_of_socket(mode_t mode, mode_t directory_mode)
{
	/* Also with the sticky bit: whoever comes first has the name. */
	bool replaceable = (directory_mode & S_IWOTH) != 0;
	bool enterable = (directory_mode & S_IXOTH) != 0;
	bool open = (mode & S_IWOTH) != 0;

	if (replaceable || (open && enterable))
		return GP_HEALTH_PROBLEM;
	return open ? GP_HEALTH_WARNING : GP_HEALTH_OK;
}

enum gp_arrival
gp_arrival_of(long status, const char *challenge)
{
	if (status >= 200 && status < 400)
		return GP_ARRIVAL_TAKEN;
	if (status != 401 || challenge == NULL || strncasecmp(challenge, "Bearer", 6) != 0)
		return GP_ARRIVAL_UNKNOWN;
	if (strstr(challenge, "error=") != NULL)
		return GP_ARRIVAL_REFUSED;
	return challenge[6] == '\0' || challenge[6] == ' ' ? GP_ARRIVAL_DROPPED
							   : GP_ARRIVAL_UNKNOWN;
}

bool
gp_server_is_apache(const char *server)
{
	return server != NULL && strncasecmp(server, "Apache", 6) == 0;
}

const char *
gp_passing_remedy(const char *server)
{
	if (gp_server_is_apache(server))
		return "Apache: CGIPassAuth On in the <Location> or <Directory> of the program (any "
		       "way of running it; in .htaccess it needs AllowOverride AuthConfig), or "
		       "FcgidPassHeader Authorization for the whole server (mod_fcgid), or SetEnvIf "
		       "Authorization \"(.+)\" HTTP_AUTHORIZATION=$1";
	if (server != NULL && strncasecmp(server, "lighttpd", 8) == 0)
		return "lighttpd passes Authorization on by itself: look for "
		       "setenv.set-request-header in its settings, and at proxies in front of it";
	return "let the web server and proxies in front of it pass Authorization on; Apache needs "
	       "CGIPassAuth On or FcgidPassHeader Authorization, lighttpd nothing";
}
