/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is let in and who is not. Every refusal is 401 with a challenge and tells nothing of the
 * token.
 */
#include <string.h>

#include "client.h"
#include "expect.h"
#include "instance.h"
#include "kept.h"
#include "suites.h"
#include "token.h"
#include "user.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char good_claims[] =
    "{\"sub\":\"$\",\"email\":\"a@example.com\",\"iat\":<0>,\"exp\":<+3600>}";

/* No piece of a token of this length occurs in an answer by chance. */
enum { TELLING_LENGTH = 10 };

static void
expect_nothing_of(const char *token, const struct gp_answer *answer)
{
	size_t length = strlen(token);

	for (size_t i = 0; i + TELLING_LENGTH <= length; i++) {
		const char *piece = gp_kept_bytes(token + i, TELLING_LENGTH);

		if (!GP_EXPECT(strstr(answer->body, piece) == NULL &&
				   strstr(answer->fields, piece) == NULL,
			"%s: the answer holds %s of the token", answer->call, piece))
			return;
	}
}

static const char invalid[] = "Invalid token: "; /* and a short reason */

/* That /tasks is refused to this token; detail NULL: as `invalid`. */
static void
expect_token_refused(const char *token, const char *detail)
{
	const struct gp_answer *answer = GP_SEND(.path = "/tasks", .token = token);

	GP_EXPECT_REFUSAL(answer, detail != NULL ? detail : invalid, true);
	expect_nothing_of(token, answer);
}

static void
without_a_token_authentication_is_required(void)
{
	struct gp_user user = gp_user_new();
	const char *const fields[] = {
		"X-Nothing: 1",
		"Authorization;", /* libcurl sends it empty */
		"Authorization: Bearer",
		"Authorization: Bearer ",
		"Authorization: bearer",
		"Authorization: Basic dXNlcjpwYXNzd29yZA==",
		"Authorization: Digest username=\"a\"",
		"Authorization: Negotiate YII=",
		gp_kept_text("Authorization: %s", user.token),
		gp_kept_text("Authorization: Bearer%s", user.token),
		gp_kept_text("Authorization: Bearer=%s", user.token),
		gp_kept_text("Authorization: Token %s", user.token),
		gp_kept_text("Authorization: JWT %s", user.token),
		gp_kept_text("Authorization: xBearer %s", user.token),
		/* The credential is looked for in no other place. */
		gp_kept_text("X-Authorization: Bearer %s", user.token),
		gp_kept_text("Proxy-Authorization: Bearer %s", user.token),
		gp_kept_text("X-Api-Key: %s", user.token),
		gp_kept_text("Cookie: better-auth.session_token=%s", user.token),
		gp_kept_text("Cookie: token=%s; access_token=%s", user.token, user.token),
	};

	for (size_t i = 0; i < COUNT(fields); i++) {
		const struct gp_answer *answer;

		gp_test_row("%.60s", fields[i]);
		answer = GP_SEND(.path = "/tasks", .fields = { fields[i] });
		GP_EXPECT_REFUSAL(answer, "Authentication required", false);
		expect_nothing_of(user.token, answer);
	}
}

static void
a_token_in_query_or_body_does_not_count(void)
{
	struct gp_user user = gp_user_new();
	const char *const queries[] = { "token", "access_token", "jwt", "auth", "Authorization" };

	for (size_t i = 0; i < COUNT(queries); i++) {
		gp_test_row("%s", queries[i]);
		GP_EXPECT_REFUSAL(
		    GP_SEND(.path = gp_kept_text("/tasks?%s=%s", queries[i], user.token)),
		    "Authentication required", false);
		GP_EXPECT_REFUSAL(GP_SEND(.method = "POST", .path = "/tasks",
				      .body = gp_kept_text("{\"text\":\"a\",\"%s\":\"%s\"}",
					  queries[i], user.token)),
		    "Authentication required", false);
	}
	GP_EXPECT(gp_user_counts(&user) == 0, "a task was created");
}

