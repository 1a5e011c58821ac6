//! Text exports of news databases with many articles: `LexisNexis` and Factiva.
//!
//! Takes the layouts that the databases have printed over the years: articles set apart by "3 of 50 DOCUMENTS", by "End
//! of Document", by an accession number, or as columns of two-letter codes; gives an article each.

use crate::input::decode::{decode, undeclared};
use crate::input::item::Item;
use crate::input::markup;
use crate::input::{Confidence, Format, Halt, Head, Reader};

/// Articles of `LexisNexis` or Nexis Uni.
pub(super) const LEXIS: Format = Format {
    name: "lexisnexis",
    label: "LexisNexis text",
    extensions: &[],
    sniff: sniff_lexis,
    read: read_lexis,
};

/// Articles of Factiva.
pub(super) const FACTIVA: Format = Format {
    name: "factiva",
    label: "Factiva text",
    extensions: &[],
    sniff: sniff_factiva,
    read: read_factiva,
};

/// Words before a colon that name a part of a `LexisNexis` article, lower case, and where it goes.
const PARTS: &[(&str, &str)] = &[
    ("headline", "title"),
    ("title", "title"),
    ("byline", "byline"),
    ("author", "byline"),
    ("section", "section"),
    ("rubrik", "section"),
    ("ressort", "section"),
    ("rubrique", "section"),
    ("length", "length"),
    ("länge", "length"),
    ("longueur", "length"),
    ("dateline", "dateline"),
    ("language", "language"),
    ("load-date", "load-date"),
    ("publication-type", "publication-type"),
    ("subject", "subjects"),
    ("geographic", "geographic"),
    ("organization", "organisations"),
    ("company", "companies"),
    ("industry", "industries"),
    ("person", "people"),
    ("graphic", "captions"),
    ("highlight", "abstract"),
    ("correction-date", "correction-date"),
    ("journal-code", "journal-code"),
    ("url", "url"),
    ("body", "text"),
];

/// Codes of a Factiva article in columns, and where they go.
const CODES: &[(&str, &str)] = &[
    ("HD", "title"),
    ("BY", "byline"),
    ("CR", "credit"),
    ("WC", "length"),
    ("PD", "date"),
    ("ET", "clock"),
    ("SN", "source"),
    ("SC", "source-code"),
    ("ED", "edition"),
    ("PG", "page"),
    ("SE", "section"),
    ("LA", "language"),
    ("CY", "copyright"),
    ("LP", "text"),
    ("TD", "text"),
    ("CLM", "column"),
    ("CT", "contact"),
    ("RF", "reference"),
    ("ART", "captions"),
    ("CO", "companies"),
    ("IN", "industries"),
    ("NS", "subjects"),
    ("RE", "regions"),
    ("IPC", "codes"),
    ("IPD", "descriptors"),
    ("PUB", "publisher"),
    ("AN", "id"),
];

fn sniff_lexis(head: &Head<'_>) -> Confidence {
    let text = String::from_utf8_lossy(head.bytes);
    let counted = text.lines().take(40).any(is_count);
    let ended = text.lines().any(|line| line.trim() == "End of Document");
    let length = text
        .lines()
        .any(|line| part(line).is_some_and(|(name, rest)| name == "length" && rest.contains("word")));
    let marked = text
        .lines()
        .any(|line| line.trim() == "Body" || part(line).is_some_and(|(name, _)| name == "load-date"));
    if counted || ended && length || length && marked { Confidence::Certain } else { Confidence::No }
}

fn sniff_factiva(head: &Head<'_>) -> Confidence {
    let text = String::from_utf8_lossy(head.bytes);
    let coded = |wanted: &str| text.lines().any(|line| code(line).is_some_and(|(name, _)| name == wanted));
    let columns = coded("HD") && coded("PD") && (coded("WC") || coded("SN"));
    let ended = text.lines().any(|line| accession(line).is_some());
    if columns || ended { Confidence::Certain } else { Confidence::No }
}

fn read_lexis(reader: &mut Reader<'_>) -> Result<(), Halt> {
    each(reader, is_count, |line| line.trim() == "End of Document", of_lexis)
}

fn read_factiva(reader: &mut Reader<'_>) -> Result<(), Halt> {
    each(
        reader,
        |_| false,
        |line| accession(line).is_some() || code(line).is_some_and(|(name, _)| name == "AN"),
        of_factiva,
    )
}

/// Cuts a file into articles at lines that begin or end one, and reads each.
fn each(
    reader: &mut Reader<'_>,
    begins: fn(&str) -> bool,
    ends: fn(&str) -> bool,
    read: fn(&[&str]) -> Option<Item>,
) -> Result<(), Halt> {
    let bytes = reader.whole()?;
    let decoded = decode(&bytes, undeclared);
    let mut lines: Vec<&str> = Vec::new();
    let mut give = |lines: &mut Vec<&str>| {
        let item = read(lines);
        lines.clear();
        let Some(mut item) = item else { return Ok(()) };
        item.note(decoded.note.clone());
        reader.next(item.finish())
    };
    for line in decoded.text.split('\n').map(|line| line.trim_end_matches(['\r', '\u{c}'])) {
        if begins(line) {
            give(&mut lines)?;
            continue;
        }
        lines.push(line);
        if ends(line) {
            give(&mut lines)?;
        }
    }
    give(&mut lines)
}

