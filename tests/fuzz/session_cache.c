/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cookie cache. The first byte says what follows: `c` or `j` a cookie's value as it came,
 * compact or jwt; `C` or `J` a text that gets our signature, so that what stands behind it is
 * reached.
 */
#include "session_cache.h"

#include <json-c/json.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdbool.h>

#include "base64url.h"
#include "buffer.h"
#include "fuzz.h"

static const char secret[] = "a-secret-of-the-fuzz-targets-only";
static const char token[] = "l4tCLYkJzHIQTofjxo57rClCnwTthGEp";
static const int64_t now_ms = INT64_C(1795231640741);

static struct gp_arena *arena;
static struct gp_json_reader *reader;
static struct gp_key_ring *ring;

static void
prepare(void)
{
	const struct gp_secret_list secrets = { { { secret, strlen(secret), -1 } }, 1 };

	if (arena != NULL)
		return;
	arena = gp_arena_new();
	reader = gp_json_reader_new();
	ring = gp_key_ring_new(&secrets, 0);
	GP_FUZZ_REQUIRE(arena != NULL && reader != NULL && ring != NULL);
}

static void
add_signature(struct gp_buffer *buffer, const char *text, size_t length)
{
	unsigned char bytes[EVP_MAX_MD_SIZE];
	unsigned size = 0;

	GP_FUZZ_REQUIRE(HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)text,
			    length, bytes, &size) != NULL);
	gp_base64url_add(buffer, bytes, size);
}

static void
sign_jwt(struct gp_buffer *value, const char *text)
{
	gp_buffer_add_text(value, "eyJhbGciOiJIUzI1NiJ9.");
	gp_base64url_add(value, text, strlen(text));
	GP_FUZZ_REQUIRE(gp_buffer_complete(value));
	gp_buffer_add_byte(value, '.');
	add_signature(value, value->bytes, value->length - 1);
}

/* The text's last member goes behind the brace as well. */
static void
sign_compact(struct gp_buffer *value, const char *text)
{
	const char *tail = strrchr(text, ',');
	struct gp_buffer outer;

	if (tail == NULL)
		tail = text + strlen(text);
	gp_buffer_init(&outer, arena);
	gp_buffer_add_text(&outer, "{\"session\":");
	gp_buffer_add(&outer, text, (size_t)(tail - text));
	gp_buffer_add_byte(&outer, '}');
	gp_buffer_add(&outer, tail, *tail != '\0' ? strlen(tail) - 1 : 0);
	gp_buffer_add_text(&outer, ",\"signature\":\"");
	add_signature(&outer, text, strlen(text));
	gp_buffer_add_text(&outer, "\"}");
	GP_FUZZ_REQUIRE(gp_buffer_complete(&outer));
	gp_base64url_add(value, outer.bytes, outer.length);
}

static struct json_object *
parse(const char *bytes, size_t length)
{
	const char *text = gp_arena_copy(arena, bytes, length);
	struct json_object *value = NULL;
	struct gp_json_error error;

	GP_FUZZ_REQUIRE(text != NULL && gp_json_parse(reader, text, length, &value, &error));
	GP_FUZZ_REQUIRE(json_object_is_type(value, json_type_object));
	return value;
}

static void
require_text(struct json_object *object, const char *name, const char *value)
{
	const char *text = gp_json_string(object, name);

	GP_FUZZ_REQUIRE((text == NULL) == (value == NULL));
	GP_FUZZ_REQUIRE(text == NULL || strcmp(text, value) == 0);
}

/* Each cut-out text is an object and says what was read. */
static void
judge(const struct gp_session_cache *found)
{
	struct json_object *session = parse(found->session_text, found->session_length);
	struct json_object *user = parse(found->user_text, found->user_length);

	GP_FUZZ_REQUIRE(strcmp(found->session.token, token) == 0);
	GP_FUZZ_REQUIRE(strcmp(found->session.user_id, found->user.id) == 0);
	GP_FUZZ_REQUIRE(found->expires_ms > now_ms);
	GP_FUZZ_REQUIRE(found->session.expires_us >= now_ms * 1000);
	require_text(session, "id", found->session.id);
	require_text(session, "token", token);
	require_text(session, "userId", found->user.id);
	require_text(session, "ipAddress", found->session.ip_address);
	require_text(session, "userAgent", found->session.user_agent);
	require_text(user, "id", found->user.id);
	require_text(user, "name", found->user.name);
	require_text(user, "email", found->user.email);
	require_text(user, "image", found->user.image);
	json_object_put(session);
	json_object_put(user);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char kind = size > 0 ? (char)data[0] : 'c';
	bool is_jwt = kind == 'j' || kind == 'J';
	bool is_signed = kind == 'C' || kind == 'J';
	char *text = gp_fuzz_copy(data + (size > 0), size - (size > 0));
	struct gp_session_cache found = { .session_text = NULL };
	enum gp_outcome outcome;
	struct gp_buffer value;

	prepare();
	gp_buffer_init(&value, arena);
	if (!is_signed)
		gp_buffer_add_text(&value, text);
	else if (is_jwt)
		sign_jwt(&value, text);
	else
		sign_compact(&value, text);
	gp_buffer_add_byte(&value, '\0');
	GP_FUZZ_REQUIRE(gp_buffer_complete(&value));
	outcome =
	    gp_session_cache_open(arena, reader, ring, is_jwt ? GP_CACHE_JWT : GP_CACHE_COMPACT,
		value.bytes, value.length - 1, token, now_ms, &found);
	GP_FUZZ_REQUIRE(outcome < GP_BAD_PATH); /* neither out of memory nor anything of the kind */
	GP_FUZZ_REQUIRE((outcome == GP_OK) == (found.session_text != NULL));
	/* Nobody else has the secret. */
	GP_FUZZ_REQUIRE(outcome != GP_OK || is_signed);
	if (outcome == GP_OK)
		judge(&found);
	gp_arena_reset(arena);
	free(text);
	return 0;
}
