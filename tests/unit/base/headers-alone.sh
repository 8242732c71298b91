#!/bin/sh
# Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0
# Every public header compiles on its own, and has no line comments (it may be read by a C90 reader). Arguments: compiler, include folder.
set -eu
failed=0
for header in "$2"/junxian/*.h; do
    "$1" -std=c17 -pedantic -Wall -Wextra -Werror -Wno-unused-function -fsyntax-only -x c -I "$2" "$header" || failed=1
    if grep -nE '(^|[^:"])//' "$header"; then
        echo "$header: line comment"
        failed=1
    fi
done
exit $failed
