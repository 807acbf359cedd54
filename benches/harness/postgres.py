"""A throwaway PostgreSQL server on a free port of 127.0.0.1."""

import glob
import json
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from .machine import Failure

# As shipped where it matters for the figures: commits wait for the disk, the planner's costs are the
# defaults. Larger are the caches, so that reads come out of memory, and checkpoints are far apart;
# autovacuum is off because it would start in the middle of a round: the harness vacuums between them.
SETTINGS = """
listen_addresses = '127.0.0.1'
max_connections = 200
shared_buffers = 1GB
max_wal_size = 8GB
checkpoint_timeout = 1h
fsync = on
synchronous_commit = on
autovacuum = off
logging_collector = on
log_destination = 'jsonlog'
log_directory = 'log'
log_filename = 'server.log'
log_rotation_age = 0
log_rotation_size = 0
log_truncate_on_rotation = on
"""


def programs():
    """The folder of the server programs: that of initdb on the PATH, else the newest Debian has."""
    found = shutil.which("initdb")
    if found is None:
        versions = glob.glob("/usr/lib/postgresql/*/bin/initdb")
        found = max(versions, key=lambda path: int(re.search(r"/(\d+)/bin", path)[1]), default=None)
    if found is None:
        raise Failure("missing: the PostgreSQL server programs (Debian: postgresql); scripts/test installs them")
    return Path(found).resolve().parent


class Postgres:
    """The server. PostgreSQL refuses to run as root, so it runs as the user postgres then."""

    def __init__(self, folder):
        self.folder = folder
        self.data = folder / "data"
        self.programs = programs()
        self.process = None
        self.port = None
        self._marker = None
        self._as = {}
        if os.getuid() == 0:
            account = pwd.getpwnam("postgres")
            self._as = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}

    def create(self):
        """Makes the cluster."""
        self.folder.mkdir(parents=True)
        password = secrets.token_hex(16)
        file = self.folder / "password"
        file.touch(mode=0o600)
        file.write_text(password)
        if self._as:
            for path in (self.folder, file):
                os.chown(path, self._as["user"], self._as["group"])
        done = subprocess.run(
            [self.programs / "initdb", "--pgdata", self.data, "--username", "postgres", "--pwfile", file,
             "--auth-local", "reject", "--auth-host", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8"],
            cwd="/", capture_output=True, text=True, **self._as)
        if done.returncode != 0:
            raise Failure(f"initdb failed:\n{done.stderr}\nThe user postgres must be able to enter {self.folder}.")

    def start(self):
        """Starts it on a free port."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.password = (self.folder / "password").read_text()
        settings = self.data / "harness.conf"
        settings.write_text(SETTINGS + f"port = {self.port}\nunix_socket_directories = '{self.data}'\n")
        if self._as:
            os.chown(settings, self._as["user"], self._as["group"])
        self.log = self.data / "log" / "server.json"
        self.process = subprocess.Popen(
            [self.programs / "postgres", "-D", self.data, "-c", f"config_file={settings}",
             "-c", f"hba_file={self.data}/pg_hba.conf", "-c", f"ident_file={self.data}/pg_ident.conf"],
            cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True, **self._as)
        for _ in range(600):
            ready = subprocess.run([self.programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)])
            if ready.returncode == 0:
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise Failure(f"PostgreSQL did not start; its log is {self.data}/log")

    def stop(self):
        """Stops it, properly: the cluster is used again."""
        if self._marker is not None:
            self._marker.stdin.close()
            self._marker.wait(timeout=30)
            self._marker.stdout.close()
            self._marker = None
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=120)
            self.process = None

    def url(self, database):
        """For clients of all kinds."""
        return f"postgres://postgres:{self.password}@127.0.0.1:{self.port}/{database}"

    def client(self, program, *arguments):
        """The command line of psql or pgbench, without the database."""
        return [str(self.programs / program), *map(str, arguments), "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres"]

    def environment(self):
        """For the command of `client`."""
        return {**os.environ, "PGPASSWORD": self.password}

    def psql(self, database, sql, *arguments):
        """Runs SQL; answers standard output, unaligned."""
        done = subprocess.run(
            self.client("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", *arguments) + [database],
            input=sql, capture_output=True, text=True, env=self.environment())
        if done.returncode != 0:
            raise Failure(f"psql: {done.stderr.strip()}\n{sql[:500]}")
        return done.stdout.strip()

    def logged(self, work):
        """What was logged, entry by entry, while `work` ran."""
        # The collector writes when it gets to it: a statement of ours before and after marks the part.
        offset = self.log.stat().st_size if self.log.exists() else 0
        begin = self._mark()
        work()
        end = self._mark()
        entries, inside, pending, deadline = [], False, "", time.monotonic() + 60
        with self.log.open() as log:
            log.seek(offset)
            while True:
                pending += log.readline()
                if not pending.endswith("\n"):
                    if time.monotonic() > deadline:
                        raise Failure(f"PostgreSQL did not log what was asked for: {self.log}")
                    time.sleep(0.001)
                    continue
                entry = json.loads(pending)
                pending = ""
                if end in entry.get("message", ""):
                    return entries
                if inside:
                    entries.append(entry)
                inside = inside or begin in entry.get("message", "")

    def _mark(self):
        """Has a text of ours logged, and answers it."""
        if self._marker is None:
            self._marker = subprocess.Popen(
                self.client("psql", "-X", "-q", "-A", "-t") + ["postgres"], env=self.environment(),
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            self._marker.stdin.write("SET log_statement = 'all';\n")
        mark = secrets.token_hex(16)
        self._marker.stdin.write(f"SELECT '{mark}';\n")
        self._marker.stdin.flush()
        if self._marker.stdout.readline().strip() != mark:
            raise Failure("psql ended while PostgreSQL's log was being read")
        return mark
