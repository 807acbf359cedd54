"""PostGraphile from npm, by the lock file in benches/peer."""

import filecmp
import json
import os
import select
import shutil
import subprocess
from pathlib import Path

from . import dataset
from .machine import Failure
from .waymark import Client

FOLDER = Path(__file__).resolve().parent.parent / "peer"

# The same rows and values as LIST_QUERY of Waymark, in its own names. It has no page numbers: an
# offset, and whether there is more on either side.
LIST_QUERY = (
    "query($platformId: BigInt!, $offset: Int!) { allProgramGroupSuggestions(condition: {platformId: $platformId}, first: 20,"
    " offset: $offset) { totalCount pageInfo { hasNextPage hasPreviousPage } nodes { id rowId accepted visible created modified"
    " metadata userGroupByPlatformIdAndGroupId { rowId name userCount } programByPlatformIdAndProgramId { key name } } } }"
)


def install():
    """Installs it, unless what the lock file says is there."""
    if shutil.which("npm") is None:
        raise Failure("missing: npm (Debian: nodejs npm)")
    installed = FOLDER / "node_modules" / ".installed"
    lock = FOLDER / "package-lock.json"
    if not installed.exists() or not filecmp.cmp(lock, installed, shallow=False):
        done = subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=FOLDER, capture_output=True, text=True)
        if done.returncode != 0:
            raise Failure(f"npm ci failed in {FOLDER}:\n{done.stderr}")
        shutil.copyfile(lock, installed)


class PostGraphile:
    """The server, in one process or several."""

    def __init__(self, url, processes, folder):
        self.log = folder / f"postgraphile-{processes}.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                ["node", "postgraphile.mjs", url, str(processes)], cwd=FOLDER, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=log, text=True,
                env={**os.environ, "NODE_ENV": "production", "GRAPHILE_ENV": "production"})
        self.pid = self.process.pid
        ready, _, _ = select.select([self.process.stdout], [], [], 120)
        address = self.process.stdout.readline().strip() if ready else ""
        if not address:
            self.stop()
            raise Failure(f"PostGraphile did not start; its log is {self.log}")
        self.client = Client(address)

    def stop(self):
        """Stops it and its workers."""
        self.process.terminate()
        self.process.wait(timeout=30)
        self.process.stdout.close()


def body(platform_id, page):
    """The body of a request."""
    return json.dumps({"query": LIST_QUERY, "variables": {"platformId": str(platform_id), "offset": (page - 1) * 20}})


def check(server, platform_ids, pairs):
    """Every page must be what the data set says."""
    server.client.close()  # It hangs up on whoever was quiet for some seconds; the next request connects anew.
    for platform, page in pairs:
        text, _ = server.client.send(body(platform_ids[platform], page))
        answer = json.loads(text)
        connection = (answer.get("data") or {}).get("allProgramGroupSuggestions") or {}
        rows = connection.get("nodes", [])
        right = not answer.get("errors") and connection["totalCount"] == dataset.LISTED_SUGGESTIONS and len(rows) == 20 and all(
            row["userGroupByPlatformIdAndGroupId"]["name"] == dataset.group_name((page - 1) * 20 + number)
            and row["programByPlatformIdAndProgramId"]["key"] == dataset.program_key(platform, 0)
            for number, row in enumerate(rows))
        if not right:
            raise Failure(f"PostGraphile answers page {page} of {platform} wrong: {text[:500]!r}")
