/* SPDX-License-Identifier: Apache-2.0 */
/* Where the bounds are between well, worth a warning, and a problem. */
#include "diagnosis.h"

#include <string.h>

#include "unit.h"

static void
judges_a_clock_by_whole_seconds_and_the_leeway(void)
{
	static const struct {
		int64_t offset_ms, precision_ms, leeway_s;
		enum gp_health health;
	} rows[] = {
		{ 0, 0, 5, GP_HEALTH_OK },
		{ 2000, 0, 5, GP_HEALTH_OK },
		{ -2000, 0, 5, GP_HEALTH_OK },
		{ 2001, 0, 5, GP_HEALTH_WARNING },
		{ -2001, 0, 5, GP_HEALTH_WARNING },
		{ 2001, 1, 5, GP_HEALTH_OK },
		{ 5999, 0, 5, GP_HEALTH_WARNING },
		{ 6000, 0, 5, GP_HEALTH_PROBLEM },
		{ -6000, 0, 5, GP_HEALTH_PROBLEM },
		{ 6000, 1, 5, GP_HEALTH_WARNING },
		{ 86400000, 0, 300, GP_HEALTH_PROBLEM },
		{ 999, 0, 0, GP_HEALTH_OK },
		{ 1000, 0, 0, GP_HEALTH_PROBLEM },
		{ 1000, 1000, 0, GP_HEALTH_OK },
		{ 3, 5000, 0, GP_HEALTH_OK },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		gp_test_row("%lld ms, leeway %lld s", (long long)rows[i].offset_ms,
		    (long long)rows[i].leeway_s);
		CU_ASSERT_EQUAL(
		    gp_health_of_clock(rows[i].offset_ms, rows[i].precision_ms, rows[i].leeway_s),
		    rows[i].health);
	}
}

static void
judges_a_file_with_secrets_by_who_may_read_it(void)
{
	static const struct {
		mode_t mode;
		enum gp_health health;
	} rows[] = {
		{ 0600, GP_HEALTH_OK },
		{ 0640, GP_HEALTH_OK },
		{ 0400, GP_HEALTH_OK },
		{ 0660, GP_HEALTH_WARNING },
		{ 0644, GP_HEALTH_PROBLEM },
		{ 0604, GP_HEALTH_PROBLEM },
		{ 0602, GP_HEALTH_PROBLEM },
		{ 0666, GP_HEALTH_PROBLEM },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		gp_test_row("%o", (unsigned)rows[i].mode);
		CU_ASSERT_EQUAL(gp_health_of_secret_file(rows[i].mode), rows[i].health);
	}
}

static void
judges_a_socket_by_who_may_reach_and_replace_it(void)
{
	static const struct {
		mode_t mode, directory_mode;
		enum gp_health health;
	} rows[] = {
		{ 0660, 0700, GP_HEALTH_OK },
		{ 0660, 0750, GP_HEALTH_OK },
		{ 0660, 0755, GP_HEALTH_OK },
		{ 0660, 01777, GP_HEALTH_PROBLEM },
		{ 0666, 0700, GP_HEALTH_WARNING },
		{ 0666, 0750, GP_HEALTH_WARNING },
		{ 0666, 0755, GP_HEALTH_PROBLEM },
		{ 0666, 0711, GP_HEALTH_PROBLEM },
		{ 0662, 0755, GP_HEALTH_PROBLEM },
		{ 0660, 0777, GP_HEALTH_PROBLEM },
		{ 0660, 0772, GP_HEALTH_PROBLEM },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		gp_test_row("%o in %o", (unsigned)rows[i].mode, (unsigned)rows[i].directory_mode);
		CU_ASSERT_EQUAL(
		    gp_health_of_socket(rows[i].mode, rows[i].directory_mode), rows[i].health);
	}
}

static void
reads_off_an_answer_what_became_of_the_token(void)
{
	static const struct {
		long status;
		const char *challenge;
		enum gp_arrival arrival;
	} rows[] = {
		{ 200, NULL, GP_ARRIVAL_TAKEN },
		{ 201, NULL, GP_ARRIVAL_TAKEN },
		{ 304, NULL, GP_ARRIVAL_TAKEN },
		{ 401, "Bearer error=\"invalid_token\"", GP_ARRIVAL_REFUSED },
		{ 401, "bearer realm=\"x\", error=\"invalid_token\"", GP_ARRIVAL_REFUSED },
		{ 401, "Bearer", GP_ARRIVAL_DROPPED },
		{ 401, "Bearer realm=\"x\"", GP_ARRIVAL_DROPPED },
		{ 401, "Basic realm=\"x\"", GP_ARRIVAL_UNKNOWN },
		{ 401, "Bearerish", GP_ARRIVAL_UNKNOWN },
		{ 401, "", GP_ARRIVAL_UNKNOWN },
		{ 401, NULL, GP_ARRIVAL_UNKNOWN },
		{ 403, "Bearer", GP_ARRIVAL_UNKNOWN },
		{ 404, NULL, GP_ARRIVAL_UNKNOWN },
		{ 429, NULL, GP_ARRIVAL_UNKNOWN },
		{ 503, NULL, GP_ARRIVAL_UNKNOWN },
		{ 0, NULL, GP_ARRIVAL_UNKNOWN },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		gp_test_row("%ld %s", rows[i].status, rows[i].challenge);
		CU_ASSERT_EQUAL(gp_arrival_of(rows[i].status, rows[i].challenge), rows[i].arrival);
	}
}

static void
has_a_remedy_for_each_web_server(void)
{
	static const struct {
		const char *server, *words;
		bool is_apache;
	} rows[] = {
		{ "Apache/2.4.71 (Debian)", "FcgidPassHeader Authorization", true },
		{ "Apache", "CGIPassAuth On", true },
		{ "lighttpd/1.4.69", "proxies in front", false },
		{ "nginx", "CGIPassAuth On", false },
		{ "", "CGIPassAuth On", false },
		{ NULL, "CGIPassAuth On", false },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		gp_test_row("%s", rows[i].server);
		CU_ASSERT_PTR_NOT_NULL(strstr(gp_passing_remedy(rows[i].server), rows[i].words));
		CU_ASSERT_EQUAL(gp_server_is_apache(rows[i].server), rows[i].is_apache);
	}
}

const struct gp_test gp_tests_diagnosis[] = {
	GP_TEST(judges_a_clock_by_whole_seconds_and_the_leeway),
	GP_TEST(judges_a_file_with_secrets_by_who_may_read_it),
	GP_TEST(judges_a_socket_by_who_may_reach_and_replace_it),
	GP_TEST(reads_off_an_answer_what_became_of_the_token),
	GP_TEST(has_a_remedy_for_each_web_server),
	{ NULL, NULL },
};
