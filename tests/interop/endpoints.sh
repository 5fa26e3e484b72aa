#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# usage: tests/interop/endpoints.sh [--with "Better Auth"] [CASE|EXCHANGE...]
#        tests/interop/endpoints.sh --url URL --database URL --secret SECRET [OPTION...] [CASE|EXCHANGE...]
#
# Better Auth's endpoints of gatepost, against recorded exchanges and together with the real Better Auth,
# server and client. --with "Better Auth" proves the cases: a second real server takes gatepost's place.
# With the name of an exchange those before it are replayed too, but shown and judged is that one.
# By name only there are comparisons that are open: gatepost's answers are not all judged there yet.
#
# With --url nothing of gatepost is started; the one that answers at URL is tested, whose database, reached
# as its owner, and whose secret are given. There is to be nothing in it that is worth keeping: accounts and
# all keys are deleted. Cases for other settings than it has are passed over.
#   --url VARIANT=URL        one with other settings, for the variants that recording.mjs lists
#   --origin [VARIANT=]URL   its BETTER_AUTH_URL, where it is not the recorded one
#   --letters DIRECTORY      where its SENDMAIL puts each letter into a file, NAME.eml
#
# GATEPOST_BUILD names the build directory to test (build); the packages of npm go below it, into interop/.
# Runs as root, with sudo, or as a user who has all Debian packages.

here=$(cd "$(dirname "$0")" && pwd -P)
# shellcheck source=tests/interop/cases.sh
. "$here/cases.sh"
run_cases run-endpoints.mjs "$@"
