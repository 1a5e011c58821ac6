//! Who, where and when in short articles: every case of `tests/cases/LANGUAGE/*.md`.
//!
//! A case is a heading, `published: DATE` where relative dates need it, the article as a block quote, and a list of
//! what must be found: `` - `al-Qaim` place Asia/Iraq ``, `` - `Biden` person Joe Biden ``, `` - `Sunday` date 2021-06-27 ``,
//! `` - `Iranian` demonym Iran ``, or `` - `May` nothing ``. A place is right when its path begins as the case says or
//! ends in it. A heading that ends in `(open)` says what is not reached yet: it is reported, not demanded.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use dateline::article::{Article, Entity, Mention};
use dateline::calendar::{DateSource, Precision, Published};
use dateline::extract::Extractor;
use dateline::language::Language;
use dateline::pipeline::annotate;

/// One article with what must be found in it.
struct Case {
    heading: String,
    open: bool,
    article: Article,
    expected: Vec<String>,
}

#[test]
fn short_articles_are_annotated_as_their_cases_say() {
    let extractor = Extractor::embedded().unwrap();
    let (mut wrong, mut demanded, mut reached) = (String::new(), 0, 0);
    for path in case_files() {
        let cases = cases(&path);
        assert!(!cases.is_empty(), "{} has no case", path.display());
        for case in cases {
            let annotated = annotate(&extractor, case.article);
            for line in &case.expected {
                let problem = problem(line, &annotated.article.text, &annotated.annotations.mentions);
                demanded += usize::from(!case.open);
                reached += usize::from(case.open && problem.is_none());
                if let (Some(problem), false) = (problem, case.open) {
                    let _ = writeln!(wrong, "{}, {}: {problem}", path.display(), case.heading);
                }
            }
        }
    }
    assert!(demanded > 80, "only {demanded} expectations read");
    assert!(wrong.is_empty(), "{wrong}\n({reached} open expectations hold)");
}

fn case_files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files = Vec::new();
    for language in fs::read_dir(root).unwrap() {
        files.extend(fs::read_dir(language.unwrap().path()).unwrap().map(|file| file.unwrap().path()));
    }
    files.sort();
    files
}

fn cases(path: &Path) -> Vec<Case> {
    let source = fs::read_to_string(path).unwrap();
    let language = path.parent().and_then(Path::file_name).and_then(|name| name.to_str()).unwrap();
    let language = Language::parse(language);
    assert!(language.is_some(), "{} lies in no language's folder", path.display());
    source.split("\n## ").skip(1).map(|section| case(section, language, path)).collect()
}

fn case(section: &str, language: Option<Language>, path: &Path) -> Case {
    let (heading, rest) = section.split_once('\n').unwrap();
    let mut case = Case {
        heading: heading.to_owned(),
        open: heading.ends_with("(open)"),
        article: Article { language, ..Article::default() },
        expected: Vec::new(),
    };
    for line in rest.lines() {
        if let Some(date) = line.strip_prefix("published: ") {
            let date = date.parse().unwrap();
            let (precision, source) = (Precision::Day, DateSource::Field);
            case.article.published = Some(Published { date, time: None, precision, source });
        } else if let Some(text) = line.strip_prefix('>') {
            case.article.text += text.strip_prefix(' ').unwrap_or(text);
            case.article.text.push('\n');
        } else if let Some(expected) = line.strip_prefix("- ") {
            case.expected.push(expected.to_owned());
        } else {
            assert!(line.trim().is_empty(), "{}, {heading}: what is {line:?}?", path.display());
        }
    }
    assert!(!case.expected.is_empty(), "{}, {heading}: nothing is expected", path.display());
    case
}

/// What is wrong with the mentions of `line`'s words, if anything is.
fn problem(line: &str, text: &str, mentions: &[Mention]) -> Option<String> {
    let (words, wanted) = line.strip_prefix('`').and_then(|line| line.split_once("` ")).unwrap();
    assert!(text.contains(words), "{words:?} does not occur in {text:?}");
    if wanted == "nothing" {
        let places: Vec<_> = text.match_indices(words).map(|(at, _)| (at, at + words.len())).collect();
        let hit = mentions.iter().find(|mention| {
            places.iter().any(|(start, end)| mention.span.start < *end && *start < mention.span.end)
        })?;
        return Some(format!("`{words}` is {}, not nothing", shown(hit)));
    }
    let found: Vec<&Mention> = mentions.iter().filter(|mention| mention.span.of(text) == words).collect();
    let (kind, value) = wanted.split_once(' ').unwrap();
    if found.iter().any(|mention| is(&mention.entity, kind, value)) {
        return None;
    }
    let found: Vec<String> = found.into_iter().map(shown).collect();
    Some(format!(
        "`{words}` is {}, not {wanted}",
        if found.is_empty() { "nothing".into() } else { found.join(" and ") }
    ))
}

fn is(entity: &Entity, kind: &str, value: &str) -> bool {
    match entity {
        Entity::Actor(actor) => actor.kind.name() == kind && actor.name == value,
        Entity::Place(place) => {
            let path = place.path.join("/");
            let along = path == value
                || path.starts_with(&format!("{value}/"))
                || path.ends_with(&format!("/{value}"));
            along && kind == if place.demonym { "demonym" } else { "place" }
        }
        Entity::Date(timex) => kind == timex.kind.name() && timex.value == value,
    }
}

fn shown(mention: &Mention) -> String {
    match &mention.entity {
        Entity::Actor(actor) => format!("{} {}", actor.kind.name(), actor.name),
        Entity::Place(place) if place.demonym => format!("demonym {}", place.path.join("/")),
        Entity::Place(place) => format!("place {}", place.path.join("/")),
        Entity::Date(timex) => format!("{} {}", timex.kind.name(), timex.value),
    }
}
