#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# tests/sql/changes.sh with the programs of a build directory.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/changes.sh

top=$(cd "$(dirname "$0")/../.." && pwd -P)
GATEPOST_BIN=${GATEPOST_BUILD:-$top/build} exec "$top/tests/sql/changes.sh"
