#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# gatepost-fetch-jwks against real servers on loopback: lighttpd for HTTP, openssl for HTTPS.
#
# usage: GATEPOST_BUILD=DIRECTORY tests/live/jwks-fetch.sh      where gatepost-fetch-jwks was built

# shellcheck disable=SC2013,SC2015 # words of numbers; and judge never fails
set -u
export LC_ALL="C.UTF-8"
PATH=$PATH:/usr/sbin
# shellcheck source=tests/support/ports.sh
. "$(dirname "$0")/../support/ports.sh"
passed=0 failed=0
web="" tls="" work=""

judge() { # STATUS NAME [WHAT CAME]
	if [ "$1" -eq 0 ]; then
		echo "ok - $2"
		passed=$((passed + 1))
	else
		echo "not ok - $2"
		if [ -n "${3:-}" ]; then printf '%s\n' "$3" | sed 's/^/#   /'; fi
		echo "#   run it again: GATEPOST_BUILD=${GATEPOST_BUILD:-} $0"
		failed=$((failed + 1))
	fi
}

finish() {
	echo "$passed passed, $failed failed"
	[ $failed -eq 0 ] && [ $passed -gt 0 ]
}

give_up() { # a test that cannot find its own input has not passed
	judge 1 "jwks_fetch_can_run" "$*"
	finish
	exit 1
}

stop() { # PROCESS
	if [ -n "$1" ]; then kill "$1" 2>/dev/null && wait "$1" 2>/dev/null; fi
	return 0
}

clean_up() {
	stop "$web"
	stop "$tls"
	if [ -n "$work" ]; then rm -rf "$work"; fi
}

program=${GATEPOST_BUILD:-}/gatepost-fetch-jwks
[ -x "$program" ] || give_up "no gatepost-fetch-jwks in GATEPOST_BUILD=${GATEPOST_BUILD:-}"
for name in lighttpd openssl curl; do
	command -v $name >/dev/null || give_up "$name is not installed"
done
for name in http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY no_proxy NO_PROXY CURL_CA_BUNDLE \
	SSL_CERT_FILE SSL_CERT_DIR; do
	unset $name
done
work=$(mktemp -d) || give_up "no directory for temporary files"
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
file=$work/out/keys.json
mkdir "$work/www" "$work/out" "$work/tls"

# --- what the servers answer with; the key is that of RFC 8037 appendix A.2 ---

key='{"kty":"OKP","crv":"Ed25519","kid":"one","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}'
secret='{"kty":"oct","kid":"two","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}'

