//! Invented articles from the sentences of `data/models/templates.txt`, with their names labelled.
//!
//! A sentence has slots (`{firm}`, `{person 1}`) that lists of names fill; many of the firms are words that nobody
//! knows, so that what is learned is where firms stand, not what they are called.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::eval::train::gold::{Labelled, Mark};
use crate::eval::train::random::Random;
use crate::extract::name::NameClass;

/// Names for the slots, by the slot's kind.
pub type Names = BTreeMap<String, Vec<String>>;

/// A section of the file: articles of one kind.
#[derive(Debug)]
struct Section {
    /// How many articles are written.
    count: usize,
    /// Its lines are used in order and in full, not as a choice of sentences.
    is_table: bool,
    lines: Vec<String>,
}

/// Writes the articles of all sections.
pub fn articles(templates: &str, mut names: Names, seed: u64) -> Result<Vec<Labelled>> {
    let mut random = Random::new(seed);
    let mut found = Vec::new();
    let sections = sections(templates, &mut names)?;
    let names = &names;
    for section in sections {
        for _ in 0..section.count {
            let mut writer =
                Writer { names, random: &mut random, kept: BTreeMap::new(), out: Output::default() };
            for line in chosen(&section, writer.random) {
                writer.line(line)?;
            }
            let Output { source, marks } = writer.out;
            found.push(Labelled { source, marks, others_open: false, weight: 0.5 });
        }
    }
    Ok(found)
}

fn wrong(message: String) -> Error {
    Error::Data { what: "templates of articles".to_owned(), message }
}

/// `[business 40]` opens a section of forty articles, `[=standings 20]` one whose lines are a table; before the first
/// stand lists of names, `county = Essex, Kent`.
fn sections(templates: &str, names: &mut Names) -> Result<Vec<Section>> {
    let mut found: Vec<Section> = Vec::new();
    for line in templates.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let heading = line.strip_prefix('[').and_then(|line| line.strip_suffix(']'));
        match heading.and_then(|heading| heading.rsplit_once(' ')).map(|(name, n)| (name, n.parse())) {
            Some((name, Ok(count))) => {
                found.push(Section { count, is_table: name.starts_with('='), lines: Vec::new() });
            }
            _ => match (found.last_mut(), line.split_once(" = ")) {
                (Some(section), _) => section.lines.push(line.to_owned()),
                (None, Some((kind, list))) => {
                    names.insert(kind.to_owned(), list.split(", ").map(str::to_owned).collect());
                }
                (None, None) => return Err(wrong(format!("no heading before {line:?}"))),
            },
        }
    }
    Ok(found)
}

/// The lines of one article: a table's all (a line that begins with `*8` eight times), else four to seven of them.
fn chosen<'s>(section: &'s Section, random: &mut Random) -> Vec<&'s str> {
    if section.is_table {
        let repeated = |line: &'s String| {
            let (times, rest) = match line.strip_prefix('*').and_then(|line| line.split_once(' ')) {
                Some((times, rest)) => (times.parse().unwrap_or(1), rest),
                None => (1, line.as_str()),
            };
            std::iter::repeat_n(rest, times)
        };
        return section.lines.iter().flat_map(repeated).collect();
    }
    let mut order: Vec<&str> = section.lines.iter().map(String::as_str).collect();
    random.shuffle(&mut order);
    order.truncate(4 + random.below(4));
    order
}

#[derive(Debug, Default)]
struct Output {
    source: String,
    marks: Vec<Mark>,
}

struct Writer<'w> {
    names: &'w Names,
    random: &'w mut Random,
    /// What numbered slots hold in this article.
    kept: BTreeMap<String, String>,
    out: Output,
}

