//! `dateline actors list`: who is in the archive, as the corrections have it; and `dateline actors suggest`: whom they
//! might join.

use std::collections::BTreeMap;

use clap::{Args, ValueEnum};
use dateline::article::ActorKind;
use dateline::engine::local::{Listed, LocalIndex};
use dateline::field::find_field;
use dateline::query::Query;
use dateline::reference::authority::{Authority, spelling};
use dateline::reference::country;

use crate::commands::actors::parse_kind;
use crate::output::{Exit, Printer};

/// Other names shown in the table.
const ALIASES_SHOWN: usize = 4;

/// Names suggested for one that nobody has.
const MOST_CLOSE: usize = 5;

/// The options of `dateline actors list`.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Beginning of a name or of a word of it, or any whole name they go by
    prefix: Option<String>,
    /// Only actors of this kind
    #[arg(long, value_parser = parse_kind)]
    kind: Option<ActorKind>,
    /// Only actors of this country: name or ISO code
    #[arg(long, value_name = "COUNTRY")]
    country: Option<String>,
    /// Only those who are named in articles with this actor, counted there
    #[arg(long, value_name = "NAME")]
    with: Option<String>,
    /// How many, or `all`
    #[arg(long, value_name = "N", default_value = "20", value_parser = parse_limit)]
    limit: Limit,
    /// As what to write
    #[arg(short, long, value_enum, default_value = "table")]
    format: Format,
}

/// How many rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit(usize);

fn parse_limit(text: &str) -> Result<Limit, String> {
    match text {
        "all" => Ok(Limit(usize::MAX)),
        number => number.parse().map(Limit).map_err(|_| "give a number, or all".to_owned()),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
    Csv,
}

/// Runs `dateline actors list`.
pub(super) fn run(args: &ListArgs, index: &LocalIndex, printer: &mut Printer) -> anyhow::Result<Exit> {
    let query = match (&args.with, find_field("actor")) {
        (Some(name), Some(field)) => Query::Value { field, value: name.clone(), distance: 0 },
        _ => Query::All,
    };
    let all = index.actors(&query)?;
    if let Some(name) = args.with.as_ref().filter(|_| all.is_empty()) {
        printer.note(format!("no article names {name}{}", hint(&index.actors(&Query::All)?, name)));
        return Ok(Exit::Nothing);
    }
    let country = args.country.as_deref().map(|asked| country::code(asked).unwrap_or(asked));
    let wanted = |listed: &&Listed| {
        args.kind.is_none_or(|kind| listed.kind == kind)
            && country.is_none_or(|country| listed.country.as_deref() == Some(country))
            && args.prefix.as_ref().is_none_or(|prefix| answers_to(listed, prefix))
            && args.with.as_ref().is_none_or(|name| !is_called(listed, name))
    };
    let found: Vec<&Listed> = all.iter().filter(wanted).collect();
    let shown = &found[..found.len().min(args.limit.0)];
    match args.format {
        Format::Table => table(shown, printer)?,
        Format::Json => json(shown, printer)?,
        Format::Csv => csv(shown, printer)?,
    }
    if let Some(prefix) = args.prefix.as_ref().filter(|_| found.is_empty()) {
        printer.note(format!("no actor is called {prefix}{}", hint(&all, prefix)));
    }
    if shown.len() < found.len() {
        printer.note(format!("{} of {} actors; --limit all shows all", shown.len(), found.len()));
    }
    Ok(if found.is_empty() { Exit::Nothing } else { Exit::Found })
}

/// Whether a name of the actor, or a word of it, begins so, or the authority list has the whole as another name of it.
fn answers_to(listed: &Listed, prefix: &str) -> bool {
    let key = spelling::key(prefix);
    let inside = format!(" {key}");
    let names = std::iter::once(&listed.name).chain(listed.aliases.iter().map(|(alias, _)| alias));
    names.map(|name| spelling::key(name)).any(|name| name.starts_with(&key) || name.contains(&inside))
        || is_called(listed, prefix)
}

/// Whether this is the actor's name or, by the authority list, another name of it.
fn is_called(listed: &Listed, name: &str) -> bool {
    let name = name.split_once('/').map_or(name, |(_, name)| name);
    spelling::key(&listed.name) == spelling::key(name)
        || Authority::embedded().is_ok_and(|list| {
            list.lookup(name).iter().any(|known| known.name == listed.name && known.kind == listed.kind)
        })
}

/// Names of the archive that are spelled much like this one: "did you mean".
fn hint(all: &[Listed], name: &str) -> String {
    let key = spelling::key(name);
    let allowed = (key.chars().count() / 4).clamp(1, 3);
    let mut close: BTreeMap<(usize, usize), &str> = BTreeMap::new();
    for (rank, listed) in all.iter().enumerate() {
        let names = std::iter::once(&listed.name).chain(listed.aliases.iter().map(|(alias, _)| alias));
        let nearest = names
            .map(|known| spelling::key(known))
            .flat_map(|known| {
                let last = known.rsplit(' ').next().unwrap_or("").to_owned();
                [known, last]
            })
            .filter(|known| known.len().abs_diff(key.len()) <= allowed * 2)
            .map(|known| strsim::osa_distance(&known, &key))
            .min();
        if let Some(distance) = nearest.filter(|distance| *distance <= allowed) {
            close.insert((distance, rank), &listed.name);
        }
    }
    let names: Vec<&str> = close.into_values().take(MOST_CLOSE).collect();
    if names.is_empty() { String::new() } else { format!("\nhint: did you mean {}?", names.join(" or ")) }
}

fn days(listed: &Listed) -> [String; 2] {
    [listed.first, listed.last].map(|day| day.map(|day| day.to_string()).unwrap_or_default())
}

fn table(shown: &[&Listed], printer: &mut Printer) -> anyhow::Result<()> {
    if shown.is_empty() {
        return Ok(());
    }
    let mut rows: Vec<[String; 7]> =
        vec![["articles", "name", "kind", "country", "first", "last", "also"].map(str::to_owned)];
    for listed in shown {
        let mut also: Vec<&str> =
            listed.aliases.iter().take(ALIASES_SHOWN).map(|(alias, _)| alias.as_str()).collect();
        if listed.aliases.len() > ALIASES_SHOWN {
            also.push("…");
        }
        let [first, last] = days(listed);
        let country = listed.country.as_deref().map(country::label).unwrap_or_default();
        let articles = format!("{:>8}", listed.articles);
        let (name, kind) = (listed.name.clone(), listed.kind.name().to_owned());
        rows.push([articles, name, kind, country.to_owned(), first, last, also.join(", ")]);
    }
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..6).map(width).collect();
    for row in &rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            let gap = width.saturating_sub(cell.chars().count()) + 2;
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', gap));
        }
        line.push_str(&row[6]);
        printer.line(line.trim_end())?;
    }
    Ok(())
}

