//! The rules of one language, read from `data/lang/<code>/dates.toml` and compiled: one vocabulary, one automaton.
//!
//! The automaton is a trie over classes and words. It is walked only from words that some rule begins with, so text
//! without date words costs one look-up a token. Resolution of what matched is in [`super::resolve`].

use std::collections::hash_map;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::class::{Class, code};
use super::lexeme::Lexeme;
use super::pattern::{Atom, Element, Fragments, Piece, element, parse};

/// What is in a rule file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleFile {
    pub(super) settings: Settings,
    #[serde(default)]
    fragments: FxHashMap<String, String>,
    /// Class, value, words.
    words: FxHashMap<String, FxHashMap<String, Vec<String>>>,
    #[serde(default, rename = "holiday")]
    holidays: Vec<HolidayRow>,
    #[serde(rename = "rule")]
    pub(super) rules: Vec<RuleRow>,
}

/// What differs between languages beside words and rules.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Settings {
    /// Number words are put together: twenty-five, nineteen ninety-six.
    pub(super) composed_numbers: bool,
    /// Endings that make figures an ordinal: `st`, `th`.
    pub(super) ordinal_endings: Vec<String>,
    /// Endings that make figures a decade: 1990`s`.
    pub(super) decade_endings: Vec<String>,
    /// Endings of verbs in the past: `ed`.
    pub(super) past_endings: Vec<String>,
    /// Endings of verbs in the future, of languages that have such: se tien`dra`, celebra`rá`.
    pub(super) future_endings: Vec<String>,
    /// Endings of participles of the past, where they end a clause: ist gestorb`en`.
    pub(super) past_participles: Vec<String>,
    /// What is glued to the front of a verb to put it into the future: `سي`.
    pub(super) future_prefixes: Vec<String>,
    /// Words that only look like a verb of the past or future by how they end or begin: museu.
    not_verbs: Vec<String>,
    /// Endings of participles of the present: `ing`.
    pub(super) participle_endings: Vec<String>,
    /// What stands before the figures of a fiscal year in one word: `FY`.
    pub(super) fiscal_prefixes: Vec<String>,
    /// Words that begin another clause, whose verb says nothing of a date before them: but, while.
    pub(super) clause_breaks: Vec<String>,
    /// Words that begin what somebody says, with a tense of its own, of languages that seldom leave them out: que.
    reporting: Vec<String>,
    /// Words that are a day or a part of one, never both: mañana.
    day_or_part: Vec<String>,
    /// Words that rules name and that are no less plain for it.
    plain: Vec<String>,
    /// A full stop behind figures makes an ordinal of them, and ends no sentence before a month: `26. September`.
    pub(super) ordinal_stops: bool,
    /// A verb stands behind its date at the end of a clause: "wie er am Dienstag sagte".
    pub(super) verbs_last: bool,
    /// A year needs no preposition: `1914 begann der Krieg`.
    pub(super) bare_years: bool,
    /// Years of two figures in dates with full stops: `28.06.21`.
    pub(super) short_years: bool,
    /// Nouns have capitals, so that the name of a day with one is no name of a person.
    pub(super) capital_nouns: bool,
    /// Infinitives that put what is only told into the past: `soll gekommen sein`, each with the endings of the participle
    /// before it.
    pub(super) perfect_infinitives: FxHashMap<String, Vec<String>>,
    /// What may be glued to the front of a word: `d'`, `و`.
    pub(super) prefixes: Vec<String>,
    /// What may stand before a year that looks like any other number: in 2350.
    pub(super) year_prepositions: Vec<String>,
    /// Last words of the names of streets: figures before such a name are those of a house.
    pub(super) street_words: Vec<String>,
    /// Words in names that end like a street and are none: Wall Street, a food drive.
    pub(super) not_streets: Vec<String>,
    /// Date words that are also other words; alone they count only after a preposition.
    pub(super) ambiguous: Vec<String>,
    /// Date words that are also people's names; not dates before another capitalised word.
    pub(super) names: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HolidayRow {
    words: Vec<String>,
    on: String,
}

