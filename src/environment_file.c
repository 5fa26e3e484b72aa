/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts a copy of the text into names and values in place. Knows the syntax, not the settings. */
#include "environment_file.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A hundred times the longest sensible settings file; a mistaken path is not read into memory. */
enum { FILE_SIZE_MAX = 1024 * 1024 };

struct entry {
	const char *name; /* both point into `text` */
	const char *value;
};

struct gp_environment_file {
	char *text;
	size_t size;
	struct entry *entries;
	size_t count;
};

struct cursor {
	char *at;
	char *end;
	unsigned line;
};

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool
is_name_byte(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '.' || c == '-';
}

static void
skip_space(struct cursor *cursor)
{
	while (cursor->at < cursor->end && is_space(*cursor->at))
		cursor->at++;
}

static void
skip_line(struct cursor *cursor)
{
	while (cursor->at < cursor->end && *cursor->at != '\n')
		cursor->at++;
}

static bool
is_export(const struct cursor *cursor, const char *name, const char *name_end)
{
	return name_end - name == 6 && memcmp(name, "export", 6) == 0 && cursor->at > name_end &&
	       cursor->at < cursor->end && *cursor->at != '=';
}

/* The name before the sign, or NULL. `export` is a name too unless another follows it. */
static char *
take_name(struct cursor *cursor)
{
	char *name, *name_end;

	do {
		name = cursor->at;
		while (cursor->at < cursor->end && is_name_byte(*cursor->at))
			cursor->at++;
		name_end = cursor->at;
		skip_space(cursor);
	} while (is_export(cursor, name, name_end));
	if (name_end == name || cursor->at == cursor->end || *cursor->at != '=')
		return NULL;
	cursor->at++;
	*name_end = '\0';
	return name;
}

static char
unescape(char c)
{
	switch (c) {
	case 'n': return '\n';
	case 'r': return '\r';
	case 't': return '\t';
	default: return c;
	}
}

/* The text between two quotes, escapes undone; NULL when the second quote is missing. */
static char *
take_quoted(struct cursor *cursor)
{
	char quote = *cursor->at++;
	char *value = cursor->at;
	char *to = value;

	while (cursor->at < cursor->end && *cursor->at != quote) {
		char c = *cursor->at++;

		if (c == '\n')
			cursor->line++;
		if (quote == '"' && c == '\\' && cursor->at < cursor->end) {
			char escaped = *cursor->at;

			if (strchr("nrt\"\\$", escaped) != NULL) {
				cursor->at++;
				c = unescape(escaped);
			}
		}
		*to++ = c;
	}
	if (cursor->at == cursor->end)
		return NULL;
	cursor->at++;
	skip_space(cursor);
	if (cursor->at < cursor->end && *cursor->at == '#')
		skip_line(cursor);
	if (cursor->at < cursor->end && *cursor->at != '\n')
		return NULL;
	*to = '\0';
	return value;
}

static char *
take_bare(struct cursor *cursor)
{
	char *value = cursor->at;
	char *value_end = value;

	for (; cursor->at < cursor->end && *cursor->at != '\n'; cursor->at++) {
		if (*cursor->at == '#' && (cursor->at == value || is_space(cursor->at[-1]))) {
			skip_line(cursor);
			break;
		}
		if (!is_space(*cursor->at))
			value_end = cursor->at + 1;
	}
	/* A newline right behind the value stays for the caller, who counts it and ends the value
	 * there. */
	if (value_end < cursor->at || cursor->at == cursor->end)
		*value_end = '\0';
	return value;
}

static bool
parse_line(struct cursor *cursor, struct entry *entry)
{
	unsigned line = cursor->line;
	char *value;

	entry->name = take_name(cursor);
	if (entry->name == NULL)
		return false;
	skip_space(cursor);
	if (cursor->at < cursor->end && strchr("'\"`", *cursor->at) != NULL)
		value = take_quoted(cursor);
	else
		value = take_bare(cursor);
	entry->value = value;
	if (value == NULL)
		cursor->line = line; /* where it begins, not where the quote would have to end */
	return value != NULL;
}

