/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http-random lets twenty players do thousands of things to a running instance, through all APIs
 * and a few at a time, and holds every answer and every row against a model. The instance is named
 * as for http-tests; the same seed draws the same operations.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../http/client.h"
#include "../http/expect.h"
#include "../http/instance.h"
#include "../http/kept.h"
#include "../http/people.h"
#include "random_judge.h"
#include "random_rows.h"
#include "runner.h"

/* How many operations are under way at a time, each by somebody else. */
enum { AT_ONCE = 4, STATUS_MAX = 600, SESSION_S = 3600 };

static unsigned long long seed = 1;
static unsigned long operations_wanted = 5000;

static struct gp_model model;
static unsigned long operation_count, statuses[STATUS_MAX];

static void
meet_players(void)
{
	gp_model_init(&model);
	for (size_t i = 0; i < GP_PLAYERS; i++) {
		struct gp_player *player = &model.players[i];

		if (!player->has_row)
			continue;
		gp_person_named(player->id);
		if (i % 3 != 0)
			player->session = gp_person_session(player->id, SESSION_S);
	}
}

/* The tasks of those who never act, for the others to reach for. */
static void
furnish_bystanders(void)
{
	for (size_t i = GP_ACTORS; i < GP_PLAYERS; i++) {
		struct gp_player *player = &model.players[i];

		for (size_t j = 0; j < 5; j++) {
			struct gp_item *item = gp_model_add(player);

			item->title = gp_kept_text("%s not yours", player->marker);
			GP_EXPECT_ANSWER(
			    GP_SEND(.method = "POST", .path = "/tasks", .token = player->token,
				.body = gp_kept_text("{\"text\":\"%s\"}", item->title)),
			    201);
			gp_rows_are_those_of(player, item);
		}
	}
}

/* Somebody who is not busy; the first act more often than the last, and have longer lists. */
static struct gp_player *
draw_actor(struct gp_draw *draw, const bool is_busy[GP_PLAYERS])
{
	size_t one, other;

	do {
		one = gp_draw_below(draw, GP_ACTORS);
		other = gp_draw_below(draw, GP_ACTORS);
	} while (is_busy[one < other ? one : other]);
	return &model.players[one < other ? one : other];
}

/* What is changed by others while they are busy is nobody's target, so all are chosen first. */
static void
draw_round(struct gp_draw *draw, struct gp_operation operations[AT_ONCE])
{
	bool is_busy[GP_PLAYERS] = { false };
	struct gp_player *actors[AT_ONCE];

	for (size_t i = 0; i < AT_ONCE; i++) {
		actors[i] = draw_actor(draw, is_busy);
		is_busy[actors[i]->index] = true;
	}
	for (size_t i = 0; i < AT_ONCE; i++)
		gp_operation_draw(&operations[i], &model, actors[i], is_busy, draw);
}

static void
name_operation(const struct gp_operation *operation)
{
	const struct gp_call *call = &operation->call;

	gp_test_row("operation %lu: %s %s %s as %s %s %s", operation_count,
	    call->method != NULL ? call->method : "GET", call->path,
	    call->body != NULL ? call->body : "", operation->actor->marker,
	    call->fields[0] != NULL ? call->fields[0] : "",
	    operation->has_session ? "with a session" : "");
}

/* The answer, the database and the model agree. */
static bool
judge(struct gp_operation *operation, const struct gp_answer *answer)
{
	bool writes = gp_operation_writes(operation);

	if (!gp_judge_outcome(&model, operation, answer))
		return false;
	if (writes)
		gp_operation_apply(operation);
	return gp_rows_are_those_of(operation->actor,
		   writes && operation->act != GP_ACT_DELETE ? operation->item : NULL) &&
	       (operation->owner == operation->actor ||
		   gp_rows_are_those_of(operation->owner, NULL)) &&
	       (!gp_operation_succeeds(operation) || gp_judge_success(operation, answer));
}

static bool
run_round(struct gp_draw *draw)
{
	struct gp_operation operations[AT_ONCE];
	struct gp_call calls[AT_ONCE];
	struct gp_answer answers[AT_ONCE];

	draw_round(draw, operations);
	for (size_t i = 0; i < AT_ONCE; i++)
		calls[i] = operations[i].call;
	gp_send_all(calls, answers, AT_ONCE, AT_ONCE);
	for (size_t i = 0; i < AT_ONCE; i++) {
		operation_count++;
		name_operation(&operations[i]);
		if (!judge(&operations[i], &answers[i]))
			return false;
		statuses[answers[i].status]++;
	}
	return CU_get_number_of_failures() == 0;
}

/* A run in which something never happened has not judged it. */
static void
expect_variety(void)
{
	static const int all[] = { 200, 201, 204, 304, 401, 403, 404, 405, 412, 422 };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		GP_EXPECT(statuses[all[i]] > 0, "not one answer with status %d", all[i]);
}

static void
print_counts(time_t began)
{
	printf("# seed %llu: %lu operations in %ld s;", seed, operation_count,
	    (long)(time(NULL) - began));
	for (int status = 0; status < STATUS_MAX; status++) {
		if (statuses[status] > 0)
			printf(" %d: %lu", status, statuses[status]);
	}
	printf("\n");
}

static void
answers_and_rows_follow_the_model(void)
{
	struct gp_draw draw = { .state = seed };
	time_t began = time(NULL);

	meet_players();
	furnish_bystanders();
	while (operation_count < operations_wanted) {
		if (!run_round(&draw)) {
			printf("# seed %llu, operation %lu\n", seed, operation_count);
			return;
		}
	}
	for (size_t i = 0; i < GP_PLAYERS; i++)
		gp_rows_are_those_of(&model.players[i], NULL);
	expect_variety();
	print_counts(began);
}

static const struct gp_test random_tests[] = {
	GP_TEST(answers_and_rows_follow_the_model),
	{ NULL, NULL },
};

static const struct gp_suite suites[] = { { "random", random_tests }, { NULL, NULL } };

static bool
read_number(const char *text, unsigned long long *number)
{
	char *end;

	errno = 0;
	*number = strtoull(text, &end, 10);
	return errno == 0 && end > text && *end == '\0';
}

static bool
read_options(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "operations", required_argument, NULL, 'n' },
		{ NULL, 0, NULL, 0 },
	};
	unsigned long long number;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == '?' || !read_number(optarg, &number))
			return false;
		if (option == 's')
			seed = number;
		else
			operations_wanted = (unsigned long)number;
	}
	return optind == argc;
}

int
main(int argc, char *argv[])
{
	char *again;
	int status;

	if (!read_options(argc, argv)) {
		fputs("usage: http-random [--seed N] [--operations N]\n", stderr);
		return EXIT_FAILURE;
	}
	if (!gp_instance_find() || !gp_people_open() || !gp_rows_open() || !gp_client_open())
		return EXIT_FAILURE;
	again = gp_kept_text("%s --seed %llu --operations %lu", argv[0], seed, operations_wanted);
	status = gp_test_main(1, &again, suites);
	gp_client_close();
	gp_rows_close();
	gp_people_close();
	return status;
}
