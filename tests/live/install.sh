#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# make install and make uninstall of the build directory in GATEPOST_BUILD, as somebody without rights: into
# a prefix of their own and with DESTDIR. Everything is there, nothing is anywhere else, and nothing stays.
# The units are judged by systemd's own tools.

set -u
export LC_ALL=C.UTF-8
top=$(cd "$(dirname "$0")/../.." && pwd -P)
# shellcheck source=tests/support/report.sh
. "$top/tests/support/report.sh"
GATEPOST_BUILD=${GATEPOST_BUILD:-$top/build}
again="GATEPOST_BUILD=$GATEPOST_BUILD $again"
work=$(mktemp -d /tmp/gatepost-install.XXXXXXXX) || give_up "no directory for temporary files"
trap 'rm -rf "$work"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
chmod 755 "$work"
home=$work/home
mkdir "$home" "$work/destination" "$work/units"

# Root can write everywhere, and would not notice.
as_nobody() {
	if [ "$(id -u)" = 0 ]; then set -- setpriv --reuid nobody --regid nogroup --clear-groups -- "$@"; fi
	"$@"
}
if [ "$(id -u)" = 0 ]; then chown nobody "$home" "$work/destination"; fi

in_build() { # MAKE-ARGUMENT...
	(cd "$GATEPOST_BUILD" && as_nobody make "$@") 2>&1
}
at_home() { # MAKE-ARGUMENT...: as configure --prefix="$home" has it
	in_build prefix="$home" sysconfdir="$home/etc" localstatedir="$home/var" "$@"
}

not_installed() { # DIRECTORY FILE...: those of the source that are not in there
	place=$1
	shift
	for file; do
		cmp -s "$file" "$place/${file##*/}" || echo "${file##*/}"
	done
}

without_page() { # programs that have no manual page
	for program in "$home"/bin/* "$home"/libexec/gatepost/*; do
		[ -x "$program" ] || echo "$program is no program"
		ls "$home"/share/man/man[18]/"${program##*/}".[18] >/dev/null 2>&1 || echo "${program##*/}"
	done
}

judge_layout() {
	share=$home/share/gatepost
	equals "apache_snippets" "" "$(not_installed "$share/apache" "$top"/apache-conf/*)"
	equals "lighttpd_snippets" "" "$(not_installed "$share/lighttpd" "$top"/lighttpd-conf/*)"
	equals "migrations" "" "$(not_installed "$share/sql" "$top"/sql/*.sql)"
	equals "queries" "" "$(not_installed "$share/sql/query" "$top"/sql/query/*.sql)"
	equals "mail" "" "$(not_installed "$share/mail" "$top"/mail/*)"
	equals "pages" "" "$(cd "$top/web" && find . -name '*.html' -o -name '*.css' -o -name '*.js' -o -name '*.svg' | sort |
		while read -r file; do cmp -s "$file" "$share/web/$file" || echo "$file"; done)"
	if [ -e "$GATEPOST_BUILD/web/docs/swagger-ui-bundle.js" ]; then
		equals "viewer_that_was_fetched" "" "$(not_installed "$share/web/docs" "$GATEPOST_BUILD"/web/docs/swagger-ui*)"
	fi
	holds "there_are_pages" test -s "$share/web/index.html"
	equals "sample_settings" "" "$(not_installed "$share" "$top/gatepost.env.sample")"
	for section in 1 5 7 8; do
		equals "manual_section_$section" "" "$(not_installed "$home/share/man/man$section" "$top"/man/*.$section)"
	done
	equals "every_program_has_a_page" "" "$(without_page)"
	equals "units" "gatepost-auth.service gatepost-auth.socket gatepost-authorizer.service gatepost-authorizer.socket gatepost-notifyd.service gatepost-notifyd.socket gatepost.service gatepost.socket" \
		"$(ls "$home/lib/systemd/system" | tr '\n' ' ' | sed 's/ $//')"
	holds "directory_for_the_settings" test -d "$home/etc/gatepost"
	"$home/libexec/gatepost/gatepost.fcgi" --print-sample >"$work/sample"
	holds "installed_program_runs" cmp "$work/sample" "$share/gatepost.env.sample"
}

