//! Two steps together, then one with what both gave: `cargo run --example workflow --features tokio,smol,async-std,signal -- --runtime tokio`.
//!
//! The steps take 100, 150 and 50 ms: 300 ms one after the other, 200 ms if the first two are run together. They are done by a client that does five
//! things at a time. Then the same where the third can begin with each result as it comes: in a scope.

mod on;

use std::time::Duration;
use untether::sync::Semaphore;
use untether::task::{scope, try_gather};
use untether::time::{Clock, Timer};

const MS: Duration = Duration::from_millis(1);

struct Client<T> {
    rt: T,
    places: Semaphore,
}

#[derive(Debug)]
struct Done {
    operation: &'static str,
    /// What it stands on.
    of: Vec<&'static str>,
}

impl<T: Timer> Client<T> {
    async fn step(&self, operation: &'static str, takes: Duration, of: &[&Done]) -> Result<Done, String> {
        let _place = self.places.acquire().await.map_err(|closed| closed.to_string())?;
        self.rt.sleep(takes).await;
        if takes > 150 * MS {
            return Err(format!("{operation} took too long"));
        }
        Ok(Done { operation, of: of.iter().map(|done| done.operation).collect() })
    }

    /// 1 + 2, then 3. If one of the two fails the other is dropped, and there is no third.
    async fn workflow(&self, second: Duration) -> Result<Done, String> {
        let first = self.step("custom_1", 100 * MS, &[]);
        let second = self.step("custom_2", second, &[]);
        let (one, two) = try_gather((first, second)).await?;
        self.step("custom_3", 50 * MS, &[&one, &two]).await
    }
}

fn main() {
    on::run(|rt| {
        on::until_ctrl_c(async move {
            let client = Client { rt: rt.clone(), places: Semaphore::new(5) };
            let start = rt.now();
            let done = client.workflow(150 * MS).await.expect("all three steps");
            let took = rt.now().saturating_duration_since(start);
            println!("{} of {} took {} ms", done.operation, done.of.join(" and "), took.as_millis());
            assert_eq!(done.of, ["custom_1", "custom_2"]);
            assert!(took >= 200 * MS && took < 290 * MS, "{took:?}");

            let failed = client.workflow(200 * MS).await.expect_err("the second step is too slow");
            println!("failed: {failed}");

            let start = rt.now();
            let summary = scope(async |s| {
                let client = &client;
                let steps = [("a", 100 * MS), ("b", 150 * MS)].map(|(operation, takes)| {
                    s.spawn(async move {
                        let first = client.step(operation, takes, &[]).await?;
                        // It does not wait for the other one.
                        client.step("stored", 50 * MS, &[&first]).await
                    })
                });
                let mut stored = Vec::new();
                for step in steps {
                    stored.push(step.await?.of[0]);
                }
                Ok::<_, String>(stored)
            });
            let summary = summary.await.expect("both are stored");
            println!(
                "stored {} in {} ms",
                summary.join(" and "),
                rt.now().saturating_duration_since(start).as_millis()
            );
        })
    });
}
