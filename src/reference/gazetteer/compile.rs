//! Compiles a gazetteer file: GeoNames-shaped tables from a folder, the project's own tables, the user's own places.
//!
//! `dateline places build` is its only user; reading a compiled file is `super`'s affair. Never downloads anything.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use super::layout::{self, Section};
use super::name;
use super::tables::{self, Row};
use super::{NO_COUNTRY, NONE, NameKind, Seat};
use crate::article::PlaceKind;
use crate::error::{Error, Result};

/// The project's own tables: what GeoNames does not say, or says otherwise than newspapers do.
const COUNTRIES: &str = include_str!("../../../data/gazetteer/countries.tsv");
const TERRITORIES: &str = include_str!("../../../data/gazetteer/territories.tsv");
const DIVISIONS: &str = include_str!("../../../data/gazetteer/divisions.tsv");
const REGIONS: &str = include_str!("../../../data/gazetteer/regions.tsv");
const HISTORICAL: &str = include_str!("../../../data/gazetteer/historical.tsv");
const NATURAL: &str = include_str!("../../../data/gazetteer/natural.tsv");
const PEOPLES: &str = include_str!("../../../data/gazetteer/peoples.tsv");
const CITIES: &str = include_str!("../../../data/gazetteer/cities.tsv");

/// A natural feature or site smaller than this, in degrees, lies in the division of the city next to it, if that is
/// [`CLOSE`]: the Golden Gate Bridge in California.
const SMALL_FEATURE: f64 = 0.5;
/// Kilometres.
const CLOSE: f64 = 50.0;

/// Quarters with at least so many inhabitants may have those of their city.
const LARGE_QUARTER: u64 = 30_000;
/// A quarter lies so many kilometres from the middle of its city.
const QUARTER_WITHIN: f64 = 15.0;

/// The label above regions of several continents.
pub const REGIONS_LABEL: &str = "Regions";
/// The label above waters that belong to no country.
pub const WATERS_LABEL: &str = "Oceans and seas";

/// What to compile from.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    /// Folder of GeoNames-shaped tables.
    pub folder: PathBuf,
    /// The user's own places: CSV files with `name,lat,lon` and, where known, `id,country,division,population,aliases`.
    pub add: Vec<PathBuf>,
    /// Places of fewer people are left out, unless they are seats.
    pub min_population: u32,
}

/// What was compiled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Places by kind.
    pub places: BTreeMap<&'static str, usize>,
    /// Distinct names.
    pub names: usize,
    /// Bytes of the file.
    pub bytes: usize,
    /// Rows that could not be used, with the reason.
    pub skipped: BTreeMap<&'static str, usize>,
}

/// Compiles `tables` into the bytes of a gazetteer file.
pub fn compile(tables: &Tables) -> Result<(Vec<u8>, Summary)> {
    let mut draft = Draft::default();
    draft.add_continents();
    draft.add_countries();
    draft.add_regions();
    draft.add_historical_countries();
    draft.add_divisions(&tables.folder)?;
    draft.add_districts(&tables.folder)?;
    draft.add_cities(tables)?;
    draft.correct_quarters();
    draft.add_own_city_names();
    draft.add_alternates(&tables.folder)?;
    for path in &tables.add {
        draft.add_own_places(path)?;
    }
    draft.place_divisions();
    draft.add_natural();
    draft.add_peoples();
    draft.tell_siblings_apart();
    draft.write()
}

/// A place as it is being put together.
#[derive(Debug, Default, Clone)]
struct Entry {
    label: String,
    kind: Option<PlaceKind>,
    lat: f64,
    lon: f64,
    located: bool,
    population: u64,
    geonames_id: u32,
    parent: Option<usize>,
    district: Option<usize>,
    country: Option<usize>,
    seat: Seat,
    iso: [u8; 2],
    members: Vec<usize>,
}

struct Name {
    place: usize,
    kind: NameKind,
    years: Option<(i32, i32)>,
}

#[derive(Default)]
struct Draft {
    entries: Vec<Entry>,
    names: FxHashMap<String, Vec<Name>>,
    continents: FxHashMap<String, usize>,
    countries: FxHashMap<String, usize>,
    divisions: FxHashMap<String, usize>,
    districts: FxHashMap<String, usize>,
    ids: FxHashMap<u32, usize>,
    summary: Summary,
}

impl Draft {
    fn push(&mut self, entry: Entry) -> usize {
        let index = self.entries.len();
        if entry.geonames_id != 0 {
            self.ids.insert(entry.geonames_id, index);
        }
        self.entries.push(entry);
        index
    }

    fn name(&mut self, text: &str, place: usize, kind: NameKind) {
        self.name_of_years(text, place, kind, None);
    }

    fn name_of_years(&mut self, text: &str, place: usize, kind: NameKind, years: Option<(i32, i32)>) {
        let key = name::key(text);
        if key.is_empty() || key.len() > 120 {
            return;
        }
        let list = self.names.entry(key).or_default();
        match list.iter_mut().find(|known| known.place == place) {
            // The plainest reading of a name wins.
            Some(known) if kind < known.kind => *known = Name { place, kind, years },
            Some(_) => {}
            None => list.push(Name { place, kind, years }),
        }
    }

