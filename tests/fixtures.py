"""Makes the fixtures that no text editor writes: archives, documents, databases. Run from the repository, with
brotli pillow python-docx odfpy ebooklib openpyxl pyarrow reportlab from PyPI. Everything in them is written here; the same run gives
the same files as far as their writers allow.
"""

import bz2
import datetime
import gzip
import io
import lzma
import os
import sqlite3
import tarfile
import zipfile

import brotli

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures")
STAMP = (2021, 6, 28, 12, 0, 0)


def write(name, data):
    path = os.path.join(ROOT, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)


FOLDER = {
    "2021/06/quarry.txt": b"Quarry reopens near Tuzla\n\nThe quarry near Tuzla reopened on Monday after two years.\n",
    "2021/06/wires.jsonl": b'{"title": "Ferry sails again", "text": "The ferry to Gotland sails again."}\n'
    b'{"title": "broken"\n{"title": "Dam inspected", "text": "Engineers inspected the dam."}\n',
    "picture.jpg": b"\xff\xd8\xff\xe0 not really",
    ".hidden.txt": b"Nobody reads this",
    "page.html": b"<html><head><title>Market burns in Erbil</title></head><body><article><h1>Market burns in Erbil"
    b"</h1><p>A fire destroyed forty stalls of the old market in Erbil on 3 May 2020, officials said.</p>"
    b"</article></body></html>",
}


def zipped(members, compression=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, STAMP), data, compress_type=compression)
    return buffer.getvalue()


def tarred(members):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(data), 1624881600
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def archives():
    write("zip/folder.zip", zipped(FOLDER))
    inner = zipped({"deep.txt": b"A note in the depth\n\nIt lies in an archive in an archive."})
    tricks = {
        "../../escape.txt": b"Escape attempt\n\nThis path is a label and leads nowhere.",
        "/etc/absolute.txt": b"Absolute path\n\nThis one too.",
        "inner.zip": inner,
        "inner.tar.xz": lzma.compress(tarred({"old/packed.txt": b"Packed twice\n\nOut of a tar in a zip."})),
        "empty.txt": b"",
    }
    write("zip/tricks.zip", zipped(tricks))
    whole = zipped({"first.txt": b"First of two\n\nThis one is whole.", "second.txt": b"Second\n\n" + os.urandom(0) + b"damage " * 40})
    damaged = bytearray(whole)
    damaged[whole.rindex(b"second.txt", 0, whole.index(b"PK\x01\x02")) + 14] ^= 0xFF
    write("broken/damaged-member.zip", bytes(damaged))
    write("broken/truncated.zip", zipped(FOLDER)[:400])
    write("tar/folder.tar", tarred(FOLDER))
    write("tar/folder.tar.bz2", bz2.compress(tarred(FOLDER)))
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as file:
        file.write(tarred({"note.md": b"---\ntitle: Packed as tgz\n---\nA note in a tgz file.\n"}))
    write("tar/note.tgz", packed.getvalue())
    write("broken/truncated.tar.gz", packed.getvalue()[:90])


def page(title, text, charset="utf-8"):
    return (
        f"<html><head><meta charset={charset}><title>{title}</title></head><body><article><h1>{title}</h1><p>{text}</p>"
        "<p>Officials gave no further details. Residents said that they had heard nothing.</p></article></body></html>"
    ).encode(charset)


def http(body, media="text/html; charset=utf-8", status="200 OK", extra=""):
    return f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\n{extra}\r\n".encode() + body


def chunked(body, size=100):
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def record(kind, url, body, media="application/http; msgtype=response", date="2021-06-28T10:00:00Z"):
    target = f"WARC-Target-URI: {url}\r\n" if url else ""
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\n{target}WARC-Date: {date}\r\nContent-Type: {media}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body + b"\r\n\r\n"


