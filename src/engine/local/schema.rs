//! The Tantivy schema, derived from `FIELDS`, and the few columns that no field shows.

use tantivy::schema::{
    BytesOptions, Field as Column, IndexRecordOption, NumericOptions, Schema, SchemaBuilder,
    TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{TextAnalyzer, TokenizerManager};

use crate::engine::local::analysis::{
    Analyser, TextTokenizer, ValueTerms, ValueTokenizer, VocabularyTokenizer,
};
use crate::field::{FIELDS, Field, FieldKind};
use crate::language::Language;

/// The name of the column of heads.
pub(super) const HEAD: &str = "head";

/// The columns for texts of one analyser.
#[derive(Debug, Clone, Copy)]
pub(super) struct TextColumns {
    /// How they are analysed.
    pub(super) analyser: Analyser,
    /// Title and body together, the title twice: its words weigh more and phrases need only one lookup.
    pub(super) whole: Column,
    /// The title alone.
    pub(super) title: Column,
}

/// Every column of the index.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    /// One row per analyser, in the order of [`Analyser::all`].
    pub(super) texts: Vec<TextColumns>,
    /// Distinct unstemmed words of title and body.
    pub(super) vocabulary: Column,
    /// Distinct unstemmed words of the title.
    pub(super) title_vocabulary: Column,
    /// By row of `FIELDS`; none for running text.
    values: Vec<Option<Column>>,
    /// By row of `FIELDS`; day intervals of calendar fields, both ends in one number.
    intervals: Vec<Option<Column>>,
    /// Coordinates of places.
    pub(super) points: Column,
    /// What a line of a result list shows, as numbers of eight bytes: read without unpacking an article.
    pub(super) head: Column,
    /// What copies are found by.
    pub(super) signature: Column,
    /// The rest of the article, with its annotations.
    pub(super) stored: Column,
}

impl Columns {
    /// Lays the columns out in a schema.
    pub(super) fn lay_out() -> (Schema, Columns) {
        let mut builder = Schema::builder();
        let texts =
            Analyser::all().into_iter().map(|analyser| text_columns(&mut builder, analyser)).collect();
        let words = TextOptions::default().set_indexing_options(basic("vocabulary"));
        let columns = Columns {
            texts,
            vocabulary: builder.add_text_field("vocabulary", words.clone()),
            title_vocabulary: builder.add_text_field("title-vocabulary", words),
            values: FIELDS.iter().map(|field| value_column(&mut builder, field)).collect(),
            intervals: FIELDS.iter().map(|field| interval_column(&mut builder, field)).collect(),
            points: builder.add_bytes_field("point", BytesOptions::default().set_indexed()),
            head: builder.add_u64_field(HEAD, NumericOptions::default().set_fast()),
            signature: builder.add_bytes_field("signature", BytesOptions::default().set_fast()),
            stored: builder.add_bytes_field("stored", BytesOptions::default().set_stored()),
        };
        (builder.build(), columns)
    }

    /// The tokenizers that the schema names.
    pub(super) fn tokenizers() -> TokenizerManager {
        let manager = TokenizerManager::default();
        for analyser in Analyser::all() {
            manager.register(&text_tokenizer(analyser), TextAnalyzer::from(TextTokenizer::new(analyser)));
        }
        for terms in [ValueTerms::AsIs, ValueTerms::Whole, ValueTerms::Words, ValueTerms::Path] {
            manager.register(terms.name(), TextAnalyzer::from(ValueTokenizer(terms)));
        }
        manager.register("vocabulary", TextAnalyzer::from(VocabularyTokenizer));
        manager
    }

    /// The columns for texts in `language`.
    pub(super) fn texts_in(&self, language: Language) -> &TextColumns {
        let analyser = Analyser::of(language);
        self.texts.iter().find(|columns| columns.analyser == analyser).unwrap_or(&self.texts[0])
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

fn text_columns(builder: &mut SchemaBuilder, analyser: Analyser) -> TextColumns {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(&text_tokenizer(analyser))
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let options = TextOptions::default().set_indexing_options(indexing);
    TextColumns {
        analyser,
        whole: builder.add_text_field(&format!("whole-{}", analyser.name()), options.clone()),
        title: builder.add_text_field(&format!("title-{}", analyser.name()), options),
    }
}

fn text_tokenizer(analyser: Analyser) -> String {
    format!("text-{}", analyser.name())
}

fn value_column(builder: &mut SchemaBuilder, field: &Field) -> Option<Column> {
    let terms = ValueTerms::of(field)?;
    let options = TextOptions::default().set_indexing_options(basic(terms.name())).set_fast("raw");
    Some(builder.add_text_field(field.name, options))
}

fn interval_column(builder: &mut SchemaBuilder, field: &Field) -> Option<Column> {
    let options = NumericOptions::default().set_fast();
    (field.kind == FieldKind::Calendar).then(|| builder.add_u64_field(&interval_name(field.name), options))
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
