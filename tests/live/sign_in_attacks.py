# SPDX-License-Identifier: Apache-2.0
#
# The attempts of sign-in-attacks.sh, one group at a time: each is a function below, named as the group.
#
# usage: python3 sign_in_attacks.py GROUP HINT      with GATEPOST_TEST_URL and the rest in the environment

import base64
import email
import email.utils
import glob
import hashlib
import hmac
import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse

SITE = os.environ["GATEPOST_TEST_URL"]
SECRET = os.environ["BETTER_AUTH_SECRET"].encode()
PLACE = urllib.parse.urlsplit(SITE)
BASE = "/api/auth"
SESSION = "better-auth.session_token"
PASSWORD = "correct horse battery"
OTHER_SECRET = b"another secret, as long as it has to be, but not ours"
made = 0

# --- judging ---


def judge(name, good, given=""):
    print(("ok - " if good else "not ok - ") + name)
    if not good:
        for line in str(given).splitlines()[:20]:
            print("#   " + line[:400])
        print("#   " + sys.argv[2])


def equals(name, expected, given):
    judge(name, expected == given, f"expected: {expected}\ngiven: {given}")


# --- asking ---


class Answer:
    def __init__(self, response, body, seconds):
        self.status = response.status
        self.fields = response.getheaders()
        self.body = body
        self.seconds = seconds

    def field(self, name):
        return next((value for key, value in self.fields if key.lower() == name.lower()), None)

    def cookie(self, name):
        for key, value in self.fields:
            if key.lower() == "set-cookie" and value.startswith(name + "="):
                return value.split(";")[0].split("=", 1)[1]
        return None

    def json(self):
        return json.loads(self.body)

    def __str__(self):
        return f"{self.status} {self.body[:300]!r} {self.fields}"


class CgiAnswer(Answer):
    """Lines are taken as a web server takes them: at each LF, with or without CR."""

    def __init__(self, given):
        head, self.body = re.split(rb"\r?\n\r?\n", given, maxsplit=1)
        lines = [line.partition(":") for line in re.split(r"\r?\n", head.decode())]
        self.fields = [(name, value.strip()) for name, _, value in lines]
        self.status = int((self.field("Status") or "200").split()[0])


def ask(method, path, body=None, fields=None, source=None):
    """A request over a connection of its own. A body that is no text is sent as JSON."""
    fields = dict(fields or {})
    if body is not None and not isinstance(body, (str, bytes)):
        body = json.dumps(body)
    if isinstance(body, str):
        body = body.encode()
    if body is not None:
        fields.setdefault("Content-Type", "application/json")
    connection = http.client.HTTPConnection(
        PLACE.hostname, PLACE.port, timeout=20, source_address=(source, 0) if source else None
    )
    connection.connect()
    began = time.monotonic()
    connection.request(method, path, body, fields)
    response = connection.getresponse()
    text = response.read()
    answer = Answer(response, text, time.monotonic() - began)
    connection.close()
    return answer


def ask_program(path, query):
    """A GET that no web server has looked at: the program itself, by CGI."""
    directory = os.path.dirname(os.environ["GATEPOST_TEST_LETTERS"]) + "/cgi-state"
    os.makedirs(directory, 0o700, exist_ok=True)
    given = subprocess.run(
        [os.environ["GATEPOST_BUILD"] + "/gatepost-auth.fcgi"], check=True, capture_output=True, stdin=subprocess.DEVNULL,
        env={
            "GATEPOST_ENV": os.environ["GATEPOST_ENV"], "STATE_DIRECTORY": directory,
            "GATEWAY_INTERFACE": "CGI/1.1", "REQUEST_METHOD": "GET", "SERVER_PROTOCOL": "HTTP/1.1", "SCRIPT_NAME": "",
            "PATH_INFO": BASE + path, "REQUEST_URI": BASE + path + "?" + query, "QUERY_STRING": query,
            "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": PLACE.netloc,
        },
    ).stdout
    return CgiAnswer(given)


def post(path, body=None, fields=None, source=None):
    return ask("POST", BASE + path, {} if body is None else body, fields, source)


def at_once(*calls):
    """What the calls return, which begin together."""
    barrier = threading.Barrier(len(calls))
    given = [None] * len(calls)

    def run(i):
        barrier.wait()
        try:
            given[i] = calls[i]()
        except OSError as error:
            given[i] = error

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def statuses(answers):
    return sorted(getattr(answer, "status", 0) for answer in answers)


