//! People and organisations: joins name spans to actors under one canonical name, with their kind.
//!
//! [`claim`] first corrects the spans with the authority list; [`link`] then joins the names of one article: parts,
//! acronyms and spellings of a name to its longest form, and that to the list. Two people with one surname stay apart.

mod claim;
mod cluster;
pub mod kind;

pub use self::claim::claim;

use std::cell::OnceCell;
use std::sync::Arc;

use crate::article::{Actor, ActorKind, Entity, Mention};
use crate::extract::actor::cluster::{Cluster, Name, clusters};
use crate::extract::actor::kind::Words;
use crate::extract::name::{NameClass, NameSpan};
use crate::reference::authority::{Authority, Known};
use crate::span::Span;
use crate::text::Text;

/// Longer names are cut from no one's mouth: they are lists or broken text.
const LONGEST_NAME: usize = 200;

/// The actors that the names of one article stand for, text by text.
pub fn link(texts: &[&Text], names: &[Vec<NameSpan>], authority: &Authority) -> Vec<Vec<Mention>> {
    let mut of_article: Vec<Name> = Vec::new();
    for (number, (text, spans)) in texts.iter().zip(names).enumerate() {
        of_article.extend(spans.iter().filter_map(|name| readable(number, text, name)));
    }
    let evidence = Evidence { texts, countries: OnceCell::new() };
    let mut found: Vec<Vec<Mention>> = texts.iter().map(|_| Vec::new()).collect();
    for cluster in clusters(&of_article) {
        let actor = Arc::new(actor(&cluster, &of_article, authority, &evidence));
        for &member in &cluster.members {
            let name = &of_article[member];
            found[name.text].push(Mention { span: name.span, entity: Entity::Actor(Arc::clone(&actor)) });
        }
    }
    for mentions in &mut found {
        mentions.sort_by_key(|mention| mention.span.start);
    }
    found
}

/// A span of a person or an organisation as a name to be joined; none for what is no name.
fn readable<'t>(number: usize, text: &Text<'t>, name: &NameSpan) -> Option<Name<'t>> {
    let is_person = match name.class {
        NameClass::Person => true,
        NameClass::Organisation => false,
        NameClass::Location | NameClass::Other => return None,
    };
    let mut first = name.first;
    while is_person && first + 1 < name.last && is_title(text.word(first)) {
        first += 1;
        while first + 1 < name.last && text.word(first) == "." {
            first += 1;
        }
    }
    let span = Span::new(text.tokens.get(first)?.start as usize, name.span.end);
    let shown = span.of(text.source);
    let letters = shown.chars().filter(|c| c.is_alphabetic()).count();
    if letters < 2 || shown.len() > LONGEST_NAME || (is_person && is_title(shown)) {
        return None;
    }
    Some(Name::new(number, span, shown, is_person, name.score))
}

fn is_title(word: &str) -> bool {
    const TITLES: &[&str] = &[
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "prof",
        "sir",
        "lord",
        "lady",
        "president",
        "minister",
        "premier",
        "senator",
        "sen",
        "rep",
        "gov",
        "governor",
        "general",
        "gen",
        "lt",
        "col",
        "colonel",
        "maj",
        "major",
        "capt",
        "captain",
        "sgt",
        "king",
        "queen",
        "pope",
        "sheikh",
        "ayatollah",
        "chancellor",
        "secretary",
        "ambassador",
        "professor",
    ];
    word.len() <= 10 && TITLES.iter().any(|title| title.eq_ignore_ascii_case(word))
}

/// Which countries an article speaks of, by the words of its texts; looked for only when a name needs it.
struct Evidence<'t> {
    texts: &'t [&'t Text<'t>],
    countries: OnceCell<Vec<&'static str>>,
}

impl Evidence<'_> {
    fn count(&self, country: Option<&str>) -> usize {
        let countries = self.countries.get_or_init(|| {
            let words = Words::embedded();
            let named = |text: &&Text<'_>| -> Vec<&'static str> {
                let capitals = text.tokens.iter().enumerate().filter(|(_, token)| token.capital).take(2_000);
                capitals.filter_map(|(at, _)| words.country(text.word(at))).collect()
            };
            self.texts.iter().flat_map(named).collect()
        });
        country.map_or(0, |country| countries.iter().filter(|found| **found == country).count())
    }
}

