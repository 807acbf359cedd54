//! How text is compared without regard to case, for order, for search, and where it names something.
//!
//! Unicode simple case folding (`CaseFolding.txt`, statuses C and S), character by character: what a
//! character becomes never depends on its neighbours, so that a part of a text is found whatever its case.
//! `İ` has no simple folding and becomes `i` with a combining dot (status F), which is its lower case.
//! It stands with the schema because the columns `*_folded` hold its results: who changes it adds a step that
//! folds again.

/// The folded text.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\u{130}' => folded.push_str("i\u{307}"),
            _ => folded.push(
                unicode_case_mapping::case_folded(character)
                    .and_then(|folded| char::from_u32(folded.get()))
                    .unwrap_or(character),
            ),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn every_character_is_folded_by_itself() {
        for (text, folded) in [
            ("ABC", "abc"),
            ("ΟΔΥΣΣΕΥΣ", "οδυσσευσ"),
            ("Ὀδυσσεύς", "ὀδυσσεύσ"),
            ("İIıi", "i\u{307}iıi"),
            ("ẞß", "ßß"),
            ("ǅǄǆ", "ǆǆǆ"),
            ("\u{212a}kK", "kkk"),
            ("\u{212b}åÅ", "ååå"),
            ("E\u{301}é", "e\u{301}é"),
            ("ſS", "ss"),
            ("\u{10400}\u{10428}", "\u{10428}\u{10428}"),
            ("数据💥", "数据💥"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn a_part_is_found_in_the_whole() {
        let text = "ΟΔΥΣΣΕΥΣ Ὀδυσσεύς İıẞßǅKÅ";
        let characters: Vec<char> = text.chars().collect();
        for part in characters.windows(3) {
            let part: String = part.iter().collect();
            assert!(fold(text).contains(&fold(&part)), "{part}");
        }
    }
}