def sql(statement):
    return subprocess.run(
        ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", os.environ["GATEPOST_TEST_OWNER_URL"], "-c", statement],
        check=True, capture_output=True, text=True,
    ).stdout.strip()


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def counts():
    return sql('select (select count(*) from public."user"), (select count(*) from public.session),'
               " (select count(*) from public.account)")


# --- people ---


class Person:
    """A new user, signed in once."""

    def __init__(self, name="Ann", password=PASSWORD):
        global made
        made += 1
        self.email = f"{sys.argv[1].replace('_', '-')}-{os.getpid()}-{made}@example.com"
        self.password = password
        answer = post("/sign-up/email", {"name": name, "email": self.email, "password": password})
        if answer.status != 200:
            raise RuntimeError(f"no new user: {answer}")
        self.id = answer.json()["user"]["id"]
        self.keep(answer)

    def keep(self, answer):
        self.token = answer.json()["token"]
        self.value = answer.cookie(SESSION) or answer.cookie("__Secure-" + SESSION)
        self.cookie = {"Cookie": f"{SESSION}={self.value}"}
        self.ours = dict(self.cookie, Origin=SITE)

    def sign_in(self, password=None, fields=None):
        return post("/sign-in/email", {"email": self.email, "password": password or self.password}, fields)

    def row(self, column):
        return sql(f'select "{column}" from public."user" where id = {quoted(self.id)}')

    def state(self):
        """All that an attack could change of them."""
        return sql(
            f'select u.name, u.email, u.image, a.password, (select string_agg(s.token, \',\' order by s.token)'
            f' from public.session s where s."userId" = u.id) from public."user" u'
            f' join public.account a on a."userId" = u.id where u.id = {quoted(self.id)}'
        )


def session_of(fields, source=None):
    return ask("GET", BASE + "/get-session", None, fields, source)


def letter_to(address, known=()):
    """The newest letter to an address, once it is there."""
    for _ in range(100):
        for name in set(glob.glob(os.environ["GATEPOST_TEST_LETTERS"] + "/*.letter")) - set(known):
            with open(name, "rb") as file:
                letter = email.message_from_binary_file(file)
            if letter["To"] and address in letter["To"]:
                return letter
        time.sleep(0.05)
    raise RuntimeError("no letter to " + address)


def letters():
    return glob.glob(os.environ["GATEPOST_TEST_LETTERS"] + "/*.letter")


def url_in(letter):
    return re.search(r"https?://\S+", letter.get_payload(decode=True).decode()).group(0)


# --- tokens and cookies of an attacker's own ---


def signed(value, secret=SECRET):
    signature = base64.b64encode(hmac.new(secret, value.encode(), hashlib.sha256).digest()).decode()
    return urllib.parse.quote(f"{value}.{signature}", safe="")


def base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def jwt(claims, header=None, secret=SECRET):
    header = header or {"alg": "HS256"}
    text = base64url(json.dumps(header).encode()) + "." + base64url(json.dumps(claims).encode())
    if header["alg"] == "none":
        return text + "."
    return text + "." + base64url(hmac.new(secret, text.encode(), hashlib.sha256).digest())


# --- 1: races ---


def races():
    address = f"race-{os.getpid()}@example.com"
    body = {"name": "Ann", "email": address, "password": PASSWORD}
    given = at_once(*[lambda: post("/sign-up/email", body) for _ in range(8)])
    equals("of eight sign-ups of one address at once one is made", [200] + [422] * 7, statuses(given))
    equals("it has one user", "1", sql(f'select count(*) from public."user" where email = {quoted(address)}'))
    equals("and one account", "1", sql(
        f'select count(*) from public.account a join public."user" u on u.id = a."userId" where u.email = {quoted(address)}'))
    equals("and one session", "1", sql(
        f'select count(*) from public.session s join public."user" u on u.id = s."userId" where u.email = {quoted(address)}'))
    for number in range(3):
        ann = Person()
        known = letters()
        post("/request-password-reset", {"email": ann.email, "redirectTo": "/"})
        token = urllib.parse.urlsplit(url_in(letter_to(ann.email, known))).path.rsplit("/", 1)[1]
        news = ["the first new password", "the second new password"]
        given = at_once(*[lambda new=new: post("/reset-password", {"newPassword": new, "token": token}) for new in news])
        equals(f"a reset token works once, {number}", [200, 400], statuses(given))
        one_password_works(f"after the reset, {number}", ann, news, given)
    for number in range(3):
        ann = Person()
        news = ["the first new password", "the second new password"]
        given = at_once(*[lambda new=new: post(
            "/change-password", {"currentPassword": PASSWORD, "newPassword": new}, ann.ours) for new in news])
        equals(f"an old password is changed once, {number}", [200, 400], statuses(given))
        one_password_works(f"after the change, {number}", ann, news, given)


