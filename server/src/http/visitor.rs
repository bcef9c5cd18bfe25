//! Who sends a request: the login in its cookie, where it comes from, and whether a page of ours
//! sent it.

use super::Web;
use app::rpc::{Visitor, login_cookie};
use axum::http::{HeaderMap, header};
use service::ServiceError;
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

/// Headers of a proxy, which speaks for somebody who may be anywhere.
const FORWARDING: [&str; 6] = [
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
];

/// Asks the store once.
pub async fn of(web: &Web, peer: SocketAddr, headers: &HeaderMap) -> Result<Visitor, ServiceError> {
    let secure = is_secure(web.base_url.as_deref(), headers);
    let cookies = headers.get_all(header::COOKIE).into_iter();
    let token = login_cookie::read(cookies.filter_map(|value| value.to_str().ok()), secure);
    let caller = match &token {
        Some(token) => web.node.accounts.authenticate(token).await?,
        None => None,
    };
    Ok(Visitor {
        node: Arc::clone(&web.node),
        caller,
        token,
        from: peer.ip(),
        same_computer: is_same_computer(peer.ip(), headers),
        secure,
    })
}

/// Whether the request came over https: to the host of an https base URL. What else a proxy claims
/// could be anybody's claim.
fn is_secure(base_url: Option<&str>, headers: &HeaderMap) -> bool {
    let base = base_url.and_then(|url| url.strip_prefix("https://"));
    match (base, text(headers, header::HOST)) {
        (Some(base), Some(host)) => same_host(authority(base), host),
        _ => false,
    }
}

/// Whether somebody sits at this computer. The name that they typed counts too: another site's
/// name may be made to lead here, and its page must not set the server up.
fn is_same_computer(peer: IpAddr, headers: &HeaderMap) -> bool {
    let forwarded = FORWARDING.iter().any(|name| headers.contains_key(*name));
    let host = text(headers, header::HOST).map(|host| match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|sign| sign.is_ascii_digit()) => name,
        _ => host,
    });
    let names_here = host.is_some_and(|host| {
        let ip = host.trim_start_matches('[').trim_end_matches(']');
        let is_loopback = ip.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        host.eq_ignore_ascii_case("localhost") || is_loopback
    });
    peer.to_canonical().is_loopback() && !forwarded && names_here
}

/// Whether a page of this server sent the request: browsers say so, and no page can make them lie.
/// Whoever sends neither header is no browser of today, or hides where it comes from.
pub fn is_from_our_page(base_url: Option<&str>, headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return fetch_site(headers) == Some("same-origin");
    };
    let Some((scheme, origin)) = origin.to_str().ok().and_then(|it| it.split_once("://")) else {
        return false;
    };
    let Some(host) = text(headers, header::HOST) else {
        return false;
    };
    // A proxy may hand the request on under another name.
    let base = base_url.and_then(|url| url.split_once("://"));
    if base.is_some_and(|(base_scheme, base)| {
        base_scheme == scheme && same_host(authority(base), origin)
    }) {
        return true;
    }
    let scheme_fits = scheme == "https" || (scheme == "http" && !is_secure(base_url, headers));
    scheme_fits && same_host(origin, host)
}

