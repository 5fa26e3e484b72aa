#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The Debian package, from the build directory in GATEPOST_BUILD: it builds, lintian has nothing to say, and
# what make install has is in it. `debian-package.sh install` puts it into a clean Debian of its own, made
# with mmdebstrap from the mirrors that apt has here and booted with its own systemd and network in
# systemd-nspawn, and runs debian_package_guest.sh in there. That needs root, and a machine that is no container.

set -u
export LC_ALL=C.UTF-8
top=$(cd "$(dirname "$0")/../.." && pwd -P)
# shellcheck source=tests/support/report.sh
. "$top/tests/support/report.sh"
GATEPOST_BUILD=${GATEPOST_BUILD:-$top/build}
again="GATEPOST_BUILD=$GATEPOST_BUILD $again"
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
guest=

clean_up() {
	trap '' HUP INT TERM
	if [ -n "$guest" ]; then
		kill "$guest" 2>/dev/null
		wait "$guest"
	fi
	rm -rf --one-file-system "$work"
}

work=$(mktemp -d /tmp/gatepost-debian.XXXXXXXX) || give_up "no directory for temporary files"
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
chmod 755 "$work"

# --- the package ---

build_package() { # with its tests, as everybody's is; they are run where the sources are, unlike elsewhere
	options=parallel=2
	if [ "${1-}" = install ]; then options="nocheck $options"; fi
	(cd "$GATEPOST_BUILD" && DEB_BUILD_OPTIONS=$options make deb) >"$work/build.log" 2>&1 ||
		give_up "make deb fails: $(tail -n 20 "$work/build.log")"
	package=$(echo "$GATEPOST_BUILD"/debian-package/gatepost_*.deb)
	[ -e "$package" ] || give_up "make deb has made no package"
	ok "make_deb_builds_a_package"
}

# One line for everything that lintian does not like; hints and what is overridden with a reason are not.
lintian_complaints() {
	lintian --allow-root --tag-display-limit 0 "$GATEPOST_BUILD"/debian-package/*.changes 2>&1 | grep -v '^N:'
}

judge_contents() {
	mkdir "$work/tree" "$work/control"
	dpkg-deb -x "$package" "$work/tree" && dpkg-deb -e "$package" "$work/control" || give_up "the package cannot be unpacked"
	for place in usr/bin usr/libexec/gatepost; do
		holds "programs_are_in_$place" test -n "$(ls "$work/tree/$place")"
	done
	for file in "$top"/apache-conf/* "$top"/lighttpd-conf/* "$top"/sql/*.sql "$top"/sql/query/*.sql "$top"/mail/*; do
		case $file in
		*/apache-conf/*) place=apache ;;
		*/lighttpd-conf/*) place=lighttpd ;;
		*/query/*) place=sql/query ;;
		*/sql/*) place=sql ;;
		*/mail/*) place=mail ;;
		esac
		cmp -s "$file" "$work/tree/usr/share/gatepost/$place/${file##*/}" || missing="${missing-}$place/${file##*/} "
	done
	equals "package_has_every_snippet_query_and_text" "" "${missing-}"
	equals "package_has_every_page" "" "$(cd "$top/web" && find . -name '*.html' -o -name '*.css' -o -name '*.js' -o -name '*.svg' | sort |
		while read -r file; do cmp -s "$file" "$work/tree/usr/share/gatepost/web/$file" || echo "$file"; done)"
	for page in "$top"/man/*.[1578]; do
		[ -e "$work/tree/usr/share/man/man${page##*.}/${page##*/}.gz" ] || unread="${unread-}${page##*/} "
	done
	equals "package_has_every_manual_page" "" "${unread-}"
	equals "only_snippets_and_logrotate_are_conffiles" \
		"/etc/apache2/conf-available/gatepost-fcgid.conf /etc/apache2/conf-available/gatepost-notify.conf /etc/apache2/conf-available/gatepost-pages.conf /etc/apache2/conf-available/gatepost.conf /etc/lighttpd/conf-available/50-gatepost.conf /etc/lighttpd/conf-available/51-gatepost-notify.conf /etc/lighttpd/conf-available/52-gatepost-pages.conf /etc/logrotate.d/gatepost" \
		"$(sort "$work/control/conffiles" | tr '\n' ' ' | sed 's/ $//')"
	equals "every_unit_finds_its_program" "" "$(missing_programs)"
	holds "unknown_settings_are_not_in_the_first_settings_file" known_settings
	equals "nothing_names_the_build_directory" "" "$(grep -r -l -F "$GATEPOST_BUILD" "$work/tree" "$work/control")"
}

