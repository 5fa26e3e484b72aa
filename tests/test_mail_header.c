/* SPDX-License-Identifier: Apache-2.0 */
/* What may stand in a header, and that nothing else gets there. */
#include "mail_header.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "utf8.h"

static void
judges_addresses(void)
{
	static const struct {
		const char *address;
		bool fits;
	} rows[] = {
		{ "ann@example.com", true },
		{ "a@b", true },
		{ "root@localhost", true },
		{ "Ann.O'Hara+list_1@mail.example.co.uk", true },
		{ "-ann@example.com", true }, /* it is never an argument */
		{ "a#$&*=?^{}~@example.com", true },
		{ "ann@xn--bcher-kva.example", true },
		{ "1@1.2", true },
		{ "", false },
		{ "@", false },
		{ "ann", false },
		{ "@example.com", false },
		{ "ann@", false },
		{ "ann@@example.com", false },
		{ "ann@example.com@example.org", false },
		{ ".ann@example.com", false },
		{ "ann.@example.com", false },
		{ "a..nn@example.com", false },
		{ "ann@.example.com", false },
		{ "ann@example.com.", false },
		{ "ann@example..com", false },
		{ "ann@-example.com", false },
		{ "ann@example-.com", false },
		{ "ann@example.com-", false },
		{ "ann@exam_ple.com", false },
		{ "ann@[192.0.2.1]", false },
		/* what would be several, or something else */
		{ "ann@example.com,ben@example.com", false },
		{ "ann@example.com, ben@example.com", false },
		{ "ann@example.com;ben@example.com", false },
		{ "Ann <ann@example.com>", false },
		{ "<ann@example.com>", false },
		{ "ann@example.com>", false },
		{ "ann (Ann)@example.com", false },
		{ "ann@example.com(Ann)", false },
		{ "\"ann\"@example.com", false },
		{ "friends:ann@example.com", false },
		{ "an\\n@example.com", false },
		{ " ann@example.com", false },
		{ "ann@example.com ", false },
		{ "an n@example.com", false },
		/* routes, files and programs of some mail programs */
		{ "host!ann@example.com", false },
		{ "ann%example.org@example.com", false },
		{ "|program@example.com", false },
		{ "/etc/file@example.com", false },
		{ "`program`@example.com", false },
		/* headers of their own */
		{ "ann@example.com\nBcc: ben@example.com", false },
		{ "ann@example.com\r\nBcc: ben@example.com", false },
		{ "ann\n@example.com", false },
		{ "ann@example.com\n", false },
		{ "ann@example.com\t", false },
		{ "ann@example.com\x7f", false },
		{ "\x01@example.com", false },
		{ "\xc3\xa4nn@example.com", false },
		{ "ann@\xc3\xa4.example", false },
		{ "ann@example.com\xe2\x80\xa8", false },
		{ "ann\xff@example.com", false },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		gp_test_row("%s", rows[i].address);
		CU_ASSERT_EQUAL(
		    gp_mail_address_fits(rows[i].address, strlen(rows[i].address)), rows[i].fits);
	}
	CU_ASSERT_FALSE(gp_mail_address_fits("ann@example.com\0", 16));
	CU_ASSERT_FALSE(gp_mail_address_fits("an\0n@example.com", 16));
}

static bool
fits(size_t local_part, size_t label, size_t labels)
{
	char address[600];
	size_t length = local_part;

	memset(address, 'a', sizeof(address));
	address[length++] = '@';
	for (size_t i = 0; i < labels; i++) {
		length += label;
		if (i + 1 < labels)
			address[length++] = '.';
	}
	gp_test_row("%zu@%zu times %zu: %zu", local_part, labels, label, length);
	return gp_mail_address_fits(address, length);
}

static void
limits_the_length_of_addresses(void)
{
	CU_ASSERT(fits(64, 10, 1));
	CU_ASSERT_FALSE(fits(65, 10, 1));
	CU_ASSERT(fits(1, 63, 1));
	CU_ASSERT_FALSE(fits(1, 64, 1));
	CU_ASSERT(fits(62, 63, 3)); /* 62 + 1 + 191 = 254 */
	CU_ASSERT_FALSE(fits(63, 63, 3));
}

