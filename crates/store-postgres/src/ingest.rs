//! Deliveries as a set: every table is asked and written once for the whole batch, and the reports are applied in the order they
//! came. The writer calls it with a batch, or with one delivery after a batch has failed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{
    Id,
    account::{Account, ProviderKind},
    contact::Channel,
    delivery::{Delivery, DeliveryOutcome, NewDelivery},
    inbound::Inbound,
    journal::{self, Told, Working},
    place::{self, Place},
    store::Ingested,
};

use crate::{
    error::Fault,
    load::{self, Keys},
    rows::word,
    transaction::Tx,
};

/// The account that a delivery names.
pub(crate) fn account_key(delivery: &NewDelivery) -> Option<(String, String)> {
    delivery.account_external_id.as_ref().map(|external_id| (word(&delivery.provider), external_id.clone()))
}

/// What is known of accounts by (provider, the provider's id).
type Bound = HashMap<(String, String), Id<Account>>;

/// Stores deliveries and applies what they report. One answer for each, in their order.
pub(crate) async fn ingest(tx: &mut Tx, deliveries: &[&NewDelivery]) -> Result<Vec<Ingested>, Fault> {
    let bound = bindings(tx, deliveries.iter().filter_map(|delivery| account_key(delivery))).await?;
    let ids: BTreeSet<i64> = bound.values().map(|id| id.raw()).collect();
    let accounts = load::accounts(&mut tx.conn, &ids.into_iter().collect::<Vec<_>>()).await?;
    let accounts: BTreeMap<Id<Account>, Account> = accounts.into_iter().map(|account| (account.id, account)).collect();
    let account_of = |delivery: &NewDelivery| account_key(delivery).and_then(|key| accounts.get(bound.get(&key)?));
    let results = keep(tx, deliveries, account_of).await?;

    let fresh: Vec<(&Account, ProviderKind, &Inbound)> = deliveries
        .iter()
        .zip(&results)
        .filter(|(_, result)| result.outcome == DeliveryOutcome::Stored)
        .filter_map(|(delivery, _)| Some((account_of(delivery)?, delivery)))
        .flat_map(|(account, delivery)| delivery.items.iter().map(move |item| (account, delivery.provider, item)))
        .collect();
    apply(tx, &fresh, Told::Webhook).await?;
    place::reach(Place::IngestWritten);
    Ok(results)
}

/// Applies reports of loaded accounts, in order.
pub(crate) async fn apply(tx: &mut Tx, items: &[(&Account, ProviderKind, &Inbound)], told: Told) -> Result<(), Fault> {
    let (both, items): (Vec<_>, Vec<_>) = items.iter().partition(|(account, ..)| account.both_since.is_some());
    for (account, side, item) in both {
        apply_one(tx, account, side, item, told).await?;
    }
    if items.is_empty() {
        return Ok(());
    }
    let ids = std::sync::Arc::clone(&tx.ids);
    let mut working = Working::new(tx.now(), &ids);
    let mut keys = Keys::default();
    let mut workspaces = BTreeSet::new();
    for (account, side, item) in &items {
        workspaces.insert(account.workspace_id.raw());
        working.add_account((*account).clone());
        note_keys(&mut keys, account, *side, item);
    }
    load::by_keys(&mut tx.conn, &mut working, &keys).await?;
    for (account, side, item) in items {
        journal::apply(&mut working, account.id, side, item, told)?;
    }
    tx.persist(working, &workspaces.into_iter().collect::<Vec<_>>()).await
}

/// Where two sides tell, what one item changes decides which rows the next one needs.
async fn apply_one(
    tx: &mut Tx,
    account: &Account,
    side: ProviderKind,
    item: &Inbound,
    told: Told,
) -> Result<(), Fault> {
    let ids = std::sync::Arc::clone(&tx.ids);
    let mut working = Working::new(tx.now(), &ids);
    load_items(tx, &mut working, account, side, std::slice::from_ref(item)).await?;
    journal::apply(&mut working, account.id, side, item, told)?;
    tx.persist(working, &[account.workspace_id.raw()]).await
}

/// The account, and the rows that reports of `side` about it name.
pub(crate) async fn load_items(
    tx: &mut Tx,
    working: &mut Working<'_>,
    account: &Account,
    side: ProviderKind,
    items: &[Inbound],
) -> Result<(), Fault> {
    let mut keys = Keys::default();
    for item in items {
        note_keys(&mut keys, account, side, item);
    }
    working.add_account(account.clone());
    load::by_keys(&mut tx.conn, working, &keys).await?;
    if account.both_since.is_some() {
        load::of_sides(&mut tx.conn, working, account, side, items).await?;
    }
    Ok(())
}

/// Which accounts the providers' ids belong to.
pub(crate) async fn bindings(tx: &mut Tx, keys: impl Iterator<Item = (String, String)>) -> Result<Bound, Fault> {
    let keys: BTreeSet<(String, String)> = keys.collect();
    let (providers, external_ids): (Vec<_>, Vec<_>) = keys.into_iter().unzip();
    let rows = sqlx::query!(
        "SELECT b.provider, b.external_id, b.account_id FROM unnest($1::text[], $2::text[]) AS k (provider, external_id)
        JOIN binding b ON b.provider = k.provider AND b.external_id = k.external_id",
        &providers,
        &external_ids,
    )
    .fetch_all(&mut tx.conn)
    .await?;
    // An account that was connected after this transaction took its locks is not locked: its turn is the next batch.
    if rows.iter().any(|row| tx.locked.binary_search(&row.account_id).is_err()) {
        return Err(Fault::Raced);
    }
    Ok(rows.into_iter().map(|row| ((row.provider, row.external_id), Id::from_raw(row.account_id))).collect())
}

