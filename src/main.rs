//! Runs a command of the command line.

fn main() -> std::process::ExitCode {
    waymark::cli::main()
}