static void
reads_senders(void)
{
	static const struct {
		const char *text;
		const char *address; /* NULL: refused */
		const char *header;  /* what it becomes */
	} rows[] = {
		{ "no-reply@example.com", "no-reply@example.com", "From: no-reply@example.com\n" },
		{ "  no-reply@example.com ", "no-reply@example.com",
		    "From: no-reply@example.com\n" },
		{ "<no-reply@example.com>", "no-reply@example.com",
		    "From: no-reply@example.com\n" },
		{ "\"\" <no-reply@example.com>", "no-reply@example.com",
		    "From: no-reply@example.com\n" },
		{ "Tasks <no-reply@example.com>", "no-reply@example.com",
		    "From: Tasks <no-reply@example.com>\n" },
		{ "Our Tasks<no-reply@example.com> ", "no-reply@example.com",
		    "From: Our Tasks <no-reply@example.com>\n" },
		{ "\"Tasks\" <no-reply@example.com>", "no-reply@example.com",
		    "From: Tasks <no-reply@example.com>\n" },
		/* a name that is more than atoms is encoded, whatever it means in the grammar */
		{ "Tasks, Inc. <no-reply@example.com>", "no-reply@example.com",
		    "From: =?UTF-8?B?VGFza3MsIEluYy4=?=\n <no-reply@example.com>\n" },
		{ "(Tasks) <no-reply@example.com>", "no-reply@example.com",
		    "From: =?UTF-8?B?KFRhc2tzKQ==?=\n <no-reply@example.com>\n" },
		{ "ann@example.com <no-reply@example.com>", "no-reply@example.com",
		    "From: =?UTF-8?B?YW5uQGV4YW1wbGUuY29t?=\n <no-reply@example.com>\n" },
		{ "=?UTF-8?B?QQ==?= <no-reply@example.com>", "no-reply@example.com",
		    "From: =?UTF-8?B?PT9VVEYtOD9CP1FRPT0/PQ==?=\n <no-reply@example.com>\n" },
		{ "B\xc3\xbc"
		  "cher <a@b.example>",
		    "a@b.example", "From: =?UTF-8?B?QsO8Y2hlcg==?=\n <a@b.example>\n" },
		{ "0123456789012345678901234567890123456789012345 <no-reply@mail.example>",
		    "no-reply@mail.example",
		    "From: 0123456789012345678901234567890123456789012345 <no-reply@mail.example>\n" },
		{ "01234567890123456789012345678901234567890123456 <no-reply@mail.example>",
		    "no-reply@mail.example",
		    "From: 01234567890123456789012345678901234567890123456\n <no-reply@mail.example>\n" },
		{ "", NULL, NULL },
		{ "   ", NULL, NULL },
		{ "Tasks", NULL, NULL },
		{ "<", NULL, NULL },
		{ ">", NULL, NULL },
		{ "<>", NULL, NULL },
		{ "Tasks <>", NULL, NULL },
		{ "Tasks <no-reply>", NULL, NULL },
		{ "Tasks no-reply@example.com", NULL, NULL },
		{ "Tasks <no-reply@example.com", NULL, NULL },
		{ "Tasks <no-reply@example.com> x", NULL, NULL },
		{ "Tasks < no-reply@example.com >", NULL, NULL },
		{ "Tasks <a@b.example> <c@d.example>", NULL, NULL },
		{ "Tasks > <c@d.example>", NULL, NULL },
		{ "a@b.example, c@d.example", NULL, NULL },
		{ "\"Ta\"sks\" <a@b.example>", NULL, NULL },
		{ "\" <a@b.example>", NULL, NULL },
		{ "Tasks\n <a@b.example>", NULL, NULL },
		{ "Tasks <a@b.example>\nBcc: c@d.example", NULL, NULL },
		{ "Tasks\r <a@b.example>", NULL, NULL },
		{ "Tasks\t<a@b.example>", NULL, NULL },
		{ "Tasks\x7f <a@b.example>", NULL, NULL },
		{ "Tasks\xc2\x85 <a@b.example>", NULL, NULL },
		{ "Tasks\xe2\x80\xae <a@b.example>", NULL, NULL },
		{ "Tasks\xff <a@b.example>", NULL, NULL },
		{ "Tasks\xc3 <a@b.example>", NULL, NULL },
	};
	struct gp_arena *arena = gp_arena_new();

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_mail_sender sender = { .address = NULL };
		const char *wrong = gp_mail_sender_read(rows[i].text, &sender);
		struct gp_buffer buffer;

		gp_test_row("%s", rows[i].text);
		CU_ASSERT_EQUAL(wrong == NULL, rows[i].address != NULL);
		CU_ASSERT_EQUAL(sender.address == NULL, rows[i].address == NULL);
		if (sender.address == NULL || rows[i].address == NULL)
			continue;
		CU_ASSERT_EQUAL(sender.address_length, strlen(rows[i].address));
		CU_ASSERT_EQUAL(strncmp(sender.address, rows[i].address, sender.address_length), 0);
		gp_buffer_init(&buffer, arena);
		gp_mail_header_add_sender(&buffer, &sender);
		gp_buffer_add_byte(&buffer, '\0');
		CU_ASSERT_FATAL(gp_buffer_complete(&buffer));
		CU_ASSERT_STRING_EQUAL(buffer.bytes, rows[i].header);
	}
	gp_arena_free(arena);
}

