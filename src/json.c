/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The scan judges form and counts members; json-c then builds the values, and a count that came out
 * smaller means that a name stood twice.
 */
#include "json.h"

#include <json-c/json.h>
#include <limits.h>
#include <locale.h>
#include <openssl/crypto.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

struct gp_json_reader {
	struct json_tokener *tokener;
};

struct scan {
	const unsigned char *at;
	const unsigned char *end;
	const char *fault; /* static; the first thing that is wrong */
	size_t members;
	size_t containers;
};

static const char syntax[] = "Invalid JSON";

static bool
refuse(struct scan *scan, const char *fault)
{
	if (scan->fault == NULL)
		scan->fault = fault;
	return false;
}

static void
skip_space(struct scan *scan)
{
	while (scan->at < scan->end &&
	       (*scan->at == ' ' || *scan->at == '\t' || *scan->at == '\n' || *scan->at == '\r'))
		scan->at++;
}

static bool
take(struct scan *scan, unsigned char byte)
{
	if (scan->at == scan->end || *scan->at != byte)
		return false;
	scan->at++;
	return true;
}

static bool
scan_word(struct scan *scan, const char *word)
{
	size_t length = strlen(word);

	if ((size_t)(scan->end - scan->at) < length || memcmp(scan->at, word, length) != 0)
		return refuse(scan, syntax);
	scan->at += length;
	return true;
}

static bool
scan_digits(struct scan *scan)
{
	const unsigned char *start = scan->at;

	while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9')
		scan->at++;
	return scan->at > start || refuse(scan, "Invalid JSON: malformed number");
}

/* RFC 8259 section 6 */
static bool
scan_number(struct scan *scan)
{
	take(scan, '-');
	if (!take(scan, '0') && !scan_digits(scan))
		return false;
	if (take(scan, '.') && !scan_digits(scan))
		return false;
	if (take(scan, 'e') || take(scan, 'E')) {
		if (!take(scan, '+'))
			take(scan, '-');
		return scan_digits(scan);
	}
	return true;
}

/* The four digits after \u, or -1. */
static long
scan_hex4(struct scan *scan)
{
	long code = 0;

	if (scan->end - scan->at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int digit = OPENSSL_hexchar2int(*scan->at);

		if (digit < 0)
			return -1;
		code = code * 16 + digit;
		scan->at++;
	}
	return code;
}

static bool
scan_escape(struct scan *scan)
{
	long code;

	if (scan->at == scan->end)
		return refuse(scan, "Invalid JSON: unterminated string");
	if (*scan->at != 'u') {
		if (strchr("\"\\/bfnrt", *scan->at) == NULL || *scan->at == '\0')
			return refuse(scan, "Invalid JSON: unknown escape");
		scan->at++;
		return true;
	}
	scan->at++;
	code = scan_hex4(scan);
	if (code < 0)
		return refuse(scan, "Invalid JSON: unknown escape");
	if (code == 0)
		return refuse(scan, "NUL character in a string");
	if (code >= 0xdc00 && code <= 0xdfff)
		return refuse(scan, "Invalid JSON: unpaired surrogate");
	if (code >= 0xd800 && code <= 0xdbff) {
		if (!take(scan, '\\') || !take(scan, 'u'))
			return refuse(scan, "Invalid JSON: unpaired surrogate");
		code = scan_hex4(scan);
		if (code < 0xdc00 || code > 0xdfff)
			return refuse(scan, "Invalid JSON: unpaired surrogate");
	}
	return true;
}

/* One character above U+007F. */
static bool
scan_utf8(struct scan *scan)
{
	size_t length = gp_utf8_character((const char *)scan->at, (size_t)(scan->end - scan->at));

	if (length == 0)
		return refuse(scan, "Invalid UTF-8");
	scan->at += length;
	return true;
}

static bool
scan_string(struct scan *scan)
{
	if (!take(scan, '"'))
		return refuse(scan, syntax);
	while (scan->at < scan->end) {
		unsigned char c = *scan->at;

		if (c == '"') {
			scan->at++;
			return true;
		}
		if (c == '\\') {
			scan->at++;
			if (!scan_escape(scan))
				return false;
		} else if (c < 0x20) {
			return refuse(scan, "Invalid JSON: control character in a string");
		} else if (c < 0x80) {
			scan->at++;
		} else if (!scan_utf8(scan)) {
			return false;
		}
	}
	return refuse(scan, "Invalid JSON: unterminated string");
}

static bool scan_value(struct scan *scan, int depth);

