//! One winner per stretch of text.
//!
//! The rules, in one place:
//! 1. One decision per name: the tagger gives each span to actors or to places, so these never compete; where a
//!    resolver widened its span into a neighbour's, the longer mention stays, of equal ones the actor.
//! 2. A date that touches a name yields: "April Smith" and "Friday Prayers" are names, not days. Only a date that holds
//!    the whole name and says more, has figures or several words wins: "March 8, 1921" is no movement. So does one in
//!    figures that the name begins in the middle of: "3 November Austria-Hungary". In languages that names were not
//!    learned in, figures are enough ("El 5 de mayo"), and that the name has no capital without the date ("von Januar",
//!    "hier il") but that of a word of dates ("Am Montag"). A name that is nothing but the date yields there where its
//!    capital tells nothing: "Lundi" at the beginning of a sentence, "Montag" and "Noël" everywhere.
//! 3. Of two dates that overlap, the longer stays.
//! 4. A place that the name of a body carries stays beside the body: Dublin in "Dublin City Council".

use super::date;
use crate::article::{Entity, Mention};
use crate::language::Language;
use crate::span::Span;

/// The mentions of one text in order of their start, without overlaps.
/// `text` is what they are in; `foreign` is its language, if that has rules for dates and is not the one that names were
/// learned in.
pub fn merged(
    text: &str,
    foreign: Option<Language>,
    actors: Vec<Mention>,
    places: Vec<Mention>,
    dates: Vec<Mention>,
) -> Vec<Mention> {
    let mut all: Vec<Mention> = Vec::with_capacity(actors.len() + places.len() + dates.len());
    all.extend(actors);
    all.extend(places);
    all.extend(dates);
    all.sort_by_key(|mention| (mention.span.start, std::cmp::Reverse(mention.span.end)));
    let mut kept: Vec<Mention> = Vec::with_capacity(all.len());
    // Where the last mention stands that no other carries.
    let mut last = 0;
    for mention in all {
        match kept.get(last) {
            Some(before) if before.span.overlaps(&mention.span) => {
                if is_carried(&mention, before) {
                    kept.push(mention);
                    continue;
                }
                if !beats(&mention, before, text, foreign) {
                    continue;
                }
                kept.truncate(last);
            }
            _ => {}
        }
        last = kept.len();
        kept.push(mention);
    }
    kept
}

/// Whether `inner` is a place in the name of an actor.
fn is_carried(inner: &Mention, outer: &Mention) -> bool {
    let fits = matches!((&inner.entity, &outer.entity), (Entity::Place(_), Entity::Actor(_)));
    let lies_within = outer.span.start <= inner.span.start && inner.span.end <= outer.span.end;
    fits && lies_within && inner.span.len() < outer.span.len()
}

fn beats(new: &Mention, old: &Mention, text: &str, foreign: Option<Language>) -> bool {
    match (&new.entity, &old.entity) {
        (Entity::Date(_), Entity::Actor(_) | Entity::Place(_)) => {
            return says_more(new.span, old.span, text, foreign);
        }
        (Entity::Actor(_) | Entity::Place(_), Entity::Date(_)) => {
            return !says_more(old.span, new.span, text, foreign);
        }
        _ => {}
    }
    let rank = |mention: &Mention| match mention.entity {
        Entity::Actor(_) => (1, mention.span.len(), 1),
        Entity::Place(_) => (1, mention.span.len(), 0),
        Entity::Date(_) => (0, mention.span.len(), 0),
    };
    rank(new) > rank(old)
}

/// Whether the date at `date` says all that the name at `name` does, and more; or whether the name is none without it.
fn says_more(date: Span, name: Span, text: &str, foreign: Option<Language>) -> bool {
    let has_figures = date.of(text).contains(char::is_numeric);
    if date.start < name.start && has_figures {
        return true;
    }
    if foreign.is_some_and(|language| has_figures || !is_name_without(date, name, text, language)) {
        return true;
    }
    let holds = date.start <= name.start && name.end <= date.end;
    holds && (date.len() > name.len() || has_figures || date.of(text).contains(char::is_whitespace))
}