def one_password_works(name, ann, news, given):
    expected = [answer.status if answer.status == 200 else 401 for answer in given]
    equals(f"{name} the password of the one that was told so signs in", expected, [ann.sign_in(new).status for new in news])
    equals(f"{name} the old one does not", 401, ann.sign_in(PASSWORD).status)


# --- 2: timing ---


def timing():
    """A difference shows in the median and in the lower quartile; noise of a busy machine seldom in both."""
    ann = Person()
    began = time.monotonic()
    for _ in range(3):
        known, unknown = [], []
        for number in range(40):
            pair = [(known, ann.email), (unknown, f"nobody-{number:03}-{os.getpid()}@example.com")]
            for times, address in pair if number % 2 == 0 else reversed(pair):
                times.append(post("/sign-in/email", {"email": address, "password": "not the password"}))
        refused = {answer.status for answer in known + unknown}
        bodies = {answer.body for answer in known + unknown}
        first, second = (statistics.quantiles([answer.seconds for answer in times], n=4)[:2] for times in (known, unknown))
        alike = any(abs(two / one - 1) <= 0.05 for one, two in zip(first, second))
        if alike or time.monotonic() - began > 25:
            break
    equals("a wrong password and an unknown address are refused alike", ({401}, 1), (refused, len(bodies)))
    judge("and take as long", alike, f"lower quartile and median in seconds: known {first}, unknown {second}")


# --- 4: pages of other sites ---


def csrf():
    ann = Person()
    foreign = "https://evil.example"
    endpoints = {
        "/sign-out": {},
        "/revoke-session": {"token": ann.token},
        "/revoke-sessions": {},
        "/revoke-other-sessions": {},
        "/change-password": {"currentPassword": PASSWORD, "newPassword": "the attacker's own", "revokeOtherSessions": True},
        "/update-user": {"name": "Mallory", "image": foreign},
        "/delete-user": {"password": PASSWORD},
    }
    pages = {
        "no Origin": {},
        "the Origin null": {"Origin": "null"},
        "the Origin null of another site": {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        "a foreign Origin": {"Origin": foreign},
        "a foreign Referer": {"Referer": foreign + "/page"},
        "a foreign Origin and our Referer": {"Origin": foreign, "Referer": SITE + "/"},
        "our host's name in front": {"Origin": SITE + ".evil.example"},
        "our host as a user": {"Origin": SITE + "@evil.example"},
        "another port": {"Origin": f"http://{PLACE.hostname}:1"},
    }
    ann.sign_in()  # another session to be ended
    before = ann.state()
    for path, body in endpoints.items():
        for page, fields in pages.items():
            # A form cannot send JSON; neither is it to pass.
            for kind in ("application/json", "text/plain"):
                answer = post(path, body, dict(ann.cookie, **fields, **{"Content-Type": kind}))
                if kind == "application/json" or answer.status not in (400, 403, 415):
                    equals(f"{path} with {page} is refused, as {kind}", 403, answer.status)
        equals(f"{path}: nothing is changed", before, ann.state())
    equals("our own page may", 200, post("/update-user", {"name": "Bea"}, ann.ours).status)
    equals("and what it says is done", "Bea", ann.row("name"))
    navigation = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    script = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}
    form = urllib.parse.urlencode({"email": ann.email, "password": PASSWORD})
    before = ann.state()
    for name, fields in {
        "a form of another site": dict(navigation, Origin=foreign),
        "a form of another site without Origin": navigation,
        "a form of another site that says it is ours": dict(navigation, Origin=SITE),
        "a script of another site": dict(script, Origin=foreign),
        "a script of another site without Origin": script,
        "a form in a frame without origin": dict(navigation, Origin="null"),
    }.items():
        equals(f"{name} does not sign in", 403, ann.sign_in(fields=fields).status)
        fields = dict(fields, **{"Content-Type": "application/x-www-form-urlencoded"})
        equals(f"{name} does not sign in by fields", 403, post("/sign-in/email", form, fields).status)
    equals("no session was begun", before, ann.state())


