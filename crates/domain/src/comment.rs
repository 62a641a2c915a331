//! A comment that TikTok's classifier takes for an interest to buy, and the one direct message that may answer it.
//!
//! Conditions: TikTok API for Business, send page (`COMMENT_REPLY`), read 2026-11-20. What can be known here is checked here; that it
//! is a first-level comment, that no message went between the two for 24 hours, age and countries are TikTok's to judge.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    account::{Account, ProviderKind},
    clock::Timestamp,
    contact::Contact,
    content::{Content, same_words},
    failure::{Failure, FailureKind},
    id::{Entity, Id},
    message::Author,
    reply::{Refusal, check_content},
    workspace::Workspace,
};

/// How long a comment may be answered.
pub const ANSWERABLE_FOR: Duration = Duration::from_hours(48);
/// How far the provider's clock may be behind ours for a report still to be of an answer that was given at our time.
const CLOCK_SKEW: Duration = Duration::from_mins(1);
/// A report of the same words is taken for an answer so long after the call; later ones are somebody else's.
const ECHO_WITHIN: Duration = Duration::from_mins(10);

/// A flagged comment under a post of an account's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Printed `cmt_…`.
    pub id: Id<Self>,
    /// The tenant.
    pub workspace_id: Id<Workspace>,
    /// The account under whose post it stands.
    pub account_id: Id<Account>,
    /// Who wrote it.
    pub contact_id: Id<Contact>,
    /// TikTok's `comment_id`, unique per account.
    pub external_id: String,
    /// What it says; `None` where TikTok did not tell.
    pub text: Option<String>,
    /// The provider's time.
    pub commented_at: Timestamp,
    /// See [`CommentState`].
    pub state: CommentState,
    /// The answer, whatever became of it; `None` while open.
    pub answer: Option<Answer>,
    /// The provider's id of the message that the answer became: guessed from its echo while the call is out, named by TikTok's answer.
    pub message_external_id: Option<String>,
    /// When we stored it.
    pub created_at: Timestamp,
    /// The event that last changed it.
    pub seq: i64,
}

impl Entity for Comment {
    const PREFIX: &'static str = "cmt";
}

/// Where a comment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommentState {
    /// Nobody answered it here.
    Open,
    /// An answer waits or is on its way.
    Answering,
    /// TikTok has the answer.
    Answered,
    /// TikTok does not have it.
    Failed,
    /// Nobody knows: TikTok's answer to the call was lost.
    Unconfirmed,
}

impl CommentState {
    /// As stores keep it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Answering => "answering",
            Self::Answered => "answered",
            Self::Failed => "failed",
            Self::Unconfirmed => "unconfirmed",
        }
    }

    /// Back from [`as_str`](Self::as_str).
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Open, Self::Answering, Self::Answered, Self::Failed, Self::Unconfirmed]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

/// The direct message that answers a comment. Kept as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The words.
    pub text: String,
    /// Who gave it.
    pub author: Author,
    /// The caller's key: the same key gives the same answer.
    pub idempotency_key: Option<String>,
    /// When it was given; of one that is sent again, the first time.
    pub asked_at: Timestamp,
    /// The newest call, written before it left. While the answer waits to be sent (again) there is none.
    pub attempt: Option<AnswerAttempt>,
    /// An earlier call's answer was lost and a person sent the same words again: one of the two may have arrived.
    pub doubtful: bool,
    /// Why it failed, is unconfirmed or waits.
    pub failure: Option<Failure>,
}

/// One call that answers a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerAttempt {
    /// The lease of the job that makes it: whoever comes back with another one changes nothing.
    pub token: i64,
    /// When it began.
    pub at: Timestamp,
}

/// An answer as a caller wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerDraft {
    /// Which comment.
    pub comment_id: Id<Comment>,
    /// The words, at most [`TEXT_MAX`](crate::reply::TEXT_MAX) UTF-16 units.
    pub text: String,
    /// On whose behalf.
    pub author: Author,
    /// The same key gives the same answer.
    pub idempotency_key: Option<String>,
    /// A person decides to send an unconfirmed answer again. TikTok takes one per comment, so a second is refused if the first arrived.
    pub again: bool,
}

impl Comment {
    /// From this time on TikTok refuses.
    pub fn answerable_until(&self) -> Timestamp {
        self.commented_at.plus(ANSWERABLE_FOR)
    }

