//! Reading: files of NDJSON or CSV become numbered records, set aside by type; a line that
//! cannot be read becomes a failure and the next one is looked at.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, BufWriter, Cursor, ErrorKind, Read as _, Seek as _, Write as _};
use std::marker::PhantomData;
use std::path::Path;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use tempfile::SpooledTempFile;

use super::csv::{Malformed, Row, Rows};
use super::fields::{Fields, Subject, syntax, unknown_field};
use super::record::{Kind, Record, Typed};
use crate::error::{Error, Result};
use crate::exact::{inexact_number, refusal};

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line.
    Ndjson,
    /// Rows of one type under a header.
    Csv(Kind),
}

impl Format {
    /// The format of a file by its name, or by the type that the caller says it holds.
    ///
    /// # Errors
    /// [`Error::BadInput`] for a CSV file whose type is neither in its name nor said.
    pub fn of(name: &str, said: Option<Kind>) -> Result<Self> {
        let path = Path::new(name);
        let extension = path
            .extension()
            .map(|extension| extension.to_string_lossy().to_lowercase());
        match (extension.as_deref(), said) {
            (Some("ndjson" | "jsonl" | "json"), _) => Ok(Self::Ndjson),
            (_, Some(kind)) => Ok(Self::Csv(kind)),
            (Some("csv"), None) => {
                let stem = path.file_stem().unwrap_or_default().to_string_lossy();
                Kind::parse(&stem.to_lowercase())
                    .map(Self::Csv)
                    .ok_or_else(|| {
                        Error::bad_input(
                            "type",
                            format!(
                                "{name}: the name of a CSV file must say what its rows are, as in users.csv or group_members.csv; or say it with --type: one of {}",
                                Kind::names()
                            ),
                        )
                    })
            }
            _ => Ok(Self::Ndjson),
        }
    }
}

/// Something to read lines from.
pub struct Source {
    /// As messages name it.
    pub name: String,
    /// How it is written.
    pub format: Format,
    /// Between the cells of CSV; `None`: as the file itself says.
    pub delimiter: Option<u8>,
    pub reader: Box<dyn BufRead>,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source")
            .field("name", &self.name)
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

/// Where a line stands: the number of its file in the call, and its own number in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct At {
    /// From 0.
    pub file: usize,
    /// From 1.
    pub line: u64,
}

/// A record and where it stands.
#[derive(Debug)]
pub(super) struct Line<T> {
    pub(super) at: At,
    pub(super) record: T,
}

/// A line that cannot go in.
#[derive(Debug)]
pub(super) struct Broken {
    pub(super) at: At,
    pub(super) reason: String,
    /// What it would have been about.
    pub(super) subject: Option<Subject>,
}

/// How many bytes of the lines of a type stay in memory before they go into a temporary file.
const IN_MEMORY: usize = 1 << 20;

/// The good lines of one type, set aside in their order: each is its place and its record as JSON.
#[derive(Debug)]
struct Pile {
    file: BufWriter<SpooledTempFile>,
    lines: u64,
    /// The greatest id that a line says.
    greatest_id: Option<i64>,
    /// Whether a line says none.
    without_id: bool,
}

impl Pile {
    fn new() -> Self {
        Self {
            file: BufWriter::new(tempfile::spooled_tempfile(IN_MEMORY)),
            lines: 0,
            greatest_id: None,
            without_id: false,
        }
    }

    fn push(&mut self, at: At, record: &Record) -> std::io::Result<()> {
        self.lines += 1;
        match record.generated_id() {
            Some(id) => self.greatest_id = self.greatest_id.max(Some(id)),
            None => self.without_id = true,
        }
        write!(self.file, "{} {} ", at.file, at.line)?;
        serde_json::to_writer(&mut self.file, record)?;
        self.file.write_all(b"\n")
    }
}

