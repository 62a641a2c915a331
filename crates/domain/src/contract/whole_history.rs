//! The whole history of a workspace of Respond.io: asked for once, read back contact by contact, and done when everything is here.

use super::{
    Harness,
    bench::Bench,
    spaces::{account, lease, mark, space},
};
use crate::{
    space::{Back, ReadProblem, UNREADABLE_AFTER, Unreadable, WholeHistory},
    store::{Spaces, Watching},
};

fn down(cursor: &str) -> Back {
    Back::Down { cursor: cursor.to_owned() }
}

/// Asking again changes nothing; nobody else's space is asked.
pub async fn it_is_asked_for_once<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let (store, workspace) = (bench.store(), bench.workspace);
    let id = space(&bench).await.id;
    assert_eq!(store.whole_history(workspace, id).await.unwrap(), None, "nobody asked");
    let asked = store.ask_history(workspace, id).await.unwrap().unwrap();
    assert_eq!((asked.history_asked_at, asked.history_listed_at), (Some(bench.clock.now()), None));
    let expected = WholeHistory {
        asked_at: bench.clock.now(),
        listed: false,
        contacts: 0,
        whole: 0,
        unreadable: 0,
        unreadable_contacts: Vec::new(),
        leased_until: None,
    };
    assert_eq!(store.whole_history(workspace, id).await.unwrap(), Some(expected.clone()));
    bench.advance(5);
    assert_eq!(store.ask_history(workspace, id).await.unwrap(), Some(asked.clone()));
    assert_eq!(store.spaces(workspace).await.unwrap(), [asked]);
    let held = lease(&bench, id).await;
    let watched = WholeHistory { leased_until: Some(held.until), ..expected.clone() };
    assert_eq!(store.whole_history(workspace, id).await.unwrap(), Some(watched));
    store.release_space(held).await.unwrap();
    assert_eq!(store.whole_history(workspace, id).await.unwrap(), Some(expected));
    let stranger = bench.second_workspace(41).await;
    assert_eq!(store.ask_history(stranger, id).await.unwrap(), None);
    assert_eq!(store.whole_history(stranger, id).await.unwrap(), None);
}

/// Whoever is not here whole comes by the contact's id; what was read newly leaves alone how far back that was.
pub async fn each_contact_is_read_back_in_its_turn<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let store = bench.store();
    let id = space(&bench).await.id;
    let held = lease(&bench, id).await;
    assert_eq!(store.next_back(id, 0).await.unwrap(), None);
    for (contact, back) in [(7, None), (8, Some(Back::Whole)), (9, Some(down("1795170000000001")))] {
        assert!(store.set_mark(held, mark(contact, 1), back).await.unwrap());
    }
    assert_eq!(store.next_back(id, 0).await.unwrap(), Some((7, Back::Newest)));
    assert_eq!(store.next_back(id, 8).await.unwrap(), Some((9, down("1795170000000001"))));
    assert_eq!(store.next_back(id, 10).await.unwrap(), None);
    for contact in [7, 8, 9] {
        assert!(store.set_mark(held, mark(contact, 2), None).await.unwrap());
    }
    assert_eq!(store.next_back(id, 8).await.unwrap(), Some((9, down("1795170000000001"))), "it stays");
    assert!(store.set_back(held, 9, down("1795160000000001")).await.unwrap());
    assert_eq!(store.next_back(id, 8).await.unwrap(), Some((9, down("1795160000000001"))));
    for contact in [7, 9] {
        assert!(store.set_back(held, contact, Back::Whole).await.unwrap());
    }
    assert_eq!(store.next_back(id, 0).await.unwrap(), None);
    assert_eq!(store.marks(id).await.unwrap(), [7, 8, 9].map(|contact| mark(contact, 2)));
}

/// Only who has the right writes it down, and only of a contact that has a mark.
pub async fn how_far_back_is_fenced<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let (store, workspace) = (bench.store(), bench.workspace);
    let id = space(&bench).await.id;
    store.ask_history(workspace, id).await.unwrap();
    let first = lease(&bench, id).await;
    store.set_mark(first, mark(7, 1), Some(down("5"))).await.unwrap();
    bench.advance(61);
    let second = lease(&bench, id).await;
    assert!(!store.set_back(first, 7, Back::Whole).await.unwrap());
    assert!(!store.set_mark(first, mark(7, 1), Some(Back::Whole)).await.unwrap());
    assert!(!store.history_listed(first, 1).await.unwrap());
    assert!(!store.set_back(second, 8, Back::Whole).await.unwrap(), "it has no mark");
    assert_eq!(store.next_back(id, 0).await.unwrap(), Some((7, down("5"))));
    let history = store.whole_history(workspace, id).await.unwrap().unwrap();
    assert_eq!((history.listed, history.contacts, history.whole), (false, 1, 0));
    assert!(store.set_back(second, 7, Back::Newest).await.unwrap());
    assert_eq!(store.next_back(id, 0).await.unwrap(), Some((7, Back::Newest)));
}