    /// Whether a call that answers it may be out right now.
    pub fn is_in_flight(&self) -> bool {
        self.state == CommentState::Answering && self.answer.as_ref().is_some_and(|answer| answer.attempt.is_some())
    }

    /// Whether a message of these words, reported with that time, may be its answer.
    pub fn awaits_echo(&self, said: &str, sent_at: Timestamp) -> bool {
        let waits = matches!(self.state, CommentState::Answering | CommentState::Unconfirmed);
        let Some(answer) = self.answer.as_ref().filter(|_| waits && self.message_external_id.is_none()) else {
            return false;
        };
        // What waits has left only if an earlier call of the same words did.
        let latest = answer.attempt.map(|attempt| attempt.at).or(answer.doubtful.then_some(answer.asked_at));
        let in_time = latest
            .is_some_and(|latest| sent_at >= answer.asked_at.minus(CLOCK_SKEW) && sent_at <= latest.plus(ECHO_WITHIN));
        in_time && same_words(&answer.text, said)
    }
}

impl AnswerDraft {
    /// Checks it against what stands: a new answer, or (`true`) an unconfirmed one again.
    ///
    /// # Errors
    /// The first rule that refuses.
    pub fn check(&self, account: &Account, comment: &Comment, now: Timestamp) -> Result<bool, Refusal> {
        let again = match (comment.state, &comment.answer) {
            (CommentState::Answered, _) => return Err(Refusal::CommentAnswered),
            (CommentState::Answering, _) => {
                return Err(Refusal::NotRetryable("an answer to this comment is on its way"));
            }
            (CommentState::Unconfirmed, _) if !self.again => {
                return Err(Refusal::NotRetryable("its answer may have arrived; say `again` to send it once more"));
            }
            (CommentState::Unconfirmed, Some(answer)) if answer.text != self.text => {
                return Err(Refusal::NotRetryable("what may have arrived can only be sent again in the same words"));
            }
            (state, _) => state == CommentState::Unconfirmed,
        };
        check_content(&Content::Text { body: self.text.clone() })?;
        check_answerable(account, comment, now)?;
        Ok(again)
    }
}

/// Checks what can be known of a comment: its age, and whether its account can send.
///
/// # Errors
/// The first rule that refuses.
pub fn check_answerable(account: &Account, comment: &Comment, now: Timestamp) -> Result<(), Refusal> {
    if account.provider != ProviderKind::Official {
        return Err(Refusal::ProviderCannotSend);
    }
    if !account.state.is_connected() {
        return Err(Refusal::AccountDisconnected);
    }
    if now >= comment.answerable_until() {
        return Err(Refusal::CommentTooOld { since: comment.answerable_until() });
    }
    if account.state.can_send() { Ok(()) } else { Err(Refusal::AccountPaused) }
}