    fn skip(&mut self, reason: &'static str) {
        *self.summary.skipped.entry(reason).or_default() += 1;
    }

    fn add_continents(&mut self) {
        tables::rows_of_text(REGIONS, |row| {
            if row.get("kind") != "continent" {
                return;
            }
            let place = self.push(located(row, PlaceKind::Continent));
            self.continents.insert(row.get("label").to_owned(), place);
            self.name(row.get("label"), place, NameKind::Name);
            for adjective in row.list("adjectives") {
                self.name(adjective, place, NameKind::Demonym);
            }
        });
    }

    fn add_countries(&mut self) {
        tables::rows_of_text(COUNTRIES, |row| {
            let code = row.get("iso2");
            let mut entry = located(row, PlaceKind::Country);
            entry.geonames_id = row.number("geonames_id").unwrap_or(0);
            entry.population = row.number("population").unwrap_or(0);
            entry.parent = self.continents.get(row.get("continent")).copied();
            entry.iso = iso_bytes(code);
            let place = self.push(entry);
            self.entries[place].country = Some(place);
            self.countries.insert(code.to_owned(), place);
            self.name(row.get("label"), place, NameKind::Name);
            self.name_each(
                row,
                place,
                &[("names", NameKind::Name), ("abbreviations", NameKind::Abbreviation)],
            );
            self.name_each(row, place, &[("adjectives", NameKind::Demonym), ("people", NameKind::Demonym)]);
        });
        tables::rows_of_text(TERRITORIES, |row| {
            if let Some(&place) = self.countries.get(row.get("iso2")) {
                let text = row.get("name");
                // In Latin script a foreign name may be an English word or another country's.
                let latin = text.chars().any(name::is_latin);
                if !latin || name::is_printable_alternate(text) {
                    self.name(text, place, if latin { NameKind::Alternate } else { NameKind::Script });
                }
            }
        });
    }

    fn name_each(&mut self, row: &Row<'_>, place: usize, columns: &[(&str, NameKind)]) {
        for (column, kind) in columns {
            for text in row.list(column) {
                self.name(text, place, *kind);
            }
        }
    }

    fn add_regions(&mut self) {
        let above = self.push(Entry {
            label: REGIONS_LABEL.to_owned(),
            kind: Some(PlaceKind::WorldRegion),
            ..Entry::default()
        });
        tables::rows_of_text(REGIONS, |row| {
            if row.get("kind") != "world-region" {
                return;
            }
            let mut entry = located(row, PlaceKind::WorldRegion);
            entry.parent = Some(above);
            entry.members = self.members(row);
            entry.population = self.population_of(&entry.members);
            let place = self.push(entry);
            self.name(row.get("label"), place, NameKind::Name);
            self.name_each(row, place, &[("names", NameKind::Name), ("adjectives", NameKind::Demonym)]);
        });
    }

    fn members(&self, row: &Row<'_>) -> Vec<usize> {
        row.get("members").split(' ').filter_map(|code| self.countries.get(code).copied()).collect()
    }

    fn population_of(&self, members: &[usize]) -> u64 {
        members.iter().map(|&member| self.entries[member].population).sum()
    }

    fn add_historical_countries(&mut self) {
        tables::rows_of_text(HISTORICAL, |row| {
            if !row.get("place").is_empty() {
                return;
            }
            let mut entry = located(row, PlaceKind::HistoricalCountry);
            entry.parent = self.continents.get(row.get("continent")).copied();
            entry.members = self.members(row);
            entry.population = self.population_of(&entry.members) / 2;
            let place = self.push(entry);
            let years = years(row);
            self.name_of_years(row.get("label"), place, NameKind::Name, years);
            for text in row.list("names") {
                self.name_of_years(text, place, NameKind::Name, years);
            }
            self.name_each(row, place, &[("adjectives", NameKind::Demonym), ("people", NameKind::Demonym)]);
        });
    }

    fn add_divisions(&mut self, folder: &Path) -> Result<()> {
        let plain = tables::find(folder, &["admin1.tsv"]);
        let codes = tables::find(folder, &["admin1CodesASCII.txt"]);
        if plain.is_none() && codes.is_none() {
            return Err(Error::Data {
                what: folder.display().to_string(),
                message: "no table of first-level divisions (admin1CodesASCII.txt or admin1.tsv)".into(),
            });
        }
        let has_plain = plain.is_some();
        if let Some(path) = plain {
            tables::rows_of_file(&path, None, |row| {
                self.add_division(row);
                Ok(())
            })?;
        }
        if let Some(path) = codes {
            tables::rows_of_file(&path, Some(tables::ADMIN_CODES), |row| {
                // Beside a table of names, this one only adds the ids: it may be older and hold what is no more.
                if !has_plain || self.divisions.contains_key(row.get("code")) {
                    self.add_division(row);
                }
                Ok(())
            })?;
        }
        tables::rows_of_text(DIVISIONS, |row| self.correct_division(row));
        Ok(())
    }

