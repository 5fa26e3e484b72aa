/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Caches that a real Better Auth server wrote, with a secret thrown away since: opened, refused in
 * every way we know, and written again from the same rows.
 */
#include "session_cache.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "cookie.h"
#include "json_write.h"
#include "token.h"
#include "unit.h"

/* clang-format off */
static const char recorded_compact[] =
	"eyJzZXNzaW9uIjp7InNlc3Npb24iOnsiZXhwaXJlc0F0IjoiMjAyNi0xMS0yOFQwMzoyNzoyMC43MzZaIiwidG9r"
	"ZW4iOiJYZnZTR1BJb1lUek1lVmNGYndyMWQyN1ZuTlB2SWZoTyIsImNyZWF0ZWRBdCI6IjIwMjYtMTEtMjFUMDM6"
	"Mjc6MjAuNzM3WiIsInVwZGF0ZWRBdCI6IjIwMjYtMTEtMjFUMDM6Mjc6MjAuNzM3WiIsImlwQWRkcmVzcyI6IiIs"
	"InVzZXJBZ2VudCI6IiIsInVzZXJJZCI6InJHdGNQd2d1Q3NSazVMUlNQOFFlaU9FaXhHR0VWMmsyIiwiaWQiOiJy"
	"S200ZmlldVJ5dkJjekIzNjhiajlNT2lUdVhHc0VEWSJ9LCJ1c2VyIjp7Im5hbWUiOiJBZGEgTC4iLCJlbWFpbCI6"
	"ImFkYUBleGFtcGxlLmNvbSIsImVtYWlsVmVyaWZpZWQiOmZhbHNlLCJpbWFnZSI6bnVsbCwiY3JlYXRlZEF0Ijoi"
	"MjAyNi0xMS0yMVQwMzoyNzoxOS41MzhaIiwidXBkYXRlZEF0IjoiMjAyNi0xMS0yMVQwMzoyNzoyMC4xNTFaIiwi"
	"aWQiOiJyR3RjUHdndUNzUms1TFJTUDhRZWlPRWl4R0dFVjJrMiJ9LCJ1cGRhdGVkQXQiOjE3OTUyMzE2NDA3NDEs"
	"InZlcnNpb24iOiIxIn0sImV4cGlyZXNBdCI6MTc5NTIzMTk0MDc0MSwic2lnbmF0dXJlIjoiWEJZYW5hc2FpVUZm"
	"OFlOb2F5X3E0dlJSM3M3dFFXczhHanYwbGxoR0JsdyJ9";
static const char recorded_jwt[] =
	"eyJhbGciOiJIUzI1NiJ9.eyJzZXNzaW9uIjp7ImV4cGlyZXNBdCI6IjIwMjYtMTEtMjhUMDM6Mjc6MjAuODI2WiI"
	"sInRva2VuIjoiT0FySWhWM2RaMXM1TElOcG1IbzJRdG1pbkVxU3BkWTgiLCJjcmVhdGVkQXQiOiIyMDI2LTExLTI"
	"xVDAzOjI3OjIwLjgyN1oiLCJ1cGRhdGVkQXQiOiIyMDI2LTExLTIxVDAzOjI3OjIwLjgyN1oiLCJpcEFkZHJlc3M"
	"iOiIiLCJ1c2VyQWdlbnQiOiIiLCJ1c2VySWQiOiJyR3RjUHdndUNzUms1TFJTUDhRZWlPRWl4R0dFVjJrMiIsIml"
	"kIjoiQjQzdlNCaW1jTTRUU0tVR0E0MUpwaGNCY3lNS0RkSlUifSwidXNlciI6eyJuYW1lIjoiQWRhIEwuIiwiZW1"
	"haWwiOiJhZGFAZXhhbXBsZS5jb20iLCJlbWFpbFZlcmlmaWVkIjpmYWxzZSwiaW1hZ2UiOm51bGwsImNyZWF0ZWR"
	"BdCI6IjIwMjYtMTEtMjFUMDM6Mjc6MTkuNTM4WiIsInVwZGF0ZWRBdCI6IjIwMjYtMTEtMjFUMDM6Mjc6MjAuMTU"
	"xWiIsImlkIjoickd0Y1B3Z3VDc1JrNUxSU1A4UWVpT0VpeEdHRVYyazIifSwidXBkYXRlZEF0IjoxNzk1MjMxNjQ"
	"wODMxLCJ2ZXJzaW9uIjoiMSIsImlhdCI6MTc5NTIzMTY0MCwiZXhwIjoxNzk1MjMxOTQwfQ.kOzmIKwknwIHBp45"
	"Ng5gAoYObRVtloV7Eju6b4LIIck";