/// One rule as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleRow {
    pub(super) name: String,
    #[serde(rename = "match")]
    patterns: Patterns,
    pub(super) means: Means,
    #[serde(default)]
    shift: Option<i32>,
    #[serde(default)]
    unit: Option<String>,
    #[serde(default)]
    value: Option<String>,
    #[serde(default)]
    which: Option<Which>,
    /// Words or classes that may not stand before the match.
    #[serde(default)]
    not_after: Vec<String>,
    /// Words or classes that may not stand after the match.
    #[serde(default)]
    not_before: Vec<String>,
    /// A date word alone: ambiguous words and names need more evidence.
    #[serde(default)]
    alone: bool,
    /// Only in articles of this kind.
    #[serde(default)]
    mode: Option<Mode>,
    /// Not in reports on matches, except with a year.
    #[serde(default)]
    not_in_sport: bool,
    /// Not with a capital, which makes a name of it.
    #[serde(default)]
    lower: bool,
    /// Only in reports on business.
    #[serde(default)]
    in_business: bool,
    /// Only at the beginning of a sentence.
    #[serde(default)]
    opens: bool,
    /// `anchor | text | span = value; span = value`; read by the tests.
    #[serde(default)]
    #[cfg_attr(not(test), expect(dead_code, reason = "accepted in every build, run by the tests"))]
    pub(super) examples: Vec<String>,
    /// Texts in which nothing is found.
    #[serde(default)]
    #[cfg_attr(not(test), expect(dead_code, reason = "accepted in every build, run by the tests"))]
    pub(super) rejects: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Patterns {
    One(String),
    Several(Vec<String>),
}

/// How the value of a match is found; the functions are in [`super::resolve`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Means {
    /// A point of the calendar, with what it leaves out taken from the context.
    Date,
    /// `shift` units from the day of publication: last year, this week, next May.
    Near,
    /// `shift` units from the date told last: that year, the following day.
    That,
    /// `shift` units from the date told last in the same sentence, or from publication if there is none or a coarser one: the
    /// end of the month.
    The,
    /// A number of units before publication: five months ago; with shift 1 after it, where that is to come or the rule wants
    /// it counted.
    Ago,
    /// A number of units after (shift 1) or before (shift -1) the date told last.
    Later,
    /// The unit before a date that the match tells: the Friday before Christmas.
    Before,
    /// The unit after it.
    After,
    /// A length of time that ends (shift -1) or begins (shift 1) at publication: the past decade.
    Span,
    /// A length of time.
    Duration,
    /// Something that recurs.
    Set,
    /// `value` as it is: `PAST_REF`.
    Fixed,
    /// Not a date: what matches is skipped.
    Nothing,
}

/// Which of the dates that its words can mean a rule wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Which {
    /// The weekday nearest to publication, where no tense tells another.
    Nearest,
    /// The weekday nearest to publication whatever the tense.
    Closest,
    /// The weekday nearest to publication, unless a past is told.
    Close,
    /// The day that is counted to, not the length till then: in three weeks.
    Counted,
    /// The year that is over while its figures come out.
    Reported,
    /// The year that begins in January.
    New,
    /// The month told last, if it is not long over.
    Told,
    /// The week at hand, from Friday on.
    Ending,
    /// The day of the month if it is written as 19th, and no number.
    Ordinal,
    /// The nth weekday of the month, or its nth week.
    Nth,
    /// The hour that its number is: at 7 that evening.
    Clock,
    /// The night before the day that is the talk, if that is over.
    Overnight,
    /// Any of its units: `XXXX-XX-XX`.
    Any,
}

