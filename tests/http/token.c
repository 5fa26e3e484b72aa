/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 7515 compact serialization, with HMAC from OpenSSL. */
#include "token.h"

#include <json-c/json.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "instance.h"
#include "kept.h"

const char *
gp_token_encode(const void *bytes, size_t length)
{
	char *text = gp_kept(length * 4 / 3 + 8);
	int written = EVP_EncodeBlock((unsigned char *)text, bytes, (int)length);

	while (written > 0 && text[written - 1] == '=')
		text[--written] = '\0';
	for (char *c = text; *c != '\0'; c++) {
		if (*c == '+')
			*c = '-';
		else if (*c == '/')
			*c = '_';
	}
	return text;
}

static const char *
sign(const struct gp_token_order *order, const char *text)
{
	const char *secret = order->secret != NULL ? order->secret : gp_instance.secret;
	size_t secret_length = order->secret_length > 0 ? order->secret_length : strlen(secret);
	const EVP_MD *digest =
	    EVP_get_digestbyname(order->digest != NULL ? order->digest : "SHA256");
	unsigned char signature[EVP_MAX_MD_SIZE];
	unsigned int length;

	if (HMAC(digest, secret, (int)secret_length, (const unsigned char *)text, strlen(text),
		signature, &length) == NULL)
		abort();
	return gp_token_encode(signature, length);
}

const char *
gp_token_make(const struct gp_token_order *order)
{
	const char *header =
	    order->header != NULL ? order->header : "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
	size_t claims_length =
	    order->claims_length > 0 ? order->claims_length : strlen(order->claims);
	const char *signed_text = gp_kept_text("%s.%s", gp_token_encode(header, strlen(header)),
	    gp_token_encode(order->claims, claims_length));

	return gp_kept_text("%s.%s", signed_text, sign(order, signed_text));
}

const char *
gp_token_for(const char *user_id)
{
	struct json_object *claims = json_object_new_object();
	int64_t now_s = (int64_t)time(NULL);
	const char *token;

	json_object_object_add(claims, "sub", json_object_new_string(user_id));
	json_object_object_add(claims, "email", json_object_new_string("test@example.com"));
	json_object_object_add(claims, "name", json_object_new_string("Test User"));
	json_object_object_add(claims, "iat", json_object_new_int64(now_s));
	json_object_object_add(claims, "exp", json_object_new_int64(now_s + 1800));
	token =
	    gp_token_make(&(struct gp_token_order){ .claims = json_object_to_json_string(claims) });
	json_object_put(claims);
	return token;
}

const char *
gp_token_signed_session(const char *session)
{
	const char *secret = gp_instance.secret;
	unsigned char signature[EVP_MAX_MD_SIZE], text[2 * EVP_MAX_MD_SIZE];
	unsigned int length;

	if (HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)session,
		strlen(session), signature, &length) == NULL)
		abort();
	EVP_EncodeBlock(text, signature, (int)length);
	return gp_kept_text("%s.%s", session, (const char *)text);
}

/* The time that "<-60>" stands for; `*pattern` is moved behind it. */
static const char *
expand_time(const char **pattern, time_t now)
{
	char *end;
	long long offset_s = strtoll(*pattern + 1, &end, 10);

	if (*end != '>')
		abort();
	*pattern = end + 1;
	return gp_kept_text("%lld", (long long)now + offset_s);
}

const char *
gp_token_claims(const char *pattern, const char *user_id)
{
	const char *claims = "";
	time_t now = time(NULL);

	while (*pattern != '\0') {
		size_t plain = strcspn(pattern, "<$");
		const char *expanded = "";

		claims = gp_kept_text("%s%.*s", claims, (int)plain, pattern);
		pattern += plain;
		if (*pattern == '<') {
			expanded = expand_time(&pattern, now);
		} else if (*pattern == '$') {
			expanded = user_id;
			pattern++;
		}
		claims = gp_kept_text("%s%s", claims, expanded);
	}
	return claims;
}
