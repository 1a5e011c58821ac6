//! Countries by their ISO 3166-1 alpha-2 codes: what they are called, and which is called so.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::text::fold;

static COUNTRIES: &str = include_str!("../../data/gazetteer/countries.tsv");

/// Codes by folded label, and labels by code.
#[derive(Debug, Default)]
struct Table {
    codes: FxHashMap<String, &'static str>,
    labels: FxHashMap<&'static str, &'static str>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = Table::default();
        for row in COUNTRIES.lines().filter(|row| !row.starts_with('#')) {
            let columns: Vec<&'static str> = row.split('\t').collect();
            let [code, _, _, label, ..] = columns[..] else { continue };
            if code.len() != 2 {
                continue;
            }
            table.labels.insert(code, label);
            table.codes.insert(fold::key(label), code);
            let others =
                [9, 10].into_iter().filter_map(|at| columns.get(at)).flat_map(|names| names.split('|'));
            for other in others.filter(|other| !other.is_empty()) {
                table.codes.entry(fold::key(other)).or_insert(code);
            }
        }
        table
    })
}

/// What the country of a code is called; the code itself if it is none.
pub fn label(code: &str) -> &str {
    table().labels.get(code).copied().unwrap_or(code)
}

/// The code of the country that is called so, or has this code in any case.
pub fn code(name: &str) -> Option<&'static str> {
    let upper = name.trim().to_uppercase();
    table()
        .labels
        .get_key_value(upper.as_str())
        .map(|(code, _)| *code)
        .or_else(|| table().codes.get(&fold::key(name)).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_found_by_code_and_name() {
        assert_eq!((label("IQ"), label("XX")), ("Iraq", "XX"));
        for (name, expected) in
            [("iraq", Some("IQ")), ("iq", Some("IQ")), ("U.S.", Some("US")), ("Atlantis", None)]
        {
            assert_eq!(code(name), expected, "{name}");
        }
    }
}
