/* SPDX-License-Identifier: Apache-2.0 */
/* What the compiler is told about functions; nothing else. */
#ifndef GP_ATTRIBUTES_H
#define GP_ATTRIBUTES_H

#define GP_MUST_USE __attribute__((warn_unused_result))
#define GP_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