def crawls():
    ferry = page("Ferry runs aground off Gotland", "The ferry ran aground on Sunday with 120 people on board.")
    dam = page("Damm geprüft", "Prüfer besichtigten am Montag den Damm bei Köln.", "iso-8859-1")
    packed = gzip.compress(ferry, mtime=0)
    records = [
        record("warcinfo", None, b"software: by hand\r\n", "application/warc-fields"),
        record("request", "http://news.example/ferry", b"GET /ferry HTTP/1.1\r\n\r\n", "application/http"),
        record(
            "response",
            "http://news.example/ferry",
            http(chunked(packed), extra="Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n"),
        ),
        record("response", "http://news.example/a.png", http(b"\x89PNG", "image/png")),
        record("response", "http://news.example/b.png", http(b"\x89PNG", "image/png")),
        record("response", "http://news.example/gone", http(b"gone", status="404 Not Found")),
        record("response", "http://news.example/damm", http(dam, "text/html; charset=ISO-8859-1")),
        record("response", "http://news.example/broken", b"no HTTP at all"),
        record("revisit", "http://news.example/ferry", http(b"")),
        record("resource", "file:///notes/2021/05/04/market.html", page("Market reopens", "It reopened."), "text/html"),
        record("response", "http://news.example/api", http(b'{"headline": "Bridge shut", "body": "It is shut."}', "application/json")),
    ]
    write("warc/crawl.warc", b"".join(records))
    write("warc/crawl.warc.gz", b"".join(gzip.compress(part, mtime=0) for part in records))
    brotli_page = brotli.compress(ferry)
    packed_by_brotli = [
        record("response", "http://news.example/ferry", http(chunked(brotli_page), extra="Transfer-Encoding: chunked\r\nContent-Encoding: br\r\n")),
        # A crawler that unpacked what it received, and kept the header.
        record("response", "http://news.example/damm", http(dam, "text/html; charset=ISO-8859-1", extra="Content-Encoding: br\r\n")),
    ]
    write("warc/brotli.warc", b"".join(packed_by_brotli))
    bomb = brotli.compress(b"<html><body><p>" + b"boom " * (60 << 20), quality=9, lgwin=24)
    bomb = record("response", "http://news.example/bomb", http(bomb, extra="Content-Encoding: br\r\n"))
    write("broken/brotli-bomb.warc", bomb + packed_by_brotli[0])
    damaged = records[2] + b"WARC/1.0\r\nWARC-Type: response\r\n\r\nno length\r\n\r\n" + records[6] + records[9][:-60]
    write("broken/damaged.warc", damaged)
    head = b"1 0 By hand\nURL IP-address Archive-date Content-type Archive-length\n"
    arc = b"filedesc://crawl.arc 0.0.0.0 20210628100000 text/plain %d\n%s\n" % (len(head), head)
    for url, body in [("http://news.example/two words", http(ferry)), ("http://news.example/x.gif", http(b"GIF8", "image/gif"))]:
        arc += f"{url} 1.2.3.4 20210628100000 text/html {len(body)}\n".encode() + body + b"\n"
    write("arc/crawl.arc", arc)


def scan():
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.load_default(size=34)
    pages = [
        ["Ferry runs aground off Gotland", "", "The ferry ran aground on Sunday with 120 people", "on board, the coast guard said."],
        ["Quarry reopens near Tuzla", "", "The quarry near Tuzla reopened on Monday."],
    ]
    pictures = []
    for lines in pages:
        picture = Image.new("1", (1000, 500), 1)
        for row, line in enumerate(lines):
            ImageDraw.Draw(picture).text((60, 60 + 56 * row), line, fill=0, font=font)
        pictures.append(picture)
    buffer = io.BytesIO()
    pictures[0].save(buffer, "PDF", save_all=True, append_images=pictures[1:], resolution=150, title="scan")
    write("pdf/scan.pdf", buffer.getvalue())


