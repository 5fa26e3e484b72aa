# SPDX-License-Identifier: Apache-2.0
"""A client of the notifier.

usage: notify_client.py listen URL [--seconds N] [--field NAME=VALUE]... [--subprotocol TEXT]...
       notify_client.py answers PORT TARGET...

listen prints each message on a line of its own, and at the end "closed CODE REASON", or "refused STATUS". After
N seconds it goes away by itself. A subprotocol that the server chose is printed first. answers sends a handshake
for each target, in which \\x01 is a byte, and prints the status of the answer and the target.
"""
import argparse
import asyncio
import socket

import websockets


async def print_messages(arguments):
    fields = [tuple(field.split("=", 1)) for field in arguments.field]
    # Without pings: what stays open is the doing of others.
    async with websockets.connect(arguments.url, ping_interval=None, close_timeout=2,
                                  extra_headers=fields, subprotocols=arguments.subprotocol or None) as connection:
        if connection.subprotocol:
            print(f"subprotocol {connection.subprotocol}", flush=True)
        async for message in connection:
            print(message, flush=True)
        print(f"closed {connection.close_code} {connection.close_reason}", flush=True)


async def listen(arguments):
    try:
        await asyncio.wait_for(print_messages(arguments), arguments.seconds)
    except asyncio.TimeoutError:
        print("left", flush=True)
    except websockets.ConnectionClosed as closed:
        print(f"closed {closed.code} {closed.reason}", flush=True)
    except websockets.InvalidStatusCode as refused:
        print(f"refused {refused.status_code}", flush=True)


def answer_to(port, target):
    """First line of what the server says, or what is wrong with the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"GET " + target + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n"
                           b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                           b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        try:
            received = connection.recv(4096)
        except OSError as problem:
            return str(problem)
    return received.split(b"\r\n")[0].decode("latin-1") or "closed without an answer"


def answers(arguments):
    for target in arguments.targets:
        sent = target.encode("latin-1").decode("unicode_escape").encode("latin-1")
        words = answer_to(arguments.port, sent).split(" ")
        print(words[1] if words[0].startswith("HTTP/") else " ".join(words), target[:60])


parser = argparse.ArgumentParser()
deeds = parser.add_subparsers(dest="deed", required=True)
listening = deeds.add_parser("listen")
listening.add_argument("url")
listening.add_argument("--seconds", type=float, default=30)
listening.add_argument("--field", action="append", default=[])
listening.add_argument("--subprotocol", action="append", default=[])
asking = deeds.add_parser("answers")
asking.add_argument("port", type=int)
asking.add_argument("targets", nargs="+")
parsed = parser.parse_args()
if parsed.deed == "listen":
    asyncio.run(listen(parsed))
else:
    answers(parsed)
