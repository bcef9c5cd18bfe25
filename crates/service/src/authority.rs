//! Who may act for a partner. The only place that makes a `PartnerScope`.

use crate::ServiceError;
use model::{PartnerId, PersonId, Role};
use store::{PartnerScope, Proof};

/// Who asks for a use case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Somebody at a shell who can open the database file: the operator of this install, who may
    /// act for every partner on it.
    Shell,
    /// Somebody who is logged in, for the partner that the login is for.
    Person {
        person: PersonId,
        email: String,
        partner: PartnerId,
        role: Role,
    },
}

/// What a use case does, seen from who may do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Looks and alters nothing.
    See,
    /// Runs events.
    Run,
    /// Decides who else may.
    Own,
}

impl Right {
    pub const fn least_role(self) -> Role {
        match self {
            Self::See => Role::Viewer,
            Self::Run => Role::Director,
            Self::Own => Role::Owner,
        }
    }
}

impl Caller {
    /// For whom they act, where that is one partner.
    pub fn partner(&self) -> Option<PartnerId> {
        match self {
            Self::Shell => None,
            Self::Person { partner, .. } => Some(*partner),
        }
    }

    /// How they are named beside what they did.
    pub fn name(&self) -> &str {
        match self {
            Self::Shell => "shell",
            Self::Person { email, .. } => email,
        }
    }
}

/// The scope of the partner whose the thing is, for somebody who wants to do that with it. What is
/// nobody's and what is another partner's are `missing` alike.
pub fn scope(
    caller: &Caller,
    owner: Option<PartnerId>,
    right: Right,
    missing: impl FnOnce() -> ServiceError,
) -> Result<PartnerScope, ServiceError> {
    let Some(owner) = owner else {
        return Err(missing());
    };
    match caller {
        Caller::Shell => Ok(PartnerScope::proven(owner, Proof::Shell)),
        Caller::Person { partner, .. } if *partner != owner => Err(missing()),
        Caller::Person { role, .. } if *role < right.least_role() => {
            Err(ServiceError::Forbidden { needs: right })
        }
        Caller::Person { .. } => Ok(PartnerScope::proven(owner, Proof::Login)),
    }
}

/// Only the operator may: it is about more than one partner.
pub fn operator(caller: &Caller) -> Result<(), ServiceError> {
    match caller {
        Caller::Shell => Ok(()),
        Caller::Person { .. } => Err(ServiceError::OperatorOnly),
    }
}

/// How a timing connection was found to be a partner's (design §4 "Whose is it").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteProof {
    /// It came to a port that belongs to one stream.
    OwnPort,
    /// Its address is one that a stream lists, and no other partner's does.
    AllowedAddress,
    /// It came to the shared port of an install where a rule says whose such connections are.
    SavedRule,
}

/// The scope in which a routed connection's reads are stored.
pub fn route_scope(partner: PartnerId, proof: RouteProof) -> PartnerScope {
    let proof = match proof {
        RouteProof::OwnPort => Proof::ListenerPort,
        RouteProof::AllowedAddress => Proof::AllowedAddress,
        RouteProof::SavedRule => Proof::SavedRule,
    };
    PartnerScope::proven(partner, proof)
}

/// The running server itself, reading what it serves.
pub fn node_scope(partner: PartnerId) -> PartnerScope {
    PartnerScope::proven(partner, Proof::Node)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: u128 = 1;
    const THEIRS: u128 = 2;

    fn partner(number: u128) -> PartnerId {
        PartnerId(uuid::Uuid::from_u128(number))
    }

    fn person(role: Role) -> Caller {
        Caller::Person {
            person: PersonId(uuid::Uuid::from_u128(9)),
            email: "ada@example.com".to_owned(),
            partner: partner(OURS),
            role,
        }
    }

    fn missing() -> ServiceError {
        ServiceError::NotFound {
            what: "event",
            which: "x".to_owned(),
            hint: "look again",
        }
    }

    #[track_caller]
    fn check(caller: &Caller, owner: Option<u128>, right: Right, expected: Result<Proof, &str>) {
        let said = scope(caller, owner.map(partner), right, missing);
        let said = said.map(|scope| {
            assert_eq!(Some(scope.partner()), owner.map(partner));
            scope.proof()
        });
        let said = said.map_err(|error| match error {
            ServiceError::NotFound { .. } => "not found",
            ServiceError::Forbidden { .. } => "forbidden",
            other => panic!("{other}"),
        });
        assert_eq!(said, expected, "{caller:?} {right:?}");
    }

    #[test]
    fn each_role_may_what_the_one_below_may_and_more() {
        use Right::{Own, Run, See};
        for (role, may, may_not) in [
            (Role::Viewer, &[See][..], &[Run, Own][..]),
            (Role::Director, &[See, Run], &[Own]),
            (Role::Owner, &[See, Run, Own], &[]),
        ] {
            for right in may {
                check(&person(role), Some(OURS), *right, Ok(Proof::Login));
            }
            for right in may_not {
                check(&person(role), Some(OURS), *right, Err("forbidden"));
            }
        }
    }

    #[test]
    fn what_is_another_partners_is_as_missing_as_what_is_nobodys() {
        for right in [Right::See, Right::Run, Right::Own] {
            for role in Role::ALL {
                check(&person(role), Some(THEIRS), right, Err("not found"));
                check(&person(role), None, right, Err("not found"));
            }
            check(&Caller::Shell, Some(OURS), right, Ok(Proof::Shell));
            check(&Caller::Shell, Some(THEIRS), right, Ok(Proof::Shell));
            check(&Caller::Shell, None, right, Err("not found"));
        }
        assert!(operator(&Caller::Shell).is_ok());
        assert!(operator(&person(Role::Owner)).is_err());
    }
}