    fn add_division(&mut self, row: &Row<'_>) {
        let code = row.get("code");
        let Some((country, division)) = code.split_once('.') else { return };
        let Some(&country) = self.countries.get(country) else { return self.skip("division of no country") };
        if division == "00" {
            return;
        }
        let id = row.number("geonameid").unwrap_or(0);
        let label = name::label(row.get("name"));
        let place = if let Some(&place) = self.divisions.get(code) {
            // A second table adds the id, if it means the same division by this code.
            if !share_a_word(&self.entries[place].label, &label) {
                return;
            }
            if id != 0 {
                self.entries[place].geonames_id = id;
                self.ids.insert(id, place);
            }
            place
        } else {
            let place = self.push(Entry {
                label,
                kind: Some(PlaceKind::Division),
                geonames_id: id,
                parent: Some(country),
                country: Some(country),
                ..Entry::default()
            });
            self.divisions.insert(code.to_owned(), place);
            place
        };
        self.name_division(row.get("name"), place);
        self.name_division(row.get("asciiname"), place);
    }

    fn name_division(&mut self, text: &str, place: usize) {
        self.name(text, place, NameKind::Name);
        if let Some(short) = name::without_generic(&name::key(text)) {
            self.name(short, place, NameKind::Derived);
        }
    }

    fn correct_division(&mut self, row: &Row<'_>) {
        let Some(&place) = self.divisions.get(row.get("code")) else { return };
        row.get("label").clone_into(&mut self.entries[place].label);
        if let (Some(lat), Some(lon)) = (row.number("lat"), row.number("lon")) {
            let entry = &mut self.entries[place];
            (entry.lat, entry.lon, entry.located) = (lat, lon, true);
        }
        self.name_division(row.get("label"), place);
        self.name_each(row, place, &[("names", NameKind::Name), ("abbreviations", NameKind::Abbreviation)]);
    }

    fn add_districts(&mut self, folder: &Path) -> Result<()> {
        for (file, columns) in [("admin2.tsv", None), ("admin2Codes.txt", Some(tables::ADMIN_CODES))] {
            let Some(path) = tables::find(folder, &[file]) else { continue };
            tables::rows_of_file(&path, columns, |row| {
                self.add_district(row);
                Ok(())
            })?;
        }
        Ok(())
    }

    fn add_district(&mut self, row: &Row<'_>) {
        let code = row.get("code");
        let Some((above, _)) = code.rsplit_once('.') else { return };
        let Some(&division) = self.divisions.get(above) else { return self.skip("district of no division") };
        let place = self.districts.get(code).copied().unwrap_or_else(|| {
            let entry = Entry {
                label: name::label(row.get("name")),
                kind: Some(PlaceKind::District),
                geonames_id: row.number("geonameid").unwrap_or(0),
                parent: Some(division),
                country: self.entries[division].country,
                ..Entry::default()
            };
            let place = self.push(entry);
            self.districts.insert(code.to_owned(), place);
            place
        });
        self.name_division(row.get("name"), place);
        self.name_division(row.get("asciiname"), place);
    }

    fn add_cities(&mut self, tables: &Tables) -> Result<()> {
        let names = [
            "places.tsv",
            "allCountries.txt",
            "cities500.txt",
            "cities1000.txt",
            "cities5000.txt",
            "cities15000.txt",
        ];
        let Some(path) = tables::find(&tables.folder, &names) else {
            return Err(Error::Data {
                what: tables.folder.display().to_string(),
                message: format!("no table of places ({})", names.join(", ")),
            });
        };
        let official = path.file_name().is_some_and(|name| !name.to_string_lossy().starts_with("places.tsv"));
        tables::rows_of_file(&path, official.then_some(tables::GEONAMES), |row| {
            match row.get("feature_class") {
                "" | "P" => self.add_city(row, tables.min_population),
                "A" => self.locate_division(row),
                _ => {}
            }
            Ok(())
        })
    }

    fn add_city(&mut self, row: &Row<'_>, min_population: u32) {
        let (Some(lat), Some(lon)) = (row.number::<f64>("lat"), row.number::<f64>("lon")) else {
            return self.skip("place without coordinates");
        };
        if lat.abs() > 90.0 || lon.abs() > 180.0 {
            return self.skip("coordinates out of range");
        }
        let Some(&country) = self.countries.get(row.get("country")) else {
            return self.skip("place of no country");
        };
        let seat = Seat::of(row.get("feature_code"));
        let population = row.number("population").unwrap_or(0);
        if population < u64::from(min_population)
            && !matches!(seat, Seat::Capital | Seat::Division | Seat::District)
        {
            return;
        }
        let above = format!("{}.{}", row.get("country"), row.get("admin1"));
        let division = self.divisions.get(&above).copied();
        let district = self.districts.get(&format!("{above}.{}", row.get("admin2"))).copied();
        let place = self.push(Entry {
            label: name::label(row.get("name")),
            kind: Some(PlaceKind::City),
            lat,
            lon,
            located: true,
            population,
            geonames_id: row.number("geonameid").unwrap_or(0),
            parent: division.or(Some(country)),
            district,
            country: Some(country),
            seat,
            ..Entry::default()
        });
        self.name(row.get("name"), place, NameKind::Name);
        self.name(row.get("asciiname"), place, NameKind::Name);
        let separator = if row.get("alternatenames").contains('|') { '|' } else { ',' };
        for text in row.get("alternatenames").split(separator) {
            if name::is_printable_alternate(text) {
                let latin = text.chars().any(name::is_latin);
                self.name(text, place, if latin { NameKind::Alternate } else { NameKind::Script });
            }
        }
    }

