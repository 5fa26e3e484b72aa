# SPDX-License-Identifier: Apache-2.0
#
# What somebody would try to get past gatepost-authorizer.fcgi: tables of attempts, each made at lighttpd, at
# Apache, and, where a web server has no part in it, at a worker alone. Nothing may come out that has the word
# TREASURE in it, no program may take the attacker for another, and no second request may be smuggled in.
#
# usage: python3 authorizer_attacks.py GROUP HINT      with the rest in the environment, as authorizer-attacks.sh
# has it

import base64
import hashlib
import hmac
import json
import os
import re
import subprocess
import sys
import time
import urllib.parse

import sign_in_attacks as sign_in
from guarded_site import (SECRET, SERVERS, SESSION, SITE, TREASURE, ask, ask_worker, equals, judge, jwt, people, quoted,
                          request_variables, send, signed, sql, together)

ALL = people()
ANN, BOB = ALL["ann"], ALL["bob"]
OTHER_SECRET = sign_in.OTHER_SECRET


def shown(given):
    return given[:500] if isinstance(given, bytes) else str(given)[:500]


def closed(name, given):
    """Nothing of what is guarded is in an answer."""
    text = given if isinstance(given, bytes) else given.body
    judge(name, TREASURE not in text, shown(given))


def line(method, target, fields, version="HTTP/1.1", host=None):
    """A request as bytes; fields are one text with its line ends."""
    return "\r\n".join([f"{method} {target} {version}", f"Host: {host or '@HOST@'}", "Connection: close", *fields, "", ""]).encode(
        "latin-1", "surrogateescape")


def at(server, data):
    return send(server, data.replace(b"@HOST@", SERVERS[server].encode()))


BEARER = "Authorization: Bearer " + BOB.token


# --- paths: Bob is signed in, and wants what is Ann's ---

PATHS = """
/g/admin/doc.txt
/g/files/boss.txt
/g/home/@ANN@/doc.txt
/g/files/x/../boss.txt
/g/files/./boss.txt
/g/files/x/%2e%2e/boss.txt
/g/files/x/.%2e/boss.txt
/g/files/x/%2E./boss.txt
/g/files/%2e/boss.txt
/g/files/%2E%2F/boss.txt
/g/public/../admin/doc.txt
/g/public/%2e%2e/admin/doc.txt
/g/public/..%2fadmin/doc.txt
/g/public/%2e%2e%2fadmin%2fdoc.txt
/g/public%2f..%2fadmin%2fdoc.txt
/g/public/%252e%252e/admin/doc.txt
/g/public/..%252fadmin/doc.txt
/g/public/%25252e%25252e/admin/doc.txt
/open/../g/admin/doc.txt
/open/%2e%2e/g/admin/doc.txt
/open/..%2fg/admin/doc.txt
/../g/admin/doc.txt
/./g/admin/doc.txt
/%2e/g/admin/doc.txt
//g/admin/doc.txt
///g///admin///doc.txt
/g//admin/doc.txt
/g/admin//doc.txt
/g/files//boss.txt
/%67/admin/doc.txt
/g/%61dmin/doc.txt
/g/%2561dmin/doc.txt
/g/files/boss%2etxt
/g/files/boss.tx%74
/g/admin%2fdoc.txt
/g%2fadmin/doc.txt
/g/files%2Fboss.txt
%2fg%2fadmin%2fdoc.txt
/g/admin/doc.txt%00
/g/admin%00/doc.txt
/g/public%00/../admin/doc.txt
/g/admin/doc.txt%00.html
/g/admin/doc.txt%0a
/g/admin%0d%0a/doc.txt
/g/admin%09/doc.txt
/g/admin;x/doc.txt
/g/admin;/doc.txt
/g;x=1/admin/doc.txt
/g/admin/doc.txt;jsessionid=1
/g/public;/../admin/doc.txt
/g/public/..;/admin/doc.txt
/g/public/..;x=1/admin/doc.txt
/g/public/.;/../admin/doc.txt
/g/ADMIN/doc.txt
/G/admin/doc.txt
/g/Admin/DOC.TXT
/g/files/BOSS.TXT
/g/files/boss.TXT
/g/admin./doc.txt
/g/admin../doc.txt
/g/admin%20/doc.txt
/g/admin/doc.txt.
/g/files/boss.txt.
/g/files/boss.txt%20
/g/files/boss.txt...
/g/files/boss.txt/
/g/files/boss.txt/x
/g/files/boss.txt/x/../../boss.txt
/g\\admin\\doc.txt
/g/%5cadmin/doc.txt
/g/public/..%5cadmin%5cdoc.txt
/g/public/..\\admin\\doc.txt
\\g\\admin\\doc.txt
/g/public/%c0%ae%c0%ae/admin/doc.txt
/g%c0%afadmin/doc.txt
/g/public/%e0%80%ae%e0%80%ae/admin/doc.txt
/g/public/%f0%80%80%ae%f0%80%80%ae/admin/doc.txt
/g/%ef%bc%8e%ef%bc%8e/g/admin/doc.txt
/g/%ff/../admin/doc.txt
/g/public/%u002e%u002e/admin/doc.txt
/g/%u0061dmin/doc.txt
/g/admin%/doc.txt
/g/admin/doc.txt%2
/g/admin%zz/doc.txt
/g/admin/doc.txt?/g/public/doc.txt
/g/admin/doc.txt?/../../g/public/doc.txt
/g/admin/doc.txt?x=%0d%0aREQUEST_URI:%20/g/public/doc.txt
/g/admin/doc.txt%3f/g/public/doc.txt
/g/admin/doc.txt?
/g/admin/doc.txt#/g/public/doc.txt
/g/admin/doc.txt%23/g/public/doc.txt
/g/public/#/../../admin/doc.txt
/g/public/%23/../../admin/doc.txt
/g/public/env.cgi/../../admin/doc.txt
/g/public/doc.txt/../../admin/doc.txt
/g/admin/doc.txt/g/public
/g/home/@BOB@/../@ANN@/doc.txt
/g/home/@BOB@/%2e%2e/@ANN@/doc.txt
/g/home/@BOB@%2f..%2f@ANN@/doc.txt
/g/home/@BOB@;/../@ANN@/doc.txt
/g/home/@BOB@%00/../@ANN@/doc.txt
/g/home/{user_id}/../@ANN@/doc.txt
/g/home/@ann@/doc.txt
/g/home/@ANN@%20/doc.txt
/g/home//@ANN@/doc.txt
/g/home/./@ANN@/doc.txt
http://@HOST@/g/admin/doc.txt
http://@HOST@/g/public/../admin/doc.txt
http://@HOST@//g/admin/doc.txt
HTTP://@HOST@/g/admin/doc.txt
http://x@@HOST@/g/admin/doc.txt
https://@HOST@/g/admin/doc.txt
http://evil.example/g/admin/doc.txt
http:/g/admin/doc.txt
http:///g/admin/doc.txt
@HOST@/g/admin/doc.txt
g/admin/doc.txt
?/g/admin/doc.txt
*/../g/admin/doc.txt
/g/admin/doc.txt\tHTTP/1.1
/g/public/doc.txt /../../admin/doc.txt
/wiki/public/../page
/wiki/public/%2e%2e/../../g/admin/doc.txt
""".strip("\n").split("\n")