static void
every_spelling_of_the_scheme_is_accepted(void)
{
	static const char *const schemes[] = { "Bearer ", "bearer ", "BEARER ", "bEaReR ",
		"Bearer    " };
	struct gp_user user = gp_user_new();

	for (size_t i = 0; i < COUNT(schemes); i++) {
		gp_test_row("%s", schemes[i]);
		GP_EXPECT_ANSWER(
		    GP_SEND(.path = "/tasks",
			.fields = { gp_kept_text("Authorization: %s%s", schemes[i], user.token) }),
		    200);
	}
}

/* Claims that a good token may have besides, and headers that say nothing forbidden. */
static void
good_tokens_are_accepted(void)
{
	static const struct {
		const char *header, *claims;
	} rows[] = {
		{ NULL, good_claims },
		{ "{\"alg\":\"HS256\"}", good_claims },
		{ "{\"typ\":\"at+jwt\",\"alg\":\"HS256\"}", good_claims },
		{ "{\"alg\":\"HS256\",\"kid\":\"x' or 1=1; --\"}", good_claims },
		{ " {\n\"alg\" : \"HS256\" } ", good_claims },
		{ NULL, "{\"sub\":\"$\",\"exp\":<+60>}" },
		{ NULL, "{\"sub\":\"$\",\"exp\":<+60>,\"type\":\"access\"}" },
		{ NULL, "{\"sub\":\"$\",\"exp\":<+60>,\"nbf\":<-60>,\"iat\":<-60>}" },
		{ NULL, "{\"sub\":\"$\",\"exp\":<+60>.5,\"iat\":<-60>.25}" },
		{ NULL, "{\"sub\":\"$\",\"exp\":4e9}" },
		{ NULL, "{\"sub\":\"$\",\"exp\":<+60>,\"roles\":[\"a\",{\"b\":[null,1.5e3]}]}" },
		{ NULL,
		    "{\"sub\":\"$\",\"exp\":<+60>,\"name\":\"\\u00e9\\ud83d\\ude00 \xc3\xa9\"}" },
		{ NULL, "{\"s\\u0075b\":\"$\",\"exp\":<+60>}" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *token =
		    gp_token_make(&(struct gp_token_order){ .header = rows[i].header,
			.claims = gp_token_claims(rows[i].claims, gp_instance_new_user()) });

		gp_test_row("%s %s", rows[i].header != NULL ? rows[i].header : "", rows[i].claims);
		GP_EXPECT_ANSWER(GP_SEND(.path = "/tasks", .token = token), 200);
	}
}

static const char expired[] = "Token has expired";
static const char no_user[] = "Invalid token: missing user ID";

static void
bad_claims_are_refused(void)
{
	static const struct {
		const char *claims, *detail;
	} rows[] = {
		/* exp: required, a finite number, in the future */
		{ "{\"sub\":\"$\",\"exp\":<-3600>}", expired },
		{ "{\"sub\":\"$\",\"exp\":<-301>}", expired },
		{ "{\"sub\":\"$\",\"exp\":<-3600>,\"iat\":<-7200>,\"email\":\"a@b.c\"}", expired },
		{ "{\"sub\":\"$\",\"exp\":0}", expired },
		{ "{\"sub\":\"$\",\"exp\":-1}", expired },
		{ "{\"sub\":\"$\",\"exp\":1.5}", expired },
		{ "{\"sub\":\"$\"}", NULL },
		{ "{\"sub\":\"$\",\"exp\":null}", NULL },
		{ "{\"sub\":\"$\",\"exp\":\"<+3600>\"}", NULL },
		{ "{\"sub\":\"$\",\"exp\":\"2099-01-01T00:00:00Z\"}", NULL },
		{ "{\"sub\":\"$\",\"exp\":true}", NULL },
		{ "{\"sub\":\"$\",\"exp\":[<+3600>]}", NULL },
		{ "{\"sub\":\"$\",\"exp\":{}}", NULL },
		{ "{\"sub\":\"$\",\"exp\":1e999}", NULL },
		{ "{\"sub\":\"$\",\"exp\":NaN}", NULL },
		{ "{\"sub\":\"$\",\"exp\":Infinity}", NULL },
		{ "{\"sub\":\"$\",\"exp\":0x7fffffff}", NULL },
		{ "{\"sub\":\"$\",\"exp\":<-60>,\"exp\":<+3600>}", NULL },
		{ "{\"sub\":\"$\",\"exp\":<+3600>,\"exp\":<+3600>}", NULL },
		{ "{\"sub\":\"$\",\"EXP\":<+3600>}", NULL },
		/* nbf and iat: not in the future, and numbers */
		{ "{\"sub\":\"$\",\"exp\":<+7200>,\"nbf\":<+3600>}", NULL },
		{ "{\"sub\":\"$\",\"exp\":<+7200>,\"nbf\":\"<-60>\"}", NULL },
		{ "{\"sub\":\"$\",\"exp\":<+7200>,\"iat\":<+3600>}", NULL },
		{ "{\"sub\":\"$\",\"exp\":<+7200>,\"iat\":\"now\"}", NULL },
		{ "{\"sub\":\"$\",\"exp\":<+7200>,\"iat\":1e999}", NULL },
		/* sub: a non-empty string of at most 255 bytes without control characters */
		{ "{\"exp\":<+3600>}", no_user },
		{ "{\"sub\":null,\"exp\":<+3600>}", no_user },
		{ "{\"sub\":\"\",\"exp\":<+3600>}", no_user },
		{ "{\"Sub\":\"$\",\"exp\":<+3600>}", no_user },
		{ "{\"user_id\":\"$\",\"id\":\"$\",\"exp\":<+3600>}", no_user },
		/* Better Auth's e-mail verification tokens have the same key, and no sub. */
		{ "{\"email\":\"a@example.com\",\"iat\":<0>,\"exp\":<+3600>}", no_user },
		{ "{\"email\":\"a@b.c\",\"updateTo\":\"d@e.f\",\"exp\":<+3600>}", no_user },
		{ "{\"sub\":42,\"exp\":<+3600>}", NULL },
		{ "{\"sub\":0,\"exp\":<+3600>}", NULL },
		{ "{\"sub\":true,\"exp\":<+3600>}", NULL },
		{ "{\"sub\":[\"$\"],\"exp\":<+3600>}", NULL },
		{ "{\"sub\":{\"$\":1},\"exp\":<+3600>}", NULL },
		{ "{\"sub\":\"$\\n\",\"exp\":<+3600>}", NULL },
		{ "{\"sub\":\"\\u0001$\",\"exp\":<+3600>}", NULL },
		{ "{\"sub\":\"$\\u007f\",\"exp\":<+3600>}", NULL },
		{ "{\"sub\":\"$\\u0000\",\"exp\":<+3600>}", NULL },
		{ "{\"sub\\u0000x\":\"$\",\"exp\":<+3600>}", NULL },
		{ "{\"sub\":\"$\",\"sub\":\"somebody\",\"exp\":<+3600>}", NULL },
		{ "{\"sub\":\"$\",\"s\\u0075b\":\"somebody\",\"exp\":<+3600>}", NULL },
		{ "{\"sub\":\"$\\ud800\",\"exp\":<+3600>}", NULL },
		/* for something else than this API */
		{ "{\"sub\":\"$\",\"exp\":<+3600>,\"type\":\"refresh\"}", NULL },
		{ "{\"sub\":\"$\",\"exp\":<+3600>,\"type\":\"verification\"}", NULL },
		{ "{\"sub\":\"$\",\"exp\":<+3600>,\"aud\":\"better-auth:session-cache\"}", NULL },
		{ "{\"sub\":\"$\",\"exp\":<+3600>,\"aud\":[\"a\",\"better-auth:session-cache\"]}",
		    NULL },
		/* no object, or no JSON */
		{ "[]", NULL },
		{ "[{\"sub\":\"$\",\"exp\":<+3600>}]", NULL },
		{ "\"$\"", NULL },
		{ "null", NULL },
		{ "true", NULL },
		{ "1", NULL },
		{ "sub=$&exp=<+3600>", NULL },
		{ "{\"sub\":\"$\",\"exp\":<+3600>", NULL },
		{ "{\"sub\":\"$\",\"exp\":<+3600>}}", NULL },
		{ "{\"sub\":\"$\",\"exp\":<+3600>}{}", NULL },
		{ "{\"sub\":\"$\",\"exp\":<+3600>,}", NULL },
		{ "{'sub':'$','exp':<+3600>}", NULL },
		{ "{sub:\"$\",exp:<+3600>}", NULL },
		{ "/* a */{\"sub\":\"$\",\"exp\":<+3600>}", NULL },
		{ "\xef\xbb\xbf{\"sub\":\"$\",\"exp\":<+3600>}", NULL },
		{ "{\"sub\":\"$\",\"exp\":<+3600>,\"name\":\"\xff\"}", NULL },
		{ "{\"sub\":\"$\",\"exp\":<+3600>,\"name\":\"\xc0\xaf\"}", NULL },
		{ "{\"sub\":\"$\",\"exp\":<+3600>,\"name\":\"a\tb\"}", NULL },
		{ "{\"sub\":\"$\",\"exp\":<+3600>,\"name\":\"\\x41\"}", NULL },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		gp_test_row("%s", rows[i].claims);
		expect_token_refused(
		    gp_token_make(&(struct gp_token_order){
			.claims = gp_token_claims(rows[i].claims, gp_instance_new_user()) }),
		    rows[i].detail);
	}
}

static void
overlong_or_deep_claims_are_refused(void)
{
	const char *user = gp_instance_new_user();
	const char *const claims[] = {
		gp_kept_text("{\"sub\":\"%s\",\"exp\":<+60>}", gp_kept_repeated("a", 256)),
		gp_kept_text("{\"sub\":\"%s\",\"exp\":<+60>}", gp_kept_repeated("\xc3\xa9", 128)),
		gp_kept_text("{\"sub\":\"$\",\"exp\":<+60>,\"a\":%s%s}", gp_kept_repeated("[", 100),
		    gp_kept_repeated("]", 100)),
		gp_kept_text("{\"sub\":\"$\",\"exp\":<+60>,\"a\":%s", gp_kept_repeated("[", 2000)),
	};

	for (size_t i = 0; i < COUNT(claims); i++) {
		gp_test_row("%.80s", claims[i]);
		expect_token_refused(gp_token_make(&(struct gp_token_order){
					 .claims = gp_token_claims(claims[i], user) }),
		    NULL);
	}
}

/* The key decides the algorithm, and the header may not bring a key or a rule of its own. */
static void
bad_headers_are_refused(void)
{
	static const struct {
		const char *header, *digest;
	} rows[] = {
		{ "{\"alg\":\"none\"}", NULL },
		{ "{\"alg\":\"None\"}", NULL },
		{ "{\"alg\":\"NONE\",\"typ\":\"JWT\"}", NULL },
		{ "{\"alg\":\"\"}", NULL },
		{ "{\"alg\":\"hs256\"}", NULL },
		{ "{\"alg\":\"HS256 \"}", NULL },
		{ "{\"alg\":\"HS384\"}", "SHA384" },
		{ "{\"alg\":\"HS512\"}", "SHA512" },
		{ "{\"alg\":\"HS1\"}", "SHA1" },
		{ "{\"alg\":\"HS512\"}", NULL },
		{ "{\"alg\":\"HS256\"}", "SHA512" },
		{ "{\"alg\":\"RS256\"}", NULL },
		{ "{\"alg\":\"ES256\"}", NULL },
		{ "{\"alg\":\"PS256\"}", NULL },
		{ "{\"alg\":\"EdDSA\"}", NULL },
		{ "{\"alg\":\"dir\",\"enc\":\"A256GCM\"}", NULL },
		{ "{\"alg\":null}", NULL },
		{ "{\"alg\":256}", NULL },
		{ "{\"alg\":[\"HS256\"]}", NULL },
		{ "{\"typ\":\"JWT\"}", NULL },
		{ "{}", NULL },
		{ "[]", NULL },
		{ "\"HS256\"", NULL },
		{ "HS256", NULL },
		{ "{\"alg\":\"none\",\"alg\":\"HS256\"}", NULL },
		{ "{\"alg\":\"HS256\",\"alg\":\"none\"}", NULL },
		{ "{\"alg\\u0000x\":\"HS256\"}", NULL },
		{ "{\"alg\":\"HS256\\u0000none\"}", NULL },
		{ "{\"alg\":\"HS256\"}x", NULL },
		{ "{\"alg\":\"HS256\",\"crit\":[\"exp\"]}", NULL },
		{ "{\"alg\":\"HS256\",\"crit\":[]}", NULL },
		{ "{\"alg\":\"HS256\",\"b64\":false,\"crit\":[\"b64\"]}", NULL },
		{ "{\"alg\":\"HS256\",\"b64\":false}", NULL },
		{ "{\"alg\":\"HS256\",\"b64\":true}", NULL },
		{ "{\"alg\":\"HS256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"}}", NULL },
		{ "{\"alg\":\"HS256\",\"jku\":\"https://example.com/jwks\"}", NULL },
		{ "{\"alg\":\"HS256\",\"x5u\":\"https://example.com/x\"}", NULL },
		{ "{\"alg\":\"HS256\",\"x5c\":[\"MIIB\"]}", NULL },
		{ "{\"alg\":\"HS256\",\"x5t\":\"AAAA\"}", NULL },
		{ "{\"alg\":\"HS256\",\"kid\":7}", NULL },
		{ "{\"alg\":\"HS256\",\"typ\":\"better-auth.session-cache+jwt\"}", NULL },
	};
	struct gp_user user = gp_user_new();

	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *token =
		    gp_token_make(&(struct gp_token_order){ .header = rows[i].header,
			.digest = rows[i].digest,
			.claims = gp_token_claims(good_claims, user.id) });

		gp_test_row("%s", rows[i].header);
		expect_token_refused(token, NULL);
		/* The same without a signature. */
		expect_token_refused(
		    gp_kept_bytes(token, (size_t)(strrchr(token, '.') - token) + 1), NULL);
	}
}

