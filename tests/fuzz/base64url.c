/* SPDX-License-Identifier: Apache-2.0 */
/* Text that is accepted is the only text of its bytes; bytes come back as they were. */
#include "base64url.h"

#include "fuzz.h"

/* The input as text. */
static void
decode(const uint8_t *data, size_t size)
{
	unsigned char *bytes = malloc(GP_BASE64URL_DECODED_SIZE(size));
	char *text = malloc(GP_BASE64URL_ENCODED_SIZE(GP_BASE64URL_DECODED_SIZE(size)));
	size_t length = 0;

	GP_FUZZ_REQUIRE(bytes != NULL && text != NULL);
	if (gp_base64url_decode((const char *)data, size, bytes, &length)) {
		GP_FUZZ_REQUIRE(length <= GP_BASE64URL_DECODED_SIZE(size));
		GP_FUZZ_REQUIRE(gp_base64url_encode(bytes, length, text) == size);
		GP_FUZZ_REQUIRE(memcmp(text, data, size) == 0);
	}
	free(bytes);
	free(text);
}

/* The input as bytes. */
static void
encode(const uint8_t *data, size_t size)
{
	char *text = malloc(GP_BASE64URL_ENCODED_SIZE(size) + 1);
	unsigned char *bytes;
	size_t length, text_length;

	GP_FUZZ_REQUIRE(text != NULL);
	text_length = gp_base64url_encode(data, size, text);
	GP_FUZZ_REQUIRE(text_length <= GP_BASE64URL_ENCODED_SIZE(size));
	bytes = malloc(GP_BASE64URL_DECODED_SIZE(text_length));
	GP_FUZZ_REQUIRE(bytes != NULL);
	GP_FUZZ_REQUIRE(gp_base64url_decode(text, text_length, bytes, &length));
	GP_FUZZ_REQUIRE(length == size && memcmp(bytes, data, size) == 0);
	free(bytes);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t nothing;

	if (size == 0)
		data = &nothing; /* memcmp() takes no NULL */
	decode(data, size);
	encode(data, size);
	return 0;
}
