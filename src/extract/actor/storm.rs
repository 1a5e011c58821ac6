//! Storms are nobody: "Hurricane Sandy", and "Sandy" in an article that names the hurricane.

use rustc_hash::FxHashSet;

use crate::extract::actor::plain::Plain;
use crate::extract::name::{NameClass, NameSpan};
use crate::text::{Text, fold};

/// Takes storms from the people and organisations of an article.
pub(super) fn leave(texts: &[&Text<'_>], names: &mut [Vec<NameSpan>]) {
    let mut storms: FxHashSet<&str> = FxHashSet::default();
    for text in texts {
        storms.extend((1..text.tokens.len()).filter(|&at| is_storm(text, at)).map(|at| text.word(at)));
    }
    if storms.is_empty() {
        return;
    }
    for (text, spans) in texts.iter().zip(names.iter()) {
        let of_people =
            spans.iter().filter(|name| name.class == NameClass::Person && name.last - name.first > 1);
        for name in of_people.filter(|name| !(name.first..name.last).any(|at| is_storm(text, at))) {
            storms.remove(text.word(name.last - 1));
            storms.remove(text.word(name.first));
        }
    }
    for (text, spans) in texts.iter().zip(names) {
        for name in spans.iter_mut() {
            let is_lone = name.last - name.first == 1 && storms.contains(text.word(name.first));
            let is_named = (name.first.max(1)..name.last).any(|at| is_storm(text, at));
            let is_body = name.class == NameClass::Organisation && name.last - name.first > 3;
            if (is_lone || is_named && !is_body) && name.class != NameClass::Location {
                name.class = NameClass::Other;
            }
        }
    }
}

/// Whether the word at token `at` is what a storm is called: "Sandy" in "Hurricane Sandy".
fn is_storm(text: &Text<'_>, at: usize) -> bool {
    at > 0
        && text.tokens[at].capital
        && text.tokens[at - 1].capital
        && text.word(at).chars().skip(1).all(char::is_lowercase)
        && Plain::embedded().is_storm_word(&fold::key(text.word(at - 1)))
        && text.tokens.get(at + 1).is_none_or(|token| !token.capital || token.line_start)
}
