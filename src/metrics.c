/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counters of fixed number and place, so that counting is a few additions. Each is right by itself;
 * the text is no snapshot of all of them at one moment, and needs none.
 */
#include "metrics.h"

#include <assert.h>
#include <inttypes.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdio.h>

static_assert(ATOMIC_LLONG_LOCK_FREE == 2 && sizeof(_Atomic uint64_t) == sizeof(uint64_t),
    "a lock in shared memory outlives who held it");

/* The statuses that have a row of their own; all others share the last. */
static const int statuses[] = { 101, 200, 201, 204, 304, 400, 401, 403, 404, 405, 412, 413, 414,
	415, 422, 426, 429, 431, 500, 503, 505 };

/* Upper ends, inclusive, in nanoseconds and as the text has them; beyond is +Inf. */
static const struct {
	int64_t most_ns;
	const char *label;
} buckets[] = {
	{ 500000, "0.0005" },
	{ 1000000, "0.001" },
	{ 2500000, "0.0025" },
	{ 5000000, "0.005" },
	{ 10000000, "0.01" },
	{ 25000000, "0.025" },
	{ 50000000, "0.05" },
	{ 100000000, "0.1" },
	{ 250000000, "0.25" },
	{ 500000000, "0.5" },
	{ 1000000000, "1" },
	{ 2500000000, "2.5" },
	{ 5000000000, "5" },
	{ 10000000000, "10" },
};

enum { STATUSES = GP_COUNT(statuses) + 1, BUCKETS = GP_COUNT(buckets) + 1 };

/* Where requests without a route are counted. */
enum { NO_ROUTE = GP_METRICS_ROUTES_MAX };

struct gp_metrics {
	alignas(64) _Atomic uint64_t requests[GP_METRICS_ROUTES_MAX + 1][STATUSES];
	_Atomic uint64_t refusals[GP_OUTCOME_COUNT];
	_Atomic uint64_t authorized;
	_Atomic uint64_t database_round_trips;
	_Atomic uint64_t database_errors;
	_Atomic uint64_t durations[BUCKETS];
	_Atomic uint64_t duration_ns; /* of all requests together */
};

size_t
gp_metrics_size(void)
{
	return sizeof(struct gp_metrics);
}

/* FNV-1a, 64 bits: no secret is at stake. The NUL is part of a text, so that two never run
 * together. */
static uint64_t
mix(uint64_t hash, const void *bytes, size_t length)
{
	const unsigned char *byte = bytes;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ byte[i]) * UINT64_C(0x100000001b3);
	return hash;
}

static uint64_t
mix_text(uint64_t hash, const char *text)
{
	return mix(hash, text, strlen(text) + 1);
}

uint64_t
gp_metrics_layout(const struct gp_route *routes)
{
	const uint64_t size = sizeof(struct gp_metrics);
	uint64_t hash = mix(UINT64_C(0xcbf29ce484222325), &size, sizeof(size));

	hash = mix_text(hash, GATEPOST_VERSION);
	for (const struct gp_route *route = routes; route->pattern != NULL; route++) {
		const unsigned char method = (unsigned char)route->method;

		hash = mix(hash, &method, sizeof(method));
		hash = mix_text(hash, route->pattern);
	}
	hash = mix(hash, statuses, sizeof(statuses));
	for (int i = 0; i < GP_OUTCOME_COUNT; i++)
		hash = mix_text(hash, gp_outcome_row((enum gp_outcome)i)->rule);
	for (size_t i = 0; i < GP_COUNT(buckets); i++)
		hash = mix_text(hash, buckets[i].label);
	return hash;
}

static void
add(_Atomic uint64_t *counter, uint64_t number)
{
	atomic_fetch_add_explicit(counter, number, memory_order_relaxed);
}

static uint64_t
read_counter(const _Atomic uint64_t *counter)
{
	return atomic_load_explicit(counter, memory_order_relaxed);
}

static size_t
status_index(int status)
{
	size_t i = 0;

	while (i < GP_COUNT(statuses) && statuses[i] != status)
		i++;
	return i;
}

static size_t
bucket_index(int64_t duration_ns)
{
	size_t i = 0;

	while (i < GP_COUNT(buckets) && duration_ns > buckets[i].most_ns)
		i++;
	return i;
}

void
gp_metrics_count(struct gp_metrics *metrics, const struct gp_observation *observation)
{
	bool routed = observation->route >= 0 && observation->route < NO_ROUTE;
	size_t route = routed ? (size_t)observation->route : NO_ROUTE;
	int64_t duration_ns = observation->duration_ns > 0 ? observation->duration_ns : 0;

	add(&metrics->requests[route][status_index(observation->status)], 1);
	if (observation->outcome != GP_OK && (unsigned)observation->outcome < GP_OUTCOME_COUNT)
		add(&metrics->refusals[observation->outcome], 1);
	if (observation->authorized)
		add(&metrics->authorized, 1);
	if (observation->database_round_trips > 0)
		add(&metrics->database_round_trips, observation->database_round_trips);
	if (observation->database_errors > 0)
		add(&metrics->database_errors, observation->database_errors);
	add(&metrics->durations[bucket_index(duration_ns)], 1);
	add(&metrics->duration_ns, (uint64_t)duration_ns);
}

bool
gp_metrics_await_authorization(const struct gp_metrics *metrics)
{
	return read_counter(&metrics->authorized) == 0 &&
	       read_counter(&metrics->refusals[GP_DENY_NO_CREDENTIAL]) == 0;
}