/* clang-format on */

#define USER_ID "rGtcPwguCsRk5LRSP8QeiOEixGGEV2k2"

/* What stands in them. */
static const struct recorded {
	enum gp_session_cache_strategy strategy;
	const char *value;
	const char *token;
	int64_t now_ms; /* when it was written */
	int64_t dies_ms;
	struct gp_session session;
} records[] = {
	{ GP_CACHE_COMPACT, recorded_compact, "XfvSGPIoYTzMeVcFbwr1d27VnNPvIfhO",
	    INT64_C(1795231640741), INT64_C(1795231940741),
	    { "rKm4fieuRyvBczB368bj9MOiTuXGsEDY", "XfvSGPIoYTzMeVcFbwr1d27VnNPvIfhO", USER_ID,
		INT64_C(1795836440736000), INT64_C(1795231640737000), INT64_C(1795231640737000), "",
		"" } },
	{ GP_CACHE_JWT, recorded_jwt, "OArIhV3dZ1s5LINpmHo2QtminEqSpdY8", INT64_C(1795231640831),
	    INT64_C(1795231940000),
	    { "B43vSBimcM4TSKUGA41JphcBcyMKDdJU", "OArIhV3dZ1s5LINpmHo2QtminEqSpdY8", USER_ID,
		INT64_C(1795836440826000), INT64_C(1795231640827000), INT64_C(1795231640827000), "",
		"" } },
};

static const struct gp_user ada = { USER_ID, "Ada L.", "ada@example.com", false, NULL,
	INT64_C(1795231639538000), INT64_C(1795231640151000) };

static struct gp_arena *arena;
static struct gp_json_reader *reader;
static struct gp_key_ring *ring;
static struct gp_session_cache found;

