/* SPDX-License-Identifier: Apache-2.0 */
/* Exact counts, alone and with many processes at once; windows, full tables, and who is killed. */
#include "rate_limit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "crowd.h"
#include "unit.h"

/* Any moment; all others are counted from it. */
static const int64_t noon_ms = INT64_C(1800000000000);

enum { WORKERS = 8, MEMORY_SALT_SIZE = 16 };

/* A table of its own for one test. */
struct scene {
	void *memory;
	struct gp_rate_limit *limiter;
	struct gp_rate_answer answer; /* the last */
};

static struct gp_rate
rate_of(const char *text)
{
	struct gp_rate rate;

	CU_ASSERT_PTR_NULL_FATAL(gp_rate_read(text, &rate));
	return rate;
}

static struct gp_rate_limit *
limiter_of(void *memory, const char *text)
{
	const struct gp_rate rate = rate_of(text);
	struct gp_rate_limit *limiter = gp_rate_limit_new(memory, &rate);

	CU_ASSERT_PTR_NOT_NULL_FATAL(limiter);
	return limiter;
}

static void
set_up(struct scene *scene, const char *rate)
{
	scene->memory = gp_test_share(gp_rate_limit_size());
	CU_ASSERT_PTR_NOT_NULL_FATAL(scene->memory);
	scene->limiter = limiter_of(scene->memory, rate);
}

/* As when settings are read again: another limiter on what has been counted. */
static void
change_rate(struct scene *scene, const char *rate)
{
	gp_rate_limit_free(scene->limiter);
	scene->limiter = limiter_of(scene->memory, rate);
}

static void
tear_down(struct scene *scene)
{
	gp_rate_limit_free(scene->limiter);
	gp_test_unshare(scene->memory, gp_rate_limit_size());
}

static bool
take_one(struct scene *scene, const char *key, int64_t after_ms)
{
	return gp_rate_limit_take(
	    scene->limiter, GP_RATE_CALLER, key, strlen(key), noon_ms + after_ms, &scene->answer);
}

static bool
take(struct scene *scene, const char *key, int64_t after_ms)
{
	gp_test_row("take %s after %lld ms", key, (long long)after_ms);
	return take_one(scene, key, after_ms);
}

static bool
allows(struct scene *scene, const char *key, int64_t after_ms)
{
	gp_test_row("look at %s after %lld ms", key, (long long)after_ms);
	return gp_rate_limit_allows(
	    scene->limiter, GP_RATE_CALLER, key, strlen(key), noon_ms + after_ms, &scene->answer);
}

/* How many of so many requests are within the limit. */
static int64_t
take_many(struct scene *scene, const char *key, int64_t requests, int64_t after_ms)
{
	int64_t within = 0;

	for (int64_t i = 0; i < requests; i++)
		within += take_one(scene, key, after_ms);
	gp_test_row("took %s %lld times", key, (long long)requests);
	return within;
}

static void
reads_rates(void)
{
	static const struct {
		const char *text;
		int64_t count, period_ms;
	} rows[] = {
		{ "100/10s", 100, 10000 },
		{ "1000/m", 1000, 60000 },
		{ "5/2min", 5, 120000 },
		{ "1/s", 1, 1000 },
		{ "0007/01s", 7, 1000 },
		{ "1000000/d", 1000000, 86400000 },
		{ "20/24h", 20, 86400000 },
		{ "20/86400s", 20, 86400000 },
		{ "off", 0, 0 },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_rate rate = { -1, -1 };

		gp_test_row("%s", rows[i].text);
		CU_ASSERT_PTR_NULL(gp_rate_read(rows[i].text, &rate));
		CU_ASSERT_EQUAL(rate.count, rows[i].count);
		CU_ASSERT_EQUAL(rate.period_ms, rows[i].period_ms);
	}
}

