//! Mail: a message is an article, its readable attachments are further ones; a mailbox holds many.
//!
//! The text of a message is its plain part, or its HTML part where the plain one only points to it, as newsletters do.
//! Subject, sender, date and identifier come from the headers. A mailbox streams: one message is in memory at a time.

use std::io::{BufRead, Read as _};
use std::rc::Rc;

use mail_parser::{Address, Message, MessageParser, MessagePart, MimeHeaders as _, PartType};

use crate::article::Article;
use crate::input::container::Member;
use crate::input::stream::Stream;
use crate::input::{Confidence, Draft, Format, Halt, Head, Reader, markup, plain, sniff, too_large};

/// One message.
pub(super) const EML: Format =
    Format { name: "eml", label: "mail message", extensions: &["eml"], sniff: sniff_eml, read: read_eml };

/// A mailbox.
pub(super) const MBOX: Format = Format {
    name: "mbox",
    label: "mailbox",
    extensions: &["mbox", "mbx"],
    sniff: sniff_mbox,
    read: read_mbox,
};

/// Headers of which nearly every message has several.
const HEADERS: &[&str] = &[
    "from",
    "to",
    "date",
    "subject",
    "message-id",
    "mime-version",
    "received",
    "return-path",
    "content-type",
    "delivered-to",
    "reply-to",
    "sender",
    "cc",
    "dkim-signature",
    "list-unsubscribe",
    "list-id",
    "x-mailer",
    "content-transfer-encoding",
    "envelope-to",
    "user-agent",
];

/// How many of them are certain to be a message: a wire report may open with two or three lines like these.
const CERTAIN: usize = 4;

/// A plain part so much shorter than the HTML part only says where that can be seen.
const POINTER_RATIO: usize = 2;

fn sniff_eml(head: &Head<'_>) -> Confidence {
    let named = EML.extensions.contains(&head.extension.as_str());
    let known = headers_in(head.bytes);
    match (known, named) {
        (CERTAIN.., _) | (1.., true) => Confidence::Certain,
        (0, true) => Confidence::Likely,
        _ => Confidence::No,
    }
}

/// How many different headers of a message `head` opens with; none if it opens with anything else.
fn headers_in(head: &[u8]) -> usize {
    let mut known: Vec<String> = Vec::new();
    for line in head.split(|&byte| byte == b'\n') {
        let line = String::from_utf8_lossy(line.trim_ascii_end()).into_owned();
        if line.is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) && !known.is_empty() {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else { return 0 };
        let name = name.to_ascii_lowercase();
        if name.contains(' ') {
            return 0;
        }
        if HEADERS.contains(&name.as_str()) && !known.contains(&name) {
            known.push(name);
        }
    }
    known.len()
}

fn sniff_mbox(head: &Head<'_>) -> Confidence {
    let named = MBOX.extensions.contains(&head.extension.as_str());
    let starts = is_separator(head.bytes.split(|&byte| byte == b'\n').next().unwrap_or_default());
    let second = memchr::memchr(b'\n', head.bytes).map_or(&[][..], |end| &head.bytes[end + 1..]);
    match (starts && headers_in(second) > 0, named) {
        (true, _) => Confidence::Certain,
        (false, true) => Confidence::Likely,
        (false, false) => Confidence::No,
    }
}

/// Whether a line separates the messages of a mailbox: `From ada@example.org Mon Jun 28 09:00:00 2021`.
fn is_separator(line: &[u8]) -> bool {
    let year = |word: &[u8]| word.len() == 4 && word.iter().all(u8::is_ascii_digit);
    line.starts_with(b"From ") && line.trim_ascii_end().split(|&byte| byte == b' ').any(year)
}

fn read_eml(reader: &mut Reader<'_>) -> Result<(), Halt> {
    let bytes = reader.whole()?;
    message(reader, &bytes, "")
}

fn read_mbox(reader: &mut Reader<'_>) -> Result<(), Halt> {
    let limit = reader.options.max_record_bytes;
    let mut stream = reader.take_stream();
    let outcome = messages(reader, &mut stream, limit);
    reader.stream = stream;
    outcome
}

