//! Trains the name tagger: lexicon, first pass, self-training, second pass, in that order.

use std::path::Path;

use crate::error::{Error, Result};
use crate::eval::train::cluster::WordFacts;
use crate::eval::train::corpus::{self, CORPORA};
use crate::eval::train::crf::{self, Example, Numbers, Settings, Weights};
use crate::eval::train::gold::{self, Labelled, Mark};
use crate::eval::train::random::Random;
use crate::eval::train::sample::{self, Sample};
use crate::eval::train::sport::{self, Lists, Material};
use crate::eval::train::{cluster, lexicon};
use crate::extract::name::label::{self, LABELS};
use crate::extract::name::lexicon::Lexicon;
use crate::extract::name::tagger::{Found, Pass, Tagger, spread};
use crate::reference::authority::Entry;
use crate::text::Text;

/// Everything random starts here.
const SEED: u64 = 7;
/// Invented sports reports.
const REPORTS: usize = 450;
/// Bytes of unlabelled text that the first tagger labels.
const SELF_LABELLED: usize = 6_000_000;
/// Weight of a self-labelled text.
const SELF_WEIGHT: f32 = 0.35;
/// Rows kept in the first pass; the table of the next power of two holds four fifths.
const ROWS: usize = 209_000;
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

/// Trains from the data folder, the word lists and the authority list; `tell` hears what is being done.
pub fn train(data: &Path, word_lists: &str, actors: &[Entry], tell: impl FnMut(&str)) -> Result<Files> {
    let facts = cluster::learn(data, SEED)?;
    train_with(data, word_lists, actors, &facts, tell)
}

/// As [`train`], with what the corpora say of words already known.
pub fn train_with(
    data: &Path,
    word_lists: &str,
    actors: &[Entry],
    facts: &[WordFacts],
    mut tell: impl FnMut(&str),
) -> Result<Files> {
    let lexicon = lexicon::compile(data, word_lists, actors, facts)?;
    tell(&format!("lexicon: {} bytes", lexicon.len()));
    let mut labelled = gold::labelled(data)?;
    let human = labelled.len();
    let lists = lists(data)?;
    let material = Material::new(actors, lists).ok_or_else(|| Error::Data {
        what: "sports reports".to_owned(),
        message: "a list of names is empty".to_owned(),
    })?;
    labelled.extend(sport::reports(&material, REPORTS, SEED));
    let unseen = human + REPORTS;
    add_case_copies(&mut labelled);
    let first = Round::fit(&labelled, &lexicon, 7)?;
    tell(&format!("first round: {} features", first.numbers.len()));
    let model = first.file();
    let own = own_labels(data, &Tagger::new(&lexicon, &model)?)?;
    tell(&format!("{} self-labelled texts", own.len()));
    labelled.extend(own);
    let second = Round::fit(&labelled, &lexicon, 6)?;
    tell(&format!("second round: {} features", second.numbers.len()));
    let mut model = second.file();
    model.extend(second_pass(&labelled[..unseen], &lexicon)?);
    Ok(Files { lexicon, model })
}

/// One fit of the first pass.
struct Round {
    numbers: Numbers,
    weights: Weights,
}

impl Round {
    fn fit(labelled: &[Labelled], lexicon: &[u8], epochs: usize) -> Result<Round> {
        let samples = sample::samples(labelled, &Lexicon::new(lexicon)?);
        Ok(Round::of(&samples.iter().collect::<Vec<_>>(), epochs))
    }

    fn of(samples: &[&Sample], epochs: usize) -> Round {
        let numbers = crf::index(samples.iter().flat_map(|sample| sample.keys.iter().flatten()), 2);
        let examples: Vec<Example> = samples.iter().map(|sample| example(sample, &numbers)).collect();
        let settings = Settings { epochs, rate: 0.08, decay: 1e-4, seed: SEED };
        let weights = crf::fit(&examples, numbers.len(), settings);
        Round { numbers, weights }
    }

    fn file(&self) -> Vec<u8> {
        crf::write(&self.weights, &self.numbers, ROWS, UNIT)
    }
}

