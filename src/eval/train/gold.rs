//! The labelled articles that may be trained on, in one shape: a text and, for stretches of it, which classes the
//! set's conventions allow.
//!
//! What a set leaves open is open here too: a set without a class for other names does not say that a demonym is no
//! name, and a title inside a person is none of dateline's.

use std::path::Path;

use serde::Deserialize;

use crate::error::{Error, Result};
use crate::eval::train::corpus;
use crate::extract::name::NameClass;

/// A labelled text.
#[derive(Debug, Clone)]
pub struct Labelled {
    /// The text.
    pub source: String,
    /// Labelled stretches, in bytes, in order.
    pub marks: Vec<Mark>,
    /// Words outside the marks may be other names.
    pub others_open: bool,
    /// How much it counts.
    pub weight: f32,
}

/// One labelled stretch.
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What it is; `None` where the set does not say what dateline wants to know.
    pub class: Option<NameClass>,
}

struct Set {
    path: &'static str,
    others_open: bool,
    weight: f32,
}

const fn set(path: &'static str, others_open: bool, weight: f32) -> Set {
    Set { path, others_open, weight }
}

const SETS: &[Set] = &[
    set("ner/train/gum_news.train.conll", true, 1.5),
    set("ner/train/meantime.all.conll", true, 1.0),
    set("ner/train/wikigold.all.conll", false, 1.0),
    set("ner/train/crossner_politics.train.conll", false, 0.7),
    set("ner/train/crossner_politics.dev.conll", false, 0.7),
    set("ner/train/crossner_politics.test.conll", false, 0.7),
    set("ner/train/uner_ewt.dev.conll", true, 1.0),
];

/// Sentences that make a document where the file does not mark documents.
const GROUP: usize = 12;

/// Words before a name that are titles, not part of it; lower case.
const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "dr",
    "prof",
    "professor",
    "sir",
    "lord",
    "lady",
    "dame",
    "president",
    "vice",
    "premier",
    "minister",
    "prime",
    "senator",
    "sen",
    "rep",
    "representative",
    "congressman",
    "congresswoman",
    "governor",
    "gov",
    "mayor",
    "chancellor",
    "secretary",
    "ambassador",
    "king",
    "queen",
    "prince",
    "princess",
    "pope",
    "bishop",
    "archbishop",
    "cardinal",
    "rev",
    "reverend",
    "father",
    "judge",
    "justice",
    "general",
    "gen",
    "lt",
    "lieutenant",
    "col",
    "colonel",
    "maj",
    "major",
    "capt",
    "captain",
    "sgt",
    "sergeant",
    "admiral",
    "commander",
    "chairman",
    "coach",
    "sheik",
    "sheikh",
    "ayatollah",
    "imam",
    "mullah",
    "maj-gen",
    "detective",
    "inspector",
    "officer",
    "chief",
    "hon",
    "honorable",
    "corporal",
    "private",
    "speaker",
    "emperor",
    "petty",
    "brig",
    "brigadier",
    "councillor",
    "councilman",
    "former",
    "then",
    "sr",
    "deputy",
    "first",
    "lance",
];

/// The files of columns that are trained on.
#[cfg(test)]
pub(super) fn paths() -> impl Iterator<Item = &'static str> {
    SETS.iter().map(|set| set.path)
}

/// Every labelled text of the `data` folder that may be trained on.
pub fn labelled(data: &Path) -> Result<Vec<Labelled>> {
    let mut all = Vec::new();
    for set in SETS {
        all.extend(conll(&corpus::read(&data.join(set.path))?, set));
    }
    all.extend(reports(&data.join("ner/train/re3d.jsonl"))?);
    all.iter_mut().for_each(trim_titles);
    Ok(all)
}

fn class_of(tag: &str) -> Option<NameClass> {
    match tag.to_ascii_uppercase().as_str() {
        "PER" | "PERSON" | "PERS" | "POLITICIAN" => Some(NameClass::Person),
        "ORG" | "ORGANIZATION" | "ORGANISATION" | "POLITICALPARTY" => Some(NameClass::Organisation),
        "LOC" | "LOCATION" | "PLACE" | "COUNTRY" => Some(NameClass::Location),
        "FIN" | "ABSTRACT" | "SUBSTANCE" | "OBJECT" => None,
        _ => Some(NameClass::Other),
    }
}

fn conll(content: &str, set: &Set) -> Vec<Labelled> {
    let mut found = Vec::new();
    let mut writer = Writer::new(set);
    let mut sentence: Vec<(&str, &str)> = Vec::new();
    let mut sentences = 0;
    let marked = content.contains("-DOCSTART-");
    for line in content.lines().chain([""]) {
        if line.starts_with("-DOCSTART-") {
            found.extend(writer.finish());
            sentences = 0;
        } else if line.trim().is_empty() {
            if !sentence.is_empty() {
                writer.sentence(&sentence);
                sentence.clear();
                sentences += 1;
            }
            if !marked && sentences == GROUP {
                found.extend(writer.finish());
                sentences = 0;
            }
        } else {
            let mut columns = line.split('\t');
            let word = columns.next().unwrap_or_default();
            sentence.push((word, columns.next_back().unwrap_or("O")));
        }
    }
    found.extend(writer.finish());
    found
}

/// Joins the words of a `CoNLL` file into running text.
struct Writer<'s> {
    set: &'s Set,
    source: String,
    marks: Vec<Mark>,
}

