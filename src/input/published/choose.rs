//! From everything that says when an article was published to the most believable day, and the others.
//!
//! Candidates of one day form a group; a group is as strong as its best witness and grows with further independent ones.
//! A month or a year supports the days inside it. A later change never beats a publication. Takes candidates and the
//! latest possible day; never looks at the article.

use jiff::civil::Date;

use crate::calendar::{DateDoubt, DateSource, Precision, Published};
use crate::input::published::parse::Stamp;
use crate::input::published::{Candidate, Decision};

/// A further witness counts this share of its trust.
const FURTHER_WITNESS: f32 = 0.4;
/// A month or year that contains the day counts this share of its trust.
const CONTAINING: f32 = 0.2;
/// A day after today, or at the zero of clocks, keeps this share of its trust.
const FUTURE: f32 = 0.2;
/// Below this trust a differing date is noise and no conflict.
const CONFLICTING: u8 = 40;
/// A day that is also that of a change keeps this share, where another one is believed.
const ALSO_CHANGED: f32 = 0.75;
/// A day that is also that of a change and that no field calls the publication keeps this one, where the page states another.
const ONLY_CHANGED: f32 = 0.45;
/// A field with a name that speaks of publication is believed so much at least.
const NAMED: u8 = 90;
/// What stands with other articles is believed less than this.
const OWN: u8 = 30;
/// A date printed beside the headline is believed so much at least, and what it is called.
const PRINTED: u8 = 60;
const STATED: u8 = 50;
const PRINTED_AS: [&str; 3] = ["time", "marked", "visible"];
/// Minutes of a day.
const MINUTES: i64 = 24 * 60;

/// The most believable of `candidates`, and those that say another day; `today` is the latest day that can be.
pub fn choose(candidates: &[Candidate], today: Option<Date>) -> Decision {
    let agreed = in_agreed_order(candidates);
    let local = on_printed_day(in_local_days(&agreed));
    let candidates = local.as_slice();
    let Some(best) = strongest(candidates, today) else { return Decision::default() };
    let group: Vec<&Candidate> = candidates.iter().filter(|candidate| same_day(candidate, best)).collect();
    let published = merged(best, &group);
    let (mut notes, mut doubts) = (Vec::new(), Vec::new());
    if is_future(published.date, today) {
        doubts.push(DateDoubt::Future);
        notes.push(format!("published date {} lies in the future", published.shown()));
    }
    // A field and a printed line with the same figures are as unclear as one of them.
    let order =
        best.stamp.assumed.filter(|_| group.iter().all(|candidate| candidate.stamp.assumed.is_some()));
    if order.is_some() {
        doubts.push(DateDoubt::DayOrder);
        notes.push(format!("day and month of {} may be the other way round", published.shown()));
    }
    if best.modified {
        doubts.push(DateDoubt::Change);
        notes.push(format!("only the date of a change is known: {}", published.shown()));
    }
    let order = order.or_else(|| group.iter().find_map(|candidate| candidate.stamp.shown));
    let conflicts = conflicts(candidates, &published);
    Decision { published: Some(published), conflicts, notes, doubts, order, ..Decision::default() }
}

/// The candidates with day and month swapped where that is possible and makes them agree with a clear one.
fn in_agreed_order(candidates: &[Candidate]) -> Vec<Candidate> {
    let clear = |day: Date| {
        candidates.iter().any(|other| {
            other.stamp.assumed.is_none()
                && !other.modified
                && day_precision(other) == Precision::Day
                && other.stamp.date == day
        })
    };
    let swapped = |candidate: &Candidate| {
        let date = candidate.stamp.date;
        let other = Date::new(date.year(), date.day(), date.month()).ok()?;
        let agrees = candidate.stamp.assumed.is_some() && !clear(date) && clear(other);
        let stamp = Stamp { date: other, assumed: None, ..candidate.stamp.clone() };
        agrees.then(|| Candidate { stamp, ..candidate.clone() })
    };
    candidates.iter().map(|candidate| swapped(candidate).unwrap_or_else(|| candidate.clone())).collect()
}

/// The candidates with moments in UTC put on the day that the place of publication had, where another source tells it:
/// 01:09 UTC on the 9th is the 8th for a page that says "November 8, 5:09 p.m.".
fn in_local_days(candidates: &[Candidate]) -> Vec<Candidate> {
    let moved = |candidate: &Candidate| {
        let clock =
            candidate.stamp.time.as_deref().filter(|time| time.ends_with('Z') || time.ends_with("+00:00"))?;
        // An address or a line that tells the day in UTC says that the place has the same day.
        let is_local = candidates.iter().any(|other| {
            let tells_a_day = matches!(other.source, DateSource::Url | DateSource::Text);
            tells_a_day && other.trust >= CONFLICTING && same_day(candidate, other)
        });
        let witness = candidates.iter().find(|other| {
            let outvoted = is_local && other.stamp.time.is_none();
            !(other.modified || outvoted || other.trust < OWN) && is_same_moment(candidate, clock, other)
        })?;
        Some(Candidate { stamp: witness.stamp.clone(), ..candidate.clone() })
    };
    candidates.iter().map(|candidate| moved(candidate).unwrap_or_else(|| candidate.clone())).collect()
}

