# SPDX-License-Identifier: Apache-2.0
#
# What the tests of gatepost-authorizer.fcgi share: the two servers in front of the site, its workers without
# a server, and the people who knock. Run by itself it makes the people: python3 guarded_site.py people HINT

import concurrent.futures
import http.client
import json
import os
import re
import socket
import struct
import time
import urllib.parse

import sign_in_attacks as sign_in
# Some of these are for those who import this.
from sign_in_attacks import SECRET, SESSION, SITE, equals, judge, jwt, quoted, signed, sql  # noqa: F401

SERVERS = {"lighttpd": os.environ.get("GUARD_LIGHTTPD", ""), "apache": os.environ.get("GUARD_APACHE", "")}
PEOPLE = os.environ["GUARD_PEOPLE"]
TREASURE = b"TREASURE"


class Held:
    """Somebody with every kind of credential."""

    def __init__(self, facts):
        self.__dict__.update(facts)
        self.raw = {"Authorization": "Bearer " + self.token}
        self.signed_token = {"Authorization": "Bearer " + urllib.parse.unquote(self.cookie)}
        self.by_cookie = {"Cookie": f"{SESSION}={self.cookie}"}
        self.eddsa = {"Authorization": "Bearer " + self.public_key_token}
        self.hs256 = self.bearer()
        self.credentials = {
            "an HS256 token": self.hs256, "an EdDSA token": self.eddsa, "a session token": self.raw,
            "a signed session token": self.signed_token, "a session cookie": self.by_cookie,
        }

    def claims(self, **more):
        now = int(time.time())
        claims = {"sub": self.id, "email": self.email, "emailVerified": True, "name": self.name,
                  "iat": now, "exp": now + 600}
        claims.update(more)
        return {name: value for name, value in claims.items() if value != "absent"}

    def bearer(self, **more):
        return {"Authorization": "Bearer " + jwt(self.claims(**more))}


def people():
    with open(PEOPLE, encoding="utf-8") as file:
        return {name: Held(facts) for name, facts in json.load(file).items()}


def make_people():
    made = {}
    for key, name, email in (("ann", "Ann", "ann@example.com"), ("bob", "Bob", "bob@example.org")):
        person = sign_in.Person(name)
        sql(f'update public."user" set email = {quoted(email)}, "emailVerified" = true where id = {quoted(person.id)}')
        token = sign_in.ask("GET", sign_in.BASE + "/token", None, person.cookie).json()["token"]
        made[key] = {"id": person.id, "email": email, "name": name, "token": person.token, "cookie": person.value,
                     "public_key_token": token}
    with open(PEOPLE, "w", encoding="utf-8") as file:
        json.dump(made, file)
    print(made["ann"]["id"], made["bob"]["id"])


# --- asking a server ---


class Reply:
    def __init__(self, status, fields, body):
        self.status = status
        self.fields = fields
        self.body = body

    def field(self, name):
        return next((value for key, value in self.fields if key.lower() == name.lower()), None)

    def variable(self, name):
        """What the program behind the guard found in its environment."""
        found = re.findall(rb"^" + name.encode() + rb"=(.*)$", self.body, re.M)
        return found[0].decode() if len(found) == 1 else found or None

    def __str__(self):
        return f"{self.status} {self.fields} {self.body[:600]!r}"


def ask(server, method, target, fields=None, body=None):
    connection = http.client.HTTPConnection(SERVERS[server], timeout=20)
    connection.request(method, target, body, fields or {})
    response = connection.getresponse()
    reply = Reply(response.status, response.getheaders(), response.read())
    connection.close()
    return reply


def send(server, data, seconds=4):
    """All that comes back for some bytes, however much that is."""
    host, port = SERVERS[server].split(":")
    given = b""
    end = time.monotonic() + seconds
    with socket.create_connection((host, int(port)), timeout=seconds) as connection:
        try:
            connection.sendall(data)
            while time.monotonic() < end:
                connection.settimeout(max(0.05, end - time.monotonic()))
                part = connection.recv(65536)
                if not part:
                    break
                given += part
        except (TimeoutError, ConnectionError):
            pass
    return given


# --- asking a worker, as a web server would ---


def pairs(variables):
    data = b""
    for name, value in variables:
        name, value = (text if isinstance(text, bytes) else text.encode() for text in (name, value))
        for text in (name, value):
            data += bytes([len(text)]) if len(text) < 128 else struct.pack(">I", len(text) | 0x80000000)
        data += name + value
    return data


def record(kind, data):
    return struct.pack(">BBHHBB", 1, kind, 1, len(data), 0, 0) + data


def ask_worker(variables, role=2, seconds=6):
    """Variables are pairs, of which a name may come twice."""
    data = pairs(variables)
    out = record(1, struct.pack(">HB5x", role, 0))
    out += b"".join(record(4, data[i:i + 32768]) for i in range(0, len(data), 32768)) + record(4, b"")
    out += b"" if role == 2 else record(5, b"")  # an authorizer gets no body, not even an empty one
    given = b""
    with socket.create_connection(("127.0.0.1", int(os.environ["GUARD_WORKER"])), timeout=seconds) as connection:
        connection.sendall(out)
        try:
            while True:
                part = connection.recv(65536)
                if not part:
                    break
                given += part
        except (TimeoutError, ConnectionError):
            pass
    text = b""
    while len(given) >= 8:
        _, kind, _, length, padding, _ = struct.unpack(">BBHHBB", given[:8])
        if kind == 6:
            text += given[8:8 + length]
        given = given[8 + length + padding:]
    head, _, body = text.partition(b"\r\n\r\n")
    lines = [line.decode("latin-1").partition(":") for line in head.split(b"\r\n")]
    fields = [(name, value.strip()) for name, _, value in lines]
    status = fields[0][1].split()[0] if fields and fields[0][0].lower() == "status" else "0"
    return Reply(int(status), fields, body)


def request_variables(target, fields=None, method="GET"):
    variables = [("REQUEST_METHOD", method), ("REQUEST_URI", target), ("SERVER_PROTOCOL", "HTTP/1.1"),
                 ("GATEWAY_INTERFACE", "CGI/1.1"), ("REMOTE_ADDR", "127.0.0.1"), ("HTTP_HOST", SERVERS["lighttpd"])]
    return variables + [("HTTP_" + name.upper().replace("-", "_"), value) for name, value in (fields or {}).items()]


def together(calls):
    """Results in order; a few at a time, because some attempts wait for a server to give up."""
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda call: call(), calls))


if __name__ == "__main__":
    make_people()