fn json(shown: &[&Listed], printer: &mut Printer) -> anyhow::Result<()> {
    let rows: Vec<serde_json::Value> = shown
        .iter()
        .map(|listed| {
            let aliases: Vec<serde_json::Value> = listed
                .aliases
                .iter()
                .map(|(name, mentions)| serde_json::json!({"name": name, "mentions": mentions}))
                .collect();
            serde_json::json!({
                "name": listed.name,
                "kind": listed.kind.name(),
                "country": listed.country,
                "articles": listed.articles,
                "aliases": aliases,
                "first": listed.first.map(|day| day.to_string()),
                "last": listed.last.map(|day| day.to_string()),
            })
        })
        .collect();
    printer.line(serde_json::to_string_pretty(&rows)?)?;
    Ok(())
}

fn csv(shown: &[&Listed], printer: &mut Printer) -> anyhow::Result<()> {
    let mut writer = csv::Writer::from_writer(printer.out());
    writer.write_record(["name", "kind", "country", "articles", "first", "last", "aliases"])?;
    for listed in shown {
        let aliases: Vec<&str> = listed.aliases.iter().map(|(alias, _)| alias.as_str()).collect();
        let [first, last] = days(listed);
        writer.write_record([
            listed.name.as_str(),
            listed.kind.name(),
            listed.country.as_deref().unwrap_or(""),
            &listed.articles.to_string(),
            &first,
            &last,
            &aliases.join("; "),
        ])?;
    }
    writer.flush()?;
    Ok(())
}

/// Runs `dateline actors suggest`: prints the commands that would join what looks like one actor.
pub(super) fn suggest(limit: usize, index: &LocalIndex, printer: &mut Printer) -> anyhow::Result<Exit> {
    let all = index.actors(&Query::All)?;
    let pairs = suggestions(&all);
    for (from, into, why) in pairs.iter().take(limit) {
        printer.line(format!(
            "dateline actors merge {} {}  # {why}: {} and {} articles",
            quoted(&from.name),
            quoted(&into.name),
            from.articles,
            into.articles
        ))?;
    }
    Ok(if pairs.is_empty() { Exit::Nothing } else { Exit::Found })
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace(['\\', '"', '$', '`'], ""))
}

