/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* The message table: all rooms' .def files in one array, ordered by number (a unit test holds the order). */
#include "junxian/message.h"

#include <stddef.h>

static const jx_msg_info table[] = {
#define JX_MSG(number, name, status, text, remedy, explanation) \
    {(jx_msg_id)(number), #name, status, text, remedy, explanation},
#include "messages/all.def"
#undef JX_MSG
};

enum { N_MESSAGES = sizeof table / sizeof table[0] };

const jx_msg_info *jx_msg_find(int number) {
    size_t lo = 0, hi = N_MESSAGES;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if ((int)table[mid].id < number) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo < N_MESSAGES && (int)table[lo].id == number ? &table[lo] : NULL;
}

const jx_msg_info *jx_msg_all(uint32_t *n) {
    *n = N_MESSAGES;
    return table;
}
