//! The file of the authority list: a finite-state map from folded names to actors, and the actors as records.

use std::sync::OnceLock;

use fst::raw::Output;
use fst::{Map, MapBuilder};

use crate::article::ActorKind;
use crate::error::{Error, Result};
use crate::reference::authority::{Entry, spelling};
use crate::reference::packed::Packed;

static DATA: Packed =
    Packed::new("authority list of actors", include_bytes!("../../../data/actors/authority.bin.zst"));

const MAGIC: &[u8; 8] = b"dlactor2";
/// Offset of the names, their length, kind, flags, country, first and last year.
const RECORD: usize = 16;
const CLUB: u8 = 1;
const OWN: u8 = 2;
const LEADER: u8 = 4;
/// Begins the keys of surnames, so that they are no names.
const SURNAME: char = '\u{1}';

/// The authority list.
#[derive(Debug)]
pub struct Authority {
    names: Map<&'static [u8]>,
    /// Runs of record numbers, each ended by `u32::MAX`.
    postings: &'static [u8],
    records: &'static [u8],
    strings: &'static str,
}

/// An actor of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Canonical name.
    pub name: &'static str,
    /// What it is.
    pub kind: ActorKind,
    /// ISO 3166-1 alpha-2 code of its country.
    pub country: Option<&'static str>,
    /// A sports club.
    pub is_club: bool,
    /// From the project's own lists.
    pub is_own: bool,
    /// Called by the surname alone while in office.
    pub is_leader: bool,
    /// First and last year, where known.
    pub years: (Option<u16>, Option<u16>),
    aliases: &'static str,
}

impl Known {
    /// The same, its country left open.
    #[must_use]
    pub fn without_country(self) -> Known {
        Known { country: None, ..self }
    }

    /// How many years before or after its own a year is; 0 where they are not known.
    pub fn years_away(&self, year: i16) -> u16 {
        let year = year.unsigned_abs();
        let from = self.years.0.unwrap_or(0);
        let until = self.years.1.unwrap_or(u16::MAX);
        if year < from { from - year } else { year.saturating_sub(until) }
    }

    /// Its other names.
    pub fn aliases(&self) -> impl Iterator<Item = &'static str> {
        self.aliases.split('|').filter(|alias| !alias.is_empty())
    }
}

fn wrong(message: impl Into<String>) -> Error {
    Error::Data { what: "authority list of actors".to_owned(), message: message.into() }
}

impl Authority {
    /// The list that comes with the program.
    pub fn embedded() -> Result<&'static Authority> {
        static LIST: OnceLock<Option<Authority>> = OnceLock::new();
        let read = || DATA.bytes().and_then(Authority::read);
        LIST.get_or_init(|| read().ok()).as_ref().ok_or_else(|| wrong("not an authority file"))
    }

    fn read(data: &'static [u8]) -> Result<Authority> {
        let (magic, rest) = data.split_at_checked(8).ok_or_else(|| wrong("too short"))?;
        let (sizes, rest) = rest.split_at_checked(12).ok_or_else(|| wrong("too short"))?;
        let size = |at: usize| u32_at(sizes, at * 4) as usize;
        let (names, rest) = rest.split_at_checked(size(0)).ok_or_else(|| wrong("too short"))?;
        let (postings, rest) = rest.split_at_checked(size(1)).ok_or_else(|| wrong("too short"))?;
        let (records, strings) = rest.split_at_checked(size(2)).ok_or_else(|| wrong("too short"))?;
        if magic != MAGIC {
            return Err(wrong("not an authority file"));
        }
        Ok(Authority {
            names: Map::new(names).map_err(|error| wrong(error.to_string()))?,
            postings,
            records,
            strings: std::str::from_utf8(strings).map_err(|error| wrong(error.to_string()))?,
        })
    }

    /// How many actors there are.
    pub fn len(&self) -> usize {
        self.records.len() / RECORD
    }

    /// Whether the list is empty.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// How many names there are.
    pub fn names(&self) -> usize {
        self.names.len()
    }

    /// The actors that go by `name`.
    pub fn lookup(&self, name: &str) -> Vec<Known> {
        self.lookup_key(&spelling::key(name))
    }

    /// The leaders with this surname.
    pub fn leaders(&self, surname: &str) -> Vec<Known> {
        self.lookup_key(&format!("{SURNAME}{}", spelling::key(surname)))
    }

    /// The actors that go by the name of this [`spelling::key`].
    pub fn lookup_key(&self, key: &str) -> Vec<Known> {
        self.names.get(key).map_or_else(Vec::new, |start| self.list(start))
    }

    /// The actors that go by the name at which a walk along the names has ended.
    pub fn at(&self, walk: Walk) -> Vec<Known> {
        let node = self.names.as_fst().node(walk.address);
        if node.is_final() { self.list(walk.output.cat(node.final_output()).value()) } else { Vec::new() }
    }

    fn list(&self, start: u64) -> Vec<Known> {
        self.postings[start as usize * 4..]
            .chunks_exact(4)
            .map(|bytes| u32_at(bytes, 0))
            .take_while(|&number| number != u32::MAX)
            .filter_map(|number| self.known(number as usize))
            .collect()
    }

    /// Whether some name of the list begins with `key`, and whether `key` itself is one.
    pub fn prefix(&self, state: Option<Walk>, part: &str) -> Option<(Walk, bool)> {
        let fst = self.names.as_fst();
        let (mut node, mut output) = match state {
            Some(walk) => (fst.node(walk.address), walk.output),
            None => (fst.root(), Output::zero()),
        };
        for &byte in part.as_bytes() {
            let transition = node.transition(node.find_input(byte)?);
            output = output.cat(transition.out);
            node = fst.node(transition.addr);
        }
        Some((Walk { address: node.addr(), output }, node.is_final()))
    }

    fn known(&self, number: usize) -> Option<Known> {
        let record = self.records.get(number * RECORD..(number + 1) * RECORD)?;
        let start = u32_at(record, 0) as usize;
        let length = usize::from(u16_at(record, 4));
        let names = self.strings.get(start..start + length)?;
        let (name, aliases) = names.split_once('|').unwrap_or((names, ""));
        let year = |at: usize| Some(u16_at(record, at)).filter(|&year| year != 0);
        Some(Known {
            name,
            kind: *ActorKind::ALL.get(usize::from(record[6]))?,
            country: if record[8] == 0 { None } else { self.strings.get(start + length..start + length + 2) },
            is_club: record[7] & CLUB != 0,
            is_own: record[7] & OWN != 0,
            is_leader: record[7] & LEADER != 0,
            years: (year(10), year(12)),
            aliases,
        })
    }
}