static void
other_secrets_do_not_verify(void)
{
	static const char zeros[32];
	struct gp_user user = gp_user_new();
	const char *claims = gp_token_claims(good_claims, user.id);
	const char *secret = gp_instance.secret;
	size_t length = strlen(secret);
	const struct gp_token_order rows[] = {
		{ .claims = claims, .secret = "secret" },
		{ .claims = claims, .secret = "your-32-character-secret-shared-with-frontend" },
		{ .claims = claims, .secret = zeros, .secret_length = 1 },
		{ .claims = claims, .secret = zeros, .secret_length = sizeof(zeros) },
		{ .claims = claims, .secret = secret, .secret_length = length - 1 },
		{ .claims = claims, .secret = secret + 1 },
		{ .claims = claims, .secret = gp_kept_text("%s ", secret) },
		{ .claims = claims, .secret = gp_kept_text("%s\n", secret) },
		{ .claims = claims, .secret = gp_token_encode(secret, length) },
		{ .claims = claims, .secret = gp_kept_text("%s%s", secret, secret) },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		gp_test_row("row %zu", i);
		expect_token_refused(
		    gp_token_make(&rows[i]), "Invalid token: signature does not match");
	}
}

/* One character exchanged for another of the alphabet. */
static const char *
altered_at(const char *token, size_t index)
{
	char *copy = gp_kept_text("%s", token);

	copy[index] = copy[index] == 'A' ? 'B' : 'A';
	return copy;
}

