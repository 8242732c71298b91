/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** cmocka with the headers it needs before it; in one place, because sorting those includes breaks them. */
#ifndef JX_TESTS_UNIT_H
#define JX_TESTS_UNIT_H

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#endif
