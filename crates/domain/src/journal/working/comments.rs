//! Loaded comments, and what was changed of them.

use super::{Working, finish::change_of};
use crate::{
    account::Account,
    comment::Comment,
    event::{EventKind, NewEvent},
    id::Id,
    journal::Change,
};

impl Working<'_> {
    /// Adds a loaded comment. One that was added before is left as it is.
    pub fn add_comment(&mut self, comment: Comment) {
        self.comments.entry(comment.id).or_insert(comment);
    }

    /// A comment.
    pub fn comment(&self, id: Id<Comment>) -> Option<&Comment> {
        self.comments.get(&id)
    }

    pub(in crate::journal) fn comments(&self) -> impl Iterator<Item = &Comment> {
        self.comments.values()
    }

    pub(in crate::journal) fn comment_by_key(&self, account: Id<Account>, external_id: &str) -> Option<&Comment> {
        self.comments.values().find(|comment| comment.account_id == account && comment.external_id == external_id)
    }

    pub(in crate::journal) fn insert_comment(&mut self, comment: Comment) {
        self.dirty.comments.insert(comment.id, true);
        let id = comment.id;
        self.add_comment(comment);
        self.comment_event(id);
    }

    /// Changes a comment and writes its event, one per use case.
    pub(in crate::journal) fn edit_comment(&mut self, id: Id<Comment>, edit: impl FnOnce(&mut Comment)) {
        let Some(comment) = self.comments.get_mut(&id) else { return };
        edit(comment);
        self.dirty.comments.entry(id).or_insert(false);
        self.comment_event(id);
    }

    fn comment_event(&mut self, id: Id<Comment>) {
        let Some(comment) = self.comments.get(&id) else { return };
        let event = NewEvent {
            workspace_id: comment.workspace_id,
            account_id: comment.account_id,
            kind: EventKind::Comment,
            conversation_id: None,
            message_id: None,
            comment_id: Some(id),
        };
        // One per use case: it shows the newest state.
        self.changes.events.retain(|known| *known != event);
        self.changes.events.push(event);
    }

    pub(super) fn changed_comments(&mut self) -> Vec<Change<Comment>> {
        let dirty = std::mem::take(&mut self.dirty.comments);
        dirty.into_iter().filter_map(|(id, is_new)| Some(change_of(is_new, self.comments.remove(&id)?))).collect()
    }
}
