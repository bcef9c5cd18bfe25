//! Who is logged in: set-up, log in and out, and for which partner.
//!
//! The first three are posted by plain forms too, before any script runs: their arguments are
//! url-encoded, and they lead to a page.

use super::RpcError;
use leptos::{
    prelude::*,
    server_fn::codec::{Json, Postcard},
};
use model::{PartnerId, PersonId, Role};
use serde::{Deserialize, Serialize};

/// Whoever is logged in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    pub person: PersonId,
    pub email: String,
    /// Whom the login is for.
    pub partner: Membership,
    /// Whom it could be for, by name.
    pub others: Vec<Membership>,
}

/// A partner, and what somebody may do for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    pub partner: PartnerId,
    pub name: String,
    pub role: Role,
}

/// Makes the first owner with their partner. `code` stands in the server's log; at the server's own
/// computer there is no need of it.
#[server(prefix = "/rpc", endpoint = "set-up")]
pub async fn set_up(
    partner: String,
    email: String,
    password: String,
    #[server(default)] code: String,
) -> Result<(), RpcError> {
    use service::account::{SetUp, SetUpProof};
    let visitor = super::visitor()?;
    let proof = if visitor.same_computer {
        SetUpProof::SameComputer
    } else {
        SetUpProof::Code(&code)
    };
    let wanted = SetUp {
        partner: &partner,
        email: &email,
        password: &password,
        proof,
    };
    let token = visitor.node.accounts.set_up(visitor.from, wanted).await?;
    visitor.remember(Some(&token));
    leptos_axum::redirect("/");
    Ok(())
}

#[server(prefix = "/rpc", endpoint = "log-in")]
pub async fn log_in(email: String, password: String) -> Result<(), RpcError> {
    let visitor = super::visitor()?;
    let accounts = &visitor.node.accounts;
    let token = accounts.log_in(visitor.from, &email, &password).await?;
    // Whoever was logged in with this browser is no more.
    if let Some(former) = &visitor.token {
        accounts.log_out(former).await?;
    }
    visitor.remember(Some(&token));
    leptos_axum::redirect("/");
    Ok(())
}

#[server(prefix = "/rpc", endpoint = "log-out")]
pub async fn log_out() -> Result<(), RpcError> {
    let visitor = super::visitor()?;
    super::backend()?;
    if let Some(token) = &visitor.token {
        visitor.node.accounts.log_out(token).await?;
    }
    visitor.remember(None);
    leptos_axum::redirect("/login");
    Ok(())
}

/// `None` where nobody is logged in.
#[server(prefix = "/rpc", endpoint = "whoami", input = Json, output = Postcard)]
pub async fn whoami() -> Result<Option<Me>, RpcError> {
    use service::Caller;
    let visitor = super::visitor()?;
    let Some(caller) = visitor.caller else {
        return Ok(None);
    };
    let held = visitor.node.accounts.memberships(&caller).await?;
    let Caller::Person {
        person,
        email,
        partner,
        ..
    } = caller
    else {
        return Ok(None);
    };
    let all = held.into_iter().map(|held| Membership {
        partner: held.partner,
        name: held.partner_name,
        role: held.role,
    });
    let (here, others): (Vec<_>, _) = all.partition(|held| held.partner == partner);
    Ok(here.into_iter().next().map(|partner| Me {
        person,
        email,
        partner,
        others,
    }))
}

/// From here on this browser acts for that partner.
#[server(prefix = "/rpc", endpoint = "switch-partner", input = Json, output = Postcard)]
pub async fn switch_partner(partner: PartnerId) -> Result<(), RpcError> {
    let super::Backend { node, .. } = super::backend()?;
    let token = super::visitor()?.token.ok_or(RpcError::LoggedOut)?;
    Ok(node.accounts.switch_partner(&token, partner).await?)
}