# --- 5: forged cookies ---


def is_null(name, answer):
    equals(name, (200, b"null"), (answer.status, answer.body.strip()))


def forgery():
    ann = Person()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    value = urllib.parse.unquote(ann.value)
    equals("our own signature is theirs", value, urllib.parse.unquote(signed(ann.token)))
    judge("the cookie is a session", session_of(ann.cookie).body != b"null")
    token, signature = value.rsplit(".", 1)
    taken = []
    for at, letter in enumerate(signature):
        place = alphabet.find(letter)
        # The last letter has bits that no byte holds: they count, too.
        for other in ("A",) if place < 0 else (alphabet[place ^ 1], alphabet[place ^ 32]):
            forged = f"{token}.{signature[:at]}{other}{signature[at + 1:]}"
            for fields in ({"Cookie": f"{SESSION}={urllib.parse.quote(forged, safe='')}"}, {"Authorization": f"Bearer {forged}"}):
                answer = session_of(fields)
                if (answer.status, answer.body) != (200, b"null"):
                    taken.append((at, other, answer.status, list(fields)))
    equals("no character of the signature can be another", [], taken)
    unremembered = post("/sign-in/email", {"email": ann.email, "password": PASSWORD, "rememberMe": False})
    reminder = unremembered.cookie("better-auth.dont_remember")
    judge("a session of the browser has its reminder", reminder is not None, unremembered)
    id = sql(f"select id from public.session where token = {quoted(ann.token)}")
    for name, forged in {
        "a signature with another secret": signed(ann.token, OTHER_SECRET),
        "a signature with no secret": signed(ann.token, b""),
        "the reminder's value": reminder,
        "a signature for another token": signed("x" * 32).replace("x" * 32, ann.token),
        "a token without signature": ann.token,
        "a token with an empty signature": ann.token + ".",
        "a signature without padding": urllib.parse.quote(value.rstrip("="), safe=""),
        "a signature for base64url": urllib.parse.quote(value.rstrip("=") + "%3D", safe=""),
        "a well signed user id": signed(ann.id),
        "a well signed session id": signed(id),
        "a well signed nothing": signed(""),
        "a well signed pattern": signed("%"),
    }.items():
        is_null(f"{name} is no session", session_of({"Cookie": f"{SESSION}={forged}"}))
        answer = post("/revoke-sessions", {}, {"Cookie": f"{SESSION}={forged}", "Origin": SITE})
        equals(f"{name} does not act", 401, answer.status)
    is_null("the name of a secure cookie is not ours on http", session_of({"Cookie": f"__Secure-{SESSION}={ann.value}"}))
    judge("after all this the cookie is a session", session_of(ann.cookie).body != b"null")


def secure_cookies():
    ann = Person()
    secure = {"Cookie": f"__Secure-{SESSION}={ann.value}"}
    judge("on https the secure cookie is a session", session_of(secure).body != b"null")
    is_null("on https a bare name is none", session_of(ann.cookie))
    is_null("nor with another prefix", session_of({"Cookie": f"__Host-{SESSION}={ann.value}"}))
    is_null("nor in other letters", session_of({"Cookie": f"__secure-{SESSION}={ann.value}"}))
    judge("a forged bare one does not hide it",
          session_of({"Cookie": f"{SESSION}=x; {secure['Cookie']}"}).body != b"null")


# --- 6: sessions chosen by somebody else ---


