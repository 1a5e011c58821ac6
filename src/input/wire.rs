//! Wires as they came over the line: IPTC 7901 and ANPA 1312, their control characters and all.
//!
//! Takes messages set apart by start and end characters, gives an article each: headline, byline and notes from the
//! lines before the text, paragraphs from indentation or blank lines.

use crate::input::decode::{decode, undeclared};
use crate::input::item::Item;
use crate::input::{Confidence, Format, Halt, Head, Reader, byline, markup};

/// Messages of IPTC 7901: SOH, header, STX, text, ETX, date, EOT.
pub(super) const IPTC: Format = Format {
    name: "iptc7901",
    label: "IPTC 7901 wires",
    extensions: &[],
    sniff: sniff_iptc,
    read: read_iptc,
};

/// Messages of ANPA 1312: SYN SYN SOH, header, STX, text, ETX or EOT.
pub(super) const ANPA: Format = Format {
    name: "anpa",
    label: "ANPA 1312 wires",
    extensions: &["anpa"],
    sniff: sniff_anpa,
    read: read_anpa,
};

const SOH: char = '\u{1}';
const STX: char = '\u{2}';
const ETX: char = '\u{3}';
const EOT: char = '\u{4}';
const SYN: char = '\u{16}';

/// Lines before a headline that say which version this is, upper case.
const VERSION_WORDS: &[&str] = &[
    "LEAD",
    "REFILE",
    "UPDATE",
    "CORRECTION",
    "CORRECTED",
    "URGENT",
    "BULLETIN",
    "FLASH",
    "ADVISORY",
    "REPEAT",
    "ADDS",
    "RECAST",
    "ROUNDUP",
    "EMBARGOED",
    "EILMELDUNG",
    "BERICHTIGUNG",
    "ZUSAMMENFASSUNG",
    "KORREKTUR",
];

/// Lines after which nothing is for publication.
const NOT_PUBLISHED: &[&str] = &["# dpa notebook", "# dpa-notizblock", "the following information is not"];

fn sniff_iptc(head: &Head<'_>) -> Confidence {
    let start = head.bytes.trim_ascii_start();
    if start.first() == Some(&1) && start.contains(&2) { Confidence::Certain } else { Confidence::No }
}

fn sniff_anpa(head: &Head<'_>) -> Confidence {
    let start = head.bytes.trim_ascii_start();
    let opens = start.starts_with(&[0x16, 0x16, 1]) || start.starts_with(&[0x16, 1]);
    if opens && start.contains(&2) { Confidence::Certain } else { Confidence::No }
}

fn read_iptc(reader: &mut Reader<'_>) -> Result<(), Halt> {
    messages(reader, of_iptc)
}

fn read_anpa(reader: &mut Reader<'_>) -> Result<(), Halt> {
    messages(reader, of_anpa)
}

fn messages(reader: &mut Reader<'_>, read: fn(&str, &mut Item) -> Option<()>) -> Result<(), Halt> {
    let bytes = reader.whole()?;
    let decoded = decode(&bytes, undeclared);
    let text = decoded.text.replace("\r\n", "\n").replace('\r', "\n");
    let messages: Vec<&str> = text
        .split(SOH)
        .map(|one| one.trim_end_matches([SYN, '\n', ' ']))
        .filter(|one| one.contains(STX))
        .collect();
    for message in &messages {
        let mut item = Item::default();
        item.note(decoded.note.clone());
        if read(message, &mut item).is_none() {
            reader.next_failed("parse", "a message without text".into())?;
        } else if messages.len() == 1 {
            reader.only(item.finish())?;
        } else {
            reader.next(item.finish())?;
        }
    }
    Ok(())
}

