/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Browsers send one text for each origin. What they would send in another way is made so, or
 * refused where that is not plain: an origin that never matches is a riddle later on.
 */
#include "origin_list.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { PORT_DIGITS = 5, PORT_MAX = 65535 };

static const char not_only_origin[] =
    "has more than an origin; write scheme, host and port alone, such as https://app.example.com";

static char *
trim(char *text)
{
	char *end = text + strlen(text);

	while (*text == ' ' || *text == '\t')
		text++;
	while (end > text && (end[-1] == ' ' || end[-1] == '\t'))
		*--end = '\0';
	return text;
}

static void
lower(char *text)
{
	for (; *text != '\0'; text++) {
		if (*text >= 'A' && *text <= 'Z')
			*text = (char)(*text - 'A' + 'a');
	}
}

/* What needs an explanation of its own. */
static const char *
judge_bytes(const char *origin)
{
	if (*origin == '\0')
		return "has an empty entry; write origins such as https://app.example.com";
	if (strchr(origin, '*') != NULL)
		return "has a *; every origin has to be named, because answers carry credentials";
	if (strcmp(origin, "null") == 0)
		return "has null, which any local file and sandboxed page may call itself; write "
		       "the origin of a web server";
	for (; *origin != '\0'; origin++) {
		if ((unsigned char)*origin <= 0x20 || *origin == 0x7f)
			return "has a space or control character inside an origin; separate "
			       "origins by commas";
		if ((unsigned char)*origin >= 0x80)
			return "has a host that is not ASCII; write it in its xn-- form";
	}
	return NULL;
}

/* In brackets; browsers write the shortest form, and never dots in it. */
static const char *
judge_ipv6(const char *host, size_t length)
{
	char inside[INET6_ADDRSTRLEN] = "", shortest[INET6_ADDRSTRLEN];
	struct in6_addr address;

	if (length - 2 < sizeof(inside))
		memcpy(inside, host + 1, length - 2);
	if (inet_pton(AF_INET6, inside, &address) != 1 ||
	    inet_ntop(AF_INET6, &address, shortest, sizeof(shortest)) == NULL ||
	    strcmp(inside, shortest) != 0 || strchr(shortest, '.') != NULL)
		return "has no IPv6 address in brackets, or not its shortest form, such as [::1]";
	return NULL;
}

/* What browsers take for the end of an IPv4 address, in all its old spellings. */
static bool
is_number(const char *text)
{
	if (text[0] == '0' && text[1] == 'x')
		return text[2 + strspn(text + 2, "0123456789abcdef")] == '\0';
	return text[strspn(text, "0123456789")] == '\0';
}

