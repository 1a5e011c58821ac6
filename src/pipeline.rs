//! The product in two functions: annotate an article, ingest a folder.

use crate::article::{Annotated, Article};
use crate::extract::{Context, Extractor};
use crate::text::detect;

/// Finds language, people, organisations, places and dates of an article.
pub fn annotate(extractor: &Extractor, article: Article) -> Annotated {
    let language = detect::language(article.language, article.title(), &article.text);
    let published = article.published.clone();
    let context = Context { article: &article, language, published: published.as_ref() };
    let annotations = extractor.annotate(&context);
    Annotated { article, language, published, annotations }
}
