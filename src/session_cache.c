/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Both forms come down to one text with a signature over its bytes:
 *
 *   {"session":{...},"user":{...},"updatedAt":MS,"version":"1","expiresAt":MS}       compact
 *   {"session":{...},"user":{...},"updatedAt":MS,"version":"1","iat":S,"exp":S}      jwt
 *
 * Only its members' order is taken for granted, as Better Auth always writes it.
 */
#include "session_cache.h"

#include <json-c/json.h>
#include <openssl/crypto.h>
#include <string.h>

#include "base64url.h"
#include "buffer.h"
#include "cookie.h"
#include "time_text.h"

/* Characters of the signature: base64url of 32 bytes. */
enum { SIGNATURE_LENGTH = 43 };

/* Digits of a time in milliseconds at the most; those of the year 9999 have 15. */
enum { TIME_DIGITS_MAX = 15 };

/* What Better Auth takes where a cookie has no life of its own, by strategy, in seconds. */
static const int64_t forgotten_life_s[] = { [GP_CACHE_COMPACT] = 60, [GP_CACHE_JWT] = 300 };

/* {"alg":"HS256"}, encoded, and the dot behind it. Whoever writes another header is not the cache.
 */
static const char jwt_head[] = "eyJhbGciOiJIUzI1NiJ9.";

static const char version[] = "1";
static const char session_label[] = "{\"session\":";
static const char user_label[] = ",\"user\":";
static const char expiry_label[] = ",\"expiresAt\":";
static const char signature_label[] = ",\"signature\":\"";
static const char signature_end[] = "\"}";

struct piece {
	const char *text;
	size_t length;
};

static enum gp_outcome
make_signature(
    struct gp_key_ring *ring, const char *text, size_t length, char signature[SIGNATURE_LENGTH + 1])
{
	unsigned char bytes[GP_HS256_SIZE];
	enum gp_outcome outcome = gp_key_ring_sign(ring, text, length, bytes);

	if (outcome == GP_OK)
		gp_base64url_encode(bytes, sizeof(bytes), signature);
	OPENSSL_cleanse(bytes, sizeof(bytes));
	return outcome;
}

/* --- writing --- */

int64_t
gp_session_cache_max_age(const struct gp_session_cache_order *order)
{
	return order->remembered ? order->max_age_s : GP_COOKIE_SESSION;
}

static int64_t
life_s(const struct gp_session_cache_order *order)
{
	return order->remembered ? order->max_age_s : forgotten_life_s[order->strategy];
}

/* What both forms begin with; the closing brace is still to come. */
static void
write_payload(struct gp_buffer *buffer, const struct gp_session_cache_order *order)
{
	gp_buffer_add_text(buffer, session_label);
	gp_buffer_add(buffer, order->session, order->session_length);
	gp_buffer_add_text(buffer, user_label);
	gp_buffer_add(buffer, order->user, order->user_length);
	gp_buffer_add_text(buffer, ",\"updatedAt\":");
	gp_buffer_add_integer(buffer, order->now_ms);
	gp_buffer_add_text(buffer, ",\"version\":\"");
	gp_buffer_add_text(buffer, version);
	gp_buffer_add_byte(buffer, '"');
}

/* `text` is the payload so far; the cookie is what `value` receives. */
static enum gp_outcome
write_compact(struct gp_key_ring *ring, const struct gp_session_cache_order *order,
    struct gp_buffer *text, struct gp_buffer *value)
{
	const size_t payload_length = text->length;
	int64_t expires_ms = order->now_ms + life_s(order) * 1000;
	char signature[SIGNATURE_LENGTH + 1];
	struct gp_buffer outer;
	enum gp_outcome outcome;

	gp_buffer_add_text(text, expiry_label);
	gp_buffer_add_integer(text, expires_ms);
	gp_buffer_add_byte(text, '}');
	if (!gp_buffer_complete(text))
		return GP_ERR_MEMORY;
	outcome = make_signature(ring, text->bytes, text->length, signature);
	if (outcome != GP_OK)
		return outcome;
	gp_buffer_init(&outer, text->arena);
	gp_buffer_add_text(&outer, session_label);
	gp_buffer_add(&outer, text->bytes, payload_length);
	gp_buffer_add_byte(&outer, '}');
	gp_buffer_add_text(&outer, expiry_label);
	gp_buffer_add_integer(&outer, expires_ms);
	gp_buffer_add_text(&outer, signature_label);
	gp_buffer_add(&outer, signature, SIGNATURE_LENGTH);
	gp_buffer_add_text(&outer, signature_end);
	if (!gp_buffer_complete(&outer))
		return GP_ERR_MEMORY;
	gp_base64url_add(value, outer.bytes, outer.length);
	return GP_OK;
}

