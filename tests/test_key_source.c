/* SPDX-License-Identifier: Apache-2.0 */
/* JWKS_FILE: when it is read, and what happens to its keys when it cannot be. The table needs
 * PostgreSQL and is judged where there is one. */
#include "key_source.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "key_pair.h"
#include "scratch.h"
#include "unit.h"

enum { MAX_STALE_S = 600 };

static char log_text[4096];

static void
keep_line(void *context, const char *line, size_t length)
{
	(void)context;
	if (strlen(log_text) + length < sizeof(log_text))
		strncat(log_text, line, length);
}

static const struct gp_log log_kept = {
	.program = "unit", .level = GP_LOG_DEBUG, .sink = keep_line
};

/* A source with a file, and the ring it fills. */
static struct {
	struct gp_test_file file;
	struct gp_settings settings;
	struct gp_json_reader *reader;
	struct gp_key_source *source;
	struct gp_key_ring *ring;
} test;

static void
write_file(const char *path, const char *bytes, size_t length)
{
	FILE *out = fopen(path, "wb");

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	CU_ASSERT_EQUAL(fwrite(bytes, 1, length, out), length);
	CU_ASSERT_EQUAL(fclose(out), 0);
}

/* Another modification time, as if the clock had gone on; otherwise a test might be too quick. */
static void
touch(const char *path, time_t modified_s)
{
	const struct timespec times[2] = { { modified_s, 0 }, { modified_s, 0 } };

	CU_ASSERT_EQUAL(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* The key set of these signers (see key_pair.h), in place. */
static void
write_keys(const char *names, time_t modified_s)
{
	struct gp_test_text text;

	CU_ASSERT_FATAL(gp_test_key_set(names, &text));
	write_file(test.file.path, text.bytes, text.length);
	touch(test.file.path, modified_s);
}

static void
write_text(const char *text, time_t modified_s)
{
	write_file(test.file.path, text, strlen(text));
	touch(test.file.path, modified_s);
}

static void
set_up(void)
{
	log_text[0] = '\0';
	CU_ASSERT_FATAL(gp_test_file_make(&test.file, "", 0));
	test.settings = (struct gp_settings){
		.jwks_file = test.file.path,
		.jwks_max_stale_s = MAX_STALE_S,
	};
	test.reader = gp_json_reader_new();
	test.source = gp_key_source_new(&test.settings, NULL, test.reader, &log_kept);
	test.ring = gp_key_ring_new(NULL, 0);
	CU_ASSERT_FATAL(test.reader != NULL && test.source != NULL && test.ring != NULL);
}

static void
tear_down(void)
{
	gp_test_file_remove(&test.file);
	gp_key_ring_free(test.ring);
	gp_key_source_free(test.source);
	gp_json_reader_free(test.reader);
}

/* One look, what is said of it, and which keys are held afterwards. */
static void
expect(int64_t now_s, bool key_unknown, bool taken, bool unreachable, const char *keys)
{
	struct gp_refreshed refreshed =
	    gp_key_source_refresh(test.source, test.ring, now_s, key_unknown);
	char held[256];

	gp_test_row("at %lld%s", (long long)now_s, key_unknown ? ", for an unknown key" : "");
	CU_ASSERT_EQUAL(refreshed.taken, taken);
	CU_ASSERT_EQUAL(refreshed.unreachable, unreachable);
	gp_key_ring_describe(test.ring, held, sizeof(held));
	CU_ASSERT_STRING_EQUAL(held, keys);
}

static void
reads_the_file_at_the_first_look(void)
{
	set_up();
	write_keys("ed,es256", 100);
	expect(1000, false, true, false, "ed es256");
	expect(1000, true, false, false, "ed es256");
	expect(1001, false, false, false, "ed es256");
	expect(9999, true, false, false, "ed es256");
	CU_ASSERT_STRING_EQUAL(log_text, "");
	tear_down();
}

static void
reads_a_single_jwk(void)
{
	struct gp_test_text jwk;

	set_up();
	gp_test_text_set(&jwk, "");
	CU_ASSERT_FATAL(gp_test_add_jwk(&jwk, "ed", "only"));
	write_text(jwk.bytes, 100);
	expect(1000, false, true, false, "only");
	tear_down();
}

/* At most once a second, also for a key that nobody knows. */
static void
reads_a_changed_file_again_within_a_second(void)
{
	set_up();
	write_keys("ed", 100);
	expect(1000, false, true, false, "ed");
	write_keys("ed-2", 101);
	expect(1000, false, false, false, "ed");
	expect(1000, true, false, false, "ed");
	expect(1001, false, true, false, "ed-2");
	write_keys("ed,ed-2", 102);
	expect(1001, true, false, false, "ed-2");
	expect(1002, true, true, false, "ed ed-2");
	tear_down();
}

static void
notices_every_kind_of_change(void)
{
	struct gp_test_file other;
	struct gp_test_text text;
	char key[64] = "";

	set_up();
	write_keys("ed:aa", 100);
	expect(1000, false, true, false, "aa");
	/* the same size at another time */
	write_keys("ed:bb", 101);
	expect(1010, false, true, false, "bb");
	/* another size at the same time */
	write_keys("ed:ccc", 101);
	expect(1020, false, true, false, "ccc");
	/* another file of the same size and time */
	CU_ASSERT_FATAL(gp_test_key_set("ed:ddd", &text));
	CU_ASSERT_FATAL(gp_test_file_make(&other, text.bytes, text.length));
	touch(other.path, 101);
	CU_ASSERT_EQUAL(rename(other.path, test.file.path), 0);
	expect(1030, false, true, false, "ddd");
	/* an earlier time: a file that came back from a backup */
	write_keys("ed:eee", 7);
	expect(1040, false, true, false, "eee");
	gp_key_ring_describe(test.ring, key, sizeof(key));
	CU_ASSERT_STRING_EQUAL(key, "eee");
	tear_down();
}

static void
takes_an_empty_set(void)
{
	set_up();
	write_keys("ed", 100);
	expect(1000, false, true, false, "ed");
	write_text("{\"keys\":[]}", 101);
	expect(1001, false, true, false, "");
	tear_down();
}

static void
keeps_the_keys_while_the_file_cannot_be_read(void)
{
	set_up();
	write_keys("ed", 100);
	expect(1000, false, true, false, "ed");
	gp_test_file_remove(&test.file);
	expect(1001, false, false, false, "ed");
	CU_ASSERT_PTR_NOT_NULL(strstr(log_text, "keys_not_read"));
	CU_ASSERT_PTR_NOT_NULL(strstr(log_text, "JWKS_FILE"));
	expect(1000 + MAX_STALE_S, true, false, false, "ed");
	expect(1001 + MAX_STALE_S, false, true, true, "");
	expect(1002 + MAX_STALE_S, false, false, true, "");
	write_keys("ed-2", 101);
	expect(1003 + MAX_STALE_S, false, true, false, "ed-2");
	tear_down();
}

/* A good set replaced by a broken one, as when a copy is under way. */
static void
keeps_the_keys_while_the_file_is_malformed(void)
{
	static const char *const texts[] = { "", "{", "{\"keys\":", "[]", "{}", "null", "x" };

	for (size_t i = 0; i < GP_COUNT(texts); i++) {
		set_up();
		write_keys("ed", 100);
		expect(1000, false, true, false, "ed");
		write_text(texts[i], 101);
		log_text[0] = '\0';
		expect(1001, false, false, false, "ed");
		CU_ASSERT_PTR_NOT_NULL(strstr(log_text, "keys_not_read"));
		write_keys("ed-2", 102);
		expect(1002, false, true, false, "ed-2");
		tear_down();
	}
}

/* How old keys are counts from when the file was last seen to be the same, not from its last
 * change: after a quiet month a moment without the file would else take all keys away. */
static void
keeps_the_keys_of_a_file_that_never_changes(void)
{
	set_up();
	write_keys("ed", 100);
	expect(1000, false, true, false, "ed");
	expect(1000 + 10 * MAX_STALE_S, false, false, false, "ed");
	gp_test_file_remove(&test.file);
	expect(1001 + 10 * MAX_STALE_S, false, false, false, "ed");
	expect(1001 + 11 * MAX_STALE_S, false, true, true, "");
	tear_down();
}

/* Moved away for too long and moved back: the very same file. */
static void
takes_an_unchanged_file_back(void)
{
	char away[sizeof(test.file.path) + 8];

	set_up();
	snprintf(away, sizeof(away), "%s.away", test.file.path);
	write_keys("ed", 100);
	expect(1000, false, true, false, "ed");
	CU_ASSERT_EQUAL(rename(test.file.path, away), 0);
	expect(1010, false, false, false, "ed");
	CU_ASSERT_EQUAL(rename(away, test.file.path), 0);
	expect(1020, false, false, false, "ed");
	CU_ASSERT_EQUAL(rename(test.file.path, away), 0);
	expect(2000 + MAX_STALE_S, false, true, true, "");
	CU_ASSERT_EQUAL(rename(away, test.file.path), 0);
	expect(2010 + MAX_STALE_S, false, true, false, "ed");
	tear_down();
}

static void
says_that_nothing_was_read_so_far(void)
{
	set_up();
	gp_test_file_remove(&test.file);
	expect(1000, false, false, true, "");
	expect(1000, true, false, true, "");
	expect(1001, true, false, true, "");
	expect(1000 + 2 * MAX_STALE_S, true, false, true, "");
	write_keys("ed", 100);
	expect(1001 + 2 * MAX_STALE_S, false, true, false, "ed");
	tear_down();
}

static void
looks_again_when_the_clock_was_set_back(void)
{
	set_up();
	write_keys("ed", 100);
	expect(5000, false, true, false, "ed");
	write_keys("ed-2", 101);
	expect(1000, false, true, false, "ed-2");
	tear_down();
}

static void
does_nothing_without_a_place(void)
{
	set_up();
	gp_key_source_free(test.source);
	test.settings.jwks_file = NULL;
	test.source = gp_key_source_new(&test.settings, NULL, test.reader, &log_kept);
	CU_ASSERT_PTR_NOT_NULL_FATAL(test.source);
	write_keys("ed", 100);
	expect(1000, false, false, false, "");
	expect(2000, true, false, false, "");
	CU_ASSERT_STRING_EQUAL(log_text, "");
	tear_down();
	gp_key_source_free(NULL);
}

static void
refuses_what_is_no_key_set_file(void)
{
	static char large[300 * 1024];

	set_up();
	gp_test_file_remove(&test.file);
	CU_ASSERT_EQUAL(mkdir(test.file.path, 0700), 0);
	expect(1000, false, false, true, "");
	CU_ASSERT_PTR_NOT_NULL(strstr(log_text, "keys_not_read"));
	CU_ASSERT_EQUAL(rmdir(test.file.path), 0);
	/* A good set with three hundred kilobytes of spaces behind it. */
	memset(large, ' ', sizeof(large) - 1);
	memcpy(large, "{\"keys\":[]}", 11);
	log_text[0] = '\0';
	write_text(large, 100);
	expect(1001, false, false, true, "");
	CU_ASSERT_PTR_NOT_NULL(strstr(log_text, "keys_not_read"));
	large[200 * 1024] = '\0';
	write_text(large, 101);
	expect(1002, false, true, false, "");
	tear_down();
}

static void
tells_the_log_of_refused_keys_and_quotes_nothing(void)
{
	set_up();
	write_text("{\"keys\":[{\"kty\":\"oct\",\"k\":\"aHVudGVyMg\",\"kid\":\"hunter2\"}]}", 100);
	expect(1000, false, true, false, "");
	CU_ASSERT_PTR_NOT_NULL(strstr(log_text, "keys_refused"));
	write_text("{\"kty\":\"oct\",\"k\":\"aHVudGVyMg\",\"kid\":\"hunter2\"", 101);
	expect(1001, false, false, false, "");
	CU_ASSERT_PTR_NOT_NULL(strstr(log_text, "keys_not_read"));
	CU_ASSERT_PTR_NULL(strstr(log_text, "hunter2"));
	CU_ASSERT_PTR_NULL(strstr(log_text, "aHVudGVyMg"));
	tear_down();
}

/* The ring asks by itself; a token signed with a new key is what brings the key in. */
static void
serves_a_ring_as_its_refresher(void)
{
	static const struct {
		const char *signer, *algorithm;
	} rows[] = { { "ed", "EdDSA" }, { "ps256", "PS256" }, { "oct", "HS256" } };

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		unsigned char signature[GP_TEST_SIGNATURE_SIZE];
		size_t length;

		set_up();
		gp_key_ring_set_refresher(test.ring, gp_key_source_refresh, test.source);
		write_keys(rows[i].signer, 100);
		CU_ASSERT_FATAL(gp_test_sign(rows[i].signer, "", "text", 4, signature, &length));
		gp_test_row("%s comes", rows[i].signer);
		CU_ASSERT_EQUAL(gp_key_ring_verify(test.ring, rows[i].algorithm, rows[i].signer,
				    "text", 4, signature, length, 1000),
		    GP_OK);
		write_text("{\"keys\":[]}", 101);
		gp_test_row("%s goes", rows[i].signer);
		CU_ASSERT_EQUAL(gp_key_ring_verify(test.ring, rows[i].algorithm, rows[i].signer,
				    "text", 4, signature, length, 1001),
		    GP_DENY_ALGORITHM);
		tear_down();
	}
}

const struct gp_test gp_tests_key_source[] = {
	GP_TEST(reads_the_file_at_the_first_look),
	GP_TEST(reads_a_single_jwk),
	GP_TEST(reads_a_changed_file_again_within_a_second),
	GP_TEST(notices_every_kind_of_change),
	GP_TEST(takes_an_empty_set),
	GP_TEST(keeps_the_keys_while_the_file_cannot_be_read),
	GP_TEST(keeps_the_keys_while_the_file_is_malformed),
	GP_TEST(keeps_the_keys_of_a_file_that_never_changes),
	GP_TEST(takes_an_unchanged_file_back),
	GP_TEST(says_that_nothing_was_read_so_far),
	GP_TEST(looks_again_when_the_clock_was_set_back),
	GP_TEST(does_nothing_without_a_place),
	GP_TEST(refuses_what_is_no_key_set_file),
	GP_TEST(tells_the_log_of_refused_keys_and_quotes_nothing),
	GP_TEST(serves_a_ring_as_its_refresher),
	{ NULL, NULL },
};
