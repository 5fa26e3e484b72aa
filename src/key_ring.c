/* SPDX-License-Identifier: Apache-2.0 */
/* Chooses the keys that may answer. What a signature is, key.c knows. */
#include "key_ring.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "token_memory.h"

struct gp_key_ring {
	struct gp_key *secrets[GP_SECRETS_MAX];
	size_t secret_count;
	struct gp_jwk_set public_keys[GP_KEY_PLACE_COUNT];
	struct gp_token_memory *memory; /* NULL: none */
	gp_key_refresher *refresh;      /* NULL: the keys stay as they are */
	void *refresh_context;
};

/* What is to be judged, on its way through the keys. */
struct question {
	enum gp_algorithm algorithm;
	const char *key_id;
	const char *text;
	size_t length;
	const unsigned char *signature;
	size_t signature_length;
	int64_t now_s;
};

struct gp_key_ring *
gp_key_ring_new(const struct gp_secret_list *secrets, size_t tokens)
{
	struct gp_key_ring *ring = calloc(1, sizeof(*ring));

	if (ring == NULL)
		return NULL;
	ring->memory = gp_token_memory_new(tokens);
	if (ring->memory == NULL && tokens > 0)
		goto fail;
	for (size_t i = 0; secrets != NULL && i < secrets->count; i++) {
		const struct gp_secret *secret = &secrets->secrets[i];

		ring->secrets[i] =
		    gp_key_new_secret((const unsigned char *)secret->bytes, secret->length, NULL);
		if (ring->secrets[i] == NULL)
			goto fail;
		ring->secret_count++;
	}
	return ring;
fail:
	gp_key_ring_free(ring);
	return NULL;
}

void
gp_key_ring_free(struct gp_key_ring *ring)
{
	if (ring == NULL)
		return;
	for (size_t i = 0; i < ring->secret_count; i++)
		gp_key_free(ring->secrets[i]);
	for (size_t i = 0; i < GP_KEY_PLACE_COUNT; i++)
		gp_jwk_set_clear(&ring->public_keys[i]);
	gp_token_memory_free(ring->memory);
	free(ring);
}

void
gp_key_ring_set_refresher(struct gp_key_ring *ring, gp_key_refresher *refresh, void *context)
{
	ring->refresh = refresh;
	ring->refresh_context = context;
}

void
gp_key_ring_take(struct gp_key_ring *ring, enum gp_key_place place, struct gp_jwk_set *set)
{
	gp_jwk_set_clear(&ring->public_keys[place]);
	ring->public_keys[place] = *set;
	*set = (struct gp_jwk_set){ .count = 0 };
	gp_token_memory_clear(ring->memory);
}

static enum gp_outcome
ask(struct gp_key *key, const struct question *question)
{
	return gp_key_verify(
	    key, question->text, question->length, question->signature, question->signature_length);
}

static enum gp_outcome
ask_secrets(struct gp_key_ring *ring, const struct question *question)
{
	enum gp_outcome outcome = GP_DENY_ALGORITHM;

	for (size_t i = 0; i < ring->secret_count && outcome != GP_OK; i++)
		outcome = ask(ring->secrets[i], question);
	return outcome;
}

/* A key without an id may be any; a token without one asks all. */
static bool
has_id(const struct gp_key *key, const char *key_id)
{
	return key_id == NULL || gp_key_id(key) == NULL || strcmp(gp_key_id(key), key_id) == 0;
}

/* `outcome` is that of the keys asked before; a key that matches decides, others leave it. */
static enum gp_outcome
ask_set(const struct gp_jwk_set *set, const struct question *question, int64_t *dies_s,
    enum gp_outcome outcome)
{
	for (size_t i = 0; i < set->count && outcome != GP_OK; i++) {
		struct gp_key *key = set->keys[i];

		if (gp_key_algorithm(key) != question->algorithm ||
		    gp_key_death(key) <= question->now_s)
			continue;
		*dies_s = gp_key_death(key);
		if (has_id(key, question->key_id))
			outcome = ask(key, question);
		else if (outcome == GP_DENY_ALGORITHM)
			outcome = GP_DENY_KEY;
	}
	return outcome;
}