/// Pairs that may be one actor, the most frequent first: the rarer one first, and why.
fn suggestions(all: &[Listed]) -> Vec<(&Listed, &Listed, &'static str)> {
    let mut by_surname: BTreeMap<String, Vec<&Listed>> = BTreeMap::new();
    let mut by_letters: BTreeMap<(String, bool), Vec<&Listed>> = BTreeMap::new();
    for listed in all {
        let key = spelling::key(&listed.name);
        let is_person = listed.kind == ActorKind::Person;
        if let Some((_, surname)) = key.rsplit_once(' ').filter(|_| is_person) {
            by_surname.entry(surname.to_owned()).or_default().push(listed);
        }
        let letters: String = key.chars().filter(|c| c.is_alphanumeric()).collect();
        by_letters.entry((letters, is_person)).or_default().push(listed);
    }
    let mut pairs: Vec<(&Listed, &Listed, &'static str)> = Vec::new();
    for listed in all.iter().filter(|listed| listed.kind == ActorKind::Person && !listed.name.contains(' ')) {
        if let Some([only]) = by_surname.get(&spelling::key(&listed.name)).map(Vec::as_slice) {
            pairs.push((listed, only, "surname of one person only"));
        }
    }
    for group in by_letters.values() {
        // The list is in order of articles: the first of a group is the most frequent.
        pairs.extend(
            group
                .iter()
                .skip(1)
                .filter(|other| other.name != group[0].name)
                .map(|other| (*other, group[0], "same letters")),
        );
    }
    pairs.extend(near_spellings(all));
    pairs.sort_by(|a, b| b.0.articles.cmp(&a.0.articles).then_with(|| a.0.name.cmp(&b.0.name)));
    pairs
}

/// Full names of people that differ in one letter of one word, compared among those with another word in common.
fn near_spellings(all: &[Listed]) -> Vec<(&Listed, &Listed, &'static str)> {
    const MOST_OF_ONE_WORD: usize = 60;
    const SHORTEST_WORD: usize = 5;
    let mut by_word: BTreeMap<(usize, String), Vec<&Listed>> = BTreeMap::new();
    for listed in all.iter().filter(|listed| listed.kind == ActorKind::Person) {
        for (at, word) in spelling::key(&listed.name).split(' ').enumerate() {
            by_word.entry((at, word.to_owned())).or_default().push(listed);
        }
    }
    let mut pairs = Vec::new();
    for group in by_word.values().filter(|group| group.len() <= MOST_OF_ONE_WORD) {
        for (at, one) in group.iter().enumerate() {
            for other in &group[at + 1..] {
                if is_near(&spelling::key(&one.name), &spelling::key(&other.name), SHORTEST_WORD) {
                    pairs.push((*other, *one, "one letter apart"));
                }
            }
        }
    }
    pairs
}

fn is_near(one: &str, other: &str, shortest: usize) -> bool {
    let (a, b): (Vec<&str>, Vec<&str>) = (one.split(' ').collect(), other.split(' ').collect());
    let mut differing = a.iter().zip(&b).filter(|(a, b)| a != b);
    match (a.len() == b.len() && a.len() > 1, differing.next(), differing.next()) {
        (true, Some((a, b)), None) => a.len().min(b.len()) >= shortest && strsim::osa_distance(a, b) == 1,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(name: &str, kind: ActorKind, articles: usize) -> Listed {
        let (aliases, country) = (Vec::new(), None);
        Listed { name: name.to_owned(), kind, country, articles, aliases, first: None, last: None }
    }

    #[test]
    fn suggestions_join_what_may_be_one() {
        let person = ActorKind::Person;
        let all = [
            listed("Timothy Geithner", person, 9),
            listed("Ann Smith", person, 8),
            listed("Bob Smith", person, 7),
            listed("Geithner", person, 5),
            listed("Smith", person, 4),
            listed("Wolfgang Schaeuble", person, 4),
            listed("Wolfgang Schaueble", person, 2),
            listed("Wal-Mart", ActorKind::Company, 2),
            listed("Walmart", ActorKind::Organisation, 1),
        ];
        let found: Vec<(&str, &str)> = suggestions(&all)
            .iter()
            .map(|(from, into, _)| (from.name.as_str(), into.name.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                ("Geithner", "Timothy Geithner"),
                ("Wolfgang Schaueble", "Wolfgang Schaeuble"),
                ("Walmart", "Wal-Mart")
            ]
        );
        assert!(hint(&all, "Timothy Gietner").contains("Timothy Geithner"));
        assert_eq!(hint(&all, "Angela Merkel"), "");
    }
}
