//! What a screen or a phone has to type, and what goes into the timing software.

use super::{ports, ports::Web, report::Finding};
use crate::{limits, serve, settings::Settings};
use futures_util::future::join_all;
use if_addrs::IfOperStatus;
use model::timing_view::Host;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

const SCREENS: &str = "screens";
const TIMING: &str = "timing software";

/// This computer in its networks.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// The likeliest first.
    addresses: Vec<Address>,
    /// A running server answers at one of them, whatever these settings say.
    answers: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Address {
    ip: IpAddr,
    /// What the system calls the interface.
    interface: String,
}

pub async fn look(settings: &Settings, web: &Web) -> Network {
    let addresses = addresses();
    let answers = if matches!(web, Web::Gantry(_)) && settings.http_addr.ip().is_loopback() {
        let port = settings.http_addr.port();
        let asked = addresses
            .iter()
            .map(|address| ports::is_gantry(SocketAddr::new(address.ip, port)));
        join_all(asked).await.contains(&true)
    } else {
        false
    };
    Network { addresses, answers }
}

/// What others type to reach this computer, the likeliest first.
pub fn hosts() -> Vec<Host> {
    let each = addresses().into_iter().map(|address| Host {
        address: address.ip.to_string(),
        network: address.interface,
    });
    each.collect()
}

/// Those that others may reach: IPv4 where there is any, as that is what people can type.
fn addresses() -> Vec<Address> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    let up = interfaces.into_iter().filter(|interface| {
        interface.oper_status != IfOperStatus::Down
            && !interface.is_loopback()
            && !interface.is_link_local()
    });
    let all = up.map(|interface| Address {
        ip: interface.ip(),
        interface: interface.name,
    });
    let every = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
    ordered(all.collect(), serve::reachable(every).ip())
}

fn ordered(mut all: Vec<Address>, leads_out: IpAddr) -> Vec<Address> {
    if all.iter().any(|address| address.ip.is_ipv4()) {
        all.retain(|address| address.ip.is_ipv4());
    }
    all.sort_by_key(|address| (address.ip != leads_out, address.ip));
    all.truncate(limits::DOCTOR_ADDRESSES_MAX);
    all
}

/// Who can reach a listener.
enum Reach<'a> {
    ThisComputer,
    Everybody(&'a [Address]),
    One(IpAddr),
}

impl Network {
    fn reach(&self, ip: IpAddr) -> Reach<'_> {
        if ip.is_unspecified() || (ip.is_loopback() && self.answers) {
            Reach::Everybody(&self.addresses)
        } else if ip.is_loopback() {
            Reach::ThisComputer
        } else {
            Reach::One(ip)
        }
    }

    /// What is typed with each address of this computer, and which network it is in.
    fn each(&self, typed: impl Fn(IpAddr) -> String) -> String {
        let each = self
            .addresses
            .iter()
            .map(|address| format!("{} ({})", typed(address.ip), address.interface));
        each.collect::<Vec<_>>().join(", or ")
    }

    fn lan_advice(&self, typed: impl Fn(IpAddr) -> String) -> String {
        if self.addresses.is_empty() {
            "connect this computer to their network by cable or Wi-Fi, and start Gantry with \
             `gantry serve --lan`"
                .to_owned()
        } else {
            format!(
                "start Gantry with `gantry serve --lan`, and type {}",
                self.each(typed)
            )
        }
    }
}

pub fn judge_screens(settings: &Settings, network: &Network) -> Finding {
    let port = port(settings.http_addr);
    let url = |ip| match ip {
        IpAddr::V4(ip) => format!("http://{ip}:{port}/d/CODE"),
        IpAddr::V6(ip) => format!("http://[{ip}]:{port}/d/CODE"),
    };
    if let Some(base) = &settings.base_url {
        return Finding::ok(
            SCREENS,
            format!(
                "they open {base}/d/CODE, with a display's code for CODE, as the base URL is set"
            ),
        );
    }
    let ip = settings.http_addr.ip();
    match network.reach(ip) {
        Reach::ThisComputer => Finding::warning(
            SCREENS,
            format!("only this computer can open them: {}", url(ip)),
            format!("for other screens, {}", network.lan_advice(url)),
        ),
        Reach::Everybody([]) => no_network(SCREENS),
        Reach::Everybody(_) => Finding::ok(
            SCREENS,
            format!(
                "they open {}, with a display's code for CODE",
                network.each(url)
            ),
        ),
        Reach::One(ip) => Finding::ok(
            SCREENS,
            format!("they open {}, with a display's code for CODE", url(ip)),
        ),
    }
}

pub fn judge_timing(address: SocketAddr, network: &Network) -> Finding {
    let port = port(address);
    let typed = |ip| format!("{ip} port {port}");
    match network.reach(address.ip()) {
        Reach::ThisComputer => Finding::warning(
            TIMING,
            format!(
                "only what runs on this computer can connect, to {}",
                typed(address.ip())
            ),
            format!(
                "nothing, if the timing software runs here. If not, {}",
                network.lan_advice(typed)
            ),
        ),
        Reach::Everybody([]) => no_network(TIMING),
        Reach::Everybody(_) => Finding::ok(TIMING, format!("connects to {}", network.each(typed))),
        Reach::One(ip) => Finding::ok(TIMING, format!("connects to {}", typed(ip))),
    }
}

