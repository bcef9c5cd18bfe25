//! Conditions as they are chosen: a field that says something, nothing or just this, or a group of
//! such. `Not` is a choice of its own for both.
//!
//! Pure. A place is a path: which rule of the group, which of the group in it, and so on.

use model::{
    document::{Condition, DataField},
    limits::CONDITION_DEPTH_MAX,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    Field {
        field: DataField,
        says: Says,
        /// Kept while another choice is tried.
        text: String,
    },
    Group {
        of: Of,
        rules: Vec<Rule>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    Something,
    Nothing,
    Just,
    NotJust,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    All,
    Any,
    NotAll,
    None,
}

impl Says {
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Something, "says something"),
        (Self::Nothing, "says nothing"),
        (Self::Just, "says just"),
        (Self::NotJust, "does not say just"),
    ];

    pub fn has_text(self) -> bool {
        matches!(self, Self::Just | Self::NotJust)
    }

    fn turned(self) -> Self {
        match self {
            Self::Something => Self::Nothing,
            Self::Nothing => Self::Something,
            Self::Just => Self::NotJust,
            Self::NotJust => Self::Just,
        }
    }
}

impl Of {
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::All, "all of these"),
        (Self::Any, "any of these"),
        (Self::NotAll, "not all of these"),
        (Self::None, "none of these"),
    ];

    fn turned(self) -> Self {
        match self {
            Self::All => Self::NotAll,
            Self::NotAll => Self::All,
            Self::Any => Self::None,
            Self::None => Self::Any,
        }
    }
}

impl Rule {
    pub fn first() -> Self {
        Self::Field {
            field: DataField::City,
            says: Says::Something,
            text: String::new(),
        }
    }

    pub fn of(condition: &Condition) -> Self {
        let field = |field: &DataField, says, text: &str| Self::Field {
            field: field.clone(),
            says,
            text: text.to_owned(),
        };
        let group = |of, several: &[Condition]| Self::Group {
            of,
            rules: several.iter().map(Self::of).collect(),
        };
        match condition {
            Condition::Has(of) => field(of, Says::Something, ""),
            Condition::Lacks(of) => field(of, Says::Nothing, ""),
            Condition::Is { field: of, text } => field(of, Says::Just, text),
            Condition::All(several) => group(Of::All, several),
            Condition::Any(several) => group(Of::Any, several),
            Condition::Not(other) => {
                let mut rule = Self::of(other);
                match &mut rule {
                    Self::Field { says, .. } => *says = says.turned(),
                    Self::Group { of, .. } => *of = of.turned(),
                }
                rule
            }
        }
    }

    pub fn condition(&self) -> Condition {
        let not = |condition| Condition::Not(Box::new(condition));
        match self {
            Self::Field { field, says, text } => {
                let field = field.clone();
                let text = text.clone();
                match says {
                    Says::Something => Condition::Has(field),
                    Says::Nothing => Condition::Lacks(field),
                    Says::Just => Condition::Is { field, text },
                    Says::NotJust => not(Condition::Is { field, text }),
                }
            }
            Self::Group { of, rules } => {
                let several = rules.iter().map(Self::condition).collect();
                match of {
                    Of::All => Condition::All(several),
                    Of::Any => Condition::Any(several),
                    Of::NotAll => not(Condition::All(several)),
                    Of::None => not(Condition::Any(several)),
                }
            }
        }
    }

    pub fn at(&self, path: &[usize]) -> Option<&Self> {
        match (path, self) {
            ([], _) => Some(self),
            ([index, rest @ ..], Self::Group { rules, .. }) => rules.get(*index)?.at(rest),
            _ => None,
        }
    }

    pub fn at_mut(&mut self, path: &[usize]) -> Option<&mut Self> {
        match (path, self) {
            ([], rule) => Some(rule),
            ([index, rest @ ..], Self::Group { rules, .. }) => rules.get_mut(*index)?.at_mut(rest),
            _ => None,
        }
    }

