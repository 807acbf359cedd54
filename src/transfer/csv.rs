//! A strict CSV reader. The crate `csv` repairs what is not well-formed (an unclosed quote swallows
//! the rows that follow); here it is an error that says where the quote was opened.

/// A row: the line where it begins, and its cells.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) cells: Vec<Vec<u8>>,
}

/// Why the text is not CSV, and the line of the row.
#[derive(Debug)]
pub(super) struct Malformed {
    pub(super) line: u64,
    pub(super) reason: String,
}

/// Reads rows one after the other. Lines end in LF, CR LF or CR; empty ones are skipped.
pub(super) struct Rows<'t> {
    text: &'t [u8],
    delimiter: u8,
    offset: usize,
    line: u64,
    line_start: usize,
}

impl<'t> Rows<'t> {
    pub(super) fn new(text: &'t [u8], delimiter: u8, line: u64) -> Self {
        Self {
            text,
            delimiter,
            offset: 0,
            line,
            line_start: 0,
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.offset).copied()
    }

    /// The next byte; counts lines.
    fn take(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.offset += 1;
        if byte == b'\n' || (byte == b'\r' && self.peek() != Some(b'\n')) {
            self.line += 1;
            self.line_start = self.offset;
        }
        Some(byte)
    }

    fn ends_cell(&self) -> bool {
        self.peek()
            .is_none_or(|byte| byte == self.delimiter || matches!(byte, b'\r' | b'\n'))
    }

    /// Where the reader stands, for people.
    fn place(&self) -> String {
        let before = self.text.get(self.line_start..self.offset).unwrap_or(&[]);
        let column = String::from_utf8_lossy(before).chars().count() + 1;
        format!("line {}, column {column}", self.line)
    }

    fn cell(&mut self) -> Result<Vec<u8>, String> {
        let mut cell = Vec::new();
        if self.peek() != Some(b'"') {
            while !self.ends_cell() {
                if self.peek() == Some(b'"') {
                    return Err(format!(
                        "the quote at {} is inside a cell that does not begin with one: put the cell in quotes and double the quotes in it",
                        self.place()
                    ));
                }
                cell.extend(self.take());
            }
            return Ok(cell);
        }
        let opened = self.place();
        self.take();
        loop {
            match self.take() {
                None => return Err(format!("the quote opened at {opened} is never closed")),
                Some(b'"') if self.peek() == Some(b'"') => cell.extend(self.take()),
                Some(b'"') if self.ends_cell() => return Ok(cell),
                Some(b'"') => {
                    return Err(format!(
                        "text follows at {} on the cell whose quote was opened at {opened}: double the quotes inside a cell",
                        self.place()
                    ));
                }
                Some(byte) => cell.push(byte),
            }
        }
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        while matches!(self.peek()?, b'\r' | b'\n') {
            self.take();
        }
        let line = self.line;
        let mut cells = Vec::new();
        loop {
            match self.cell() {
                Ok(cell) => cells.push(cell),
                Err(reason) => {
                    self.offset = self.text.len();
                    return Some(Err(Malformed { line, reason }));
                }
            }
            if self.peek() != Some(self.delimiter) {
                return Some(Ok(Row { line, cells }));
            }
            self.take();
        }
    }
}