static struct gp_key_ring *
ring_of(const char *first, const char *second)
{
	struct gp_secret_list secrets = { { { first, strlen(first), -1 } }, 1 };
	struct gp_key_ring *made;

	if (second != NULL)
		secrets.secrets[secrets.count++] = (struct gp_secret){ second, strlen(second), -1 };
	made = gp_key_ring_new(&secrets, 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(made);
	return made;
}

static void
set_up(void)
{
	arena = gp_arena_new();
	reader = gp_json_reader_new();
	ring = ring_of(gp_test_recorded_secret, NULL);
	CU_ASSERT_FATAL(arena != NULL && reader != NULL);
}

static void
tear_down(void)
{
	gp_key_ring_free(ring);
	gp_json_reader_free(reader);
	gp_arena_free(arena);
}

/* Of exactly that size, so that reads past it are seen. What is refused leaves nothing. */
static enum gp_outcome
open_bytes(const struct recorded *record, const char *value, size_t length, const char *token,
    int64_t now_ms)
{
	char *copy = malloc(length > 0 ? length : 1);
	enum gp_outcome outcome;

	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	memcpy(copy, value, length);
	found = (struct gp_session_cache){ .session_text = NULL };
	outcome = gp_session_cache_open(
	    arena, reader, ring, record->strategy, copy, length, token, now_ms, &found);
	CU_ASSERT_EQUAL(found.session_text != NULL, outcome == GP_OK);
	free(copy);
	return outcome;
}

static enum gp_outcome
open_value(const struct recorded *record, const char *value)
{
	return open_bytes(record, value, strlen(value), record->token, record->now_ms);
}

/* --- as a real server prints its rows --- */

static void
add_member(struct gp_buffer *buffer, const char *name, const char *value)
{
	gp_json_write_text(buffer, name);
	gp_buffer_add_byte(buffer, ':');
	gp_json_write_text(buffer, value);
	gp_buffer_add_byte(buffer, ',');
}

static void
add_time(struct gp_buffer *buffer, const char *name, int64_t time_us)
{
	gp_json_write_text(buffer, name);
	gp_buffer_add_byte(buffer, ':');
	gp_json_write_time_ms(buffer, time_us);
	gp_buffer_add_byte(buffer, ',');
}

static void
end_object(struct gp_buffer *buffer)
{
	CU_ASSERT_FATAL(gp_buffer_complete(buffer));
	buffer->bytes[buffer->length - 1] = '}';
	gp_buffer_add_byte(buffer, '\0');
	CU_ASSERT_FATAL(gp_buffer_complete(buffer));
}

static const char *
session_text(const struct gp_session *session)
{
	struct gp_buffer buffer;

	gp_buffer_init(&buffer, arena);
	gp_buffer_add_byte(&buffer, '{');
	add_time(&buffer, "expiresAt", session->expires_us);
	add_member(&buffer, "token", session->token);
	add_time(&buffer, "createdAt", session->created_us);
	add_time(&buffer, "updatedAt", session->updated_us);
	add_member(&buffer, "ipAddress", session->ip_address);
	add_member(&buffer, "userAgent", session->user_agent);
	add_member(&buffer, "userId", session->user_id);
	add_member(&buffer, "id", session->id);
	end_object(&buffer);
	return buffer.bytes;
}

static const char *
user_text(const struct gp_user *user)
{
	struct gp_buffer buffer;

	gp_buffer_init(&buffer, arena);
	gp_buffer_add_byte(&buffer, '{');
	add_member(&buffer, "name", user->name);
	add_member(&buffer, "email", user->email);
	gp_buffer_add_text(&buffer, "\"emailVerified\":");
	gp_json_write_bool(&buffer, user->email_verified);
	gp_buffer_add_byte(&buffer, ',');
	add_member(&buffer, "image", user->image);
	add_time(&buffer, "createdAt", user->created_us);
	add_time(&buffer, "updatedAt", user->updated_us);
	add_member(&buffer, "id", user->id);
	end_object(&buffer);
	return buffer.bytes;
}

static struct gp_session_cache_order
order_of(const struct recorded *record, const char *session, const char *user)
{
	return (struct gp_session_cache_order){
		.strategy = record->strategy,
		.session = session,
		.session_length = strlen(session),
		.user = user,
		.user_length = strlen(user),
		.now_ms = record->now_ms,
		.max_age_s = 300,
		.remembered = true,
	};
}

static const char *
write_value(const struct recorded *record, const char *session, const char *user)
{
	const struct gp_session_cache_order order = order_of(record, session, user);
	const char *value = NULL;

	CU_ASSERT_EQUAL_FATAL(gp_session_cache_write(arena, ring, &order, &value), GP_OK);
	return value;
}

/* A value around any signed text, made without our own code; compact: up to its last member. */
static const char *
sign_text(const struct recorded *record, const char *text)
{
	struct gp_test_text value = { .length = 0 }, outer, signature = { .length = 0 };
	const char *secret = gp_test_recorded_secret;
	unsigned char bytes[EVP_MAX_MD_SIZE];
	unsigned length = 0;
	const char *tail;

	if (record->strategy == GP_CACHE_JWT) {
		CU_ASSERT_FATAL(
		    gp_test_token_from("recorded", "{\"alg\":\"HS256\"}", text, &value));
		return gp_arena_copy(arena, value.bytes, value.length);
	}
	CU_ASSERT_PTR_NOT_NULL_FATAL(HMAC(EVP_sha256(), secret, (int)strlen(secret),
	    (const unsigned char *)text, strlen(text), bytes, &length));
	CU_ASSERT_FATAL(gp_test_text_add_encoded(&signature, bytes, length));
	tail = strstr(text, ",\"expiresAt\":17");
	if (tail == NULL)
		tail = text + strlen(text);
	gp_test_text_set(&outer, "{\"session\":");
	CU_ASSERT_FATAL(gp_test_text_add(&outer, text, (size_t)(tail - text)));
	CU_ASSERT_FATAL(gp_test_text_add(&outer, "}", 1));
	CU_ASSERT_FATAL(gp_test_text_add(&outer, tail, *tail != '\0' ? strlen(tail) - 1 : 0));
	CU_ASSERT_FATAL(gp_test_text_add(&outer, ",\"signature\":\"", 14));
	CU_ASSERT_FATAL(gp_test_text_add(&outer, signature.bytes, signature.length));
	CU_ASSERT_FATAL(gp_test_text_add(&outer, "\"}", 2));
	CU_ASSERT_FATAL(gp_test_text_add_encoded(&value, outer.bytes, outer.length));
	return gp_arena_copy(arena, value.bytes, value.length);
}

/* --- tests --- */

static void
expect_session(const struct gp_session *session)
{
	CU_ASSERT(gp_test_same(found.session.id, session->id));
	CU_ASSERT(gp_test_same(found.session.token, session->token));
	CU_ASSERT(gp_test_same(found.session.user_id, session->user_id));
	CU_ASSERT_EQUAL(found.session.expires_us, session->expires_us);
	CU_ASSERT_EQUAL(found.session.created_us, session->created_us);
	CU_ASSERT_EQUAL(found.session.updated_us, session->updated_us);
	CU_ASSERT(gp_test_same(found.session.ip_address, session->ip_address));
	CU_ASSERT(gp_test_same(found.session.user_agent, session->user_agent));
}

static void
expect_user(const struct gp_user *user)
{
	CU_ASSERT(gp_test_same(found.user.id, user->id));
	CU_ASSERT(gp_test_same(found.user.name, user->name));
	CU_ASSERT(gp_test_same(found.user.email, user->email));
	CU_ASSERT_EQUAL(found.user.email_verified, user->email_verified);
	CU_ASSERT(gp_test_same(found.user.image, user->image));
	CU_ASSERT_EQUAL(found.user.created_us, user->created_us);
	CU_ASSERT_EQUAL(found.user.updated_us, user->updated_us);
}

static void
expect_texts(const char *session, const char *user)
{
	CU_ASSERT_EQUAL_FATAL(found.session_length, strlen(session));
	CU_ASSERT_EQUAL(memcmp(found.session_text, session, found.session_length), 0);
	CU_ASSERT_EQUAL_FATAL(found.user_length, strlen(user));
	CU_ASSERT_EQUAL(memcmp(found.user_text, user, found.user_length), 0);
}

static void
opens_what_a_real_server_wrote(void)
{
	set_up();
	for (size_t i = 0; i < GP_COUNT(records); i++) {
		gp_test_row("record %zu", i);
		CU_ASSERT_EQUAL_FATAL(open_value(&records[i], records[i].value), GP_OK);
		expect_session(&records[i].session);
		expect_user(&ada);
		expect_texts(session_text(&records[i].session), user_text(&ada));
		CU_ASSERT_EQUAL(found.expires_ms, records[i].dies_ms);
	}
	tear_down();
}

static void
writes_what_a_real_server_wrote(void)
{
	set_up();
	for (size_t i = 0; i < GP_COUNT(records); i++) {
		const char *value =
		    write_value(&records[i], session_text(&records[i].session), user_text(&ada));

		CU_ASSERT_STRING_EQUAL(value, records[i].value);
	}
	tear_down();
}

static void
refuses_it_after_its_life(void)
{
	set_up();
	for (size_t i = 0; i < GP_COUNT(records); i++) {
		const struct recorded *record = &records[i];
		const size_t length = strlen(record->value);

		CU_ASSERT_EQUAL(
		    open_bytes(record, record->value, length, record->token, record->dies_ms - 1),
		    GP_OK);
		CU_ASSERT_EQUAL(
		    open_bytes(record, record->value, length, record->token, record->dies_ms),
		    GP_DENY_EXPIRED);
		CU_ASSERT_EQUAL(open_bytes(record, record->value, length, record->token, INT64_MAX),
		    GP_DENY_EXPIRED);
	}
	tear_down();
}

/* A cache that lives on does not keep an expired session alive. */
static void
refuses_it_after_the_session_has_expired(void)
{
	set_up();
	for (size_t i = 0; i < GP_COUNT(records); i++) {
		const struct recorded *record = &records[i];
		struct gp_session session = record->session;
		const char *value;

		session.expires_us = (record->now_ms + 5000) * 1000;
		value = write_value(record, session_text(&session), user_text(&ada));
		CU_ASSERT_EQUAL(
		    open_bytes(record, value, strlen(value), record->token, record->now_ms + 5000),
		    GP_OK);
		CU_ASSERT_EQUAL(
		    open_bytes(record, value, strlen(value), record->token, record->now_ms + 5001),
		    GP_DENY_EXPIRED);
	}
	tear_down();
}

static void
refuses_it_beside_another_token(void)
{
	static const char *const tokens[] = { "", "X", "O", "XfvSGPIoYTzMeVcFbwr1d27VnNPvIfh",
		"OArIhV3dZ1s5LINpmHo2QtminEqSpdY", "XfvSGPIoYTzMeVcFbwr1d27VnNPvIfhOO",
		"OArIhV3dZ1s5LINpmHo2QtminEqSpdY88", "xfvSGPIoYTzMeVcFbwr1d27VnNPvIfhO",
		"oArIhV3dZ1s5LINpmHo2QtminEqSpdY8", "l4tCLYkJzHIQTofjxo57rClCnwTthGEp" };

	set_up();
	for (size_t i = 0; i < GP_COUNT(records); i++) {
		for (size_t j = 0; j < GP_COUNT(tokens); j++)
			CU_ASSERT_EQUAL(open_bytes(&records[i], records[i].value,
					    strlen(records[i].value), tokens[j], records[i].now_ms),
			    GP_DENY_SESSION);
	}
	tear_down();
}

static void
refuses_every_changed_bit(void)
{
	char changed[sizeof(recorded_compact) + sizeof(recorded_jwt)];

	set_up();
	for (size_t i = 0; i < GP_COUNT(records); i++) {
		const size_t length = strlen(records[i].value);

		for (size_t at = 0; at < 8 * length; at++) {
			gp_arena_reset(arena);
			memcpy(changed, records[i].value, length);
			changed[at / 8] = (char)(changed[at / 8] ^ (1 << at % 8));
			gp_test_row("record %zu, bit %zu", i, at);
			CU_ASSERT_NOT_EQUAL(open_bytes(&records[i], changed, length,
						records[i].token, records[i].now_ms),
			    GP_OK);
		}
	}
	tear_down();
}

static void
refuses_it_cut_off_and_longer(void)
{
	char longer[sizeof(recorded_compact) + 2];

	set_up();
	for (size_t i = 0; i < GP_COUNT(records); i++) {
		const struct recorded *record = &records[i];
		const size_t length = strlen(record->value);

		for (size_t cut = 0; cut < length; cut++) {
			gp_arena_reset(arena);
			gp_test_row("record %zu, %zu characters", i, cut);
			CU_ASSERT_NOT_EQUAL(
			    open_bytes(record, record->value, cut, record->token, record->now_ms),
			    GP_OK);
			CU_ASSERT_NOT_EQUAL(open_bytes(record, record->value + cut + 1,
						length - cut - 1, record->token, record->now_ms),
			    GP_OK);
		}
		for (const char *more = "A=. \n%\""; *more != '\0'; more++) {
			snprintf(longer, sizeof(longer), "%s%c", record->value, *more);
			CU_ASSERT_NOT_EQUAL(open_value(record, longer), GP_OK);
			snprintf(longer, sizeof(longer), "%c%s", *more, record->value);
			CU_ASSERT_NOT_EQUAL(open_value(record, longer), GP_OK);
		}
		CU_ASSERT_NOT_EQUAL(
		    open_bytes(record, record->value, length + 1, record->token, record->now_ms),
		    GP_OK);
	}
	tear_down();
}

static void
only_the_current_secret_counts(void)
{
	static const struct {
		const char *first, *second;
		enum gp_outcome outcome;
	} rows[] = {
		{ gp_test_secret, NULL, GP_DENY_SIGNATURE },
		{ gp_test_secret, gp_test_recorded_secret, GP_DENY_SIGNATURE },
		{ gp_test_recorded_secret, gp_test_secret, GP_OK },
	};

	set_up();
	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		gp_key_ring_free(ring);
		ring = ring_of(rows[i].first, rows[i].second);
		for (size_t j = 0; j < GP_COUNT(records); j++)
			CU_ASSERT_EQUAL(open_value(&records[j], records[j].value), rows[i].outcome);
	}
	tear_down();
}

