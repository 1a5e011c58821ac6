//! Scripts that are written without spaces: Chinese, Japanese, Thai, Lao, Khmer, Burmese.
//!
//! A dictionary cuts the same word differently in different sentences (`新政策` is 新|政策 and 新政|策), and what is cut
//! differently is not found. So a text is cut into characters, and each says whether a word may begin or end there: by the
//! longest words of the dictionary, by words that overlap them, and by the words that they are made of. What is looked
//! for is found where it begins and ends so, however it is cut itself.

use std::cell::RefCell;

use icu_segmenter::options::WordBreakInvariantOptions;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};
use rustc_hash::FxHashMap;

/// A thread forgets the compounds it has met when it knows so many.
const REMEMBERED: usize = 50_000;

/// Shorter words are no compounds.
const SHORTEST_COMPOUND: usize = 3;

/// Words that overlap others are looked for in so many characters.
const LONGEST_OVERLAP: usize = 8;

/// Letters of an alphabet make no word in smaller numbers; a Chinese character can.
const SHORTEST_PART: usize = 3;

/// Whether a script is written without spaces between words.
pub fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}'   // Thai, Lao
        | '\u{1000}'..='\u{109f}' // Burmese
        | '\u{1780}'..='\u{17ff}' // Khmer
        | '\u{3040}'..='\u{30ff}' // Hiragana, Katakana
        | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9f}' // more Katakana
        | '々' | '〆' | '〇')
        || is_han(c)
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}')
}

/// A character of an unspaced script, or what stands between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Whether it is a character of an unspaced script.
    pub unspaced: bool,
    /// Whether a word may begin with it.
    pub opens: bool,
    /// Whether a word may end with it.
    pub closes: bool,
}

/// Calls `piece` with each piece of `text`, in order. Without a dictionary, words begin and end only where what is unspaced
/// does.
pub fn pieces(text: &str, by_dictionary: bool, piece: &mut dyn FnMut(Piece)) {
    let mut start = 0;
    while let Some(first) = text[start..].chars().next() {
        let unspaced = is_unspaced(first);
        let length = text[start..].find(|c| is_unspaced(c) != unspaced).unwrap_or(text.len() - start);
        let end = start + length;
        if unspaced {
            let run = &text[start..end];
            let inner = if by_dictionary { boundaries(run) } else { Vec::new() };
            let is_boundary = |at: usize| at == 0 || at == run.len() || inner.get(at) == Some(&true);
            for (at, c) in run.char_indices() {
                let after = at + c.len_utf8();
                let (opens, closes) = (is_boundary(at), is_boundary(after));
                piece(Piece { start: start + at, end: start + after, unspaced, opens, closes });
            }
        } else {
            piece(Piece { start, end, unspaced, opens: true, closes: true });
        }
        start = end;
    }
}

/// By byte of a text without spaces, whether a word may begin or end there.
fn boundaries(run: &str) -> Vec<bool> {
    let mut boundaries = vec![false; run.len() + 1];
    let ends: Vec<usize> = segmenter().segment_str(run).skip(1).collect();
    let mut start = 0;
    for (number, &end) in ends.iter().enumerate() {
        let word = &run[start..end];
        let mut at = start;
        for part in parts(word) {
            at += part;
            boundaries[at] = true;
        }
        // The longest word may have taken the beginning of the next, and left one character of it.
        let left = ends.get(number + 1).copied().filter(|&after| run[end..after].chars().count() == 1);
        for (inside, _) in word.char_indices().skip(1) {
            let from = start + inside;
            if left.is_some_and(|left| from + first_word_end(&run[from..]) == left) {
                boundaries[from] = true;
            }
        }
        start = end;
    }
    boundaries
}

/// Where the first word of a text ends, as far as that can be seen.
fn first_word_end(text: &str) -> usize {
    let seen = text.char_indices().nth(LONGEST_OVERLAP).map_or(text.len(), |(at, _)| at);
    segmenter().segment_str(&text[..seen]).nth(1).unwrap_or(seen)
}

