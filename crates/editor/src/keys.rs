//! Keys on a keyboard, as they are pressed and as they are written.

use crate::Modifiers;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keys {
    /// A `KeyboardEvent`'s; letters are small.
    key: &'static str,
    /// Ctrl; on a Mac Meta.
    is_command: bool,
    alt: bool,
    shift: bool,
}

impl Keys {
    pub(crate) const fn plain(key: &'static str) -> Self {
        Self {
            key,
            is_command: false,
            alt: false,
            shift: false,
        }
    }

    pub(crate) const fn shift(key: &'static str) -> Self {
        Self {
            shift: true,
            ..Self::plain(key)
        }
    }

    pub(crate) const fn alt(key: &'static str) -> Self {
        Self {
            alt: true,
            ..Self::plain(key)
        }
    }

    pub(crate) const fn alt_shift(key: &'static str) -> Self {
        Self {
            shift: true,
            ..Self::alt(key)
        }
    }

    pub(crate) const fn command(key: &'static str) -> Self {
        Self {
            is_command: true,
            ..Self::plain(key)
        }
    }

    pub(crate) const fn command_shift(key: &'static str) -> Self {
        Self {
            shift: true,
            ..Self::command(key)
        }
    }

    pub(crate) const fn command_alt(key: &'static str) -> Self {
        Self {
            alt: true,
            ..Self::command(key)
        }
    }

    pub(crate) fn are(self, key: &str, held: Modifiers, is_mac: bool) -> bool {
        let (command, other) = match is_mac {
            true => (held.meta, held.ctrl),
            false => (held.ctrl, held.meta),
        };
        // With Caps Lock, letters are large without Shift.
        self.key.eq_ignore_ascii_case(key)
            && command == self.is_command
            && !other
            && held.alt == self.alt
            && (held.shift == self.shift || self.is_sign())
    }

    /// Digits and punctuation need Shift on some keyboards and on others not: what they say counts.
    fn is_sign(self) -> bool {
        let mut signs = self.key.chars();
        let is_one = signs.next().is_some() && signs.next().is_none();
        // Brackets have both meanings, one with Shift.
        is_one
            && !self
                .key
                .chars()
                .all(|sign| sign.is_alphabetic() || "[]".contains(sign))
    }

    /// As menus write it: `Ctrl+Shift+Z`, on a Mac `⇧⌘Z`.
    pub fn text(self, is_mac: bool) -> String {
        let mut text = String::new();
        let held = match is_mac {
            true => [(self.alt, "⌥"), (self.shift, "⇧"), (self.is_command, "⌘")],
            false => [
                (self.is_command, "Ctrl+"),
                (self.alt, "Alt+"),
                (self.shift, "Shift+"),
            ],
        };
        for (is_held, word) in held {
            if is_held {
                text.push_str(word);
            }
        }
        match self.key {
            "ArrowLeft" => text.push('←'),
            "ArrowRight" => text.push('→'),
            "ArrowUp" => text.push('↑'),
            "ArrowDown" => text.push('↓'),
            "Escape" => text.push_str("Esc"),
            "PageUp" => text.push_str("Page up"),
            "PageDown" => text.push_str("Page down"),
            key if key.len() == 1 => text.push_str(&key.to_ascii_uppercase()),
            key => text.push_str(key),
        }
        text
    }
}