static void
knows_control_characters(void)
{
	static const struct {
		const char *character;
		bool is_control;
	} rows[] = {
		{ "\x01", true },
		{ "\t", true },
		{ "\n", true },
		{ "\r", true },
		{ "\x1b", true },
		{ "\x1f", true },
		{ " ", false },
		{ "~", false },
		{ "\x7f", true },
		{ "\xc2\x80", true },
		{ "\xc2\x85", true },
		{ "\xc2\x9f", true },
		{ "\xc2\xa0", false },
		{ "\xc3\x85", false },
		{ "\xe2\x80\xa7", false },
		{ "\xe2\x80\xa8", true },
		{ "\xe2\x80\xa9", true },
		{ "\xe2\x80\xae", true },
		{ "\xe2\x80\xaf", false },
		{ "\xe2\x81\xa5", false },
		{ "\xe2\x81\xa6", true },
		{ "\xe2\x81\xa9", true },
		{ "\xe2\x81\xaa", false },
		{ "\xe3\x80\xa8", false },
		{ "\xf0\x9f\x98\x80", false },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		gp_test_row("row %zu", i);
		CU_ASSERT_EQUAL(gp_mail_is_control(rows[i].character, strlen(rows[i].character)),
		    rows[i].is_control);
	}
	CU_ASSERT(gp_mail_is_control("\0", 1));
}

/* What a reader of mail sees of a subject's header; fails where a line or word is not as it must.
 */
static void
decode(const char *header, size_t length, char *text)
{
	static const char begin[] = "=?UTF-8?B?";
	const char *line = header, *end = header + length;
	size_t decoded = 0;

	CU_ASSERT_EQUAL_FATAL(strncmp(header, "Subject: ", 9), 0);
	while (line < end) {
		const char *line_end = memchr(line, '\n', (size_t)(end - line));
		const char *word = line == header ? line + 9 : line + 1;
		unsigned char bytes[64];
		size_t word_length;
		int size;

		CU_ASSERT_PTR_NOT_NULL_FATAL(line_end);
		CU_ASSERT(line_end - line <= 76);
		CU_ASSERT(line == header || *line == ' ');
		word_length = (size_t)(line_end - word);
		line = line_end + 1;
		if (strncmp(word, begin, 10) != 0) {
			memcpy(text + decoded, word, word_length);
			decoded += word_length;
			continue;
		}
		CU_ASSERT(word_length <= 75);
		CU_ASSERT_EQUAL_FATAL(strncmp(line_end - 2, "?=", 2), 0);
		size =
		    EVP_DecodeBlock(bytes, (const unsigned char *)word + 10, (int)word_length - 12);
		CU_ASSERT_FATAL(size > 0);
		size -= (line_end[-3] == '=') + (line_end[-4] == '=');
		CU_ASSERT(gp_utf8_is_valid((char *)bytes, (size_t)size));
		memcpy(text + decoded, bytes, (size_t)size);
		decoded += (size_t)size;
	}
	text[decoded] = '\0';
}

static void
encodes_subjects(void)
{
	static const struct {
		const char *value;
		const char *header; /* NULL: judged by decoding it again alone */
	} rows[] = {
		{ "A new password for tasks.example.com",
		    "Subject: A new password for tasks.example.com\n" },
		{ "a", "Subject: a\n" },
		{ "To: ann@example.com, \"all\" (of) <them>",
		    "Subject: To: ann@example.com, \"all\" (of) <them>\n" },
		{ "0123456789012345678901234567890123456789012345678901234567890123456",
		    "Subject: 0123456789012345678901234567890123456789012345678901234567890123456\n" },
		{ "01234567890123456789012345678901234567890123456789012345678901234567", NULL },
		{ "Passwort zur\xc3\xbc"
		  "cksetzen",
		    "Subject: =?UTF-8?B?UGFzc3dvcnQgenVyw7xja3NldHplbg==?=\n" },
		{ "=?UTF-8?B?QQ==?=", "Subject: =?UTF-8?B?PT9VVEYtOD9CP1FRPT0/PQ==?=\n" },
		{ " a ", "Subject: =?UTF-8?B?IGEg?=\n" },
		{ " ", "Subject: =?UTF-8?B?IA==?=\n" },
		{ "\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80"
		  "\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80"
		  "\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80",
		    NULL },
		{ "a\xe6\x97\xa5\xe6\x9c\xac\xe6\x97\xa5\xe6\x9c\xac\xe6\x97\xa5\xe6\x9c\xac"
		  "\xe6\x97\xa5\xe6\x9c\xac\xe6\x97\xa5\xe6\x9c\xac\xe6\x97\xa5\xe6\x9c\xac"
		  "\xe6\x97\xa5\xe6\x9c\xac\xe6\x97\xa5\xe6\x9c\xac\xe6\x97\xa5\xe6\x9c\xac",
		    NULL },
	};
	struct gp_arena *arena = gp_arena_new();

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_buffer buffer;
		char text[256];

		gp_test_row("%s", rows[i].value);
		gp_buffer_init(&buffer, arena);
		CU_ASSERT_TRUE_FATAL(
		    gp_mail_header_add(&buffer, "Subject", rows[i].value, strlen(rows[i].value)));
		gp_buffer_add_byte(&buffer, '\0');
		CU_ASSERT_FATAL(gp_buffer_complete(&buffer));
		if (rows[i].header != NULL)
			CU_ASSERT_STRING_EQUAL(buffer.bytes, rows[i].header);
		decode(buffer.bytes, buffer.length - 1, text);
		CU_ASSERT_STRING_EQUAL(text, rows[i].value);
	}
	gp_arena_free(arena);
}