static void
refuses_what_is_no_rate(void)
{
	static const struct {
		const char *text, *words;
	} rows[] = {
		{ "", "COUNT/PERIOD" },
		{ "on", "COUNT/PERIOD" },
		{ "Off", "COUNT/PERIOD" },
		{ "100", "COUNT/PERIOD" },
		{ "100/", "COUNT/PERIOD" },
		{ "100/10", "COUNT/PERIOD" },
		{ "/10s", "COUNT/PERIOD" },
		{ "100/10S", "COUNT/PERIOD" },
		{ "100/500ms", "COUNT/PERIOD" },
		{ "100/10s ", "COUNT/PERIOD" },
		{ " 100/10s", "COUNT/PERIOD" },
		{ "100 / 10s", "COUNT/PERIOD" },
		{ "100/10ss", "COUNT/PERIOD" },
		{ "-1/10s", "COUNT/PERIOD" },
		{ "+1/10s", "COUNT/PERIOD" },
		{ "1/-10s", "COUNT/PERIOD" },
		{ "1.5/10s", "COUNT/PERIOD" },
		{ "1/1.5s", "COUNT/PERIOD" },
		{ "0/10s", "1000000" },
		{ "1000001/10s", "1000000" },
		{ "18446744073709551617/10s", "1000000" },
		{ "1/0s", "1 day" },
		{ "1/86401s", "1 day" },
		{ "1/25h", "1 day" },
		{ "1/2d", "1 day" },
		{ "1/18446744073709551617s", "1 day" },
		{ "1/213503982335d", "1 day" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_rate rate = { -1, -1 };
		const char *problem = gp_rate_read(rows[i].text, &rate);

		gp_test_row("%s: %s", rows[i].text, problem != NULL ? problem : "taken");
		CU_ASSERT_PTR_NOT_NULL_FATAL(problem);
		CU_ASSERT_PTR_NOT_NULL(strstr(problem, rows[i].words));
		CU_ASSERT_EQUAL(rate.count, 0);
	}
}

static void
counts_to_the_limit_and_no_further(void)
{
	struct scene scene;

	set_up(&scene, "3/10s");
	for (int i = 0; i < 3; i++) {
		CU_ASSERT(take(&scene, "ada", i));
		CU_ASSERT_FALSE(scene.answer.first);
		CU_ASSERT_EQUAL(scene.answer.retry_after_s, 10);
	}
	CU_ASSERT_FALSE(take(&scene, "ada", 3));
	CU_ASSERT(scene.answer.first);
	CU_ASSERT_FALSE(take(&scene, "ada", 4));
	CU_ASSERT_FALSE(scene.answer.first);
	tear_down(&scene);
}

static void
a_window_begins_with_its_first_request(void)
{
	struct scene scene;

	set_up(&scene, "2/10s");
	CU_ASSERT(take(&scene, "ada", 4321));
	CU_ASSERT(take(&scene, "ada", 14320));
	CU_ASSERT_FALSE(take(&scene, "ada", 14320));
	CU_ASSERT(take(&scene, "ada", 14321));
	/* The new window begins here, not where the old one ended. */
	CU_ASSERT(take(&scene, "ada", 24320));
	CU_ASSERT_FALSE(take(&scene, "ada", 24320));
	CU_ASSERT(scene.answer.first);
	CU_ASSERT(take(&scene, "ada", 24321));
	CU_ASSERT(take(&scene, "ada", 1000000));
	CU_ASSERT(take(&scene, "ada", 1009999));
	CU_ASSERT_FALSE(take(&scene, "ada", 1009999));
	tear_down(&scene);
}

/* Requests that are refused do not prolong it. */
static void
says_when_to_come_again(void)
{
	static const struct {
		int64_t after_ms, retry_after_s;
	} rows[] = { { 0, 10 }, { 1, 10 }, { 999, 10 }, { 1000, 9 }, { 8999, 2 }, { 9000, 1 },
		{ 9001, 1 }, { 9999, 1 } };
	struct scene scene;

	set_up(&scene, "1/10s");
	CU_ASSERT(take(&scene, "ada", 0));
	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		CU_ASSERT_FALSE(take(&scene, "ada", rows[i].after_ms));
		CU_ASSERT_EQUAL(scene.answer.retry_after_s, rows[i].retry_after_s);
		CU_ASSERT_FALSE(allows(&scene, "ada", rows[i].after_ms));
		CU_ASSERT_EQUAL(scene.answer.retry_after_s, rows[i].retry_after_s);
	}
	CU_ASSERT(take(&scene, "ada", 10000));
	tear_down(&scene);
}