def written(path, server):
    path = path.replace("\\\\", "\\").replace("\\t", "\t").replace("@HOST@", SERVERS[server])
    return path.replace("@ANN@", ANN.id).replace("@BOB@", BOB.id).replace("@ann@", ANN.id.swapcase())


def paths():
    controls = [(server, path, person) for server in SERVERS for person in (ANN,) for path in
                ("/g/admin/doc.txt", "/g/files/boss.txt", f"/g/home/{ANN.id}/doc.txt", "/g/%61dmin/doc.txt")]
    for server, path, person in controls:
        equals(f"{server}: control: {path} is there for Ann", 200, ask(server, "GET", path, person.raw).status)
    equals("worker: control: it opens for Ann", 200, ask_worker(request_variables("/g/admin/doc.txt", ANN.raw)).status)
    long = ["/g/" + "a/" * 2000 + "../" * 2000 + "admin/doc.txt", "/g/public/" + "x" * 7000 + "/../../admin/doc.txt",
            "/g/admin/doc.txt?" + "x" * 7000, "/g/public/" + "%2e%2e/" * 500 + "g/admin/doc.txt"]
    targets = PATHS + long
    # /wiki is the service's, which shows TREASURE for whatever it is asked: there, Bob is not signed in.
    for server in SERVERS:
        given = together([lambda path=path: at(server, line("GET", written(path, server), [] if "/wiki" in path else [BEARER]))
                          for path in targets])
        for path, text in zip(targets, given):
            closed(f"{server}: path {path[:70]}", text)
    # mod_fcgid's access checker guards /h, which is Ann's.
    equals("mod_fcgid: control: it is there for Ann", 200, ask("apache", "GET", "/h/doc.txt", ANN.raw).status)
    checked = [path.replace("/g/admin/", "/h/").replace("/g/public/../admin", "/g/public/../../h") for path in PATHS if "/g/admin/" in path]
    given = together([lambda path=path: at("apache", line("GET", written(path, "apache"), [BEARER])) for path in checked])
    for path, text in zip(checked, given):
        closed(f"mod_fcgid: path {path[:70]}", text)
    for path in targets:
        if path.startswith("/wiki/public/.."):
            continue
        reply = ask_worker(request_variables(written(path, "lighttpd"), BOB.raw))
        judge(f"worker: path {path[:70]}", reply.status in (400, 401, 403) and b"TREASURE" not in reply.body, reply)
    for server in SERVERS:
        equals(f"{server}: control: Bob has come in by his own name", 200, ask(server, "GET", "/g/files/doc.txt", BOB.raw).status)


# What some application takes for /wiki/boss; this service answers whatever it is asked.
LOOKALIKES = ["/wiki/BOSS/page", "/wiki/Boss", "/wiki/bos%53/page", "/wiki/boss;x/page", "/wiki/boss;/page", "/wiki/boss./page", "/wiki/boss../page",
              "/wiki/boss%20/page", "/wiki/boss%3Bx/page", "/wiki/page;/../boss", "/wiki/;x/boss/page", "/wiki/..;/wiki/boss/page", "/wiki//boss/page",
              "/wiki%2fboss/page", "/wiki/boss%2fpage", "/wiki/.%2fboss/page", "/wiki/b%256fss/page", "/WIKI/boss/page",
              "/wiki/index.php/boss/page", "/wiki/boss%3fx/page", "/wiki/boss%3Fpage", "/wiki/boss%23/page"]


def lookalikes():
    for server in SERVERS:
        given = at(server, line("GET", "/wiki/page", [BEARER]))
        judge(f"{server}: control: the service answers Bob", TREASURE in given, shown(given))
        reply = ask(server, "GET", "/wiki/boss/page", ANN.raw)
        judge(f"{server}: control: and Ann, of what is hers", reply.status == 200 and TREASURE in reply.body, reply)
        for path in ["/wiki/boss/page", *LOOKALIKES]:
            closed(f"{server}: what may be taken for another's: {path}", at(server, line("GET", path, [BEARER])))
        # The other way round: what may be taken for a public path, and is another to the service.
        given = at(server, line("GET", "/wiki/public/page", []))
        judge(f"{server}: control: what is public is open to all", TREASURE in given, shown(given))
        for path in ("/wiki/PUBLIC/page", "/wiki/Public", "/wiki/public;x/page", "/wiki/public./page", "/wiki/public%20/page", "/wiki/publi\u00c7/page",
                     "/wiki/pub%C5%82ic/page", "/wiki/%EF%BD%90ublic/page", "/wiki/public%3Fx/page", "/wiki/;x/public/page"):
            closed(f"{server}: what may be taken for a public path: {path}", at(server, line("GET", path, [])))


# --- HTTP/2, in which a path is a field, and names are what a client says ---


def http2(target, *fields):
    """By curl, to lighttpd, which speaks it without TLS."""
    arguments = ["curl", "-q", "-s", "-i", "--http2-prior-knowledge", "--path-as-is", "--noproxy", "*", "--max-time", "5"]
    for field in fields:
        arguments += ["-H", field]
    return subprocess.run(arguments + [f"http://{SERVERS['lighttpd']}{target}"], capture_output=True, check=False).stdout


def second_protocol():
    text = http2("/g/env/env.cgi", BEARER)
    judge("HTTP/2: control: Bob comes in", text.startswith(b"HTTP/2 200") and f"\nREMOTE_USER={BOB.id}\n".encode() in text, shown(text))
    rows = [path for path in PATHS if path.startswith("/g/") and not re.search(r"[\\\\ #{@]", path)]
    for path, text in zip(rows, together([lambda path=path: http2(path, BEARER) for path in rows])):
        closed(f"HTTP/2: path {path[:70]}", text)
    names = [field for field in FIELDS if re.match(r"[A-Za-z_-]+: [^\\]*$", field) and "Content-Length" not in field]
    given = together([lambda field=field: http2("/g/env/env.cgi", BEARER, field.replace("@FORGED@", "x")) for field in names])
    for field, text in zip(names, given):
        as_bob(f"HTTP/2: a program with {field[:60]}", text, b"REMOTE_USER")
    for pseudo in (":path: /g/public/doc.txt", ":authority: evil.example", ":method: OPTIONS", ":scheme: https", "Connection: close", "Transfer-Encoding: chunked"):
        closed(f"HTTP/2: a second {pseudo}", http2("/g/admin/doc.txt", BEARER, pseudo))
        closed(f"HTTP/2: nobody, and a second {pseudo}", http2("/g/files/doc.txt", pseudo))


# --- fields: whom programs take the caller for ---