def fixation():
    ann, eve = Person(), Person("Eve")
    chosen = "c" * 32
    tokens = {ann.token, eve.token}
    cookies = {
        "somebody's session": eve.value,
        "an unsigned token": chosen,
        "a signed token that is no session": signed(chosen),
        "their own session": ann.value,
    }
    for name, value in cookies.items():
        answer = ann.sign_in(fields={"Cookie": f"{SESSION}={value}", "Origin": SITE})
        equals(f"with {name} one signs in", 200, answer.status)
        token = answer.json().get("token")
        judge(f"with {name} one has a new session", token and token not in tokens and chosen not in token, answer)
        equals(f"with {name} the cookie is that session", token, urllib.parse.unquote(answer.cookie(SESSION)).split(".")[0])
        tokens.add(token)
    equals("a chosen token is nowhere", "0", sql(f"select count(*) from public.session where token = {quoted(chosen)}"))
    equals("the other's session is still theirs", eve.id, session_of(eve.cookie).json()["user"]["id"])
    for field in ("token", "sessionToken", "id", "userId"):
        answer = post("/sign-in/email", {"email": ann.email, "password": PASSWORD, field: chosen})
        judge(f"{field} in a body is not heeded", answer.status != 200 or answer.json()["token"] != chosen, answer)


# --- 7: SQL ---


def sql_payloads(ann):
    return [
        "'", "\"", "' or '1'='1", "' or 1=1 --", f"{ann.email}' --", "'; delete from public.session; --",
        "'); drop table public.\"user\"; --", "x' union select id, token, null from public.session --",
        "\\'; select pg_sleep(3); --", "' || pg_sleep(3) || '", "$1", "$$; truncate public.session; $$", "%", "_%",
        "'\u0000or true", "\u02bc or 1=1 --", "{1,2}",
    ]


def statements():
    ann = Person()
    ann.sign_in()
    requests = []
    endpoints = {
        "/sign-in/email": {"email": ann.email, "password": "wrong password", "callbackURL": "/", "rememberMe": "false"},
        "/sign-up/email": {"name": "Ann", "email": ann.email, "password": PASSWORD, "image": "x", "callbackURL": "/"},
        "/sign-out": {"extra": ""},
        "/revoke-session": {"token": "nobody's"},
        "/change-password": {"currentPassword": "wrong password", "newPassword": PASSWORD},
        "/update-user": {"name": "Ann", "image": "x"},
        "/delete-user": {"password": "wrong password", "token": "x", "callbackURL": "/"},
        "/request-password-reset": {"email": "nobody@example.com", "redirectTo": "/"},
        "/reset-password": {"newPassword": PASSWORD, "token": "nobody's"},
        "/send-verification-email": {"email": "nobody@example.com", "callbackURL": "/"},
    }
    queries = {
        "/get-session": ["disableCookieCache", "disableRefresh"],
        "/list-sessions": ["disableCookieCache"],
        "/token": ["disableCookieCache"],
        "/jwks": ["kid"],
        "/verify-email": ["token", "callbackURL"],
        "/error": ["error", "error_description"],
        "/ok": ["x"],
    }
    for text in sql_payloads(ann):
        encoded = urllib.parse.quote(text, safe="")
        for path, body in endpoints.items():
            fields = {} if path == "/sign-out" else ann.ours
            for name in body:
                if (path, name) in (("/sign-out", "extra"),):
                    requests.append((path, "Cookie", lambda t=encoded: post(
                        "/sign-out", {}, {"Cookie": f"{SESSION}={t}", "Origin": SITE})))
                    continue
                requests.append((path, name, lambda p=path, b=dict(body, **{name: text}), f=fields: post(p, b, f)))
        for path, names in queries.items():
            for name in names:
                requests.append((path, name, lambda p=f"{BASE}{path}?{name}={encoded}": ask("GET", p, None, ann.cookie)))
        requests.append(("/reset-password/:token", "token", lambda t=encoded: ask(
            "GET", f"{BASE}/reset-password/{t}?callbackURL=/")))
        for value in (encoded, signed(text)):
            requests.append(("/get-session", "Cookie", lambda v=value: session_of({"Cookie": f"{SESSION}={v}"})))
        if text.isprintable() and text.isascii():
            for name in ("Authorization", "User-Agent", "X-Forwarded-For", "Origin"):
                value = ("Bearer " if name == "Authorization" else "") + text
                requests.append(("/get-session", name, lambda n=name, v=value: session_of({n: v})))
    before = counts()
    problems, slow = [], []
    for path, name, call in requests:
        answer = call()
        if answer.status >= 500 or (
            answer.status >= 400 and re.search(rb"syntax error|SQLSTATE|relation \"", answer.body)
        ):
            problems.append(f"{path} {name}: {answer}")
        if answer.seconds > 2.5:
            slow.append(f"{path} {name}: {answer.seconds}")
    equals(f"of {len(requests)} requests with SQL in them none is an error", [], problems)
    equals("none makes the database wait", [], slow)
    equals("users, sessions and accounts are as many as before", before, counts())
    text = "'; delete from public.session; --"
    post("/update-user", {"name": text}, ann.ours)
    equals("a name with SQL in it is stored as it is", text, ann.row("name"))
    equals("the password is the same", 200, ann.sign_in().status)