    /// The full dump holds the points of divisions themselves.
    fn locate_division(&mut self, row: &Row<'_>) {
        let first = format!("{}.{}", row.get("country"), row.get("admin1"));
        let place = match row.get("feature_code") {
            "ADM1" => self.divisions.get(&first),
            "ADM2" => self.districts.get(&format!("{first}.{}", row.get("admin2"))),
            _ => None,
        };
        let (Some(&place), Some(lat), Some(lon)) = (place, row.number("lat"), row.number("lon")) else {
            return;
        };
        let entry = &mut self.entries[place];
        entry.population = row.number("population").unwrap_or(0);
        if !entry.located {
            (entry.lat, entry.lon, entry.located) = (lat, lon, true);
        }
        for text in row.get("alternatenames").split(',') {
            if name::is_printable_alternate(text) {
                self.name(text, place, NameKind::Alternate);
            }
        }
    }

    /// For some quarters the tables have the inhabitants of the whole city: North Stamford is not as large as Stamford.
    fn correct_quarters(&mut self) {
        let is_large =
            |entry: &Entry| entry.kind == Some(PlaceKind::City) && entry.population >= LARGE_QUARTER;
        let large = || self.entries.iter().enumerate().filter(|(_, entry)| is_large(entry));
        let cities: FxHashMap<(Option<usize>, &str), usize> =
            large().map(|(index, entry)| ((entry.parent, entry.label.as_str()), index)).collect();
        let has_its_citys = |quarter: &Entry| {
            let whole = quarter_of(&quarter.label).and_then(|whole| cities.get(&(quarter.parent, whole)));
            whole.map(|&city| &self.entries[city]).is_some_and(|city| {
                quarter.population.abs_diff(city.population) * 10 < city.population
                    && super::kilometres((quarter.lat, quarter.lon), (city.lat, city.lon)) < QUARTER_WITHIN
            })
        };
        let wrong: Vec<usize> =
            large().filter(|(_, entry)| has_its_citys(entry)).map(|(index, _)| index).collect();
        for quarter in wrong {
            self.entries[quarter].population = 0;
        }
    }

    fn add_own_city_names(&mut self) {
        tables::rows_of_text(CITIES, |row| {
            let Some(&place) = row.number("geonames_id").and_then(|id: u32| self.ids.get(&id)) else {
                return;
            };
            row.get("label").clone_into(&mut self.entries[place].label);
            self.name_each(
                row,
                place,
                &[("names", NameKind::Name), ("abbreviations", NameKind::Abbreviation)],
            );
        });
        tables::rows_of_text(HISTORICAL, |row| {
            let Some(&place) = row.number("place").and_then(|id: u32| self.ids.get(&id)) else { return };
            self.name_of_years(row.get("label"), place, NameKind::Historical, years(row));
        });
    }

    /// `alternateNamesV2.txt`, where the user has it: languages, preferred names, historical names with their years.
    fn add_alternates(&mut self, folder: &Path) -> Result<()> {
        let Some(path) = tables::find(folder, &["alternateNamesV2.txt"]) else { return Ok(()) };
        tables::rows_of_file(&path, Some(tables::ALTERNATES), |row| {
            let Some(&place) = row.number("geonameid").and_then(|id: u32| self.ids.get(&id)) else {
                return Ok(());
            };
            let (language, text) = (row.get("language"), row.get("name"));
            if language.len() > 3 || text.is_empty() {
                return Ok(());
            }
            if row.get("historic") == "1" {
                let years =
                    (year(row.get("from")).unwrap_or(i32::MIN), year(row.get("to")).unwrap_or(i32::MAX));
                self.name_of_years(text, place, NameKind::Historical, Some(years));
            } else if language == "en" && row.get("colloquial") != "1" {
                self.name(text, place, NameKind::Name);
                if row.get("preferred") == "1" {
                    self.entries[place].label = name::label(text);
                }
            } else if name::is_printable_alternate(text) {
                let latin = text.chars().any(name::is_latin);
                self.name(text, place, if latin { NameKind::Alternate } else { NameKind::Script });
            }
            Ok(())
        })
    }