/// The candidates with the fields of the evening before put on the day that the page prints for its readers: a paper is
/// filed the day before its date. What the page says of a change is no such day, nor is one that it contradicts.
fn on_printed_day(candidates: Vec<Candidate>) -> Vec<Candidate> {
    let is_printed = |candidate: &Candidate| {
        !candidate.modified
            && candidate.trust >= PRINTED
            && day_precision(candidate) == Precision::Day
            && PRINTED_AS.contains(&candidate.origin.as_str())
    };
    let printed: Vec<&Candidate> = candidates.iter().filter(|candidate| is_printed(candidate)).collect();
    let Some(first) = printed.first().filter(|first| printed.iter().all(|other| same_day(first, other)))
    else {
        return candidates;
    };
    let (day, stamp) = (first.stamp.date, first.stamp.clone());
    let moved = |candidate: Candidate| {
        let is_eve = candidate.source == DateSource::Field
            && !candidate.modified
            && candidate.trust >= NAMED
            && candidate.stamp.date.tomorrow().is_ok_and(|next| next == day);
        if is_eve { Candidate { stamp: stamp.clone(), ..candidate } } else { candidate }
    };
    candidates.into_iter().map(moved).collect()
}

/// Whether `local`, on the day before or after, can be what the clocks of the place showed at `utc` of `candidate`.
fn is_same_moment(candidate: &Candidate, utc: &str, local: &Candidate) -> bool {
    let days = i64::from((local.stamp.date - candidate.stamp.date).get_days());
    if days.abs() != 1 || local.stamp.precision < Precision::Day {
        return false;
    }
    let Some(utc_minute) = minute_of_day(utc) else { return false };
    let Some(clock) = local.stamp.time.as_deref() else {
        // Only a day is known: the address, or a line beside the headline.
        let near_midnight = if days < 0 { utc_minute < 12 * 60 } else { utc_minute >= 10 * 60 };
        let stated = matches!(local.source, DateSource::Url | DateSource::Text) && local.trust >= CONFLICTING;
        return near_midnight && stated;
    };
    let same_seconds = clock.get(6..8) == utc.get(6..8) || clock.get(6..8) == Some("00");
    let is_utc = clock.ends_with('Z') || clock.ends_with("+00:00");
    let offset = minute_of_day(clock).map(|minute| minute + days * MINUTES - utc_minute);
    let zone = offset.is_some_and(|offset| offset % 30 == 0 && (-12 * 60..=14 * 60).contains(&offset));
    zone && same_seconds && !is_utc
}

fn minute_of_day(clock: &str) -> Option<i64> {
    let hours: i64 = clock.get(..2)?.parse().ok()?;
    let minutes: i64 = clock.get(3..5)?.parse().ok()?;
    Some(hours * 60 + minutes)
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
    let (mut own, mut further) = (if candidate.modified { f32::from(candidate.trust) } else { 0.0_f32 }, 0.0);
    let mut seen: Vec<&str> = Vec::new();
    let mut changed = false;
    for other in candidates {
        let trust = f32::from(other.trust);
        if same_day(candidate, other) {
            changed |= other.modified;
            if !seen.contains(&other.origin.as_str()) && !other.modified && !candidate.modified {
                seen.push(&other.origin);
                further += FURTHER_WITNESS * trust.min(own);
                own = own.max(trust);
            }
        } else if day_precision(other) < day_precision(candidate) && contains(other, candidate) {
            further += CONTAINING * trust;
        }
    }
    let others = || candidates.iter().filter(|other| !other.modified && !same_day(candidate, other));
    // Neither a field nor the page calls this day the publication.
    let is_unnamed =
        |own: f32| own < f32::from(NAMED) && !candidates.iter().any(|other| is_shown(other, candidate));
    let earlier = |other: &Candidate| other.stamp.date < candidate.stamp.date;
    // Put to press before the day it was printed for.
    let later = |other: &Candidate| other.trust >= NAMED && others().any(|also| is_shown(also, other));
    let share = if !changed {
        1.0
    } else if is_unnamed(own) && others().any(|other| earlier(other) && is_stated(other)) {
        ONLY_CHANGED
    } else if others().any(|other| other.trust >= 75 && earlier(other) || later(other)) {
        ALSO_CHANGED
    } else {
        1.0
    };
    let strength = share * (own + further.min(own));
    let doubtful = is_future(candidate.stamp.date, today) || is_zero(candidate.stamp.date);
    if doubtful { strength * FUTURE } else { strength }
}

/// Whether a clock that stands at zero shows this day: it is that of a publication where nothing says otherwise.
fn is_zero(day: Date) -> bool {
    day == Date::constant(1970, 1, 1) || day == Date::constant(1969, 12, 31)
}

