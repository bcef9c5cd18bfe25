//! Who may act for a partner. The only place that makes a `PartnerScope`.

use model::PartnerId;
use store::{PartnerScope, Proof};

/// Who asks for a use case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Somebody at a shell who can open the database file: the operator of this install, who may
    /// act for every partner on it.
    Shell,
}

impl Caller {
    pub fn scope(self, partner: PartnerId) -> PartnerScope {
        match self {
            Self::Shell => PartnerScope::proven(partner, Proof::Shell),
        }
    }
}

/// How a timing connection was found to be a partner's (design §4 "Whose is it").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteProof {
    /// It came to a port that belongs to one stream.
    OwnPort,
    /// It came to the shared port of an install where a rule says whose such connections are.
    SavedRule,
}

/// The scope in which a routed connection's reads are stored.
pub fn route_scope(partner: PartnerId, proof: RouteProof) -> PartnerScope {
    let proof = match proof {
        RouteProof::OwnPort => Proof::ListenerPort,
        RouteProof::SavedRule => Proof::SavedRule,
    };
    PartnerScope::proven(partner, proof)
}

/// The running server itself, reading what it serves.
pub fn node_scope(partner: PartnerId) -> PartnerScope {
    PartnerScope::proven(partner, Proof::Node)
}