/// Whether what a name says beside the date is more than words in small letters and words of dates; a name that is nothing
/// but the date is one where its capital tells that.
fn is_name_without(date: Span, name: Span, text: &str, language: Language) -> bool {
    // Scripts without small letters tell nothing.
    if !name.of(text).contains(char::is_lowercase) {
        return true;
    }
    let before = Span::new(name.start, date.start.clamp(name.start, name.end));
    let after = Span::new(date.end.clamp(name.start, name.end), name.end);
    if before.len() + after.len() == 0 {
        let tells_nothing = date::has_capital_nouns(language) || date::needs_capital(language, name.of(text));
        return !tells_nothing && !opens_sentence(text, name.start);
    }
    if before.is_empty() && is_introduced(date, text, language)
        || after.is_empty() && follows_verb(date, text, language)
    {
        return false;
    }
    let is_name = |word: &str| {
        // "L'été": a single letter is an article.
        let is_long = word.chars().nth(1).is_some();
        is_long && word.contains(char::is_uppercase) && !date::is_word_of_dates(language, word)
    };
    let words =
        |part: Span| part.of(text).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    // "Selon le journal de lundi": the first word has its capital of the sentence.
    let opening = words(before).nth(1).is_some() && opens_sentence(text, name.start);
    words(before).skip(usize::from(opening)).chain(words(after)).any(is_name)
}

/// Whether a date at the beginning of a name is surely none of it: "samedi pour l'Espagne", where a name had a capital, and
/// "am Freitag Minister Braun", where no name follows the preposition.
fn is_introduced(date: Span, text: &str, language: Language) -> bool {
    let has_capital = date.of(text).starts_with(char::is_uppercase);
    let before = text[..date.start].trim_end().rsplit(|c: char| !c.is_alphanumeric()).next();
    !has_capital
        || (date::has_capital_nouns(language)
            && before.is_some_and(|word| date::leads_to_date(language, word)))
}

/// Whether a date at the end of a name has no capital and is not joined to it: "l'État recevait mardi", but not "Journal du
/// dimanche".
fn follows_verb(date: Span, text: &str, language: Language) -> bool {
    let before = text[..date.start].trim_end().rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    date.of(text).starts_with(char::is_lowercase)
        && before.starts_with(char::is_lowercase)
        && !date::is_word_of_dates(language, before)
}

