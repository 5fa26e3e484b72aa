#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# usage: tests/interop/interop.sh [CASE...]
#
# The real Better Auth, server and client, against gatepost: whatever it hands out must be accepted, and
# what it takes back refused. GATEPOST_BUILD names the build directory to test (build); the packages of
# npm go below it, into interop/. Runs as root, with sudo, or as a user who has all Debian packages.

here=$(cd "$(dirname "$0")" && pwd -P)
# shellcheck source=tests/interop/cases.sh
. "$here/cases.sh"
run_cases run.mjs "$@"