/// Whether `candidate` is printed on the page for the day of `other`.
fn is_shown(candidate: &Candidate, other: &Candidate) -> bool {
    same_day(candidate, other)
        && candidate.trust >= PRINTED
        && PRINTED_AS.contains(&candidate.origin.as_str())
}

/// Whether the page says in words that this is the day of publication.
fn is_stated(candidate: &Candidate) -> bool {
    candidate.source == DateSource::Text && candidate.trust >= STATED
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
    fn the_zero_of_a_clock_gives_way() {
        let zero = candidate("1970-01-01", DateSource::Field, 95);
        assert_eq!(chosen(std::slice::from_ref(&zero)).as_deref(), Some("1970-01-01"));
        assert_eq!(
            chosen(&[zero, candidate("2021-06-28", DateSource::Text, 45)]).as_deref(),
            Some("2021-06-28")
        );
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
    fn a_clear_date_settles_the_order_of_an_ambiguous_one() {
        let clear = candidate("2020-04-12", DateSource::Url, 54);
        let ambiguous = candidate("12/04/2020", DateSource::Field, 90);
        assert_eq!(chosen(std::slice::from_ref(&ambiguous)).as_deref(), Some("2020-12-04"));
        assert_eq!(chosen(&[clear, ambiguous]).as_deref(), Some("2020-04-12"));
    }

    #[test]
    fn moments_in_utc_are_put_on_the_local_day() {
        let utc = candidate("2023-11-09T01:09:55Z", DateSource::Field, 95);
        let cases = [
            (candidate("2023-11-08 18:09:55", DateSource::Field, 68), "2023-11-08"),
            (candidate("2023-11-08", DateSource::Url, 54), "2023-11-08"),
            (candidate("2023-11-08 18:10:55", DateSource::Field, 68), "2023-11-09"),
            (candidate("2023-11-10", DateSource::Url, 54), "2023-11-09"),
        ];
        for (local, expected) in cases {
            assert_eq!(chosen(&[utc.clone(), local.clone()]).as_deref(), Some(expected), "{local:?}");
        }
        // The day on which a page was fetched stands in its head; its address tells its own.
        let address = candidate("2023-11-09", DateSource::Url, 54);
        let head = candidate("2023-11-08", DateSource::Text, 45);
        assert_eq!(chosen(&[utc, head, address]).as_deref(), Some("2023-11-09"));
    }

    fn printed(text: &str, trust: u8) -> Candidate {
        Candidate { origin: "marked".to_owned(), ..candidate(text, DateSource::Field, trust) }
    }

    #[test]
    fn what_was_filed_the_evening_before_has_the_day_that_is_printed() {
        let filed = candidate("2022-05-03 19:32:45", DateSource::Field, 95);
        let cases = [
            (vec![printed("2022-05-04", 81)], "2022-05-04"),
            (vec![printed("2022-05-05", 81)], "2022-05-03"),
            (vec![printed("2022-05-04", 81), printed("2022-05-03", 68)], "2022-05-03"),
            (vec![printed("2022-05-04", 17)], "2022-05-03"),
        ];
        for (mut page, expected) in cases {
            page.push(filed.clone());
            assert_eq!(chosen(&page).as_deref(), Some(expected), "{page:?}");
        }
    }

    #[test]
    fn a_field_with_the_day_of_a_change_gives_way_to_what_the_page_states() {
        let date = candidate("2021-10-15", DateSource::Field, 85);
        let also = Candidate { origin: "other".to_owned(), ..date.clone() };
        let changed = candidate("2021-10-15", DateSource::Text, 28);
        let stated = candidate("2021-10-13", DateSource::Text, 57);
        let fields = [date.clone(), also.clone(), stated.clone()];
        assert_eq!(chosen(&fields).as_deref(), Some("2021-10-15"));
        assert_eq!(
            chosen(&[date.clone(), also.clone(), changed.clone(), stated.clone()]).as_deref(),
            Some("2021-10-13")
        );
        let shown = printed("2021-10-15", 81);
        assert_eq!(chosen(&[date, also, changed, stated, shown]).as_deref(), Some("2021-10-15"));
    }

    #[test]
    fn what_is_set_before_its_day_is_published_on_it() {
        let set =
            [candidate("2019-10-18", DateSource::Field, 95), candidate("2019-10-18", DateSource::Field, 85)];
        let changed = candidate("2019-10-18", DateSource::Field, 30);
        let day = [candidate("2019-10-19", DateSource::Field, 95), printed("2019-10-19", 81)];
        let all: Vec<Candidate> = set.into_iter().chain([changed]).chain(day).collect();
        assert_eq!(chosen(&all).as_deref(), Some("2019-10-19"));
    }

    #[test]
    fn the_time_of_another_article_is_no_local_time() {
        let own = candidate("2019-10-19T03:00:00Z", DateSource::Field, 95);
        let other = candidate("2019-10-18 20:00", DateSource::Field, 17);
        assert_eq!(chosen(&[own, other]).as_deref(), Some("2019-10-19"));
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