fn segmenter() -> WordSegmenterBorrowed<'static> {
    WordSegmenter::new_dictionary(WordBreakInvariantOptions::default())
}

thread_local! {
    /// By compound, the lengths of its parts.
    static COMPOUNDS: RefCell<FxHashMap<Box<str>, Box<[usize]>>> = RefCell::default();
}

/// The lengths of the parts of a word in bytes.
fn parts(word: &str) -> Box<[usize]> {
    if word.chars().nth(SHORTEST_COMPOUND - 1).is_none() {
        return Box::new([word.len()]);
    }
    COMPOUNDS.with_borrow_mut(|known| {
        if let Some(parts) = known.get(word) {
            return parts.clone();
        }
        let mut found = Vec::new();
        decompose(word, &mut found);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        let found = found.into_boxed_slice();
        known.insert(word.into(), found.clone());
        found
    })
}

/// Cuts a word in two where both halves are words, the first as long as can be, and each half again.
fn decompose(word: &str, parts: &mut Vec<usize>) {
    if word.chars().nth(SHORTEST_COMPOUND - 1).is_some() {
        let places = word.char_indices().map(|(at, _)| at).rev().filter(|&at| at > 0);
        let mut halves = places.map(|at| word.split_at(at));
        let both = |test: fn(&str) -> bool, (one, other): (&str, &str)| test(one) && test(other);
        if let Some((one, other)) = halves.find(|&halves| both(is_part, halves) && both(is_word, halves)) {
            decompose(one, parts);
            decompose(other, parts);
            return;
        }
    }
    parts.push(word.len());
}

/// Whether a piece is long enough to be a word by itself.
fn is_part(piece: &str) -> bool {
    piece.chars().all(is_han) || piece.chars().count() >= SHORTEST_PART
}

/// Whether the dictionary does not cut it.
fn is_word(piece: &str) -> bool {
    segmenter().segment_str(piece).nth(1) == Some(piece.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether `word` may stand in `text` where it first occurs, by the words of the text.
    fn stands(word: &str, text: &str) -> bool {
        let (mut opens, mut closes) = (vec![false; text.len() + 1], vec![false; text.len() + 1]);
        pieces(text, true, &mut |piece| {
            opens[piece.start] = piece.opens;
            closes[piece.end] = piece.closes;
        });
        text.match_indices(word).any(|(at, word)| opens[at] && closes[at + word.len()])
    }

    #[test]
    fn words_stand_where_a_dictionary_may_cut() {
        let mut wrong = Vec::new();
        for (text, words, others) in [
            ("北京政府星期一宣布新政策", "北京 政府 星期一 宣布 政策 新政策", "京政 期一 布新"),
            ("中华人民共和国", "中华 人民 共和国 中华人民共和国", "华人 民共"),
            ("北京市大学生", "北京 北京市 大学 大学生", "京市"),
            ("習近平主席会见王毅", "习近平 主席 王毅", "平主"),
            ("東京都知事は新しい計画を発表した", "東京 東京都 知事 新しい 計画 発表", "都知 表し"),
            ("รัฐบาลประกาศนโยบายใหม่", "รัฐบาล ประกาศ นโยบาย", "ฐบาล โยบาย"),
            ("iPhone手机2021年", "iPhone 手机 2021 年", "机2"),
        ] {
            for word in words.split(' ').filter(|word| text.contains(word) && !stands(word, text)) {
                wrong.push(format!("{word} is in {text}"));
            }
            for other in others.split(' ').filter(|other| stands(other, text)) {
                wrong.push(format!("{other} is not in {text}"));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    proptest::proptest! {
        #[test]
        fn every_character_is_in_one_piece(text in "[一-龥ぁ-ヿก-๛ -~]{0,40}") {
            let mut last = 0;
            pieces(&text, true, &mut |piece| {
                assert!(piece.start == last && piece.end > last && text.is_char_boundary(piece.end));
                last = piece.end;
            });
            proptest::prop_assert_eq!(last, text.len());
        }
    }
}
