//! The user's corrections of actors and places: `corrections.toml` beside the index, made for version control.
//!
//! [`Corrections`] reads and writes the file, its comments kept, and answers which canonical name an actor has now and
//! which names it had. Merging and renaming apply when a query is asked; retyping, blocking and pinning are for the
//! one who rewrites the touched articles. Never touches an index.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::iter;
use std::path::Path;

use crate::article::{Actor, ActorKind, Annotated};
use crate::error::{Error, Result};
use crate::text::fold;

/// Name of the file, beside the index.
pub const FILE: &str = "corrections.toml";

/// How many renamings are followed; more is a circle.
const MOST_STEPS: usize = 16;

/// The corrections of one archive.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Corrections {
    /// From an actor's name to the one it is merged into.
    merge: BTreeMap<String, String>,
    /// From a canonical name to the one to show instead.
    rename: BTreeMap<String, String>,
    /// The kind an actor has.
    retype: BTreeMap<String, ActorKind>,
    /// Names that are no actors.
    block: Vec<String>,
    /// Names that are no places.
    block_place: Vec<String>,
    /// From a place's name to its `GeoNames` id.
    pin: BTreeMap<String, u32>,
    /// The file as it was read, for its comments.
    source: String,
    /// The same, by the folded form of each name.
    folded: Folded,
}

/// Corrections by folded names, so that any spelling finds them at once: every mention of an archive asks.
#[derive(Debug, Clone, Default, PartialEq)]
struct Folded {
    merge: BTreeMap<String, String>,
    rename: BTreeMap<String, String>,
    retype: BTreeMap<String, ActorKind>,
    block: BTreeSet<String>,
    block_place: BTreeSet<String>,
    pin: BTreeMap<String, u32>,
}

impl Folded {
    fn of(corrections: &Corrections) -> Folded {
        let keys = |names: &[String]| names.iter().map(|name| fold::key(name)).collect();
        Folded {
            merge: folded(&corrections.merge),
            rename: folded(&corrections.rename),
            retype: folded(&corrections.retype),
            block: keys(&corrections.block),
            block_place: keys(&corrections.block_place),
            pin: folded(&corrections.pin),
        }
    }
}

/// Of two spellings of one name the first in order counts.
fn folded<V: Clone>(rows: &BTreeMap<String, V>) -> BTreeMap<String, V> {
    rows.iter().rev().map(|(name, value)| (fold::key(name), value.clone())).collect()
}

impl Corrections {
    /// Reads the file at `path`; none there means no corrections.
    pub fn open(path: &Path) -> Result<Corrections> {
        match fs::read_to_string(path) {
            Ok(source) => Corrections::parse(&source)
                .map_err(|message| Error::Settings { path: path.to_path_buf(), message }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Corrections::default()),
            Err(error) => Err(Error::io(path)(error)),
        }
    }

    /// Reads the text of a file; says what is wrong with it.
    pub fn parse(source: &str) -> std::result::Result<Corrections, String> {
        Corrections::read(source).map_err(|wrong| wrong.told(source))
    }

    fn read(source: &str) -> std::result::Result<Corrections, Wrong> {
        let table: toml::Table = source.parse().map_err(|error: toml::de::Error| Wrong {
            message: error.message().to_owned(),
            at: At::Byte(error.span().map_or(0, |span| span.start)),
        })?;
        let mut corrections = Corrections { source: source.to_owned(), ..Corrections::default() };
        for (section, value) in &table {
            match section.as_str() {
                "merge" => corrections.merge = texts(section, value)?,
                "rename" => corrections.rename = texts(section, value)?,
                "retype" => corrections.retype = kinds(value)?,
                "block" => corrections.block = names(section, value)?,
                "block-place" => corrections.block_place = names(section, value)?,
                "pin" => corrections.pin = ids(value)?,
                _ => {
                    let message = format!(
                        "unknown section `{section}`; known are merge, rename, retype, block, block-place, pin"
                    );
                    return Err(Wrong::of(section, message));
                }
            }
        }
        corrections.folded = Folded::of(&corrections);
        for name in corrections.merge.keys().chain(corrections.rename.keys()) {
            if corrections.steps(name).is_none() {
                return Err(Wrong::of(name, format!("`{name}` is merged or renamed in a circle")));
            }
        }
        Ok(corrections)
    }

