//! The day at one place of a date string, in every style: spelled, numeric, compact, ISO 8601, Unix time.
//!
//! Works on the pieces of [`token`](super::token); [`parse`](super::parse) asks it piece by piece, and `clock` adds the
//! time of day. Never looks beyond the parts of one date.

use jiff::civil::Date;

use crate::calendar::{DayOrder, Precision};
use crate::input::published::clock::Clock;
use crate::input::published::month::{misread_month, month};
use crate::input::published::parse::{Reading, Stamp};
use crate::input::published::solar;
use crate::input::published::token::{Kind, Piece};
use crate::language::Language;

/// The oldest year that anything was printed for a public; earlier ones are errors or empty fields.
const FIRST_YEAR: i64 = 1400;
/// Years after this one are no years.
const LAST_YEAR: i64 = 2199;

/// Figures that would be clocks of later years are numbers of something else.
const LAST_CLOCK: i16 = 2049;
/// Eras that papers of Japan and Taiwan count in, and the year before their first.
const ERAS: [(&str, i64); 5] =
    [("令和", 2018), ("平成", 1988), ("昭和", 1925), ("民國", 1911), ("民国", 1911)];
/// Years between the Buddhist era and the common one.
const BUDDHIST: i64 = 543;

/// A date before its time is looked for: where it starts and ends among the pieces.
pub(super) struct Read {
    pub(super) stamp: Stamp,
    pub(super) first: usize,
    pub(super) next: usize,
}

pub(super) struct Scanner<'t> {
    pub(super) text: &'t str,
    pub(super) pieces: &'t [Piece],
    pub(super) reading: &'t Reading,
    /// The text is one field: parts of dates and bare digits are dates too.
    pub(super) whole: bool,
}

