/* SPDX-License-Identifier: Apache-2.0 */
/* Writes straight into the response: no tree, no second copy. */
#include "json_write.h"

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
	size_t from = 0;

	gp_buffer_add_byte(buffer, '"');
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		char escape = escapes[c];

		if (escape == 0)
			continue;
		gp_buffer_add(buffer, text + from, i - from);
		from = i + 1;
		if (escape == 1)
			gp_buffer_add(
			    buffer, (char[]){ '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15] }, 6);
		else
			gp_buffer_add(buffer, (char[]){ '\\', escape }, 2);
	}
	gp_buffer_add(buffer, text + from, length - from);
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
	char text[38];
	size_t at = 0;

	text[at++] = '"';
	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			text[at++] = '-';
		text[at++] = hex[bytes[i] >> 4];
		text[at++] = hex[bytes[i] & 15];
	}
	text[at++] = '"';
	gp_buffer_add(buffer, text, at);
}

/* The civil date of a day count since 1970-01-01, by eras of 400 years that begin on 1 March. */
static void
civil_date(int64_t days, int64_t *year, int *month, int *day)
{
	int64_t shifted = days + 719468; /* days since 0000-03-01 */
	int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	int64_t of_era = shifted - era * 146097;
	int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t from_march = (5 * of_year + 2) / 153;

	*day = (int)(of_year - (153 * from_march + 2) / 5 + 1);
	*month = (int)(from_march < 10 ? from_march + 3 : from_march - 9);
	*year = year_of_era + era * 400 + (*month <= 2);
}

static char *
put_digits(char *at, int64_t number, int count)
{
	for (int i = count - 1; i >= 0; i--) {
		at[i] = (char)('0' + number % 10);
		number /= 10;
	}
	return at + count;
}

/* The first `digits` of a second's six fraction digits are written, the others cut off. */
static void
write_time(struct gp_buffer *buffer, int64_t time_us, int digits)
{
	const int64_t day_us = INT64_C(86400000000);
	int64_t days = time_us / day_us;
	int64_t of_day = time_us % day_us;
	int64_t second, year, fraction;
	int month, day;
	char text[32];
	char *at = text;

	if (of_day < 0) {
		of_day += day_us;
		days--;
	}
	civil_date(days, &year, &month, &day);
	if (year < 1 || year > 9999) {
		gp_buffer_add_text(buffer, "null");
		return;
	}
	second = of_day / 1000000;
	fraction = digits == 3 ? of_day / 1000 % 1000 : of_day % 1000000;
	*at++ = '"';
	at = put_digits(at, year, 4);
	*at++ = '-';
	at = put_digits(at, month, 2);
	*at++ = '-';
	at = put_digits(at, day, 2);
	*at++ = 'T';
	at = put_digits(at, second / 3600, 2);
	*at++ = ':';
	at = put_digits(at, second / 60 % 60, 2);
	*at++ = ':';
	at = put_digits(at, second % 60, 2);
	*at++ = '.';
	at = put_digits(at, fraction, digits);
	*at++ = 'Z';
	*at++ = '"';
	gp_buffer_add(buffer, text, (size_t)(at - text));
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
