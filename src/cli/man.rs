//! `waymark man`

use clap::{Args, CommandFactory as _};
use clap_mangen::Man;

use super::{Arguments, Failure, Outcome, print_bytes};

/// What `man` takes.
#[derive(Debug, Args)]
pub struct Flags {
    /// The command to describe, as in `migrate up`; the program as a whole without one
    command: Vec<String>,
}

/// Prints the page, for `man -l -`.
///
/// # Errors
/// A command that does not exist, and a standard output that cannot be written to.
pub fn run(flags: &Flags) -> Outcome {
    let mut command = Arguments::command();
    // Gives every command its full name and the flags that all take.
    command.build();
    for name in &flags.command {
        command = command
            .find_subcommand(name)
            .cloned()
            .ok_or_else(|| Failure::Usage(format!("there is no command {name:?}")))?;
    }
    let name = command
        .get_display_name()
        .unwrap_or_else(|| command.get_name())
        .to_owned();
    let mut page = Vec::new();
    Man::new(command)
        .title(name)
        .render(&mut page)
        .map_err(|error| Failure::Failed(format!("the page cannot be made: {error}")))?;
    print_bytes(&page)
}
