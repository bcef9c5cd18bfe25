//! A copy of the database: `PostgreSQL`'s own programs write and read it.
//!
//! A login that row-level security holds would copy nothing, so the copy is made by one that
//! passes it, and brought back before the walls stand.

use super::{
    MIGRATIONS, PostgresAddress, connect, look_at, migrate, refusals,
    tools::{FoundTool, Tool},
};
use crate::{
    error::{Result, StoreError},
    open::{Found, OpenMode},
    snapshot::{COUNTS, Contents},
};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::path::Path;

pub(crate) async fn snapshot(address: &PostgresAddress, into: &Path) -> Result<Contents> {
    let mut login = connect(address).await?;
    let found = look_at(address, &mut login).await?;
    found.is_behind(&MIGRATIONS, OpenMode::Migrate, address)?;
    let Found::Applied(applied) = found else {
        return Err(StoreError::NoDatabase {
            database: address.to_string(),
        });
    };
    let [dump, restore] = means(address, &mut login).await?;
    // The program copies the state that this transaction sees and counts.
    let mut tx = login
        .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        .await?;
    let state: String = sqlx::query_scalar("SELECT pg_export_snapshot()")
        .fetch_one(&mut *tx)
        .await?;
    let counts = sqlx::query_as(COUNTS)
        .fetch_one(&mut *tx)
        .await
        .map_err(refusals::cannot_open(address))?;
    // Not compressed: whoever packs it does that.
    let words = [
        "--format=custom".to_owned(),
        "--compress=0".to_owned(),
        format!("--snapshot={state}"),
        format!("--file={}", text(into)?),
    ];
    dump.run(address, &words).await?;
    tx.rollback().await?;
    login.close().await?;
    // Reads all of it, and writes it nowhere.
    let nowhere = if cfg!(windows) { "NUL" } else { "/dev/null" };
    let words = [format!("--file={nowhere}"), text(into)?];
    restore.run(address, &words).await?;
    let schema = applied.last().map_or(0, |(version, _)| *version);
    Ok(Contents::new(schema, counts))
}

pub(crate) async fn can_snapshot(address: &PostgresAddress) -> Result<()> {
    let mut login = connect(address).await?;
    means(address, &mut login).await?;
    login.close().await?;
    Ok(())
}

/// What a copy takes: a login that sees every row, and the programs that write and read it.
async fn means(address: &PostgresAddress, login: &mut PgConnection) -> Result<[FoundTool; 2]> {
    if !passes_walls(login).await? {
        return Err(StoreError::Walled {
            login: address.login().to_owned(),
        });
    }
    let server = major(login).await?;
    Ok([
        Tool::Dump.find(server).await?,
        Tool::Restore.find(server).await?,
    ])
}

pub(crate) async fn load(
    address: &PostgresAddress,
    file: &Path,
    contents: &Contents,
) -> Result<()> {
    let known = MIGRATIONS.iter().map(|migration| migration.version).max();
    let known = known.unwrap_or(0);
    if contents.schema > known {
        return Err(StoreError::TooNew {
            database: file.display().to_string(),
            found: contents.schema,
            known,
        });
    }
    let mut login = connect(address).await?;
    let restore = Tool::Restore.find(major(&mut login).await?).await?;
    match look_at(address, &mut login).await? {
        // Makes the role that the copy grants to, and says what the server or the login lacks.
        Found::Nothing => migrate(address, &mut login).await?,
        Found::Applied(_) => {}
    }
    if holds_rows(&mut login).await? {
        return Err(StoreError::NotEmpty {
            database: address.to_string(),
        });
    }
    clear(&mut login).await?;
    let database = address
        .database()
        .replace('\\', "\\\\")
        .replace('\'', "\\'");
    let words = [
        "--single-transaction".to_owned(),
        "--exit-on-error".to_owned(),
        "--no-owner".to_owned(),
        format!("--dbname=dbname='{database}'"),
        text(file)?,
    ];
    restore.run(address, &words).await?;
    if passes_walls(&mut login).await? {
        let counts = sqlx::query_as(COUNTS).fetch_one(&mut login).await?;
        if Contents::new(contents.schema, counts) != *contents {
            return Err(StoreError::Corrupt {
                detail: "the backup holds other rows than it says".to_owned(),
            });
        }
    }
    login.close().await?;
    Ok(())
}

async fn passes_walls(login: &mut PgConnection) -> Result<bool> {
    let query = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user";
    Ok(sqlx::query_scalar(query).fetch_one(login).await?)
}

async fn major(login: &mut PgConnection) -> Result<u32> {
    let query = "SELECT current_setting('server_version_num')::int / 10000";
    let major: i32 = sqlx::query_scalar(query).fetch_one(login).await?;
    Ok(u32::try_from(major).unwrap_or(0))
}

/// Our tables in the schema that is worked in, as SQL names; those of an extension are not.
const TABLES: &str = "FROM pg_class c \
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' \
     AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass \
                     AND d.objid = c.oid AND d.deptype = 'e')";

/// Whether there is or was a row in any table. Row-level security hides rows from the login, but
/// not how large a table is.
async fn holds_rows(login: &mut PgConnection) -> Result<bool> {
    let query = format!(
        "SELECT EXISTS (SELECT {TABLES} AND c.relname <> '_sqlx_migrations' \
         AND pg_relation_size(c.oid) > 0)"
    );
    let found = sqlx::query_scalar(AssertSqlSafe(query));
    Ok(found.fetch_one(login).await?)
}

/// Takes the empty tables away, which the copy brings with it.
async fn clear(login: &mut PgConnection) -> Result<()> {
    let query = format!("SELECT quote_ident(c.relname) {TABLES}");
    let tables: Vec<String> = sqlx::query_scalar(AssertSqlSafe(query))
        .fetch_all(&mut *login)
        .await?;
    if !tables.is_empty() {
        let drop = format!("DROP TABLE {} CASCADE", tables.join(", "));
        sqlx::raw_sql(AssertSqlSafe(drop)).execute(login).await?;
    }
    Ok(())
}

fn text(file: &Path) -> Result<String> {
    let name = file.to_str().ok_or(StoreError::Invalid {
        what: "name of the copy",
        rule: "be text",
    })?;
    Ok(name.to_owned())
}
