/* SPDX-License-Identifier: Apache-2.0 */
/* One small function per rule, called in the order the header states. */
#include "claims.h"

#include <json-c/json.h>
#include <math.h>
#include <string.h>

/* Seconds up to which a double counts without gaps; no real time comes near. */
static const double time_limit = 9007199254740992.0;

enum presence { ABSENT, PRESENT, MALFORMED };

static enum presence
read_time(struct json_object *claims, const char *name, double *time_s)
{
	struct json_object *member;

	if (!json_object_object_get_ex(claims, name, &member))
		return ABSENT;
	if (!json_object_is_type(member, json_type_int) &&
	    !json_object_is_type(member, json_type_double))
		return MALFORMED;
	*time_s = json_object_get_double(member);
	return isfinite(*time_s) && fabs(*time_s) <= time_limit ? PRESENT : MALFORMED;
}

static enum gp_outcome
judge_times(struct json_object *claims, const struct gp_claims_policy *policy, int64_t now_s)
{
	double now = (double)now_s, leeway = (double)policy->leeway_s;
	double expires, not_before, issued;
	enum presence has_expires = read_time(claims, "exp", &expires);
	enum presence has_not_before = read_time(claims, "nbf", &not_before);
	enum presence has_issued = read_time(claims, "iat", &issued);

	if (has_expires == MALFORMED || has_not_before == MALFORMED || has_issued == MALFORMED)
		return GP_DENY_TIME_FORM;
	if (has_expires == ABSENT)
		return GP_DENY_EXPIRY_MISSING;
	if (now >= expires + leeway)
		return GP_DENY_EXPIRED;
	if (has_not_before == PRESENT && not_before > now + leeway)
		return GP_DENY_NOT_YET_VALID;
	if (has_issued == PRESENT && issued > now + leeway)
		return GP_DENY_ISSUED_IN_FUTURE;
	return GP_OK;
}

/* Whether `aud` is, or holds, exactly this audience. */
static bool
names_audience(struct json_object *claims, const char *audience)
{
	const char *single = gp_json_string(claims, "aud");
	struct json_object *list;

	if (single != NULL)
		return strcmp(single, audience) == 0;
	if (!json_object_object_get_ex(claims, "aud", &list) ||
	    !json_object_is_type(list, json_type_array))
		return false;
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		struct json_object *one = json_object_array_get_idx(list, i);

		if (json_object_is_type(one, json_type_string) &&
		    strcmp(json_object_get_string(one), audience) == 0)
			return true;
	}
	return false;
}

/*
 * Better Auth's session cache is signed with the key of its access tokens and has their issuer and
 * subject. A `type` that is ours says "access"; others (refresh tokens) are for something else.
 */
static enum gp_outcome
judge_purpose(struct json_object *claims, const char *type)
{
	struct json_object *purpose;

	if (type != NULL && strcmp(type, "better-auth.session-cache+jwt") == 0)
		return GP_DENY_PURPOSE;
	if (names_audience(claims, "better-auth:session-cache"))
		return GP_DENY_PURPOSE;
	if (json_object_object_get_ex(claims, "type", &purpose) &&
	    (!json_object_is_type(purpose, json_type_string) ||
		strcmp(json_object_get_string(purpose), "access") != 0))
		return GP_DENY_PURPOSE;
	return GP_OK;
}

static enum gp_outcome
judge_parties(struct json_object *claims, const struct gp_claims_policy *policy)
{
	if (policy->issuer != NULL) {
		const char *issuer = gp_json_string(claims, "iss");

		if (issuer == NULL || strcmp(issuer, policy->issuer) != 0)
			return GP_DENY_ISSUER;
	}
	if (policy->audience != NULL && !names_audience(claims, policy->audience))
		return GP_DENY_AUDIENCE;
	return GP_OK;
}

static enum gp_outcome
judge_subject(struct json_object *claims)
{
	struct json_object *member;
	const char *subject;

	if (!json_object_object_get_ex(claims, "sub", &member) || member == NULL)
		return GP_DENY_SUBJECT_MISSING;
	subject = gp_json_string(claims, "sub");
	if (subject == NULL)
		return GP_DENY_SUBJECT_FORM;
	if (subject[0] == '\0')
		return GP_DENY_SUBJECT_MISSING;
	if (strlen(subject) > GP_SUBJECT_LENGTH_MAX)
		return GP_DENY_SUBJECT_FORM;
	for (const unsigned char *c = (const unsigned char *)subject; *c != '\0'; c++) {
		/* U+0080 to U+009F are control characters too; in UTF-8 0xc2 begins them. */
		if (*c < 0x20 || *c == 0x7f || (*c == 0xc2 && c[1] < 0xa0))
			return GP_DENY_SUBJECT_FORM;
	}
	return GP_OK;
}

/* The member's text in the arena, "" where it is absent or no string. NULL without memory. */
static const char *
keep_text(struct gp_arena *arena, struct json_object *claims, const char *name)
{
	const char *text = gp_json_string(claims, name);

	return text != NULL ? gp_arena_copy(arena, text, strlen(text)) : "";
}

static enum gp_outcome
judge(struct gp_arena *arena, struct json_object *claims, const struct gp_claims_policy *policy,
    const char *type, int64_t now_s, struct gp_caller *caller)
{
	enum gp_outcome outcome = GP_DENY_CLAIMS_JSON;
	struct gp_caller named;

	if (json_object_is_type(claims, json_type_object))
		outcome = judge_purpose(claims, type);
	if (outcome == GP_OK)
		outcome = judge_times(claims, policy, now_s);
	if (outcome == GP_OK)
		outcome = judge_parties(claims, policy);
	if (outcome == GP_OK)
		outcome = judge_subject(claims);
	if (outcome != GP_OK)
		return outcome;
	named.user_id = keep_text(arena, claims, "sub");
	named.email = keep_text(arena, claims, "email");
	named.name = keep_text(arena, claims, "name");
	if (named.user_id == NULL || named.email == NULL || named.name == NULL)
		return GP_ERR_MEMORY;
	*caller = named;
	return GP_OK;
}

enum gp_outcome
gp_claims_judge(struct gp_arena *arena, struct gp_json_reader *reader,
    const struct gp_claims_policy *policy, const char *type, const char *claims, size_t length,
    int64_t now_s, struct gp_caller *caller)
{
	struct json_object *object = NULL;
	struct gp_json_error error;
	enum gp_outcome outcome;

	if (!gp_json_parse(reader, claims, length, &object, &error))
		return GP_DENY_CLAIMS_JSON;
	outcome = judge(arena, object, policy, type, now_s, caller);
	json_object_put(object);
	return outcome;
}