fn of_iptc(message: &str, item: &mut Item) -> Option<()> {
    let (header, rest) = message.split_once(STX)?;
    let (text, trailer) = rest.split_once(ETX).unwrap_or((rest, ""));
    let mut lines = header.lines().filter(|line| !line.trim().is_empty());
    // Service and number, priority, category, words, then what the agency likes.
    let mut parts = lines.next().unwrap_or_default().split_whitespace();
    item.keep("message", parts.next().unwrap_or_default());
    item.keep("urgency", parts.next().unwrap_or_default());
    item.section(parts.next().map(str::to_owned));
    item.keep("words", parts.next().unwrap_or_default());
    item.keep("options", &parts.collect::<Vec<_>>().join(" "));
    for line in lines {
        item.keep("slug", line.trim());
        line.split('/').for_each(|word| item.keyword(word));
    }
    let (head, body) = headline_apart(text);
    of_head(&head, item);
    of_text(body, item);
    item.published("sent", &of_trailer(trailer).unwrap_or_default());
    Some(())
}

/// The lines of the headline, which a `=` ends, and the text after them.
fn headline_apart(text: &str) -> (Vec<&str>, &str) {
    let text = text.trim_start();
    // A headline is short: a sign of equality later on is of the text.
    let end = text
        .match_indices('=')
        .map(|(at, _)| at)
        .find(|&at| text[at + 1..].trim_start_matches(' ').starts_with('\n'));
    let short = |end: usize| text[..end].lines().count() <= 8 && !text[..end].contains("\n\n\n");
    let Some(end) = end.filter(|&end| short(end)) else {
        let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
        return (vec![first.trim()], rest);
    };
    let lines = text[..end].lines().map(str::trim).filter(|line| !line.is_empty());
    (lines.collect(), &text[end + 1..])
}

fn of_head(lines: &[&str], item: &mut Item) {
    let mut title: Vec<&str> = Vec::new();
    for line in lines {
        if byline::opens(line) {
            item.byline(line);
        } else if is_credit(line) && !title.is_empty() {
            item.keep("byline", line);
        } else if is_version(line) {
            item.keep("edition", line.trim_matches(['(', ')']));
        } else {
            title.push(line);
        }
    }
    if title.is_empty() {
        title.extend(lines.last());
    }
    item.title(Some(title.join(" ")));
}

/// A byline that names nobody: "By our correspondents".
fn is_credit(line: &str) -> bool {
    line.split_once(' ').is_some_and(|(by, _)| byline::is_opener(by)) && byline::is_role(line)
}

fn is_version(line: &str) -> bool {
    let bare = line.trim_matches(['(', ')', '-', ' ']);
    let upper = bare == bare.to_uppercase();
    let short = bare.split_whitespace().count() <= 4;
    let bracketed = line.starts_with('(') && line.ends_with(')');
    bracketed
        || short
            && upper
            && bare.split_whitespace().any(|word| VERSION_WORDS.contains(&word.trim_matches(':')))
}

fn of_text(body: &str, item: &mut Item) {
    let lower = body.to_lowercase();
    let cut = NOT_PUBLISHED
        .iter()
        .filter_map(|words| lower.find(words))
        .filter(|&at| body.is_char_boundary(at))
        .min();
    let (body, note) = body.split_at(cut.unwrap_or(body.len()));
    // The notebook's own title stands above.
    let body = body
        .trim_end()
        .rsplit_once('\n')
        .filter(|(_, last)| cut.is_some() && last.starts_with('#'))
        .map_or(body, |(before, _)| before);
    item.text(&markup::wired_paragraphs(body.trim_end_matches(['*', ' ', '\n'])));
    item.keep("editorial-note", note);
}

/// "242200 GMT Jun 17": day, hours and minutes, zone if it is told, month, year.
fn of_trailer(trailer: &str) -> Option<String> {
    let words: Vec<&str> = trailer
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    let is_year = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let (stamp, zone, month, year) = match *words.as_slice() {
        [stamp, month, year, ..] if is_year(year) => (stamp, "", month, year),
        [stamp, zone, month, year, ..] => (stamp, zone, month, year),
        _ => return None,
    };
    let digits = stamp.len() == 6 && stamp.bytes().all(|byte| byte.is_ascii_digit());
    let (day, hour, minute) = digits.then(|| (&stamp[..2], &stamp[2..4], &stamp[4..]))?;
    let century = if year.len() == 2 { "20" } else { "" };
    Some(format!("{day} {month} {century}{year} {hour}:{minute} {zone}").trim_end().to_owned())
}