/// "3 of 50 DOCUMENTS", in the languages of the database.
fn is_count(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let [first, of, last, what] = words.as_slice() else { return false };
    let what = what.to_uppercase();
    number(first)
        && number(last)
        && of.len() <= 3
        && (what.starts_with("DOCUMENT") || what.starts_with("DOKUMENT"))
}

/// The part that a line begins, and what follows on the line.
fn part(line: &str) -> Option<(&'static str, &str)> {
    let (name, rest) = line.trim_start().split_once(':')?;
    let name = name.to_lowercase();
    PARTS.iter().find(|(known, _)| *known == name).map(|(known, _)| (*known, rest.trim()))
}

fn of_lexis(lines: &[&str]) -> Option<Item> {
    let lines: Vec<&str> = lines.iter().copied().filter(|line| line.trim() != "End of Document").collect();
    let first = lines.iter().position(|line| part(line).is_some() || line.trim() == "Body")?;
    let mut item = Item::default();
    // Before the parts: with a headline part the newspaper and the day, else the headline too.
    let headed =
        lines.iter().any(|line| part(line).is_some_and(|(name, _)| matches!(name, "headline" | "title")));
    let opening: Vec<&str> = lines[..first].iter().copied().filter(|line| !line.trim().is_empty()).collect();
    // Old exports centre the newspaper and the day, and begin the headline at the margin; new ones begin with it.
    let centred = |line: &str| line.starts_with("    ");
    let margin: Vec<&str> = opening.iter().copied().filter(|line| !centred(line)).map(str::trim).collect();
    let old = margin.len() < opening.len();
    if !headed {
        let title =
            if old { margin.join(" ") } else { margin.first().copied().unwrap_or_default().to_owned() };
        item.title(Some(title));
    }
    let about = opening.iter().copied().filter(|line| !old || centred(line)).map(str::trim);
    let opening = about.skip(usize::from(!headed && !old));
    let mut sourced = false;
    for line in opening {
        if line.starts_with("Copyright") || line.contains("All Rights Reserved") {
            item.keep("copyright", line);
        } else if line.bytes().any(|byte| byte.is_ascii_digit()) {
            // The first line with figures is the day of the newspaper.
            item.published("date", line);
        } else if sourced {
            item.keep("edition", line);
        } else {
            item.source(Some(line.to_owned()));
            sourced = true;
        }
    }
    let (mut key, mut value, mut bodied) = ("", String::new(), false);
    for line in &lines[first..] {
        // Within the text, only what ends it is a part: others are words of it.
        let next = part(line).filter(|(name, _)| {
            !bodied
                || matches!(
                    *name,
                    "load-date"
                        | "language"
                        | "graphic"
                        | "subject"
                        | "publication-type"
                        | "url"
                        | "correction-date"
                )
        });
        let alone = match line.trim() {
            "Body" => Some("text"),
            "Graphic" | "Classification" | "Notes" if bodied => Some("captions"),
            _ => None,
        };
        if let Some((name, rest)) =
            next.map(|(name, rest)| (place_of(name, PARTS), rest)).or(alone.map(|name| (name, "")))
        {
            put(key, &value, &mut item);
            key = name;
            value.clear();
            value.push_str(rest);
            bodied = name == "text" || bodied;
        } else if ends_at_blank(key, &value) && !line.trim().is_empty() && !headed_later(&lines[first..]) {
            // Old exports go from a part of one line straight to the text.
            put(key, &value, &mut item);
            key = "text";
            bodied = true;
            (*line).clone_into(&mut value);
        } else {
            value.push('\n');
            value.push_str(line);
        }
    }
    put(key, &value, &mut item);
    (item.has_title() || item.has_text()).then_some(item)
}

/// Whether a part is of one paragraph and that has ended.
fn ends_at_blank(key: &str, value: &str) -> bool {
    matches!(key, "length" | "dateline" | "byline" | "section")
        && value.lines().skip(1).any(|line| line.trim().is_empty())
}

fn headed_later(lines: &[&str]) -> bool {
    lines.iter().any(|line| line.trim() == "Body" || part(line).is_some_and(|(name, _)| name == "body"))
}

