"""The database, built once for a generator and a schema, and kept below target/benches."""

import hashlib
import json
import shutil
import sqlite3
import time
from pathlib import Path

from . import dataset, waymark
from .postgres import Postgres

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATE = "waymark_template"


def version():
    """A hash of what the databases are built from."""
    total = hashlib.sha256()
    for path in [Path(__file__), Path(dataset.__file__), *sorted((ROOT / "migrations").rglob("*.rs"))]:
        total.update(path.read_bytes())
    return total.hexdigest()[:16]


class Data:
    """A running PostgreSQL with a database of this run's own, a SQLite file, and the API keys."""

    def __init__(self, target, binary, fresh, say, scale=dataset.FULL):
        self.say = say
        self.binary = binary
        self.scale = scale
        self.folder = target / f"data-{version()}"
        self.postgres = Postgres(self.folder / "postgres")
        done = self.folder / "done.json"
        if fresh or not done.exists():
            self._build(done)
        else:
            self.postgres.start()
        self.built = json.loads(done.read_text())
        self.keys = json.loads((self.folder / "keys.json").read_text())
        self.platform_ids = self.built["platform_ids"]

    def _build(self, done):
        for old in self.folder.parent.glob("data-*"):
            shutil.rmtree(old)
        self.folder.mkdir(parents=True)
        self.say("building the data set")
        lines = self.folder / "directory.ndjson"
        with lines.open("w") as stream:
            dataset.write(stream, self.scale)
        self.postgres.create()
        self.postgres.start()
        self.postgres.psql("postgres", f"CREATE DATABASE {TEMPLATE}")
        template = self.postgres.url(TEMPLATE)
        file = f"sqlite://{self.folder / 'template.db'}"
        seconds = {}
        for engine, url in (("postgres", template), ("sqlite", file)):
            waymark.command(self.binary, url, self.folder, "migrate", "up")
            began = time.monotonic()
            waymark.command(self.binary, url, self.folder, "import", str(lines))
            seconds[engine] = time.monotonic() - began
            self.say(f"  waymark import into {engine}: {seconds[engine]:.1f} s")
        lines.unlink()
        self.postgres.psql(TEMPLATE, "VACUUM (ANALYZE, FREEZE)")
        sqlite = sqlite3.connect(self.folder / "template.db")
        sqlite.execute("ANALYZE")
        sqlite.commit()
        sqlite.close()
        keys = {}
        for engine, url in (("postgres", template), ("sqlite", file)):
            # The keys of 50 platforms, and last one that acts as the department administrator.
            keys[engine] = {
                platform: self._key(url, platform) for platform in [*self.scale.listed, dataset.BIG]
            } | {"department": self._key(url, dataset.BIG, "--user", dataset.DEPARTMENT_ADMIN)}
        (self.folder / "keys.json").touch(mode=0o600)
        (self.folder / "keys.json").write_text(json.dumps(keys))
        ids = json.loads(self.postgres.psql(TEMPLATE, "SELECT json_object_agg(key, id) FROM platforms"))
        done.write_text(json.dumps({"import_seconds": seconds, "platform_ids": ids}))

    def _key(self, url, platform, *more):
        return waymark.command(self.binary, url, self.folder, "api-key", "create", "--platform", platform,
                               "--name", "benchmark", *more)

    def copy(self, folder):
        """Databases for one run, as if just built; their URLs by engine."""
        name = "waymark"
        self.postgres.psql("postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self.postgres.psql("postgres", f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY file_copy")
        self.postgres.psql(name, "CHECKPOINT")
        shutil.copyfile(self.folder / "template.db", folder / "waymark.db")
        urls = {"postgres": self.postgres.url(name), "sqlite": f"sqlite://{folder / 'waymark.db'}"}
        for url in urls.values():
            waymark.command(self.binary, url, folder, "migrate", "up")
        return urls