/// A rule, compiled.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) name: String,
    pub(super) means: Means,
    pub(super) shift: Option<i32>,
    pub(super) unit: Option<i32>,
    /// What a fixed meaning is; the number of a quarter; how many units a length has.
    pub(super) value: Option<String>,
    pub(super) which: Option<Which>,
    pub(super) not_after: Vec<Neighbour>,
    pub(super) not_before: Vec<Neighbour>,
    pub(super) alone: bool,
    pub(super) mode: Option<Mode>,
    pub(super) not_in_sport: bool,
    pub(super) lower: bool,
    pub(super) in_business: bool,
    pub(super) opens: bool,
}

/// What an article tells, which decides what its dates are counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Mode {
    /// What happened lately: dates are near the day of publication.
    News,
    /// What happened long ago, in order: a date without a year has the year told last.
    History,
}

/// What an article reports on, where quarters and halves mean different things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Field {
    /// Matches, whose quarters are none of the year.
    Sport,
    /// Companies, whose halves are those of the year.
    Business,
    #[default]
    Other,
}

/// What may not stand beside a match.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Neighbour {
    /// A word of the vocabulary.
    Word(u16),
    /// A class.
    Class(Class),
    /// `*capital`: a capitalised word.
    Capital,
    /// `*plural`: a word in lower case that ends in s.
    Plural,
    /// `*word`: a word in lower case that no rule knows, or of `settings.plain`.
    Plain,
    /// `*joined`: a word or number without white space between.
    Joined,
}

/// What one word can be.
#[derive(Debug, Default)]
pub(super) struct Entry {
    /// Classes with their values; the flag says that the word must be capitalised.
    pub(super) classes: Vec<(Class, i32, bool)>,
    /// It begins another clause.
    pub(super) breaks: bool,
    /// A day or a part of one, never both.
    pub(super) day_or_part: bool,
    /// As plain as a word that no rule knows.
    pub(super) plain: bool,
    /// It begins what somebody says.
    pub(super) reports: bool,
    /// No verb, whatever it looks like.
    pub(super) no_verb: bool,
    /// Bits of all classes for a capitalised word.
    pub(super) capital_bits: u64,
    /// Bits of the classes that need no capital.
    pub(super) bits: u64,
    /// A full stop may belong to it: `Sept.`
    pub(super) abbreviation: bool,
    /// Longer expressions that begin with this word.
    pub(super) phrases: Vec<Phrase>,
    /// Also an ordinary word.
    pub(super) ambiguous: bool,
    /// Also a given name.
    pub(super) name: bool,
}

/// A name or word that is written in several.
#[derive(Debug)]
pub(super) struct Phrase {
    /// The words after the first.
    pub(super) rest: Vec<String>,
    pub(super) class: Class,
    pub(super) value: i32,
    /// The first must be capitalised.
    pub(super) capital: bool,
}

/// When a holiday is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holiday {
    /// Month and day.
    Fixed(i8, i8),
    /// Days after Easter Sunday.
    Easter(i32),
    /// The nth (or last, -1) weekday of a month, and days after it.
    Nth(i8, i8, i8, i8),
    /// Days after the Jewish new year.
    Jewish(i32),
    /// Days after the Chinese new year.
    Lunar(i32),
    /// Month and day of the Islamic calendar; day 0 is the whole month.
    Islamic(i32, i32),
}

/// What an edge of the automaton asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Step {
    /// Bit of the class, or 0.
    pub(super) bits: u64,
    /// Vocabulary number of the word, or 0.
    pub(super) word: u16,
    /// It must follow without white space.
    pub(super) joined: bool,
}

/// A state of the automaton.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) edges: Vec<(Step, u32)>,
    /// Sequences that end here.
    pub(super) accepts: Vec<u32>,
    /// All classes that its edges ask for.
    classes: u64,
    /// Bit `n % 64` for every word that its edges ask for.
    words: u64,
}

impl Node {
    /// Whether an edge may lead on over `lexeme`.
    pub(super) fn may_take(&self, lexeme: &Lexeme) -> bool {
        lexeme.bits & self.classes != 0 || lexeme.word != 0 && self.words >> (lexeme.word % 64) & 1 == 1
    }
}

