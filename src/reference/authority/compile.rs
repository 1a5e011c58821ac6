//! Compiles the authority list from its sources: the project's own lists, the PETRARCH dictionaries of political
//! actors (in capitals, with CAMEO codes) and the lists of heads of state and government.
//!
//! The own lists win; what a dictionary says of a name that is already known is dropped.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::article::ActorKind;
use crate::reference::authority::{Entry, spelling};
use crate::text::fold;

/// The raw sources, as text.
#[derive(Clone, Copy)]
pub struct Sources<'s> {
    /// The project's own lists.
    pub own: &'s [&'s str],
    /// `petrarch_actors.tsv`: file, name, synonyms, codes.
    pub petrarch: &'s str,
    /// Lists of leaders with the columns `country`, `officeholderlabel` and years.
    pub leaders: &'s [&'s str],
    /// Bodies that every state has: `{adj} Foreign Ministry|Foreign Ministry of {country}` under headings of kinds.
    pub portfolios: &'s str,
    /// The gazetteer's table of countries: `iso2`, `iso3`, .., label, .., adjectives.
    pub countries: &'s str,
    /// Whether a name is well known as a place's: then it is nobody's other name.
    pub is_place: &'s dyn Fn(&str) -> bool,
}

/// States with fewer people are not in the news by their ministries.
const SMALLEST_STATE: u64 = 90_000;

/// Words that make a name of capitals an organisation's.
const ORGANISATION_WORDS: &[&str] = &[
    "army",
    "force",
    "forces",
    "ministry",
    "party",
    "front",
    "movement",
    "council",
    "committee",
    "police",
    "guard",
    "militia",
    "brigade",
    "brigades",
    "commission",
    "agency",
    "union",
    "bank",
    "court",
    "parliament",
    "assembly",
    "congress",
    "government",
    "group",
    "league",
    "association",
    "organization",
    "organisation",
    "federation",
    "alliance",
    "coalition",
    "department",
    "office",
    "university",
    "institute",
    "society",
    "foundation",
    "network",
    "company",
];

/// Small words that stay in lower case inside a name.
const SMALL: &[&str] = &[
    "of", "the", "and", "for", "de", "la", "al", "el", "bin", "ibn", "von", "van", "der", "du", "e", "in",
    "to", "on", "dos", "da",
];

static CAPITALS: &str = include_str!("../../../data/actors/capitals.txt");

/// Every actor of the sources, each name once, sorted by name.
pub fn compile(sources: Sources<'_>) -> Vec<Entry> {
    let countries = Countries::read(sources.countries);
    let mut list = List::default();
    for own in sources.own {
        for entry in super::list::parse(own) {
            list.add(entry);
        }
    }
    let own_names = list.by_every_name();
    for entry in bodies(sources.portfolios, sources.countries) {
        list.add_body(entry, &own_names);
    }
    for leaders in sources.leaders {
        for entry in leaders_of(leaders, &countries) {
            list.add(entry);
        }
    }
    for row in sources.petrarch.lines().skip(1) {
        if let Some(entry) = petrarch(row, &countries) {
            list.add(entry);
        }
    }
    let mut entries = list.entries;
    for entry in &mut entries {
        let own = entry.is_own;
        entry
            .aliases
            .retain(|alias| is_alias(alias) && (own && alias.contains(' ') || !(sources.is_place)(alias)));
    }
    entries
        .retain(|entry| entry.is_own || entry.kind == ActorKind::Person || !(sources.is_place)(&entry.name));
    entries.sort_by(|a, b| (&a.name, a.kind, &a.country).cmp(&(&b.name, b.kind, &b.country)));
    entries
}

/// The entries that go by a name in a country as one kind of actor.
type ByName = FxHashMap<(String, String, ActorKind), usize>;

/// Entries without two of one canonical name and kind.
#[derive(Default)]
struct List {
    entries: Vec<Entry>,
    known: FxHashMap<String, usize>,
}

impl List {
    /// Where each entry stands, by each of its names.
    fn by_every_name(&self) -> ByName {
        let names = |entry: &Entry| {
            let keys = std::iter::once(&entry.name).chain(&entry.aliases).map(|name| spelling::key(name));
            keys.map(|key| (key, entry.country.clone(), entry.kind)).collect::<Vec<_>>()
        };
        let entries = self.entries.iter().enumerate();
        entries.flat_map(|(at, entry)| names(entry).into_iter().map(move |name| (name, at))).collect()
    }

