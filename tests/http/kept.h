/* SPDX-License-Identifier: Apache-2.0 */
/* Memory and texts that live until the program ends, so that tests need not release anything. */
#ifndef GP_TEST_KEPT_H
#define GP_TEST_KEPT_H

#include <stddef.h>

/* `size` cleared bytes. Ends the program without memory. */
void *gp_kept(size_t size);

/* A copy of `length` bytes with a NUL behind them. */
char *gp_kept_bytes(const char *bytes, size_t length);

/* A text made as printf does. */
char *gp_kept_text(const char *format, ...) __attribute__((format(printf, 1, 2), nonnull(1)));

/* `count` copies of `unit`, one behind the other. */
char *gp_kept_repeated(const char *unit, size_t count);

/* `pattern` with `text` in the place of each `$`. */
char *gp_kept_filled(const char *pattern, const char *text);

/* Call `release` on `object` when the program ends. */
void gp_kept_object(void *object, void (*release)(void *));

#endif
