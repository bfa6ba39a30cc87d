//! Recovery statistics over many incidents, with what n can carry.
