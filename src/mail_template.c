/* SPDX-License-Identifier: Apache-2.0 */
/* Reads, judges and fills the files. A text that was accepted is filled without a look for faults.
 */
#include "mail_template.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mail_header.h"
#include "utf8.h"

/* A message for one person to read is some lines; a file larger than this is something else. */
enum { FILE_SIZE_MAX = 64 * 1024 };

/* What is shown of a placeholder that nobody knows. */
enum { SHOWN_MAX = 40 };

static const char subject_begin[] = "Subject:";

static const char *const files[GP_MAIL_KIND_COUNT] = {
	[GP_MAIL_RESET_PASSWORD] = "reset-password.txt",
	[GP_MAIL_VERIFY_EMAIL] = "verify-email.txt",
};

enum placeholder { URL, NAME, EMAIL, SITE, MINUTES, PLACEHOLDER_COUNT };

static const struct {
	const char *text;
	bool in_subject; /* what a user chose stays out of headers */
} placeholders[PLACEHOLDER_COUNT] = {
	[URL] = { "{{url}}", false },
	[NAME] = { "{{name}}", false },
	[EMAIL] = { "{{email}}", false },
	[SITE] = { "{{site}}", true },
	[MINUTES] = { "{{minutes}}", true },
};

struct template
{
	char *bytes; /* owned: the file, lines ending with LF; the others point into it */
	const char *subject, *text;
	size_t subject_length, text_length;
};

struct gp_mail_templates {
	struct template templates[GP_MAIL_KIND_COUNT];
};

/* Bytes before the next two opening braces; all of them where there are none. */
static size_t
plain_length(const char *text, size_t length)
{
	for (size_t i = 0; i + 1 < length; i++) {
		if (text[i] == '{' && text[i + 1] == '{')
			return i;
	}
	return length;
}

/* Which placeholder a text begins with; PLACEHOLDER_COUNT for none that is known. */
static enum placeholder
placeholder_at(const char *text, size_t length)
{
	unsigned which = 0;

	for (; which < PLACEHOLDER_COUNT; which++) {
		size_t bytes = strlen(placeholders[which].text);

		if (bytes <= length && memcmp(text, placeholders[which].text, bytes) == 0)
			break;
	}
	return (enum placeholder)which;
}

/* --- reading and judging --- */

/* The whole of a file, or NULL with errno set; EFBIG for what is no such text. */
static char *
read_whole(const char *path, size_t *length)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), error = 0;
	char *bytes = NULL;
	struct stat status;

	if (fd < 0)
		return NULL;
	*length = 0;
	if (fstat(fd, &status) != 0)
		error = errno;
	else if (!S_ISREG(status.st_mode) || status.st_size > FILE_SIZE_MAX)
		error = EFBIG;
	else if ((bytes = malloc((size_t)status.st_size + 1)) == NULL)
		error = ENOMEM;
	while (error == 0 && *length < (size_t)status.st_size) {
		ssize_t got = read(fd, bytes + *length, (size_t)status.st_size - *length);

		if (got < 0 && errno != EINTR)
			error = errno;
		if (got == 0)
			break; /* shortened meanwhile: what is there is judged */
		if (got > 0)
			*length += (size_t)got;
	}
	close(fd);
	if (error != 0) {
		free(bytes);
		bytes = NULL;
	}
	errno = error;
	return bytes;
}

/* CR LF becomes LF, in place. */
static size_t
drop_carriage_returns(char *bytes, size_t length)
{
	size_t kept = 0;

	for (size_t i = 0; i < length; i++) {
		if (bytes[i] != '\r' || i + 1 == length || bytes[i + 1] != '\n')
			bytes[kept++] = bytes[i];
	}
	return kept;
}

static unsigned
line_of(const char *bytes, const char *at)
{
	unsigned line = 1;

	for (; bytes < at; bytes++)
		line += *bytes == '\n';
	return line;
}

