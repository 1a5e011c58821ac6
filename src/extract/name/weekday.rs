//! Weekdays that the tagger took into a name beside them: "Nathan Perry Monday told us", "said Thursday Jordan would go".
//!
//! Agencies write weekdays without "on", so that they touch names. Takes the names of a text and gives a weekday at the end
//! of a person or a place, or after a verb of saying at the beginning of any name, back to the text. Never touches a name
//! that the lexicon has whole (Sheffield Wednesday), one joined to its day (Mail on Sunday), or a first name that has only
//! the weekday for a surname (Rick Monday).

use std::sync::OnceLock;

use crate::extract::name::lexicon::{self, Lexicon};
use crate::extract::name::{NameClass, NameSpan, word};
use crate::language::Language;
use crate::span::Span;
use crate::text::Text;
use crate::text::weekday;

/// Verbs that a weekday follows and then what was said.
const SAYING: [&str; 2] = ["said", "says"];

/// Takes the weekdays off `names`, which are of `text`.
pub(super) fn give_back(text: &Text<'_>, lexicon: &Lexicon<'_>, names: &mut [NameSpan]) {
    for name in names.iter_mut().filter(|name| name.last - name.first > 1) {
        let (first, last) = (name.first, name.last - 1);
        if is_weekday(text.word(last)) && ends_beside(text, lexicon, name) {
            name.last = last;
        } else if is_weekday(text.word(first)) && follows_saying(text, first) {
            name.first = first + 1;
        } else {
            continue;
        }
        let (from, to) = (&text.tokens[name.first], &text.tokens[name.last - 1]);
        name.span = Span::new(from.start as usize, to.end as usize);
    }
}

fn is_weekday(word: &str) -> bool {
    static DAYS: OnceLock<Vec<&'static str>> = OnceLock::new();
    let days = DAYS.get_or_init(|| weekday::full_names(Language::ENGLISH).collect());
    days.iter().any(|day| day.eq_ignore_ascii_case(word))
}

/// Whether the weekday at the end of `name` only stands beside it.
fn ends_beside(text: &Text<'_>, lexicon: &Lexicon<'_>, name: &NameSpan) -> bool {
    let last = name.last - 1;
    let is_of_kind = matches!(name.class, NameClass::Person | NameClass::Location);
    if !is_of_kind || !text.tokens[last - 1].capital || text.tokens[last].joined {
        return false;
    }
    let hash = |at: usize| word::hash(&word::normal(text.word(at)));
    let whole = (name.first..=last).map(hash).reduce(lexicon::extend);
    if whole.is_some_and(|whole| lexicon.phrase(whole) != 0) {
        return false;
    }
    let classes = || lexicon.word(hash(name.first)).classes;
    last - name.first > 1
        || name.class == NameClass::Location
        || classes() & (lexicon::class("given") | lexicon::class("given-rare")) == 0
}

fn follows_saying(text: &Text<'_>, at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| SAYING.contains(&text.word(before)))
}

#[cfg(test)]
mod tests {
    use crate::extract::name::Tagger;
    use crate::text::Text;

    /// Names as they come out of the tagger with the program.
    fn names(source: &str) -> Vec<&str> {
        let text = Text::new(source);
        let found = Tagger::embedded().unwrap().tag(&[&text]).remove(0);
        found.iter().map(|name| name.span.of(source)).collect()
    }

    #[test]
    fn a_weekday_beside_a_name_is_none_of_it() {
        let cases = [
            ("Lieutenant Nathan Perry Monday told VOA that he left.", "Nathan Perry"),
            ("Russian prosecutor Yuri Chaika Monday announced the arrest of ten people.", "Yuri Chaika"),
            ("The president begins a visit to the Middle East Sunday to discuss it.", "Middle East"),
            ("The agency said Thursday Jordan has invited officials.", "Jordan"),
            ("The court said Monday Croatia has given in.", "Croatia"),
            ("They lost to Sheffield Wednesday on Tuesday.", "Sheffield Wednesday"),
            ("He told the Mail on Sunday so.", "Mail on Sunday"),
            ("The former outfielder Rick Monday said so.", "Rick Monday"),
        ];
        for (source, expected) in cases {
            assert!(names(source).contains(&expected), "{source}: {:?}", names(source));
        }
    }
}
