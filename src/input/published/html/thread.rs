//! Later pages of a thread: they begin with a post that was written long after the thread was opened.
//!
//! Takes the titles of a page and the dates in its body, tells which of these is that of the first post. The page that a
//! thread begins with has the day of the thread, and the pages of a long article that of the article.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use super::Spot;
use crate::input::published::Candidate;
use crate::input::published::parse::Stamp;

const WORDS: &str = include_str!("../../../../data/lang/pages.toml");
/// How far the first post is believed, how far others of its day, how far the thread's own day and those of other posts.
const FIRST_POST: u8 = 88;
const SAME_DAY: u8 = 70;
const OTHER: u8 = 30;
/// So many posts make a thread.
const POSTS: usize = 2;
/// What stands between the parts of a title.
const JOINTS: [char; 8] = ['|', '-', '–', '—', '·', '»', '«', ','];

/// The date of the first post, of `spots` in the order of the page and none of them in an aside, if one of `titles` is that
/// of a later page and the posts tell when they were written, to the minute. `stated` is what the page says of itself.
pub(super) fn first_post<'s>(
    titles: &[String],
    stated: &[Candidate],
    spots: impl Iterator<Item = &'s Spot>,
) -> Option<&'s Spot> {
    if !titles.iter().any(|title| is_of_later_page(title)) {
        return None;
    }
    // Above the posts stands when the thread was opened, below them other threads with their days.
    let is_opening =
        |spot: &&Spot| stated.iter().any(|stated| !stated.modified && stated.stamp.date == spot.stamp.date);
    let timed = spots.filter(|spot| spot.stamp.time.is_some() && !spot.modified);
    let mut posts = timed.skip_while(is_opening);
    let first = posts.next()?;
    let mut last = first.stamp.date;
    let in_order = posts.map_while(|post| {
        let goes_on = last <= post.stamp.date;
        last = post.stamp.date;
        goes_on.then_some(())
    });
    (in_order.take(POSTS - 1).count() == POSTS - 1).then_some(first)
}

/// Believes what `found` has of the moment at which the first post was `written`, and hardly any other day.
pub(super) fn prefer(written: &Stamp, found: &mut [Candidate]) {
    for candidate in found.iter_mut().filter(|candidate| !candidate.modified) {
        let stamp = &candidate.stamp;
        candidate.trust = match (stamp.date == written.date, stamp.time == written.time) {
            (true, true) => FIRST_POST,
            (true, false) => candidate.trust.min(SAME_DAY),
            (false, _) => candidate.trust.min(OTHER),
        };
    }
}

/// Whether a part of `title` is the number of a page after the first: "Page 2", "2. oldal", "Seite 34 von 40".
fn is_of_later_page(title: &str) -> bool {
    title.split(JOINTS).any(|part| {
        let mut words = part.split_whitespace().map(|word| word.trim_matches(['.', '(', ')']));
        let (Some(first), Some(second)) = (words.next(), words.next()) else { return false };
        let number = |word: &str| word.parse::<u32>().is_ok_and(|number| number > 1);
        // "Page 2 of 14" goes on with a number, a sentence does not.
        let whole = words.next().is_none_or(|_| words.next().is_some_and(|last| last.parse::<u32>().is_ok()));
        whole && (is_page(first) && number(second) || number(first) && is_page(second))
    })
}

fn is_page(word: &str) -> bool {
    static PAGES: OnceLock<BTreeSet<String>> = OnceLock::new();
    let pages = PAGES.get_or_init(|| {
        // The file is part of the program; the test below reads it strictly.
        let file: BTreeMap<String, Vec<String>> = toml::from_str(WORDS).unwrap_or_default();
        file.into_values().flatten().collect()
    });
    pages.contains(&word.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_number_the_pages_of_a_thread() {
        let cases = [
            ("A thread about the bridge - Seite 34", true),
            ("A thread about the bridge | Page 2 | The forum", true),
            ("A thread about the bridge - Page 3 of 12 - The forum", true),
            ("A híd - 2. oldal", true),
            ("A thread about the bridge - Page 1", false),
            ("Page 2 of the book is missing", false),
            ("A thread about the bridge | The forum", false),
            ("Seite 3 - A paper", true),
            ("", false),
        ];
        for (title, expected) in cases {
            assert_eq!(is_of_later_page(title), expected, "{title}");
        }
    }

    #[test]
    fn the_words_are_read_and_in_lower_case() {
        let file: BTreeMap<String, Vec<String>> = toml::from_str(WORDS).unwrap();
        assert!(file.len() > 20);
        assert!(file.values().flatten().all(|word| *word == word.to_lowercase()));
    }
}