/// The actor of a cluster: what the authority list says of its names, else what their words say.
fn actor(cluster: &Cluster, names: &[Name<'_>], authority: &Authority, evidence: &Evidence<'_>) -> Actor {
    let head = &names[cluster.head];
    let mut tried: Vec<&str> = vec![head.shown];
    tried.extend(
        cluster
            .members
            .iter()
            .map(|&member| names[member].shown)
            .filter(|shown| shown.contains(' ') || !cluster.is_person),
    );
    tried.dedup();
    if let Some(known) = tried.iter().find_map(|name| known(name, cluster.is_person, authority, evidence)) {
        let country = known.country.map(str::to_owned);
        return Actor { name: known.name.to_owned(), kind: known.kind, country };
    }
    let name = tidy(head.shown);
    if cluster.is_person {
        return Actor { name, kind: ActorKind::Person, country: None };
    }
    let words = Words::embedded();
    let kind = words.kind(&name).unwrap_or(ActorKind::Organisation);
    let country = words.country(&name).map(str::to_owned);
    Actor { name, kind, country }
}

/// The actor of the list that goes by this name, where only one can be meant.
fn known(name: &str, is_person: bool, authority: &Authority, evidence: &Evidence<'_>) -> Option<Known> {
    if is_person && !name.contains(' ') {
        return None;
    }
    let mut found = authority.lookup(name);
    found.retain(|known| (known.kind == ActorKind::Person) == is_person);
    if found.len() > 1 {
        let most = found.iter().map(|known| evidence.count(known.country)).max().unwrap_or(0);
        let own = found.iter().any(|known| known.is_own);
        found.retain(|known| evidence.count(known.country) == most && known.is_own == own);
    }
    match found.as_slice() {
        [only] => Some(*only),
        [first, rest @ ..] if rest.iter().all(|other| other.kind == first.kind) => {
            Some(first.without_country())
        }
        _ => None,
    }
}

/// A name as it is shown: white space as one space, capitals only where a newspaper would write them.
fn tidy(name: &str) -> String {
    let mut tidy = String::with_capacity(name.len());
    let shouted = name.len() > 5 && name.contains(' ') && !name.chars().any(char::is_lowercase);
    let whispered = !name.chars().any(char::is_uppercase);
    for (at, word) in name.split_whitespace().enumerate() {
        if at > 0 {
            tidy.push(' ');
        }
        if !(shouted || whispered) || (shouted && is_acronym(word)) {
            tidy.push_str(word);
            continue;
        }
        let mut capital = true;
        for c in word.chars().filter(|c| !is_invisible(*c)) {
            if capital {
                tidy.extend(c.to_uppercase());
            } else {
                tidy.extend(c.to_lowercase());
            }
            capital = c == '-';
        }
    }
    tidy.retain(|c| !is_invisible(c));
    tidy
}

/// In a name all in capitals, short words that cannot be spoken stay as they are: `US`, `PMF`, not `JOE`.
fn is_acronym(word: &str) -> bool {
    word.len() <= 2 || (word.len() == 3 && !word.contains(['A', 'E', 'I', 'O', 'U', 'Y']))
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::name::Tagger;

    /// The actors of a text as `mention=name/kind`.
    fn actors(source: &str) -> Vec<String> {
        let text = Text::new(source);
        let texts = [&text];
        let authority = Authority::embedded().unwrap();
        let mut names = Tagger::embedded().unwrap().tag(&texts);
        claim(&texts, &mut names, authority);
        let shown = |mention: &Mention| match &mention.entity {
            Entity::Actor(actor) => {
                format!("{}={}/{}", mention.span.of(source), actor.name, actor.kind.name())
            }
            _ => String::new(),
        };
        link(&texts, &names, authority).remove(0).iter().map(shown).collect()
    }

    #[test]
    fn one_actor_has_one_name() {
        let source =
            "President Joe Biden met aides. Biden spoke to Reuters. “We agree,” said President Biden.";
        assert_eq!(
            actors(source),
            [
                "Joe Biden=Joe Biden/person",
                "Biden=Joe Biden/person",
                "Reuters=Reuters/media",
                "Biden=Joe Biden/person"
            ]
        );
    }

    #[test]
    fn known_names_are_found_whole_and_with_their_kind() {
        let source = "The Pentagon said Kata’ib Hezbollah and the Popular Mobilization Forces (PMF) were hit near the \
                      border. The Popular Mobilization vowed to respond, ISIS remnants fled and Sky News Arabia reported it.";
        let found = actors(source);
        for expected in [
            "Pentagon=Pentagon/government",
            "Kata’ib Hezbollah=Kata'ib Hezbollah/armed-group",
            "Popular Mobilization Forces=Popular Mobilization Forces/armed-group",
            "Popular Mobilization=Popular Mobilization Forces/armed-group",
            "PMF=Popular Mobilization Forces/armed-group",
            "ISIS=ISIS/armed-group",
            "Sky News Arabia=Sky News Arabia/media",
        ] {
            assert!(found.iter().any(|actor| actor == expected), "{expected} not in {found:?}");
        }
    }

    #[test]
    fn plain_words_are_no_actors() {
        let cases = [
            "Earlier in the day it rained. Officials said so. Attack details were not given.",
            "Two of them left. However, nothing happened. Yesterday was quiet.",
            "Mr. President",
            "",
            "1 2 3 4-5 6:7",
        ];
        for source in cases {
            assert_eq!(actors(source), Vec::<String>::new(), "{source}");
        }
    }

    #[test]
    fn bad_input_gives_no_panic_and_no_endless_names() {
        let long = format!("Mr {} spoke.", "Abcdef ".repeat(400));
        let many: Vec<String> = (0..600).map(|at| format!("Anna Berg{at}, ")).collect();
        let many = many.concat();
        let hidden = "Ang\u{200b}ela Mer\u{0301}kel met Joe\u{200d} Biden in Берлин.";
        for source in [long.as_str(), many.as_str(), hidden, "\u{feff}", "’s ’s ’s", "al-al-al-Al-"] {
            assert!(actors(source).iter().all(|actor| actor.len() < 600), "{source}");
        }
    }

    #[test]
    fn names_are_shown_as_newspapers_write_them() {
        for (name, expected) in [
            ("JOE  BIDEN", "Joe Biden"),
            ("joe biden", "Joe Biden"),
            ("NATO", "NATO"),
            ("al-Qaeda", "al-Qaeda"),
        ] {
            assert_eq!(tidy(name), expected);
        }
    }

    proptest::proptest! {
        #[test]
        fn linking_never_panics_and_spans_fit(source in "([A-Z][a-z]{0,6}|\\PC{0,3}|al-|of|the|Mr\\.| |\\.|\n){0,60}") {
            let found = actors(&source);
            proptest::prop_assert_eq!(&found, &actors(&source));
        }
    }
}
