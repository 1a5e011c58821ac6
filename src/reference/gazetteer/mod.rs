//! The gazetteer: every place that dateline knows, under all its names, on the map and in a tree.
//!
//! Takes names, ids and paths; gives places with coordinates, population and their path from the continent down.
//! One flat file, part of the program or the user's own, that is opened by checking its header. Never reads articles,
//! never decides which of several places a name means: `extract::place` and the query's binding do.

mod bind;
pub mod compile;
mod layout;
pub mod name;
mod tables;

use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::article::PlaceKind;
use crate::error::{Error, Result};

use layout::{Bytes, Column, Section, Sections};

static EMBEDDED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/gazetteer.bin"));
const NONE: u32 = u32::MAX;
const NO_COUNTRY: u16 = u16::MAX;

/// A place of one gazetteer; meaningless in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceId(u32);

impl PlaceId {
    /// Its number, below [`Gazetteer::len`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What sort of name a place goes by; the plainest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum NameKind {
    /// Its name, or one that newspapers use as such.
    Name = 0,
    /// A name of former times.
    Historical = 1,
    /// Its name in another script.
    Script = 2,
    /// An abbreviation: `Calif.`, `UAE`.
    Abbreviation = 3,
    /// An adjective or the name of its people: `Iraqi`, `Danes`.
    Demonym = 4,
    /// A division's name without its generic word: `Rapides` of Rapides Parish.
    Derived = 5,
    /// A name in another language, or one of the many that tables hold.
    Alternate = 6,
}

impl NameKind {
    const ALL: [NameKind; 7] = [
        NameKind::Name,
        NameKind::Historical,
        NameKind::Script,
        NameKind::Abbreviation,
        NameKind::Demonym,
        NameKind::Derived,
        NameKind::Alternate,
    ];

    fn of_number(number: u32) -> NameKind {
        NameKind::ALL.get(number as usize).copied().unwrap_or(NameKind::Alternate)
    }
}

/// What a town governs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(u8)]
pub enum Seat {
    /// Nothing beyond itself.
    #[default]
    None = 0,
    /// It is a part of a larger town.
    Section = 1,
    /// Seat of a second-level division.
    District = 2,
    /// Seat of a first-level division.
    Division = 3,
    /// Capital of a country.
    Capital = 4,
}

impl Seat {
    fn of(feature_code: &str) -> Seat {
        match feature_code {
            "PPLC" => Seat::Capital,
            "PPLA" => Seat::Division,
            "PPLA2" => Seat::District,
            "PPLX" => Seat::Section,
            _ => Seat::None,
        }
    }
}

/// A place that a name can stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// The place.
    pub place: PlaceId,
    /// How the name names it.
    pub kind: NameKind,
}

/// Gazetteers opened so far, so that each has a number of its own.
static OPENED: AtomicU64 = AtomicU64::new(1);

/// The gazetteer.
pub struct Gazetteer {
    number: u64,
    names: fst::raw::Fst<Column>,
    candidates: Column,
    lat: Column,
    lon: Column,
    population: Column,
    geonames_id: Column,
    by_id: Column,
    label: Column,
    strings: Column,
    parent: Column,
    district: Column,
    country: Column,
    kind: Column,
    seat: Column,
    iso: Column,
    sets: Column,
    members: Column,
    years: Column,
}

impl std::fmt::Debug for Gazetteer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Gazetteer({} places)", self.len())
    }
}

