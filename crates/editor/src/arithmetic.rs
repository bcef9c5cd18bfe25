//! What is written into a number field: a number, a sum, or a change of what is there.
//!
//! As in Penpot and Figma, a field takes `120*2 + 10`. What begins with an operator changes the
//! present value: `*2`, `/2`, `+10`, and `+=10`, `-=10`, `*=2`, `/=2`. A lone `-10` is the number
//! minus ten, since places may be negative; `- 10` with a space and `-=10` subtract. A leading `=`
//! makes the rest a plain sum: `=+10` is ten. Percent are of the present value: `50%` is half of
//! it. A unit `px` or `°` may follow. The result is the nearest whole number.

use crate::limits::{BRACKETS_MAX, EXPRESSION_BYTES_MAX};

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArithmeticError {
    #[error("write a number, such as 120 or 120*2 + 10")]
    Empty,
    #[error("there is a number missing at its end")]
    Unfinished,
    #[error("`{0}` is no part of a sum: use digits, + - * / % and brackets")]
    Sign(char),
    #[error("a bracket is missing")]
    Bracket,
    #[error("nothing can be divided by zero")]
    Zero,
    #[error("the result is too large")]
    TooLarge,
    #[error("this is too long to be reckoned")]
    TooLong,
}

/// The nearest whole number of what is written, where `current` is in the field.
///
/// # Errors
/// What is wrong with what is written.
pub fn evaluate(text: &str, current: i32) -> Result<i32, ArithmeticError> {
    if text.len() > EXPRESSION_BYTES_MAX {
        return Err(ArithmeticError::TooLong);
    }
    let text = text.trim();
    if text.is_empty() {
        return Err(ArithmeticError::Empty);
    }
    let current = f64::from(current);
    let mut sum = Sum {
        rest: text,
        current,
        depth: 0,
    };
    let value = match sum.relation() {
        Some(operator) => {
            let value = sum.terms()?;
            operator.of(current, value)?
        }
        None => sum.terms()?,
    };
    if let Some(sign) = sum.peek() {
        return Err(match sign {
            ')' => ArithmeticError::Bracket,
            sign => ArithmeticError::Sign(sign),
        });
    }
    let value = value.round();
    match value.is_finite() && value.abs() <= f64::from(i32::MAX) {
        true => Ok(value as i32),
        false => Err(ArithmeticError::TooLarge),
    }
}

#[derive(Clone, Copy)]
enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
}

impl Operator {
    fn named(sign: char) -> Option<Self> {
        match sign {
            '+' => Some(Self::Add),
            '-' | '−' => Some(Self::Subtract),
            '*' | '×' => Some(Self::Multiply),
            '/' | '÷' => Some(Self::Divide),
            _ => None,
        }
    }

    fn of(self, left: f64, right: f64) -> Result<f64, ArithmeticError> {
        match self {
            Self::Add => Ok(left + right),
            Self::Subtract => Ok(left - right),
            Self::Multiply => Ok(left * right),
            Self::Divide if right == 0.0 => Err(ArithmeticError::Zero),
            Self::Divide => Ok(left / right),
        }
    }
}

struct Sum<'a> {
    rest: &'a str,
    current: f64,
    depth: usize,
}

