#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The pages in Debian's Chromium, through both web servers: what people do with them, what goes wrong meanwhile, and
# what others try. A page that logs an error, breaks its Content-Security-Policy or talks to another origin fails.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/browser.sh [lighttpd|apache [GROUP...]]
#        GATEPOST_BUILD=DIRECTORY tests/live/browser.sh --screenshots DIRECTORY
#
# GROUPs: list story account trouble answers messages attack people docs

set -u
unset CDPATH NODE_ENV NODE_OPTIONS
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"
# shellcheck source=tests/support/node.sh
. "$top/tests/support/node.sh"
modules=$GATEPOST_BUILD/browser-tests
pictures=
case ${1:-} in
'') servers="lighttpd apache" ;;
--screenshots)
	[ -d "${2:-}" ] || give_up "--screenshots takes a directory"
	servers=lighttpd pictures=$(cd "$2" && pwd -P) ;;
lighttpd | apache)
	servers=$1
	shift ;;
*) give_up "the web server is lighttpd or apache, not $1" ;;
esac
[ -x /usr/bin/chromium ] || give_up "there is no Chromium; ./check installs it"

# What is to be mailed is kept: mail goes to the directory instead.
mkdir "$work/mail" && chmod 1777 "$work/mail" || exit 1
cat >"$work/sendmail" <<END
#!/bin/sh
message=$work/mail/\$(date +%s%N)
cat >"\$message" && mv "\$message" "\$message.mail"
END
chmod 755 "$work/sendmail"
# A test signs in more often than people do; the cases of the limits set them.
export AUTH_RATE_LIMIT=off DELETE_USER=on MAIL_FROM=no-reply@example.com SENDMAIL="$work/sendmail"

install_modules "$top/tests/browser" "$modules"
cp "$top/tests/interop/report.mjs" "$top/tests/notify/judge.mjs" "$modules" || exit 1
if [ -n "$pictures" ]; then
	start_instance --server $servers
	holds "pictures are taken" "$node" "$modules/screenshots.mjs" $servers "$instance" "$GATEPOST_TEST_URL" "$work/mail" "$pictures"
	# For a README they need no more colours.
	"$top/tools/install-packages" pngquant >/dev/null && pngquant --force --ext .png 48 "$pictures"/*.png
	servers=
fi
for server in $servers; do
	start_instance --server "$server"
	take_over_tests "$server: the groups" "$node" "$modules/run.mjs" "$server" "$instance" "$GATEPOST_TEST_URL" "$work/mail" \
		"GATEPOST_BUILD=$GATEPOST_BUILD tests/live/browser.sh $server" "$@"
	stop_instance
done
finish
