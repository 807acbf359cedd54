//! Splits a document into tokens with positions, up to a maximum number of tokens.

use std::borrow::Cow;

use async_graphql::Pos;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token<'s> {
    /// One of `! $ & ( ) : = @ [ ] { | }`, or `.` for the three dots of a spread.
    Punctuator(u8),
    Name(&'s str),
    Int(&'s str),
    Float(&'s str),
    String(Cow<'s, str>),
    End,
}

impl Token<'_> {
    /// The token as messages show it.
    pub(super) fn shown(&self) -> String {
        match self {
            Token::Punctuator(b'.') => "\"...\"".to_owned(),
            Token::Punctuator(mark) => format!("\"{}\"", char::from(*mark)),
            Token::Name(name) => format!("Name \"{}\"", shortened(name)),
            Token::Int(text) => format!("Int \"{}\"", shortened(text)),
            Token::Float(text) => format!("Float \"{}\"", shortened(text)),
            Token::String(text) => format!("String \"{}\"", shortened(text)),
            Token::End => "<EOF>".to_owned(),
        }
    }
}

/// The first 40 characters of a text of the caller, for messages.
pub(super) fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(40) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ParseError {
    pub(super) message: String,
    pub(super) pos: Pos,
    pub(super) kind: ParseErrorKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ParseErrorKind {
    /// The text is not GraphQL.
    Syntax,
    /// The text is GraphQL that cannot be executed: type definitions, for example.
    NotExecutable,
    /// Too many tokens.
    Tokens,
    /// Nested too deeply.
    Nesting,
}

pub(super) struct Lexer<'s> {
    text: &'s str,
    at: usize,
    line: usize,
    /// Where `column` was counted to, so that counting stays linear.
    counted: usize,
    column: usize,
    tokens: usize,
    max_tokens: usize,
}

impl<'s> Lexer<'s> {
    pub(super) fn new(text: &'s str, max_tokens: usize) -> Self {
        Self {
            text,
            at: 0,
            line: 1,
            counted: 0,
            column: 1,
            tokens: 0,
            max_tokens,
        }
    }

    /// The number of tokens so far.
    pub(super) fn tokens(&self) -> usize {
        self.tokens
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn pos(&mut self) -> Pos {
        self.column += self.text[self.counted..self.at].chars().count();
        self.counted = self.at;
        Pos {
            line: self.line,
            column: self.column,
        }
    }

    fn new_line(&mut self) {
        self.line += 1;
        self.column = 1;
        self.counted = self.at;
    }

    fn error<T>(&mut self, message: impl Into<String>) -> Result<T, ParseError> {
        Err(ParseError {
            message: format!("Syntax Error: {}", message.into()),
            pos: self.pos(),
            kind: ParseErrorKind::Syntax,
        })
    }

    /// The current character, for messages.
    fn here(&self) -> String {
        match self.text[self.at..].chars().next() {
            None => "<EOF>".to_owned(),
            Some('"') => "'\"'".to_owned(),
            Some(c) if c.is_control() => format!("U+{:04X}", u32::from(c)),
            Some(c) => format!("\"{c}\""),
        }
    }

    /// The next token and its position.
    pub(super) fn next(&mut self) -> Result<(Token<'s>, Pos), ParseError> {
        self.skip_ignored();
        let pos = self.pos();
        let Some(first) = self.byte(0) else {
            return Ok((Token::End, pos));
        };
        self.tokens += 1;
        if self.tokens > self.max_tokens {
            return Err(ParseError {
                message: format!("The document has more than {} tokens.", self.max_tokens),
                pos,
                kind: ParseErrorKind::Tokens,
            });
        }
        let token = match first {
            b'!' | b'$' | b'&' | b'(' | b')' | b':' | b'=' | b'@' | b'[' | b']' | b'{' | b'|'
            | b'}' => {
                self.at += 1;
                Token::Punctuator(first)
            }
            b'.' if self.byte(1) == Some(b'.') && self.byte(2) == Some(b'.') => {
                self.at += 3;
                Token::Punctuator(b'.')
            }
            b'A'..=b'Z' | b'a'..=b'z' | b'_' => {
                let start = self.at;
                while self.byte(0).is_some_and(is_name) {
                    self.at += 1;
                }
                Token::Name(&self.text[start..self.at])
            }
            b'-' | b'0'..=b'9' => self.number()?,
            b'"' if self.text[self.at..].starts_with("\"\"\"") => self.block_string()?,
            b'"' => self.string()?,
            b'\'' => {
                return self.error(
                    "Unexpected single quote character ('), did you mean to use a double quote (\")?",
                );
            }
            _ => {
                let here = self.here();
                return self.error(format!("Unexpected character: {here}."));
            }
        };
        Ok((token, pos))
    }

    fn skip_ignored(&mut self) {
        while let Some(byte) = self.byte(0) {
            match byte {
                b' ' | b'\t' | b',' => self.at += 1,
                b'\n' => {
                    self.at += 1;
                    self.new_line();
                }
                b'\r' => {
                    self.at += if self.byte(1) == Some(b'\n') { 2 } else { 1 };
                    self.new_line();
                }
                b'#' => {
                    while self.byte(0).is_some_and(|b| b != b'\n' && b != b'\r') {
                        self.at += 1;
                    }
                }
                0xEF if self.text[self.at..].starts_with('\u{FEFF}') => self.at += 3,
                _ => break,
            }
        }
    }

    fn digits(&mut self) -> Result<(), ParseError> {
        if !self.byte(0).is_some_and(|b| b.is_ascii_digit()) {
            let here = self.here();
            return self.error(format!("Invalid number, expected digit but got: {here}."));
        }
        while self.byte(0).is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Token<'s>, ParseError> {
        let start = self.at;
        let mut float = false;
        if self.byte(0) == Some(b'-') {
            self.at += 1;
        }
        if self.byte(0) == Some(b'0') {
            self.at += 1;
            if self.byte(0).is_some_and(|b| b.is_ascii_digit()) {
                let here = self.here();
                return self.error(format!("Invalid number, unexpected digit after 0: {here}."));
            }
        } else {
            self.digits()?;
        }
        if self.byte(0) == Some(b'.') {
            float = true;
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.byte(0), Some(b'e' | b'E')) {
            float = true;
            self.at += 1;
            if matches!(self.byte(0), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        if self
            .byte(0)
            .is_some_and(|b| b == b'.' || is_name(b) && !b.is_ascii_digit())
        {
            let here = self.here();
            return self.error(format!("Invalid number, expected digit but got: {here}."));
        }
        let text = &self.text[start..self.at];
        Ok(if float {
            Token::Float(text)
        } else {
            Token::Int(text)
        })
    }

    fn string(&mut self) -> Result<Token<'s>, ParseError> {
        self.at += 1;
        let start = self.at;
        let mut unescaped: Option<String> = None;
        loop {
            match self.byte(0) {
                None | Some(b'\n' | b'\r') => return self.error("Unterminated string."),
                Some(b'"') => {
                    let text = &self.text[start..self.at];
                    self.at += 1;
                    return Ok(Token::String(match unescaped {
                        Some(text) => Cow::Owned(text),
                        None => Cow::Borrowed(text),
                    }));
                }
                Some(b'\\') => {
                    let mut text =
                        unescaped.unwrap_or_else(|| self.text[start..self.at].to_owned());
                    text.push(self.escape()?);
                    unescaped = Some(text);
                }
                Some(_) => {
                    let Some(c) = self.text[self.at..].chars().next() else {
                        return self.error("Unterminated string.");
                    };
                    self.at += c.len_utf8();
                    if let Some(text) = &mut unescaped {
                        text.push(c);
                    }
                }
            }
        }
    }

    /// An escape sequence of a string. The lexer is at its backslash.
    fn escape(&mut self) -> Result<char, ParseError> {
        let simple = match self.byte(1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return self.error("Invalid character escape sequence."),
        };
        self.at += 2;
        Ok(simple)
    }

    fn unicode_escape(&mut self) -> Result<char, ParseError> {
        let text = self.text;
        let rest = &text[self.at + 2..];
        let read = if let Some(braced) = rest.strip_prefix('{') {
            braced
                .find('}')
                .filter(|end| (1..=8).contains(end))
                .and_then(|end| Some((hex(&braced[..end])?, end + 4)))
        } else {
            self.code_unit(self.at).and_then(|first| {
                if !(0xD800..0xDC00).contains(&first) {
                    return Some((first, 6));
                }
                // The first half of a surrogate pair.
                let second = self.code_unit(self.at + 6)?;
                let low = second.checked_sub(0xDC00).filter(|low| *low < 0x400)?;
                Some((0x10000 + ((first - 0xD800) << 10) + low, 12))
            })
        };
        match read.and_then(|(code, length)| Some((char::from_u32(code)?, length))) {
            Some((c, length)) => {
                self.at += length;
                Ok(c)
            }
            None => self.error("Invalid Unicode escape sequence."),
        }
    }

    /// The code unit of `\uXXXX`.
    fn code_unit(&self, at: usize) -> Option<u32> {
        let escape = self.text.get(at..at + 6)?;
        hex(escape.strip_prefix("\\u")?)
    }

    fn block_string(&mut self) -> Result<Token<'s>, ParseError> {
        self.at += 3;
        let mut lines = vec![String::new()];
        loop {
            let rest = &self.text[self.at..];
            let line = lines.last_mut();
            let (Some(c), Some(line)) = (rest.chars().next(), line) else {
                return self.error("Unterminated string.");
            };
            if rest.starts_with("\"\"\"") {
                self.at += 3;
                return Ok(Token::String(Cow::Owned(dedented(&lines))));
            }
            if rest.starts_with("\\\"\"\"") {
                line.push_str("\"\"\"");
                self.at += 4;
            } else if c == '\n' || c == '\r' {
                self.at += if rest.starts_with("\r\n") { 2 } else { 1 };
                self.new_line();
                lines.push(String::new());
            } else {
                line.push(c);
                self.at += c.len_utf8();
            }
        }
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn hex(digits: &str) -> Option<u32> {
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    u32::from_str_radix(digits, 16).ok()
}

/// The value of a block string, without common indentation and without blank lines at its ends.
fn dedented(lines: &[String]) -> String {
    let indent_of = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let blank = |line: &str| indent_of(line) == line.len();
    let shared = lines
        .iter()
        .skip(1)
        .filter(|line| !blank(line))
        .map(|line| indent_of(line))
        .min()
        .unwrap_or(0);
    let Some(first) = lines.iter().position(|line| !blank(line)) else {
        return String::new();
    };
    let last = lines.iter().rposition(|line| !blank(line)).unwrap_or(first);
    let kept: Vec<&str> = (first..=last)
        .map(|index| match index {
            0 => lines[0].as_str(),
            _ => lines[index].get(shared..).unwrap_or(""),
        })
        .collect();
    kept.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Result<Vec<Token<'_>>, String> {
        let mut lexer = Lexer::new(text, 100);
        let mut all = Vec::new();
        loop {
            match lexer.next() {
                Ok((Token::End, _)) => return Ok(all),
                Ok((token, _)) => all.push(token),
                Err(error) => return Err(error.message),
            }
        }
    }

    #[test]
    fn strings_mean_what_they_say() {
        for (text, value) in [
            (r#""""#, ""),
            (r#""a\"\\\/\b\f\n\r\tb""#, "a\"\\/\u{8}\u{c}\n\r\tb"),
            (r#""\u00e9\uD83D\uDE00\u{1F600}""#, "é😀😀"),
            (r#""""one""""#, "one"),
            ("\"\"\"\n    a\n      b\r\n\n    c\n  \"\"\"", "a\n  b\n\nc"),
            (r#""""x \""" y""""#, "x \"\"\" y"),
        ] {
            assert_eq!(
                tokens(text),
                Ok(vec![Token::String(value.into())]),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_token_is_refused() {
        for text in [
            "01",
            "1a",
            "1.",
            "1.5e",
            "-",
            "0xF",
            ".5",
            "..",
            "'a'",
            "\"a",
            "\"a\nb\"",
            "\"\\x\"",
            "\"\\uD83D\"",
            "\"\\uDE00\"",
            "\"\\u{110000}\"",
            "\"\\u{}\"",
            "\"\"\"a",
            "ä",
            "\u{0}",
            "?",
        ] {
            assert!(tokens(text).is_err(), "{text}");
        }
    }

    #[test]
    fn places_are_counted_in_lines_and_characters() {
        let mut lexer = Lexer::new("\u{FEFF}a # é\r\n  \"éé\" b\n\n c", 100);
        let mut places = Vec::new();
        while let Ok((token, pos)) = lexer.next() {
            if token == Token::End {
                break;
            }
            places.push((pos.line, pos.column));
        }
        assert_eq!(places, [(1, 2), (2, 3), (2, 8), (4, 2)]);
    }
}