    /// A body that every state has, unless the own lists have it under this name: then its other names are theirs.
    fn add_body(&mut self, entry: Entry, own_names: &ByName) {
        let name = (spelling::key(&entry.name), entry.country.clone(), entry.kind);
        match own_names.get(&name) {
            Some(&at) => {
                let own = &mut self.entries[at];
                let mut seen: BTreeSet<String> =
                    own.aliases.iter().map(|alias| spelling::key(alias)).collect();
                seen.insert(spelling::key(&own.name));
                let names = std::iter::once(entry.name).chain(entry.aliases);
                own.aliases.extend(names.filter(|name| seen.insert(spelling::key(name))));
            }
            None => self.add(entry),
        }
    }

    fn add(&mut self, mut entry: Entry) {
        let key = spelling::key(&entry.name);
        let mut seen = BTreeSet::from([key.clone()]);
        entry.aliases.retain(|alias| alias.len() > 1 && seen.insert(spelling::key(alias)));
        match self.known.get(&key) {
            // The same name in another country or of another kind in the own lists is another actor.
            Some(&at) if self.entries[at].kind == entry.kind || entry.kind == ActorKind::Person => {
                let known = &mut self.entries[at];
                if known.kind == entry.kind && known.country == entry.country {
                    known.aliases.extend(entry.aliases);
                    let ends = [known.years.1, entry.years.1];
                    if known.is_leader && !known.is_own {
                        known.years.0 = known.years.0.min(entry.years.0);
                        known.years.1 = if ends.contains(&None) { None } else { ends[0].max(ends[1]) };
                    }
                }
            }
            _ => {
                self.known.insert(key, self.entries.len());
                self.entries.push(entry);
            }
        }
    }
}

struct Countries<'c> {
    by_code: FxHashMap<&'c str, &'c str>,
    by_name: FxHashMap<String, &'c str>,
}