/// What a refusal of [`check_answerable`] means for an answer that waits.
pub(crate) const fn failure_kind(refusal: &Refusal) -> FailureKind {
    match refusal {
        Refusal::CommentTooOld { .. } => FailureKind::WindowClosed,
        Refusal::AccountDisconnected => FailureKind::AccountDisconnected,
        _ => FailureKind::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{account::AccountState, ledger::RuleSet};

    const T0: Timestamp = Timestamp::from_secs(1_790_000_000);

    fn account(state: AccountState, provider: ProviderKind) -> Account {
        Account {
            id: Id::from_raw(7),
            workspace_id: Id::from_raw(1),
            binding: Id::from_raw(2),
            provider,
            external_id: "biz".to_owned(),
            username: None,
            display_name: None,
            avatar_url: None,
            state,
            state_reason: None,
            rule_set: RuleSet::Strict,
            scopes: Vec::new(),
            connected_at: T0,
            token_expires_at: None,
            last_delivery_at: None,
            history: None,
            both_since: None,
        }
    }

    fn comment(state: CommentState, answer: Option<Answer>) -> Comment {
        Comment {
            id: Id::from_raw(9),
            workspace_id: Id::from_raw(1),
            account_id: Id::from_raw(7),
            contact_id: Id::from_raw(8),
            external_id: "c-1".to_owned(),
            text: None,
            commented_at: T0,
            state,
            answer,
            message_external_id: None,
            created_at: T0,
            seq: 0,
        }
    }

    fn secs(secs: u64) -> Timestamp {
        T0.plus(Duration::from_secs(secs))
    }

    /// Given at the hundredth second, called at `begun`.
    fn answer(begun: Option<u64>, doubtful: bool) -> Answer {
        Answer {
            text: "hi".to_owned(),
            author: Author::Rule,
            idempotency_key: None,
            asked_at: secs(100),
            attempt: begun.map(|at| AnswerAttempt { token: 1, at: secs(at) }),
            doubtful,
            failure: None,
        }
    }

    fn draft(text: &str, again: bool) -> AnswerDraft {
        AnswerDraft {
            comment_id: Id::from_raw(9),
            text: text.to_owned(),
            author: Author::Rule,
            idempotency_key: None,
            again,
        }
    }

    #[test]
    fn an_echo_comes_within_minutes_of_a_call() {
        let print = "hi";
        let called = comment(CommentState::Unconfirmed, Some(answer(Some(101), false)));
        let heard: Vec<_> = [39, 40, 101, 701, 702].map(|at| called.awaits_echo(print, secs(at))).into();
        assert_eq!(heard, [false, true, true, true, false]);
        assert!(!called.awaits_echo("ho", secs(101)));
        let named = Comment { message_external_id: Some("m-1".to_owned()), ..called.clone() };
        assert!(!named.awaits_echo(print, secs(101)), "it has its message");
        for state in [CommentState::Answered, CommentState::Failed] {
            assert!(!Comment { state, ..called.clone() }.awaits_echo(print, secs(101)));
        }
        let waits = comment(CommentState::Answering, Some(answer(None, false)));
        assert!(!waits.awaits_echo(print, secs(101)), "nothing has left");
        let again = comment(CommentState::Answering, Some(answer(None, true)));
        assert!(again.awaits_echo(print, secs(101)), "the first call may have");
        let second = comment(CommentState::Answering, Some(answer(Some(4_000), true)));
        assert!(second.awaits_echo(print, secs(101)) && second.awaits_echo(print, secs(4_001)));
    }

    #[test]
    fn one_answer_each_and_none_after_forty_eight_hours() {
        let active = account(AccountState::Active, ProviderKind::Official);
        let check = |comment: &Comment, draft: &AnswerDraft| draft.check(&active, comment, secs(200));
        let lost = comment(CommentState::Unconfirmed, Some(answer(Some(101), false)));
        assert_eq!(check(&comment(CommentState::Open, None), &draft("hi", false)), Ok(false));
        assert_eq!(check(&comment(CommentState::Failed, Some(answer(None, false))), &draft("ho", false)), Ok(false));
        assert_eq!(check(&lost, &draft("hi", true)), Ok(true));
        for (row, draft) in [
            (comment(CommentState::Answering, Some(answer(None, false))), draft("hi", true)),
            (lost.clone(), draft("hi", false)),
            (lost, draft("ho", true)),
        ] {
            assert!(matches!(check(&row, &draft), Err(Refusal::NotRetryable(_))));
        }
        let done = comment(CommentState::Answered, Some(answer(Some(101), false)));
        assert_eq!(check(&done, &draft("hi", true)), Err(Refusal::CommentAnswered));

        let open = comment(CommentState::Open, None);
        let end = open.answerable_until();
        assert_eq!(end, T0.plus(Duration::from_hours(48)));
        assert_eq!(check_answerable(&active, &open, end.minus(Duration::from_millis(1))), Ok(()));
        assert_eq!(check_answerable(&active, &open, end), Err(Refusal::CommentTooOld { since: end }));
        let paused = account(AccountState::Paused, ProviderKind::Official);
        assert_eq!(check_answerable(&paused, &open, T0), Err(Refusal::AccountPaused));
        assert_eq!(check_answerable(&paused, &open, end), Err(Refusal::CommentTooOld { since: end }), "no longer");
        let gone = account(AccountState::Disconnected, ProviderKind::Official);
        assert_eq!(check_answerable(&gone, &open, T0), Err(Refusal::AccountDisconnected));
        let other = account(AccountState::Active, ProviderKind::Thirdparty);
        assert_eq!(check_answerable(&other, &open, T0), Err(Refusal::ProviderCannotSend));
    }

    #[test]
    fn states_read_back() {
        for state in [
            CommentState::Open,
            CommentState::Answering,
            CommentState::Answered,
            CommentState::Failed,
            CommentState::Unconfirmed,
        ] {
            assert_eq!(CommentState::parse(state.as_str()), Some(state));
        }
        assert_eq!(CommentState::parse("gone"), None);
    }
}