/// A way through the automaton while a pattern is added.
#[derive(Debug, Clone, Default)]
struct Path {
    node: u32,
    length: usize,
    open: Option<usize>,
    parts: Vec<(usize, usize)>,
}

/// The value of class `BEFORE` for what leads to when something happened.
pub(super) const OF_EVENTS: i32 = 3;

/// No pattern may match in more ways than this: a rule with more should be two.
const MOST_PATHS: usize = 4_000;

/// A sequence with the rule that it belongs to.
#[derive(Debug)]
pub(super) struct Ending {
    pub(super) rule: u16,
    /// The element ranges that are annotated.
    pub(super) parts: Vec<(usize, usize)>,
}

/// The compiled rules of one language.
#[derive(Debug, Default)]
pub(super) struct Grammar {
    pub(super) settings: Settings,
    vocabulary: FxHashMap<Box<[u8]>, u16>,
    /// Lengths of the known words by [`beginning`], to pass over most words without a look-up.
    lengths: Vec<u32>,
    pub(super) entries: Vec<Entry>,
    pub(super) nodes: Vec<Node>,
    /// Where each step leads, while the automaton is built.
    steps: FxHashMap<(u32, Step), u32>,
    pub(super) endings: Vec<Ending>,
    pub(super) rules: Vec<Rule>,
    pub(super) holidays: Vec<Holiday>,
    /// Where rules can begin with a class, in their order.
    first_classes: Vec<(Step, u32)>,
    /// Where rules can begin with the word of this number or a class that it can have, in their order.
    first_words: Vec<Vec<(Step, u32)>>,
}

impl Grammar {
    /// Compiles a rule file; the error names the rule.
    pub(super) fn compile(source: &str) -> Result<Grammar, String> {
        let file: RuleFile = toml::from_str(source).map_err(|error| error.to_string())?;
        let mut grammar =
            Grammar { settings: file.settings, lengths: vec![0; 1 << 10], ..Grammar::default() };
        // Number 0 stands for "not in the vocabulary", state 0 is the beginning.
        grammar.entries.push(Entry::default());
        grammar.nodes.push(Node::default());
        let settings = grammar.settings.clone();
        for word in settings.clause_breaks.iter().chain(&settings.not_verbs).chain(&settings.reporting) {
            grammar.intern(word);
        }
        grammar.add_words(&file.words)?;
        for row in &file.holidays {
            let number = grammar.holidays.len() as i32;
            grammar.holidays.push(holiday(&row.on).ok_or_else(|| format!("no holiday is on `{}`", row.on))?);
            for word in &row.words {
                grammar.add_word(word, Class::HOLIDAY, number);
            }
        }
        let fragments: Fragments = file.fragments;
        for row in file.rules {
            let name = row.name.clone();
            grammar.add_rule(row, &fragments).map_err(|error| format!("rule `{name}`: {error}"))?;
        }
        grammar.steps = FxHashMap::default();
        grammar.index_beginnings();
        Ok(grammar)
    }

    /// The number of a word, 0 if no rule needs it. `lower` is in lower case.
    pub(super) fn number(&self, lower: &[u8]) -> u16 {
        if self.may_know(lower) { self.vocabulary.get(lower).copied().unwrap_or(0) } else { 0 }
    }

    /// Whether a word in lower case is a preposition of when something happened: in.
    pub(super) fn is_of_events(&self, lower: &[u8]) -> bool {
        let classes = &self.entries[usize::from(self.number(lower))].classes;
        classes.iter().any(|(class, value, _)| *class == Class::BEFORE && *value == OF_EVENTS)
    }

    /// Whether a word, given in lower case, is of a class only with a capital.
    pub(super) fn needs_capital(&self, lower: &[u8]) -> bool {
        let entry = &self.entries[usize::from(self.number(lower))];
        entry.bits == 0 && entry.capital_bits != 0
    }

