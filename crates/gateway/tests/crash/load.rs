//! Customers who write to TikTok, and programs that answer over the API: each keeps one conversation going, in order, and asks again
//! with the same key until it was answered.

use std::time::Duration;

use domain::{conversation::Conversation, id::Id};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use simulator::CustomerMessage;
use tokio_util::sync::CancellationToken;

use crate::{
    people::{SHOP, customer},
    world::World,
};

/// Between two messages of customers, when a test does not say otherwise.
const CUSTOMERS_EVERY: Duration = Duration::from_millis(80);
/// Between two replies of one program: about what TikTok takes per second from all of them.
const REPLY_EVERY: Duration = Duration::from_millis(900);
/// Until a program asks again that got no answer.
const ASK_AGAIN: Duration = Duration::from_millis(25);

/// See the module.
#[derive(Debug)]
pub(crate) struct Load {
    pub(crate) programs: Vec<Program>,
    /// What customers wrote.
    pub(crate) written: Vec<String>,
    /// Between two messages of customers.
    pub(crate) customers_every: Duration,
}

/// One program with its conversation.
#[derive(Debug)]
pub(crate) struct Program {
    customer: usize,
    conversation: Id<Conversation>,
    count: u32,
    /// Asked for, and not answered yet.
    pending: Option<String>,
    /// Accepted, in order: text and id.
    pub(crate) accepted: Vec<(String, String)>,
    /// Refused by a rule: never to be sent.
    pub(crate) refused: Vec<String>,
}

impl Load {
    /// One program for each conversation of the world.
    pub(crate) fn new(world: &World) -> Self {
        let program = |(customer, (conversation, _)): (usize, &(Id<Conversation>, String))| Program {
            customer,
            conversation: *conversation,
            count: 0,
            pending: None,
            accepted: Vec::new(),
            refused: Vec::new(),
        };
        let written = (0..world.conversations.len()).map(|customer| format!("c{customer}-first")).collect();
        let programs = world.conversations.iter().enumerate().map(program).collect();
        Self { programs, written, customers_every: CUSTOMERS_EVERY }
    }

    /// Replies accepted so far.
    pub(crate) fn accepted(&self) -> usize {
        self.programs.iter().map(|program| program.accepted.len()).sum()
    }

    /// Goes on until `end` ends; gives what that gives. What was asked for and not answered is asked for again the next time.
    pub(crate) async fn run<T>(&mut self, world: &World, end: impl Future<Output = T>) -> T {
        let stop = CancellationToken::new();
        let Self { programs, written, customers_every } = self;
        let programs = join_all(programs.iter_mut().map(|program| program.run(world, &stop)));
        let ending = async {
            let ended = end.await;
            stop.cancel();
            ended
        };
        let (ended, _, ()) = tokio::join!(ending, programs, write(world, written, *customers_every, &stop));
        ended
    }

    /// Asks for what is pending, and for nothing new.
    pub(crate) async fn finish(&mut self, world: &World) {
        join_all(self.programs.iter_mut().map(|program| async {
            while let Some(text) = program.pending.take() {
                if program.ask(world, text).await {
                    break;
                }
                tokio::time::sleep(ASK_AGAIN).await;
            }
        }))
        .await;
    }
}

async fn write(world: &World, written: &mut Vec<String>, every: Duration, stop: &CancellationToken) {
    let mut beat = tokio::time::interval(every);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = beat.tick() => {}
        }
        let number = written.len() % world.conversations.len();
        let text = format!("c{number}-{}", written.len());
        world.sim.customer_writes(&CustomerMessage::text(&customer(number), SHOP, &text)).unwrap();
        written.push(text);
    }
}

impl Program {
    async fn run(&mut self, world: &World, stop: &CancellationToken) {
        // Not all at once.
        let mut pause = REPLY_EVERY / 8 * u32::try_from(self.customer % 8).unwrap();
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
            let text = self.pending.take().unwrap_or_else(|| {
                self.count += 1;
                format!("r{}-{}", self.customer, self.count)
            });
            pause = if self.ask(world, text).await { REPLY_EVERY } else { ASK_AGAIN };
        }
    }

    /// Asks once. False: no answer that says what became of it.
    async fn ask(&mut self, world: &World, text: String) -> bool {
        let request = world.api(Method::POST, &format!("/api/v1/conversations/{}/messages", self.conversation));
        let body = json!({"content": {"type": "text", "body": text}});
        let answer = async {
            let answer = request.header("idempotency-key", &text).json(&body).send().await?;
            Ok::<_, reqwest::Error>((answer.status().as_u16(), answer.json::<Value>().await?))
        };
        match answer.await {
            Ok((200 | 202, message)) => {
                self.accepted.push((text, message["id"].as_str().unwrap().to_owned()));
                true
            }
            Ok((409, _)) => {
                self.refused.push(text);
                true
            }
            Ok((503, _)) | Err(_) => {
                self.pending = Some(text);
                false
            }
            Ok(other) => panic!("neither accepted nor refused: {other:?}"),
        }
    }
}
