//! Importing: what is read, from where, and which file it becomes.

mod account;
mod added_evidence;
mod answers;
mod cache;
mod contradictions;
mod evidence;
mod fetch;
mod histories;
mod history_pages;
mod home_made;
mod https;
mod idempotence;
mod identity;
mod live;
mod lost_update;
mod network;
mod network_limits;
mod onset;
mod page_address;
mod probing;
mod propose;
mod reasons;
mod refusals;
mod rezoned;
#[cfg(unix)]
mod unusual_inputs;
mod write_ups;
