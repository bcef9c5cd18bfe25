//! `/setup`: the first owner and their partner, while nobody is there. Works before and without
//! any script.

use super::{Problem, is_about};
use crate::rpc::account::SetUp;
use leptos::{form::ActionForm, prelude::*};

#[component]
pub fn SetupPage() -> impl IntoView {
    let set_up = ServerAction::<SetUp>::new();
    let error = Signal::derive(move || set_up.value().get().and_then(Result::err));
    let wants_code = SharedValue::new(wants_code).into_inner();
    view! {
        <main class="entrance">
            <p class="brand">"Gantry"</p>
            <h1>"Welcome"</h1>
            <p class="lead">
                "Gantry shows on any screen who crosses your timing mats. \
                 Nobody can log in here yet: you are the first."
            </p>
            <div class="sheet">
                <h2>"Make your account"</h2>
                <ActionForm action=set_up>
                    <Problem error/>
                    <div class="field">
                        <label for="partner">"Your timing company or club"</label>
                        <input id="partner" class="input" name="partner" type="text"
                            autocomplete="organization"
                            required autofocus maxlength="120"
                            aria-invalid=move || is_about(error, "partner")
                            aria-describedby="problem"/>
                    </div>
                    <div class="field">
                        <label for="email">"Your email address"</label>
                        <input id="email" class="input" name="email" type="email"
                            autocomplete="username"
                            required maxlength="200"
                            aria-invalid=move || is_about(error, "email")
                            aria-describedby="email-hint problem"/>
                        <p class="note" id="email-hint">
                            "You log in with it. No mail is sent there."
                        </p>
                    </div>
                    <div class="field">
                        <label for="password">"A password"</label>
                        <input id="password" class="input" name="password" type="password"
                            autocomplete="new-password" required minlength="10" maxlength="200"
                            aria-invalid=move || is_about(error, "password")
                            aria-describedby="password-hint problem"/>
                        <p class="note" id="password-hint">"10 characters or more."</p>
                    </div>
                    {wants_code.then(|| view! {
                        <div class="field">
                            <label for="code">"Set-up code"</label>
                            <input id="code" class="input" name="code" type="text"
                                autocomplete="off"
                                autocapitalize="none" spellcheck="false" required
                                aria-invalid=move || is_about(error, "code")
                                aria-describedby="code-hint problem"/>
                            <p class="note" id="code-hint">
                                "The 8 signs in the server's log. They show that it is yours; \
                                 at the server's own computer you do not need them."
                            </p>
                        </div>
                    })}
                    <button type="submit" class="button primary"
                        disabled=move || set_up.pending().get()>
                        "Set up"
                    </button>
                </ActionForm>
            </div>
            <p class="facts">"Then: make an event, connect the timing, open a display."</p>
        </main>
    }
}

#[cfg(feature = "ssr")]
fn wants_code() -> bool {
    !crate::rpc::visitor().is_ok_and(|visitor| visitor.same_computer)
}

/// In the browser the answer comes with the page.
#[cfg(not(feature = "ssr"))]
fn wants_code() -> bool {
    true
}