fn place_of(name: &str, table: &'static [(&str, &str)]) -> &'static str {
    table.iter().find(|(known, _)| *known == name).map_or("", |(_, place)| place)
}

/// Puts a part where it belongs.
fn put(key: &str, value: &str, item: &mut Item) {
    match key {
        "" => {}
        "title" => item.title(Some(value.to_owned())),
        "byline" => item.byline(&markup::line(value)),
        "section" => {
            let section = value.split([';', ',']).next().unwrap_or_default();
            item.section(Some(section.to_owned()));
            item.keep("section", value);
            let page = value.split([';', ',']).find_map(|part| {
                part.trim().to_lowercase().strip_prefix("pg.").map(|page| page.trim().to_owned())
            });
            item.keep("page", &page.unwrap_or_default());
        }
        "dateline" => item.dateline(Some(value.to_owned())),
        "language" => item.language(value.split([';', '\n']).next().unwrap_or_default().trim()),
        "date" => item.published("date", value.trim()),
        "source" => item.source(Some(value.to_owned())),
        "url" => item.url(value),
        "id" => item.id(value.trim().trim_start_matches("Document ")),
        "text" => item.add_text(&markup::wired_paragraphs(value)),
        "subjects" => {
            for subject in value.split(['|', ';']) {
                item.subject(Some(subject.split('(').next().unwrap_or(subject).trim()), None);
            }
        }
        _ => item.keep(key, value),
    }
}

/// The accession number that ends an article: letters of the newspaper, the day, and more.
fn accession(line: &str) -> Option<&str> {
    let number = line.trim().strip_prefix("Document ")?;
    let letters = number.bytes().take_while(u8::is_ascii_uppercase).count();
    let figures = number.bytes().filter(u8::is_ascii_digit).count();
    (letters >= 2 && figures >= 10 && number.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        .then_some(number)
}

/// The code that a line of columns begins with, and what follows.
fn code(line: &str) -> Option<(&'static str, &str)> {
    let line = line.strip_prefix(' ').unwrap_or(line);
    let end = line.find(|c: char| !c.is_ascii_uppercase()).unwrap_or(line.len());
    let (name, rest) = line.split_at(end);
    let known = CODES.iter().find(|(known, _)| *known == name)?;
    (rest.is_empty() || rest.starts_with([' ', '\t'])).then_some((known.0, rest.trim()))
}

fn of_factiva(lines: &[&str]) -> Option<Item> {
    let columns = lines.iter().filter(|line| code(line).is_some()).count() >= 4;
    if columns { of_columns(lines) } else { of_print(lines) }
}

fn of_columns(lines: &[&str]) -> Option<Item> {
    let mut item = Item::default();
    let (mut key, mut value) = ("", String::new());
    for line in lines {
        if let Some((name, rest)) = code(line) {
            put(key, &value, &mut item);
            key = place_of(name, CODES);
            rest.clone_into(&mut value);
        } else {
            value.push('\n');
            value.push_str(line.trim());
        }
    }
    put(key, &value, &mut item);
    (item.has_title() || item.has_text()).then_some(item)
}

/// Headline, byline, length, day, time, newspaper, code, page, language, copyright, text: a line each.
fn of_print(lines: &[&str]) -> Option<Item> {
    let mut item = Item::default();
    let counted = lines.iter().position(|line| {
        line.trim().ends_with(" words") && line.trim().starts_with(|c: char| c.is_ascii_digit())
    })?;
    let mut opening = lines[..counted].iter().map(|line| line.trim()).filter(|line| !line.is_empty());
    let mut before: Vec<&str> = opening.by_ref().collect();
    let byline = before
        .iter()
        .rposition(|line| crate::input::byline::opens(line))
        .or((before.len() > 1).then(|| before.len() - 1));
    if let Some(at) = byline {
        item.byline(before.remove(at));
    }
    // A section may stand above the headline.
    item.title(before.pop().map(str::to_owned));
    item.section(before.pop().map(str::to_owned));
    item.keep("length", lines[counted].trim());
    let rest = &lines[counted + 1..];
    let copyright = rest.iter().take(14).position(|line| {
        line.to_lowercase().contains("copyright") || line.contains('©') || line.contains("(c)")
    });
    let head = copyright.unwrap_or_else(|| rest.iter().position(|line| line.trim().is_empty()).unwrap_or(0));
    let mut sourced = false;
    for (at, line) in rest[..head].iter().map(|line| line.trim()).filter(|line| !line.is_empty()).enumerate()
    {
        if at == 0 {
            item.published("date", line);
        } else if line.contains(':') && line.bytes().filter(u8::is_ascii_digit).count() >= 3 {
            item.keep("clock", line);
        } else if crate::language::Language::parse(line).is_some() {
            item.language(line);
        } else if !sourced {
            item.source(Some(line.to_owned()));
            sourced = true;
        } else if line.len() <= 8 && line.bytes().all(|byte| byte.is_ascii_uppercase()) {
            item.keep("source-code", line);
        } else if line.len() <= 8 {
            item.keep("page", line);
        } else {
            item.keep("edition", line);
        }
    }
    item.keep("copyright", copyright.map_or("", |at| rest[at].trim()));
    let end = rest.iter().rposition(|line| accession(line).is_some()).unwrap_or(rest.len());
    item.id(rest.get(end).and_then(|line| accession(line)).unwrap_or_default());
    item.text(&markup::wired_paragraphs(&rest[(head + 1).min(end)..end].join("\n")));
    Some(item)
}
