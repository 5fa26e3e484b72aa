/* SPDX-License-Identifier: Apache-2.0 */
/* Lines first, then what is in each, then what they say together. */
#include "http_head.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "buffer.h"
#include "percent.h"

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/* A piece of the head. */
struct text {
	const char *bytes;
	size_t length;
};

struct field {
	struct text name;
	struct text value;
};

struct request_line {
	struct text method;
	struct text target;
	struct text version;
};

struct head {
	struct request_line line;
	struct field fields[GP_HTTP_FIELDS_MAX];
	size_t count;
};

/* Of which more than one, or a list of values, would leave it open which one counts. */
static const char *const fields_alone[] = { "Authorization", "Content-Length", "Host", "Origin",
	"Sec-WebSocket-Key", "Sec-WebSocket-Version", "Transfer-Encoding" };

static bool
is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

/* Whether there is a character, and each is one of these. */
static bool
is_made_of(struct text text, const char *characters)
{
	for (size_t i = 0; i < text.length; i++) {
		if (text.bytes[i] == '\0' || strchr(characters, text.bytes[i]) == NULL)
			return false;
	}
	return text.length > 0;
}

static bool
is_token(struct text text)
{
	return is_made_of(text, LETTERS DIGITS "!#$%&'*+-.^_`|~");
}

static bool
is_same(struct text text, const char *other)
{
	return text.length == strlen(other) && memcmp(text.bytes, other, text.length) == 0;
}

static bool
is_named(struct text name, const char *other)
{
	return name.length == strlen(other) && strncasecmp(name.bytes, other, name.length) == 0;
}

/* What stands in front of the first of these characters, taken off with it; false without one. */
static bool
take_until(struct text *rest, char end, struct text *piece)
{
	const char *found = memchr(rest->bytes, end, rest->length);

	if (found == NULL)
		return false;
	*piece = (struct text){ rest->bytes, (size_t)(found - rest->bytes) };
	*rest = (struct text){ found + 1, rest->length - piece->length - 1 };
	return true;
}

static bool
take_line(struct text *rest, struct text *line)
{
	if (!take_until(rest, '\n', line) || line->length == 0 ||
	    line->bytes[line->length - 1] != '\r')
		return false;
	line->length--;
	return true;
}

/* RFC 9112 section 2.3 */
static enum gp_outcome
judge_version(struct text version)
{
	const char *bytes = version.bytes;

	if (is_same(version, "HTTP/1.1") || is_same(version, "HTTP/1.0"))
		return GP_OK;
	return version.length == strlen("HTTP/2.0") && memcmp(bytes, "HTTP/", 5) == 0 &&
		       is_made_of((struct text){ bytes + 5, 1 }, DIGITS) && bytes[6] == '.' &&
		       is_made_of((struct text){ bytes + 7, 1 }, DIGITS)
		   ? GP_BAD_HTTP_VERSION
		   : GP_BAD_HTTP;
}

/*
 * A path and perhaps a query: whole addresses are for proxies. Of what has to stand encoded there,
 * browsers leave some characters as they are, which do no harm; a fragment is never sent.
 */
static bool
is_target(struct text target)
{
	for (size_t i = 0; i < target.length; i++) {
		unsigned char c = (unsigned char)target.bytes[i];

		if (c <= 0x20 || c >= 0x7f || c == '#')
			return false;
	}
	return target.length > 0 && target.bytes[0] == '/';
}

static enum gp_outcome
read_request_line(struct text text, struct request_line *line)
{
	enum gp_outcome outcome;

	if (!take_until(&text, ' ', &line->method) || !is_token(line->method))
		return GP_BAD_HTTP;
	/* HTTP/0.9 had neither a version nor any method but one. */
	if (!take_until(&text, ' ', &line->target))
		return is_same(line->method, "GET") && is_target(text) ? GP_BAD_HTTP_VERSION
								       : GP_BAD_HTTP;
	line->version = text;
	outcome = judge_version(line->version);
	if (outcome == GP_OK && !is_target(line->target))
		outcome = GP_BAD_HTTP;
	return outcome;
}

/* The line that ends in front of the byte just seen. */
static enum gp_outcome
scan_line(struct gp_http_scan *scan, const char *bytes)
{
	struct text text = { bytes + scan->line, scan->scanned - scan->line - strlen("\r\n") };
	struct request_line line;

	if (scan->line == 0)
		return read_request_line(text, &line);
	if (text.length == 0)
		scan->head_length = scan->scanned;
	return GP_OK;
}

static enum gp_outcome
scan_byte(struct gp_http_scan *scan, const char *bytes)
{
	size_t at = scan->scanned;
	bool after_return = at > 0 && bytes[at - 1] == '\r';
	char c = bytes[at];
	enum gp_outcome outcome;

	if ((c == '\n') != after_return || (is_control(c) && c != '\t' && c != '\r' && c != '\n'))
		return GP_BAD_HTTP;
	scan->scanned++;
	if (c != '\n')
		return GP_OK;
	outcome = scan_line(scan, bytes);
	if (outcome == GP_OK)
		scan->line = scan->scanned;
	else
		scan->scanned = at;
	return outcome;
}