/// Notes the rows that an item names.
fn note_keys(keys: &mut Keys, account: &Account, side: ProviderKind, item: &Inbound) {
    let named = journal::item_keys(item);
    if let Some((channel, external_id)) = named.contact {
        keys.contacts.0.push(account.workspace_id.raw());
        keys.contacts.1.push(Channel::as_str(channel).to_owned());
        keys.contacts.2.push(external_id.to_owned());
    }
    if let Some(external_id) = named.conversation {
        keys.conversations.0.push(account.id.raw());
        keys.conversations.1.push(external_id.to_owned());
        keys.conversations.2.push(word(&side));
        if matches!(item, Inbound::Read(_)) {
            keys.reads.insert((account.id.raw(), external_id.to_owned()));
        }
        if let Some(referral) = named.referral {
            keys.referrals.note(account.id, external_id, referral);
        }
    }
    if let (true, Some((channel, contact)), Some(message)) = (named.answers, named.contact, named.messages.first()) {
        keys.answers.0.push(account.id.raw());
        keys.answers.1.push(Channel::as_str(channel).to_owned());
        keys.answers.2.push(contact.to_owned());
        keys.answers.3.push((*message).to_owned());
    }
    if let Some(external_id) = named.comment {
        keys.comments.0.push(account.id.raw());
        keys.comments.1.push(external_id.to_owned());
    }
    for external_id in named.messages {
        keys.messages.0.push(account.id.raw());
        keys.messages.1.push(external_id.to_owned());
        keys.messages.2.push(word(&side));
    }
}

/// Keeps the raw bodies. Equal bodies, in the batch or in the table, are one row that counts its copies.
async fn keep<'a>(
    tx: &mut Tx,
    deliveries: &[&NewDelivery],
    account_of: impl Fn(&NewDelivery) -> Option<&'a Account>,
) -> Result<Vec<Ingested>, Fault> {
    let now = tx.now();
    let mut first: BTreeMap<(String, [u8; 16]), Kept<'_>> = BTreeMap::new();
    for delivery in deliveries {
        let key = (word(&delivery.provider), delivery.digest);
        if let Some(kept) = first.get_mut(&key) {
            kept.copies += 1;
        } else {
            let account = account_of(delivery).map(|account| (account.workspace_id.raw(), account.id.raw()));
            first.insert(key, Kept { id: tx.ids.next(now)?, delivery, account, copies: 1 });
        }
    }
    let stored = insert(tx, &first).await?;
    let mut answered = BTreeSet::new();
    deliveries
        .iter()
        .map(|delivery| {
            let key = (word(&delivery.provider), delivery.digest);
            let id = stored
                .get(&key)
                .copied()
                .ok_or_else(|| Fault::corrupt("delivery.digest", "a written row is missing"))?;
            let kept = first.get(&key).filter(|kept| kept.id == id);
            let outcome = match kept {
                Some(kept) if answered.insert(key) => {
                    if kept.account.is_some() {
                        DeliveryOutcome::Stored
                    } else {
                        DeliveryOutcome::Foreign
                    }
                }
                _ => DeliveryOutcome::Duplicate,
            };
            Ok(Ingested { delivery: id, outcome })
        })
        .collect()
}

/// The first of equal deliveries.
struct Kept<'d> {
    id: Id<Delivery>,
    delivery: &'d NewDelivery,
    account: Option<(i64, i64)>,
    copies: i64,
}

/// Writes the rows in the order of their keys; gives the ids that stand.
async fn insert(
    tx: &mut Tx,
    rows: &BTreeMap<(String, [u8; 16]), Kept<'_>>,
) -> Result<HashMap<(String, [u8; 16]), Id<Delivery>>, Fault> {
    let written = sqlx::query!(
        "INSERT INTO delivery (id, workspace_id, account_id, provider, account_external_id, event, body, digest, received_at, late, copies,
            unsupported)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::bytea[],
            $9::bigint[], $10::bool[], $11::bigint[], $12::text[])
        ON CONFLICT (provider, digest) DO UPDATE SET copies = delivery.copies + excluded.copies
        RETURNING id, provider, digest",
        &rows.values().map(|kept| kept.id.raw()).collect::<Vec<_>>(),
        &rows.values().map(|kept| kept.account.map(|ids| ids.0)).collect::<Vec<_>>() as &[Option<i64>],
        &rows.values().map(|kept| kept.account.map(|ids| ids.1)).collect::<Vec<_>>() as &[Option<i64>],
        &rows.keys().map(|key| key.0.clone()).collect::<Vec<_>>(),
        &rows.values().map(|kept| kept.delivery.account_external_id.clone()).collect::<Vec<_>>() as &[Option<String>],
        &rows.values().map(|kept| kept.delivery.event.clone()).collect::<Vec<_>>(),
        &rows.values().map(|kept| kept.delivery.body.to_vec()).collect::<Vec<_>>(),
        &rows.keys().map(|key| key.1.to_vec()).collect::<Vec<_>>(),
        &rows.values().map(|kept| kept.delivery.received_at.as_millis()).collect::<Vec<_>>(),
        &rows.values().map(|kept| kept.delivery.late).collect::<Vec<_>>(),
        &rows.values().map(|kept| kept.copies).collect::<Vec<_>>(),
        &rows.values().map(|kept| kept.delivery.unsupported.clone()).collect::<Vec<_>>() as &[Option<String>],
    )
    .fetch_all(&mut tx.conn)
    .await?;
    written
        .into_iter()
        .map(|row| {
            let digest = row.digest.try_into().map_err(|_| Fault::corrupt("delivery.digest", "not 16 bytes"))?;
            Ok(((row.provider, digest), Id::from_raw(row.id)))
        })
        .collect()
}
