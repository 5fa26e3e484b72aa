/* SPDX-License-Identifier: Apache-2.0 */
/* Judges the form by a pattern, then counts days. */
#include "time_text.h"

#include <stddef.h>

/* 0 in the pattern stands for any digit. */
static bool
has_form(const char *text, const char *pattern)
{
	for (; *pattern != '\0'; pattern++, text++) {
		if (*pattern == '0' ? *text < '0' || *text > '9' : *text != *pattern)
			return false;
	}
	return *text == '\0';
}

static int
number(const char *digits, size_t count)
{
	int value = 0;

	for (size_t i = 0; i < count; i++)
		value = value * 10 + (digits[i] - '0');
	return value;
}

static bool
is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int
days_in(int month, int year)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && is_leap(year));
}

/* From 1970-01-01 to a date. */
static int64_t
days_until(int year, int month, int day)
{
	int past = year - 1;
	int64_t days = INT64_C(365) * past + past / 4 - past / 100 + past / 400;

	for (int i = 1; i < month; i++)
		days += days_in(i, year);
	return days + day - 1 - 719162; /* days from 0001-01-01 to 1970-01-01 */
}

bool
gp_time_read(const char *text, int64_t *time_us)
{
	int year, month, day, hour, minute, second;
	int64_t seconds;

	if (!has_form(text, "0000-00-00T00:00:00.000Z"))
		return false;
	year = number(text, 4);
	month = number(text + 5, 2);
	day = number(text + 8, 2);
	hour = number(text + 11, 2);
	minute = number(text + 14, 2);
	second = number(text + 17, 2);
	if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in(month, year))
		return false;
	if (hour > 23 || minute > 59 || second > 59)
		return false;
	seconds = days_until(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
	*time_us = seconds * 1000000 + number(text + 20, 3) * 1000;
	return true;
}
