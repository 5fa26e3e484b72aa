/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table of digests with two places for each: the digest is random to whoever has no key, so it
 * serves as its own hash.
 */
#include "token_memory.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

enum { PLACES = 2 };

struct entry {
	unsigned char digest[GP_TOKEN_DIGEST_SIZE];
	int64_t dies_s; /* 0: nothing here */
};

struct gp_token_memory {
	EVP_MD *sha256;
	EVP_MD_CTX *context;
	size_t sets; /* a power of two */
	struct entry entries[];
};

struct gp_token_memory *
gp_token_memory_new(size_t tokens)
{
	struct gp_token_memory *memory;
	size_t sets = 1;

	if (tokens == 0)
		return NULL;
	while (sets * PLACES < tokens)
		sets *= 2;
	memory = calloc(1, sizeof(*memory) + sets * PLACES * sizeof(memory->entries[0]));
	if (memory == NULL)
		return NULL;
	memory->sets = sets;
	memory->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	memory->context = EVP_MD_CTX_new();
	if (memory->sha256 == NULL || memory->context == NULL) {
		gp_token_memory_free(memory);
		return NULL;
	}
	return memory;
}

void
gp_token_memory_free(struct gp_token_memory *memory)
{
	if (memory == NULL)
		return;
	EVP_MD_CTX_free(memory->context);
	EVP_MD_free(memory->sha256);
	free(memory);
}

void
gp_token_memory_clear(struct gp_token_memory *memory)
{
	if (memory != NULL)
		memset(memory->entries, 0, memory->sets * PLACES * sizeof(memory->entries[0]));
}

bool
gp_token_memory_digest(struct gp_token_memory *memory, const char *text, size_t length,
    const unsigned char *signature, size_t signature_length,
    unsigned char digest[GP_TOKEN_DIGEST_SIZE])
{
	/* The length first, so that no two pairs of signature and text run together the same. */
	return memory != NULL && EVP_DigestInit_ex2(memory->context, memory->sha256, NULL) == 1 &&
	       EVP_DigestUpdate(memory->context, &signature_length, sizeof(signature_length)) ==
		   1 &&
	       EVP_DigestUpdate(memory->context, signature, signature_length) == 1 &&
	       EVP_DigestUpdate(memory->context, text, length) == 1 &&
	       EVP_DigestFinal_ex(memory->context, digest, NULL) == 1;
}

static size_t
first_place(const struct gp_token_memory *memory, const unsigned char *digest)
{
	size_t index;

	memcpy(&index, digest, sizeof(index));
	return (index & (memory->sets - 1)) * PLACES;
}

bool
gp_token_memory_knows(const struct gp_token_memory *memory,
    const unsigned char digest[GP_TOKEN_DIGEST_SIZE], int64_t now_s)
{
	size_t first;

	if (memory == NULL)
		return false;
	first = first_place(memory, digest);

	for (size_t i = first; i < first + PLACES; i++) {
		if (memory->entries[i].dies_s > now_s &&
		    memcmp(memory->entries[i].digest, digest, GP_TOKEN_DIGEST_SIZE) == 0)
			return true;
	}
	return false;
}

void
gp_token_memory_add(struct gp_token_memory *memory,
    const unsigned char digest[GP_TOKEN_DIGEST_SIZE], int64_t dies_s)
{
	struct entry *first;

	if (memory == NULL)
		return;
	first = &memory->entries[first_place(memory, digest)];

	/* The newer of the two moves back; the older one is forgotten. */
	memmove(first + 1, first, (PLACES - 1) * sizeof(*first));
	memcpy(first->digest, digest, GP_TOKEN_DIGEST_SIZE);
	first->dies_s = dies_s;
}
