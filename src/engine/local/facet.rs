//! From counted values to what a facet shows: the values its view lets through, the selected ones marked.

use std::cmp::Reverse;
use std::ops::Range;

use rustc_hash::FxHashSet;

use crate::engine::local::meaning::is_region;
use crate::engine::local::ordinals::Ordinals;
use crate::field::{FacetView, MISSING};
use crate::query::request::FacetRequest;
use crate::query::response::{FacetCounts, FacetValue};
use crate::reference::country;

/// The selected values of one field, as they are shown.
#[derive(Debug, Default)]
pub(super) struct Selected {
    values: FxHashSet<String>,
    /// The selected values and everything above them: their children are shown.
    open: FxHashSet<String>,
}

impl Selected {
    /// Takes `values` of a field whose steps are parted by `separator`.
    pub(super) fn new(values: impl IntoIterator<Item = String>, separator: char) -> Selected {
        let mut selected = Selected::default();
        for value in values {
            let mut above = Some(value.as_str());
            while let Some(node) = above {
                selected.open.insert(node.to_owned());
                above = parent(node, separator);
            }
            selected.values.insert(value);
        }
        selected
    }
}

/// The node above, if there is one. A leading minus sign belongs to its year.
fn parent(node: &str, separator: char) -> Option<&str> {
    node.rfind(separator).filter(|&at| at > 0).map(|at| &node[..at])
}

/// The step separator of a view.
pub(super) fn separator(view: FacetView) -> char {
    if view == FacetView::Calendar { '-' } else { '/' }
}

/// What the facet shows of the counts of its field.
pub(super) fn shown(
    request: FacetRequest,
    ordinals: &Ordinals,
    counts: &[u32],
    selected: &Selected,
) -> FacetCounts {
    let view = request.facet.view;
    let lens = Lens::new(view, ordinals, selected);
    let numbered = counts.iter().enumerate();
    let mut found: Vec<(u32, &str)> = numbered
        .filter(|&(number, &count)| count > 0 && lens.lets_through(number))
        .map(|(number, &count)| (count, ordinals.value(number)))
        .collect();
    if request.facet.field == "place" || request.facet.field == "focus" {
        found.retain(|(_, value)| value.contains('/') || !is_region(value));
    }
    let all = found.len();
    let limit = request.limit.unwrap_or(usize::MAX);
    let by_count = |&(count, value): &(u32, &str)| (Reverse(count), value.to_owned());
    if limit < found.len() {
        found.select_nth_unstable_by(limit, |a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        let left_out = found.split_off(limit);
        // A selected value stays in sight however rare it is.
        found.extend(left_out.into_iter().filter(|(_, value)| selected.values.contains(*value)));
    }
    if view == FacetView::Calendar {
        found.sort_by_key(|&(_, value)| in_time(value));
    } else {
        found.sort_by_key(by_count);
    }
    let more = all - found.len();
    let separator = separator(view);
    let values = found
        .into_iter()
        .map(|(count, value)| FacetValue {
            value: value.to_owned(),
            label: if request.facet.field == "actor-country" {
                country::label(value).to_owned()
            } else {
                label(value, separator).to_owned()
            },
            count: count as usize,
            selected: selected.values.contains(value),
        })
        .collect();
    FacetCounts { name: request.facet.name, values, more }
}

/// The last step of a path; calendar nodes are shown whole.
fn label(value: &str, separator: char) -> &str {
    if separator == '-' { value } else { value.rsplit(separator).next().unwrap_or(value) }
}

/// A view over the values of one field. Values are in order, so that what lies under one top is a range.
struct Lens<'o> {
    view: FacetView,
    ordinals: &'o Ordinals,
    selected: &'o Selected,
    under: Range<usize>,
}

