//! Trains the name tagger: lexicon, a first fit, texts that it labels itself, and the fit on all of them.

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::{Error, Result};
use crate::eval::train::cluster::WordFacts;
use crate::eval::train::corpus::{self, CORPORA};
use crate::eval::train::crf::{self, Example, Mean, Numbers, Settings, Weights};
use crate::eval::train::gold::{self, Labelled, Mark};
use crate::eval::train::random::Random;
use crate::eval::train::sample::{self, Sample};
use crate::eval::train::sport::{self, Lists, Material};
use crate::eval::train::{cluster, hand, lexicon, listed, template};
use crate::extract::actor;
use crate::extract::name::label;
use crate::extract::name::lexicon::Lexicon;
use crate::extract::name::tagger::Tagger;
use crate::extract::name::{NameClass, NameSpan};
use crate::reference::authority::{Authority, Entry};
use crate::span::Span;
use crate::text::Text;

/// Everything random starts here.
const SEED: u64 = 7;
/// Invented sports reports, besides the articles of the templates.
pub const REPORTS: usize = 450;
/// Bytes of unlabelled text that the first tagger labels.
const SELF_LABELLED: usize = 6_000_000;
/// Weight of a self-labelled text.
const SELF_WEIGHT: f32 = 0.35;
/// Times that the texts are seen, in the first and in the second round.
const EPOCHS: [usize; 2] = [10, 9];
/// Fits of the second round, which are averaged: one alone is a point better or worse by chance.
const FITS: u64 = 3;
/// Share of what is known of a word that is left out each time that it is seen.
const DROPOUT: f32 = 0.2;
/// Last epochs whose weights are averaged.
const AVERAGED: usize = 3;
/// Rows kept; the table of the next power of two holds four fifths.
const ROWS: usize = 419_000;
/// Value of one step of a weight.
const UNIT: f32 = 0.03;

/// The two files of the tagger.
#[derive(Debug)]
pub struct Files {
    /// `names.lexicon`.
    pub lexicon: Vec<u8>,
    /// `names.model`.
    pub model: Vec<u8>,
}

/// What is read besides the data folder.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'s> {
    /// The file `words.txt`.
    pub words: &'s str,
    /// The file `templates.txt`.
    pub templates: &'s str,
    /// The file `labels.tsv`.
    pub labels: &'s str,
    /// The actors of the authority list.
    pub actors: &'s [Entry],
    /// How many sports reports are invented: [`REPORTS`].
    pub reports: usize,
}

/// Trains from the data folder and the project's own lists; `tell` hears what is being done.
pub fn train(data: &Path, sources: Sources<'_>, tell: impl FnMut(&str)) -> Result<Files> {
    let facts = cluster::learn(data, SEED)?;
    train_with(data, sources, &facts, tell)
}

/// As [`train`], with what the corpora say of words already known.
pub fn train_with(
    data: &Path,
    sources: Sources<'_>,
    facts: &[WordFacts],
    mut tell: impl FnMut(&str),
) -> Result<Files> {
    let firms = listed::names(data)?;
    tell(&format!("{} firms", firms.len()));
    let lexicon = lexicon::compile(data, sources.words, sources.actors, &firms, facts)?;
    tell(&format!("lexicon: {} bytes", lexicon.len()));
    let mut labelled = gold::labelled(data)?;
    let lists = lists(data)?;
    labelled.extend(hand::labelled(data, sources.labels)?);
    labelled.extend(template::articles(sources.templates, slots(sources.actors, &firms, &lists), SEED)?);
    let material = Material::new(sources.actors, lists).ok_or_else(|| Error::Data {
        what: "sports reports".to_owned(),
        message: "a list of names is empty".to_owned(),
    })?;
    labelled.extend(sport::reports(&material, sources.reports, SEED));
    add_case_copies(&mut labelled);
    let first = Round::fit(&labelled, &lexicon, EPOCHS[0], 1)?;
    tell(&format!("first round: {} features", first.numbers.len()));
    let model = first.file();
    let own = own_labels(data, &Tagger::new(&lexicon, &model)?)?;
    tell(&format!("{} self-labelled texts", own.len()));
    labelled.extend(own);
    let second = Round::fit(&labelled, &lexicon, EPOCHS[1], FITS)?;
    tell(&format!("second round: {} features", second.numbers.len()));
    Ok(Files { lexicon, model: second.file() })
}