static void
looking_counts_nothing(void)
{
	struct scene scene;

	set_up(&scene, "2/10s");
	for (int i = 0; i < 10; i++) {
		CU_ASSERT(allows(&scene, "ada", i));
		CU_ASSERT_EQUAL(scene.answer.retry_after_s, 0);
	}
	CU_ASSERT(take(&scene, "ada", 10));
	CU_ASSERT(allows(&scene, "ada", 11));
	CU_ASSERT(take(&scene, "ada", 12));
	CU_ASSERT_FALSE(allows(&scene, "ada", 13));
	CU_ASSERT(allows(&scene, "ada", 10010));
	tear_down(&scene);
}

/* Whichever of the two it comes from. */
static void
the_first_refusal_of_a_window_is_told_once(void)
{
	struct scene scene;

	set_up(&scene, "2/10s");
	for (int64_t window_ms = 0; window_ms < 40000; window_ms += 10000) {
		CU_ASSERT(take(&scene, "ada", window_ms));
		CU_ASSERT(take(&scene, "ada", window_ms));
		CU_ASSERT_FALSE(allows(&scene, "ada", window_ms));
		CU_ASSERT(scene.answer.first);
		CU_ASSERT_FALSE(allows(&scene, "ada", window_ms));
		CU_ASSERT_FALSE(scene.answer.first);
		CU_ASSERT_FALSE(take(&scene, "ada", window_ms));
		CU_ASSERT_FALSE(scene.answer.first);
	}
	CU_ASSERT_EQUAL(take_many(&scene, "bob", 3, 0), 2);
	CU_ASSERT(scene.answer.first);
	CU_ASSERT_FALSE(allows(&scene, "bob", 0));
	CU_ASSERT_FALSE(scene.answer.first);
	tear_down(&scene);
}

static void
keys_and_kinds_have_counts_of_their_own(void)
{
	static const struct {
		enum gp_rate_kind kind;
		const char *key;
		size_t length;
	} rows[] = { { GP_RATE_CALLER, "ada", 3 }, { GP_RATE_ADDRESS, "ada", 3 },
		{ GP_RATE_CALLER, "ad", 2 }, { GP_RATE_CALLER, "ada\0", 4 },
		{ GP_RATE_CALLER, "Ada", 3 }, { GP_RATE_CALLER, "", 0 }, { GP_RATE_ADDRESS, "", 0 },
		{ GP_RATE_SESSION, "ada", 3 } };
	struct scene scene;

	set_up(&scene, "3/10s");
	for (int round = 0; round < 4; round++) {
		for (size_t i = 0; i < GP_COUNT(rows); i++) {
			gp_test_row("row %zu, round %d", i, round);
			CU_ASSERT_EQUAL(gp_rate_limit_take(scene.limiter, rows[i].kind, rows[i].key,
					    rows[i].length, noon_ms, &scene.answer),
			    round < 3);
		}
	}
	tear_down(&scene);
}

/* By a little it may be that another worker read it later; by more, it was set. */
static void
a_clock_that_is_set_back_shuts_nobody_out(void)
{
	struct scene scene;

	set_up(&scene, "2/10s");
	CU_ASSERT_EQUAL(take_many(&scene, "ada", 3, 0), 2);
	CU_ASSERT_FALSE(take(&scene, "ada", -1));
	CU_ASSERT_EQUAL(scene.answer.retry_after_s, 11);
	CU_ASSERT_FALSE(allows(&scene, "ada", -60000));
	CU_ASSERT(allows(&scene, "ada", -60001));
	CU_ASSERT(take(&scene, "ada", -3600000));
	CU_ASSERT_EQUAL(scene.answer.retry_after_s, 10);
	CU_ASSERT(take(&scene, "ada", -3600000));
	CU_ASSERT_FALSE(take(&scene, "ada", -3600000));
	tear_down(&scene);
}