MALLORY = "mallory"
FIELDS = """
Remote-User: mallory
Remote_User: mallory
REMOTE_USER: mallory
Remote-Email: mallory
X-Remote-User: mallory
X-Remote_User: mallory
X_Remote-User: mallory
X_Remote_User: mallory
X-REMOTE-USER: mallory
X-Remote-Email: mallory
X_Remote_Email: mallory
X-Forwarded-User: mallory
X_Forwarded_User: mallory
X-Forwarded-Email: mallory
X-Auth-User: mallory
X-Auth-Request-User: mallory
X_Auth_Request_User: mallory
X-Auth-Request-Email: mallory
X-WebAuth-User: mallory
Variable-REMOTE_USER: mallory
Variable-Remote-User: mallory
Variable-GATEPOST_EMAIL: mallory
Variable_REMOTE_USER: mallory
HTTP_REMOTE_USER: mallory
HTTP-REMOTE-USER: mallory
REDIRECT_REMOTE_USER: mallory
Redirect-Remote-User: mallory
GATEPOST_EMAIL: mallory
GATEPOST-EMAIL: mallory
GATEPOST_NAME: mallory
Gatepost-Expires: mallory
AUTH_TYPE: mallory
Auth-Type: mallory
Auth-User: mallory
Proxy: http://mallory.example/
Proxy-User: mallory
Forwarded: for=127.0.0.1;remote_user="mallory"
X-Forwarded-For: 127.0.0.1;remote_user="mallory"
X-Forwarded-For: 127.0.0.1";remote_user="mallory
X-Forwarded_For: mallory
X_Forwarded_For: mallory
Status: 200 OK
Script-Name: mallory
Content-Length: 0\r\nREMOTE_USER: mallory
X: y\nRemote-User: mallory
X: y\rRemote-User: mallory
X: y\r\n Remote-User: mallory
Remote-User : mallory
 Remote-User: mallory
Remote-User: mallory\r\nRemote-User: mallory
Remote-User:\r\n mallory
Authorization_: Bearer @FORGED@
Authorization-: Bearer @FORGED@
Cookie_: better-auth.session_token=@FORGED@
""".strip("\n").split("\n")

# In what names a program or a service looks for its user.
IDENTITY = (b"REMOTE_USER", b"REDIRECT_REMOTE_USER", b"AUTH_USER", b"AUTH_TYPE", b"GATEPOST_[A-Z]*", b"HTTP_PROXY", b"HTTP_REMOTE_USER",
            b"HTTP_REMOTE_EMAIL", b"HTTP_X_REMOTE_[A-Z]*", b"HTTP_X_FORWARDED_(?:USER|EMAIL)", b"HTTP_X_AUTH_[A-Z_]*", b"HTTP_X_WEBAUTH_USER")
TAKEN = re.compile(rb"^(?:" + b"|".join(IDENTITY) + rb")=.*(?:mallory|" + ANN.id.encode() + rb").*$", re.M)


def elements(text):
    """Who lighttpd's own element of Forwarded, the last one, says it is."""
    found = re.findall(rb"^HTTP_FORWARDED=(.*)$", text, re.M)
    return re.findall(rb'remote_user="([^"\\]*)"', re.split(rb",(?=\s*for=)", found[-1])[-1]) if found else []


def as_bob(name, text, id_name):
    """A program that was reached has Bob, or the request was refused."""
    users = re.findall(rb"^" + id_name + rb"=(.*?)\r?$", text, re.M)
    good = not TAKEN.search(text) and (TREASURE not in text or users == [BOB.id.encode()])
    judge(name, good and (b"HTTP_FORWARDED=" not in text or elements(text) in ([], [BOB.id.encode()])), shown(text[-900:]))


def fields():
    forged = jwt(ANN.claims(), secret=OTHER_SECRET)
    for server in SERVERS:
        for program, name in (("/g/env/env.cgi", b"REMOTE_USER"), ("/g/env/both.php", b"REMOTE_USER"), ("/wiki/page", b"HTTP_X_REMOTE_USER")):
            text = at(server, line("GET", program, [BEARER]))
            equals(f"{server}: control: {program} knows Bob", [BOB.id.encode()], re.findall(rb"^" + name + rb"=(.*?)\r?$", text, re.M))
            rows = [field.replace("\\r", "\r").replace("\\n", "\n").replace("@FORGED@", forged) for field in FIELDS]
            given = together([lambda field=field: at(server, line("GET", program, [field, BEARER])) for field in rows] +
                             [lambda field=field: at(server, line("GET", program, [BEARER, field])) for field in rows])
            for field, text in zip(FIELDS * 2, given):
                as_bob(f"{server}: {program} with {field[:60]}", text, name)
        given = together([lambda field=field: at(server, line("GET", "/g/files/doc.txt", [field])) for field in rows])
        for field, text in zip(FIELDS, given):
            closed(f"{server}: nobody, but with {field[:60]}", text)
        text = at(server, line("GET", "/g/public/env.cgi", ["X-Auth: x"]))
        judge(f"{server}: control: a public program is reached", b"\nREMOTE_USER=\n" in text, shown(text))
        given = together([lambda field=field: at(server, line("GET", "/g/public/env.cgi", [field])) for field in rows])
        for field, text in zip(FIELDS, given):
            judge(f"{server}: a public program with {field[:60]}", not TAKEN.search(text), shown(text[-900:]))


# --- fields that say the request is another ---

OTHERS = """
X-Original-URL: /g/public/doc.txt
X-Rewrite-URL: /g/public/doc.txt
X-Original-URI: /g/public/doc.txt
X-Forwarded-Uri: /g/public/doc.txt
X-Forwarded-Prefix: /g/public
REQUEST_URI: /g/public/doc.txt
Request-Uri: /g/public/doc.txt
REDIRECT_URI: /g/public/doc.txt
PATH_INFO: /g/public/doc.txt
SCRIPT_NAME: /g/public/doc.txt
REQUEST_METHOD: OPTIONS
FCGI_ROLE: RESPONDER
X-HTTP-Method-Override: OPTIONS
X-HTTP-Method: GET
X-Method-Override: GET
X-Forwarded-Host: evil.example
X-Forwarded-For: 127.0.0.1
X-Real-IP: 127.0.0.1
X-Accel-Redirect: /g/admin/doc.txt
X-Sendfile: /g/admin/doc.txt
X-LIGHTTPD-send-file: /g/admin/doc.txt
Range: bytes=0-3
If-None-Match: *
If-Modified-Since: Thu, 01 Jan 2099 00:00:00 GMT
Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__
Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
Accept: text/html
Destination: /g/public/doc.txt
""".strip("\n").split("\n")