enum gp_outcome
gp_http_head_scan(struct gp_http_scan *scan, const char *bytes, size_t length)
{
	size_t end = length < GP_HTTP_HEAD_MAX ? length : GP_HTTP_HEAD_MAX;

	while (scan->head_length == 0 && scan->scanned < end) {
		enum gp_outcome outcome = scan_byte(scan, bytes);

		if (outcome != GP_OK)
			return outcome;
	}
	if (scan->head_length > 0 || end < GP_HTTP_HEAD_MAX)
		return GP_OK;
	return scan->line == 0 ? GP_BAD_TARGET_SIZE : GP_BAD_HEAD_SIZE;
}

/* Bytes past ASCII are nobody's business here: clients send names in them, and servers pass them.
 */
static bool
is_value(struct text value)
{
	for (size_t i = 0; i < value.length; i++) {
		if (is_control(value.bytes[i]) && value.bytes[i] != '\t')
			return false;
	}
	return true;
}

static struct text
trim(struct text text)
{
	while (text.length > 0 && (text.bytes[0] == ' ' || text.bytes[0] == '\t')) {
		text.bytes++;
		text.length--;
	}
	while (text.length > 0 &&
	       (text.bytes[text.length - 1] == ' ' || text.bytes[text.length - 1] == '\t'))
		text.length--;
	return text;
}

/* A folded line has no name, and a name with a blank behind it is no token. */
static enum gp_outcome
read_field(struct text line, struct head *head)
{
	struct field field;

	if (!take_until(&line, ':', &field.name) || !is_token(field.name) || !is_value(line))
		return GP_BAD_HTTP;
	if (head->count == GP_HTTP_FIELDS_MAX)
		return GP_BAD_HEAD_SIZE;
	field.value = trim(line);
	head->fields[head->count++] = field;
	return GP_OK;
}

static enum gp_outcome
read_lines(struct text rest, struct head *head)
{
	struct text line;
	enum gp_outcome outcome = GP_BAD_HTTP;

	head->count = 0;
	if (take_line(&rest, &line))
		outcome = read_request_line(line, &head->line);
	while (outcome == GP_OK) {
		if (!take_line(&rest, &line))
			return GP_BAD_HTTP;
		if (line.length == 0)
			return rest.length == 0 ? GP_OK : GP_BAD_HTTP;
		outcome = read_field(line, head);
	}
	return outcome;
}

/* The first field of this name, and how many there are; NULL without any. */
static const struct text *
find(const struct head *head, const char *name, size_t *count)
{
	const struct text *value = NULL;

	*count = 0;
	for (size_t i = 0; i < head->count; i++) {
		if (!is_named(head->fields[i].name, name))
			continue;
		if (value == NULL)
			value = &head->fields[i].value;
		++*count;
	}
	return value;
}

/* RFC 9112 section 6: two lengths, or one that is none, are how requests are smuggled. */
static enum gp_outcome
judge_body(const struct head *head)
{
	size_t count;
	const struct text *length = find(head, "Content-Length", &count);
	const struct text *coding = find(head, "Transfer-Encoding", &count);
	bool has_body = coding != NULL || (length != NULL && !is_made_of(*length, "0"));

	if ((length != NULL && !is_made_of(*length, DIGITS)) ||
	    (coding != NULL && (length != NULL || is_same(head->line.version, "HTTP/1.0"))))
		return GP_BAD_HTTP;
	return has_body && (is_same(head->line.method, "GET") || is_same(head->line.method, "HEAD"))
		   ? GP_BAD_BODY
		   : GP_OK;
}

/* RFC 9112 section 3.2, with the characters of RFC 3986 section 3.2.2; it may be empty. */
static bool
has_good_host(const struct head *head)
{
	size_t count;
	const struct text *host = find(head, "Host", &count);

	if (host == NULL)
		return is_same(head->line.version, "HTTP/1.0");
	return host->length == 0 || is_made_of(*host, LETTERS DIGITS "-._~!$&'()*+,;=%:[]");
}

static enum gp_outcome
judge_fields(const struct head *head)
{
	for (size_t i = 0; i < GP_COUNT(fields_alone); i++) {
		size_t count;

		(void)find(head, fields_alone[i], &count);
		if (count > 1)
			return GP_BAD_HTTP;
	}
	return has_good_host(head) ? judge_body(head) : GP_BAD_HTTP;
}

/* One behind the other, each ended by a NUL, of which none has one inside. */
struct variables {
	struct gp_buffer text;
	size_t count;
};

static void
end_variable(struct variables *variables)
{
	gp_buffer_add_byte(&variables->text, '\0');
	variables->count++;
}

static void
add_variable(struct variables *variables, const char *name, struct text value)
{
	gp_buffer_add_text(&variables->text, name);
	gp_buffer_add_byte(&variables->text, '=');
	gp_buffer_add(&variables->text, value.bytes, value.length);
	end_variable(variables);
}