/* Name the placeholder where it is plain text on one line, and only then. */
static void
describe_unknown(const char *text, size_t length, char *wrong, size_t size)
{
	for (size_t i = 2; i + 1 < length && i < SHOWN_MAX; i++) {
		if (text[i] == '}' && text[i + 1] == '}') {
			snprintf(wrong, size, "unknown placeholder %.*s", (int)(i + 2), text);
			return;
		}
		if (text[i] < 0x20 || text[i] > 0x7e)
			break;
	}
	snprintf(wrong, size, "{{ without a placeholder's name and }}");
}

/* Where the first fault is, described in `wrong`; NULL for none. */
static const char *
find_bad_character(const char *bytes, size_t length, char *wrong, size_t size)
{
	size_t character;

	for (size_t at = 0; at < length; at += character) {
		character = gp_utf8_character(bytes + at, length - at);
		if (character == 0)
			snprintf(wrong, size, "is not UTF-8");
		else if (gp_mail_is_control(bytes + at, character) && bytes[at] != '\n' &&
			 bytes[at] != '\t')
			snprintf(wrong, size, "holds a control character");
		else
			continue;
		return bytes + at;
	}
	return NULL;
}

/* The same for placeholders; `*has_url` is set when {{url}} is among them. */
static const char *
find_bad_placeholder(
    const char *text, size_t length, bool in_subject, bool *has_url, char *wrong, size_t size)
{
	for (size_t at = plain_length(text, length); at < length;
	     at += plain_length(text + at, length - at)) {
		enum placeholder which = placeholder_at(text + at, length - at);

		if (which == PLACEHOLDER_COUNT) {
			describe_unknown(text + at, length - at, wrong, size);
			return text + at;
		}
		if (in_subject && !placeholders[which].in_subject) {
			snprintf(wrong, size, "%s is not for a subject", placeholders[which].text);
			return text + at;
		}
		*has_url |= which == URL;
		at += strlen(placeholders[which].text);
	}
	return NULL;
}

/* Find subject and text of a file; the same answer. */
static const char *
split(struct template *template, size_t length, char *wrong, size_t size)
{
	size_t begin = sizeof(subject_begin) - 1;
	const char *end = memchr(template->bytes, '\n', length);

	if (length < begin || memcmp(template->bytes, subject_begin, begin) != 0 || end == NULL) {
		snprintf(wrong, size, "must be \"Subject: ...\"");
		return template->bytes;
	}
	template->subject = template->bytes + begin;
	while (*template->subject == ' ')
		template->subject++;
	template->subject_length = (size_t)(end - template->subject);
	while (
	    template->subject_length > 0 && template->subject[template->subject_length - 1] == ' ')
		template->subject_length--;
	if (template->subject_length == 0 ||
	    memchr(template->subject, '\t', template->subject_length) != NULL) {
		snprintf(wrong, size, "the subject must be text without tabs");
		return template->bytes;
	}
	template->text = end + 2;
	if (template->text > template->bytes + length || end[1] != '\n') {
		snprintf(wrong, size, "must be empty, with the text below it");
		return end + 1;
	}
	template->text_length = (size_t)(template->bytes + length - template->text);
	return NULL;
}

/* Judge the bytes of a file and take it apart; false with the problem told. */
static bool
accept(
    struct template *template, size_t length, const char *path, char *problem, size_t problem_size)
{
	bool has_url = false;
	char wrong[128] = "";
	const char *at = find_bad_character(template->bytes, length, wrong, sizeof(wrong));

	if (at == NULL)
		at = split(template, length, wrong, sizeof(wrong));
	if (at == NULL)
		at = find_bad_placeholder(template->subject, template->subject_length, true,
		    &has_url, wrong, sizeof(wrong));
	if (at == NULL)
		at = find_bad_placeholder(
		    template->text, template->text_length, false, &has_url, wrong, sizeof(wrong));
	if (at != NULL)
		snprintf(problem, problem_size, "%s: line %u: %s", path,
		    line_of(template->bytes, at), wrong);
	else if (!has_url)
		snprintf(problem, problem_size, "%s: {{url}} is not in the text", path);
	return at == NULL && has_url;
}

