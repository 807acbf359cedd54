//! Mutations that keep an input parseable more often than byte mutations do: they insert, remove and swap
//! words of the grammar and the schema, and move groups in braces. Every other mutation is libFuzzer's.

use std::sync::LazyLock;

use libfuzzer_sys::fuzzer_mutate;

/// Tokens of the grammar, and useful phrases.
const PHRASES: &[&str] = &[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ":",
    "=",
    "!",
    "$",
    "@",
    "...",
    "\"",
    "\"\"\"",
    "\\u{1F600}",
    "\\uD83D",
    "query",
    "mutation",
    "subscription",
    "fragment",
    "on",
    "true",
    "false",
    "null",
    "0",
    "-1",
    "1.5e3",
    "2147483648",
    "99999999999999999999",
    "\"acme\"",
    "__schema",
    "__type(name: \"Query\")",
    "__typename",
    "@skip(if: true)",
    "@include(if: $v)",
    "$v",
    "$n",
    "query ($v: Boolean = true, $n: Int)",
    "first: 100",
    "first: $n",
    "pageSize: $n",
    "platformKey: \"acme\"",
    "{ id }",
    "...F",
    "fragment F on Node { id ...F }",
    "fragment F on Query { viewer { isDmAdmin } }",
    "a: id",
    "\n---\n{\"v\": true, \"n\": 5}",
    "\n---\n{}\n---\nA",
];

/// The phrases and every name of the schema.
static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let sdl = super::SCHEMA;
    let mut names: Vec<String> = Vec::new();
    // Text between quotes is a description.
    for code in sdl.split('"').step_by(2) {
        let split = code.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        names.extend(split.filter(|name| !name.is_empty()).map(str::to_owned));
    }
    names.sort_unstable();
    names.dedup();
    names.extend(PHRASES.iter().map(|phrase| (*phrase).to_owned()));
    names
});

/// Changes an input in place and returns its new length.
pub(crate) fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut random = Random(u64::from(seed) | 1 << 32);
    let text = std::str::from_utf8(&data[..size]).ok();
    let Some(text) = text.filter(|_| random.below(2) == 0) else {
        return fuzzer_mutate(data, size, max_size);
    };
    let mut tokens: Vec<&str> = tokens(text);
    for _ in 0..=random.below(3) {
        change(&mut tokens, &mut random);
    }
    let mut changed = tokens.join(" ");
    if changed.len() > max_size {
        let end = (0..=max_size)
            .rev()
            .find(|end| changed.is_char_boundary(*end));
        changed.truncate(end.unwrap_or_default());
    }
    data[..changed.len()].copy_from_slice(changed.as_bytes());
    changed.len()
}

fn change<'t>(tokens: &mut Vec<&'t str>, random: &mut Random) {
    let new = WORDS[random.below(WORDS.len())].as_str();
    if tokens.is_empty() {
        tokens.push(new);
        return;
    }
    let at = random.below(tokens.len());
    match random.below(7) {
        0 => tokens.insert(at, new),
        1 | 2 => tokens[at] = new,
        3 => drop(tokens.remove(at)),
        4 => drop(tokens.drain(at..group(tokens, at))),
        5 => {
            let copy: Vec<&'t str> = tokens[at..group(tokens, at)].to_vec();
            let to = random.below(tokens.len());
            tokens.splice(to..to, copy);
        }
        _ => {
            let copy: Vec<&'t str> = tokens[at..group(tokens, at)].to_vec();
            let to = random.below(tokens.len());
            tokens.splice(to..group(tokens, to), copy);
        }
    }
}

/// The end of the group that begins at a token: its closing bracket, also for a bracket after a name.
fn group(tokens: &[&str], start: usize) -> usize {
    let mut open = 0_usize;
    for (index, token) in tokens.iter().enumerate().skip(start) {
        match *token {
            "{" | "(" | "[" => open += 1,
            "}" | ")" | "]" => open = open.saturating_sub(1),
            _ => {}
        }
        let opens_next = matches!(tokens.get(index + 1), Some(&("{" | "(")));
        if open == 0 && !opens_next {
            return index + 1;
        }
    }
    tokens.len()
}

/// Names, numbers, strings, spreads, separators of parts, and single punctuators. Comments and blanks are
/// skipped.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let length = if rest.starts_with("\n---\n") {
            5
        } else if first.is_whitespace() || first == ',' {
            rest = &rest[first.len_utf8()..];
            continue;
        } else if first == '#' {
            rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
            continue;
        } else if rest.starts_with("...") {
            3
        } else if first == '"' {
            rest[1..].find('"').map_or(1, |end| end + 2)
        } else if is_word(first) {
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (token, after) = rest.split_at(length);
        tokens.push(token);
        rest = after;
    }
    tokens
}

/// Pseudo-random numbers (xorshift).
struct Random(u64);

impl Random {
    /// A number below `end`.
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let end = u64::try_from(end).unwrap_or(u64::MAX);
        usize::try_from((self.0 >> 11) % end).unwrap_or_default()
    }
}
