//! What it means who has a port, and what to do about it.

use super::{super::report::Finding, Bound, Web};
use crate::data_folder::Holder;
use std::net::SocketAddr;

const WEB: &str = "web port";
const TIMING: &str = "timing port";

/// How a port is named in the settings.
struct Named {
    check: &'static str,
    flag: &'static str,
    address: SocketAddr,
}

impl Named {
    /// The words that choose the next port.
    fn next(&self) -> String {
        let mut next = self.address;
        next.set_port(match self.address.port() {
            u16::MAX => u16::MAX - 1,
            port => port + 1,
        });
        format!("{} {next}", self.flag)
    }

    fn taken(&self) -> Finding {
        let port = self.address.port();
        Finding::bad(
            self.check,
            format!("port {port} is taken by another program on this computer"),
            format!(
                "close that program, or start Gantry with another port, such as `{}`, and tell \
                 everybody the new number",
                self.next()
            ),
        )
    }

    /// A port that no server of this folder has.
    fn judge(&self, bound: &Bound, holder: &Holder) -> Finding {
        let (ip, port) = (self.address.ip(), self.address.port());
        match bound {
            Bound::Free if port == 0 => Finding::ok(self.check, "any that is free, as set"),
            Bound::Free if matches!(holder, Holder::Server { .. }) => Finding::warning(
                self.check,
                format!(
                    "port {port} is free, although a server works in this data folder: it has \
                     another port"
                ),
                "ask the doctor with the flags with which that server was started",
            ),
            Bound::Free => Finding::ok(self.check, format!("port {port} is free")),
            Bound::Taken => self.taken(),
            Bound::NotHere => Finding::bad(
                self.check,
                format!("{ip} is no address of this computer at present"),
                format!(
                    "connect the cable or the Wi-Fi that has it, or start Gantry on every address \
                     with `{} 0.0.0.0:{port}`",
                    self.flag
                ),
            ),
            Bound::Forbidden => Finding::bad(
                self.check,
                format!("port {port} may not be opened by this user"),
                format!(
                    "choose one above 1023, such as `{} {}`",
                    self.flag,
                    SocketAddr::new(ip, port.saturating_add(8_000))
                ),
            ),
            Bound::Failed(error) => Finding::bad(
                self.check,
                format!("port {port} cannot be opened: {error}"),
                format!("start Gantry with another, such as `{}`", self.next()),
            ),
        }
    }
}

pub fn judge_web(address: SocketAddr, web: &Web, holder: &Holder) -> Finding {
    let named = Named {
        check: WEB,
        flag: "--http-addr",
        address,
    };
    let port = address.port();
    match (web, holder) {
        (Web::Nobody(bound), _) => named.judge(bound, holder),
        (Web::Gantry(_), Holder::Nobody) => Finding::warning(
            WEB,
            format!("a Gantry answers on port {port}, but works in another data folder"),
            format!(
                "to look at that one, name its folder with --data-dir; to run a second one here, \
                 start it with other ports, such as `{}`",
                named.next()
            ),
        ),
        (Web::Gantry(said), _) if said.ready => {
            Finding::ok(WEB, format!("Gantry answers on port {port} and is ready"))
        }
        (Web::Gantry(said), _) => Finding::bad(
            WEB,
            format!(
                "Gantry answers on port {port}, but cannot store reads: {}",
                said.journal
            ),
            "leave it running, as it goes on to show reads and keeps them until it can store \
             them; put right what it names, above all the disk space and disk speed here",
        ),
        (Web::Silent, Holder::Server { process }) => Finding::bad(
            WEB,
            format!("the server has port {port} and does not answer"),
            format!(
                "wait a minute and ask again; if it says the same, end Gantry{} and start it \
                 again: the timing devices send what it missed",
                process.map_or(String::new(), |process| format!(" (process {process})"))
            ),
        ),
        (Web::Silent | Web::Other, _) => named.taken(),
    }
}

