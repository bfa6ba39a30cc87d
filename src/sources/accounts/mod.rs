//! Whole accounts of systems that page people, through their documented REST APIs: which addresses to ask, what
//! their answers hold, and which document a reader reads of them. Asking is the caller's.

mod account;
mod opsgenie;
mod pagerduty;

pub(crate) use account::{Account, Item};

/// All systems whose accounts are read. A new one is a file and a line here.
pub(crate) const ACCOUNTS: &[&dyn Account] = &[&pagerduty::Pagerduty, &opsgenie::Opsgenie];

/// The system of that name.
pub(crate) fn by_id(id: &str) -> Option<&'static dyn Account> {
    ACCOUNTS.iter().copied().find(|account| account.id() == id)
}
