/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The scan finds where names and values stand. What has no escapes is taken as it stands; the rest,
 * which tokens hardly have, json-c reads. It is also json-c that says whether a name stands twice
 * where a few comparisons do not.
 */
#include "json_members.h"

#include <json-c/json.h>
#include <string.h>

#include "json_scan.h"

/* More names than tokens have. */
enum { NAMES_MOST = 32 };

/* Digits of a number that a double holds exactly. */
enum { EXACT_DIGITS = 15 };

struct piece {
	const char *text;
	size_t length;
};

struct reading {
	struct gp_json_reader *reader;
	struct gp_arena *arena;
	struct gp_json_scan scan;
	struct gp_json_member *members;
	size_t count;
	struct piece names[NAMES_MOST]; /* of all members so far */
	size_t named;
};

/* Have json-c read a piece of the text; NULL without memory. */
static struct json_object *
parse_piece(struct reading *reading, struct piece piece)
{
	const char *copy = gp_arena_copy(reading->arena, piece.text, piece.length);
	struct gp_json_error error;
	struct json_object *value;

	if (copy == NULL || !gp_json_parse(reading->reader, copy, piece.length, &value, &error))
		return NULL;
	return value;
}

/* Replace a string with its quotation marks by what it says. */
static enum gp_json_reading
read_string(struct reading *reading, struct piece *piece)
{
	struct piece inside = { piece->text + 1, piece->length - 2 };
	struct json_object *value;

	if (memchr(inside.text, '\\', inside.length) == NULL) {
		*piece = inside;
		return GP_JSON_READ;
	}
	value = parse_piece(reading, *piece);
	if (value == NULL)
		return GP_JSON_NO_MEMORY;
	piece->length = (size_t)json_object_get_string_len(value);
	piece->text = gp_arena_copy(reading->arena, json_object_get_string(value), piece->length);
	json_object_put(value);
	return piece->text != NULL ? GP_JSON_READ : GP_JSON_NO_MEMORY;
}

static enum gp_json_reading
read_number(struct reading *reading, struct piece piece, double *number)
{
	struct json_object *value;

	*number = 0;
	if (piece.length <= EXACT_DIGITS) {
		size_t i = 0;

		for (; i < piece.length && piece.text[i] >= '0' && piece.text[i] <= '9'; i++)
			*number = *number * 10 + (piece.text[i] - '0');
		if (i == piece.length)
			return GP_JSON_READ;
	}
	value = parse_piece(reading, piece);
	/* From 0.17 on json-c refuses integers that 64 bits do not hold. */
	if (value == NULL)
		return GP_JSON_NO_OBJECT;
	*number = json_object_get_double(value);
	json_object_put(value);
	return GP_JSON_READ;
}

static enum gp_json_kind
kind_of(const char *text)
{
	switch (*text) {
	case '"': return GP_JSON_STRING;
	case '{': return GP_JSON_OBJECT;
	case '[': return GP_JSON_ARRAY;
	case 't':
	case 'f': return GP_JSON_BOOL;
	case 'n': return GP_JSON_NULL;
	default: return GP_JSON_NUMBER;
	}
}

static enum gp_json_reading
keep_value(struct reading *reading, struct gp_json_member *member, struct piece value)
{
	enum gp_json_reading outcome = GP_JSON_READ;

	member->kind = kind_of(value.text);
	if (member->kind == GP_JSON_STRING)
		outcome = read_string(reading, &value);
	else if (member->kind == GP_JSON_NUMBER)
		outcome = read_number(reading, value, &member->number);
	if (outcome != GP_JSON_READ)
		return outcome;
	member->text = gp_arena_copy(reading->arena, value.text, value.length);
	member->length = value.length;
	return member->text != NULL ? GP_JSON_READ : GP_JSON_NO_MEMORY;
}

static bool
is_name(struct piece piece, const char *name)
{
	/* Most differ at once; behind an empty one stands its quotation mark. */
	return (name[0] == piece.text[0] || piece.length == 0) &&
	       strncmp(name, piece.text, piece.length) == 0 && name[piece.length] == '\0';
}