static void
every_altered_token_is_refused(void)
{
	struct gp_user user = gp_user_new();
	size_t length = strlen(user.token);

	/* Each seventh character, and all of the last ones. */
	for (size_t i = 0; i < length; i += i + 8 < length ? 7 : 1) {
		if (user.token[i] == '.')
			continue;
		gp_test_row("character %zu", i);
		expect_token_refused(altered_at(user.token, i), NULL);
	}
}

/* The parts of two tokens, put together anew. */
static const char *
mixed(const char *head_of, const char *claims_of, const char *signature_of)
{
	const char *claims = strchr(claims_of, '.') + 1;

	return gp_kept_text("%.*s.%.*s.%s", (int)strcspn(head_of, "."), head_of,
	    (int)strcspn(claims, "."), claims, strrchr(signature_of, '.') + 1);
}

/* The last character exchanged for one with the same bits but one spare one. */
static const char *
not_canonical(const char *token)
{
	static const char alphabet[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	char *copy = gp_kept_text("%s", token);
	char *last = copy + strlen(copy) - 1;

	*last = alphabet[(strchr(alphabet, *last) - alphabet) | 1];
	return copy;
}

static void
malformed_tokens_are_refused(void)
{
	struct gp_user user = gp_user_new(), other = gp_user_new();
	const char *good = user.token;
	const char *hs512 = gp_token_make(&(struct gp_token_order){
	    .header = "{\"alg\":\"HS512\"}", .digest = "SHA512", .claims = "{}" });
	const char *first_two = gp_kept_bytes(good, (size_t)(strrchr(good, '.') - good));
	const char *const tokens[] = {
		"null",
		"undefined",
		"x",
		"-",
		"a.b.c",
		"..",
		"...",
		".",
		"true.true.true",
		gp_kept_text(".%s", good),
		gp_kept_text("%s.", good),
		gp_kept_text("%s.x", good),
		gp_kept_text("%s..", good),
		first_two,
		gp_kept_text("%s.", first_two),
		gp_kept_text("%s.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", first_two),
		gp_kept_text("%s=", good),
		gp_kept_text("%sA", good),
		gp_kept_text("%sAAAA", good),
		gp_kept_text("%s+", good),
		gp_kept_text("%s%%20", good),
		gp_kept_text("%s\xc3\xa9", good),
		gp_kept_text("\"%s\"", good),
		gp_kept_text("'%s'", good),
		gp_kept_text("<%s>", good),
		gp_kept_text("Bearer %s", good),
		gp_kept_text("%s %s", good, good),
		gp_kept_text("%s,%s", good, good),
		gp_kept_text("%s, Bearer %s", good, good),
		gp_kept_text("%s, Bearer %s", good, other.token),
		gp_kept_text("nonsense, Bearer %s", good),
		gp_kept_text("%s; a=b", good),
		gp_kept_bytes(good, strlen(good) - 1),
		gp_kept_bytes(good, strlen(good) - 10),
		not_canonical(good),
		mixed(good, other.token, good),
		mixed(good, good, other.token),
		mixed(hs512, good, good),
		gp_kept_repeated("a", 6000),
		gp_kept_repeated("a.", 3000),
	};

	for (size_t i = 0; i < COUNT(tokens); i++) {
		gp_test_row("row %zu: %.30s", i, tokens[i]);
		expect_token_refused(tokens[i], NULL);
	}
}

/* Two fields are joined into one by the web server; neither of them may count. */
static void
two_authorization_fields_are_refused(void)
{
	struct gp_user user = gp_user_new(), other = gp_user_new();
	const char *good = gp_kept_text("Authorization: Bearer %s", user.token);
	const char *const second[] = {
		good,
		gp_kept_text("Authorization: Bearer %s", other.token),
		"Authorization: Bearer nonsense",
		"Authorization: Basic dTpw",
	};

	for (size_t i = 0; i < COUNT(second); i++) {
		const struct gp_answer *answer;

		gp_test_row("%.60s", second[i]);
		answer = GP_SEND(.path = "/tasks", .fields = { good, second[i] });
		GP_EXPECT_SERVER(answer, 401, 400);
		expect_nothing_of(user.token, answer);
		answer = GP_SEND(.path = "/tasks", .fields = { second[i], good });
		GP_EXPECT_SERVER(answer, 401, 400);
		expect_nothing_of(user.token, answer);
	}
}

/* lighttpd answers 431 to a field above 8 KiB, Apache 400. */
static void
endless_authorization_is_refused(void)
{
	static const size_t lengths[] = { 8200, 9000, 20000, 100000 };
	struct gp_user user = gp_user_new();

	for (size_t i = 0; i < COUNT(lengths); i++) {
		const struct gp_answer *answer;

		gp_test_row("%zu", lengths[i]);
		answer = GP_SEND(.path = "/tasks", .token = gp_kept_repeated("a", lengths[i]));
		GP_EXPECT(answer->status >= 400 && answer->status < 500, "status %d: %.200s",
		    answer->status, answer->body);
	}
	GP_EXPECT_ANSWER(gp_user_reads(&user, "/tasks"), 200);
}

/* A good token may be long; what a web server passes on is looked at. */
static void
long_token_is_accepted(void)
{
	struct gp_user user = gp_user_new();
	const char *token = gp_token_make(&(struct gp_token_order){
	    .claims = gp_token_claims(gp_kept_text("{\"sub\":\"$\",\"exp\":<+60>,\"a\":\"%s\"}",
					  gp_kept_repeated("x", 4500)),
		user.id) });

	GP_EXPECT_ANSWER(GP_SEND(.path = "/tasks", .token = token), 200);
}

/* Who is calling comes before everything else that may be wrong. */
static void
every_route_asks_for_a_token_first(void)
{
	static const struct {
		const char *method, *path, *body, *type;
	} rows[] = {
		{ "GET", "/tasks", NULL, NULL },
		{ "GET", "/tasks/", NULL, NULL },
		{ "POST", "/tasks", "{\"text\":\"a\"}", NULL },
		{ "POST", "/tasks", "{", NULL },
		{ "POST", "/tasks", "a=b", "text/plain" },
		{ "GET", "/tasks/00000000-0000-4000-8000-000000000000", NULL, NULL },
		{ "PUT", "/tasks/00000000-0000-4000-8000-000000000000", "{}", NULL },
		{ "PATCH", "/tasks/00000000-0000-4000-8000-000000000000", "{}", NULL },
		{ "DELETE", "/tasks/00000000-0000-4000-8000-000000000000", NULL, NULL },
		{ "GET", "/tasks/no-uuid", NULL, NULL },
		{ "PATCH", "/tasks/no-uuid", "[", NULL },
		{ "DELETE", "/tasks/1", NULL, NULL },
	};
	const char *late = gp_token_make(&(struct gp_token_order){
	    .claims = gp_token_claims("{\"sub\":\"$\",\"exp\":<-3600>}", "a") });

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct gp_call call = { .method = rows[i].method,
			.path = rows[i].path,
			.body = rows[i].body,
			.content_type = rows[i].type };

		gp_test_row("%s %s", rows[i].method, rows[i].path);
		GP_EXPECT_REFUSAL(gp_send(&call), "Authentication required", false);
		call.token = late;
		GP_EXPECT_REFUSAL(gp_send(&call), expired, true);
		call.token = "a.b.c";
		GP_EXPECT_REFUSAL(gp_send(&call), invalid, true);
	}
}

const struct gp_test gp_credential_tests[] = {
	GP_TEST(without_a_token_authentication_is_required),
	GP_TEST(a_token_in_query_or_body_does_not_count),
	GP_TEST(every_spelling_of_the_scheme_is_accepted),
	GP_TEST(good_tokens_are_accepted),
	GP_TEST(bad_claims_are_refused),
	GP_TEST(overlong_or_deep_claims_are_refused),
	GP_TEST(bad_headers_are_refused),
	GP_TEST(other_secrets_do_not_verify),
	GP_TEST(every_altered_token_is_refused),
	GP_TEST(malformed_tokens_are_refused),
	GP_TEST(two_authorization_fields_are_refused),
	GP_TEST(endless_authorization_is_refused),
	GP_TEST(long_token_is_accepted),
	GP_TEST(every_route_asks_for_a_token_first),
	{ NULL, NULL },
};
