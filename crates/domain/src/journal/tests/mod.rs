//! The journal's rules on a store that is a handful of maps.

mod any_order;
mod echoes;
mod model;
mod replies;