static void
without_a_secret_nothing_is_opened_or_written(void)
{
	set_up();
	gp_key_ring_free(ring);
	ring = gp_key_ring_new(NULL, 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(ring);
	for (size_t i = 0; i < GP_COUNT(records); i++) {
		const struct gp_session_cache_order order = order_of(&records[i], "{}", "{}");
		const char *value = NULL;

		CU_ASSERT_EQUAL(open_value(&records[i], records[i].value), GP_ERR_CRYPTO);
		CU_ASSERT_EQUAL(gp_session_cache_write(arena, ring, &order, &value), GP_ERR_CRYPTO);
		CU_ASSERT_PTR_NULL(value);
	}
	tear_down();
}

static void
refuses_the_other_forms(void)
{
	/* Of five parts, as the encrypted form is. */
	static const char jwe[] = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2Q0JDLUhTNTEyIiwia2lkIjoiYSJ9.."
				  "AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAA."
				  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

	set_up();
	for (size_t i = 0; i < GP_COUNT(records); i++) {
		CU_ASSERT_NOT_EQUAL(open_value(&records[i], records[1 - i].value), GP_OK);
		CU_ASSERT_NOT_EQUAL(open_value(&records[i], jwe), GP_OK);
		CU_ASSERT_NOT_EQUAL(open_value(&records[i], ""), GP_OK);
	}
	tear_down();
}

/* Other tokens of the same secret: with another header, or of another purpose. */
static void
refuses_other_tokens_of_the_secret(void)
{
	static const char *const headers[] = { "{\"alg\":\"HS256\",\"typ\":\"JWT\"}",
		"{\"typ\":\"JWT\",\"alg\":\"HS256\"}", "{\"alg\":\"HS256\",\"kid\":\"a\"}",
		"{ \"alg\":\"HS256\"}", "{\"alg\":\"none\"}", "{\"alg\":\"HS512\"}" };
	static const char *const claims[] = {
		"{\"email\":\"ada@example.com\",\"iat\":1795231640,\"exp\":1795235240}",
		"{\"sub\":\"" USER_ID
		"\",\"iat\":1795231640,\"exp\":1795235240,\"type\":\"access\"}",
		"{}", "[]", "null", "", "{\"session\":null,\"user\":null}"
	};
	const struct recorded *record = &records[1];
	struct gp_test_text value;
	char payload[1024];

	set_up();
	snprintf(payload, sizeof(payload),
	    "{\"session\":%s,\"user\":%s,\"updatedAt\":1,\"version\":\"1\",\"iat\":1,"
	    "\"exp\":1795231940}",
	    session_text(&record->session), user_text(&ada));
	CU_ASSERT_EQUAL(open_value(record, sign_text(record, payload)), GP_OK);
	for (size_t i = 0; i < GP_COUNT(headers); i++) {
		gp_test_row("%s", headers[i]);
		CU_ASSERT_FATAL(gp_test_token_from("recorded", headers[i], payload, &value));
		CU_ASSERT_EQUAL(open_value(record, value.bytes), GP_DENY_TOKEN_FORM);
	}
	for (size_t i = 0; i < GP_COUNT(claims); i++) {
		gp_test_row("%s", claims[i]);
		CU_ASSERT_EQUAL(
		    open_value(record, sign_text(record, claims[i])), GP_DENY_CLAIMS_JSON);
	}
	tear_down();
}

/* Rightly signed texts; @S and @U stand for the rows, @E for the expiry in this form. */
static void
fill(const struct recorded *record, const char *pattern, char *text, size_t size)
{
	struct gp_buffer buffer;

	gp_buffer_init(&buffer, arena);
	for (; *pattern != '\0'; pattern++) {
		if (*pattern != '@') {
			gp_buffer_add_byte(&buffer, *pattern);
			continue;
		}
		pattern++;
		if (*pattern == 'S')
			gp_buffer_add_text(&buffer, session_text(&record->session));
		else if (*pattern == 'U')
			gp_buffer_add_text(&buffer, user_text(&ada));
		else
			gp_buffer_add_text(&buffer, record->strategy == GP_CACHE_JWT
							? "\"iat\":1795231640,\"exp\":1795231940"
							: "\"expiresAt\":1795231940741");
	}
	CU_ASSERT_FATAL(gp_buffer_complete(&buffer) && buffer.length < size);
	memcpy(text, buffer.bytes, buffer.length);
	text[buffer.length] = '\0';
}

static void
judges_what_is_rightly_signed(void)
{
	static const struct {
		const char *pattern;
		bool accepted;
	} rows[] = {
		{ "{\"session\":@S,\"user\":@U,\"updatedAt\":1,\"version\":\"1\",@E}", true },
		{ "{\"session\":@S,\"user\":@U,\"version\":\"1\",\"x\":[{}],@E}", true },
		{ "{\"session\":@S,\"user\":@U,\"version\":\"2\",@E}", false },
		{ "{\"session\":@S,\"user\":@U,\"version\":\"\",@E}", false },
		{ "{\"session\":@S,\"user\":@U,\"version\":1,@E}", false },
		{ "{\"session\":@S,\"user\":@U,\"version\":null,@E}", false },
		{ "{\"session\":@S,\"user\":@U,@E}", false },
		{ "{\"session\":@S,\"user\":@U,\"version\":\"1\"}", false },
		{ "{\"user\":@U,\"session\":@S,\"version\":\"1\",@E}", false },
		{ "{\"version\":\"1\",\"session\":@S,\"user\":@U,@E}", false },
		{ "{\"session\":@S,\"version\":\"1\",\"user\":@U,@E}", false },
		{ "{\"session\":@S,\"version\":\"1\",@E}", false },
		{ "{\"session\":{},\"user\":@U,\"version\":\"1\",@E}", false },
		{ "{\"session\":@S,\"user\":{},\"version\":\"1\",@E}", false },
		{ "{\"session\":[@S],\"user\":@U,\"version\":\"1\",@E}", false },
		{ "{\"session\":@S,\"user\":null,\"version\":\"1\",@E}", false },
		{ "{\"session\":\"\",\"user\":@U,\"version\":\"1\",@E}", false },
		{ "{\"session\":@S,\"user\":@U,\"version\":\"1\",\"user\":@U,@E}", false },
		{ "{\"session\":@S,\"user\":@U,\"version\":\"1\",@E,@E}", false },
		{ "{\"session\":@S,\"user\":@U,\"version\":\"1\",\"session\":@S,@E}", false },
		{ "{ \"session\":@S,\"user\":@U,\"version\":\"1\",@E}", false },
		{ "{\"session\":@S,\"user\":@U,\"version\":\"1\",,@E}", false },
		{ "{\"session\":@S,\"user\":@U,\"version\":\"1\",\"x\":\"\xff\",@E}", false },
		{ "{\"session\":@S,\"user\":@U,\"version\":\"1\",\"x\":\"\\u0000\",@E}", false },
		{ "{\"session\":@S,\"user\":@U,\"version\":\"1\",\"x\":NaN,@E}", false },
	};

	set_up();
	for (size_t i = 0; i < GP_COUNT(records); i++) {
		for (size_t j = 0; j < GP_COUNT(rows); j++) {
			char text[2048];

			fill(&records[i], rows[j].pattern, text, sizeof(text));
			gp_test_row("%s", text);
			CU_ASSERT_EQUAL(
			    open_value(&records[i], sign_text(&records[i], text)) == GP_OK,
			    rows[j].accepted);
		}
	}
	tear_down();
}

/* `text` with `to` in place of `from`, which stands in it. */
static const char *
replaced(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);
	struct gp_buffer buffer;

	CU_ASSERT_PTR_NOT_NULL_FATAL(at);
	gp_buffer_init(&buffer, arena);
	gp_buffer_add(&buffer, text, (size_t)(at - text));
	gp_buffer_add_text(&buffer, to);
	gp_buffer_add_text(&buffer, at + strlen(from));
	gp_buffer_add_byte(&buffer, '\0');
	CU_ASSERT_FATAL(gp_buffer_complete(&buffer));
	return buffer.bytes;
}

