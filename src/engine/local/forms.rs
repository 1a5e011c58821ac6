//! What a leaf of a query stands for in this archive: the forms of a word, the words of a pattern, the values that a
//! name is bound to, each with the number of articles that have it.
//!
//! Takes a leaf, gives words or values, most frequent first. Reads dictionaries; never reads articles.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;
use tantivy::{SegmentReader, Term};

use crate::engine::local::analysis::{AS_IS, folded_path, folded_word, leaf, marked, words};
use crate::engine::local::bind::allowed_typos;
use crate::engine::local::bind::{compile, folded, wildcard};
use crate::engine::local::meaning::{Meaning, is_close};
use crate::engine::local::ordinals::Ordinals;
use crate::engine::local::schema::has_column;
use crate::engine::local::search::Searching;
use crate::error::Result;
use crate::field::{Field, FieldKind};
use crate::query::Query;
use crate::query::response::{FacetValue, Unit};
use crate::text::fold;

/// Forms of a word begin alike in one letter at least, but for those of Arabic.
const COMMON_LETTERS: usize = 1;

/// Says whether a word or value is meant.
type Accept<'a> = &'a dyn Fn(&str) -> bool;

impl Searching {
    /// What `query` stands for; empty for what is no leaf, or has no words or values.
    pub(super) fn forms(&self, query: &Query) -> Result<Vec<FacetValue>> {
        let title = |field: &Field| field.name == "title";
        match query {
            Query::Word { field, text, exact: false, distance } if is_text(*field) => {
                self.forms_of_word(field.is_some_and(title), text, usize::from(*distance))
            }
            Query::Prefix { field, text } if is_text(*field) => match words(text).len() {
                1 => self.words_where(field.is_some_and(title), &folded_word(text), &|_| true),
                _ => Ok(Vec::new()),
            },
            Query::Value { field, value, distance } => {
                let meaning = Meaning::of(&self.snapshot, field, value, *distance)?;
                self.values_where(field, &|value| meaning.accepts(field, value))
            }
            Query::Prefix { field: Some(field), text } => {
                let begun = folded(Some(field), text);
                self.values_where(field, &|value| either(value, &|name| name.starts_with(&begun)))
            }
            Query::Wildcard { field, pattern } => {
                self.matching_forms(*field, &wildcard(&folded(*field, pattern)))
            }
            Query::Regex { field, pattern } => self.matching_forms(*field, pattern),
            _ => Ok(Vec::new()),
        }
    }

    /// The words of the archive that are forms of this one, or that many typos away.
    fn forms_of_word(&self, title: bool, text: &str, typos: usize) -> Result<Vec<FacetValue>> {
        let wanted = folded_word(text);
        // What is several words to the index (`well-known`) has no forms of its own.
        if words(text).len() != 1 {
            return Ok(Vec::new());
        }
        let typos = allowed_typos(&wanted, typos);
        if typos > 0 {
            return self.words_where(title, "", &|word| is_close(word, &wanted, typos));
        }
        let analysers = self.snapshot.analysers.iter();
        let stems: Vec<_> = analysers.map(|&analyser| (analyser, analyser.term(text))).collect();
        let begins_freely = !text.is_ascii() && stems.iter().any(|(analyser, _)| analyser.name() == "arabic");
        let letters = if begins_freely { 0 } else { COMMON_LETTERS };
        let begun: String = wanted.chars().take(letters).collect();
        self.words_where(title, &begun, &|word| {
            stems.iter().any(|(analyser, stem)| analyser.term(word) == *stem)
        })
    }

    /// The words or values that a regular expression matches whole.
    fn matching_forms(&self, field: Option<&'static Field>, pattern: &str) -> Result<Vec<FacetValue>> {
        let regex = compile(pattern)?;
        if let Some(field) = field.filter(|field| field.kind != FieldKind::Text) {
            return self.values_where(field, &|value| either(value, &|name| regex.is_match(name)));
        }
        let title = field.is_some_and(|field| field.name == "title");
        self.words_where(title, "", &|word| regex.is_match(word))
    }

