//! From everything that says when an article was published to the most believable day, and the others.
//!
//! Candidates of one day form a group; a group is as strong as its best witness and grows with further independent ones.
//! A month or a year supports the days inside it. A later change never beats a publication. Takes candidates and the
//! latest possible day; never looks at the article.

use jiff::civil::Date;

use crate::calendar::{DateSource, Precision, Published};
use crate::input::published::{Candidate, Decision};

/// A further witness counts this share of its trust.
const FURTHER_WITNESS: f32 = 0.4;
/// A month or year that contains the day counts this share of its trust.
const CONTAINING: f32 = 0.2;
/// A day after today keeps this share of its trust.
const FUTURE: f32 = 0.2;
/// Below this trust a differing date is noise and no conflict.
const CONFLICTING: u8 = 40;

/// The most believable of `candidates`, and those that say another day; `today` is the latest day that can be.
pub fn choose(candidates: &[Candidate], today: Option<Date>) -> Decision {
    let Some(best) = strongest(candidates, today) else { return Decision::default() };
    let group: Vec<&Candidate> = candidates.iter().filter(|candidate| same_day(candidate, best)).collect();
    let published = merged(best, &group);
    let mut notes = Vec::new();
    if is_future(published.date, today) {
        notes.push(format!("published date {} lies in the future", published.shown()));
    }
    if best.stamp.ambiguous && group.len() == 1 {
        notes.push(format!("day and month of {} may be the other way round", published.shown()));
    }
    if best.modified {
        notes.push(format!("only the date of a change is known: {}", published.shown()));
    }
    let conflicts = conflicts(candidates, &published);
    Decision { published: Some(published), conflicts, notes, dateline: None }
}

fn strongest(candidates: &[Candidate], today: Option<Date>) -> Option<&Candidate> {
    let mut best: Option<(&Candidate, f32)> = None;
    for candidate in candidates {
        let strength = strength(candidate, candidates, today);
        let better = best.is_none_or(|(other, most)| {
            strength > most || (strength >= most && candidate.trust > other.trust)
        });
        if better {
            best = Some((candidate, strength));
        }
    }
    let (mut best, _) = best?;
    // A coarse date gives way to the strongest finer one inside it.
    while let Some(finer) = candidates
        .iter()
        .filter(|candidate| day_precision(candidate) > day_precision(best) && contains(best, candidate))
        .max_by(|a, b| strength(a, candidates, today).total_cmp(&strength(b, candidates, today)))
    {
        best = finer;
    }
    Some(best)
}

/// How strongly the group of `candidate` is attested.
fn strength(candidate: &Candidate, candidates: &[Candidate], today: Option<Date>) -> f32 {
    let mut own = 0.0_f32;
    let mut further = 0.0;
    let mut seen: Vec<&str> = Vec::new();
    for other in candidates {
        let trust = f32::from(other.trust);
        if same_day(candidate, other) {
            if !seen.contains(&other.origin.as_str()) {
                seen.push(&other.origin);
                further += FURTHER_WITNESS * trust.min(own);
                own = own.max(trust);
            }
        } else if day_precision(other) < day_precision(candidate) && contains(other, candidate) {
            further += CONTAINING * trust;
        }
    }
    let strength = own + further.min(own);
    if is_future(candidate.stamp.date, today) { strength * FUTURE } else { strength }
}

fn same_day(a: &Candidate, b: &Candidate) -> bool {
    a.stamp.date == b.stamp.date && day_precision(a) == day_precision(b)
}

fn day_precision(candidate: &Candidate) -> Precision {
    candidate.stamp.precision.min(Precision::Day)
}

fn contains(coarse: &Candidate, fine: &Candidate) -> bool {
    let (first, last) = coarse.stamp.published(coarse.source).days();
    (first..=last).contains(&fine.stamp.date)
}

fn is_future(date: Date, today: Option<Date>) -> bool {
    // Somewhere on earth it is already tomorrow.
    let latest = today.and_then(|today| today.tomorrow().ok());
    latest.is_some_and(|latest| date > latest)
}

/// The best witness's date, with the time of day of the best witness that knows one.
fn merged(best: &Candidate, group: &[&Candidate]) -> Published {
    let source = group.iter().map(|candidate| candidate.source).min().unwrap_or(best.source);
    let timed = group
        .iter()
        .filter(|candidate| candidate.stamp.time.is_some() && !candidate.modified)
        .max_by_key(|candidate| candidate.trust);
    let stamp = timed.map_or(&best.stamp, |candidate| &candidate.stamp);
    stamp.published(source)
}

/// The dates of other sources that say another day: one a source. Neither a later change nor the day before, which
/// zones and overnight filing explain, is a conflict.
fn conflicts(candidates: &[Candidate], published: &Published) -> Vec<Published> {
    let (first, last) = published.days();
    let mut conflicts: Vec<Published> = Vec::new();
    for candidate in candidates {
        if candidate.modified || candidate.trust < CONFLICTING {
            continue;
        }
        let other = candidate.stamp.published(candidate.source);
        let (other_first, other_last) = other.days();
        let apart = (first - other_last).get_days().max((other_first - last).get_days());
        let explained = if candidate.source == DateSource::Dateline { 3 } else { 1 };
        let known =
            conflicts.iter().any(|conflict| conflict.source == other.source && conflict.date == other.date);
        if apart > explained && !known {
            conflicts.push(other);
        }
    }
    conflicts.sort_by_key(|conflict| conflict.source);
    conflicts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::published::parse::{Reading, parse};

    fn candidate(text: &str, source: DateSource, trust: u8) -> Candidate {
        let stamp = parse(text, &Reading::default()).unwrap();
        Candidate { stamp, source, trust, modified: trust < 35, origin: format!("{source:?} {trust}") }
    }

    fn chosen(candidates: &[Candidate]) -> Option<String> {
        choose(candidates, Some(jiff::civil::date(2024, 1, 1))).published.map(|published| published.shown())
    }

    #[test]
    fn agreement_beats_one_weak_field() {
        let candidates = [
            candidate("2021-07-01", DateSource::Field, 60),
            candidate("2021-06-28", DateSource::Text, 55),
            candidate("2021-06-28", DateSource::Url, 50),
        ];
        assert_eq!(chosen(&candidates), Some("2021-06-28".into()));
    }

    #[test]
    fn a_later_change_is_used_only_alone() {
        let changed = candidate("2021-07-01", DateSource::Field, 30);
        assert_eq!(chosen(std::slice::from_ref(&changed)), Some("2021-07-01".into()));
        assert_eq!(
            chosen(&[changed, candidate("2021-06-28", DateSource::Url, 50)]),
            Some("2021-06-28".into())
        );
    }

    #[test]
    fn a_coarse_date_is_refined_by_a_day_inside_it_only() {
        let year = candidate("2021", DateSource::Field, 95);
        let inside = candidate("2021-06-28", DateSource::Path, 40);
        let outside = candidate("2019-06-28", DateSource::Path, 40);
        assert_eq!(chosen(&[year.clone(), inside]), Some("2021-06-28".into()));
        assert_eq!(chosen(&[year, outside]), Some("2021".into()));
    }

    #[test]
    fn the_future_is_distrusted_and_flagged() {
        let future = candidate("2048-01-01", DateSource::Field, 95);
        let past = candidate("2021-06-28", DateSource::Url, 50);
        assert_eq!(chosen(&[future.clone(), past]), Some("2021-06-28".into()));
        let alone = choose(&[future], Some(jiff::civil::date(2024, 1, 1)));
        assert_eq!(alone.notes, ["published date 2048-01-01 lies in the future"]);
    }
}