    fn add_own_places(&mut self, path: &Path) -> Result<()> {
        let fail = |line: u64, message: &str| Error::Settings {
            path: path.to_path_buf(),
            message: format!("line {line}: {message}"),
        };
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .trim(csv::Trim::All)
            .from_path(path)
            .map_err(|error| fail(0, &error.to_string()))?;
        let columns = reader.headers().map_err(|error| fail(1, &error.to_string()))?.clone();
        let grid = Grid::of(&self.entries);
        for record in reader.records() {
            let record = record.map_err(|error| fail(0, &error.to_string()))?;
            let line = record.position().map_or(0, csv::Position::line);
            let get = |column: &str| {
                columns.iter().position(|name| name == column).and_then(|at| record.get(at)).unwrap_or("")
            };
            let own = OwnPlace::read(&get).map_err(|message| fail(line, &message))?;
            self.add_own_place(&own, &grid).map_err(|message| fail(line, &message))?;
        }
        Ok(())
    }

    fn add_own_place(&mut self, own: &OwnPlace, grid: &Grid) -> Result<(), String> {
        let country = match own.country.as_str() {
            "" => {
                let city = grid.nearest(&self.entries, own.lat, own.lon, 10.0);
                city.and_then(|city| self.entries[city].country)
            }
            code => Some(*self.countries.get(code).ok_or(format!("`{code}` is no ISO country code"))?),
        };
        let parent = self.division_named(country, &own.division).or(country);
        let place = self.push(Entry {
            label: name::label(&own.name),
            kind: Some(PlaceKind::City),
            lat: own.lat,
            lon: own.lon,
            located: true,
            population: own.population,
            geonames_id: own.id,
            parent,
            country,
            ..Entry::default()
        });
        self.name(&own.name, place, NameKind::Name);
        for alias in &own.aliases {
            self.name(alias, place, NameKind::Name);
        }
        Ok(())
    }

    fn division_named(&self, country: Option<usize>, text: &str) -> Option<usize> {
        let list = self.names.get(&name::key(text))?;
        list.iter().map(|known| known.place).find(|&place| {
            self.entries[place].kind == Some(PlaceKind::Division) && self.entries[place].country == country
        })
    }

    /// Points and populations of divisions and districts: the middle of the half-degree cells that their places fill,
    /// so that a crowded corner does not pull the middle to itself.
    fn place_divisions(&mut self) {
        type Cells = FxHashSet<(i32, i32)>;
        let mut cells: FxHashMap<usize, (Cells, u64)> = FxHashMap::default();
        for entry in self.entries.iter().filter(|entry| entry.kind == Some(PlaceKind::City)) {
            let cell = ((entry.lat * 2.0).floor() as i32, (entry.lon * 2.0).floor() as i32);
            let section = if entry.seat == Seat::Section { 0 } else { entry.population };
            for above in [entry.parent, entry.district].into_iter().flatten() {
                let (occupied, population) = cells.entry(above).or_default();
                occupied.insert(cell);
                *population += section;
            }
        }
        for (place, (occupied, population)) in cells {
            let count = occupied.len() as f64;
            let (lat, lon) = middle(&occupied);
            let entry = &mut self.entries[place];
            if !matches!(entry.kind, Some(PlaceKind::Division | PlaceKind::District)) {
                continue;
            }
            entry.population = entry.population.max(population);
            if !entry.located && count > 0.0 {
                (entry.lat, entry.lon, entry.located) = (lat, lon, true);
            }
        }
        self.drop_unlocated();
    }

    /// Divisions without any place of their own cannot be put on the map: they stand at their country's point.
    fn drop_unlocated(&mut self) {
        for index in 0..self.entries.len() {
            if self.entries[index].located {
                continue;
            }
            if let Some(above) = self.entries[index].parent {
                let (lat, lon) = (self.entries[above].lat, self.entries[above].lon);
                let entry = &mut self.entries[index];
                (entry.lat, entry.lon, entry.located) = (lat, lon, true);
            }
        }
    }

    fn add_natural(&mut self) {
        let grid = Grid::of(&self.entries);
        let waters = self.push(Entry {
            label: WATERS_LABEL.to_owned(),
            kind: Some(PlaceKind::Natural),
            ..Entry::default()
        });
        tables::rows_of_text(NATURAL, |row| {
            let mut entry = located(row, PlaceKind::Natural);
            let rank: i32 = row.number("rank").unwrap_or(9);
            let degrees: f64 = row.number("degrees").unwrap_or(0.0);
            // Natural Earth's rank of how well known a feature is, as the number of people who would know it.
            entry.population = 10f64.powf(6.6 - 0.45 * f64::from(rank)) as u64;
            let nearest = grid.nearest(&self.entries, entry.lat, entry.lon, 12.0);
            let (parent, country) = match (row.get("kind"), nearest) {
                ("sea" | "ocean" | "gulf" | "strait" | "bay", _) if degrees > 1.0 => (Some(waters), None),
                (_, Some(city)) if degrees < SMALL_FEATURE && self.is_close(&entry, city) => {
                    (self.division_of(city), self.entries[city].country)
                }
                (_, Some(city)) if degrees < 5.0 => (self.entries[city].country, self.entries[city].country),
                (_, Some(city)) => {
                    let country = self.entries[city].country;
                    (country.and_then(|country| self.entries[country].parent), None)
                }
                (_, None) => (Some(waters), None),
            };
            entry.parent = parent;
            entry.country = country;
            let place = self.push(entry);
            self.name(row.get("label"), place, NameKind::Name);
            self.name_each(row, place, &[("names", NameKind::Name)]);
            let shorter =
                [" Desert", " Mountains", " Islands", " Peninsula", " Range", " Archipelago", " Airport"];
            if let Some(short) = shorter.iter().find_map(|end| row.get("label").strip_suffix(end)) {
                self.name(short, place, NameKind::Derived);
            }
        });
    }