    /// The unstemmed words of the archive, or of its titles, that begin so and pass.
    fn words_where(&self, title: bool, begun: &str, accept: Accept<'_>) -> Result<Vec<FacetValue>> {
        let columns = self.snapshot.columns();
        let column = if title { columns.title_vocabulary } else { columns.vocabulary };
        let mut counts: FxHashMap<String, usize> = FxHashMap::default();
        let mut read = |reader: &SegmentReader| -> tantivy::Result<()> {
            let index = reader.inverted_index(column)?;
            let mut terms = index.terms().range().ge(begun.as_bytes()).into_stream()?;
            while terms.advance() {
                let Ok(word) = std::str::from_utf8(terms.key()) else { continue };
                if !word.starts_with(begun) {
                    break;
                }
                if accept(word) {
                    *counts.entry(word.to_owned()).or_default() += having(reader, column, terms.value())?;
                }
            }
            Ok(())
        };
        for reader in self.snapshot.searcher.segment_readers() {
            read(reader).map_err(|error| self.snapshot.error(&error))?;
        }
        let words = counts.into_iter().filter(|&(_, count)| count > 0);
        Ok(sorted(words.map(|(word, count)| counted(&word, &word, count)).collect()))
    }

    /// The values of a field that pass, or those as which they count.
    fn values_where(&self, field: &'static Field, accept: Accept<'_>) -> Result<Vec<FacetValue>> {
        let ordinals = self.snapshot.ordinals(field)?;
        if !has_column(field) {
            return self.values_by_term(field, &ordinals, accept);
        }
        let whole = self.whole(field, &ordinals, Unit::Articles)?;
        let mut found = BTreeSet::new();
        for value in ordinals.values().filter(|value| accept(value)) {
            let target = if field.name == "actor" { self.snapshot.counted_as(value)? } else { None };
            found.extend(ordinals.find(target.as_deref().unwrap_or(value)));
        }
        let values = found.into_iter().map(|number| {
            let (value, count) = (ordinals.value(number), whole.counts[number] as usize);
            counted(value, if field.kind == FieldKind::Path { leaf(value) } else { value }, count)
        });
        Ok(sorted(values.filter(|value| value.count > 0).collect()))
    }

    /// The same for a field that is not counted.
    pub(super) fn values_by_term(
        &self,
        field: &'static Field,
        ordinals: &Ordinals,
        accept: Accept<'_>,
    ) -> Result<Vec<FacetValue>> {
        let Some(column) = self.snapshot.columns().values(field) else { return Ok(Vec::new()) };
        let count = |value: &str| -> tantivy::Result<usize> {
            let mut count = 0;
            for reader in self.snapshot.searcher.segment_readers() {
                let term = Term::from_field_text(column, &marked(AS_IS, value));
                if let Some(term) = reader.inverted_index(column)?.get_term_info(&term)? {
                    count += having(reader, column, &term)?;
                }
            }
            Ok(count)
        };
        let mut values = Vec::new();
        for value in ordinals.values().filter(|value| accept(value)) {
            let count = count(value).map_err(|error| self.snapshot.error(&error))?;
            values.extend((count > 0).then(|| counted(value, value, count)));
        }
        Ok(sorted(values))
    }
}

fn is_text(field: Option<&'static Field>) -> bool {
    field.is_none_or(|field| field.kind == FieldKind::Text)
}

/// Whether a value, whole or in its last step, passes a test of its folded form.
fn either(value: &str, test: Accept<'_>) -> bool {
    test(&folded_path(value)) || test(&fold::key(leaf(value)))
}

/// How many articles of a segment have a term, without those taken out.
fn having(reader: &SegmentReader, column: tantivy::schema::Field, term: &TermInfo) -> tantivy::Result<usize> {
    let Some(alive) = reader.alive_bitset() else { return Ok(term.doc_freq as usize) };
    let index = reader.inverted_index(column)?;
    let postings = index.read_postings_from_terminfo(term, IndexRecordOption::Basic)?;
    Ok(postings.doc_freq_given_deletes(alive) as usize)
}

fn counted(value: &str, label: &str, count: usize) -> FacetValue {
    FacetValue { value: value.to_owned(), label: label.to_owned(), count, selected: false, unusual: None }
}

fn sorted(mut values: Vec<FacetValue>) -> Vec<FacetValue> {
    values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    values
}