# --- 8: sizes and letters ---


def sizes():
    ann = Person()
    long = "a" * ((1 << 20) - 200)
    before = counts()
    equals("a password of almost 1 MiB is wrong", 401, ann.sign_in(long).status)
    answer = post("/sign-up/email", {"name": "A", "email": "long@example.com", "password": long})
    equals("and too long to be set", 400, answer.status)
    for path in ("/sign-in/email", "/sign-up/email"):
        answer = post(path, {"name": "A", "email": ann.email, "password": "a" * (2 << 20)})
        equals(f"{path} does not take a body of 2 MiB", 413, answer.status)
    wide = ann.email.replace("@", "\uff20")
    for path in ("/sign-in/email", "/sign-up/email", "/request-password-reset", "/send-verification-email"):
        answer = post(path, json.dumps({"name": "A", "email": wide, "password": PASSWORD}, ensure_ascii=False))
        equals(f"{path} does not take a wide @", 400, answer.status)
    equals("nothing was made", before, counts())
    for one, two in (("\uff50\uff41\uff53\uff53word\uff11\uff12", "password12"), ("\ufb03 e\u0301 \u212b ngstrom", "ffi \u00e9 \u00c5 ngstrom")):
        for mine, typed in ((one, two), (two, one)):
            bea = Person(password=mine)
            given = [bea.sign_in(typed).status, bea.sign_in(mine).status, bea.sign_in(typed + "x").status]
            equals(f"{mine} and {typed} are one password", [200, 200, 401], given)


# --- 9: links and tokens ---


def refused_links(ann, tokens):
    for name, token in tokens.items():
        answer = ask("GET", f"{BASE}/verify-email?token={token}")
        equals(f"{name} proves no address", (401, "f"), (answer.status, ann.row("emailVerified")))
        answer = ask("GET", f"{BASE}/verify-email?callbackURL=/&token={token}")
        judge(f"{name} leads back with an error", answer.status == 302 and "error=" in answer.field("Location"), answer)


def links():
    ann = Person()
    now = int(time.time())
    claims = {"email": ann.email, "iat": now, "exp": now + 3600}
    minted = subprocess.run([os.environ["GATEPOST_TEST_TOKEN_PROGRAM"], "mint", "--sub", ann.id, "--email", ann.email],
                            check=True, capture_output=True, text=True).stdout.strip()
    good = jwt(claims)
    refused_links(ann, {
        "an access token": minted,
        "a token with a user": jwt(dict(claims, sub=ann.id)),
        "a token with an empty user": jwt(dict(claims, sub=None)),
        "a token with a type": jwt(dict(claims, type="access")),
        "a token that changes the address": jwt(dict(claims, updateTo="eve@example.com")),
        "a token of two steps": jwt(dict(claims, requestType="change-email-verification", updateTo="eve@example.com")),
        "a token without signature": jwt(claims, {"alg": "none"}),
        "a token with our signature that says none": jwt(claims, {"alg": "none"}) + good.rsplit(".", 1)[1],
        "a token of another secret": jwt(claims, secret=OTHER_SECRET),
        "a token of yesterday": jwt(dict(claims, iat=now - 90000, exp=now - 86400)),
        "a token that ended just now": jwt(dict(claims, exp=now - 1)),
        "a token without end": jwt({"email": ann.email, "iat": now}),
        "a token whose end is text": jwt(dict(claims, exp=str(now + 3600))),
        "a token without address": jwt({"iat": now, "exp": now + 3600}),
        "a token of a list": jwt([ann.email]),
        "a token that says HS512": jwt(claims, {"alg": "HS512"}),
        "a token with a critical field": jwt(claims, {"alg": "HS256", "crit": ["exp"]}),
        "nothing": "",
    })
    answer = ask("GET", f"{BASE}/token", None, ann.cookie)
    token = answer.json()["token"]
    equals("/token is of EdDSA", "EdDSA", json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))["alg"])
    equals("the API takes it", 200, ask("GET", "/tasks", None, {"Authorization": "Bearer " + token}).status)
    refused_links(ann, {"an EdDSA token": token})
    equals("the API does not take a link's token", 401, ask("GET", "/tasks", None, {"Authorization": "Bearer " + good}).status)
    known = letters()
    post("/send-verification-email", {"email": ann.email}, ann.ours)
    link = urllib.parse.urlsplit(url_in(letter_to(ann.email, known)))
    answer = ask("GET", f"{link.path}?{link.query}")
    equals("the link in the letter proves the address", (302, "t"), (answer.status, ann.row("emailVerified")))