static enum gp_outcome
write_jwt(struct gp_key_ring *ring, const struct gp_session_cache_order *order,
    struct gp_buffer *text, struct gp_buffer *value)
{
	int64_t now_s = order->now_ms / 1000;
	char signature[SIGNATURE_LENGTH + 1];
	enum gp_outcome outcome;

	gp_buffer_add_text(text, ",\"iat\":");
	gp_buffer_add_integer(text, now_s);
	gp_buffer_add_text(text, ",\"exp\":");
	gp_buffer_add_integer(text, now_s + life_s(order));
	gp_buffer_add_byte(text, '}');
	if (!gp_buffer_complete(text))
		return GP_ERR_MEMORY;
	gp_buffer_add_text(value, jwt_head);
	gp_base64url_add(value, text->bytes, text->length);
	if (!gp_buffer_complete(value))
		return GP_ERR_MEMORY;
	outcome = make_signature(ring, value->bytes, value->length, signature);
	gp_buffer_add_byte(value, '.');
	gp_buffer_add(value, signature, SIGNATURE_LENGTH);
	return outcome;
}

enum gp_outcome
gp_session_cache_write(struct gp_arena *arena, struct gp_key_ring *ring,
    const struct gp_session_cache_order *order, const char **value)
{
	struct gp_buffer text, cookie;
	enum gp_outcome outcome;

	gp_buffer_init(&text, arena);
	gp_buffer_init(&cookie, arena);
	write_payload(&text, order);
	outcome = order->strategy == GP_CACHE_JWT ? write_jwt(ring, order, &text, &cookie)
						  : write_compact(ring, order, &text, &cookie);
	if (outcome != GP_OK)
		return outcome;
	gp_buffer_add_byte(&cookie, '\0');
	if (!gp_buffer_complete(&cookie))
		return GP_ERR_MEMORY;
	*value = cookie.bytes;
	return GP_OK;
}

/* --- the signed text --- */

/* Cuts `text` off the piece's front, or its end. False where it does not stand there. */
static bool
cut_front(struct piece *piece, const char *text)
{
	size_t length = strlen(text);

	if (piece->length < length || memcmp(piece->text, text, length) != 0)
		return false;
	piece->text += length;
	piece->length -= length;
	return true;
}

static bool
cut_end(struct piece *piece, const char *text)
{
	size_t length = strlen(text);

	if (piece->length < length ||
	    memcmp(piece->text + piece->length - length, text, length) != 0)
		return false;
	piece->length -= length;
	return true;
}

/* Cuts a signature off the piece's end. */
static bool
cut_signature(struct piece *piece, const char **signature)
{
	if (piece->length < SIGNATURE_LENGTH)
		return false;
	piece->length -= SIGNATURE_LENGTH;
	*signature = piece->text + piece->length;
	return true;
}

/* Cuts digits off the piece's end, as JavaScript prints a number. */
static bool
cut_digits(struct piece *piece, struct piece *digits)
{
	const char *end = piece->text + piece->length;

	digits->length = 0;
	while (digits->length < TIME_DIGITS_MAX && piece->length > 0 &&
	       piece->text[piece->length - 1] >= '0' && piece->text[piece->length - 1] <= '9') {
		piece->length--;
		digits->length++;
	}
	digits->text = end - digits->length;
	return digits->length > 0 && digits->text[0] != '0';
}

static enum gp_outcome
judge_signature(struct gp_key_ring *ring, const struct piece *text, const char *signature)
{
	char expected[SIGNATURE_LENGTH + 1];
	enum gp_outcome outcome = make_signature(ring, text->text, text->length, expected);

	if (outcome == GP_OK && CRYPTO_memcmp(expected, signature, SIGNATURE_LENGTH) != 0)
		outcome = GP_DENY_SIGNATURE;
	OPENSSL_cleanse(expected, sizeof(expected));
	return outcome;
}

/* The decoded bytes with a NUL behind them. */
static enum gp_outcome
decode(struct gp_arena *arena, const struct piece *encoded, struct piece *decoded)
{
	char *bytes = gp_arena_take(arena, GP_BASE64URL_DECODED_SIZE(encoded->length) + 1);

	if (bytes == NULL)
		return GP_ERR_MEMORY;
	if (!gp_base64url_decode(
		encoded->text, encoded->length, (unsigned char *)bytes, &decoded->length))
		return GP_DENY_TOKEN_ENCODING;
	bytes[decoded->length] = '\0';
	decoded->text = bytes;
	return GP_OK;
}

