//! Carries a scenario out: people first, then step by step on the simulator's clock.

use std::time::Duration;

use bytes::Bytes;

use super::{Expect, Scenario, ScenarioError, Space, Step, Verdict};
use crate::control::{AppReply, CommentRequest, CustomerMessage, ReferralRequest};
use crate::error::ControlError;
use crate::respondio::{NewChannel, NewWorkspace};
use crate::simulator::Simulator;
use crate::state::auto_messages::{AuditStatus, AutoKind};
use crate::state::businesses::BusinessSettings;
use crate::state::messages::Content;
use crate::state::tokens::SCOPES;

/// The picture that is sent where a step names no file.
const PICTURE: &[u8] = include_bytes!("../../assets/dress.png");
/// How long an answer is waited for unless the step says otherwise, real time.
const PATIENCE: Duration = Duration::from_secs(10);

/// How a scenario ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Played {
    /// Steps carried out.
    pub steps: usize,
    /// The file says that the simulator ends here.
    pub end: bool,
}

/// What a step needs to know of those before it.
#[derive(Debug, Default)]
struct Memory {
    /// The newest `order` of a message when the last step with an event was over.
    seen: u64,
}

impl Simulator {
    /// Adds the people and settings of a scenario. People that exist stay as they are.
    pub fn populate(&self, scenario: &Scenario) -> Result<(), ScenarioError> {
        self.prepare(scenario).map_err(|source| ScenarioError::Refused { line: 0, source })
    }

    /// Adds the people of a scenario and plays its steps. Stops at the first step that is refused or finds something unexpected.
    pub async fn play(&self, scenario: &Scenario) -> Result<Played, ScenarioError> {
        self.populate(scenario)?;
        self.play_steps(scenario).await
    }

