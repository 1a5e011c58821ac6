//! Numbers as runs of bits in words of eight bytes: small numbers take few bits, great ones are possible.
//!
//! Takes and gives numbers. What was cut short reads as none, never as a panic.

/// A number of so many bits or more cannot be told by [`Writer::number`].
const MOST_BITS: u32 = 48;

/// Writes bits.
#[derive(Debug, Default)]
pub(super) struct Writer {
    words: Vec<u64>,
    len: u32,
}

impl Writer {
    /// Adds the lower `count` bits of `value`, which has no others.
    pub(super) fn put(&mut self, value: u64, count: u32) {
        if count == 0 {
            return;
        }
        let at = self.len % u64::BITS;
        self.len += count;
        match self.words.last_mut() {
            Some(last) if at > 0 => {
                *last |= value << at;
                if at + count > u64::BITS {
                    self.words.push(value >> (u64::BITS - at));
                }
            }
            _ => self.words.push(value),
        }
    }

    /// Adds a number that is mostly less than two to the power of `usual` (an exponential Golomb code).
    pub(super) fn number(&mut self, value: u64, usual: u32) {
        let above = (value >> usual) + 1;
        let bits = u64::BITS - above.leading_zeros();
        // So many zeros, then the number that begins with a one, its first bit first.
        self.put(0, bits - 1);
        self.put(above.reverse_bits() >> (u64::BITS - bits), bits);
        self.put(value & ((1 << usual) - 1), usual);
    }

    /// What was written, in whole words.
    pub(super) fn finish(self) -> Vec<u64> {
        self.words
    }
}

/// How many bits [`Writer::number`] takes.
pub(super) fn number_bits(value: u64, usual: u32) -> u32 {
    let above = (value >> usual) + 1;
    2 * (u64::BITS - above.leading_zeros()) - 1 + usual
}

/// How many bits tell one of `count` things.
pub(super) fn choice_bits(count: usize) -> u32 {
    usize::BITS - count.saturating_sub(1).leading_zeros()
}

/// Reads bits.
#[derive(Debug)]
pub(super) struct Reader<'b> {
    words: &'b [u64],
    at: u32,
}

impl<'b> Reader<'b> {
    /// Reads `words` from the first bit on.
    pub(super) fn new(words: &'b [u64]) -> Reader<'b> {
        Reader { words, at: 0 }
    }

    /// What comes next, its first bit lowest; zeros after the end.
    pub(super) fn peek(&self) -> u64 {
        let (word, shift) = ((self.at / u64::BITS) as usize, self.at % u64::BITS);
        let word_at = |word: usize| self.words.get(word).copied().unwrap_or(0);
        let first = word_at(word) >> shift;
        if shift == 0 { first } else { first | word_at(word + 1) << (u64::BITS - shift) }
    }

    /// Steps over `count` bits, if there are as many.
    pub(super) fn skip(&mut self, count: u32) -> Option<()> {
        self.at += count;
        (self.at as usize <= self.words.len() * u64::BITS as usize).then_some(())
    }

    /// The next `count` bits.
    pub(super) fn take(&mut self, count: u32) -> Option<u64> {
        if count == 0 {
            return Some(0);
        }
        let (word, shift) = ((self.at / u64::BITS) as usize, self.at % u64::BITS);
        let mut value = self.words.get(word)? >> shift;
        if shift + count > u64::BITS {
            value |= self.words.get(word + 1)? << (u64::BITS - shift);
        }
        self.at += count;
        Some(if count < u64::BITS { value & ((1 << count) - 1) } else { value })
    }

    /// The next number that [`Writer::number`] wrote.
    pub(super) fn number(&mut self, usual: u32) -> Option<u64> {
        let mut zeros = 0;
        while self.take(1)? == 0 {
            zeros += 1;
            if zeros > MOST_BITS {
                return None;
            }
        }
        let mut above = 1;
        for _ in 0..zeros {
            above = above << 1 | self.take(1)?;
        }
        Some(((above - 1) << usual) | self.take(usual)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_numbers_are_short() {
        assert_eq!([0, 1, 2, 6, 7].map(|value| number_bits(value, 0)), [1, 3, 3, 5, 7]);
        assert_eq!([0, 1, 2, 3, 4, 5, 256, 257].map(choice_bits), [0, 0, 1, 2, 2, 3, 8, 9]);
        let mut cut = Reader::new(&[0]);
        assert_eq!((cut.number(3), cut.take(1)), (None, Some(0)));
    }

    proptest::proptest! {
        #[test]
        fn numbers_come_back(numbers in proptest::collection::vec((0_u64..1 << 40, 0_u32..16, 0_u32..=64), 0..60)) {
            let mut writer = Writer::default();
            let mut bits = 0;
            let low = |value: u64, count: u32| if count < 64 { value & ((1 << count) - 1) } else { value };
            for &(value, usual, count) in &numbers {
                writer.number(value, usual);
                writer.put(low(value, count), count);
                bits += number_bits(value, usual) + count;
            }
            let words = writer.finish();
            proptest::prop_assert_eq!(words.len() as u32, bits.div_ceil(64));
            let mut reader = Reader::new(&words);
            for &(value, usual, count) in &numbers {
                proptest::prop_assert_eq!(reader.number(usual), Some(value));
                proptest::prop_assert_eq!(reader.take(count), Some(low(value, count)));
            }
        }

        #[test]
        fn any_bits_are_read_or_refused(words in proptest::collection::vec(proptest::num::u64::ANY, 0..4), usual in 0_u32..16) {
            let mut reader = Reader::new(&words);
            for _ in 0..300 {
                let _ = reader.number(usual);
            }
        }
    }
}
