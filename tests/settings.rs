//! Settings: what a file may say, and what it is told when it says something else.
#![cfg(all(feature = "std", feature = "serde"))]

use serde::Deserializer;
use serde::de::{Visitor, value::MapDeserializer};
use serde_json::json;
use std::time::Duration;
use untether::fault::{CircuitBreaker, Hedge, breaker};
use untether::limit::Quota;
use untether::limit::adaptive::{Aimd, Algorithm};
use untether::policy::Timeout;
use untether::retry::budget::{Budget, RateRules, TokenQuota};
use untether::retry::schedule::{
    Backoff, Curve, Hint, Jitter, constant, decorrelated, exponential, fibonacci, linear,
};
use untether::settings::{Async, BulkheadRules, Settings, Span};

const SECOND: Duration = Duration::from_secs(1);
const MS: Duration = Duration::from_millis(1);

fn backoff(text: &str) -> Backoff<Curve> {
    toml::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[track_caller]
fn assert_refused<T: serde::de::DeserializeOwned + std::fmt::Debug>(text: &str, says: &str) {
    let error = toml::from_str::<T>(text).unwrap_err();
    assert!(error.message().contains(says), "{text}: {}", error.message());
}

#[test]
fn nothing_said_is_the_default() {
    assert_eq!(backoff(""), Backoff::standard().any());
    assert_eq!(toml::from_str::<RateRules>("").unwrap(), RateRules::new());
    assert_eq!(toml::from_str::<Settings>("").unwrap(), Settings::default());
    assert_eq!(toml::from_str::<TokenQuota>("").unwrap().tokens(), 500);
}

#[test]
fn a_backoff_says_its_curve_and_its_rules() {
    let all = "curve = 'exponential'\nfirst = '250ms'\nfactor = 1.5\ncap = 20\njitter = 0.25\nhint = 'at least'\nattempts = 7\nduring = '2m'";
    let expected =
        exponential(250 * MS).factor(1.5).cap(20 * SECOND).jitter(Jitter::factor(0.25)).hint(Hint::AtLeast);
    assert_eq!(backoff(all), expected.attempts(7).during(120 * SECOND).any());
    assert_eq!(backoff("curve = 'constant'\nfirst = 0.5"), constant(500 * MS).any());
    assert_eq!(backoff("curve = 'linear'\nstep = '2s'"), linear(SECOND, 2 * SECOND).any());
    assert_eq!(backoff("curve = 'linear'"), linear(SECOND, SECOND).any());
    assert_eq!(backoff("curve = 'fibonacci'\nattempts = 'unlimited'"), fibonacci(SECOND).unlimited().any());
    assert_eq!(
        backoff("curve = 'decorrelated'\njitter = 'full'"),
        decorrelated(SECOND).jitter(Jitter::FULL).any()
    );
    for (text, hint) in
        [("'ignore'", Hint::Ignore), ("'exact'", Hint::Exact), ("'7s'", Hint::Clamp { extra: 7 * SECOND })]
    {
        assert_eq!(backoff(&format!("hint = {text}")), Backoff::standard().hint(hint).any());
    }
}

#[test]
fn a_backoff_from_a_file_does_what_the_same_in_code_does() {
    let seed = || untether::time::Seed::new(3);
    let read = backoff("first = '100ms'\nattempts = 9\ncap = '5s'").delays(seed());
    assert!(read.eq(exponential(100 * MS).attempts(9).cap(5 * SECOND).delays(seed())));
}

#[test]
fn what_is_impossible_or_unknown_is_refused_by_its_name() {
    for (text, says) in [
        ("attempts = 0", "`attempts`: it is \"unlimited\" or a whole number above zero"),
        ("attempts = -3", "`attempts`: "),
        ("attempts = 2.5", "`attempts`: "),
        ("factor = 0.0", "`factor`: it is finite and above zero"),
        ("factor = nan", "`factor`: "),
        ("factor = inf", "`factor`: "),
        ("factor = -1.0", "`factor`: "),
        ("first = -1", "`first`: a time is not negative"),
        ("first = '-1s'", "`first`: a time is 30 (seconds), 1.5, 250ms or 2m, not `-1s`"),
        ("first = nan", "`first`: a time is a number"),
        ("first = true", "`first`: "),
        ("jitter = 1.5", "`jitter`: the factor of a jitter lies within 0 and 1"),
        ("jitter = 'some'", "`jitter`: unknown variant `some`"),
        ("hint = 'perhaps'", "`hint`: invalid value"),
        ("hint = -1", "`hint`: "),
        (
            "curve = 'flat'",
            "`curve`: it is constant, linear, exponential, fibonacci or decorrelated, not flat",
        ),
        ("step = 1", "`step`: only a linear curve has one"),
        ("curve = 'constant'\nfactor = 2.0", "`factor`: only an exponential curve has one"),
        ("atempts = 3", "unknown field `atempts`, expected one of `curve`"),
    ] {
        assert_refused::<Backoff<Curve>>(text, says);
    }
    assert_refused::<RateRules>("ratio = -0.1", "`ratio`: it is finite and not negative");
    assert_refused::<RateRules>("window = 0", "`window`: it has to be above zero");
    assert_refused::<RateRules>("reserve = -1", "`reserve`: ");
    assert_refused::<TokenQuota>("capacity = 0", "`capacity`: a count is above zero");
    assert_refused::<TokenQuota>("capacity = 3", "`cost`: it is no more than the capacity");
}

/// As an environment has it: a text, which is a number to those who ask for one.
struct Text(&'static str);

impl<'de> serde::de::IntoDeserializer<'de> for Text {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Text {
    type Error = serde::de::value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_str(self.0)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self.0.parse() {
            Ok(number) => visitor.visit_u64(number),
            Err(_) => visitor.visit_str(self.0),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self.0.parse() {
            Ok(number) => visitor.visit_f64(number),
            Err(_) => visitor.visit_str(self.0),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u128 f32 char str string bytes byte_buf option unit unit_struct newtype_struct seq tuple
        tuple_struct map struct enum identifier ignored_any
    }
}

#[test]
fn what_has_nothing_but_text_is_read_as_well() {
    fn read<T: serde::de::DeserializeOwned>(texts: &[(&'static str, &'static str)]) -> Result<T, String> {
        let texts = texts.iter().map(|(key, text)| (*key, Text(text)));
        T::deserialize(MapDeserializer::new(texts)).map_err(|error| error.to_string())
    }
    let all = [("first", "2"), ("factor", "1.5"), ("jitter", "0.25"), ("hint", "7"), ("attempts", "5")];
    let expected = exponential(2 * SECOND).factor(1.5).jitter(Jitter::factor(0.25)).attempts(5);
    let expected = expected.hint(Hint::Clamp { extra: 7 * SECOND });
    assert_eq!(read::<Backoff<Curve>>(&all).unwrap(), expected.any());
    let some = read::<Async>(&[("max_workers", "8"), ("timeout", "90")]).unwrap();
    assert_eq!((some.max_workers.get(), some.timeout), (8, 90 * SECOND));
    for (key, text) in
        [("attempts", "0"), ("attempts", "nan"), ("jitter", "inf"), ("hint", "-7"), ("hint", "nan")]
    {
        let error = read::<Backoff<Curve>>(&[(key, text)]).unwrap_err();
        assert!(error.starts_with(&format!("`{key}`: ")), "{error}");
    }
    assert!(read::<Async>(&[("max_workers", "many")]).unwrap_err().starts_with("`max_workers`: "));
}

#[test]
fn a_budget_comes_from_a_table_as_from_its_setters() {
    let rules: RateRules =
        serde_json::from_value(json!({ "ratio": 0.5, "reserve": 0, "window": "1m" })).unwrap();
    assert_eq!(rules, RateRules::new().ratio(0.5).reserve(0).window(60 * SECOND));
    let quota: TokenQuota = serde_json::from_value(json!({ "capacity": 20, "cost": 10 })).unwrap();
    assert_eq!((quota.tokens(), (0..5).filter(|_| quota.try_withdraw().is_some()).count()), (20, 2));
}

#[test]
fn limits_come_from_tables() {
    let quota: Quota = toml::from_str("cells = 600\nper = '1m'\nburst = 5").unwrap();
    assert_eq!(quota, Quota::per_minute(600).burst(5));
    assert_eq!(toml::from_str::<Quota>("cells = 10").unwrap(), Quota::per_second(10));
    assert_refused::<Quota>("", "missing field `cells`");
    assert_refused::<Quota>("cells = 0", "`cells`: a count is above zero");
    assert_refused::<Quota>("cells = 1\nper = 0", "`per`: it has to be above zero");
    assert_refused::<Quota>("cells = 1\nburst = 0", "`burst`: a count is above zero");
    assert_refused::<Quota>(
        "cells = 10\nper = '1ns'",
        "`cells`: a quota of more than one cell in a nanosecond",
    );

    let aimd: Aimd = toml::from_str("initial = 20\nmax = 100\nbackoff = 0.5\ntimeout = '2s'").unwrap();
    assert_eq!(aimd, Aimd::builder().initial(20).max(100).backoff(0.5).timeout(2 * SECOND).build());
    assert_eq!((toml::from_str::<Aimd>("").unwrap(), aimd.limit()), (Aimd::default(), 20));
    for (text, says) in [
        ("min = 0", "`min`: a count is above zero"),
        ("min = 5\nmax = 3", "`min`: the least limit exceeds the most"),
        ("initial = 300", "`initial`: the initial limit is not between the least and the most"),
        ("backoff = 1.0", "`backoff`: the backoff ratio is not between 0 and 1"),
        ("backoff = nan", "`backoff`: it is finite and not negative"),
        ("timeout = 0", "`timeout`: it has to be above zero"),
    ] {
        assert_refused::<Aimd>(text, says);
    }

    let rules: BulkheadRules = toml::from_str("queue = 0\nmax_wait = '250ms'").unwrap();
    assert_eq!((rules.concurrency.get(), rules.queue, rules.max_wait), (10, 0, 250 * MS));
    let stats = rules.build(untether::rt::threads::Threads::new().unwrap()).stats();
    assert_eq!((stats.size, stats.running), (10, 0));
    assert_refused::<BulkheadRules>("concurrency = 0", "`concurrency`: a count is above zero");
    assert_refused::<BulkheadRules>("max_wait = -1", "`max_wait`: a time is not negative");
}

#[test]
fn what_is_done_about_faults_comes_from_tables() {
    let limit: Timeout = serde_json::from_value(json!("250ms")).unwrap();
    assert_eq!(limit, Timeout::new(250 * MS));
    assert!(serde_json::from_value::<Timeout>(json!(0)).is_err());

    let hedge: Hedge = toml::from_str("after = '20ms'\nextra = 2").unwrap();
    assert_eq!(format!("{hedge:?}"), format!("{:?}", Hedge::after(20 * MS).extra(2)));
    assert_refused::<Hedge>("extra = 1", "missing field `after`");
    assert_refused::<Hedge>("after = 1\nextra = 4", "`extra`: it is 1, 2 or 3");

    type Rules = breaker::Builder<Backoff<Curve>>;
    let text = "failure_rate = 0.5\nslow_rate = 0.8\nslower_than = '2s'\nwindow_time = '1m'\nmin_calls = 10\n\
                probes = 3\nprobes_needed = 2\nprobe_max_wait = 5\nopen_for = { curve = 'constant', first = '10s', jitter = 'none' }";
    let rules: Rules = toml::from_str(text).unwrap();
    let expected = CircuitBreaker::builder().failure_rate(0.5).slow_rate(0.8, 2 * SECOND).min_calls(10);
    let expected =
        expected.window(breaker::Window::time(60 * SECOND)).probes(3, 2).probe_max_wait(5 * SECOND);
    let ten_seconds = constant(10 * SECOND).jitter(Jitter::NONE).any();
    assert!(rules == expected.open_for(ten_seconds), "{rules:?}");
    let plain: Rules = toml::from_str("").unwrap();
    assert!(plain == CircuitBreaker::builder().open_for(constant(30 * SECOND).any()), "{plain:?}");
    for (text, says) in [
        ("consecutive = 0", "`consecutive`: a count is above zero"),
        ("failure_rate = 0", "`failure_rate`: it is above 0 and at most 1"),
        ("failure_rate = 1.5", "`failure_rate`: it is above 0 and at most 1"),
        ("slow_rate = nan\nslower_than = 1", "`slow_rate`: it is above 0 and at most 1"),
        ("slow_rate = 0.5", "`slow_rate`: `slower_than` has to be there as well"),
        ("slower_than = 1", "`slower_than`: `slow_rate` has to be there as well"),
        ("window_calls = 9\nwindow_time = 1", "`window_time`: there is `window_calls` already"),
        ("probes = 1\nprobes_needed = 2", "`probes_needed`: there are fewer probes"),
        ("failure_rate = 1.0\nwindow_calls = 9\nmin_calls = 10", "`min_calls`: "),
        ("open_for = { attempts = 0 }", "`open_for.attempts`: "),
        ("probe_max_wait = -1", "`probe_max_wait`: a time is not negative"),
        ("open = 1", "unknown field `open`"),
    ] {
        assert_refused::<Rules>(text, says);
    }
}

#[test]
fn a_program_reads_the_keys_of_the_guide_in_part_or_in_whole() {
    let part = "[async]\nmax_concurrent = 20\ntimeout = '1.5s'\n[module]\nname = 'downloads'";
    let settings: Settings = toml::from_str(part).unwrap();
    assert_eq!((settings.r#async.max_concurrent.get(), settings.r#async.timeout), (20, 1_500 * MS));
    assert_eq!((settings.r#async.max_workers.get(), settings.module.name.as_str()), (4, "downloads"));
    let whole = json!({
        "async": { "max_workers": 8, "max_concurrent": 20, "concurrent_tasks": 10, "timeout": 60, "semaphore_limit": 3 },
        "performance": { "track_async_metrics": false, "async_efficiency_gain": false },
        "error_handling": { "async_error_recovery": false, "timeout_handling": false },
        "module": { "name": "your_async_module", "async_operations": false },
    });
    let settings: Settings = serde_json::from_value(whole).unwrap();
    assert_eq!((settings.r#async.max_workers.get(), settings.r#async.concurrent_tasks.get()), (8, 10));
    assert_eq!((settings.r#async.timeout, settings.r#async.semaphore_limit.get()), (60 * SECOND, 3));
    let said = [
        settings.performance.track_async_metrics,
        settings.performance.async_efficiency_gain,
        settings.error_handling.async_error_recovery,
        settings.error_handling.timeout_handling,
        settings.module.async_operations,
    ];
    assert_eq!(said, [false; 5]);
}

#[test]
fn the_defaults_are_those_of_the_guide() {
    let settings = Settings::default();
    let counts =
        [settings.r#async.max_workers, settings.r#async.max_concurrent, settings.r#async.concurrent_tasks];
    assert_eq!(counts.map(std::num::NonZero::get), [4, 10, 5]);
    assert_eq!((settings.r#async.timeout, settings.r#async.semaphore_limit.get()), (30 * SECOND, 10));
    assert!(settings.performance.track_async_metrics && settings.error_handling.async_error_recovery);
}

#[test]
fn a_program_s_mistakes_are_told_by_their_whole_name() {
    assert_refused::<Settings>("[async]\nmax_workers = 0", "`async.max_workers`: a count is above zero");
    assert_refused::<Settings>("[async]\nmax_workers = -4", "`async.max_workers`: ");
    assert_refused::<Settings>("[async]\ntimeout = 0", "`async.timeout`: it has to be above zero");
    assert_refused::<Settings>(
        "[async]\ntimeout = 'soon'",
        "`async.timeout`: a time is 30 (seconds), 1.5, 250ms or 2m, not `soon`",
    );
    assert_refused::<Settings>("[async]\nmax_wokers = 4", "`async`: unknown field `max_wokers`");
    assert_refused::<Settings>("[asink]", "unknown field `asink`, expected one of `async`");
    assert_refused::<Settings>("[module]\nname = 3", "`module.name`: ");
    let twice = serde_json::from_str::<Settings>(r#"{"module": {}, "module": {}}"#).unwrap_err();
    assert!(twice.to_string().contains("duplicate field `module`"), "{twice}");
}

#[test]
fn a_time_of_a_table_of_ones_own() {
    let span = |text: &str| serde_json::from_str::<Span>(text).map(|Span(span)| span);
    assert_eq!(span("30").unwrap(), 30 * SECOND);
    assert_eq!(span("0.25").unwrap(), 250 * MS);
    assert_eq!(span("\"90m\"").unwrap(), 5_400 * SECOND);
    assert!(["-1", "1e400", "null", "\"1 fortnight\""].iter().all(|text| span(text).is_err()));
}
