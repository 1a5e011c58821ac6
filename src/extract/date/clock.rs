//! Times of day: what a clock or a part of the day adds to a day.

use super::class::{Class, code, code_text};
use super::part::Part;
use super::resolve::Resolved;
use crate::article::TimexKind;

pub(super) fn with_time(part: &Part<'_, '_>, day: Resolved) -> Option<Resolved> {
    let clock = part.own(Class::CLOCK).or_else(|| {
        let figures = part.own(Class::HHMM).or_else(|| part.own(Class::EARLY));
        figures.map(|n| n / 100 * 60 + n % 100)
    });
    let half = part.own(Class::MERIDIEM).or_else(|| half_of_range(part, clock?));
    let half = half.or_else(|| half_of_daypart(part, clock?));
    let minutes = match (part.own(Class::HOUR), clock, half) {
        (Some(minutes), ..) | (None, Some(minutes), None) => Some(minutes),
        (None, clock, Some(half)) => {
            // "3.15 p.m.": what looks like hundredths are minutes.
            let after = i32::from(part.hundredths());
            let counted = || Some(part.own(Class::NUM)?.checked_mul(60)? + after);
            let minutes = clock.or_else(counted)?;
            if !(60..780).contains(&minutes) {
                return None;
            }
            Some(minutes % 720 + half * 60)
        }
        _ if part.found.rule.unit == Some(code("H")) && part.has(Class::NUM) => Some(hour_and_minutes(part)?),
        _ => hour_of_daypart(part),
    };
    if let Some(minutes) = minutes {
        let value = format!("{}T{:02}:{:02}", day.value, minutes / 60, minutes % 60);
        return Some(Resolved { value, kind: TimexKind::Time, ..day });
    }
    Some(match part.own(Class::DAYPART) {
        Some(daypart) => with_daypart(&day, daypart),
        None => day,
    })
}

/// The half of the day of a clock that a range begins with: 6:30 to 8 p.m. are both after noon, 11:30 to 1 p.m. are not.
fn half_of_range(part: &Part<'_, '_>, begin: i32) -> Option<i32> {
    let end = Part { range: *part.found.parts.last()?, ..*part };
    let half = end.own(Class::MERIDIEM).filter(|_| begin < 780)?;
    let end = end.own(Class::CLOCK).or_else(|| end.own(Class::NUM).map(|hour| hour.min(24) * 60))?;
    Some(if begin % 720 <= end % 720 { half } else { 12 - half })
}

/// The half of the day of a clock that counts to twelve: "8:30 in the evening", but not "19:30 in the evening".
fn half_of_daypart(part: &Part<'_, '_>, clock: i32) -> Option<i32> {
    let late = is_late(part.own(Class::DAYPART)?, clock / 60);
    (late && (60..720).contains(&clock)).then_some(12)
}

/// Whether `hour` of a part of the day is after noon: six of the night is, two of the night is not.
fn is_late(daypart: i32, hour: i32) -> bool {
    match code_text(daypart).as_str() {
        "AF" | "EV" => true,
        "NI" => hour >= 6,
        _ => false,
    }
}

/// `17 Uhr`, `18 h 30`, `17.30 horas`: the hour in minutes, of languages that count to 24.
fn hour_and_minutes(part: &Part<'_, '_>) -> Option<i32> {
    let mut numbers = part.numbers();
    let hour = numbers.next().filter(|hour| (0..25).contains(hour))?;
    let minutes = numbers.next().unwrap_or(i32::from(part.hundredths()));
    (minutes < 60).then_some(hour * 60 + minutes)
}

/// `Five o'clock`, `4 in the morning`: the hour in minutes, by the part of the day.
fn hour_of_daypart(part: &Part<'_, '_>) -> Option<i32> {
    let hour = part.own(Class::NUM).filter(|hour| (1..=12).contains(hour))?;
    let late = part.own(Class::DAYPART).is_some_and(|daypart| is_late(daypart, hour));
    let hour = if late { hour % 12 + 12 } else { hour };
    Some(hour * 60)
}

pub(super) fn with_daypart(day: &Resolved, daypart: i32) -> Resolved {
    let part = match code_text(daypart) {
        noon if noon == "NO" => "T12:00".to_owned(),
        midnight if midnight == "MN" => "T24:00".to_owned(),
        part => format!("T{part}"),
    };
    Resolved {
        value: format!("{}{part}", day.value),
        kind: TimexKind::Time,
        days: day.days,
        point: day.point,
    }
}