static bool
load(struct template *template, const char *directory, const char *name, char *problem,
    size_t problem_size)
{
	size_t room = strlen(directory) + strlen(name) + sizeof("/"), length;
	char *path = malloc(room);
	bool accepted = false;

	if (path == NULL) {
		snprintf(problem, problem_size, "out of memory");
		return false;
	}
	snprintf(path, room, "%s/%s", directory, name);
	template->bytes = read_whole(path, &length);
	if (template->bytes == NULL)
		snprintf(problem, problem_size, "%s: %s", path,
		    errno == EFBIG ? "not the text of a message" : strerror(errno));
	else
		accepted = accept(template, drop_carriage_returns(template->bytes, length), path,
		    problem, problem_size);
	free(path);
	return accepted;
}

struct gp_mail_templates *
gp_mail_templates_load(const char *directory, char *problem, size_t problem_size)
{
	struct gp_mail_templates *templates = calloc(1, sizeof(*templates));

	if (templates == NULL) {
		snprintf(problem, problem_size, "out of memory");
		return NULL;
	}
	for (size_t kind = 0; kind < GP_MAIL_KIND_COUNT; kind++) {
		if (!load(&templates->templates[kind], directory, files[kind], problem,
			problem_size)) {
			gp_mail_templates_free(templates);
			return NULL;
		}
	}
	return templates;
}

void
gp_mail_templates_free(struct gp_mail_templates *templates)
{
	if (templates == NULL)
		return;
	for (size_t kind = 0; kind < GP_MAIL_KIND_COUNT; kind++)
		free(templates->templates[kind].bytes);
	free(templates);
}

/* --- filling --- */

static void
add_name(struct gp_buffer *buffer, const struct gp_mail_words *words)
{
	size_t length = strlen(words->name), bytes;
	size_t characters = 0;

	if (words->name[strspn(words->name, " ")] == '\0') {
		gp_buffer_add_text(buffer, words->email);
		return;
	}
	for (size_t at = 0; at < length && characters < GP_MAIL_NAME_CHARACTERS_MAX; at += bytes) {
		bytes = gp_utf8_character(words->name + at, length - at);
		if (bytes == 0)
			return;
		if (gp_mail_is_control(words->name + at, bytes))
			gp_buffer_add_byte(buffer, ' ');
		else
			gp_buffer_add(buffer, words->name + at, bytes);
		characters++;
	}
}

static void
add_placeholder(struct gp_buffer *buffer, enum placeholder which, const struct gp_mail_words *words)
{
	switch (which) {
	case URL: gp_buffer_add_text(buffer, words->url); break;
	case NAME: add_name(buffer, words); break;
	case EMAIL: gp_buffer_add_text(buffer, words->email); break;
	case SITE: gp_buffer_add_text(buffer, words->site); break;
	case MINUTES: gp_buffer_add_integer(buffer, words->minutes); break;
	case PLACEHOLDER_COUNT: break;
	}
}

static void
add_plain(struct gp_buffer *buffer, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '\n')
			gp_buffer_add_byte(buffer, '\r');
		gp_buffer_add_byte(buffer, text[i]);
	}
}

static void
fill(struct gp_buffer *buffer, const char *text, size_t length, const struct gp_mail_words *words)
{
	while (length > 0) {
		size_t bytes = plain_length(text, length);
		enum placeholder which;

		add_plain(buffer, text, bytes);
		which = placeholder_at(text + bytes, length - bytes);
		add_placeholder(buffer, which, words);
		if (which != PLACEHOLDER_COUNT)
			bytes += strlen(placeholders[which].text);
		text += bytes;
		length -= bytes;
	}
}

void
gp_mail_template_add_subject(const struct gp_mail_templates *templates, enum gp_mail_kind kind,
    const struct gp_mail_words *words, struct gp_buffer *buffer)
{
	const struct template *template = &templates->templates[kind];

	fill(buffer, template->subject, template->subject_length, words);
}

void
gp_mail_template_add_text(const struct gp_mail_templates *templates, enum gp_mail_kind kind,
    const struct gp_mail_words *words, struct gp_buffer *buffer)
{
	const struct template *template = &templates->templates[kind];

	fill(buffer, template->text, template->text_length, words);
}
