/* SPDX-License-Identifier: Apache-2.0 */
/* What is counted where, and a text that keeps to the rules of the format. */
#include "metrics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crowd.h"
#include "unit.h"

enum { WORKERS = 4 };

enum row { LIST, CREATE, GET, NONE };

static const struct gp_route routes[] = {
	[LIST] = { .method = GP_GET, .pattern = "/tasks" },
	[CREATE] = { .method = GP_POST, .pattern = "/tasks" },
	[GET] = { .method = GP_GET, .pattern = "/tasks/{task_id}" },
	[NONE] = { .pattern = NULL },
};

/* Counters of their own for one test, and the last text. */
struct scene {
	struct gp_metrics *metrics;
	struct gp_arena *arena;
	const char *text;
};

static void
set_up(struct scene *scene)
{
	scene->metrics = gp_test_share(gp_metrics_size());
	scene->arena = gp_arena_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(scene->metrics);
	CU_ASSERT_PTR_NOT_NULL_FATAL(scene->arena);
}

static void
tear_down(struct scene *scene)
{
	gp_arena_free(scene->arena);
	gp_test_unshare(scene->metrics, gp_metrics_size());
}

static void
write_with(struct scene *scene, const struct gp_route *table)
{
	struct gp_buffer text;

	gp_arena_reset(scene->arena);
	gp_buffer_init(&text, scene->arena);
	gp_metrics_write(scene->metrics, table, &text);
	CU_ASSERT_FATAL(gp_buffer_complete(&text));
	scene->text = gp_arena_copy(scene->arena, text.bytes, text.length);
	CU_ASSERT_PTR_NOT_NULL_FATAL(scene->text);
	CU_ASSERT_EQUAL(strlen(scene->text), text.length);
}

/* Whether the text has exactly this line. */
static bool
has_line(const struct scene *scene, const char *line)
{
	size_t length = strlen(line);

	gp_test_row("%s", line);
	for (const char *at = scene->text; (at = strstr(at, line)) != NULL; at++) {
		if ((at == scene->text || at[-1] == '\n') && at[length] == '\n')
			return true;
	}
	return false;
}

static size_t
count_of(const struct scene *scene, const char *words)
{
	size_t count = 0;

	for (const char *at = scene->text; (at = strstr(at, words)) != NULL; at++)
		count++;
	return count;
}

static void
count_answer(struct scene *scene, int route, int status, enum gp_outcome outcome)
{
	gp_metrics_count(scene->metrics,
	    &(struct gp_observation){ .route = route, .status = status, .outcome = outcome });
}

static void
requests_are_counted_by_route_and_status(void)
{
	struct scene scene;

	set_up(&scene);
	count_answer(&scene, LIST, 200, GP_OK);
	count_answer(&scene, LIST, 200, GP_OK);
	count_answer(&scene, LIST, 304, GP_OK);
	count_answer(&scene, CREATE, 201, GP_OK);
	count_answer(&scene, GET, 404, GP_BAD_ROW_ABSENT);
	count_answer(&scene, -1, 404, GP_BAD_ROUTE);
	write_with(&scene, routes);
	CU_ASSERT(has_line(
	    &scene, "gatepost_requests_total{method=\"GET\",route=\"/tasks\",status=\"200\"} 2"));
	CU_ASSERT(has_line(
	    &scene, "gatepost_requests_total{method=\"GET\",route=\"/tasks\",status=\"304\"} 1"));
	CU_ASSERT(has_line(
	    &scene, "gatepost_requests_total{method=\"POST\",route=\"/tasks\",status=\"201\"} 1"));
	CU_ASSERT(has_line(&scene,
	    "gatepost_requests_total{method=\"GET\",route=\"/tasks/{task_id}\",status=\"404\"} 1"));
	CU_ASSERT(has_line(
	    &scene, "gatepost_requests_total{method=\"any\",route=\"none\",status=\"404\"} 1"));
	/* What has not occurred is left out. */
	CU_ASSERT_EQUAL(count_of(&scene, "\ngatepost_requests_total{"), 5);
	tear_down(&scene);
}