fn messages(reader: &mut Reader<'_>, stream: &mut Stream<'_>, limit: usize) -> Result<(), Halt> {
    let mut bytes = Vec::new();
    let (mut too_long, mut blank, mut number) = (false, true, 0_u64);
    loop {
        let mut line = Vec::new();
        // The stream keeps its own trouble; here it only ends.
        let _ = (&mut *stream).take(limit as u64).read_until(b'\n', &mut line);
        let ends = line.is_empty();
        if ends || blank && is_separator(&line) {
            if too_long {
                reader.next_failed("read", too_large(limit))?;
            } else if !bytes.trim_ascii().is_empty() {
                number += 1;
                message(reader, &bytes, &format!("message {number}/"))?;
            }
            bytes.clear();
            too_long = false;
            if ends {
                return Ok(());
            }
            continue;
        }
        blank = line.trim_ascii().is_empty();
        too_long |= bytes.len() + line.len() > limit;
        if too_long {
            bytes.clear();
        } else {
            // Mailboxes quote lines that look like separators.
            let quoted = line.iter().take_while(|&&byte| byte == b'>').count();
            let is_quoted = quoted > 0 && line[quoted..].starts_with(b"From ");
            bytes.extend_from_slice(&line[usize::from(is_quoted)..]);
        }
    }
}

/// Reads one message and what is attached to it; `within` goes before the names of attachments.
fn message(reader: &mut Reader<'_>, bytes: &[u8], within: &str) -> Result<(), Halt> {
    let Some(message) = MessageParser::default().parse(bytes) else {
        return reader.next_failed("parse", "not a mail message".into());
    };
    let attached = attachments(&message, within);
    let names: Vec<&str> = attached.iter().map(|(name, _)| name.rsplit('/').next().unwrap_or(name)).collect();
    let mut draft = draft(&message);
    if !names.is_empty() {
        draft.article.metadata.insert("attachments".to_owned(), names.join("; "));
    }
    let readable: Vec<&(String, &[u8])> =
        attached.iter().filter(|(name, bytes)| is_readable(name, bytes)).collect();
    if within.is_empty() && readable.is_empty() {
        return reader.only(draft);
    }
    reader.next(draft)?;
    let budget = Rc::clone(reader.stream.budget());
    for (name, bytes) in readable {
        let member = Member { path: name.clone(), bytes: bytes.len() as u64, modified: None };
        reader.read_member(&member, Stream::of_bytes(bytes, &budget))?;
    }
    Ok(())
}

fn draft(message: &Message<'_>) -> Draft {
    let mut article = Article {
        id: message.message_id().unwrap_or_default().to_owned(),
        title: message.subject().map(markup::line).filter(|title| !title.is_empty()),
        text: text(message),
        ..Article::default()
    };
    if let Some(sender) = message.from().and_then(Address::first) {
        let address = sender.address().unwrap_or_default();
        let name = sender.name().map(markup::line).filter(|name| !name.is_empty());
        article.source = message
            .header_raw("List-Id")
            .map(|list| {
                markup::line(list.split('<').next().unwrap_or(list)).trim().trim_matches('"').to_owned()
            })
            .filter(|list| !list.is_empty())
            .or_else(|| address.split_once('@').map(|(_, domain)| domain.to_owned()));
        article.authors.push(name.unwrap_or_else(|| address.to_owned()));
        article.authors.retain(|author| !author.is_empty());
        article.metadata.insert("from".to_owned(), address.to_owned());
    }
    let to: Vec<&str> =
        message.to().into_iter().flat_map(|to| to.iter()).filter_map(|one| one.address()).collect();
    if !to.is_empty() {
        article.metadata.insert("to".to_owned(), to.join("; "));
    }
    if let Some(before) = message.in_reply_to().as_text() {
        article.metadata.insert("in_reply_to".to_owned(), before.to_owned());
    }
    let dates = message.date().map(|date| ("date".to_owned(), date.to_rfc3339())).into_iter().collect();
    Draft { article, dates, ..Draft::default() }
}

