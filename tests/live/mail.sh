#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Messages as they reach a program like sendmail, read again by Python's email package: whatever a user
# or an operator writes, there is one recipient, no header of their own, and the text comes back whole.
# Without python3 only what needs no reader is judged.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/mail.sh      where mail-send was built

set -u
export LC_ALL=C.UTF-8
top=$(cd "$(dirname "$0")/../.." && pwd -P)
# shellcheck source=tests/support/report.sh
. "$top/tests/support/report.sh"
GATEPOST_BUILD=${GATEPOST_BUILD:-$top/build}
# shellcheck disable=SC2034 # used by report.sh
again="GATEPOST_BUILD=$GATEPOST_BUILD $again"
program=$GATEPOST_BUILD/mail-send
[ -x "$program" ] || give_up "no mail-send in $GATEPOST_BUILD; run there: make check TESTS="
work=$(mktemp -d) || give_up "no directory for temporary files"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

cat >"$work/sendmail" <<'END'
#!/bin/sh
# Keeps the message, and takes only what it is told to: to read the recipient from it.
[ "$*" = "-t -i" ] || { echo "arguments: $*" >&2; exit 64; }
cat >"${0%/*}/message"
END
chmod 755 "$work/sendmail"
mkdir "$work/texts"
cp "$top/mail/verify-email.txt" "$work/texts"

good() { # every value as it should be; the next message differs in one
	texts=$top/mail kind=reset
	from='Tasks <no-reply@example.com>' to=ann@example.com called=Ann site=tasks.example.com
	url='https://tasks.example.com/api/auth/reset-password/Tb3kLq8ZpXw0RnYc5VhG2dJs?callbackURL=%2Fa'
}

send() { # sets status, said
	rm -f "$work/message"
	said=$("$program" "$texts" "$work/sendmail -t -i" "$from" "$kind" "$to" "$called" "$url" "$site" 2>&1)
	status=$?
	sent_to=$to sent_url=$url
	good
}

part() { python3 "$top/tests/live/mail_read.py" "$work/message" "$1"; }

is_sound() { # NAME: one recipient, our headers alone, nothing that a reader finds fault with
	equals "$1: is taken" "0 " "$status $said"
	equals "$1: has our headers alone" "From To Subject Date Message-ID MIME-Version Content-Type Content-Transfer-Encoding Auto-Submitted" "$(part headers)"
	equals "$1: goes to one person" "$sent_to" "$(part recipients)"
	equals "$1: is without defects" "" "$(part defects)"
}

refuses() { # NAME WHAT
	equals "$1: is refused" "3 $2" "$status $said"
	holds "$1: reaches no program" [ ! -e "$work/message" ]
}

# --- what needs no reader ---

good
send
equals "an ordinary message is taken" "0 " "$status $said"
to='ann@example.com
Bcc: ben@example.com'
send
refuses "a header in an address" address
to='ann@example.com,ben@example.com'
send
refuses "two addresses" address
site='tasks.example.com
Bcc: ben@example.com'
send
refuses "a header in the site" site
url='https://tasks.example.com/
hello'
send
refuses "a line in the URL" url
called=$(printf 'Ann\377')
send
refuses "a name that is no UTF-8" name
from='Tasks
Bcc: ben@example.com <no-reply@example.com>'
send
refuses "a header in the sender" "is not UTF-8, or holds a control character"
printf 'Subject: s\n\n{{url}} {{password}}\n' >"$work/texts/reset-password.txt"
texts=$work/texts
send
refuses "a text with an unknown placeholder" \
	"$work/texts/reset-password.txt: line 3: unknown placeholder {{password}}"

if ! command -v python3 >/dev/null; then
	echo "# python3 is not installed: messages are not read again"
	finish
	exit
fi

# --- messages, read again ---

before=$(date +%s)
send
is_sound "a reset"
contains "a reset: has its URL on a line" "
$(part text)" "
$sent_url
"
contains "a reset: greets" "$(part text)" "Hello Ann,"
equals "a reset: has its subject" "A new password for tasks.example.com" "$(part Subject)"
equals "a reset: has its sender" "Tasks <no-reply@example.com>" "$(part From)"
date=$(part Date)
holds "a reset: has the time" [ "$date" -ge "$before" ]
holds "a reset: has a time that has passed" [ "$date" -le "$(date +%s)" ]
id=$(part Message-ID)
send
holds "two messages have two ids" [ "$id" != "$(part Message-ID)" ]

kind=verify
send
is_sound "a verification"
contains "a verification: has its URL" "$(part text)" "$sent_url"

# shellcheck disable=SC2016 # nothing is to expand, here or there
for wanted in 'Ann "A" <ben@example.com>, ben@example.com' '=?UTF-8?B?QQ==?=' '{{url}}' 'Zoë 日本語 😀' \
	'--boundary' '$(id) `id` ; | & %s'; do
	called=$wanted
	send
	is_sound "the name $wanted"
	contains "the name $wanted: stands as it is" "$(part text)" "Hello $wanted,"
done
called='Ann

.
From x
Bcc: ben@example.com'
send
is_sound "a name of several lines"
contains "a name of several lines: is one line" "$(part text)" "Hello Ann  . From x Bcc: ben@example.com,"

for shown in 'Bücher & Söhne, GmbH' 'Äußerst lange Namen von Absendern, die über eine Zeile gehen 日本語日本語' \
	'Tasks, Inc. (support)' 'a@example.org'; do
	from="$shown <no-reply@example.com>"
	send
	is_sound "the sender $shown"
	contains "the sender $shown: has its name" "$(part From)" "$shown"
	contains "the sender $shown: has its address" "$(part From)" "<no-reply@example.com>"
done

for subject in 'Passwort zurücksetzen für Ihre Aufgaben bei der Gesellschaft für Aufgaben und Ähnliches' \
	'日本語の件名はとても長いので、何行かに分けられなければなりません。それでも元のままに戻ります。' '=?x?=' \
	'An ordinary subject that only is too long for the line on which a subject has to stand'; do
	printf 'Subject: %s\n\n{{url}}\n\n.\nFrom x\n%s\n' "$subject" "$subject" >"$work/texts/reset-password.txt"
	texts=$work/texts
	send
	is_sound "the subject $subject"
	equals "the subject $subject: comes back" "$subject" "$(part Subject)"
	equals "the subject $subject: the text comes back" "$sent_url

.
From x
$subject" "$(part text)"
done
finish