static bool
parse(struct gp_environment_file *file, struct cursor *cursor)
{
	while (cursor->at < cursor->end) {
		skip_space(cursor);
		if (cursor->at < cursor->end && *cursor->at == '#')
			skip_line(cursor);
		if (cursor->at < cursor->end && *cursor->at != '\n') {
			if (!parse_line(cursor, &file->entries[file->count]))
				return false;
			file->count++;
		}
		if (cursor->at < cursor->end) {
			*cursor->at++ = '\0';
			cursor->line++;
		}
	}
	return true;
}

/* Whether the text holds a NUL, and in which line. */
static bool
has_nul(const char *text, size_t length, unsigned *line)
{
	const char *nul = memchr(text, '\0', length);

	for (const char *c = text; nul != NULL && c < nul; c++)
		*line += *c == '\n';
	return nul != NULL;
}

struct gp_environment_file *
gp_environment_file_parse(const char *text, size_t length, unsigned *line)
{
	struct gp_environment_file *file = calloc(1, sizeof(*file));
	struct cursor cursor = { .line = 1 };
	size_t lines = 1;

	*line = 0;
	if (file == NULL)
		return NULL;
	for (size_t i = 0; i < length; i++)
		lines += text[i] == '\n';
	file->size = length + 1;
	file->text = malloc(file->size);
	file->entries = calloc(lines, sizeof(*file->entries));
	if (file->text == NULL || file->entries == NULL) {
		gp_environment_file_free(file);
		return NULL;
	}
	if (length > 0)
		memcpy(file->text, text, length);
	file->text[length] = '\0';
	cursor.at = file->text;
	cursor.end = file->text + length;
	if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		cursor.at += 3; /* editors on Windows put a byte order mark first */
	if (has_nul(text, length, &cursor.line) || !parse(file, &cursor)) {
		*line = cursor.line;
		gp_environment_file_free(file);
		return NULL;
	}
	return file;
}

/* The whole file in memory, or NULL with errno set. */
static char *
read_whole(const char *path, size_t *length)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text = NULL;
	struct stat status;
	ssize_t got;

	if (fd < 0)
		return NULL;
	*length = 0;
	if (fstat(fd, &status) != 0)
		goto out;
	if (!S_ISREG(status.st_mode) || status.st_size > FILE_SIZE_MAX) {
		errno = EFBIG;
		goto out;
	}
	text = malloc((size_t)status.st_size + 1);
	if (text == NULL)
		goto out;
	while (*length < (size_t)status.st_size) {
		got = read(fd, text + *length, (size_t)status.st_size - *length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break; /* shortened meanwhile: what is there counts */
		*length += (size_t)got;
	}
out:
	close(fd);
	return text;
}

struct gp_environment_file *
gp_environment_file_read(const char *path, bool must_exist, char *problem, size_t problem_size)
{
	struct gp_environment_file *file;
	size_t length = 0;
	unsigned line;
	char *text = read_whole(path, &length);

	if (text == NULL && !(errno == ENOENT && !must_exist)) {
		snprintf(problem, problem_size, "%s: %s", path,
		    errno == EFBIG ? "not a settings file" : strerror(errno));
		return NULL;
	}
	file = gp_environment_file_parse(text != NULL ? text : "", length, &line);
	if (file == NULL && line > 0)
		snprintf(problem, problem_size, "%s: line %u: expected NAME=value", path, line);
	else if (file == NULL)
		snprintf(problem, problem_size, "%s: out of memory", path);
	if (text != NULL)
		OPENSSL_cleanse(text, length);
	free(text);
	return file;
}

const char *
gp_environment_file_get(const struct gp_environment_file *file, const char *name)
{
	for (size_t i = file->count; i > 0; i--) {
		if (strcmp(file->entries[i - 1].name, name) == 0)
			return file->entries[i - 1].value;
	}
	return NULL;
}

void
gp_environment_file_free(struct gp_environment_file *file)
{
	if (file == NULL)
		return;
	if (file->text != NULL)
		OPENSSL_cleanse(file->text, file->size);
	free(file->text);
	free(file->entries);
	free(file);
}
