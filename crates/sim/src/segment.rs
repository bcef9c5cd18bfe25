//! How lines become TCP segments: many in one, or one in many. A function of the seed.

use crate::{
    knobs::Knobs,
    limits::{HELD_MS_MAX, SEGMENT_BYTES_MAX},
};
use model::MonoMs;
use rand::{RngExt, rngs::StdRng};

pub(crate) struct Segmenter {
    rng: StdRng,
    lines_max: usize,
    partial_share: f64,
    buffer: Vec<u8>,
    /// While a cut line waits for its rest, nothing else may be sent.
    held_until: Option<MonoMs>,
}

impl Segmenter {
    pub(crate) fn new(rng: StdRng, knobs: &Knobs) -> Self {
        Self {
            rng,
            lines_max: knobs.segment_lines_max.max(1),
            partial_share: knobs.partial_share.clamp(0.0, 1.0),
            buffer: Vec::new(),
            held_until: None,
        }
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// When the connection is gone, so is what was not sent.
    pub(crate) fn clear(&mut self) {
        self.buffer.clear();
        self.held_until = None;
    }

    pub(crate) fn waiting_bytes(&self) -> usize {
        self.buffer.len()
    }

    pub(crate) fn next_timer(&self) -> Option<MonoMs> {
        self.held_until
    }

    /// What may be sent now, in order.
    pub(crate) fn segments(&mut self, now: MonoMs) -> Vec<Vec<u8>> {
        let mut segments = Vec::new();
        if self.held_until.is_some_and(|until| now < until) {
            return segments;
        }
        self.held_until = None;
        let mut sent = 0;
        while sent < self.buffer.len() && self.held_until.is_none() {
            let lines = self.rng.random_range(1..=self.lines_max);
            let rest = &self.buffer[sent..];
            let mut length = whole_lines(rest, lines);
            if self.partial_share > 0.0 && self.rng.random_bool(self.partial_share) && length > 1 {
                length = self.rng.random_range(1..length);
                let held_ms = self.rng.random_range(1..=HELD_MS_MAX);
                self.held_until = Some(now.plus_ms(held_ms));
            }
            segments.push(rest[..length].to_vec());
            sent += length;
        }
        self.buffer.drain(..sent);
        segments
    }
}

/// Bytes of so many lines, or of all there are; never more than a segment takes.
fn whole_lines(bytes: &[u8], lines: usize) -> usize {
    let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    let length = ends
        .map(|(index, _)| index + 1)
        .nth(lines - 1)
        .unwrap_or(bytes.len());
    length.min(SEGMENT_BYTES_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::SeedableRng;

    proptest! {
        #[test]
        fn nothing_is_lost_or_turned_round(
            lines in proptest::collection::vec("[a-z~]{0,40}\r\n", 0..60),
            lines_max in 1_usize..20,
            partial_share in 0.0..1.0_f64,
            seed: u64,
        ) {
            let knobs = Knobs { segment_lines_max: lines_max, partial_share, ..Knobs::default() };
            let mut segmenter = Segmenter::new(StdRng::seed_from_u64(seed), &knobs);
            let (mut now, mut got) = (MonoMs(0), Vec::new());
            for line in &lines {
                segmenter.push(line.as_bytes());
                for segment in segmenter.segments(now) {
                    prop_assert!(!segment.is_empty());
                    prop_assert!(segment.iter().filter(|byte| **byte == b'\n').count() <= lines_max);
                    got.extend(segment);
                }
                now = now.plus_ms(3);
            }
            while segmenter.waiting_bytes() > 0 {
                now = segmenter.next_timer().expect("bytes wait only behind a held line");
                got.extend(segmenter.segments(now).concat());
            }
            prop_assert_eq!(got, lines.concat().into_bytes());
        }
    }
}
