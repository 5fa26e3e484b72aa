/* SPDX-License-Identifier: Apache-2.0 */
/* Whom a request comes from, by what its peer is and what was forwarded; and what follows of it. */
#include "client_address.h"

#include <string.h>

#include "unit.h"

/* In all tables below: two networks of proxies, and who may see what is not for everybody. */
static const char proxies_text[] = "10.0.0.0/8, ::1";
static const char allowed_text[] = "10.0.0.1, 192.0.2.1, 2001:db8::/32, ::1";

/* What the request says, who the client is, whether it is allowed, and what counts. */
struct row {
	const char *remote_address, *forwarded_for;
	bool other_forwarding;
	const char *client; /* for the log */
	bool known, forwarded, trusted, allowed;
	const char *counts; /* NULL for nothing */
};

static void
expect_rows(const struct row *rows, size_t count)
{
	struct gp_address_list proxies, allowed;

	CU_ASSERT_PTR_NULL_FATAL(gp_address_list_read(proxies_text, &proxies));
	CU_ASSERT_PTR_NULL_FATAL(gp_address_list_read(allowed_text, &allowed));
	for (const struct row *row = rows; row < rows + count; row++) {
		struct gp_client client;
		struct gp_address network;
		char text[GP_ADDRESS_TEXT_SIZE];

		gp_test_row("%s for %s%s", row->remote_address, row->forwarded_for,
		    row->other_forwarding ? " and more" : "");
		gp_client_read(row->remote_address, row->forwarded_for, row->other_forwarding,
		    &proxies, &client);
		CU_ASSERT_STRING_EQUAL(client.text, row->client);
		CU_ASSERT_EQUAL(client.known, row->known);
		CU_ASSERT_EQUAL(client.forwarded, row->forwarded);
		CU_ASSERT_EQUAL(client.trusted, row->trusted);
		CU_ASSERT_EQUAL(gp_client_is_allowed(&client, &allowed), row->allowed);
		CU_ASSERT_EQUAL(gp_client_counts(&client, &network), row->counts != NULL);
		if (row->counts != NULL) {
			gp_address_text(&network, text);
			CU_ASSERT_STRING_EQUAL(text, row->counts);
		}
	}
}

static void
a_peer_that_is_no_proxy_is_the_client(void)
{
	static const struct row rows[] = {
		{ "192.0.2.1", NULL, false, "192.0.2.1", true, false, false, true, "192.0.2.1" },
		{ "192.0.2.2", NULL, false, "192.0.2.2", true, false, false, false, "192.0.2.2" },
		{ "::ffff:192.0.2.1", NULL, false, "192.0.2.1", true, false, false, true,
		    "192.0.2.1" },
		{ "2001:db8::7", NULL, false, "2001:db8::7", true, false, false, true,
		    "2001:db8::" },
	};

	expect_rows(rows, GP_COUNT(rows));
}

/* It may say what it likes, and is refused what is not for everybody, for it may be a proxy. */
static void
a_peer_that_is_no_proxy_is_not_believed(void)
{
	static const struct row rows[] = {
		{ "192.0.2.1", "::1", false, "192.0.2.1", true, true, false, false, "192.0.2.1" },
		{ "192.0.2.1", "192.0.2.1", false, "192.0.2.1", true, true, false, false,
		    "192.0.2.1" },
		{ "192.0.2.1", "10.0.0.1, 10.0.0.2", true, "192.0.2.1", true, true, false, false,
		    "192.0.2.1" },
		{ "192.0.2.1", "", false, "192.0.2.1", true, true, false, false, "192.0.2.1" },
		{ "192.0.2.1", "garbage", false, "192.0.2.1", true, true, false, false,
		    "192.0.2.1" },
		{ "192.0.2.1", NULL, true, "192.0.2.1", true, true, false, false, "192.0.2.1" },
		{ "2001:db8:0:1:2::7", "::1", false, "2001:db8:0:1:2::7", true, true, false, false,
		    "2001:db8:0:1::" },
	};

	expect_rows(rows, GP_COUNT(rows));
}

