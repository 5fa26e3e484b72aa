/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries are made canonical when they are read, so that matching is comparing. An address that is
 * not plainly one thing to everybody who might read it is trusted by no entry.
 */
#include "trusted_origins.h"

#include <openssl/crypto.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "origin_list.h"
#include "utf8.h"

struct piece {
	const char *bytes; /* not NUL-terminated */
	size_t length;
};

/* An address of an app: scheme:, maybe // and a host, the rest. */
struct address {
	struct piece scheme, host, path;
};

static const char scheme_mark[] = "://";

static bool
is_pattern(const char *entry)
{
	return strpbrk(entry, "*?") != NULL;
}

/* Whether a text is, as a whole, what a pattern says; no * or ? stands for a slash. */
static bool
matches(struct piece pattern, struct piece text)
{
	size_t at = 0, star = SIZE_MAX, star_at = 0, i = 0;

	while (i < text.length) {
		char wanted = at < pattern.length ? pattern.bytes[at] : '\0';

		if (wanted == '*') {
			star = at++;
			star_at = i;
		} else if (at < pattern.length &&
			   (wanted == text.bytes[i] || (wanted == '?' && text.bytes[i] != '/'))) {
			at++;
			i++;
		} else if (star != SIZE_MAX && text.bytes[star_at] != '/') {
			at = star + 1; /* the last * takes one more */
			i = ++star_at;
		} else {
			return false;
		}
	}
	while (at < pattern.length && pattern.bytes[at] == '*')
		at++;
	return at == pattern.length;
}

static struct piece
whole(const char *text)
{
	return (struct piece){ text, strlen(text) };
}

/* `ends` begins with the slash, which is what ends a host; what else does ends a path too. */
static bool
split(const char *text, const char *ends, struct address *address)
{
	size_t length = strcspn(text, ":");

	if (text[length] == '\0')
		return false;
	address->scheme = (struct piece){ text, length };
	text += length + 1;
	address->host = (struct piece){ text, 0 };
	if (strncmp(text, "//", 2) == 0) {
		address->host = (struct piece){ text + 2, strcspn(text + 2, ends) };
		text += 2 + address->host.length;
	}
	address->path = (struct piece){ text, strcspn(text, ends + 1) };
	return true;
}

/* The byte that %XX at `text` stands for, 0x100 where it stands for none. */
static int
encoded_byte(const char *text, size_t left)
{
	int high = left >= 3 && text[0] == '%' ? OPENSSL_hexchar2int((unsigned char)text[1]) : -1;
	int low = high >= 0 ? OPENSSL_hexchar2int((unsigned char)text[2]) : -1;

	return low >= 0 ? high * 16 + low : 0x100;
}

/* Whether a path hides what parts or ends it: to some readers it is another path. */
static bool
hides_something(struct piece path)
{
	for (size_t i = 0; i < path.length; i++) {
		int byte = encoded_byte(path.bytes + i, path.length - i);

		if (path.bytes[i] == '\\' || byte == '/' || byte == '\\' || byte < 0x20 ||
		    byte == 0x7f)
			return true;
	}
	return false;
}

/* . or .., in each of their spellings. */
static bool
is_dots(const char *segment, size_t length)
{
	size_t count = 0;

	for (size_t i = 0; i < length; count++) {
		bool is_encoded = encoded_byte(segment + i, length - i) == '.';

		if (!is_encoded && segment[i] != '.')
			return false;
		i += is_encoded ? 3 : 1;
	}
	return count == 1 || count == 2;
}

/* What a path has between its slashes; that there is nothing around them does not count. */
static void
look_at_segments(struct piece path, bool *has_dots, bool *has_empty)
{
	const char *end = path.bytes + path.length;

	*has_dots = false;
	*has_empty = false;
	for (const char *at = path.bytes; at < end;) {
		const char *slash = memchr(at, '/', (size_t)(end - at));
		const char *stop = slash != NULL ? slash : end;

		*has_dots = *has_dots || is_dots(at, (size_t)(stop - at));
		*has_empty = *has_empty || (stop == at && at != path.bytes);
		at = slash != NULL ? slash + 1 : end;
	}
}

