//! From a span of the tagger to a name that can be joined: without titles, possessive endings and ticker symbols; none
//! for what is no name.

use std::iter;

use rustc_hash::FxHashSet;

use crate::extract::actor::Scene;
use crate::extract::actor::cluster::Name;
use crate::extract::actor::firm::{self, Sign};
use crate::extract::actor::kind::Words;
use crate::extract::actor::plain::Plain;
use crate::extract::actor::resolve::parent;
use crate::extract::name::{NameClass, NameSpan};
use crate::reference::authority::spelling;
use crate::span::Span;
use crate::text::Text;
use crate::text::fold;
use crate::text::token::TokenKind;

/// Longer names are cut from no one's mouth: they are lists or broken text.
const LONGEST_NAME: usize = 200;

/// A word that has a capital less often than this (of 10, inside sentences) is a plain word.
const MOSTLY_SMALL: u8 = 3;

/// A span of a person or an organisation as a name to be joined.
pub(super) fn read<'t>(
    number: usize,
    text: &Text<'t>,
    name: &NameSpan,
    scene: &Scene<'_>,
) -> Option<Name<'t>> {
    let is_person = match name.class {
        NameClass::Person => !ends_in_legal(text, name),
        NameClass::Organisation => false,
        NameClass::Location | NameClass::Other => return None,
    };
    let plain = Plain::embedded();
    let titles = if is_person { plain.titles_before(text, name.first, name.last) } else { 0 };
    let first = if is_person { name.first + titles } else { name.first + openers(text, name, scene) };
    let last = end(text, first, name.last, is_person, scene);
    let span = Span::new(
        text.tokens.get(first)?.start as usize,
        text.tokens.get(last.checked_sub(1)?)?.end as usize,
    );
    let shown = span.of(text.source);
    let letters = shown.chars().filter(|c| c.is_alphabetic()).count();
    // "G20" is somebody, "A2" nobody.
    if letters < 2 && !(letters == 1 && scene.lists(shown)) || shown.len() > LONGEST_NAME || is_symbol(shown)
    {
        return None;
    }
    let key = fold::key(shown);
    let key = key.strip_prefix("the ").unwrap_or(&key);
    let is_listed = || scene.lists(shown);
    if plain.is_legal(key) || is_index(text, key, last) {
        return None;
    }
    let is_nothing = plain.is_plain(key) || !key.contains(' ') && is_small(shown, scene);
    if is_nothing && (is_person || plain.is_title(key) || !is_listed() || is_acronym_of(shown, scene)) {
        return None;
    }
    // "The Obama administration" is called after the holder of an office.
    let holds_office =
        text.tokens.get(last).is_some_and(|_| matches!(text.word(last), "administration" | "presidency"));
    let titled = titles > 0 || is_person && (holds_office || plain.is_after_title(text, name.first));
    let mut read = Name::new(number, span, shown, is_person, name.score).with_title(titled);
    let listed = || [shown, read.key(), parent(read.key())].into_iter().find_map(|name| scene.listed(name));
    read.listed = if is_person { None } else { listed() };
    read.sign = firm::sign(text, first, last);
    read.symbol = firm::symbol_behind(text.source, span.end);
    Some(read)
}

/// "Groupon Inc" is no person.
fn ends_in_legal(text: &Text<'_>, name: &NameSpan) -> bool {
    let last = text.word(name.last - 1);
    let last = if last == "." && name.last - name.first > 2 { text.word(name.last - 2) } else { last };
    name.last - name.first > 1 && last.len() > 2 && Plain::embedded().is_legal(&fold::key(last))
}

/// How many words before the name of a body are no part of it: "Retailer Home Depot", "Besides Bank of America".
fn openers(text: &Text<'_>, name: &NameSpan, scene: &Scene<'_>) -> usize {
    let (first, second) = (name.first, name.first + 1);
    let opens = |at: usize| text.sentences.binary_search_by_key(&at, |sentence| sentence.start).is_ok();
    let plain = Plain::embedded();
    if second >= name.last || !text.tokens[second].capital || !opens(first) || !plain.opener(text, first) {
        return 0;
    }
    let rest = Span::new(text.tokens[second].start as usize, name.span.end).of(text.source);
    let is_trade = plain.trade_before(text, second);
    let goes = !scene.lists(name.span.of(text.source)) && (is_trade || scene.lists(rest));
    usize::from(goes)
}

/// "Dow Jones" in "Dow Jones industrial average".
fn is_index(text: &Text<'_>, key: &str, last: usize) -> bool {
    let next = text.tokens.get(last).filter(|token| token.kind == TokenKind::Word && !token.paragraph_start);
    let is_plain = |next: &str| Plain::embedded().is_plain(&format!("{key} {next}"));
    next.is_some() && key.contains(' ') && is_plain(&fold::key(text.word(last)))
}