impl Scanner<'_> {
    pub(super) fn date_at(&self, at: usize) -> Option<Read> {
        let glued = at > 0 && !self.pieces[at].gap && self.joins_numbers(at - 1);
        let read = match self.pieces.get(at)?.kind {
            Kind::Number(_, 4) if !glued => self.solar(at).or_else(|| self.year_first(at)),
            Kind::Number(value, digits) if digits > 4 => self.digits(at, value, digits),
            Kind::Number(_, 1..=2) if !glued => {
                self.day_spelled(at).or_else(|| self.solar_spelled(at)).or_else(|| self.numeric(at))
            }
            Kind::Word => self.month_spelled(at).or_else(|| self.of_era(at)),
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

    pub(super) fn kind(&self, at: usize) -> Option<Kind> {
        self.pieces.get(at).map(|piece| piece.kind)
    }

    pub(super) fn word(&self, at: usize) -> Option<&str> {
        let piece = self.pieces.get(at).filter(|piece| piece.kind == Kind::Word)?;
        self.text.get(piece.start..piece.end)
    }

    pub(super) fn is_word(&self, at: usize, words: &[&str]) -> bool {
        self.word(at).is_some_and(|word| words.iter().any(|known| known.eq_ignore_ascii_case(word)))
    }

    /// The month named at `at`, and where its name ends, with the name it has elsewhere: "28 حزيران (يونيو) 2021".
    fn month_at(&self, at: usize) -> Option<(i8, usize)> {
        let (found, next) = self.one_month_at(at)?;
        if let Some(Kind::Mark(mark @ ('/' | '('))) = self.kind(next)
            && let Some((again, after)) = self.one_month_at(next + 1)
            && again == found
        {
            let closed = mark == '(' && self.kind(after) == Some(Kind::Mark(')'));
            return Some((found, after + usize::from(closed)));
        }
        Some((found, next))
    }

    /// The month that one name at `at` means: most are one word, Levantine Arabic ones two.
    fn one_month_at(&self, at: usize) -> Option<(i8, usize)> {
        let word = self.word(at)?;
        let language = self.reading.language;
        if let (Some(piece), Some(next)) = (self.pieces.get(at), self.pieces.get(at + 1))
            && next.kind == Kind::Word
            && !word.is_ascii()
            && let Some(found) = self.text.get(piece.start..next.end).and_then(|two| month(two, language))
        {
            return Some((found, at + 2));
        }
        // "มิ.ย.": Thai shortens each part of a name.
        if word.contains(|c| matches!(c, '\u{e00}'..='\u{e7f}'))
            && let (Some(piece), Some(last)) = (self.pieces.get(at), self.pieces.get(at + 2))
            && let Some(found) = self.text.get(piece.start..last.end).and_then(|two| month(two, language))
        {
            return Some((found, at + 3 + usize::from(self.kind(at + 3) == Some(Kind::Mark('.')))));
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
            Kind::Number(value, 4) => believable_year(self.in_common_era(value as i64)),
            _ => None,
        }
    }

    /// The year itself; Thai papers count from the death of the Buddha.
    fn in_common_era(&self, year: i64) -> i64 {
        let is_thai = self.reading.language.is_some_and(|language| language.row().code == "th");
        if is_thai && year > LAST_YEAR { year - BUDDHIST } else { year }
    }

    /// A year of two digits, in the century that the module's header states.
    fn short_year(&self, at: usize) -> Option<i16> {
        let Kind::Number(value, 2) = self.kind(at)? else { return None };
        let year = if value < 50 { 2000 + value as i16 } else { 1900 + value as i16 };
        let latest = self.reading.latest.map_or(i16::MAX, Date::year);
        Some(if year > latest { year - 100 } else { year })
    }

    pub(super) fn skip_marks(&self, mut at: usize, marks: &[char]) -> usize {
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

    pub(super) fn day_month_at(&self, at: usize) -> Option<(i8, i8, usize)> {
        let (day, after_day) = self.day_at(at)?;
        let (month, next) = self.month_at(self.skip_joints(after_day))?;
        Some((month, day, next))
    }

    pub(super) fn month_day_at(&self, at: usize) -> Option<(i8, i8, usize)> {
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

    /// `۱۴۰۰/۰۴/۰۷`: a day of the Iranian calendar in figures, where the language or the figures are Persian.
    fn solar(&self, at: usize) -> Option<Read> {
        let Kind::Number(year, 4) = self.kind(at)? else { return None };
        let Kind::Mark(mark @ ('/' | '-')) = self.kind(at + 1)? else { return None };
        let code = self.reading.language.map(|language| language.row().code);
        let figures = self.pieces.get(at).and_then(|piece| self.text.get(piece.start..piece.end))?;
        if !matches!(code, Some("fa" | "ps")) && !figures.starts_with(solar::FIGURES) {
            return None;
        }
        let (month, day) = (self.small(at + 2, 12)?, self.small(at + 4, 31)?);
        let date = solar::day(year, month, day).filter(|_| self.kind(at + 3) == Some(Kind::Mark(mark)))?;
        Some(Self::read_day(at, at + 5, date, None))
    }

    /// `۷ تیر ۱۴۰۰`: the same with the name of its month.
    fn solar_spelled(&self, at: usize) -> Option<Read> {
        let month = solar::month(self.word(at + 1)?)?;
        let year_at = self.skip_marks(at + 2, &['،', ',']);
        let Kind::Number(year, 4) = self.kind(year_at)? else { return None };
        let date = solar::day(year, month, self.small(at, 31)?)?;
        Some(Self::read_day(at, year_at + 1, date, None))
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
        // "2021. gada 28. jūnijs", "2021 m. birželio 28 d.".
        let named = self.is_word(spelled, &["gada", "m"]);
        let spelled = if named { self.skip_marks(spelled + 1, &['.']) } else { spelled };
        if named && let Some((month, day, next)) = self.day_month_at(spelled) {
            return Self::read(at, next, (year, month, day));
        }
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

    /// `令和3年6月28日`, `民國110年6月28日`: years of a reign or a republic.
    fn of_era(&self, at: usize) -> Option<Read> {
        let word = self.word(at).filter(|word| !word.is_ascii())?;
        let (_, before) = ERAS.iter().find(|(name, _)| word.ends_with(name))?;
        let Kind::Number(year @ 1..=199, 1..=3) = self.kind(at + 1)? else { return None };
        let year = believable_year(before + year as i64)?;
        self.numbered_by_ideographs(at + 1, year).map(|read| Read { first: at, ..read })
    }

    fn week_or_ordinal(&self, at: usize, year: i16) -> Option<Read> {
        if !self.whole || self.kind(at + 1) != Some(Kind::Mark('-')) {
            return None;
        }
        if let Some(Kind::Number(ordinal @ 1..=366, 3)) = self.kind(at + 2) {
            let day =
                Date::new(year, 1, 1).ok()?.checked_add(jiff::Span::new().days(ordinal as i64 - 1)).ok()?;
            return (day.year() == year).then(|| Self::read_day(at, at + 3, day, None));
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
        Some(Self::read_day(at, at + 6, day, None))
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
        let assumed = (ambiguous && !matches!(mark, '.' | '|')).then_some(order);
        let mut read = Self::read_day(at, at + 5, date, assumed);
        // With a bar or as two figures of a year it shows no habit.
        let is_clear = (first > 12) != (second > 12) && mark != '|' && self.year(at + 4).is_some();
        read.stamp.shown = is_clear.then_some(order);
        Some(read)
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
            10 | 13 | 16 if self.whole && !self.is_in_word(at) => return Self::unix(at, value, digits),
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

    /// Letters stand directly beside the figures: they are part of a code.
    fn is_in_word(&self, at: usize) -> bool {
        let glued = |at: usize| self.pieces.get(at).is_some_and(|piece| !piece.gap);
        let is_word = |at: usize| self.kind(at) == Some(Kind::Word);
        at > 0 && glued(at) && is_word(at - 1) || glued(at + 1) && is_word(at + 1)
    }

    fn unix(at: usize, value: u64, digits: usize) -> Option<Read> {
        let seconds = match digits {
            10 => value,
            13 => value / 1000,
            _ => value / 1_000_000,
        };
        let moment = jiff::Timestamp::from_second(i64::try_from(seconds).ok()?).ok()?;
        let civil = jiff::tz::Offset::UTC.to_datetime(moment);
        if civil.year() > LAST_CLOCK {
            return None;
        }
        let stamp = Stamp {
            date: civil.date(),
            time: Some(format!("{:02}:{:02}:{:02}Z", civil.hour(), civil.minute(), civil.second())),
            precision: Precision::Second,
            assumed: None,
            shown: None,
        };
        Some(Read { stamp, first: at, next: at + 1 })
    }

    fn read(first: usize, next: usize, (year, month, day): (i16, i8, i8)) -> Option<Read> {
        let date = Date::new(year, month, day).ok()?;
        Some(Self::read_day(first, next, date, None))
    }

    fn read_day(first: usize, next: usize, date: Date, assumed: Option<DayOrder>) -> Read {
        Read {
            stamp: Stamp { date, time: None, precision: Precision::Day, assumed, shown: None },
            first,
            next,
        }
    }

    fn partial(first: usize, next: usize, (year, month): (i16, Option<i8>)) -> Option<Read> {
        let precision = if month.is_some() { Precision::Month } else { Precision::Year };
        let date = Date::new(year, month.unwrap_or(1), 1).ok()?;
        Some(Read { stamp: Stamp { date, time: None, precision, assumed: None, shown: None }, first, next })
    }
}

/// `stamp` with a time of day.
pub(super) fn stamped(mut stamp: Stamp, time: String) -> Stamp {
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