/* A name; or an IPv4 address, which to browsers is every host whose last part is a number. */
static const char *
judge_name(const char *host, size_t length)
{
	static const char characters[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
	char name[256] = "";
	struct in_addr address;
	const char *last;

	if (length < sizeof(name))
		memcpy(name, host, length);
	last = strrchr(name, '.');
	last = last != NULL ? last + 1 : name;
	if (name[0] == '.' || *last == '\0' || strstr(name, "..") != NULL ||
	    strspn(name, characters) != length ||
	    (is_number(last) && inet_pton(AF_INET, name, &address) != 1))
		return "has an origin without a host, or with one that is no name and no address";
	return NULL;
}

/* `port` begins with its colon, or is empty. It is cut off when it is the scheme's own. */
static const char *
cut_port(char *port, const char *own)
{
	size_t digits;

	if (*port == '\0')
		return NULL;
	digits = strspn(port + 1, "0123456789");
	if (digits == 0 || digits > PORT_DIGITS || port[1 + digits] != '\0' || port[1] == '0' ||
	    strtol(port + 1, NULL, 10) > PORT_MAX)
		return "has a port that is not a number from 1 to 65535";
	if (strcmp(port + 1, own) == 0)
		*port = '\0';
	return NULL;
}

/* What stands behind the scheme, to the end of the text. */
static const char *
judge_host(char *host, const char *own_port)
{
	char *bracket = host[0] == '[' ? strchr(host, ']') : NULL;
	size_t length = bracket != NULL ? (size_t)(bracket + 1 - host) : strcspn(host, ":");
	const char *problem;

	if (strchr(host, '@') != NULL)
		return not_only_origin;
	if (bracket == NULL)
		problem = judge_name(host, length);
	else
		problem = judge_ipv6(host, length);
	if (problem == NULL && host[length] != '\0' && host[length] != ':')
		problem = not_only_origin;
	return problem != NULL ? problem : cut_port(host + length, own_port);
}

static const char *
make_canonical(char *origin, bool is_url)
{
	char *mark = strstr(origin, "://");
	char *host = mark != NULL ? mark + strlen("://") : origin;
	char *rest = host + strcspn(host, "/?#");
	const char *problem;

	if (mark != NULL && (is_url || strcmp(rest, "/") == 0))
		*rest = '\0';
	problem = judge_bytes(origin);
	if (problem != NULL)
		return problem;
	if (*rest != '\0' && mark != NULL)
		return not_only_origin;
	lower(origin);
	if (strncmp(origin, "http://", strlen("http://")) == 0)
		return judge_host(origin + strlen("http://"), "80");
	if (strncmp(origin, "https://", strlen("https://")) == 0)
		return judge_host(origin + strlen("https://"), "443");
	return "must begin with http:// or https://, such as https://app.example.com";
}

const char *
gp_origin_read(char *origin)
{
	return make_canonical(origin, false);
}

bool
gp_origin_of_url(const char *url, char *origin)
{
	const char *mark = strstr(url, "://");
	size_t length;

	if (mark == NULL)
		return false;
	length = (size_t)(mark - url) + strlen("://");
	length += strcspn(url + length, "/?#");
	if (length >= GP_ORIGIN_SIZE)
		return false;
	memcpy(origin, url, length);
	origin[length] = '\0';
	return gp_origin_read(origin) == NULL;
}

static const char *
add(struct gp_origin_list *list, char *origin, bool is_url)
{
	const char *problem = make_canonical(origin, is_url);

	if (problem != NULL || gp_origin_list_has(list, origin))
		return problem;
	if (list->count == GP_ORIGINS_MAX)
		return "has more than 32 origins";
	list->origins[list->count++] = origin;
	return NULL;
}

/* Take off what stands around a text, and spaces inside of it; false when it is not there. */
static bool
unwrap(char **text, char first, char last)
{
	size_t length = strlen(*text);

	if (length < 2 || (*text)[0] != first || (*text)[length - 1] != last)
		return false;
	(*text)[length - 1] = '\0';
	*text = trim(*text + 1);
	return true;
}

const char *
gp_origin_list_read(char *text, struct gp_origin_list *list)
{
	static const char no_array[] = "must be separated by commas, or a JSON array of strings";
	size_t before = list->count;
	const char *problem = NULL;
	bool is_array;
	char *next;

	text = trim(text);
	is_array = text[0] == '[';
	if (is_array && !unwrap(&text, '[', ']'))
		return no_array;
	if (is_array && text[0] == '\0')
		return NULL;
	for (char *entry = text; entry != NULL && problem == NULL; entry = next) {
		char *origin;

		next = strchr(entry, ',');
		if (next != NULL)
			*next++ = '\0';
		origin = trim(entry);
		if (is_array && !unwrap(&origin, '"', '"'))
			problem = no_array;
		else
			problem = add(list, origin, false);
	}
	if (problem != NULL)
		list->count = before;
	return problem;
}

const char *
gp_origin_list_add_url(char *url, struct gp_origin_list *list)
{
	return add(list, trim(url), true);
}

bool
gp_origin_list_has(const struct gp_origin_list *list, const char *origin)
{
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->origins[i], origin) == 0)
			return true;
	}
	return false;
}
