//! Lengths of time, and what recurs after them: `P3M`, `PT2H30M`, every Monday.

use super::class::{Class, code, code_text};
use super::grammar::Which;
use super::part::Part;
use super::resolve::Resolved;
use crate::article::TimexKind;

pub(super) fn duration(part: &Part<'_, '_>) -> Option<Resolved> {
    if let Some((whole, hundredths)) = part.fraction() {
        let value = length_with_part(whole, hundredths, part.unit()?)?;
        return Some(Resolved::of_kind(value, TimexKind::Duration));
    }
    Some(Resolved::of_kind(length(&count_text(part), part.unit()?)?, TimexKind::Duration))
}

pub(super) fn set(part: &Part<'_, '_>) -> Option<Resolved> {
    let value = if part.wants(Which::Any) {
        any_of(part.own(Class::OFTEN).or_else(|| part.unit())?)?.to_owned()
    } else if let Some(weekday) = part.own(Class::WEEKDAY) {
        let day = format!("XXXX-WXX-{weekday}");
        part.own(Class::DAYPART).map_or(day.clone(), |daypart| format!("{day}T{}", code_text(daypart)))
    } else if let Some(month) = part.own(Class::MONTH) {
        format!("XXXX-{month:02}")
    } else if let Some(season) = part.own(Class::SEASON) {
        format!("XXXX-{}", code_text(season))
    } else if let Some(daypart) = part.own(Class::DAYPART) {
        format!("XXXX-XX-XXT{}", code_text(daypart))
    } else {
        let unit = part.own(Class::OFTEN).or_else(|| part.unit())?;
        // "Every two years"; but "three times a day" recurs within a day.
        let counted = part.has(Class::EACH);
        let count = part.own(Class::NUM).filter(|_| counted).or_else(|| part.own(Class::ORD)).unwrap_or(1);
        length(&count.to_string(), unit)?
    };
    Some(Resolved::of_kind(value, TimexKind::Set))
}

/// Any day, week, month or year.
fn any_of(unit: i32) -> Option<&'static str> {
    Some(match code_text(unit).as_str() {
        "D" => "XXXX-XX-XX",
        "W" => "XXXX-WXX",
        "M" => "XXXX-XX",
        "Q" => "XXXX-QX",
        "Y" => "XXXX",
        _ => return None,
    })
}

pub(super) fn fixed(value: &str) -> Resolved {
    let duration = value.starts_with('P') && !value.ends_with("_REF");
    Resolved::of_kind(value, if duration { TimexKind::Duration } else { TimexKind::Date })
}

/// The letters of a unit in a period: `P3M`, `PT4H`.
fn length(count: &str, unit: i32) -> Option<String> {
    Some(match code_text(unit).as_str() {
        "S" => format!("PT{count}S"),
        "TM" => format!("PT{count}M"),
        "H" => format!("PT{count}H"),
        "WE" => format!("P{count}WE"),
        "F" => multiple(count, 2, 'W', 'W'),
        "E" => multiple(count, 10, 'Y', 'E'),
        "C" => multiple(count, 100, 'Y', 'C'),
        unit @ ("D" | "W" | "M" | "Q" | "Y") => format!("P{count}{unit}"),
        _ => return None,
    })
}

/// `count` units of `times` finer ones each, in those; in `own` where nobody tells how many: `P20Y`, `PXE`.
fn multiple(count: &str, times: i64, finer: char, own: char) -> String {
    match count.parse::<i64>() {
        Ok(count) => format!("P{}{finer}", count * times),
        Err(_) => format!("P{count}{own}"),
    }
}

/// A length with a fraction, which years, hours and minutes tell in the finer unit: `P2Y6M`.
fn length_with_part(whole: i32, hundredths: i32, unit: i32) -> Option<String> {
    let (time, letter, finer, times) = match code_text(unit).as_str() {
        "Y" => ("", 'Y', 'M', 12),
        "H" => ("T", 'H', 'M', 60),
        "TM" => ("T", 'M', 'S', 60),
        "E" => return length(&(whole * 10 + hundredths / 10).to_string(), code("Y")),
        "C" => return length(&(whole * 100 + hundredths).to_string(), code("Y")),
        _ => return length(&decimal(whole, hundredths), unit),
    };
    let rest = hundredths * times / 100;
    let whole = if whole == 0 { String::new() } else { format!("{whole}{letter}") };
    Some(format!("P{time}{whole}{rest}{finer}"))
}

fn decimal(whole: i32, hundredths: i32) -> String {
    match hundredths {
        0 => whole.to_string(),
        hundredths if hundredths % 10 == 0 => format!("{whole}.{}", hundredths / 10),
        hundredths => format!("{whole}.{hundredths:02}"),
    }
}

fn count_text(part: &Part<'_, '_>) -> String {
    if let Some(told) = &part.found.rule.value {
        return told.clone();
    }
    let Some(count) = part.own(Class::NUM) else {
        let some = part.has(Class::FEW) || part.has(Class::UNITS);
        return if some { "X".to_owned() } else { "1".to_owned() };
    };
    decimal(count, i32::from(part.hundredths()))
}
