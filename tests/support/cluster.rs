//! A PostgreSQL server of one test's own, for what no other test may notice: one that is stopped, is full, or has a
//! replica.

use std::io::{ErrorKind, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Database, Engine};

/// The password of its superuser. It listens on loopback only, and is gone with its test.
const PASSWORD: &str = "for-one-test";

/// A server. Stopped when dropped, and its files with it.
#[derive(Debug)]
pub(crate) struct Cluster {
    folder: PathBuf,
    port: u16,
}

impl Cluster {
    /// Starts one with more settings, as lines of `postgresql.conf`.
    pub(crate) fn start_new(settings: &str) -> Self {
        Self::start_in(super::database::fresh_folder(), settings)
    }

    /// The same in this folder, which is empty.
    pub(crate) fn start_in(folder: PathBuf, settings: &str) -> Self {
        // As it is, and not as SCRAM: a build for tests takes a tenth of a second for that, each connection.
        let password = folder.join("password");
        std::fs::write(&password, PASSWORD).unwrap();
        give_to_postgres(&folder);
        run(program("initdb")
            .arg("--pgdata")
            .arg(folder.join("data"))
            .arg("--pwfile")
            .arg(&password)
            .args(["--username", "postgres", "--encoding", "UTF8"])
            .args(["--locale", "C.UTF-8", "--no-sync"])
            .args(["--auth-local", "trust", "--auth-host", "password"]));
        let mut cluster = Self { folder, port: 0 };
        cluster.first_start(settings);
        cluster
    }

    /// Starts a streaming replica of it.
    pub(crate) fn start_replica(&self) -> Self {
        let folder = super::database::fresh_folder();
        give_to_postgres(&folder);
        run(program("pg_basebackup")
            .arg("--pgdata")
            .arg(folder.join("data"))
            .arg("--host")
            .arg(&self.folder)
            .args(["--port", &self.port.to_string(), "--username", "postgres"])
            .args(["--write-recovery-conf", "--checkpoint", "fast", "--no-sync"]));
        let mut replica = Self { folder, port: 0 };
        replica.first_start("hot_standby_feedback = on");
        replica
    }

    /// Settings, and a port that is free.
    fn first_start(&mut self, settings: &str) {
        let file = self.folder.join("data/postgresql.auto.conf");
        let given = std::fs::read_to_string(&file).unwrap();
        for _ in 0..10 {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            self.port = listener.local_addr().unwrap().port();
            drop(listener);
            let (folder, port) = (self.folder.display(), self.port);
            let settings = format!(
                "{given}\nlisten_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = '{folder}'\n\
                 fsync = off\nfull_page_writes = off\nmax_connections = 100\nshared_buffers = 16MB\n{settings}\n"
            );
            std::fs::write(&file, settings).unwrap();
            if self.try_start() {
                return;
            }
        }
        panic!("PostgreSQL did not start:\n{}", self.log());
    }

    /// Starts it again where it was.
    pub(crate) fn start(&self) {
        assert!(self.try_start(), "{}", self.log());
    }

    fn try_start(&self) -> bool {
        self.control(&["start", "--wait", "--timeout", "60"])
    }

    /// Stops it, in the given mode of `pg_ctl`: `fast` as an operator does, `immediate` as a crash does.
    pub(crate) fn stop(&self, mode: &str) {
        assert!(self.control(&["stop", "--wait", "--mode", mode]));
    }

    /// Lets all of its processes hang, or go on.
    pub(crate) fn hang(&self, hang: bool) {
        // It comes first, so that there are no further ones.
        self.hang_main(hang);
        let children = Command::new("ps")
            .args(["-o", "pid=", "--ppid", &self.main_process()])
            .output()
            .unwrap();
        let children = String::from_utf8(children.stdout).unwrap();
        let children: Vec<&str> = children.split_whitespace().collect();
        assert!(!children.is_empty());
        signal(hang, &children);
    }

    /// Lets its main process hang, or go on: while it hangs, nobody gets a new connection.
    pub(crate) fn hang_main(&self, hang: bool) {
        signal(hang, &[&self.main_process()]);
    }

    fn main_process(&self) -> String {
        let file = std::fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap();
        file.lines().next().unwrap().to_owned()
    }

