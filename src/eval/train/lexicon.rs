//! Compiles the lexicon of the tagger: words and names with their classes, from name lists, the gazetteer's tables,
//! the authority list of actors and the word lists of `data/models/words.txt`; groups and case from the corpora.

use std::collections::BTreeMap;
use std::path::Path;

use rustc_hash::FxHashMap;

use crate::article::ActorKind;
use crate::error::Result;
use crate::eval::train::cluster::WordFacts;
use crate::eval::train::{corpus, listed};
use crate::extract::name::lexicon::{self, Classes, LONGEST, WordEntry, class};
use crate::extract::name::word;
use crate::reference::authority::Entry;
use crate::text::Text;
use crate::text::token::TokenKind;

/// Words that are common in lower case never count as names by themselves beyond these classes.
const WORD_CLASSES: &[&str] =
    &["org-word", "place-word", "title", "calendar", "event-word", "role", "demonym"];

/// A word that the corpora write in lower case more often than this is not taken for a one-word name.
const MOST_LOWER: f32 = 0.5;

/// Collects names and their classes.
#[derive(Default)]
struct Names {
    classes: BTreeMap<Vec<String>, Classes>,
}

impl Names {
    fn add(&mut self, name: &str, classes: Classes) {
        let words = words(name);
        if !words.is_empty() && words.len() <= LONGEST && name.len() > 1 {
            *self.classes.entry(words).or_default() |= classes;
        }
    }
}

/// The words of a name as sequences of the lexicon have them: normal forms without hyphens and full stops.
fn words(name: &str) -> Vec<String> {
    let text = Text::new(name);
    let counted = |at: &usize| {
        text.tokens[*at].kind != TokenKind::Mark || !matches!(text.word(*at), "-" | "." | "'" | "’" | "‘")
    };
    (0..text.tokens.len()).filter(counted).map(|at| word::normal(text.word(at))).collect()
}

/// The lexicon file.
///
/// `firms` are the names that the corpora mark as those of firms.
pub fn compile(
    data: &Path,
    word_lists: &str,
    actors: &[Entry],
    firms: &BTreeMap<String, u32>,
    facts: &[WordFacts],
) -> Result<Vec<u8>> {
    let facts: FxHashMap<&str, &WordFacts> = facts.iter().map(|facts| (facts.word.as_str(), facts)).collect();
    let mut names = Names::default();
    people(data, &facts, &mut names)?;
    places(data, &mut names)?;
    word_classes(word_lists, &mut names);
    authority(actors, &mut names);
    for firm in firms.keys() {
        names.add(firm, class("company"));
        names.add(listed::short(firm), class("company"));
    }
    Ok(write(names, &facts))
}

fn write(names: Names, facts: &FxHashMap<&str, &WordFacts>) -> Vec<u8> {
    let always = WORD_CLASSES.iter().fold(0, |set, name| set | class(name));
    let mut words: BTreeMap<String, WordEntry> = BTreeMap::new();
    for (word, facts) in facts {
        let entry = words.entry((*word).to_owned()).or_default();
        entry.groups = facts.groups;
        entry.case = case_bin(facts);
    }
    let mut phrases = Vec::new();
    for (sequence, classes) in names.classes {
        if let [only] = sequence.as_slice() {
            let common = facts.get(only.as_str()).is_some_and(|facts| is_common(facts));
            words.entry(only.clone()).or_default().classes |= if common { classes & always } else { classes };
        } else {
            words.entry(sequence[0].clone()).or_default().lengths |= 1 << (sequence.len() - 2);
            phrases.push((sequence, classes));
        }
    }
    let words: Vec<(String, WordEntry)> =
        words.into_iter().filter(|(_, entry)| *entry != WordEntry::default()).collect();
    lexicon::write(&words, &phrases)
}

/// 1 (never capitalised inside a sentence) to 10 (always), 0 where the corpora have too little.
fn case_bin(facts: &WordFacts) -> u8 {
    let [lower, capital, upper] = facts.cases;
    let total = lower + capital + upper;
    if total < 3 { 0 } else { 1 + ((capital + upper) * 9 / total) as u8 }
}

fn is_common(facts: &WordFacts) -> bool {
    let total = facts.cases.iter().sum::<u32>();
    total >= 5 && facts.cases[0] as f32 > MOST_LOWER * total as f32
}