/* False when the name has been there. Of names that are too many nothing is known. */
static bool
keep_name(struct reading *reading, struct piece name)
{
	for (size_t i = 0; i < reading->named && i < NAMES_MOST; i++) {
		if (reading->names[i].length == name.length &&
		    memcmp(reading->names[i].text, name.text, name.length) == 0)
			return false;
	}
	if (reading->named < NAMES_MOST)
		reading->names[reading->named] = name;
	reading->named++;
	return true;
}

/* From a mark in the text up to where the scan is, without the white space behind it. */
static struct piece
piece_from(const struct reading *reading, const unsigned char *mark)
{
	const unsigned char *end = reading->scan.at;

	while (end > mark && end[-1] <= ' ')
		end--;
	return (struct piece){ (const char *)mark, (size_t)(end - mark) };
}

static enum gp_json_reading
read_member(struct reading *reading)
{
	struct gp_json_scan *scan = &reading->scan;
	enum gp_json_reading outcome;
	const unsigned char *mark;
	struct piece name;

	gp_json_skip_space(scan);
	mark = scan->at;
	if (!gp_json_scan_string(scan))
		return GP_JSON_NO_OBJECT;
	scan->members++;
	name = piece_from(reading, mark);
	outcome = read_string(reading, &name);
	if (outcome != GP_JSON_READ)
		return outcome;
	if (!keep_name(reading, name))
		return GP_JSON_NO_OBJECT;
	gp_json_skip_space(scan);
	if (!gp_json_take(scan, ':'))
		return GP_JSON_NO_OBJECT;
	gp_json_skip_space(scan);
	mark = scan->at;
	if (!gp_json_scan_value(scan, 1))
		return GP_JSON_NO_OBJECT;
	for (size_t i = 0; i < reading->count; i++) {
		if (is_name(name, reading->members[i].name))
			return keep_value(reading, &reading->members[i], piece_from(reading, mark));
	}
	return GP_JSON_READ;
}

/* The whole text, which is one object. */
static enum gp_json_reading
read_object(struct reading *reading)
{
	struct gp_json_scan *scan = &reading->scan;
	enum gp_json_reading outcome;

	gp_json_skip_space(scan);
	if (!gp_json_take(scan, '{'))
		return GP_JSON_NO_OBJECT;
	scan->containers++;
	gp_json_skip_space(scan);
	if (!gp_json_take(scan, '}')) {
		do {
			outcome = read_member(reading);
			if (outcome != GP_JSON_READ)
				return outcome;
		} while (gp_json_take(scan, ','));
		if (!gp_json_take(scan, '}'))
			return GP_JSON_NO_OBJECT;
	}
	gp_json_skip_space(scan);
	return scan->at == scan->end ? GP_JSON_READ : GP_JSON_NO_OBJECT;
}

enum gp_json_reading
gp_json_read_members(struct gp_json_reader *reader, struct gp_arena *arena, const char *text,
    size_t length, struct gp_json_member *members, size_t count)
{
	struct reading reading = {
		.reader = reader,
		.arena = arena,
		.scan = gp_json_scan_of(text, length),
		.members = members,
		.count = count,
	};
	enum gp_json_reading outcome;
	struct gp_json_error error;
	struct json_object *whole;

	for (size_t i = 0; i < count; i++)
		members[i] = (struct gp_json_member){ .name = members[i].name };
	outcome = read_object(&reading);
	if (outcome != GP_JSON_READ ||
	    (reading.named <= NAMES_MOST && reading.scan.members == reading.named &&
		reading.scan.vast == 0))
		return outcome;
	/* There are other objects inside, or many names, of which json-c looks for one that stands
	 * twice; or integers that it may refuse. */
	if (!gp_json_parse(reader, text, length, &whole, &error))
		return GP_JSON_NO_OBJECT;
	json_object_put(whole);
	return GP_JSON_READ;
}
