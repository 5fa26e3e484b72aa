/* SPDX-License-Identifier: Apache-2.0 */
/* The frame of a message around what mail_header.c and mail_template.c make, and handing it on. */
#include "mail.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "buffer.h"
#include "helper.h"
#include "utf8.h"

/* RFC 2045 section 6.8: at most 76 characters a line, which 57 bytes become. */
enum { LINE_BYTES = 57, LINE_CHARACTERS = 76 };

/* Fewer would not be unique; more would not fit their line. */
enum { ID_MIN = 16, ID_MAX = 64 };

/* The longest host with a port. */
enum { SITE_MAX = 253 + sizeof(":65535") - 1 };

/* A reset token has 24 characters, the parts of a signed one more; queue ids have fewer. */
enum { TOKEN_MIN = 20 };

static const char alphanumeric[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/* What of our environment the program may know. */
static const char *const variables[] = { "PATH", "LANG", "TZ", NULL };

static bool
is_id(const char *text)
{
	size_t length = strlen(text);

	return length >= ID_MIN && length <= ID_MAX && strspn(text, alphanumeric) == length;
}

static bool
is_site(const char *text)
{
	size_t length = strlen(text);

	if (length == 0 || length > SITE_MAX)
		return false;
	for (; *text != '\0'; text++) {
		if (strchr(alphanumeric, *text) == NULL && strchr("-.:[]", *text) == NULL)
			return false;
	}
	return true;
}

/* A reader of mail makes a link of it, which ends at a blank, a quote or an angle bracket. */
static bool
is_url(const char *text)
{
	if (strncmp(text, "https://", 8) != 0 && strncmp(text, "http://", 7) != 0)
		return false;
	for (; *text != '\0'; text++) {
		if (*text <= 0x20 || *text > 0x7e || strchr("<>\"\\", *text) != NULL)
			return false;
	}
	return true;
}

/* Which value is not fit for a message; NULL for none. The subject is judged when it is written. */
static const char *
find_unfit(const struct gp_mail_values *values)
{
	const struct gp_mail_words *words = &values->words;

	if (values->from->address == NULL ||
	    !gp_mail_address_fits(values->from->address, values->from->address_length))
		return "sender";
	if (!gp_mail_address_fits(words->email, strlen(words->email)))
		return "address";
	if (!is_url(words->url))
		return "url";
	if (!is_site(words->site))
		return "site";
	if (!gp_utf8_is_valid(words->name, strlen(words->name)))
		return "name";
	if (words->minutes <= 0)
		return "minutes";
	if (!is_id(values->id))
		return "id";
	return NULL;
}

static void
add_message_id(struct gp_buffer *buffer, const struct gp_mail_values *values)
{
	const struct gp_mail_sender *from = values->from;
	const char *host = (const char *)memchr(from->address, '@', from->address_length) + 1;

	gp_buffer_add_text(buffer, "Message-ID: <");
	gp_buffer_add_text(buffer, values->id);
	gp_buffer_add_byte(buffer, '@');
	gp_buffer_add(buffer, host, from->address_length - (size_t)(host - from->address));
	gp_buffer_add_text(buffer, ">\n");
}

/* The header and the empty line after it; what is unfit is the answer. */
static const char *
add_header(struct gp_buffer *buffer, const struct gp_mail_templates *templates,
    enum gp_mail_kind kind, const struct gp_mail_values *values)
{
	char date[GP_MAIL_DATE_SIZE];
	struct gp_buffer subject;

	if (!gp_mail_date(values->now_s, date))
		return "time";
	gp_buffer_init(&subject, buffer->arena);
	gp_mail_template_add_subject(templates, kind, &values->words, &subject);
	if (!gp_buffer_complete(&subject)) {
		buffer->failed = true;
		return NULL;
	}
	gp_mail_header_add_sender(buffer, values->from);
	gp_buffer_add_text(buffer, "To: ");
	gp_buffer_add_text(buffer, values->words.email);
	gp_buffer_add_byte(buffer, '\n');
	if (!gp_mail_header_add(buffer, "Subject", subject.bytes, subject.length))
		return "subject";
	gp_buffer_add_text(buffer, "Date: ");
	gp_buffer_add_text(buffer, date);
	gp_buffer_add_byte(buffer, '\n');
	add_message_id(buffer, values);
	gp_buffer_add_text(buffer, "MIME-Version: 1.0\n"
				   "Content-Type: text/plain; charset=utf-8\n"
				   "Content-Transfer-Encoding: base64\n"
				   "Auto-Submitted: auto-generated\n\n");
	return NULL;
}

static void
add_base64(struct gp_buffer *buffer, const char *bytes, size_t length)
{
	unsigned char line[LINE_CHARACTERS + 1];

	for (size_t at = 0; at < length; at += LINE_BYTES) {
		size_t part = length - at < LINE_BYTES ? length - at : LINE_BYTES;

		EVP_EncodeBlock(line, (const unsigned char *)bytes + at, (int)part);
		gp_buffer_add_text(buffer, (const char *)line);
		gp_buffer_add_byte(buffer, '\n');
	}
}

enum gp_outcome
gp_mail_compose(struct gp_arena *arena, const struct gp_mail_templates *templates,
    enum gp_mail_kind kind, const struct gp_mail_values *values, struct gp_mail_message *message)
{
	struct gp_buffer all, text;

	*message = (struct gp_mail_message){ .refused = find_unfit(values) };
	gp_buffer_init(&all, arena);
	gp_buffer_init(&text, arena);
	if (message->refused == NULL)
		message->refused = add_header(&all, templates, kind, values);
	if (message->refused != NULL)
		return GP_ERR_INTERNAL;
	gp_mail_template_add_text(templates, kind, &values->words, &text);
	add_base64(&all, text.bytes, text.length);
	if (!gp_buffer_complete(&text) || !gp_buffer_complete(&all))
		return GP_ERR_MEMORY;
	message->bytes = all.bytes;
	message->length = all.length;
	return GP_OK;
}

/* The words of a command and NULL behind them; NULL without memory. */
static char **
split_command(struct gp_arena *arena, const char *command)
{
	size_t length = strlen(command), count = 0;
	char *text = gp_arena_copy(arena, command, length);
	char **words = gp_arena_take(arena, (length / 2 + 2) * sizeof(*words));
	char *rest = NULL;

	if (text == NULL || words == NULL)
		return NULL;
	for (char *word = strtok_r(text, " ", &rest); word != NULL;
	     word = strtok_r(NULL, " ", &rest))
		words[count++] = word;
	words[count] = NULL;
	return words;
}

/* The program has read a message with a token in it, and its words are for the log. */
static void
hide_tokens(char *text)
{
	static const char token[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+=";
	size_t length;

	for (; *text != '\0'; text += length) {
		length = strspn(text, token);
		if (length >= TOKEN_MIN)
			memset(text, '*', length);
		if (length == 0)
			length = 1;
	}
}

bool
gp_mail_send(struct gp_arena *arena, const char *command, const struct gp_mail_message *message,
    int64_t limit_ms, char *said, size_t said_size)
{
	char **words = split_command(arena, command);
	bool taken;

	if (words == NULL) {
		snprintf(said, said_size, "out of memory");
		return false;
	}
	if (words[0] == NULL || words[0][0] != '/') {
		snprintf(said, said_size, "the program's path does not begin with /");
		return false;
	}
	taken = gp_helper_run(
	    words, variables, message->bytes, message->length, limit_ms, said, said_size);
	hide_tokens(said);
	return taken;
}