fn no_network(check: &'static str) -> Finding {
    Finding::warning(
        check,
        "this computer is in no network, so nothing else can reach it",
        "connect it by cable or Wi-Fi to the network of the screens and the timing devices; \
         the internet is not needed",
    )
}

/// A port of 0 is chosen by the system when the server starts, which then says it.
fn port(address: SocketAddr) -> String {
    match address.port() {
        0 => "PORT".to_owned(),
        port => port.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::report::{State, check},
        *,
    };
    use crate::{settings::LogFormat, span::Span};
    use std::time::Duration;

    fn address(ip: &str, interface: &str) -> Address {
        Address {
            ip: ip.parse().unwrap(),
            interface: interface.to_owned(),
        }
    }

    fn network() -> Network {
        Network {
            addresses: vec![
                address("192.0.2.7", "Wi-Fi"),
                address("198.51.100.3", "Ethernet"),
            ],
            answers: false,
        }
    }

    fn settings(ip: &str) -> Settings {
        let ip: IpAddr = ip.parse().unwrap();
        Settings {
            http_addr: SocketAddr::new(ip, 3000),
            base_url: None,
            timing_addr: SocketAddr::new(ip, 61611),
            data_dir: "/tent".into(),
            database_url: None,
            backup_dir: None,
            backup_every: Span(Duration::from_secs(3_600)),
            backup_keep: 24,
            backup_database_url: None,
            log: "info".to_owned(),
            log_format: LogFormat::Text,
        }
    }

    #[test]
    fn what_a_screen_opens_is_told() {
        let check = |ip, network: &Network, state, parts: &[&str]| {
            check(&judge_screens(&settings(ip), network), state, parts);
        };
        let (wifi, wire) = (
            "http://192.0.2.7:3000/d/CODE (Wi-Fi)",
            "http://198.51.100.3:3000/d/CODE (Ethernet)",
        );
        check("0.0.0.0", &network(), State::Ok, &[wifi, wire]);
        check("::", &network(), State::Ok, &[wifi, wire]);
        check(
            "192.0.2.7",
            &network(),
            State::Ok,
            &["http://192.0.2.7:3000/d/CODE"],
        );
        check(
            "2001:db8::7",
            &network(),
            State::Ok,
            &["http://[2001:db8::7]:3000/d/CODE"],
        );
        let parts = [
            "only this computer",
            "http://127.0.0.1:3000/d/CODE",
            "--lan",
            wifi,
        ];
        check("127.0.0.1", &network(), State::Warning, &parts);
        let alone = Network::default();
        check(
            "127.0.0.1",
            &alone,
            State::Warning,
            &["--lan", "cable or Wi-Fi"],
        );
        check(
            "0.0.0.0",
            &alone,
            State::Warning,
            &["in no network", "cable"],
        );
        // Started with `--lan`, which these settings do not know.
        let answers = Network {
            answers: true,
            ..network()
        };
        check("127.0.0.1", &answers, State::Ok, &[wifi, wire]);
    }

    #[test]
    fn a_base_url_comes_first() {
        let settings = Settings {
            base_url: Some("https://race.example".to_owned()),
            ..settings("127.0.0.1")
        };
        let parts = ["https://race.example/d/CODE", "base URL"];
        check(&judge_screens(&settings, &network()), State::Ok, &parts);
    }

    #[test]
    fn what_goes_into_the_timing_software_is_told() {
        let check = |ip, network: &Network, state, parts: &[&str]| {
            check(
                &judge_timing(settings(ip).timing_addr, network),
                state,
                parts,
            );
        };
        let (wifi, wire) = ("192.0.2.7 port 61611 (Wi-Fi)", "198.51.100.3 port 61611");
        check("0.0.0.0", &network(), State::Ok, &[wifi, wire]);
        check(
            "192.0.2.7",
            &network(),
            State::Ok,
            &["192.0.2.7 port 61611"],
        );
        let parts = ["127.0.0.1 port 61611", "runs here", "--lan", wifi];
        check("127.0.0.1", &network(), State::Warning, &parts);
        check(
            "0.0.0.0",
            &Network::default(),
            State::Warning,
            &["in no network"],
        );
        let answers = Network {
            answers: true,
            ..network()
        };
        check("127.0.0.1", &answers, State::Ok, &[wifi, wire]);
    }

    #[test]
    fn the_address_that_leads_out_comes_first() {
        let check = |ips: &[&str], leads_out: &str, sorted: &[&str]| {
            let all = ips.iter().map(|ip| address(ip, "x")).collect();
            let ordered = ordered(all, leads_out.parse().unwrap());
            let ordered: Vec<_> = ordered
                .iter()
                .map(|address| address.ip.to_string())
                .collect();
            assert_eq!(ordered, sorted);
        };
        check(
            &["10.0.0.1", "192.0.2.7"],
            "192.0.2.7",
            &["192.0.2.7", "10.0.0.1"],
        );
        check(
            &["192.0.2.7", "10.0.0.1"],
            "127.0.0.1",
            &["10.0.0.1", "192.0.2.7"],
        );
        check(&["2001:db8::7", "192.0.2.7"], "127.0.0.1", &["192.0.2.7"]);
        check(&["2001:db8::7"], "127.0.0.1", &["2001:db8::7"]);
        check(&[], "127.0.0.1", &[]);
    }
}