/// Everything one call brings. What it takes of memory does not grow with its good lines: they lie in
/// temporary files, by type, and are read from there a portion at a time.
#[derive(Debug, Default)]
pub struct Batch {
    pub(super) files: Vec<String>,
    piles: BTreeMap<Kind, Pile>,
    pub(super) broken: Vec<Broken>,
    lines: u64,
}

impl Batch {
    /// Records that were not read from anywhere.
    ///
    /// # Errors
    /// [`Error::Internal`] where they cannot be set aside in a temporary file.
    pub fn of(name: &str, records: impl IntoIterator<Item = Record>) -> Result<Self> {
        let mut batch = Self {
            files: vec![name.to_owned()],
            ..Self::default()
        };
        for (line, record) in (1..).zip(records) {
            let pushed = batch.push(At { file: 0, line }, &record);
            pushed.map_err(|error| Error::internal(error.to_string()))?;
        }
        Ok(batch)
    }

    /// How many lines say something, good or bad.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Whether it has good lines of this type.
    pub(super) fn has(&self, kind: Kind) -> bool {
        self.piles.contains_key(&kind)
    }

    /// The greatest id that a line of this type says, if another one says none: the id that the
    /// database gives that one must be none of those.
    pub(super) fn reserved(&self, kind: Kind) -> Option<i64> {
        let pile = self.piles.get(&kind).filter(|pile| pile.without_id)?;
        pile.greatest_id
    }

    /// The good lines of a type from the first one on.
    ///
    /// # Errors
    /// [`Error::Internal`] where the temporary file cannot be read.
    pub(super) fn portions<T: Typed>(&mut self) -> Result<Portions<'_, T>> {
        let reader = match self.piles.get_mut(&T::KIND) {
            None => None,
            Some(pile) => {
                pile.file.flush().map_err(lost)?;
                let file = pile.file.get_mut();
                file.rewind().map_err(lost)?;
                Some(BufReader::new(file))
            }
        };
        let of = PhantomData;
        Ok(Portions { reader, of })
    }

    fn push(&mut self, at: At, record: &Record) -> std::io::Result<()> {
        self.lines += 1;
        let pile = self.piles.entry(record.kind()).or_insert_with(Pile::new);
        pile.push(at, record).map_err(|error| {
            std::io::Error::other(format!(
                "its lines cannot be kept in a temporary file (TMPDIR says where): {error}"
            ))
        })
    }

    fn push_broken(&mut self, at: At, reason: String, subject: Option<Subject>) {
        self.lines += 1;
        self.broken.push(Broken {
            at,
            reason,
            subject,
        });
    }

    fn push_fields(&mut self, at: At, kind: Kind, fields: &Fields) -> std::io::Result<()> {
        match fields.record(kind) {
            Ok(record) => self.push(at, &record)?,
            Err(reason) => self.push_broken(at, reason, fields.subject(kind)),
        }
        Ok(())
    }
}

/// The temporary file does not hold what was written into it.
fn lost(error: impl std::fmt::Display) -> Error {
    Error::internal(format!("the temporary file of an import: {error}"))
}

/// The good lines of a type, read back in their order.
pub(super) struct Portions<'b, T> {
    reader: Option<BufReader<&'b mut SpooledTempFile>>,
    of: PhantomData<T>,
}

impl<T: Typed> Portions<'_, T> {
    /// The next lines, so many at most; `None` after the last.
    ///
    /// # Errors
    /// [`Error::Internal`] where the temporary file cannot be read.
    pub(super) fn next(&mut self, at_most: usize) -> Result<Option<Vec<Line<T>>>> {
        let Some(reader) = &mut self.reader else {
            return Ok(None);
        };
        let mut lines = Vec::new();
        let mut text = String::new();
        for read in 0..at_most {
            text.clear();
            if reader.read_line(&mut text).map_err(lost)? == 0 {
                return Ok((read > 0).then_some(lines));
            }
            let mut parts = text.trim_end().splitn(3, ' ');
            let mut part = || parts.next().ok_or_else(|| lost("a line is cut off"));
            let at = At {
                file: part()?.parse().map_err(lost)?,
                line: part()?.parse().map_err(lost)?,
            };
            let fields = object(part()?.as_bytes()).map_err(lost)?;
            let record = T::of(fields.record(T::KIND).map_err(lost)?);
            let record = record.ok_or_else(|| lost("a line is of another type"))?;
            lines.push(Line { at, record });
        }
        Ok(Some(lines))
    }
}

