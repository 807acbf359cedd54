"""Subscriptions: how long an event takes to a subscriber at another replica, and what idle ones take of memory."""

import base64
import http.client
import json
import os
import socket
import time

from . import dataset, load, machine
from .machine import Failure
from .waymark import Waymark

PART = "live"
EVENTS = 100
# The server lets in that many of one caller by default.
IDLE = 1_000
SUBSCRIPTION = f'subscription {{ suggestionEvents(platformKey: "{dataset.BIG}") {{ cursor node {{ action }} }} }}'
UPDATE = ("mutation($input: ProgramSuggestionCreateInput!) { programSuggestionCreate(input: $input)"
          " { outcome userErrors { code } } }")


class _Stream:
    """A subscription over server-sent events."""

    def __init__(self, server, key):
        self.connection = http.client.HTTPConnection(*server.address.rsplit(":", 1), timeout=30)
        self.connection.request("POST", "/graphql", json.dumps({"query": SUBSCRIPTION}), {
            "Content-Type": "application/json", "Accept": "text/event-stream", "Authorization": f"Api-Token {key}"})
        self.answer = self.connection.getresponse()
        if self.answer.status != 200:
            raise Failure(f"subscribing: {self.answer.status} {self.answer.read()[:500]!r}")

    def event(self):
        """Waits for the next one; answers when it came."""
        while True:
            line = self.answer.readline()
            if line.startswith(b"data:") and b"suggestionEvents" in line:
                return time.perf_counter()
            if not line:
                raise Failure("the subscription ended")

    def close(self):
        """Hangs up."""
        self.connection.close()


def _web_socket(server, key):
    """An idle subscription over a WebSocket."""
    host, port = server.address.rsplit(":", 1)
    stream = socket.create_connection((host, int(port)), timeout=30)
    nonce = base64.b64encode(os.urandom(16)).decode()
    stream.sendall((f"GET /graphql HTTP/1.1\r\nHost: {server.address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {nonce}\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n").encode())
    if b" 101 " not in stream.recv(4096):
        raise Failure("a WebSocket was refused")
    for message in ({"type": "connection_init", "payload": {"Authorization": f"Api-Token {key}"}},
                    {"type": "subscribe", "id": "1", "payload": {"query": SUBSCRIPTION}}):
        text = json.dumps(message).encode()
        head = bytes([0x81]) + (bytes([0x80 | len(text)]) if len(text) < 126 else bytes([0xFE]) + len(text).to_bytes(2, "big"))
        stream.sendall(head + bytes(4) + text)
        if message["type"] == "connection_init" and b"connection_ack" not in stream.recv(4096):
            raise Failure("a WebSocket was not acknowledged")
    return stream


def _subscriptions(server):
    return server.client.metric("waymark_subscriptions")


def run(chosen, data, urls, folder, report, say):
    """On PostgreSQL, with two replicas."""
    key = data.keys["postgres"][dataset.BIG]
    servers = [Waymark(data.binary, urls["postgres"], folder, f"live-{number}", {"WAYMARK_SUBSCRIPTIONS_CONNECTIONS": str(2 * IDLE)})
               for number in range(2)]
    here, there = servers
    rounds = []
    try:
        program, user = dataset.user_suggestion(0)
        suggested = {"platformKey": dataset.BIG, "programKey": dataset.program_key(dataset.BIG, program), "user": {"databaseId": str(user)}}
        stream = _Stream(there, key)
        while _subscriptions(there) < 1:
            time.sleep(0.01)
        for number in range(EVENTS + 5):
            with machine.Watch() as watch:
                began = time.perf_counter()
                answer, took = here.client.ask(UPDATE, {"input": {**suggested, "message": f"Number {number}"}}, key)
                if answer["programSuggestionCreate"]["outcome"] != "UPDATED":
                    raise Failure(f"nothing was changed: {answer}")
                arrived = stream.event() - began
            if number >= 5:
                rounds.append(load.Round("event", 1, arrived, {"Waymark": 0.0}, watch, answered_ms=took * 1000))
        stream.close()
        say(f"  an event: {sorted(1000 / one.rate for one in rounds)[EVENTS // 2]:.1f} ms")
        # What the allocator took for the events above is no subscriber's.
        before = machine.own_memory(there.pid)
        sockets = [_web_socket(there, key) for _ in range(IDLE)]
        while _subscriptions(there) < IDLE:
            time.sleep(0.05)
        idle = machine.own_memory(there.pid) - before
        say(f"  {IDLE} idle subscriptions: {idle:.1f} MiB")
        for one in sockets:
            one.close()
    finally:
        for server in servers:
            server.stop()
    taken = sorted(1000 / one.rate for one in rounds)
    report.target("from the request at one replica to the subscriber at another", f"{taken[len(taken) // 2]:.1f} ms ({taken[0]:.1f} to {taken[-1]:.1f})",
                  "median at most 200 ms", taken[len(taken) // 2] <= 200)
    report.target(f"{IDLE:,} idle subscriptions over WebSockets", f"{idle:.1f} MiB", "at most 20 MiB", idle <= 20)
