"""Waymark as a process, and a client for it."""

import http.client
import json
import os
import re
import signal
import subprocess
import time
from urllib.parse import urlsplit

from .machine import Failure

LIST_QUERY = (
    "query($platformKey: String!, $page: Int!) { programGroupSuggestionPage(platformKey: $platformKey, page: $page,"
    " pageSize: 20) { count nextPage previousPage results { id databaseId accepted visible created modified metadata"
    " userCount group { databaseId name } program { key name } } } }"
)


def environment(url):
    """Settings as shipped, but for what is named here; nothing from the caller's environment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WAYMARK_")}
    return {**kept, "WAYMARK_DATABASE_URL": url, "WAYMARK_LISTEN": "127.0.0.1:0", "WAYMARK_LOG_FORMAT": "json"}


def command(binary, url, folder, *arguments, stdin=None):
    """Runs a subcommand; answers standard output."""
    done = subprocess.run([binary, *arguments], cwd=folder, env=environment(url), stdin=stdin, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"waymark {' '.join(arguments)}: {done.stderr.strip()}{done.stdout.strip()}")
    return done.stdout.strip()


class Waymark:
    """`waymark serve`, with its log in a file."""

    def __init__(self, binary, url, folder, name, more=None):
        self.log = folder / f"{name}.log"
        began = time.monotonic()
        with self.log.open("w") as log:
            self.process = subprocess.Popen([binary, "serve"], cwd=folder, env={**environment(url), **(more or {})},
                                            stdin=subprocess.DEVNULL, stderr=log)
        self.pid = self.process.pid
        address = None
        while address is None:
            if self.process.poll() is not None or time.monotonic() - began > 60:
                raise Failure(f"waymark serve did not start; its log is {self.log}")
            for line in self.log.read_text().splitlines():
                if '"address":"' in line:
                    address = json.loads(line)
            if address is None:
                time.sleep(0.001)
        self.address = address.get("address") or address["fields"]["address"]
        self.client = Client(f"http://{self.address}/graphql")
        while self.client.status("/readyz") != 200:
            if time.monotonic() - began > 60:
                raise Failure(f"waymark serve is not ready; its log is {self.log}")
            time.sleep(0.001)
        self.start_up = time.monotonic() - began

    def stop(self):
        """Stops it."""
        self.client.close()
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(timeout=60) != 0:
            raise Failure(f"waymark serve ended with {self.process.returncode}; its log is {self.log}")


class Client:
    """Posts GraphQL over one connection."""

    def __init__(self, url):
        self.url = urlsplit(url)
        self.connection = http.client.HTTPConnection(self.url.hostname, self.url.port, timeout=120)
        self.used = 0.0

    def status(self, path):
        """The status of a GET."""
        self.connection.request("GET", path)
        answer = self.connection.getresponse()
        answer.read()
        return answer.status

    def metric(self, name, **labels):
        """The sum of a metric over the series that have these labels."""
        self.connection.request("GET", "/metrics")
        text = self.connection.getresponse().read().decode()
        wanted = [f'{label}="{value}"' for label, value in labels.items()]
        return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines()
                   if re.match(rf"{name}[{{ ]", line) and all(one in line for one in wanted))

    def send(self, body, key=None):
        """The answer to a body that is JSON text already, and the seconds it took."""
        headers = {"Content-Type": "application/json"}
        if key is not None:
            headers["Authorization"] = f"Api-Token {key}"
        # The server hangs up on who says nothing for a while, as during the rounds.
        if time.monotonic() - self.used > 5:
            self.connection.close()
        began = time.perf_counter()
        self.connection.request("POST", self.url.path, body, headers)
        answer = self.connection.getresponse()
        self.used = time.monotonic()
        text = answer.read()
        took = time.perf_counter() - began
        if answer.status != 200:
            raise Failure(f"{self.url.geturl()} answered {answer.status}: {text[:500]!r}")
        return text, took

    def ask(self, query, variables, key=None):
        """The data of an answer without errors, and the seconds it took."""
        text, took = self.send(json.dumps({"query": query, "variables": variables}), key)
        answer = json.loads(text)
        if answer.get("errors"):
            raise Failure(f"{self.url.geturl()} answered errors: {answer['errors']}")
        return answer["data"], took

    def close(self):
        """Hangs up."""
        self.connection.close()