fn of_anpa(message: &str, item: &mut Item) -> Option<()> {
    let (header, rest) = message.split_once(STX)?;
    let text = rest.split([ETX, EOT]).next().unwrap_or(rest);
    of_anpa_header(header, item);
    let mut headed = false;
    let mut keyword = String::new();
    let mut body = String::new();
    for line in text.split_inclusive('\n') {
        let plain: String = line.chars().filter(|c| !c.is_control() || matches!(c, '\t' | '\n')).collect();
        let trimmed = plain.trim();
        // Lines of the desk begin with a caret and end with a sign of less or of equality.
        let Some(desk) = trimmed.strip_prefix('^').or_else(|| trimmed.strip_prefix("*9006< ^")) else {
            body.push_str(&plain);
            continue;
        };
        let desk = desk.trim_end_matches(['<', '=', ' ']).trim();
        if !body.trim().is_empty() {
            of_sign_off(desk, item);
        } else if keyword.is_empty() {
            item.keep("slug", desk);
            desk.clone_into(&mut keyword);
        } else if desk.starts_with("Eds:") || desk.starts_with("AP Photo") || desk.starts_with("Editors:") {
            item.keep("editorial-note", desk);
        } else if byline::opens(desk) {
            item.byline(desk);
        } else if item.has_author() {
            item.keep("author-title", desk);
        } else if headed {
            item.keep("abstract", desk);
        } else {
            item.title(Some(desk.to_owned()));
            headed = true;
        }
    }
    let trailer =
        rest.split_once(ETX).map_or("", |(_, trailer)| trailer.split(EOT).next().unwrap_or_default());
    of_sign_off(trailer.trim().trim_end_matches(['<', '\u{c}', '\n', ' ']), item);
    item.text(&markup::wired_paragraphs(&body));
    // Lists of headlines are all lines of the desk.
    let lines = item.kept("abstract").unwrap_or_default().replace("; ", "\n");
    item.text(&lines);
    item.title(Some(keyword.split(',').next().unwrap_or_default().to_owned()));
    Some(())
}

/// Service and number, selector; priority and category; slug, day and words.
fn of_anpa_header(header: &str, item: &mut Item) {
    let clean = |text: &str| text.chars().filter(|c| !c.is_control()).collect::<String>();
    let mut lines = header.lines();
    let first = lines.next().unwrap_or_default();
    let (number, selector) = first.split_once('\u{1f}').unwrap_or((first, ""));
    item.keep("message", &clean(number));
    item.keep("selector", &clean(selector));
    let rest: String = lines.collect::<Vec<_>>().join(" ");
    let rest = clean(&rest);
    let mut words = rest.split_whitespace();
    item.keep("urgency", words.next().unwrap_or_default());
    item.section(words.next().map(str::to_owned));
    let words: Vec<&str> = words.collect();
    if let [slug @ .., _, count] = words.as_slice() {
        item.keep("slug", &slug.join(" "));
        item.keep("words", count);
    }
}

/// "AP-WF-08-29-16 1626GMT": service, month, day and year, time.
fn of_sign_off(line: &str, item: &mut Item) {
    item.keep("sign-off", line);
    let mut words = line.split_whitespace();
    let (stamp, time) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let parts: Vec<&str> = stamp.split('-').collect();
    if let [.., month, day, year] = parts.as_slice() {
        let number = |part: &&str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        if [month, day, year].into_iter().all(number) {
            let clock = time.get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
            let clock = clock.map(|digits| format!(" {}:{}", &digits[..2], &digits[2..])).unwrap_or_default();
            // The century of wires with years of two figures: the line was in use from the seventies on.
            let century = if *year > "69" { "19" } else { "20" };
            item.published("sent", &format!("{century}{year}-{month}-{day}{clock}"));
        }
    }
    item.source(
        parts
            .first()
            .filter(|agency| agency.len() >= 2 && parts.len() > 3)
            .map(|agency| (*agency).to_owned()),
    );
}
