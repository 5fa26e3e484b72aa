/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The input is up to four lines: the list of proxies, REMOTE_ADDR, X-Forwarded-For, and one that
 * only has to be there for another forwarding field. The lines are read as addresses too.
 */
#include "client_address.h"

#include "fuzz.h"

enum { LINES = 4 };

static bool
is_same(const struct gp_address *one, const struct gp_address *other)
{
	return memcmp(one, other, sizeof(*one)) == 0;
}

/* Any address has one text, and that is the address. */
static void
judge_address(const char *text)
{
	struct gp_address address, again, network;
	char shown[GP_ADDRESS_TEXT_SIZE], with_port[GP_ADDRESS_TEXT_SIZE + 8];

	if (!gp_address_read(text, strlen(text), &address))
		return;
	gp_address_text(&address, shown);
	GP_FUZZ_REQUIRE(gp_address_read(shown, strlen(shown), &again) && is_same(&again, &address));
	snprintf(
	    with_port, sizeof(with_port), strchr(shown, ':') != NULL ? "[%s]:80" : "%s:80", shown);
	GP_FUZZ_REQUIRE(gp_address_read(with_port, strlen(with_port), &again));
	GP_FUZZ_REQUIRE(is_same(&again, &address));
	gp_address_network(&address, &network);
	gp_address_network(&network, &again);
	GP_FUZZ_REQUIRE(is_same(&again, &network));
}

/* A list has each address it names, and is the same when it is written out again. */
static void
judge_list(const struct gp_address_list *list)
{
	char text[GP_ADDRESSES_MAX * (GP_ADDRESS_TEXT_SIZE + 8)] = "none";
	struct gp_address_list again;
	size_t length = 0;

	GP_FUZZ_REQUIRE(list->count <= GP_ADDRESSES_MAX);
	for (size_t i = 0; i < list->count; i++) {
		const struct gp_network *network = &list->networks[i];
		char shown[GP_ADDRESS_TEXT_SIZE];
		unsigned bits = network->bits;

		gp_address_text(&network->address, shown);
		if (strchr(shown, ':') == NULL)
			bits -= 96;
		GP_FUZZ_REQUIRE(bits <= 128);
		GP_FUZZ_REQUIRE(gp_address_list_has(list, &network->address));
		length +=
		    (size_t)snprintf(text + length, sizeof(text) - length, "%s/%u, ", shown, bits);
	}
	GP_FUZZ_REQUIRE(gp_address_list_read(text, &again) == NULL && again.count == list->count);
	for (size_t i = 0; i < list->count; i++) {
		GP_FUZZ_REQUIRE(again.networks[i].bits == list->networks[i].bits);
		GP_FUZZ_REQUIRE(is_same(&again.networks[i].address, &list->networks[i].address));
	}
}

/* Who stands in the list of proxies is passed over; whatever is put in front changes nothing. */
static void
judge_forgery(const char *peer, const char *forwarded_for, const struct gp_address_list *proxies,
    const struct gp_client *client)
{
	static const char *const forgeries[] = { "127.0.0.1, ", "unknown,", ",", "::1,10.0.0.1," };

	for (size_t i = 0; i < GP_COUNT(forgeries); i++) {
		size_t size = strlen(forgeries[i]) + strlen(forwarded_for) + 1;
		char *forged = malloc(size);
		struct gp_client again;

		GP_FUZZ_REQUIRE(forged != NULL);
		snprintf(forged, size, "%s%s", forgeries[i], forwarded_for);
		gp_client_read(peer, forged, false, proxies, &again);
		GP_FUZZ_REQUIRE(again.known == client->known);
		GP_FUZZ_REQUIRE(is_same(&again.address, &client->address));
		free(forged);
	}
}

/* What holds of every client, whatever was forwarded. */
static void
judge_predicates(const struct gp_client *client)
{
	struct gp_address_list everybody;
	struct gp_address network;

	GP_FUZZ_REQUIRE(gp_address_list_read("0.0.0.0/0 ::/0", &everybody) == NULL);
	GP_FUZZ_REQUIRE(
	    gp_client_is_allowed(client, &everybody) == (client->known && !client->forwarded));
	GP_FUZZ_REQUIRE(
	    gp_client_counts(client, &network) == (!client->trusted || client->forwarded));
	GP_FUZZ_REQUIRE(!client->trusted || client->known == !client->forwarded);
	GP_FUZZ_REQUIRE(strlen(client->text) < sizeof(client->text));
}

static void
judge_client(const char *peer, const char *forwarded_for, bool other_forwarding,
    const struct gp_address_list *proxies)
{
	struct gp_client client;
	struct gp_address address;
	bool is_peer = peer != NULL && gp_address_read(peer, strlen(peer), &address);
	bool is_proxy = is_peer && gp_address_list_has(proxies, &address);

	gp_client_read(peer, forwarded_for, other_forwarding, proxies, &client);
	judge_predicates(&client);
	if (!is_proxy) {
		GP_FUZZ_REQUIRE(client.known == is_peer && !client.trusted);
		GP_FUZZ_REQUIRE(client.forwarded == (forwarded_for != NULL || other_forwarding));
		GP_FUZZ_REQUIRE(!is_peer || is_same(&client.address, &address));
		return;
	}
	GP_FUZZ_REQUIRE(client.trusted == (forwarded_for == NULL));
	GP_FUZZ_REQUIRE(client.known != client.forwarded);
	if (!client.known)
		GP_FUZZ_REQUIRE(is_same(&client.address, &address));
	if (forwarded_for != NULL &&
	    (!client.known || !gp_address_list_has(proxies, &client.address)))
		judge_forgery(peer, forwarded_for, proxies, &client);
}

/* Each line, cut out in place; NULL where there is none. */
static void
cut(char *text, const char *lines[LINES])
{
	for (size_t i = 0; i < LINES; i++) {
		char *end = text != NULL ? strchr(text, '\n') : NULL;

		lines[i] = text;
		if (end != NULL)
			*end++ = '\0';
		text = end;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = gp_fuzz_copy(data, size);
	struct gp_address_list proxies;
	const char *lines[LINES];

	cut(text, lines);
	for (size_t i = 0; i < LINES; i++) {
		if (lines[i] != NULL)
			judge_address(lines[i]);
	}
	if (gp_address_list_read(lines[0], &proxies) == NULL)
		judge_list(&proxies);
	else
		GP_FUZZ_REQUIRE(proxies.count == 0);
	judge_client(lines[1], lines[2], lines[3] != NULL, &proxies);
	free(text);
	return 0;
}
