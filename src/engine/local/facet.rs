//! From counted values to what a facet shows: the values its view lets through, the selected ones marked.

use std::cmp::Reverse;

use rustc_hash::FxHashSet;

use crate::engine::local::meaning::is_region;
use crate::engine::local::ordinals::Ordinals;
use crate::field::{FacetView, MISSING};
use crate::query::request::FacetRequest;
use crate::query::response::{FacetCounts, FacetValue};

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

fn depth(node: &str, separator: char) -> usize {
    node.char_indices().filter(|&(at, c)| c == separator && at > 0).count() + 1
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
    let mut found: Vec<(u32, &str)> = Vec::new();
    for (number, &count) in counts.iter().enumerate() {
        if count == 0 {
            continue;
        }
        let value = ordinals.value(number);
        if lets_through(view, value, selected) {
            found.push((count, value));
        }
    }
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
            label: label(value, separator).to_owned(),
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

fn lets_through(view: FacetView, value: &str, selected: &Selected) -> bool {
    match view {
        FacetView::Flat => true,
        FacetView::Top => !value.contains('/'),
        FacetView::Under(top) => lies_under(value, top),
        FacetView::NotUnder(top) => value.contains('/') && !lies_under(value, top),
        FacetView::Depth(wanted) => at_depth(value, wanted, '/', selected),
        FacetView::Calendar => at_depth(value, 1, '-', selected),
    }
}

fn lies_under(value: &str, top: &str) -> bool {
    value.strip_prefix(top).is_some_and(|rest| rest.starts_with('/'))
}

/// Nodes at this depth, and the children of what is selected and of what lies between.
fn at_depth(value: &str, wanted: usize, separator: char, selected: &Selected) -> bool {
    let depth = depth(value, separator);
    depth == wanted
        || depth > wanted && parent(value, separator).is_some_and(|parent| selected.open.contains(parent))
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

    #[test]
    fn views_let_their_nodes_through() {
        let none = Selected::default();
        let iraq = Selected::new(["Asia/Iraq/Anbar".to_owned()], '/');
        let cases = [
            (FacetView::Top, "Asia", &none, true),
            (FacetView::Top, "Asia/Iraq", &none, false),
            (FacetView::Under("person"), "person/Joe Biden", &none, true),
            (FacetView::Under("person"), "person", &none, false),
            (FacetView::NotUnder("person"), "company", &none, false),
            (FacetView::NotUnder("person"), "company/Ford", &none, true),
            (FacetView::Depth(2), "Asia/Iraq", &none, true),
            (FacetView::Depth(2), "Asia/Iraq/Anbar", &none, false),
            (FacetView::Depth(2), "Asia/Iraq/Anbar", &iraq, true),
            (FacetView::Depth(2), "Asia/Iraq/Erbil", &iraq, true),
            (FacetView::Depth(2), "Asia/Iraq/Anbar/Al Qaim", &iraq, true),
            (FacetView::Depth(2), "Asia/Iraq/Erbil/Soran", &iraq, false),
            (FacetView::Depth(2), "Asia", &iraq, false),
        ];
        for (view, value, selected, expected) in cases {
            assert_eq!(lets_through(view, value, selected), expected, "{view:?} {value}");
        }
        let year = Selected::new(["2021-06".to_owned()], '-');
        let cases = [
            ("2021", true),
            ("-0048", true),
            (MISSING, true),
            ("2021-06", true),
            ("2021-07", true),
            ("2021-06-28", true),
            ("2021-07-01", false),
            ("2020-01", false),
        ];
        for (value, expected) in cases {
            assert_eq!(lets_through(FacetView::Calendar, value, &year), expected, "{value}");
        }
    }

    #[test]
    fn calendar_nodes_sort_by_time() {
        let mut nodes = vec!["2021", MISSING, "-0048", "2021-06-28", "0900", "-0100", "2021-06"];
        nodes.sort_by_key(|node| in_time(node));
        assert_eq!(nodes, ["-0100", "-0048", "0900", "2021", "2021-06", "2021-06-28", MISSING]);
    }
}
