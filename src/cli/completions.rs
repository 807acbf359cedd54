//! `waymark completions`

use clap::{Args, CommandFactory as _, ValueEnum};
use clap_complete::{Shell, generate};

use super::{Arguments, Outcome, print_bytes};

/// What `completions` takes.
#[derive(Debug, Args)]
pub struct Flags {
    /// The shell that is to complete
    shell: For,
}

/// The shells that completions are made for.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum For {
    Bash,
    Zsh,
    Fish,
}

/// Prints them.
///
/// # Errors
/// If standard output cannot be written to.
pub fn run(flags: &Flags) -> Outcome {
    let shell = match flags.shell {
        For::Bash => Shell::Bash,
        For::Zsh => Shell::Zsh,
        For::Fish => Shell::Fish,
    };
    let mut script = Vec::new();
    generate(shell, &mut Arguments::command(), "waymark", &mut script);
    print_bytes(&script)
}
