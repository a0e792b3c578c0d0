//! A pool of real SQLite connections. Whatever SQLite does blocks, so it is done by blocking tasks, to which a connection is lent and from which
//! it comes back. One of those who use them panics in the middle of a transaction: its connection is let go, and nothing of it is in the file.

use rusqlite::{Connection, TransactionBehavior};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use untether::resource::Pool;
use untether::resource::pool::{Manage, Object};
use untether::rt::smol::Smol;
use untether::spawn::{AnyRuntime, SpawnExt};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Connections to one file.
struct Connections {
    file: PathBuf,
    rt: AnyRuntime,
}

impl Manage for Connections {
    type Object = Connection;
    type Error = Failure;

    async fn create(&self) -> Result<Connection, Failure> {
        let file = self.file.clone();
        let open = move || -> rusqlite::Result<Connection> {
            let connection = Connection::open(file)?;
            connection.busy_timeout(Duration::from_secs(10))?;
            connection.pragma_update(None, "journal_mode", "wal")?;
            Ok(connection)
        };
        Ok(self.rt.spawn_blocking_task(open)?.await??)
    }

    /// One that is in the middle of a transaction is nobody's to go on with.
    fn is_broken(&self, connection: &mut Connection) -> bool {
        !connection.is_autocommit()
    }
}

type Accounts = Arc<Pool<Connections, AnyRuntime>>;

/// Lends a connection to a blocking task.
async fn with<R: Send + 'static>(
    accounts: &Accounts,
    work: impl FnOnce(&mut Connection) -> rusqlite::Result<R> + Send + 'static,
) -> Result<R, Failure> {
    let mut connection: Object<Accounts> =
        Pool::get_owned(accounts.clone()).await.map_err(|error| error.to_string())?;
    let task = accounts.manager().rt.spawn_blocking_task(move || work(&mut connection))?;
    Ok(task.await??)
}

fn transfer(connection: &mut Connection, from: i64, to: i64, panics: bool) -> rusqlite::Result<()> {
    if panics {
        connection.execute_batch("begin immediate; update accounts set balance = 0")?;
        panic!("in the middle of a transaction");
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute("update accounts set balance = balance - 1 where id = ?", [from])?;
    transaction.execute("update accounts set balance = balance + 1 where id = ?", [to])?;
    transaction.commit()
}

async fn run(rt: AnyRuntime) -> Result<(), Failure> {
    let file = std::env::temp_dir().join(format!("untether-{}.sqlite", std::process::id()));
    let manager = Connections { file: file.clone(), rt: rt.clone() };
    let limits = Pool::builder(4, manager).timer(rt.clone()).wait_limit(Duration::from_secs(30));
    let accounts: Accounts = Arc::new(limits.create_limit(Duration::from_secs(5)).build());
    with(&accounts, |connection| {
        connection.execute_batch(
            "create table accounts (id integer primary key, balance integer not null);
             insert into accounts (balance) values (100), (100), (100), (100), (100)",
        )
    })
    .await?;

    let transfers: Vec<_> = (0..60)
        .map(|n| {
            let accounts = accounts.clone();
            let transfer =
                move |connection: &mut Connection| transfer(connection, n % 5 + 1, (n + 1) % 5 + 1, n == 30);
            rt.spawn_task(async move { with(&accounts, transfer).await })
        })
        .collect::<Result<_, _>>()?;
    let mut failed = 0;
    for transfer in transfers {
        if let Err(error) = transfer.await? {
            println!("a transfer failed: {error}");
            failed += 1;
        }
    }

    let sum: i64 = with(&accounts, |connection| {
        connection.query_row("select sum(balance) from accounts", [], |row| row.get(0))
    })
    .await?;
    let stats = accounts.stats();
    println!(
        "{} connections made, {} let go, {} times lent again",
        stats.created, stats.detached, stats.recycled
    );
    println!("500 in, {sum} there; {failed} of 60 failed");
    assert_eq!((sum, failed), (500, 1));
    assert!(stats.created <= 5 && stats.in_use == 0);

    accounts.close();
    accounts.drained().await;
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", file.display()));
    }
    Ok(())
}

fn main() -> Result<(), Failure> {
    let runtime = std::env::args().skip_while(|argument| argument != "--runtime").nth(1);
    match runtime.as_deref() {
        None | Some("threads") => untether::rt::threads::block_on(|rt| run(AnyRuntime::new(rt))),
        Some("smol") => smol::block_on(run(AnyRuntime::new(Smol))),
        Some(other) => panic!("no runtime '{other}': threads or smol"),
    }
}
