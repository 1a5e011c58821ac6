//! One winner per stretch of text.
//!
//! The rules, in one place:
//! 1. One decision per name: the tagger gives each span to actors or to places, so these never compete; where a
//!    resolver widened its span into a neighbour's, the longer mention stays, of equal ones the actor.
//! 2. A date that touches a name yields: "April Smith" and "Friday Prayers" are names, not days.
//! 3. Of two dates that overlap, the longer stays.

use crate::article::{Entity, Mention};

/// The mentions of one text in order of their start, without overlaps.
pub fn merged(actors: Vec<Mention>, places: Vec<Mention>, dates: Vec<Mention>) -> Vec<Mention> {
    let mut all: Vec<Mention> = Vec::with_capacity(actors.len() + places.len() + dates.len());
    all.extend(actors);
    all.extend(places);
    all.extend(dates);
    all.sort_by_key(|mention| mention.span.start);
    let mut kept: Vec<Mention> = Vec::with_capacity(all.len());
    for mention in all {
        let Some(last) = kept.last() else {
            kept.push(mention);
            continue;
        };
        if !last.span.overlaps(&mention.span) {
            kept.push(mention);
        } else if beats(&mention, last) {
            kept.pop();
            kept.push(mention);
        }
    }
    kept
}

fn beats(new: &Mention, old: &Mention) -> bool {
    let rank = |mention: &Mention| match mention.entity {
        Entity::Actor(_) => (1, mention.span.len(), 1),
        Entity::Place(_) => (1, mention.span.len(), 0),
        Entity::Date(_) => (0, mention.span.len(), 0),
    };
    rank(new) > rank(old)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::article::{Actor, ActorKind, Timex, TimexKind};
    use crate::span::Span;

    fn actor(start: usize, end: usize) -> Mention {
        let actor = Actor { name: "A".to_owned(), kind: ActorKind::Person, country: None };
        Mention { span: Span::new(start, end), entity: Entity::Actor(Arc::new(actor)) }
    }

    fn date(start: usize, end: usize) -> Mention {
        let timex = Timex { kind: TimexKind::Date, value: "2021".to_owned(), from: None, to: None };
        Mention { span: Span::new(start, end), entity: Entity::Date(Arc::new(timex)) }
    }

    fn spans(mentions: &[Mention]) -> Vec<(usize, usize)> {
        mentions.iter().map(|mention| (mention.span.start, mention.span.end)).collect()
    }

    #[test]
    fn a_date_yields_to_a_name_and_the_longer_wins() {
        assert_eq!(spans(&merged(vec![actor(0, 11)], vec![], vec![date(0, 5)])), [(0, 11)]);
        assert_eq!(
            spans(&merged(vec![actor(6, 11)], vec![], vec![date(0, 8), date(20, 24)])),
            [(6, 11), (20, 24)]
        );
        assert_eq!(spans(&merged(vec![], vec![], vec![date(0, 4), date(0, 9)])), [(0, 9)]);
        assert_eq!(spans(&merged(vec![actor(0, 3), actor(2, 8)], vec![], vec![])), [(2, 8)]);
    }
}
