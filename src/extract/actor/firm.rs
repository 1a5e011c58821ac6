//! Signs in the text that a name is a firm's: the symbol of its share behind it, "shares" or "analyst", and what it is
//! called by its trade before it.
//!
//! Reads what stands around a name, never the name.

use crate::extract::actor::plain::Plain;
use crate::extract::name::{NameClass, NameSpan};
use crate::span::Span;
use crate::text::Text;
use crate::text::token::TokenKind;

/// How sure the words around a name make it a firm's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sign {
    /// Nothing tells.
    No,
    /// "Toll's shares": people have shares too.
    Owning,
    /// "Penney shares", "Bernstein analyst", "carmaker Fiat".
    Called,
    /// "Banorte (GFNORTEO.MX)".
    Traded,
}

/// What the words around the tokens from `first` to before `last` say of them.
pub(super) fn sign(text: &Text<'_>, first: usize, last: usize) -> Sign {
    let end = text.tokens[last - 1].end as usize;
    if symbol_behind(text.source, end).is_some() {
        return Sign::Traded;
    }
    let plain = Plain::embedded();
    let is_possessive = text.tokens.get(last).is_some_and(|token| token.kind == TokenKind::Possessive);
    if plain.is_firm_word(text, last + usize::from(is_possessive)) {
        return if is_possessive { Sign::Owning } else { Sign::Called };
    }
    if plain.trade_before(text, first) { Sign::Called } else { Sign::No }
}

/// The symbol of a share that stands right behind byte `end`, without its market: `GM` of `Motors ( GM.N )`, of `<GM.N>`,
/// of `(NYSE: GM)` and of `Motors GM.N`.
pub(super) fn symbol_behind(source: &str, end: usize) -> Option<&str> {
    const LONGEST: usize = 48;
    let rest = source.get(end..)?;
    let line = rest.split('\n').next()?;
    let near = line.char_indices().nth(LONGEST).map_or(line, |(cut, _)| &line[..cut]);
    let near = near.trim_start_matches([' ', '.', ',']);
    let closing = match near.chars().next()? {
        '(' => ')',
        '<' => '>',
        '[' => ']',
        _ => return symbol(near.split_whitespace().next()?.trim_end_matches([',', ';', ':', '.', ')'])),
    };
    let inside = near[1..].split(closing).next()?.trim();
    let of_market = || {
        let (market, symbol) = inside.split_once(':')?;
        let is_market =
            matches!(market.trim().to_uppercase().as_str(), "NYSE" | "NASDAQ" | "AMEX" | "LSE" | "TSX");
        let symbol = symbol.trim();
        (is_market && is_capitals(symbol)).then_some(symbol)
    };
    symbol(inside).or_else(of_market)
}

/// The part before the market of `GM.N`, `BRKa.N`.
fn symbol(word: &str) -> Option<&str> {
    let (symbol, market) = word.split_once('.')?;
    let stem = symbol.strip_suffix(['a', 'b']).unwrap_or(symbol);
    let is_symbol = is_capitals(stem) && stem.len() <= 9 && is_capitals(market) && market.len() <= 3;
    // "U.S", "J.P": initials. One letter is a symbol on the markets of one letter.
    (is_symbol && (stem.len() > 1 || matches!(market, "N" | "O" | "L" | "PK" | "TO"))).then_some(symbol)
}

fn is_capitals(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit())
        && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// Whether the token `at` belongs to the symbol of a share that is written without brackets: `PERM` of `PERM.UL`.
pub(super) fn is_of_symbol(text: &Text<'_>, at: usize) -> bool {
    let before = text.tokens[at].start as usize;
    text.source[before..].split_whitespace().next().is_some_and(|word| {
        let word = word.trim_end_matches([',', ';', ':', '.', ')', '>']);
        word.len() > text.word(at).len() && symbol(word).is_some_and(|symbol| symbol.len() > 1)
    })
}

/// Firms that the tagger took for something else or passed over, though the symbol of a share stands behind them: "oil
/// major Total (TOTF.PA)".
pub(super) fn claim(text: &Text<'_>, spans: &mut Vec<NameSpan>) {
    for bracket in 1..text.tokens.len() {
        let last = bracket;
        let is_open = matches!(text.word(bracket), "(" | "<" | "[");
        if !is_open || symbol_behind(text.source, text.tokens[last - 1].end as usize).is_none() {
            continue;
        }
        let first = run_start(text, last);
        let from = spans.partition_point(|name| name.last <= first);
        let inside = spans[from..].iter().take_while(|name| name.first < last).count();
        match &mut spans[from..from + inside] {
            [] if first < last => {
                let span = Span::new(text.tokens[first].start as usize, text.tokens[last - 1].end as usize);
                let name = NameSpan { span, first, last, class: NameClass::Organisation, score: 0.9 };
                spans.insert(from, name);
            }
            [only] if only.last == last && (only.first == first || only.class == NameClass::Person) => {
                only.class = NameClass::Organisation;
            }
            _ => {}
        }
    }
}

/// Where the words with capitals that end before token `last` begin, without a word that opens the sentence.
fn run_start(text: &Text<'_>, last: usize) -> usize {
    const LONGEST: usize = 6;
    let is_new = |at: usize| at < last && text.tokens[at].paragraph_start;
    let mut first = last;
    while first > 0 && last - first < LONGEST && !is_new(first) && text.tokens[first - 1].capital {
        first -= 1;
    }
    let opens = |at: usize| text.sentences.binary_search_by_key(&at, |sentence| sentence.start).is_ok();
    if first < last && opens(first) && Plain::embedded().opener(text, first) { first + 1 } else { first }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_of_shares_are_told_from_initials_and_indices() {
        let cases = [
            ("Banorte ( GFNORTEO.MX ) rose", Some("GFNORTEO")),
            ("Banorte (GFNORTEO.MX) rose", Some("GFNORTEO")),
            ("Banorte <GFNORTEO.MX> rose", Some("GFNORTEO")),
            ("Banorte GFNORTEO.MX rose", Some("GFNORTEO")),
            ("Banorte (NYSE: GFN) rose", Some("GFN")),
            ("Banorte (T.N) rose", Some("T")),
            ("Banorte (BRKa.N) rose", Some("BRKa")),
            ("Banorte (U.S.) rose", None),
            ("Banorte (.SPX) rose", None),
            ("Banorte (PMF) rose", None),
            ("Banorte (D.C.", None),
            ("Banorte U.S. unit", None),
            ("Banorte", None),
        ];
        for (source, expected) in cases {
            assert_eq!(symbol_behind(source, "Banorte".len()), expected, "{source}");
        }
    }

    #[test]
    fn words_around_a_name_tell_a_firm() {
        let cases = [
            ("Penney shares rose", 0, Sign::Called),
            ("Toll 's shares rose", 0, Sign::No),
            ("Toll's shares rose", 0, Sign::Owning),
            ("Karachi stock exchange rose", 0, Sign::No),
            ("carmaker Fiat rose", 1, Sign::Called),
            ("oil major Total rose", 2, Sign::Called),
            ("a major Total rose", 2, Sign::No),
            ("Fiat (FIA.MI) rose", 0, Sign::Traded),
            ("Fiat said", 0, Sign::No),
        ];
        for (source, at, expected) in cases {
            assert_eq!(sign(&Text::new(source), at, at + 1), expected, "{source}");
        }
    }
}
