//! Just as much of JSON Schema as `docs/asyncapi.yaml` uses. A keyword that is not known here
//! fails, so that the document cannot say what nobody checks.

use serde_json::Value;
use std::path::Path;

pub fn document() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/asyncapi.yaml");
    let text = std::fs::read_to_string(path).expect("docs/asyncapi.yaml is part of the checkout");
    serde_norway::from_str(&text).expect("docs/asyncapi.yaml is YAML")
}

/// Every `$ref`, wherever it stands.
pub fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, member)| match member.as_str() {
                Some(reference) if name == "$ref" => vec![reference.to_owned()],
                _ => references(member),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

pub struct Schemas<'a>(&'a Value);

impl<'a> Schemas<'a> {
    pub fn new(document: &'a Value) -> Self {
        Self(document)
    }

    /// Says where a value is not as the named schema wants it.
    pub fn check(&self, name: &str, value: &Value) -> Result<(), String> {
        let schema = self.0["components"]["schemas"]
            .get(name)
            .ok_or(format!("no schema {name}"))?;
        self.holds(schema, value, name)
    }

    fn holds(&self, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
        let rules = schema.as_object().expect("a schema is an object");
        rules.iter().try_for_each(|(keyword, rule)| {
            let members = value.as_object();
            let holds = match keyword.as_str() {
                "description" | "default" => true,
                "$ref" => {
                    let pointer = rule.as_str().and_then(|text| text.strip_prefix('#'));
                    let schema = pointer.and_then(|pointer| self.0.pointer(pointer));
                    return self.holds(schema.expect("references are checked"), value, at);
                }
                "const" => value == rule,
                "enum" => list(rule).contains(value),
                "type" if rule.is_array() => list(rule).iter().any(|kind| is_of(value, kind)),
                "type" => is_of(value, rule),
                "minimum" => value
                    .as_i64()
                    .is_none_or(|number| Some(number) >= rule.as_i64()),
                "maximum" => value
                    .as_i64()
                    .is_none_or(|number| Some(number) <= rule.as_i64()),
                "maxItems" => value
                    .as_array()
                    .is_none_or(|items| Some(items.len() as u64) <= rule.as_u64()),
                "maxLength" => value
                    .as_str()
                    .is_none_or(|text| Some(text.chars().count() as u64) <= rule.as_u64()),
                "items" => {
                    for (idx, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.holds(rule, item, &format!("{at}/{idx}"))?;
                    }
                    true
                }
                "properties" => {
                    for (name, rule) in rule.as_object().expect("properties are an object") {
                        if let Some(member) = value.get(name) {
                            self.holds(rule, member, &format!("{at}/{name}"))?;
                        }
                    }
                    true
                }
                "required" => members.is_none_or(|members| {
                    let names = list(rule).iter().filter_map(Value::as_str);
                    names.clone().count() == list(rule).len()
                        && names.clone().all(|name| members.contains_key(name))
                }),
                "additionalProperties" => {
                    assert_eq!(*rule, Value::Bool(false), "only false is known");
                    let known = &schema["properties"];
                    members
                        .is_none_or(|members| members.keys().all(|name| known.get(name).is_some()))
                }
                unknown => panic!("the keyword {unknown} of {at} is not checked by anything"),
            };
            if holds {
                Ok(())
            } else {
                Err(format!("{at}: {keyword} must be {rule}, not {value}"))
            }
        })
    }
}

fn list(rule: &Value) -> &[Value] {
    rule.as_array().expect("a list")
}

fn is_of(value: &Value, kind: &Value) -> bool {
    match kind.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("boolean") => value.is_boolean(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("null") => value.is_null(),
        _ => panic!("the type {kind} is not checked by anything"),
    }
}