impl Sum<'_> {
    /// A leading operator that is about the present value. It is taken off, and so is a lone `=`.
    fn relation(&mut self) -> Option<Operator> {
        let mut signs = self.rest.chars();
        let first = signs.next()?;
        if first == '=' {
            self.rest = signs.as_str();
            return None;
        }
        let operator = Operator::named(first)?;
        let after = signs.as_str();
        let assigned = after.strip_prefix('=');
        // `-10` is a number, `- 10` takes ten away.
        let is_number = matches!(operator, Operator::Subtract) && !after.starts_with(' ');
        if assigned.is_none() && is_number {
            return None;
        }
        self.rest = assigned.unwrap_or(after);
        Some(operator)
    }

    /// The next sign that is no space.
    fn peek(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start();
        self.rest.chars().next()
    }

    fn take(&mut self) -> Option<char> {
        self.peek()?;
        self.advance()
    }

    fn advance(&mut self) -> Option<char> {
        let mut signs = self.rest.chars();
        let sign = signs.next();
        self.rest = signs.as_str();
        sign
    }

    fn terms(&mut self) -> Result<f64, ArithmeticError> {
        let joins = |operator| matches!(operator, Operator::Add | Operator::Subtract);
        self.joined(joins, Self::factors)
    }

    fn factors(&mut self) -> Result<f64, ArithmeticError> {
        let joins = |operator| matches!(operator, Operator::Multiply | Operator::Divide);
        self.joined(joins, Self::factor)
    }

    /// Parts with such operators between them, from the left to the right.
    fn joined(
        &mut self,
        joins: fn(Operator) -> bool,
        part: fn(&mut Self) -> Result<f64, ArithmeticError>,
    ) -> Result<f64, ArithmeticError> {
        let mut value = part(self)?;
        while let Some(operator) = self
            .peek()
            .and_then(Operator::named)
            .filter(|it| joins(*it))
        {
            self.take();
            value = operator.of(value, part(self)?)?;
        }
        Ok(value)
    }

    fn factor(&mut self) -> Result<f64, ArithmeticError> {
        let mut factor = 1.0;
        while let Some(sign @ ('+' | '-' | '−')) = self.peek() {
            self.take();
            if sign != '+' {
                factor = -factor;
            }
        }
        let value = match self.peek() {
            Some('(') => {
                self.take();
                self.depth += 1;
                if self.depth > BRACKETS_MAX {
                    return Err(ArithmeticError::TooLong);
                }
                let value = self.terms()?;
                self.depth -= 1;
                match self.take() {
                    Some(')') => value,
                    Some(sign) => return Err(ArithmeticError::Sign(sign)),
                    None => return Err(ArithmeticError::Bracket),
                }
            }
            Some(sign) if sign.is_ascii_digit() || matches!(sign, '.' | ',') => self.number()?,
            Some(')') => return Err(ArithmeticError::Bracket),
            Some(sign) => match Operator::named(sign) {
                Some(_) => return Err(ArithmeticError::Unfinished),
                None => return Err(ArithmeticError::Sign(sign)),
            },
            None => return Err(ArithmeticError::Unfinished),
        };
        Ok(factor * value * self.unit())
    }

    /// Digits with a point, or a comma as half of Europe writes it.
    fn number(&mut self) -> Result<f64, ArithmeticError> {
        let mut value = 0.0;
        let mut share = None;
        let mut has_digit = false;
        while let Some(sign) = self.rest.chars().next() {
            match (sign.to_digit(10), share) {
                (Some(digit), None) => value = value * 10.0 + f64::from(digit),
                (Some(digit), Some(place)) => {
                    value += f64::from(digit) * place;
                    share = Some(place / 10.0);
                }
                (None, None) if matches!(sign, '.' | ',') => share = Some(0.1),
                _ => break,
            }
            has_digit |= sign.is_ascii_digit();
            self.advance();
        }
        match has_digit {
            true => Ok(value),
            false => Err(ArithmeticError::Unfinished),
        }
    }

    fn unit(&mut self) -> f64 {
        self.peek();
        for (unit, factor) in [("px", 1.0), ("°", 1.0), ("%", self.current / 100.0)] {
            if let Some(rest) = self.rest.strip_prefix(unit) {
                self.rest = rest;
                return factor;
            }
        }
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sums_are_reckoned() {
        let check = |text: &str, expected: i32| {
            assert_eq!(evaluate(text, 100), Ok(expected), "{text}");
        };
        check("120", 120);
        check("=120*2 + 10", 250);
        check("2 + 3 * 4", 14);
        check("(2 + 3) * 4", 20);
        check("10 - 4 - 3", 3);
        check("7 / 2", 4);
        check("1,5 * 3", 5);
        check(".5+1", 2);
        check("-10", -10);
        check("- 10", 90);
        check("-=10", 90);
        check("+10", 110);
        check("+=10", 110);
        check("=+10", 10);
        check("*2", 200);
        check("*= 1.5", 150);
        check("/2", 50);
        check("/=-4", -25);
        check("50%", 50);
        check("+10%", 110);
        check("120 px", 120);
        check("90° * 2", 180);
        check("3 × 4 ÷ 2 − 1", 5);
        check("--3", 3);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let check = |text: &str, expected: ArithmeticError| {
            assert_eq!(evaluate(text, 100), Err(expected), "{text}");
        };
        check("", ArithmeticError::Empty);
        check("  ", ArithmeticError::Empty);
        check("=", ArithmeticError::Unfinished);
        check("3 +", ArithmeticError::Unfinished);
        check("3 * / 2", ArithmeticError::Unfinished);
        check(".", ArithmeticError::Unfinished);
        check("(3", ArithmeticError::Bracket);
        check("3)", ArithmeticError::Bracket);
        check("()", ArithmeticError::Bracket);
        check("3 x 4", ArithmeticError::Sign('x'));
        check("1e9", ArithmeticError::Sign('e'));
        check("5 / (3 - 3)", ArithmeticError::Zero);
        check("9999999999", ArithmeticError::TooLarge);
        check(&"(".repeat(60), ArithmeticError::TooLong);
        check(&"1".repeat(201), ArithmeticError::TooLong);
    }

    proptest! {
        #[test]
        fn nothing_that_is_written_panics(
            text in "[0-9+*/()., =%a°−-]{0,30}",
            current in any::<i32>(),
        ) {
            let _ = evaluate(&text, current);
        }

        #[test]
        fn a_number_is_itself(number in any::<i32>()) {
            prop_assert_eq!(evaluate(&number.to_string(), 7), Ok(number));
        }
    }
}
