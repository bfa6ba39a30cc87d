//! Records and the person's incident to incident.
