//! Bytes to text: byte order mark, then what the file declares, then UTF-8, then detection.
//!
//! Takes the bytes of a file, gives its text and the name of the encoding where that was not UTF-8. Wrong bytes become
//! U+FFFD; nothing is ever refused for its encoding. Also tells binary data from text.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// How far into a file its declaration of an encoding is looked for.
const DECLARED_WITHIN: usize = 2048;

/// How many bytes with accents are enough for detection.
const DETECTED_WITHIN: usize = 256 * 1024;

/// Text and how it was got.
#[derive(Debug)]
pub(super) struct Decoded<'b> {
    /// The text, without a byte order mark.
    pub(super) text: Cow<'b, str>,
    /// What the user may want to know: "decoded as windows-1252".
    pub(super) note: Option<String>,
}

/// Decodes a whole file; `declared` says where in its first bytes a format names its encoding, if it does.
pub(super) fn decode(bytes: &[u8], declared: fn(&[u8]) -> Option<&'static Encoding>) -> Decoded<'_> {
    decode_sent(bytes, None, declared)
}

/// Decodes a whole file that was sent with the word of its sender on its encoding, which counts for more than its own.
pub(super) fn decode_sent<'b>(
    bytes: &'b [u8],
    sent: Option<&'static Encoding>,
    declared: fn(&[u8]) -> Option<&'static Encoding>,
) -> Decoded<'b> {
    let marked = Encoding::for_bom(bytes).or_else(|| unmarked_utf16(bytes));
    let (encoding, bom) = if let Some(marked) = marked {
        marked
    } else {
        let declared = sent.or_else(|| declared(&bytes[..bytes.len().min(DECLARED_WITHIN)]));
        let valid = std::str::from_utf8(bytes);
        let encoding = choose(bytes, valid.is_ok(), declared);
        if let (Ok(text), true) = (valid, encoding == UTF_8) {
            return Decoded { text: Cow::Borrowed(text), note: None };
        }
        (encoding, 0)
    };
    let body = &bytes[bom..];
    let (text, wrong) = encoding.decode_without_bom_handling(body);
    let note = match (encoding == UTF_8, wrong) {
        (true, false) => None,
        (true, true) => Some("bytes that are not UTF-8 were replaced".to_owned()),
        (false, false) => Some(format!("decoded as {}", encoding.name())),
        (false, true) => Some(format!("decoded as {}, some bytes were replaced", encoding.name())),
    };
    Decoded { text, note }
}

/// The encoding of a stream that starts with `head`, for [`Transcoder`].
pub(super) fn streamed(head: &[u8], declared: fn(&[u8]) -> Option<&'static Encoding>) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(head).or_else(|| unmarked_utf16(head)) {
        return encoding;
    }
    let whole = whole(head);
    match declared(&head[..head.len().min(DECLARED_WITHIN)]) {
        // What follows may hold what the first bytes do not.
        Some(encoding) if whole.is_ascii() && encoding.is_ascii_compatible() => encoding,
        declared => choose(whole, std::str::from_utf8(whole).is_ok(), declared),
    }
}

/// The first bytes of a file without the half of a character that they may end in.
pub(super) fn whole(head: &[u8]) -> &[u8] {
    match std::str::from_utf8(head) {
        Err(error) if error.error_len().is_none() => &head[..error.valid_up_to()],
        _ => head,
    }
}

