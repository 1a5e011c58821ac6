//! `dateline show ID`: one article with what was found in it.

use anstyle::{AnsiColor, Color, Style};
use clap::{Args, ValueEnum};
use dateline::article::{Annotated, Entity, Mention};
use dateline::config::{self, Config};
use dateline::engine::Engine;
use dateline::engine::local::LocalIndex;
use dateline::export::annotation;
use dateline::export::article::ArticleLine;
use dateline::story::changes;
use serde_json::{Value, json};

use crate::args::Global;
use crate::output::{Exit, Printer};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const TAKEN: Style = Style::new().fg_color(Some(Color::Ansi(AnsiColor::Red)));
const ADDED: Style = Style::new().fg_color(Some(Color::Ansi(AnsiColor::Green)));

/// Options of `show`.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Identifier of the article, as lists give it
    #[arg(value_name = "ID")]
    id: String,
    /// How to write it
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: ShowFormat,
    /// Write what each mention stands for behind it
    #[arg(long)]
    annotate: bool,
    /// List its copies, with what was changed in each
    #[arg(long)]
    copies: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ShowFormat {
    /// To read; mentions are coloured, or annotated where there is no colour.
    Text,
    /// The article with its metadata and mentions.
    Json,
}

/// Shows one article.
pub(crate) fn run(args: &ShowArgs, global: &Global, printer: &mut Printer) -> anyhow::Result<Exit> {
    let here = std::env::current_dir()?;
    let folder = config::index_folder(global.index.as_deref(), &Config::upwards_of(&here)?, &here);
    let index = LocalIndex::open(&folder)?;
    let Some(annotated) = index.get(&args.id)? else {
        printer.note(format!("no article is called `{}`", args.id));
        return Ok(Exit::Nothing);
    };
    if args.copies {
        return copies(&index.copies(&args.id)?, &annotated, args.format, printer);
    }
    match args.format {
        ShowFormat::Json => printer.line(line(&annotated)?)?,
        ShowFormat::Text => show(&annotated, args.annotate || !printer.has_colour(), printer)?,
    }
    Ok(Exit::Found)
}

/// Lists the other articles of the story, earliest first, each with what was changed in it.
fn copies(
    story: &[Annotated],
    shown: &Annotated,
    format: ShowFormat,
    printer: &mut Printer,
) -> anyhow::Result<Exit> {
    let others: Vec<&Annotated> = story.iter().filter(|copy| copy.article.id != shown.article.id).collect();
    for &copy in &others {
        let (old, new) = (shown.article.text.as_str(), copy.article.text.as_str());
        let changes: Vec<(String, String)> = changes(old, new)
            .into_iter()
            .map(|change| (squeezed(&old[change.old]), squeezed(&new[change.new])))
            .collect();
        let published = copy.published.as_ref().map(dateline::calendar::Published::shown);
        if format == ShowFormat::Json {
            let changes: Vec<Value> =
                changes.iter().map(|(old, new)| json!({"old": old, "new": new})).collect();
            printer.line(
                json!({
                    "id": copy.article.id, "title": copy.article.title(), "published": published,
                    "source": copy.article.source, "path": copy.article.path, "changes": changes,
                })
                .to_string(),
            )?;
            continue;
        }
        let about = [published.as_deref(), copy.article.source.as_deref(), Some(copy.article.id.as_str())];
        let about: Vec<&str> = about.into_iter().flatten().collect();
        printer.line(format!("{BOLD}{}{BOLD:#}", clean(copy.article.title())))?;
        printer.line(format!("  {DIM}{}{DIM:#}", clean(&about.join(" · "))))?;
        if copy.article.title() != shown.article.title() {
            printer.line(format!("  headline {}", told(shown.article.title(), copy.article.title())))?;
        }
        if changes.is_empty() {
            printer.line("  the same words")?;
        }
        for (old, new) in &changes {
            printer.line(format!("  {}", told(old, new)))?;
        }
    }
    Ok(if others.is_empty() { Exit::Nothing } else { Exit::Found })
}

