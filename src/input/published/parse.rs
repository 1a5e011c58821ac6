//! Dates as archives write them: one string in, day, time and precision out.
//!
//! [`parse`] reads a string that is a date (a metadata field), [`find`] the dates inside a longer string. Both know ISO
//! 8601, RFC 2822, the spelled styles of the languages of `data/lang/months.toml`, numeric styles in every order, compact
//! digits and Unix times. The day is the one printed: no zone is ever converted. Impossible dates (31 February,
//! 0000-00-00, year 99999, the zero of a clock) are no dates. Never reads a clock, never guesses a year.
//!
//! Two digits of a year mean 1950 to 2049, and never later than [`Reading::latest`]. Where day and month could be
//! swapped, [`Reading::order`] decides, else the habit of the separator and the language; the result says so.

use jiff::civil::Date;

use crate::calendar::Precision;
use crate::input::published::month::{misread_month, month};
use crate::input::published::token::{Kind, Piece, pieces};
use crate::language::Language;
use crate::span::Span;

/// The oldest year that anything was printed for a public; earlier ones are errors or empty fields.
const FIRST_YEAR: i64 = 1400;
/// Years after this one are no years.
const LAST_YEAR: i64 = 2199;
/// Strings longer than this are read up to here: no date is longer, and no field may cost much.
const LONGEST: usize = 4096;

/// Which of two numbers is the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DayOrder {
    /// 28/06/2021.
    DayFirst,
    /// 06/28/2021.
    MonthFirst,
}

/// What is known before a date is read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reading {
    /// Order of day and month, learned from other dates of the same folder or from the country of the site.
    pub order: Option<DayOrder>,
    /// Language of the text.
    pub language: Option<Language>,
    /// The latest day that makes sense, if any: decides the century of two-digit years.
    pub latest: Option<Date>,
}

/// A date that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The day as printed; the first of the month or year when only that is known.
    pub date: Date,
    /// Time of day with its offset where one was given: `14:05:00+02:00`.
    pub time: Option<String>,
    /// How much of `date` was given.
    pub precision: Precision,
    /// Day and month could be the other way round, and nothing but habit decided.
    pub ambiguous: bool,
}

/// A date inside a longer string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it covers, time included.
    pub span: Span,
    /// The date.
    pub stamp: Stamp,
}

/// Reads `text`, which is a date and little else.
pub fn parse(text: &str, reading: &Reading) -> Option<Stamp> {
    let text = clip(text);
    let pieces = pieces(text);
    let scanner = Scanner { text, pieces: &pieces, reading, whole: true };
    let first = (0..pieces.len()).find_map(|at| scanner.date_at(at))?;
    Some(scanner.with_time(&first, 0).0)
}

/// Finds every date in `text` that has at least a day, in order, without overlaps.
pub fn find(text: &str, reading: &Reading) -> Vec<Found> {
    let text = clip(text);
    let pieces = pieces(text);
    let scanner = Scanner { text, pieces: &pieces, reading, whole: false };
    let mut found = Vec::new();
    let (mut at, mut floor) = (0, 0);
    while at < pieces.len() {
        let Some(read) = scanner.date_at(at) else {
            at += 1;
            continue;
        };
        let (stamp, first, next) = scanner.with_time(&read, floor);
        found.push(Found { span: Span::new(pieces[first].start, pieces[next - 1].end), stamp });
        (at, floor) = (next, next);
    }
    found
}

/// A month and a day without a year at the start of `pieces_text`: `June 28`, `4 FEB`, with where it ends.
pub(crate) fn month_and_day(text: &str, language: Option<Language>) -> Option<(i8, i8, usize)> {
    let pieces = pieces(clip(text));
    let reading = Reading { language, ..Reading::default() };
    let scanner = Scanner { text, pieces: &pieces, reading: &reading, whole: false };
    let (month, day, next) = scanner.month_day_at(0).or_else(|| scanner.day_month_at(0))?;
    Date::new(2000, month, day).ok()?;
    Some((month, day, pieces[next - 1].end))
}

