/* SPDX-License-Identifier: Apache-2.0 */
/* Every address has 128 bits here; what is IPv4 shows in the first 96. */
#include "address_list.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

enum { BITS = 128, BITS_BEFORE_IPV4 = 96, BITS_OF_CLIENT = 64, BYTES_BEFORE_IPV4 = 12 };

_Static_assert(GP_ADDRESS_TEXT_SIZE == INET6_ADDRSTRLEN, "room for every address");

static const unsigned char before_ipv4[BYTES_BEFORE_IPV4] = { [10] = 0xff, [11] = 0xff };

static bool
is_ipv4(const struct gp_address *address)
{
	return memcmp(address->bytes, before_ipv4, sizeof(before_ipv4)) == 0;
}

static void
cut(struct gp_address *address, unsigned bits)
{
	for (unsigned i = 0; i < sizeof(address->bytes); i++) {
		unsigned kept = bits > 8 * i ? bits - 8 * i : 0;

		if (kept < 8)
			address->bytes[i] =
			    (unsigned char)(address->bytes[i] & (0xffU << (8 - kept)));
	}
}

/* An address and nothing else: no port, no brackets. */
static bool
read_bare(const char *text, size_t length, struct gp_address *address)
{
	char copy[GP_ADDRESS_TEXT_SIZE];
	struct gp_address read;

	if (length >= sizeof(copy) || memchr(text, '\0', length) != NULL)
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	if (inet_pton(AF_INET6, copy, read.bytes) != 1) {
		memcpy(read.bytes, before_ipv4, sizeof(before_ipv4));
		if (inet_pton(AF_INET, copy, read.bytes + sizeof(before_ipv4)) != 1)
			return false;
	}
	*address = read;
	return true;
}

/* The digits from `text` to `end`, 1 to `most` of them; -1 when there is anything else. */
static long
read_number(const char *text, const char *end, int most)
{
	long number = 0;

	if (text == end || end - text > most)
		return -1;
	for (; text < end; text++) {
		if (*text < '0' || *text > '9')
			return -1;
		number = number * 10 + (*text - '0');
	}
	return number;
}

/* Whether a colon and a port stand from `text` to `end`. */
static bool
is_port(const char *text, const char *end)
{
	return text < end && *text == ':' && read_number(text + 1, end, 5) >= 0;
}

static bool
read_bracketed(const char *text, size_t length, struct gp_address *address)
{
	const char *end = text + length;
	const char *bracket = memchr(text, ']', length);
	size_t inside;

	if (bracket == NULL || (bracket + 1 < end && !is_port(bracket + 1, end)))
		return false;
	inside = (size_t)(bracket - text) - 1;
	return memchr(text + 1, ':', inside) != NULL && read_bare(text + 1, inside, address);
}

bool
gp_address_read(const char *text, size_t length, struct gp_address *address)
{
	const char *end = text + length;
	const char *colon = memchr(text, ':', length);

	if (length > 0 && text[0] == '[')
		return read_bracketed(text, length, address);
	/* IPv6 has two colons at least: what stands in front of a single one can be IPv4 only. */
	if (colon != NULL && is_port(colon, end))
		return read_bare(text, (size_t)(colon - text), address);
	return read_bare(text, length, address);
}

void
gp_address_text(const struct gp_address *address, char text[GP_ADDRESS_TEXT_SIZE])
{
	/* Neither can fail: the families are known and there is room. */
	if (is_ipv4(address))
		inet_ntop(AF_INET, address->bytes + BYTES_BEFORE_IPV4, text, GP_ADDRESS_TEXT_SIZE);
	else
		inet_ntop(AF_INET6, address->bytes, text, GP_ADDRESS_TEXT_SIZE);
}

void
gp_address_network(const struct gp_address *address, struct gp_address *network)
{
	*network = *address;
	if (!is_ipv4(address))
		cut(network, BITS_OF_CLIENT);
}

/* Returns NULL, or what is wrong with one entry of a list. */
static const char *
read_network(const char *text, size_t length, struct gp_network *network)
{
	const char *end = text + length;
	const char *slash = memchr(text, '/', length);
	size_t address_length = slash != NULL ? (size_t)(slash - text) : length;
	unsigned before = memchr(text, ':', address_length) != NULL ? 0 : BITS_BEFORE_IPV4;
	long bits;

	if (!read_bare(text, address_length, &network->address))
		return "must be IP addresses and networks such as 127.0.0.0/8, ::1; or none, alone";
	network->bits = BITS;
	if (slash != NULL) {
		bits = read_number(slash + 1, end, 3);
		if (bits < 0 || bits > (long)(BITS - before))
			return "has a network whose length is not from 0 to 32, to 128 for IPv6";
		network->bits = before + (unsigned)bits;
		cut(&network->address, network->bits);
	}
	return NULL;
}

static bool
is_none(const char *text)
{
	static const char word[] = "none";

	text += strspn(text, " \t");
	if (strncmp(text, word, strlen(word)) != 0)
		return false;
	text += strlen(word);
	return text[strspn(text, " \t")] == '\0';
}

const char *
gp_address_list_read(const char *text, struct gp_address_list *list)
{
	static const char separators[] = " \t,";
	const char *problem = NULL;
	size_t count = 0;

	list->count = 0;
	if (is_none(text))
		return NULL;
	text += strspn(text, separators);
	if (*text == '\0')
		return "names no address; write none where there is to be none";
	for (; *text != '\0' && problem == NULL; text += strspn(text, separators)) {
		size_t length = strcspn(text, separators);

		if (count == GP_ADDRESSES_MAX)
			problem = "has more than 32 addresses and networks";
		else
			problem = read_network(text, length, &list->networks[count++]);
		text += length;
	}
	list->count = problem == NULL ? count : 0;
	return problem;
}

/* A network that only happens to hold the place where IPv4 is kept was not meant for it. */
static bool
holds(const struct gp_network *network, const struct gp_address *address)
{
	struct gp_address start = *address;

	if (network->bits < BITS_BEFORE_IPV4 && is_ipv4(address))
		return false;
	cut(&start, network->bits);
	return memcmp(start.bytes, network->address.bytes, sizeof(start.bytes)) == 0;
}

bool
gp_address_list_has(const struct gp_address_list *list, const struct gp_address *address)
{
	for (size_t i = 0; i < list->count; i++) {
		if (holds(&list->networks[i], address))
			return true;
	}
	return false;
}
