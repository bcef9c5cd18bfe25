//! Frames held back, for a screen that is to show what a broadcast shows at the same time.
//!
//! Bounded; knows no timer: whoever holds it says what time it is.

use crate::limits::DELAYED_MAX;
use model::{BoardState, MonoMs, document::Packed};
use std::collections::VecDeque;

/// What is to be shown next.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// Where the template is another one than before.
    pub document: Option<Packed>,
    pub state: BoardState,
    pub animate: bool,
}

impl Frame {
    /// Both as one: the newer of all, and of two at once neither moves that stood still. After a
    /// reconnect nothing may flash that happened while nobody was looking.
    #[must_use]
    pub fn followed_by(self, next: Self) -> Self {
        Self {
            document: next.document.or(self.document),
            state: next.state,
            animate: self.animate && next.animate,
        }
    }
}

#[derive(Debug, Default)]
pub struct Delay {
    /// Oldest first, with when it is to be shown.
    waiting: VecDeque<(MonoMs, Frame)>,
}

impl Delay {
    pub fn push(&mut self, due: MonoMs, frame: Frame) {
        self.waiting.push_back((due, frame));
        if self.waiting.len() > DELAYED_MAX
            && let Some((_, oldest)) = self.waiting.pop_front()
            && let Some((_, next)) = self.waiting.front_mut()
        {
            // Left out, but for the template that it brought.
            next.document = next.document.take().or(oldest.document);
        }
    }

    /// What is to be shown by now, all of it as one.
    pub fn due(&mut self, now: MonoMs) -> Option<Frame> {
        let mut frame: Option<Frame> = None;
        while self.next_due().is_some_and(|due| due <= now) {
            let Some((_, next)) = self.waiting.pop_front() else {
                break;
            };
            frame = Some(match frame {
                Some(before) => before.followed_by(next),
                None => next,
            });
        }
        frame
    }

    pub fn next_due(&self) -> Option<MonoMs> {
        self.waiting.front().map(|(due, _)| *due)
    }

    pub fn clear(&mut self) {
        self.waiting.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(event: &str, document: Option<&str>) -> Frame {
        Frame {
            document: document.map(|text| Packed(text.to_owned())),
            state: BoardState {
                event: event.to_owned(),
                ..BoardState::default()
            },
            animate: true,
        }
    }

    #[test]
    fn frames_come_when_they_are_due() {
        let mut delay = Delay::default();
        delay.push(MonoMs(2_000), frame("a", None));
        delay.push(MonoMs(2_500), frame("b", Some("doc")));
        delay.push(MonoMs(2_600), frame("c", None));
        assert_eq!(delay.due(MonoMs(1_999)), None);
        assert_eq!(delay.next_due(), Some(MonoMs(2_000)));
        assert_eq!(delay.due(MonoMs(2_000)), Some(frame("a", None)));
        assert_eq!(delay.due(MonoMs(2_600)), Some(frame("c", Some("doc"))));
        assert_eq!(delay.next_due(), None);
    }

    #[test]
    fn past_the_limit_the_newest_are_kept_and_the_template_with_them() {
        let mut delay = Delay::default();
        delay.push(MonoMs(0), frame("first", Some("doc")));
        for _ in 0..2 * DELAYED_MAX {
            delay.push(MonoMs(1), frame("more", None));
        }
        assert_eq!(delay.waiting.len(), DELAYED_MAX);
        assert_eq!(delay.due(MonoMs(1)), Some(frame("more", Some("doc"))));
    }
}