static void
of_what_proxies_forward_the_last_other_is_the_client(void)
{
	static const struct row rows[] = {
		{ "10.0.0.1", "192.0.2.1", false, "192.0.2.1", true, false, false, true,
		    "192.0.2.1" },
		{ "10.0.0.1", "192.0.2.2", false, "192.0.2.2", true, false, false, false,
		    "192.0.2.2" },
		/* What else the proxy says matters no more. */
		{ "10.0.0.1", "192.0.2.1", true, "192.0.2.1", true, false, false, true,
		    "192.0.2.1" },
		{ "::ffff:10.0.0.1", "192.0.2.1", false, "192.0.2.1", true, false, false, true,
		    "192.0.2.1" },
		/* What the client said itself stands in front. */
		{ "10.0.0.1", "192.0.2.1, 203.0.113.9", false, "203.0.113.9", true, false, false,
		    false, "203.0.113.9" },
		{ "10.0.0.1", "::1, 203.0.113.9", false, "203.0.113.9", true, false, false, false,
		    "203.0.113.9" },
		{ "10.0.0.1", "garbage, 203.0.113.9", false, "203.0.113.9", true, false, false,
		    false, "203.0.113.9" },
		{ "10.0.0.1", ",,203.0.113.9", false, "203.0.113.9", true, false, false, false,
		    "203.0.113.9" },
		/* Past proxies, in whatever form they are written. */
		{ "::1", "203.0.113.9,10.2.0.1 ,\t10.3.0.1", false, "203.0.113.9", true, false,
		    false, false, "203.0.113.9" },
		{ "::1", "garbage, [2001:db8::7]:443, [::1]:80, 10.2.0.1:80", false, "2001:db8::7",
		    true, false, false, true, "2001:db8::" },
		/* All are ours: the first of them asks. */
		{ "10.0.0.2", "10.0.0.1", false, "10.0.0.1", true, false, false, true, "10.0.0.1" },
		{ "10.0.0.2", "10.0.0.1, ::1, 10.0.0.3", false, "10.0.0.1", true, false, false,
		    true, "10.0.0.1" },
	};

	expect_rows(rows, GP_COUNT(rows));
}

static void
what_a_proxy_forwards_and_cannot_be_read_leaves_nobody(void)
{
	static const struct row rows[] = {
		{ "10.0.0.1", "", false, "10.0.0.1", false, true, false, false, "10.0.0.1" },
		{ "10.0.0.1", " ", false, "10.0.0.1", false, true, false, false, "10.0.0.1" },
		{ "10.0.0.1", ",", false, "10.0.0.1", false, true, false, false, "10.0.0.1" },
		{ "10.0.0.1", "unknown", false, "10.0.0.1", false, true, false, false, "10.0.0.1" },
		{ "10.0.0.1", "192.0.2.1,", false, "10.0.0.1", false, true, false, false,
		    "10.0.0.1" },
		{ "10.0.0.1", "192.0.2.1, unknown", false, "10.0.0.1", false, true, false, false,
		    "10.0.0.1" },
		{ "10.0.0.1", "192.0.2.1, unknown, 10.0.0.2", false, "10.0.0.1", false, true, false,
		    false, "10.0.0.1" },
		{ "10.0.0.1", ", 10.0.0.2", false, "10.0.0.1", false, true, false, false,
		    "10.0.0.1" },
		{ "10.0.0.1", "192.0.2.1 192.0.2.1", true, "10.0.0.1", false, true, false, false,
		    "10.0.0.1" },
		{ "::1", "fe80::1%eth0", false, "::1", false, true, false, false, "::" },
	};

	expect_rows(rows, GP_COUNT(rows));
}

/* A health check or a scrape from the machine of the proxy. */
static void
a_proxy_may_speak_for_itself(void)
{
	static const struct row rows[] = {
		{ "10.0.0.1", NULL, false, "10.0.0.1", true, false, true, true, NULL },
		{ "10.0.0.2", NULL, false, "10.0.0.2", true, false, true, false, NULL },
		{ "::1", NULL, false, "::1", true, false, true, true, NULL },
		/* Not when it says, in a way that we do not read, that it does not. */
		{ "10.0.0.1", NULL, true, "10.0.0.1", false, true, true, false, "10.0.0.1" },
	};

	expect_rows(rows, GP_COUNT(rows));
}

static void
a_peer_without_an_address_is_nobody(void)
{
	static const struct row rows[] = {
		{ NULL, NULL, false, "unknown", false, false, false, false, "::" },
		{ "", NULL, false, "unknown", false, false, false, false, "::" },
		{ "unix:", NULL, false, "unknown", false, false, false, false, "::" },
		{ "localhost", NULL, false, "unknown", false, false, false, false, "::" },
		{ "fe80::1%eth0", NULL, false, "unknown", false, false, false, false, "::" },
		{ "10.0.0.1, 10.0.0.1", NULL, false, "unknown", false, false, false, false, "::" },
		{ NULL, "192.0.2.1", false, "unknown", false, true, false, false, "::" },
		{ "", "192.0.2.1", true, "unknown", false, true, false, false, "::" },
		{ "unix:", NULL, true, "unknown", false, true, false, false, "::" },
	};

	expect_rows(rows, GP_COUNT(rows));
}