    /// Whether some rule may need a word, by its length and first bytes: few are needed. Of ASCII its case does not matter.
    pub(super) fn may_know(&self, word: &[u8]) -> bool {
        self.lengths.get(beginning(word)).is_some_and(|lengths| lengths >> (word.len() % 32) & 1 == 1)
    }

    fn intern(&mut self, word: &str) -> u16 {
        let bytes = word.as_bytes();
        if let Some(&number) = self.vocabulary.get(bytes) {
            return number;
        }
        let number = self.entries.len() as u16;
        self.entries.push(Entry {
            ambiguous: self.settings.ambiguous.iter().any(|known| known == word),
            name: self.settings.names.iter().any(|known| known == word),
            breaks: self.settings.clause_breaks.iter().any(|known| known == word),
            day_or_part: self.settings.day_or_part.iter().any(|known| known == word),
            plain: self.settings.plain.iter().any(|known| known == word),
            reports: self.settings.reporting.iter().any(|known| known == word),
            no_verb: self.settings.not_verbs.iter().any(|known| known == word),
            ..Entry::default()
        });
        self.lengths[beginning(bytes)] |= 1 << (bytes.len() % 32);
        self.vocabulary.insert(bytes.into(), number);
        number
    }

    fn add_words(
        &mut self,
        classes: &FxHashMap<String, FxHashMap<String, Vec<String>>>,
    ) -> Result<(), String> {
        for (name, values) in classes {
            let class = Class::parse(name).ok_or_else(|| format!("no class `{name}`"))?;
            for (value, words) in values {
                let value = value.parse().unwrap_or_else(|_| code(value));
                for word in words {
                    self.add_word(word, class, value);
                }
            }
        }
        Ok(())
    }

    /// `^May` must be capitalised, `Sept.` may end in a full stop, `new year 's day` is a phrase.
    fn add_word(&mut self, written: &str, class: Class, value: i32) {
        let capital = written.starts_with('^');
        let lower = written.trim_start_matches('^').to_lowercase();
        if lower.contains(' ') {
            let words: Vec<String> = lower.split(' ').map(str::to_owned).collect();
            for word in &words {
                self.intern(word);
            }
            let first = self.intern(&words[0]);
            let phrase = Phrase { rest: words[1..].to_vec(), class, value, capital };
            self.entries[usize::from(first)].phrases.push(phrase);
            return;
        }
        let stop = lower.len() > 1 && lower.ends_with('.') && !lower[..lower.len() - 1].contains('.');
        let number = self.intern(if stop { lower.trim_end_matches('.') } else { &lower });
        let entry = &mut self.entries[usize::from(number)];
        entry.abbreviation |= stop;
        entry.classes.push((class, value, capital));
        entry.capital_bits |= class.bit();
        if !capital {
            entry.bits |= class.bit();
        }
    }

    fn add_rule(&mut self, row: RuleRow, fragments: &Fragments) -> Result<(), String> {
        let patterns = match row.patterns {
            Patterns::One(pattern) => vec![pattern],
            Patterns::Several(patterns) => patterns,
        };
        let rule = self.rules.len() as u16;
        for pattern in patterns {
            self.add_pattern(&parse(&pattern, fragments)?, rule)?;
        }
        let rule = Rule {
            not_after: self.neighbours(&row.not_after)?,
            not_before: self.neighbours(&row.not_before)?,
            name: row.name,
            means: row.means,
            shift: row.shift,
            unit: row.unit.as_deref().map(code),
            value: row.value,
            which: row.which,
            alone: row.alone,
            mode: row.mode,
            not_in_sport: row.not_in_sport,
            lower: row.lower,
            in_business: row.in_business,
            opens: row.opens,
        };
        if rule.means == Means::Fixed && rule.value.is_none() {
            return Err("a fixed meaning needs a `value`".to_owned());
        }
        self.rules.push(rule);
        Ok(())
    }

