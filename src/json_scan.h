/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a text is JSON, found by walking over it; nothing is built. For json.c and
 * json_members.c, which read values from what was walked over.
 */
#ifndef GP_JSON_SCAN_H
#define GP_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "attributes.h"

struct gp_json_scan {
	const unsigned char *at;
	const unsigned char *end;
	const char *fault; /* static, fit for a client; the first thing that is wrong */
	size_t members;    /* of all objects so far */
	size_t containers; /* arrays and objects so far */
	size_t vast;       /* integers so far that 64 bits may not hold */
};

/* The fault that says no more than that it is no JSON. */
extern const char gp_json_syntax[];

/* A scan that stands before the first byte of a text. */
GP_MUST_USE static inline struct gp_json_scan
gp_json_scan_of(const char *text, size_t length)
{
	return (struct gp_json_scan){
		.at = (const unsigned char *)text,
		.end = (const unsigned char *)text + length,
	};
}

/* Note the fault, if it is the first. Returns false. */
bool gp_json_refuse(struct gp_json_scan *scan, const char *fault);

/* Go behind white space, which may be none. */
void gp_json_skip_space(struct gp_json_scan *scan);

/* Go behind this byte. False, and no fault, when another one comes or none. */
bool gp_json_take(struct gp_json_scan *scan, unsigned char byte);

/* Go behind a string, which begins with its quotation mark. False with a fault. */
GP_MUST_USE bool gp_json_scan_string(struct gp_json_scan *scan);

/*
 * Go behind a value with the white space on both its sides.
 *
 *   depth   of the arrays and objects that it is in; GP_JSON_DEPTH is the most
 *
 * Returns false with a fault. Source: RFC 8259; valid UTF-8 (section 8.1), paired surrogates, no
 * NUL.
 */
GP_MUST_USE bool gp_json_scan_value(struct gp_json_scan *scan, int depth);

#endif