/// The encoding of bytes; `valid` says whether they are UTF-8.
fn choose(bytes: &[u8], valid: bool, declared: Option<&'static Encoding>) -> &'static Encoding {
    // Valid UTF-8 with characters beyond ASCII is UTF-8 whatever a file says of itself.
    match declared {
        Some(encoding) if !valid && encoding != UTF_8 => encoding,
        // ISO-2022-JP is made of ASCII bytes, so that validity says nothing.
        Some(encoding) if !encoding.is_ascii_compatible() && bytes.contains(&0x1B) => encoding,
        _ if valid => UTF_8,
        Some(encoding) if nearly_utf8(bytes) => encoding,
        _ => detect(bytes),
    }
}

/// UTF-8 with a few broken characters: better repaired than read as something else.
fn nearly_utf8(bytes: &[u8]) -> bool {
    let mut broken = 0;
    let mut whole = 0;
    for chunk in bytes.utf8_chunks() {
        broken += usize::from(!chunk.invalid().is_empty());
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
    }
    whole > broken
}

fn detect(bytes: &[u8]) -> &'static Encoding {
    if nearly_utf8(bytes) {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let first = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
    let window = &bytes[first.saturating_sub(64)..];
    detector.feed(&window[..window.len().min(DETECTED_WITHIN)], true);
    detector.guess(None, Utf8Detection::Deny)
}

/// UTF-16 without a mark shows in ASCII letters with a NUL beside each.
fn unmarked_utf16(bytes: &[u8]) -> Option<(&'static Encoding, usize)> {
    let sample = &bytes[..bytes.len().min(512) & !1];
    if sample.len() < 8 || memchr::memchr(0, sample).is_none() {
        return None;
    }
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd, pairs) = (zeros(0), zeros(1), sample.len() / 2);
    if odd * 10 > pairs * 7 && even * 10 < pairs {
        Some((UTF_16LE, 0))
    } else if even * 10 > pairs * 7 && odd * 10 < pairs {
        Some((UTF_16BE, 0))
    } else {
        None
    }
}

/// A format that declares nothing.
pub(super) fn undeclared(_: &[u8]) -> Option<&'static Encoding> {
    None
}

/// The encoding named by `<meta charset>`, `<meta http-equiv>` or an XML declaration.
pub(super) fn declared_in_markup(head: &[u8]) -> Option<&'static Encoding> {
    let head = head.to_ascii_lowercase();
    for key in [&b"charset"[..], b"encoding"] {
        for at in memchr::memmem::find_iter(&head, key) {
            let rest = head[at + key.len()..].trim_ascii_start();
            let Some(rest) = rest.strip_prefix(b"=") else { continue };
            let rest = rest.trim_ascii_start();
            let rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
            let end = rest.iter().position(|byte| !(byte.is_ascii_alphanumeric() || b"-_:.+".contains(byte)));
            let label = &rest[..end.unwrap_or(rest.len())];
            if let Some(encoding) = Encoding::for_label(label) {
                return Some(encoding);
            }
        }
    }
    None
}

/// Text that was UTF-8, was read as windows-1252 or Latin-1 and saved again ("FranÃ§ois", "donâ€™t"), as it was; nothing
/// unless that is certain: what makes no sense as UTF-8 must be rarer than what does.
pub(super) fn mended(text: &str) -> Option<String> {
    // First bytes of UTF-8 as letters: Â, Ã, Ð, Ñ, â.
    let suspect = memchr::memchr_iter(0xC3, text.as_bytes())
        .any(|at| matches!(text.as_bytes().get(at + 1), Some(0x82 | 0x83 | 0x90 | 0x91 | 0xA2)));
    if !suspect {
        return None;
    }
    let (mut whole, mut broken) = (0, 0);
    let mut mended = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| !c.is_ascii()) {
        mended.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.find(|c: char| c.is_ascii()).unwrap_or(rest.len());
        let run = &rest[..end];
        let bytes: Option<Vec<u8>> = run.chars().map(byte_of).collect();
        if let Some(meant) = bytes.and_then(|bytes| String::from_utf8(bytes).ok()) {
            whole += 1;
            mended.push_str(&meant);
        } else {
            // Quotation marks and dashes are typed by later hands, letters are not.
            broken += usize::from(run.chars().any(char::is_alphabetic));
            mended.push_str(run);
        }
        rest = &rest[end..];
    }
    mended.push_str(rest);
    (whole > 1 && whole > 4 * broken || whole == 1 && broken == 0 && text.len() < 200).then_some(mended)
}

