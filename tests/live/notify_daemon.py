# SPDX-License-Identifier: Apache-2.0
"""A WebSocket daemon that answers what it is told, and a client of it.

usage: notify_daemon.py serve PORT
       notify_daemon.py talk URL TEXT

The daemon's first message says how it was asked. It repeats texts; of some it does something else.
"""
import asyncio
import sys

import websockets


async def answer(connection, path):
    port = connection.request_headers["Host"].rsplit(":", 1)[-1]
    await connection.send(f"path {path}; host {port}")
    async for text in connection:
        if text == "close":
            await connection.close(4001, "bad token")
        else:
            await connection.send(text)


async def serve(port):
    # Without pings: what stays open is the web server's doing.
    async with websockets.serve(answer, "127.0.0.1", port, ping_interval=None):
        print("ready", flush=True)
        await asyncio.Future()


async def talk(url, text):
    try:
        async with websockets.connect(url, ping_interval=None) as connection:
            seen = await connection.recv()
            if text == "later":
                await asyncio.sleep(3)
            if text == "long":
                await connection.send("x" * 100000)
                return str(len(await connection.recv()))
            await connection.send(text)
            return f"{seen}; {await connection.recv()}"
    except websockets.ConnectionClosed as closed:
        return f"closed {closed.rcvd.code} {closed.rcvd.reason}"
    except Exception as problem:  # the caller compares texts
        return f"failed: {problem}"


if sys.argv[1] == "serve":
    asyncio.run(serve(int(sys.argv[2])))
else:
    print(asyncio.run(talk(sys.argv[2], sys.argv[3])))