def others():
    for server in SERVERS:
        equals(f"{server}: control: it is there", 200, ask(server, "GET", "/g/admin/doc.txt", ANN.raw).status)
        rows = [field.replace("\\r", "\r").replace("\\n", "\n") for field in OTHERS]
        for who, credential in (("Bob", [BEARER]), ("nobody", [])):
            given = together([lambda field=field: at(server, line("GET", "/g/admin/doc.txt", [field, *credential])) for field in rows])
            for field, text in zip(OTHERS, given):
                closed(f"{server}: {who}, with {field[:60]}", text)
                judge(f"{server}: {who}, with {field[:60]}, learns nothing of it", not re.match(rb"HTTP/1.1 (206|304|412)", text), shown(text))


# --- credentials that are none ---


def session_row(**changes):
    """A session of Ann's, changed; its token."""
    token = base64.b32encode(os.urandom(20)).decode()
    values = {"id": quoted(token), '"userId"': quoted(ANN.id), "token": quoted(token), '"expiresAt"': "now() + interval '1 hour'",
              '"createdAt"': "now()", '"updatedAt"': "now()"}
    values.update(changes)
    sql(f"insert into public.session ({', '.join(values)}) values ({', '.join(values.values())})")
    return token


def public_key():
    answer = sign_in.ask("GET", sign_in.BASE + "/jwks")
    return answer.json()["keys"][0]


def with_header(header, claims, key):
    text = sign_in.base64url(json.dumps(header).encode()) + "." + sign_in.base64url(json.dumps(claims).encode())
    return text + "." + sign_in.base64url(hmac.new(key, text.encode(), hashlib.sha256).digest())


def false_credentials():
    now = int(time.time())
    claims = ANN.claims()
    good = jwt(claims)
    key = public_key()
    eddsa = ANN.public_key_token.split(".")
    changed = json.loads(base64.urlsafe_b64decode(eddsa[1] + "=="))
    changed["sub"] = ANN.id + "x"
    ended = session_row(**{'"expiresAt"': "now() - interval '1 second'"})
    gone = session_row()
    sql(f"delete from public.session where token = {quoted(gone)}")
    cache = sign_in.base64url(json.dumps({"session": {"token": ANN.token}, "user": {"id": ANN.id}}).encode())
    bearers = {
        "no signature": jwt(claims, {"alg": "none"}), "NONE": with_header({"alg": "NONE"}, claims, SECRET),
        "none with a signature": jwt(claims, {"alg": "none"}) + good.split(".")[2],
        "an empty signature": good.rsplit(".", 1)[0] + ".", "two parts": good.rsplit(".", 1)[0],
        "four parts": good + ".x", "another secret": jwt(claims, secret=OTHER_SECRET), "no secret": jwt(claims, secret=b""),
        "HS512 in name": with_header({"alg": "HS512"}, claims, SECRET), "RS256 in name": with_header({"alg": "RS256"}, claims, SECRET),
        "the public key as a secret": with_header({"alg": "HS256", "kid": key.get("kid")}, claims, key.get("x", "").encode()),
        "the public key's bytes as a secret": with_header({"alg": "HS256"}, claims, base64.urlsafe_b64decode(key["x"] + "==")),
        "the whole public key as a secret": with_header({"alg": "HS256"}, claims, json.dumps(key).encode()),
        "EdDSA in name": with_header({"alg": "EdDSA", "kid": key.get("kid")}, claims, SECRET),
        "a key of its own": with_header({"alg": "HS256", "jwk": {"kty": "oct", "k": "eA"}}, claims, b"x"),
        "an address of a key": with_header({"alg": "HS256", "jku": "http://127.0.0.1:1/"}, claims, b"x"),
        "a key that is a file": with_header({"alg": "HS256", "kid": "../../../dev/null"}, claims, b""),
        "a critical field": with_header({"alg": "HS256", "crit": ["exp"]}, claims, SECRET),
        "other claims under an EdDSA signature": ".".join([eddsa[0], sign_in.base64url(json.dumps(changed).encode()), eddsa[2]]),
        "yesterday's": jwt(dict(claims, iat=now - 90000, exp=now - 86400)), "no end": jwt(ANN.claims(exp="absent")),
        "an end that is text": jwt(dict(claims, exp=str(now + 600))), "tomorrow's": jwt(dict(claims, nbf=now + 86400)),
        "nobody's": jwt(ANN.claims(sub="absent")), "an empty name": jwt(dict(claims, sub="")), "a list of names": jwt(dict(claims, sub=[ANN.id])),
        "a link in a letter": jwt({"email": ANN.email, "iat": now, "exp": now + 600}),
        "a link that changes an address": jwt({"email": ANN.email, "updateTo": "x@example.com", "iat": now, "exp": now + 600}),
        "a cached session": jwt({"session": {"session": {"token": ANN.token}, "user": {"id": ANN.id}}, "iat": now, "exp": now + 600}),
        "a cached session in base64": cache, "an ended session": ended, "a session that was withdrawn": gone,
        "a cookie with another secret": urllib.parse.unquote(signed(ANN.token, OTHER_SECRET)), "a user's id": ANN.id, "a session with a pattern": "%",
        "a session with an end of its own": ANN.token + "'--", "a session in small letters": ANN.token.lower(),
        "half a session": ANN.token[:16], "nothing": "", "a blank": " ", "two tokens": f"x {ANN.token}", "a joined one": f"x, {ANN.token}",
    }
    lines = {f"a bearer, {name}": [f"Authorization: Bearer {token}"] for name, token in bearers.items()}
    lines.update({
        "Basic with the session": ["Authorization: Basic " + base64.b64encode(f"{ANN.id}:{ANN.token}".encode()).decode()],
        "no scheme": ["Authorization: " + ANN.token], "another scheme": ["Authorization: Token " + ANN.token],
        "X-Authorization": ["X-Authorization: Bearer " + ANN.token], "Authorization with _": ["Authorization_: Bearer " + ANN.token],
        "Proxy-Authorization": ["Proxy-Authorization: Bearer " + ANN.token], "Access-Token": ["Access-Token: " + ANN.token],
        "a cookie of a session without signature": [f"Cookie: {SESSION}={ANN.token}"],
        "a cookie with another secret": [f"Cookie: {SESSION}={signed(ANN.token, OTHER_SECRET)}"],
        "a cookie with no secret": [f"Cookie: {SESSION}={signed(ANN.token, b'')}"],
        "a cookie of an ended session": [f"Cookie: {SESSION}={signed(ended)}"],
        "a cookie of a session that was withdrawn": [f"Cookie: {SESSION}={signed(gone)}"],
        "a cookie of a user's id": [f"Cookie: {SESSION}={signed(ANN.id)}"],
        "a cookie of a cached session": [f"Cookie: better-auth.session_data={bearers['a cached session']}"],
        "a cookie of another name": [f"Cookie: session_token={ANN.cookie}"],
        "a cookie inside of another": [f'Cookie: x="; {SESSION}x={ANN.cookie}"'],
        "a cookie in capitals": [f"Cookie: {SESSION.upper()}={ANN.cookie}"],
        "a cookie in Cookie2": [f"Cookie2: {SESSION}={ANN.cookie}"],
        "a bad bearer beside a good cookie's name": ["Authorization: Bearer x", f"Cookie: {SESSION}=x"],
        "two Authorization fields, both bad": ["Authorization: Bearer x", "Authorization: Bearer " + bearers["another secret"]],
        "two cookies, both bad": [f"Cookie: {SESSION}=x", f"Cookie: {SESSION}={ANN.token}"],
    })
    for server in SERVERS:
        for control, fields in ANN.credentials.items():
            text = at(server, line("GET", "/g/files/doc.txt", [f"{name}: {value}" for name, value in fields.items()]))
            judge(f"{server}: control: {control} opens", TREASURE in text, shown(text))
        judge(f"{server}: control: a session that was made so opens",
              ask(server, "GET", "/g/files/doc.txt", {"Authorization": "Bearer " + session_row()}).status == 200)
        given = together([lambda fields=fields: at(server, line("GET", "/g/files/doc.txt", fields)) for fields in lines.values()])
        for name, text in zip(lines, given):
            closed(f"{server}: {name}", text)
        for query in (f"access_token={ANN.token}", f"token={ANN.token}", f"Authorization=Bearer%20{ANN.token}"):
            closed(f"{server}: a query {query.split('=')[0]}", at(server, line("GET", "/g/files/doc.txt?" + query, [])))
        for name, pair in (("Ann's and none", [BEARER, "Authorization: Bearer x"]), ("none and Bob's", ["Authorization: Bearer x", BEARER]),
                           ("Bob's twice", [BEARER, BEARER]), ("Bob's and Ann's cookie unsigned", [BEARER, f"Cookie: {SESSION}={ANN.token}"])):
            text = at(server, line("GET", "/g/env/env.cgi", pair))
            as_bob(f"{server}: two credentials, {name}", text, b"REMOTE_USER")
    for name, fields in lines.items():
        pairs = [(name.upper().replace("-", "_"), value) for name, value in (field.split(": ", 1) for field in fields)]
        variables = request_variables("/g/files/doc.txt") + [("HTTP_" + name, value) for name, value in pairs]
        reply = ask_worker(variables)
        judge(f"worker: {name}", reply.status in (400, 401, 403), reply)
    equals("worker: control: a good one", 200, ask_worker(request_variables("/g/files/doc.txt", ANN.raw)).status)


