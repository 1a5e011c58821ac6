//! Reads the readable lists of actors in `data/actors/own/`.
//!
//! A line `[kind country]` heads the actors below it (`*` for no country, `club` for sports clubs); actors stand
//! between semicolons or on lines of their own, each as its canonical name and, after bars, its other names; `@1981-1989`
//! among them are the years in office of somebody whom the news calls by the surname alone.

use crate::article::ActorKind;
use crate::reference::authority::Entry;

/// The actors of one list.
pub fn parse(list: &str) -> Vec<Entry> {
    let mut found = Vec::new();
    let mut heading = (ActorKind::Organisation, String::new(), false);
    for line in list.lines().map(str::trim).filter(|line| !line.starts_with('#') && !line.is_empty()) {
        if let Some(head) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            let (kind, country) = head.split_once(' ').unwrap_or((head, "*"));
            let country = if country == "*" { "" } else { country };
            heading = (
                ActorKind::parse(kind).unwrap_or(ActorKind::Organisation),
                country.to_owned(),
                kind == "club",
            );
            continue;
        }
        for actor in line.split(';') {
            let mut names = actor.split('|').map(str::trim).filter(|name| !name.is_empty());
            let Some(name) = names.next() else { continue };
            let (kind, country, is_club) = heading.clone();
            let mut entry = Entry { is_club, is_own: true, ..Entry::new(name, kind, &country) };
            for other in names {
                match other.strip_prefix('@') {
                    Some(years) => entry.years = in_office(years),
                    None => entry.aliases.push(other.to_owned()),
                }
            }
            entry.is_leader = kind == ActorKind::Person && entry.years.0.is_some();
            found.push(entry);
        }
    }
    found
}

/// `1981-1989`, or `2017-` for somebody in office.
fn in_office(years: &str) -> (Option<u16>, Option<u16>) {
    let (from, until) = years.split_once('-').unwrap_or((years, years));
    (from.trim().parse().ok(), until.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_give_kind_and_country() {
        let list = "# note\n[media GB]\nReuters; BBC|British Broadcasting Corporation\n[armed-group *]\nISIS|Daesh;\n[club NL]\nAjax";
        let found = parse(list);
        let names: Vec<&str> = found.iter().map(|actor| actor.name.as_str()).collect();
        assert_eq!(names, ["Reuters", "BBC", "ISIS", "Ajax"]);
        assert_eq!((found[1].kind, found[1].country.as_str()), (ActorKind::Media, "GB"));
        assert_eq!(found[1].aliases, ["British Broadcasting Corporation"]);
        assert_eq!((found[2].kind, found[2].country.as_str()), (ActorKind::ArmedGroup, ""));
        assert!(found[3].is_club && found[3].kind == ActorKind::Organisation);
    }
}
