//! Contacts that can't be read are written down: whoever waits for the whole history is told, also by another process.

use domain::{space::ReadProblem, store::StoreResult};

use super::{
    read::ReadError,
    schedule::Schedule,
    watch::{Round, Watched, Watcher},
};

impl Watcher {
    /// Writes down that a contact could not be read, for the first time or back. End: another process asks this space by now.
    pub(super) async fn read_failed(&self, watched: &Watched, contact: u64, error: &ReadError) -> StoreResult<Round> {
        let Some(problem) = problem(error) else { return Ok(Round::Look) };
        let _at_work = self.lines.respondio().at_work();
        let is_ours = self.store.read_failed(watched.lease, contact, problem).await?;
        Ok(if is_ours { Round::Look } else { Round::End })
    }

    /// The first reading of a contact failed: it is known all the same, and keeps the whole history from being here.
    pub(super) async fn first_read_failed(
        &self,
        watched: &Watched,
        schedule: &mut Schedule,
        contact: u64,
        error: &ReadError,
    ) -> StoreResult<Round> {
        if !schedule.is_unread(contact) || problem(error).is_none() {
            return Ok(Round::Look);
        }
        let round = self.read_failed(watched, contact, error).await?;
        schedule.told_unread(contact);
        Ok(round)
    }

    /// Whoever could never be read and is not there any more keeps nobody waiting.
    pub(super) async fn forget_gone(&self, watched: &Watched, schedule: &Schedule) -> StoreResult<()> {
        let _at_work = self.lines.respondio().at_work();
        let mut gone = self.store.never_read(watched.space.id).await?;
        gone.retain(|contact| schedule.entry(*contact).is_none());
        if !gone.is_empty() {
            self.store.forget_never_read(watched.lease, gone).await?;
        }
        Ok(())
    }
}

/// What is wrong with one contact. `None`: it concerns the whole space, or our database.
fn problem(error: &ReadError) -> Option<ReadProblem> {
    let ReadError::Respondio(error) = error else { return None };
    if error.is_rate_limited() || error.needs_reauthorization() {
        return None;
    }
    Some(match (error.status(), error.kind()) {
        (Some(status @ 400..), _) => ReadProblem::Status(status),
        (_, respondio::ErrorKind::Transport(_)) => ReadProblem::NoAnswer,
        _ => ReadProblem::OddAnswer,
    })
}
