//! Who is asking: turns a session cookie, an API key or `API_SECRET` into a [`Principal`], and says when one of them was revoked.
//! HTTP and sockets ask here and nowhere else.

mod authenticator;
mod password;
mod principal;
mod secret;
mod sign_in;
mod throttle;

pub use authenticator::{AuthError, Authenticator, Revocation, SESSION_COOKIE};
pub use password::Passwords;
pub use principal::{Actor, Principal};
pub use secret::{Secret, hash_of};
pub use sign_in::{LINK_LIFETIME, SESSION_LIFETIME, Setup, SignIn, SignInError, SignedIn, first_run_file, make_link};
pub use throttle::Throttle;

pub(crate) use authenticator::KEY_PREFIX;
