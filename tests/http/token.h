/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Access tokens, good and bad, made with OpenSSL alone: nothing here comes from the library that is
 * judged.
 */
#ifndef GP_TEST_TOKEN_H
#define GP_TEST_TOKEN_H

#include <stddef.h>

struct gp_token_order {
	const char *header;   /* JSON; NULL: {"alg":"HS256","typ":"JWT"} */
	const char *claims;   /* JSON, see gp_token_claims(); NULL: those of gp_token_for() */
	size_t claims_length; /* 0: the length of the text `claims` */
	const char *digest;   /* of the HMAC; NULL: SHA256 */
	const char *secret;   /* NULL: the instance's */
	size_t secret_length; /* 0: the length of the text `secret` */
};

/* A token of these parts, signed. */
const char *gp_token_make(const struct gp_token_order *order);

/*
 * A good token for half an hour, the longest that every API takes, with the claims that a Better
 * Auth front end puts into one.
 */
const char *gp_token_for(const char *user_id);

/*
 * Claims out of a pattern: `<+60>` and `<-60>` become the time in a minute and a minute ago, by one
 * reading of the clock; `$` becomes `user_id`. Nothing is escaped.
 */
const char *gp_token_claims(const char *pattern, const char *user_id);

/* A session token with Better Auth's signature behind it, as its cookie has it once decoded. */
const char *gp_token_signed_session(const char *session);

/* base64url without padding. */
const char *gp_token_encode(const void *bytes, size_t length);

#endif
