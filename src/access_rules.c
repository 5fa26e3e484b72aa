/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a line into words, compares paths by their segments. */
#include "access_rules.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "arena.h"
#include "buffer.h"
#include "email_address.h"
#include "json_write.h"
#include "path_fit.h"
#include "percent.h"
#include "utf8.h"

enum who_kind { ANYBODY, SIGNED_IN, USER, EMAIL, EMAIL_DOMAIN, CLAIM };

struct gp_who {
	enum who_kind kind;
	const char *name; /* of a claim */
	const char *value;
};

/* Far more than anybody reads through. */
enum { RULES_MAX = 1000, WHO_MAX = 100 };

struct gp_access_rules {
	struct gp_arena *arena; /* of all texts */
	struct gp_access_rule *rules;
	size_t count;
	unsigned deepest; /* no path has more segments */
	struct gp_buffer claims;
};

/* --- reading --- */

/* A line that is being read. */
struct line {
	struct gp_access_rules *rules;
	unsigned number;
	char *problem;
	size_t problem_size;
};

static bool
complain(const struct line *line, const char *what)
{
	snprintf(line->problem, line->problem_size, "line %u: %s", line->number, what);
	return false;
}

static bool
read_methods(const struct line *line, const char *word, struct gp_access_rule *rule)
{
	struct gp_buffer text;

	if (strcmp(word, "*") == 0)
		return true;
	if (strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-,") != strlen(word))
		return complain(line, "methods are * or GET,HEAD and the like, without blanks");
	gp_buffer_init(&text, line->rules->arena);
	gp_buffer_add_byte(&text, ',');
	gp_buffer_add_text(&text, word);
	gp_buffer_add_byte(&text, ',');
	gp_buffer_add_byte(&text, '\0');
	rule->methods = text.bytes;
	return gp_buffer_complete(&text) || complain(line, "out of memory");
}

/* What is wrong with the braces of a path; NULL for nothing. */
static const char *
judge_braces(const char *path)
{
	size_t found = 0;

	while (*path == '/') {
		size_t length = strcspn(++path, "/");
		bool is_user = length == sizeof(GP_PATH_USER_ID) - 1 &&
			       strncmp(path, GP_PATH_USER_ID, length) == 0;

		if (!is_user && strcspn(path, "{}") < length)
			return "{user_id} is the only name in braces, and a whole part of a path";
		found += is_user;
		path += length;
	}
	return found > 1 ? "{user_id} can be there once" : NULL;
}

static bool
read_path(const struct line *line, char *word, struct gp_access_rule *rule)
{
	size_t length = strlen(word);
	const char *wrong;

	if (word[0] != '/' || strstr(word, "//") != NULL)
		return complain(line, "a path begins with one slash, and has no two in a row");
	rule->exact = word[length - 1] == '$';
	if (rule->exact)
		word[--length] = '\0';
	while (!rule->exact && length > 0 && word[length - 1] == '/')
		word[--length] = '\0';
	if (!gp_percent_decode(word) || !gp_utf8_is_valid(word, strlen(word)))
		return complain(line, "the path is not percent-encoded UTF-8");
	wrong = judge_braces(word);
	if (wrong != NULL)
		return complain(line, wrong);
	rule->path = gp_arena_copy(line->rules->arena, word, strlen(word));
	return rule->path != NULL || complain(line, "out of memory");
}

/* The words that say who, each with what has to be behind it. */
static const struct {
	const char *word;
	enum who_kind kind;
} who_words[] = {
	{ "public", ANYBODY },
	{ "signed-in", SIGNED_IN },
	{ "user=", USER },
	{ "email=", EMAIL },
	{ "email-domain=", EMAIL_DOMAIN },
	{ "claim:", CLAIM },
};

/* Cut NAME=VALUE of a claim. */
static bool
read_claim(char *text, struct gp_who *who)
{
	char *sign = strchr(text, '=');

	if (sign == NULL || sign == text || sign[1] == '\0')
		return false;
	*sign = '\0';
	who->name = text;
	who->value = sign + 1;
	return gp_percent_decode(text) && gp_percent_decode(sign + 1);
}

static bool
read_one(const struct line *line, const char *word, struct gp_who *who)
{
	char *text = gp_arena_copy(line->rules->arena, word, strlen(word));
	const char *at;

	if (text == NULL)
		return complain(line, "out of memory");
	for (size_t i = 0; i < GP_COUNT(who_words); i++) {
		size_t length = strlen(who_words[i].word);
		char last = who_words[i].word[length - 1];
		bool has_value = last == '=' || last == ':';

		if (strncmp(text, who_words[i].word, length) != 0 ||
		    (text[length] != '\0') != has_value)
			continue;
		*who = (struct gp_who){ .kind = who_words[i].kind, .value = text + length };
		if (who->kind == CLAIM)
			return read_claim(text + length, who) ||
			       complain(line, "a claim is claim:NAME=VALUE");
		if (!gp_percent_decode(text + length))
			return complain(line, "a percent sign is written %25");
		at = strchr(who->value, '@');
		if ((who->kind == EMAIL && at == NULL) || (who->kind == EMAIL_DOMAIN && at != NULL))
			return complain(
			    line, "an address is email=NAME@DOMAIN, a domain email-domain=DOMAIN");
		return true;
	}
	return complain(line,
	    "who may come in is public, signed-in, user=ID, email=ADDRESS, email-domain=DOMAIN or "
	    "claim:NAME=VALUE");
}

static bool
read_who(const struct line *line, char **rest, struct gp_access_rule *rule)
{
	struct gp_who *all = gp_arena_take(line->rules->arena, WHO_MAX * sizeof(*all));
	const char *word;

	if (all == NULL)
		return complain(line, "out of memory");
	rule->who = all;
	while ((word = strtok_r(NULL, " \t\r\n", rest)) != NULL && word[0] != '#') {
		if (rule->who_count == WHO_MAX)
			return complain(line, "names too many; give them a claim in common");
		if (!read_one(line, word, &all[rule->who_count]))
			return false;
		rule->open |= all[rule->who_count++].kind == ANYBODY;
	}
	if (rule->who_count == 0)
		return complain(line, "METHODS PATH WHO; it does not say who");
	if (rule->open && rule->who_count > 1)
		return complain(line, "public is everybody: leave out the others, or public");
	if (rule->open && strstr(rule->path, GP_PATH_USER_ID) != NULL)
		return complain(line, "where anybody may come in nobody can be {user_id}");
	/* Many programs take /x/y for /x; what is forbidden there has to be here, too. */
	if (rule->exact && !rule->open)
		return complain(line, "only a public path can end in $");
	return true;
}

/* Whether an earlier line has the same path and all methods. */
static bool
is_reached(const struct gp_access_rules *rules, const struct gp_access_rule *rule)
{
	for (size_t i = 0; i < rules->count; i++) {
		const struct gp_access_rule *earlier = &rules->rules[i];

		if (earlier->methods == NULL && earlier->exact == rule->exact &&
		    strcmp(earlier->path, rule->path) == 0)
			return false;
	}
	return true;
}

/* At least as many as there are segments. */
static unsigned
count_slashes(const char *path)
{
	unsigned count = 0;

	for (; *path != '\0'; path++)
		count += *path == '/';
	return count;
}

static bool
read_line(const struct line *line, char *text)
{
	struct gp_access_rules *rules = line->rules;
	struct gp_access_rule rule = { .methods = NULL };
	char *rest, *methods = strtok_r(text, " \t\r\n", &rest);
	char *path;

	if (methods == NULL || methods[0] == '#')
		return true;
	path = strtok_r(NULL, " \t\r\n", &rest);
	if (path == NULL)
		return complain(line, "METHODS PATH WHO; it has no path");
	if (rules->count == RULES_MAX)
		return complain(line, "too many rules");
	if (!read_methods(line, methods, &rule) || !read_path(line, path, &rule) ||
	    !read_who(line, &rest, &rule))
		return false;
	if (!is_reached(rules, &rule))
		return complain(
		    line, "never counts: an earlier line has this path and all methods");
	rules->rules[rules->count++] = rule;
	if (count_slashes(rule.path) > rules->deepest)
		rules->deepest = count_slashes(rule.path);
	return true;
}

/* What a session's row is asked for: each name once, and whether the address is verified. */
static bool
list_claims(struct gp_access_rules *rules)
{
	struct json_object *names = json_object_new_object();
	struct gp_buffer *text = &rules->claims;
	bool made = names != NULL && json_object_object_add(names, "emailVerified", NULL) == 0;

	for (size_t i = 0; made && i < rules->count; i++) {
		for (size_t j = 0; made && j < rules->rules[i].who_count; j++) {
			const char *name = rules->rules[i].who[j].name;

			made = name == NULL || json_object_object_add(names, name, NULL) == 0;
		}
	}
	gp_buffer_init(text, rules->arena);
	if (made) {
		json_object_object_foreach(names, name, value)
		{
			(void)value;
			gp_buffer_add_byte(text, text->length == 0 ? '[' : ',');
			gp_json_write_text(text, name);
		}
	}
	json_object_put(names);
	gp_buffer_add_text(text, "]");
	gp_buffer_add_byte(text, '\0');
	return made && gp_buffer_complete(text);
}

/* All lines of the file. */
static bool
read_file(struct gp_access_rules *rules, FILE *file, char *problem, size_t problem_size)
{
	struct line line = { .rules = rules, .problem = problem, .problem_size = problem_size };
	char *text = NULL;
	size_t size = 0;
	bool good = true;
	ssize_t length;

	while (good && (length = getline(&text, &size, file)) >= 0) {
		line.number++;
		good = strlen(text) == (size_t)length ? read_line(&line, text)
						      : complain(&line, "holds a NUL");
	}
	free(text);
	if (good && ferror(file)) {
		snprintf(problem, problem_size, "%s", strerror(errno));
		return false;
	}
	if (good && rules->count == 0) {
		snprintf(problem, problem_size,
		    "has no rules, so that nobody would be let in; a first one: * / signed-in");
		return false;
	}
	return good;
}

struct gp_access_rules *
gp_access_rules_read(FILE *file, char *problem, size_t problem_size)
{
	struct gp_access_rules *rules = calloc(1, sizeof(*rules));

	snprintf(problem, problem_size, "out of memory");
	if (rules == NULL)
		return NULL;
	rules->arena = gp_arena_new();
	rules->rules = calloc(RULES_MAX, sizeof(*rules->rules));
	if (rules->arena == NULL || rules->rules == NULL ||
	    !read_file(rules, file, problem, problem_size) || !list_claims(rules)) {
		gp_access_rules_free(rules);
		return NULL;
	}
	return rules;
}

void
gp_access_rules_free(struct gp_access_rules *rules)
{
	if (rules == NULL)
		return;
	gp_arena_free(rules->arena);
	free(rules->rules);
	free(rules);
}

const char *
gp_access_rules_claims(const struct gp_access_rules *rules)
{
	return rules->claims.bytes;
}

/* --- finding --- */

static bool
has_method(const struct gp_access_rule *rule, const char *method)
{
	const char *found = rule->methods;
	size_t length = strlen(method);

	if (rule->methods == NULL)
		return true;
	if (strchr(method, ',') != NULL)
		return false;
	while (length > 0 && (found = strstr(found, method)) != NULL) {
		if (found[-1] == ',' && found[length] == ',')
			return true;
		found += length;
	}
	return false;
}

/* The rule whose path fits best, loosely or not; NULL where none does. */
static const struct gp_access_rule *
best_of(const struct gp_access_rules *rules, const char *path, struct gp_path_fit *best_fit)
{
	const struct gp_access_rule *best = NULL;

	for (size_t i = 0; i < rules->count; i++) {
		struct gp_path_fit fit;

		if (gp_path_fit(rules->rules[i].path, rules->rules[i].exact, path, &fit) &&
		    (best == NULL || gp_path_fit_is_better(&fit, best_fit))) {
			best = &rules->rules[i];
			*best_fit = fit;
		}
	}
	return best;
}

/* Whether a segment may be the name of a script: it has a dot that is not its first character. */
static bool
may_be_script(struct gp_path_segment segment)
{
	return segment.length > 1 && memchr(segment.text + 1, '.', segment.length - 1) != NULL;
}

/*
 * Whether the path but for one segment, which stands behind so many others, has a rule that names
 * something behind it. Where that cannot be told it has.
 */
static bool
has_rule_without(const struct gp_access_rules *rules, const char *path,
    struct gp_path_segment segment, unsigned others)
{
	size_t before = (size_t)(segment.text - path) - 1; /* the slash with it */
	char *rest = malloc(strlen(path) + 1);
	struct gp_path_fit fit = { .segments = 0 };
	bool has;

	if (rest == NULL)
		return true;
	memcpy(rest, path, before);
	strcpy(rest + before, segment.text + segment.length);
	has = best_of(rules, rest, &fit) != NULL && fit.segments > others;
	free(rest);
	return has;
}

/*
 * Whether a script in the path takes what stands behind it for a path that has a rule of its own:
 * to most frameworks /index.php/admin is /admin. Not where the rule that was found names some of
 * what is behind the script itself, or has the name for a user's id.
 */
static bool
reaches_through_script(
    const struct gp_access_rules *rules, const char *path, const struct gp_path_fit *found)
{
	const char *rest = path;
	struct gp_path_segment segment;

	for (unsigned index = 0; index < rules->deepest && gp_path_next_segment(&rest, &segment);
	     index++) {
		if (found->segments > index + 1 || found->user_id.text == segment.text ||
		    !may_be_script(segment) || *rest == '\0')
			continue;
		if (has_rule_without(rules, path, segment, index))
			return true;
	}
	return false;
}

enum gp_outcome
gp_access_rules_find(const struct gp_access_rules *rules, const char *method, const char *path,
    const struct gp_access_rule **rule, struct gp_path_value *user_id)
{
	struct gp_path_fit best_fit = { .segments = 0 };
	const struct gp_access_rule *best = best_of(rules, path, &best_fit);

	if (best == NULL)
		return GP_DENY_RULE_ABSENT;
	if (best_fit.alike || reaches_through_script(rules, path, &best_fit))
		return GP_DENY_RULE_LOOKALIKE;
	for (size_t i = (size_t)(best - rules->rules); i < rules->count; i++) {
		const struct gp_access_rule *line = &rules->rules[i];

		if (line->exact == best->exact && strcmp(line->path, best->path) == 0 &&
		    has_method(line, method)) {
			*rule = line;
			*user_id = best_fit.user_id;
			return GP_OK;
		}
	}
	return GP_DENY_RULE_METHOD;
}

bool
gp_access_rules_has_below(const struct gp_access_rules *rules, const char *path)
{
	for (size_t i = 0; i < rules->count; i++) {
		if (gp_path_is_below(rules->rules[i].path, path))
			return true;
	}
	return false;
}

/* --- judging --- */

static bool
is_true(struct json_object *claims, const char *name)
{
	struct json_object *value = json_object_object_get(claims, name);

	return json_object_is_type(value, json_type_boolean) && json_object_get_boolean(value);
}

static bool
equals_claim(struct json_object *claims, const struct gp_who *who)
{
	struct json_object *value = json_object_object_get(claims, who->name);

	switch (json_object_get_type(value)) {
	case json_type_string:
		if ((size_t)json_object_get_string_len(value) != strlen(who->value))
			return false;
		break;
	case json_type_boolean:
	case json_type_int: break;
	default: return false;
	}
	return strcmp(json_object_get_string(value), who->value) == 0;
}

/* The only address that a text with one at sign can be, and what is behind that. */
static const char *
domain_of(const char *email)
{
	const char *at = strchr(email, '@');

	return at != NULL && strchr(at + 1, '@') == NULL ? at + 1 : "";
}

/* An address that its owner has shown to have. */
static bool
is_verified(const struct gp_visitor *visitor)
{
	return gp_email_address_is_valid(visitor->email, strlen(visitor->email)) &&
	       (is_true(visitor->claims, "emailVerified") ||
		   is_true(visitor->claims, "email_verified"));
}

static bool
is_somebody(const struct gp_who *who, const struct gp_visitor *visitor)
{
	switch (who->kind) {
	case ANYBODY:
	case SIGNED_IN: return true;
	case USER: return strcmp(who->value, visitor->user_id) == 0;
	case EMAIL: return is_verified(visitor) && strcasecmp(who->value, visitor->email) == 0;
	case EMAIL_DOMAIN:
		return is_verified(visitor) &&
		       strcasecmp(who->value, domain_of(visitor->email)) == 0;
	case CLAIM: return equals_claim(visitor->claims, who);
	}
	return false;
}

bool
gp_access_rule_lets_in(const struct gp_access_rule *rule, const struct gp_visitor *visitor)
{
	for (size_t i = 0; i < rule->who_count; i++) {
		if (is_somebody(&rule->who[i], visitor))
			return true;
	}
	return false;
}