static bool
scan_array(struct scan *scan, int depth)
{
	skip_space(scan);
	if (take(scan, ']'))
		return true;
	do {
		if (!scan_value(scan, depth))
			return false;
	} while (take(scan, ','));
	return take(scan, ']') || refuse(scan, syntax);
}

static bool
scan_object(struct scan *scan, int depth)
{
	skip_space(scan);
	if (take(scan, '}'))
		return true;
	do {
		skip_space(scan);
		if (!scan_string(scan))
			return false;
		scan->members++;
		skip_space(scan);
		if (!take(scan, ':'))
			return refuse(scan, syntax);
		if (!scan_value(scan, depth))
			return false;
	} while (take(scan, ','));
	return take(scan, '}') || refuse(scan, syntax);
}

/* A value with the white space on both its sides. The recursion ends at GP_JSON_DEPTH. */
static bool
scan_value(struct scan *scan, int depth)
{
	bool accepted;

	skip_space(scan);
	if (scan->at == scan->end)
		return refuse(scan, "Invalid JSON: unexpected end");
	switch (*scan->at) {
	case '{':
	case '[':
		if (depth == GP_JSON_DEPTH)
			return refuse(scan, "JSON nested too deeply");
		if (++scan->containers > GP_JSON_CONTAINERS_MAX)
			return refuse(scan, "JSON with too many arrays and objects");
		accepted =
		    *scan->at++ == '{' ? scan_object(scan, depth + 1) : scan_array(scan, depth + 1);
		break;
	case '"': accepted = scan_string(scan); break;
	case 't': accepted = scan_word(scan, "true"); break;
	case 'f': accepted = scan_word(scan, "false"); break;
	case 'n': accepted = scan_word(scan, "null"); break;
	default: accepted = scan_number(scan); break;
	}
	if (accepted)
		skip_space(scan);
	return accepted;
}

static size_t
count_members(struct json_object *value)
{
	size_t count = 0;

	if (json_object_is_type(value, json_type_object)) {
		json_object_object_foreach(value, name, member)
		{
			(void)name;
			count += 1 + count_members(member);
		}
	} else if (json_object_is_type(value, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(value); i++)
			count += count_members(json_object_array_get_idx(value, i));
	}
	return count;
}

/*
 * json-c takes the C locale for each text and gives it back. We never have another; where the
 * thread has it by name and not by default, glibc makes no copies of it. This saves a tenth of what
 * it costs to verify a token.
 */
static void
settle_locale(void)
{
	locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);

	if (plain != (locale_t)0)
		uselocale(plain);
}

struct gp_json_reader *
gp_json_reader_new(void)
{
	struct gp_json_reader *reader = malloc(sizeof(*reader));

	if (reader == NULL)
		return NULL;
	settle_locale();
	/* json-c counts the innermost value as a level of its own. */
	reader->tokener = json_tokener_new_ex(GP_JSON_DEPTH + 2);
	if (reader->tokener == NULL) {
		free(reader);
		return NULL;
	}
	json_tokener_set_flags(reader->tokener, JSON_TOKENER_STRICT);
	return reader;
}

void
gp_json_reader_free(struct gp_json_reader *reader)
{
	if (reader == NULL)
		return;
	json_tokener_free(reader->tokener);
	free(reader);
}

bool
gp_json_parse(struct gp_json_reader *reader, const char *text, size_t length,
    struct json_object **value, struct gp_json_error *error)
{
	struct scan scan = {
		.at = (const unsigned char *)text,
		.end = (const unsigned char *)text + length,
	};

	*value = NULL;
	if (length >= INT_MAX || !scan_value(&scan, 0) ||
	    (scan.at < scan.end && !refuse(&scan, "Invalid JSON: extra data"))) {
		error->message = scan.fault != NULL ? scan.fault : syntax;
		error->offset = (size_t)(scan.at - (const unsigned char *)text);
		return false;
	}
	json_tokener_reset(reader->tokener);
	/* With its NUL: json-c ends a bare number only there. */
	*value = json_tokener_parse_ex(reader->tokener, text, (int)length + 1);
	if (json_tokener_get_error(reader->tokener) != json_tokener_success) {
		*error = (struct gp_json_error){ .message = syntax };
		json_object_put(*value);
		*value = NULL;
		return false;
	}
	if (count_members(*value) != scan.members) {
		*error = (struct gp_json_error){ .message = "Duplicate member" };
		json_object_put(*value);
		*value = NULL;
		return false;
	}
	return true;
}

const char *
gp_json_string(struct json_object *object, const char *name)
{
	struct json_object *member;

	if (!json_object_object_get_ex(object, name, &member) ||
	    !json_object_is_type(member, json_type_string))
		return NULL;
	return json_object_get_string(member);
}
