/* SPDX-License-Identifier: Apache-2.0 */
/* One small function per rule, called in the order the header states. */
#include "claims.h"

#include <json-c/json.h>
#include <math.h>
#include <string.h>

#include "json_members.h"

/* Seconds up to which a double counts without gaps; no real time comes near. */
static const double time_limit = 9007199254740992.0;

/* The claims that are looked at. */
enum claim { AUD, EMAIL, EXP, IAT, ISS, NAME, NBF, SUB, TYPE, CLAIM_COUNT };

static const char *const names[CLAIM_COUNT] = {
	[AUD] = "aud",
	[EMAIL] = "email",
	[EXP] = "exp",
	[IAT] = "iat",
	[ISS] = "iss",
	[NAME] = "name",
	[NBF] = "nbf",
	[SUB] = "sub",
	[TYPE] = "type",
};

struct claims {
	struct gp_json_member members[CLAIM_COUNT];
	struct gp_json_reader *reader;
};

enum presence { ABSENT, PRESENT, MALFORMED };

/* NULL where the claim is absent or no string. */
static const char *
text_of(const struct claims *claims, enum claim claim)
{
	const struct gp_json_member *member = &claims->members[claim];

	return member->kind == GP_JSON_STRING ? member->text : NULL;
}

static enum presence
read_time(const struct claims *claims, enum claim claim, double *time_s)
{
	const struct gp_json_member *member = &claims->members[claim];

	if (member->kind == GP_JSON_ABSENT)
		return ABSENT;
	if (member->kind != GP_JSON_NUMBER)
		return MALFORMED;
	*time_s = member->number;
	return isfinite(*time_s) && fabs(*time_s) <= time_limit ? PRESENT : MALFORMED;
}

static enum gp_outcome
judge_times(const struct claims *claims, const struct gp_claims_policy *policy, int64_t now_s)
{
	double now = (double)now_s, leeway = (double)policy->leeway_s;
	double expires = 0, not_before = 0, issued = 0;
	enum presence has_expires = read_time(claims, EXP, &expires);
	enum presence has_not_before = read_time(claims, NBF, &not_before);
	enum presence has_issued = read_time(claims, IAT, &issued);

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

static bool
holds(struct json_object *list, const char *audience)
{
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		struct json_object *one = json_object_array_get_idx(list, i);

		if (json_object_is_type(one, json_type_string) &&
		    strcmp(json_object_get_string(one), audience) == 0)
			return true;
	}
	return false;
}

/*
 * Whether `aud` is, or holds, exactly this audience. A list that cannot be read, for want of
 * memory, is GP_ERR_MEMORY: of some audiences we want that they are not there.
 */
static enum gp_outcome
find_audience(const struct claims *claims, const char *audience, bool *found)
{
	const struct gp_json_member *member = &claims->members[AUD];
	struct gp_json_error error;
	struct json_object *list;

	*found = member->kind == GP_JSON_STRING && strcmp(member->text, audience) == 0;
	if (member->kind != GP_JSON_ARRAY)
		return GP_OK;
	if (!gp_json_parse(claims->reader, member->text, member->length, &list, &error))
		return GP_ERR_MEMORY;
	*found = holds(list, audience);
	json_object_put(list);
	return GP_OK;
}

/*
 * Better Auth's session cache is signed with the key of its access tokens and has their issuer and
 * subject. A token of the shared secret says "access" where it has a `type`; other types (refresh
 * tokens) are for something else. In a token of the jwt plugin `type` may be a column of the user.
 */
static enum gp_outcome
judge_purpose(const struct claims *claims, const struct gp_jws *token)
{
	const char *purpose = text_of(claims, TYPE);
	enum gp_outcome outcome;
	bool is_cache;

	if (token->type != NULL && strcmp(token->type, "better-auth.session-cache+jwt") == 0)
		return GP_DENY_PURPOSE;
	outcome = find_audience(claims, "better-auth:session-cache", &is_cache);
	if (outcome != GP_OK)
		return outcome;
	if (is_cache)
		return GP_DENY_PURPOSE;
	if (strcmp(token->algorithm, "HS256") == 0 &&
	    claims->members[TYPE].kind != GP_JSON_ABSENT &&
	    (purpose == NULL || strcmp(purpose, "access") != 0))
		return GP_DENY_PURPOSE;
	return GP_OK;
}

