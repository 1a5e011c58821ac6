//! Names that the authority list knows better than the tagger: spans it cut short, called a place or passed over.
//!
//! A country is no organisation and its people no person, whatever the tagger says.
//!
//! Runs before places are resolved, so that every span is decided once. A known name wins over spans inside it and
//! never over a longer one.

use std::cell::RefCell;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::article::ActorKind;
use crate::extract::actor::Scene;
use crate::extract::actor::firm::{self, Sign};
use crate::extract::actor::kind::{Nation, Words};
use crate::extract::actor::plain::Plain;
use crate::extract::actor::storm;
use crate::extract::name::{NameClass, NameSpan};
use crate::extract::name::{candidate, lexicon, word};
use crate::reference::authority::{Authority, Known, Walk, spelling};
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
pub fn claim(texts: &[&Text], names: &mut [Vec<NameSpan>], scene: &Scene<'_>) {
    let authority = scene.authority;
    for (text, spans) in texts.iter().zip(names.iter_mut()) {
        widen_given_names(text, spans);
        firm::claim(text, spans);
    }
    storm::leave(texts, names);
    return_surnames(texts, names, scene);
    let mut steps = Steps::new(authority);
    for (text, spans) in texts.iter().zip(names) {
        leave_credits(text, spans);
        split_pairs(text, spans, authority);
        for name in spans.iter_mut() {
            name.class = match Words::embedded().nation(name.span.of(text.source)) {
                Some(Nation::Country) if name.class == NameClass::Organisation => NameClass::Location,
                Some(Nation::People) if name.class != NameClass::Location => NameClass::Other,
                _ => name.class,
            };
        }
        let mut at = 0;
        while at < text.tokens.len() {
            let found = if can_start(text, at) { longest(text, at, &mut steps) } else { None };
            match found {
                Some(found) if apply(text, &found, spans, scene) => at = found.last,
                _ => at += 1,
            }
        }
        if let Some(source) = scene.source {
            claim_source(text, spans, source, authority);
        }
    }
}

/// The bin of words that the corpora hardly print without a capital.
const ALWAYS_CAPITAL: u8 = 9;
/// The same of words that are sometimes printed without one.
const MOSTLY_CAPITAL: u8 = 6;
/// The score of a name that the tagger did not see.
const UNSEEN: f32 = 0.5;
/// From this score on the tagger is believed when it sees a place where a surname is possible: Paris Hilton flew to
/// Paris.
const FAIRLY_SURE: f32 = 0.7;
/// From this score on the tagger is believed.
const SURE: f32 = 0.9;

/// "Kim Jong-il" is one name: where the family name stands first, the given name goes on behind its hyphen in small
/// letters.
fn widen_given_names(text: &Text, spans: &mut [NameSpan]) {
    const LONGEST_PART: usize = 6;
    let is_joined = |at: usize| text.tokens.get(at).is_some_and(|token| token.joined);
    for name in spans.iter_mut().filter(|name| name.class == NameClass::Person && name.last > name.first + 1)
    {
        let (hyphen, part) = (name.last, name.last + 1);
        if !is_joined(hyphen) || !is_joined(part) || text.word(hyphen) != "-" {
            continue;
        }
        let family = Plain::embedded().is_family_name(&fold::key(text.word(name.last - 2)));
        let word = text.word(part);
        if family && word.len() <= LONGEST_PART && word.chars().all(char::is_lowercase) {
            let span = Span::new(name.span.start, text.tokens[part].end as usize);
            *name = NameSpan { span, last: part + 1, ..*name };
        }
    }
}