/// One fit.
struct Round {
    numbers: Numbers,
    weights: Weights,
}

impl Round {
    /// The mean of `fits` fits that see the texts in different orders.
    fn fit(labelled: &[Labelled], lexicon: &[u8], epochs: usize, fits: u64) -> Result<Round> {
        let samples = sample::samples(labelled, &Lexicon::new(lexicon)?);
        let numbers = crf::index(samples.iter().flat_map(|sample| sample.keys.iter().flatten()), 2);
        let examples: Vec<Example> = samples.into_iter().map(|sample| example(sample, &numbers)).collect();
        let mut mean = Mean::default();
        for fit in 0..fits {
            let (dropout, averaged, seed) = (DROPOUT, AVERAGED, SEED + fit);
            let settings = Settings { epochs, rate: 0.08, decay: 1e-4, dropout, averaged, seed };
            mean.add(&crf::fit(&examples, numbers.len(), settings));
        }
        let weights = mean.finish();
        Ok(Round { numbers, weights })
    }

    fn file(&self) -> Vec<u8> {
        crf::write(&self.weights, &self.numbers, ROWS, UNIT)
    }
}

fn example(sample: Sample, numbers: &Numbers) -> Example {
    let rows = |keys: &Vec<u64>| keys.iter().filter_map(|key| numbers.get(key).copied()).collect();
    Example { rows: sample.keys.iter().map(rows).collect(), allowed: sample.allowed, weight: sample.weight }
}

/// Three in ten again in capitals, two in ten in lower case.
fn add_case_copies(labelled: &mut Vec<Labelled>) {
    for at in 0..labelled.len() {
        let copy = match at % 10 {
            0..=2 => labelled[at].source.to_ascii_uppercase(),
            3 | 4 => labelled[at].source.to_ascii_lowercase(),
            _ => continue,
        };
        labelled.push(Labelled { source: copy, ..labelled[at].clone() });
    }
}

/// Names for the invented reports, from the lists of the data folder.
fn lists(data: &Path) -> Result<Lists> {
    let mut lists = Lists::default();
    for row in corpus::read(&data.join("gazetteer/places.tsv.gz"))?.lines().skip(1) {
        let columns: Vec<&str> = row.split('\t').collect();
        if let [_, name, .., population, _, _] = columns.as_slice()
            && population.parse().unwrap_or(0) >= 400_000
            && name.is_ascii()
        {
            lists.cities.push((*name).to_owned());
        }
    }
    for row in corpus::read(&data.join("gazetteer/cliff/wikipedia-demonyms.tsv"))?.lines().skip(2) {
        let mut columns = row.split('\t');
        lists.countries.extend(columns.next().map(str::to_owned));
        lists
            .demonyms
            .extend(columns.next().and_then(|names| names.split(',').next()).map(|d| d.trim().to_owned()));
    }
    lists
        .countries
        .extend(["U.S.", "U.S.", "Britain", "England", "Russia", "Czech Republic"].map(str::to_owned));
    for (path, column, into) in [
        ("actors/names/common-forenames-by-country.csv", 11, &mut lists.given),
        ("actors/names/common-surnames-by-country.csv", 5, &mut lists.surnames),
    ] {
        let mut reader = csv::Reader::from_reader(corpus::open(&data.join(path))?);
        for record in reader.records().flatten() {
            into.extend(
                record.get(column).filter(|name| name.len() > 2 && name.is_ascii()).map(str::to_owned),
            );
        }
    }
    let surnames = corpus::read(&data.join("actors/names/NamesDatabases/surnames/us.txt"))?;
    lists.surnames.extend(surnames.lines().step_by(17).map(str::to_owned));
    let given = corpus::read(&data.join("actors/names/NamesDatabases/first names/us.txt"))?;
    lists.given.extend(given.lines().step_by(3).map(str::to_owned));
    Ok(lists)
}

