//! The Tantivy schema, derived from `FIELDS`, and the few columns that no field shows.

use tantivy::schema::{
    BytesOptions, Field as Column, IndexRecordOption, NumericOptions, Schema, SchemaBuilder,
    TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{TextAnalyzer, TokenizerManager};

use crate::engine::local::analysis::{JoinedTokenizer, ValueTerms, ValueTokenizer};
use crate::field::{FACETS, FIELDS, Field, FieldKind};

/// The name of the column of heads.
pub(super) const HEAD: &str = "head";

/// The name of the column of marks.
pub(super) const MARKS: &str = "marks";

/// The name of the column of packed places.
pub(super) const KEPT_PLACES: &str = "kept-places";

/// The tokenizer of stems.
const STEMS: &str = "stems";

/// The tokenizer of unstemmed words.
const WORDS: &str = "words";

/// Every column of the index.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    /// The stems of title and body together, the title twice: its words weigh more and phrases need only one lookup.
    pub(super) whole: Column,
    /// The stems of the title alone.
    pub(super) title: Column,
    /// Distinct unstemmed words of title and body.
    pub(super) vocabulary: Column,
    /// Distinct unstemmed words of the title.
    pub(super) title_vocabulary: Column,
    /// By row of `FIELDS`; none for running text.
    values: Vec<Option<Column>>,
    /// By row of `FIELDS`; day intervals of calendar fields, both ends in one number. Where an article has many, each is
    /// kept once for all articles.
    intervals: Vec<Option<Column>>,
    /// Coordinates of places.
    pub(super) points: Column,
    /// What a line of a result list shows, as numbers of eight bytes: read without unpacking an article.
    pub(super) head: Column,
    /// Where the mentions of an article stand, as bits.
    pub(super) marks: Column,
    /// The places that an article mentions, packed.
    pub(super) kept_places: Column,
    /// What copies are found by.
    pub(super) signature: Column,
    /// The rest of the article, with its annotations.
    pub(super) stored: Column,
}

impl Columns {
    /// Lays the columns out in a schema.
    pub(super) fn lay_out() -> (Schema, Columns) {
        let mut builder = Schema::builder();
        let stems = TextFieldIndexing::default()
            .set_tokenizer(STEMS)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let stems = TextOptions::default().set_indexing_options(stems);
        let words = TextOptions::default().set_indexing_options(basic(WORDS));
        let columns = Columns {
            whole: builder.add_text_field("whole", stems.clone()),
            title: builder.add_text_field("title", stems),
            vocabulary: builder.add_text_field("vocabulary", words.clone()),
            title_vocabulary: builder.add_text_field("title-vocabulary", words),
            values: FIELDS.iter().map(|field| value_column(&mut builder, field)).collect(),
            intervals: FIELDS.iter().map(|field| interval_column(&mut builder, field)).collect(),
            points: builder.add_bytes_field("point", BytesOptions::default().set_indexed()),
            head: builder.add_u64_field(HEAD, NumericOptions::default().set_fast()),
            marks: builder.add_u64_field(MARKS, NumericOptions::default().set_fast()),
            kept_places: builder.add_bytes_field(KEPT_PLACES, BytesOptions::default().set_fast()),
            signature: builder.add_bytes_field("signature", BytesOptions::default().set_fast()),
            stored: builder.add_bytes_field("stored", BytesOptions::default().set_stored()),
        };
        (builder.build(), columns)
    }

    /// The tokenizers that the schema names.
    pub(super) fn tokenizers() -> TokenizerManager {
        let manager = TokenizerManager::default();
        manager.register(STEMS, TextAnalyzer::from(JoinedTokenizer { is_marked: true }));
        manager.register(WORDS, TextAnalyzer::from(JoinedTokenizer { is_marked: false }));
        for terms in [ValueTerms::AsIs, ValueTerms::Whole, ValueTerms::Words, ValueTerms::Path] {
            manager.register(terms.name(), TextAnalyzer::from(ValueTokenizer(terms)));
        }
        manager
    }

    /// The column of the values of `field`, which is not running text.
    pub(super) fn values(&self, field: &Field) -> Option<Column> {
        self.values[row(field)?]
    }

    /// The column of the intervals of a calendar field.
    pub(super) fn intervals(&self, field: &Field) -> Option<Column> {
        self.intervals[row(field)?]
    }
}

/// The place of `field` in the table.
fn row(field: &Field) -> Option<usize> {
    FIELDS.iter().position(|known| known.name == field.name)
}

fn value_column(builder: &mut SchemaBuilder, field: &Field) -> Option<Column> {
    let terms = ValueTerms::of(field)?;
    let options = TextOptions::default().set_indexing_options(basic(terms.name()));
    let options = if has_column(field) { options.set_fast("raw") } else { options };
    Some(builder.add_text_field(field.name, options))
}

/// Whether values of a field are told by article too: those that are counted, and identifiers, which order what is equal.
pub(super) fn has_column(field: &Field) -> bool {
    field.name == "id" || FACETS.iter().any(|facet| facet.field == field.name)
}

fn interval_column(builder: &mut SchemaBuilder, field: &Field) -> Option<Column> {
    let options = NumericOptions::default().set_fast();
    let name = interval_name(field.name);
    (field.kind == FieldKind::Calendar).then(|| match field.name {
        "published" => builder.add_u64_field(&name, options),
        _ => builder.add_bytes_field(&name, BytesOptions::default().set_fast()),
    })
}

/// The name of the column of the intervals of a calendar field.
pub(super) fn interval_name(field: &str) -> String {
    format!("{field}-interval")
}

/// Only which articles have the term.
fn basic(tokenizer: &str) -> TextFieldIndexing {
    TextFieldIndexing::default()
        .set_tokenizer(tokenizer)
        .set_index_option(IndexRecordOption::Basic)
        .set_fieldnorms(false)
}
