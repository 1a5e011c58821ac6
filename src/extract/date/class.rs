//! Classes of words and numbers that rules are written in: `MONTH`, `UNIT`, `YEAR`.
//!
//! [`CLASSES`] is the registry. A class is a bit, so that what a word can be is one machine word.

/// One class of the [`CLASSES`] table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Class(u8);

macro_rules! classes {
    ($($name:ident: $meaning:literal;)*) => {
        /// Every class with what it stands for, in the order of its bits.
        pub(super) const CLASSES: &[(&str, &str)] = &[$((stringify!($name), $meaning)),*];

        #[allow(clippy::upper_case_acronyms, reason = "written as in the rules")]
        #[allow(dead_code, reason = "rules name classes that the code never does")]
        #[derive(Clone, Copy)]
        #[repr(u8)]
        enum Position { $($name),* }

        #[allow(dead_code, reason = "rules name classes that the code never does")]
        impl Class {
            $(
                #[doc = $meaning]
                pub(super) const $name: Class = Class(Position::$name as u8);
            )*
        }
    };
}

classes! {
    MONTH: "name of a month, 1 to 12";
    WEEKDAY: "name of a weekday, 1 (Monday) to 7";
    SEASON: "season: SP, SU, FA, WI";
    UNIT: "unit of time in the singular: S, MI, H, D, W, F (fortnight), M, Q, Y, E (decade), C (century), WE (weekend)";
    UNITS: "unit of time in the plural";
    DAYPART: "part of the day: MO, MI, AF, EV, NI, DT";
    HOLIDAY: "named day, by number in the list of holidays";
    NUM: "cardinal number in figures or words";
    PART: "part of a unit, in hundredths: half (50)";
    EVENT: "what a length of time in a history is of: war, siege";
    FEW: "number that is not told: several, a few";
    ORD: "ordinal: 1 first, 2 second, -1 last";
    DAY: "day of a month, 1 to 31, in figures";
    MNUM: "month in figures, 1 to 12";
    YEAR: "year of four figures or in words";
    YEAR2: "two figures";
    INTEGER: "figures without separators, up to five";
    DECADE: "decade: 1990s, the nineties";
    DECADE2: "decade of two figures, which may be ages or degrees: 70s";
    CLOCK: "time of day: 14:05";
    HHMM: "time of day in four figures: 1730";
    EARLY: "time of day in four figures that are no year: 0830";
    HOUR: "time of day with a.m. or p.m. in the same word: 5pm";
    MERIDIEM: "a.m. (0) or p.m. (12)";
    ERA: "BC (-1) or AD (1)";
    ZONE: "time zone";
    PLACETIME: "time of a place: London time";
    NOW: "today (0), yesterday (-1), tomorrow (1)";
    SHIFT: "last (-1), this (0), next (1)";
    EACH: "every, each";
    OFTEN: "adverb of frequency, as its unit: daily, weekly";
    DASH: "hyphen or dash";
    BRACKET: "round bracket";
    QUARTER: "quarter in one word: Q2";
    HALF: "half year in one word: H1";
    TERM: "quarter or half year with its year in one word: 2Q21";
    SPORT: "word of reports on matches (1), or of reports on business (-1), where quarters are those of a year";
    SPEECH: "verb that a report quotes people with: said";
    FUTURE: "word that puts its clause into the future: will, expected";
    PAST: "word that puts its clause into the past: was, said";
    DETERMINER: "word that a noun follows: the, its, new";
    SUBJECT: "word with which a clause of its own begins: that, who, he";
    JOINT: "word between the dates of a list (0) or range (1): and, through";
    DOTTED: "date in figures with full stops: 28.06.2021";
    DAYMONTH: "day and month in figures with full stops: 28.06.";
    BEFORE: "preposition that may stand before a date: in, since";
}

impl Class {
    /// The class of this name.
    pub(super) fn parse(name: &str) -> Option<Class> {
        CLASSES.iter().position(|(known, _)| *known == name).map(|at| Class(at as u8))
    }

    /// Its bit.
    pub(super) const fn bit(self) -> u64 {
        1 << self.0
    }
}

/// A short code such as `SP` or `WE` as a number, so that every class value is one.
pub(super) const fn code(text: &str) -> i32 {
    let bytes = text.as_bytes();
    let mut value = 0;
    let mut at = 0;
    while at < bytes.len() && at < 3 {
        value = value << 8 | bytes[at] as i32;
        at += 1;
    }
    // Far from the small numbers that other classes hold.
    value + CODE_BASE
}

const CODE_BASE: i32 = 1 << 28;

/// The text of a [`code`].
pub(super) fn code_text(code: i32) -> String {
    let value = (code - CODE_BASE).max(0);
    [16, 8, 0].iter().map(|shift| (value >> shift & 0xFF) as u8).filter(|b| *b != 0).map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_found_by_name_and_fit_a_word() {
        assert_eq!(Class::parse("MONTH"), Some(Class::MONTH));
        assert_eq!(Class::parse("BEFORE"), Some(Class::BEFORE));
        assert_eq!(Class::parse("MONTHS"), None);
        assert!(CLASSES.len() <= 64);
    }

    #[test]
    fn codes_are_read_back() {
        for text in ["SP", "D", "WE"] {
            assert_eq!(code_text(code(text)), text);
        }
    }
}
