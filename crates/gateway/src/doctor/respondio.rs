//! An account through Respond.io: whether its workspace there can be asked, whether the channel is still in it, how messages come, and
//! whether pictures can leave.

use std::time::Duration;

use domain::{
    account::Account,
    space::{Space, SpaceChannel, SpaceState},
};
use respondio::{Error, ErrorKind};

use super::{Doctor, Finding, calls};
use crate::providers::{
    Turn,
    respondio::{Line, LineError, refusal, words_of},
    tokens::TokenError,
};

/// From this silence on, webhooks are worth a look.
const SILENT: Duration = Duration::from_hours(24);
/// Where a token is put.
pub(super) const NEW_TOKEN: &str = "Make an access token in Respond.io (Settings, Integrations, Developer API) and put it here: Accounts, Through Respond.io. Messages and chats stay, and what was said meanwhile is read then.";
/// How webhooks are made.
const WEBHOOKS: &str =
    "Settings, Integrations, Webhooks: one each for New Incoming Message, New Outgoing Message and Contact Updated";

impl Doctor {
    pub(super) async fn respondio_account(&self, account: &Account) -> Vec<Finding> {
        let (space, line) = match self.line_of(account).await {
            Ok(found) => found,
            Err(finding) => return vec![*finding],
        };
        // The cheapest question, in the turn and the budget of everybody's.
        let mut findings = match self.lines.respondio().channels(&line, Turn::Later).await {
            Ok(channels) => answers(account, &channels),
            Err(error) => vec![self.not_answered(&space, &error).await],
        };
        findings.push(self.webhooks_of(account, &space));
        findings.extend(self.pictures_through_respondio());
        findings
    }

    async fn line_of(&self, account: &Account) -> Result<(Space, Line), Box<Finding>> {
        let unreadable = |error| calls::refused(&TokenError::Store(error));
        let space = self.store.space_of(account.workspace_id, account.id).await.map_err(unreadable)?;
        let Some(space) = space else {
            return Err(Box::new(
                Finding::problem("respondio-workspace-missing", "The account hangs on no Respond.io workspace")
                    .because("Its access token was removed here, so nothing is asked and no reply leaves through Respond.io.")
                    .fix("Put an access token of the workspace (Accounts, Through Respond.io) and choose this channel there; messages and chats stay."),
            ));
        };
        if space.state == SpaceState::Refused {
            let why = space.reason.unwrap_or_else(|| "Respond.io refused the access token".to_owned());
            return Err(Box::new(turned_away(&why)));
        }
        match self.lines.to(&space) {
            Ok(line) => Ok((space, line)),
            Err(LineError::Store(error)) => Err(unreadable(error)),
            Err(error) => Err(Box::new(
                Finding::problem("respondio-token-unreadable", "The stored access token can't be opened")
                    .because(format!("{error}: it was encrypted with another key."))
                    .fix(format!("Put the old ENCRYPTION_KEY (or key file) back. If it is lost: {NEW_TOKEN}")),
            )),
        }
    }

