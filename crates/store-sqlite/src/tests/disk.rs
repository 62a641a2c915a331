//! A full disk and a use case that panics: said to the caller, and over when the cause is.

use domain::store::{DeliveryFilter, Journal, StoreError, StoreResult};

use super::{connect, delivery, open};
use crate::SqliteStore;

/// Lets the file grow by no more than `pages`; `None` lifts the limit.
async fn limit(store: &SqliteStore, pages: Option<i64>) {
    store
        .write(move |tx| {
            let count: i64 =
                tx.connection.pragma_query_value(None, "page_count", |row| row.get(0)).map_err(crate::error::fault)?;
            let most = pages.map_or(i64::from(u32::MAX) - 1, |pages| count + pages);
            tx.connection.pragma_update_and_check(None, "max_page_count", most, |_| Ok(())).map_err(crate::error::fault)
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn a_full_disk_is_unavailable_and_passes() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let workspace = connect(&store).await;
    limit(&store, Some(4)).await;
    let full = store.ingest(delivery(1, 100_000)).await;
    assert!(matches!(full, Err(StoreError::Unavailable { .. })), "{full:?}");
    let filter = DeliveryFilter { unsupported: false, before: None, limit: 5 };
    assert!(store.deliveries(workspace, filter.clone()).await.unwrap().is_empty(), "nothing was kept");
    limit(&store, None).await;
    store.ingest(delivery(1, 100_000)).await.unwrap();
    assert_eq!(store.deliveries(workspace, filter).await.unwrap().len(), 1);
}

#[tokio::test]
async fn small_ones_still_fit_beside_one_that_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    connect(&store).await;
    limit(&store, Some(4)).await;
    let (small, big) =
        futures_util::future::join(store.ingest(delivery(1, 10)), store.ingest(delivery(2, 100_000))).await;
    assert!(matches!(big, Err(StoreError::Unavailable { .. })), "{big:?}");
    // Either both were of one batch that the database ended, or the small one stands.
    if let Err(error) = small {
        assert!(error.is_temporary());
        store.ingest(delivery(1, 10)).await.unwrap();
    }
}

#[tokio::test]
async fn a_panic_is_one_use_cases_own() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    connect(&store).await;
    let panics = store.write(|_| -> StoreResult<()> { panic!("a bug") });
    let (panicked, kept) = futures_util::future::join(panics, store.ingest(delivery(1, 10))).await;
    assert!(matches!(panicked, Err(StoreError::Rejected { .. })));
    kept.unwrap();
}
