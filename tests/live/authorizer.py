# SPDX-License-Identifier: Apache-2.0
#
# What gatepost-authorizer.fcgi opens, and what the applications behind it learn, one group at a time.
#
# usage: python3 authorizer.py GROUP HINT      with the rest in the environment, as authorizer.sh has it

import json
import sys
import urllib.parse

from guarded_site import SERVERS, SITE, TREASURE, ask, equals, judge, people

ALL = people()
ANN, BOB = ALL["ann"], ALL["bob"]


def rules():
    """Each kind of credential at each kind of rule."""
    by_token = {"role": "admin", "staff": True}
    for server in SERVERS:
        for person, opens in (
            (ANN, {"files", "admin", "mail", "domain", "name", "readers", "dav/shared"}),
            (BOB, {"files", "readers", "dav/shared"}),
        ):
            for kind, fields in person.credentials.items():
                given = {place for place in ("files", "admin", "mail", "domain", "name", "readers", "other", "claim", "boolean")
                         if TREASURE in ask(server, "GET", f"/g/{place}/doc.txt", fields).body}
                equals(f"{server}: {kind} of {person.name} opens what it should", sorted(opens - {"dav/shared"}), sorted(given))
                equals(f"{server}: {kind} of {person.name} opens the own folder", 404,
                       ask(server, "GET", f"/g/home/{person.id}/x", fields).status)
                equals(f"{server}: and none of another", 403, ask(server, "GET", "/g/home/nobody/doc.txt", fields).status)
        for place in ("claim", "boolean"):
            equals(f"{server}: a claim of a token opens {place}", 200,
                   ask(server, "GET", f"/g/{place}/doc.txt", BOB.bearer(**by_token)).status)
        equals(f"{server}: a rule for one file is closed to others", (200, 403), tuple(
            ask(server, "GET", "/g/files/boss.txt", person.raw).status for person in (ANN, BOB)))
        equals(f"{server}: a name with a blank", 200, ask(server, "GET", "/g/files/a%20b.txt", ANN.raw).status)
        equals(f"{server}: a method that no rule has", 403, ask(server, "POST", "/g/readers/doc.txt", ANN.raw, b"x").status)
        equals(f"{server}: HEAD is a reader", 200, ask(server, "HEAD", "/g/readers/doc.txt", BOB.raw).status)
        equals(f"{server}: what is public is for everybody", (200, 200, 200), tuple(
            ask(server, "GET", path).status for path in ("/g/public/doc.txt", "/g/public/", "/wiki/public")))
        equals(f"{server}: what is public by itself is not public below", (200, 403), tuple(
            ask(server, "GET", path).status for path in ("/g/once.txt", "/g/once.txt/x")))
        equals(f"{server}: a bad credential does no harm there", 200,
               ask(server, "GET", "/g/public/doc.txt", {"Authorization": "Bearer no"}).status)
        equals(f"{server}: a folder's page", 200, ask(server, "GET", "/g/files/", ANN.raw).status)
        equals(f"{server}: what is not guarded is not asked about", (200, 200), tuple(
            ask(server, "GET", path).status for path in ("/open/doc.txt", "/gx/doc.txt")))


def refusals():
    for server in SERVERS:
        for name, fields, path, status in (
            ("no credential", {}, "/g/files/doc.txt", 401),
            ("a bad one", {"Authorization": "Bearer no"}, "/g/files/doc.txt", 401),
            ("a bad cookie", {"Cookie": "better-auth.session_token=no.no"}, "/g/files/doc.txt", 401),
            ("somebody else", BOB.raw, "/g/admin/doc.txt", 403),
            ("no rule", ANN.raw, "/g/other/doc.txt", 403),
            ("two slashes", ANN.raw, "/g//files/doc.txt", 400),
        ):
            reply = ask(server, "GET", path, fields)
            equals(f"{server}: {name} is {status}", status, reply.status)
            try:
                detail = set(json.loads(reply.body))
            except ValueError:
                detail = reply.body
            equals(f"{server}: {name} is explained in JSON", {"detail"}, detail)
            if server == "lighttpd":  # Apache's module has its own idea of the type
                equals(f"{server}: {name} is labelled as JSON", "application/json", (reply.field("Content-Type") or "").split(";")[0])
            if status == 401:
                judge(f"{server}: {name} is told the scheme", (reply.field("WWW-Authenticate") or "").startswith("Bearer"), reply)


