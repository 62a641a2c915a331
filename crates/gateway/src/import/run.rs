//! Filing the lines of a file, batch by batch: each with its conversation, without those that are here.

use std::collections::{BTreeMap, HashMap, HashSet};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    Timestamp,
    account::{Account, Connect, ProviderKind},
    contact::Channel,
    content::Content,
    history::PastConversation,
    inbound::{Inbound, InboundContent, InboundCustomer, InboundMessage, Source},
    message::Direction,
    store::{ChatFilter, Store, StoreResult},
    workspace::{Permitted, Scope},
};
use sha2::{Digest, Sha256};

use super::{
    Named, Report, Target, Unreadable,
    copies::{Copies, key_of},
    line::{self, Customer, Said},
};

/// Lines that a report names; it counts all.
const NAMED: usize = 50;
/// Where lines go that name no account.
const UNNAMED: &str = "imported";
/// Messages of a conversation that are read at a time.
const PAGE: u32 = 200;
/// Another reading of the same message may round its time to this, in ms.
const ROUNDED_MS: i64 = 1_000;

/// A conversation of the file: the account that its lines name, and its name.
type Chat = (Option<String>, String);

/// One run over a file.
pub(super) struct Run<'a> {
    store: &'a dyn Store,
    target: &'a Target,
    copies: HashMap<Chat, Copies>,
    accounts: HashMap<String, Option<Account>>,
    touched: HashSet<Chat>,
    report: Report,
}

/// A message to file, with what tells it from its equals.
pub(super) type Placed = (Said, u32);

impl<'a> Run<'a> {
    pub(super) fn new(store: &'a dyn Store, target: &'a Target, dry_run: bool) -> Self {
        let report = Report { dry_run, ..Report::default() };
        Self { store, target, copies: HashMap::new(), accounts: HashMap::new(), touched: HashSet::new(), report }
    }

    pub(super) fn ended(mut self) -> Report {
        self.report.conversations = self.touched.len();
        self.report
    }

    /// Adds what a line says to the batch, unless it is a copy or no message.
    pub(super) fn read(&mut self, line: &[u8], batch: &mut Vec<Placed>) {
        let line = line.trim_ascii();
        if line.is_empty() {
            return;
        }
        self.report.lines += 1;
        match line::read(line) {
            Ok(said) => {
                let copies = self.copies.entry((said.account.clone(), said.conversation.clone())).or_default();
                match copies.place(&said) {
                    Some(place) => batch.push((said, place)),
                    None => self.report.copies += 1,
                }
            }
            Err(reason) => {
                self.report.unreadable += 1;
                if self.report.reasons.len() < NAMED {
                    self.report.reasons.push(Unreadable { line: self.report.lines, reason });
                }
            }
        }
    }

    /// Files a batch.
    pub(super) async fn file(&mut self, batch: Vec<Placed>) -> StoreResult<()> {
        let mut conversations: BTreeMap<Chat, Vec<Placed>> = BTreeMap::new();
        for (said, place) in batch {
            conversations.entry((said.account.clone(), said.conversation.clone())).or_default().push((said, place));
        }
        for (key, mut messages) in conversations {
            messages.sort_by_key(|(said, _)| said.at);
            let account = self.account(key.0.as_deref()).await?;
            if let Some(account) = &account {
                messages = self.unknown(account, &key.1, messages).await?;
            }
            if messages.is_empty() {
                continue;
            }
            self.report.imported += messages.len() as u64;
            self.touched.insert(key.clone());
            if let Some(account) = account.filter(|_| !self.report.dry_run) {
                let past = past(&account, &key.1, messages);
                self.store.file_conversation(self.target.workspace, account.id, past).await?;
            }
        }
        Ok(())
    }

    /// The account that lines with this name go to; `None` where a dry run would have made it.
    async fn account(&mut self, named: Option<&str>) -> StoreResult<Option<Account>> {
        if let Some(account) = &self.target.account {
            return Ok(Some(account.clone()));
        }
        let name = named.unwrap_or(UNNAMED);
        if let Some(known) = self.accounts.get(name) {
            return Ok(known.clone());
        }
        let found = self.store.account_by_external_id_any_workspace(ProviderKind::Thirdparty, name).await?;
        let account = match found {
            None if !self.report.dry_run => {
                Some(self.store.connect_account(self.target.workspace, self.archive(name)).await?)
            }
            found => found,
        };
        self.accounts.insert(name.to_owned(), account.clone());
        Ok(account)
    }

    fn archive(&self, name: &str) -> Connect {
        let known = self.target.names.iter().find(|known| known.open_id == name);
        let text = |text: fn(&Named) -> &Option<String>| {
            known.and_then(|known| text(known).clone()).filter(|text| !text.is_empty())
        };
        Connect {
            provider: ProviderKind::Thirdparty,
            external_id: name.to_owned(),
            username: text(|known| &known.username),
            display_name: text(|known| &known.display_name).or_else(|| Some("Imported chats".to_owned())),
            avatar_url: text(|known| &known.avatar_url),
            scopes: Vec::new(),
            tokens: None,
        }
    }

