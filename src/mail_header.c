/* SPDX-License-Identifier: Apache-2.0 */
/* The grammar of header values: which characters are let in, and encoded words for the others. */
#include "mail_header.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "utf8.h"

/* RFC 5321 section 4.5.3.1; the second is a path of 256 without its angle brackets. */
enum { LOCAL_PART_MAX = 64, ADDRESS_MAX = 254, HOST_LABEL_MAX = 63 };

/* RFC 2047 section 2: a line with an encoded word has at most 76 characters. */
enum { LINE_MAX_LENGTH = 76 };

/*
 * Bytes in one encoded word: they become 52 characters, 12 more are around them, and the longest of
 * our header names stands before the first, so that each line is short enough.
 */
enum { WORD_BYTES = 39, WORD_CHARACTERS = 52 };

static const char letters_and_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

static bool
is_one_of(char c, const char *more)
{
	return c != '\0' && (strchr(letters_and_digits, c) != NULL || strchr(more, c) != NULL);
}

/* RFC 5322 dot-atom without ! % / | ` which name routes, files and programs. */
static bool
is_local_part(const char *text, size_t length)
{
	if (length == 0 || length > LOCAL_PART_MAX || text[0] == '.' || text[length - 1] == '.')
		return false;
	for (size_t i = 0; i < length; i++) {
		if (!is_one_of(text[i], ".#$&'*+-=?^_{}~"))
			return false;
		if (text[i] == '.' && text[i - 1] == '.')
			return false;
	}
	return true;
}

static bool
is_host(const char *text, size_t length)
{
	size_t label = 0; /* its length so far */

	for (size_t i = 0; i < length; i++) {
		if (text[i] == '.') {
			if (label == 0 || text[i - 1] == '-')
				return false;
			label = 0;
			continue;
		}
		if (!is_one_of(text[i], "-") || (label == 0 && text[i] == '-') ||
		    ++label > HOST_LABEL_MAX)
			return false;
	}
	return label > 0 && text[length - 1] != '-';
}

bool
gp_mail_address_fits(const char *address, size_t length)
{
	const char *at = memchr(address, '@', length);

	if (at == NULL || length > ADDRESS_MAX)
		return false;
	return is_local_part(address, (size_t)(at - address)) &&
	       is_host(at + 1, length - (size_t)(at - address) - 1);
}

bool
gp_mail_is_control(const char *character, size_t length)
{
	const unsigned char *bytes = (const unsigned char *)character;

	if (length == 1)
		return bytes[0] < 0x20 || bytes[0] == 0x7f;
	if (length == 2)
		return bytes[0] == 0xc2 && bytes[1] < 0xa0;
	if (length != 3 || bytes[0] != 0xe2)
		return false;
	return (bytes[1] == 0x80 && bytes[2] >= 0xa8 && bytes[2] <= 0xae) ||
	       (bytes[1] == 0x81 && bytes[2] >= 0xa6 && bytes[2] <= 0xa9);
}

/* UTF-8 without control characters, and more than nothing. */
static bool
is_header_text(const char *text, size_t length)
{
	size_t bytes;

	for (size_t at = 0; at < length; at += bytes) {
		bytes = gp_utf8_character(text + at, length - at);
		if (bytes == 0 || gp_mail_is_control(text + at, bytes))
			return false;
	}
	return length > 0;
}

static void
trim(const char **text, size_t *length)
{
	for (; *length > 0 && **text == ' '; (*text)++)
		--*length;
	while (*length > 0 && (*text)[*length - 1] == ' ')
		--*length;
}

/* The name before an address in angle brackets. */
static const char *
read_name(const char *text, size_t length, struct gp_mail_sender *sender)
{
	trim(&text, &length);
	if (length >= 2 && text[0] == '"' && text[length - 1] == '"') {
		text++;
		length -= 2;
		trim(&text, &length);
	}
	if (length == 0)
		return NULL;
	if (memchr(text, '"', length) != NULL || memchr(text, '<', length) != NULL ||
	    memchr(text, '>', length) != NULL)
		return "the name before the address must not hold \" < or >";
	sender->name = text;
	sender->name_length = length;
	return NULL;
}

