//! From counted values to what a facet shows: the values its view lets through, the selected ones marked.

use std::cmp::Ordering;
use std::ops::Range;

use rustc_hash::FxHashSet;

use crate::engine::local::ordinals::{Ordinals, Whole};
use crate::field::{FacetView, MISSING};
use crate::query::request::FacetRequest;
use crate::query::response::{FacetCounts, FacetValue, Unusual};
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

/// The counts of one field.
#[derive(Debug)]
pub(super) struct Counts<'c> {
    /// Its values.
    pub(super) ordinals: &'c Ordinals,
    /// Of the answer, by number of value.
    pub(super) answer: &'c [u32],
    /// Of how many articles.
    pub(super) total: usize,
    /// The whole archive, to show what is unusual for it.
    pub(super) archive: Option<&'c Whole>,
}

/// A value that a facet may show.
#[derive(Debug)]
struct Shown<'o> {
    count: u32,
    value: &'o str,
    unusual: Option<Unusual>,
}

impl Shown<'_> {
    /// The most telling first: the most unusual, or the most frequent.
    fn order(&self, other: &Shown<'_>) -> Ordering {
        let score = |shown: &Shown<'_>| shown.unusual.map_or(0.0, |unusual| unusual.score);
        score(other)
            .total_cmp(&score(self))
            .then(other.count.cmp(&self.count))
            .then_with(|| self.value.cmp(other.value))
    }
}

/// What the facet shows of the counts of its field.
pub(super) fn shown(request: FacetRequest, counts: &Counts<'_>, selected: &Selected) -> FacetCounts {
    let view = request.facet.view;
    let ordinals = counts.ordinals;
    let lens = Lens::new(view, ordinals, selected);
    let is_place = matches!(request.facet.field, "place" | "focus");
    let (mut found, mut below): (Vec<Shown<'_>>, Vec<Shown<'_>>) = (Vec::new(), Vec::new());
    for (number, &count) in counts.answer.iter().enumerate() {
        if count == 0 || !lens.lets_through(number) || is_place && ordinals.is_region(number) {
            continue;
        }
        let unusual = counts.archive.map(|archive| unusual(count, counts.total, archive, number));
        // What is as frequent as everywhere, or met once, tells nothing of this answer.
        if unusual.is_none_or(|unusual| unusual.score > 0.0 && count > 1) {
            let shown = Shown { count, value: ordinals.value(number), unusual };
            if lens.is_below(number) { below.push(shown) } else { found.push(shown) }
        }
    }
    let all = found.len() + below.len();
    let limit = request.limit.unwrap_or(usize::MAX);
    keep_best(&mut found, limit);
    // What lies in a selected place is rarer than other countries are, and would never be seen.
    keep_best(&mut below, limit);
    found.append(&mut below);
    let mut more = all - found.len();
    if counts.archive.is_none() {
        more -= add_selected(&mut found, counts, selected, |number| lens.lets_through(number));
    }
    if view == FacetView::Calendar && counts.archive.is_none() {
        found.sort_by_key(|shown| in_time(shown.value));
    } else {
        found.sort_by(Shown::order);
    }
    let separator = separator(view);
    let values = found
        .into_iter()
        .map(|shown| FacetValue {
            value: shown.value.to_owned(),
            label: if request.facet.field == "actor-country" {
                country::label(shown.value).to_owned()
            } else {
                label(shown.value, separator).to_owned()
            },
            count: shown.count as usize,
            selected: selected.values.contains(shown.value),
            unusual: shown.unusual,
        })
        .collect();
    FacetCounts { name: request.facet.name, values, more }
}

fn keep_best(found: &mut Vec<Shown<'_>>, limit: usize) {
    if limit < found.len() {
        found.select_nth_unstable_by(limit, Shown::order);
        found.truncate(limit);
    }
}

/// A selected value stays in sight: however rare it is, if nothing has it, and above the level that is shown. Gives how many
/// of those that were added had been left out.
fn add_selected<'c>(
    found: &mut Vec<Shown<'c>>,
    counts: &Counts<'c>,
    selected: &Selected,
    lets_through: impl Fn(usize) -> bool,
) -> usize {
    let shown: FxHashSet<&str> = found.iter().map(|shown| shown.value).collect();
    let mut left_out = 0;
    for value in selected.values.iter().filter(|value| !shown.contains(value.as_str())) {
        let Some(number) = counts.ordinals.find(value).filter(|&number| !counts.ordinals.is_moved(number))
        else {
            continue;
        };
        let count = counts.answer.get(number).copied().unwrap_or(0);
        left_out += usize::from(count > 0 && lets_through(number));
        found.push(Shown { count, value: counts.ordinals.value(number), unusual: None });
    }
    left_out
}

/// How much more frequent a value is among `total` articles, of which `count` have it, than in the archive.
fn unusual(count: u32, total: usize, archive: &Whole, number: usize) -> Unusual {
    let everywhere = archive.counts.get(number).copied().unwrap_or(0).max(count);
    let [inside, outside] = [f64::from(count), f64::from(everywhere - count)];
    let [answer, rest] = [total.max(1) as f64, archive.total.saturating_sub(total) as f64];
    let share = (inside + outside) / (answer + rest);
    let term = |seen: f64, expected: f64| if seen > 0.0 { seen * (seen / expected).ln() } else { 0.0 };
    let ratio = 2.0 * (term(inside, answer * share) + term(outside, rest * share));
    let times = inside / answer / share;
    let score = if times > 1.0 { ratio } else { 0.0 };
    let rounded = |number: f64| (number * 10.0).round() / 10.0;
    Unusual { archive: everywhere as usize, times: rounded(times), score: rounded(score) }
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

    /// Whether a node is shown only because of what is selected.
    fn is_below(&self, number: usize) -> bool {
        match self.view {
            FacetView::Depth(wanted) => self.ordinals.depth(number) > wanted,
            FacetView::Calendar => self.ordinals.depth(number) > 1,
            _ => false,
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
    fn what_is_unusual_is_more_frequent_here_than_in_the_archive() {
        let archive = Whole { counts: vec![100, 10, 1_000, 0], total: 1_000 };
        let of = |count, number| unusual(count, 100, &archive, number);
        assert_eq!((of(10, 0).times, of(10, 0).score), (1.0, 0.0), "as frequent as everywhere");
        assert_eq!((of(1, 0).times, of(1, 0).score), (0.1, 0.0), "rarer");
        assert_eq!((of(10, 1).times, of(10, 1).archive), (10.0, 10));
        assert!(of(10, 1).score > of(5, 1).score && of(5, 1).score > 0.0);
        assert!(of(100, 2).score < 0.1);
        assert_eq!(of(3, 3).archive, 3, "never less than in the answer");
    }

    #[test]
    fn calendar_nodes_sort_by_time() {
        let mut nodes = vec!["2021", MISSING, "-0048", "2021-06-28", "0900", "-0100", "2021-06"];
        nodes.sort_by_key(|node| in_time(node));
        assert_eq!(nodes, ["-0100", "-0048", "0900", "2021", "2021-06", "2021-06-28", MISSING]);
    }
}
