/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses that zod 4.6.7 was asked about; its answers are the table. */
#include "email_address.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

/* In memory of exactly that size. */
static bool
is_valid(const char *text, size_t length)
{
	char *copy = malloc(length > 0 ? length : 1);
	bool valid;

	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	memcpy(copy, text, length);
	valid = gp_email_address_is_valid(copy, length);
	free(copy);
	return valid;
}

static void
lets_plain_addresses_pass(void)
{
	static const char *const texts[] = { "a@b.co", "A.b+c_d-e'f@x-y.Z9.com", "1@2.com",
		"_@b.co", "+@b.co", "-@b.co", "'a@b.co", "'.a@b.co", "a'.b@c.de", "a.'b@c.de",
		"a''b@c.de", "--.__@c.de", "a.b.c.d@e.f.gh", "a@b-.co", "a@b--c.co", "a@1.2.3.com",
		"a@b.COM", "a@b.museum", "a@xn--bcher-kva.example" };

	for (size_t i = 0; i < GP_COUNT(texts); i++) {
		gp_test_row("%s", texts[i]);
		CU_ASSERT(is_valid(texts[i], strlen(texts[i])));
	}
}

static void
refuses_everything_else(void)
{
	static const char *const texts[] = { "", "@", "a", "a@", "@b.co", "a@b", "a@b.c", "a@b.c1",
		"a@b.1co", "a@b.co.", "a@.co", "a@.b.co", "a@b..co", "a@-b.co", "a@b.-c.de",
		"a@b.c-m", "a@b.co-", "a@b_c.de", "a@b.xn--p1ai", "a@1.2.3.4", "a@[1.2.3.4]",
		"a.@b.co", ".a@b.co", "a..b@b.co", ".@b.co", "'@b.co", "a'@b.co", "a.'@b.co",
		"a@@b.co", "a@b@c.de", "a@b.co@", "a b@c.de", " a@b.co", "a@b.co ", "a@b.co\n",
		"a\n@b.co", "a@b.co,c@d.ef", "<a@b.co>", "\"a\"@b.co", "a(x)@b.co", "a/b@c.de",
		"a!b@c.de", "a#b@c.de", "a%b@c.de", "a&b@c.de", "a=b@c.de", "a`b@c.de", "a{b@c.de",
		"a~b@c.de", "a\\b@c.de", "\xc3\xbc@b.co", "a@b\xc3\xbc.co", "a@b.c\xc3\xb6",
		"a@b\xe3\x80\x82net", "\xef\xbd\x81@b.co", "mailto:a@b.co" };

	for (size_t i = 0; i < GP_COUNT(texts); i++) {
		gp_test_row("%s", texts[i]);
		CU_ASSERT_FALSE(is_valid(texts[i], strlen(texts[i])));
	}
	CU_ASSERT_FALSE(is_valid("a\0b@c.de", 8));
	CU_ASSERT_FALSE(is_valid("a@b.co\0", 7));
	CU_ASSERT_FALSE(is_valid("a@b.co\xff", 7));
}

/* One byte at a time in each of the places that have a set of their own. */
static void
knows_which_bytes_may_stand_where(void)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	static const struct {
		const char *text; /* a zero is what is replaced */
		const char *more; /* what may stand there beside letters */
	} rows[] = {
		{ "0@b.co", "0123456789_+-" },
		{ "0a@b.co", "0123456789_+-'" },
		{ "a0a@b.co", "0123456789_+-'." },
		{ "a@0.co", "0123456789" },
		{ "a@b0.co", "0123456789-" },
		{ "a@b0c.co", "0123456789-." },
		{ "a@b.0o", "" },
		{ "a@b.c0", "" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		for (int c = 1; c < 0x100; c++) {
			char text[16];
			bool expected =
			    strchr(letters, c) != NULL || strchr(rows[i].more, c) != NULL;

			snprintf(text, sizeof(text), "%s", rows[i].text);
			*strchr(text, '0') = (char)c;
			gp_test_row("%s with byte %d", rows[i].text, c);
			CU_ASSERT_EQUAL(is_valid(text, strlen(text)), expected);
		}
	}
}

static void
has_no_longest(void)
{
	static char text[100 * 1000];

	memset(text, 'a', sizeof(text));
	text[50 * 1000] = '@';
	text[60 * 1000] = '.';
	CU_ASSERT(is_valid(text, sizeof(text)));
	text[50 * 1000] = 'a';
	CU_ASSERT_FALSE(is_valid(text, sizeof(text)));
}

static void
lowers_ascii_alone(void)
{
	char text[] = "ADA.Z'@Example.COM[`{\xc3\x84";
	char empty[] = "";

	gp_email_address_lower(text);
	CU_ASSERT_STRING_EQUAL(text, "ada.z'@example.com[`{\xc3\x84");
	gp_email_address_lower(empty);
	CU_ASSERT_STRING_EQUAL(empty, "");
}

const struct gp_test gp_tests_email_address[] = {
	GP_TEST(lets_plain_addresses_pass),
	GP_TEST(refuses_everything_else),
	GP_TEST(knows_which_bytes_may_stand_where),
	GP_TEST(has_no_longest),
	GP_TEST(lowers_ascii_alone),
	{ NULL, NULL },
};
