/* SPDX-License-Identifier: Apache-2.0 */
/* What JavaScript prints for a Date is read, and nothing that only looks like it. */
#include "time_text.h"

#include <inttypes.h>

#include "arena.h"
#include "buffer.h"
#include "json_write.h"
#include "unit.h"

static void
reads_times(void)
{
	static const struct {
		const char *text;
		int64_t time_us;
	} rows[] = {
		{ "1970-01-01T00:00:00.000Z", 0 },
		{ "1970-01-01T00:00:00.001Z", 1000 },
		{ "1969-12-31T23:59:59.999Z", -1000 },
		{ "2026-11-21T03:27:19.538Z", INT64_C(1795231639538000) },
		{ "2000-02-29T00:00:00.000Z", INT64_C(951782400000000) },
		{ "2024-02-29T23:59:59.000Z", INT64_C(1709251199000000) },
		{ "2100-03-01T00:00:00.000Z", INT64_C(4107542400000000) },
		{ "0001-01-01T00:00:00.000Z", INT64_C(-62135596800000000) },
		{ "9999-12-31T23:59:59.999Z", INT64_C(253402300799999000) },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		int64_t time_us = 1;

		gp_test_row("%s", rows[i].text);
		CU_ASSERT(gp_time_read(rows[i].text, &time_us));
		CU_ASSERT_EQUAL(time_us, rows[i].time_us);
	}
}

static void
refuses_every_other_form(void)
{
	static const char *const texts[] = { "", "2026", "2026-11-21", "2026-11-21T03:27:19Z",
		"2026-11-21T03:27:19.5Z", "2026-11-21T03:27:19.53Z", "2026-11-21T03:27:19.5380Z",
		"2026-11-21T03:27:19.538000Z", "2026-11-21T03:27:19.538",
		"2026-11-21T03:27:19.538z", "2026-11-21 03:27:19.538Z", "2026-11-21t03:27:19.538Z",
		"2026-11-21T03:27:19,538Z", "2026-11-21T03:27:19.538+00:00",
		"2026-11-21T03:27:19.538ZZ", "2026-11-21T03:27:19.538Z ",
		" 2026-11-21T03:27:19.538Z", "+2026-11-21T03:27:19.538Z",
		"-026-11-21T03:27:19.538Z", "+002026-11-21T03:27:19.538Z",
		"2026-1-21T03:27:19.538Z", "2026-11-21T03:27:1x.538Z", "2026/11/21T03:27:19.538Z",
		"2026-11-21T03:27:19.-38Z", "Sat, 21 Nov 2026 03:27:19 GMT", "1795231639538" };

	for (size_t i = 0; i < GP_COUNT(texts); i++) {
		int64_t time_us = 77;

		gp_test_row("%s", texts[i]);
		CU_ASSERT_FALSE(gp_time_read(texts[i], &time_us));
		CU_ASSERT_EQUAL(time_us, 77);
	}
}

static void
refuses_what_no_calendar_and_no_clock_has(void)
{
	static const char *const texts[] = { "0000-01-01T00:00:00.000Z", "2026-00-01T00:00:00.000Z",
		"2026-13-01T00:00:00.000Z", "2026-99-01T00:00:00.000Z", "2026-01-00T00:00:00.000Z",
		"2026-01-32T00:00:00.000Z", "2026-04-31T00:00:00.000Z", "2026-02-29T00:00:00.000Z",
		"2100-02-29T00:00:00.000Z", "2024-02-30T00:00:00.000Z", "2026-01-01T24:00:00.000Z",
		"2026-01-01T23:60:00.000Z", "2026-01-01T23:59:60.000Z" };

	for (size_t i = 0; i < GP_COUNT(texts); i++) {
		gp_test_row("%s", texts[i]);
		CU_ASSERT_FALSE(gp_time_read(texts[i], &(int64_t){ 0 }));
	}
}

/* What is written for a day is read back as that day; the writer is judged by the C library. */
static void
reads_what_is_written_for_every_day(void)
{
	struct gp_arena *arena = gp_arena_new();
	const int64_t day_us = INT64_C(86400000000);

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	for (int64_t day = -719162; day <= 2932896; day += day < -62000 || day > 62000 ? 37 : 1) {
		int64_t time_us = day * day_us + (day & 0xffff) * 1301000, back = 0;
		struct gp_buffer buffer;

		gp_test_row("%" PRId64, time_us);
		gp_arena_reset(arena);
		gp_buffer_init(&buffer, arena);
		gp_json_write_time_ms(&buffer, time_us);
		CU_ASSERT_FATAL(gp_buffer_complete(&buffer) && buffer.length == 26);
		buffer.bytes[25] = '\0'; /* without the quotes */
		CU_ASSERT(gp_time_read(buffer.bytes + 1, &back));
		CU_ASSERT_EQUAL(back, time_us);
	}
	gp_arena_free(arena);
}

const struct gp_test gp_tests_time_text[] = {
	GP_TEST(reads_times),
	GP_TEST(refuses_every_other_form),
	GP_TEST(refuses_what_no_calendar_and_no_clock_has),
	GP_TEST(reads_what_is_written_for_every_day),
	{ NULL, NULL },
};