static void
any_time_is_a_time(void)
{
	static const int64_t times[] = { 0, 1, -1, INT64_MIN, INT64_MAX, INT64_MAX - 1,
		INT64_C(1) << 44, (INT64_C(1) << 44) - 1 };

	for (size_t i = 0; i < GP_COUNT(times); i++) {
		struct scene scene;

		set_up(&scene, "2/10s");
		for (int j = 0; j < 4; j++) {
			gp_test_row("%lld", (long long)times[i]);
			CU_ASSERT_EQUAL(gp_rate_limit_take(scene.limiter, GP_RATE_CALLER, "ada", 3,
					    times[i], &scene.answer),
			    j < 2);
			CU_ASSERT_EQUAL(scene.answer.retry_after_s, 10);
		}
		tear_down(&scene);
	}
}

static void
off_counts_nothing(void)
{
	struct scene scene;

	set_up(&scene, "off");
	CU_ASSERT_EQUAL(take_many(&scene, "ada", 10, 0), 10);
	CU_ASSERT(allows(&scene, "ada", 0));
	CU_ASSERT_EQUAL(scene.answer.retry_after_s, 0);
	change_rate(&scene, "2/10s");
	CU_ASSERT_EQUAL(take_many(&scene, "ada", 10, 0), 2);
	tear_down(&scene);
}

static void
a_changed_rate_holds_for_windows_that_have_begun(void)
{
	struct scene scene;

	set_up(&scene, "5/10s");
	CU_ASSERT_EQUAL(take_many(&scene, "ada", 6, 0), 5);
	change_rate(&scene, "8/10s");
	CU_ASSERT_EQUAL(take_many(&scene, "ada", 6, 1), 2); /* the refused one was counted too */
	change_rate(&scene, "4/10s");
	CU_ASSERT_FALSE(take(&scene, "ada", 2));
	CU_ASSERT_FALSE(allows(&scene, "ada", 9999));
	change_rate(&scene, "8/20s");
	CU_ASSERT_FALSE(take(&scene, "ada", 19999));
	CU_ASSERT(take(&scene, "ada", 20000));
	tear_down(&scene);
}

/* Where the window of a key that was counted once, at noon, is in a table without others. */
static uint64_t *
window_in(const struct scene *scene)
{
	uint64_t *word = scene->memory;

	for (size_t i = 0; i < gp_rate_limit_size() / sizeof(*word); i++) {
		if (word[i] == ((uint64_t)noon_ms << 20 | 1))
			return &word[i];
	}
	CU_FAIL_FATAL("no window");
	return NULL;
}

/* Twenty bits hold the count; one more would run into the time. */
static void
a_count_stops_at_its_largest(void)
{
	struct scene scene;
	uint64_t *window;

	set_up(&scene, "1000000/d");
	CU_ASSERT(take(&scene, "ada", 0));
	window = window_in(&scene);
	*window += 999990;
	CU_ASSERT_EQUAL(take_many(&scene, "ada", 10, 0), 9);
	CU_ASSERT(scene.answer.first);
	*window = (uint64_t)noon_ms << 20 | 0xffff0;
	for (int i = 0; i < 40; i++) {
		CU_ASSERT_FALSE(take(&scene, "ada", 0));
		CU_ASSERT_FALSE(scene.answer.first);
		CU_ASSERT_EQUAL(scene.answer.retry_after_s, 86400);
	}
	CU_ASSERT_FALSE(allows(&scene, "ada", 86399999));
	CU_ASSERT(take(&scene, "ada", 86400000));
	tear_down(&scene);
}

/* What may happen in a full set: the slot with more requests is the one that counts. */
static void
a_key_with_two_slots_keeps_the_higher_count(void)
{
	struct scene scene;
	uint64_t *window;

	set_up(&scene, "5/10s");
	CU_ASSERT(take(&scene, "ada", 0));
	window = window_in(&scene);
	window[1] = window[-1]; /* the tag of the next slot of the set */
	window[2] = window[0] + 2;
	CU_ASSERT_EQUAL(take_many(&scene, "ada", 5, 1), 2);
	CU_ASSERT_FALSE(allows(&scene, "ada", 2));
	CU_ASSERT_EQUAL(take_many(&scene, "ada", 6, 10000), 5);
	tear_down(&scene);
}