impl Writer<'_> {
    fn line(&mut self, line: &str) -> Result<()> {
        if !self.out.source.is_empty() {
            self.out.source.push('\n');
        }
        let mut rest = line;
        while let Some(at) = rest.find(['{', '[']) {
            self.out.source.push_str(&rest[..at]);
            let close = if rest[at..].starts_with('{') { '}' } else { ']' };
            let end = rest.find(close).filter(|&end| end > at).ok_or_else(|| wrong(line.to_owned()))?;
            let inner = &rest[at + 1..end];
            if close == '}' {
                self.slot(inner)?;
            } else {
                let (class, name) = inner.split_once(' ').ok_or_else(|| wrong(line.to_owned()))?;
                let class = class_of(class).ok_or_else(|| wrong(line.to_owned()))?;
                let name = self.filled(name)?;
                self.name(&name, class);
            }
            rest = &rest[end + 1..];
        }
        self.out.source.push_str(rest);
        Ok(())
    }

    /// `kind`, `kind 1` (the same all through the article), each with `^` for capitals.
    fn slot(&mut self, slot: &str) -> Result<()> {
        let (slot, upper) = slot.strip_suffix('^').map_or((slot, false), |slot| (slot, true));
        let kind = slot.split(' ').next().unwrap_or(slot);
        if let Some(most) = kind.strip_prefix('n').and_then(|most| most.parse::<usize>().ok()) {
            let number = self.random.below(most + 1);
            self.out.source.push_str(&number.to_string());
            return Ok(());
        }
        let value = if let Some(kept) = self.kept.get(slot) {
            kept.clone()
        } else {
            let value = self.value(kind)?;
            if slot != kind {
                self.kept.insert(slot.to_owned(), value.clone());
            }
            value
        };
        let shown = if upper { value.to_uppercase() } else { value };
        match class_of(kind) {
            Some(class) => self.name(&shown, class),
            None => self.out.source.push_str(&shown),
        }
        Ok(())
    }

    /// A name in brackets with its slots filled.
    fn filled(&mut self, name: &str) -> Result<String> {
        let (Some(open), Some(close)) = (name.find('{'), name.find('}')) else { return Ok(name.to_owned()) };
        let value = self.value(name.get(open + 1..close).unwrap_or_default())?;
        Ok(format!("{}{value}{}", &name[..open], &name[close + 1..]))
    }

    fn value(&mut self, kind: &str) -> Result<String> {
        let names = self.names;
        let of = |random: &mut Random, kind: &str| match names.get(kind).map(Vec::as_slice) {
            None | Some([]) => Err(wrong(format!("no names for {{{kind}}}"))),
            Some(list) => Ok(random.pick(list).clone()),
        };
        Ok(match kind {
            "person" => format!("{} {}", of(self.random, "given")?, of(self.random, "surname")?),
            "firm" => match self.random.below(10) {
                0..=4 => self.value("company")?,
                5 => self.value("surname")?,
                6 => format!("{} {}", self.value("surname")?, self.random.pick(FORMS)),
                7 => format!("{} {}", self.value("word")?, self.random.pick(FORMS)),
                _ => self.value("word")?,
            },
            "word" => coined(self.random),
            _ => of(self.random, kind)?,
        })
    }

    fn name(&mut self, name: &str, class: NameClass) {
        let start = self.out.source.len();
        self.out.source.push_str(name);
        self.out.marks.push(Mark { start, end: self.out.source.len(), class: Some(class) });
    }
}

const FORMS: &[&str] =
    &["Inc", "Corp", "Group", "Co", "Ltd", "Plc", "Holdings", "Industries", "AG", "SA", "Bank"];

fn class_of(kind: &str) -> Option<NameClass> {
    Some(match kind {
        "PER" | "person" | "surname" | "given" => NameClass::Person,
        "LOC" | "city" | "country" | "nation" => NameClass::Location,
        "MISC" | "demonym" => NameClass::Other,
        "ORG" | "firm" | "word" | "company" | "media" | "body" | "party" | "group" | "club" | "county"
        | "teamcity" | "team" => NameClass::Organisation,
        _ => return None,
    })
}

/// A word that could be a firm's name and is in no list.
fn coined(random: &mut Random) -> String {
    const FIRST: &[&str] = &[
        "Co", "Ver", "Al", "Tel", "Nor", "Pet", "Ru", "Mul", "Bra", "Sin", "Ar", "Eni", "Hal", "Kor", "Lu",
        "Med", "Om", "Pri", "Qua", "Sa", "Tra", "Uni", "Va", "Xe", "Zen", "Dar", "Fi", "Ga", "In", "Jo",
    ];
    const MIDDLE: &[&str] =
        &["ti", "fi", "ra", "lo", "mi", "ne", "ta", "vi", "da", "go", "li", "so", "", "", ""];
    const LAST: &[&str] = &[
        "nec", "co", "tec", "com", "ton", "max", "dyne", "ris", "tel", "gen", "xa", "sys", "mark", "fer",
        "via", "bank", "tex", "ch", "on", "ia", "el", "um", "is", "ex",
    ];
    let word = format!("{}{}{}", random.pick(FIRST), random.pick(MIDDLE), random.pick(LAST));
    if random.below(12) == 0 { word[..3].to_uppercase() } else { word }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let list = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let lists =
            [("given", ["Ann"]), ("surname", ["Oke"]), ("company", ["Tarn Steel"]), ("city", ["Lorne"])];
        lists.into_iter().map(|(kind, names)| (kind.to_owned(), list(&names))).collect()
    }

    #[test]
    fn slots_are_filled_and_labelled() {
        let file = "# note\nplace = Fen, Fen\n[=table 1]\n{person 1} left [ORG Velland Press] and [ORG {place} Co] in {city^}.\n*2 {surname} {n0}\n{person 1}";
        let found = articles(file, names(), 1).unwrap();
        assert_eq!(found[0].source, "Ann Oke left Velland Press and Fen Co in LORNE.\nOke 0\nOke 0\nAnn Oke");
        let shown: Vec<&str> =
            found[0].marks.iter().map(|mark| &found[0].source[mark.start..mark.end]).collect();
        assert_eq!(shown, ["Ann Oke", "Velland Press", "Fen Co", "LORNE", "Oke", "Oke", "Ann Oke"]);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        for file in ["{city}", "[a 1]\n{nobody}", "[a 1]\n{city", "[a 1]\n[WHAT Is This] here"] {
            assert!(articles(file, names(), 1).is_err(), "{file}");
        }
    }
}