/// Reads everything. `on_line` is told of every line.
///
/// # Errors
/// [`Error::BadInput`] where a source cannot be read at all; what is wrong with a line stands in the
/// batch.
pub fn read(sources: Vec<Source>, on_line: &mut dyn FnMut()) -> Result<Batch> {
    let mut batch = Batch::default();
    for (file, source) in sources.into_iter().enumerate() {
        let unreadable = |error: std::io::Error| Error::BadInput {
            message: format!("cannot read {}: {error}", source.name),
            field: None,
        };
        decoded(source.reader)
            .and_then(|reader| match source.format {
                Format::Ndjson => ndjson(&mut batch, file, reader, on_line),
                Format::Csv(kind) => csv(&mut batch, file, kind, source.delimiter, reader, on_line),
            })
            .map_err(unreadable)?;
        batch.files.push(source.name);
    }
    Ok(batch)
}

/// The bytes of a source as UTF-8 without a byte order mark. UTF-16, which Excel and PowerShell
/// write, is decoded.
fn decoded(mut reader: Box<dyn BufRead>) -> std::io::Result<Box<dyn BufRead>> {
    let unreadable = |message: &str| std::io::Error::new(ErrorKind::InvalidData, message);
    let mut head = Vec::new();
    reader.by_ref().take(4).read_to_end(&mut head)?;
    let utf16: fn([u8; 2]) -> u16 = match head.as_slice() {
        [0xef, 0xbb, 0xbf, rest @ ..] => {
            return Ok(Box::new(Cursor::new(rest.to_vec()).chain(reader)));
        }
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        [0, _, ..] | [_, 0, ..] => {
            return Err(unreadable(
                "this is no UTF-8 text; it looks like UTF-16 without a byte order mark: save the file as UTF-8",
            ));
        }
        [b'P', b'K', 3, 4] => {
            return Err(unreadable(
                "this is an Excel workbook or another ZIP archive: save the sheet as CSV",
            ));
        }
        [0x1f, 0x8b, ..] => {
            return Err(unreadable("this is compressed by gzip: unpack it first"));
        }
        _ => return Ok(Box::new(Cursor::new(head).chain(reader))),
    };
    reader.read_to_end(&mut head)?;
    let (units, odd) = head[2..].as_chunks::<2>();
    let text = String::from_utf16(&units.iter().copied().map(utf16).collect::<Vec<u16>>())
        .ok()
        .filter(|_| odd.is_empty())
        .ok_or_else(|| {
            unreadable("it begins as UTF-16 and is not valid UTF-16: save the file as UTF-8")
        })?;
    Ok(Box::new(Cursor::new(text.into_bytes())))
}

fn ndjson(
    batch: &mut Batch,
    file: usize,
    mut reader: Box<dyn BufRead>,
    on_line: &mut dyn FnMut(),
) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    for line in 1.. {
        bytes.clear();
        if reader.read_until(b'\n', &mut bytes)? == 0 {
            break;
        }
        let text = bytes.trim_ascii();
        if text.is_empty() {
            continue;
        }
        on_line();
        let at = At { file, line };
        match object(text) {
            Err(reason) => batch.push_broken(at, reason, None),
            Ok(fields) => match fields.kind() {
                Err(reason) => batch.push_broken(at, reason, None),
                Ok(kind) => batch.push_fields(at, kind, &fields)?,
            },
        }
    }
    Ok(())
}

