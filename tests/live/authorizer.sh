#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# gatepost-authorizer.fcgi in front of files, programs, a WebDAV folder and a proxied service, on lighttpd and on
# Apache: each kind of credential at each kind of rule, and what the applications learn of the caller.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/authorizer.sh [GROUP...]

set -u
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"
# shellcheck source=tests/live/guarded-site.sh
. "$top/tests/live/guarded-site.sh"
wanted=${*:-rules refusals browsers applications webdav checker}

export AUTH_RATE_LIMIT=off
start_instance
export GUARD_PEOPLE="$work/people"
ids=$(python3 -B "$top/tests/live/guarded_site.py" people '') || give_up "no people could be made"
# shellcheck disable=SC2086 # two
start_site $ids
for group in $wanted; do judged_by authorizer.py "$group"; done

# The snippet defines names for Apache, which a reload reads once more.
kill -USR1 "$(cat "$site/apache.pid")" "$(cat "$site/lighttpd.pid")"
sleep 1
for server in $GUARD_LIGHTTPD $GUARD_APACHE; do
	within 10 curl -q -s -f -o "$work/answer" --noproxy '*' --max-time 5 "http://$server/open/doc.txt"
	equals "$server guards what it did after a reload" 401 \
		"$(curl -q -s -o "$work/answer" --noproxy '*' --max-time 5 -w '%{http_code}' "http://$server/g/files/doc.txt")"
done
finish