/* So many keys, each with one request. */
static int64_t
take_strangers(struct scene *scene, int64_t first, int64_t keys, int64_t after_ms)
{
	int64_t within = 0;
	char key[32];

	for (int64_t i = first; i < first + keys; i++) {
		snprintf(key, sizeof(key), "stranger %lld", (long long)i);
		within += take_one(scene, key, after_ms);
	}
	return within;
}

/* So many keys, each with two requests, one after the other. */
static void
keep_busy(struct scene *scene, int64_t strangers)
{
	for (int64_t i = 0; i < strangers; i++) {
		take_strangers(scene, i, 1, 0);
		take_strangers(scene, i, 1, 0);
	}
}

/* More than there is room for, in all but a few sets. */
enum { STRANGERS = 2 * 65536 };

/* Who sends many requests is not forgotten for the many who send one. */
static void
a_full_table_forgets_who_was_counted_least(void)
{
	struct scene scene;

	set_up(&scene, "10/h");
	CU_ASSERT_EQUAL(take_many(&scene, "ada", 20, 0), 10);
	CU_ASSERT_EQUAL(take_many(&scene, "bob", 5, 0), 5);
	CU_ASSERT_EQUAL(take_strangers(&scene, 0, STRANGERS, 1), STRANGERS);
	CU_ASSERT_FALSE(allows(&scene, "ada", 2));
	CU_ASSERT_EQUAL(take_many(&scene, "bob", 10, 2), 5);
	/* There is room for a new one. */
	CU_ASSERT_EQUAL(take_many(&scene, "eve", 20, 2), 10);
	tear_down(&scene);
}

/* The busy one of an expired window goes before one who has just begun. */
static void
a_full_table_forgets_what_has_expired_first(void)
{
	/* Two strangers come to a set; where eight do, which chance may bring about for one set in
	 * a thousand, one who has begun may have to go. Each of those gets a request more. */
	enum { BEGINNERS = 400, COMERS = 2 * 8192, FEW = 40 };
	struct scene scene;
	unsigned within = 0;
	char key[32];

	set_up(&scene, "2/10s");
	keep_busy(&scene, STRANGERS);
	for (int i = 0; i < BEGINNERS; i++) {
		snprintf(key, sizeof(key), "beginner %d", i);
		CU_ASSERT(take(&scene, key, 10000));
	}
	take_strangers(&scene, STRANGERS, COMERS, 10001);
	for (int i = 0; i < BEGINNERS; i++) {
		snprintf(key, sizeof(key), "beginner %d", i);
		within += (unsigned)take_many(&scene, key, 5, 10002);
	}
	CU_ASSERT(within >= BEGINNERS);
	CU_ASSERT(within <= BEGINNERS + FEW);
	tear_down(&scene);
}

static void
tables_have_salts_of_their_own(void)
{
	struct scene one, other;

	set_up(&one, "2/10s");
	set_up(&other, "2/10s");
	CU_ASSERT(take(&one, "ada", 0));
	CU_ASSERT(take(&other, "ada", 0));
	CU_ASSERT_NOT_EQUAL(memcmp(one.memory, other.memory, MEMORY_SALT_SIZE), 0);
	/* With one salt, they would be the same behind it. */
	CU_ASSERT_NOT_EQUAL(
	    memcmp((char *)one.memory + MEMORY_SALT_SIZE, (char *)other.memory + MEMORY_SALT_SIZE,
		gp_rate_limit_size() - MEMORY_SALT_SIZE),
	    0);
	tear_down(&one);
	tear_down(&other);
}

static void
limiters_of_one_table_count_together(void)
{
	struct scene one, other;

	set_up(&one, "2/10s");
	CU_ASSERT(take(&one, "ada", 0));
	other = one;
	other.limiter = limiter_of(one.memory, "2/10s"); /* the salt is there already */
	CU_ASSERT(take(&other, "ada", 0));
	CU_ASSERT_FALSE(take(&one, "ada", 0));
	CU_ASSERT(one.answer.first);
	CU_ASSERT_FALSE(take(&other, "ada", 0));
	CU_ASSERT_FALSE(other.answer.first);
	gp_rate_limit_free(other.limiter);
	CU_ASSERT_FALSE(take(&one, "ada", 0));
	tear_down(&one);
}