const char *
gp_mail_sender_read(const char *text, struct gp_mail_sender *sender)
{
	static const char wrong_address[] =
	    "must be an address, as no-reply@example.com or Tasks <no-reply@example.com>";
	struct gp_mail_sender read = { .address = text, .address_length = strlen(text) };
	const char *wrong, *bracket;

	if (!is_header_text(text, read.address_length))
		return "is not UTF-8, or holds a control character";
	trim(&read.address, &read.address_length);
	bracket = strrchr(text, '<');
	if (bracket != NULL) {
		const char *end = read.address + read.address_length;

		if (end[-1] != '>')
			return wrong_address;
		wrong = read_name(text, (size_t)(bracket - text), &read);
		if (wrong != NULL)
			return wrong;
		read.address = bracket + 1;
		read.address_length = (size_t)(end - 1 - read.address);
	}
	if (!gp_mail_address_fits(read.address, read.address_length))
		return wrong_address;
	*sender = read;
	return NULL;
}

/* The most bytes of whole characters that are at most WORD_BYTES. */
static size_t
word_length(const char *text, size_t length)
{
	size_t end = 0;

	while (end < length) {
		size_t bytes = gp_utf8_character(text + end, length - end);

		if (bytes == 0 || end + bytes > WORD_BYTES)
			break;
		end += bytes;
	}
	return end;
}

/* Append valid UTF-8 as encoded words on lines of their own, the first on this one. */
static void
add_words(struct gp_buffer *buffer, const char *text, size_t length)
{
	unsigned char encoded[WORD_CHARACTERS + 1];
	size_t bytes;

	for (size_t at = 0; at < length; at += bytes) {
		bytes = word_length(text + at, length - at);
		if (bytes == 0)
			return; /* not UTF-8, which callers have looked at */
		EVP_EncodeBlock(encoded, (const unsigned char *)text + at, (int)bytes);
		gp_buffer_add_text(buffer, at > 0 ? "\n =?UTF-8?B?" : "=?UTF-8?B?");
		gp_buffer_add_text(buffer, (const char *)encoded);
		gp_buffer_add_text(buffer, "?=");
	}
}

/* What looks like an encoded word would be read as one; blanks at the ends would be lost. */
static bool
reads_otherwise(const char *text, size_t length)
{
	for (size_t i = 0; i + 1 < length; i++) {
		if (text[i] == '=' && text[i + 1] == '?')
			return true;
	}
	return text[0] == ' ' || text[length - 1] == ' ';
}

static bool
is_ascii(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if ((unsigned char)text[i] >= 0x80)
			return false;
	}
	return true;
}

bool
gp_mail_header_add(struct gp_buffer *buffer, const char *name, const char *value, size_t length)
{
	size_t before = strlen(name) + 2;

	if (!is_header_text(value, length))
		return false;
	gp_buffer_add_text(buffer, name);
	gp_buffer_add_text(buffer, ": ");
	if (is_ascii(value, length) && before + length <= LINE_MAX_LENGTH &&
	    !reads_otherwise(value, length))
		gp_buffer_add(buffer, value, length);
	else
		add_words(buffer, value, length);
	gp_buffer_add_byte(buffer, '\n');
	return true;
}

/* Whether a name can stand before an address as it is: RFC 5322 phrase of atoms. */
static bool
is_phrase(const char *name, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (!is_one_of(name[i], " !#$%&'*+-/=?^_`{|}~"))
			return false;
	}
	return !reads_otherwise(name, length);
}

void
gp_mail_header_add_sender(struct gp_buffer *buffer, const struct gp_mail_sender *sender)
{
	static const char from[] = "From: ";
	size_t length = sizeof(from) - 1 + sender->name_length;

	gp_buffer_add_text(buffer, from);
	if (sender->name != NULL) {
		bool plain =
		    length <= LINE_MAX_LENGTH && is_phrase(sender->name, sender->name_length);

		if (plain)
			gp_buffer_add(buffer, sender->name, sender->name_length);
		else
			add_words(buffer, sender->name, sender->name_length);
		/* with a blank and two brackets */
		if (!plain || length + sender->address_length + 3 > LINE_MAX_LENGTH)
			gp_buffer_add_byte(buffer, '\n');
		gp_buffer_add_text(buffer, " <");
	}
	gp_buffer_add(buffer, sender->address, sender->address_length);
	gp_buffer_add_text(buffer, sender->name != NULL ? ">\n" : "\n");
}

/* Not strftime(), whose names of days and months follow the locale. */
bool
gp_mail_date(int64_t now_s, char *text)
{
	static const char days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
		"Sep", "Oct", "Nov", "Dec" };
	time_t time = (time_t)now_s;
	struct tm utc;

	if (gmtime_r(&time, &utc) == NULL || utc.tm_year < 0 || utc.tm_year > 9999 - 1900)
		return false;
	snprintf(text, GP_MAIL_DATE_SIZE, "%s, %02d %s %04d %02d:%02d:%02d +0000",
	    days[utc.tm_wday], utc.tm_mday, months[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour,
	    utc.tm_min, utc.tm_sec);
	return true;
}
