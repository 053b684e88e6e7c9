//! Looking at a database without making or changing it.

use sqlx::{
    ConnectOptions as _, Connection as _, SqliteConnection, query_scalar,
    sqlite::SqliteConnectOptions,
};

use super::{BUSY, Inspection, MIGRATIONS, Place, StoreError, within_limit};

/// Looks, holding the write lock for a moment.
///
/// # Errors
/// [`StoreError`] when the file cannot be opened or locked, or is no database.
pub(in crate::store) async fn inspect(address: &str) -> Result<Inspection, StoreError> {
    let path = match Place::parse(address).ok_or(StoreError::Address)? {
        Place::Memory => return Ok(Inspection::Memory),
        Place::File(path) => path,
    };
    let exists = path.try_exists();
    if !exists.map_err(|error| StoreError::Failed(Box::new(error)))? {
        return Ok(Inspection::Absent);
    }
    within_limit(async {
        let options = SqliteConnectOptions::new().filename(&path);
        let options = options.create_if_missing(false).busy_timeout(BUSY);
        let mut connection = options.disable_statement_logging().connect().await?;
        sqlx::query("BEGIN IMMEDIATE")
            .execute(&mut connection)
            .await?;
        let schema = schema(&mut connection).await?;
        sqlx::query("ROLLBACK").execute(&mut connection).await?;
        connection.close().await?;
        let ours = MIGRATIONS.iter().map(|(number, ..)| *number).max();
        Ok(Inspection::Present {
            schema,
            ours: ours.unwrap_or_default(),
        })
    })
    .await
}

async fn schema(connection: &mut SqliteConnection) -> Result<i64, sqlx::Error> {
    let table = "SELECT count(*) FROM sqlite_master WHERE name = '_sqlx_migrations'";
    let tables: i64 = query_scalar(table).fetch_one(&mut *connection).await?;
    if tables == 0 {
        return Ok(0);
    }
    let newest = "SELECT coalesce(max(version), 0) FROM _sqlx_migrations WHERE success";
    query_scalar(newest).fetch_one(connection).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::SqliteStore;

    #[tokio::test]
    async fn looking_makes_nothing_and_tells_what_is_there()
    -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("folder/it.db");
        let address = format!("sqlite:{}", path.display());
        assert_eq!(inspect(&address).await?, Inspection::Absent);
        assert_eq!(std::fs::read_dir(folder.path())?.count(), 0);
        assert_eq!(inspect("sqlite::memory:").await?, Inspection::Memory);

        let store = SqliteStore::open(&address).await?;
        let present = |schema| Inspection::Present { schema, ours: 2 };
        assert_eq!(inspect(&address).await?, present(2));
        let newer = "INSERT INTO _sqlx_migrations
            SELECT 7, description, installed_on, success, checksum, execution_time
            FROM _sqlx_migrations WHERE version = 2";
        sqlx::query(newer).execute(&store.writer).await?;
        assert_eq!(inspect(&address).await?, present(7));

        let empty = folder.path().join("empty.db");
        std::fs::write(&empty, "")?;
        let found = inspect(&format!("sqlite:{}", empty.display())).await?;
        assert_eq!(found, present(0));
        assert_eq!(std::fs::read(&empty)?, b"");
        std::fs::write(&empty, "this is no database, however long it is looked at")?;
        let found = inspect(&format!("sqlite:{}", empty.display())).await;
        assert!(matches!(found, Err(StoreError::Failed(_))), "{found:?}");
        Ok(())
    }
}