def browsers():
    page = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    login = SITE + "/login"
    for server in SERVERS:
        here = "http://" + SERVERS[server]
        for method in ("GET", "HEAD"):
            reply = ask(server, method, "/g/files/doc.txt?a=1&b=%20", page)
            equals(f"{server}: {method} by a browser leads to the login page", 302, reply.status)
            place = urllib.parse.urlsplit(reply.field("Location") or "")
            equals(f"{server}: which is the one that was set", login, urllib.parse.urlunsplit(place[:3] + ("", "")))
            equals(f"{server}: and it leads back", [here + "/g/files/doc.txt?a=1&b=%20"],
                   urllib.parse.parse_qs(place.query).get("callbackURL"))
        equals(f"{server}: a form is not led away", 401, ask(server, "POST", "/g/files/doc.txt", page, b"a=1").status)
        equals(f"{server}: who is signed in is not led away", 403, ask(server, "GET", "/g/admin/doc.txt", dict(page, **BOB.by_cookie)).status)
        for name, target, fields in (
            ("a foreign Host", "/g/files/doc.txt", {"Host": "evil.example"}),
            ("a Host that begins like ours", "/g/files/doc.txt", {"Host": SERVERS[server] + ".evil.example"}),
            ("a Host with ours as user", "/g/files/doc.txt", {"Host": SERVERS[server] + "@evil.example"}),
            ("X-Forwarded-Host", "/g/files/doc.txt", {"X-Forwarded-Host": "evil.example"}),
            ("Forwarded", "/g/files/doc.txt", {"Forwarded": "host=evil.example"}),
            ("a query with an address", "/g/files/doc.txt?callbackURL=https://evil.example/", {}),
            ("two slashes in front", "//evil.example/g/files/doc.txt", {}),
            ("a backslash in front", "/\\evil.example/g/files/doc.txt", {}),
            ("a line break", "/g/files/doc.txt?%0d%0aLocation:%20https://evil.example/", {}),
        ):
            reply = ask(server, "GET", target, dict(page, **fields))
            place = urllib.parse.urlsplit(reply.field("Location") or login)
            back = urllib.parse.parse_qs(place.query).get("callbackURL", ["/"])
            good = urllib.parse.urlunsplit(place[:3] + ("", "")) in (login,) and len(back) == 1 and (
                urllib.parse.urlsplit(back[0]).netloc in ("", SERVERS[server]) and not back[0].startswith(("//", "/\\")))
            judge(f"{server}: {name} leads nowhere else", good and TREASURE not in reply.body, reply)


EMPTY = {"REMOTE_USER": "", "AUTH_TYPE": "", "GATEPOST_EMAIL": "", "GATEPOST_NAME": "", "GATEPOST_EXPIRES": ""}


def applications():
    for server in SERVERS:
        for person in (ANN, BOB):
            for kind, fields in person.credentials.items():
                for program in ("env.cgi", "both.php"):
                    reply = ask(server, "GET", f"/g/env/{program}", fields)
                    given = {name: reply.variable(name) for name in EMPTY if name != "GATEPOST_EXPIRES"}
                    expected = {"REMOTE_USER": person.id, "AUTH_TYPE": "Cookie" if "Cookie" in fields else "Bearer",
                                "GATEPOST_EMAIL": person.email, "GATEPOST_NAME": person.name}
                    equals(f"{server}: {program} knows {person.name} by {kind}", expected, given)
                    expires = reply.variable("GATEPOST_EXPIRES") or ""
                    judge(f"{server}: {program} knows when {kind} ends", isinstance(expires, str) and expires.isdigit(), reply)
        reply = ask(server, "GET", "/g/public/env.cgi", ANN.raw)
        equals(f"{server}: a public program knows nobody", EMPTY, {name: reply.variable(name) for name in EMPTY})
        body = b"a=1&b=" + b"x" * 100000
        reply = ask(server, "POST", "/g/env/both.php", dict(ANN.raw, **{"Content-Type": "text/plain"}), body)
        equals(f"{server}: a body reaches the program whole", body.decode(), reply.variable("body"))
        for person in (ANN, BOB):
            reply = ask(server, "GET", "/wiki/page", person.by_cookie)
            equals(f"{server}: a proxied service knows {person.name}", (person.id, person.email),
                   (reply.variable("HTTP_X_REMOTE_USER"), reply.variable("HTTP_X_REMOTE_EMAIL")))
            if server == "lighttpd":
                equals(f"{server}: and by Forwarded", f'remote_user="{person.id}"', (reply.variable("HTTP_FORWARDED") or "").split(";")[-1])
        reply = ask(server, "GET", "/wiki/public", ANN.by_cookie)
        judge(f"{server}: a public page of it knows nobody", not reply.variable("HTTP_X_REMOTE_USER") and
              "remote_user" not in (reply.variable("HTTP_FORWARDED") or ""), reply)
        equals(f"{server}: and nobody else gets in", 401, ask(server, "GET", "/wiki/page").status)