pub fn judge_timing(address: SocketAddr, bound: &Bound, web: &Web, holder: &Holder) -> Finding {
    let named = Named {
        check: TIMING,
        flag: "--timing-addr",
        address,
    };
    let port = address.port();
    let trouble = match web {
        Web::Gantry(said) => said.timing.as_deref().filter(|said| *said != "ok"),
        _ => None,
    };
    match (bound, holder, trouble) {
        (_, Holder::Server { .. }, Some(trouble)) => Finding::bad(
            TIMING,
            trouble,
            "do what is said there; once it is done the running Gantry opens the port by itself",
        ),
        (Bound::Taken, Holder::Server { .. }, None) => {
            Finding::ok(TIMING, format!("the running Gantry has port {port} open"))
        }
        _ => named.judge(bound, holder),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::super::report::{State, check},
        super::Readiness,
        *,
    };

    const SERVER: Holder = Holder::Server { process: Some(41) };

    fn gantry(ready: bool, journal: &str, timing: &str) -> Web {
        Web::Gantry(Readiness {
            ready,
            journal: journal.to_owned(),
            timing: Some(timing.to_owned()),
        })
    }

    #[test]
    fn a_web_port_is_judged() {
        let check = |web: Web, holder: Holder, state, parts: &[&str]| {
            let address = "127.0.0.1:3000".parse().unwrap();
            check(&judge_web(address, &web, &holder), state, parts);
        };
        let ready = || gantry(true, "ok", "ok");
        check(
            Web::Nobody(Bound::Free),
            Holder::Nobody,
            State::Ok,
            &["3000 is free"],
        );
        check(
            Web::Nobody(Bound::Free),
            SERVER,
            State::Warning,
            &["another port", "flags"],
        );
        check(
            ready(),
            SERVER,
            State::Ok,
            &["answers on port 3000", "ready"],
        );
        check(ready(), Holder::Unknown, State::Ok, &["ready"]);
        check(
            ready(),
            Holder::Nobody,
            State::Warning,
            &["another data folder", "--data-dir"],
        );
        let full = gantry(false, "the disk is full", "ok");
        check(
            full,
            SERVER,
            State::Bad,
            &["the disk is full", "leave it running"],
        );
        check(
            Web::Silent,
            SERVER,
            State::Bad,
            &["does not answer", "process 41"],
        );
        let next = "--http-addr 127.0.0.1:3001";
        check(
            Web::Silent,
            Holder::Nobody,
            State::Bad,
            &["another program", next],
        );
        check(
            Web::Other,
            Holder::Nobody,
            State::Bad,
            &["another program", next],
        );
        check(Web::Other, SERVER, State::Bad, &["another program"]);
    }

    #[test]
    fn a_timing_port_is_judged() {
        let check = |bound: Bound, web: Web, holder: Holder, state, parts: &[&str]| {
            let address = "192.0.2.9:611".parse().unwrap();
            check(&judge_timing(address, &bound, &web, &holder), state, parts);
        };
        let down = || Web::Nobody(Bound::Free);
        let up = |timing| gantry(true, "ok", timing);
        check(
            Bound::Free,
            down(),
            Holder::Nobody,
            State::Ok,
            &["611 is free"],
        );
        check(
            Bound::Free,
            up("ok"),
            SERVER,
            State::Warning,
            &["another port"],
        );
        check(
            Bound::Taken,
            up("ok"),
            SERVER,
            State::Ok,
            &["running Gantry"],
        );
        check(Bound::Taken, down(), SERVER, State::Ok, &["running Gantry"]);
        let next = "--timing-addr 192.0.2.9:612";
        check(
            Bound::Taken,
            up("port 611 is taken"),
            SERVER,
            State::Bad,
            &["port 611 is taken", "by itself"],
        );
        check(
            Bound::Taken,
            down(),
            Holder::Nobody,
            State::Bad,
            &["another program", next],
        );
        let every = "--timing-addr 0.0.0.0:611";
        check(
            Bound::NotHere,
            down(),
            Holder::Nobody,
            State::Bad,
            &["192.0.2.9 is no", every],
        );
        check(
            Bound::Forbidden,
            down(),
            Holder::Nobody,
            State::Bad,
            &["above 1023", ":8611"],
        );
        let failed = Bound::Failed("no buffers".to_owned());
        check(
            failed,
            down(),
            Holder::Nobody,
            State::Bad,
            &["no buffers", next],
        );
    }

    #[test]
    fn a_port_that_the_system_chooses_is_fine() {
        let named = Named {
            check: WEB,
            flag: "--http-addr",
            address: "127.0.0.1:0".parse().unwrap(),
        };
        check(&named.judge(&Bound::Free, &SERVER), State::Ok, &["any"]);
    }
}