static void
every_status_has_its_row_or_the_last(void)
{
	static const int own[] = { 101, 200, 201, 204, 304, 400, 401, 403, 404, 405, 412, 413, 414,
		415, 422, 426, 429, 431, 500, 503, 505 };
	static const int other[] = { 0, -1, 100, 202, 301, 418, 502, 999, 100000 };
	struct scene scene;
	char line[128];

	set_up(&scene);
	for (size_t i = 0; i < GP_COUNT(own); i++)
		count_answer(&scene, LIST, own[i], GP_OK);
	for (size_t i = 0; i < GP_COUNT(other); i++)
		count_answer(&scene, LIST, other[i], GP_OK);
	write_with(&scene, routes);
	for (size_t i = 0; i < GP_COUNT(own); i++) {
		snprintf(line, sizeof(line),
		    "gatepost_requests_total{method=\"GET\",route=\"/tasks\",status=\"%d\"} 1",
		    own[i]);
		CU_ASSERT(has_line(&scene, line));
	}
	snprintf(line, sizeof(line),
	    "gatepost_requests_total{method=\"GET\",route=\"/tasks\",status=\"other\"} %zu",
	    GP_COUNT(other));
	CU_ASSERT(has_line(&scene, line));
	tear_down(&scene);
}

/* Each status that the table of outcomes can give has its own row. */
static void
no_outcome_has_another_status(void)
{
	struct scene scene;

	set_up(&scene);
	for (int i = 0; i < GP_OUTCOME_COUNT; i++) {
		const struct gp_outcome_row *row = gp_outcome_row((enum gp_outcome)i);

		if (row->status != 0)
			count_answer(&scene, LIST, row->status, (enum gp_outcome)i);
	}
	write_with(&scene, routes);
	CU_ASSERT_EQUAL(count_of(&scene, "status=\"other\""), 0);
	tear_down(&scene);
}

static void
routes_out_of_bounds_count_as_none(void)
{
	struct scene scene;

	set_up(&scene);
	count_answer(&scene, GP_METRICS_ROUTES_MAX, 200, GP_OK);
	count_answer(&scene, INT32_MAX, 200, GP_OK);
	count_answer(&scene, INT32_MIN, 200, GP_OK);
	write_with(&scene, routes);
	CU_ASSERT(has_line(
	    &scene, "gatepost_requests_total{method=\"any\",route=\"none\",status=\"200\"} 3"));
	tear_down(&scene);
}

static void
refusals_are_counted_by_rule(void)
{
	struct scene scene;
	char line[128];

	set_up(&scene);
	for (int i = 0; i < GP_OUTCOME_COUNT; i++) {
		for (int j = 0; j <= i; j++)
			count_answer(&scene, LIST, 400, (enum gp_outcome)i);
	}
	count_answer(&scene, LIST, 400, GP_OUTCOME_COUNT);
	count_answer(&scene, LIST, 400, (enum gp_outcome) - 1);
	write_with(&scene, routes);
	for (int i = GP_OK + 1; i < GP_OUTCOME_COUNT; i++) {
		snprintf(line, sizeof(line), "gatepost_refusals_total{rule=\"%s\"} %d",
		    gp_outcome_row((enum gp_outcome)i)->rule, i + 1);
		CU_ASSERT(has_line(&scene, line));
	}
	CU_ASSERT_EQUAL(count_of(&scene, "\ngatepost_refusals_total{"), GP_OUTCOME_COUNT - 1);
	CU_ASSERT_EQUAL(count_of(&scene, "rule=\"ok\""), 0);
	tear_down(&scene);
}

static void
round_trips_and_errors_are_added_up(void)
{
	struct scene scene;

	set_up(&scene);
	write_with(&scene, routes);
	CU_ASSERT(has_line(&scene, "gatepost_database_round_trips_total 0"));
	CU_ASSERT(has_line(&scene, "gatepost_database_errors_total 0"));
	for (unsigned i = 0; i < 4; i++)
		gp_metrics_count(scene.metrics,
		    &(struct gp_observation){
			.status = 200, .database_round_trips = i, .database_errors = i == 3 });
	write_with(&scene, routes);
	CU_ASSERT(has_line(&scene, "gatepost_database_round_trips_total 6"));
	CU_ASSERT(has_line(&scene, "gatepost_database_errors_total 1"));
	tear_down(&scene);
}

static void
count_duration(struct scene *scene, int64_t duration_ns)
{
	gp_metrics_count(
	    scene->metrics, &(struct gp_observation){ .status = 200, .duration_ns = duration_ns });
}

