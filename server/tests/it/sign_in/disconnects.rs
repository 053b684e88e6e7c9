//! Browsers that go away in the middle.

use tokio::{io::AsyncWriteExt as _, net::TcpStream};

use crate::rig::{Browser, Outcome, World};

/// Reload during the exchange: the work goes on, and the next call gets its outcome.
#[tokio::test]
async fn a_browser_that_goes_away_cancels_nothing() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let signing = browser.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    world.provider.holds();
    let mut connection = TcpStream::connect(world.addr).await?;
    let completion = browser.completion(&signing, &arrival);
    connection.write_all(&completion.encode()).await?;
    world.provider.arrived(1).await?;
    // With a reset, so that the server surely notices.
    connection.set_zero_linger()?;
    drop(connection);
    // The server has read the reset by the time it has answered somebody who came later.
    assert_eq!(browser.open("/healthz").await?.status, 200);
    world.provider.goes_on();
    let answer = browser.complete(&signing, &arrival).await?;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(browser.is_signed_in().await?);
    assert_eq!(world.provider.asked("/token").len(), 1);
    Ok(())
}

/// A body that breaks off is no message, and the attempt is as it was.
#[tokio::test]
async fn a_message_that_breaks_off_uses_nothing_up() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let signing = browser.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    let whole = browser.completion(&signing, &arrival).encode();
    for length in [whole.len() - 1, whole.len() - 40, whole.len() / 2, 20] {
        let mut connection = TcpStream::connect(world.addr).await?;
        connection
            .write_all(whole.get(..length).unwrap_or_default())
            .await?;
        drop(connection);
    }
    assert_eq!(browser.complete(&signing, &arrival).await?.status, 200);
    assert_eq!(world.provider.asked("/token").len(), 1);
    Ok(())
}