    /// Plays the steps of a scenario whose people are there already, see [`Simulator::populate`].
    pub async fn play_steps(&self, scenario: &Scenario) -> Result<Played, ScenarioError> {
        let (mut memory, mut steps) = (Memory::default(), 0);
        for (line, step) in &scenario.steps {
            let line = *line;
            if let Some(wait) = step.wait {
                self.advance(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX)).await;
            }
            self.act(scenario, step).map_err(|source| ScenarioError::Refused { line, source })?;
            if let Some(expect) = &step.expect {
                self.check(step, expect, &memory).await.map_err(|what| ScenarioError::Unexpected { line, what })?;
            }
            memory.seen = self.with(|state| state.ids.count());
            steps += 1;
            if step.end == Some(true) {
                return Ok(Played { steps, end: true });
            }
        }
        Ok(Played { steps, end: false })
    }

    fn prepare(&self, scenario: &Scenario) -> Result<(), ControlError> {
        let there = |result: Result<(), ControlError>| match result {
            Err(ControlError::Exists { .. }) => Ok(()),
            other => other,
        };
        let script = &scenario.script;
        for app in &script.apps {
            self.register_app(app.clone());
        }
        for one in &script.businesses {
            there(self.create_business(one.clone()).map(|_| ()))?;
        }
        for one in &script.customers {
            there(self.create_customer(one.clone()).map(|_| ()))?;
        }
        let app_id = self.config().app_id.clone();
        if let Some(url) = &script.webhook_url {
            for category in ["DIRECT_MESSAGE", "COMMENT", "VIDEO"] {
                self.set_callback(&app_id, category, url)?;
            }
        }
        for business in &script.connect {
            self.grant(business, &app_id, &SCOPES)?;
        }
        for one in &script.auto_messages {
            self.set_auto_message(one)?;
        }
        script.respondio.iter().try_for_each(|one| self.prepare_respondio(one))
    }

    fn prepare_respondio(&self, space: &Space) -> Result<(), ControlError> {
        if self.respondio_workspaces().iter().any(|known| known.name == space.name) {
            return Ok(());
        }
        let Space { name, plan, token, channels } = space.clone();
        let made = self.create_respondio_workspace(NewWorkspace { name, plan, token, ..NewWorkspace::default() });
        for business in channels {
            self.add_respondio_channel(made.id, &NewChannel { business, name: None })?;
        }
        Ok(())
    }

    /// Everything of a step but waiting and expecting.
    fn act(&self, scenario: &Scenario, step: &Step) -> Result<(), ControlError> {
        self.customer_acts(scenario, step)?;
        self.business_acts(step)?;
        if step.clear_faults == Some(true) {
            self.clear_faults();
        }
        if let Some(fault) = &step.fault {
            self.set_fault(fault.clone());
        }
        Ok(())
    }

    fn customer_acts(&self, scenario: &Scenario, step: &Step) -> Result<(), ControlError> {
        if let Some(what) = self.written(scenario, step)? {
            self.customer_writes(&what)?;
        }
        if step.reads == Some(true) {
            self.read(&step.customer()?, &step.business()?)?;
        }
        if step.accepts == Some(true) {
            self.accept(&step.customer()?, &step.business()?)?;
        }
        let referral = match (&step.clicks_ad, &step.opens_link) {
            (Some(name), _) => ReferralRequest {
                business: step.business()?,
                ad_name: Some(name.clone()),
                ..ReferralRequest::default()
            },
            (None, Some(link)) => ReferralRequest { link: Some(link.clone()), ..ReferralRequest::default() },
            (None, None) => ReferralRequest::default(),
        };
        if step.clicks_ad.is_some() || step.opens_link.is_some() {
            self.refer(&ReferralRequest { customer: step.customer()?, ..referral })?;
        }
        if let Some(text) = &step.comments {
            let (customer, business) = (step.customer()?, step.business()?);
            self.comment(&CommentRequest { customer, business, text: text.clone(), ..CommentRequest::default() })?;
        }
        Ok(())
    }

    /// What the customer writes, sends, taps or reacts with.
    fn written(&self, scenario: &Scenario, step: &Step) -> Result<Option<CustomerMessage>, ControlError> {
        let of = |kind: &str| {
            let at = step.at(self.now_ms());
            Ok::<_, ControlError>(CustomerMessage {
                at,
                ..CustomerMessage::of(&step.customer()?, &step.business()?, kind)
            })
        };
        Ok(Some(if let Some(text) = &step.writes {
            CustomerMessage { text: Some(text.clone()), ..of("text")? }
        } else if let Some(kind) = &step.sends {
            let media_id = match kind.as_str() {
                "image" | "video" => Some(self.put_media(read(scenario, step)?)),
                _ => None,
            };
            CustomerMessage { media_id, ..of(kind)? }
        } else if let Some(button) = &step.taps {
            CustomerMessage { button_id: Some(button.clone()), ..of("text")? }
        } else if let Some(words) = &step.asks {
            CustomerMessage { auto_message_id: Some(self.chip(&step.business()?, words)?), ..of("text")? }
        } else if let Some(emoji) = &step.reacts {
            CustomerMessage { emoji: Some(emoji.clone()), ..of("reaction")? }
        } else {
            return Ok(None);
        }))
    }

    /// Id of the suggested question or chat prompt with these first words.
    fn chip(&self, business: &str, words: &str) -> Result<String, ControlError> {
        let found = self.with(|state| {
            let all = state.auto_messages.all_of(business).into_iter();
            all.filter(|one| one.auto_message_type != AutoKind::WelcomeMessage)
                .find(|one| one.words.first().is_some_and(|first| first == words))
        });
        let found = found.ok_or_else(|| ControlError::not_found("suggested question or chat prompt", words))?;
        Ok(found.auto_message_id)
    }

    fn business_acts(&self, step: &Step) -> Result<(), ControlError> {
        if let Some(text) = &step.answers {
            self.app_reply(&AppReply {
                at: step.at(self.now_ms()),
                source: step.source.clone(),
                auto_message_type: step.auto.clone(),
                ..AppReply::text(&step.business()?, &step.customer()?, text)
            })?;
        }
        if let Some(settings) = &step.set {
            self.change_business(BusinessSettings { business: step.business()?, ..settings.clone() })?;
        }
        if let Some(verdict) = step.review {
            let business = step.business()?;
            let all = self.with(|state| state.auto_messages.all_of(&business));
            for one in all.iter().filter(|one| one.audit_status == AuditStatus::Reviewing) {
                self.review_auto_message(&one.auto_message_id, verdict == Verdict::Approve)?;
            }
        }
        if step.revokes == Some(true) {
            self.revoke(&step.business()?, true)?;
        }
        if step.connects == Some(true) {
            self.grant(&step.business()?, &self.config().app_id, &SCOPES)?;
        }
        if let Some(caption) = &step.posts {
            self.add_post(&step.business()?, caption)?;
        }
        Ok(())
    }

    async fn check(&self, step: &Step, expect: &Expect, memory: &Memory) -> Result<(), String> {
        if let Some(words) = &expect.answer {
            self.wait_for(step, words, expect.within, memory.seen).await?;
        }
        if expect.nothing == Some(true)
            && let Some(text) = self.sent_since(step, memory.seen)?.first()
        {
            return Err(format!("expected nothing, but \"{text}\" was sent"));
        }
        if expect.delivered == Some(true) {
            self.deliver_due().await;
            let left = self.webhook_log().into_iter().filter(|one| one.state != "delivered").count();
            if left > 0 {
                return Err(format!("expected every webhook delivered, but {left} are not"));
            }
        }
        if expect.state.is_none() && expect.quota_left.is_none() {
            return Ok(());
        }
        let ledger = self.conversation(&id(step)?).ok_or("the two have no conversation yet")?.ledger;
        let left = ledger.quota_left.map_or(-1, i64::from);
        if expect.state.as_ref().is_some_and(|state| state != ledger.state) {
            return Err(format!(
                "expected the window to be {}, but it is {}",
                expect.state.as_deref().unwrap_or_default(),
                ledger.state
            ));
        }
        if expect.quota_left.is_some_and(|wanted| wanted != left) {
            return Err(format!("expected {} messages left, but it is {left}", expect.quota_left.unwrap_or_default()));
        }
        Ok(())
    }

    /// Texts the API has sent in the step's conversation since `seen`.
    fn sent_since(&self, step: &Step, seen: u64) -> Result<Vec<String>, String> {
        let view = self.conversation(&id(step)?);
        let messages = view.map(|view| view.conversation.messages).unwrap_or_default();
        let sent = messages.iter().filter(|one| one.source == "API" && one.order > seen);
        Ok(sent
            .map(|one| match &one.content {
                Content::Text { body } => body.clone(),
                Content::Template { title, .. } => title.clone(),
                _ => String::new(),
            })
            .collect())
    }

    async fn wait_for(
        &self,
        step: &Step,
        words: &str,
        within: Option<jiff::SignedDuration>,
        seen: u64,
    ) -> Result<(), String> {
        let mut news = self.news();
        let patience = within.and_then(|within| Duration::try_from(within).ok()).unwrap_or(PATIENCE);
        let end = tokio::time::Instant::now() + patience;
        loop {
            if self.sent_since(step, seen)?.iter().any(|text| text.contains(words)) {
                return Ok(());
            }
            self.deliver_due().await;
            // A console that hears too much is no reason to look less often.
            if tokio::time::timeout_at(end, news.recv()).await.is_err() {
                return Err(format!("expected an answer with \"{words}\", but none came"));
            }
        }
    }

    /// Adds the demo cast: three businesses, a personal account, nine customers, a workspace of Respond.io. Those that exist stay as they are.
    ///
    /// # Panics
    /// Never: the demo is part of the program, and a test plays it.
    pub fn seed_demo(&self) {
        self.populate(&Scenario::demo()).expect("invariant: the built-in scenario is played by a test");
    }

    /// Lets the cast say what it has said so far, back-dated. Connect the businesses first, or nobody hears it.
    ///
    /// # Panics
    /// When somebody of the cast is missing: [`Simulator::seed_demo`] comes first.
    pub fn tell_demo(&self) {
        let demo = Scenario::demo();
        for (_, step) in &demo.steps {
            self.act(&demo, step).expect("invariant: the built-in scenario is played by a test");
        }
    }
}

impl Step {
    fn customer(&self) -> Result<String, ControlError> {
        self.customer.clone().ok_or_else(|| ControlError::invalid("customer is missing"))
    }

    fn business(&self) -> Result<String, ControlError> {
        self.business.clone().ok_or_else(|| ControlError::invalid("business is missing"))
    }

    fn at(&self, now: i64) -> Option<i64> {
        self.ago.map(|ago| now - i64::try_from(ago.as_millis()).unwrap_or_default())
    }
}

/// The conversation a step names.
fn id(step: &Step) -> Result<String, String> {
    let (business, customer) = (step.business(), step.customer());
    let (business, customer) = business.and_then(|one| Ok((one, customer?))).map_err(|error| error.to_string())?;
    Ok(crate::signing::conversation_id(&business, &customer))
}

fn read(scenario: &Scenario, step: &Step) -> Result<Bytes, ControlError> {
    let Some(file) = &step.file else { return Ok(Bytes::from_static(PICTURE)) };
    let path = scenario.folder.join(file);
    let read = std::fs::read(&path).map_err(|error| ControlError::invalid(format!("{}: {error}", path.display())));
    read.map(Bytes::from)
}