/// Where a walk along the names has come to.
#[derive(Debug, Clone, Copy)]
pub struct Walk {
    address: usize,
    output: Output,
}

impl Walk {
    /// Tells this place in the names from every other: on all ways to it the same names follow.
    pub fn place(self) -> usize {
        self.address
    }

    /// A walk that begins here, for [`Walk::then`].
    #[must_use]
    pub fn anew(self) -> Walk {
        Walk { output: Output::zero(), ..self }
    }

    /// This walk and one that began where it has come to.
    #[must_use]
    pub fn then(self, further: Walk) -> Walk {
        Walk { output: self.output.cat(further.output), ..further }
    }
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

/// The file of the list.
pub fn write(entries: &[Entry]) -> Result<Vec<u8>> {
    let (mut records, mut strings) = (Vec::new(), String::new());
    let mut keys: Vec<(String, u32)> = Vec::new();
    for (number, entry) in entries.iter().enumerate() {
        let names = std::iter::once(&entry.name).chain(&entry.aliases);
        let shown = names.clone().map(|name| name.replace('|', " ")).collect::<Vec<_>>().join("|");
        keys.extend(
            names.map(|name| (spelling::key(name), number as u32)).filter(|(key, _)| !key.is_empty()),
        );
        if entry.is_leader {
            keys.extend(surnames(entry).map(|surname| (format!("{SURNAME}{surname}"), number as u32)));
        }
        records.extend((strings.len() as u32).to_le_bytes());
        records.extend((shown.len() as u16).to_le_bytes());
        records.push(ActorKind::ALL.iter().position(|kind| *kind == entry.kind).unwrap_or(0) as u8);
        records.push(
            u8::from(entry.is_club) * CLUB
                + u8::from(entry.is_own) * OWN
                + u8::from(entry.is_leader) * LEADER,
        );
        let code = entry.country.as_bytes();
        records.extend([code.first().copied().unwrap_or(0), code.get(1).copied().unwrap_or(0)]);
        records.extend(entry.years.0.unwrap_or(0).to_le_bytes());
        records.extend(entry.years.1.unwrap_or(0).to_le_bytes());
        records.extend([0, 0]);
        strings.push_str(&shown);
        // The country code stands behind the names, so that it can be borrowed from the strings.
        strings.push_str(&entry.country);
    }
    keys.sort();
    keys.dedup();
    let (names, postings) = index(&keys)?;
    let mut file = MAGIC.to_vec();
    for size in [names.len(), postings.len(), records.len()] {
        file.extend((size as u32).to_le_bytes());
    }
    for part in [&names[..], &postings, &records, strings.as_bytes()] {
        file.extend_from_slice(part);
    }
    Ok(file)
}

/// What a leader may be called: the last word of the name, with the particles before it and without; where the surname
/// comes first, the first.
fn surnames(entry: &Entry) -> impl Iterator<Item = String> {
    const PARTICLES: &[&str] =
        &["al", "el", "de", "la", "bin", "ben", "von", "van", "da", "del", "di", "le", "der", "d"];
    const SURNAME_FIRST: &[&str] = &["CN", "KR", "KP", "TW", "VN"];
    let key = spelling::key(&entry.name);
    let words: Vec<&str> = key.split(' ').filter(|word| !matches!(*word, "jr" | "ii" | "iii")).collect();
    let mut found = Vec::new();
    if SURNAME_FIRST.contains(&entry.country.as_str()) {
        found.extend(words.first().map(|word| (*word).to_owned()));
    } else if let Some(last) = words.len().checked_sub(1) {
        let mut first = last;
        found.push(words[last].to_owned());
        while first > 1 && PARTICLES.contains(&words[first - 1]) {
            first -= 1;
            found.push(words[first..].join(" "));
        }
    }
    found.into_iter()
}

fn index(keys: &[(String, u32)]) -> Result<(Vec<u8>, Vec<u8>)> {
    let mut builder = MapBuilder::memory();
    let mut postings: Vec<u8> = Vec::new();
    for group in keys.chunk_by(|a, b| a.0 == b.0) {
        builder.insert(&group[0].0, (postings.len() / 4) as u64).map_err(|error| wrong(error.to_string()))?;
        for (_, number) in group {
            postings.extend(number.to_le_bytes());
        }
        postings.extend(u32::MAX.to_le_bytes());
    }
    Ok((builder.into_inner().map_err(|error| wrong(error.to_string()))?, postings))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actors_are_found_by_any_spelling_of_any_name() {
        let list = "[armed-group IQ]\nKata'ib Hezbollah|Ketaib Hezbollah\n[media GB]\nReuters\n[media US]\nABC News|ABC\n[media AU]\nABC";
        let file = write(&crate::reference::authority::list::parse(list)).unwrap();
        let authority = Authority::read(Vec::leak(file)).unwrap();
        let name = |name: &str| authority.lookup(name).iter().map(|known| known.name).collect::<Vec<_>>();
        assert_eq!(name("Kata’ib Hezbollah"), ["Kata'ib Hezbollah"]);
        assert_eq!(name("KETAIB HEZBOLLAH"), ["Kata'ib Hezbollah"]);
        assert_eq!(name("ABC").len(), 2);
        assert!(name("Kataib").is_empty() && name("").is_empty());
        let known = authority.lookup("Reuters")[0];
        assert_eq!((known.kind, known.country, known.is_own), (ActorKind::Media, Some("GB"), true));
        let (walk, whole) = authority.prefix(None, "kataib").unwrap();
        assert!(!whole && authority.prefix(Some(walk), " hezbollah").unwrap().1);
        assert!(authority.prefix(Some(walk), " jazeera").is_none());
    }

    #[test]
    fn leaders_are_found_by_surname() {
        let list = "[person US]\nGeorge W. Bush|@2001-2009;George Bush|@1989-1993\nJohn Bush\n[person SY]\nBashar al-Assad|@2000-2024\n[person CN]\nHu Jintao|@2002-2013";
        let file = write(&crate::reference::authority::list::parse(list)).unwrap();
        let authority = Authority::read(Vec::leak(file)).unwrap();
        for (surname, expected) in
            [("Bush", 2), ("Assad", 1), ("al-Assad", 1), ("Hu", 1), ("Jintao", 0), ("John", 0)]
        {
            assert_eq!(authority.leaders(surname).len(), expected, "{surname}");
        }
        assert_eq!(authority.leaders("Hu")[0].years, (Some(2002), Some(2013)));
        assert!(authority.lookup("Bush").is_empty());
    }

    #[test]
    fn a_damaged_file_is_refused() {
        for data in [&b""[..], b"dlactor2", b"dlactor1aaaabbbbcccc"] {
            assert!(Authority::read(data).is_err());
        }
    }

    #[test]
    fn the_embedded_list_is_as_large_as_promised() {
        let authority = Authority::embedded().unwrap();
        assert!(authority.len() >= 5_000 && authority.names() >= 20_000);
        for (name, kind) in [
            ("Pentagon", ActorKind::Government),
            ("ISIL", ActorKind::ArmedGroup),
            ("al Qaida", ActorKind::ArmedGroup),
        ] {
            assert!(authority.lookup(name).iter().any(|known| known.kind == kind), "{name}");
        }
    }
}
