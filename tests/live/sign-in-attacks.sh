#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What somebody would try who wants into another's account: races, forged cookies and tokens, pages of
# other sites, guessing, timing, and text that means something elsewhere. The attempts themselves are in
# sign_in_attacks.py; here are the settings under which each group of them is made.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/sign-in-attacks.sh [GROUP...]

set -u
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"
command -v python3 >/dev/null || give_up "python3 is not installed"
wanted=${*:-races timing csrf forgery fixation sql sizes links breaks secure_cookies shared_secret_tokens limits proxies}

settings() { # NAME=VALUE...: in force instead of what the file says; an empty value takes the line out
	cp "$work/env.first" "$work/env.new"
	for change; do
		sed -i "/^${change%%=*}=/d" "$work/env.new"
		if [ -n "${change#*=}" ]; then echo "$change" >>"$work/env.new"; fi
	done
	if cmp -s "$work/env.new" "$instance/env"; then return; fi
	cat "$work/env.new" >"$instance/env"
	for process in $(worker_pids) $(worker_pids auth-workers); do kill -HUP "$process"; done
	sleep 1 # an idle worker looks for signals twice a second
}

attack() { # GROUP [NAME=VALUE...]
	group=$1
	shift
	case " $wanted " in
	*" $group "*) ;;
	*) return ;;
	esac
	settings "$@"
	python3 -B "$top/tests/live/sign_in_attacks.py" "$group" "run it again: $again" >"$work/judged" 2>"$work/judged.err"
	status=$?
	cat "$work/judged"
	passed=$((passed + $(grep -c '^ok - ' "$work/judged")))
	failed=$((failed + $(grep -c '^not ok - ' "$work/judged")))
	if [ $status -ne 0 ]; then not_ok "$group: all attempts could be made" "$(tail -n 15 "$work/judged.err")"; fi
}

cat >"$work/sendmail" <<END
#!/bin/sh
# Keeps each letter; it has its name when it is whole.
letter=\$(mktemp $work/letters/new.XXXXXXXX) && cat >"\$letter" && chmod 644 "\$letter" && mv "\$letter" "\$letter.letter"
END
chmod 755 "$work/sendmail"
mkdir -m 1777 "$work/letters" || give_up "no place for letters"
cp -r "$top/mail" "$work/texts" || give_up "no texts of letters"
export GATEPOST_TEST_LETTERS="$work/letters"
export AUTH_RATE_LIMIT=off DELETE_USER=on MAIL_FROM='Tasks <no-reply@example.com>' SENDMAIL="$work/sendmail -t -i" \
	MAIL_DIRECTORY="$work/texts"
start_instance --workers 4
export GATEPOST_ENV="$instance/env" GATEPOST_TEST_TOKEN_PROGRAM="$instance/program/bin/gatepost-token"
cp "$instance/env" "$work/env.first"

attack races
attack timing
attack csrf
attack forgery
attack fixation
attack sql
attack sizes
attack links
attack breaks
attack secure_cookies BETTER_AUTH_URL=https://tasks.example.com
attack shared_secret_tokens TOKEN_ALG=HS256
attack limits AUTH_RATE_LIMIT=on
attack proxies AUTH_RATE_LIMIT=on TRUSTED_PROXIES=127.0.0.1/32
finish