impl<'o> Lens<'o> {
    fn new(view: FacetView, ordinals: &'o Ordinals, selected: &'o Selected) -> Lens<'o> {
        let under = match view {
            FacetView::Under(top) | FacetView::NotUnder(top) => ordinals.beginning(&format!("{top}/")),
            _ => 0..0,
        };
        Lens { view, ordinals, selected, under }
    }

    fn lets_through(&self, number: usize) -> bool {
        match self.view {
            FacetView::Flat => true,
            FacetView::Top => self.ordinals.depth(number) == 1,
            FacetView::Under(_) => self.under.contains(&number),
            FacetView::NotUnder(_) => self.ordinals.depth(number) > 1 && !self.under.contains(&number),
            FacetView::Depth(wanted) => self.is_at_depth(number, wanted),
            FacetView::Calendar => self.is_at_depth(number, 1),
        }
    }

    /// Nodes at this depth, and the children of what is selected and of what lies between.
    fn is_at_depth(&self, number: usize, wanted: usize) -> bool {
        let depth = self.ordinals.depth(number);
        depth == wanted
            || depth > wanted && !self.selected.open.is_empty() && {
                let above = parent(self.ordinals.value(number), separator(self.view));
                above.is_some_and(|above| self.selected.open.contains(above))
            }
    }
}

/// Sorts calendar nodes by time, years before the common era first, the missing date last.
fn in_time(value: &str) -> (bool, i32, u32, u32) {
    if value == MISSING {
        return (true, 0, 0, 0);
    }
    let (sign, digits) = value.strip_prefix('-').map_or((1, value), |digits| (-1, digits));
    let mut steps = digits.split('-');
    let year: i32 = steps.next().and_then(|year| year.parse().ok()).unwrap_or(0);
    let mut step = || steps.next().and_then(|step| step.parse().ok()).unwrap_or(0);
    let month = step();
    (false, sign * year, month, step())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown_by(view: FacetView, values: &[&str], selected: &Selected) -> Vec<String> {
        let mut values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        values.sort();
        let ordinals = Ordinals::merged(&[values], Some(separator(view)));
        let lens = Lens::new(view, &ordinals, selected);
        let numbers = (0..ordinals.len()).filter(|&number| lens.lets_through(number));
        numbers.map(|number| ordinals.value(number).to_owned()).collect()
    }

    #[test]
    fn views_let_their_nodes_through() {
        let none = Selected::default();
        let actors = ["company", "company/Ford", "person", "person/Joe Biden", "personal/X"];
        assert_eq!(shown_by(FacetView::Top, &actors, &none), ["company", "person"]);
        assert_eq!(shown_by(FacetView::Under("person"), &actors, &none), ["person/Joe Biden"]);
        assert_eq!(shown_by(FacetView::NotUnder("person"), &actors, &none), ["company/Ford", "personal/X"]);
        let places = [
            "Asia",
            "Asia/Iraq",
            "Asia/Iraq/Anbar",
            "Asia/Iraq/Anbar/Al Qaim",
            "Asia/Iraq/Erbil",
            "Asia/Iraq/Erbil/Soran",
        ];
        assert_eq!(shown_by(FacetView::Depth(2), &places, &none), ["Asia/Iraq"]);
        let anbar = Selected::new(["Asia/Iraq/Anbar".to_owned()], '/');
        assert_eq!(
            shown_by(FacetView::Depth(2), &places, &anbar),
            ["Asia/Iraq", "Asia/Iraq/Anbar", "Asia/Iraq/Anbar/Al Qaim", "Asia/Iraq/Erbil"]
        );
        let days = ["-0048", "2020-01", "2021", "2021-06", "2021-06-28", "2021-07", "2021-07-01", MISSING];
        let june = Selected::new(["2021-06".to_owned()], '-');
        assert_eq!(
            shown_by(FacetView::Calendar, &days, &june),
            ["-0048", "2021", "2021-06", "2021-06-28", "2021-07", MISSING]
        );
    }

    #[test]
    fn calendar_nodes_sort_by_time() {
        let mut nodes = vec!["2021", MISSING, "-0048", "2021-06-28", "0900", "-0100", "2021-06"];
        nodes.sort_by_key(|node| in_time(node));
        assert_eq!(nodes, ["-0100", "-0048", "0900", "2021", "2021-06", "2021-06-28", MISSING]);
    }
}