/* Whether an entry's path has one thing to say. */
static bool
is_plain_path(struct piece path)
{
	bool has_dots, has_empty;

	look_at_segments(path, &has_dots, &has_empty);
	return !has_dots && !has_empty && !hides_something(path);
}

/* One slash at the end says nothing. */
static struct piece
without_last_slash(struct piece path)
{
	if (path.length > 0 && path.bytes[path.length - 1] == '/')
		path.length--;
	return path;
}

/* --- reading entries --- */

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

static const char *
judge_bytes(const char *entry)
{
	if (*entry == '\0')
		return "has an empty entry; write origins such as https://app.example.com";
	for (const char *c = entry; *c != '\0'; c++) {
		if ((unsigned char)*c <= 0x20 || *c == 0x7f)
			return "has a space or control character inside an entry; separate entries "
			       "by commas";
		if ((unsigned char)*c >= 0x80)
			return "has an entry that is not ASCII; write a host in its xn-- form";
	}
	if (strpbrk(entry, "\\%@#") != NULL)
		return "has one of \\ % @ # in an entry; write no more than an origin, such as "
		       "https://app.example.com";
	if (strstr(entry, "**") != NULL)
		return "has **; write * once for each part between two slashes";
	return NULL;
}

/* Whether what is behind the last dot of the host, where names belong to anybody, is left open. */
static bool
leaves_end_open(const char *host)
{
	size_t length = strcspn(host, host[0] == '[' ? "]/" : ":/");

	while (length > 0 && host[length - 1] != '.') {
		length--;
		if (host[length] == '*' || host[length] == '?')
			return true;
	}
	return false;
}

/*
 * A pattern of an origin, which has its form when it is one with a 1 for each * and ?: a digit may
 * stand in a host and in a port.
 */
static const char *
read_origin_pattern(char *pattern)
{
	char *mark = strstr(pattern, scheme_mark);
	const char *before = mark != NULL ? "" : "http://";
	char example[GP_ORIGIN_SIZE];
	const char *problem;
	size_t length;
	int printed;

	if (leaves_end_open(mark != NULL ? mark + strlen(scheme_mark) : pattern))
		return "has a host that ends in * or ?, which anybody's site can match; write how it "
		       "ends, such as https://*.example.com";
	printed = snprintf(example, sizeof(example), "%s%s", before, pattern);
	if (printed < 0 || (size_t)printed >= sizeof(example))
		return "has an entry that is too long for an origin";
	for (char *c = example; *c != '\0'; c++)
		*c = *c == '*' || *c == '?' ? '1' : *c;
	problem = gp_origin_read(example);
	if (problem != NULL)
		return problem;
	length = strlen(example) - strlen(before);
	if (mark == NULL && strchr(pattern, ':') != NULL &&
	    strchr(example + strlen("http:"), ':') == NULL)
		return "has port 80, which browsers leave out; write such an entry with its scheme, "
		       "as in http://*.example.com";
	for (size_t i = 0; i < length; i++) {
		if (pattern[i] != '*' && pattern[i] != '?')
			pattern[i] = example[strlen(before) + i];
	}
	pattern[length] = '\0';
	return NULL;
}

static bool
is_scheme(struct piece scheme)
{
	static const char characters[] = "abcdefghijklmnopqrstuvwxyz0123456789+-.";

	for (size_t i = 0; i < scheme.length; i++) {
		if (memchr(characters, scheme.bytes[i], sizeof(characters) - 1) == NULL)
			return false;
	}
	return scheme.length > 0 && scheme.bytes[0] >= 'a' && scheme.bytes[0] <= 'z';
}