/*
 * {"session":{PAYLOAD},"expiresAt":MS,"signature":"..."}, where the signature is that of
 * {PAYLOAD,"expiresAt":MS}.
 */
static enum gp_outcome
open_compact(
    struct gp_arena *arena, struct gp_key_ring *ring, const struct piece *value, struct piece *text)
{
	struct piece outer, digits;
	struct gp_buffer buffer;
	const char *signature;
	enum gp_outcome outcome;

	outcome = decode(arena, value, &outer);
	if (outcome != GP_OK)
		return outcome;
	if (!cut_front(&outer, session_label) || !cut_end(&outer, signature_end) ||
	    !cut_signature(&outer, &signature) || !cut_end(&outer, signature_label) ||
	    !cut_digits(&outer, &digits) || !cut_end(&outer, expiry_label) || !cut_end(&outer, "}"))
		return GP_DENY_TOKEN_FORM;
	gp_buffer_init(&buffer, arena);
	gp_buffer_add(&buffer, outer.text, outer.length);
	gp_buffer_add_text(&buffer, expiry_label);
	gp_buffer_add(&buffer, digits.text, digits.length);
	gp_buffer_add_text(&buffer, "}");
	gp_buffer_add_byte(&buffer, '\0');
	if (!gp_buffer_complete(&buffer))
		return GP_ERR_MEMORY;
	*text = (struct piece){ buffer.bytes, buffer.length - 1 };
	return judge_signature(ring, text, signature);
}

static enum gp_outcome
open_jwt(
    struct gp_arena *arena, struct gp_key_ring *ring, const struct piece *value, struct piece *text)
{
	struct piece signed_part = *value, payload;
	const char *signature;
	enum gp_outcome outcome;

	if (!cut_signature(&signed_part, &signature) || !cut_end(&signed_part, "."))
		return GP_DENY_TOKEN_FORM;
	payload = signed_part;
	if (!cut_front(&payload, jwt_head))
		return GP_DENY_TOKEN_FORM;
	outcome = judge_signature(ring, &signed_part, signature);
	return outcome == GP_OK ? decode(arena, &payload, text) : outcome;
}

/* --- what it says --- */

/* The bytes of the object that `text` begins with, which is known to be JSON. */
static size_t
object_length(const char *text)
{
	bool inside = false;
	size_t depth = 0, i = 0;

	do {
		char c = text[i++];

		if (inside && c == '\\')
			i++;
		else if (c == '"')
			inside = !inside;
		else if (!inside && (c == '{' || c == '['))
			depth++;
		else if (!inside && (c == '}' || c == ']'))
			depth--;
	} while (depth > 0);
	return i;
}

/* Where the two objects stand in the text. */
static bool
find_texts(struct piece text, struct gp_session_cache *found)
{
	if (!cut_front(&text, session_label) || text.text[0] != '{')
		return false;
	found->session_text = text.text;
	found->session_length = object_length(text.text);
	text.text += found->session_length;
	text.length -= found->session_length;
	if (!cut_front(&text, user_label) || text.text[0] != '{')
		return false;
	found->user_text = text.text;
	found->user_length = object_length(text.text);
	return true;
}

/* A reading of members into an arena; what is missing or of another type is remembered. */
struct reading {
	struct gp_arena *arena;
	enum gp_outcome outcome;
};

static void
fail(struct reading *reading, enum gp_outcome outcome)
{
	if (reading->outcome == GP_OK)
		reading->outcome = outcome;
}

static const char *
read_text(struct reading *reading, struct json_object *object, const char *name)
{
	const char *text = gp_json_string(object, name);
	const char *copy;

	if (text == NULL) {
		fail(reading, GP_DENY_CLAIMS_JSON);
		return NULL;
	}
	copy = gp_arena_copy(reading->arena, text, strlen(text));
	if (copy == NULL)
		fail(reading, GP_ERR_MEMORY);
	return copy;
}

/* NULL for null, and where there is none. */
static const char *
read_optional(struct reading *reading, struct json_object *object, const char *name)
{
	return json_object_object_get(object, name) != NULL ? read_text(reading, object, name)
							    : NULL;
}

static int64_t
read_time(struct reading *reading, struct json_object *object, const char *name)
{
	const char *text = gp_json_string(object, name);
	int64_t time_us = 0;

	if (text == NULL)
		fail(reading, GP_DENY_CLAIMS_JSON);
	else if (!gp_time_read(text, &time_us))
		fail(reading, GP_DENY_TIME_FORM);
	return time_us;
}