    fn control(&self, arguments: &[&str]) -> bool {
        program("pg_ctl")
            .args(arguments)
            .arg("--pgdata")
            .arg(self.folder.join("data"))
            .arg("--log")
            .arg(self.folder.join("server.log"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap()
            .success()
    }

    /// Whether its main process is there.
    pub(crate) fn is_running(&self) -> bool {
        self.control(&["status"])
    }

    /// Lets it go on in another file of its write-ahead log, if it can.
    pub(crate) fn begin_another_log_file(&self) {
        // It may be ending for want of room.
        let mut psql = program("psql");
        psql.args(["--quiet", "--no-psqlrc", "--command"])
            .arg("SELECT pg_switch_wal()")
            .arg(self.url());
        drop(psql.stdout(Stdio::null()).stderr(Stdio::null()).status());
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("server.log")).unwrap_or_default()
    }

    /// Where its first database is.
    pub(crate) fn url(&self) -> String {
        let port = self.port;
        format!("postgres://postgres:{PASSWORD}@127.0.0.1:{port}/postgres")
    }

    /// Its first database with the fixture in it, and the keys of the fixture.
    pub(crate) fn database(&self) -> Database {
        let source = Database::with_fixture(Engine::Postgres);
        let dump = self.folder.join("fixture.sql");
        run(program("pg_dump").arg("--file").arg(&dump).arg(&source.url));
        run(program("psql")
            .args([
                "--quiet",
                "--no-psqlrc",
                "--set",
                "ON_ERROR_STOP=1",
                "--file",
            ])
            .arg(&dump)
            .arg(self.url()));
        Database::at_server(self.url())
    }

    /// Moves its first database, which nobody uses, to this folder. What it writes ahead stays where it is.
    pub(crate) fn move_database(&self, folder: &Path) {
        let port = self.port;
        let other = format!("postgres://postgres:{PASSWORD}@127.0.0.1:{port}/template1");
        let other = Database::at_server(other);
        let folder = folder.display();
        other.execute(&format!("CREATE TABLESPACE elsewhere LOCATION '{folder}'"));
        other.execute("ALTER DATABASE postgres SET TABLESPACE elsewhere");
    }
}

/// A small file system in memory, which PostgreSQL may write to. Unmounted when dropped.
#[derive(Debug)]
pub(crate) struct SmallDisk {
    pub(crate) folder: PathBuf,
}

impl SmallDisk {
    /// Mounts one of so many MiB; nothing where this process may not mount, which root alone may.
    pub(crate) fn mount(mib: u32) -> Option<Self> {
        if !is_root() {
            return None;
        }
        let folder = super::database::fresh_folder();
        run(Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={mib}m"), "tmpfs"])
            .arg(&folder));
        let disk = Self { folder };
        give_to_postgres(&disk.folder);
        Some(disk)
    }

    /// An empty folder on it.
    pub(crate) fn subfolder(&self) -> PathBuf {
        let folder = self.folder.join("all");
        std::fs::create_dir(&folder).unwrap();
        folder
    }

    /// Takes so many MiB.
    pub(crate) fn take(&self, mib: usize) {
        std::fs::write(self.folder.join("filling"), vec![0; mib << 20]).unwrap();
    }

    /// Takes all the room that is left.
    pub(crate) fn fill(&self) {
        let mut file = std::fs::File::create(self.folder.join("filling")).unwrap();
        let mut block: &[u8] = &[0; 1 << 16];
        // In smaller and smaller pieces.
        while !block.is_empty() {
            match file.write(block) {
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => {
                    block = &block[..block.len() / 2];
                }
                Err(error) => panic!("{error}"),
            }
        }
    }

    /// Gives back what was taken.
    pub(crate) fn make_room(&self) {
        std::fs::remove_file(self.folder.join("filling")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg(&self.folder).status();
        if !unmounted.is_ok_and(|status| status.success()) {
            eprintln!("{} is still mounted", self.folder.display());
            return;
        }
        if let Err(error) = std::fs::remove_dir(&self.folder) {
            eprintln!("{}: {error}", self.folder.display());
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // It may be stopped, or hang.
        if std::thread::panicking() && self.folder.join("data/postmaster.pid").exists() {
            self.hang(false);
        }
        self.control(&["stop", "--mode", "immediate"]);
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            eprintln!("{}: {error}", self.folder.display());
        }
    }
}

/// Lets processes hang, or go on. One of them may have ended meanwhile.
fn signal(hang: bool, ids: &[&str]) {
    let signal = if hang { "-STOP" } else { "-CONT" };
    let mut kill = Command::new("kill");
    drop(kill.arg(signal).args(ids).stderr(Stdio::null()).status());
}

/// One of PostgreSQL's programs, run by somebody who may: the server refuses to run as root.
fn program(name: &str) -> Command {
    let path = programs().join(name);
    let mut command = if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(path);
        command
    } else {
        Command::new(path)
    };
    command.current_dir("/");
    command
}

fn give_to_postgres(folder: &Path) {
    if is_root() {
        run(Command::new("chown").args(["-R", "postgres"]).arg(folder));
    }
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").unwrap().uid() == 0
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test command says here where it found them"
)]
fn programs() -> PathBuf {
    std::env::var_os("WAYMARK_TEST_POSTGRES_PROGRAMS")
        .expect("WAYMARK_TEST_POSTGRES_PROGRAMS is not set: run the tests with scripts/test")
        .into()
}

fn run(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(
        output.status.success(),
        "{command:?}:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