    /// Writes the file: what it had stays as it stood, with its comments; new rows go to the end of their section.
    pub fn save(&self, path: &Path) -> Result<()> {
        fs::write(path, self.to_text()).map_err(Error::io(path))
    }

    /// The text of the file.
    pub fn to_text(&self) -> String {
        let mut lines: Vec<String> = self.source.lines().map(str::to_owned).collect();
        if !self.block.is_empty() {
            let quoted: Vec<String> = self.block.iter().map(|name| quote(name)).collect();
            put_top(&mut lines, "block", &format!("block = [{}]", quoted.join(", ")));
        }
        if !self.block_place.is_empty() {
            let quoted: Vec<String> = self.block_place.iter().map(|name| quote(name)).collect();
            put_top(&mut lines, "block-place", &format!("block-place = [{}]", quoted.join(", ")));
        }
        for (name, into) in &self.merge {
            put_row(&mut lines, "merge", name, &quote(into));
        }
        for (name, shown) in &self.rename {
            put_row(&mut lines, "rename", name, &quote(shown));
        }
        for (name, kind) in &self.retype {
            put_row(&mut lines, "retype", name, &quote(kind.name()));
        }
        for (name, id) in &self.pin {
            put_row(&mut lines, "pin", name, &id.to_string());
        }
        let mut text = lines.join("\n");
        text.push('\n');
        text
    }

    /// Counts `from` as `into` from now on.
    pub fn merge(&mut self, from: &str, into: &str) -> Result<()> {
        self.put(from, |corrections| corrections.merge.insert(from.to_owned(), into.to_owned()))
    }

    /// Shows `from` as `to` from now on.
    pub fn rename(&mut self, from: &str, to: &str) -> Result<()> {
        self.put(from, |corrections| corrections.rename.insert(from.to_owned(), to.to_owned()))
    }

    fn put(&mut self, name: &str, change: impl FnOnce(&mut Corrections) -> Option<String>) -> Result<()> {
        let mut changed = self.clone();
        change(&mut changed);
        changed.folded = Folded::of(&changed);
        if changed.steps(name).is_none() {
            return Err(Error::Usage(format!("`{name}` would be merged or renamed in a circle")));
        }
        *self = changed;
        Ok(())
    }

    /// Gives an actor another kind.
    pub fn retype(&mut self, name: &str, kind: ActorKind) {
        self.retype.insert(name.to_owned(), kind);
        self.folded.retype = folded(&self.retype);
    }

    /// Says that a name is no actor.
    pub fn block(&mut self, name: &str) {
        if self.folded.block.insert(fold::key(name)) {
            self.block.push(name.to_owned());
        }
    }

    /// Says that a name is no place.
    pub fn block_place(&mut self, name: &str) {
        if self.folded.block_place.insert(fold::key(name)) {
            self.block_place.push(name.to_owned());
        }
    }

    /// Says which place a name is.
    pub fn pin(&mut self, name: &str, geonames_id: u32) {
        self.pin.insert(name.to_owned(), geonames_id);
        self.folded.pin = folded(&self.pin);
    }

    /// Whether nothing is corrected.
    pub fn is_empty(&self) -> bool {
        self.merge.is_empty()
            && self.rename.is_empty()
            && self.retype.is_empty()
            && self.block.is_empty()
            && self.block_place.is_empty()
            && self.pin.is_empty()
    }

    /// The name under which an actor counts and is shown now.
    pub fn canonical<'n>(&'n self, name: &'n str) -> &'n str {
        self.steps(name).unwrap_or(name)
    }

    /// Follows merges and renamings to their end; none in a circle.
    fn steps<'n>(&'n self, name: &'n str) -> Option<&'n str> {
        if !self.renames() {
            return Some(name);
        }
        let (steps, last) = self.becomes(name).fold((0, name), |(steps, _), next| (steps + 1, next));
        (steps < MOST_STEPS).then_some(last)
    }

    /// All that a name became, step by step; of a circle only so much.
    pub fn becomes<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n str> {
        let step = |name: &'n str| self.next(name).filter(|next| *next != name);
        iter::successors(step(name), move |name| step(name)).take(MOST_STEPS)
    }

