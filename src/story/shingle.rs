//! Texts as sets of hashed five-word shingles. Case, punctuation and white space do not count.

/// Words per shingle.
const WORDS: usize = 5;

const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;

/// The words of a text as byte ranges, in order. In scripts that put no spaces between words each character is one.
pub fn words(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::with_capacity(text.len() / 6);
    let mut start = None;
    for (at, c) in text.char_indices() {
        let alone = is_unspaced(c);
        if (alone || !is_of_word(c))
            && let Some(start) = start.take()
        {
            found.push(start..at);
        }
        if alone {
            found.push(at..at + c.len_utf8());
        } else if is_of_word(c) && start.is_none() {
            start = Some(at);
        }
    }
    found.extend(start.map(|start| start..text.len()));
    found
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Thai, Lao, Khmer, Burmese, Chinese and Japanese.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{2ffff}')
}

/// The hashes of a text's distinct shingles, sorted, and how many words it has. The hashes are part of the index format.
pub(super) fn shingles(text: &str) -> (Vec<u64>, usize) {
    let mut found = Vec::with_capacity(text.len() / 6);
    let mut last = [0_u64; WORDS];
    let words = words(text);
    for (number, word) in words.iter().enumerate() {
        last.rotate_left(1);
        last[WORDS - 1] = word_hash(&text[word.clone()]);
        if number + 1 >= WORDS {
            found.push(mixed(last.iter().fold(0, |hash, word| mixed(hash ^ word).wrapping_mul(FNV_PRIME))));
        }
    }
    found.sort_unstable();
    found.dedup();
    (found, words.len())
}

fn word_hash(word: &str) -> u64 {
    let add = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME);
    if word.is_ascii() {
        return word.bytes().fold(FNV_OFFSET, |hash, byte| add(hash, byte.to_ascii_lowercase()));
    }
    let mut hash = FNV_OFFSET;
    for c in word.chars().flat_map(char::to_lowercase) {
        hash = c.encode_utf8(&mut [0; 4]).bytes().fold(hash, add);
    }
    hash
}

/// Spreads a number over all bits.
pub(super) fn mixed(number: u64) -> u64 {
    let mut mixed = number;
    mixed = (mixed ^ (mixed >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    mixed = (mixed ^ (mixed >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    mixed ^ (mixed >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        words(text).into_iter().map(|word| &text[word]).collect()
    }

    #[test]
    fn words_are_what_stands_between_spaces_and_marks() {
        assert_eq!(cut("Oil's up 3.5%, says_A"), ["Oil", "s", "up", "3", "5", "says_A"]);
        assert_eq!(cut("Élysée 東京 a"), ["Élysée", "東", "京", "a"]);
        assert!(cut(" — … ").is_empty());
    }

    #[test]
    fn case_and_punctuation_do_not_count() {
        let (one, words) = shingles("The minister said on Monday that ÖL prices would fall.");
        let (other, _) = shingles("the MINISTER said, on Monday: that öl   prices would fall");
        assert_eq!((one.len(), words), (6, 10));
        assert_eq!(one, other);
        assert!(shingles("Only four words here").0.is_empty());
    }
}
