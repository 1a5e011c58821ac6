//! Which names of an article belong together: parts, acronyms and spellings of one name.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use crate::article::ActorKind;
use crate::extract::actor::firm::Sign;
use crate::extract::actor::kind::Words;
use crate::extract::actor::plain::Plain;
use crate::reference::authority::{Known, spelling};
use crate::span::Span;

/// A name in an article.
#[derive(Debug)]
pub(super) struct Name<'t> {
    /// Which text of the article.
    pub(super) text: usize,
    /// Where.
    pub(super) span: Span,
    /// As printed.
    pub(super) shown: &'t str,
    /// A person by the tagger's word.
    pub(super) is_person: bool,
    /// A title stands before it.
    pub(super) titled: bool,
    /// It stands in brackets right behind the name of this number.
    pub(super) explains: Option<usize>,
    /// The listed person it is, where it is a full name.
    pub(super) identity: Option<&'static str>,
    /// The body that the project's own lists have under this name.
    pub(super) listed: Option<Known>,
    /// What the words around it say of it.
    pub(super) sign: Sign,
    /// The symbol of a share behind it.
    pub(super) symbol: Option<&'t str>,
    /// How sure the tagger is.
    score: f32,
    /// The form in which it is compared; an organisation's without its legal form.
    key: String,
}

/// Names of one actor.
#[derive(Debug)]
pub(super) struct Cluster {
    /// Its longest name.
    pub(super) head: usize,
    /// All its names, in order.
    pub(super) members: Vec<usize>,
    /// Most of its names are a person's.
    pub(super) is_person: bool,
}

impl<'t> Name<'t> {
    pub(super) fn new(text: usize, span: Span, shown: &'t str, is_person: bool, score: f32) -> Name<'t> {
        let key = spelling::key(shown);
        let key = if is_person { key } else { Plain::embedded().without_legal(&key).to_owned() };
        Name {
            text,
            span,
            shown,
            is_person,
            titled: false,
            explains: None,
            identity: None,
            listed: None,
            sign: Sign::No,
            symbol: None,
            score,
            key,
        }
    }

    /// The same, a title before it or not.
    #[must_use]
    pub(super) fn with_title(self, titled: bool) -> Name<'t> {
        Name { titled, ..self }
    }

    /// The same as the name of a body, whatever the tagger says.
    pub(super) fn turn_into_body(&mut self) {
        const CERTAIN: f32 = 2.0;
        let key = spelling::key(self.shown);
        Plain::embedded().without_legal(&key).clone_into(&mut self.key);
        self.is_person = false;
        self.identity = None;
        self.score = CERTAIN;
    }

    /// The form in which it is compared.
    pub(super) fn key(&self) -> &str {
        &self.key
    }

    fn words(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.key.split(' ')
    }

    pub(super) fn is_acronym(&self) -> bool {
        let letters = self.shown.chars().filter(|c| c.is_alphabetic()).count();
        (2..=7).contains(&letters) && !self.shown.contains(' ') && !self.shown.chars().any(char::is_lowercase)
    }
}

/// Groups `names`; the clusters come in the order of their first names.
pub(super) fn clusters(names: &[Name<'_>]) -> Vec<Cluster> {
    let mut clusters = same_keys(names);
    // Longer names first, so that a part finds the whole already there.
    let mut order: Vec<usize> = (0..clusters.len()).collect();
    order.sort_by_key(|&at| std::cmp::Reverse(names[clusters[at].head].words().count()));
    let mut wholes = Wholes::default();
    let mut joins: Vec<(usize, usize)> = Vec::new();
    for at in order {
        match wholes.find(&clusters[at], &clusters, names) {
            Some(whole) => {
                wholes.add_part(&clusters[at], whole, names);
                joins.push((at, whole));
            }
            None => wholes.add(at, &clusters[at], names),
        }
    }
    for (part, whole) in joins {
        let members = std::mem::take(&mut clusters[part].members);
        clusters[whole].members.extend(members);
    }
    clusters.retain(|cluster| !cluster.members.is_empty());
    for cluster in &mut clusters {
        cluster.members.sort_unstable();
    }
    clusters.sort_by_key(|cluster| cluster.members[0]);
    clusters
}

/// One cluster for each distinct key; what most of its names are taken for decides whether it is a person.
fn same_keys(names: &[Name<'_>]) -> Vec<Cluster> {
    let mut by_key: FxHashMap<&str, usize> = FxHashMap::default();
    let mut clusters: Vec<Cluster> = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let number = *by_key.entry(&name.key).or_insert_with(|| {
            clusters.push(Cluster { head: at, members: Vec::new(), is_person: false });
            clusters.len() - 1
        });
        clusters[number].members.push(at);
    }
    for cluster in &mut clusters {
        let vote = |&member: &usize| {
            if names[member].is_person { names[member].score } else { -names[member].score }
        };
        cluster.is_person = cluster.members.iter().map(vote).sum::<f32>() > 0.0;
        // Of the spellings of one key the one with small letters reads best.
        let has_small = |&member: &usize| names[member].shown.chars().any(char::is_lowercase);
        cluster.head = cluster.members.iter().copied().find(has_small).unwrap_or(cluster.head);
    }
    clusters
}

/// Names that others may be parts of, by what a part of them may be.
#[derive(Default)]
struct Wholes<'n> {
    /// Last names and single given names of people, prefixes and acronyms of organisations.
    people: FxHashMap<Cow<'n, str>, Vec<usize>>,
    bodies: FxHashMap<Cow<'n, str>, Vec<usize>>,
    /// Last words of organisations.
    endings: FxHashMap<&'n str, Vec<usize>>,
}