    fn neighbours(&mut self, written: &[String]) -> Result<Vec<Neighbour>, String> {
        let neighbour = |word: &String| {
            Ok(match word.as_str() {
                "*capital" => Neighbour::Capital,
                "*plural" => Neighbour::Plural,
                "*word" => Neighbour::Plain,
                "*joined" => Neighbour::Joined,
                _ => match element(word)?.atom {
                    Atom::Class(class) => Neighbour::Class(class),
                    Atom::Word(word) => Neighbour::Word(self.intern(&word)),
                },
            })
        };
        written.iter().map(neighbour).collect()
    }

    /// Adds every way to match a pattern to the automaton.
    fn add_pattern(&mut self, pieces: &[Piece], rule: u16) -> Result<(), String> {
        for mut path in self.extend(pieces, vec![Path::default()])? {
            if path.length == 0 {
                continue;
            }
            if path.open.is_some() {
                return Err("`<` without `>`".to_owned());
            }
            if path.parts.is_empty() {
                path.parts.push((0, path.length));
            }
            let ending = self.endings.len() as u32;
            self.endings.push(Ending { rule, parts: path.parts });
            self.nodes[path.node as usize].accepts.push(ending);
        }
        Ok(())
    }

    /// The paths that go on from `paths` over `pieces`.
    fn extend(&mut self, pieces: &[Piece], mut paths: Vec<Path>) -> Result<Vec<Path>, String> {
        for piece in pieces {
            match piece {
                Piece::Element(element) => {
                    let step = self.step(element);
                    for path in &mut paths {
                        path.node = self.next_node(path.node, step);
                        path.length += 1;
                    }
                }
                Piece::Open => paths.iter_mut().for_each(|path| path.open = Some(path.length)),
                Piece::Close => {
                    for path in &mut paths {
                        let start = path.open.take().ok_or("`>` without `<`")?;
                        path.parts.push((start, path.length));
                    }
                }
                Piece::Choice(branches) => {
                    let mut all = Vec::with_capacity(paths.len() * branches.len());
                    for branch in branches {
                        all.append(&mut self.extend(branch, paths.clone())?);
                    }
                    paths = all;
                }
            }
            if paths.len() > MOST_PATHS {
                return Err("a pattern matches in too many ways".to_owned());
            }
        }
        Ok(paths)
    }

    fn next_node(&mut self, node: u32, step: Step) -> u32 {
        let next = self.nodes.len() as u32;
        match self.steps.entry((node, step)) {
            hash_map::Entry::Occupied(known) => *known.get(),
            hash_map::Entry::Vacant(new) => {
                new.insert(next);
                self.nodes.push(Node::default());
                let from = &mut self.nodes[node as usize];
                from.edges.push((step, next));
                from.classes |= step.bits;
                from.words |= u64::from(step.word != 0) << (step.word % 64);
                next
            }
        }
    }

    fn step(&mut self, element: &Element) -> Step {
        match &element.atom {
            Atom::Word(word) => Step { bits: 0, word: self.intern(word), joined: element.joined },
            Atom::Class(class) => Step { bits: class.bit(), word: 0, joined: element.joined },
        }
    }

    fn index_beginnings(&mut self) {
        let edges = &self.nodes[0].edges;
        self.first_classes = edges.iter().filter(|(step, _)| step.bits != 0).copied().collect();
        let of_word = |number: usize| {
            let possible = self.entries[number].bits | self.entries[number].capital_bits;
            let fits = |(step, _): &&(Step, u32)| {
                usize::from(step.word) == number && number != 0 || step.bits & possible != 0
            };
            edges.iter().filter(fits).copied().collect()
        };
        self.first_words = (0..self.entries.len()).map(of_word).collect();
    }

    /// The edges with which a rule can begin at a lexeme, and some that it cannot take.
    pub(super) fn beginnings(&self, lexeme: &Lexeme) -> &[(Step, u32)] {
        let Some(entry) = self.entries.get(usize::from(lexeme.word)).filter(|_| lexeme.word != 0) else {
            return if lexeme.bits == 0 { &[] } else { &self.first_classes };
        };
        if lexeme.bits & !(entry.bits | entry.capital_bits) == 0 {
            &self.first_words[usize::from(lexeme.word)]
        } else {
            // A word with classes that are not its own: a number that is written in several.
            &self.nodes[0].edges
        }
    }
}