/* Those that browsers have uses of their own for; apps may not be reached by them. */
static bool
is_of_browsers(struct piece scheme)
{
	static const char *const schemes[] = { "about", "blob", "chrome", "data", "file",
		"filesystem", "ftp", "http", "https", "javascript", "vbscript", "view-source", "ws",
		"wss" };

	for (size_t i = 0; i < GP_COUNT(schemes); i++) {
		if (strlen(schemes[i]) == scheme.length &&
		    memcmp(schemes[i], scheme.bytes, scheme.length) == 0)
			return true;
	}
	return false;
}

/* Whether a host of an app's address is one: hardly anything is sure to be none. */
static bool
is_app_host(struct piece host, const char *more)
{
	static const char characters[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.~:[]";

	for (size_t i = 0; i < host.length; i++) {
		if (memchr(characters, host.bytes[i], sizeof(characters) - 1) == NULL &&
		    (host.bytes[i] == '\0' || strchr(more, host.bytes[i]) == NULL))
			return false;
	}
	return true;
}

static const char *
read_app_entry(char *entry)
{
	struct address address;
	struct piece path;
	size_t length;

	if (!split(entry, "/", &address))
		return "has an entry without a scheme, such as https:// or myapp://";
	length = (size_t)(address.host.bytes + address.host.length - entry);
	if (length >= GP_ORIGIN_SIZE)
		return "has an entry that is too long for an origin";
	for (size_t i = 0; i < length; i++) {
		if (entry[i] >= 'A' && entry[i] <= 'Z')
			entry[i] = (char)(entry[i] - 'A' + 'a');
	}
	if (!is_scheme(address.scheme) || is_of_browsers(address.scheme))
		return "has a scheme that no app has; write http://, https:// or an app's own, such as "
		       "myapp://";
	if (!is_app_host(address.host, "*?") || !is_plain_path(address.path))
		return "has an app's address with more than a host and a plain path; write it such as "
		       "myapp://host/path";
	path = without_last_slash(address.path);
	entry[(size_t)(path.bytes - entry) + path.length] = '\0';
	return NULL;
}

static bool
begins_with_any_case(const char *text, const char *start)
{
	return strncasecmp(text, start, strlen(start)) == 0;
}

/* Make one entry canonical; returns NULL, or what is wrong. */
static const char *
read_entry(char *entry)
{
	const char *problem = judge_bytes(entry);
	const char *mark = strstr(entry, scheme_mark);

	if (problem != NULL)
		return problem;
	if (mark != NULL && strcspn(entry, "*?") < (size_t)(mark - entry))
		return "has a * or ? in a scheme; name each, such as http://*.example.com and "
		       "https://*.example.com";
	if (mark != NULL && !begins_with_any_case(entry, "http://") &&
	    !begins_with_any_case(entry, "https://"))
		return read_app_entry(entry);
	return is_pattern(entry) ? read_origin_pattern(entry) : gp_origin_read(entry);
}

bool
gp_trusted_origins_add(struct gp_trusted_origins *list, const char *origin)
{
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->patterns[i], origin) == 0)
			return true;
	}
	if (list->count == GP_TRUSTED_ORIGINS_MAX)
		return false;
	list->patterns[list->count++] = origin;
	return true;
}

const char *
gp_trusted_origins_read(char *text, struct gp_trusted_origins *list)
{
	const size_t before = list->count;
	const char *problem = NULL;
	char *next;

	text = trim(text);
	for (char *entry = *text != '\0' ? text : NULL; entry != NULL && problem == NULL;
	     entry = next) {
		next = strchr(entry, ',');
		if (next != NULL)
			*next++ = '\0';
		entry = trim(entry);
		problem = read_entry(entry);
		if (problem == NULL && !gp_trusted_origins_add(list, entry))
			problem = "has more than 32 entries";
	}
	if (problem != NULL)
		list->count = before;
	return problem;
}

/* --- judging addresses --- */

