/* SPDX-License-Identifier: Apache-2.0 */
/* What a program serves with, the same for every request until settings are read again. */
#ifndef GP_SERVICE_H
#define GP_SERVICE_H

#include "arena.h"
#include "authorize.h"
#include "database.h"
#include "event_log.h"
#include "json.h"
#include "log_quota.h"
#include "metrics.h"
#include "rate_limit.h"
#include "route.h"
#include "settings.h"

/* How a refusal is told: {"detail":...}, or Better Auth's {"message":...,"code":...}. */
enum gp_refusal_form { GP_REFUSAL_DETAIL, GP_REFUSAL_MESSAGE };

/* Where a program departs from the usual on the path of all requests. All zero: nowhere. */
struct gp_manners {
	/*
	 * It tells the web server whether to open what others serve, as a FastCGI authorizer: a
	 * session cookie is a credential, too; no answer is for a page of another origin; and of
	 * RATE_LIMIT only guessing at credentials is held back, not how often a page is opened.
	 */
	bool authorizes;
	/* Find the route in place of the table; fills the path and what the table would. */
	enum gp_outcome (*find)(struct gp_exchange *exchange);
	/*
	 * What has to hold of a request with a route before anybody looks at its credential, and
	 * where else than in the Authorization field that is.
	 */
	enum gp_outcome (*prepare)(struct gp_exchange *exchange);
	/* The last word on the answer to a request that is refused. */
	void (*refused)(struct gp_exchange *exchange);
};

/* All members are borrowed. */
struct gp_service {
	enum gp_refusal_form refusal_form;
	const struct gp_manners *manners;
	const char *mount_path; /* below which the routes are; without a slash at its end */
	const struct gp_route *routes;
	const struct gp_settings *settings;
	struct gp_authority *authority;
	struct gp_database *database;
	struct gp_database *auth_database; /* of Better Auth's tables; NULL: the same */
	struct gp_json_reader *reader;
	struct gp_arena *arena; /* request-lived memory; the caller resets it after the answer */
	const struct gp_log *log;
	struct gp_log_quota *log_quota; /* of what is logged for requests */
	struct gp_metrics *metrics;     /* what /metrics tells */
	struct gp_rate_limit *limiter;  /* NULL: no limit */
	void *own;                      /* what only this program has, see struct gp_program */
	const char *request_id;         /* used where the client sent none that is fit for a log */
};

#endif