def documents():
    import docx
    from odf import dc, meta, opendocument, text as odt
    from ebooklib import epub
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen import canvas

    when = datetime.datetime(2021, 6, 28, 9, 0, 0)
    document = docx.Document()
    document.core_properties.author, document.core_properties.created = "Ada Vale", when
    document.core_properties.title, document.core_properties.keywords = "", "quarry, Tuzla"
    document.add_heading("Quarry reopens near Tuzla", 0)
    paragraph = document.add_paragraph("The quarry near Tuzla ")
    paragraph.add_run("reopened").bold = True
    paragraph.add_run(" on Monday & nobody was hurt.")
    document.add_paragraph("The mayor spoke of a second chance.")
    buffer = io.BytesIO()
    document.save(buffer)
    write("docx/quarry.docx", buffer.getvalue())
    write("broken/cut.docx", buffer.getvalue()[:3000])

    document = opendocument.OpenDocumentText()
    document.meta.addElement(dc.Title(text="Dam inspected"))
    document.meta.addElement(meta.InitialCreator(text="Boris Lind"))
    document.meta.addElement(meta.CreationDate(text="2020-02-03T10:00:00"))
    document.text.addElement(odt.P(text="Engineers inspected the dam above Zenica."))
    line = odt.P(text="They found")
    line.addElement(odt.S(c=1))
    line.addText("no cracks.")
    document.text.addElement(line)
    buffer = io.BytesIO()
    document.write(buffer)
    write("odt/dam.odt", buffer.getvalue())

    book = epub.EpubBook()
    book.set_identifier("weekly-26")
    book.set_title("The Harbour Weekly")
    book.set_language("en")
    book.add_author("The Desk")
    book.add_metadata("DC", "date", "2021-06-28")
    book.add_metadata("DC", "publisher", "Harbour Press")
    chapters = []
    for number, (title, body) in enumerate(
        [("Ferry sails again", "The ferry to Gotland sails again."), (None, "It had lain in dock for a year."), ("Market reopens", "Stalls open on Friday in Erbil.")]
    ):
        chapter = epub.EpubHtml(title=title or "more", file_name=f"text {number}.xhtml")
        chapter.content = (f"<h1>{title}</h1>" if title else "") + f"<p>{body}</p>"
        book.add_item(chapter)
        chapters.append(chapter)
    book.spine = ["nav", *chapters]
    book.toc = chapters
    book.add_item(epub.EpubNcx())
    book.add_item(epub.EpubNav())
    buffer = io.BytesIO()
    epub.write_epub(buffer, book)
    write("epub/weekly.epub", buffer.getvalue())

    buffer = io.BytesIO()
    sheet = canvas.Canvas(buffer, pagesize=A4, invariant=1)
    sheet.setTitle("Bridge over the Drina shut")
    sheet.setAuthor("Ada Vale")
    sheet.drawString(72, 760, "Bridge over the Drina shut")
    for at, line in enumerate(["The bridge over the Drina at Visegrad was shut on Sat-", "urday after heavy rain, police said. Lorries were sent", "by way of Foca."]):
        sheet.drawString(72, 720 - 14 * at, line)
    sheet.showPage()
    sheet.drawString(72, 760, "It is to open again next week, the ministry of transport said.")
    sheet.save()
    write("pdf/bridge.pdf", buffer.getvalue())
    write("broken/cut.pdf", buffer.getvalue()[:700])
    buffer = io.BytesIO()
    sheet = canvas.Canvas(buffer, pagesize=A4, invariant=1)
    sheet.rect(72, 400, 300, 200, fill=1)
    sheet.save()
    write("broken/scan.pdf", buffer.getvalue())


