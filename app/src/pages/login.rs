//! `/login`. Works before and without any script.

use super::{Problem, is_about};
use crate::rpc::account::LogIn;
use leptos::{form::ActionForm, prelude::*};

#[component]
pub fn LoginPage() -> impl IntoView {
    let log_in = ServerAction::<LogIn>::new();
    let error = Signal::derive(move || log_in.value().get().and_then(Result::err));
    view! {
        <main class="entrance">
            <p class="brand">"Gantry"</p>
            <div class="sheet">
                <h1>"Log in"</h1>
                <ActionForm action=log_in>
                    <Problem error/>
                    <div class="field">
                        <label for="email">"Email address"</label>
                        <input id="email" class="input" name="email" type="email"
                            autocomplete="username"
                            required autofocus
                            aria-invalid=move || is_about(error, "password")
                            aria-describedby="problem"/>
                    </div>
                    <div class="field">
                        <label for="password">"Password"</label>
                        <input id="password" class="input" name="password" type="password"
                            autocomplete="current-password" required
                            aria-invalid=move || is_about(error, "password")
                            aria-describedby="problem"/>
                    </div>
                    <button type="submit" class="button primary"
                        disabled=move || log_in.pending().get()>
                        "Log in"
                    </button>
                </ActionForm>
            </div>
            <p class="facts">
                "Forgotten? On the server, " <code>"gantry user reset"</code>
                " sets another password."
            </p>
        </main>
    }
}