/// One line as a JSON object.
fn object(line: &[u8]) -> Result<Fields, String> {
    let text = std::str::from_utf8(line)
        .map_err(|error| format!("not valid UTF-8 (byte {})", error.valid_up_to() + 1))?;
    if !text.starts_with('{') {
        return Err(
            "not a JSON object: a line must be one, as in {\"type\":\"platform\",…}".into(),
        );
    }
    if let Some(number) = inexact_number(line) {
        return Err(refusal(number));
    }
    let mut json = serde_json::Deserializer::from_str(text);
    let entries = json
        .deserialize_map(Entries)
        .and_then(|entries| json.end().map(|()| entries))
        .map_err(|error| format!("not valid JSON: {}", syntax(&error)))?;
    Ok(Fields::json(entries))
}

/// Keeps the members of an object as they come, so that one that comes twice is seen.
struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Vec<(String, Value)>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::with_capacity(8);
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(entries)
    }
}

fn csv(
    batch: &mut Batch,
    file: usize,
    kind: Kind,
    delimiter: Option<u8>,
    mut reader: Box<dyn BufRead>,
    on_line: &mut dyn FnMut(),
) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes)?;
    let (text, announced, first) = separator_line(&bytes);
    let delimiter = delimiter
        .or(announced)
        .unwrap_or_else(|| likely_delimiter(kind, text));
    let mut columns: Option<Vec<String>> = None;
    for row in Rows::new(text, delimiter, first) {
        on_line();
        let Row { line, cells: row } = match row {
            Ok(row) => row,
            Err(Malformed { line, reason }) => {
                // Where a quote is wrong, nobody knows where the next row begins.
                let reason = format!("not well-formed CSV: {reason}; the rest is not read");
                batch.push_broken(At { file, line }, reason, None);
                return Ok(());
            }
        };
        let at = At { file, line };
        if row.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue;
        }
        let Some(names) = &columns else {
            match header(kind, delimiter, &row) {
                Ok(names) => columns = Some(names),
                Err(reason) => {
                    // Without a header nothing that follows means anything.
                    batch.push_broken(at, reason, None);
                    return Ok(());
                }
            }
            continue;
        };
        match cells(names, &row) {
            Err(reason) => batch.push_broken(at, reason, None),
            Ok(fields) => {
                let other = fields.get("type").and_then(Value::as_str);
                match other.filter(|other| *other != kind.name()) {
                    None => batch.push_fields(at, kind, &fields)?,
                    Some(_) => batch.push_broken(
                        at,
                        format!("`type` must be {} in this file", kind.name()),
                        None,
                    ),
                }
            }
        }
    }
    Ok(())
}

/// Takes off a first line such as `sep=;`, which Excel reads and writes: the text after it, the
/// delimiter it names, and the number of the next line.
fn separator_line(text: &[u8]) -> (&[u8], Option<u8>, u64) {
    let end = text.iter().position(|byte| *byte == b'\n');
    let (first, rest) = text.split_at(end.map_or(text.len(), |end| end + 1));
    let line = first.trim_ascii_end();
    match line.split_at_checked(4) {
        Some((name, [delimiter])) if name.eq_ignore_ascii_case(b"sep=") => {
            (rest, Some(*delimiter), 2)
        }
        // The end was trimmed: the delimiter is a tab.
        Some((name, [])) if name.eq_ignore_ascii_case(b"sep=") && first.get(4) == Some(&b'\t') => {
            (rest, Some(b'\t'), 2)
        }
        _ => (text, None, 1),
    }
}

/// The delimiter that makes most columns of the header: comma, semicolon or tab.
fn likely_delimiter(kind: Kind, text: &[u8]) -> u8 {
    let known = |delimiter: &u8| {
        let header = Rows::new(text, *delimiter, 1)
            .filter_map(Result::ok)
            .find(|row| row.cells.iter().any(|cell| !cell.trim_ascii().is_empty()));
        header.map_or(0, |header| {
            let names = header.cells.iter().map(|cell| column(cell));
            names.filter(|name| kind.has(name)).count()
        })
    };
    // Of equals, the last one is taken.
    [b'\t', b';', b',']
        .into_iter()
        .max_by_key(known)
        .unwrap_or(b',')
}