static void
write_family(struct gp_buffer *text, const char *name, const char *type, const char *help)
{
	gp_buffer_add_text(text, "# HELP ");
	gp_buffer_add_text(text, name);
	gp_buffer_add_byte(text, ' ');
	gp_buffer_add_text(text, help);
	gp_buffer_add_text(text, "\n# TYPE ");
	gp_buffer_add_text(text, name);
	gp_buffer_add_byte(text, ' ');
	gp_buffer_add_text(text, type);
	gp_buffer_add_byte(text, '\n');
}

/* name="value", with what the format escapes; `before` is the brace or comma in front. */
static void
write_label(struct gp_buffer *text, char before, const char *name, const char *value)
{
	gp_buffer_add_byte(text, before);
	gp_buffer_add_text(text, name);
	gp_buffer_add_text(text, "=\"");
	for (; *value != '\0'; value++) {
		if (*value == '\\' || *value == '"' || *value == '\n')
			gp_buffer_add_byte(text, '\\');
		gp_buffer_add_byte(text, *value == '\n' ? 'n' : *value);
	}
	gp_buffer_add_byte(text, '"');
}

/* The number behind a sample's name and labels. */
static void
write_number(struct gp_buffer *text, uint64_t number)
{
	gp_buffer_add_byte(text, ' ');
	gp_buffer_add_integer(text, (int64_t)number);
	gp_buffer_add_byte(text, '\n');
}

static void
write_requests_of(
    struct gp_buffer *text, const _Atomic uint64_t *row, const char *method, const char *route)
{
	for (size_t i = 0; i < STATUSES; i++) {
		uint64_t requests = read_counter(&row[i]);
		char status[16] = "other";

		if (requests == 0)
			continue;
		if (i < GP_COUNT(statuses))
			snprintf(status, sizeof(status), "%d", statuses[i]);
		gp_buffer_add_text(text, "gatepost_requests_total");
		write_label(text, '{', "method", method);
		write_label(text, ',', "route", route);
		write_label(text, ',', "status", status);
		gp_buffer_add_byte(text, '}');
		write_number(text, requests);
	}
}

static void
write_requests(
    const struct gp_metrics *metrics, const struct gp_route *routes, struct gp_buffer *text)
{
	write_family(text, "gatepost_requests_total", "counter",
	    "Requests answered, by route and status; HEAD counts as GET.");
	for (size_t i = 0; i < GP_METRICS_ROUTES_MAX && routes[i].pattern != NULL; i++) {
		char method[64];

		gp_methods_text((unsigned)routes[i].method, method);
		write_requests_of(text, metrics->requests[i], method, routes[i].pattern);
	}
	write_requests_of(text, metrics->requests[NO_ROUTE], "any", "none");
}

static void
write_refusals(const struct gp_metrics *metrics, struct gp_buffer *text)
{
	write_family(text, "gatepost_refusals_total", "counter",
	    "Requests refused or failed, by the rule that the log names.");
	for (int i = GP_OK + 1; i < GP_OUTCOME_COUNT; i++) {
		uint64_t refusals = read_counter(&metrics->refusals[i]);

		if (refusals == 0)
			continue;
		gp_buffer_add_text(text, "gatepost_refusals_total");
		write_label(text, '{', "rule", gp_outcome_row((enum gp_outcome)i)->rule);
		gp_buffer_add_byte(text, '}');
		write_number(text, refusals);
	}
}

static void
write_plain(
    struct gp_buffer *text, const char *name, const char *help, const _Atomic uint64_t *counter)
{
	write_family(text, name, "counter", help);
	gp_buffer_add_text(text, name);
	write_number(text, read_counter(counter));
}

/* The count is that of the last bucket: read on its own, it could be another one. */
static void
write_durations(const struct gp_metrics *metrics, struct gp_buffer *text)
{
	uint64_t sum_ns = read_counter(&metrics->duration_ns), count = 0;
	char sum[48];

	write_family(text, "gatepost_request_duration_seconds", "histogram",
	    "Time from a request's arrival to its answer.");
	for (size_t i = 0; i < BUCKETS; i++) {
		count += read_counter(&metrics->durations[i]);
		gp_buffer_add_text(text, "gatepost_request_duration_seconds_bucket");
		write_label(text, '{', "le", i < GP_COUNT(buckets) ? buckets[i].label : "+Inf");
		gp_buffer_add_byte(text, '}');
		write_number(text, count);
	}
	snprintf(sum, sizeof(sum), " %" PRIu64 ".%09" PRIu64 "\n", sum_ns / 1000000000,
	    sum_ns % 1000000000);
	gp_buffer_add_text(text, "gatepost_request_duration_seconds_sum");
	gp_buffer_add_text(text, sum);
	gp_buffer_add_text(text, "gatepost_request_duration_seconds_count");
	write_number(text, count);
}

void
gp_metrics_write(
    const struct gp_metrics *metrics, const struct gp_route *routes, struct gp_buffer *text)
{
	write_family(text, "gatepost_build_info", "gauge", "The version, as a label; always 1.");
	gp_buffer_add_text(text, "gatepost_build_info");
	write_label(text, '{', "version", GATEPOST_VERSION);
	gp_buffer_add_byte(text, '}');
	write_number(text, 1);
	write_requests(metrics, routes, text);
	write_refusals(metrics, text);
	write_plain(text, "gatepost_requests_authorized_total",
	    "Requests with an Authorization field; 0 behind a web server that drops it.",
	    &metrics->authorized);
	write_plain(text, "gatepost_database_round_trips_total", "Round trips to the database.",
	    &metrics->database_round_trips);
	write_plain(text, "gatepost_database_errors_total",
	    "Round trips to the database that failed.", &metrics->database_errors);
	write_durations(metrics, text);
}

void
gp_metrics_write_one(
    struct gp_buffer *text, const char *name, const char *type, const char *help, uint64_t value)
{
	write_family(text, name, type, help);
	gp_buffer_add_text(text, name);
	write_number(text, value);
}
