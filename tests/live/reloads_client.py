#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Ask again and again on connections that are kept for a while, without ever trying twice, and count.

usage: reloads_client.py HOST PORT PATH TOKEN [--at-once N] [--kept N]

Goes on until SIGTERM. A connection that the server closes between two requests, without a byte of an
answer, is its right (RFC 9112 section 9.3.1); anything else that is no answer is a request lost:
  answered    status 200 with the whole body
  unexpected  another status
  closed      a kept connection was closed before any byte of an answer
  refused     no connection, or the first request on it met its end
  cut         an answer ended before its end
"""
import argparse
import signal
import socket
import sys
import threading
import time

KINDS = ("answered", "unexpected", "closed", "refused", "cut")
stop = threading.Event()


class Cut(Exception):
    """The connection ended inside an answer."""


def read_more(connection, received):
    piece = connection.recv(65536)
    if not piece:
        raise Cut if received else ConnectionResetError
    return received + piece


def read_chunks(connection, rest):
    """The rest of a chunked body, to its last chunk."""
    while True:
        while b"\r\n" not in rest:
            rest = read_more(connection, rest or b" ").lstrip(b" ")
        size = int(rest.split(b"\r\n", 1)[0], 16)
        rest = rest.split(b"\r\n", 1)[1]
        while len(rest) < size + 2:
            rest = read_more(connection, rest or b" ")
        rest = rest[size + 2:]
        if size == 0:
            return


def read_answer(connection):
    """Status, and whether the server keeps the connection. ConnectionError: not a byte came."""
    received = b""
    try:
        while b"\r\n\r\n" not in received:
            received = read_more(connection, received)
        head, body = received.split(b"\r\n\r\n", 1)
        fields = {}
        for line in head.split(b"\r\n")[1:]:
            name, value = line.split(b":", 1)
            fields[name.strip().lower()] = value.strip().lower()
        if fields.get(b"transfer-encoding") == b"chunked":
            read_chunks(connection, body)
        else:
            length = int(fields[b"content-length"])
            while len(body) < length:
                body = read_more(connection, body or b" ").lstrip(b" ")
    except (ConnectionError, socket.timeout):
        if received:
            raise Cut from None
        raise
    return int(head.split(b" ", 2)[1]), fields.get(b"connection") != b"close"


def ask(options, request, counts):
    connection, asked = None, 0
    while not stop.is_set():
        try:
            if connection is None:
                asked = 0
                connection = socket.create_connection((options.host, options.port), timeout=30)
            connection.sendall(request)
            status, kept = read_answer(connection)
            counts["answered" if status == 200 else "unexpected"] += 1
            asked += 1
            if kept and asked < options.kept:
                continue
        except Cut:
            counts["cut"] += 1
        except (ConnectionError, socket.timeout) as error:
            counts["closed" if asked > 0 else "refused"] += 1
            if asked == 0:
                print(f"reloads_client: {error!r}", file=sys.stderr)
        if connection is not None:
            connection.close()
            connection = None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("path")
    parser.add_argument("token")
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--kept", type=int, default=20)
    options = parser.parse_args()
    request = (f"GET {options.path} HTTP/1.1\r\nHost: {options.host}:{options.port}\r\n"
               f"Authorization: Bearer {options.token}\r\n\r\n").encode()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    counts = [dict.fromkeys(KINDS, 0) for _ in range(options.at_once)]
    threads = [threading.Thread(target=ask, args=(options, request, each)) for each in counts]
    for thread in threads:
        thread.start()
    while not stop.is_set():
        time.sleep(0.1)
    for thread in threads:
        thread.join()
    for kind in KINDS:
        print(kind, sum(each[kind] for each in counts))


if __name__ == "__main__":
    main()
