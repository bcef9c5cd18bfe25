//! The cookie in which a browser keeps its login.
//!
//! No script can read it, and no other site's form sends it along (`SameSite=Lax`). Over https it
//! is never sent without, and its `__Host-` name keeps other hosts of the same domain from setting
//! it (RFC 6265bis, 4.1.3).

use service::{account::Token, limits};

const NAME: &str = "gantry_login";
const SECURE_NAME: &str = "__Host-gantry_login";

/// What stands in the browser's `Cookie` headers, whatever it is worth.
pub fn read<'a>(headers: impl Iterator<Item = &'a str>, secure: bool) -> Option<Token> {
    let name = if secure { SECURE_NAME } else { NAME };
    let mut pairs = headers.flat_map(|header| header.split(';'));
    pairs.find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then(|| value.parse().ok()).flatten()
    })
}

/// For a `Set-Cookie` header. Without a token the browser forgets the one it has.
pub fn set(token: Option<&Token>, secure: bool) -> String {
    let (name, end) = if secure {
        (SECURE_NAME, "; Secure")
    } else {
        (NAME, "")
    };
    let (value, age_s) = match token {
        Some(token) => (token.to_text(), limits::LOGIN_MS_MAX / 1_000),
        None => (String::new(), 0),
    };
    format!("{name}={value}; HttpOnly; SameSite=Lax; Path=/; Max-Age={age_s}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    #[test]
    fn a_cookie_is_found_among_others_under_its_own_name_only() {
        let check = |header: &str, secure: bool, found: bool| {
            let token = read(std::iter::once(header), secure);
            let text = token.map(|token| token.to_text());
            assert_eq!(text.as_deref() == Some(TEXT), found, "{header}");
            assert!(found || text.is_none());
        };
        check(&format!("gantry_login={TEXT}"), false, true);
        check(&format!("a=b; gantry_login={TEXT}; c=d"), false, true);
        check(&format!("__Host-gantry_login={TEXT}"), true, true);
        // One that was set without https is nothing with it.
        check(&format!("gantry_login={TEXT}"), true, false);
        check(&format!("__Host-gantry_login={TEXT}"), false, false);
        check(&format!("xgantry_login={TEXT}"), false, false);
        check("gantry_login=", false, false);
        check("gantry_login", false, false);
        check("", false, false);
    }

    #[test]
    fn a_cookie_is_for_http_requests_to_this_host_alone() {
        let token = TEXT.parse().unwrap();
        assert_eq!(
            set(Some(&token), false),
            format!("gantry_login={TEXT}; HttpOnly; SameSite=Lax; Path=/; Max-Age=7776000")
        );
        assert_eq!(
            set(Some(&token), true),
            format!(
                "__Host-gantry_login={TEXT}; HttpOnly; SameSite=Lax; Path=/; Max-Age=7776000; \
                 Secure"
            )
        );
        assert_eq!(
            set(None, false),
            "gantry_login=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0"
        );
    }
}