impl<'c> Countries<'c> {
    fn read(table: &'c str) -> Countries<'c> {
        let mut countries = Countries { by_code: FxHashMap::default(), by_name: FxHashMap::default() };
        for row in table.lines().filter(|row| !row.starts_with('#')) {
            let columns: Vec<&str> = row.split('\t').collect();
            if let [iso2, iso3, _, label, ..] = columns[..] {
                countries.by_code.insert(iso3, iso2);
                countries.by_name.insert(fold::key(label), iso2);
            }
        }
        countries
    }
}

fn leaders_of(table: &str, countries: &Countries<'_>) -> Vec<Entry> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let Ok(header) = reader.headers().cloned() else { return Vec::new() };
    let column = |name: &str| header.iter().position(|found| found.eq_ignore_ascii_case(name));
    let (Some(country), Some(person)) = (column("country"), column("officeholderlabel")) else {
        return Vec::new();
    };
    let year = |name: &str, record: &csv::StringRecord| record.get(column(name)?)?.parse().ok();
    let row = |record: &csv::StringRecord| {
        let name = record.get(person)?.split(" (").next()?.trim();
        let country = countries.by_name.get(&fold::key(record.get(country)?)).copied().unwrap_or("");
        let is_name = name.contains(' ') && !name.starts_with('Q');
        is_name.then(|| Entry {
            is_leader: year("start_year", record).is_some(),
            years: (year("start_year", record), year("end_year", record)),
            ..Entry::new(name, ActorKind::Person, country)
        })
    };
    reader.records().flatten().filter_map(|record| row(&record)).collect()
}

/// An actor of the dictionaries; none for countries, peoples and names that cannot be trusted.
fn petrarch(row: &str, countries: &Countries<'_>) -> Option<Entry> {
    let mut columns = row.split('\t');
    let (file, name, synonyms, codes) = (columns.next()?, columns.next()?, columns.next()?, columns.next()?);
    let code = codes.trim_start_matches('[').split([' ', ']', '>', '<']).next()?;
    let dated = codes.contains(|c: char| c.is_ascii_digit());
    let kind = kind_of(file, name, code, dated)?;
    let of_country = if file == "Phoenix.International" { code.get(3..6) } else { code.get(..3) };
    let country = of_country.and_then(|code| countries.by_code.get(code)).copied().unwrap_or("");
    let mut name = cased(name)?;
    let aliases = synonyms
        .split('|')
        .filter_map(cased)
        .filter(|alias| kind != ActorKind::Person || alias.contains(' '));
    let aliases = aliases.filter(|alias| !starts_with_title(alias)).collect::<Vec<String>>();
    let mut aliases = aliases;
    if let Some(short) = short_of_company(&name, kind) {
        aliases.push(std::mem::replace(&mut name, short));
    }
    Some(Entry { aliases, years: years(codes), ..Entry::new(&name, kind, country) })
}

/// "Exelixis Inc" is mostly called Exelixis.
fn short_of_company(name: &str, kind: ActorKind) -> Option<String> {
    let (short, suffix) = name.rsplit_once(' ').filter(|_| kind == ActorKind::Company)?;
    let is_suffix = matches!(
        suffix,
        "Inc" | "Corp" | "Corporation" | "Co" | "Company" | "Ltd" | "Plc" | "Limited" | "Sa" | "Ag"
    );
    let short = short.trim_end_matches(" and").trim_end_matches(" &").trim_end_matches(',');
    (is_suffix && short.len() > 3).then(|| short.to_owned())
}

/// First and last year of the dated roles in government: `[AFGGOV 040101-20041207]`. What else is dated may be a life.
fn years(codes: &str) -> (Option<u16>, Option<u16>) {
    let roles = codes.split(['[', ']']).filter(|role| role.contains("GOV"));
    let dates = roles.clone().flat_map(|role| role.split(|c: char| !c.is_ascii_digit())).filter_map(year);
    let known: Vec<u16> = dates.filter(|year| (1800..2100).contains(year)).collect();
    let is_open = roles.clone().any(|role| role.contains('>'));
    (known.iter().min().copied(), known.iter().max().copied().filter(|_| !is_open))
}

/// The year of `320101` or `20041207`.
fn year(digits: &str) -> Option<u16> {
    match digits.len() {
        8 => digits[..4].parse().ok(),
        6 => digits[..2].parse::<u16>().ok().map(|year| if year >= 20 { 1900 + year } else { 2000 + year }),
        _ => None,
    }
}

/// What can be another name: no date ("April 6") and nothing but letters, digits and the marks of names.
fn is_alias(alias: &str) -> bool {
    const MONTHS: &[&str] = &[
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let key = fold::key(alias);
    let is_date = |word: &str| MONTHS.contains(&word) || word.starts_with(|c: char| c.is_ascii_digit());
    !key.is_empty() && !key.split(' ').all(is_date)
}

const ADJECTIVES: &str = "[adjectives]";

/// By country, the adjective that names its bodies in the news.
fn adjectives(portfolios: &str) -> FxHashMap<&str, &str> {
    let lines = portfolios.lines().skip_while(|line| *line != ADJECTIVES).skip(1);
    lines.take_while(|line| !line.starts_with('[')).filter_map(|line| line.split_once(' ')).collect()
}

/// The lines of the table of bodies, headings of kinds among them.
fn patterns(portfolios: &str) -> impl Iterator<Item = &str> {
    let mut heading = "";
    portfolios.lines().filter(move |line| {
        if line.starts_with('[') {
            heading = line;
        }
        !line.starts_with('#') && heading != ADJECTIVES
    })
}

/// The bodies that every state has, from their table and the adjectives of the countries.
fn bodies(portfolios: &str, countries: &str) -> Vec<Entry> {
    let preferred = adjectives(portfolios);
    let mut found = Vec::new();
    for row in countries.lines().filter(|row| !row.starts_with('#')) {
        let columns: Vec<&str> = row.split('\t').collect();
        let [code, _, _, label, ..] = columns[..] else { continue };
        let population: u64 = columns.get(7).and_then(|people| people.parse().ok()).unwrap_or(0);
        let mut adjectives: Vec<&str> = preferred.get(code).copied().into_iter().collect();
        adjectives
            .extend(columns.get(11).unwrap_or(&"").split('|').filter(|adjective| !adjective.is_empty()));
        if code.len() != 2 || adjectives.is_empty() || population < SMALLEST_STATE {
            continue;
        }
        let mut labels = vec![label];
        labels.extend(columns.get(10).unwrap_or(&"").split('|').filter(|name| name.len() > 1));
        let mut kind = ActorKind::Government;
        for line in patterns(portfolios) {
            if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                kind = ActorKind::parse(name).unwrap_or(kind);
                continue;
            }
            let mut names = Vec::new();
            for pattern in line.split('|').filter(|pattern| !pattern.is_empty()) {
                let fillers = if pattern.contains("{adj}") { &adjectives } else { &labels };
                let hole = if pattern.contains("{adj}") { "{adj}" } else { "{country}" };
                names.extend(fillers.iter().map(|filler| pattern.replace(hole, filler)));
            }
            if names.is_empty() {
                continue;
            }
            let name = names.remove(0);
            found.push(Entry { is_own: true, aliases: names, ..Entry::new(&name, kind, code) });
        }
    }
    found
}

fn starts_with_title(name: &str) -> bool {
    let first = name.split(' ').next().unwrap_or("").to_lowercase();
    matches!(
        first.as_str(),
        "president"
            | "prime"
            | "minister"
            | "king"
            | "general"
            | "former"
            | "sheikh"
            | "premier"
            | "emir"
            | "queen"
    )
}

fn kind_of(file: &str, name: &str, code: &str, dated: bool) -> Option<ActorKind> {
    let words: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
    let is_body = words.iter().any(|word| ORGANISATION_WORDS.contains(&word.as_str()));
    let role = code.get(3..6).unwrap_or("");
    match (file, code.get(..3)?) {
        ("Phoenix.MilNonState", _) => is_group(&words).then_some(ActorKind::ArmedGroup),
        ("Phoenix.International", _) if dated => (2..=4).contains(&words.len()).then_some(ActorKind::Person),
        ("Phoenix.International", "IGO") => Some(ActorKind::Intergovernmental),
        ("Phoenix.International", "NGO") => Some(ActorKind::Organisation),
        ("Phoenix.International", "MNC") => Some(ActorKind::Company),
        ("Phoenix.Countries", _) if is_body => match role {
            "MIL" | "COP" => Some(ActorKind::Military),
            "GOV" | "JUD" | "SPY" | "LEG" => Some(ActorKind::Government),
            "PTY" | "OPP" => Some(ActorKind::Party),
            "REB" | "INS" | "SEP" | "RAD" | "UAF" => Some(ActorKind::ArmedGroup),
            "MED" => Some(ActorKind::Media),
            "BUS" => Some(ActorKind::Company),
            _ => None,
        },
        ("Phoenix.Countries", _) if !role.is_empty() && (2..=4).contains(&words.len()) && dated => {
            Some(ActorKind::Person)
        }
        _ => None,
    }
}

/// Dictionaries of armed groups also hold plain words ("rebels") and people.
fn is_group(words: &[String]) -> bool {
    const MORE: &[&str] = &[
        "liberation",
        "islamic",
        "jihad",
        "people's",
        "peoples",
        "national",
        "revolutionary",
        "popular",
        "tigers",
        "cartel",
        "martyrs",
        "ansar",
        "harakat",
        "lashkar",
        "democratic",
        "united",
        "mujahideen",
        "organization",
        "rebels",
        "fighters",
        "resistance",
        "freedom",
        "patriotic",
        "command",
        "unit",
        "units",
        "state",
        "black",
    ];
    let known = |word: &String| ORGANISATION_WORDS.contains(&word.as_str()) || MORE.contains(&word.as_str());
    match words {
        [only] => (3..=5).contains(&only.len()),
        _ => words.iter().any(known),
    }
}

/// A name of capitals as a newspaper writes it; none if it is no name.
fn cased(name: &str) -> Option<String> {
    let name = name.trim();
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    if letters < 3 || name.len() > 80 || name.chars().any(|c| !(c.is_alphabetic() || " -'.&,()".contains(c)))
    {
        return None;
    }
    if !name.contains([' ', '-']) && letters <= 5 {
        return Some(as_printed(name));
    }
    let words: Vec<&str> = name.split_whitespace().collect();
    let mut shown = String::with_capacity(name.len());
    for (at, word) in words.iter().enumerate() {
        if at > 0 {
            shown.push(' ');
        }
        push_cased(word, at, words.len() > 1, &mut shown);
    }
    Some(as_printed(&shown))
}

/// Appends the word `word` of capitals, the `at`-th of a name, with small letters where a newspaper has them.
fn push_cased(word: &str, at: usize, several: bool, out: &mut String) {
    let lower = word.to_lowercase();
    if at > 0 && SMALL.contains(&lower.as_str()) || several && is_acronym(&lower) {
        out.push_str(if SMALL.contains(&lower.as_str()) { &lower } else { word });
        return;
    }
    let mut capital = true;
    for (byte, c) in lower.char_indices() {
        if capital {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
        capital =
            matches!(c, '-' | '.' | '(' | '&') || byte == 1 && lower.len() > 3 && lower.starts_with("mc");
    }
}

/// A word that cannot be spoken: `MF`, `CBGP`; no legal form and no title.
fn is_acronym(lower: &str) -> bool {
    const SPOKEN: &[&str] =
        &["ltd", "plc", "llc", "llp", "st", "mr", "mrs", "ms", "dr", "jr", "sr", "mt", "ft", "ng"];
    (2..=5).contains(&lower.len())
        && lower.bytes().all(|byte| byte.is_ascii_lowercase() && !b"aeiouy".contains(&byte))
        && !SPOKEN.contains(&lower)
}

/// A cased name in the capitals that the news prints, where they are known for it or for all but its last word.
fn as_printed(cased: &str) -> String {
    static PRINTED: OnceLock<FxHashMap<String, &str>> = OnceLock::new();
    let printed = PRINTED.get_or_init(|| {
        let names = CAPITALS.lines().filter(|line| !line.starts_with('#'));
        names.map(|name| (name.to_lowercase(), name)).collect()
    });
    let lower = cased.to_lowercase();
    if let Some(name) = printed.get(&lower) {
        return (*name).to_owned();
    }
    let known = lower.rsplit_once(' ').and_then(|(before, _)| printed.get(before));
    known.map_or_else(|| cased.to_owned(), |name| format!("{name}{}", &cased[name.len()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dictionaries_become_entries() {
        let countries = "iso2\tiso3\tid\tlabel\nAF\tAFG\t1\tAfghanistan\nFR\tFRA\t2\tFrance\n";
        let petrarch = "file\tname\tsynonyms\tcodes\n\
            Phoenix.Countries\tHAMID KARZAI\tKARZAI|PRESIDENT KARZAI\t[AFGGOV >011222]\n\
            Phoenix.Countries\tAFGHANISTAN\tKABUL\t[AFG]\n\
            Phoenix.Countries\tAFGHAN NATIONAL ARMY\t\t[AFGMIL]\n\
            Phoenix.MilNonState\tREBELS\t\t[REB]\n";
        let leaders = "country,officeholderlabel,start_year\nFrance,Emmanuel Macron,2017\nFrance,Q123,2017\n";
        let found = compile(Sources {
            own: &["[media GB]\nReuters|Paris"],
            petrarch,
            leaders: &[leaders],
            countries,
            portfolios: "[government]\n{adj} Oil Ministry|Oil Ministry of {country}",
            is_place: &|name| name == "Paris",
        });
        let shown: Vec<(&str, ActorKind, &str)> =
            found.iter().map(|entry| (entry.name.as_str(), entry.kind, entry.country.as_str())).collect();
        assert_eq!(
            shown,
            [
                ("Afghan National Army", ActorKind::Military, "AF"),
                ("Emmanuel Macron", ActorKind::Person, "FR"),
                ("Hamid Karzai", ActorKind::Person, "AF"),
                ("Reuters", ActorKind::Media, "GB"),
            ]
        );
    }

    #[test]
    fn capitals_are_as_the_news_prints_them() {
        for (name, expected) in [
            ("JOHN MCCAIN", "John McCain"),
            ("MF GLOBAL HOLDINGS LTD", "MF Global Holdings Ltd"),
            ("MSCI INC", "MSCI Inc"),
            ("NETAPP", "NetApp"),
            ("MCKESSON CORP", "McKesson Corp"),
            ("SONY", "Sony"),
            ("PLO", "PLO"),
            ("BANK OF THE WEST", "Bank of the West"),
            ("ST LOUIS MCX", "St Louis MCX"),
        ] {
            assert_eq!(cased(name).as_deref(), Some(expected));
        }
    }

    #[test]
    fn bodies_go_by_the_adjective_of_the_news_and_are_the_own_lists_where_these_have_them() {
        let countries = "iso2\tiso3\tid\tlabel\tcontinent\tlat\tlon\tpopulation\tcapital\tnames\tabbreviations\tadjectives\n\
            KR\tKOR\t1\tSouth Korea\tAsia\t0\t0\t900000\tSeoul\t\t\tKorean|South Korean\n\
            NZ\tNZL\t2\tNew Zealand\tOceania\t0\t0\t900000\tWellington\t\t\t\n\
            US\tUSA\t3\tUnited States\tAmerica\t0\t0\t900000\tWashington\t\tU.S.\tAmerican\n";
        let found = compile(Sources {
            own: &["[government US]\nU.S. government|American government"],
            petrarch: "",
            leaders: &[],
            countries,
            portfolios: "[adjectives]\nKR South Korean\nNZ New Zealand\n[government]\n{adj} government|{country} government",
            is_place: &|_| false,
        });
        let shown: Vec<String> =
            found.iter().map(|entry| format!("{}|{}", entry.name, entry.aliases.join("|"))).collect();
        assert_eq!(
            shown,
            [
                "New Zealand government|",
                "South Korean government|Korean government|South Korea government",
                "U.S. government|American government|United States government",
            ]
        );
    }
}
