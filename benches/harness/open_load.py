"""Load that does not slow down when the server does: requests begin at their time, whether earlier ones are answered or not."""

import asyncio
import time

# Beyond that a machine of this size is busy with its own client.
MOST_CONNECTIONS = 4_000


class Answers:
    """What came back: the seconds that each answer took, by status; and how many never came."""

    def __init__(self):
        self.taken, self.lost, self.in_time = {}, 0, 0

    def at(self, share, status=200):
        """Seconds within which this share of the answers of a status came."""
        taken = sorted(self.taken.get(status, []))
        return taken[int((len(taken) - 1) * share)] if taken else float("nan")

    def median(self, status=200):
        """Seconds of the middle answer."""
        return self.at(0.5, status)


class _Connection(asyncio.Protocol):
    def __init__(self, load):
        self.load, self.received, self.began = load, b"", None

    def connection_made(self, transport):
        self.transport = transport

    def ask(self, began):
        self.began = began
        self.transport.write(self.load.request)

    def data_received(self, data):
        self.received += data
        head = self.received.find(b"\r\n\r\n")
        if head < 0:
            return
        at = self.received.lower().find(b"content-length:", 0, head)
        length = int(self.received[at + 15:self.received.index(b"\r\n", at)])
        if len(self.received) < head + 4 + length:
            return
        status = int(self.received[9:12])
        began, self.began, self.received = self.began, None, b""
        self.load.answered(self, status, began)

    def connection_lost(self, _error):
        self.load.gone(self)


class _Load:
    def __init__(self, address, request):
        self.address, self.request = address, request
        self.answers, self.idle, self.open, self.waiting = Answers(), [], 0, 0
        self.until = 0.0

    def answered(self, connection, status, began):
        now = time.perf_counter()
        self.answers.taken.setdefault(status, []).append(now - began)
        self.answers.in_time += status == 200 and now <= self.until
        self.waiting -= 1
        self.idle.append(connection)

    def gone(self, connection):
        self.open -= 1
        if connection.began is not None:
            self.waiting -= 1
            self.answers.lost += 1
        elif connection in self.idle:
            self.idle.remove(connection)

    async def _ask(self, began):
        self.waiting += 1
        while self.idle:
            connection = self.idle.pop()
            if not connection.transport.is_closing():
                connection.ask(began)
                return
        if self.open >= MOST_CONNECTIONS:
            self.waiting -= 1
            self.answers.lost += 1
            return
        self.open += 1
        try:
            _, connection = await asyncio.get_running_loop().create_connection(lambda: _Connection(self), *self.address)
        except OSError:
            self.open -= 1
            self.waiting -= 1
            self.answers.lost += 1
            return
        connection.ask(began)

    async def run(self, rate, seconds):
        tasks = set()
        began = time.perf_counter()
        self.until = began + seconds
        sent = 0
        while (now := time.perf_counter() - began) < seconds:
            due = int(now * rate)
            for number in range(sent, due):
                task = asyncio.ensure_future(self._ask(began + number / rate))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
            sent = due
            await asyncio.sleep(0.001)
        while self.waiting and time.perf_counter() - began < seconds + 30:
            await asyncio.sleep(0.01)
        return self.answers


def ask(address, request, rate, seconds):
    """`rate` requests a second for so many seconds; `request` is the whole of one, head and body."""
    return asyncio.run(_Load(address, request).run(rate, seconds))
