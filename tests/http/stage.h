/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a test stands on that does to every route what nobody should: a user with tasks, somebody
 * else whose tasks must outlive it all, and the requests of all dialects.
 */
#ifndef GP_TEST_STAGE_H
#define GP_TEST_STAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "client.h"
#include "user.h"

struct gp_stage {
	struct gp_user user, other; /* both have a row */
	const char *number, *uuid;  /* of two tasks of the user */
	const char *other_number, *other_uuid;
	const char *other_before; /* the other's list */
};

/* A request that is good as it stands. In its path stand for the values of a stage: @ # $ ! ~ */
struct gp_stage_route {
	const char *method, *path, *body;
	bool is_plain; /* one of the few that stand for all where the route hardly matters */
};

extern const struct gp_stage_route gp_stage_routes[];
extern const size_t gp_stage_route_count;

/*
 * Whether the next request of an abuse that goes to many routes is sent: always, but as CGI, where
 * each is a process, only one in seven, drawn.
 */
bool gp_stage_turn(void);

/* New people and their tasks. */
struct gp_stage gp_stage_set(void);

/*
 * The path of a route on this stage: @ becomes the user's id, # and $ the number and the uuid of
 * their task, ! and ~ those of the other's.
 */
const char *gp_stage_path(const struct gp_stage *stage, const struct gp_stage_route *route);

/*
 * That an answer is a sane one, whatever was asked: gatepost's own in JSON, or a 4xx of the web
 * server; and that it tells nothing of the other user and has no field that came with the request
 * (tests name theirs X-Evil).
 */
#define GP_EXPECT_TAME(answer) gp_stage_expect_tame(__FILE__, __LINE__, (answer))
void gp_stage_expect_tame(const char *file, unsigned line, const struct gp_answer *answer);

/* That the instance still answers as it should, and the other user's tasks are as they were. */
#define GP_EXPECT_WHOLE(stage) gp_stage_expect_whole(__FILE__, __LINE__, (stage))
void gp_stage_expect_whole(const char *file, unsigned line, const struct gp_stage *stage);

#endif