    fn is_close(&self, entry: &Entry, city: usize) -> bool {
        let city = &self.entries[city];
        super::kilometres((entry.lat, entry.lon), (city.lat, city.lon)) < CLOSE
    }

    /// The first-level division that a city lies in, else its country.
    fn division_of(&self, city: usize) -> Option<usize> {
        let above = |&place: &usize| self.entries[place].parent;
        let mut places = std::iter::successors(Some(city), above);
        let is_division = |place: &usize| self.entries[*place].kind == Some(PlaceKind::Division);
        places.find(is_division).or(self.entries[city].country)
    }

    /// Names of the peoples of divisions, regions and cities: `Texan`, `Kurds`, `Londoner`.
    fn add_peoples(&mut self) {
        tables::rows_of_text(PEOPLES, |row| {
            let place =
                self.divisions.get(row.get("place")).copied().or_else(|| self.best_named(row.get("place")));
            if let Some(place) = place {
                self.name_each(row, place, &[("adjectives", NameKind::Demonym)]);
            }
        });
    }

    fn best_named(&self, text: &str) -> Option<usize> {
        let list = self.names.get(&name::key(text))?;
        let plain = list.iter().filter(|known| known.kind == NameKind::Name);
        let is_area = |place: usize| self.entries[place].kind == Some(PlaceKind::Division);
        plain
            .filter(|known| !is_area(known.place))
            .max_by_key(|known| self.prominence(known))
            .map(|known| known.place)
    }

    /// Children of one parent with one label: the principal one keeps it, the others carry their id or their kind.
    fn tell_siblings_apart(&mut self) {
        let mut siblings: FxHashMap<(Option<usize>, String), Vec<usize>> = FxHashMap::default();
        for (index, entry) in self.entries.iter().enumerate() {
            siblings.entry((entry.parent, entry.label.clone())).or_default().push(index);
        }
        let mut taken: FxHashMap<(Option<usize>, String), usize> = FxHashMap::default();
        let mut groups: Vec<Vec<usize>> = siblings.into_values().filter(|group| group.len() > 1).collect();
        groups.sort();
        for mut group in groups {
            group.sort_by_key(|&index| std::cmp::Reverse(self.weight(index)));
            let principal = self.weight(group[0]) >= 10 * self.weight(group[1]).max(1);
            for &index in group.iter().skip(usize::from(principal)) {
                let entry = &self.entries[index];
                let mut label = match (entry.geonames_id, entry.kind) {
                    (0, Some(kind)) => format!("{} ({})", entry.label, kind.name()),
                    (id, _) => format!("{} ({id})", entry.label),
                };
                let count = taken.entry((entry.parent, label.clone())).or_default();
                *count += 1;
                if *count > 1 {
                    label = format!("{label} {count}");
                }
                self.entries[index].label = label;
            }
        }
    }

    /// How much a place weighs against a sibling of the same label.
    fn weight(&self, index: usize) -> u64 {
        let entry = &self.entries[index];
        let kind = match entry.kind {
            Some(PlaceKind::City) => 20,
            Some(PlaceKind::Natural) => 2,
            _ => 1,
        };
        let seat = match entry.seat {
            Seat::Capital | Seat::Division => 20,
            Seat::District => 3,
            _ => 1,
        };
        if entry.kind == Some(PlaceKind::Natural) { 100 } else { (entry.population + 10) * kind * seat }
    }

    fn write(mut self) -> Result<(Vec<u8>, Summary)> {
        let order = self.order();
        let mut rank = vec![0usize; order.len()];
        for (new, &old) in order.iter().enumerate() {
            rank[old] = new;
        }
        let mut sections = layout::empty();
        self.write_columns(&mut sections, &order, &rank);
        self.write_names(&mut sections, &rank)?;
        for entry in &self.entries {
            if let Some(kind) = entry.kind {
                *self.summary.places.entry(kind.name()).or_default() += 1;
            }
        }
        let file = layout::assemble(sections);
        self.summary.bytes = file.len();
        Ok((file, self.summary))
    }

