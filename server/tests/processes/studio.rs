//! Somebody who has the studio open, and what it tells them is wrong.

use crate::{browser::Browser, race::Race, server::Server, wait::until_async};
use model::Alarm;
use serde_json::json;

const EMAIL: &str = "ada@example.com";
const PASSWORD: &str = "correct horse & battery=staple";

pub struct Studio {
    pub browser: Browser,
}

impl Studio {
    /// Logged in as an owner, who is made for it.
    pub async fn open(race: &Race, server: &Server) -> Self {
        let words = ["user", "create", "--partner", "Alder Timing"];
        let who = ["--email", EMAIL, "--role", "owner"];
        let made = race.site.typed(&[&words[..], &who].concat(), PASSWORD);
        made.unwrap();
        Self::log_in(server, EMAIL, PASSWORD).await
    }

    pub async fn log_in(server: &Server, email: &str, password: &str) -> Self {
        let mut browser = Browser::at(server);
        browser.log_in(email, password).await.is_yes();
        // The first look; from now on who they are is known.
        assert_eq!(browser.whoami().await["email"], email);
        Self { browser }
    }

    /// What every page asks for again and again: each alarm as its line of JSON.
    pub async fn alarms(&mut self) -> Vec<String> {
        let answer = self.browser.call("alarms", json!({})).await;
        answer.is_yes();
        let alarms: Vec<Alarm> = answer.value();
        let lines = alarms.iter().map(serde_json::to_string);
        lines.map(Result::unwrap).collect()
    }

    /// Waits until an alarm has these words, and gives it.
    pub async fn hears(&mut self, words: &str) -> String {
        until_async(&format!("an alarm says {words:?}"), async || {
            let alarms = self.alarms().await.into_iter();
            let mut fitting = alarms.filter(|alarm| alarm.contains(words));
            fitting.next()
        })
        .await
    }

    /// Waits until no alarm has these words.
    pub async fn hears_no_more(&mut self, words: &str) {
        until_async(&format!("no alarm says {words:?}"), async || {
            let alarms = self.alarms().await;
            let is_over = alarms.iter().all(|alarm| !alarm.contains(words));
            is_over.then_some(())
        })
        .await;
    }
}