/// A change as people read it; what was taken out or put in at length is cut.
fn told(old: &str, new: &str) -> String {
    const LONGEST: usize = 160;
    let cut = |text: &str| {
        let mut cut: String = clean(text).chars().take(LONGEST).collect();
        if text.chars().nth(LONGEST).is_some() {
            cut.push('…');
        }
        cut
    };
    match (old.is_empty(), new.is_empty()) {
        (true, _) => format!("+ {ADDED}{}{ADDED:#}", cut(new)),
        (_, true) => format!("- {TAKEN}{}{TAKEN:#}", cut(old)),
        _ => format!("{TAKEN}{}{TAKEN:#} → {ADDED}{}{ADDED:#}", cut(old), cut(new)),
    }
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The line that `read` writes, with the mentions that `extract` writes.
fn line(annotated: &Annotated) -> anyhow::Result<String> {
    let mut article = serde_json::to_value(ArticleLine::new(&annotated.article, annotated.language))?;
    let found = serde_json::to_value(annotation::line(annotated))?;
    if let (Value::Object(article), Value::Object(found)) = (&mut article, found) {
        article.extend(found);
    }
    Ok(article.to_string())
}

fn show(annotated: &Annotated, is_annotated: bool, printer: &mut Printer) -> std::io::Result<()> {
    let article = &annotated.article;
    let title = marked(article.title(), &annotated.annotations.title_mentions, is_annotated);
    if !title.is_empty() {
        printer.line(format!("{BOLD}{title}{BOLD:#}"))?;
    }
    let published = annotated.published.as_ref().map(|published| {
        let source = published.record().source;
        format!("{} (from {})", published.shown(), serde_json::to_value(source).unwrap_or_default())
    });
    let record = article.record.map(|record| record.to_string());
    let about = [
        ("id", Some(article.id.clone())),
        ("published", published.map(|published| published.replace('"', ""))),
        ("source", article.source.clone()),
        ("section", article.section.clone()),
        ("author", Some(article.authors.join("; ")).filter(|authors| !authors.is_empty())),
        ("language", Some(annotated.language.code().to_owned())),
        ("url", article.url.clone()),
        ("path", Some(article.path.clone())),
        ("record", record),
        ("keywords", Some(article.keywords.join("; ")).filter(|keywords| !keywords.is_empty())),
        ("notes", Some(article.notes.join("; ")).filter(|notes| !notes.is_empty())),
    ];
    for (name, value) in about {
        if let Some(value) = value {
            printer.line(format!("{DIM}{name:>10}{DIM:#} {}", clean(&value)))?;
        }
    }
    for (name, value) in &article.metadata {
        printer.line(format!("{DIM}{:>10}{DIM:#} {}", clean(name), clean(value)))?;
    }
    printer.line("")?;
    printer.line(marked(&article.text, &annotated.annotations.mentions, is_annotated))
}

/// Text without what moves the cursor, but with its line ends.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect()
}

/// Text with its mentions coloured by type or followed by what they stand for. Of overlapping mentions the first shows.
fn marked(text: &str, mentions: &[Mention], is_annotated: bool) -> String {
    let mut shown = String::with_capacity(text.len() * 2);
    let mut at = 0;
    for mention in mentions {
        if mention.span.start < at {
            continue;
        }
        let Some(before) = text.get(at..mention.span.start) else { continue };
        shown.push_str(&clean(before));
        let words = clean(mention.span.of(text));
        let style = style(&mention.entity);
        shown.extend([style.render().to_string(), words, style.render_reset().to_string()]);
        if is_annotated {
            let meaning = clean(&meaning(&mention.entity));
            shown.extend([DIM.render().to_string(), "[".to_owned(), meaning, "]".to_owned()]);
            shown.extend([DIM.render_reset().to_string()]);
        }
        at = mention.span.end;
    }
    shown.push_str(&clean(text.get(at..).unwrap_or("")));
    shown
}

fn style(entity: &Entity) -> Style {
    let colour = match entity {
        Entity::Actor(_) => AnsiColor::Yellow,
        Entity::Place(_) => AnsiColor::Green,
        Entity::Date(_) => AnsiColor::Cyan,
    };
    Style::new().bold().fg_color(Some(Color::Ansi(colour)))
}

fn meaning(entity: &Entity) -> String {
    match entity {
        Entity::Actor(actor) => format!("{} {}", actor.kind.name(), actor.name),
        Entity::Place(place) => place.path.join("/"),
        Entity::Date(timex) => timex.value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use dateline::article::{Actor, ActorKind};
    use dateline::span::Span;

    use super::*;

    #[test]
    fn mentions_are_followed_by_what_they_stand_for() {
        let actor = Actor { name: "Joe Biden".into(), kind: ActorKind::Person, country: None };
        let entity = Entity::Actor(Arc::new(actor));
        let mentions = [
            Mention { span: Span::new(10, 15), entity: entity.clone() },
            Mention { span: Span::new(12, 15), entity },
        ];
        let shown = marked("President Biden spoke", &mentions, true);
        let plain = anstream::adapter::strip_str(&shown).to_string();
        assert_eq!(plain, "President Biden[person Joe Biden] spoke");
    }
}
