#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The snippets for the pages behind lighttpd and Apache: each file of web/ is served as what it is and with its
# headers, browsers may keep copies, and every other address is still gatepost's, whatever lies in the directory.
# Both snippets have the list of files; one that web/ has and a snippet has not is a failure.
#
# usage: tests/live/pages.sh

set -u
# shellcheck source=tests/live/instance.sh
. "$(dirname "$0")/instance.sh"

policy="default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
docs_policy="default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
not_found='404 application/json {"detail":"Not Found"}'

# --- what there is to serve ---

names_in() { # SNIPPET LIST
	tr '[:upper:]' '[:lower:]' <"$1" | sed -n "s/.*gatepost_page_$2[ =]*\"\\([^\"]*\\)\"\$/\\1/p" | tr '|' '\n' | sed 's/\[[.]]/./g'
}

listed_in() { # SNIPPET
	{
		echo index.html
		names_in "$1" directories | sed 's,$,/index.html,'
		names_in "$1" scripts | sed 's,.*,script/&.js,'
		names_in "$1" docs | sed 's,^,docs/,'
		names_in "$1" files
	} | sort
}

in_the_tree() { # with the viewer, which is fetched, and without what fetches it
	{
		(cd "$top/web" && find . -type f ! -name '*.txt' ! -name 'package*.json' ! -name .npmrc) | sed 's,^\./,,'
		printf 'docs/%s\n' swagger-ui-bundle.js swagger-ui.css
	} | sort -u
}

judge_lists() {
	in_the_tree >"$work/in_the_tree"
	for snippet in lighttpd-conf/gatepost-pages.conf apache-conf/gatepost-pages.conf; do
		listed_in "$top/$snippet" >"$work/listed"
		equals "$snippet lists the files of web/ (<), and no others (>)" "" "$(diff "$work/in_the_tree" "$work/listed")"
	done
}

# --- asking ---

ask() { # PATH [CURL-ARGUMENT...]: head and body are in files then
	asked=$1
	: >"$work/body"
	shift
	curl -q -s -D "$work/head" -o "$work/body" --noproxy '*' --max-time 30 --path-as-is "$@" "$GATEPOST_TEST_URL$asked"
	tr -d '\r' <"$work/head" >"$work/lines"
}

field() { # NAME
	sed -n "s/^$1: *//Ip" "$work/lines"
}

status() {
	sed -n '1s/^[^ ]* \([0-9]*\).*/\1/p' "$work/lines"
}

answer() { # PATH [CURL-ARGUMENT...]
	ask "$@"
	echo "$(status) $(field Content-Type) $(head -c 200 "$work/body")"
}

type_of() { # FILE
	case $1 in
	*.html) echo "text/html; charset=utf-8" ;;
	*.css) echo "text/css; charset=utf-8" ;;
	*.js) echo "text/javascript; charset=utf-8" ;;
	*.svg) echo "image/svg+xml" ;;
	esac
}

# --- judgement ---