    /// Those that are not here yet: each message that is here stands for one of the same words and, within a second, the same time.
    async fn unknown(&mut self, account: &Account, name: &str, messages: Vec<Placed>) -> StoreResult<Vec<Placed>> {
        let (Some((first, _)), Some((last, _))) = (messages.first(), messages.last()) else { return Ok(messages) };
        let scope = Scope {
            workspace: self.target.workspace,
            accounts: Permitted::Only(std::iter::once(account.id).collect()),
        };
        let Some(conversation) = self.store.conversation_by_external_id(&scope, name).await? else {
            return Ok(messages);
        };
        let rounded = |at: Timestamp, by: i64| Timestamp::from_millis(at.as_millis() + by);
        let filter = ChatFilter {
            account: Some(account.id),
            conversation: Some(conversation),
            since: Some(rounded(first.at, -ROUNDED_MS)),
        };
        let mut here = self.here(&scope, filter, rounded(last.at, ROUNDED_MS)).await?;
        let before = messages.len();
        let fresh: Vec<_> = messages
            .into_iter()
            .filter(|(said, _)| {
                let key = (said.direction, said.words.clone().ok());
                let times = here.get_mut(&key);
                let near = |times: &mut Vec<Timestamp>| {
                    let same = |at: &Timestamp| (at.as_millis() - said.at.as_millis()).abs() < ROUNDED_MS;
                    // The exact time before one that was rounded.
                    let found = times.iter().position(|at| *at == said.at).or_else(|| times.iter().position(same));
                    found.map(|index| times.remove(index))
                };
                times.and_then(near).is_none()
            })
            .collect();
        self.report.known += (before - fresh.len()) as u64;
        Ok(fresh)
    }

    /// When each text was said that is here, up to a time.
    async fn here(
        &self,
        scope: &Scope,
        filter: ChatFilter,
        until: Timestamp,
    ) -> StoreResult<HashMap<(Direction, Option<String>), Vec<Timestamp>>> {
        let mut found: HashMap<_, Vec<Timestamp>> = HashMap::new();
        let mut after = None;
        loop {
            let page = self.store.chats(scope, filter, after, PAGE).await?;
            for record in &page {
                let message = &record.message;
                let words = match &message.content {
                    Content::Text { body } => Some(body.clone()),
                    _ => None,
                };
                found.entry((message.direction, words)).or_default().push(message.sent_at);
            }
            match page.last().map(|record| &record.message) {
                Some(last) if last.sent_at <= until && page.len() == PAGE as usize => {
                    after = Some((last.sent_at, last.id));
                }
                _ => return Ok(found),
            }
        }
    }
}

/// Messages of one conversation as history, in our words.
fn past(account: &Account, conversation: &str, messages: Vec<Placed>) -> PastConversation {
    let writer = messages.iter().rev().find_map(|(said, _)| said.customer.clone());
    let writer = writer.unwrap_or_else(|| Customer { id: conversation.to_owned(), name: None, avatar: None });
    let customer = InboundCustomer {
        channel: channel_of(account.provider),
        external_id: writer.id,
        username: None,
        display_name: writer.name,
        avatar_url: writer.avatar,
        is_follower: None,
    };
    let item = |(said, place): Placed| {
        Inbound::Message(InboundMessage {
            conversation_external_id: conversation.to_owned(),
            external_id: external_id(conversation, &said, place),
            platform_id: None,
            direction: said.direction,
            customer: customer.clone(),
            // It never wrote down through what a reply was sent.
            source: Source::Api,
            sent_at: said.at,
            content: match said.words {
                Ok(words) => InboundContent::Text(words),
                Err(type_name) => InboundContent::Unsupported { type_name },
            },
            quoted_external_id: None,
        })
    };
    PastConversation {
        provider: account.provider,
        external_id: conversation.to_owned(),
        request: false,
        image_send: None,
        items: messages.into_iter().map(item).collect(),
    }
}

const fn channel_of(provider: ProviderKind) -> Channel {
    match provider {
        ProviderKind::Official | ProviderKind::Login => Channel::Tiktok,
        ProviderKind::Respondio => Channel::Respondio,
        ProviderKind::Thirdparty => Channel::Thirdparty,
    }
}

/// The same line always has the same, so a second import finds it.
fn external_id(conversation: &str, said: &Said, place: u32) -> String {
    let (at, rest) = key_of(said);
    let mut digest = Sha256::new();
    digest.update(conversation);
    digest.update(at.as_millis().to_be_bytes());
    digest.update(rest);
    digest.update(place.to_be_bytes());
    format!("import-{}", URL_SAFE_NO_PAD.encode(&digest.finalize()[..16]))
}