/// One word that the tagger is unsure of or passed over, and that is the surname of somebody whom the article names in
/// full, is that person: "Juan Manuel Santos … Santos".
fn return_surnames(texts: &[&Text], names: &mut [Vec<NameSpan>], scene: &Scene<'_>) {
    let mut surnames: FxHashSet<&str> = FxHashSet::default();
    for (text, spans) in texts.iter().zip(names.iter()) {
        let full = spans.iter().filter(|name| name.class == NameClass::Person && name.last - name.first > 1);
        surnames.extend(full.map(|name| text.word(name.last - 1)));
    }
    if surnames.is_empty() {
        return;
    }
    let firms = words_of_firms(texts, names, &surnames);
    for (text, spans) in texts.iter().zip(names) {
        for name in spans.iter_mut() {
            let acts = Plain::embedded().is_act(text, name.last);
            let most = match name.class {
                NameClass::Organisation if acts && !firms.contains(text.word(name.first)) => f32::MAX,
                NameClass::Organisation | NameClass::Other => SURE,
                NameClass::Location => FAIRLY_SURE,
                NameClass::Person => 0.0,
            };
            let is_lone = name.last - name.first == 1;
            if is_lone && name.score < most && surnames.contains(text.word(name.first)) {
                name.class = NameClass::Person;
            }
        }
        add_surnames(text, spans, &surnames, scene);
    }
}

/// Of the surnames in an article those that also are a firm's there: "Thomson Reuters", "Thomson (TMS.PA)", "head of
/// Thomson", and "Thomson" before anybody of that name is named in full.
fn words_of_firms<'t>(
    texts: &[&Text<'t>],
    names: &[Vec<NameSpan>],
    surnames: &FxHashSet<&str>,
) -> FxHashSet<&'t str> {
    let mut firms: FxHashSet<&'t str> = FxHashSet::default();
    for (number, (text, spans)) in texts.iter().zip(names).enumerate() {
        let mut named: FxHashSet<&'t str> = FxHashSet::default();
        for name in spans {
            let words = (name.first..name.last).map(|at| text.word(at));
            let last = text.word(name.last - 1);
            match (name.class, name.last - name.first) {
                (NameClass::Person, 2..) => _ = named.insert(last),
                (NameClass::Organisation, 2..) => {
                    firms.extend(words.filter(|word| surnames.contains(word)));
                }
                // A headline has the surname before the text has the name.
                (NameClass::Organisation, _)
                    if number > 0 && !named.contains(last) || is_of_firm(text, name) =>
                {
                    firms.insert(last);
                }
                _ => {}
            }
        }
    }
    firms
}

/// "Head of Thomson", "Thomson (TMS.PA)".
fn is_of_firm(text: &Text, name: &NameSpan) -> bool {
    let is_of =
        name.first > 0 && matches!(text.word(name.first - 1), "of" | "at" | "for" | "by" | "with" | "in");
    is_of || firm::sign(text, name.first, name.last) > Sign::No
}

/// Surnames that the tagger passed over: words that stand alone and are never plain words.
fn add_surnames(text: &Text, spans: &mut Vec<NameSpan>, surnames: &FxHashSet<&str>, scene: &Scene<'_>) {
    let is_capital = |at: usize| text.tokens.get(at).is_some_and(|token| token.capital);
    let known = spans.len();
    for at in (0..text.tokens.len()).filter(|&at| is_capital(at) && surnames.contains(text.word(at))) {
        let stands_alone = !is_capital(at + 1) && at.checked_sub(1).is_none_or(|before| !is_capital(before));
        let is_free = spans[..known].iter().all(|name| name.last <= at || name.first > at);
        let case = scene.word(text.word(at)).case;
        if stands_alone && is_free && (case == 0 || case >= ALWAYS_CAPITAL) {
            let span = text.tokens[at].span();
            spans.push(NameSpan { span, first: at, last: at + 1, class: NameClass::Person, score: UNSEEN });
        }
    }
    spans.sort_by_key(|name| name.first);
}

/// Takes away the names of those who wrote, edited or photographed the article, and of an agency that signs it.
fn leave_credits(text: &Text, spans: &mut Vec<NameSpan>) {
    let credits = Plain::embedded().credits(text);
    let is_credit = |name: &NameSpan| credits.iter().any(|credit| credit.contains(&name.first));
    spans.retain(|name| !is_credit(name) && !signs(text, name) && !is_photographer(text, name));
}