    /// What a name is merged into, or shown as.
    fn next(&self, name: &str) -> Option<&str> {
        let key = fold::key(name);
        let merged = self.merge.get(name).or_else(|| self.folded.merge.get(&key));
        let renamed = || self.rename.get(name).or_else(|| self.folded.rename.get(&key));
        merged.or_else(renamed).map(String::as_str)
    }

    /// Whether any actor counts as another or has another name.
    pub fn renames(&self) -> bool {
        !self.merge.is_empty() || !self.rename.is_empty()
    }

    /// Every stored name that counts as `canonical` now, itself first: what a filter must ask the index for.
    pub fn stored_names(&self, canonical: &str) -> Vec<String> {
        let target = self.canonical(canonical);
        let mut found = vec![target.to_owned()];
        for name in self.merge.keys().chain(self.rename.keys()) {
            if self.canonical(name) == target && !found.contains(name) {
                found.push(name.clone());
            }
        }
        found
    }

    /// The kind that the user gave an actor.
    pub fn kind(&self, name: &str) -> Option<ActorKind> {
        if self.retype.is_empty() {
            return None;
        }
        self.folded.retype.get(&fold::key(name)).copied()
    }

    /// Whether a name is no actor.
    pub fn is_blocked(&self, name: &str) -> bool {
        !self.block.is_empty() && self.folded.block.contains(&fold::key(name))
    }

    /// Whether a name is no place.
    pub fn is_blocked_place(&self, name: &str) -> bool {
        !self.block_place.is_empty() && self.folded.block_place.contains(&fold::key(name))
    }

    /// Whether any place is pinned or blocked.
    pub fn has_places(&self) -> bool {
        !self.block_place.is_empty() || !self.pin.is_empty()
    }

    /// An actor under the kind that the user gave it; none if it is blocked.
    pub fn rewritten(&self, actor: &Actor) -> Option<Actor> {
        let shown = self.canonical(&actor.name);
        if self.is_blocked(&actor.name) || self.is_blocked(shown) {
            return None;
        }
        let kind = self.kind(&actor.name).or_else(|| self.kind(shown)).unwrap_or(actor.kind);
        Some(Actor { kind, ..actor.clone() })
    }

    /// An article with retyped and without blocked actors, if it has any: what a rewritten article is found by. Merging
    /// and renaming are left to the one who asks.
    pub fn applied(&self, annotated: &Annotated) -> Result<Option<Annotated>> {
        if self.retype.is_empty() && self.block.is_empty() {
            return Ok(None);
        }
        let annotations = annotated.annotations.map_actors(&mut |actor| Ok(self.rewritten(actor)))?;
        let is_changed = annotations != annotated.annotations;
        Ok(is_changed.then(|| Annotated { annotations, ..annotated.clone() }))
    }

    /// Whether articles written under `other` corrections may be found by other values than under these.
    pub fn rewrites_as(&self, other: &Corrections) -> bool {
        let names = |corrections: &Corrections| (corrections.merge.clone(), corrections.rename.clone());
        let is_plain = self.retype.is_empty() && self.block.is_empty();
        self.retype == other.retype && self.block == other.block && (is_plain || names(self) == names(other))
    }

    /// The place that the user says a name is.
    pub fn pinned(&self, name: &str) -> Option<u32> {
        if self.pin.is_empty() {
            return None;
        }
        self.folded.pin.get(&fold::key(name)).copied()
    }
}

/// What is wrong with a file.
#[derive(Debug)]
struct Wrong {
    message: String,
    at: At,
}

/// Where it is wrong.
#[derive(Debug)]
enum At {
    Byte(usize),
    /// At the first line that holds this key or value.
    Word(String),
}

impl Wrong {
    fn of(word: &str, message: String) -> Wrong {
        Wrong { message, at: At::Word(word.to_owned()) }
    }

    /// The message with line and column.
    fn told(&self, source: &str) -> String {
        let at = match &self.at {
            At::Byte(at) => Some(*at),
            At::Word(word) => {
                // A key stands at the beginning of its line, a value behind the sign of equality.
                let quoted = quote(word);
                source.find(&quoted).or_else(|| source.find(word.as_str()))
            }
        };
        let Some(before) = at.and_then(|at| source.get(..at)) else { return self.message.clone() };
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        format!("line {line}, column {column}: {}", self.message)
    }
}