    /// Countries first (their numbers fit 16 bits), then the rest in the order in which they were read.
    fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.entries.len()).collect();
        order.sort_by_key(|&index| match self.entries[index].kind {
            Some(PlaceKind::Country) => 0,
            Some(PlaceKind::City) => 2,
            _ => 1,
        });
        order
    }

    fn write_columns(&self, sections: &mut [Vec<u8>], order: &[usize], rank: &[usize]) {
        let number = |place: Option<usize>| place.map_or(NONE, |place| rank[place] as u32);
        let mut ids: Vec<(u32, u32)> = Vec::new();
        let mut offsets: FxHashMap<&str, u32> = FxHashMap::default();
        for (new, &old) in order.iter().enumerate() {
            let entry = &self.entries[old];
            let mut put =
                |section: Section, bytes: &[u8]| sections[section as usize].extend_from_slice(bytes);
            put(Section::Lat, &((entry.lat * 1e5).round() as i32).to_le_bytes());
            put(Section::Lon, &((entry.lon * 1e5).round() as i32).to_le_bytes());
            put(Section::Population, &u32::try_from(entry.population).unwrap_or(u32::MAX).to_le_bytes());
            put(Section::GeonamesId, &entry.geonames_id.to_le_bytes());
            put(Section::Parent, &number(entry.parent).to_le_bytes());
            put(Section::District, &number(entry.district).to_le_bytes());
            let country = entry.country.map_or(NO_COUNTRY, |country| rank[country] as u16);
            put(Section::Country, &country.to_le_bytes());
            put(Section::Kind, &[super::kind_number(entry.kind.unwrap_or(PlaceKind::Natural))]);
            put(Section::Seat, &[entry.seat as u8]);
            if entry.kind == Some(PlaceKind::Country) {
                put(Section::Iso, &entry.iso);
            }
            if entry.geonames_id != 0 {
                ids.push((entry.geonames_id, new as u32));
            }
            if !entry.members.is_empty() {
                let offset = (sections[Section::Members as usize].len() / 2) as u32;
                sections[Section::Sets as usize].extend_from_slice(&(new as u32).to_le_bytes());
                sections[Section::Sets as usize].extend_from_slice(&offset.to_le_bytes());
                for &member in &entry.members {
                    sections[Section::Members as usize]
                        .extend_from_slice(&(rank[member] as u16).to_le_bytes());
                }
                sections[Section::Members as usize].extend_from_slice(&NO_COUNTRY.to_le_bytes());
            }
            let label = clipped(&entry.label, 255);
            let strings = &mut sections[Section::Strings as usize];
            let offset = *offsets.entry(label).or_insert_with(|| {
                let offset = strings.len() as u32;
                strings.push(label.len() as u8);
                strings.extend_from_slice(label.as_bytes());
                offset
            });
            sections[Section::Label as usize].extend_from_slice(&offset.to_le_bytes());
        }
        ids.sort_unstable();
        for (_, place) in ids {
            sections[Section::ById as usize].extend_from_slice(&place.to_le_bytes());
        }
    }

    fn write_names(&mut self, sections: &mut [Vec<u8>], rank: &[usize]) -> Result<()> {
        let mut keys: Vec<(String, Vec<Name>)> = std::mem::take(&mut self.names).into_iter().collect();
        keys.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        self.summary.names = keys.len();
        let broken = |error: fst::Error| Error::Data { what: "gazetteer".into(), message: error.to_string() };
        let mut builder = fst::MapBuilder::memory();
        let mut next = 0u32;
        for (key, mut list) in keys {
            list.sort_by_key(|name| (std::cmp::Reverse(self.prominence(name)), rank[name.place]));
            list.truncate(MOST_CANDIDATES);
            builder.insert(&key, u64::from(next)).map_err(broken)?;
            let count = list.len();
            for (at, name) in list.into_iter().enumerate() {
                let last = u32::from(at + 1 == count);
                let entry = (rank[name.place] as u32) << 4 | (name.kind as u32) << 1 | last;
                sections[Section::Candidates as usize].extend_from_slice(&entry.to_le_bytes());
                if let Some((from, until)) = name.years {
                    for number in [next as i32, from, until] {
                        sections[Section::Years as usize].extend_from_slice(&number.to_le_bytes());
                    }
                }
                next += 1;
            }
        }
        sections[Section::Names as usize] = builder.into_inner().map_err(broken)?;
        Ok(())
    }

    /// How likely a name means this place where nothing else is known.
    fn prominence(&self, name: &Name) -> i64 {
        let entry = &self.entries[name.place];
        let mut score = 120.0 * (entry.population.max(100) as f64).log10();
        score += match entry.kind {
            Some(PlaceKind::Continent) => 270.0,
            Some(PlaceKind::Country) => 50.0,
            Some(PlaceKind::Natural) => -250.0,
            Some(PlaceKind::District | PlaceKind::WorldRegion) => -100.0,
            _ => 0.0,
        };
        score -= if matches!(name.kind, NameKind::Alternate | NameKind::Derived) { 200.0 } else { 0.0 };
        score as i64
    }
}

/// More places of one name than this are never needed to find the right one.
const MOST_CANDIDATES: usize = 60;

/// A row of the user's own places.
struct OwnPlace {
    name: String,
    lat: f64,
    lon: f64,
    id: u32,
    country: String,
    division: String,
    population: u64,
    aliases: Vec<String>,
}