/// The byte that windows-1252 has for a character; Latin-1 where it has none.
fn byte_of(c: char) -> Option<u8> {
    if let Ok(byte) = u8::try_from(u32::from(c)) {
        return Some(byte);
    }
    let mut buffer = [0; 4];
    let (bytes, _, unknown) = encoding_rs::WINDOWS_1252.encode(c.encode_utf8(&mut buffer));
    (!unknown).then(|| bytes[0])
}

/// What kind of binary data `head` starts, or `None` if it is text.
pub(super) fn binary(head: &[u8]) -> Option<&'static str> {
    const MAGIC: &[(&[u8], &str)] = &[
        (b"%PDF-", "PDF"),
        (b"PK\x03\x04", "zip archive or office document"),
        (b"\xD0\xCF\x11\xE0", "office document of an old kind"),
        (b"\xFF\xD8\xFF", "JPEG image"),
        (b"\x89PNG", "PNG image"),
        (b"GIF8", "GIF image"),
        (b"II*\0", "TIFF image"),
        (b"MM\0*", "TIFF image"),
        (b"RIFF", "RIFF media"),
        (b"OggS", "Ogg media"),
        (b"ID3", "MP3 audio"),
        (b"\x7FELF", "program"),
        (b"MZ\x90", "program"),
        (b"SQLite format 3\0", "SQLite database"),
        (b"\x28\xB5\x2F\xFD", "zstd data"),
        (b"BZh", "bzip2 data"),
        (b"\xFD7zXZ\0", "xz data"),
        (b"7z\xBC\xAF", "7z archive"),
        (b"Rar!", "rar archive"),
        (b"PAR1", "Parquet table"),
    ];
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(kind);
    }
    let marked = Encoding::for_bom(head).is_some() || unmarked_utf16(head).is_some();
    // Text may have a stray NUL or form feed; data is full of such bytes.
    let control = head.iter().filter(|&&byte| byte < 9 || (14..32).contains(&byte) && byte != 27).count();
    (!marked && control * 50 > head.len()).then_some("binary data")
}

/// Turns a UTF-16 stream into a UTF-8 one while it is read.
pub(super) struct Transcoder<R> {
    source: R,
    decoder: Decoder,
    ready: Vec<u8>,
    taken: usize,
    ended: bool,
}

impl<R: BufRead> Transcoder<R> {
    /// Reads `source` as `encoding`.
    pub(super) fn new(source: R, encoding: &'static Encoding) -> Transcoder<R> {
        let decoder = encoding.new_decoder_with_bom_removal();
        Transcoder { source, decoder, ready: Vec::new(), taken: 0, ended: false }
    }

    /// The source back, read as far as it was.
    pub(super) fn into_source(self) -> R {
        self.source
    }

    fn refill(&mut self) -> io::Result<()> {
        self.ready.resize(64 * 1024, 0);
        self.taken = 0;
        let input = self.source.fill_buf()?;
        let last = input.is_empty();
        let (result, read, written, _) = self.decoder.decode_to_utf8(input, &mut self.ready, last);
        self.source.consume(read);
        self.ready.truncate(written);
        self.ended = last && result == CoderResult::InputEmpty;
        Ok(())
    }
}

impl<R: BufRead> Read for Transcoder<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.ready.len() && !self.ended {
            self.refill()?;
        }
        let available = &self.ready[self.taken..];
        let count = available.len().min(into.len());
        into[..count].copy_from_slice(&available[..count]);
        self.taken += count;
        Ok(count)
    }
}