/// Names for the slots of the templates.
fn slots(actors: &[Entry], firms: &BTreeMap<String, u32>, lists: &Lists) -> template::Names {
    use crate::article::ActorKind::{
        ArmedGroup, Company, Government, Intergovernmental, Media, Military, Organisation, Party,
    };
    let mut names = template::Names::new();
    let mut add = |slot: &str, name: &str| names.entry(slot.to_owned()).or_default().push(name.to_owned());
    for actor in actors.iter().filter(|actor| actor.is_own) {
        let slot = match actor.kind {
            _ if actor.is_club => "club",
            Company => "company",
            Media => "media",
            ArmedGroup => "group",
            Party => "party",
            Government | Intergovernmental | Military | Organisation => "body",
            crate::article::ActorKind::Person => continue,
        };
        add(slot, &actor.name);
        // Short forms of bodies are words of every day.
        if matches!(slot, "club" | "company" | "group") {
            actor.aliases.iter().filter(|alias| alias.is_ascii()).for_each(|alias| add(slot, alias));
        }
    }
    for firm in firms.keys() {
        add("company", firm);
        add("company", listed::short(firm));
    }
    for (slot, list) in [
        ("given", &lists.given),
        ("surname", &lists.surnames),
        ("city", &lists.cities),
        ("country", &lists.countries),
        ("demonym", &lists.demonyms),
    ] {
        for name in list {
            add(slot, name);
        }
    }
    names
}

/// Below this probability a self-given label is left open.
const SURE: f32 = 0.75;

/// Articles of the corpora with the labels that a tagger, the list of actors and the codes of shares give them; what
/// is unsure stays open.
fn own_labels(data: &Path, tagger: &Tagger<'_>) -> Result<Vec<Labelled>> {
    let authority = Authority::embedded()?;
    let mut found = Vec::new();
    let shares = [(CORPORA[0], 6, 0.72), (CORPORA[1], 7, 0.08), (CORPORA[2], 2, 0.15), (CORPORA[3], 4, 0.05)];
    for (name, step, share) in shares {
        let (mut number, mut bytes) = (0, 0);
        corpus::articles(&data.join(name), |record| {
            number += 1;
            let wanted =
                (record.body.len() as f64) < 8_000.0 && (bytes as f64) < SELF_LABELLED as f64 * share;
            if number % step == 0 && wanted {
                bytes += record.body.len();
                found.push(own_label(tagger, authority, &record));
            }
        })?;
    }
    let mut random = Random::new(SEED);
    for one in &mut found {
        match random.below(10) {
            0 => one.source = one.source.to_ascii_uppercase(),
            1 => one.source = one.source.to_ascii_lowercase(),
            _ => {}
        }
    }
    Ok(found)
}

fn own_label(tagger: &Tagger<'_>, authority: &Authority, record: &corpus::Record) -> Labelled {
    let whole = record.whole();
    let listed::Uncoded { source, ends } = listed::uncoded(&whole);
    let mut marks = Vec::new();
    {
        let text = Text::new(&source);
        let texts = [&text];
        let mut names = tagger.tag(&texts);
        let scene = actor::Scene { authority, lexicon: tagger.lexicon(), year: None, source: None };
        actor::claim(&texts, &mut names, &scene);
        for name in with_firms(&text, names.remove(0), &ends) {
            let class = (name.score >= SURE).then_some(name.class);
            marks.push(Mark { start: name.span.start, end: name.span.end, class });
        }
        tagger.each_run(&texts, |run, labels, marginals| {
            for (at, (label, row)) in run.tokens.clone().zip(labels.iter().zip(marginals)) {
                let span = text.tokens[at].span();
                let is_free = marks.iter().all(|mark| mark.end <= span.start || mark.start >= span.end);
                if usize::from(*label) == label::OUTSIDE && row[label::OUTSIDE] < SURE && is_free {
                    marks.push(Mark { start: span.start, end: span.end, class: None });
                }
            }
        });
    }
    marks.sort_by_key(|mark| mark.start);
    Labelled { source, marks, others_open: false, weight: SELF_WEIGHT }
}