left_in() { # DIRECTORY: files, and directories that have our name
	find "$1" ! -type d -o -name '*gatepost*' | sort
}

judge_uninstall() {
	echo mine >"$home/etc/gatepost/gatepost.env"
	holds "install_again" at_home install
	equals "settings_are_the_administrators" mine "$(cat "$home/etc/gatepost/gatepost.env")"
	holds "uninstall" at_home uninstall
	equals "uninstall_leaves_the_settings" "$home/etc/gatepost
$home/etc/gatepost/gatepost.env" "$(left_in "$home")"
	rm "$home/etc/gatepost/gatepost.env"
	holds "install_a_third_time" at_home install
	holds "uninstall_again" at_home uninstall
	equals "uninstall_leaves_nothing" "" "$(left_in "$home")"
}

judge_destination() {
	holds "install_with_destdir" in_build DESTDIR="$work/destination" install
	holds "destdir_has_the_programs" test -n "$(find "$work/destination" -name gatepost.fcgi)"
	equals "destdir_is_nowhere_inside" "" "$(grep -r -l -F "$work/destination" "$work/destination")"
	holds "uninstall_with_destdir" in_build DESTDIR="$work/destination" uninstall
	equals "destdir_is_empty" "" "$(left_in "$work/destination")"
}

# --- the units ---

exposure() { # FILE...: systemd's figure of the first, with the drop-ins that follow; tenths, the less the better
	unit=$1
	shift
	mkdir -p "$work/units/${unit##*/}.d"
	if [ $# -gt 0 ]; then cp "$@" "$work/units/${unit##*/}.d/"; fi
	systemd-analyze security --offline=true "$work/units/${unit##*/}" 2>&1 |
		sed -n 's/.*exposure level.*: \([0-9]*\)\.\([0-9]\).*/\1\2/p'
	rm -r "$work/units/${unit##*/}.d"
}

judge_units() {
	if ! command -v systemd-analyze >/dev/null; then
		not_ok "systemd_is_here_to_judge_the_units" "apt-get install systemd"
		return
	fi
	# What the units start is judged apart from where it is.
	for unit in "$home"/lib/systemd/system/*; do
		sed "s|^ExecStart=.*|ExecStart=/bin/true|" "$unit" >"$work/units/${unit##*/}"
	done
	for unit in "$work"/units/*; do
		equals "systemd_understands_${unit##*/}" "" "$(systemd-analyze verify --man=no "$unit" 2>&1)"
	done
	for unit in gatepost gatepost-authorizer gatepost-notifyd; do
		holds "${unit}_is_fenced_in" [ "$(exposure $unit.service)" -le 20 ]
	done
	holds "sign_in_is_fenced_in_without_sendmail" \
		[ "$(exposure gatepost-auth.service "$home/share/gatepost/systemd/gatepost-auth-hardened.conf")" -le 20 ]
	sed -n 's/^ListenStream=//p' "$home"/lib/systemd/system/*.socket >"$work/sockets"
	grep -h -o -r '/run/gatepost/gatepost[a-z-]*[.]sock' "$top/apache-conf" "$top/lighttpd-conf" | sort -u >"$work/wanted"
	holds "snippets_name_sockets" [ "$(wc -l <"$work/wanted")" -ge 2 ]
	equals "every_socket_of_a_snippet_has_a_unit" "" "$(grep -v -x -F -f "$work/sockets" "$work/wanted")"
}

# Every snippet, page and statement in a distribution is there by a line in Makefile.am, which is easily forgotten.
said=$(make -C "$GATEPOST_BUILD" 2>&1) || give_up "make fails: $said"
said=$(at_home install) || give_up "make install fails: $said"
ok "install_into_a_prefix"
judge_layout
judge_units
judge_uninstall
judge_destination
finish