# --- claims that are nearly right: of tokens with our signature, for places that ask for more ---


def claims():
    rows = [("claim", name, {"role": role}) for name, role in (
        ("a list", ["admin"]), ("capitals", "Admin"), ("a blank behind", "admin "), ("a blank in front", " admin"), ("an object", {"admin": True}),
        ("nothing", None), ("true", True), ("a number", 1), ("a list of roles", ["user", "admin"]), ("roles with a comma", "user,admin"),
        ("a zero byte", "admin\0"), ("a longer one", "administrator"), ("a letter like it", "\u0430dmin"), ("an empty one", ""))]
    rows += [("claim", "another name", {"Role": "admin"}), ("claim", "an inner one", {"user": {"role": "admin"}}), ("claim", "a path", {"user.role": "admin"})]
    rows += [("boolean", name, {"staff": staff}) for name, staff in (
        ("1", 1), ("a list", [True]), ("yes", "yes"), ("capitals", "True"), ("nothing", None), ("false", False))]
    rows += [(place, f"the address {email!r}", {"email": email}) for place in ("domain", "mail") for email in (
        "ann@example.com.evil", "ann@example.com@evil.example", "x@evil@example.com", "ann@evil-example.com", "ann@evilexample.com",
        "ann@sub.example.com", "ann@example.com ", " ann@example.com", "ann@example.com\0", "ann@example.com\n", "ann@example.com.", "@example.com",
        "example.com", "ann", "", None, ["ann@example.com"], {"ann@example.com": True}, "ann@evil.example,ann@example.com", '"ann@example.com"@evil.example',
        "ann@evil.example (ann@example.com)", "ann%40example.com", "ann@ex\u0430mple.com", "<ann@example.com>", "ann@example.com/", "\u0430nn@example.org")
             if not (place == "domain" and email in ("ann@example.com",))]
    rows += [(place, f"an address that is not verified: {name}", dict({"email": "ann@example.com", "emailVerified": value}))
             for place in ("domain", "mail") for name, value in (("false", False), ("text", "true"), ("1", 1), ("nothing", None), ("absent", "absent"))]
    for server in SERVERS:
        for place, more in (("claim", {"role": "admin"}), ("boolean", {"staff": True}), ("domain", {"email": "x@Example.COM"}), ("mail", {"email": "ann@example.com"})):
            equals(f"{server}: control: {place} opens", 200, ask(server, "GET", f"/g/{place}/doc.txt", BOB.bearer(**more)).status)
        given = together([lambda place=place, more=more: ask(server, "GET", f"/g/{place}/doc.txt", BOB.bearer(**more)) for place, _, more in rows])
        for (place, name, _), reply in zip(rows, given):
            closed(f"{server}: {place} with {name}", reply)
        # Ids that become Ann's once a web server has cut them.
        for name, sub in (("a blank in front", f" {ANN.id}"), ("a blank behind", f"{ANN.id} "), ("several", f"  {ANN.id}  ")):
            reply = ask(server, "GET", "/g/env/env.cgi", BOB.bearer(sub=sub))
            judge(f"{server}: the id of Ann with {name} opens nothing", reply.status in (401, 403) and ANN.id.encode() not in reply.body, reply)


# --- pages of other sites, which send the cookie along ---