/// What the numbers of `text` say of the order of day and month: only dates that can be read one way count.
pub fn order_of(text: &str) -> Option<DayOrder> {
    let pieces = pieces(clip(text));
    pieces.windows(5).find_map(|window| {
        let numbers = [window[0].kind, window[2].kind, window[4].kind];
        let [Kind::Number(first, 1..=2), Kind::Number(second, 1..=2), Kind::Number(_, 4)] = numbers else {
            return None;
        };
        let separated =
            window[1].kind == window[3].kind && matches!(window[1].kind, Kind::Mark('/' | '-' | '.'));
        match (separated, first, second) {
            (true, 13..=31, 1..=12) => Some(DayOrder::DayFirst),
            (true, 1..=12, 13..=31) => Some(DayOrder::MonthFirst),
            _ => None,
        }
    })
}

fn clip(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST)]
}

/// A date before its time is looked for: where it starts and ends among the pieces.
struct Read {
    stamp: Stamp,
    first: usize,
    next: usize,
}

struct Scanner<'t> {
    text: &'t str,
    pieces: &'t [Piece],
    reading: &'t Reading,
    /// The text is one field: parts of dates and bare digits are dates too.
    whole: bool,
}

impl Scanner<'_> {
    fn date_at(&self, at: usize) -> Option<Read> {
        let glued = at > 0 && !self.pieces[at].gap && self.joins_numbers(at - 1);
        let read = match self.pieces.get(at)?.kind {
            Kind::Number(_, 4) if !glued => self.year_first(at),
            Kind::Number(value, digits) if digits > 4 => self.digits(at, value, digits),
            Kind::Number(_, 1..=2) if !glued => self.day_spelled(at).or_else(|| self.numeric(at)),
            Kind::Word => self.month_spelled(at),
            _ => None,
        }?;
        (!self.goes_on(&read)).then_some(read)
    }

    /// `1.2.2021.4` and `2021-06-28-5` are versions and ids, where the text is not just a date.
    fn goes_on(&self, read: &Read) -> bool {
        if self.whole {
            return false;
        }
        let glued = |at: usize| self.pieces.get(at).is_some_and(|piece| !piece.gap);
        let number = |at: usize| matches!(self.kind(at), Some(Kind::Number(..)));
        let mark = matches!(self.kind(read.next), Some(Kind::Mark('.' | '/' | '-')));
        mark && glued(read.next) && number(read.next + 1) && glued(read.next + 1)
    }

    /// The mark at `at` makes the number behind it part of another number, where the text is not just a date.
    fn joins_numbers(&self, at: usize) -> bool {
        let number_before =
            at > 0 && !self.pieces[at].gap && matches!(self.kind(at - 1), Some(Kind::Number(..)));
        match self.pieces[at].kind {
            Kind::Mark('.' | '/' | '-' | ':' | '+') => !self.whole && number_before,
            Kind::Mark('$' | '€' | '#') => true,
            _ => false,
        }
    }

    fn kind(&self, at: usize) -> Option<Kind> {
        self.pieces.get(at).map(|piece| piece.kind)
    }

    fn word(&self, at: usize) -> Option<&str> {
        let piece = self.pieces.get(at).filter(|piece| piece.kind == Kind::Word)?;
        self.text.get(piece.start..piece.end)
    }

    fn is_word(&self, at: usize, words: &[&str]) -> bool {
        self.word(at).is_some_and(|word| words.iter().any(|known| known.eq_ignore_ascii_case(word)))
    }

    /// The month named at `at`, and where its name ends: most are one word, Levantine Arabic ones two.
    fn month_at(&self, at: usize) -> Option<(i8, usize)> {
        let word = self.word(at)?;
        let language = self.reading.language;
        if let (Some(piece), Some(next)) = (self.pieces.get(at), self.pieces.get(at + 1))
            && next.kind == Kind::Word
            && !word.is_ascii()
            && let Some(found) = self.text.get(piece.start..next.end).and_then(|two| month(two, language))
        {
            return Some((found, at + 2));
        }
        // "tháng 6": the sixth month.
        if self.is_word(at, &["tháng", "thang", "th"]) || word.eq_ignore_ascii_case("Tháng") {
            let number = self.small(at + 1, 12)?;
            return Some((number, at + 2));
        }
        let found = month(word, language).or_else(|| self.whole.then(|| misread_month(word)).flatten())?;
        let dotted = matches!(self.kind(at + 1), Some(Kind::Mark('.' | '׳' | '\'')));
        Some((found, at + 1 + usize::from(dotted)))
    }

    /// A number of one or two digits from 1 to `most`.
    fn small(&self, at: usize, most: u64) -> Option<i8> {
        match self.kind(at)? {
            Kind::Number(value, 1..=2) if (1..=most).contains(&value) => Some(value as i8),
            _ => None,
        }
    }

    fn year(&self, at: usize) -> Option<i16> {
        match self.kind(at)? {
            Kind::Number(value, 4) => believable_year(value as i64),
            _ => None,
        }
    }

    /// A year of two digits, in the century that the module's header states.
    fn short_year(&self, at: usize) -> Option<i16> {
        let Kind::Number(value, 2) = self.kind(at)? else { return None };
        let year = if value < 50 { 2000 + value as i16 } else { 1900 + value as i16 };
        let latest = self.reading.latest.map_or(i16::MAX, Date::year);
        Some(if year > latest { year - 100 } else { year })
    }

    fn skip_marks(&self, mut at: usize, marks: &[char]) -> usize {
        while matches!(self.kind(at), Some(Kind::Mark(mark)) if marks.contains(&mark)) {
            at += 1;
        }
        at
    }

    /// The little words and marks that stand between the parts of a spelled date: "28 *de* junio *de* 2021".
    fn skip_joints(&self, at: usize) -> usize {
        const WORDS: [&str; 16] = [
            "de", "del", "of", "d", "year", "năm", "nam", "tahun", "г", "anno", "den", "v", "the", "dne",
            "di", "e",
        ];
        let mut next = at;
        for _ in 0..3 {
            let marked = self.skip_marks(next, &['.', ',', '-', '–', '/', '\'', '’', '_', '،', '‑', '´']);
            let worded = if self.is_word(marked, &WORDS) { marked + 1 } else { marked };
            if worded == next {
                break;
            }
            next = worded;
        }
        next
    }

    /// `28`, `28th`, `1er`, `28.`, `28º`, `28-го`: the day and where it ends.
    fn day_at(&self, at: usize) -> Option<(i8, usize)> {
        const ORDINALS: [&str; 14] =
            ["st", "nd", "rd", "th", "er", "ère", "º", "ª", "го", "е", "ый", "a", "η", "ος"];
        let day = self.small(at, 31)?;
        let glued = self.pieces.get(at + 1).is_some_and(|piece| !piece.gap);
        if glued && self.is_word(at + 1, &ORDINALS) {
            return Some((day, at + 2));
        }
        if matches!(self.kind(at + 1), Some(Kind::Mark('°' | '-' | '‑'))) && self.is_word(at + 2, &ORDINALS)
        {
            return Some((day, at + 3));
        }
        Some((day, at + 1 + usize::from(matches!(self.kind(at + 1), Some(Kind::Mark('°'))))))
    }

    fn day_month_at(&self, at: usize) -> Option<(i8, i8, usize)> {
        let (day, after_day) = self.day_at(at)?;
        let (month, next) = self.month_at(self.skip_joints(after_day))?;
        Some((month, day, next))
    }

    fn month_day_at(&self, at: usize) -> Option<(i8, i8, usize)> {
        let (month, after_month) = self.month_at(at)?;
        let start = self.skip_marks(after_month, &['.', '-', '/', ',']);
        let start = if self.is_word(start, &["the"]) { start + 1 } else { start };
        let (day, next) = self.day_at(start)?;
        Some((month, day, next))
    }

    /// `28 June 2021`, `26-FEB-1987`, `4 FEB 90`, `28 de junio de 2021`, `28 tháng 6, 2021`.
    fn day_spelled(&self, at: usize) -> Option<Read> {
        let (month, day, after) = self.day_month_at(at)?;
        let (year, next) = self.year_after(after)?;
        Self::read(at, next, (year, month, day))
    }

    /// The year that ends a spelled date.
    fn year_after(&self, after: usize) -> Option<(i16, usize)> {
        let at = self.skip_joints(after);
        if let Some(year) = self.year(at) {
            return Some((year, at + 1));
        }
        // "Jun 28 14:05:00 EDT 2021" has its time in between.
        if let Some((_, next)) = self.time_at(at)
            && let Some(year) = self.year(next).filter(|_| self.whole)
        {
            return Some((year, next + 1));
        }
        let apostrophe = at > after && matches!(self.kind(at - 1), Some(Kind::Mark('\'' | '’')));
        let followed_by_time = matches!(self.kind(at + 1), Some(Kind::Mark(':' | '.' | 'h')))
            && matches!(self.kind(at + 2), Some(Kind::Number(_, 2)))
            && !self.pieces[at + 2].gap;
        (apostrophe || !followed_by_time).then(|| self.short_year(at)).flatten().map(|year| (year, at + 1))
    }

    /// `June 28, 2021`, `Jun 28 14:05:00 EDT 2021`, and `June 2021` where that is the whole text.
    fn month_spelled(&self, at: usize) -> Option<Read> {
        if let Some((month, day, after)) = self.month_day_at(at)
            && let Some((year, next)) = self.year_after(after)
            && let Some(read) = Self::read(at, next, (year, month, day))
        {
            return Some(read);
        }
        // A number before the month is a day that cannot be: 31 February 2021 is no February.
        let numbered = self.pieces[..at].iter().any(|piece| matches!(piece.kind, Kind::Number(..)));
        let (month, after) = self.month_at(at).filter(|_| self.whole && !numbered)?;
        let year_at = self.skip_joints(after);
        Self::partial(at, year_at + 1, (self.year(year_at)?, Some(month)))
    }

    /// `2021-06-28`, `2021/6/28`, `2021. 06. 28.`, `2021年6月28日`, `2021 June 28`, `2021-W26-1`, `2021-179`.
    fn year_first(&self, at: usize) -> Option<Read> {
        let year = self.year(at)?;
        if let Some(read) = self.numbered_by_ideographs(at, year).or_else(|| self.week_or_ordinal(at, year)) {
            return Some(read);
        }
        if let Some(Kind::Mark(mark @ ('-' | '/' | '.' | '_' | '‑' | '–' | ':'))) = self.kind(at + 1)
            && let Some(month) = self.small(at + 2, 12)
        {
            let day = self.small(at + 4, 31).filter(|_| self.kind(at + 3) == Some(Kind::Mark(mark)));
            if let Some(day) = day {
                return Self::read(at, at + 5, (year, month, day));
            }
            let goes_on = matches!(self.kind(at + 3), Some(Kind::Mark('-' | '/' | '.' | ':')));
            let alone = self.whole && !goes_on && mark != ':';
            return alone.then(|| Self::partial(at, at + 3, (year, Some(month)))).flatten();
        }
        let spelled = self.skip_marks(at + 1, &['-', '/', '.', ',']);
        if let Some((month, after)) = self.month_at(spelled) {
            if let Some((day, next)) = self.day_at(self.skip_marks(after, &['-', '/', '.', ','])) {
                return Self::read(at, next, (year, month, day));
            }
            return self.whole.then(|| Self::partial(at, after, (year, Some(month)))).flatten();
        }
        let alone = self.whole && self.pieces.len() == 1;
        alone.then(|| Self::partial(at, at + 1, (year, None))).flatten()
    }

    fn numbered_by_ideographs(&self, at: usize, year: i16) -> Option<Read> {
        let starts = |at: usize, signs: [char; 2]| self.word(at).is_some_and(|word| word.starts_with(signs));
        if !starts(at + 1, ['年', '년']) {
            return None;
        }
        let month = self.small(at + 2, 12)?;
        if !starts(at + 3, ['月', '월']) {
            return None;
        }
        match self.small(at + 4, 31).filter(|_| starts(at + 5, ['日', '일']) || starts(at + 5, ['號', '号']))
        {
            Some(day) => Self::read(at, at + 6, (year, month, day)),
            None => Self::partial(at, at + 4, (year, Some(month))).filter(|_| self.whole),
        }
    }

    fn week_or_ordinal(&self, at: usize, year: i16) -> Option<Read> {
        if !self.whole || self.kind(at + 1) != Some(Kind::Mark('-')) {
            return None;
        }
        if let Some(Kind::Number(ordinal @ 1..=366, 3)) = self.kind(at + 2) {
            let day =
                Date::new(year, 1, 1).ok()?.checked_add(jiff::Span::new().days(ordinal as i64 - 1)).ok()?;
            return (day.year() == year).then(|| Self::read_day(at, at + 3, day, false));
        }
        let Some(Kind::Number(week, 2)) = self.kind(at + 3).filter(|_| self.is_word(at + 2, &["w"])) else {
            return None;
        };
        let weekday = match (self.kind(at + 4), self.kind(at + 5)) {
            (Some(Kind::Mark('-')), Some(Kind::Number(day @ 1..=7, 1))) => day as i8,
            _ => return None,
        };
        let weekday = jiff::civil::Weekday::from_monday_one_offset(weekday).ok()?;
        let day = jiff::civil::ISOWeekDate::new(year, week as i8, weekday).ok()?.date();
        Some(Self::read_day(at, at + 6, day, false))
    }

    /// `28/06/2021`, `28.6.21`, `06/28/2021`, `28-06-2021`.
    fn numeric(&self, at: usize) -> Option<Read> {
        let Kind::Mark(mark @ ('/' | '.' | '-' | '‑' | '|')) = self.kind(at + 1)? else { return None };
        if self.kind(at + 3) != Some(Kind::Mark(mark)) {
            return None;
        }
        // "1. 2. 2021" is written with spaces, and so is "01 | 02 | 2021"; "1 - 2 - 2021" is a sum.
        let two_digits = |at: usize| matches!(self.kind(at), Some(Kind::Number(_, 2)));
        let full = two_digits(at) && two_digits(at + 2) && self.year(at + 4).is_some();
        if mark != '.'
            && !(full && matches!(mark, '|' | '/'))
            && (at + 1..at + 5).any(|at| self.pieces.get(at).is_some_and(|piece| piece.gap))
        {
            return None;
        }
        let (first, second) = (self.small(at, 31)?, self.small(at + 2, 31)?);
        let year = match self.year(at + 4) {
            Some(year) => year,
            None if self.whole || mark != '-' => self.short_year(at + 4)?,
            None => return None,
        };
        let order = self.order(mark, first, second);
        let (month, day) = match order {
            DayOrder::DayFirst => (second, first),
            DayOrder::MonthFirst => (first, second),
        };
        let date = Date::new(year, month, day).ok()?;
        let ambiguous = self.reading.order.is_none() && first <= 12 && second <= 12 && first != second;
        Some(Self::read_day(at, at + 5, date, ambiguous && !matches!(mark, '.' | '|')))
    }

    fn order(&self, mark: char, first: i8, second: i8) -> DayOrder {
        match (first > 12, second > 12) {
            (true, _) => DayOrder::DayFirst,
            (false, true) => DayOrder::MonthFirst,
            _ if matches!(mark, '.' | '|') => DayOrder::DayFirst,
            _ => self.reading.order.unwrap_or_else(|| habit(self.reading.language)),
        }
    }

    /// `20061022`, `20061022140500`, `200610221405`, Unix seconds and milliseconds.
    fn digits(&self, at: usize, value: u64, digits: usize) -> Option<Read> {
        let day = match digits {
            8 => value,
            12 if self.whole => value / 10_000,
            14 if self.whole => value / 1_000_000,
            10 | 13 | 16 if self.whole => return Self::unix(at, value, digits),
            _ => return None,
        };
        let parts = (believable_year((day / 10_000) as i64)?, (day / 100 % 100) as i8, (day % 100) as i8);
        let mut read = Self::read(at, at + 1, parts)?;
        if digits > 8 {
            let clock = if digits == 14 { value % 1_000_000 } else { value % 10_000 * 100 };
            let parts = Clock { hour: clock / 10_000, minute: clock / 100 % 100, second: clock % 100 };
            read.stamp = stamped(read.stamp, parts.shown(None)?);
        }
        Some(read)
    }

    fn unix(at: usize, value: u64, digits: usize) -> Option<Read> {
        let seconds = match digits {
            10 => value,
            13 => value / 1000,
            _ => value / 1_000_000,
        };
        let moment = jiff::Timestamp::from_second(i64::try_from(seconds).ok()?).ok()?;
        let civil = jiff::tz::Offset::UTC.to_datetime(moment);
        believable_year(i64::from(civil.year()))?;
        let stamp = Stamp {
            date: civil.date(),
            time: Some(format!("{:02}:{:02}:{:02}Z", civil.hour(), civil.minute(), civil.second())),
            precision: Precision::Second,
            ambiguous: false,
        };
        Some(Read { stamp, first: at, next: at + 1 })
    }

    fn read(first: usize, next: usize, (year, month, day): (i16, i8, i8)) -> Option<Read> {
        let date = Date::new(year, month, day).ok()?;
        Some(Self::read_day(first, next, date, false))
    }

    fn read_day(first: usize, next: usize, date: Date, ambiguous: bool) -> Read {
        Read { stamp: Stamp { date, time: None, precision: Precision::Day, ambiguous }, first, next }
    }

    fn partial(first: usize, next: usize, (year, month): (i16, Option<i8>)) -> Option<Read> {
        let precision = if month.is_some() { Precision::Month } else { Precision::Year };
        let date = Date::new(year, month.unwrap_or(1), 1).ok()?;
        Some(Read { stamp: Stamp { date, time: None, precision, ambiguous: false }, first, next })
    }

    /// The date with the time that stands after, inside or before it (from piece `floor`), and the pieces of both.
    fn with_time(&self, read: &Read, floor: usize) -> (Stamp, usize, usize) {
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
    fn time_at(&self, at: usize) -> Option<(String, usize)> {
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

struct Clock {
    hour: u64,
    minute: u64,
    second: u64,
}

impl Clock {
    fn shown(&self, offset: Option<String>) -> Option<String> {
        let possible = self.hour < 24 && self.minute < 60 && self.second <= 60;
        let offset = offset.unwrap_or_default();
        possible.then(|| format!("{:02}:{:02}:{:02}{offset}", self.hour, self.minute, self.second.min(59)))
    }
}

fn stamped(mut stamp: Stamp, time: String) -> Stamp {
    stamp.time = Some(time);
    stamp.precision = Precision::Second;
    stamp
}

fn believable_year(year: i64) -> Option<i16> {
    (FIRST_YEAR..=LAST_YEAR).contains(&year).then_some(year as i16)
}

/// What most papers of a language do; only American English puts the month first.
fn habit(language: Option<Language>) -> DayOrder {
    match language {
        None | Some(Language::ENGLISH | Language::UNDETERMINED) => DayOrder::MonthFirst,
        Some(_) => DayOrder::DayFirst,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar;
    use proptest::prelude::*;

    fn shown(text: &str, reading: &Reading) -> Option<String> {
        let stamp = parse(text, reading)?;
        let date = calendar::shown(stamp.date, stamp.precision);
        Some(stamp.time.map_or(date.clone(), |time| format!("{date} {time}")))
    }

    #[test]
    fn dates_as_archives_write_them() {
        let cases = [
            // ISO 8601 and its relatives
            ("2021-06-28", "2021-06-28"),
            ("2021-06-28T14:05:01+02:00", "2021-06-28 14:05:01+02:00"),
            ("2021-06-28T14:05:01.123456Z", "2021-06-28 14:05:01Z"),
            ("2021-06-28 14:05:01", "2021-06-28 14:05:01"),
            ("2021-06-28 14:05", "2021-06-28 14:05:00"),
            ("2021-06-28T14:05:01-0400", "2021-06-28 14:05:01-04:00"),
            ("2021-06-28T00:00:00Z", "2021-06-28"),
            ("2021-06-28T23:30:00-11:00", "2021-06-28 23:30:00-11:00"),
            ("20210628", "2021-06-28"),
            ("20210628T140501Z", "2021-06-28 14:05:01Z"),
            ("20210628140501", "2021-06-28 14:05:01"),
            ("20061022", "2006-10-22"),
            ("2021-W26-1", "2021-06-28"),
            ("2021-179", "2021-06-28"),
            ("2021-06", "2021-06"),
            ("2021", "2021"),
            ("2021/6/28", "2021-06-28"),
            ("2021.06.28", "2021-06-28"),
            ("2021. 6. 28. 14:05", "2021-06-28 14:05:00"),
            ("2021:06:28 14:05:01", "2021-06-28 14:05:01"),
            // RFC 2822, ctime, wires
            ("Mon, 28 Jun 2021 14:05:01 +0200", "2021-06-28 14:05:01+02:00"),
            ("Mon, 28 Jun 2021 14:05:01 GMT", "2021-06-28 14:05:01Z"),
            ("Mon Jun 28 14:05:01 EDT 2021", "2021-06-28 14:05:01-04:00"),
            ("Mon Jun 28 14:05:01 2021", "2021-06-28 14:05:01"),
            ("26-FEB-1987 15:01:01.79", "1987-02-26 15:01:01"),
            ("4 FEB 90", "1990-02-04"),
            ("28-Jun-21", "2021-06-28"),
            // spelled
            ("June 28, 2021 2:05 p.m. EDT", "2021-06-28 14:05:00-04:00"),
            ("June 28, 2021 at 2:05 PM", "2021-06-28 14:05:00"),
            ("June 28th, 2021", "2021-06-28"),
            ("28th of June, 2021", "2021-06-28"),
            ("Sept. 3, 2010", "2010-09-03"),
            ("Monday, June 28, 2021 - 12:05 AM", "2021-06-28 00:05:00"),
            ("2:05 PM EDT, Mon June 28, 2021", "2021-06-28 14:05:00-04:00"),
            ("14:05, 28 June 2021", "2021-06-28 14:05:00"),
            ("Published: June 28, 2021", "2021-06-28"),
            ("June 2021", "2021-06"),
            ("Octoher 3, 1914", "1914-10-03"),
            ("28 de junio de 2021 a las 14:05", "2021-06-28 14:05:00"),
            ("28 de junho de 2021 às 14h05", "2021-06-28 14:05:00"),
            ("28 juin 2021 à 14h05", "2021-06-28 14:05:00"),
            ("1er juillet 2021", "2021-07-01"),
            ("28. Juni 2021, 14.05 Uhr", "2021-06-28 14:05:00"),
            ("28. kesäkuuta 2021 klo 14.05", "2021-06-28 14:05:00"),
            ("28 giugno 2021", "2021-06-28"),
            ("28 czerwca 2021", "2021-06-28"),
            ("28 июня 2021 г., 14:05", "2021-06-28 14:05:00"),
            ("28 червня 2021", "2021-06-28"),
            ("28 Haziran 2021 14:05", "2021-06-28 14:05:00"),
            ("28 Ιουνίου 2021", "2021-06-28"),
            ("28 يونيو 2021", "2021-06-28"),
            ("٢٨ حزيران ٢٠٢١", "2021-06-28"),
            ("28 كانون الأول 2021", "2021-12-28"),
            ("28 ביוני 2021", "2021-06-28"),
            ("28 जून 2021", "2021-06-28"),
            ("28 Juni 2021", "2021-06-28"),
            ("28 tháng 6, 2021", "2021-06-28"),
            ("2021. június 28. 14:05", "2021-06-28 14:05:00"),
            ("2021年6月28日", "2021-06-28"),
            ("2021年6月28日 14:05", "2021-06-28 14:05:00"),
            ("2021년 6월 28일", "2021-06-28"),
            ("28. června 2021", "2021-06-28"),
            ("28. lipnja 2021.", "2021-06-28"),
            // numeric
            ("28/06/2021", "2021-06-28"),
            ("28.06.2021 14:05", "2021-06-28 14:05:00"),
            ("28.6.21", "2021-06-28"),
            ("26 | 01 | 2022", "2022-01-26"),
            ("06/28/2021", "2021-06-28"),
            ("06/28/2021 2:05 PM", "2021-06-28 14:05:00"),
            ("3.4.2021", "2021-04-03"),
            ("3/4/2021", "2021-03-04"),
            // clocks
            ("1624889100", "2021-06-28 14:05:00Z"),
            ("1624889100000", "2021-06-28 14:05:00Z"),
            ("/Date(1624889100000)/", "2021-06-28 14:05:00Z"),
            ("1914-08-05", "1914-08-05"),
            ("5 November 1605", "1605-11-05"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text, &Reading::default()).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn impossible_dates_are_no_dates() {
        let cases = [
            "31 February 2021",
            "2021-02-30",
            "2021-02-31T10:00:00",
            "0000-00-00",
            "0000-00-00 00:00:00",
            "0001-01-01T00:00:00",
            "13/13/2013",
            "32/01/2021",
            "year 99999",
            "99999-01-01",
            "2021-13-01",
            "2021-00-10",
            "0",
            "1",
            "",
            " ",
            "-",
            "today",
            "n/a",
            "null",
            "June",
            "28 June",
            "June 28",
            "3 days ago",
            "12:30",
            "1234567",
            "+49 30 123456",
            "10.3.4.128",
            "2021-366",
            "2021-W54-1",
            "2999-01-01",
            "1,234,567",
            "31/04/2021",
            "February 29, 2021",
            "99 bottles of beer",
        ];
        for text in cases {
            assert_eq!(shown(text, &Reading::default()), None, "{text}");
        }
    }

    #[test]
    fn day_and_month_follow_the_evidence() {
        let with =
            |order, language: &str| Reading { order, language: Language::parse(language), latest: None };
        let cases = [
            ("3/4/2021", with(None, "en"), "2021-03-04", true),
            ("3/4/2021", with(None, "es"), "2021-04-03", true),
            ("3/4/2021", with(Some(DayOrder::DayFirst), "en"), "2021-04-03", false),
            ("3/4/2021", with(Some(DayOrder::MonthFirst), "es"), "2021-03-04", false),
            ("28/4/2021", with(Some(DayOrder::MonthFirst), "en"), "2021-04-28", false),
            ("3/3/2021", with(None, "en"), "2021-03-03", false),
        ];
        for (text, reading, expected, ambiguous) in cases {
            let stamp = parse(text, &reading).unwrap();
            assert_eq!(calendar::shown(stamp.date, stamp.precision), expected, "{text}");
            assert_eq!(stamp.ambiguous, ambiguous, "{text}");
        }
        assert_eq!(order_of("on 28/06/2021 at"), Some(DayOrder::DayFirst));
        assert_eq!(order_of("06/28/2021"), Some(DayOrder::MonthFirst));
        assert_eq!(order_of("06/08/2021"), None);
    }

    #[test]
    fn two_digit_years_have_a_stated_century() {
        let until = |year| Reading { latest: Date::new(year, 1, 1).ok(), ..Reading::default() };
        assert_eq!(shown("4 FEB 49", &Reading::default()).as_deref(), Some("2049-02-04"));
        assert_eq!(shown("4 FEB 50", &Reading::default()).as_deref(), Some("1950-02-04"));
        assert_eq!(shown("4 FEB 49", &until(2026)).as_deref(), Some("1949-02-04"));
    }

    #[test]
    fn dates_are_found_inside_text() {
        let cases: [(&str, &[&str]); 8] = [
            ("Published 28 June 2021, 14:05 | Updated 3 July 2021", &["28 June 2021, 14:05", "3 July 2021"]),
            ("from June 28, 2021 to July 3, 2021", &["June 28, 2021", "July 3, 2021"]),
            ("By Jane Doe | June 28, 2021 | 2:05pm", &["June 28, 2021 | 2:05pm"]),
            ("version 1.2.2021.4 and 192.168.12.21", &[]),
            ("call 555-2021-06", &[]),
            ("in June 2021 and in 2020", &[]),
            ("28.06.2021", &["28.06.2021"]),
            ("pages 12-13-2021", &["12-13-2021"]),
        ];
        for (text, expected) in cases {
            let found = find(text, &Reading::default());
            let spans: Vec<&str> = found.iter().map(|found| found.span.of(text)).collect();
            assert_eq!(spans, expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "\\PC{0,80}") {
            let _ = parse(&text, &Reading::default());
            for found in find(&text, &Reading::default()) {
                prop_assert!(text.get(found.span.start..found.span.end).is_some());
            }
        }

        #[test]
        fn near_dates_are_read_without_panic(text in "[0-9]{0,15}[ ./:TZ年-]{0,2}[0-9]{0,4}[ ./:-]{0,2}(Jun|May|th|juin|pm|月)?[ .,]{0,2}[0-9]{0,6}") {
            let _ = parse(&text, &Reading::default());
            for found in find(&text, &Reading::default()) {
                prop_assert!(text.get(found.span.start..found.span.end).is_some());
            }
        }

        #[test]
        fn every_day_survives_its_own_writing(day in 0_i32..200_000, style in 0_usize..6) {
            let date = Date::new(1500, 1, 1).unwrap().checked_add(jiff::Span::new().days(day)).unwrap();
            let written = ["%Y-%m-%d", "%Y%m%d", "%d %B %Y", "%B %d, %Y", "%d.%m.%Y", "%a, %d %b %Y 10:00:00 +0000"][style];
            let stamp = parse(&date.strftime(written).to_string(), &Reading::default());
            prop_assert_eq!(stamp.map(|stamp| stamp.date), Some(date));
        }
    }
}