/// Everything being here counts once everybody was found.
pub async fn done_is_never_said_too_early<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let (store, workspace) = (bench.store(), bench.workspace);
    let id = space(&bench).await.id;
    store.ask_history(workspace, id).await.unwrap();
    let held = lease(&bench, id).await;
    let now = async || store.whole_history(workspace, id).await.unwrap().unwrap();
    store.set_mark(held, mark(7, 1), Some(Back::Whole)).await.unwrap();
    assert!(!now().await.is_done(), "there may be others");
    assert!(!store.history_listed(held, 2).await.unwrap(), "one of the two was not read yet");
    assert!(!now().await.listed);
    store.set_mark(held, mark(8, 1), Some(down("5"))).await.unwrap();
    let listed_at = bench.clock.now();
    assert!(store.history_listed(held, 2).await.unwrap());
    assert!(now().await.listed && !now().await.is_done());
    bench.advance(3);
    assert!(store.history_listed(held, 2).await.unwrap());
    assert_eq!(store.spaces(workspace).await.unwrap()[0].history_listed_at, Some(listed_at), "since the first time");
    store.set_back(held, 8, Back::Whole).await.unwrap();
    assert!(now().await.is_done());
    store.set_mark(held, mark(9, 1), Some(down("4"))).await.unwrap();
    assert!(!now().await.is_done(), "somebody who came later");
}

/// Of an account that is new here everything has to be read, so nothing is done any more; asked is asked.
pub async fn a_new_account_begins_it_again<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let (store, workspace) = (bench.store(), bench.workspace);
    let id = space(&bench).await.id;
    let asked_at = store.ask_history(workspace, id).await.unwrap().unwrap().history_asked_at;
    let held = lease(&bench, id).await;
    store.set_mark(held, mark(7, 1), Some(Back::Whole)).await.unwrap();
    store.history_listed(held, 1).await.unwrap();
    let (first, second) = (account(&bench, "54321").await, account(&bench, "54322").await);
    store.hang_account(workspace, id, first.id).await.unwrap();
    let again = store.whole_history(workspace, id).await.unwrap().unwrap();
    assert_eq!((Some(again.asked_at), again.listed, again.contacts), (asked_at, false, 0));
    store.history_listed(held, 0).await.unwrap();
    store.hang_account(workspace, id, first.id).await.unwrap();
    assert!(store.whole_history(workspace, id).await.unwrap().unwrap().listed, "it was here already");
    store.hang_account(workspace, id, second.id).await.unwrap();
    assert!(!store.whole_history(workspace, id).await.unwrap().unwrap().listed);
}

/// Who can't be read is told once that has lasted: the last reason, and since when. Reading it wipes that away, reading what is new
/// does not.
pub async fn who_can_not_be_read_is_told<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let (store, workspace) = (bench.store(), bench.workspace);
    let id = space(&bench).await.id;
    store.ask_history(workspace, id).await.unwrap();
    let held = lease(&bench, id).await;
    let told = async || {
        let history = store.whole_history(workspace, id).await.unwrap().unwrap();
        assert_eq!(history.unreadable as usize, history.unreadable_contacts.len());
        history.unreadable_contacts
    };
    store.set_mark(held, mark(7, 1), Some(down("5"))).await.unwrap();
    let since = bench.clock.now();
    assert!(store.read_failed(held, 7, ReadProblem::NoAnswer).await.unwrap());
    bench.advance(UNREADABLE_AFTER.as_secs() - 1);
    assert!(store.read_failed(held, 7, ReadProblem::Status(500)).await.unwrap());
    assert_eq!(told().await, [], "that may pass");
    bench.advance(1);
    assert!(store.read_failed(held, 7, ReadProblem::OddAnswer).await.unwrap());
    assert!(store.read_failed(held, 7, ReadProblem::Status(500)).await.unwrap());
    let problem = ReadProblem::Status(500);
    assert_eq!(told().await, [Unreadable { contact: 7, problem, since }]);
    store.set_mark(held, mark(7, 2), None).await.unwrap();
    assert_eq!(told().await.len(), 1, "what is new says nothing of what was said before");
    assert!(store.set_back(held, 7, down("4")).await.unwrap());
    assert_eq!(told().await, []);
    store.read_failed(held, 7, problem).await.unwrap();
    assert_eq!(told().await, [], "it begins again");
}