def shared_secret_tokens():
    ann = Person()
    token = ask("GET", f"{BASE}/token", None, ann.cookie).json()["token"]
    equals("/token is of HS256", "HS256", json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))["alg"])
    equals("the API takes it", 200, ask("GET", "/tasks", None, {"Authorization": "Bearer " + token}).status)
    refused_links(ann, {"an HS256 token": token})


# --- 10: line breaks ---


def breaks():
    ann = Person()
    known = letters()
    text = "/x\r\nX-Injected: yes\r\nSet-Cookie: injected=yes\r\n\r\n<p>"
    encoded = urllib.parse.quote(text, safe="")
    now = int(time.time())
    link = jwt({"email": ann.email, "iat": now, "exp": now + 3600})
    answers = {
        "callbackURL of sign-in": ann_sign_in(ann, text),
        "callbackURL of sign-in, LF alone": ann_sign_in(ann, text.replace("\r", "")),
        "callbackURL of sign-in, CR alone": ann_sign_in(ann, text.replace("\n", "")),
        "callbackURL of a letter": post("/send-verification-email", {"email": ann.email, "callbackURL": text}),
        "redirectTo": post("/request-password-reset", {"email": ann.email, "redirectTo": text}),
        "callbackURL of sign-up": post("/sign-up/email", {"name": "A", "email": ann.email, "password": PASSWORD, "callbackURL": text}),
        "callbackURL of verify-email": ask_program("/verify-email", f"token=x&callbackURL={encoded}"),
        "callbackURL of a good link": ask_program("/verify-email", f"token={link}&callbackURL={encoded}"),
        "callbackURL of reset-password": ask_program("/reset-password/x", f"callbackURL={encoded}"),
        "token of reset-password": ask_program("/reset-password/" + text.replace("/", ""), "callbackURL=/"),
        "token of reset-password, percent-encoded": ask_program("/reset-password/" + encoded.replace("%2F", ""), "callbackURL=/"),
        "error_description": ask_program("/error", f"error=x&error_description={encoded}"),
        "error": ask_program("/error", f"error={encoded}"),
        "callbackURL, through the web server": ask("GET", f"{BASE}/verify-email?token=x&callbackURL={encoded}"),
        "error_description, through the web server": ask("GET", f"{BASE}/error?error=x&error_description={encoded}"),
        "Content-Type": post("/sign-in/email", "{}", {"Content-Type": "text/html;\tx"}),
        "name of a user": post("/update-user", {"name": text, "image": text}, ann.ours),
        "session of that user": session_of(ann.cookie),
        "token of that user": ask("GET", f"{BASE}/token", None, ann.cookie),
    }
    for name, answer in answers.items():
        names = [key.lower() for key, value in answer.fields]
        added = "x-injected" in names or any(value.startswith("injected=") for _, value in answer.fields)
        judge(f"line breaks in {name} add no field", not added and answer.status < 500, answer)
        broken = [value for _, value in answer.fields if re.search(r"[\r\n\0]", value)]
        equals(f"line breaks in {name} are in no field", [], broken)
    page = answers["error_description"].body
    judge("the page of errors holds no element of others", b"&#60;p&#62;" in page and b"<p>/x" in page, page)
    name = "Ann\r\nBcc: eve@example.com\r\n\r\n.\r\nFrom x"
    bea = Person(name)
    post("/request-password-reset", {"email": bea.email, "redirectTo": "/"})
    ordinary = ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type",
                "Content-Transfer-Encoding", "Auto-Submitted"]
    letter = letter_to(bea.email, known)
    equals("a name with line breaks adds no field to a letter", ordinary, letter.keys())
    equals("the letter goes to one person", [bea.email], [address for _, address in email.utils.getaddresses([letter["To"]])])
    equals("nothing in it is broken", [], letter.defects)
    judge("its first words are ours", letter.get_payload(decode=True).decode().startswith("Hello Ann"), letter)
    for path in ("/sign-up/email", "/request-password-reset", "/send-verification-email", "/sign-in/email"):
        for address in (f"{bea.email}\r\nBcc: eve@example.com", f"{bea.email}\nX: y", f"{bea.email},eve@example.com"):
            equals(f"{path} does not take {address!r}", 400,
                   post(path, {"name": "A", "email": address, "password": PASSWORD}).status)


