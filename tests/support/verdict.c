/* SPDX-License-Identifier: Apache-2.0 */
/* Splits lines at their bars, undoes the escapes, and makes each row's token. */
#include "verdict.h"

#include <stdlib.h>
#include <string.h>

#include "data.h"

/* The least lifetime where one is demanded. */
enum { SHORTEST_S = 900 };

enum column { RULE, KEY, HEADER, CLAIMS, POLICY, NOTE, COLUMN_COUNT };

static const char default_header[] = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
static const char default_claims[] = "{\"sub\":\"ada\",\"exp\":1000300}";

bool
gp_verdicts_open(struct gp_verdicts *verdicts, const char *name)
{
	size_t length;

	*verdicts = (struct gp_verdicts){ .text = gp_test_data(name, &length) };
	verdicts->at = verdicts->text;
	return verdicts->text != NULL;
}

void
gp_verdicts_close(struct gp_verdicts *verdicts)
{
	free(verdicts->text);
}

/* The next line that is a row, cut out of the text; NULL at the end. */
static char *
next_line(struct gp_verdicts *verdicts)
{
	while (*verdicts->at != '\0') {
		char *line = verdicts->at;
		size_t length = strcspn(line, "\n");

		verdicts->line++;
		verdicts->at += length + (line[length] == '\n');
		line[length] = '\0';
		if (line[0] != '#' && line[strspn(line, " \t")] != '\0')
			return line;
	}
	return NULL;
}

static char *
trim(char *text)
{
	size_t length;

	text += strspn(text, " \t");
	length = strlen(text);
	while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
		text[--length] = '\0';
	return text;
}

static bool
split(char *line, char *columns[COLUMN_COUNT])
{
	for (int i = 0; i < COLUMN_COUNT; i++) {
		char *bar = strchr(line, '|');

		if ((bar == NULL) != (i == COLUMN_COUNT - 1))
			return false;
		if (bar != NULL)
			*bar = '\0';
		columns[i] = trim(line);
		line = bar != NULL ? bar + 1 : line;
	}
	return true;
}

/* `text` with <xx> as the byte of that number and <xx*count> as so many of them. */
static bool
unescape(const char *text, struct gp_test_text *bytes)
{
	bytes->length = 0;
	bytes->bytes[0] = '\0';
	while (*text != '\0') {
		unsigned char byte = (unsigned char)*text;
		unsigned long count = 1;
		char *end = (char *)(size_t)(text + 1);

		if (*text == '<') {
			byte = (unsigned char)strtoul(text + 1, &end, 16);
			if (*end == '*')
				count = strtoul(end + 1, &end, 10);
			if (*end++ != '>')
				return false;
		}
		for (; count > 0; count--) {
			if (!gp_test_text_add(bytes, &byte, 1))
				return false;
		}
		text = end;
	}
	return true;
}

static bool
column_text(const char *column, const char *otherwise, struct gp_test_text *bytes)
{
	return unescape(strcmp(column, "-") == 0 ? otherwise : column, bytes);
}

static const char *
value_of(const char *word, const char *name)
{
	size_t length = strlen(name);

	return strncmp(word, name, length) == 0 && word[length] == '=' ? word + length + 1 : NULL;
}

/* The demands of these names, separated by commas. */
static bool
read_demands(const char *names, struct gp_claims_demands *demands)
{
	while (*names != '\0') {
		size_t length = strcspn(names, ",");

		if (length == strlen("email") && strncmp(names, "email", length) == 0)
			demands->email = true;
		else if (length == strlen("lifetime") && strncmp(names, "lifetime", length) == 0)
			demands->shortest_lifetime_s = SHORTEST_S;
		else
			return false;
		names += length + (names[length] == ',');
	}
	return true;
}

static bool
read_word(const char *word, struct gp_verdict *row, size_t *token_length)
{
	const char *value;

	if ((value = value_of(word, "now")) != NULL)
		row->now_s = strtoll(value, NULL, 10);
	else if ((value = value_of(word, "leeway")) != NULL)
		row->leeway_s = strtoll(value, NULL, 10);
	else if ((value = value_of(word, "iss")) != NULL)
		row->issuer = value;
	else if ((value = value_of(word, "aud")) != NULL)
		row->audience = value;
	else if ((value = value_of(word, "keys")) != NULL)
		row->keys = value;
	else if ((value = value_of(word, "secrets")) != NULL)
		row->secrets = value;
	else if ((value = value_of(word, "user")) != NULL)
		row->user = value;
	else if ((value = value_of(word, "session")) != NULL)
		row->session = value;
	else if ((value = value_of(word, "minutes")) != NULL)
		row->minutes = strtoll(value, NULL, 10);
	else if ((value = value_of(word, "demands")) != NULL)
		return read_demands(value, &row->demands);
	else if ((value = value_of(word, "length")) != NULL)
		*token_length = strtoul(value, NULL, 10);
	return value != NULL;
}

static bool
read_policy(char *column, struct gp_verdict *row, size_t *token_length)
{
	char *rest;

	for (char *word = strtok_r(column, " ", &rest); word != NULL;
	     word = strtok_r(NULL, " ", &rest)) {
		if (!read_word(word, row, token_length))
			return false;
	}
	return true;
}

static bool
make_token(char *columns[COLUMN_COUNT], struct gp_test_text *token)
{
	struct gp_test_text header, claims;

	if (strcmp(columns[KEY], "raw") == 0)
		return unescape(columns[HEADER], token) && columns[CLAIMS][0] == '\0';
	return column_text(columns[HEADER], default_header, &header) &&
	       column_text(columns[CLAIMS], default_claims, &claims) &&
	       gp_test_token_make(columns[KEY], &header, &claims, token);
}

bool
gp_verdicts_next(struct gp_verdicts *verdicts, struct gp_verdict *row)
{
	char *columns[COLUMN_COUNT];
	size_t token_length = 0;
	char *line = next_line(verdicts);

	if (line == NULL)
		return false;
	row->line = verdicts->line;
	row->now_s = 1000000;
	row->leeway_s = 5;
	row->issuer = row->audience = row->keys = row->user = row->session = NULL;
	row->secrets = "secret";
	row->minutes = 30;
	row->demands = (struct gp_claims_demands){ .email = false };
	if (!split(line, columns))
		verdicts->problem = "not six columns";
	else if (!make_token(columns, &row->token))
		verdicts->problem = "key, header or claims not understood";
	else if (!read_policy(columns[POLICY], row, &token_length))
		verdicts->problem = "clock and policy not understood";
	else if (token_length > 0 && token_length != row->token.length)
		verdicts->problem = "the token has another length";
	if (verdicts->problem != NULL)
		return false;
	row->rule = columns[RULE];
	row->note = columns[NOTE];
	return true;
}