static void
add_text_variable(struct variables *variables, const char *name, const char *value)
{
	add_variable(variables, name, (struct text){ value, strlen(value) });
}

static bool
is_handed_on(struct text name)
{
	return is_made_of(name, LETTERS DIGITS "-") && !is_named(name, "Proxy");
}

/* RFC 3875 section 4.1.18 */
static void
add_name(struct gp_buffer *text, struct text name)
{
	if (!is_named(name, "Content-Length") && !is_named(name, "Content-Type"))
		gp_buffer_add_text(text, "HTTP_");
	for (size_t i = 0; i < name.length; i++) {
		char c = name.bytes[i];

		if (c == '-')
			c = '_';
		else if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		gp_buffer_add_byte(text, c);
	}
}

static bool
has_same_name(const struct field *one, const struct field *other)
{
	return one->name.length == other->name.length &&
	       strncasecmp(one->name.bytes, other->name.bytes, one->name.length) == 0;
}

/* The variable of this field and all further ones of its name; none where one before has made it.
 */
static void
add_field(struct variables *variables, const struct head *head, const struct field *field)
{
	const char *separator = is_named(field->name, "Cookie") ? "; " : ", ";
	const struct field *end = head->fields + head->count;

	if (!is_handed_on(field->name))
		return;
	for (const struct field *other = head->fields; other < field; other++) {
		if (has_same_name(other, field))
			return;
	}
	add_name(&variables->text, field->name);
	gp_buffer_add_byte(&variables->text, '=');
	for (const struct field *other = field; other < end; other++) {
		if (!has_same_name(other, field))
			continue;
		if (other > field)
			gp_buffer_add_text(&variables->text, separator);
		gp_buffer_add(&variables->text, other->value.bytes, other->value.length);
	}
	end_variable(variables);
}

/* RFC 9110 section 7.8: HTTP/1.0 has no protocol to go on with. */
static bool
is_idle(const struct head *head, const struct field *field)
{
	return is_same(head->line.version, "HTTP/1.0") && is_named(field->name, "Upgrade");
}

static bool
has_control(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (is_control(bytes[i]))
			return true;
	}
	return false;
}

/* The query stays encoded, and is decoded here only to be looked at. */
static enum gp_outcome
add_target(struct variables *variables, struct text target)
{
	struct gp_arena *arena = variables->text.arena;
	struct text query = target, path;
	char *decoded, *scratch;

	if (!take_until(&query, '?', &path)) {
		path = target;
		query.length = 0;
	}
	decoded = gp_arena_copy(arena, path.bytes, path.length);
	scratch = gp_arena_copy(arena, query.bytes, query.length);
	if (decoded == NULL || scratch == NULL)
		return GP_ERR_MEMORY;
	if (!gp_percent_decode(decoded) || has_control(decoded, strlen(decoded)))
		return GP_BAD_PATH;
	if (has_control(scratch, gp_percent_decode_query(query.bytes, query.length, scratch)))
		return GP_BAD_HTTP;
	add_text_variable(variables, "PATH_INFO", decoded);
	add_variable(variables, "QUERY_STRING", query);
	add_variable(variables, "REQUEST_URI", target);
	return GP_OK;
}

static enum gp_outcome
list_variables(const struct variables *variables, char *const **environment)
{
	char *text = variables->text.bytes;
	char **list =
	    gp_arena_take(variables->text.arena, (variables->count + 1) * sizeof(list[0]));

	if (!gp_buffer_complete(&variables->text) || list == NULL)
		return GP_ERR_MEMORY;
	for (size_t i = 0; i < variables->count; i++) {
		list[i] = text;
		text += strlen(text) + 1;
	}
	list[variables->count] = NULL;
	*environment = list;
	return GP_OK;
}

enum gp_outcome
gp_http_head_read(const char *bytes, size_t length, struct gp_arena *arena,
    const char *remote_address, char *const **environment)
{
	struct variables variables = { .count = 0 };
	struct head head;
	enum gp_outcome outcome = read_lines((struct text){ bytes, length }, &head);

	if (outcome == GP_OK)
		outcome = judge_fields(&head);
	if (outcome != GP_OK)
		return outcome;
	gp_buffer_init(&variables.text, arena);
	add_text_variable(&variables, "GATEWAY_INTERFACE", "CGI/1.1");
	add_variable(&variables, "REQUEST_METHOD", head.line.method);
	add_text_variable(&variables, "SCRIPT_NAME", "");
	outcome = add_target(&variables, head.line.target);
	if (outcome != GP_OK)
		return outcome;
	add_variable(&variables, "SERVER_PROTOCOL", head.line.version);
	if (remote_address != NULL)
		add_text_variable(&variables, "REMOTE_ADDR", remote_address);
	for (size_t i = 0; i < head.count; i++) {
		if (!is_idle(&head, &head.fields[i]))
			add_field(&variables, &head, &head.fields[i]);
	}
	return list_variables(&variables, environment);
}