/* Several processes over one table; round after round with a key that nobody has used. */
struct contest {
	void *memory; /* of the table, zero: even the salt is written together */
	const char *rate;
	unsigned rounds, requests; /* of each process in each round */
	int64_t pause_ms;          /* between rounds; those of one key for more than a period */
	bool one_key;
	bool look; /* whether each request looks before it counts */
	struct gp_test_gate gate;
	atomic_uint within[2000], firsts[2000]; /* by round */
};

static void
request(struct contest *contest, struct gp_rate_limit *limiter, unsigned round)
{
	int64_t now_ms = noon_ms + round * contest->pause_ms;
	struct gp_rate_answer answer;
	char key[32];

	snprintf(key, sizeof(key), "key %u", contest->one_key ? 0 : round);
	if (contest->look &&
	    !gp_rate_limit_allows(limiter, GP_RATE_ADDRESS, key, strlen(key), now_ms, &answer)) {
		atomic_fetch_add(&contest->firsts[round], answer.first);
		return;
	}
	if (gp_rate_limit_take(limiter, GP_RATE_ADDRESS, key, strlen(key), now_ms, &answer))
		atomic_fetch_add(&contest->within[round], 1);
	atomic_fetch_add(&contest->firsts[round], answer.first);
}

static bool
take_part(unsigned number, void *context)
{
	struct contest *contest = context;
	struct gp_rate_limit *limiter;
	struct gp_rate rate;

	(void)number;
	if (gp_rate_read(contest->rate, &rate) != NULL)
		return false;
	gp_test_gate_pass(&contest->gate, WORKERS);
	limiter = gp_rate_limit_new(contest->memory, &rate);
	for (unsigned round = 0; limiter != NULL && round < contest->rounds; round++) {
		gp_test_gate_pass(&contest->gate, WORKERS);
		for (unsigned i = 0; i < contest->requests; i++)
			request(contest, limiter, round);
	}
	gp_rate_limit_free(limiter);
	return limiter != NULL;
}

/* Exactly so many requests within the limit in each round, and one first refusal. */
static void
hold(const struct contest *rules, unsigned limit)
{
	struct contest *contest = gp_test_share(sizeof(*contest));

	CU_ASSERT_PTR_NOT_NULL_FATAL(contest);
	*contest = *rules;
	contest->memory = gp_test_share(gp_rate_limit_size());
	CU_ASSERT_PTR_NOT_NULL_FATAL(contest->memory);
	CU_ASSERT_FATAL(contest->rounds <= GP_COUNT(contest->within));
	CU_ASSERT(gp_test_crowd(WORKERS, take_part, contest));
	for (unsigned round = 0; round < contest->rounds; round++) {
		gp_test_row(
		    "round %u: %u, %u", round, contest->within[round], contest->firsts[round]);
		CU_ASSERT_EQUAL(contest->within[round], limit);
		CU_ASSERT_EQUAL(contest->firsts[round], 1);
	}
	gp_test_unshare(contest->memory, gp_rate_limit_size());
	gp_test_unshare(contest, sizeof(*contest));
}

static void
many_processes_count_exactly(void)
{
	hold(&(struct contest){ .rate = "1000/h", .rounds = 30, .requests = 500 }, 1000);
}

static void
a_new_key_is_counted_exactly_by_all_at_once(void)
{
	hold(&(struct contest){ .rate = "5/h", .rounds = 2000, .requests = 2 }, 5);
}

static void
a_new_window_is_counted_exactly_by_all_at_once(void)
{
	hold(
	    &(struct contest){
		.rate = "5/s", .rounds = 2000, .requests = 2, .pause_ms = 1000, .one_key = true },
	    5);
}

/* Of those who look and count at once, one is told that it is the first. */
static void
one_process_is_told_of_the_first_refusal(void)
{
	hold(&(struct contest){ .rate = "20/h", .rounds = 500, .requests = 10, .look = true }, 20);
}