fn table<'v>(section: &str, value: &'v toml::Value) -> std::result::Result<&'v toml::Table, Wrong> {
    let message = || format!("`{section}` must be a section of `\"name\" = value` lines");
    value.as_table().ok_or_else(|| Wrong::of(section, message()))
}

fn texts(section: &str, value: &toml::Value) -> std::result::Result<BTreeMap<String, String>, Wrong> {
    let row = |(name, value): (&String, &toml::Value)| match value.as_str().filter(|text| !text.is_empty()) {
        Some(text) => Ok((name.clone(), text.to_owned())),
        None => Err(Wrong::of(name, format!("`{name}` in `{section}` must be a name in quotes"))),
    };
    table(section, value)?.iter().map(row).collect()
}

fn kinds(value: &toml::Value) -> std::result::Result<BTreeMap<String, ActorKind>, Wrong> {
    texts("retype", value)?
        .into_iter()
        .map(|(name, kind)| match ActorKind::parse(&kind) {
            Some(kind) => Ok((name, kind)),
            None => Err(Wrong::of(&kind, format!("`{kind}` is no kind of actor"))),
        })
        .collect()
}

fn ids(value: &toml::Value) -> std::result::Result<BTreeMap<String, u32>, Wrong> {
    let row = |(name, value): (&String, &toml::Value)| match value
        .as_integer()
        .and_then(|id| u32::try_from(id).ok())
    {
        Some(id) => Ok((name.clone(), id)),
        None => Err(Wrong::of(name, format!("`{name}` in `pin` must be a GeoNames id"))),
    };
    table("pin", value)?.iter().map(row).collect()
}