def webdav():
    for server in SERVERS:
        here = f"http://{SERVERS[server]}"
        own = f"/g/dav/home/{BOB.id}"
        foreign = f"/g/dav/home/{ANN.id}"
        equals(f"{server}: WebDAV makes a folder", 201, ask(server, "MKCOL", own + f"/{server}", BOB.raw).status)
        own += f"/{server}"
        equals(f"{server}: and a file", 201, ask(server, "PUT", own + "/a", BOB.raw, b"of Bob").status)
        equals(f"{server}: which is there", b"of Bob", ask(server, "GET", own + "/a", BOB.by_cookie).body)
        equals(f"{server}: and listed", 207, ask(server, "PROPFIND", own + "/", dict(BOB.raw, Depth="1")).status)
        equals(f"{server}: and moved", 201, ask(server, "MOVE", own + "/a", dict(BOB.raw, Destination=here + own + "/b")).status)
        equals(f"{server}: and copied", 201, ask(server, "COPY", own + "/b", dict(BOB.raw, Destination=here + own + "/c")).status)
        ask(server, "PUT", f"{foreign}/{server}-kept", ANN.raw, b"of Ann")
        # A folder that both may use, with one in it that is Ann's alone.
        shared, inner = "/g/dav/shared", "/g/dav/shared/boss/kept"
        ask(server, "PUT", inner, ANN.raw, b"of Ann")
        equals(f"{server}: what is shared may be listed", 207, ask(server, "PROPFIND", shared + "/", dict(BOB.raw, Depth="1")).status)
        equals(f"{server}: and written", True, ask(server, "PUT", shared + "/a", BOB.raw, b"of Bob").status in (201, 204))
        for name, status, method, target, destination in (
            ("a folder deleted with what is another's in it", 403, "DELETE", shared, None),
            ("a folder moved with it", 403, "MOVE", shared, here + own + "/all"),
            ("a folder copied with it", 403, "COPY", shared, here + own + "/all"),
            ("the folder above all deleted", 403, "DELETE", "/g", None),
            ("a folder put over one with it", 403, "MOVE", own + "/c", here + shared),
            ("a move into a foreign folder", 403, "MOVE", own + "/b", here + foreign + "/x"),
            ("a copy into it", 403, "COPY", own + "/b", here + foreign + "/x"),
            ("a move into it by path", 403, "MOVE", own + "/b", foreign + "/x"),
            ("a move over a file there", 403, "MOVE", own + "/b", f"{here}{foreign}/{server}-kept"),
            ("a move with dots", 400, "MOVE", own + "/b", f"{here}{own}/../../{ANN.id}/x"),
            ("a move with encoded dots", 400, "MOVE", own + "/b", f"{here}{own}/%2e%2e/%2e%2e/{ANN.id}/x"),
            ("a move with an encoded slash", 400, "MOVE", own + "/b", f"{here}{own}/..%2f..%2f{ANN.id}/x"),
            ("a move to a place without a rule", 403, "MOVE", own + "/b", here + "/open/x"),
            ("a move to another host", 400, "MOVE", own + "/b", "http://evil.example" + own + "/x"),
            ("a copy out of a foreign folder", 403, "COPY", f"{foreign}/{server}-kept", here + own + "/x"),
            ("a foreign file put", 403, "PUT", foreign + "/x", None),
            ("a foreign file deleted", 403, "DELETE", f"{foreign}/{server}-kept", None),
            ("a foreign folder listed", 403, "PROPFIND", foreign + "/", None),
            ("all folders listed at once", 403, "PROPFIND", "/g/dav/", None),
            ("a lock of a foreign folder", 403, "LOCK", foreign + "/", None),
        ):
            fields = dict(BOB.raw, Destination=destination) if destination else BOB.raw
            body = b"of Mallory" if method == "PUT" else None
            equals(f"{server}: {name} is refused", status, ask(server, method, target, fields, body).status)
        equals(f"{server}: the foreign file is what it was", b"of Ann", ask(server, "GET", f"{foreign}/{server}-kept", ANN.raw).body)
        equals(f"{server}: and the one in the shared folder", b"of Ann", ask(server, "GET", inner, ANN.raw).body)
        equals(f"{server}: nothing came beside it", 404, ask(server, "GET", foreign + "/x", ANN.raw).status)
        equals(f"{server}: a cookie deletes nothing for another site", 403,
               ask(server, "DELETE", own + "/b", dict(BOB.by_cookie, Origin="https://evil.example")).status)
        equals(f"{server}: for our own it does", 204,
               ask(server, "DELETE", own + "/b", dict(BOB.by_cookie, Origin=here)).status)


def checker():
    """mod_fcgid's access checker: less than the others carry."""
    server = "apache"
    equals("mod_fcgid: opens to whom the rules say", 200, ask(server, "GET", "/h/doc.txt", ANN.raw).status)
    for name, fields in (("no credential", {}), ("somebody else", BOB.raw), ("a browser", {"Accept": "text/html"})):
        reply = ask(server, "GET", "/h/doc.txt", fields)
        equals(f"mod_fcgid: {name} is 401", 401, reply.status)
        judge(f"mod_fcgid: {name} sees nothing", TREASURE not in reply.body)
    reply = ask(server, "GET", "/h/env.cgi", BOB.by_cookie)
    equals("mod_fcgid: a program knows the caller", (BOB.id, BOB.email, "Cookie"),
           tuple(reply.variable(name) for name in ("REMOTE_USER", "GATEPOST_EMAIL", "AUTH_TYPE")))
    shown = [name for name, _ in reply.fields if name.lower().startswith("variable-")]
    equals("mod_fcgid: the client is not shown the variables", [], shown)


GROUPS = {"rules": rules, "refusals": refusals, "browsers": browsers, "applications": applications, "webdav": webdav,
          "checker": checker}
GROUPS[sys.argv[1]]()