/// A name that the text calls a firm is no person: "Bernstein analyst", "Delta Lloyd (DLL.AS)"; and so is the same name
/// elsewhere in the article. Buffett's shares are his own where he is named in full.
pub(super) fn turn_into_firms(names: &mut [Name<'_>], scene: &Scene<'_>) {
    let is_of_somebody = |name: &Name<'_>| {
        let last = name.key().rsplit(' ').next().unwrap_or_default();
        let is_lone = !name.key().contains(' ');
        let full = |other: &Name<'_>| {
            let ends = other.key().strip_suffix(last).is_some_and(|before| before.ends_with(' '));
            other.is_person && ends && other.sign < Sign::Called
        };
        is_lone && (names.iter().any(full) || !scene.authority.leaders(name.shown).is_empty())
    };
    let is_firm = |name: &Name<'_>| match name.sign {
        Sign::Traded => true,
        Sign::Called => !name.titled && name.identity.is_none() && !is_of_somebody(name),
        Sign::Owning => !name.titled && !name.key().contains(' ') && !is_of_somebody(name),
        Sign::No => false,
    };
    let firms: FxHashSet<String> = names
        .iter()
        .filter(|name| name.is_person && is_firm(name))
        .map(|name| name.key().to_owned())
        .collect();
    for name in names.iter_mut().filter(|name| name.is_person && !name.titled && firms.contains(name.key())) {
        name.turn_into_body();
        name.listed = scene.listed(name.shown);
    }
}

/// A word that is mostly written without a capital.
fn is_small(shown: &str, scene: &Scene<'_>) -> bool {
    let has_small = shown.chars().any(char::is_lowercase);
    has_small && (1..=MOSTLY_SMALL).contains(&scene.word(shown).case)
}

/// A word with small letters that is listed in capitals only: a model is no MODEL.
fn is_acronym_of(shown: &str, scene: &Scene<'_>) -> bool {
    let has_small = |name: &str| name.chars().any(char::is_lowercase);
    let key = spelling::key(shown);
    let listed = scene.authority.lookup(shown);
    let mut names = listed.iter().flat_map(|known| iter::once(known.name).chain(known.aliases()));
    has_small(shown) && !names.any(|name| has_small(name) && spelling::key(name) == key)
}

/// `EAD.PA`, `GM.N`: the symbol of a share.
fn is_symbol(word: &str) -> bool {
    let Some((symbol, market)) = word.split_once('.') else { return false };
    let in_capitals = |part: &str| part.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    symbol.len() > 1 && market.len() <= 3 && in_capitals(symbol) && in_capitals(market)
}

/// A word in capitals behind the legal form of a firm is the symbol of its share: "Co Inc MER".
fn follows_legal(text: &Text<'_>, first: usize, at: usize) -> bool {
    const LONGEST_SYMBOL: usize = 6;
    let word = text.word(at).trim_end_matches('.');
    let end = if text.word(at - 1) == "." && at > first + 1 { at - 1 } else { at };
    end > first
        && (1..=LONGEST_SYMBOL).contains(&word.len())
        && word.bytes().all(|byte| byte.is_ascii_uppercase())
        && text.word(end - 1).chars().any(char::is_lowercase)
        && Plain::embedded().is_legal(&fold::key(text.word(end - 1)))
}

/// One past the last token of a name: without possessive endings, symbols of shares and the role of who speaks for it.
fn end(text: &Text<'_>, first: usize, last: usize, is_person: bool, scene: &Scene<'_>) -> usize {
    let shown = |last: usize| {
        Span::new(text.tokens[first].start as usize, text.tokens[last - 1].end as usize).of(text.source)
    };
    let mut last = last;
    while last > first + 1 {
        let token = &text.tokens[last - 1];
        let word = text.word(last - 1);
        let before = shown(last - 1);
        let goes = match token.kind {
            _ if firm::is_of_symbol(text, last - 1) => true,
            TokenKind::Possessive => is_person || is_possessive(before, shown(last), scene),
            TokenKind::Mark if word == "." && last > first + 2 => follows_legal(text, first, last - 2),
            TokenKind::Mark => matches!(word, "\"" | "'" | "”" | "’" | "," | ";" | ":" | "(" | "/" | "-"),
            _ if is_person => false,
            _ => {
                is_symbol(word)
                    || follows_legal(text, first, last - 1)
                    || (Plain::embedded().is_title(&fold::key(word))
                        && !scene.authority.lookup(before).is_empty())
            }
        };
        if !goes {
            break;
        }
        last -= 1;
    }
    last
}

/// Whether the ending of `shown` is a possessive, not part of the name (`McDonald's`).
fn is_possessive(before: &str, shown: &str, scene: &Scene<'_>) -> bool {
    if !scene.authority.lookup(shown).is_empty() {
        return false;
    }
    !scene.authority.lookup(before).is_empty()
        || before.contains(' ') && Words::embedded().kind(before).is_some()
}

/// Notes which names stand in brackets right behind another: "Popular Mobilization Forces (PMF)".
pub(super) fn mark_brackets(texts: &[&Text], names: &mut [Name<'_>]) {
    for at in 1..names.len() {
        let (before, name) = (&names[at - 1], &names[at]);
        if before.text != name.text || before.span.end > name.span.start {
            continue;
        }
        let between = &texts[name.text].source[before.span.end..name.span.start];
        let is_bracketed = between.len() <= 4 && matches!(between.trim_start(), "(" | "(\"" | "(“" | "[");
        names[at].explains = is_bracketed.then_some(at - 1);
    }
}