def ann_sign_in(ann, callback):
    return post("/sign-in/email", {"email": ann.email, "password": PASSWORD, "callbackURL": callback})


# --- 3: limits ---


def guess(address, source=None, forwarded=None, path="/sign-in/email"):
    fields = {"X-Forwarded-For": forwarded} if forwarded else {}
    return post(path, {"email": address, "password": "not the password"}, fields, source)


def is_refused(name, answers):
    equals(f"{name}: the fourth guess is refused", [401, 401, 401, 429], [answer.status for answer in answers])
    last = answers[-1]
    after = last.field("Retry-After") or ""
    judge(f"{name}: it says when to come back", after.isdigit() and 1 <= int(after) <= 10, last)
    equals(f"{name}: in both fields", after, last.field("X-Retry-After"))


def is_quick(name, answers):
    quickest = min(answer.seconds for answer in answers)
    equals(f"{name}: all are refused", {429}, {answer.status for answer in answers})
    judge(f"{name}: without a hash", quickest < 0.02, f"{quickest * 1000:.1f} ms")


def limits():
    one = "127.0.0.2"
    is_refused("one address", [guess(f"l{i}@example.com", one) for i in range(4)])
    is_quick("one address", [guess(f"m{i}@example.com", one) for i in range(5)])
    equals("one address cannot use the other way in", 429, guess("l@example.com", one, path="/signin").status)
    equals("another address is heard", 401, guess("l@example.com", "127.0.0.3").status)
    is_refused("an address that says it is many",
               [guess(f"n{i}@example.com", "127.0.0.4", f"203.0.113.{i}") for i in range(4)])
    is_quick("an address that says it is many", [guess("n@example.com", "127.0.0.4", f"198.51.100.{i}") for i in range(5)])
    several = at_once(*[lambda i=i: guess(f"o{i}@example.com", "127.0.0.5") for i in range(8)])
    equals("of eight guesses at once three are heard", [401] * 3 + [429] * 5, statuses(several))
    is_refused("one account from many addresses", [guess("p@example.com", f"127.0.1.{i}") for i in range(1, 5)])
    is_quick("one account from many addresses", [guess("P@Example.com", f"127.0.2.{i}") for i in range(1, 6)])


def proxies():
    is_refused("one client of a proxy", [guess(f"q{i}@example.com", None, "203.0.113.1") for i in range(4)])
    equals("another client of it is heard", 401, guess("q@example.com", None, "203.0.113.2").status)
    equals("an address put in front does not help", 429, guess("q@example.com", None, "203.0.113.9, 203.0.113.1").status)
    is_refused("one account through a proxy", [guess("r@example.com", None, f"198.51.100.{i}") for i in range(4)])
    is_quick("one account through a proxy", [guess("R@example.com", None, f"192.0.2.{i}") for i in range(5)])
    is_refused("who is no proxy", [guess(f"s{i}@example.com", "127.0.0.6", f"203.0.113.{100 + i}") for i in range(4)])


GROUPS = {
    "races": races, "timing": timing, "csrf": csrf, "forgery": forgery, "secure_cookies": secure_cookies,
    "fixation": fixation, "sql": statements, "sizes": sizes, "links": links,
    "shared_secret_tokens": shared_secret_tokens, "breaks": breaks, "limits": limits, "proxies": proxies,
}
if __name__ == "__main__":
    GROUPS[sys.argv[1]]()