def origins():
    for server in SERVERS:
        here = "http://" + SERVERS[server]
        host = SERVERS[server].split(":")[0]
        for name, origin in (("our own", here), ("a trusted one", "https://a.example.com"), ("the instance's", SITE)):
            equals(f"{server}: control: the cookie with {name}", 200,
                   ask(server, "POST", "/g/env/env.cgi", dict(BOB.by_cookie, Origin=origin), b"a=1").status)
        equals(f"{server}: control: a token needs none", 200, ask(server, "POST", "/g/env/env.cgi", BOB.raw, b"a=1").status)
        equals(f"{server}: control: nor does a reader", 200, ask(server, "GET", "/g/env/env.cgi", BOB.by_cookie).status)
        socket = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
        equals(f"{server}: a WebSocket with the cookie, from nowhere", 403, ask(server, "GET", "/g/env/env.cgi", dict(BOB.by_cookie, **socket)).status)
        equals(f"{server}: a WebSocket with the cookie, from another site", 403,
               ask(server, "GET", "/g/env/env.cgi", dict(BOB.by_cookie, Origin="https://evil.example", **socket)).status)
        equals(f"{server}: a WebSocket with the cookie, from our own pages", 200,
               ask(server, "GET", "/g/env/env.cgi", dict(BOB.by_cookie, Origin=here, **socket)).status)
        rows = {
            "no Origin": [], "null": ["Origin: null"], "an empty one": ["Origin: "], "a foreign one": ["Origin: https://evil.example"],
            "ours in front": [f"Origin: {here}.evil.example"], "ours as a user": [f"Origin: {here}@evil.example"],
            "ours in a path": [f"Origin: https://evil.example/{here}"],
            "another port": [f"Origin: http://{host}:1"], "no port": [f"Origin: http://{host}"], "https": [f"Origin: https://{SERVERS[server]}"],
            "capitals of another": ["Origin: HTTPS://EVIL.EXAMPLE"], "a name that ends like a trusted one": ["Origin: https://evilexample.com"],
            "the trusted name without one below": ["Origin: https://example.com"], "a trusted one by http": ["Origin: http://a.example.com"],
            "a trusted one in front": ["Origin: https://a.example.com.evil.example"], "a trusted one with a port": ["Origin: https://a.example.com:8443"],
            "a trusted one in a path": ["Origin: https://evil.example/.example.com"], "a trusted one behind a question mark": ["Origin: https://evil.example?.example.com"],
            "a trusted one behind #": ["Origin: https://evil.example#.example.com"], "a trusted one behind a user": ["Origin: https://evil.example\\@a.example.com/x"],
            "two in one": [f"Origin: {here}, https://evil.example"], "two fields, the foreign one first": ["Origin: https://evil.example", f"Origin: {here}"],
            "two fields, ours first": [f"Origin: {here}", "Origin: https://evil.example"], "Origin with _": [f"Origin_: {here}"],
            "a Referer of ours": [f"Referer: {here}/"], "Sec-Fetch-Site alone": ["Sec-Fetch-Site: same-origin"], "X-Requested-With": ["X-Requested-With: XMLHttpRequest"],
        }
        cookie = f"Cookie: {SESSION}={BOB.cookie}"
        given = together([lambda fields=fields: at(server, line("POST", "/g/env/env.cgi", [cookie, "Content-Length: 0", *fields])) for fields in rows.values()])
        for (name, _), text in zip(rows.items(), given):
            closed(f"{server}: POST with the cookie and {name}", text)
        own = f"/g/dav/home/{BOB.id}/kept-{server}"
        equals(f"{server}: control: a file is put", 201, ask(server, "PUT", own, BOB.raw, b"kept").status)
        for method in ("PUT", "DELETE", "PATCH", "MKCOL", "MOVE", "COPY", "LOCK", "UNLOCK", "PROPPATCH", "REPORT", "ACL"):
            reply = ask(server, method, own, dict(BOB.by_cookie, Origin="https://evil.example", Destination=own + "2"), b"changed" if method == "PUT" else None)
            judge(f"{server}: {method} with the cookie from another site", reply.status >= 400, reply)
        equals(f"{server}: the file is what it was", b"kept", ask(server, "GET", own, BOB.raw).body)


# --- methods ---


def methods():
    for server in SERVERS:
        size = int(ask(server, "HEAD", "/g/admin/doc.txt", ANN.raw).field("Content-Length") or 0)
        judge(f"{server}: control: HEAD tells Ann the size", size > 0)
        for method in ("get", "Get", "GETX", "XGET", "G\u00cbT", "HEAD", "OPTIONS", "TRACE", "CONNECT", "POST", "PUT", "DELETE", "PATCH", "PROPFIND", "SEARCH",
                       "PURGE", "DEBUG", "TRACK", "ARBITRARY", "\"GET\"", "GET\t", "*"):
            text = at(server, line(method, "/g/admin/doc.txt", [BEARER]))
            closed(f"{server}: {method!r} of what is Ann's", text)
            judge(f"{server}: {method!r} tells nothing of it", f"Content-Length: {size}\r\n".encode() not in text, shown(text))
            if method == "TRACE":
                judge(f"{server}: TRACE shows no credential", BOB.token.encode() not in text, shown(text))
        # Apache keeps the spelling with "_" from everybody, so that it means nothing there.
        for field in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", *["X_HTTP_Method_Override"] * (server == "lighttpd")):
            reply = ask(server, "GET", "/g/readers/doc.txt", dict(BOB.raw, **{field: "DELETE"}))
            closed(f"{server}: {field} in a reader's request", reply)
        for method in ("PUT", "DELETE", "POST", "MOVE", "put"):
            reply = ask(server, method, "/g/readers/doc.txt", BOB.raw, b"" if method != "PUT" else b"changed")
            judge(f"{server}: {method} is not for readers", reply.status >= 400 and TREASURE not in reply.body, reply)
        equals(f"{server}: control: GET is", 200, ask(server, "GET", "/g/readers/doc.txt", BOB.raw).status)


# --- smuggling: one request for the guard, another for who serves ---

HIDDEN = "GET /wiki/smuggled HTTP/1.1\r\nHost: x\r\nX-Remote-User: mallory\r\n\r\n"
CHUNKED = "0\r\n\r\n" + HIDDEN


def smuggled(fields, body, method="POST", target="/wiki/page", credential=True):
    who = [BEARER] if credential else []
    return "\r\n".join([f"{method} {target} HTTP/1.1", "Host: @HOST@", *who, *fields, "", body]).encode()