fn people(data: &Path, facts: &FxHashMap<&str, &WordFacts>, names: &mut Names) -> Result<()> {
    let lists = data.join("actors/names/NamesDatabases");
    let mut list = |path: &str, common: &str, rare: &str| -> Result<()> {
        for name in corpus::read(&lists.join(path))?.lines() {
            let name = name.trim_matches(['\u{feff}', ' ', '\r']);
            let known = facts.get(word::normal(name).as_str()).is_some_and(|facts| facts.count >= 20);
            names.add(name, class(if known { common } else { rare }));
        }
        Ok(())
    };
    list("first names/us.txt", "given", "given")?;
    list("first names/all.txt", "given-rare", "given-rare")?;
    list("surnames/us.txt", "surname", "surname-rare")?;
    list("surnames/all.txt", "surname", "surname-rare")?;
    for (path, column, kind) in [
        ("actors/names/common-forenames-by-country.csv", 11, "given"),
        ("actors/names/common-surnames-by-country.csv", 5, "surname"),
    ] {
        let mut reader = csv::Reader::from_reader(corpus::open(&data.join(path))?);
        for record in reader.records().flatten() {
            for name in [record.get(column - 1), record.get(column)].into_iter().flatten() {
                names.add(name, class(kind));
            }
        }
    }
    Ok(())
}

fn places(data: &Path, names: &mut Names) -> Result<()> {
    for row in corpus::read(&data.join("gazetteer/places.tsv.gz"))?.lines().skip(1) {
        let columns: Vec<&str> = row.split('\t').collect();
        let [_, name, ascii, _, _, code, .., population, _, alternates] = columns.as_slice() else {
            continue;
        };
        let population: u64 = population.parse().unwrap_or(0);
        let size = match population {
            1_000_000.. => "city-million",
            100_000.. => "city-large",
            15_000.. => "city-medium",
            _ => "city-small",
        };
        let set = class(size) | if *code == "PPLC" { class("capital") } else { 0 };
        names.add(name, set);
        names.add(ascii, set);
        if population >= 100_000 {
            for alternate in alternates.split('|').filter(|alternate| is_usable(alternate)) {
                names.add(alternate, class("city-alternate"));
            }
        }
    }
    for (path, kind) in [("gazetteer/admin1.tsv.gz", "division"), ("gazetteer/admin2.tsv.gz", "district")] {
        for row in corpus::read(&data.join(path))?.lines().skip(1) {
            names.add(row.split('\t').nth(1).unwrap_or(""), class(kind));
        }
    }
    for row in corpus::read(&data.join("gazetteer/natural_features.tsv.gz"))?.lines().skip(1) {
        let name = row.split('\t').nth(2).unwrap_or("");
        names.add(name, class("natural"));
    }
    for row in corpus::read(&data.join("gazetteer/cldr_territories.tsv.gz"))?.lines() {
        if let ["en", code, name] = row.split('\t').collect::<Vec<_>>()[..]
            && code.len() == 2
        {
            names.add(name, class("country"));
        }
    }
    for row in corpus::read(&data.join("gazetteer/cliff/wikipedia-demonyms.tsv"))?.lines().skip(2) {
        let mut columns = row.split('\t');
        names.add(columns.next().unwrap_or(""), class("country"));
        for name in columns.flat_map(|column| column.split(',')) {
            names.add(name.trim(), class("demonym"));
        }
    }
    Ok(())
}

/// Alternate names that a newspaper could print: Latin letters, a capital first, four letters or more, no codes.
fn is_usable(name: &str) -> bool {
    name.len() >= 4
        && name.starts_with(char::is_uppercase)
        && name.chars().all(|c| c < '\u{250}')
        && name.chars().skip(1).any(char::is_lowercase)
}

/// `[class]` headings with words and phrases below them, separated by commas or line ends.
fn word_classes(lists: &str, names: &mut Names) {
    let mut set = 0;
    for line in lists.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            Some(name) => set = class(name),
            None => line.split(',').for_each(|name| names.add(name.trim(), set)),
        }
    }
}

fn authority(actors: &[Entry], names: &mut Names) {
    for actor in actors {
        let kind = match actor.kind {
            _ if actor.is_club => "club",
            ActorKind::Person => "person",
            ActorKind::Government => "government",
            ActorKind::Military => "military",
            ActorKind::ArmedGroup => "armed-group",
            ActorKind::Party => "party",
            ActorKind::Company => "company",
            ActorKind::Media => "media",
            ActorKind::Intergovernmental => "intergovernmental",
            ActorKind::Organisation => "organisation",
        };
        for name in std::iter::once(&actor.name).chain(&actor.aliases) {
            names.add(name, class(kind));
        }
        if actor.kind == ActorKind::Person
            && let Some((_, surname)) = actor.name.rsplit_once(' ')
        {
            names.add(surname, class("person-surname"));
        }
    }
}
