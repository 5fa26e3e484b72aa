/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses in each way that servers and proxies write them, and networks up to their edges. */
#include "address_list.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

static struct gp_address
address_of(const char *text)
{
	struct gp_address address = { { 0 } };

	gp_test_row("%s", text);
	CU_ASSERT_FATAL(gp_address_read(text, strlen(text), &address));
	return address;
}

static void
reads_what_servers_and_proxies_write(void)
{
	static const struct {
		const char *text, *address;
	} rows[] = {
		{ "127.0.0.1", "127.0.0.1" },
		{ "0.0.0.0", "0.0.0.0" },
		{ "255.255.255.255", "255.255.255.255" },
		{ "192.0.2.1:1", "192.0.2.1" },
		{ "192.0.2.1:65535", "192.0.2.1" },
		{ "::", "::" },
		{ "::1", "::1" },
		{ "2001:db8::1", "2001:db8::1" },
		{ "2001:DB8:0:0:0:0:0:1", "2001:db8::1" },
		{ "[::1]", "::1" },
		{ "[2001:db8::1]:8080", "2001:db8::1" },
		/* The digits behind the last colon belong to the address. */
		{ "2001:db8::1:8080", "2001:db8::1:8080" },
		/* However it came in. */
		{ "::ffff:127.0.0.1", "127.0.0.1" },
		{ "::FFFF:7f00:1", "127.0.0.1" },
		{ "0000:0000:0000:0000:0000:ffff:127.100.100.127", "127.100.100.127" },
		{ "[::ffff:192.0.2.1]:80", "192.0.2.1" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_address address = address_of(rows[i].text);
		char text[GP_ADDRESS_TEXT_SIZE];

		gp_address_text(&address, text);
		CU_ASSERT_STRING_EQUAL(text, rows[i].address);
	}
}

static void
one_address_has_one_form(void)
{
	struct gp_address plain = address_of("127.0.0.1");
	struct gp_address mapped = address_of("::ffff:127.0.0.1");
	struct gp_address other = address_of("::127.0.0.1");

	CU_ASSERT_EQUAL(memcmp(&plain, &mapped, sizeof(plain)), 0);
	CU_ASSERT_NOT_EQUAL(memcmp(&plain, &other, sizeof(plain)), 0);
}

static void
refuses_everything_else(void)
{
	static const char *const texts[] = { "", " ", "-", "unknown", "localhost", "_hidden",
		"unix:", "unix:/run/http.sock", "/run/http.sock", "1", "127.1", "127.0.0",
		"127.0.0.1.", "127.0.0.256", "127.0.0.01", "0x7f.0.0.1", "2130706433", " 127.0.0.1",
		"127.0.0.1 ", "127.0.0.1\n", "127.0.0.1,", "127.0.0.1/8",
		"127.0.0.1:", "127.0.0.1:http", "127.0.0.1:-1", "127.0.0.1:+1", "127.0.0.1: 1",
		"127.0.0.1:123456", "127.0.0.1:1:2", ":80", ":", ":::", "1::2::3", "1:2:3:4:5:6:7",
		"1:2:3:4:5:6:7:8:9", "12345::", "g::", "::1%lo", "fe80::1%eth0", "fe80::1%2",
		"[fe80::1%eth0]", "[", "]", "[]", "[::1", "::1]", "[::1]:", "[::1]80", "[::1]:http",
		"[::1]:123456", "[[::1]]", "[::1]]", "[127.0.0.1]", "[127.0.0.1]:80", "[::1]:1:2",
		"[::1:80", "\"[::1]:80\"", "for=127.0.0.1",
		"0000:0000:0000:0000:0000:ffff:127.100.100.127.0" };

	for (size_t i = 0; i < GP_COUNT(texts); i++) {
		struct gp_address address = { { 0 } };
		static const struct gp_address untouched = { { 0 } };

		gp_test_row("%s", texts[i]);
		CU_ASSERT_FALSE(gp_address_read(texts[i], strlen(texts[i]), &address));
		CU_ASSERT_EQUAL(memcmp(&address, &untouched, sizeof(address)), 0);
	}
}

static void
reads_so_many_bytes_and_no_more(void)
{
	static const char text[] = "127.0.0.12";
	static const char two[] = "127.0.0.1\0.2";
	struct gp_address address;
	char shown[GP_ADDRESS_TEXT_SIZE];

	CU_ASSERT_FATAL(gp_address_read(text, strlen("127.0.0.1"), &address));
	gp_address_text(&address, shown);
	CU_ASSERT_STRING_EQUAL(shown, "127.0.0.1");
	CU_ASSERT_FALSE(gp_address_read(two, sizeof(two) - 1, &address));
	CU_ASSERT_FALSE(gp_address_read(text, 0, &address));
}

static void
one_client_is_an_ipv4_address_or_a_64(void)
{
	static const struct {
		const char *address, *network;
	} rows[] = {
		{ "192.0.2.77", "192.0.2.77" },
		{ "::ffff:192.0.2.77", "192.0.2.77" },
		{ "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::" },
		{ "2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::" },
		{ "2001:db8:1:3::", "2001:db8:1:3::" },
		{ "::1", "::" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_address address = address_of(rows[i].address), network;
		char text[GP_ADDRESS_TEXT_SIZE];

		gp_address_network(&address, &network);
		gp_address_text(&network, text);
		CU_ASSERT_STRING_EQUAL(text, rows[i].network);
	}
}

static void
a_list_has_what_its_networks_hold(void)
{
	static const struct {
		const char *list, *address;
		bool has;
	} rows[] = {
		{ "127.0.0.1", "127.0.0.1", true },
		{ "127.0.0.1", "127.0.0.2", false },
		{ "127.0.0.1", "::ffff:127.0.0.1", true },
		{ "::ffff:127.0.0.1", "127.0.0.1", true },
		{ "::1", "::1", true },
		{ "::1", "127.0.0.1", false },
		{ "::1", "::2", false },
		/* Any separators, several networks. */
		{ "127.0.0.0/8, ::1", "127.255.255.255", true },
		{ "127.0.0.0/8, ::1", "::1", true },
		{ "127.0.0.0/8 ::1", "::1", true },
		{ "\t127.0.0.0/8,\t::1,,", "::1", true },
		{ "127.0.0.0/8, ::1", "128.0.0.0", false },
		{ "127.0.0.0/8, ::1", "126.255.255.255", false },
		/* Lengths within a byte and at its edges. */
		{ "10.1.2.128/25", "10.1.2.128", true },
		{ "10.1.2.128/25", "10.1.2.127", false },
		{ "172.16.0.0/12", "172.31.255.255", true },
		{ "172.16.0.0/12", "172.32.0.0", false },
		{ "10.1.2.4/31", "10.1.2.5", true },
		{ "10.1.2.4/31", "10.1.2.6", false },
		{ "10.1.2.4/32", "10.1.2.4", true },
		{ "10.1.2.4/32", "10.1.2.5", false },
		{ "2001:db8::/32", "2001:db8:ffff::", true },
		{ "2001:db8::/32", "2001:db9::", false },
		{ "2001:db8::/33", "2001:db8:7fff::", true },
		{ "2001:db8::/33", "2001:db8:8000::", false },
		{ "2001:db8::4/127", "2001:db8::5", true },
		{ "2001:db8::4/127", "2001:db8::6", false },
		{ "2001:db8::4/128", "2001:db8::5", false },
		/* Bits behind the length. */
		{ "10.1.2.3/8", "10.9.9.9", true },
		{ "2001:db8:1:2:3:4:5:6/64", "2001:db8:1:2::", true },
		/* All of a family, and not of the other. */
		{ "0.0.0.0/0", "203.0.113.9", true },
		{ "0.0.0.0/0", "2001:db8::1", false },
		{ "::/0", "2001:db8::1", true },
		{ "::/0", "203.0.113.9", false },
		{ "::/64", "203.0.113.9", false },
		{ "::ffff:0:0/95", "203.0.113.9", false },
		{ "::ffff:0:0/96", "203.0.113.9", true },
		{ "::ffff:10.0.0.0/104", "10.1.1.1", true },
		{ "::ffff:10.0.0.0/104", "11.1.1.1", false },
		/* None. */
		{ "none", "127.0.0.1", false },
		{ "none", "::", false },
		{ " none\t", "0.0.0.0", false },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_address address = address_of(rows[i].address);
		struct gp_address_list list;

		gp_test_row("%s in %s", rows[i].address, rows[i].list);
		CU_ASSERT_PTR_NULL_FATAL(gp_address_list_read(rows[i].list, &list));
		CU_ASSERT_EQUAL(gp_address_list_has(&list, &address), rows[i].has);
	}
}

static void
says_what_is_wrong_and_leaves_nothing(void)
{
	static const struct {
		const char *text, *word;
	} rows[] = {
		{ "", "none" },
		{ " ", "none" },
		{ " , ", "none" },
		{ "localhost", "must be" },
		{ "all", "must be" },
		{ "*", "must be" },
		{ "None", "must be" },
		{ "nonesuch", "must be" },
		{ "none, ::1", "alone" },
		{ "::1, none", "alone" },
		{ "127.0.0.1:80", "must be" },
		{ "[::1]", "must be" },
		{ "[::1]/128", "must be" },
		{ "127.0.0.1;::1", "must be" },
		{ "10.*.*.*", "must be" },
		{ "10.0.0.0-10.0.0.9", "must be" },
		{ "10/8", "must be" },
		{ "/8", "must be" },
		{ "127.0.0.1\n", "must be" },
		{ "fe80::1%eth0", "must be" },
		{ "127.0.0.0/", "length" },
		{ "127.0.0.0/ 8", "length" },
		{ "127.0.0.0/33", "length" },
		{ "127.0.0.0/-1", "length" },
		{ "127.0.0.0/+8", "length" },
		{ "127.0.0.0/8/8", "length" },
		{ "127.0.0.0/255.0.0.0", "length" },
		{ "127.0.0.0/4294967304", "length" },
		{ "::/129", "length" },
		{ "::/0x10", "length" },
		{ "127.0.0.1, ::/1000", "length" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_address_list list = { .count = 7 };
		const char *problem = gp_address_list_read(rows[i].text, &list);

		gp_test_row("%s: %s", rows[i].text, problem);
		CU_ASSERT_PTR_NOT_NULL_FATAL(problem);
		CU_ASSERT_PTR_NOT_NULL(strstr(problem, rows[i].word));
		CU_ASSERT_EQUAL(list.count, 0);
	}
}

static void
limits_their_number(void)
{
	struct gp_address_list list;
	char text[1024] = "";

	for (int i = 0; i < GP_ADDRESSES_MAX; i++) {
		size_t length = strlen(text);

		snprintf(text + length, sizeof(text) - length, "10.0.0.%d ", i);
	}
	CU_ASSERT_PTR_NULL(gp_address_list_read(text, &list));
	CU_ASSERT_EQUAL(list.count, GP_ADDRESSES_MAX);
	strcat(text, "::1");
	CU_ASSERT_PTR_NOT_NULL(gp_address_list_read(text, &list));
	CU_ASSERT_EQUAL(list.count, 0);
}

const struct gp_test gp_tests_address_list[] = {
	GP_TEST(reads_what_servers_and_proxies_write),
	GP_TEST(one_address_has_one_form),
	GP_TEST(refuses_everything_else),
	GP_TEST(reads_so_many_bytes_and_no_more),
	GP_TEST(one_client_is_an_ipv4_address_or_a_64),
	GP_TEST(a_list_has_what_its_networks_hold),
	GP_TEST(says_what_is_wrong_and_leaves_nothing),
	GP_TEST(limits_their_number),
	{ NULL, NULL },
};
