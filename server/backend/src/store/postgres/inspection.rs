//! Looking at a database without changing it.

use sqlx::{ConnectOptions as _, Connection as _, PgConnection, query_scalar};

use super::{Inspection, MIGRATIONS, StoreError, options, within_limit, writable};

/// Looks, in a transaction that only reads.
///
/// # Errors
/// [`StoreError`] when the database cannot be reached or takes no writes.
pub(in crate::store) async fn inspect(address: &str) -> Result<Inspection, StoreError> {
    let options = options(address)?;
    let (schema, is_read_only) = within_limit(async {
        let mut connection = options.connect().await?;
        let read_only = "SELECT current_setting('transaction_read_only')::boolean";
        let read_only = query_scalar(read_only).fetch_one(&mut connection).await?;
        let mut look = connection.begin_with("BEGIN READ ONLY").await?;
        let schema = schema(&mut look).await?;
        look.rollback().await?;
        connection.close().await?;
        Ok((schema, read_only))
    })
    .await?;
    writable(is_read_only)?;
    let ours = MIGRATIONS.iter().map(|(number, ..)| *number).max();
    Ok(Inspection::Present {
        schema,
        ours: ours.unwrap_or_default(),
    })
}

async fn schema(connection: &mut PgConnection) -> Result<i64, sqlx::Error> {
    let table = "SELECT to_regclass('_sqlx_migrations') IS NOT NULL";
    let exists: bool = query_scalar(table).fetch_one(&mut *connection).await?;
    if !exists {
        return Ok(0);
    }
    let newest = "SELECT coalesce(max(version), 0) FROM _sqlx_migrations WHERE success";
    query_scalar(newest).fetch_one(connection).await
}
