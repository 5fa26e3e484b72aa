/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who the client of a request is, when proxies may stand in between: the peer of the web server, or
 * whom a trusted proxy names. What a client says of itself is never believed.
 */
#ifndef GP_CLIENT_ADDRESS_H
#define GP_CLIENT_ADDRESS_H

#include <stdbool.h>

#include "address_list.h"
#include "attributes.h"

struct gp_client {
	/* The client's where it is known, else the peer's, else all 0. */
	struct gp_address address;
	bool known;
	bool forwarded; /* a forwarding field was there that was not believed, or not understood */
	bool trusted;   /* the peer is a trusted proxy and forwarded no client's address */
	char text[GP_ADDRESS_TEXT_SIZE]; /* the address for the log; "unknown" for all 0 */
};

/*
 * Find the client. A peer that is no trusted proxy is the client. Of what a trusted proxy forwards
 * the last address that is no trusted proxy's is the client's: it was put there by a proxy and not
 * by the client. When all are trusted, the first is; when one that has to be read cannot be, the
 * client is not known.
 *
 *   remote_address     REMOTE_ADDR: the web server's peer; NULL when absent
 *   forwarded_for      X-Forwarded-For, all of its lines in their order, joined by commas; NULL
 *                      when absent. "" is a field that says nothing that can be read; it is also
 *                      what to pass for two variables of that name: lighttpd makes them of
 *                      X-Forwarded-For and of an X_Forwarded_For that the client sent
 *   other_forwarding   whether another field says that the request was forwarded: Forwarded,
 *                      X-Real-IP and the like; none of them is ever read
 *   proxies            whom to believe
 */
void gp_client_read(const char *remote_address, const char *forwarded_for, bool other_forwarding,
    const struct gp_address_list *proxies, struct gp_client *client);

/*
 * Whether the client's own connection has TLS. What a trusted proxy says of it goes before how the
 * proxy reached the web server; what anybody else says is not believed.
 *
 *   remote_address    REMOTE_ADDR; NULL when absent
 *   forwarded_proto   X-Forwarded-Proto, all of its lines joined by commas; NULL when absent. A
 * list is no "https": somebody on the way may have added to what the client sent. As is "", which
 * is what to pass for two variables of that name over_tls          whether the web server got the
 * request over TLS proxies           whom to believe
 */
GP_MUST_USE bool gp_client_uses_tls(const char *remote_address, const char *forwarded_proto,
    bool over_tls, const struct gp_address_list *proxies);

/*
 * Whether the client is known to be one of those that a list allows. A request that was forwarded
 * by somebody we do not trust is nobody's: the peer is then not who asks.
 */
GP_MUST_USE bool gp_client_is_allowed(
    const struct gp_client *client, const struct gp_address_list *allowed);

/*
 * Whose failures count for a rate limit: the client's, or the peer's where the client is not known;
 * peers without a readable address count together, as `::`.
 *
 *   network   what one client holds of addresses, as gp_address_network() says; filled only when it
 *             counts
 *
 * Returns false for a trusted proxy that speaks for itself: counting it would shut out everybody
 * behind it.
 */
GP_MUST_USE bool gp_client_counts(const struct gp_client *client, struct gp_address *network);

#endif