def tables():
    import openpyxl
    import pyarrow
    import pyarrow.parquet
    from odf import opendocument, table, text as odt

    rows = [
        ("Quarry reopens", "The quarry near Tuzla reopened.", datetime.date(2021, 6, 28), "Ada Vale"),
        ("Dam inspected", "Engineers inspected the dam.", datetime.date(2020, 2, 3), "Boris Lind"),
    ]
    book = openpyxl.Workbook()
    book.properties.creator, book.properties.created = "desk", datetime.datetime(2021, 1, 1)
    sheet = book.active
    sheet.title = "Articles"
    sheet.append([])
    sheet.append(["headline", "body", "published", "byline"])
    for row in rows:
        sheet.append(row)
    book.create_sheet("Budget").append(["month", "euro"])
    buffer = io.BytesIO()
    book.save(buffer)
    write("spreadsheet/articles.xlsx", buffer.getvalue())
    document = opendocument.OpenDocumentSpreadsheet()
    sheet = table.Table(name="Articles")
    for row in [("headline", "body", "published", "byline"), *rows]:
        line = table.TableRow()
        for value in row:
            cell = table.TableCell(valuetype="string")
            cell.addElement(odt.P(text=str(value)))
            line.addElement(cell)
        sheet.addElement(line)
    document.spreadsheet.addElement(sheet)
    buffer = io.BytesIO()
    document.write(buffer)
    write("spreadsheet/articles.ods", buffer.getvalue())

    content = (
        '<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        '<office:body><office:spreadsheet><table:table table:name="A"><table:table-row table:number-rows-repeated="1000000">'
        '<table:table-cell table:number-columns-repeated="10000" office:value-type="string"><text:p>boom</text:p></table:table-cell>'
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    write("broken/bomb.ods", zipped({"mimetype": kind, "content.xml": content.encode()}, zipfile.ZIP_STORED))
    bomb = pyarrow.table({"title": ["x" * (200 << 20)], "text": ["boom"]})
    path = os.path.join(ROOT, "broken/bomb.parquet")
    pyarrow.parquet.write_table(bomb, path, compression="zstd", use_dictionary=False, write_statistics=False)

    columns = {name: [row[at] for row in rows] for at, name in enumerate(["headline", "body", "published", "byline"])}
    columns["tags"] = [["quarry", "Bosnia"], []]
    columns["words"] = [5, 4]
    path = os.path.join(ROOT, "parquet/articles.parquet")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    pyarrow.parquet.write_table(pyarrow.table(columns), path, compression="zstd")
    write("broken/cut.parquet", open(path, "rb").read()[:200])

    path = os.path.join(ROOT, "sqlite/desk.db")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.exists(path):
        os.remove(path)
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE staff (name TEXT, room INTEGER)")
    database.execute("CREATE TABLE articles (id TEXT, headline TEXT, body TEXT, published TEXT, pages INTEGER)")
    database.execute("INSERT INTO staff VALUES ('Ada Vale', 7)")
    for number, (headline, body, day, _) in enumerate(rows):
        database.execute("INSERT INTO articles VALUES (?, ?, ?, ?, ?)", (f"desk-{number}", headline, body, str(day), number))
    database.commit()
    database.close()
    damaged = bytearray(open(path, "rb").read())
    damaged[200:4000] = b"\xff" * 3800
    write("broken/damaged.db", bytes(damaged))


RTF = rb"""{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset204 Times Cyr;}}{\info{\title Storm in K\'f6ln}{\author Ada Vale}{\creatim\yr2021\mo6\dy28}}
{\*\generator by hand;}\f0 A storm hit K\u246?ln on Sunday.\par {\f1\'cc\'ee\'f1\'ea\'e2\'e0} was spared \emdash{} for now.\par}
"""

LETTER = b"""Return-Path: <desk@harbour.example>
Received: from mail.harbour.example by mx.example; Mon, 28 Jun 2021 09:00:05 +0200
From: =?utf-8?q?J=C3=B6rg?= Hafen <desk@harbour.example>
To: readers@harbour.example
Subject: =?utf-8?b?V2Vla2x5IOKAkyBmZXJyeSBzYWlscw==?=
Date: Mon, 28 Jun 2021 09:00:00 +0200
Message-ID: <weekly-26@harbour.example>
List-Id: "The Harbour Weekly" <weekly.harbour.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="mix"

--mix
Content-Type: multipart/alternative; boundary="alt"

--alt
Content-Type: text/plain; charset=utf-8

Read this letter on the web.
--alt
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

<html><body><table><tr><td><p>The ferry to Gotland sails again, the company sa=
id.</p><p>Caf=E9 and deck are open. Tickets are to be had at the pier.</p></td></tr></table></body></html>
--alt--
--mix
Content-Type: text/plain; name="notes.txt"
Content-Disposition: attachment; filename="../notes.txt"

Timetable of the ferry

It leaves at nine and at four.
--mix
Content-Type: image/png
Content-Disposition: attachment; filename="ferry.png"
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--mix--
"""

MAILBOX = b"""From ada@example.org Mon Jun 28 09:00:00 2021
From: Ada Vale <ada@example.org>
To: desk@harbour.example
Subject: Quarry near Tuzla
Date: Mon, 28 Jun 2021 08:58:00 +0200
Message-ID: <1@example.org>

The quarry near Tuzla has reopened.
>From the mayor we hear that it will stay open.

From boris@example.org Tue Jun 29 10:00:00 2021
From: boris@example.org
Subject: Re: Quarry near Tuzla
Date: Tue, 29 Jun 2021 10:00:00 +0000
In-Reply-To: <1@example.org>
Content-Type: text/plain; charset=koi8-r
Content-Transfer-Encoding: quoted-printable

=EB=C1=D2=D8=C5=D2 =CF=D4=CB=D2=D9=D4.
"""


def letters():
    write("rtf/storm.rtf", RTF)
    write("eml/letter.eml", LETTER)
    write("mbox/desk.mbox", MAILBOX)
    write("broken/cut.eml", LETTER[:700])


def alto(blocks, number):
    body = ""
    for name, kind, lines in blocks:
        body += f'<TextBlock ID="{name}"{kind}>' + "".join(f"<TextLine>{line}</TextLine>" for line in lines) + "</TextBlock>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<alto xmlns="http://www.loc.gov/standards/alto/ns-v3#"><Description>'
        f"<sourceImageInformation><fileName>{number}.tif</fileName></sourceImageInformation></Description>"
        f'<Layout><Page ID="P{number}" PHYSICAL_IMG_NR="{number}"><PrintSpace>{body}</PrintSpace></Page></Layout></alto>'
    ).encode()


