/* SPDX-License-Identifier: Apache-2.0 */
/* Each proxy adds its own peer at the right, so that is where what can be believed begins. */
#include "client_address.h"

#include <string.h>
#include <strings.h>

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* What stands between two commas. */
static bool
read_element(const char *text, const char *end, struct gp_address *address)
{
	while (text < end && is_blank(*text))
		text++;
	while (end > text && is_blank(end[-1]))
		end--;
	return gp_address_read(text, (size_t)(end - text), address);
}

/* From the right, past trusted proxies; false when an element on the way is no address. */
static bool
find_client(
    const char *forwarded_for, const struct gp_address_list *proxies, struct gp_address *address)
{
	const char *end = forwarded_for + strlen(forwarded_for);

	for (;;) {
		const char *start = end;

		while (start > forwarded_for && start[-1] != ',')
			start--;
		if (!read_element(start, end, address))
			return false;
		if (start == forwarded_for || !gp_address_list_has(proxies, address))
			return true;
		end = start - 1;
	}
}

/* The peer is a trusted proxy: for whom does it speak? */
static void
believe(const char *forwarded_for, const struct gp_address_list *proxies, struct gp_client *client)
{
	struct gp_address address;

	if (forwarded_for == NULL) {
		client->trusted = true;
		client->known = !client->forwarded;
	} else if (find_client(forwarded_for, proxies, &address)) {
		client->forwarded = false;
		client->address = address;
	} else {
		client->known = false;
	}
}

void
gp_client_read(const char *remote_address, const char *forwarded_for, bool other_forwarding,
    const struct gp_address_list *proxies, struct gp_client *client)
{
	*client = (struct gp_client){ .forwarded = forwarded_for != NULL || other_forwarding,
		.text = "unknown" };
	if (remote_address == NULL ||
	    !gp_address_read(remote_address, strlen(remote_address), &client->address))
		return;
	client->known = true;
	if (gp_address_list_has(proxies, &client->address))
		believe(forwarded_for, proxies, client);
	gp_address_text(&client->address, client->text);
}

bool
gp_client_uses_tls(const char *remote_address, const char *forwarded_proto, bool over_tls,
    const struct gp_address_list *proxies)
{
	struct gp_address peer;

	if (forwarded_proto == NULL || remote_address == NULL ||
	    !gp_address_read(remote_address, strlen(remote_address), &peer) ||
	    !gp_address_list_has(proxies, &peer))
		return over_tls;
	return strcasecmp(forwarded_proto, "https") == 0;
}

bool
gp_client_is_allowed(const struct gp_client *client, const struct gp_address_list *allowed)
{
	return client->known && !client->forwarded &&
	       gp_address_list_has(allowed, &client->address);
}

bool
gp_client_counts(const struct gp_client *client, struct gp_address *network)
{
	if (client->trusted && !client->forwarded)
		return false;
	gp_address_network(&client->address, network);
	return true;
}