impl<'n> Wholes<'n> {
    fn add(&mut self, at: usize, cluster: &Cluster, names: &'n [Name<'_>]) {
        let name = &names[cluster.head];
        let words: Vec<&str> = name.words().collect();
        if words.len() < 2 {
            return;
        }
        // Where each word but the first begins.
        let cuts = name.key.match_indices(' ').map(|(space, _)| space);
        let (before, after) = (|space: usize| &name.key[..space], |space: usize| &name.key[space + 1..]);
        if cluster.is_person {
            let last = words.iter().rev().find(|word| !is_suffix(word)).unwrap_or(&words[0]);
            for key in [*last, words[0]] {
                self.people.entry(key.into()).or_default().push(at);
            }
            // Both surnames, or the first alone: "Rodriguez Porth", "Luis Carlos Galan".
            let ends = cuts.clone().skip(1).map(before);
            for part in cuts.take(words.len() - 2).map(after).zip(ends).flat_map(<[&str; 2]>::from) {
                self.people.entry(part.into()).or_default().push(at);
            }
            return;
        }
        for space in cuts.clone() {
            self.bodies.entry(before(space).into()).or_default().push(at);
        }
        // "Foreign Ministry" for the "Iraqi Foreign Ministry".
        if words.len() > 2 && Words::embedded().nation(words[0]).is_some() {
            self.bodies.entry(after(words[0].len()).into()).or_default().push(at);
        }
        if let Some(last) = words.last().filter(|last| tells_alone(last)) {
            self.endings.entry(last).or_default().push(at);
        }
        for acronym in acronyms(&words) {
            self.bodies.entry(acronym.into()).or_default().push(at);
        }
    }

    /// What a part of a name ends with stands for the whole too: "Galan" of "Luis Carlos Galan Sarmiento".
    fn add_part(&mut self, part: &Cluster, whole: usize, names: &'n [Name<'_>]) {
        if let (Some((_, last)), true) = (names[part.head].key.rsplit_once(' '), part.is_person) {
            self.people.entry(last.into()).or_default().push(whole);
        }
    }

    /// The cluster whose name this one's is a part or an acronym of.
    fn find(&self, cluster: &Cluster, clusters: &[Cluster], names: &[Name<'_>]) -> Option<usize> {
        if cluster.is_person {
            self.find_person(cluster, clusters, names)
        } else {
            explained(cluster, clusters, names).or_else(|| self.find_body(cluster, clusters, names))
        }
    }

    fn find_person(&self, cluster: &Cluster, clusters: &[Cluster], names: &[Name<'_>]) -> Option<usize> {
        let name = &names[cluster.head];
        let words: Vec<&str> = name.words().collect();
        let last = words.iter().rev().find(|word| !is_suffix(word))?;
        let none = Vec::new();
        let by_last = self.people.get(*last).unwrap_or(&none);
        let by_part = self.people.get(name.key.as_str()).unwrap_or(&none);
        let identity = |cluster: &Cluster| cluster.members.iter().find_map(|&member| names[member].identity);
        let own = identity(cluster);
        let fits = |&&whole: &&usize| {
            let long: Vec<&str> = names[clusters[whole].head].words().collect();
            let other = identity(&clusters[whole]);
            (is_same_person(&words, &long) || by_part.contains(&whole))
                && (own.is_none() || other.is_none() || own == other)
        };
        let fitting: Vec<usize> = by_last.iter().chain(by_part).filter(fits).copied().collect();
        nearest(&fitting, cluster, clusters).or_else(|| self.firm_of(name, &words))
    }

    fn find_body(&self, cluster: &Cluster, clusters: &[Cluster], names: &[Name<'_>]) -> Option<usize> {
        let name = &names[cluster.head];
        let words: Vec<&str> = name.words().collect();
        let Some(candidates) = self.bodies.get(name.key.as_str()) else {
            let is_word = cluster.members.iter().all(|&member| !names[member].shown.contains(' '));
            let is_listed = name.listed.is_some() && words.len() > 1;
            return self.ending_of(name).filter(|_| is_word && !is_listed);
        };
        let is_part = words.len() > 1 || name.is_acronym() || words[0].len() > 2;
        let is_of = |whole: &usize| !is_other(name, &names[clusters[*whole].head]);
        let fitting: Vec<usize> =
            candidates.iter().copied().filter(|whole| is_part && is_of(whole)).collect();
        let longest = |&whole: &usize| names[clusters[whole].head].words().count();
        // A first word alone belongs to a body only when no other begins with it.
        let alone = words.len() == 1 && !name.is_acronym() && fitting.len() > 1;
        if alone { None } else { fitting.iter().copied().min_by_key(longest) }
    }

    /// The one body that ends with a lone word: "the Journal" for "the Wall Street Journal".
    fn ending_of(&self, name: &Name<'_>) -> Option<usize> {
        match self.endings.get(name.key.as_str())?.as_slice() {
            [only] if name.listed.is_none() && !name.titled => Some(*only),
            _ => None,
        }
    }

    /// The one body that begins with a lone word which the tagger took for a person: "Merrill" for "Merrill Lynch".
    fn firm_of(&self, name: &Name<'_>, words: &[&str]) -> Option<usize> {
        match self.bodies.get(name.key.as_str())?.as_slice() {
            [only] if words.len() == 1 && words[0].len() > 3 && !name.titled => Some(*only),
            _ => None,
        }
    }
}

/// Whether a name that `whole` begins with is listed as another's: NYSE Euronext is not the NYSE, and the Senate's
/// Democrats are not the Senate. A listed name of several words is only ever a part of its own actor's.
fn is_other(part: &Name<'_>, whole: &Name<'_>) -> bool {
    let differ = |(known, long): (Known, Known)| {
        let is_of_kind = known.kind == long.kind || long.kind != ActorKind::Company;
        known.name != long.name && (part.shown.contains(' ') || is_of_kind)
    };
    let is_alone = part.listed.is_some() && part.key.contains(' ');
    whole.key.starts_with(&part.key) && part.listed.zip(whole.listed).map_or(is_alone, differ)
}

/// The cluster of the name behind which this acronym stands in brackets, as it is or as the symbol of a share.
fn explained(cluster: &Cluster, clusters: &[Cluster], names: &[Name<'_>]) -> Option<usize> {
    let acronym = &names[cluster.head];
    if !acronym.is_acronym() {
        return None;
    }
    let is_firm = acronym.listed.is_some_and(|known| known.kind == ActorKind::Company);
    let has_symbol = |name: &Name<'_>| !is_firm && !name.is_person && name.symbol == Some(acronym.shown);
    let whole = cluster.members.iter().find_map(|&member| names[member].explains).filter(|&whole| {
        let whole = &names[whole];
        !whole.is_person && (whole.words().count() > 1 || has_letters(&whole.key, &acronym.key))
    });
    let whole = whole.or_else(|| names.iter().position(has_symbol))?;
    clusters
        .iter()
        .position(|other| other.members.contains(&whole))
        .filter(|&at| clusters[at].head != cluster.head)
}

/// Whether a long word has the letters of an acronym in their order: ICE of "Intercontinentalexchange".
fn has_letters(word: &str, acronym: &str) -> bool {
    const SHORTEST: usize = 12;
    let mut rest = word.chars();
    word.len() >= SHORTEST
        && word.chars().next() == acronym.chars().next()
        && acronym.chars().all(|c| rest.any(|other| other == c))
}

/// The candidate named last before the part is first named, else the first of all.
fn nearest(candidates: &[usize], part: &Cluster, clusters: &[Cluster]) -> Option<usize> {
    let first = *part.members.first()?;
    let before = |&&whole: &&usize| clusters[whole].members.first().is_some_and(|&member| member < first);
    let latest =
        |&&whole: &&usize| clusters[whole].members.iter().copied().filter(|&member| member < first).max();
    candidates.iter().filter(before).max_by_key(latest).or_else(|| candidates.first()).copied()
}

/// Whether `short` may be another name of the person called `long`.
fn is_same_person(short: &[&str], long: &[&str]) -> bool {
    match short {
        [only] => long.first() == Some(only) || long.iter().rev().find(|word| !is_suffix(word)) == Some(only),
        [first, .., _] => {
            let given = long[0];
            *first == given
                || (first.chars().count() == 1 && given.starts_with(first))
                || (given.chars().count() == 1 && first.starts_with(given))
        }
        [] => false,
    }
}

fn is_suffix(word: &str) -> bool {
    matches!(word, "jr" | "sr" | "ii" | "iii" | "iv")
}

/// Whether the last word of an organisation's name is fit to stand for it: not "Board", not "House".
fn tells_alone(word: &str) -> bool {
    let plain = Plain::embedded();
    word.len() > 3
        && !plain.is_plain(word)
        && !plain.is_shared(word)
        && Words::embedded().nation(word).is_none()
}

/// The initials of a name, with and without its small words.
fn acronyms(words: &[&str]) -> Vec<String> {
    let small = |word: &str| {
        matches!(word, "of" | "the" | "and" | "for" | "in" | "on" | "to" | "de" | "la" | "del" | "&")
    };
    let initials = |all: bool| -> String {
        words.iter().filter(|word| all || !small(word)).filter_map(|word| word.chars().next()).collect()
    };
    let mut found = vec![initials(false)];
    let all = initials(true);
    if all != found[0] {
        found.push(all);
    }
    found.retain(|acronym| acronym.chars().count() > 1);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(names: &[(&'static str, bool)]) -> Vec<Vec<&'static str>> {
        let names: Vec<Name<'static>> =
            names.iter().map(|&(shown, person)| Name::new(0, Span::default(), shown, person, 1.0)).collect();
        clusters(&names)
            .iter()
            .map(|cluster| cluster.members.iter().map(|&member| names[member].shown).collect())
            .collect()
    }

    #[test]
    fn parts_join_their_whole_and_namesakes_stay_apart() {
        let person = |name| (name, true);
        let body = |name| (name, false);
        assert_eq!(
            joined(&[person("Joe Biden"), person("Biden"), person("J. Biden")]),
            [["Joe Biden", "Biden", "J. Biden"]]
        );
        assert_eq!(
            joined(&[person("Bill Clinton"), person("Hillary Clinton"), person("Clinton")]),
            [vec!["Bill Clinton"], vec!["Hillary Clinton", "Clinton"]]
        );
        assert_eq!(
            joined(&[
                body("Popular Mobilization Forces"),
                body("PMF"),
                body("Popular Mobilization"),
                body("PKK")
            ]),
            [vec!["Popular Mobilization Forces", "PMF", "Popular Mobilization"], vec!["PKK"]]
        );
        assert_eq!(
            joined(&[body("Siemens AG"), body("Siemens"), body("BMW")]),
            [vec!["Siemens AG", "Siemens"], vec!["BMW"]]
        );
        assert_eq!(
            joined(&[body("National Bank"), body("National Guard"), body("National")]),
            [["National Bank"], ["National Guard"], ["National"]]
        );
        assert_eq!(joined(&[body("Kata'ib Hezbollah"), body("Kata’ib Hezbollah")]).len(), 1);
        assert_eq!(
            joined(&[person("Antonio Rodriguez Porth"), person("Rodriguez Porth"), person("Antonio Porth")]),
            [["Antonio Rodriguez Porth", "Rodriguez Porth", "Antonio Porth"]]
        );
        assert_eq!(
            joined(&[person("Luis Carlos Galan Sarmiento"), person("Luis Carlos Galan"), person("Galan")]),
            [["Luis Carlos Galan Sarmiento", "Luis Carlos Galan", "Galan"]]
        );
        assert_eq!(joined(&[body("Merrill Lynch"), person("Merrill")]), [["Merrill Lynch", "Merrill"]]);
        assert_eq!(
            joined(&[body("Salomon Brothers Inc."), body("Salomon Brothers"), body("Bumi Plc"), body("BP")]),
            [vec!["Salomon Brothers Inc.", "Salomon Brothers"], vec!["Bumi Plc"], vec!["BP"]]
        );
        assert_eq!(
            joined(&[body("Iraqi Oil Ministry"), body("Oil Ministry"), body("Finance Ministry")]),
            [vec!["Iraqi Oil Ministry", "Oil Ministry"], vec!["Finance Ministry"]]
        );
        assert!(joined(&[]).is_empty());
    }

    #[test]
    fn two_listed_people_of_one_name_stay_apart() {
        let person = |shown, identity| Name { identity, ..Name::new(0, Span::default(), shown, true, 1.0) };
        let names = [
            person("George Bush", Some("George Bush")),
            person("George W. Bush", Some("George W. Bush")),
            person("Bush", None),
        ];
        let members: Vec<Vec<usize>> = clusters(&names).into_iter().map(|cluster| cluster.members).collect();
        assert_eq!(members, [vec![0], vec![1, 2]]);
    }
}