missing_programs() { # that units start and the package has not
	sed -n 's/^ExecStart=\(.* -- \)\{0,1\}//p' "$work"/tree/lib/systemd/system/*.service | while read -r program; do
		[ -x "$work/tree$program" ] || echo "$program"
	done
}

known_settings() {
	sed -n 's/^\([A-Z_]*\)=.*/\1/p' "$work/tree/usr/share/gatepost/debian/gatepost.env" >"$work/names"
	[ -s "$work/names" ] || return 1
	while read -r name; do
		grep -q "^#$name=" "$work/tree/usr/share/gatepost/gatepost.env.sample" || return 1
	done <"$work/names"
}

# --- a clean Debian ---

in_name_space() { # COMMAND...: what it mounts is seen by nobody else and ends with it; so does it with us
	unshare --mount --propagation private -- "$@" &
	guest=$!
	wait "$guest"
	status=$?
	guest=
	return $status
}

make_root() { # what the package wants is downloaded, not installed; what is around it is installed
	apt-get indextargets --format 'deb $(REPO_URI) $(CODENAME) $(COMPONENT)' \
		'Created-By: Packages' 'Origin: Debian' | sort -u >"$work/sources.list"
	apt-config dump | grep -E '^Acquire::(Check-|http|https)' >"$work/apt.conf"
	in_name_space mmdebstrap --mode=root --variant=minbase --skip=cleanup/apt --aptopt="$work/apt.conf" \
		--include=systemd-sysv,apache2,libapache2-mod-fcgid,lighttpd,postgresql,curl \
		--customize-hook="copy-in $work/package /root" \
		--customize-hook='chroot "$1" apt-get -q -y --no-install-recommends --download-only install /root/package/gatepost.deb' \
		"$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)" "$work/root" "$work/sources.list" >"$work/mmdebstrap.log" 2>&1 ||
		give_up "mmdebstrap fails: $(tail -n 20 "$work/mmdebstrap.log")"
}

furnish_root() { # the test, which runs once the guest is up and then switches it off
	cp "$GATEPOST_BUILD/http-load" "$top/tests/support/report.sh" "$top/tests/live/debian_package_guest.sh" "$work/root/root/"
	# Both web servers want port 80, and the test starts them.
	for service in apache2 lighttpd; do
		rm -f "$work/root/etc/systemd/system/multi-user.target.wants/$service.service"
	done
	cat >"$work/root/etc/systemd/system/test.service" <<-END
		[Unit]
		After=multi-user.target
		[Service]
		Type=oneshot
		StandardOutput=file:/root/output
		StandardError=file:/root/errors
		ExecStart=/bin/sh /root/debian_package_guest.sh
		ExecStopPost=/bin/systemctl --no-block poweroff
		[Install]
		WantedBy=multi-user.target
	END
	ln -s /etc/systemd/system/test.service "$work/root/etc/systemd/system/multi-user.target.wants/test.service"
}

boot_root() { # nspawn wants /run to be its own
	in_name_space sh -c '
		mount -t tmpfs -o mode=0755 none /run && mkdir /run/systemd &&
		exec timeout 400 systemd-nspawn --quiet --boot --register=no --keep-unit --private-network \
			--machine=gatepost-test --directory="$1"' sh "$work/root" </dev/null >"$work/boot.log" 2>&1
}

judge_guest() {
	[ -s "$work/root/root/output" ] || give_up "the guest did not get as far as its test: $(tail -n 20 "$work/boot.log")"
	grep -v '^[0-9]* passed' "$work/root/root/output"
	passed=$((passed + $(grep -c '^ok - ' "$work/root/root/output")))
	failed=$((failed + $(grep -c '^not ok - ' "$work/root/root/output")))
	if ! tail -n 1 "$work/root/root/output" | grep -q '^[0-9]* passed'; then
		not_ok "the_guest_finishes_its_test" "$(tail -n 20 "$work/root/root/errors")"
	fi
}

build_package "$@"
if [ "${1-}" = install ]; then
	if [ "$(id -u)" != 0 ]; then give_up "only root can make and boot a Debian"; fi
	mkdir "$work/package"
	cp "$package" "$work/package/gatepost.deb"
	make_root
	furnish_root
	boot_root
	judge_guest
else
	equals "lintian_has_no_complaints" "" "$(lintian_complaints)"
	judge_contents
fi
finish