def line(text, sure=0.9):
    return "<SP/>".join(f'<String CONTENT="{word}" WC="{sure}"/>' for word in text.split())


def scans():
    cut = line("The Gov") .replace('CONTENT="Gov"', 'CONTENT="Gov" SUBS_TYPE="HypPart1" SUBS_CONTENT="Governor"') + '<HYP CONTENT="-"/>'
    rest = '<String CONTENT="ernor" SUBS_TYPE="HypPart2" SUBS_CONTENT="Governor" WC="0.5"/><SP/>' + line("arrived at Zanzibar &amp; spoke")
    first = alto([("B1", "", [line("STORM AT SEA")]), ("B2", "", [cut, rest]), ("B3", "", [line("PRICES")]), ("B4", "", [line("Wheat fell in Liver") + '<HYP CONTENT="-"/>', line("pool")])], 1)
    second = alto([("B1", "", [line("to the harbour.", 0.7)]), ("B2", "", [line("Advertisement: soap")])], 2)
    write("alto/single.xml", first)
    write("mets/1871-03-04/mets.xml", METS.encode())
    write("mets/1871-03-04/alto/0001.xml", first)
    write("mets/1871-03-04/alto/0002.xml", second)
    write("page/letter.xml", PAGE.encode())
    write("hocr/pages.hocr", HOCR.encode())
    write("broken/cut-page.xml", first[:600])


