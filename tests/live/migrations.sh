#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# tests/sql/migrate.sh with the programs of a build directory.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/migrations.sh

top=$(cd "$(dirname "$0")/../.." && pwd -P)
GATEPOST_BIN=${GATEPOST_BUILD:-$top/build} exec "$top/tests/sql/migrate.sh"
