/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the state of an installation means for it: well, worth a warning, or a problem. Only judges;
 * who measures is elsewhere.
 */
#ifndef GP_DIAGNOSIS_H
#define GP_DIAGNOSIS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "attributes.h"

enum gp_health { GP_HEALTH_OK, GP_HEALTH_WARNING, GP_HEALTH_PROBLEM };

/*
 * How far two clocks may be apart: a problem where tokens that were made just now are refused, a
 * warning above two seconds.
 *
 *   offset_ms     of the one to the other, either sign; less than a second more counts for nothing,
 *                 because claims are whole seconds
 *   precision_ms  how far the offset may be wrong, for instance half the round trip
 *   leeway_s      JWT_LEEWAY_SECONDS
 */
GP_MUST_USE enum gp_health gp_health_of_clock(
    int64_t offset_ms, int64_t precision_ms, int64_t leeway_s);

/*
 * Who may read and write a file with secrets, by its mode: a problem where everybody may do either,
 * a warning where its group may write.
 */
GP_MUST_USE enum gp_health gp_health_of_secret_file(mode_t mode);

/*
 * Who may connect to a socket: whoever does can claim to be anybody. A problem where everybody may
 * write to it, or may replace it in its directory; a warning where only the directory keeps others
 * out, which is easily opened for another reason.
 */
GP_MUST_USE enum gp_health gp_health_of_socket(mode_t mode, mode_t directory_mode);

/* What became of a bearer token on its way through a web server. */
enum gp_arrival {
	GP_ARRIVAL_TAKEN,   /* it opened the door */
	GP_ARRIVAL_REFUSED, /* it came to a worker, which refused it */
	GP_ARRIVAL_DROPPED, /* the request came to a worker without it */
	GP_ARRIVAL_UNKNOWN  /* no answer from which one could tell */
};

/*
 * Read off an answer's status and WWW-Authenticate (NULL for none) what became of the token: with a
 * credential that was refused the challenge names an error, without one it does not (RFC 6750
 * section 3.1).
 */
GP_MUST_USE enum gp_arrival gp_arrival_of(long status, const char *challenge);

/*
 * What to do about a web server that does not pass the Authorization field on.
 *
 *   server   the Server field of an answer, or SERVER_SOFTWARE; NULL or "" for unknown
 */
const char *gp_passing_remedy(const char *server);

/* Whether such a text is Apache's. NULL is not. */
GP_MUST_USE bool gp_server_is_apache(const char *server);

#endif