METS = """<?xml version="1.0" encoding="UTF-8"?>
<mets xmlns="http://www.loc.gov/METS/" xmlns:mods="http://www.loc.gov/mods/v3" xmlns:xlink="http://www.w3.org/1999/xlink" LABEL="The Harbour Gazette, 4 March 1871">
<dmdSec ID="MODSMD_ISSUE"><mdWrap MDTYPE="MODS"><xmlData><mods:mods><mods:titleInfo><mods:title>The Harbour Gazette</mods:title></mods:titleInfo>
<mods:originInfo><mods:dateIssued encoding="iso8601">1871-03-04</mods:dateIssued></mods:originInfo><mods:language><mods:languageTerm>en</mods:languageTerm></mods:language>
<mods:part><mods:detail type="issue"><mods:number>312</mods:number></mods:detail></mods:part></mods:mods></xmlData></mdWrap></dmdSec>
<fileSec><fileGrp ID="ALTOGRP" USE="Text">
<file ID="A1" MIMETYPE="text/xml"><FLocat LOCTYPE="URL" xlink:href="file://./alto/0001.xml"/></file>
<file ID="A2" MIMETYPE="text/xml"><FLocat LOCTYPE="URL" xlink:href="file://./alto/0002.xml"/></file>
<file ID="A3" MIMETYPE="text/xml"><FLocat LOCTYPE="URL" xlink:href="file:///etc/hostname.xml"/></file>
</fileGrp></fileSec>
<structMap TYPE="PHYSICAL"><div TYPE="Newspaper"><div TYPE="PAGE" ORDER="1"><fptr FILEID="A1"/></div><div TYPE="PAGE" ORDER="2"><fptr FILEID="A2"/></div></div></structMap>
<structMap TYPE="LOGICAL"><div TYPE="Newspaper"><div TYPE="ISSUE" DMDID="MODSMD_ISSUE"><div TYPE="CONTENT">
<div TYPE="ARTICLE" LABEL="Storm at sea"><div TYPE="HEADING"><fptr><area FILEID="A1" BEGIN="B1" BETYPE="IDREF"/></fptr></div>
<div TYPE="BODY"><div TYPE="PARAGRAPH"><fptr><seq><area FILEID="A1" BEGIN="B2" BETYPE="IDREF"/><area FILEID="A2" BEGIN="B1" BETYPE="IDREF"/></seq></fptr></div></div></div>
<div TYPE="ARTICLE" LABEL="Prices"><div TYPE="BODY"><fptr><area FILEID="A1" BEGIN="B4" BETYPE="IDREF"/></fptr></div></div>
<div TYPE="ADVERTISEMENT"><fptr><area FILEID="A2" BEGIN="B2" BETYPE="IDREF"/></fptr></div>
</div></div></div></structMap></mets>
"""

PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"><Page imageFilename="letter.jpg" primaryLanguage="German">
<ReadingOrder><OrderedGroup id="g"><RegionRefIndexed index="1" regionRef="r1"/><RegionRefIndexed index="0" regionRef="r2"/></OrderedGroup></ReadingOrder>
<TextRegion id="r1" type="paragraph"><TextLine id="l1"><TextEquiv conf="0.8"><Unicode>Der Gesandte reiste am Mon⸗</Unicode></TextEquiv></TextLine>
<TextLine id="l2"><Word id="w1"><TextEquiv><Unicode>tag</Unicode></TextEquiv></Word><Word id="w2"><TextEquiv><Unicode>nach Wien.</Unicode></TextEquiv></Word></TextLine></TextRegion>
<TextRegion id="r2" type="heading"><TextEquiv><Unicode>Aus dem Lande</Unicode></TextEquiv></TextRegion>
</Page></PcGts>
"""

HOCR = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><title></title><meta name="ocr-system" content="tesseract 5.3.0"/></head><body>
<div class="ocr_page" id="page_1" title="image &quot;p1.png&quot;; bbox 0 0 100 100; ppageno 0"><div class="ocr_carea"><p class="ocr_par" lang="eng">
<span class="ocr_line"><span class="ocrx_word" title="bbox 1 1 2 2; x_wconf 95">The</span> <span class="ocrx_word" title="x_wconf 85">ferry</span> <span class="ocrx_word" title="x_wconf 90">reached Got-</span></span>
<span class="ocr_line"><span class="ocrx_word" title="x_wconf 90">land</span> <span class="ocrx_word" title="x_wconf 90">safely.</span></span></p></div></div>
<div class="ocr_page" id="page_2" title="ppageno 1"><p class="ocr_par" lang="fra"><span class="ocr_line"><span class="ocrx_word">Le</span> <span class="ocrx_word">navire</span> <span class="ocrx_word">est</span> <span class="ocrx_word">perdu.</span></span></p></div>
</body></html>
"""


if __name__ == "__main__":
    archives()
    crawls()
    documents()
    scan()
    tables()
    letters()
    scans()