    /// What no answer, or a refusal, means. A refused token is written down, as whoever asks for messages would.
    async fn not_answered(&self, space: &Space, error: &Error) -> Finding {
        if let Some(reason) = refusal(error) {
            if let Err(error) = self.lines.refused(space, reason).await {
                tracing::warn!(
                    error = &error as &(dyn std::error::Error + 'static),
                    "the refusal was not written down"
                );
            }
            return turned_away(reason);
        }
        failed(error)
    }

    fn webhooks_of(&self, account: &Account, space: &Space) -> Finding {
        if let Some(heard) = space.pushed_at.filter(|heard| heard.plus(SILENT) > self.clock.now()) {
            return Finding::ok("respondio-webhooks-arrive", "Respond.io's webhooks arrive")
                .because(format!("The last one came at {heard}."));
        }
        let channel = &account.external_id;
        let address = self.config.server.public_address(&format!("webhook/respondio/{channel}"));
        // A webhook there is of the whole workspace: any of its channels may have the keys.
        let respondio = self.lines.respondio();
        let has_key = respondio.can_verify(channel) || space.channels.iter().any(|one| respondio.can_verify(&one.id));
        if !has_key {
            return Finding::hint("respondio-polled", "Messages are asked for: there are no webhooks")
                .because(format!("RESPONDIO_WEBHOOK_SECRETS has no key for channel {channel}. With many open conversations a message may be here minutes late."))
                .fix(format!("With Respond.io's Advanced plan or a higher one make them there ({WEBHOOKS}), each to the address below; put their keys into RESPONDIO_WEBHOOK_SECRETS as {channel}=key, separated by commas, and start the gateway again. The Growth plan has no webhooks: nothing is to be done."))
                .copy(address);
        }
        let (title, seen) = match space.pushed_at {
            Some(heard) => ("No webhook of Respond.io for a day", format!("The last one came at {heard}")),
            None => ("No webhook of Respond.io yet", "None was ever verified".to_owned()),
        };
        Finding::hint("respondio-webhooks-silent", title)
            .because(format!("{seen}, and keys are configured. Until one comes messages are asked for, which is slower."))
            .fix(format!("Compare with Respond.io ({WEBHOOKS}): each to exactly the address below, each with its own key in RESPONDIO_WEBHOOK_SECRETS. Webhooks take the Advanced plan or a higher one. Answers 401 in the gateway's log mean a wrong key."))
            .copy(address)
    }

    fn pictures_through_respondio(&self) -> Option<Finding> {
        let server = &self.config.server;
        let fetched = self.lines.respondio().fetches_from(server);
        (!fetched).then(|| {
            Finding::hint("respondio-pictures", "Pictures can't leave through Respond.io")
                .because(format!("Respond.io has no upload: it fetches pictures from this gateway, and {} is not an https address that it can reach.", server.public_url))
                .fix("Set PUBLIC_URL to the https address under which the internet reaches this gateway, and start it again. Words leave all the same.")
        })
    }
}

fn answers(account: &Account, channels: &[SpaceChannel]) -> Vec<Finding> {
    let count = channels.len();
    let mut findings = vec![
        Finding::ok("respondio-accepted", "Respond.io accepts the token")
            .because(format!("It lists the workspace's channels: {count}.")),
    ];
    let channel = &account.external_id;
    if !channels.iter().any(|one| one.id == *channel) {
        findings.push(
            Finding::problem("respondio-channel-gone", "The channel is not in the Respond.io workspace any more")
                .because(format!("Channel {channel} is not among those that the token's workspace has: it was removed there, or the token is of another workspace. Nothing arrives and no reply leaves through it."))
                .fix("Connect TikTok again in Respond.io (Settings, Channels). It is a channel with another number then: choose that one here (Accounts, Through Respond.io), and disconnect this account."),
        );
    }
    findings
}

fn turned_away(why: &str) -> Finding {
    Finding::problem("respondio-refused", "Respond.io does not let this gateway in")
        .because(format!("{why}."))
        .fix(format!("{NEW_TOKEN} The API takes the Growth plan or a higher one: where the plan was the reason, put the same token again once it is right."))
}

fn failed(error: &Error) -> Finding {
    let seen = format!("{}.", words_of(error).trim_end_matches('.'));
    if error.is_rate_limited() {
        return Finding::warning("respondio-busy", "Respond.io could not be asked: it wants a pause")
            .because(seen)
            .fix("Run it again in a minute. If it stays so, another program uses the same Respond.io organization: its limits are shared.");
    }
    if error.is_blocked() {
        return Finding::warning("respondio-blocked", "Respond.io's network keeps this gateway out")
            .because(seen)
            .fix("Nothing is to be done at first: everything rests for half a minute and goes on slowly by itself. If it stays so, see whether another program behind the same address calls Respond.io too often.");
    }
    if let ErrorKind::Transport(_) = error.kind() {
        return Finding::problem("respondio-unreachable", "Respond.io can't be reached")
            .because(seen)
            .fix("Let this machine reach api.respond.io on port 443 (or what RESPONDIO_API_URL names): look at its network, its firewall and its DNS.");
    }
    Finding::warning("respondio-error", "Respond.io answered with an error")
        .because(seen)
        .fix("Run it again in a minute. If it stays so, ask Respond.io's support with these words.")
}
