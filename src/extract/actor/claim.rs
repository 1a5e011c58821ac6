//! Names that the authority list knows better than the tagger: spans it cut short, called a place or passed over.
//!
//! A country is no organisation and its people no person, whatever the tagger says.
//!
//! Runs before places are resolved, so that every span is decided once. A known name wins over spans inside it and
//! never over a longer one.

use crate::article::ActorKind;
use crate::extract::actor::kind::{Nation, Words};
use crate::extract::name::candidate;
use crate::extract::name::{NameClass, NameSpan};
use crate::reference::authority::{Authority, Known, Walk};
use crate::span::Span;
use crate::text::Text;
use crate::text::fold;
use crate::text::token::TokenKind;

/// Known names have at most this many tokens.
const LONGEST: usize = 9;

/// A known name in the text.
struct Match {
    first: usize,
    last: usize,
    words: usize,
    known: Vec<Known>,
}

/// Corrects the spans of each text.
pub fn claim(texts: &[&Text], names: &mut [Vec<NameSpan>], authority: &Authority) {
    for (text, spans) in texts.iter().zip(names) {
        for name in spans.iter_mut() {
            name.class = match Words::embedded().nation(name.span.of(text.source)) {
                Some(Nation::Country) if name.class == NameClass::Organisation => NameClass::Location,
                Some(Nation::People) if name.class != NameClass::Location => NameClass::Other,
                _ => name.class,
            };
        }
        let mut at = 0;
        while at < text.tokens.len() {
            let found = if can_start(text, at) { longest(text, at, authority) } else { None };
            match found {
                Some(found) if apply(text, &found, spans) => at = found.last,
                _ => at += 1,
            }
        }
    }
}

fn can_start(text: &Text, at: usize) -> bool {
    let token = &text.tokens[at];
    token.kind == TokenKind::Word && (candidate::is_anchor(text, at) || matches!(text.word(at), "al" | "el"))
}

/// The longest known name that starts at token `first`.
fn longest(text: &Text, first: usize, authority: &Authority) -> Option<Match> {
    let mut walk: Option<Walk> = None;
    let mut best = None;
    let mut words = 0;
    let mut part = String::new();
    for at in first..(first + LONGEST).min(text.tokens.len()) {
        let token = &text.tokens[at];
        if at > first && token.paragraph_start {
            break;
        }
        let folded = fold::key(text.word(at));
        part.clear();
        let is_word = matches!(token.kind, TokenKind::Word | TokenKind::Number);
        let after_hyphen = at > first && matches!(text.word(at - 1), "-" | "‐" | "‑" | "/");
        if !folded.is_empty() && at > first && is_word && (!token.joined || after_hyphen) {
            part.push(' ');
        }
        part.push_str(&folded);
        let Some((next, whole)) = authority.prefix(walk, &part) else { break };
        walk = Some(next);
        words += usize::from(is_word);
        if whole && is_word {
            best = Some((at + 1, words));
        }
    }
    let (last, words) = best?;
    let span = Span::new(text.tokens[first].start as usize, text.tokens[last - 1].end as usize);
    let known = authority.lookup(span.of(text.source));
    (!known.is_empty()).then_some(Match { first, last, words, known })
}

/// Puts a known name among the spans if it may stand there; tells whether it does.
fn apply(text: &Text, found: &Match, spans: &mut Vec<NameSpan>) -> bool {
    let overlapping = |span: &NameSpan| span.first < found.last && found.first < span.last;
    let from = spans.partition_point(|span| span.last <= found.first);
    let inside: Vec<NameSpan> =
        spans[from..].iter().take_while(|span| span.first < found.last).copied().collect();
    let is_longer =
        |span: &NameSpan| overlapping(span) && (span.first < found.first || span.last > found.last);
    if inside.iter().any(is_longer) {
        return false;
    }
    let bodies = found.known.iter().filter(|known| known.kind != ActorKind::Person);
    let own = bodies.clone().any(|known| known.is_own && !known.is_club);
    let same = matches!(inside.as_slice(), [only] if only.first == found.first && only.last == found.last);
    let class = inside.first().map(|span| span.class);
    let wins = match (found.words, class) {
        // The tagger has it: only its class may be wrong, and only where no place is called so.
        _ if same => {
            let is_body = matches!(class, Some(NameClass::Location | NameClass::Other | NameClass::Person));
            return is_body
                && own
                && distinctive(text, found)
                && replace(text, found, spans, from, inside.len());
        }
        (2.., Some(_)) => own || bodies.clone().count() > 0,
        (2.., None) => own && capitalised(text, found),
        (_, None) => own && distinctive(text, found),
        (_, Some(_)) => false,
    };
    wins && replace(text, found, spans, from, inside.len())
}

fn replace(text: &Text, found: &Match, spans: &mut Vec<NameSpan>, from: usize, count: usize) -> bool {
    let (first, last) = (found.first, found.last);
    let span = Span::new(text.tokens[first].start as usize, text.tokens[last - 1].end as usize);
    let name = NameSpan { span, first, last, class: NameClass::Organisation, score: 0.9 };
    spans.splice(from..from + count, [name]);
    true
}

/// Every word but the joining ones has a capital.
fn capitalised(text: &Text, found: &Match) -> bool {
    let of_name = |at: usize| text.tokens[at].kind == TokenKind::Word;
    let lower = (found.first..found.last).filter(|&at| of_name(at) && !candidate::is_anchor(text, at));
    lower.filter(|&at| text.word(at).len() > 3).count() == 0
}

/// One word that is hardly anything else: an armed group, a body of states or a government's body, four letters or
/// more, or an acronym in capitals; or several words.
fn distinctive(text: &Text, found: &Match) -> bool {
    let word = text.word(found.first);
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let acronym = letters >= 3 && word.chars().all(|c| !c.is_lowercase());
    let in_capitals = in_capitals(text, found.first);
    found.known.iter().filter(|known| known.is_own).any(|known| match known.kind {
        _ if found.words > 1 => !known.is_club,
        ActorKind::ArmedGroup => !in_capitals && (letters >= 5 || acronym),
        ActorKind::Intergovernmental => acronym && !in_capitals,
        ActorKind::Government => letters >= 6 && !acronym && known.name == word,
        _ => false,
    })
}

/// Whether every word of the sentence of token `at` begins with a capital.
fn in_capitals(text: &Text, at: usize) -> bool {
    let number = text.sentences.partition_point(|sentence| sentence.end <= at);
    text.sentences.get(number).is_some_and(|sentence| {
        let mut words = sentence.clone().filter(|&at| text.tokens[at].kind == TokenKind::Word);
        words.all(|at| candidate::is_anchor(text, at))
    })
}