/// Where a browser says that the request began: `same-origin`, `same-site`, `cross-site` or `none`.
pub fn fetch_site(headers: &HeaderMap) -> Option<&str> {
    headers.get("sec-fetch-site")?.to_str().ok()
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

fn authority(after_scheme: &str) -> &str {
    let end = after_scheme.find('/').unwrap_or(after_scheme.len());
    &after_scheme[..end]
}

fn same_host(one: &str, other: &str) -> bool {
    let bare = |host: &str| {
        let host = host.to_ascii_lowercase();
        let host = host.strip_suffix(":443").unwrap_or(&host);
        host.strip_suffix(":80").unwrap_or(host).to_owned()
    };
    !one.is_empty() && bare(one) == bare(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&str, &str)| {
            let name: HeaderName = name.parse().unwrap();
            (name, HeaderValue::from_str(value).unwrap())
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn a_request_is_from_our_page_or_it_is_not() {
        let check = |base: Option<&str>, pairs: &[(&str, &str)], expected: bool| {
            let said = is_from_our_page(base, &headers(pairs));
            assert_eq!(said, expected, "{base:?} {pairs:?}");
        };
        let host = ("host", "192.0.2.1:3000");
        check(None, &[host, ("origin", "http://192.0.2.1:3000")], true);
        check(None, &[host, ("origin", "https://192.0.2.1:3000")], true);
        check(None, &[host, ("origin", "http://192.0.2.1:3001")], false);
        check(None, &[host, ("origin", "http://192.0.2.1")], false);
        check(None, &[host, ("origin", "http://evil.example")], false);
        check(None, &[host, ("origin", "null")], false);
        check(None, &[host, ("origin", "")], false);
        check(None, &[host, ("origin", "file://192.0.2.1:3000")], false);
        check(None, &[host], false);
        check(None, &[host, ("sec-fetch-site", "same-origin")], true);
        check(None, &[host, ("sec-fetch-site", "same-site")], false);
        check(None, &[host, ("sec-fetch-site", "none")], false);
        let both = [
            host,
            ("origin", "http://evil.example"),
            ("sec-fetch-site", "same-origin"),
        ];
        check(None, &both, false);
        check(None, &[("origin", "http://192.0.2.1:3000")], false);

        let named = ("host", "Gantry.example");
        check(None, &[named, ("origin", "https://gantry.example")], true);
        check(
            None,
            &[named, ("origin", "https://gantry.example:443")],
            true,
        );
        let base = Some("https://gantry.example");
        check(base, &[named, ("origin", "https://gantry.example")], true);
        check(base, &[named, ("origin", "http://gantry.example")], false);
        check(base, &[host, ("origin", "https://gantry.example")], true);
        check(base, &[host, ("origin", "http://gantry.example")], false);
        check(base, &[host, ("origin", "http://192.0.2.1:3000")], true);
    }

    #[test]
    fn somebody_at_this_computer_is_told_from_others() {
        let check = |peer: &str, pairs: &[(&str, &str)], expected: bool| {
            let said = is_same_computer(peer.parse().unwrap(), &headers(pairs));
            assert_eq!(said, expected, "{peer} {pairs:?}");
        };
        for host in [
            "localhost:3000",
            "LOCALHOST",
            "127.0.0.1:3000",
            "[::1]:3000",
            "[::1]",
        ] {
            check("127.0.0.1", &[("host", host)], true);
            check("::1", &[("host", host)], true);
            check("::ffff:127.0.0.1", &[("host", host)], true);
            check("192.0.2.7", &[("host", host)], false);
        }
        for host in [
            "evil.example",
            "192.0.2.1:3000",
            "127.0.0.1.evil.example",
            "",
        ] {
            check("127.0.0.1", &[("host", host)], false);
        }
        check("127.0.0.1", &[], false);
        for name in FORWARDING {
            check("127.0.0.1", &[("host", "localhost"), (name, "x")], false);
        }
    }

    #[test]
    fn https_is_what_the_base_url_says_of_its_own_host() {
        let check = |base: Option<&str>, host: &str, expected: bool| {
            let said = is_secure(base, &headers(&[("host", host)]));
            assert_eq!(said, expected, "{base:?} {host}");
        };
        check(Some("https://gantry.example"), "gantry.example", true);
        check(Some("https://gantry.example/x"), "gantry.example", true);
        check(
            Some("https://gantry.example:8443"),
            "gantry.example:8443",
            true,
        );
        check(Some("https://gantry.example"), "192.0.2.1:3000", false);
        check(Some("http://gantry.example"), "gantry.example", false);
        check(None, "gantry.example", false);
    }
}