/// A name that is a whole line at the end of the text: "REUTER".
fn signs(text: &Text, name: &NameSpan) -> bool {
    const MARKS_BEHIND: usize = 3;
    let rest = name.last..text.tokens.len();
    name.last - name.first <= 2
        && rest.len() <= MARKS_BEHIND
        && rest.into_iter().all(|at| !text.word(at).contains(char::is_alphabetic))
        && text.tokens[name.first].line_start
        && name.first > 0
}

/// "REUTERS/Jane Doe".
fn is_photographer(text: &Text, name: &NameSpan) -> bool {
    name.class == NameClass::Person
        && name.first > 1
        && text.word(name.first - 1) == "/"
        && text.tokens[name.first].joined
        && text.word(name.first - 2).chars().all(char::is_uppercase)
}

/// "Fannie Mae and Freddie Mac" is two names where both are known and the whole is not.
fn split_pairs(text: &Text, spans: &mut Vec<NameSpan>, authority: &Authority) {
    let mut at = 0;
    while at < spans.len() {
        let name = spans[at];
        let joint =
            (name.first + 1..name.last.saturating_sub(1)).find(|&at| matches!(text.word(at), "and" | "&"));
        let Some(joint) = joint.filter(|_| name.class == NameClass::Organisation) else {
            at += 1;
            continue;
        };
        let part = |first: usize, last: usize| {
            let span = Span::new(text.tokens[first].start as usize, text.tokens[last - 1].end as usize);
            NameSpan { span, first, last, ..name }
        };
        let (left, right) = (part(name.first, joint), part(joint + 1, name.last));
        let is_body = |name: &NameSpan| {
            let key = spelling::key(name.span.of(text.source));
            let known = authority.lookup_key(Plain::embedded().without_legal(&key));
            known.iter().any(|known| known.is_own && known.kind != ActorKind::Person)
        };
        let whole = authority.lookup(name.span.of(text.source));
        if whole.is_empty() && is_body(&left) && is_body(&right) {
            spans.splice(at..=at, [left, right]);
            at += 1;
        }
        at += 1;
    }
}

/// The publisher of the article is itself wherever the tagger sees a name of it, and in brackets: "(Meridian)".
fn claim_source(text: &Text, spans: &mut Vec<NameSpan>, source: &str, authority: &Authority) {
    let key = spelling::key(source);
    if key.is_empty() {
        return;
    }
    for name in spans.iter_mut().filter(|name| spelling::key(name.span.of(text.source)) == key) {
        name.class = NameClass::Organisation;
    }
    // A listed agency in brackets is its credit in the dateline, and the tagger knows it from a town.
    if !authority.lookup(source).is_empty() {
        return;
    }
    for at in 1..text.tokens.len() {
        if !text.tokens[at].capital || !matches!(text.word(at - 1), "(" | "[") {
            continue;
        }
        let end =
            (at + 1..(at + LONGEST).min(text.tokens.len())).find(|&end| matches!(text.word(end), ")" | "]"));
        let Some(last) = end else { continue };
        let span = Span::new(text.tokens[at].start as usize, text.tokens[last - 1].end as usize);
        if spelling::key(span.of(text.source)) != key {
            continue;
        }
        let from = spans.partition_point(|name| name.last <= at);
        let inside = spans[from..].iter().take_while(|name| name.first < last).count();
        spans.splice(
            from..from + inside,
            [NameSpan { span, first: at, last, class: NameClass::Organisation, score: 0.9 }],
        );
    }
}

fn can_start(text: &Text, at: usize) -> bool {
    let token = &text.tokens[at];
    token.kind == TokenKind::Word && (candidate::is_anchor(text, at) || matches!(text.word(at), "al" | "el"))
}

