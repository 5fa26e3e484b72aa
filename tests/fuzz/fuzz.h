/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every fuzz target shares: the entry point, which libFuzzer and replay.c call alike, and how
 * a property that does not hold is reported.
 */
#ifndef GP_FUZZ_H
#define GP_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Judge one input; always returns 0. The name is libFuzzer's. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Stop where `condition` does not hold; kept whatever NDEBUG says. */
#define GP_FUZZ_REQUIRE(condition) \
	do { \
		if (!(condition)) { \
			fprintf( \
			    stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
			abort(); \
		} \
	} while (0)

/* A copy with a NUL that is not counted, of exactly that size so that reads past it are seen. */
static inline char *
gp_fuzz_copy(const uint8_t *data, size_t size)
{
	char *copy = malloc(size + 1);

	GP_FUZZ_REQUIRE(copy != NULL);
	if (size > 0)
		memcpy(copy, data, size);
	copy[size] = '\0';
	return copy;
}

#endif
