/* SPDX-License-Identifier: Apache-2.0 */
/*
 * IP addresses, and the lists of addresses and networks that settings name.
 */
#ifndef GP_ADDRESS_LIST_H
#define GP_ADDRESS_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "attributes.h"

/* More than anybody has proxies, or places that metrics are read from. */
#define GP_ADDRESSES_MAX 32

/* Bytes of the longest address as text, with its NUL. */
#define GP_ADDRESS_TEXT_SIZE 46

/* IPv4 is held as ::ffff:a.b.c.d, so that a server on an IPv6 socket names the same client. */
struct gp_address {
	unsigned char bytes[16]; /* in network order; two addresses are one when these are */
};

struct gp_network {
	struct gp_address address; /* the bits behind the first `bits` are 0 */
	unsigned bits;             /* of 128: those of an IPv4 network are 96 more than it says */
};

struct gp_address_list {
	struct gp_network networks[GP_ADDRESSES_MAX];
	size_t count;
};

/*
 * Read an address as servers and proxies write it: 192.0.2.1, 192.0.2.1:80, 2001:db8::1,
 * [2001:db8::1] or [2001:db8::1]:80; the port is dropped. Nothing around it, no zone (%eth0), no
 * name.
 *
 *   text      need not end in a NUL
 *   address   filled only when it is one
 */
GP_MUST_USE bool gp_address_read(const char *text, size_t length, struct gp_address *address);

/* The usual text of an address, IPv4 in dots; gp_address_read() reads it. */
void gp_address_text(const struct gp_address *address, char text[GP_ADDRESS_TEXT_SIZE]);

/*
 * What one client holds of addresses: an IPv4 address itself, of an IPv6 address its /64, within
 * which a client takes a new address whenever it likes.
 */
void gp_address_network(const struct gp_address *address, struct gp_address *network);

/*
 * Read addresses and networks separated by commas or spaces, as in `127.0.0.0/8, ::1`; or `none`
 * alone, for no address at all. Bits of a network behind its length count for nothing.
 *
 *   list   empty when something is wrong
 *
 * Returns NULL, or what is wrong.
 */
GP_MUST_USE const char *gp_address_list_read(const char *text, struct gp_address_list *list);

/* Whether a network of the list holds the address. ::/0 holds no IPv4 address, 0.0.0.0/0 does. */
GP_MUST_USE bool gp_address_list_has(
    const struct gp_address_list *list, const struct gp_address *address);

#endif
