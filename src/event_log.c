/* SPDX-License-Identifier: Apache-2.0 */
/* Formats a line on the stack and hands it on whole. Hides the two formats and the two targets. */
#include "event_log.h"

#include <stdbool.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

/* Pipes take this much in one piece (PIPE_BUF is at least 512, on Linux 4096). */
enum { LINE_SIZE = 2048 };

/* Kept free for what closes a line, so that a cut line is still well-formed. */
enum { TAIL_SIZE = 4 };

struct line {
	char bytes[LINE_SIZE];
	size_t length;
	bool full; /* a piece did not fit, so none after it counts */
};

static const char *const level_names[] = {
	[GP_LOG_ERROR] = "error",
	[GP_LOG_WARNING] = "warning",
	[GP_LOG_INFO] = "info",
	[GP_LOG_DEBUG] = "debug",
};

static const int syslog_levels[] = {
	[GP_LOG_ERROR] = LOG_ERR,
	[GP_LOG_WARNING] = LOG_WARNING,
	[GP_LOG_INFO] = LOG_INFO,
	[GP_LOG_DEBUG] = LOG_DEBUG,
};

static void
add(struct line *line, const char *text, size_t length)
{
	if (line->full || length > LINE_SIZE - TAIL_SIZE - line->length) {
		line->full = true;
		return;
	}
	memcpy(line->bytes + line->length, text, length);
	line->length += length;
}

static void
add_text(struct line *line, const char *text)
{
	add(line, text, strlen(text));
}

/* Printable ASCII as it is; everything else as JSON escapes it, which both formats understand. */
static void
add_escaped(struct line *line, const char *value)
{
	static const char hex[] = "0123456789abcdef";

	for (const unsigned char *c = (const unsigned char *)value; *c != '\0'; c++) {
		char escaped[6] = { '\\', 'u', '0', '0', hex[*c >> 4], hex[*c & 15] };

		if (*c == '"' || *c == '\\')
			add(line, (const char[]){ '\\', (char)*c }, 2);
		else if (*c >= 0x20 && *c < 0x7f)
			add(line, (const char *)c, 1);
		else
			add(line, escaped, sizeof(escaped));
	}
}

static void
add_field(struct line *line, enum gp_log_format format, const char *name, const char *value)
{
	if (line->full)
		return;
	if (format == GP_LOG_JSON) {
		add_text(line, line->length > 0 ? ",\"" : "{\"");
		add_text(line, name);
		add_text(line, "\":\"");
		add_escaped(line, value);
		line->bytes[line->length++] = '"';
		return;
	}
	if (line->length > 0)
		add_text(line, " ");
	add_text(line, name);
	add_text(line, "=");
	if (value[0] != '\0' && strpbrk(value, " \"=\\") == NULL) {
		add_escaped(line, value);
		return;
	}
	add_text(line, "\"");
	add_escaped(line, value);
	line->bytes[line->length++] = '"';
}

static void
add_time(struct line *line, enum gp_log_format format)
{
	struct timespec now;
	struct tm utc;
	char text[sizeof("2026-01-01T00:00:00.000Z") + 16];
	size_t length;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	length = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S.", &utc);
	for (long unit = 100000000; unit >= 1000000; unit /= 10)
		text[length++] = (char)('0' + now.tv_nsec / unit % 10);
	text[length++] = 'Z';
	text[length] = '\0';
	add_field(line, format, "time", text);
}

static void
write_stderr(const char *bytes, size_t length)
{
	if (write(STDERR_FILENO, bytes, length) < 0)
		return; /* nowhere left to say so */
}

void
gp_log_event(const struct gp_log *log, enum gp_log_level level, const char *event,
    const struct gp_log_field *fields, size_t count)
{
	struct line line = { .length = 0 };

	if (level > log->level)
		return;
	add_time(&line, log->format);
	add_field(&line, log->format, "program", log->program);
	add_field(&line, log->format, "level", level_names[level]);
	add_field(&line, log->format, "event", event);
	for (size_t i = 0; i < count; i++) {
		/* A name that did not fit would leave half a field: leave the rest out instead. */
		if (line.length + strlen(fields[i].name) + 16 > LINE_SIZE)
			break;
		if (fields[i].value != NULL)
			add_field(&line, log->format, fields[i].name, fields[i].value);
	}
	if (log->format == GP_LOG_JSON)
		line.bytes[line.length++] = '}';
	line.bytes[line.length++] = '\n';
	if (log->target == GP_LOG_SYSLOG)
		syslog(syslog_levels[level], "%.*s", (int)line.length - 1, line.bytes);
	else if (log->sink != NULL)
		log->sink(log->sink_context, line.bytes, line.length);
	else
		write_stderr(line.bytes, line.length);
}
