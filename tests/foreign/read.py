"""Opens lists that dateline wrote with readers that dateline did not write, and compares what they read.

    python read.py FOLDER

FOLDER holds list.FORMAT for every format, and list.jsonl with the articles that each must hold. Needs what
requirements.txt names. Exits with a message at the first list that is not read as it should be.
"""

import csv
import html.parser
import json
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

import bibtexparser
import geojson
import jsonschema
import networkx
import openpyxl
import rispy

folder = pathlib.Path(sys.argv[1])
with open(folder / "list.jsonl", encoding="utf8") as lines:
    articles = [json.loads(line) for line in lines]
ids = [article["id"] for article in articles]
titles = [article["title"] or "" for article in articles]


def squeezed(text):
    return " ".join((text or "").split())


def same(what, found, expected):
    if found != expected:
        pairs = [pair for pair in zip(found, expected) if pair[0] != pair[1]][:3]
        sys.exit(f"{what}: {len(found)} read, {len(expected)} expected; {pairs}")
    print(f"{what}: {len(found)} read")


def defused(text):
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


with open(folder / "list.json", encoding="utf8") as file:
    answer = json.load(file)
same("json", [hit["id"] for hit in answer["hits"]], ids)
assert answer["total"] == len(ids) and answer["unit"] in ("articles", "stories")

with open(folder / "list.csv", encoding="utf8", newline="") as file:
    rows = list(csv.DictReader(file, strict=True))
same("csv", [(row["id"], row["title"]) for row in rows], [(defused(i), defused(t)) for i, t in zip(ids, titles)])

with open(folder / "list.tsv", encoding="utf8", newline="") as file:
    rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
same("tsv", [row["id"] for row in rows], [defused(i) for i in ids])

with open(folder / "list.md", encoding="utf8") as file:
    rows = [line for line in file if line.startswith("|")]
same("markdown", len(rows) * [0], (len(ids) + 2) * [0])

sheet = openpyxl.load_workbook(folder / "list.xlsx", read_only=True).active
rows = list(sheet.iter_rows(values_only=True))
heading = list(rows[0])
found = [(row[heading.index("id")], row[heading.index("title")] or "") for row in rows[1:]]
same("xlsx", found, list(zip(ids, titles)))

for name in ("list.geojson", "articles.geojson"):
    with open(folder / name, encoding="utf8") as file:
        collection = geojson.load(file)
    if not collection.is_valid:
        sys.exit(f"{name}: {collection.errors()}")
    assert collection["type"] == "FeatureCollection"
    print(f"{name}: {len(collection['features'])} features")

with open(folder / "list.ris", encoding="utf8") as file:
    references = rispy.load(file)
same("ris", [squeezed(r.get("title") or r.get("primary_title")) for r in references], [squeezed(t) for t in titles])

library = bibtexparser.parse_file(str(folder / "list.bib"), encoding="utf8")
if library.failed_blocks:
    sys.exit(f"bibtex: {library.failed_blocks[0].raw}")
same("bibtex", len(library.entries) * [0], len(ids) * [0])

schema = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["id", "type"],
        "properties": {
            "id": {"type": ["string", "number"]},
            "type": {"enum": ["article-newspaper", "article", "article-journal", "webpage", "post-weblog"]},
            "title": {"type": "string"},
            "author": {"type": "array", "items": {"type": "object"}},
            "issued": {
                "type": "object",
                "properties": {
                    "date-parts": {
                        "type": "array",
                        "items": {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 3},
                    }
                },
            },
        },
    },
}
with open(folder / "list.csl.json", encoding="utf8") as file:
    references = json.load(file)
jsonschema.validate(references, schema)
same("csl-json", [reference["id"] for reference in references], ids)

ATOM = "{http://www.w3.org/2005/Atom}"
feed = ElementTree.parse(folder / "list.atom").getroot()
entries = feed.findall(ATOM + "entry")
for entry in [feed, *entries]:
    for required in ("id", "title", "updated"):
        if entry.find(ATOM + required) is None:
            sys.exit(f"atom: an entry without {required}")
assert len({entry.findtext(ATOM + "id") for entry in entries}) == len(ids)
print(f"atom: {len(entries)} read")


class Report(html.parser.HTMLParser):
    """Counts articles and checks that every element is closed."""

    def __init__(self):
        super().__init__()
        self.open, self.articles = [], 0

    def handle_starttag(self, tag, attributes):
        self.articles += tag == "article"
        if tag not in ("meta", "br", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            sys.exit(f"html: </{tag}> closes nothing")


report = Report()
report.feed((folder / "list.html").read_text(encoding="utf8"))
same("html", (report.articles + len(report.open)) * [0], len(ids) * [0])

gexf = networkx.read_gexf(folder / "list.gexf")
graphml = networkx.read_graphml(folder / "list.graphml")
assert gexf.number_of_nodes() == graphml.number_of_nodes(), "gexf and graphml differ"
assert gexf.number_of_edges() == graphml.number_of_edges(), "gexf and graphml differ"
print(f"gexf, graphml: {gexf.number_of_nodes()} actors, {gexf.number_of_edges()} joins")
with open(folder / "joins.csv", encoding="utf8", newline="") as file:
    joins = list(csv.DictReader(file))
same("joins", len(joins) * [0], gexf.number_of_edges() * [0])