impl Gazetteer {
    /// The gazetteer that comes with the program.
    pub fn embedded() -> Result<&'static Gazetteer> {
        static GAZETTEER: OnceLock<Option<Gazetteer>> = OnceLock::new();
        let open = || Gazetteer::over(&Bytes::Static(EMBEDDED), "the built-in gazetteer");
        match GAZETTEER.get_or_init(|| open().ok()) {
            Some(gazetteer) => Ok(gazetteer),
            None => Err(open().err().unwrap_or(Error::Data {
                what: "the built-in gazetteer".into(),
                message: "cannot be read".into(),
            })),
        }
    }

    /// The gazetteer in the file at `path`, compiled by `dateline places build`.
    pub fn open(path: &Path) -> Result<Gazetteer> {
        let bytes = std::fs::read(path).map_err(Error::io(path))?;
        Gazetteer::over(&Bytes::Shared(bytes.into()), &path.display().to_string())
    }

    fn over(bytes: &Bytes, what: &str) -> Result<Gazetteer> {
        let sections = Sections::cut(bytes, what)?;
        let names = fst::raw::Fst::new(sections.get(Section::Names)).map_err(|error| Error::Data {
            what: what.to_owned(),
            message: format!("the names are damaged: {error}"),
        })?;
        Ok(Gazetteer {
            number: OPENED.fetch_add(1, Ordering::Relaxed),
            names,
            candidates: sections.get(Section::Candidates),
            lat: sections.get(Section::Lat),
            lon: sections.get(Section::Lon),
            population: sections.get(Section::Population),
            geonames_id: sections.get(Section::GeonamesId),
            by_id: sections.get(Section::ById),
            label: sections.get(Section::Label),
            strings: sections.get(Section::Strings),
            parent: sections.get(Section::Parent),
            district: sections.get(Section::District),
            country: sections.get(Section::Country),
            kind: sections.get(Section::Kind),
            seat: sections.get(Section::Seat),
            iso: sections.get(Section::Iso),
            sets: sections.get(Section::Sets),
            members: sections.get(Section::Members),
            years: sections.get(Section::Years),
        })
    }

    /// Number of places.
    pub fn len(&self) -> usize {
        self.lat.len()
    }

    /// Whether it holds no place.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its number among the gazetteers opened in this process, from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Whether any name begins with this beginning of a key.
    pub fn begins(&self, beginning: &str) -> bool {
        let mut node = self.names.root();
        for &byte in beginning.as_bytes() {
            let Some(index) = node.find_input(byte) else { return false };
            node = self.names.node(node.transition(index).addr);
        }
        true
    }

    /// The places that `name` can stand for, the most prominent first.
    pub fn lookup(&self, name: &str) -> Vec<Candidate> {
        self.lookup_key(&name::key(name))
    }

    /// The same with the key under which they are filed, for a name as newspapers print it, which may write its quarter
    /// of the sky by the initial: first in full, since `S.Korea` without its full stop is a village of Albania.
    pub fn lookup_written(&self, name: &str) -> (String, Vec<Candidate>) {
        let of = |name: &str| {
            let key = name::key(name);
            let found = self.lookup_key(&key);
            (key, found)
        };
        let in_full = name::with_its_quarter(name).map(|full| of(&full));
        in_full.filter(|(_, found)| !found.is_empty()).unwrap_or_else(|| of(name))
    }

    /// The same for a key made by [`name::key`].
    pub fn lookup_key(&self, key: &str) -> Vec<Candidate> {
        match self.names.get(key) {
            Some(output) => self.list(output.value()),
            None => Vec::new(),
        }
    }

    /// The longest beginning of `key`, ended at a word boundary, that is a name: its length and its places.
    pub fn longest(&self, key: &str) -> Option<(usize, Vec<Candidate>)> {
        let bytes = key.as_bytes();
        let mut node = self.names.root();
        let mut output = fst::raw::Output::zero();
        let mut found = None;
        for (at, &byte) in bytes.iter().enumerate() {
            let Some(index) = node.find_input(byte) else { break };
            let transition = node.transition(index);
            output = output.cat(transition.out);
            node = self.names.node(transition.addr);
            let ends_word = matches!(bytes.get(at + 1), None | Some(b' '));
            if ends_word && node.is_final() {
                found = Some((at + 1, output.cat(node.final_output()).value()));
            }
        }
        found.map(|(length, start)| (length, self.list(start)))
    }

    fn list(&self, start: u64) -> Vec<Candidate> {
        let mut list = Vec::new();
        for at in start as usize..self.candidates.len() {
            let entry = self.candidates.u32(at);
            list.push(Candidate { place: PlaceId(entry >> 4), kind: NameKind::of_number(entry >> 1 & 7) });
            if entry & 1 == 1 {
                break;
            }
        }
        list
    }

    /// The years in which a historical `name` was in use, where they are known: first and last.
    pub fn years(&self, name: &str, place: PlaceId) -> Option<(Option<i32>, Option<i32>)> {
        let start = self.names.get(name::key(name))?.value() as usize;
        let offset = self.list(start as u64).iter().position(|candidate| candidate.place == place)?;
        let wanted = (start + offset) as i32;
        let at = (0..self.years.len() / 3).find(|row| self.years.i32(row * 3) == wanted)?;
        let bound = |year: i32| (year != i32::MIN && year != i32::MAX).then_some(year);
        Some((bound(self.years.i32(at * 3 + 1)), bound(self.years.i32(at * 3 + 2))))
    }

    /// The place with this `GeoNames` id.
    pub fn by_geonames_id(&self, id: u32) -> Option<PlaceId> {
        let (mut low, mut high) = (0, self.by_id.len());
        while low < high {
            let middle = low.midpoint(high);
            let place = PlaceId(self.by_id.u32(middle));
            match self.geonames_id.u32(place.index()).cmp(&id) {
                std::cmp::Ordering::Equal => return Some(place),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// The label: as in paths, unique among its siblings.
    pub fn label(&self, place: PlaceId) -> &str {
        self.strings.string(self.label.u32(place.index()) as usize)
    }

    /// The label without the id that tells siblings apart.
    pub fn name(&self, place: PlaceId) -> &str {
        let label = self.label(place);
        label.rsplit_once(" (").map_or(label, |(name, _)| name)
    }

    /// Latitude and longitude in degrees.
    pub fn point(&self, place: PlaceId) -> (f64, f64) {
        let at = place.index();
        (f64::from(self.lat.i32(at)) / 1e5, f64::from(self.lon.i32(at)) / 1e5)
    }

    /// Inhabitants; for natural features, as many as would know it.
    pub fn population(&self, place: PlaceId) -> u32 {
        self.population.u32(place.index())
    }

    /// The `GeoNames` id, where it has one.
    pub fn geonames_id(&self, place: PlaceId) -> Option<u32> {
        Some(self.geonames_id.u32(place.index())).filter(|&id| id != 0)
    }

    /// What it is.
    pub fn kind(&self, place: PlaceId) -> PlaceKind {
        kind_of_number(self.kind.u8(place.index()))
    }

    /// What it governs.
    pub fn seat(&self, place: PlaceId) -> Seat {
        match self.seat.u8(place.index()) {
            1 => Seat::Section,
            2 => Seat::District,
            3 => Seat::Division,
            4 => Seat::Capital,
            _ => Seat::None,
        }
    }

    /// One step up the tree.
    pub fn parent(&self, place: PlaceId) -> Option<PlaceId> {
        Some(self.parent.u32(place.index())).filter(|&parent| parent != NONE).map(PlaceId)
    }

    /// The second-level division, which paths leave out.
    pub fn district(&self, place: PlaceId) -> Option<PlaceId> {
        Some(self.district.u32(place.index())).filter(|&district| district != NONE).map(PlaceId)
    }

    /// The country that it is or lies in.
    pub fn country(&self, place: PlaceId) -> Option<PlaceId> {
        let country = self.country.u16(place.index());
        (country != NO_COUNTRY).then(|| PlaceId(u32::from(country)))
    }

    /// The first-level division that it is or lies in.
    pub fn division(&self, place: PlaceId) -> Option<PlaceId> {
        let mut at = Some(place);
        while let Some(here) = at {
            if self.kind(here) == PlaceKind::Division {
                return Some(here);
            }
            at = self.parent(here);
        }
        None
    }

    /// ISO 3166-1 alpha-2 code of the country that it is or lies in.
    pub fn country_code(&self, place: PlaceId) -> Option<&str> {
        let at = self.country(place)?.index() * 2;
        std::str::from_utf8(self.iso.as_ref().get(at..at + 2)?).ok()
    }

    /// The countries of a world region or of a state that is no more; empty for other places.
    pub fn members(&self, place: PlaceId) -> Vec<PlaceId> {
        let rows = self.sets.len() / 2;
        let Some(row) = (0..rows).find(|row| self.sets.u32(row * 2) == place.0) else { return Vec::new() };
        let start = self.sets.u32(row * 2 + 1) as usize;
        (start..)
            .map(|at| self.members.u16(at))
            .take_while(|&country| country != NO_COUNTRY)
            .take(self.len())
            .map(|country| PlaceId(u32::from(country)))
            .collect()
    }

    /// Whether `inner` lies in `outer`, or is it.
    pub fn contains(&self, outer: PlaceId, inner: PlaceId) -> bool {
        let mut at = Some(inner);
        while let Some(here) = at {
            if here == outer {
                return true;
            }
            at = self.parent(here);
        }
        if self.district(inner) == Some(outer) {
            return true;
        }
        let is_set = matches!(self.kind(outer), PlaceKind::WorldRegion | PlaceKind::HistoricalCountry);
        is_set && self.country(inner).is_some_and(|country| self.members(outer).contains(&country))
    }

    /// The labels from the continent down to the place itself.
    pub fn path(&self, place: PlaceId) -> Vec<&str> {
        let mut path = Vec::with_capacity(4);
        let mut at = Some(place);
        while let Some(here) = at {
            path.push(self.label(here));
            at = self.parent(here);
        }
        path.reverse();
        path
    }

    /// The names that begin with `prefix` and the most prominent place of each, at most `limit`, in order.
    pub fn with_prefix(&self, prefix: &str, limit: usize) -> Vec<(String, PlaceId)> {
        use fst::{IntoStreamer, Streamer};
        let prefix = name::key(prefix);
        let mut names = self.names.range().ge(&prefix).into_stream();
        let mut found = Vec::new();
        while let Some((key, output)) = names.next() {
            if !key.starts_with(prefix.as_bytes()) || found.len() == limit {
                break;
            }
            if let Some(candidate) = self.list(output.value()).first() {
                found.push((String::from_utf8_lossy(key).into_owned(), candidate.place));
            }
        }
        found
    }

    /// All places, in no order that means anything.
    pub fn places(&self) -> impl Iterator<Item = PlaceId> {
        (0..self.len() as u32).map(PlaceId)
    }
}

/// Distance over ground, on a sphere.
pub fn kilometres(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat_a, lon_a, lat_b, lon_b) =
        (a.0.to_radians(), a.1.to_radians(), b.0.to_radians(), b.1.to_radians());
    let (lat, lon) = (((lat_b - lat_a) / 2.0).sin(), ((lon_b - lon_a) / 2.0).sin());
    let h = lat.mul_add(lat, lat_a.cos() * lat_b.cos() * lon * lon);
    12_742.0 * h.sqrt().min(1.0).asin()
}

const KINDS: [PlaceKind; 8] = [
    PlaceKind::Continent,
    PlaceKind::WorldRegion,
    PlaceKind::Country,
    PlaceKind::HistoricalCountry,
    PlaceKind::Division,
    PlaceKind::District,
    PlaceKind::City,
    PlaceKind::Natural,
];

fn kind_number(kind: PlaceKind) -> u8 {
    KINDS.iter().position(|known| *known == kind).unwrap_or(0) as u8
}

fn kind_of_number(number: u8) -> PlaceKind {
    KINDS.get(usize::from(number)).copied().unwrap_or(PlaceKind::Natural)
}

#[cfg(test)]
mod tests;