/* UTF-8 without control characters, of which U+0080 to U+009F are some too. */
static bool
is_clean(const char *text)
{
	size_t length = strlen(text);

	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < 0x20 || c == 0x7f || (c == 0xc2 && (unsigned char)text[i + 1] < 0xa0))
			return false;
	}
	return gp_utf8_is_valid(text, length);
}

static bool
matches_origin(const char *entry, const char *origin)
{
	if (!is_pattern(entry))
		return strcmp(entry, origin) == 0;
	if (strstr(entry, scheme_mark) == NULL)
		origin = strstr(origin, scheme_mark) + strlen(scheme_mark);
	return matches(whole(entry), whole(origin));
}

static bool
is_below(struct piece path, struct piece top)
{
	return path.length >= top.length && memcmp(path.bytes, top.bytes, top.length) == 0 &&
	       (path.length == top.length || path.bytes[top.length] == '/');
}

static bool
matches_app(const char *entry, const struct address *address)
{
	struct address wanted;

	if (strstr(entry, scheme_mark) == NULL || !split(entry, "/", &wanted) ||
	    wanted.scheme.length != address->scheme.length ||
	    memcmp(wanted.scheme.bytes, address->scheme.bytes, wanted.scheme.length) != 0)
		return false;
	if (is_pattern(entry))
		return (wanted.host.length == 0) == (address->host.length == 0) &&
		       matches(wanted.host, address->host) && is_plain_path(address->path) &&
		       matches(wanted.path, without_last_slash(address->path));
	if (wanted.host.length > 0 && !matches(wanted.host, address->host))
		return false;
	if (wanted.path.length == 0)
		return true;
	return is_plain_path(address->path) && is_below(address->path, wanted.path);
}

/* An app's address with scheme and host in lower case, written to `room`; false where it is none.
 */
static bool
read_app_address(const char *url, char *room, struct address *address)
{
	size_t length;

	if (!split(url, "/?#", address))
		return false;
	length = (size_t)(address->host.bytes + address->host.length - url);
	if (length >= GP_ORIGIN_SIZE)
		return false;
	for (size_t i = 0; i < length; i++)
		room[i] = (char)(url[i] >= 'A' && url[i] <= 'Z' ? url[i] - 'A' + 'a' : url[i]);
	address->host.bytes = room + (address->host.bytes - url);
	address->scheme.bytes = room;
	return is_scheme(address->scheme) && !is_of_browsers(address->scheme) &&
	       is_app_host(address->host, "");
}

bool
gp_trusted_origins_has(const struct gp_trusted_origins *list, const char *url)
{
	char room[GP_ORIGIN_SIZE];
	struct address address;

	if (!is_clean(url))
		return false;
	if (gp_origin_of_url(url, room)) {
		for (size_t i = 0; i < list->count; i++) {
			if (matches_origin(list->patterns[i], room))
				return true;
		}
		return false;
	}
	if (!read_app_address(url, room, &address))
		return false;
	for (size_t i = 0; i < list->count; i++) {
		if (matches_app(list->patterns[i], &address))
			return true;
	}
	return false;
}

/* What stands before the query and the fragment, the scheme and the host not with it. */
static struct piece
path_of(const char *target)
{
	const char *mark = strstr(target, scheme_mark);
	const char *path = target;

	if (target[0] != '/' && mark != NULL)
		path = mark + strlen(scheme_mark) + strcspn(mark + strlen(scheme_mark), "/?#");
	return (struct piece){ path, strcspn(path, "?#") };
}

bool
gp_trusted_target_is_allowed(const struct gp_trusted_origins *list, const char *target)
{
	struct piece path = path_of(target);
	bool has_dots, has_empty;

	look_at_segments(path, &has_dots, &has_empty);
	if (strlen(target) > GP_TRUSTED_TARGET_MAX || hides_something(path) ||
	    (has_dots && has_empty))
		return false;
	if (target[0] == '/')
		return target[1] != '/' && strchr(target, '\\') == NULL && is_clean(target);
	return gp_trusted_origins_has(list, target);
}