fn names(section: &str, value: &toml::Value) -> std::result::Result<Vec<String>, Wrong> {
    let wrong = || Wrong::of(section, format!("`{section}` must be a list of names in quotes"));
    let list = value.as_array().ok_or_else(wrong)?;
    list.iter().map(|name| name.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
}

fn quote(text: &str) -> String {
    // A key may not be a string over several lines, which the TOML writer chooses for some names; what JSON escapes is a
    // basic string of TOML too, but for one control character.
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007F")
}

/// Puts a top-level row before the first section, over an older one.
fn put_top(lines: &mut Vec<String>, name: &str, row: &str) {
    let is_section = |line: &String| line.trim_start().starts_with('[');
    let end = lines.iter().position(is_section).unwrap_or(lines.len());
    let is_row = |line: &String| {
        line.trim_start().strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    match lines[..end].iter().position(is_row) {
        Some(at) => {
            // A list may go on over several lines.
            let last = (at..end).find(|&line| lines[line].contains(']')).unwrap_or(at);
            lines.splice(at..=last, [row.to_owned()]);
        }
        None => lines.insert(0, row.to_owned()),
    }
}

/// Puts a row into its section, over an older one of the same name.
fn put_row(lines: &mut Vec<String>, section: &str, name: &str, value: &str) {
    let heading = format!("[{section}]");
    let row = format!("{} = {value}", quote(name));
    let Some(start) = lines.iter().position(|line| line.trim() == heading) else {
        if lines.last().is_some_and(|line| !line.is_empty()) {
            lines.push(String::new());
        }
        lines.extend([heading, row]);
        return;
    };
    let rest = &lines[start + 1..];
    let end = rest
        .iter()
        .position(|line| line.trim_start().starts_with('['))
        .map_or(lines.len(), |at| start + 1 + at);
    let is_row = |line: &String| line.parse::<toml::Table>().is_ok_and(|table| table.contains_key(name));
    if let Some(at) = lines[start + 1..end].iter().position(is_row) {
        let old = &mut lines[start + 1 + at];
        let same = old.parse::<toml::Table>().ok() == row.parse::<toml::Table>().ok();
        if !same {
            *old = row;
        }
    } else {
        let last = lines[start..end].iter().rposition(|line| !line.trim().is_empty()).unwrap_or(0);
        lines.insert(start + last + 1, row);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# ours\nblock = [\"Attack Details\"]\n\n[merge]\n# the same man\n\"J. Biden\" = \"Joe Biden\"\n\n[retype]\n\"Wagner\" = \"armed-group\"\n";

    #[test]
    fn corrections_are_answered_by_any_spelling() {
        let corrections = Corrections::parse(FILE).unwrap();
        assert_eq!(corrections.canonical("J. Biden"), "Joe Biden");
        assert_eq!(corrections.canonical("J Biden"), "Joe Biden");
        assert_eq!(corrections.canonical("Angela Merkel"), "Angela Merkel");
        assert_eq!(corrections.stored_names("Joe Biden"), ["Joe Biden", "J. Biden"]);
        assert_eq!(corrections.kind("wagner"), Some(ActorKind::ArmedGroup));
        assert!(corrections.is_blocked("attack details") && !corrections.is_blocked("Attack"));
    }

    #[test]
    fn writing_keeps_comments_and_order() {
        let mut corrections = Corrections::parse(FILE).unwrap();
        corrections.merge("Biden Jr.", "Joe Biden").unwrap();
        corrections.rename("Joe Biden", "Joseph Biden").unwrap();
        corrections.block("Two US");
        corrections.pin("Al Qaim", 98182);
        let text = corrections.to_text();
        assert!(
            text.starts_with("# ours\nblock = [\"Attack Details\", \"Two US\"]\n\n[merge]\n# the same man\n"),
            "{text}"
        );
        let again = Corrections::parse(&text).unwrap();
        assert_eq!(again.canonical("Biden Jr."), "Joseph Biden");
        assert_eq!(again.pinned("al-qaim"), Some(98182));
        assert_eq!(again.to_text(), text);
    }

    #[test]
    fn circles_and_broken_files_are_refused() {
        let mut corrections = Corrections::parse("[merge]\nA1 = \"B1\"\n").unwrap();
        assert!(corrections.merge("B1", "A1").is_err());
        assert_eq!(corrections.canonical("A1"), "B1");
        for text in [
            "[merge]\nA = \"B\"\nB = \"A\"",
            "[retype]\nA = \"alien\"",
            "block = 3",
            "[murge]\nA = \"B\"",
            "[pin]\nA = -1",
            "[",
        ] {
            assert!(Corrections::parse(text).is_err(), "{text}");
        }
        assert!(Corrections::parse("").unwrap().is_empty());
    }

    #[test]
    fn what_is_wrong_is_told_with_line_and_column() {
        for (text, expected) in [
            ("[merge]\n\"Åsa\" = 3\n", "line 2, column 1: "),
            ("# ours\n[retype]\n\"Wagner\" = \"alien\"\n", "line 3, column 12: `alien` is no kind of actor"),
            ("[merge]\n\"A\" = \"B\n", "line 2, column "),
            ("\n[murge]\nA = \"B\"", "line 2, column 2: unknown section `murge`"),
            ("[merge]\n\"Q1\" = \"Q2\"\n\"Q2\" = \"Q1\"", "line 2, column 1: `Q1` is merged"),
        ] {
            let told = Corrections::parse(text).unwrap_err();
            assert!(told.starts_with(expected), "{text}: {told}");
        }
    }

    #[test]
    fn retyped_and_blocked_actors_are_rewritten() {
        let corrections = Corrections::parse(FILE).unwrap();
        let actor = |name: &str| Actor { name: name.to_owned(), kind: ActorKind::Company, country: None };
        assert_eq!(corrections.rewritten(&actor("Wagner")).unwrap().kind, ActorKind::ArmedGroup);
        assert_eq!(corrections.rewritten(&actor("Attack details")), None);
        assert_eq!(corrections.rewritten(&actor("Ford")), Some(actor("Ford")));
    }

    proptest::proptest! {
        #[test]
        fn any_names_survive_the_file(from in "\\PC{1,20}", into in "\\PC{1,20}") {
            let mut corrections = Corrections::default();
            if corrections.merge(&from, &into).is_ok() {
                let again = Corrections::parse(&corrections.to_text());
                proptest::prop_assert_eq!(again.map(|again| again.canonical(&from).to_owned()), Ok(corrections.canonical(&from).to_owned()));
            }
        }
    }
}