write_site() {
	echo "{\"keys\":[$key]}" >good.json
	echo "{\"keys\":[$secret]}" >secret.json
	echo '{"keys":[]}' >empty.json
	echo '<html><body>Sign in</body></html>' >page.json
	: >nothing.json
	{ cat good.json && head -c 307200 /dev/zero | tr '\0' ' '; } >large.json
	{ cat good.json && head -c 262144 /dev/zero | tr '\0' ' '; } | head -c 262144 >largest.json
	{ cat largest.json && echo; } >one-more.json
	printf '#!/bin/sh\nprintf "Status: 302\\r\\nLocation: /good.json\\r\\n\\r\\n"\n' >redirect.cgi
	printf '#!/bin/sh\nprintf "Content-Type: application/json\\r\\n\\r\\n"; cat large.json\n' >chunked.cgi
	printf '#!/bin/sh\nprintf "Status: 203\\r\\nContent-Type: application/json\\r\\n\\r\\n"; cat good.json\n' >status.cgi
	printf '#!/bin/sh\nsleep 3.5\nprintf "Content-Type: application/json\\r\\n\\r\\n"; cat good.json\n' >slow.cgi
	printf '#!/bin/sh\nprintf "Content-Type: application/json\\r\\n\\r\\n"
		for i in 1 2 3 4 5 6 7 8; do printf " "; sleep 0.5; done; cat good.json\n' >drip.cgi
	chmod 755 ./*.cgi
}
(cd "$work/www" && write_site)

start_lighttpd() { # a port that is free; sets port
	for port in $(awk 'BEGIN { srand(); for (i = 0; i < 20; i++) print 20000 + int(rand() * 12000) }'); do
		cat >"$work/lighttpd.conf" <<-END
			server.bind = "127.0.0.1"
			server.port = $port
			server.document-root = "$work/www"
			server.errorlog = "$work/error.log"
			server.modules = ( "mod_accesslog", "mod_cgi" )
			server.stream-response-body = 2
			server.upload-dirs = ( "$work" )
			accesslog.filename = "$work/access.log"
			accesslog.format = "%r %{User-Agent}i"
			mimetype.assign = ( ".json" => "application/json" )
			cgi.assign = ( ".cgi" => "" )
		END
		lighttpd -D -f "$work/lighttpd.conf" >"$work/lighttpd.log" 2>&1 </dev/null &
		web=$!
		if within 5 answers && kill -0 $web 2>/dev/null; then return 0; fi
		stop $web
	done
	web=
	return 1
}

answers() {
	kill -0 "$web" && curl -sf --noproxy '*' "http://127.0.0.1:$port/good.json"
}

start_lighttpd || give_up "lighttpd does not start: $(cat "$work/lighttpd.log")"
base=http://127.0.0.1:$port

# --- judging ---

run() { # URL: sets status, said, took (ms); the file holds what it held before
	echo before >"$file"
	chmod 600 "$file"
	began=$(date +%s%3N)
	said=$("$program" "$1" "$file" 2>&1 </dev/null)
	status=$?
	took=$(($(date +%s%3N) - began))
	seen="status $status, $took ms, said: $said"
}

replaces() { # NAME URL [CONTENT]
	run "$2"
	[ "$status" -eq 0 ] && [ -z "$said" ] && cmp -s "$file" "$work/www/${3:-good.json}" && only_file
	judge $? "$1" "$seen"
}

refuses() { # NAME URL PART-OF-WHAT-IT-SAYS
	run "$2"
	[ "$status" -eq 1 ] && [ "$(printf '%s\n' "$said" | wc -l)" -eq 1 ] && [ "$(cat "$file")" = before ] && only_file
	verdict=$?
	case $said in
	*hidden*) verdict=1 ;;
	"gatepost-fetch-jwks: "*"$3"*) ;;
	*) verdict=1 ;;
	esac
	judge $verdict "$1" "$seen"
}

only_file() { # nothing temporary is left, and nobody else can read it
	[ "$(ls -A "$work/out")" = keys.json ] && [ "$(stat -c %a "$file")" = 600 ]
}

replaces replaces_the_file "$base/good.json"
replaces replaces_the_file_from_localhost "http://localhost:$port/good.json"
replaces replaces_the_file_from_any_loopback_spelling "http://127.1:$port/good.json"
replaces accepts_the_largest_answer "$base/largest.json" largest.json
replaces sends_the_query "$base/good.json?code=hidden"
umask 0
replaces keeps_the_file_private_whatever_the_umask "$base/good.json"
umask 022
rm -f "$file"
"$program" "$base/good.json" "$file" && only_file
judge $? "makes_the_file"
ln -sf "$work/www/target" "$file"
"$program" "$base/good.json" "$file" && [ ! -L "$file" ] && [ ! -e "$work/www/target" ]
judge $? "replaces_a_symbolic_link_itself"
rm -f "$file"
(cd "$work/out" && "$program" "$base/good.json" keys.json) && only_file
judge $? "takes_a_relative_file"

refuses refuses_404 "http://ann:hidden@127.0.0.1:$port/none.json?code=hidden#hidden" "$base/none.json: HTTP status 404"
refuses refuses_a_redirect "$base/redirect.cgi" "HTTP status 302"
refuses refuses_a_success_that_is_not_200 "$base/status.cgi" "HTTP status 203"
refuses refuses_300_kib "$base/large.json" "longer than 262144 bytes"
refuses refuses_300_kib_without_a_length "$base/chunked.cgi" "longer than 262144 bytes"
refuses refuses_one_byte_too_many "$base/one-more.json" "longer than 262144 bytes"
refuses refuses_what_is_not_json "$base/page.json" "not a JWK set with a usable key"
refuses refuses_an_empty_answer "$base/nothing.json" "not a JWK set with a usable key"
refuses refuses_an_empty_set "$base/empty.json" "not a JWK set with a usable key"
refuses refuses_a_set_of_secrets "$base/secret.json" "not a JWK set with a usable key"
for kind in slow drip; do
	refuses "refuses_an_answer_that_takes_too_long_$kind" "$base/$kind.cgi" "within 2000 ms"
	[ "$took" -ge 1900 ] && [ "$took" -lt 2900 ]
	judge $? "gives_up_after_2_s_$kind" "$seen"
done
refuses refuses_a_port_where_nobody_listens "http://127.0.0.1:1/good.json?code=hidden" "http://127.0.0.1:1/good.json: "
refuses refuses_other_schemes "ftp://127.0.0.1:$port/good.json" "must be https"
refuses refuses_files "file:///$work/www/good.json" ""
refuses refuses_what_is_no_url "hidden" ""
refuses refuses_an_empty_url "" ""
refuses refuses_an_http_server_that_should_speak_https "https://127.0.0.1:$port/good.json" "https://127.0.0.1:$port/good.json: "
"$program" "$base/good.json" "$work/none/keys.json" 2>"$work/said"
[ $? -eq 1 ] && grep -q "^gatepost-fetch-jwks: $work/none/keys.json: " "$work/said"
judge $? "names_a_file_that_cannot_be_written" "$(cat "$work/said")"

# --- proxies: lighttpd stands in for one, and its log says who asked ---

http_proxy=http://127.0.0.1:1 https_proxy=http://127.0.0.1:1 all_proxy=http://127.0.0.1:1
export http_proxy https_proxy all_proxy
replaces asks_loopback_without_a_proxy "$base/good.json"
http_proxy=$base https_proxy=$base all_proxy=$base
for host in plain.invalid 128.0.0.1 127.0.0.1.plain.invalid localhost.plain.invalid 0.0.0.0 '[::2]' \
	'[::ffff:127.0.0.1]' 127.0.0.1@plain.invalid; do
	refuses "refuses_http_to_$host" "http://$host/refused.json" "must be https"
done
refuses asks_others_through_the_proxy "https://control.invalid/good.json?code=hidden" "https://control.invalid/good.json: "
curl -s http://plain.invalid/control.json >/dev/null # what would be seen of the program too
unset http_proxy https_proxy all_proxy
stop "$web" # writes its log to the end
web=
grep -q '^CONNECT' "$work/access.log" && grep -q '^GET .*control\.json' "$work/access.log"
judge $? "the_proxy_notices_who_asks_it" "$(cat "$work/access.log")"
! grep -q 'refused\.json' "$work/access.log"
judge $? "nothing_was_sent_where_plain_http_was_refused" "$(cat "$work/access.log")"
grep -q 'code=hidden.* gatepost/' "$work/access.log"
judge $? "says_who_it_is" "$(cat "$work/access.log")"

# --- https ---

make_certificate() { # NAME ALTERNATIVE-NAME
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=test \
		-addext "subjectAltName=$2" -keyout "$work/tls/$1.key" -out "$work/tls/$1.pem" 2>"$work/tls/log"
}

start_tls() { # CERTIFICATE: sets tls_port
	(cd "$work/www" && exec openssl s_server -accept 127.0.0.1:0 -WWW -cert "$work/tls/$1.pem" \
		-key "$work/tls/$1.key") >"$work/tls/out" 2>&1 </dev/null &
	tls=$!
	within 5 grep -q '^ACCEPT .*:[0-9]' "$work/tls/out" || give_up "openssl s_server: $(cat "$work/tls/out")"
	tls_port=$(sed -n 's/^ACCEPT .*:\([0-9]*\)$/\1/p' "$work/tls/out" | head -n 1)
}

make_certificate right IP:127.0.0.1 && make_certificate wrong DNS:other.example && make_certificate other IP:127.0.0.1 ||
	give_up "no certificate: $(cat "$work/tls/log")"
start_tls right
refuses refuses_an_untrusted_certificate "https://127.0.0.1:$tls_port/good.json?code=hidden" "certificate"
export CURL_CA_BUNDLE="$work/tls/right.pem"
replaces trusts_what_curl_ca_bundle_names "https://127.0.0.1:$tls_port/good.json"
export CURL_CA_BUNDLE="$work/tls/other.pem"
refuses refuses_a_certificate_of_another_issuer "https://127.0.0.1:$tls_port/good.json" "certificate"
unset CURL_CA_BUNDLE
export SSL_CERT_FILE="$work/tls/right.pem"
replaces trusts_what_ssl_cert_file_names "https://127.0.0.1:$tls_port/good.json"
unset SSL_CERT_FILE
mkdir "$work/tls/directory"
cp "$work/tls/right.pem" "$work/tls/directory/$(openssl x509 -hash -noout -in "$work/tls/right.pem").0"
export SSL_CERT_DIR="$work/tls/directory"
replaces trusts_what_ssl_cert_dir_names "https://127.0.0.1:$tls_port/good.json"
unset SSL_CERT_DIR
stop "$tls"
start_tls wrong
export CURL_CA_BUNDLE="$work/tls/wrong.pem"
refuses refuses_a_certificate_for_another_name "https://127.0.0.1:$tls_port/good.json" "127.0.0.1"
unset CURL_CA_BUNDLE

# --- the command line ---

"$program" --help | grep -q 'URL FILE'
judge $? "explains_itself"
"$program" --version | grep -q '^gatepost-fetch-jwks [0-9]'
judge $? "says_its_version"
! "$program" "$base/good.json" 2>/dev/null
judge $? "wants_two_arguments"

finish
