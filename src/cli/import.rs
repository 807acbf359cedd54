//! `waymark import`

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal as _, Write};

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Failure, Global, Outcome, print, with_database};
use crate::transfer::{self, Format, Kind, Report, Source};

/// How many failed lines are told one by one.
const TOLD: usize = 100;

/// The format, for `waymark import --help`.
pub(super) const FORMAT: &str = r#"One JSON object a line, in any order; what a line refers to stands on another line, in another file
of the call, or in the database already. Lines of keys that are there update them: a field that is
left out keeps its value, null clears it.

  {"type":"platform","key":"acme","org":"acme-u","name":"Acme University"}
  {"type":"program","platform":"acme","key":"ds","name":"Data Science"}
      also: org, description, url, image_url
  {"type":"user","id":456,"username":"student1","name":"Student One"}
      also: email, dm_admin
  {"type":"member","platform":"acme","user":"student1","role":"learner"}
      role: admin or learner; also: active
  {"type":"department","platform":"acme","key":"eng","name":"Engineering"}
      also: parent, id
  {"type":"department_member","platform":"acme","department":"eng","user":"student1"}
      also: admin
  {"type":"group","id":789,"platform":"acme","name":"Engineering Team"}
      also: department
  {"type":"group_member","group":789,"user":"student1"}
      also: active
  {"type":"program_suggestion","platform":"acme","program":"ds","user":"student1"}
  {"type":"program_group_suggestion","platform":"acme","program":"ds","group":789}
      also: accepted, visible, metadata, suggested_by, created, modified, id; to a user: direct;
      for the person: message, due_at, visible_from, visible_until
  {"type":"suggestion_answer","platform":"acme","program":"ds","user":"student1","answer":"dismissed"}
      answer: accepted or dismissed; also: answered, and of a dismissal: comment, reason
      (not_relevant, already_done, no_time or other)

A CSV file holds lines of one type: its name says which (users.csv, group_members.csv), or --type
does. The columns are the fields, an empty cell is null, and metadata is JSON text. The delimiter is
a comma, a semicolon or a tab, as the header shows; --delimiter sets another one. Text is UTF-8, or
UTF-16 with a byte order mark.

Lines that do not fit into memory lie in temporary files meanwhile; TMPDIR says where."#;

/// What `import` takes.
#[derive(Debug, Args)]
pub struct Flags {
    /// Files of NDJSON or CSV, in any order; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// What becomes of the good lines when another one fails
    #[arg(long, value_enum, default_value_t = OnError::Abort, value_name = "POLICY")]
    on_error: OnError,
    /// What the rows of a CSV file are, where its name does not say so, as in users.csv
    #[arg(long = "type", value_name = "TYPE", value_parser = kind)]
    kind: Option<Kind>,
    /// Between the cells of CSV files: one character, or `tab`; otherwise the header tells
    #[arg(long, value_name = "CHARACTER", value_parser = delimiter)]
    delimiter: Option<u8>,
}

/// What becomes of the good lines when another one fails.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum OnError {
    /// Nothing is written
    Abort,
    /// They go in
    Continue,
}

fn kind(name: &str) -> Result<Kind, String> {
    Kind::parse(name).ok_or_else(|| format!("must be one of {}", Kind::names()))
}

fn delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        b"tab" | b"\\t" => Ok(b'\t'),
        [delimiter] if delimiter.is_ascii() && !b"\"\r\n".contains(delimiter) => Ok(*delimiter),
        _ => Err("must be one ASCII character, or tab".to_owned()),
    }
}

/// Imports the files.
///
/// # Errors
/// A wrong configuration, a file that cannot be read, a line that failed, and those of the database.
pub async fn run(global: Global, flags: Flags) -> Outcome {
    let config = global.quiet_configuration()?;
    let sources: Vec<Source> = flags
        .files
        .iter()
        .map(|name| source(name, flags.kind, flags.delimiter))
        .collect::<Outcome<_>>()?;
    if sources.iter().filter(|source| source.name == "-").count() > 1 {
        return Err(Failure::Usage("standard input can be read once".to_owned()));
    }
    let on_error = match flags.on_error {
        OnError::Abort => transfer::OnError::Abort,
        OnError::Continue => transfer::OnError::Continue,
    };
    let progress = Progress::new();
    let batch = transfer::read(sources, &mut || progress.read())
        .map_err(|error| Failure::Failed(error.to_string()))?;
    progress.total(batch.lines());
    let report = with_database(&config, async |db| {
        Ok(transfer::import(db, batch, on_error, &mut |lines| progress.done(lines)).await?)
    })
    .await;
    progress.clear();
    tell(&report?)
}

fn source(name: &str, said: Option<Kind>, delimiter: Option<u8>) -> Outcome<Source> {
    let format = Format::of(name, said)?;
    let reader: Box<dyn BufRead> = if name == "-" {
        Box::new(BufReader::new(io::stdin()))
    } else {
        let file = File::open(name)
            .map_err(|error| Failure::Failed(format!("cannot read {name}: {error}")))?;
        Box::new(BufReader::new(file))
    };
    Ok(Source {
        name: name.to_owned(),
        format,
        delimiter,
        reader,
    })
}

/// Tells what became of the lines; a line that failed makes the command fail.
fn tell(report: &Report) -> Outcome {
    let mut errors = io::stderr().lock();
    for failure in report.failures.iter().take(TOLD) {
        // Where standard error is closed there is nobody to tell.
        let _told = writeln!(errors, "{failure}");
    }
    if let Some(more @ 1..) = report.failures.len().checked_sub(TOLD) {
        let _told = writeln!(errors, "... and {more} more");
    }
    drop(errors);
    // Counts of what was taken back again would only mislead.
    for (kind, counts) in report.counts.iter().filter(|_| report.written) {
        print(&format!(
            "{}: {} created, {} updated, {} unchanged",
            kind.name(),
            counts.created,
            counts.updated,
            counts.unchanged
        ))?;
    }
    print(&format!(
        "{} lines, {} failed",
        report.lines,
        report.failures.len()
    ))?;
    match (report.failures.len(), report.written) {
        (0, _) => Ok(()),
        (failed, true) => Err(Failure::Failed(format!(
            "{failed} of {} lines failed; the others went in",
            report.lines
        ))),
        (failed, false) => Err(Failure::Failed(format!(
            "{failed} of {} lines failed, so nothing was written; mend them, or let the good ones in with --on-error continue",
            report.lines
        ))),
    }
}

/// A bar for people: nothing where standard error is no terminal.
struct Progress(ProgressBar);

impl Progress {
    fn new() -> Self {
        let target = if io::stderr().is_terminal() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(None, target);
        bar.set_style(style("{spinner} {human_pos} lines read"));
        Self(bar)
    }

    fn read(&self) {
        self.0.inc(1);
    }

    fn total(&self, lines: u64) {
        self.0.set_style(style(
            "{bar:40} {human_pos} of {human_len} lines, {eta} to go",
        ));
        self.0.set_position(0);
        self.0.set_length(lines);
    }

    fn done(&self, lines: u64) {
        self.0.inc(lines);
    }

    fn clear(&self) {
        self.0.finish_and_clear();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
