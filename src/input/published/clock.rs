//! The time of day beside a date: `14:05:01.79`, `2:05 p.m. EDT`, `14h05`, `um 14.05 Uhr`, `T140501+0200`.
//!
//! Continues the [`Scanner`] of `scan`: looks after, inside and before a day that was read. The offset is kept as
//! printed; letters that mean several zones (`CST`, `IST`) are left off.

use crate::calendar::Precision;
use crate::input::published::parse::Stamp;
use crate::input::published::scan::{Read, Scanner, stamped};
use crate::input::published::token::Kind;

/// Zones of newspapers whose letters mean one offset wherever they are printed.
const ZONES: [(&str, &str); 19] = [
    ("Z", "Z"),
    ("EDT", "-04:00"),
    ("EST", "-05:00"),
    ("CDT", "-05:00"),
    ("MDT", "-06:00"),
    ("MST", "-07:00"),
    ("PDT", "-07:00"),
    ("PST", "-08:00"),
    ("AKDT", "-08:00"),
    ("AKST", "-09:00"),
    ("WEST", "+01:00"),
    ("CET", "+01:00"),
    ("MEZ", "+01:00"),
    ("CEST", "+02:00"),
    ("MESZ", "+02:00"),
    ("EET", "+02:00"),
    ("EEST", "+03:00"),
    ("MSK", "+03:00"),
    ("JST", "+09:00"),
];
/// Hours, minutes and seconds as read, possible or not.
pub(super) struct Clock {
    pub(super) hour: u64,
    pub(super) minute: u64,
    pub(super) second: u64,
}

impl Clock {
    /// `14:05:00+02:00`, if there is such a time.
    pub(super) fn shown(&self, offset: Option<String>) -> Option<String> {
        let possible = self.hour < 24 && self.minute < 60 && self.second <= 60;
        let offset = offset.unwrap_or_default();
        possible.then(|| format!("{:02}:{:02}:{:02}{offset}", self.hour, self.minute, self.second.min(59)))
    }
}