static bool
read_truth(struct reading *reading, struct json_object *object, const char *name)
{
	struct json_object *member = json_object_object_get(object, name);

	if (!json_object_is_type(member, json_type_boolean)) {
		fail(reading, GP_DENY_CLAIMS_JSON);
		return false;
	}
	return json_object_get_boolean(member);
}

static void
read_session(struct reading *reading, struct json_object *object, struct gp_session *session)
{
	session->id = read_text(reading, object, "id");
	session->token = read_text(reading, object, "token");
	session->user_id = read_text(reading, object, "userId");
	session->expires_us = read_time(reading, object, "expiresAt");
	session->created_us = read_time(reading, object, "createdAt");
	session->updated_us = read_time(reading, object, "updatedAt");
	session->ip_address = read_optional(reading, object, "ipAddress");
	session->user_agent = read_optional(reading, object, "userAgent");
}

static void
read_user(struct reading *reading, struct json_object *object, struct gp_user *user)
{
	user->id = read_text(reading, object, "id");
	user->name = read_text(reading, object, "name");
	user->email = read_text(reading, object, "email");
	user->email_verified = read_truth(reading, object, "emailVerified");
	user->image = read_optional(reading, object, "image");
	user->created_us = read_time(reading, object, "createdAt");
	user->updated_us = read_time(reading, object, "updatedAt");
}

/* When the cache ends, in milliseconds. */
static bool
read_expiry(
    enum gp_session_cache_strategy strategy, struct json_object *object, int64_t *expires_ms)
{
	const int64_t unit_ms = strategy == GP_CACHE_JWT ? 1000 : 1;
	struct json_object *member =
	    json_object_object_get(object, strategy == GP_CACHE_JWT ? "exp" : "expiresAt");

	if (!json_object_is_type(member, json_type_int))
		return false;
	*expires_ms = json_object_get_int64(member);
	if (*expires_ms < 0 || *expires_ms > INT64_MAX / unit_ms)
		return false;
	*expires_ms *= unit_ms;
	return true;
}

static enum gp_outcome
read_members(struct gp_arena *arena, enum gp_session_cache_strategy strategy,
    struct json_object *object, struct gp_session_cache *found)
{
	struct reading reading = { .arena = arena, .outcome = GP_OK };
	const char *written_as = gp_json_string(object, "version");

	if (written_as == NULL || strcmp(written_as, version) != 0)
		return GP_DENY_CLAIMS_JSON;
	if (!read_expiry(strategy, object, &found->expires_ms))
		return GP_DENY_EXPIRY_MISSING;
	read_session(&reading, json_object_object_get(object, "session"), &found->session);
	read_user(&reading, json_object_object_get(object, "user"), &found->user);
	return reading.outcome;
}

static bool
is_same_secret(const char *one, const char *other)
{
	size_t length = strlen(one);

	return length == strlen(other) && CRYPTO_memcmp(one, other, length) == 0;
}

static enum gp_outcome
judge(const struct gp_session_cache *found, const char *token, int64_t now_ms)
{
	if (!is_same_secret(found->session.token, token))
		return GP_DENY_SESSION;
	/* Better Auth does not look, but would never write it. */
	if (strcmp(found->session.user_id, found->user.id) != 0)
		return GP_DENY_SESSION;
	if (found->expires_ms <= now_ms || found->session.expires_us / 1000 < now_ms)
		return GP_DENY_EXPIRED;
	return GP_OK;
}

enum gp_outcome
gp_session_cache_open(struct gp_arena *arena, struct gp_json_reader *reader,
    struct gp_key_ring *ring, enum gp_session_cache_strategy strategy, const char *value,
    size_t length, const char *token, int64_t now_ms, struct gp_session_cache *found)
{
	const struct piece cookie = { value, length };
	struct gp_session_cache cache = { .session_text = NULL };
	struct json_object *object = NULL;
	struct gp_json_error error;
	struct piece text;
	enum gp_outcome outcome;

	outcome = strategy == GP_CACHE_JWT ? open_jwt(arena, ring, &cookie, &text)
					   : open_compact(arena, ring, &cookie, &text);
	if (outcome != GP_OK)
		return outcome;
	if (!gp_json_parse(reader, text.text, text.length, &object, &error))
		return GP_DENY_CLAIMS_JSON;
	outcome = GP_DENY_CLAIMS_JSON;
	if (find_texts(text, &cache))
		outcome = read_members(arena, strategy, object, &cache);
	json_object_put(object);
	if (outcome == GP_OK)
		outcome = judge(&cache, token, now_ms);
	if (outcome == GP_OK)
		*found = cache;
	return outcome;
}