impl<'s> Writer<'s> {
    fn new(set: &'s Set) -> Writer<'s> {
        Writer { set, source: String::new(), marks: Vec::new() }
    }

    fn sentence(&mut self, words: &[(&str, &str)]) {
        if !self.source.is_empty() {
            self.source.push('\n');
        }
        let mut previous: Option<&str> = None;
        let mut in_quote = false;
        let mut open = false;
        for &(word, tag) in words {
            let shown = match word {
                "``" | "''" => "\"",
                "-LRB-" => "(",
                "-RRB-" => ")",
                _ => word,
            };
            let mut glue = previous.is_none_or(no_space_after) || no_space_before(word);
            if word == "\"" {
                glue = previous.is_none() || in_quote;
                in_quote = !in_quote;
            } else if previous == Some("\"") && in_quote {
                glue = true;
            }
            if !glue {
                self.source.push(' ');
            }
            let start = self.source.len();
            self.source.push_str(shown);
            open = self.tag(tag, start, open);
            previous = Some(word);
        }
    }

    /// Opens or lengthens the mark of a word; tells whether one is open now.
    fn tag(&mut self, tag: &str, start: usize, open: bool) -> bool {
        let Some((position, name)) = tag.split_once('-') else { return false };
        let end = self.source.len();
        match self.marks.last_mut().filter(|_| open && position == "I") {
            Some(last) => last.end = end,
            None => self.marks.push(Mark { start, end, class: class_of(name) }),
        }
        true
    }

    fn finish(&mut self) -> Option<Labelled> {
        let source = std::mem::take(&mut self.source);
        let marks = std::mem::take(&mut self.marks);
        let (others_open, weight) = (self.set.others_open, self.set.weight);
        (!source.is_empty()).then_some(Labelled { source, marks, others_open, weight })
    }
}

fn no_space_before(word: &str) -> bool {
    matches!(
        word,
        "." | ","
            | ";"
            | ":"
            | "!"
            | "?"
            | ")"
            | "]"
            | "}"
            | "'"
            | "''"
            | "'s"
            | "'S"
            | "n't"
            | "'m"
            | "'re"
            | "'ve"
            | "'ll"
            | "'d"
            | "%"
            | "”"
            | "’"
    )
}

fn no_space_after(word: &str) -> bool {
    matches!(word, "(" | "[" | "{" | "$" | "#" | "“" | "‘" | "``" | "£" | "€")
}

#[derive(Deserialize)]
struct Report {
    text: String,
    mentions: Vec<ReportMention>,
}

#[derive(Deserialize)]
struct ReportMention {
    start: usize,
    end: usize,
    #[serde(rename = "type")]
    kind: String,
    flat: bool,
}

/// The conflict reports: their spans hold articles and common nouns, so only spans of capitalised words are believed.
fn reports(path: &Path) -> Result<Vec<Labelled>> {
    let mut found = Vec::new();
    for line in corpus::read(path)?.lines() {
        let report: Report = serde_json::from_str(line)
            .map_err(|error| Error::Settings { path: path.to_path_buf(), message: error.to_string() })?;
        let bytes: Vec<usize> =
            report.text.char_indices().map(|(at, _)| at).chain([report.text.len()]).collect();
        let mut marks: Vec<Mark> = Vec::new();
        for mention in report.mentions.iter().filter(|mention| mention.flat || mention.kind == "Nationality")
        {
            let (Some(&start), Some(&end)) = (bytes.get(mention.start), bytes.get(mention.end)) else {
                continue;
            };
            let (start, class) = believed(&report.text, start, end, &mention.kind);
            if marks.last().is_none_or(|last| last.end <= start) && start < end {
                marks.push(Mark { start, end, class });
            }
        }
        marks.sort_by_key(|mark| mark.start);
        found.push(Labelled { source: report.text, marks, others_open: true, weight: 0.7 });
    }
    Ok(found)
}

fn believed(text: &str, start: usize, end: usize, kind: &str) -> (usize, Option<NameClass>) {
    let shown = &text[start..end];
    let lower = shown.to_lowercase();
    let start = if lower.starts_with("the ") { start + 4 } else { start };
    let named = text[start..end].split_whitespace().all(|word| {
        word.starts_with(char::is_uppercase) || matches!(word, "of" | "the" | "and" | "for" | "al" | "&")
    });
    let class = match kind {
        "Organisation" | "Person" | "Location" => class_of(kind).filter(|_| named),
        "Nationality" => Some(NameClass::Other),
        _ => None,
    };
    (start, class)
}

/// Cuts titles off the front of people.
fn trim_titles(labelled: &mut Labelled) {
    for mark in labelled.marks.iter_mut().filter(|mark| mark.class == Some(NameClass::Person)) {
        loop {
            let shown = &labelled.source[mark.start..mark.end];
            let Some(space) = shown.find(' ') else { break };
            let word = shown[..space].trim_end_matches(['.', ',']).to_lowercase();
            if !TITLES.contains(&word.as_str()) {
                break;
            }
            mark.start += space + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_become_running_text_and_titles_fall_off() {
        let content = "-DOCSTART- 1\tO\n\nMr.\tB-PER\nSmith\tI-PER\n(\tO\nIBM\tB-ORG\n)\tO\nleft\tO\n.\tO\n";
        let mut found = conll(content, &set("", true, 1.0));
        trim_titles(&mut found[0]);
        assert_eq!(found[0].source, "Mr. Smith (IBM) left.");
        let shown: Vec<&str> =
            found[0].marks.iter().map(|mark| &found[0].source[mark.start..mark.end]).collect();
        assert_eq!(shown, ["Smith", "IBM"]);
    }
}
