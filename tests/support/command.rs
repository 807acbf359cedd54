//! The command line, run as a user runs it: nothing of this process's environment gets in.

use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// The secret that tokens of the tests are signed with.
pub(crate) const SECRET: &str = "a secret that is long enough for a test of HS256 tokens";

/// A `waymark` command with these arguments.
pub(crate) fn waymark(arguments: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_waymark"));
    command
        .args(arguments)
        .env_clear()
        .env("WAYMARK_AUTH_JWT_SECRET", SECRET)
        .current_dir(std::env::temp_dir());
    Run {
        command,
        input: None,
    }
}

/// A command that has not run yet.
#[derive(Debug)]
pub(crate) struct Run {
    command: Command,
    input: Option<Vec<u8>>,
}

/// How it ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// Sets the working directory.
    pub(crate) fn folder(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Sets one environment variable.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Takes one environment variable away.
    pub(crate) fn without_env(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Gives it something to read on standard input.
    pub(crate) fn input(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = Some(input.into());
        self
    }

    /// The command itself, to start something that goes on running.
    pub(crate) fn into_command(self) -> Command {
        self.command
    }

    /// Runs it to its end.
    pub(crate) fn end(mut self) -> Ended {
        let stdin = if self.input.is_some() {
            Stdio::piped()
        } else {
            Stdio::null()
        };
        let mut child = self
            .command
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let pipe = child.stdin.take();
        let output = std::thread::scope(|scope| {
            scope.spawn(move || {
                if let (Some(mut pipe), Some(input)) = (pipe, self.input) {
                    // A command that stops at a bad line need not read the rest.
                    drop(pipe.write_all(&input));
                }
            });
            child.wait_with_output().unwrap()
        });
        Ended {
            status: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs it, wants status 0, and returns what it printed.
    #[track_caller]
    pub(crate) fn succeed(self) -> String {
        let ended = self.end();
        assert_eq!(ended.status, Some(0), "{}", ended.stderr);
        ended.stdout
    }

    /// Runs it, wants this other status, and returns what it said on standard error.
    #[track_caller]
    pub(crate) fn fail(self, status: i32) -> String {
        let ended = self.end();
        assert_eq!(
            ended.status,
            Some(status),
            "stdout: {}\nstderr: {}",
            ended.stdout,
            ended.stderr
        );
        ended.stderr
    }
}
