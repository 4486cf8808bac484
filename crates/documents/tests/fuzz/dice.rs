/// A dice that falls the same way for the same seed.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below.max(1)
    }

    pub(crate) fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.roll(of.len())]
    }

    /// A piece of `text`, cut, doubled, and with some of `pieces` in its midst.
    pub(crate) fn mangled(&mut self, text: &str, pieces: &[&str]) -> String {
        let (start, size) = (self.roll(text.len()), 40 + self.roll(9_000));
        let start = cut(text, start);
        let mut text = text[start..cut(text, (start + size).min(text.len()))].to_owned();
        for _ in 0..self.roll(14) {
            let at = cut(&text, self.roll(text.len() + 1));
            match self.roll(4) {
                0 | 1 => text.insert_str(at, self.one(pieces)),
                2 => {
                    let end = cut(&text, (at + self.roll(400)).min(text.len()));
                    text.replace_range(at..end, "");
                }
                _ => {
                    let end = cut(&text, (at + self.roll(400)).min(text.len()));
                    let copy = text[at..end].repeat(1 + self.roll(4));
                    text.insert_str(at, &copy);
                }
            }
        }
        text
    }
}

/// The end of `at` pushed to where a character begins.
fn cut(text: &str, at: usize) -> usize {
    (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap()
}