/* Not even where everybody is allowed. */
static void
nobody_is_never_allowed(void)
{
	struct gp_address_list none, everybody;
	struct gp_client client;

	CU_ASSERT_PTR_NULL_FATAL(gp_address_list_read("none", &none));
	CU_ASSERT_PTR_NULL_FATAL(gp_address_list_read("0.0.0.0/0, ::/0", &everybody));
	gp_client_read(NULL, NULL, false, &everybody, &client);
	CU_ASSERT_FALSE(gp_client_is_allowed(&client, &everybody));
	gp_client_read("192.0.2.1", "192.0.2.1", false, &none, &client);
	CU_ASSERT_FALSE(gp_client_is_allowed(&client, &everybody));
	gp_client_read("192.0.2.1", NULL, false, &none, &client);
	CU_ASSERT(gp_client_is_allowed(&client, &everybody));
	CU_ASSERT_FALSE(gp_client_is_allowed(&client, &none));
}

/* What the request says, and whether it counts as TLS when it came to us in clear, and over TLS. */
static void
tls_is_what_a_trusted_proxy_says_else_what_the_server_says(void)
{
	static const struct {
		const char *remote_address, *forwarded_proto;
		bool in_clear, over_tls;
	} rows[] = {
		{ "192.0.2.1", NULL, false, true },
		{ NULL, NULL, false, true },
		/* Nobody else is believed. */
		{ "192.0.2.1", "https", false, true },
		{ "192.0.2.1", "http", false, true },
		{ "11.0.0.1", "https", false, true },
		{ "unix:", "https", false, true },
		{ "", "https", false, true },
		{ NULL, "https", false, true },
		{ "10.0.0.1, 10.0.0.1", "https", false, true },
		/* A proxy that we know. */
		{ "10.0.0.1", "https", true, true },
		{ "::1", "https", true, true },
		{ "::ffff:10.0.0.1", "HTTPS", true, true },
		{ "10.0.0.1", NULL, false, true },
		{ "10.0.0.1", "http", false, false },
		/* Said by two, or by a client through a proxy that adds instead of setting. */
		{ "10.0.0.1", "https,http", false, false },
		{ "10.0.0.1", "https, http", false, false },
		{ "10.0.0.1", "http, https", false, false },
		{ "10.0.0.1", "https, https", false, false },
		{ "10.0.0.1", "https,", false, false },
		{ "10.0.0.1", "", false, false },
		{ "10.0.0.1", " https", false, false },
		{ "10.0.0.1", "https;", false, false },
		{ "10.0.0.1", "httpsx", false, false },
		{ "10.0.0.1", "on", false, false },
		{ "10.0.0.1", "wss", false, false },
	};
	struct gp_address_list proxies;

	CU_ASSERT_PTR_NULL_FATAL(gp_address_list_read(proxies_text, &proxies));
	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		gp_test_row("%s says %s", rows[i].remote_address, rows[i].forwarded_proto);
		CU_ASSERT_EQUAL(gp_client_uses_tls(rows[i].remote_address, rows[i].forwarded_proto,
				    false, &proxies),
		    rows[i].in_clear);
		CU_ASSERT_EQUAL(gp_client_uses_tls(rows[i].remote_address, rows[i].forwarded_proto,
				    true, &proxies),
		    rows[i].over_tls);
	}
}

const struct gp_test gp_tests_client_address[] = {
	GP_TEST(a_peer_that_is_no_proxy_is_the_client),
	GP_TEST(a_peer_that_is_no_proxy_is_not_believed),
	GP_TEST(of_what_proxies_forward_the_last_other_is_the_client),
	GP_TEST(what_a_proxy_forwards_and_cannot_be_read_leaves_nobody),
	GP_TEST(a_proxy_may_speak_for_itself),
	GP_TEST(a_peer_without_an_address_is_nobody),
	GP_TEST(nobody_is_never_allowed),
	GP_TEST(tls_is_what_a_trusted_proxy_says_else_what_the_server_says),
	{ NULL, NULL },
};
