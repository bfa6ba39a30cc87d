//! Whole accounts of paging systems, through their documented REST APIs: the addresses to request,
//! the contents of the answers, and the document that a reader reads. The caller sends the
//! requests.

mod account;
mod opsgenie;
mod pagerduty;

pub(crate) use account::{Account, Item};

/// All systems whose accounts can be imported. A new one is a file and a line here.
pub(crate) const ACCOUNTS: &[&dyn Account] = &[&pagerduty::Pagerduty, &opsgenie::Opsgenie];

/// The system with that name.
pub(crate) fn by_id(id: &str) -> Option<&'static dyn Account> {
    ACCOUNTS.iter().copied().find(|account| account.id() == id)
}