/// The UTF-16 encoding that `head` shows, if any.
pub(super) fn utf16(head: &[u8]) -> Option<&'static Encoding> {
    let (encoding, _) = Encoding::for_bom(head).or_else(|| unmarked_utf16(head))?;
    (encoding != UTF_8).then_some(encoding)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> (String, Option<String>) {
        let decoded = decode(bytes, declared_in_markup);
        (decoded.text.into_owned(), decoded.note)
    }

    #[test]
    fn encodings_are_found_by_mark_declaration_and_content() {
        let french = "Le président a été élu à Genève, où il a reçu l'ordre du mérite français.";
        let latin = encoding_rs::WINDOWS_1252.encode(french).0.into_owned();
        assert_eq!(text(&latin), (french.into(), Some("decoded as windows-1252".into())));

        let russian = "Президент России Владимир Путин заявил в понедельник, что переговоры продолжатся.";
        let cyrillic = encoding_rs::WINDOWS_1251.encode(russian).0.into_owned();
        assert_eq!(text(&cyrillic), (russian.into(), Some("decoded as windows-1251".into())));

        let declared = format!("<html><head><meta charset=\"iso-8859-2\"></head>{}", "Łódź żółć");
        let bytes = encoding_rs::ISO_8859_2.encode(&declared).0.into_owned();
        assert_eq!(text(&bytes), (declared, Some("decoded as ISO-8859-2".into())));

        let mut marked = vec![0xEF, 0xBB, 0xBF];
        marked.extend(french.as_bytes());
        assert_eq!(text(&marked), (french.into(), None));

        let little: Vec<u8> = french.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(text(&little), (french.into(), Some("decoded as UTF-16LE".into())));
    }

    #[test]
    fn valid_utf8_beats_a_wrong_declaration() {
        let page = "<meta charset=iso-8859-1><p>Zürich – Köln</p>";
        assert_eq!(text(page.as_bytes()), (page.into(), None));
    }

    #[test]
    fn a_broken_character_does_not_change_the_encoding() {
        let mut bytes = "Zürich, Köln, Genève, Málaga, Łódź, Århus".as_bytes().to_vec();
        bytes.extend([0xFF, b'.']);
        let (decoded, note) = text(&bytes);
        assert!(decoded.starts_with("Zürich") && decoded.contains('\u{FFFD}'));
        assert!(note.unwrap().contains("replaced"));
    }

    #[test]
    fn text_that_was_decoded_twice_is_mended_when_that_is_certain() {
        for text in
            ["François a été élu à Genève — c’est l’été", "Президент России заявил", "don’t “quote” me"]
        {
            let twice = encoding_rs::WINDOWS_1252.decode_without_bom_handling(text.as_bytes()).0.into_owned();
            assert_eq!(mended(&twice).as_deref(), Some(text), "{twice}");
        }
        for fine in [
            "Âge de pierre, château, forêt",
            "SÃO PAULO e Ñandú",
            "Ã",
            "plain",
            "Â",
            "prÃªt et été, là, où, ça, élève",
        ] {
            assert_eq!(mended(fine), None, "{fine}");
        }
    }

    #[test]
    fn binary_data_is_told_from_text() {
        assert_eq!(binary(b"%PDF-1.4"), Some("PDF"));
        assert_eq!(binary(&[0, 1, 2, 3, 200, 0, 7]), Some("binary data"));
        assert_eq!(binary("Kabul\0 – fine\n".repeat(20).as_bytes()), Some("binary data"));
        let long = format!("{}\0{}", "Kabul is fine. ".repeat(20), "Kabul is fine. ".repeat(20));
        assert_eq!(binary(long.as_bytes()), None);
        assert_eq!(binary(b""), None);
    }

    #[test]
    fn utf16_streams_become_utf8() {
        let words = "{\"title\": \"Élection\"}\n".repeat(10_000);
        let mut bytes = vec![0xFF, 0xFE];
        bytes.extend(words.encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(utf16(&bytes), Some(UTF_16LE));
        let mut read = String::new();
        Transcoder::new(io::Cursor::new(bytes), UTF_16LE).read_to_string(&mut read).unwrap();
        assert_eq!(read, words);
    }
}
