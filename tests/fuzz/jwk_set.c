/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each entry of a set becomes a key or counts as refused, and every key can be asked. The first
 * byte is the algorithm of keys that name none.
 */
#include "jwk.h"

#include "fuzz.h"
#include "plain_json.h"

/* How many keys the text holds, by json-c alone. */
static size_t
count_entries(const char *text)
{
	bool accepted;
	struct json_object *object = gp_fuzz_json(text, &accepted);
	struct json_object *keys;
	size_t count = 1;

	GP_FUZZ_REQUIRE(accepted);
	if (json_object_object_get_ex(object, "keys", &keys) &&
	    json_object_is_type(keys, json_type_array))
		count = json_object_array_length(keys);
	json_object_put(object);
	return count;
}

static void
ask(struct gp_key *key)
{
	static const size_t lengths[] = { 0, GP_HS256_SIZE, 64, 132, GP_RSA_BITS_MIN / 8 };
	static const unsigned char signature[GP_RSA_BITS_MAX / 8] = { 1 };

	GP_FUZZ_REQUIRE(gp_key_algorithm(key) < GP_ALGORITHM_COUNT);
	GP_FUZZ_REQUIRE(gp_key_death(key) == INT64_MAX);
	for (size_t i = 0; i < GP_COUNT(lengths); i++) {
		enum gp_outcome outcome = gp_key_verify(key, "text", 4, signature, lengths[i]);

		/* A point of small order may verify anything; whoever publishes it wanted that. */
		GP_FUZZ_REQUIRE(outcome == GP_DENY_SIGNATURE ||
				(outcome == GP_OK && gp_key_algorithm(key) == GP_EDDSA));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct gp_json_reader *reader;
	enum gp_algorithm assumed = size > 0 ? data[0] % (GP_ALGORITHM_COUNT + 1) : 0;
	char *text = size > 0 ? gp_fuzz_copy(data + 1, size - 1) : gp_fuzz_copy(data, 0);
	struct gp_jwk_set set;

	if (reader == NULL)
		reader = gp_json_reader_new();
	GP_FUZZ_REQUIRE(reader != NULL);
	if (gp_jwk_set_read(reader, text, size > 0 ? size - 1 : 0,
		assumed < GP_ALGORITHM_COUNT ? &assumed : NULL, NULL, &set)) {
		GP_FUZZ_REQUIRE(set.count <= GP_JWK_SET_MAX);
		GP_FUZZ_REQUIRE(set.count + set.refused == count_entries(text));
		for (size_t i = 0; i < set.count; i++)
			ask(set.keys[i]);
		if (assumed < GP_ALGORITHM_COUNT)
			gp_jwk_set_keep(&set, assumed);
	} else {
		GP_FUZZ_REQUIRE(set.count == 0);
	}
	gp_jwk_set_clear(&set);
	GP_FUZZ_REQUIRE(set.count == 0);
	free(text);
	return 0;
}