/// The longest known name that starts with the word at token `first`.
fn longest(text: &Text, first: usize, steps: &mut Steps<'_>) -> Option<Match> {
    let (mut walk, whole) = steps.first(text.word(first))?;
    let mut best = whole.then_some((walk, first + 1, 1));
    let mut words = 1;
    for at in first + 1..(first + LONGEST).min(text.tokens.len()) {
        let token = &text.tokens[at];
        if token.paragraph_start || starts_sentence(text, at) {
            break;
        }
        let is_word = matches!(token.kind, TokenKind::Word | TokenKind::Number);
        let after_hyphen = || matches!(text.word(at - 1), "-" | "‐" | "‑" | "/");
        let is_apart = is_word && (!token.joined || after_hyphen());
        let Some((next, whole)) = steps.next(walk, is_apart, text.word(at)) else { break };
        walk = next;
        words += usize::from(is_word);
        if whole && is_word {
            best = Some((walk, at + 1, words));
        }
    }
    let (walk, last, words) = best?;
    let known = steps.authority.at(walk);
    (!known.is_empty()).then_some(Match { first, last, words, known })
}

/// Whether a sentence begins with the word at token `at`, behind a mark: names go on over two spaces.
fn starts_sentence(text: &Text, at: usize) -> bool {
    text.tokens[at - 1].kind == TokenKind::Mark
        && text.sentences.binary_search_by_key(&at, |sentence| sentence.start).is_ok()
}

/// A thread remembers so many steps along the known names.
const MOST_STEPS: usize = 28_000;

/// Where a step leads to, if any known name goes on so, and whether a whole name ends there.
type Step = Option<(Walk, bool)>;

/// The steps taken along the names of a list, by the hash of where each began and of the word as it is written: news
/// tries the same few words again and again.
#[derive(Default)]
struct Remembered {
    /// Where the list lies: tells one from another.
    list: usize,
    steps: FxHashMap<u64, Step>,
}

/// Walks along the names of a list, remembering the steps.
struct Steps<'a> {
    authority: &'a Authority,
    remembered: Remembered,
    folded: String,
}

thread_local!(static REMEMBERED: RefCell<Remembered> = RefCell::default());

impl<'a> Steps<'a> {
    /// Takes up what this thread remembers.
    fn new(authority: &'a Authority) -> Steps<'a> {
        let mut remembered = REMEMBERED.take();
        let list = std::ptr::from_ref(authority).addr();
        if remembered.list != list || remembered.steps.len() > MOST_STEPS {
            remembered = Remembered { list, steps: FxHashMap::default() };
        }
        Steps { authority, remembered, folded: String::new() }
    }

    /// The first step, with the word `shown`.
    fn first(&mut self, shown: &str) -> Step {
        let (authority, folded) = (self.authority, &mut self.folded);
        *self.remembered.steps.entry(word::hash(shown)).or_insert_with(|| {
            fold::write_key(shown, folded);
            authority.prefix(None, spelling::word(folded))
        })
    }

    /// The step from `walk` on with the token `shown`, a word of its own if it stands apart.
    fn next(&mut self, walk: Walk, is_apart: bool, shown: &str) -> Step {
        let from = (walk.place() as u64) << 1 | u64::from(is_apart);
        let number = lexicon::extend(from, word::hash(shown));
        let (authority, folded) = (self.authority, &mut self.folded);
        let step = *self.remembered.steps.entry(number).or_insert_with(|| {
            fold::write_key(shown, folded);
            let start = walk.anew();
            let start =
                if is_apart && !folded.is_empty() { authority.prefix(Some(start), " ")?.0 } else { start };
            authority.prefix(Some(start), spelling::word(folded))
        });
        step.map(|(next, whole)| (walk.then(next), whole))
    }
}

impl Drop for Steps<'_> {
    fn drop(&mut self) {
        REMEMBERED.set(std::mem::take(&mut self.remembered));
    }
}

