//! For the crash tests, in builds with debug assertions only: `MESSAGE_GATEWAY_DIE_AT=settle.written:3` ends the process the third time
//! that it comes by that [`Place`]. As abruptly as by `kill -9`: every thread in the same instant, no destructor, nothing flushed.

use std::sync::{
    OnceLock,
    atomic::{AtomicU32, Ordering},
};

use domain::place::{self, Place};

use super::CommandError;

const VARIABLE: &str = "MESSAGE_GATEWAY_DIE_AT";

/// Where to die, and how often to come by before that.
static APPOINTMENT: OnceLock<(Place, AtomicU32)> = OnceLock::new();

/// Makes the appointment that the environment asks for, if it does.
pub(super) fn arm() -> Result<(), CommandError> {
    #[expect(clippy::disallowed_methods, reason = "no setting: a release build does not know of it")]
    let Ok(wish) = std::env::var(VARIABLE) else { return Ok(()) };
    let appointment = wish.split_once(':').and_then(|(place, times)| {
        let times = times.parse::<u32>().ok()?.checked_sub(1)?;
        Some((place.parse::<Place>().ok()?, AtomicU32::new(times)))
    });
    let appointment = appointment
        .ok_or_else(|| CommandError::Usage(format!("{VARIABLE} is a place and a number, such as settle.written:3")))?;
    if APPOINTMENT.set(appointment).is_ok() {
        place::watch(come_by);
    }
    Ok(())
}

fn come_by(here: Place) {
    if let Some((place, before)) = APPOINTMENT.get()
        && *place == here
        && before.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_err()
    {
        std::process::abort();
    }
}
