/* SPDX-License-Identifier: Apache-2.0 */
/* Writes straight into the response: no tree, no second copy. */
#include "json_write.h"

#include "plain_text.h"

static const char hex[] = "0123456789abcdef";

/* What follows the backslash for characters with a short escape; 1: written as \u00xx. */
/* clang-format off */
static const char escapes[256] = {
	1, 1, 1, 1, 1, 1, 1, 1, 'b', 't', 'n', 1, 'f', 'r', 1, 1,
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	['"'] = '"', ['\\'] = '\\',
};
/* clang-format on */

void
gp_json_write_string(struct gp_buffer *buffer, const char *text, size_t length)
{
	gp_buffer_add_byte(buffer, '"');
	for (;;) {
		size_t plain = gp_plain_length(text, length, false);
		unsigned char c;
		char escape;

		gp_buffer_add(buffer, text, plain);
		if (plain == length)
			break;
		c = (unsigned char)text[plain];
		escape = escapes[c];
		if (escape == 1)
			gp_buffer_add(
			    buffer, (char[]){ '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15] }, 6);
		else
			gp_buffer_add(buffer, (char[]){ '\\', escape }, 2);
		text += plain + 1;
		length -= plain + 1;
	}
	gp_buffer_add_byte(buffer, '"');
}

void
gp_json_write_text(struct gp_buffer *buffer, const char *text)
{
	if (text == NULL)
		gp_buffer_add_text(buffer, "null");
	else
		gp_json_write_string(buffer, text, strlen(text));
}

void
gp_json_write_bool(struct gp_buffer *buffer, bool value)
{
	gp_buffer_add_text(buffer, value ? "true" : "false");
}

void
gp_json_write_uuid(struct gp_buffer *buffer, const unsigned char bytes[16])
{
	static const unsigned char ends[] = { 4, 6, 8, 10,
		16 }; /* of the groups between the hyphens */
	char *text = gp_buffer_room(buffer, 38);
	char *at = text;
	size_t byte = 0;

	if (text == NULL)
		return;
	*at++ = '"';
	for (size_t group = 0; group < GP_COUNT(ends); group++) {
		for (; byte < ends[group]; byte++) {
			*at++ = hex[bytes[byte] >> 4];
			*at++ = hex[bytes[byte] & 15];
		}
		*at++ = '-';
	}
	at[-1] = '"'; /* in place of the last hyphen */
	buffer->length += (size_t)(at - text);
}

/* Days since 1970-01-01 of the years that four digits can tell. */
enum { FIRST_DAY = -719162, LAST_DAY = 2932896 };

/* The civil date of a day between those, by eras of 400 years that begin on 1 March. */
static void
civil_date(int days, unsigned *year, unsigned *month, unsigned *day)
{
	unsigned shifted = (unsigned)(days + 719468); /* days since 0000-03-01 */
	unsigned era = shifted / 146097;
	unsigned of_era = shifted % 146097;
	unsigned year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	unsigned of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	unsigned from_march = (5 * of_year + 2) / 153;

	*day = of_year - (153 * from_march + 2) / 5 + 1;
	*month = from_march < 10 ? from_march + 3 : from_march - 9;
	*year = year_of_era + era * 400 + (*month <= 2);
}

static char *
put_two(char *at, unsigned number)
{
	at[0] = (char)('0' + number / 10);
	at[1] = (char)('0' + number % 10);
	return at + 2;
}

/* The first `digits`, 3 or 6, of a second's six fraction digits are written, the others cut off. */
static void
write_time(struct gp_buffer *buffer, int64_t time_us, int digits)
{
	const int64_t day_us = INT64_C(86400000000);
	int64_t days = time_us / day_us;
	int64_t of_day_us = time_us % day_us;
	unsigned second, fraction, year, month, day;
	char *text, *at;

	if (of_day_us < 0) {
		of_day_us += day_us;
		days--;
	}
	if (days < FIRST_DAY || days > LAST_DAY) {
		gp_buffer_add_text(buffer, "null");
		return;
	}
	text = gp_buffer_room(buffer, sizeof("\"2026-11-21T12:00:00.000000Z\""));
	if (text == NULL)
		return;
	civil_date((int)days, &year, &month, &day);
	second = (unsigned)(of_day_us / 1000000);
	fraction = (unsigned)(of_day_us % 1000000);
	at = text;
	*at++ = '"';
	at = put_two(at, year / 100);
	at = put_two(at, year % 100);
	*at++ = '-';
	at = put_two(at, month);
	*at++ = '-';
	at = put_two(at, day);
	*at++ = 'T';
	at = put_two(at, second / 3600);
	*at++ = ':';
	at = put_two(at, second / 60 % 60);
	*at++ = ':';
	at = put_two(at, second % 60);
	*at++ = '.';
	at = put_two(at, fraction / 10000);
	at = put_two(at, fraction / 100 % 100);
	at = put_two(at, fraction % 100);
	at -= 6 - digits;
	*at++ = 'Z';
	*at++ = '"';
	buffer->length += (size_t)(at - text);
}

void
gp_json_write_time(struct gp_buffer *buffer, int64_t time_us)
{
	write_time(buffer, time_us, 6);
}

void
gp_json_write_time_ms(struct gp_buffer *buffer, int64_t time_us)
{
	write_time(buffer, time_us, 3);
}