/// A number of ten bits for how a word begins: five of each of its first two bytes, which have no case.
fn beginning(word: &[u8]) -> usize {
    let bits = |at: usize| usize::from(word.get(at).copied().unwrap_or(0) % 32);
    bits(0) << 5 | bits(1)
}

/// `12-25`, `easter-2`, `4 thursday 11` (weekday by number: `4 4 11`), `islamic 9 0`.
fn holiday(on: &str) -> Option<Holiday> {
    let days_after = |first: &str| {
        let days = on.strip_prefix(first)?;
        if days.is_empty() { Some(0) } else { days.parse().ok() }
    };
    if let Some(days) = days_after("easter") {
        return Some(Holiday::Easter(days));
    }
    if let Some(days) = days_after("jewish") {
        return Some(Holiday::Jewish(days));
    }
    if let Some(days) = days_after("lunar") {
        return Some(Holiday::Lunar(days));
    }
    let numbers: Vec<i8> = on.split([' ', '-']).filter_map(|word| word.parse().ok()).collect();
    match (on.starts_with("islamic"), on.starts_with("last"), numbers.as_slice()) {
        (true, _, &[month, day]) => Some(Holiday::Islamic(i32::from(month), i32::from(day))),
        (_, true, &[weekday, month]) => Some(Holiday::Nth(-1, weekday, month, 0)),
        (_, _, &[nth, weekday, month]) => Some(Holiday::Nth(nth, weekday, month, 0)),
        (_, _, &[nth, weekday, month, days]) => Some(Holiday::Nth(nth, weekday, month, days)),
        (_, _, &[month, day]) => Some(Holiday::Fixed(month, day)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holidays_are_read() {
        assert_eq!(holiday("12-25"), Some(Holiday::Fixed(12, 25)));
        assert_eq!(holiday("easter-2"), Some(Holiday::Easter(-2)));
        assert_eq!(holiday("jewish9"), Some(Holiday::Jewish(9)));
        assert_eq!(holiday("lunar"), Some(Holiday::Lunar(0)));
        assert_eq!(holiday("4 4 11"), Some(Holiday::Nth(4, 4, 11, 0)));
        assert_eq!(holiday("4 4 11 1"), Some(Holiday::Nth(4, 4, 11, 1)));
        assert_eq!(holiday("last 1 5"), Some(Holiday::Nth(-1, 1, 5, 0)));
        assert_eq!(holiday("islamic 9 0"), Some(Holiday::Islamic(9, 0)));
        assert_eq!(holiday("some day"), None);
    }

    #[test]
    fn no_known_word_is_passed_over() {
        let grammar = Grammar::compile(include_str!("../../../data/lang/en/dates.toml")).unwrap();
        assert!(grammar.vocabulary.len() > 300);
        for (word, &number) in &grammar.vocabulary {
            assert_eq!(grammar.number(word), number);
            assert!(grammar.may_know(&word.to_ascii_uppercase()));
        }
        for unknown in ["", "zzzz", "parliamentarian"] {
            assert!(!grammar.may_know(unknown.as_bytes()) && grammar.number(unknown.as_bytes()) == 0);
        }
    }

    #[test]
    fn a_wrong_file_is_refused_with_the_rule_named() {
        let rule = |pattern: &str| {
            format!(
                "[settings]\n[words]\n[[rule]]\nname = \"odd\"\nmatch = \"{pattern}\"\nmeans = \"date\"\n"
            )
        };
        assert!(Grammar::compile(&rule("YEAR")).is_ok());
        assert!(Grammar::compile(&rule("YEARS")).unwrap_err().contains("odd"));
        assert!(Grammar::compile("rule = 1").is_err());
    }
}