static void
judges_every_member(void)
{
	static const struct {
		const char *from, *to;
		enum gp_outcome outcome;
		bool of_user;
	} rows[] = {
		{ "\"ipAddress\":\"\"", "\"ipAddress\":null", GP_OK, false },
		{ "\"ipAddress\":\"\",", "", GP_OK, false },
		{ "\"userAgent\":\"\",", "", GP_OK, false },
		{ "\"image\":null,", "", GP_OK, true },
		{ "\"image\":null", "\"image\":\"x\"", GP_OK, true },
		{ "\"emailVerified\":false", "\"emailVerified\":true", GP_OK, true },
		{ "\"name\":\"Ada L.\"", "\"name\":\"\"", GP_OK, true },
		{ "\"ipAddress\":\"\"", "\"ipAddress\":1", GP_DENY_CLAIMS_JSON, false },
		{ "\"userAgent\":\"\"", "\"userAgent\":{}", GP_DENY_CLAIMS_JSON, false },
		{ "\"id\":\"", "\"ID\":\"", GP_DENY_CLAIMS_JSON, false },
		{ "\"token\":\"", "\"Token\":\"", GP_DENY_CLAIMS_JSON, false },
		{ "\"userId\":\"", "\"user\":\"", GP_DENY_CLAIMS_JSON, false },
		{ "\"userId\":\"r", "\"userId\":\"x", GP_DENY_SESSION, false },
		{ "\"expiresAt\":\"2026-11-28T03", "\"expiresAt\":\"2026-11-28 03",
		    GP_DENY_TIME_FORM, false },
		{ "\"expiresAt\":\"2026-11-28", "\"expiresAt\":\"2026-11-31", GP_DENY_TIME_FORM,
		    false },
		{ "\"expiresAt\":\"", "\"expiredAt\":\"", GP_DENY_CLAIMS_JSON, false },
		{ "\"createdAt\":\"", "\"createdAt\":\"0", GP_DENY_TIME_FORM, false },
		{ "\"createdAt\":", "\"createdAt\":null,\"x\":", GP_DENY_CLAIMS_JSON, false },
		{ "\"updatedAt\":\"", "\"updatedAt\":\"0", GP_DENY_TIME_FORM, false },
		{ "\"updatedAt\":", "\"updatedAt\":1,\"x\":", GP_DENY_CLAIMS_JSON, false },
		{ "\"id\":\"r", "\"id\":\"x", GP_DENY_SESSION, true },
		{ "\"id\":", "\"Id\":", GP_DENY_CLAIMS_JSON, true },
		{ "\"name\":\"Ada L.\"", "\"name\":null", GP_DENY_CLAIMS_JSON, true },
		{ "\"email\":", "\"mail\":", GP_DENY_CLAIMS_JSON, true },
		{ "\"emailVerified\":false", "\"emailVerified\":\"false\"", GP_DENY_CLAIMS_JSON,
		    true },
		{ "\"emailVerified\":false", "\"emailVerified\":null", GP_DENY_CLAIMS_JSON, true },
		{ "\"emailVerified\":false,", "", GP_DENY_CLAIMS_JSON, true },
		{ "\"image\":null", "\"image\":false", GP_DENY_CLAIMS_JSON, true },
		{ "\"createdAt\":\"", "\"createdAt\":\"-", GP_DENY_TIME_FORM, true },
		{ "\"updatedAt\":\"2026", "\"updatedAt\":\"0000", GP_DENY_TIME_FORM, true },
	};

	set_up();
	for (size_t i = 0; i < GP_COUNT(records); i++) {
		for (size_t j = 0; j < GP_COUNT(rows); j++) {
			const char *session = session_text(&records[i].session);
			const char *user = user_text(&ada);

			if (rows[j].of_user)
				user = replaced(user, rows[j].from, rows[j].to);
			else
				session = replaced(session, rows[j].from, rows[j].to);
			gp_test_row("%s %s", session, user);
			CU_ASSERT_EQUAL(
			    open_value(&records[i], write_value(&records[i], session, user)),
			    rows[j].outcome);
		}
	}
	tear_down();
}

