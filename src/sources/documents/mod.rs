//! Documents that people write after an incident.

#[cfg_attr(not(test), expect(dead_code, reason = "no reader asks for web pages yet"))]
mod web_page;