/// Whether byte `at` of `text` is where a sentence begins.
fn opens_sentence(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end_matches([' ', '"', '“', '«', '\u{a0}']);
    before.chars().next_back().is_none_or(|last| matches!(last, '.' | '!' | '?' | ':' | '\n'))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::article::{Actor, ActorKind, Place, PlaceKind, Timex, TimexKind};
    use crate::span::Span;

    fn actor(start: usize, end: usize) -> Mention {
        let actor = Actor { name: "A".to_owned(), kind: ActorKind::Person, country: None };
        Mention { span: Span::new(start, end), entity: Entity::Actor(Arc::new(actor)) }
    }

    fn place(start: usize, end: usize) -> Mention {
        let place = Place {
            demonym: false,
            kind: PlaceKind::City,
            name: "A".to_owned(),
            path: vec!["A".to_owned()],
            lat: 0.0,
            lon: 0.0,
            geonames_id: None,
            approximate: false,
            confidence: 1.0,
            focus: false,
        };
        Mention { span: Span::new(start, end), entity: Entity::Place(Arc::new(place)) }
    }

    fn date(start: usize, end: usize) -> Mention {
        let timex = Timex {
            kind: TimexKind::Date,
            value: "2021".to_owned(),
            from: None,
            to: None,
            publication: false,
        };
        Mention { span: Span::new(start, end), entity: Entity::Date(Arc::new(timex)) }
    }

    fn spans(mentions: &[Mention]) -> Vec<(usize, usize)> {
        mentions.iter().map(|mention| (mention.span.start, mention.span.end)).collect()
    }

    #[test]
    fn a_date_yields_to_a_name_and_the_longer_wins() {
        assert_eq!(
            spans(&merged("Friday Prayers", None, vec![actor(0, 11)], vec![], vec![date(0, 5)])),
            [(0, 11)]
        );
        assert_eq!(
            spans(&merged("", None, vec![actor(6, 11)], vec![], vec![date(0, 8), date(20, 24)])),
            [(6, 11), (20, 24)]
        );
        assert_eq!(spans(&merged("", None, vec![], vec![], vec![date(0, 4), date(0, 9)])), [(0, 9)]);
        let carried =
            merged("", None, vec![actor(0, 19)], vec![place(0, 6), place(20, 26)], vec![date(8, 12)]);
        assert_eq!(spans(&carried), [(0, 19), (0, 6), (20, 26)]);
        assert_eq!(spans(&merged("", None, vec![actor(0, 6)], vec![place(0, 6)], vec![])), [(0, 6)]);
        assert_eq!(spans(&merged("", None, vec![actor(0, 3), actor(2, 8)], vec![], vec![])), [(2, 8)]);
    }

    #[test]
    fn a_date_with_figures_or_several_words_is_no_name() {
        let cases = [
            // "March 8, 1862" and the movement of that name.
            ("On March 8, 1862, the navy", actor(3, 10), date(3, 16), (3, 16)),
            ("on April 6 the", actor(3, 10), date(3, 10), (3, 10)),
            ("as USA Today said", actor(3, 12), date(7, 12), (3, 12)),
            ("the Summer Camp", actor(4, 15), date(4, 10), (4, 15)),
            ("said April on", actor(5, 10), date(5, 10), (5, 10)),
            ("on Easter Sunday the", actor(3, 9), date(3, 16), (3, 16)),
            ("the March 8 movement", actor(4, 20), date(4, 11), (4, 20)),
            ("on 3 November Austria-Hungary sent", actor(5, 29), date(3, 13), (3, 13)),
            ("with Theresa May there", actor(5, 16), date(13, 16), (5, 16)),
        ];
        for (text, name, date, expected) in cases {
            assert_eq!(spans(&merged(text, None, vec![name], vec![], vec![date])), [expected], "{text}");
        }
        let kept = merged("on April 6 the", None, vec![actor(3, 10)], vec![], vec![date(3, 10)]);
        assert!(matches!(kept[0].entity, Entity::Date(_)));
        let kept = merged("when May spoke", None, vec![actor(5, 8)], vec![], vec![date(5, 8)]);
        assert!(matches!(kept[0].entity, Entity::Actor(_)));
    }

    #[test]
    fn in_a_language_that_names_were_not_learned_in_figures_are_enough() {
        let cases = [
            ("El 5 de mayo llegó", actor(0, 12), date(3, 12), (3, 12), (0, 12)),
            ("2021, hier il a plu", actor(6, 13), date(6, 10), (6, 10), (6, 13)),
            ("von Januar bis", actor(0, 10), date(4, 10), (4, 10), (0, 10)),
            ("dijo Abril en", actor(5, 10), date(5, 10), (5, 10), (5, 10)),
            ("Avril Lavigne chante", actor(0, 13), date(0, 5), (0, 13), (0, 13)),
        ];
        for (text, name, date, foreign, english) in cases {
            for (language, expected) in [(Some(Language::of("es")), foreign), (None, english)] {
                let kept = merged(text, language, vec![name.clone()], vec![], vec![date.clone()]);
                assert_eq!(spans(&kept), [expected], "{text}");
            }
        }
        // A capital of a noun or of a sentence tells nothing, one within a sentence does.
        let cases = [
            ("de", "kam am Montag an", (7, 13), (7, 13), true),
            ("de", "Im Juni kam", (0, 7), (3, 7), true),
            ("de", "kam am Montag Anna Braun an", (7, 24), (7, 13), true),
            ("de", "kam mit August Braun an", (8, 20), (8, 14), false),
            ("fr", "Lundi il vint", (0, 5), (0, 5), true),
            ("fr", "Selon le journal de lundi il vint", (0, 25), (20, 25), true),
            ("fr", "parti samedi pour Rome", (6, 22), (6, 12), true),
            ("fr", "lit Le Journal du dimanche", (4, 26), (18, 26), false),
            ("fr", "chez Jean recevait mardi", (5, 24), (19, 24), true),
            ("fr", "parti avant Noël hier", (12, 17), (12, 17), true),
            ("fr", "L'an dernier il vint", (0, 4), (2, 12), true),
            ("fr", "dit Lundi hier", (4, 9), (4, 9), false),
        ];
        for (code, text, name, day, is_date) in cases {
            let name = actor(name.0, name.1);
            let kept = merged(text, Some(Language::of(code)), vec![name], vec![], vec![date(day.0, day.1)]);
            assert_eq!(matches!(kept[0].entity, Entity::Date(_)), is_date, "{text}");
        }
        let text = "Dans les années 1990";
        assert_eq!(
            spans(&merged(text, Some(Language::of("fr")), vec![], vec![place(0, 16)], vec![date(5, 21)])),
            [(5, 21)]
        );
    }
}