static enum gp_outcome
ask_public_keys(struct gp_key_ring *ring, const struct question *question, int64_t *dies_s)
{
	enum gp_outcome outcome = GP_DENY_ALGORITHM;

	for (size_t i = 0; i < GP_KEY_PLACE_COUNT; i++)
		outcome = ask_set(&ring->public_keys[i], question, dies_s, outcome);
	return outcome;
}

static struct gp_refreshed
refresh(struct gp_key_ring *ring, const struct question *question, bool key_unknown)
{
	if (ring->refresh == NULL)
		return (struct gp_refreshed){ .taken = false };
	return ring->refresh(ring->refresh_context, ring, question->now_s, key_unknown);
}

/* No key was found that could answer. */
static bool
is_unknown(enum gp_outcome outcome)
{
	return outcome == GP_DENY_KEY || outcome == GP_DENY_ALGORITHM;
}

static enum gp_outcome
verify_public(struct gp_key_ring *ring, const struct question *question)
{
	unsigned char digest[GP_TOKEN_DIGEST_SIZE];
	struct gp_refreshed refreshed;
	enum gp_outcome outcome;
	int64_t dies_s = 0;
	bool remembers;

	(void)refresh(ring, question, false);
	remembers = gp_token_memory_digest(ring->memory, question->text, question->length,
	    question->signature, question->signature_length, digest);
	if (remembers && gp_token_memory_knows(ring->memory, digest, question->now_s))
		return GP_OK;
	outcome = ask_public_keys(ring, question, &dies_s);
	if (is_unknown(outcome)) {
		/* What was taken first may be what another worker had fetched; the second look is
		 * final. */
		refreshed.taken = true;
		for (int look = 0; look < 2 && refreshed.taken && is_unknown(outcome); look++) {
			refreshed = refresh(ring, question, true);
			if (refreshed.taken)
				outcome = ask_public_keys(ring, question, &dies_s);
		}
		if (refreshed.unreachable &&
		    (outcome == GP_DENY_KEY || outcome == GP_DENY_ALGORITHM))
			outcome = GP_ERR_KEYS_UNREACHABLE;
	}
	if (outcome == GP_OK && remembers)
		gp_token_memory_add(ring->memory, digest, dies_s);
	return outcome;
}

enum gp_outcome
gp_key_ring_verify(struct gp_key_ring *ring, const char *algorithm, const char *key_id,
    const char *text, size_t length, const unsigned char *signature, size_t signature_length,
    int64_t now_s)
{
	struct question question = {
		.key_id = key_id,
		.text = text,
		.length = length,
		.signature = signature,
		.signature_length = signature_length,
		.now_s = now_s,
	};
	enum gp_outcome outcome, from_public;

	if (!gp_algorithm_of(algorithm, &question.algorithm))
		return GP_DENY_ALGORITHM;
	if (question.algorithm == GP_HS256) {
		outcome = ask_secrets(ring, &question);
		/* A symmetric key may also stand in a key file, by its id. */
		if (outcome == GP_OK)
			return outcome;
		(void)refresh(ring, &question, false);
		from_public = ask_public_keys(ring, &question, &(int64_t){ 0 });
		return from_public == GP_OK || ring->secret_count == 0 ? from_public : outcome;
	}
	return verify_public(ring, &question);
}

enum gp_outcome
gp_key_ring_sign(
    struct gp_key_ring *ring, const char *text, size_t length, unsigned char *signature)
{
	return ring->secret_count > 0 ? gp_key_sign(ring->secrets[0], text, length, signature)
				      : GP_ERR_CRYPTO;
}

size_t
gp_key_ring_count(
    const struct gp_key_ring *ring, enum gp_key_place place, enum gp_algorithm algorithm)
{
	const struct gp_jwk_set *set = &ring->public_keys[place];
	size_t count = 0;

	for (size_t i = 0; i < set->count; i++)
		count += gp_key_algorithm(set->keys[i]) == algorithm;
	return count;
}

void
gp_key_ring_describe(const struct gp_key_ring *ring, char *text, size_t size)
{
	size_t length = 0;

	text[0] = '\0';
	for (size_t place = 0; place < GP_KEY_PLACE_COUNT; place++) {
		for (size_t i = 0; i < ring->public_keys[place].count && length < size; i++) {
			const char *id = gp_key_id(ring->public_keys[place].keys[i]);

			length += (size_t)snprintf(text + length, size - length, "%s%s",
			    length > 0 ? " " : "", id != NULL ? id : "(none)");
		}
	}
}
