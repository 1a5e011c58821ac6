//! The network of a result list: the most frequent actors, joined where they share articles; as GEXF and `GraphML`.
//!
//! Only the actors of the counted facet are joined, so memory does not grow with the articles. Where stories are counted, one
//! counts once for two actors, however many of its copies name them both, as a facet counts it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{self, Write};

use xxhash_rust::xxh3::xxh3_64;

use crate::article::ActorKind;
use crate::export::column::{Cell, Row};
use crate::export::list::{Exporter, Listing};
use crate::export::table::Table;
use crate::export::xml::escaped;
use crate::field::actor_path;
use crate::query::response::Unit;

/// The facet that names the actors, and how many.
pub const FACET: &str = "actor=500";

/// Counts who shares articles with whom.
#[derive(Debug)]
pub struct Network {
    write: fn(&mut dyn Write, &Network) -> io::Result<()>,
    actors: Vec<Node>,
    numbers: HashMap<String, usize>,
    edges: BTreeMap<(usize, usize), usize>,
    /// What stories with copies have counted for: a story, and two actors or one twice.
    counted: HashSet<(u64, usize, usize)>,
}

#[derive(Debug)]
struct Node {
    path: String,
    label: String,
    articles: usize,
}

impl Node {
    fn kind(&self) -> &str {
        let kind = self.path.split('/').next().unwrap_or_default();
        if ActorKind::parse(kind).is_some() { kind } else { "" }
    }
}

impl Network {
    /// In GEXF 1.3.
    pub fn gexf() -> Network {
        Network::new(write_gexf)
    }

    /// In `GraphML`.
    pub fn graphml() -> Network {
        Network::new(write_graphml)
    }

    /// The joins as rows, strongest first.
    pub fn joins(&self) -> Table {
        let mut edges: Vec<(&(usize, usize), &usize)> = self.edges.iter().collect();
        edges.sort_by_key(|&(ends, weight)| (std::cmp::Reverse(*weight), *ends));
        let text = |node: usize| Cell::Text(self.actors[node].path.clone());
        let row = |(&(one, other), &weight): (&(usize, usize), &usize)| {
            let articles = |node: usize| Cell::count(self.actors[node].articles);
            vec![text(one), text(other), Cell::count(weight), articles(one), articles(other)]
        };
        let columns = ["one", "other", "together", "articles_one", "articles_other"].map(str::to_owned);
        Table { columns: columns.to_vec(), rows: edges.into_iter().map(row).collect() }
    }

    /// The actors with their numbers, without those that only articles beyond the limit name.
    fn listed(&self) -> impl Iterator<Item = (usize, &Node)> {
        self.actors.iter().enumerate().filter(|(_, node)| node.articles > 0)
    }

    fn new(write: fn(&mut dyn Write, &Network) -> io::Result<()>) -> Network {
        Network {
            write,
            actors: Vec::new(),
            numbers: HashMap::new(),
            edges: BTreeMap::new(),
            counted: HashSet::new(),
        }
    }
}

impl Exporter for Network {
    fn begin(&mut self, _out: &mut dyn Write, listing: &Listing) -> io::Result<()> {
        let counted = listing.facets.iter().filter(|counts| counts.name == "actor");
        for value in counted.flat_map(|counts| &counts.values) {
            self.numbers.insert(value.value.clone(), self.actors.len());
            self.actors.push(Node { path: value.value.clone(), label: value.label.clone(), articles: 0 });
        }
        Ok(())
    }

    fn article(&mut self, _out: &mut dyn Write, listing: &Listing, row: &Row<'_>) -> io::Result<()> {
        let paths = row.annotated.annotations.actors().map(|actor| actor_path(actor.kind, &actor.name));
        let mut present: Vec<usize> = paths.filter_map(|path| self.numbers.get(&path).copied()).collect();
        present.sort_unstable();
        present.dedup();
        let is_copy = listing.unit == Unit::Stories && row.hit.has_copies;
        let story = is_copy.then(|| xxh3_64(row.hit.story.as_bytes()));
        for (index, &one) in present.iter().enumerate() {
            for &other in &present[index..] {
                if story.is_some_and(|story| !self.counted.insert((story, one, other))) {
                    continue;
                }
                if one == other {
                    self.actors[one].articles += 1;
                } else {
                    *self.edges.entry((one, other)).or_default() += 1;
                }
            }
        }
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write, _listing: &Listing) -> io::Result<()> {
        (self.write)(out, self)
    }
}

fn write_gexf(out: &mut dyn Write, network: &Network) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<gexf xmlns=\"http://gexf.net/1.3\" version=\"1.3\">")?;
    writeln!(out, "<meta><creator>dateline {}</creator></meta>", env!("CARGO_PKG_VERSION"))?;
    writeln!(out, "<graph mode=\"static\" defaultedgetype=\"undirected\">")?;
    writeln!(out, "<attributes class=\"node\" mode=\"static\">")?;
    writeln!(out, "<attribute id=\"kind\" title=\"kind\" type=\"string\"/>")?;
    writeln!(out, "<attribute id=\"articles\" title=\"articles\" type=\"integer\"/>\n</attributes>")?;
    writeln!(out, "<nodes>")?;
    for (number, node) in network.listed() {
        writeln!(out, "<node id=\"{number}\" label=\"{}\"><attvalues>", escaped(&node.label))?;
        writeln!(out, "<attvalue for=\"kind\" value=\"{}\"/>", escaped(node.kind()))?;
        writeln!(out, "<attvalue for=\"articles\" value=\"{}\"/></attvalues></node>", node.articles)?;
    }
    writeln!(out, "</nodes>\n<edges>")?;
    for (number, ((one, other), weight)) in network.edges.iter().enumerate() {
        writeln!(out, "<edge id=\"{number}\" source=\"{one}\" target=\"{other}\" weight=\"{weight}\"/>")?;
    }
    writeln!(out, "</edges>\n</graph>\n</gexf>")
}

fn write_graphml(out: &mut dyn Write, network: &Network) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">")?;
    for (name, target, kind) in [
        ("label", "node", "string"),
        ("kind", "node", "string"),
        ("articles", "node", "int"),
        ("weight", "edge", "int"),
    ] {
        writeln!(out, "<key id=\"{name}\" for=\"{target}\" attr.name=\"{name}\" attr.type=\"{kind}\"/>")?;
    }
    writeln!(out, "<graph id=\"actors\" edgedefault=\"undirected\">")?;
    for (number, node) in network.listed() {
        writeln!(out, "<node id=\"n{number}\"><data key=\"label\">{}</data>", escaped(&node.label))?;
        writeln!(out, "<data key=\"kind\">{}</data>", escaped(node.kind()))?;
        writeln!(out, "<data key=\"articles\">{}</data></node>", node.articles)?;
    }
    for ((one, other), weight) in &network.edges {
        writeln!(
            out,
            "<edge source=\"n{one}\" target=\"n{other}\"><data key=\"weight\">{weight}</data></edge>"
        )?;
    }
    writeln!(out, "</graph>\n</graphml>")
}
