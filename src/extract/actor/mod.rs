//! People and organisations: joins name spans to actors under one canonical name, with their kind.

use std::sync::Arc;

use crate::article::{Actor, ActorKind, Entity, Mention};
use crate::extract::name::{NameClass, NameSpan};
use crate::text::Text;

/// The actors that the names of one article stand for, text by text.
pub fn link(texts: &[&Text], names: &[Vec<NameSpan>]) -> Vec<Vec<Mention>> {
    texts
        .iter()
        .zip(names)
        .map(|(text, spans)| spans.iter().filter_map(|name| mention(text, name)).collect())
        .collect()
}

fn mention(text: &Text, name: &NameSpan) -> Option<Mention> {
    let kind = match name.class {
        NameClass::Person => ActorKind::Person,
        NameClass::Organisation => ActorKind::Organisation,
        NameClass::Location | NameClass::Other => return None,
    };
    let actor = Actor { name: name.span.of(text.source).to_owned(), kind, country: None };
    Some(Mention { span: name.span, entity: Entity::Actor(Arc::new(actor)) })
}