SMUGGLING = {
    "CL and TE": smuggled([f"Content-Length: {len(CHUNKED)}", "Transfer-Encoding: chunked"], CHUNKED),
    "TE and CL": smuggled(["Transfer-Encoding: chunked", "Content-Length: 4"], f"{len(HIDDEN):x}\r\n{HIDDEN}\r\n0\r\n\r\n"),
    "two lengths, the short one first": smuggled(["Content-Length: 0", f"Content-Length: {len(HIDDEN)}"], HIDDEN),
    "two lengths, the long one first": smuggled([f"Content-Length: {len(HIDDEN)}", "Content-Length: 0"], HIDDEN),
    "two lengths in one": smuggled([f"Content-Length: 0, {len(HIDDEN)}"], HIDDEN),
    "a length with a sign": smuggled([f"Content-Length: +{len(HIDDEN)}"], HIDDEN),
    "a negative length": smuggled(["Content-Length: -1"], HIDDEN),
    "a length in base 16": smuggled([f"Content-Length: 0x{len(HIDDEN):x}"], HIDDEN),
    "a length with a comma": smuggled([f"Content-Length: {len(HIDDEN)},"], HIDDEN),
    "a length beyond all": smuggled(["Content-Length: 18446744073709551616"], HIDDEN),
    "a length with _": smuggled(["Content-Length: 0", f"Content_Length: {len(HIDDEN)}"], HIDDEN, credential=False),
    "a length behind a blank": smuggled([f"Content-Length : {len(HIDDEN)}"], HIDDEN),
    "chunked, identity": smuggled(["Transfer-Encoding: chunked, identity"], CHUNKED),
    "identity, chunked": smuggled(["Transfer-Encoding: identity, chunked", f"Content-Length: {len(CHUNKED)}"], CHUNKED),
    "xchunked": smuggled(["Transfer-Encoding: xchunked", f"Content-Length: {len(CHUNKED)}"], CHUNKED),
    "chunked twice": smuggled(["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"], CHUNKED, credential=False),
    "chunked and cow": smuggled(["Transfer-Encoding: chunked", "Transfer-Encoding: cow", f"Content-Length: {len(CHUNKED)}"], CHUNKED),
    "chunked with _": smuggled(["Transfer_Encoding: chunked", f"Content-Length: {len(CHUNKED)}"], CHUNKED),
    "chunked behind a blank": smuggled(["Transfer-Encoding : chunked", f"Content-Length: {len(CHUNKED)}"], CHUNKED),
    "chunked behind a tab": smuggled(["Transfer-Encoding:\tchunked", f"Content-Length: {len(CHUNKED)}"], CHUNKED),
    "chunked on the next line": smuggled(["Transfer-Encoding:\r\n chunked", f"Content-Length: {len(CHUNKED)}"], CHUNKED),
    "chunked behind a form feed": smuggled(["Transfer-Encoding: \x0bchunked", f"Content-Length: {len(CHUNKED)}"], CHUNKED),
    "chunked in capitals": smuggled(["TRANSFER-ENCODING: CHUNKED", f"Content-Length: {len(CHUNKED)}"], CHUNKED),
    "chunked in HTTP/1.0": smuggled(["Transfer-Encoding: chunked", f"Content-Length: {len(CHUNKED)}"], CHUNKED).replace(b"HTTP/1.1\r\nHost: @", b"HTTP/1.0\r\nHost: @"),
    "a field behind LF alone": smuggled([f"X: y\nTransfer-Encoding: chunked\r\nContent-Length: {len(CHUNKED)}"], CHUNKED),
    "a field behind CR alone": smuggled([f"X: y\rTransfer-Encoding: chunked\r\nContent-Length: {len(CHUNKED)}"], CHUNKED),
    "a size with a sign": smuggled(["Transfer-Encoding: chunked"], "+0\r\n\r\n" + HIDDEN, credential=False),
    "a size in 0x": smuggled(["Transfer-Encoding: chunked"], "0x0\r\n\r\n" + HIDDEN, credential=False),
    "a size beyond all": smuggled(["Transfer-Encoding: chunked"], "10000000000000000\r\n" + HIDDEN),
    "a size of LF alone": smuggled(["Transfer-Encoding: chunked"], "0\n\n" + HIDDEN, credential=False),
    "an extension with a line": smuggled(["Transfer-Encoding: chunked"], f"3;x\n{HIDDEN}\r\nabc\r\n0\r\n\r\n", credential=False),
    "a trailer": smuggled(["Transfer-Encoding: chunked", "Trailer: X-Remote-User"], "0\r\nX-Remote-User: mallory\r\nContent-Length: 9\r\n\r\n" + HIDDEN, credential=False),
    "bytes behind the last chunk": smuggled(["Transfer-Encoding: chunked"], CHUNKED, credential=False),
    "a body of GET": smuggled([], HIDDEN, method="GET", credential=False),
    "a body of GET with its length": smuggled([f"Content-Length: {len(HIDDEN)}"], HIDDEN, method="GET"),
    "a body of HEAD": smuggled([f"Content-Length: {len(HIDDEN)}"], HIDDEN, method="HEAD"),
    "a body of OPTIONS": smuggled([f"Content-Length: {len(HIDDEN)}"], HIDDEN, method="OPTIONS"),
    "a body of what is public": smuggled([f"Content-Length: {len(HIDDEN)}"], HIDDEN, method="GET", target="/wiki/public", credential=False),
    "a request behind a body": smuggled(["Content-Length: 3"], "a=1" + HIDDEN, credential=False),
    "a request behind a public one": smuggled([], HIDDEN, method="GET", target="/wiki/public", credential=False),
    "Expect": smuggled(["Expect: 100-continue", f"Content-Length: {len(HIDDEN)}"], HIDDEN),
    "Expect of something else": smuggled(["Expect: x", "Content-Length: 0"], HIDDEN, credential=False),
    "a line break in the target": b"GET /wiki/public%0d%0a%0d%0aGET%20/wiki/smuggled HTTP/1.1\r\nHost: @HOST@\r\nConnection: close\r\n\r\n",
    "a raw line break in the target": b"GET /wiki/public\nX: HTTP/1.1\r\nHost: @HOST@\r\n\r\n" + HIDDEN.encode(),
    "a blank in the target": b"GET /wiki/public HTTP/1.1\r\nX: /wiki/smuggled HTTP/1.1\r\nHost: @HOST@\r\n\r\n" + HIDDEN.encode(),
    "a request without version": b"GET /wiki/smuggled\r\n",
    "a version of its own": b"GET /wiki/smuggled HTTP/1.2\r\nHost: @HOST@\r\nConnection: close\r\n\r\n",
    "a version beyond": b"GET /wiki/smuggled HTTP/9.9\r\nHost: @HOST@\r\nConnection: close\r\n\r\n",
    "two hosts": b"GET /wiki/smuggled HTTP/1.1\r\nHost: @HOST@\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    "no host": b"GET /wiki/smuggled HTTP/1.1\r\nConnection: close\r\n\r\n",
    "a host with a path": b"GET /smuggled HTTP/1.1\r\nHost: @HOST@/wiki/public\r\nConnection: close\r\n\r\n",
    "a zero byte": b"GET /wiki/smuggled HTTP/1.1\r\nHost: @HOST@\r\nX: \0\r\nConnection: close\r\n\r\n",
    "a field without a name": b"GET /wiki/smuggled HTTP/1.1\r\nHost: @HOST@\r\n: x\r\nConnection: close\r\n\r\n",
    "a line without a colon": b"GET /wiki/smuggled HTTP/1.1\r\nHost: @HOST@\r\nx\r\nConnection: close\r\n\r\n",
    "Connection that names Authorization": smuggled(["Connection: close, Authorization"], "", method="GET", target="/wiki/smuggled", credential=False),
    "Connection that names X-Remote-User": smuggled(["Connection: X-Remote-User, Forwarded, close", "Content-Length: 0"], ""),
    "HTTP/2 by prior knowledge": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0",
}


def log_of_service():
    with open(os.environ["GUARD_SITE"] + "/log/service.log", encoding="latin-1") as file:
        return file.read()


def smuggling():
    for server in SERVERS:
        before = log_of_service().count("/wiki/smuggled")
        text = at(server, line("GET", "/wiki/smuggled", [BEARER]))
        judge(f"{server}: control: the service is reached and writes it down", TREASURE in text and log_of_service().count("/wiki/smuggled") == before + 1, shown(text))
        text = at(server, smuggled(["Content-Length: 3"], "a=1") + line("GET", "/g/files/doc.txt", [BEARER]))
        equals(f"{server}: control: two requests with a credential each are both answered", 2, text.count(TREASURE))
        for name, data in SMUGGLING.items():
            before = log_of_service().count("/wiki/smuggled")
            text = send(server, data.replace(b"@HOST@", SERVERS[server].encode()), 1.5)
            after = log_of_service().count("/wiki/smuggled")
            judge(f"{server}: {name}", before == after and not re.search(rb"HTTP_X_REMOTE_USER=mallory", text), shown(text))
        text = at(server, line("GET", "/wiki/page", [BEARER]))
        judge(f"{server}: afterwards answers are in their order", b"GET /wiki/page" in text and b"smuggled" not in text, shown(text))


