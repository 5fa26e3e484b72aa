/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The event log: one line per security event or failure, as text or JSON, to standard error or
 * syslog.
 *
 * A line is a level, an event name and named values. Values are escaped, so that nothing a client
 * sends can start a line of its own. Callers never pass tokens, passwords, secrets or SQL.
 */
#ifndef GP_EVENT_LOG_H
#define GP_EVENT_LOG_H

#include <stddef.h>

enum gp_log_level { GP_LOG_ERROR, GP_LOG_WARNING, GP_LOG_INFO, GP_LOG_DEBUG };
enum gp_log_format { GP_LOG_TEXT, GP_LOG_JSON };
enum gp_log_target { GP_LOG_STDERR, GP_LOG_SYSLOG };

struct gp_log_field {
	const char *name;
	const char *value; /* NULL: the field is left out */
};

/* Takes one whole line, newline included. `context` is the log's sink_context. */
typedef void gp_log_sink(void *context, const char *line, size_t length);

struct gp_log {
	const char *program;     /* in every line; borrowed */
	enum gp_log_level level; /* nothing below it is written */
	enum gp_log_format format;
	enum gp_log_target target;
	gp_log_sink *sink; /* where GP_LOG_STDERR goes; NULL: file descriptor 2 */
	void *sink_context;
};

/*
 * Write one line: time (UTC, milliseconds), program, level, event, the fields.
 * A line longer than 2 KiB is cut inside its last value. Failures to write are ignored: there is
 * nowhere left to report them, and no request may fail for it.
 */
void gp_log_event(const struct gp_log *log, enum gp_log_level level, const char *event,
    const struct gp_log_field *fields, size_t count);

#endif