impl OwnPlace {
    fn read<'r>(get: &impl Fn(&str) -> &'r str) -> Result<OwnPlace, String> {
        let number = |column: &str, limit: f64| match get(column).parse::<f64>() {
            Ok(value) if value.abs() <= limit => Ok(value),
            Ok(value) => Err(format!("{column} {value} is out of range")),
            Err(_) => Err(format!("{column} `{}` is no number", get(column))),
        };
        if get("name").is_empty() {
            return Err("no name\nhint: the first line names the columns: name,lat,lon[,id,country,division,population,aliases]".into());
        }
        Ok(OwnPlace {
            name: get("name").to_owned(),
            lat: number("lat", 90.0)?,
            lon: number("lon", 180.0)?,
            id: get("id").parse().unwrap_or(0),
            country: get("country").to_owned(),
            division: get("division").to_owned(),
            population: get("population").parse().unwrap_or(0),
            aliases: get("aliases")
                .split('|')
                .map(str::trim)
                .filter(|a| !a.is_empty())
                .map(str::to_owned)
                .collect(),
        })
    }
}

/// Cities by one-degree cell.
struct Grid(FxHashMap<(i32, i32), Vec<usize>>);

impl Grid {
    fn of(entries: &[Entry]) -> Grid {
        let mut cells: FxHashMap<(i32, i32), Vec<usize>> = FxHashMap::default();
        for (index, entry) in
            entries.iter().enumerate().filter(|(_, entry)| entry.kind == Some(PlaceKind::City))
        {
            cells.entry((entry.lat.floor() as i32, entry.lon.floor() as i32)).or_default().push(index);
        }
        Grid(cells)
    }

    /// The city nearest to a point, looked for in ever wider squares up to `within` degrees.
    fn nearest(&self, entries: &[Entry], lat: f64, lon: f64, within: f64) -> Option<usize> {
        let (row, column) = (lat.floor() as i32, lon.floor() as i32);
        let most = within as i32;
        let mut reach = 1;
        loop {
            // Behind the 180th meridian the columns begin again.
            let wrapped = |column: i32| (column + 180).rem_euclid(360) - 180;
            let cells =
                (-reach..=reach).flat_map(|y| (-reach..=reach).map(move |x| (row + y, wrapped(column + x))));
            let nearest = cells
                .filter_map(|cell| self.0.get(&cell))
                .flatten()
                .map(|&index| {
                    let entry = &entries[index];
                    (super::kilometres((lat, lon), (entry.lat, entry.lon)), index)
                })
                .min_by(|a, b| a.0.total_cmp(&b.0));
            match nearest {
                Some((_, index)) => return Some(index),
                None if reach >= most => return None,
                None => reach = most.min(reach * 2),
            }
        }
    }
}

/// The city that a quarter is called after: `North Stamford`, `Beverly Cove`.
fn quarter_of(label: &str) -> Option<&str> {
    let before = ["North ", "South ", "East ", "West ", "New South "];
    let behind = [" Heights", " Center", " Mills", " Cove", " Terrace", " Village"];
    before
        .iter()
        .find_map(|word| label.strip_prefix(word))
        .or_else(|| behind.iter().find_map(|word| label.strip_suffix(word)))
}

fn located(row: &Row<'_>, kind: PlaceKind) -> Entry {
    Entry {
        label: row.get("label").to_owned(),
        kind: Some(kind),
        lat: row.number("lat").unwrap_or(0.0),
        lon: row.number("lon").unwrap_or(0.0),
        located: true,
        population: if kind == PlaceKind::Continent { 1_000_000_000 } else { 0 },
        ..Entry::default()
    }
}

fn years(row: &Row<'_>) -> Option<(i32, i32)> {
    let (from, until) = (year(row.get("from")), year(row.get("until")));
    (from.is_some() || until.is_some()).then(|| (from.unwrap_or(i32::MIN), until.unwrap_or(i32::MAX)))
}

fn year(text: &str) -> Option<i32> {
    let digits = text.trim_start_matches('-').split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

fn iso_bytes(code: &str) -> [u8; 2] {
    code.as_bytes().try_into().unwrap_or([0, 0])
}

fn share_a_word(a: &str, b: &str) -> bool {
    let (a, b) = (name::key(a), name::key(b));
    let stem = |word: &str| word.chars().take(4).collect::<String>();
    a.split(' ').any(|word| b.split(' ').any(|other| stem(word) == stem(other)))
}

fn middle(cells: &FxHashSet<(i32, i32)>) -> (f64, f64) {
    let count = cells.len() as f64;
    let (west, east) = cells.iter().fold((i32::MAX, i32::MIN), |(w, e), cell| (w.min(cell.1), e.max(cell.1)));
    // A division on both sides of the date line would otherwise end up at the other side of the world.
    let wraps = cells.len() > 1 && east - west > 360;
    let shift = |column: i32| if wraps && column < 0 { column + 720 } else { column };
    let lat = cells.iter().map(|cell| f64::from(cell.0) + 0.5).sum::<f64>() / count / 2.0;
    let lon = cells.iter().map(|cell| f64::from(shift(cell.1)) + 0.5).sum::<f64>() / count / 2.0;
    (lat, if lon > 180.0 { lon - 360.0 } else { lon })
}

fn clipped(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
