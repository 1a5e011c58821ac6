//! The headline of a page, and the name of its site.
//!
//! Takes what the head claims and the headings of the page, gives the one that is the article's, without the site's
//! name around it.

use crate::input::html::marks::Mark;
use crate::input::html::meta::Meta;
use crate::input::html::page::{Index, Page, Tag};

/// What sets a headline apart from the name of a site.
const SEPARATORS: &[&str] =
    &[" | ", " - ", " – ", " — ", " · ", " :: ", " » ", " « ", " • ", " / ", " < ", " > ", ": "];

/// The headline of the article.
pub(super) fn title(page: &Page, marks: &[Mark], meta: &Meta) -> Option<String> {
    let site = site_names(meta);
    let claims: Vec<&str> = [
        meta.get(&["og:title"]),
        meta.linked.headline.as_deref(),
        meta.title.as_deref(),
        meta.get(&["twitter:title", "dc.title", "title", "parsely-title", "sailthru.title"]),
    ]
    .into_iter()
    .flatten()
    .collect();
    let headings = headings(page, marks, &site);
    // The headline as it stands on the page, where the head says the same in other words.
    let confirmed = headings.iter().find(|heading| claims.iter().any(|claim| same(heading, claim)));
    if let Some(heading) = confirmed.or(minor_heading(page, marks, &claims).as_ref()) {
        return Some(heading.clone());
    }
    let stripped = |claim: &&str| {
        let known = without_site(claim, &site);
        // What is made for sharing rarely has a site's name in it; a window title mostly has.
        if meta.title.as_deref() == Some(*claim) { without_tail(known).to_owned() } else { known.to_owned() }
    };
    let claimed = claims.iter().map(stripped).find(|claim| !is_site(claim, &site));
    let only = (headings.len() == 1).then(|| headings[0].clone()).filter(|heading| words(heading) > 2);
    let long = claimed.clone().filter(|claim| words(claim) > 1);
    long.or(only).or(claimed).or_else(|| headings.first().cloned())
}

/// A heading of the second or third level that is exactly a part of what the head claims.
fn minor_heading(page: &Page, marks: &[Mark], claims: &[&str]) -> Option<String> {
    let parts: Vec<String> = claims.iter().flat_map(|claim| parts(claim)).map(folded).collect();
    page.all()
        .filter(|&index| matches!(page.tag(index), Tag::H2 | Tag::H3))
        .filter(|&index| !page.ancestors(index).any(|above| is_outside(page, marks, above)))
        .map(|index| page.line(index))
        .find(|line| words(line) > 1 && parts.contains(&folded(line)))
}

/// A claim and what its separators set apart.
fn parts(claim: &str) -> Vec<&str> {
    let mut parts = vec![claim];
    for separator in SEPARATORS {
        parts.extend(claim.split(separator).filter(|part| part.len() < claim.len()));
    }
    parts
}

/// The name of the newspaper or site.
pub(super) fn source(meta: &Meta) -> Option<String> {
    meta.site().map(str::to_owned).or_else(|| meta.url.as_deref().map(host).map(str::to_owned))
}

/// The host of an address, without `www.`.
pub(super) fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or(rest);
    host.strip_prefix("www.").unwrap_or(host)
}

/// First-level headings that could be a headline.
fn headings(page: &Page, marks: &[Mark], site: &[String]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for index in page.all().filter(|&index| page.tag(index) == Tag::H1) {
        let outside = page.ancestors(index).any(|above| is_outside(page, marks, above));
        let line = page.line(index);
        if !outside
            && line.chars().count() > 4
            && line.len() < 400
            && !is_site(&line, site)
            && !found.contains(&line)
        {
            found.push(line);
        }
    }
    found
}

fn is_outside(page: &Page, marks: &[Mark], index: Index) -> bool {
    let mark = marks[index];
    matches!(page.tag(index), Tag::Nav | Tag::Footer | Tag::Aside) || mark.never && !mark.body || mark.reader
}