/* Names as people have them, and members of plugins, come back as they were. */
static void
keeps_texts_as_they_are(void)
{
	const struct gp_user user = { USER_ID,
		"\\\" {[}] \xc3\x84\xe2\x82\xac\xf0\x9f\x98\x80 \t\n\\", "a@b.example", true,
		"https://example.com/a.png?x={\"y\"}", ada.created_us, ada.updated_us };

	set_up();
	for (size_t i = 0; i < GP_COUNT(records); i++) {
		struct gp_session session = records[i].session;
		const char *session_json, *user_json;

		session.ip_address = "2001:0db8:0001:0002:0000:0000:0000:0000";
		session.user_agent = "Mozilla/5.0 (X11; \"}\" {";
		session_json = session_text(&session);
		user_json = replaced(user_text(&user),
		    "\"email\":", "\"roles\":[\"a\",{\"b\":[]}],\"banned\":null,\"email\":");
		CU_ASSERT_EQUAL_FATAL(
		    open_value(&records[i], write_value(&records[i], session_json, user_json)),
		    GP_OK);
		expect_session(&session);
		expect_user(&user);
		expect_texts(session_json, user_json);
	}
	tear_down();
}

/* Compact gets a minute then, jwt five, and neither a life in the browser. */
static void
lives_otherwise_when_not_remembered(void)
{
	static const struct {
		bool remembered;
		int64_t max_age_s, life_s[2], cookie_s;
	} rows[] = {
		{ true, 300, { 300, 300 }, 300 },
		{ true, 20, { 20, 20 }, 20 },
		{ false, 300, { 60, 300 }, GP_COOKIE_SESSION },
		{ false, 20, { 60, 300 }, GP_COOKIE_SESSION },
	};

	set_up();
	for (size_t i = 0; i < GP_COUNT(records); i++) {
		for (size_t j = 0; j < GP_COUNT(rows); j++) {
			struct gp_session_cache_order order = order_of(
			    &records[i], session_text(&records[i].session), user_text(&ada));
			int64_t begins_ms = order.now_ms;
			const char *value = NULL;

			gp_test_row("record %zu, row %zu", i, j);
			order.remembered = rows[j].remembered;
			order.max_age_s = rows[j].max_age_s;
			if (order.strategy == GP_CACHE_JWT)
				begins_ms -= begins_ms % 1000; /* it counts in seconds */
			CU_ASSERT_EQUAL(gp_session_cache_max_age(&order), rows[j].cookie_s);
			CU_ASSERT_EQUAL_FATAL(
			    gp_session_cache_write(arena, ring, &order, &value), GP_OK);
			CU_ASSERT_EQUAL(open_value(&records[i], value), GP_OK);
			CU_ASSERT_EQUAL(found.expires_ms, begins_ms + rows[j].life_s[i] * 1000);
		}
	}
	tear_down();
}

const struct gp_test gp_tests_session_cache[] = {
	GP_TEST(opens_what_a_real_server_wrote),
	GP_TEST(writes_what_a_real_server_wrote),
	GP_TEST(refuses_it_after_its_life),
	GP_TEST(refuses_it_after_the_session_has_expired),
	GP_TEST(refuses_it_beside_another_token),
	GP_TEST(refuses_every_changed_bit),
	GP_TEST(refuses_it_cut_off_and_longer),
	GP_TEST(only_the_current_secret_counts),
	GP_TEST(without_a_secret_nothing_is_opened_or_written),
	GP_TEST(refuses_the_other_forms),
	GP_TEST(refuses_other_tokens_of_the_secret),
	GP_TEST(judges_what_is_rightly_signed),
	GP_TEST(judges_every_member),
	GP_TEST(keeps_texts_as_they_are),
	GP_TEST(lives_otherwise_when_not_remembered),
	{ NULL, NULL },
};
