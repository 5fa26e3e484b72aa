#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# tests/sql/isolation.sh on the database of an instance that quickstart made.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/isolation.sh

set -u
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"
start_instance --workers 1
"$top/tests/sql/isolation.sh" "$instance/env"
