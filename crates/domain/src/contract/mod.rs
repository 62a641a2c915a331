//! The suite that every store must pass: one file per topic, one function per case, no knowledge of any database.
//!
//! A store implements [`Harness`] in its tests and lists every case by name with [`contract_tests!`](crate::contract_tests).
//! Cases wait on what they asked for, never on time; the clock is turned by hand.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_panics_doc,
    clippy::print_stdout,
    reason = "a case is a test: it ends with a panic that says what was broken"
)]

mod bench;
mod dice;
mod report;

pub mod accounts;
pub mod comments;
pub mod directory;
pub mod echo;
pub mod events;
pub mod fair_claims;
pub mod filters;
pub mod group_commit;
pub mod history;
pub mod identities;
pub mod inbox;
pub mod isolation;
pub mod jobs_media;
pub mod journal;
pub mod nodes;
pub mod orderings;
pub mod outbox;
pub mod outbox_guard;
pub mod outbox_held;
pub mod outbox_unconfirmed;
pub mod paused;
pub mod referrals;
pub mod replay;
pub mod reports;
pub mod schedules;
pub mod side_joins;
pub mod side_schedules;
pub mod side_senders;
pub mod sides;
pub mod spaces;
pub mod undelivered;
pub mod whole_history;
pub mod withheld;

use std::{future::Future, sync::Arc};

use crate::{clock::Clock, id::IdGenerator, store::Store};

/// What a store's tests offer the suite: a fresh, empty database per value. It panics where it can't; a case is never skipped.
pub trait Harness: Sized {
    /// The store under test.
    type Store: Store;

    /// Makes an empty database and opens the store on it.
    fn open(clock: Clock, ids: Arc<IdGenerator>) -> impl Future<Output = Self>;

    /// The opened store.
    fn store(&self) -> &Self::Store;

    /// Transactions that the store committed so far.
    fn commits(&self) -> u64;

    /// Runs one plain statement on the same database past the store, as another process with full rights would.
    fn execute(&self, sql: &str) -> impl Future<Output = ()>;
}