static void
durations_go_into_their_buckets(void)
{
	static const struct {
		int64_t duration_ns;
		const char *first; /* the first bucket that has it */
		const char *before;
	} rows[] = {
		{ -5, "0.0005", NULL },
		{ 0, "0.0005", NULL },
		{ 500000, "0.0005", NULL },
		{ 500001, "0.001", "0.0005" },
		{ 1000000, "0.001", "0.0005" },
		{ 2000000, "0.0025", "0.001" },
		{ 24999999, "0.025", "0.01" },
		{ 1000000000, "1", "0.5" },
		{ 1000000001, "2.5", "1" },
		{ 10000000000, "10", "5" },
		{ 10000000001, "+Inf", "10" },
		{ INT64_MAX, "+Inf", "10" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct scene scene;
		char line[128];

		set_up(&scene);
		count_duration(&scene, rows[i].duration_ns);
		write_with(&scene, routes);
		snprintf(line, sizeof(line),
		    "gatepost_request_duration_seconds_bucket{le=\"%s\"} 1", rows[i].first);
		CU_ASSERT(has_line(&scene, line));
		snprintf(line, sizeof(line),
		    "gatepost_request_duration_seconds_bucket{le=\"%s\"} 0",
		    rows[i].before != NULL ? rows[i].before : "");
		CU_ASSERT_EQUAL(has_line(&scene, line), rows[i].before != NULL);
		CU_ASSERT(
		    has_line(&scene, "gatepost_request_duration_seconds_bucket{le=\"+Inf\"} 1"));
		CU_ASSERT(has_line(&scene, "gatepost_request_duration_seconds_count 1"));
		tear_down(&scene);
	}
}

static void
the_sum_of_durations_is_in_seconds(void)
{
	struct scene scene;

	set_up(&scene);
	write_with(&scene, routes);
	CU_ASSERT(has_line(&scene, "gatepost_request_duration_seconds_sum 0.000000000"));
	count_duration(&scene, 1);
	write_with(&scene, routes);
	CU_ASSERT(has_line(&scene, "gatepost_request_duration_seconds_sum 0.000000001"));
	count_duration(&scene, 12345678901);
	count_duration(&scene, -7);
	write_with(&scene, routes);
	CU_ASSERT(has_line(&scene, "gatepost_request_duration_seconds_sum 12.345678902"));
	CU_ASSERT(has_line(&scene, "gatepost_request_duration_seconds_count 3"));
	tear_down(&scene);
}

static void
label_values_are_escaped(void)
{
	static const struct gp_route odd[] = {
		{ .method = GP_GET, .pattern = "/a\\b\"c\nd/\xc3\xa9" },
		{ .pattern = NULL },
	};
	struct scene scene;

	set_up(&scene);
	count_answer(&scene, 0, 200, GP_OK);
	write_with(&scene, odd);
	CU_ASSERT(has_line(&scene,
	    "gatepost_requests_total{method=\"GET\",route=\"/a\\\\b\\\"c\\nd/\xc3\xa9\","
	    "status=\"200\"} 1"));
	tear_down(&scene);
}

static void
the_version_is_a_label(void)
{
	struct scene scene;

	set_up(&scene);
	write_with(&scene, routes);
	CU_ASSERT(has_line(&scene, "gatepost_build_info{version=\"" GATEPOST_VERSION "\"} 1"));
	tear_down(&scene);
}

/* --- a reader that knows the rules of the format and holds the text to them --- */

struct reading {
	char family[64]; /* the present one */
	char type[16];
	char families[512]; /* all so far, each with a space in front and behind */
	unsigned samples;
	int64_t bucket, last_bucket, count; /* of the histogram; -1: none yet */
	bool summed;
};

/* The rest of a line behind what it must begin with, else NULL. */
static const char *
behind(const char *line, const char *start)
{
	size_t length = strlen(start);

	return strncmp(line, start, length) == 0 ? line + length : NULL;
}

static bool
begin_family(struct reading *reading, const char *rest)
{
	size_t length = strcspn(rest, " ");
	char name[80];

	snprintf(name, sizeof(name), " %.*s ", (int)length, rest);
	if (length == 0 || length >= sizeof(reading->family) || strlen(rest) < length + 2 ||
	    strstr(reading->families, name) != NULL)
		return false; /* each family once, with a help that says something */
	strcat(reading->families, name);
	snprintf(reading->family, sizeof(reading->family), "%.*s", (int)length, rest);
	reading->type[0] = '\0';
	return true;
}

static bool
set_type(struct reading *reading, const char *rest)
{
	const char *type = behind(rest, reading->family);
	size_t length = strlen(reading->family);
	bool total = length > 6 && strcmp(reading->family + length - 6, "_total") == 0;

	if (type == NULL || *type != ' ' || reading->type[0] != '\0')
		return false;
	snprintf(reading->type, sizeof(reading->type), "%s", type + 1);
	return strcmp(reading->type, "counter") == 0
		   ? total
		   : !total && (strcmp(reading->type, "gauge") == 0 ||
				   strcmp(reading->type, "histogram") == 0);
}

/* {name="value",...}, or nothing; NULL when it is neither. */
static const char *
skip_labels(const char *text)
{
	if (*text != '{')
		return text;
	do {
		size_t name = strspn(++text, "abcdefghijklmnopqrstuvwxyz_");

		if (name == 0 || text[name] != '=' || text[name + 1] != '"')
			return NULL;
		for (text += name + 2; *text != '"'; text++) {
			if (*text == '\0' ||
			    (*text == '\\' && (*++text == '\0' || strchr("\\\"n", *text) == NULL)))
				return NULL;
		}
		text++;
	} while (*text == ',');
	return *text == '}' ? text + 1 : NULL;
}

/* Part of a histogram, by what its name adds to that of the family. */
static bool
read_histogram(struct reading *reading, const char *suffix, const char *labels, int64_t value)
{
	if (strcmp(suffix, "_bucket") == 0) {
		bool rises = reading->bucket <= value && reading->last_bucket < 0;

		reading->bucket = value;
		if (strcmp(labels, "{le=\"+Inf\"}") == 0)
			reading->last_bucket = value;
		return rises && behind(labels, "{le=\"") != NULL;
	}
	if (strcmp(suffix, "_count") == 0)
		reading->count = value;
	else
		reading->summed = strcmp(suffix, "_sum") == 0;
	return labels[0] == '\0' && (strcmp(suffix, "_count") == 0 || reading->summed);
}

static bool
read_sample(struct reading *reading, const char *line)
{
	const char *rest = behind(line, reading->family), *value, *labels;
	char suffix[16] = "", label_text[256] = "", *end;

	if (rest == NULL || reading->type[0] == '\0')
		return false;
	labels = rest + strcspn(rest, "{ ");
	value = skip_labels(labels);
	if (value == NULL || *value != ' ' || (size_t)(labels - rest) >= sizeof(suffix) ||
	    (size_t)(value - labels) >= sizeof(label_text))
		return false;
	memcpy(suffix, rest, (size_t)(labels - rest));
	memcpy(label_text, labels, (size_t)(value - labels));
	if (strtod(value, &end) < 0 || end == value || *end != '\0')
		return false;
	reading->samples++;
	if (strcmp(reading->type, "histogram") == 0)
		return read_histogram(reading, suffix, label_text, strtoll(value, NULL, 10));
	return suffix[0] == '\0';
}

static bool
read_line(struct reading *reading, const char *line)
{
	const char *rest = behind(line, "# HELP ");

	if (rest != NULL)
		return begin_family(reading, rest);
	rest = behind(line, "# TYPE ");
	return rest != NULL ? set_type(reading, rest) : read_sample(reading, line);
}

/* Whether a line's name and labels come again further down. */
static bool
is_repeated(const char *line, const char *after)
{
	const char *value = strrchr(line, ' ');
	char wanted[512];

	snprintf(wanted, sizeof(wanted), "\n%.*s", (int)(value - line + 1), line);
	return line[0] != '#' && strstr(after, wanted) != NULL;
}

static void
expect_rules_kept(const char *text, struct reading *reading)
{
	char line[1024];

	*reading = (struct reading){ .bucket = -1, .last_bucket = -1, .count = -1 };
	while (*text != '\0') {
		size_t length = strcspn(text, "\n");

		CU_ASSERT_FATAL(length > 0 && length < sizeof(line) && text[length] == '\n');
		memcpy(line, text, length);
		line[length] = '\0';
		gp_test_row("%s", line);
		CU_ASSERT(read_line(reading, line));
		CU_ASSERT_FALSE(is_repeated(line, text + length));
		text += length + 1;
	}
	gp_test_row("at the end");
	CU_ASSERT(reading->summed);
	CU_ASSERT(reading->last_bucket >= 0);
	CU_ASSERT_EQUAL(reading->count, reading->last_bucket);
}

/* The reader itself: each of these is against a rule. */
static void
the_reader_knows_what_is_wrong(void)
{
	static const char *const lines[] = { "", "word", "f_total", "f_total x", "f_total -1",
		"g_total 1", "f_total{} 1", "f_total{a=\"b\" 1", "f_total{a=\"b\\x\"} 1",
		"f_total{a=b} 1", "f_total_sum 1", "f_total 1 ", "# HELP f_total again",
		"# TYPE f_total counter", "# HELP x" };

	for (size_t i = 0; i < GP_COUNT(lines); i++) {
		struct reading reading = { .bucket = -1 };

		gp_test_row("%s", lines[i]);
		CU_ASSERT(read_line(&reading, "# HELP f_total Help."));
		CU_ASSERT(read_line(&reading, "# TYPE f_total counter"));
		CU_ASSERT(read_line(&reading, "f_total{a=\"b\\\\\",c=\"\"} 1.5"));
		CU_ASSERT_FALSE(read_line(&reading, lines[i]));
	}
}

/* Everything that can be counted, at once. */
static void
count_everything(struct scene *scene)
{
	static const int all[] = { 101, 200, 201, 204, 304, 400, 401, 403, 404, 405, 412, 413, 414,
		415, 422, 426, 429, 431, 500, 503, 505, 999 };

	for (int route = -1; route < NONE; route++) {
		for (size_t i = 0; i < GP_COUNT(all) * GP_OUTCOME_COUNT; i++)
			gp_metrics_count(
			    scene->metrics, &(struct gp_observation){
						.route = route,
						.status = all[i % GP_COUNT(all)],
						.outcome = (enum gp_outcome)(i % GP_OUTCOME_COUNT),
						.duration_ns = INT64_C(1) << i % 40,
						.database_round_trips = 1,
						.database_errors = i % 2,
					    });
	}
}

static void
the_text_keeps_to_the_rules(void)
{
	const size_t statuses = 22, routes_and_none = NONE + 1, buckets = 15;
	struct reading reading;
	struct scene scene;

	set_up(&scene);
	write_with(&scene, routes);
	expect_rules_kept(scene.text, &reading);
	CU_ASSERT_EQUAL(reading.samples, 1 + 3 + buckets + 2);
	CU_ASSERT_EQUAL(count_of(&scene, "# TYPE "), 7);
	count_everything(&scene);
	write_with(&scene, routes);
	expect_rules_kept(scene.text, &reading);
	CU_ASSERT_EQUAL(reading.samples,
	    1 + routes_and_none * statuses + GP_OUTCOME_COUNT - 1 + 3 + buckets + 2);
	CU_ASSERT_EQUAL(count_of(&scene, "# TYPE "), 7);
	tear_down(&scene);
}

struct crowd {
	struct gp_metrics *metrics;
	struct gp_test_gate gate;
};

static bool
count_much(unsigned number, void *context)
{
	struct crowd *crowd = context;

	(void)number;
	for (int round = 0; round < 20; round++) {
		gp_test_gate_pass(&crowd->gate, WORKERS);
		for (int i = 0; i < 1000; i++)
			gp_metrics_count(crowd->metrics, &(struct gp_observation){ .route = LIST,
							     .status = 503,
							     .outcome = GP_ERR_DATABASE_GONE,
							     .duration_ns = 3,
							     .database_round_trips = 2,
							     .database_errors = 1 });
	}
	return true;
}

static void
many_processes_count_exactly(void)
{
	struct crowd *crowd = gp_test_share(sizeof(*crowd));
	struct scene scene;

	CU_ASSERT_PTR_NOT_NULL_FATAL(crowd);
	set_up(&scene);
	crowd->metrics = scene.metrics;
	CU_ASSERT(gp_test_crowd(WORKERS, count_much, crowd));
	write_with(&scene, routes);
	CU_ASSERT(has_line(&scene,
	    "gatepost_requests_total{method=\"GET\",route=\"/tasks\",status=\"503\"} 80000"));
	CU_ASSERT(has_line(&scene, "gatepost_refusals_total{rule=\"database_gone\"} 80000"));
	CU_ASSERT(has_line(&scene, "gatepost_database_round_trips_total 160000"));
	CU_ASSERT(has_line(&scene, "gatepost_database_errors_total 80000"));
	CU_ASSERT(has_line(&scene, "gatepost_request_duration_seconds_sum 0.000240000"));
	CU_ASSERT(has_line(&scene, "gatepost_request_duration_seconds_count 80000"));
	gp_test_unshare(crowd, sizeof(*crowd));
	tear_down(&scene);
}

/* Sixty-four routes are told apart, and a longer table does no harm. */
static void
a_table_may_be_long(void)
{
	struct gp_route table[GP_METRICS_ROUTES_MAX + 3] = { { .pattern = NULL } };
	char patterns[GP_COUNT(table)][16];
	struct reading reading;
	struct scene scene;

	set_up(&scene);
	for (size_t i = 0; i + 1 < GP_COUNT(table); i++) {
		snprintf(patterns[i], sizeof(patterns[i]), "/row/%zu", i);
		table[i] = (struct gp_route){ .method = GP_GET, .pattern = patterns[i] };
		count_answer(&scene, (int)i, 200, GP_OK);
	}
	write_with(&scene, table);
	expect_rules_kept(scene.text, &reading);
	CU_ASSERT_EQUAL(count_of(&scene, "route=\"/row/"), GP_METRICS_ROUTES_MAX);
	CU_ASSERT(has_line(
	    &scene, "gatepost_requests_total{method=\"any\",route=\"none\",status=\"200\"} 2"));
	tear_down(&scene);
}

static void
the_layout_is_that_of_the_routes(void)
{
	static const struct gp_route tables[][4] = {
		{ { .pattern = NULL } },
		{ { .method = GP_GET, .pattern = "/a" }, { .pattern = NULL } },
		{ { .method = GP_PUT, .pattern = "/a" }, { .pattern = NULL } },
		{ { .method = GP_GET, .pattern = "/b" }, { .pattern = NULL } },
		{ { .method = GP_GET, .pattern = "/a" }, { .method = GP_GET, .pattern = "/b" },
		    { .pattern = NULL } },
		{ { .method = GP_GET, .pattern = "/b" }, { .method = GP_GET, .pattern = "/a" },
		    { .pattern = NULL } },
		{ { .method = GP_GET, .pattern = "/a/b" }, { .pattern = NULL } },
	};

	for (size_t i = 0; i < GP_COUNT(tables); i++) {
		for (size_t j = 0; j < GP_COUNT(tables); j++) {
			gp_test_row("%zu and %zu", i, j);
			CU_ASSERT_EQUAL(
			    gp_metrics_layout(tables[i]) == gp_metrics_layout(tables[j]), i == j);
		}
	}
	CU_ASSERT_EQUAL(gp_metrics_size() % 64, 0);
}

/* Until one has come, or one was refused for want of it. */
static void
awaits_the_first_authorization(void)
{
	struct scene scene;

	set_up(&scene);
	CU_ASSERT(gp_metrics_await_authorization(scene.metrics));
	count_answer(&scene, LIST, 200, GP_OK);
	count_answer(&scene, LIST, 401, GP_DENY_SIGNATURE);
	CU_ASSERT(gp_metrics_await_authorization(scene.metrics));
	count_answer(&scene, LIST, 401, GP_DENY_NO_CREDENTIAL);
	CU_ASSERT_FALSE(gp_metrics_await_authorization(scene.metrics));
	write_with(&scene, routes);
	CU_ASSERT(has_line(&scene, "gatepost_requests_authorized_total 0"));
	tear_down(&scene);
	set_up(&scene);
	gp_metrics_count(scene.metrics,
	    &(struct gp_observation){ .route = LIST, .status = 200, .authorized = true });
	CU_ASSERT_FALSE(gp_metrics_await_authorization(scene.metrics));
	write_with(&scene, routes);
	CU_ASSERT(has_line(&scene, "gatepost_requests_authorized_total 1"));
	tear_down(&scene);
}

const struct gp_test gp_tests_metrics[] = {
	GP_TEST(requests_are_counted_by_route_and_status),
	GP_TEST(every_status_has_its_row_or_the_last),
	GP_TEST(no_outcome_has_another_status),
	GP_TEST(routes_out_of_bounds_count_as_none),
	GP_TEST(refusals_are_counted_by_rule),
	GP_TEST(round_trips_and_errors_are_added_up),
	GP_TEST(durations_go_into_their_buckets),
	GP_TEST(the_sum_of_durations_is_in_seconds),
	GP_TEST(label_values_are_escaped),
	GP_TEST(the_version_is_a_label),
	GP_TEST(the_reader_knows_what_is_wrong),
	GP_TEST(the_text_keeps_to_the_rules),
	GP_TEST(many_processes_count_exactly),
	GP_TEST(a_table_may_be_long),
	GP_TEST(the_layout_is_that_of_the_routes),
	GP_TEST(awaits_the_first_authorization),
	{ NULL, NULL },
};