    /// Beside those of the group there; what is none becomes one of two.
    pub fn add(&mut self, path: &[usize], rule: Self) {
        match self.at_mut(path) {
            Some(Self::Group { rules, .. }) => rules.push(rule),
            Some(one) => {
                let alone = std::mem::replace(one, Self::first());
                *one = Self::Group {
                    of: Of::All,
                    rules: vec![alone, rule],
                };
            }
            None => {}
        }
    }

    /// A group that would be empty goes with its last rule. True: nothing is left at all.
    pub fn remove(&mut self, path: &[usize]) -> bool {
        let Some((index, of)) = path.split_last() else {
            return true;
        };
        let Some(Self::Group { rules, .. }) = self.at_mut(of) else {
            return false;
        };
        if *index < rules.len() {
            rules.remove(*index);
        }
        rules.is_empty() && self.remove(of)
    }

    /// Whether a group has room below `path`: a condition may stand only so deep in others, and
    /// what turns a group counts too.
    pub fn can_nest(path: &[usize]) -> bool {
        2 * (path.len() + 2) < CONDITION_DEPTH_MAX
    }

    /// The same without what can be chosen in place, so that a choice draws nothing anew.
    pub fn shape(&self) -> Self {
        match self {
            Self::Field { says, .. } => Self::Field {
                field: DataField::Bib,
                says: match says.has_text() {
                    true => Says::Just,
                    false => Says::Something,
                },
                text: String::new(),
            },
            Self::Group { rules, .. } => Self::Group {
                of: Of::All,
                rules: rules.iter().map(Self::shape).collect(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(field: DataField) -> Condition {
        Condition::Has(field)
    }

    fn not(condition: Condition) -> Condition {
        Condition::Not(Box::new(condition))
    }

    #[test]
    fn what_is_shown_says_the_same_as_what_was_there() {
        let is = |text: &str| Condition::Is {
            field: DataField::City,
            text: text.to_owned(),
        };
        let check = |before: Condition, after: Condition| {
            assert_eq!(Rule::of(&before).condition(), after, "{before:?}");
        };
        for same in [
            has(DataField::Team),
            is("Heath"),
            not(is("Heath")),
            Condition::All(vec![has(DataField::Bib), not(is("a"))]),
            not(Condition::Any(vec![Condition::All(Vec::new()), is("b")])),
        ] {
            check(same.clone(), same);
        }
        check(not(has(DataField::Team)), Condition::Lacks(DataField::Team));
        check(not(Condition::Lacks(DataField::Team)), has(DataField::Team));
        check(not(not(is("c"))), is("c"));
        check(not(not(Condition::Any(vec![]))), Condition::Any(vec![]));
    }

    #[test]
    fn rules_are_added_beside_and_taken_away() {
        let one = |text: &str| Rule::Field {
            field: DataField::City,
            says: Says::Just,
            text: text.to_owned(),
        };
        let group = |rules: Vec<Rule>| Rule::Group { of: Of::All, rules };
        let mut rule = one("a");
        rule.add(&[], one("b"));
        assert_eq!(rule, group(vec![one("a"), one("b")]));
        rule.add(&[1], one("c"));
        let inner = group(vec![one("b"), one("c")]);
        assert_eq!(rule, group(vec![one("a"), inner]));
        assert_eq!(rule.at(&[1, 1]), Some(&one("c")));
        assert_eq!(rule.at(&[0, 1]), None);
        assert!(!rule.remove(&[1, 0]));
        assert!(!rule.remove(&[1, 0]), "its group has gone with it");
        assert_eq!(rule, group(vec![one("a")]));
        assert!(rule.remove(&[0]));
        assert!(one("a").remove(&[]));
    }

    #[test]
    fn groups_are_offered_only_as_deep_as_a_template_may_have_them() {
        let mut rule = Rule::first();
        let mut path = Vec::new();
        loop {
            rule.add(&path, Rule::first());
            if let Some(Rule::Group { of, .. }) = rule.at_mut(&path) {
                *of = Of::NotAll;
            }
            if !Rule::can_nest(&path) {
                break;
            }
            path.push(0);
        }
        if let Some(Rule::Field { says, .. }) = rule.at_mut(&[&path[..], &[0]].concat()) {
            *says = Says::NotJust;
        }
        assert_eq!(rule.condition().depth(), CONDITION_DEPTH_MAX);
    }
}