/// Lists every case of the suite as a `#[tokio::test]`. Takes the name of a [`Harness`] in scope:
/// `domain::contract_tests!(MyHarness);`
#[macro_export]
macro_rules! contract_tests {
    ($harness:ident) => {
        $crate::contract_topics! { $harness;
            accounts: connecting, connecting_again_fences_refreshes, one_workspace_per_account, states_and_tokens, the_rules_of_an_account;
            comments: a_flagged_one_is_here_once, lists_are_paged, they_need_sight, the_guard_and_the_key, the_answer_then_its_echo,
                the_echo_first, an_echo_in_other_words, another_program_is_not_us, a_lost_answer_is_settled_by_its_echo,
                a_person_sends_it_again, a_retry_begins_anew, a_dead_worker_leaves_it_unconfirmed, of_two_callers_one_answers,
                a_known_conversation_is_joined;
            directory: first_owner_once, users_and_mail, sessions_end, links_are_spent_once, api_keys, oauth_states_are_taken_once,
                settings_stand, written_by_another_process;
            echo: after_the_answer, before_the_answer, of_another_program_is_split_off, swapped_reports_change_places,
                with_changed_words_is_absorbed, before_a_lost_answer, after_a_lost_answer, in_a_list_after_a_lost_answer,
                of_another_program_before_a_retry, from_the_app_is_never_ours, older_than_the_attempt_is_never_ours,
                moves_the_newest_message, of_a_picture;
            events: subjects_are_joined, every_event_is_seen_by_a_reader_during_writes, pruned_log_says_so, changed_is_armed_when_called,
                removed_messages, seq_is_written_to_rows, of_one_workspace;
            fair_claims: replies_of_workspaces_take_turns, jobs_of_workspaces_take_turns;
            filters: every_combination_equals_the_model, counts_equal_the_model, pages_have_no_gaps, without_messages_never_listed;
            group_commit: concurrent_ingests_share_commits, a_poison_row_hurts_nobody_else, a_fault_leaves_no_trace,
                a_cancelled_caller_is_stored, closing_writes_what_waits;
            history: it_is_kept_and_nobody_is_told, what_is_over_is_closed, what_was_said_since_is_news, a_webhook_tells_what_was_filed,
                any_interleaving_with_webhooks_gives_the_same, filing_is_counted_down, filing_needs_sight, its_jobs_come_last;
            identities: an_identity_becomes_part_of_its_account, connecting_an_identity_again_leaves_the_messages_alone,
                what_can_not_be_one_is_refused, told_apart_is_not_asked_again, a_removed_identity_leaves_the_messages_alone,
                an_identity_is_taken_off, a_channel_shows_the_identity_that_a_person_gives_it,
                tiktoks_own_side_names_a_channel_before_its_identity;
            inbox: threads_are_paged, chats_in_order, patching, patching_refuses_strangers, describing, totals, authors_and_quotes;
            isolation: two_workspaces_see_nothing_of_each_other, permitted_accounts_are_respected, changes_need_sight;
            jobs_media: equal_waiting_jobs_are_one, jobs_are_leased, a_retried_job_meets_its_equal, failed_jobs_stay,
                received_media_are_fetched, uploads, settled_media_tell;
            journal: a_delivery_is_kept_byte_for_byte, five_times_is_once, other_bytes_same_message_is_once, foreign_is_kept_never_shown,
                disconnected_is_still_applied, unsupported_is_listed, automatic_messages_have_a_history,
                reads_never_go_back, reactions_before_their_message,
                reactions_are_taken_back, automatic_messages_keep_the_request, removed_authorization,
                silence_about_names_changes_nothing, late_messages_fall_into_place;
            nodes: numbers_differ, lost_leases_are_not_renewed, a_number_rests_when_the_clock_goes_back, no_lease_no_write;
            orderings: any_order_and_duplication_gives_the_same_conversation;
            outbox: claims_are_unique, strictly_in_order_and_one_in_flight, stale_tokens_change_nothing, unbegun_leases_come_back,
                an_expired_attempt_is_unconfirmed, retries_wait, refused_is_final, attempts_are_traced, next_due_is_the_head,
                failing_what_is_queued, retrying_a_failed_one, discarding;
            outbox_guard: an_idempotency_key_is_one_message, a_quote_belongs_to_the_reply, concurrent_callers_with_one_key, the_window_closes, nobody_wrote_yet,
                ten_and_no_more, the_guides_rules, a_slow_clock_hides_nothing, a_person_may_send_anyway, the_guard_looks_again_before_the_call, tiktoks_refusal_counts,
                a_disconnected_account_refuses, pictures_must_be_in_sight, empty_and_long_texts;
            outbox_held: low_priority_leaves_the_last_three, a_held_one_is_in_nobodys_way, the_customer_lets_it_go, it_is_looked_at_again_before_the_call,
                it_fails_when_its_window_is_over, a_person_may_let_it_go, nobody_overtakes_what_is_on_its_way, rules_and_bots_never_go_against_the_guard,
                without_a_limit_nothing_is_held, a_disconnect_fails_it;
            outbox_unconfirmed: checks_follow_their_schedule, absent_has_failed, unclear_waits_for_a_person, an_unreadable_list_is_asked_again,
                rechecking,
                retrying_an_unconfirmed_one, the_queue_waits_behind_it;
            paused: what_waits_leaves_in_order_after_a_resume, a_pause_holds_up_to_the_call, a_pause_is_a_persons,
                an_answer_to_a_comment_waits;
            referrals: a_referral_opens_nothing, a_duplicate_is_silent, a_list_tells_nothing_twice, a_stand_in_gives_way, first_and_newest,
                the_same_person_elsewhere, whatever_way_is_kept;
            reports: what_was_said_is_counted, only_what_is_in_sight_is_counted;
            replay: everything_kept_is_read_in_order, what_is_understood_now_is_applied_once, what_belonged_to_nobody_is_attributed,
                a_message_nobody_could_read_gets_its_content, nothing_old_comes_back, a_refused_one_stays_as_it_was,
                a_late_copy_is_still_a_copy;
            schedules: any_interleaving_gives_the_same_conversation;
            side_joins: tiktoks_id_of_before, one_message_and_a_name, one_message_of_somebody_else;
            side_schedules: any_interleaving_of_both_gives_the_same_conversation;
            side_senders: a_switch_with_queued_replies, a_lost_answer_then_a_switch, an_unsettled_one_stays_with_its_side,
                an_echo_of_the_other_side, one_conversation_may_differ, a_side_that_is_refused, what_waits_for_a_side_that_is_gone,
                sides_come_and_go;
            sides: the_same_id, a_late_platform_id, one_candidate, two_witnesses, two_equal_in_one_second_stay_two, what_is_ambiguous_stays_apart,
                two_customers_say_the_same_at_once, other_names_are_other_people, b_before_a, history_of_b,
                a_merge_takes_everything_along, the_list_is_paged, a_wrong_guess_is_put_right;
            spaces: a_space_is_kept_with_its_token, accounts_hang_on_one, one_asks_at_a_time, marks_are_fenced, a_new_account_is_read_from_the_beginning,
                a_removed_one_takes_its_marks_along;
            undelivered: it_fails_and_corrects_the_ledger, an_attempt_in_flight_comes_first, a_lost_answer_that_did_not_get_through,
                sent_again_is_another_message, a_file_that_was_being_copied, news_of_a_customer;
            whole_history: it_is_asked_for_once, each_contact_is_read_back_in_its_turn, how_far_back_is_fenced, done_is_never_said_too_early,
                a_new_account_begins_it_again, who_can_not_be_read_is_told, of_many_that_can_not_be_read_a_few_are_named,
                one_that_was_never_read_keeps_done_away, who_can_not_be_read_is_fenced;
            withheld: a_notice_is_written_down_once, notices_are_of_one_account, it_is_settled_once, messages_are_found_by_their_time,
                a_stand_in_gives_way_to_its_content, kept_notices_are_read_again_once;
        }
    };
}

/// The expansion of [`contract_tests!`](crate::contract_tests): one module per topic, one test per case.
#[doc(hidden)]
#[macro_export]
macro_rules! contract_topics {
    ($harness:ident; $($topic:ident: $($case:ident),+;)+) => {
        $(mod $topic {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    $crate::contract::$topic::$case::<super::$harness>().await;
                }
            )+
        })+
    };
}
