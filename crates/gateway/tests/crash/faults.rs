//! TikTok as unwell as on any day, and what of it can be seen from outside.

use simulator::{FaultKind, NewFault, Simulator};

use crate::world::World;

/// Answers get lost, limits strike, echoes overtake answers or come twice.
pub(crate) fn everyday(sim: &Simulator) {
    sim.clear_faults();
    let send = "message/send";
    let faults = [
        (NewFault::new(send, FaultKind::ResetAfter), 0.06),
        (NewFault::new(send, FaultKind::ResetBefore), 0.03),
        (NewFault::new(send, FaultKind::HttpStatus), 0.03),
        (NewFault::new(send, FaultKind::RateLimit), 0.06),
        (NewFault::new(send, FaultKind::EarlyEcho), 0.1),
        (NewFault::new(send, FaultKind::LateEcho).value(700), 0.1),
        (NewFault::new("webhook", FaultKind::Duplicate), 0.1),
        (NewFault::new("webhook", FaultKind::ResetAfter), 0.05),
    ];
    set(sim, faults);
}

/// Respond.io as unwell as on any day: answers get lost, limits strike, lists fail.
pub(crate) fn everyday_of_respondio(sim: &Simulator) {
    sim.clear_faults();
    let (send, list) = ("respondio/contact/send", "respondio/contact/messages");
    let faults = [
        (NewFault::new(send, FaultKind::ResetAfter), 0.06),
        (NewFault::new(send, FaultKind::ResetBefore), 0.03),
        (NewFault::new(send, FaultKind::Code).value(500), 0.03),
        (NewFault::new(send, FaultKind::Code).value(449), 0.03),
        (NewFault::new(send, FaultKind::RateLimit), 0.06),
        (NewFault::new(list, FaultKind::ResetAfter), 0.05),
        (NewFault::new(list, FaultKind::Code).value(500), 0.05),
        (NewFault::new("respondio/contact/list", FaultKind::RateLimit), 0.05),
    ];
    set(sim, faults);
}

/// Nothing but delays and limits: every answer arrives.
///
/// Under a clock that is an hour ahead, the echo of a reply seems older than the reply; without an answer that names it, it is taken for
/// somebody else's message.
pub(crate) fn mild(sim: &Simulator) {
    sim.clear_faults();
    let faults = [
        (NewFault::new("message/send", FaultKind::RateLimit), 0.06),
        (NewFault::new("message/send", FaultKind::EarlyEcho), 0.1),
        (NewFault::new("message/send", FaultKind::LateEcho).value(700), 0.1),
        (NewFault::new("webhook", FaultKind::Duplicate), 0.1),
        (NewFault::new("webhook", FaultKind::ResetAfter), 0.05),
    ];
    set(sim, faults);
}

fn set(sim: &Simulator, faults: impl IntoIterator<Item = (NewFault, f64)>) {
    for (fault, probability) in faults {
        sim.set_fault(NewFault { probability: Some(probability), ..fault });
    }
}

/// Webhooks that were answered with `status` since then, by TikTok's clock.
pub(crate) fn answered_since(world: &World, status: u16, since_ms: i64) -> usize {
    let log = world.sim.webhook_log();
    log.iter().flat_map(|hook| &hook.tries).filter(|one| one.status == Some(status) && one.at >= since_ms).count()
}

/// Waits until `count` more webhooks were answered with `status`.
pub(crate) async fn answered(world: &World, status: u16, count: usize) {
    let since = world.sim.now_ms();
    let enough = || async { (answered_since(world, status, since) >= count).then_some(()) };
    world.until(&format!("{count} webhooks are answered {status}"), enough).await;
}
