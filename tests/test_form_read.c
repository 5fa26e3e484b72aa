/* SPDX-License-Identifier: Apache-2.0 */
/* Values as JavaScript's URLSearchParams gives them, and what it would have mended refused. */
#include "form_read.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"

static struct gp_arena *arena;

/* In memory of exactly that size. */
static enum gp_outcome
find(const char *text, size_t length, const char *name, const char **value)
{
	char *copy = malloc(length > 0 ? length : 1);
	enum gp_outcome outcome;

	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	memcpy(copy, text, length);
	gp_test_row("%s in %.*s", name, (int)length, text);
	*value = "not set";
	outcome = gp_form_find(arena, copy, length, name, value);
	free(copy);
	return outcome;
}

static void
finds_the_first_value(void)
{
	static const struct {
		const char *text, *name, *value;
	} rows[] = {
		{ "a=1", "a", "1" },
		{ "a=1&a=2", "a", "1" },
		{ "b=2&a=1", "a", "1" },
		{ "a", "a", "" },
		{ "a=", "a", "" },
		{ "a&a=1", "a", "" },
		{ "", "a", NULL },
		{ "b=1", "a", NULL },
		{ "A=1", "a", NULL },
		{ "aa=1&a=2", "a", "2" },
		{ "&&a=1", "a", "1" },
		{ "=1", "", "1" },
		{ "&=1", "", "1" },
		{ "a=b=c", "a", "b=c" },
		{ "a==", "a", "=" },
		{ "%61=1", "a", "1" },
		{ "%2561=1", "a", NULL },
		{ "a=%61%2b+%2B", "a", "a+ +" },
		{ "a+b=c+d", "a b", "c d" },
		{ "a%26b=c%26d&x", "a&b", "c&d" },
		{ "a=%C3%A4\xc3\xa4", "a", "\xc3\xa4\xc3\xa4" },
		{ "\xc3\xa4=1", "\xc3\xa4", "1" },
		{ "%c3%a4=1", "\xc3\xa4", "1" },
		{ "a=1;b=2", "b", NULL },
		{ "a=1#b", "a", "1#b" },
		{ "x=%&a=1", "a", "1" },
		{ "%=1&a=2", "%", "1" },
		{ "a=%F0%9F%98%80", "a", "\xf0\x9f\x98\x80" },
		{ "a=%0d%0a", "a", "\x0d\n" },
		{ "a=https%3A%2F%2Fx%2F%3Fy%3Dz%26u", "a", "https://x/?y=z&u" },
	};
	const char *value;

	arena = gp_arena_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		CU_ASSERT_EQUAL(
		    find(rows[i].text, strlen(rows[i].text), rows[i].name, &value), GP_OK);
		CU_ASSERT(gp_test_same(value, rows[i].value));
	}
	gp_arena_free(arena);
}

#define TEXT(literal) literal, sizeof(literal) - 1

static void
refuses_a_value_that_is_no_text(void)
{
	static const struct {
		const char *text;
		size_t length;
	} rows[] = {
		{ TEXT("a=%") },
		{ TEXT("a=%4") },
		{ TEXT("a=%4&b") },
		{ TEXT("a=%%41") },
		{ TEXT("a=%4g") },
		{ TEXT("a=%g4") },
		{ TEXT("a=100%") },
		{ TEXT("a=%u0041") },
		{ TEXT("a=%00") },
		{ TEXT("a=x\0y") },
		{ TEXT("a=%ff") },
		{ TEXT("a=%C3") },
		{ TEXT("a=%C3+%A4") },
		{ TEXT("a=\xff") },
		{ TEXT("a=%c0%af") },
		{ TEXT("a=%ED%A0%80") },
		{ TEXT("a=%&a=1") },
		{ TEXT("%61=%") },
	};
	const char *value;

	arena = gp_arena_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		CU_ASSERT_EQUAL(find(rows[i].text, rows[i].length, "a", &value), GP_BAD_INPUT);
		CU_ASSERT_PTR_NULL(value);
	}
	gp_arena_free(arena);
}

/* What is wrong with another value is not this one's matter. */
static void
looks_at_one_value_alone(void)
{
	const char *value;

	arena = gp_arena_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	CU_ASSERT_EQUAL(find(TEXT("b=%&%ff=%00&a=1&a=%"), "a", &value), GP_OK);
	CU_ASSERT(gp_test_same(value, "1"));
	CU_ASSERT_EQUAL(find(TEXT("a%00=1&a\0=2"), "a", &value), GP_OK);
	CU_ASSERT_PTR_NULL(value);
	CU_ASSERT_EQUAL(find("a=12&b", 3, "a", &value), GP_OK);
	CU_ASSERT(gp_test_same(value, "1"));
	CU_ASSERT_EQUAL(find("a=%41", 4, "a", &value), GP_BAD_INPUT);
	gp_arena_free(arena);
}

const struct gp_test gp_tests_form_read[] = {
	GP_TEST(finds_the_first_value),
	GP_TEST(refuses_a_value_that_is_no_text),
	GP_TEST(looks_at_one_value_alone),
	{ NULL, NULL },
};