# --- the worker alone: what a web server would have to be mad to send ---


def worker():
    good = request_variables("/g/admin/doc.txt", ANN.raw)
    equals("worker: control: Ann comes in", 200, ask_worker(good).status)
    equals("worker: and is named", ANN.id, ask_worker(good).field("Variable-REMOTE_USER"))
    judge("worker: Status is its first line", ask_worker(good).fields[0][0] == "Status" and ask_worker(request_variables("/g/admin/doc.txt")).fields[0][0] == "Status")
    bob = request_variables("/g/admin/doc.txt", BOB.raw)
    readers = request_variables("/g/readers/doc.txt", BOB.raw)
    equals("worker: control: Bob is a reader", 200, ask_worker(readers).status)
    without = lambda name: [pair for pair in good if pair[0] != name]
    rows = {
        "no target": without("REQUEST_URI"), "an empty target": without("REQUEST_URI") + [("REQUEST_URI", "")], "no method": [pair for pair in readers if pair[0] != "REQUEST_METHOD"], "an empty method": request_variables("/g/readers/doc.txt", BOB.raw, ""),
        "no variables": [], "a target without a slash": without("REQUEST_URI") + [("REQUEST_URI", "g/admin")],
        "REMOTE_USER": bob + [("REMOTE_USER", ANN.id)], "Variable-REMOTE_USER": bob + [("Variable-REMOTE_USER", ANN.id)], "AUTH_TYPE": bob + [("AUTH_TYPE", "Bearer")],
        "HTTP_REMOTE_USER": bob + [("HTTP_REMOTE_USER", ANN.id)], "a public SCRIPT_NAME": bob + [("SCRIPT_NAME", "/g/public"), ("PATH_INFO", "/doc.txt")],
        "a public REDIRECT_URI": bob + [("REDIRECT_URI", "/g/public/doc.txt")], "a second target that is public": bob + [("REQUEST_URI", "/g/public/doc.txt")],
        "a second method": request_variables("/g/readers/doc.txt", BOB.raw, "PUT") + [("REQUEST_METHOD", "GET")],
        "two credentials, Ann's second, as two variables": bob + [("HTTP_AUTHORIZATION", "Bearer x")],
        "FCGI_ROLE of a responder": bob + [("FCGI_ROLE", "RESPONDER")], "settings as variables": bob + [("ACCESS_RULES", "/dev/null"), ("BETTER_AUTH_SECRET", "x" * 32)],
        "PATH_TRANSLATED": bob + [("PATH_TRANSLATED", "/g/public/doc.txt")], "a target of 60,000 bytes": request_variables("/g/admin/" + "x" * 60000, BOB.raw),
        "a credential of 60,000 bytes": request_variables("/g/admin/doc.txt", {"Authorization": "Bearer " + "x" * 60000}),
        "a method with a line": request_variables("/g/admin/doc.txt", BOB.raw, "GET\r\nX: y"), "a body's length": bob + [("CONTENT_LENGTH", "100000")],
    }
    for name, variables in rows.items():
        reply = ask_worker(variables)
        judge(f"worker: {name}", reply.status not in (0, 200, 204), reply)
    reply = ask_worker(good, role=1)
    judge("worker: as a responder it opens nothing", reply.status >= 400 and not reply.field("Variable-REMOTE_USER"), reply)
    reply = ask_worker(good, role=3)
    judge("worker: as a filter it opens nothing", reply.status != 200, reply)
    reply = ask_worker(request_variables("/g/files/doc.txt", BOB.bearer(name="x\r\nVariable-REMOTE_USER: " + ANN.id)))
    equals("worker: a name with a line adds no variable", [BOB.id], [value for name, value in reply.fields if name == "Variable-REMOTE_USER"])
    reply = ask_worker(request_variables("/g/files/doc.txt", BOB.bearer(name="x" * 3000)))
    judge("worker: a long name makes no long answer", reply.status == 200 and sum(len(value) for _, value in reply.fields) < 4000, reply.status)
    reply = ask_worker(request_variables("/g/files/doc.txt", dict(Accept="text/html")))
    judge("worker: a refusal names nobody", reply.status == 302 and not [name for name, _ in reply.fields if name.startswith("Variable-")], reply)
    equals("worker: afterwards it still serves", 200, ask_worker(good).status)


# --- nobody there to ask ---


def absent():
    """Called while the guard's workers are away."""
    for server in SERVERS:
        for path in ("/g/files/doc.txt", "/g/public/doc.txt", "/wiki/page", "/g/env/env.cgi", "/g/env/both.php", f"/g/home/{ANN.id}/doc.txt"):
            reply = ask(server, "GET", path, ANN.raw)
            judge(f"{server}: without a guard {path.replace(ANN.id, 'ID')} is closed", reply.status == (503 if server == "lighttpd" else 500) and
                  TREASURE not in reply.body and b"said to be public" not in reply.body, reply)
        reply = ask(server, "PUT", f"/g/dav/home/{ANN.id}/absent", ANN.raw, b"x")
        judge(f"{server}: without a guard nothing is written", reply.status >= 500, reply)
        equals(f"{server}: what is not guarded is there", 200, ask(server, "GET", "/open/doc.txt").status)


def no_database():
    """Called while the database is away."""
    for server in SERVERS:
        for name, fields in (("a session", ANN.raw), ("a cookie", ANN.by_cookie), ("a signed session", ANN.signed_token)):
            reply = ask(server, "GET", "/g/files/doc.txt", fields)
            judge(f"{server}: without a database {name} is 503", reply.status == 503 and TREASURE not in reply.body, reply)
        equals(f"{server}: what is public is there", 200, ask(server, "GET", "/g/public/doc.txt").status)


def killed():
    """Workers are killed while they wait for the database, which is held up."""
    calls = [lambda server=server: ask(server, "GET", "/g/files/doc.txt", ANN.raw) for server in SERVERS for _ in range(3)]
    for reply in together(calls):
        judge("a worker that is killed while it is asked opens nothing", reply.status >= 500 and TREASURE not in reply.body, reply)


def back():
    for server in SERVERS:
        for kind, fields in ANN.credentials.items():
            equals(f"{server}: control: {kind} opens again", 200, ask(server, "GET", "/g/files/doc.txt", fields).status)


GROUPS = {"paths": paths, "lookalikes": lookalikes, "second_protocol": second_protocol, "fields": fields, "others": others, "false_credentials": false_credentials, "claims": claims, "origins": origins,
          "methods": methods, "smuggling": smuggling, "worker": worker, "absent": absent, "no_database": no_database, "killed": killed, "back": back}
if __name__ == "__main__":
    GROUPS[sys.argv[1]]()