/* A full table, and one new key for all: it may take two slots, but hardly counts less. */
static void
a_full_table_counts_a_new_key_nearly_exactly(void)
{
	struct contest *contest = gp_test_share(sizeof(*contest));
	struct scene scene;

	CU_ASSERT_PTR_NOT_NULL_FATAL(contest);
	set_up(&scene, "20/h");
	take_strangers(&scene, 0, STRANGERS, 0);
	*contest = (struct contest){
		.memory = scene.memory, .rate = "20/h", .rounds = 1000, .requests = 10
	};
	CU_ASSERT(gp_test_crowd(WORKERS, take_part, contest));
	for (unsigned round = 0; round < contest->rounds; round++) {
		gp_test_row("round %u: %u", round, contest->within[round]);
		CU_ASSERT(contest->within[round] >= 20 && contest->within[round] <= 20 + WORKERS);
	}
	gp_test_unshare(contest, sizeof(*contest));
	tear_down(&scene);
}

/* A child that counts, new keys and old ones, until it is killed. */
static void
kill_a_worker(struct scene *scene, int64_t seed)
{
	const struct timespec pause = { .tv_nsec = 300000 + seed * 7919 };
	pid_t child = fork();

	if (child == 0) {
		alarm(60);
		for (int64_t i = 0;; i++) {
			take_strangers(scene, seed * 100000 + i, 1, 0);
			take_many(scene, "ada", 1, 0);
		}
	}
	CU_ASSERT_FATAL(child > 0);
	nanosleep(&pause, NULL);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static void
whoever_is_killed_leaves_no_trouble(void)
{
	struct scene scene;

	set_up(&scene, "20/h");
	CU_ASSERT_EQUAL(take_many(&scene, "ada", 30, 0), 20);
	take_strangers(&scene, 0, STRANGERS, 0);
	for (int64_t i = 1; i <= 100; i++) {
		char key[32];

		kill_a_worker(&scene, i);
		snprintf(key, sizeof(key), "after %lld", (long long)i);
		CU_ASSERT_EQUAL(take_many(&scene, key, 30, 0), 20);
		CU_ASSERT_FALSE(allows(&scene, "ada", 0));
	}
	tear_down(&scene);
}

static void
memory_of_a_kind_with_others(void)
{
	CU_ASSERT_EQUAL(gp_rate_limit_size() % 64, 0);
	CU_ASSERT(gp_rate_limit_size() < 2 * 1024 * 1024);
	gp_rate_limit_free(NULL);
}

const struct gp_test gp_tests_rate_limit[] = {
	GP_TEST(reads_rates),
	GP_TEST(refuses_what_is_no_rate),
	GP_TEST(counts_to_the_limit_and_no_further),
	GP_TEST(a_window_begins_with_its_first_request),
	GP_TEST(says_when_to_come_again),
	GP_TEST(looking_counts_nothing),
	GP_TEST(the_first_refusal_of_a_window_is_told_once),
	GP_TEST(keys_and_kinds_have_counts_of_their_own),
	GP_TEST(a_clock_that_is_set_back_shuts_nobody_out),
	GP_TEST(any_time_is_a_time),
	GP_TEST(off_counts_nothing),
	GP_TEST(a_changed_rate_holds_for_windows_that_have_begun),
	GP_TEST(a_count_stops_at_its_largest),
	GP_TEST(a_key_with_two_slots_keeps_the_higher_count),
	GP_TEST(a_full_table_forgets_who_was_counted_least),
	GP_TEST(a_full_table_forgets_what_has_expired_first),
	GP_TEST(tables_have_salts_of_their_own),
	GP_TEST(limiters_of_one_table_count_together),
	GP_TEST(many_processes_count_exactly),
	GP_TEST(a_new_key_is_counted_exactly_by_all_at_once),
	GP_TEST(a_new_window_is_counted_exactly_by_all_at_once),
	GP_TEST(one_process_is_told_of_the_first_refusal),
	GP_TEST(a_full_table_counts_a_new_key_nearly_exactly),
	GP_TEST(whoever_is_killed_leaves_no_trouble),
	GP_TEST(memory_of_a_kind_with_others),
	{ NULL, NULL },
};