/* Each length of text, so that each word ends at each byte of a character once. */
static void
splits_between_characters(void)
{
	static const char *const characters[] = { "a", "\xc3\xa4", "\xe2\x82\xac",
		"\xf0\x9f\x98\x80" };
	struct gp_arena *arena = gp_arena_new();

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	for (size_t kind = 0; kind < GP_COUNT(characters); kind++) {
		char value[1024] = "", text[1024];

		for (size_t count = 0; count < 200; count++) {
			struct gp_buffer buffer;

			gp_test_row("%zu of %s", count + 1, characters[kind]);
			strcat(value, characters[kind]);
			gp_buffer_init(&buffer, arena);
			CU_ASSERT_TRUE_FATAL(
			    gp_mail_header_add(&buffer, "Subject", value, strlen(value)));
			CU_ASSERT_FATAL(gp_buffer_complete(&buffer));
			decode(buffer.bytes, buffer.length, text);
			CU_ASSERT_STRING_EQUAL(text, value);
			gp_arena_reset(arena);
		}
	}
	gp_arena_free(arena);
}

static void
refuses_what_would_be_a_header_of_its_own(void)
{
	static const char *const rows[] = { "", "a\nBcc: ben@example.com", "a\r\nBcc: x", "a\rb",
		"a\n b", "\n", "a\n", "a\tb", "a\x01", "a\x1b[31m", "a\x7f", "\xc3\xa4\nBcc: x",
		"a\xc2\x85"
		"b",
		"a\xe2\x80\xa8"
		"b",
		"a\xe2\x80\xae"
		"b",
		"a\xff", "a\xc3", "\xed\xa0\x80", "\xc0\x8a" };
	struct gp_arena *arena = gp_arena_new();
	struct gp_buffer buffer;

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	gp_buffer_init(&buffer, arena);
	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		gp_test_row("%s", rows[i]);
		CU_ASSERT_FALSE(gp_mail_header_add(&buffer, "Subject", rows[i], strlen(rows[i])));
		CU_ASSERT_EQUAL(buffer.length, 0);
	}
	CU_ASSERT_FALSE(gp_mail_header_add(&buffer, "Subject", "a\0b", 3));
	CU_ASSERT_EQUAL(buffer.length, 0);
	gp_arena_free(arena);
}

static void
writes_dates(void)
{
	static const struct {
		int64_t now_s;
		const char *date; /* NULL: refused */
	} rows[] = {
		{ 0, "Thu, 01 Jan 1970 00:00:00 +0000" },
		{ 1795242736, "Sat, 21 Nov 2026 06:32:16 +0000" },
		{ 951782399, "Mon, 28 Feb 2000 23:59:59 +0000" },
		{ 951782400, "Tue, 29 Feb 2000 00:00:00 +0000" },
		{ -1, "Wed, 31 Dec 1969 23:59:59 +0000" },
		{ -2208988800, "Mon, 01 Jan 1900 00:00:00 +0000" },
		{ -2208988801, NULL },
		{ 253402300799, "Fri, 31 Dec 9999 23:59:59 +0000" },
		{ 253402300800, NULL },
		{ INT64_MAX, NULL },
		{ INT64_MIN, NULL },
	};
	char date[GP_MAIL_DATE_SIZE];

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		gp_test_row("row %zu", i);
		CU_ASSERT_EQUAL(gp_mail_date(rows[i].now_s, date), rows[i].date != NULL);
		if (rows[i].date != NULL)
			CU_ASSERT_STRING_EQUAL(date, rows[i].date);
	}
}

const struct gp_test gp_tests_mail_header[] = {
	GP_TEST(judges_addresses),
	GP_TEST(limits_the_length_of_addresses),
	GP_TEST(reads_senders),
	GP_TEST(knows_control_characters),
	GP_TEST(encodes_subjects),
	GP_TEST(splits_between_characters),
	GP_TEST(refuses_what_would_be_a_header_of_its_own),
	GP_TEST(writes_dates),
	{ NULL, NULL },
};
