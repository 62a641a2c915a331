//! The journal's rules on a store that is a handful of maps.

mod any_order;
mod cards_and_posts;
mod echoes;
mod model;
mod replies;
