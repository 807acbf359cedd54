//! Says which commit is being built, so that a running program can. Reads the files of git and runs
//! nothing; outside of a checkout there is no commit, and that is no failure.

use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    // Without a line like this, every change of any file would run this again.
    watch(Path::new("build.rs"));
    if let Some(commit) = git_folder().and_then(|folder| commit(&folder)) {
        // `cargo run` hands this to the program as well, to which variables with its prefix are settings.
        set("BUILD_COMMIT", &commit);
    }
}

/// Where git keeps the HEAD of this checkout. In a further worktree `.git` is a file that names it.
fn git_folder() -> Option<PathBuf> {
    let git = Path::new(".git");
    if git.is_dir() {
        return Some(git.to_owned());
    }
    let text = fs::read_to_string(git).ok()?;
    Some(PathBuf::from(text.strip_prefix("gitdir:")?.trim()))
}

/// The commit that HEAD names. What is watched changes when HEAD does, and hardly otherwise.
fn commit(folder: &Path) -> Option<String> {
    let head = fs::read_to_string(folder.join("HEAD")).ok()?;
    watch(&folder.join("HEAD"));
    let Some(name) = head.trim().strip_prefix("ref: ") else {
        return hash(&head);
    };
    // Branches belong to all worktrees of a repository.
    let shared = match fs::read_to_string(folder.join("commondir")) {
        Ok(path) => folder.join(path.trim()),
        Err(_) => folder.to_owned(),
    };
    // The log of HEAD grows with every commit, also when the branch's own file is not there because
    // git has packed it.
    watch(&folder.join("logs/HEAD"));
    watch(&shared.join(name));
    if let Ok(text) = fs::read_to_string(shared.join(name)) {
        return hash(&text);
    }
    let packed = shared.join("packed-refs");
    watch(&packed);
    fs::read_to_string(packed)
        .ok()?
        .lines()
        .find_map(|line| hash(line.strip_suffix(name)?.strip_suffix(' ')?))
}

fn hash(text: &str) -> Option<String> {
    let text = text.trim();
    (text.len() >= 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| text.to_owned())
}

/// What is not there must not be watched: Cargo would build again every time.
fn watch(path: &Path) {
    if path.exists() {
        tell(&format!("rerun-if-changed={}", path.display()));
    }
}

fn set(name: &str, value: &str) {
    tell(&format!("rustc-env={name}={value}"));
}

fn tell(what: &str) {
    println!("cargo:{what}");
}
