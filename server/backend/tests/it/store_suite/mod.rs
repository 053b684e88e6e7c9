//! What every store promises: one suite, run against each kind.
//!
//! A new kind of store adds its place to `kinds.rs`, and one line at the end of this file.

mod attempts;
mod kinds;
mod own_server;
mod postgres;
mod races;
mod redis;
mod sessions;
mod sqlite;
mod upkeep;

use std::{error::Error, sync::Arc, time::Instant};

use wrengate_backend::store::{self, Hash, OPERATION_LIMIT, Store};

use self::{
    kinds::{Kind, Place},
    own_server::OwnServer,
};

pub(crate) type TestResult<T = ()> = Result<T, Box<dyn Error>>;

/// When these tests happen.
const NOW: i64 = 1_800_000_000;

/// An empty store, and where it is, which must outlive it.
struct Opened {
    store: Arc<dyn Store>,
    _place: Place,
}

async fn open(kind: Kind) -> TestResult<Opened> {
    let place = kind.place().await?;
    Ok(Opened {
        store: store::open(&place.address).await?,
        _place: place,
    })
}

/// Runs every promise against a store.
macro_rules! suite {
    ($name:ident, $kind:ident: $($part:ident { $($promise:ident)* })*) => {
        mod $name {
            $($(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $promise() -> super::TestResult {
                    let opened = super::open(super::Kind::$kind).await?;
                    super::$part::$promise(opened.store).await
                }
            )*)*
        }
    };
}

/// Every promise, for the kinds of store given.
macro_rules! every_promise {
    ($($name:ident: $kind:ident;)*) => { $(
        suite! { $name, $kind:
            attempts {
                an_attempt_is_found_as_it_was_written
                a_lookup_in_use_is_refused_until_its_record_is_dropped
                an_owner_above_the_cap_loses_the_oldest_attempt
                an_attempt_in_work_is_evicted_after_the_pending_ones
                the_oldest_of_all_goes_above_the_overall_cap
                closed_and_expired_attempts_count_for_no_cap
                one_of_a_hundred_parallel_takers_wins
                an_expired_or_closed_attempt_cannot_be_taken
                the_last_miss_closes_and_wipes
                an_attempt_in_work_counts_no_misses
                closing_wipes_and_keeps_the_first_outcome
                an_owner_is_live_while_an_attempt_is
                attempts_past_their_time_are_absent_and_swept
            }
            sessions {
                a_session_is_found_by_id_and_by_key_as_it_was_written
                a_replaced_session_ends_with_the_new_one
                a_replacement_that_fails_ends_nothing
                a_further_id_leads_to_the_same_session
                a_session_past_a_limit_gets_no_further_id
                a_stale_id_goes_and_takes_a_session_without_another
                an_id_is_marked_once_and_in_time
                a_use_is_noted_once_per_interval
                sealed_text_is_replaced_only_if_it_is_the_one_that_was_read
                ended_ids_keep_their_reason_for_a_day
                all_sessions_of_one_owner_end_together
                sweeping_ends_what_is_over_and_keeps_the_rest
                a_deleted_session_leaves_nothing
                the_store_answers
            }
            upkeep {
                a_renewal_of_an_older_version_is_refused
                one_of_a_hundred_parallel_renewals_wins
                a_lease_has_one_holder_until_its_time_is_over
                one_of_a_hundred_takes_a_free_lease
                an_account_is_listed_the_last_used_first
                an_owner_ends_one_or_all_others_of_their_own
                a_cohort_ends_together
                no_two_callers_end_the_same_session
                a_note_is_left_once_and_taken_once
                one_of_a_hundred_leaves_and_takes_a_note
                notes_past_their_time_are_swept
                preferences_are_of_their_owner_and_outlive_sessions
            }
            races {
                a_session_that_ends_while_it_is_renewed_answers_with_its_last_tokens
                one_session_takes_the_place_of_another_whoever_is_first
                the_cap_of_an_owner_holds_when_they_begin_all_at_once
                an_attempt_is_added_once_whoever_is_first
                each_record_is_swept_once
                nobody_waits_in_a_circle
                names_out_of_a_request_may_be_anything
            }
        }
    )* };
}

every_promise! {
    in_memory: Memory;
    in_a_file: File;
    in_postgres: Postgres;
    in_redis: Redis;
}

/// Stops the server of a store and starts it again: meanwhile every answer is an error, in time, and
/// afterwards the next one is right.
async fn outage(store: &dyn Store, server: &mut OwnServer) -> TestResult {
    server.stop()?;
    for _ in 0..3 {
        let began = Instant::now();
        assert!(store.find_session("one").await.is_err());
        assert!(store.ping().await.is_err());
        assert!(began.elapsed() < 2 * OPERATION_LIMIT);
    }
    server.resume()?;
    store.find_session("one").await?;
    Ok(store.ping().await?)
}

/// A hash made of one byte.
const fn hash(byte: u8) -> Hash {
    [byte; 32]
}