impl Scanner<'_> {
    /// The date with the time that stands after, inside or before it (from piece `floor`), and the pieces of both.
    pub(super) fn with_time(&self, read: &Read, floor: usize) -> (Stamp, usize, usize) {
        let (stamp, first, next) = (read.stamp.clone(), read.first, read.next);
        if stamp.precision != Precision::Day {
            return (stamp, first, next);
        }
        if let Some((time, after)) = self.time_after(next) {
            return (Self::checked(stamp, time), first, after);
        }
        let inside = (first + 1..next).find_map(|at| self.time_at(at));
        if let Some((time, _)) = inside {
            return (Self::checked(stamp, time), first, next);
        }
        for at in first.saturating_sub(9).max(floor)..first {
            if let Some((time, after)) = self.time_at(at)
                && after <= first
                && self.only_glue(after, first)
            {
                return (Self::checked(stamp, time), at, next);
            }
        }
        (stamp, first, next)
    }

    fn checked(stamp: Stamp, time: String) -> Stamp {
        let midnight = time.starts_with("00:00:00") && matches!(&time[8..], "" | "Z" | "+00:00");
        // Systems without a time of day fill in midnight.
        if midnight { stamp } else { stamped(stamp, time) }
    }

    fn time_after(&self, next: usize) -> Option<(String, usize)> {
        let mut at = next;
        let mut words = 0;
        loop {
            if let Some(found) = self.time_at(at) {
                return Some(found);
            }
            match self.kind(at)? {
                Kind::Word => words += 1,
                Kind::Mark(
                    ',' | '-' | '–' | '—' | '|' | '•' | '·' | '(' | '.' | '/' | ':' | '،' | '@' | '‑',
                ) => {}
                _ => return None,
            }
            at += 1;
            if words > 3 || at > next + 6 {
                return None;
            }
        }
    }

    fn only_glue(&self, from: usize, to: usize) -> bool {
        to - from <= 5 && (from..to).all(|at| !matches!(self.kind(at), Some(Kind::Number(..)) | None))
    }

    /// `14:05`, `14:05:01.79`, `2:05 p.m. EDT`, `14h05`, `14.05 Uhr`, `140500Z`, `2 pm`.
    pub(super) fn time_at(&self, at: usize) -> Option<(String, usize)> {
        let glued_before = at > 0 && self.pieces.get(at)?.gap.then_some(()).is_none();
        if glued_before && matches!(self.kind(at - 1), Some(Kind::Mark('.' | ':' | '/'))) {
            return None;
        }
        let (mut clock, mut next) = self.clock_at(at)?;
        if let Some((afternoon, after)) = self.half_of_day(next) {
            clock.hour = match (afternoon, clock.hour) {
                (true, hour @ 1..=11) => hour + 12,
                (false, 12) => 0,
                (_, hour) => hour,
            };
            next = after;
        }
        let (offset, after) =
            self.offset_at(next).map_or((None, next), |(offset, after)| (Some(offset), after));
        Some((clock.shown(offset)?, after))
    }

    fn clock_at(&self, at: usize) -> Option<(Clock, usize)> {
        let number = |at: usize| match self.kind(at) {
            Some(Kind::Number(value, 1..=2)) => Some(value),
            _ => None,
        };
        let glued = |at: usize| self.pieces.get(at).is_some_and(|piece| !piece.gap);
        if let Some(Kind::Number(value, 6)) =
            self.kind(at).filter(|_| self.is_word(at.wrapping_sub(1), &["t"]))
        {
            let clock = Clock { hour: value / 10_000, minute: value / 100 % 100, second: value % 100 };
            return Some((clock, self.skip_fraction(at + 1)));
        }
        let hour = number(at)?;
        let two_digits = matches!(self.kind(at + 2), Some(Kind::Number(_, 2)));
        let dotted = self.kind(at + 1) == Some(Kind::Mark('.')) && glued(at + 1) && glued(at + 2);
        let spelled = self.is_word(at + 1, &["h", "u", "時", "시", "点", "點", "hod"]);
        let after_minute =
            self.is_word(at + 3, &["uhr", "pm", "am", "p", "a", "hs", "hrs", "h"]) || self.is_clock_word(at);
        if two_digits && (self.kind(at + 1) == Some(Kind::Mark(':')) || spelled || dotted && after_minute) {
            let minute = number(at + 2)?;
            let seconds = matches!(self.kind(at + 3), Some(Kind::Mark(':')))
                .then(|| number(at + 4).filter(|_| glued(at + 4)))
                .flatten();
            let next = if seconds.is_some() { self.skip_fraction(at + 5) } else { at + 3 };
            return Some((Clock { hour, minute, second: seconds.unwrap_or(0) }, next));
        }
        let whole_hour = self.half_of_day(at + 1).is_some() && (1..=12).contains(&hour);
        whole_hour.then_some((Clock { hour, minute: 0, second: 0 }, at + 1))
    }

    /// "kl. 14.05", "um 14.05", "ore 14.05", "klo 14.05": what follows is a time.
    fn is_clock_word(&self, at: usize) -> bool {
        const WORDS: [&str; 12] =
            ["kl", "klo", "um", "ore", "alle", "ora", "at", "pukul", "jam", "o", "ob", "klokken"];
        at > 0 && (self.is_word(at - 1, &WORDS) || at > 1 && self.is_word(at - 2, &WORDS))
    }

    fn skip_fraction(&self, at: usize) -> usize {
        let marked = matches!(self.kind(at), Some(Kind::Mark('.' | ',')));
        let fraction = matches!(self.kind(at + 1), Some(Kind::Number(..)));
        if marked && fraction && !self.pieces[at + 1].gap { at + 2 } else { at }
    }

    /// `am`, `p.m.`, `PM`: whether it is the afternoon, and where that ends.
    fn half_of_day(&self, at: usize) -> Option<(bool, usize)> {
        if self.is_word(at, &["am", "pm"]) {
            return Some((self.is_word(at, &["pm"]), at + 1));
        }
        let dotted = self.is_word(at, &["a", "p"])
            && self.kind(at + 1) == Some(Kind::Mark('.'))
            && self.is_word(at + 2, &["m"]);
        let end = at + 3 + usize::from(self.kind(at + 3) == Some(Kind::Mark('.')));
        dotted.then(|| (self.is_word(at, &["p"]), end))
    }

    /// `Z`, `+02:00`, `-0400`, `GMT+2`, `EDT`: the offset from UTC and where it ends.
    fn offset_at(&self, at: usize) -> Option<(String, usize)> {
        let at = self.skip_marks(at, &['(']);
        if let Some(signed) = self.signed_offset(at) {
            return Some(signed);
        }
        let word = self.word(at)?;
        if ["gmt", "utc"].iter().any(|zone| word.eq_ignore_ascii_case(zone)) {
            return Some(self.signed_offset(at + 1).unwrap_or(("Z".to_owned(), at + 1)));
        }
        let (_, offset) = ZONES.iter().find(|(name, _)| *name == word)?;
        Some(((*offset).to_owned(), at + 1))
    }

    fn signed_offset(&self, at: usize) -> Option<(String, usize)> {
        let Kind::Mark(sign @ ('+' | '-' | '−')) = self.kind(at)? else { return None };
        let piece = self.pieces.get(at + 1).filter(|piece| !piece.gap)?;
        let gap = self.pieces[at].gap;
        let (hours, minutes, next) = match piece.kind {
            Kind::Number(value, 4) if value < 1500 || !gap => (value / 100, value % 100, at + 2),
            Kind::Number(hours, 1..=2) => match (self.kind(at + 2), self.kind(at + 3)) {
                (Some(Kind::Mark(':')), Some(Kind::Number(minutes, 2))) => (hours, minutes, at + 4),
                _ if gap => return None,
                _ => (hours, 0, at + 2),
            },
            _ => return None,
        };
        let sign = if sign == '+' { '+' } else { '-' };
        (hours <= 14 && minutes < 60).then(|| (format!("{sign}{hours:02}:{minutes:02}"), next))
    }
}
