//! Whose rows a call may touch. Every function on a partner's rows takes a scope.

use model::PartnerId;

/// How it became known on whose behalf something happens (design §4 "Whose is it").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Proof {
    /// Somebody with a shell on this machine.
    Shell,
    /// Somebody who is logged in, and a member of the partner.
    Login,
    /// A stream's own listener port.
    ListenerPort,
    /// A stream lists the connection's address.
    AllowedAddress,
    /// The install has one partner only.
    SolePartner,
    /// A saved rule sends the connection to the partner's stream.
    SavedRule,
    /// A display's code, which is a capability.
    DisplayCode,
    /// The server itself, loading what its partners own.
    Node,
}

/// One partner's rows and nobody else's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PartnerScope {
    partner: PartnerId,
    proof: Proof,
}

impl PartnerScope {
    /// Only `service::authority` may call this: it is the place where proof is looked at.
    pub const fn proven(partner: PartnerId, proof: Proof) -> Self {
        Self { partner, proof }
    }

    pub const fn partner(&self) -> PartnerId {
        self.partner
    }

    /// For logs: on what grounds it was allowed.
    pub const fn proof(&self) -> Proof {
        self.proof
    }
}