static enum gp_outcome
judge_parties(const struct claims *claims, const struct gp_claims_policy *policy)
{
	if (policy->issuer != NULL) {
		const char *issuer = text_of(claims, ISS);

		if (issuer == NULL || strcmp(issuer, policy->issuer) != 0)
			return GP_DENY_ISSUER;
	}
	if (policy->audience != NULL) {
		bool found;
		enum gp_outcome outcome = find_audience(claims, policy->audience, &found);

		if (outcome != GP_OK)
			return outcome;
		if (!found)
			return GP_DENY_AUDIENCE;
	}
	return GP_OK;
}

static enum gp_outcome
judge_subject(const struct claims *claims)
{
	const char *subject = text_of(claims, SUB);
	enum gp_json_kind kind = claims->members[SUB].kind;

	if (kind == GP_JSON_ABSENT || kind == GP_JSON_NULL)
		return GP_DENY_SUBJECT_MISSING;
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

/*
 * How long the token was made to live. Without iat (FastAPI back ends take 0 for none, too) all
 * that can be seen is how long it still has.
 */
static enum gp_outcome
judge_lifetime(const struct claims *claims, const struct gp_claims_policy *policy,
    int64_t shortest_s, int64_t now_s)
{
	double longest = (double)policy->longest_lifetime_s, shortest = (double)shortest_s;
	double expires = 0, issued = 0;

	if (read_time(claims, EXP, &expires) != PRESENT)
		return GP_DENY_EXPIRY_MISSING;
	if (read_time(claims, IAT, &issued) != PRESENT || issued == 0) {
		return expires - (double)now_s <= longest + (double)policy->leeway_s
			   ? GP_OK
			   : GP_DENY_LIFETIME;
	}
	if (shortest > longest)
		shortest = longest;
	return expires - issued >= shortest && expires - issued <= longest ? GP_OK
									   : GP_DENY_LIFETIME;
}

static enum gp_outcome
judge_demands(const struct claims *claims, const struct gp_claims_policy *policy,
    const struct gp_claims_demands *demands, int64_t now_s)
{
	const char *email = text_of(claims, EMAIL);

	if (demands->email && (email == NULL || email[0] == '\0'))
		return GP_DENY_EMAIL_MISSING;
	if (demands->shortest_lifetime_s > 0)
		return judge_lifetime(claims, policy, demands->shortest_lifetime_s, now_s);
	return GP_OK;
}

static const char *
text_or_nothing(const struct claims *claims, enum claim claim)
{
	const char *text = text_of(claims, claim);

	return text != NULL ? text : "";
}

static enum gp_outcome
judge(const struct claims *claims, const struct gp_claims_policy *policy,
    const struct gp_claims_demands *demands, const struct gp_jws *token, int64_t now_s,
    struct gp_caller *caller)
{
	enum gp_outcome outcome = judge_purpose(claims, token);
	bool live_user = policy->live_users || demands->live_user;
	struct gp_caller named = { .user_id = NULL };
	double expires = 0;

	if (outcome == GP_OK)
		outcome = judge_times(claims, policy, now_s);
	if (outcome == GP_OK)
		outcome = judge_parties(claims, policy);
	if (outcome == GP_OK)
		outcome = judge_subject(claims);
	if (outcome == GP_OK)
		outcome = judge_demands(claims, policy, demands, now_s);
	if (outcome != GP_OK)
		return outcome;
	named.user_id = text_or_nothing(claims, SUB);
	named.email = text_or_nothing(claims, EMAIL);
	named.name = text_or_nothing(claims, NAME);
	if (read_time(claims, EXP, &expires) == PRESENT)
		named.expires_s = (int64_t)expires;
	named.identity.kind = live_user ? GP_AS_LIVE_USER : GP_AS_USER;
	named.identity.value = named.user_id;
	named.identity.needs_email = demands->email;
	*caller = named;
	return GP_OK;
}

enum gp_outcome
gp_claims_judge(struct gp_arena *arena, struct gp_json_reader *reader,
    const struct gp_claims_policy *policy, const struct gp_claims_demands *demands,
    const struct gp_jws *token, int64_t now_s, struct gp_caller *caller)
{
	static const struct gp_claims_demands nothing = { .email = false };
	struct claims claims = { .reader = reader };

	for (size_t i = 0; i < CLAIM_COUNT; i++)
		claims.members[i].name = names[i];
	switch (gp_json_read_members(
	    reader, arena, token->payload, token->payload_length, claims.members, CLAIM_COUNT)) {
	case GP_JSON_READ: break;
	case GP_JSON_NO_OBJECT: return GP_DENY_CLAIMS_JSON;
	case GP_JSON_NO_MEMORY: return GP_ERR_MEMORY;
	}
	return judge(&claims, policy, demands != NULL ? demands : &nothing, token, now_s, caller);
}