fn example(sample: &Sample, numbers: &Numbers) -> Example {
    let rows = |keys: &Vec<u64>| keys.iter().filter_map(|key| numbers.get(key).copied()).collect();
    Example {
        base: Vec::new(),
        rows: sample.keys.iter().map(rows).collect(),
        allowed: sample.allowed.clone(),
        weight: sample.weight,
    }
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
        lists.countries.extend(row.split('\t').next().map(str::to_owned));
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

/// Below this probability a self-given label is left open.
const SURE: f32 = 0.75;

/// Articles of the corpora with the labels that a tagger gives them; what it is unsure of stays open.
fn own_labels(data: &Path, tagger: &Tagger<'_>) -> Result<Vec<Labelled>> {
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
                found.push(own_label(tagger, record));
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

fn own_label(tagger: &Tagger<'_>, record: corpus::Record) -> Labelled {
    let source = match record.title {
        Some(title) => format!("{title}\n\n{}", record.body),
        None => record.body,
    };
    let mut marks = Vec::new();
    {
        let text = Text::new(&source);
        let texts = [&text];
        for name in tagger.tag(&texts).into_iter().flatten() {
            let class = (name.score >= SURE).then_some(name.class);
            marks.push(Mark { start: name.span.start, end: name.span.end, class });
        }
        tagger.each_run(&texts, |run, labels, marginals| {
            for (at, (label, row)) in run.tokens.clone().zip(labels.iter().zip(marginals)) {
                if usize::from(*label) == label::OUTSIDE && row[label::OUTSIDE] < SURE {
                    let span = text.tokens[at].span();
                    marks.push(Mark { start: span.start, end: span.end, class: None });
                }
            }
        });
    }
    marks.sort_by_key(|mark| mark.start);
    Labelled { source, marks, others_open: false, weight: SELF_WEIGHT }
}

/// Fits the second pass on scores that a first pass gives to texts it has not seen: two halves, crosswise.
fn second_pass(labelled: &[Labelled], lexicon: &[u8]) -> Result<Vec<u8>> {
    let samples = sample::samples(labelled, &Lexicon::new(lexicon)?);
    let halves: [Vec<&Sample>; 2] =
        [0, 1].map(|half| samples.iter().filter(|sample| sample.document % 2 == half).collect());
    let mut keys: Vec<Vec<Vec<u64>>> = Vec::new();
    let mut examples = Vec::new();
    for half in 0..2 {
        let round = Round::of(&halves[1 - half], 6);
        for document in by_document(&halves[half]) {
            evidence(&document, &round, &mut examples, &mut keys);
        }
    }
    let numbers = crf::index(keys.iter().flatten().flatten(), 3);
    for (example, keys) in examples.iter_mut().zip(&keys) {
        let rows = |keys: &Vec<u64>| keys.iter().filter_map(|key| numbers.get(key).copied()).collect();
        example.rows = keys.iter().map(rows).collect();
    }
    let settings = Settings { epochs: 5, rate: 0.05, decay: 1e-4, seed: SEED };
    let weights = crf::fit(&examples, numbers.len(), settings);
    Ok(crf::write(&weights, &numbers, 20_000, UNIT))
}

fn by_document<'s>(samples: &[&'s Sample]) -> Vec<Vec<&'s Sample>> {
    let mut documents: Vec<Vec<&Sample>> = Vec::new();
    for &sample in samples {
        match documents.last_mut().filter(|last| last[0].document == sample.document) {
            Some(last) => last.push(sample),
            None => documents.push(vec![sample]),
        }
    }
    documents
}

/// Adds the examples of one document: scores of the first pass as a base, evidence as features.
fn evidence(document: &[&Sample], round: &Round, examples: &mut Vec<Example>, keys: &mut Vec<Vec<Vec<u64>>>) {
    let chain = crf::chain(&round.weights);
    let mut pass = Pass::default();
    let mut scores: Vec<[f32; LABELS]> = Vec::new();
    for sample in document {
        crf::scores(&example(sample, &round.numbers), &round.weights, &mut scores);
        pass.push(0, 0..sample.keys.len(), scores.iter().copied().zip(sample.normals.iter().copied()));
    }
    let found = Found::gather(&chain, &mut pass);
    for (sample, run) in document.iter().zip(&pass.runs) {
        let mut of_run = Vec::new();
        for row in run.rows() {
            let mut of_row = Vec::new();
            found.keys(&pass, run, row, &mut of_row);
            for key in &mut of_row {
                *key = spread(*key);
            }
            of_run.push(of_row);
        }
        keys.push(of_run);
        examples.push(Example {
            base: pass.scores[run.rows()].to_vec(),
            rows: Vec::new(),
            allowed: sample.allowed.clone(),
            weight: sample.weight,
        });
    }
}