/// Of many the first few are named, those that fail longest first.
pub async fn of_many_that_can_not_be_read_a_few_are_named<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let (store, workspace) = (bench.store(), bench.workspace);
    let id = space(&bench).await.id;
    store.ask_history(workspace, id).await.unwrap();
    let held = lease(&bench, id).await;
    let many: Vec<u64> = (1..=u64::from(WholeHistory::SHOWN) + 2).rev().collect();
    for round in 0..2 {
        for contact in &many {
            store.read_failed(held, *contact, ReadProblem::Status(500)).await.unwrap();
            bench.advance(1);
        }
        bench.advance(if round == 0 { 120 } else { 0 });
    }
    let history = store.whole_history(workspace, id).await.unwrap().unwrap();
    assert_eq!((history.unreadable as usize, history.contacts as usize), (many.len(), many.len()));
    let named: Vec<u64> = history.unreadable_contacts.iter().map(|one| one.contact).collect();
    assert_eq!(named, many[..WholeHistory::SHOWN as usize]);
    let stranger = bench.second_workspace(41).await;
    assert_eq!(store.whole_history(stranger, id).await.unwrap(), None);
}

/// A contact that was never read was found all the same: nothing is done before it is whole, or does not exist any more.
pub async fn one_that_was_never_read_keeps_done_away<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let (store, workspace) = (bench.store(), bench.workspace);
    let id = space(&bench).await.id;
    store.ask_history(workspace, id).await.unwrap();
    let held = lease(&bench, id).await;
    let now = async || store.whole_history(workspace, id).await.unwrap().unwrap();
    let counts = async || (now().await.contacts, now().await.whole, now().await.is_done());
    store.set_mark(held, mark(7, 1), Some(Back::Whole)).await.unwrap();
    store.read_failed(held, 8, ReadProblem::Status(500)).await.unwrap();
    assert!(!store.history_listed(held, 3).await.unwrap(), "one of the three was not found yet");
    assert!(store.history_listed(held, 2).await.unwrap());
    assert_eq!(counts().await, (2, 1, false));
    assert!(!now().await.only_unreadable_left(), "that may pass");
    bench.advance(UNREADABLE_AFTER.as_secs());
    store.read_failed(held, 8, ReadProblem::Status(500)).await.unwrap();
    assert!(now().await.only_unreadable_left());
    assert_eq!(store.never_read(id).await.unwrap(), [8]);
    store.set_mark(held, mark(8, 1), Some(down("5"))).await.unwrap();
    assert_eq!((counts().await, store.never_read(id).await.unwrap()), ((2, 1, false), vec![]));
    assert!(!now().await.only_unreadable_left(), "it is read");

    store.read_failed(held, 8, ReadProblem::Status(500)).await.unwrap();
    store.read_failed(held, 9, ReadProblem::Status(500)).await.unwrap();
    assert_eq!((counts().await, store.never_read(id).await.unwrap()), ((3, 1, false), vec![9]));
    assert!(store.forget_never_read(held, vec![8, 9, 10]).await.unwrap());
    assert_eq!((counts().await, store.never_read(id).await.unwrap()), ((2, 1, false), vec![]), "8 was read before");
    store.set_back(held, 8, Back::Whole).await.unwrap();
    assert_eq!(counts().await, (2, 2, true));
    store.read_failed(held, 11, ReadProblem::Status(500)).await.unwrap();
    assert_eq!(counts().await, (3, 2, false), "somebody who came later");
}

/// Only who has the right writes down who can't be read; what is read from the beginning is tried anew.
pub async fn who_can_not_be_read_is_fenced<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let (store, workspace) = (bench.store(), bench.workspace);
    let id = space(&bench).await.id;
    store.ask_history(workspace, id).await.unwrap();
    let first = lease(&bench, id).await;
    store.read_failed(first, 7, ReadProblem::Status(500)).await.unwrap();
    bench.advance(61);
    let second = lease(&bench, id).await;
    assert!(!store.read_failed(first, 8, ReadProblem::Status(500)).await.unwrap());
    assert!(!store.forget_never_read(first, vec![7]).await.unwrap());
    assert!(!store.set_mark(first, mark(7, 1), Some(Back::Whole)).await.unwrap());
    assert_eq!(store.never_read(id).await.unwrap(), [7]);
    store.set_mark(second, mark(8, 1), Some(Back::Newest)).await.unwrap();
    store.read_failed(second, 8, ReadProblem::Status(500)).await.unwrap();
    let new = account(&bench, "54321").await;
    store.hang_account(workspace, id, new.id).await.unwrap();
    let history = store.whole_history(workspace, id).await.unwrap().unwrap();
    assert_eq!((history.contacts, store.never_read(id).await.unwrap()), (0, vec![]));
    store.read_failed(second, 9, ReadProblem::Status(500)).await.unwrap();
    assert!(store.remove_space(workspace, id).await.unwrap());
    assert_eq!(store.never_read(id).await.unwrap(), [] as [u64; 0]);
}
