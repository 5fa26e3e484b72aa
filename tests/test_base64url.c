/* SPDX-License-Identifier: Apache-2.0 */
/* The vectors of RFC 4648 and RFC 7515, and that each value has one text and no other. */
#include "base64url.h"

#include <openssl/evp.h>
#include <string.h>

#include "buffer.h"
#include "unit.h"

/* RFC 4648 section 10, without the padding; RFC 7515 appendix C; the two letters that differ. */
static const struct {
	const char *bytes;
	size_t length;
	const char *text;
} vectors[] = {
	{ "", 0, "" },
	{ "f", 1, "Zg" },
	{ "fo", 2, "Zm8" },
	{ "foo", 3, "Zm9v" },
	{ "foob", 4, "Zm9vYg" },
	{ "fooba", 5, "Zm9vYmE" },
	{ "foobar", 6, "Zm9vYmFy" },
	{ "\x03\xec\xff\xe0\xc1", 5, "A-z_4ME" },
	{ "\xfb\xff\xbf", 3, "-_-_" },
	{ "\0\0\0", 3, "AAAA" },
	{ "\xff", 1, "_w" },
};

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static bool
decodes(const char *text, size_t text_length)
{
	unsigned char bytes[64];
	size_t length;

	return gp_base64url_decode(text, text_length, bytes, &length);
}

static void
encodes_the_vectors(void)
{
	for (size_t i = 0; i < GP_COUNT(vectors); i++) {
		char text[32];
		size_t length = gp_base64url_encode(
		    (const unsigned char *)vectors[i].bytes, vectors[i].length, text);

		gp_test_row("%s", vectors[i].text);
		CU_ASSERT_EQUAL(length, strlen(vectors[i].text));
		CU_ASSERT_EQUAL(memcmp(text, vectors[i].text, length), 0);
	}
}

static void
decodes_the_vectors(void)
{
	for (size_t i = 0; i < GP_COUNT(vectors); i++) {
		unsigned char bytes[32];
		size_t length = 99;

		gp_test_row("%s", vectors[i].text);
		CU_ASSERT(
		    gp_base64url_decode(vectors[i].text, strlen(vectors[i].text), bytes, &length));
		CU_ASSERT_EQUAL(length, vectors[i].length);
		CU_ASSERT_EQUAL(memcmp(bytes, vectors[i].bytes, vectors[i].length), 0);
	}
}

static void
refuses_texts_that_are_not_canonical(void)
{
	static const char *const texts[] = { "Zh", "Zm9", "Zg==", "Zg=", "Zm8=", "Zm9v=", "=",
		"====", "Z", "A", "Zm9vY", "AAAAA", " Zg", "Zg ", "Z g", "Zg\n", "Zm9v\r\n",
		"\tZm8", "Zm9v.", "A+z_", "A-z/", "Zm8~", "Zm9%", "Z\xc3\xa4" };

	for (size_t i = 0; i < GP_COUNT(texts); i++) {
		gp_test_row("\"%s\"", texts[i]);
		CU_ASSERT_FALSE(decodes(texts[i], strlen(texts[i])));
	}
}

static void
knows_sixty_four_characters(void)
{
	for (int c = 0; c < 256; c++) {
		char text[4] = { 'A', 'A', 'A', (char)c };

		gp_test_row("character %d", c);
		CU_ASSERT_EQUAL(decodes(text, 4), c != 0 && strchr(letters, c) != NULL);
	}
}

/* Of all texts of two and three characters as many are good as there are values of one and two
 * bytes. */
static void
has_one_text_for_each_value(void)
{
	unsigned twos = 0, threes = 0;

	for (int i = 0; i < 64 * 64 * 64; i++) {
		char text[3] = { letters[i & 63], letters[i >> 6 & 63], letters[i >> 12] };

		threes += decodes(text, 3);
		if (i < 64 * 64)
			twos += decodes(text, 2);
	}
	CU_ASSERT_EQUAL(twos, 256);
	CU_ASSERT_EQUAL(threes, 65536);
}

static unsigned char
plain_letter(char letter)
{
	return (unsigned char)(letter == '-' ? '+' : letter == '_' ? '/' : letter);
}

/* OpenSSL's encoder, in the other alphabet. */
static void
agrees_with_openssl(void)
{
	unsigned char bytes[200], back[GP_BASE64URL_DECODED_SIZE(268)];
	unsigned char expected[300];
	char text[GP_BASE64URL_ENCODED_SIZE(200)];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(i * 149 + (i >> 3));
	for (size_t length = 0; length <= sizeof(bytes); length++) {
		size_t written = gp_base64url_encode(bytes, length, text);
		size_t back_length = 0;

		gp_test_row("%zu bytes", length);
		EVP_EncodeBlock(expected, bytes, (int)length);
		for (size_t i = 0; i < written; i++)
			CU_ASSERT_EQUAL(plain_letter(text[i]), expected[i]);
		CU_ASSERT(expected[written] == '=' || expected[written] == '\0');
		CU_ASSERT(gp_base64url_decode(text, written, back, &back_length));
		CU_ASSERT_EQUAL(back_length, length);
		CU_ASSERT_EQUAL(memcmp(back, bytes, length), 0);
	}
}

static void
stays_within_the_announced_sizes(void)
{
	for (size_t length = 0; length < 50; length++) {
		unsigned char bytes[64], source[64] = { 0 };
		char text[80];
		size_t written, decoded;

		gp_test_row("%zu bytes", length);
		memset(text, '#', sizeof(text));
		written = gp_base64url_encode(source, length, text);
		CU_ASSERT(written <= GP_BASE64URL_ENCODED_SIZE(length));
		CU_ASSERT_EQUAL(text[written], '#');
		memset(bytes, 0xee, sizeof(bytes));
		CU_ASSERT(gp_base64url_decode(text, written, bytes, &decoded));
		CU_ASSERT(decoded <= GP_BASE64URL_DECODED_SIZE(written));
		CU_ASSERT_EQUAL(bytes[decoded], 0xee);
	}
}

static void
appends_to_a_buffer(void)
{
	struct gp_arena *arena = gp_arena_new();
	struct gp_buffer buffer;

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	gp_buffer_init(&buffer, arena);
	gp_base64url_add(&buffer, "foob", 4);
	gp_base64url_add(&buffer, "", 0);
	gp_buffer_add_byte(&buffer, '.');
	gp_base64url_add(&buffer, "\xfb\xff", 2);
	CU_ASSERT(gp_buffer_complete(&buffer));
	CU_ASSERT_EQUAL_FATAL(buffer.length, 10);
	CU_ASSERT_EQUAL(memcmp(buffer.bytes, "Zm9vYg.-_8", 10), 0);
	gp_arena_free(arena);
}

const struct gp_test gp_tests_base64url[] = {
	GP_TEST(encodes_the_vectors),
	GP_TEST(decodes_the_vectors),
	GP_TEST(refuses_texts_that_are_not_canonical),
	GP_TEST(knows_sixty_four_characters),
	GP_TEST(has_one_text_for_each_value),
	GP_TEST(agrees_with_openssl),
	GP_TEST(stays_within_the_announced_sizes),
	GP_TEST(appends_to_a_buffer),
	{ NULL, NULL },
};
