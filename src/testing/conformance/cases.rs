//! The lists of cases, and their product with the adapters.

/// Makes a test of each case of [`testing::conformance`](crate::testing::conformance) for each adapter.
///
/// One line per adapter: a name for the module of its tests, a function of the form
/// `fn run<F: Future>(body: impl FnOnce(TheRuntime) -> F) -> F::Output`, and the lists of cases that apply.
#[macro_export]
macro_rules! conformance {
    ($($(#[$attribute:meta])* $adapter:ident = $run:ident: $($list:ident),+;)+) => {$(
        $(#[$attribute])*
        mod $adapter {
            use super::*;
            $($crate::conformance_list! { $list $run })+
        }
    )+};
}

/// The cases of one list. To be used through [`conformance!`](crate::conformance).
#[doc(hidden)]
#[macro_export]
macro_rules! conformance_list {
    (timer $run:ident) => {
        $crate::conformance_list! { @async timer timer $run:
            the_clock_never_steps_back,
            a_sleep_is_never_early,
            a_sleep_counts_from_the_call_that_made_it,
            a_sleep_that_is_started_is_a_sleep,
            a_deadline_that_has_passed_is_ready_at_the_first_poll,
            a_sleep_of_no_time_is_ready_at_the_first_poll,
            the_longest_sleep_never_ends,
            a_sleep_until_never_never_ends,
            deadlines_in_the_far_future_are_no_trouble,
            ready_stays_ready,
            reset_before_the_first_poll_moves_the_deadline,
            reset_to_later_moves_a_sleep_that_waits,
            reset_to_sooner_moves_a_sleep_that_waits,
            reset_to_the_past_makes_it_ready,
            reset_after_the_end_begins_anew,
            reset_to_never_and_back,
            a_sleep_dropped_before_its_first_poll_leaves_nothing,
            a_dropped_sleep_wakes_nobody,
            the_waker_of_the_last_poll_is_woken,
            sleeps_end_in_the_order_of_their_deadlines,
            a_thousand_sleeps_at_once,
            a_timeout_ends_what_is_late_and_nothing_else,
        }
    };
    (timer_across_threads $run:ident) => {
        $crate::conformance_list! { @async timer_across_threads timer $run:
            a_sleep_may_be_polled_on_another_thread,
            an_erased_timer_keeps_the_promises,
        }
    };
    (spawn $run:ident) => {
        $crate::conformance_list! { @tasks spawn $run: an_erased_runtime_starts_tasks, }
    };
    (local $run:ident) => {
        $crate::conformance_list! { @tasks local $run: tasks_share_what_is_not_send, }
    };
    // What both promise, and one of them alone.
    (@tasks $list:ident $run:ident: $($own:ident,)+) => {
        $crate::conformance_list! { @async $list $list $run:
            a_task_gives_its_result,
            a_task_without_a_handle_runs,
            dropping_the_handle_drops_the_future,
            a_detached_task_runs_on,
            abort_wakes_a_task_that_waits,
            abort_before_the_first_poll_drops_the_future,
            cancel_ends_when_the_future_is_gone,
            a_panic_comes_back_to_who_awaits,
            a_panic_of_a_detached_task_harms_nobody,
            a_task_may_start_tasks,
            a_wake_from_another_thread_arrives,
            a_task_that_yields_lets_others_run,
            a_thousand_tasks_all_end,
            $($own,)+
        }
    };
    (blocking $run:ident) => {
        $crate::conformance_list! { @async blocking blocking $run:
            a_closure_gives_its_result,
            a_closure_without_a_handle_runs,
            a_panic_comes_back_to_who_awaits,
            a_panic_without_a_handle_harms_nobody,
            a_burst_is_run_or_handed_back,
        }
    };
    (blocking_beside $run:ident) => {
        $crate::conformance_list! { @async blocking_beside blocking $run:
            tasks_run_while_a_closure_blocks,
            a_closure_that_began_runs_on_without_its_handle,
        }
    };
    (shutdown $run:ident) => {
        $crate::conformance_list! { @ended shutdown $run leave_a_task:
            a_task_alive_at_the_end_is_dropped_and_reported_as_cancelled,
            a_task_for_a_runtime_that_ended_is_refused_or_dropped,
        }
    };
    (local_shutdown $run:ident) => {
        $crate::conformance_list! { @ended local_shutdown $run leave_a_local_task:
            a_task_alive_at_the_end_is_dropped_and_reported_as_cancelled,
            a_local_task_for_a_runtime_that_ended_is_refused_or_dropped,
        }
    };
    (@async $list:ident $module:ident $run:ident: $($case:ident,)+) => {
        mod $list {
            use super::*;
            $(#[test]
            fn $case() {
                $run($crate::testing::conformance::$module::$case);
            })+
        }
    };
    (@ended $list:ident $run:ident $leave:ident: $($case:ident,)+) => {
        mod $list {
            use super::*;
            $(#[test]
            fn $case() {
                let left = $run($crate::testing::conformance::shutdown::$leave);
                $crate::testing::conformance::shutdown::$case(left);
            })+
        }
    };
}