/// The plain text of a message, or its HTML as text where the plain one is missing or a mere pointer.
fn text(message: &Message<'_>) -> String {
    let parts = |html: bool| -> Vec<&MessagePart<'_>> {
        if html { message.html_bodies().collect() } else { message.text_bodies().collect() }
    };
    let mut plain = String::new();
    for part in parts(false) {
        if let PartType::Text(text) = &part.body {
            plain.push_str(text);
            plain.push_str("\n\n");
        }
    }
    let mut marked = String::new();
    for part in parts(true) {
        if let PartType::Html(html) = &part.body {
            marked.push_str(&markup::stripped(html));
            marked.push_str("\n\n");
        }
    }
    let (plain, marked) = (plain.trim().replace("\r\n", "\n"), marked.trim().to_owned());
    if plain.len() * POINTER_RATIO < marked.len() { marked } else { plain }
}

/// What is attached, by name: files, and messages that were passed on.
fn attachments<'m>(message: &'m Message<'_>, within: &str) -> Vec<(String, &'m [u8])> {
    let mut found = Vec::new();
    for (number, part) in message.attachments().enumerate() {
        let name = part.attachment_name().map(str::to_owned);
        let numbered = |ending: &str| format!("attachment {}{ending}", number + 1);
        let (name, bytes): (String, &[u8]) = match &part.body {
            PartType::Text(text) => (name.unwrap_or_else(|| numbered(".txt")), text.as_bytes()),
            PartType::Html(html) => (name.unwrap_or_else(|| numbered(".html")), html.as_bytes()),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
                (name.unwrap_or_else(|| numbered("")), bytes)
            }
            PartType::Message(inner) => (numbered(".eml"), inner.raw_message()),
            PartType::Multipart(_) => continue,
        };
        found.push((format!("{within}{name}"), bytes));
    }
    found
}

/// Whether an attachment is of a format that is read; text only if its name says so, for signatures are text too.
fn is_readable(name: &str, bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(crate::input::stream::HEAD)];
    let extension = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    sniff(head, name).is_ok_and(|format| {
        format.name != plain::FORMAT.name || plain::FORMAT.extensions.contains(&extension.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_told_by_their_headers() {
        let head = "Received: by x\n\tfor y\nFrom: a@b.org\nSubject: x\nDate: now\n\nbody";
        assert_eq!(headers_in(head.as_bytes()), 4);
        assert_eq!(headers_in(b"Prose with a colon: and more\nFrom: x\n"), 0);
        assert_eq!(headers_in(b"\nFrom: x\n"), 0);
        assert!(is_separator(b"From ada@example.org Mon Jun 28 09:00:00 2021\n"));
        assert!(!is_separator(b"From the start it was clear\n"));
    }

    #[test]
    fn newsletters_are_read_from_their_html() {
        let source = "Subject: =?utf-8?q?News_=E2=80=93_Monday?=\nFrom: \"The Desk\" <desk@news.example>\n\
            Date: Mon, 28 Jun 2021 09:00:00 +0200\nMessage-ID: <1@news.example>\nMIME-Version: 1.0\n\
            Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee the web.\n\
            --b\nContent-Type: text/html\n\n<p>The ferry ran aground off Gotland.</p><p>Nobody was hurt, the coast guard said.</p>\n--b--\n";
        let message = MessageParser::default().parse(source).unwrap();
        let draft = draft(&message);
        assert_eq!(draft.article.title(), "News – Monday");
        assert!(draft.article.text.starts_with("The ferry ran aground off Gotland.\n\nNobody"));
        assert_eq!(draft.article.id, "1@news.example");
        assert_eq!(
            (draft.article.authors, draft.article.source),
            (vec!["The Desk".into()], Some("news.example".into()))
        );
        assert_eq!(draft.dates, [("date".into(), "2021-06-28T09:00:00+02:00".into())]);
    }
}
