/* SPDX-License-Identifier: Apache-2.0 */
/* One function for each rule of the grammar, and for what it leaves open. */
#include "json_scan.h"

#include <openssl/crypto.h>
#include <string.h>

#include "json.h"
#include "plain_text.h"
#include "utf8.h"

/* Digits, or a sign and digits, of a number that 64 bits hold in any case. */
enum { SAFE_DIGITS = 18 };

const char gp_json_syntax[] = "Invalid JSON";

bool
gp_json_refuse(struct gp_json_scan *scan, const char *fault)
{
	if (scan->fault == NULL)
		scan->fault = fault;
	return false;
}

void
gp_json_skip_space(struct gp_json_scan *scan)
{
	while (scan->at < scan->end &&
	       (*scan->at == ' ' || *scan->at == '\t' || *scan->at == '\n' || *scan->at == '\r'))
		scan->at++;
}

bool
gp_json_take(struct gp_json_scan *scan, unsigned char byte)
{
	if (scan->at == scan->end || *scan->at != byte)
		return false;
	scan->at++;
	return true;
}

static bool
scan_word(struct gp_json_scan *scan, const char *word)
{
	size_t length = strlen(word);

	if ((size_t)(scan->end - scan->at) < length || memcmp(scan->at, word, length) != 0)
		return gp_json_refuse(scan, gp_json_syntax);
	scan->at += length;
	return true;
}

static bool
scan_digits(struct gp_json_scan *scan)
{
	const unsigned char *start = scan->at;

	while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9')
		scan->at++;
	return scan->at > start || gp_json_refuse(scan, "Invalid JSON: malformed number");
}

/* RFC 8259 section 6 */
static bool
scan_number(struct gp_json_scan *scan)
{
	const unsigned char *start = scan->at;

	gp_json_take(scan, '-');
	if (!gp_json_take(scan, '0') && !scan_digits(scan))
		return false;
	if (gp_json_take(scan, '.') && !scan_digits(scan))
		return false;
	if (gp_json_take(scan, 'e') || gp_json_take(scan, 'E')) {
		if (!gp_json_take(scan, '+'))
			gp_json_take(scan, '-');
		return scan_digits(scan);
	}
	if (scan->at - start > SAFE_DIGITS)
		scan->vast++;
	return true;
}

/* The four digits after \u, or -1. */
static long
scan_hex4(struct gp_json_scan *scan)
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
scan_escape(struct gp_json_scan *scan)
{
	long code;

	if (scan->at == scan->end)
		return gp_json_refuse(scan, "Invalid JSON: unterminated string");
	if (*scan->at != 'u') {
		if (strchr("\"\\/bfnrt", *scan->at) == NULL || *scan->at == '\0')
			return gp_json_refuse(scan, "Invalid JSON: unknown escape");
		scan->at++;
		return true;
	}
	scan->at++;
	code = scan_hex4(scan);
	if (code < 0)
		return gp_json_refuse(scan, "Invalid JSON: unknown escape");
	if (code == 0)
		return gp_json_refuse(scan, "NUL character in a string");
	if (code >= 0xdc00 && code <= 0xdfff)
		return gp_json_refuse(scan, "Invalid JSON: unpaired surrogate");
	if (code >= 0xd800 && code <= 0xdbff) {
		if (!gp_json_take(scan, '\\') || !gp_json_take(scan, 'u'))
			return gp_json_refuse(scan, "Invalid JSON: unpaired surrogate");
		code = scan_hex4(scan);
		if (code < 0xdc00 || code > 0xdfff)
			return gp_json_refuse(scan, "Invalid JSON: unpaired surrogate");
	}
	return true;
}

/* One character above U+007F. */
static bool
scan_utf8(struct gp_json_scan *scan)
{
	size_t length = gp_utf8_character((const char *)scan->at, (size_t)(scan->end - scan->at));

	if (length == 0)
		return gp_json_refuse(scan, "Invalid UTF-8");
	scan->at += length;
	return true;
}

bool
gp_json_scan_string(struct gp_json_scan *scan)
{
	if (!gp_json_take(scan, '"'))
		return gp_json_refuse(scan, gp_json_syntax);
	for (;;) {
		scan->at +=
		    gp_plain_length((const char *)scan->at, (size_t)(scan->end - scan->at), true);
		if (scan->at == scan->end)
			return gp_json_refuse(scan, "Invalid JSON: unterminated string");
		if (gp_json_take(scan, '"'))
			return true;
		if (*scan->at < 0x20)
			return gp_json_refuse(scan, "Invalid JSON: control character in a string");
		if (!(gp_json_take(scan, '\\') ? scan_escape(scan) : scan_utf8(scan)))
			return false;
	}
}

static bool
scan_array(struct gp_json_scan *scan, int depth)
{
	gp_json_skip_space(scan);
	if (gp_json_take(scan, ']'))
		return true;
	do {
		if (!gp_json_scan_value(scan, depth))
			return false;
	} while (gp_json_take(scan, ','));
	return gp_json_take(scan, ']') || gp_json_refuse(scan, gp_json_syntax);
}

static bool
scan_object(struct gp_json_scan *scan, int depth)
{
	gp_json_skip_space(scan);
	if (gp_json_take(scan, '}'))
		return true;
	do {
		gp_json_skip_space(scan);
		if (!gp_json_scan_string(scan))
			return false;
		scan->members++;
		gp_json_skip_space(scan);
		if (!gp_json_take(scan, ':'))
			return gp_json_refuse(scan, gp_json_syntax);
		if (!gp_json_scan_value(scan, depth))
			return false;
	} while (gp_json_take(scan, ','));
	return gp_json_take(scan, '}') || gp_json_refuse(scan, gp_json_syntax);
}

/* A value with the white space on both its sides. The recursion ends at GP_JSON_DEPTH. */
bool
gp_json_scan_value(struct gp_json_scan *scan, int depth)
{
	bool accepted;

	gp_json_skip_space(scan);
	if (scan->at == scan->end)
		return gp_json_refuse(scan, "Invalid JSON: unexpected end");
	switch (*scan->at) {
	case '{':
	case '[':
		if (depth == GP_JSON_DEPTH)
			return gp_json_refuse(scan, "JSON nested too deeply");
		if (++scan->containers > GP_JSON_CONTAINERS_MAX)
			return gp_json_refuse(scan, "JSON with too many arrays and objects");
		accepted =
		    *scan->at++ == '{' ? scan_object(scan, depth + 1) : scan_array(scan, depth + 1);
		break;
	case '"': accepted = gp_json_scan_string(scan); break;
	case 't': accepted = scan_word(scan, "true"); break;
	case 'f': accepted = scan_word(scan, "false"); break;
	case 'n': accepted = scan_word(scan, "null"); break;
	default: accepted = scan_number(scan); break;
	}
	if (accepted)
		gp_json_skip_space(scan);
	return accepted;
}