/// Puts a known name among the spans if it may stand there; tells whether it does.
fn apply(text: &Text, found: &Match, spans: &mut Vec<NameSpan>, scene: &Scene<'_>) -> bool {
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
                && distinctive(text, found, class, scene)
                && replace(text, found, spans, from, inside.len());
        }
        (2.., Some(_)) => (own || bodies.clone().count() > 0) && !is_trade(text, found),
        (2.., None) => own && capitalised(text, found),
        (_, None) => own && distinctive(text, found, class, scene),
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

/// "U.S. gold futures" are not the firm U.S. Gold: what only firms are called behind the word for a country has capitals.
fn is_trade(text: &Text, found: &Match) -> bool {
    let last = &text.tokens[found.last - 1];
    let is_small =
        last.kind == TokenKind::Word && !last.joined && !candidate::is_anchor(text, found.last - 1);
    is_small
        && Words::embedded().country_at(text, found.first).is_some()
        && found.known.iter().all(|known| known.kind == ActorKind::Company)
}

/// Every word but the joining ones has a capital.
fn capitalised(text: &Text, found: &Match) -> bool {
    let of_name = |at: usize| text.tokens[at].kind == TokenKind::Word;
    let lower = (found.first..found.last).filter(|&at| of_name(at) && !candidate::is_anchor(text, at));
    lower.filter(|&at| text.word(at).len() > 3).count() == 0
}

/// One word that is hardly anything else: an armed group, a body of states or a government's body, four letters or
/// more, or an acronym in capitals; or several words.
fn distinctive(text: &Text, found: &Match, class: Option<NameClass>, scene: &Scene<'_>) -> bool {
    let is_place = class == Some(NameClass::Location);
    let word = text.word(found.first);
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let acronym = letters >= 3 && word.chars().all(|c| !c.is_lowercase());
    let in_capitals = in_capitals(text, found.first);
    found.known.iter().filter(|known| known.is_own).any(|known| match known.kind {
        // El Paso is a firm too, and Reading a club.
        ActorKind::Company if found.words > 1 => !is_place,
        _ if found.words > 1 => !known.is_club,
        ActorKind::Company => firm::sign(text, found.first, found.last) == Sign::Traded,
        // "G20"
        ActorKind::Intergovernmental if word.contains(|c: char| c.is_ascii_digit()) => !in_capitals,
        // "Republicans", not "Republican"
        ActorKind::Party => {
            letters >= 6 && word.ends_with('s') && !in_capitals && scene.word(word).case >= MOSTLY_CAPITAL
        }
        ActorKind::ArmedGroup => !in_capitals && (letters >= 5 || acronym),
        ActorKind::Intergovernmental => acronym && !in_capitals,
        // In brackets an agency signs the dateline.
        ActorKind::Media => {
            letters >= 6 && known.name == word && !in_capitals && is_nothing_else(text, found, scene)
        }
        ActorKind::Government => letters >= 6 && !acronym && known.name == word,
        _ => false,
    })
}

/// A word that is no person's, place's or plain word, and does not stand in brackets.
fn is_nothing_else(text: &Text, found: &Match, scene: &Scene<'_>) -> bool {
    let others =
        ["given", "given-rare", "surname", "country", "capital", "city-million", "city-large", "org-word"];
    let classes = others.iter().fold(0, |all, class| all | lexicon::class(class));
    let word = scene.word(text.word(found.first));
    let in_brackets = found.first > 0 && matches!(text.word(found.first - 1), "(" | "[");
    !in_brackets && word.classes & classes == 0 && (word.case == 0 || word.case >= ALWAYS_CAPITAL)
}

/// Whether every word of the sentence of token `at` begins with a capital.
pub(super) fn in_capitals(text: &Text, at: usize) -> bool {
    let number = text.sentences.partition_point(|sentence| sentence.end <= at);
    text.sentences.get(number).is_some_and(|sentence| {
        let mut words = sentence.clone().filter(|&at| text.tokens[at].kind == TokenKind::Word);
        words.all(|at| candidate::is_anchor(text, at))
    })
}