/// Names under which the site may add itself to a headline, folded.
fn site_names(meta: &Meta) -> Vec<String> {
    let named = [meta.site(), meta.get(&["og:site_name"]), meta.get(&["application-name"])];
    let mut names: Vec<String> = named.into_iter().flatten().map(folded).collect();
    if let Some(url) = &meta.url {
        let host = host(url);
        names.push(folded(host));
        names.extend(host.rsplit('.').nth(1).map(folded));
    }
    names.retain(|name| name.len() > 1);
    names
}

fn is_site(line: &str, site: &[String]) -> bool {
    site.contains(&folded(line))
}

/// A claim without the parts that name the site.
fn without_site<'c>(claim: &'c str, site: &[String]) -> &'c str {
    let mut rest = claim.trim();
    loop {
        let cut = SEPARATORS.iter().find_map(|separator| {
            let last =
                rest.rsplit_once(separator).filter(|(_, last)| names_site(last, site)).map(|(head, _)| head);
            let first = || {
                rest.split_once(separator).filter(|(first, _)| names_site(first, site)).map(|(_, tail)| tail)
            };
            last.or_else(first)
        });
        match cut {
            Some(cut) if !cut.trim().is_empty() => rest = cut.trim(),
            _ => return rest,
        }
    }
}

/// Without a site's name that is not known as one: a short last part after a bar.
fn without_tail(claim: &str) -> &str {
    for separator in [" | ", " » ", " :: ", " - ", " – "] {
        if let Some((head, tail)) = claim.rsplit_once(separator)
            && words(head) >= 3
            && words(tail) <= 3
            && words(head) > words(tail)
        {
            return head.trim();
        }
    }
    claim
}

fn names_site(part: &str, site: &[String]) -> bool {
    let part = folded(part);
    part.len() > 1
        && site.iter().any(|name| {
            *name == part || name.len() > 4 && part.contains(name.as_str()) && part.len() < name.len() + 12
        })
}

/// Whether a heading and a claim are the same headline, one of them perhaps shortened or with more around it.
fn same(heading: &str, claim: &str) -> bool {
    let (heading_folded, claim_folded) = (folded(heading), folded(claim));
    if heading_folded.is_empty() || claim_folded.is_empty() {
        return false;
    }
    if claim_folded.contains(&heading_folded) || heading_folded.contains(&claim_folded) {
        return true;
    }
    let in_claim: Vec<String> = claim.split_whitespace().map(folded).filter(|word| word.len() > 2).collect();
    let in_heading: Vec<String> =
        heading.split_whitespace().map(folded).filter(|word| word.len() > 2).collect();
    let common = in_heading.iter().filter(|word| in_claim.contains(word)).count();
    common * 10 >= in_heading.len().min(in_claim.len()) * 6 && common >= 2
}

fn words(line: &str) -> usize {
    line.split_whitespace().count()
}

/// Letters and digits in lower case.
pub(super) fn folded(line: &str) -> String {
    line.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn site_names_are_taken_off() {
        let site = vec!["thetimes".to_owned(), "example".to_owned()];
        for (claim, title) in [
            ("Rain in Spain | The Times", "Rain in Spain"),
            ("The Times: Rain in Spain", "Rain in Spain"),
            ("Rain in Spain - Weather - The Times", "Rain in Spain - Weather"),
            ("Rain - or not", "Rain - or not"),
        ] {
            assert_eq!(without_site(claim, &site), title);
        }
        assert_eq!(without_tail("Rain falls in Spain | Metro"), "Rain falls in Spain");
        assert_eq!(without_tail("Rain | Metro"), "Rain | Metro");
    }

    #[test]
    fn headings_are_confirmed_by_the_head() {
        assert!(same("Rain in Spain", "Rain in Spain - The Times"));
        assert!(same("Heavy rain falls over Spain again", "Heavy rain falls over Spain"));
        assert!(!same("News", "Rain in Spain"));
        assert_eq!(host("https://www.example.org:80/a?b"), "example.org");
    }
}