/// The names of a text with the firms whose names end at the bytes `ends`; what else is called as they are is a firm.
fn with_firms(text: &Text, mut names: Vec<NameSpan>, ends: &[usize]) -> Vec<NameSpan> {
    let shown = |span: Span| &text.source[span.start..span.end];
    let mut known: Vec<&str> = Vec::new();
    for tokens in ends.iter().filter_map(|&end| listed::name(text, end)) {
        let (first, last) = (tokens.start, tokens.end);
        let span = Span::new(text.tokens[first].start as usize, text.tokens[last - 1].end as usize);
        let firm = NameSpan { span, first, last, class: NameClass::Organisation, score: 1.0 };
        names.retain(|name| name.last <= first || name.first >= last);
        names.push(firm);
        known.extend([shown(span), listed::short(shown(span)), text.word(first)]);
    }
    for name in names.iter_mut().filter(|name| name.class != NameClass::Location) {
        if known.contains(&shown(name.span)) {
            (name.class, name.score) = (NameClass::Organisation, 1.0);
        }
    }
    names.sort_by_key(|name| name.first);
    names
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;
    use crate::article::ActorKind;

    const CORPUS: &str = r#"{"id":1,"title":"Tarn rises","body":"LORNE (Agency) - Shares of Tarn Steel Corp (TRN.N) rose, said Anna Keller in Lorne on Monday."}"#;
    const LABELLED: &str = "Anna\tB-PER\nKeller\tI-PER\nof\tO\nTarn\tB-ORG\nleft\tO\nLorne\tB-LOC\n.\tO\n\n";
    const LABELS: &str = "newswire_30k\t1\t0\t10\t0-4 ORG\n";
    const PLACE: &str = "\n1\tLorne\tLorne\t1\t2\tPPL\tx\tx\t900000\tx\t\n";

    /// A data folder with next to nothing in every file.
    fn folder() -> std::path::PathBuf {
        let root = std::env::temp_dir().join(format!("dateline-train-{}", std::process::id()));
        let put = |path: &str, content: &str| {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            if path.extension().is_some_and(|extension| extension == "gz") {
                let mut packed = GzEncoder::new(fs::File::create(path).unwrap(), Compression::fast());
                packed.write_all(content.as_bytes()).unwrap();
                packed.finish().unwrap();
            } else {
                fs::write(path, content).unwrap();
            }
        };
        let articles = format!("{CORPUS}\n").repeat(24);
        for name in CORPORA {
            put(name, &articles);
        }
        for set in gold::paths() {
            put(set, &LABELLED.repeat(30));
        }
        put(
            "ner/train/re3d.jsonl",
            r#"{"text":"Anna Keller left.","mentions":[{"start":0,"end":11,"type":"Person","flat":true}]}"#,
        );
        put("gazetteer/places.tsv.gz", PLACE);
        for name in ["admin1", "admin2", "natural_features", "cldr_territories"] {
            put(&format!("gazetteer/{name}.tsv.gz"), "head\nXX.1\tLornshire\tLornshire\n");
        }
        put("gazetteer/cliff/wikipedia-demonyms.tsv", "a\nb\nVelland\tVellish\tVellanders\n");
        for list in ["first names/us", "first names/all", "surnames/us", "surnames/all"] {
            put(&format!("actors/names/NamesDatabases/{list}.txt"), "Keller\nBrandt\nNovak\n");
        }
        let row = ["Anna"; 12].join(",");
        put("actors/names/common-forenames-by-country.csv", &format!("{row}\n{row}\n"));
        put("actors/names/common-surnames-by-country.csv", &format!("{row}\n{row}\n"));
        root
    }

    fn club(number: usize) -> Entry {
        Entry {
            name: format!("Boca {number}"),
            kind: ActorKind::Organisation,
            country: "XX".to_owned(),
            is_club: true,
            is_own: true,
            is_leader: false,
            years: (None, None),
            aliases: Vec::new(),
        }
    }

    #[test]
    fn training_twice_gives_the_same_bytes() {
        let data = folder();
        let actors: Vec<Entry> = (0..8).map(club).collect();
        let templates = "[short 6]\n{firm} hired {person} in {city}.\n{club 1} beat {club} in {country}.\n";
        let sources =
            Sources { words: "[title]\nmr, mrs\n", templates, labels: LABELS, actors: &actors, reports: 15 };
        let [first, second] = [0, 1].map(|_| train(&data, sources, |_| ()).unwrap());
        fs::remove_dir_all(&data).unwrap();
        assert!(first.lexicon == second.lexicon && first.model == second.model);
        let text = Text::new("Anna Keller of Tarn left Lorne.");
        let names = Tagger::new(&first.lexicon, &first.model).unwrap().tag(&[&text]).remove(0);
        assert!(names.iter().any(|name| name.span.of(text.source) == "Anna Keller"), "{names:?}");
    }
}