judge_file() { # FILE
	ask "/${1%index.html}"
	equals "$server: $1 is served" "200 $(type_of "$1")" "$(status) $(field Content-Type)"
	holds "$server: $1 as it is" cmp "$pages/$1" "$work/body"
	equals "$server: $1 has its headers" "no-cache same-origin no-referrer nosniff" \
		"$(field Cache-Control) $(field Cross-Origin-Opener-Policy) $(field Referrer-Policy) $(field X-Content-Type-Options)"
	case $1 in
	docs/*) equals "$server: $1 has the policy of the viewer" "$docs_policy" "$(field Content-Security-Policy)" ;;
	*) equals "$server: $1 has the policy" "$policy" "$(field Content-Security-Policy)" ;;
	esac
	ask "/${1%index.html}" -H "If-None-Match: $(field ETag)"
	equals "$server: $1 is not sent again" "304 0" "$(status) $(wc -c <"$work/body" | tr -d ' ')"
}

judge_manners() {
	ask "/login/?next=%2Faccount%2F"
	equals "$server: a query makes no difference" 200 "$(status)"
	ask /login/ -I
	equals "$server: HEAD has the length" "200 $(wc -c <"$pages/login/index.html" | tr -d ' ')" "$(status) $(field Content-Length)"
	for directory in account login reset-password sign-up verify-email; do
		ask "/$directory?next=/account/" -H 'Host: app.example.com:8443'
		equals "$server: /$directory leads to /$directory/" "301 /$directory/?next=/account/" "$(status) $(field Location)"
	done
	for method in POST PUT PATCH DELETE OPTIONS; do
		for path in / /login/ /style.css; do
			ask $path -X $method -d '{}' -H 'Content-Type: application/json'
			case $(status) in
			404 | 405) ok "$server: $method $path is refused" ;;
			*) not_ok "$server: $method $path is refused" "$(cat "$work/lines")" ;;
			esac
		done
	done
}

# Files that nobody shipped, in the directory all the same.
judge_others() {
	mkdir -p "$pages/docs"
	for file in other.html .htpasswd script/other.js script/.hidden docs/other.css login/x style.css.orig index.html~; do
		echo "not for everybody" >"$pages/$file"
		equals "$server: /$file is gatepost's" "$not_found" "$(answer "/$file")"
	done
	for path in /index.html /login/index.html /script /script/ /script/nothing.js /docs/nothing /docs/x/ /login/x/ \
		/style.css/ /style.css/x /Style.css /STYLE.CSS /stylexcss /script/clientxjs '/login;x' /account/me; do
		equals "$server: $path is gatepost's" "$not_found" "$(answer "$path")"
	done
	for path in /script/../../gatepost.env.sample /script/..%2f..%2fgatepost.env.sample /%2e%2e/gatepost.env.sample \
		/docs/%2e%2e/%2e%2e/%2e%2e/%2e%2e/env /docs/..%252f..%252fenv '/..\gatepost.env.sample' //../gatepost.env.sample \
		/docs/../../../../../../../../../etc/passwd /style.css%00.html /style.css%0a /login%0d%0aX:%20y/ /%0a; do
		ask "$path"
		case $(status) in
		400 | 404) ok "$server: $path leads nowhere" ;;
		*) not_ok "$server: $path leads nowhere" "$(cat "$work/lines")" ;;
		esac
	done
}

judge_gatepost() { # NAME
	equals "$1: /healthz is gatepost's" '200 application/json {"status":"ok"}' "$(answer /healthz)"
	equals "$1: /tasks is" '401 application/json {"detail":"Authentication required"}' "$(answer /tasks)"
	equals "$1: /api/auth is sign-in's" '200 application/json {"ok":true}' "$(answer /api/auth/ok)"
	ask /ws/notifications
	equals "$1: /ws/notifications is the notifier's" 426 "$(status)"
}

judge_without_viewer() {
	mv "$pages/docs" "$pages/no-docs"
	ask /docs/
	equals "$server: without its files /docs/ is not there" 404 "$(status)"
	equals "$server: and tells nothing of the directory" 0 "$(grep -c -F "$pages" "$work/body")"
	ask /
	equals "$server: all else is" 200 "$(status)"
	judge_gatepost "$server, without /docs/"
	mv "$pages/no-docs" "$pages/docs"
}

judge_lists
for server in lighttpd apache; do
	start_instance --server $server --workers 1
	pages=$instance/program/share/gatepost/web
	served=0
	for file in $(listed_in "$top/$server-conf/gatepost-pages.conf"); do
		# The viewer may not have been fetched where this is built.
		if [ ! -e "$pages/$file" ] && [ "${file#docs/swagger-ui}" != "$file" ]; then continue; fi
		judge_file "$file"
		served=$((served + 1))
	done
	holds "$server: there were files" [ $served -ge 15 ]
	judge_manners
	judge_others
	judge_gatepost "$server"
	judge_without_viewer
	stop_instance
done
finish
