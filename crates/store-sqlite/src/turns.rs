//! Workspaces take turns: what is due in one does not wait for everything that was due before it in another. Called by outbox and
//! jobs, whose claims are for all workspaces.

use domain::{id::Id, store::StoreResult, workspace::Workspace};

/// A workspace in which work waits or is under way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Waiting {
    pub(crate) workspace: Id<Workspace>,
    /// Pieces under way.
    pub(crate) leased: i64,
}

/// Takes up to `limit` pieces of work, each from the workspace with the fewest under way, and among equals the one that is due
/// longest. `head` looks for the next piece of a workspace, with its place among those of others; `take` leases it, so that it is no
/// head any more.
pub(crate) fn in_turn<P: Ord + Copy, W, T>(
    waiting: Vec<Waiting>,
    limit: u32,
    head: impl Fn(Id<Workspace>) -> StoreResult<Option<(P, W)>>,
    take: impl Fn(W) -> StoreResult<T>,
) -> StoreResult<Vec<T>> {
    let mut heads = Vec::with_capacity(waiting.len());
    for one in waiting {
        heads.extend(head(one.workspace)?.map(|(due, work)| (one, due, work)));
    }
    let mut taken = Vec::new();
    while u32::try_from(taken.len()).is_ok_and(|count| count < limit) {
        let next = (0..heads.len()).min_by_key(|place| {
            let (one, due, _) = &heads[*place];
            (one.leased, *due)
        });
        let Some(next) = next else { break };
        let (mut one, _, work) = heads.swap_remove(next);
        taken.push(take(work)?);
        one.leased += 1;
        heads.extend(head(one.workspace)?.map(|(due, work)| (one, due, work)));
    }
    Ok(taken)
}