/// The name of a column, as spreadsheets write it.
fn column(cell: &[u8]) -> String {
    String::from_utf8_lossy(cell).trim().to_lowercase()
}

/// The names of the columns; empty for one without a name.
fn header(kind: Kind, delimiter: u8, row: &[Vec<u8>]) -> Result<Vec<String>, String> {
    let mut names: Vec<String> = row.iter().map(|cell| column(cell)).collect();
    if !names.iter().any(|name| kind.has(name)) {
        return Err(format!(
            "the header names no column of type {}: it must name {}, with `{}` between them; --delimiter says another delimiter",
            kind.name(),
            kind.required().join(", "),
            char::from(delimiter).escape_debug()
        ));
    }
    while names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    for (index, name) in names
        .iter()
        .enumerate()
        .filter(|(_, name)| !name.is_empty())
    {
        if name != "type" && !kind.has(name) {
            return Err(unknown_field(kind, name));
        }
        if names[..index].contains(name) {
            return Err(format!("the column `{name}` is there twice"));
        }
    }
    for field in kind.required() {
        if !names.iter().any(|name| name == field) {
            return Err(format!(
                "the column `{field}` is missing: the header must name {}",
                kind.required().join(", ")
            ));
        }
    }
    Ok(names)
}

/// The cells of a row under their names; an empty one is null. Cells without a name must be empty.
fn cells(names: &[String], row: &[Vec<u8>]) -> Result<Fields, String> {
    let surplus = row.get(names.len()..).unwrap_or(&[]);
    if row.len() < names.len() || surplus.iter().any(|cell| !cell.trim_ascii().is_empty()) {
        return Err(format!(
            "{} cells where the header has {} columns",
            row.len(),
            names.len()
        ));
    }
    let mut entries = Vec::with_capacity(names.len());
    for (index, (name, cell)) in names.iter().zip(row).enumerate() {
        if name.is_empty() {
            if !cell.trim_ascii().is_empty() {
                return Err(format!(
                    "cell {} is not empty, but its column has no name",
                    index + 1
                ));
            }
            continue;
        }
        let text = std::str::from_utf8(cell)
            .map_err(|_| format!("`{name}` is not valid UTF-8: save the file as UTF-8"))?;
        let value = if text.is_empty() {
            Value::Null
        } else {
            Value::String(text.to_owned())
        };
        entries.push((name.clone(), value));
    }
    Ok(Fields::cells(entries))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::record::{
        GroupMember, Member, Patch, Platform, Program, ProgramSuggestion, Role,
    };

    fn read_one(name: &str, said: Option<Kind>, bytes: &[u8]) -> Batch {
        let source = Source {
            name: name.to_owned(),
            format: Format::of(name, said).unwrap(),
            delimiter: None,
            reader: Box::new(std::io::Cursor::new(bytes.to_vec())),
        };
        read(vec![source], &mut || ()).unwrap()
    }

    /// The good lines of a type.
    fn good<T: Typed>(batch: &mut Batch) -> Vec<Line<T>> {
        let mut all = Vec::new();
        let mut portions = batch.portions().unwrap();
        while let Some(lines) = portions.next(1).unwrap() {
            all.extend(lines);
        }
        all
    }

    fn reasons(batch: &Batch) -> Vec<(u64, &str)> {
        batch
            .broken
            .iter()
            .map(|broken| (broken.at.line, broken.reason.as_str()))
            .collect()
    }

    /// The reason why a line fails.
    fn reason(line: impl AsRef<[u8]>) -> String {
        let batch = read_one("-", None, line.as_ref());
        assert_eq!(batch.lines(), 1);
        batch.broken.into_iter().next().unwrap().reason
    }

    #[test]
    fn lines_are_numbered_and_empty_ones_skipped() {
        let mut batch = read_one(
            "a.ndjson",
            None,
            b"\xef\xbb\xbf{\"type\":\"platform\",\"key\":\"a\",\"org\":\"o\",\"name\":\"n\"}\r\n\n  \r\n{\n {\"type\":\"group_member\",\"group\":7,\"user\":\"u\"}",
        );
        assert_eq!(batch.lines(), 3);
        let platforms = good::<Platform>(&mut batch);
        assert_eq!(platforms[0].at, At { file: 0, line: 1 });
        let group_members = good::<GroupMember>(&mut batch);
        assert_eq!(group_members[0].at, At { file: 0, line: 5 });
        assert_eq!(
            reasons(&batch),
            [(4, "not valid JSON: EOF while parsing an object (column 1)")]
        );
    }

    #[test]
    fn reasons_say_what_would_be_right() {
        let long = "x".repeat(256);
        for (line, expected) in [
            ("[1]", "not a JSON object: a line must be one"),
            (
                "{}",
                "`type` is missing: it is one of platform, program, user,",
            ),
            (
                r#"{"type":"users"}"#,
                "`type` must be one of platform, program,",
            ),
            (
                r#"{"type":"platform","key":"k","org":"o"}"#,
                "`name` is missing: a line of type platform needs key, org, name",
            ),
            (
                r#"{"type":"platform","key":"k","org":null,"name":"n"}"#,
                "`org` is missing",
            ),
            (
                r#"{"type":"platform","key":"k","org":"o","name":"n","x":1}"#,
                "unknown field `x`: a line of type platform has key, org, name",
            ),
            (
                r#"{"type":"platform","key":"k","key":"k","org":"o","name":"n"}"#,
                "`key` is given twice",
            ),
            (
                r#"{"type":"platform","key":5,"org":"o","name":"n"}"#,
                "`key` must be a string, not 5",
            ),
            (
                r#"{"type":"platform","key":" ","org":"o","name":"n"}"#,
                "`key` must not be blank",
            ),
            (
                r#"{"type":"platform","key":"a\u0000","org":"o","name":"n"}"#,
                "`key` must not contain the character U+0000",
            ),
            (
                &format!(r#"{{"type":"platform","key":"{long}","org":"o","name":"n"}}"#),
                "`key` is 256 characters long; at most 255 are allowed",
            ),
            (
                r#"{"type":"user","id":0,"username":"u","name":"n"}"#,
                "`id` must be an integer from 1 to 9223372036854775807, not 0",
            ),
            (
                r#"{"type":"user","id":"1","username":"u","name":"n"}"#,
                "`id` must be an integer from 1 to 9223372036854775807, not the string \"1\"",
            ),
            (
                r#"{"type":"user","id":1,"username":"u","name":"n","email":""}"#,
                "`email` must not be blank: leave it out to keep what is there, or clear it with null",
            ),
            (
                r#"{"type":"user","id":1,"username":"u","name":"n","dm_admin":1}"#,
                "`dm_admin` must be true or false, not 1",
            ),
            (
                r#"{"type":"member","platform":"p","user":"u","role":"boss"}"#,
                "`role` must be admin or learner, not the string \"boss\"",
            ),
            (
                r#"{"type":"program_suggestion","platform":"p","program":"p","user":"u","metadata":[]}"#,
                "`metadata` must be a JSON object, not an array",
            ),
            (
                r#"{"type":"program_suggestion","platform":"p","program":"p","user":"u","created":"now"}"#,
                "`created` must be a date and time such as 2026-11-23T09:30:00Z",
            ),
            (
                r#"{"type":"program_group_suggestion","platform":"p","program":"p","group":1,"direct":true}"#,
                "unknown field `direct`",
            ),
        ] {
            let reason = reason(line);
            assert!(reason.starts_with(expected), "{line}: {reason}");
        }
        assert_eq!(reason(b"{\"a\":\"\xff\"}"), "not valid UTF-8 (byte 7)");
    }

    #[test]
    fn left_out_and_null_are_told_apart() {
        let program = |fields: &str| -> Patch<String> {
            let line =
                format!(r#"{{"type":"program","platform":"p","key":"k","name":"n"{fields}}}"#);
            good::<Program>(&mut read_one("-", None, line.as_bytes()))[0]
                .record
                .url
                .clone()
        };
        assert_eq!(program(""), None);
        assert_eq!(program(r#","url":null"#), Some(None));
        assert_eq!(program(r#","url":"u""#), Some(Some("u".to_owned())));
    }

    #[test]
    fn a_broken_line_says_what_it_was_about() {
        let batch = read_one("-", None, br#"{"type":"user","username":"Ada"}"#);
        assert_eq!(
            batch.broken[0].subject,
            Some(Subject::User("ada".to_owned()))
        );
    }

    #[test]
    fn csv_cells_are_read_by_the_type_of_their_field() {
        let mut batch = read_one(
            "folder/Members.CSV",
            None,
            b"\xef\xbb\xbfuser,platform,role,active\r\nu,p,admin,\r\n\r\nv,p,learner,0\r\n\"w\",p,learner,\"TRUE\n\"\r\ny,p,boss,\r\nz,p\r\n",
        );
        let lines = good::<Member>(&mut batch);
        let members: Vec<(u64, &str, Role, Option<bool>)> = lines
            .iter()
            .map(|line| {
                (
                    line.at.line,
                    line.record.user.as_str(),
                    line.record.role,
                    line.record.active,
                )
            })
            .collect();
        assert_eq!(
            members,
            [
                (2, "u", Role::Admin, None),
                (4, "v", Role::Learner, Some(false)),
                (5, "w", Role::Learner, Some(true)),
            ]
        );
        assert_eq!(
            reasons(&batch),
            [
                (
                    7,
                    "`role` must be admin or learner, not the string \"boss\""
                ),
                (8, "2 cells where the header has 4 columns"),
            ]
        );
    }

    #[test]
    fn csv_metadata_is_json_text() {
        let mut batch = read_one(
            "-",
            Some(Kind::ProgramSuggestion),
            b"platform,program,user,metadata\np,k,u,\"{\"\"b\"\": 1, \"\"a\"\": [] }\"\np,k,u,\np,k,u,{\n",
        );
        let lines = good::<ProgramSuggestion>(&mut batch);
        let metadata: Vec<&str> = lines
            .iter()
            .map(|line| line.record.facts.metadata.as_ref().unwrap().0.as_str())
            .collect();
        assert_eq!(metadata, [r#"{"a":[],"b":1}"#, "{}"]);
        assert_eq!(
            reasons(&batch),
            [(
                4,
                "`metadata` is not valid JSON: EOF while parsing an object (column 1)"
            )]
        );
    }

    #[test]
    fn a_wrong_header_is_one_failure() {
        let batch = read_one("users.csv", None, b"id,nme\n1,a\n2,b\n");
        assert_eq!(
            reasons(&batch),
            [(
                1,
                "unknown field `nme`: a line of type user has id, username, name, email, dm_admin"
            )]
        );
        let batch = read_one("users.csv", None, b"id,name\n1,a\n");
        assert_eq!(
            reasons(&batch),
            [(
                1,
                "the column `username` is missing: the header must name id, username, name"
            )]
        );
    }

    #[test]
    fn the_format_is_told_by_the_name() {
        assert_eq!(Format::of("-", None).unwrap(), Format::Ndjson);
        assert_eq!(
            Format::of("x.json", Some(Kind::User)).unwrap(),
            Format::Ndjson
        );
        assert_eq!(
            Format::of("-", Some(Kind::User)).unwrap(),
            Format::Csv(Kind::User)
        );
        assert_eq!(
            Format::of("group_member.csv", None).unwrap(),
            Format::Csv(Kind::GroupMember)
        );
        assert!(Format::of("people.csv", None).is_err());
    }
}
