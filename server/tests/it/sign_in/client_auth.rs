//! Each way of saying who we are, from the settings to the provider.

use std::fs;

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use rcgen::{KeyPair, PKCS_ED25519};
use serde_json::Value;

use crate::rig::{Browser, NOW, Outcome, Plan, World, log, provider::Asked, world::CLIENT_SECRET};

/// Signs somebody in and gives the token request.
async fn token_request(world: &World) -> Outcome<Asked> {
    let mut browser = Browser::at(world);
    let answer = browser.sign_in(&world.provider, "alice").await?;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(browser.is_signed_in().await?);
    let asked = world.provider.asked("/token");
    let [request] = asked.as_slice() else {
        return Err(format!("not one token request, but {}", asked.len()).into());
    };
    Ok(request.clone())
}

#[tokio::test]
async fn a_public_client_sends_no_proof() -> Outcome {
    let plan = Plan::new().without("WRENGATE_CLIENT_SECRET");
    let request = token_request(&plan.start().await?).await?;
    assert!(!request.headers.contains_key("authorization"));
    assert_eq!(request.field("client_secret"), None);
    assert_eq!(request.field("client_assertion"), None);
    Ok(())
}

#[tokio::test]
async fn a_secret_is_posted_where_it_is_to_be() -> Outcome {
    let plan = Plan::new().setting("WRENGATE_CLIENT_AUTH", "client_secret_post");
    let request = token_request(&plan.start().await?).await?;
    assert!(!request.headers.contains_key("authorization"));
    assert_eq!(
        request.field("client_secret").as_deref(),
        Some(CLIENT_SECRET)
    );
    Ok(())
}

#[tokio::test]
async fn a_client_with_a_key_signs_in_without_any_secret() -> Outcome {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("client.pem");
    let key = KeyPair::generate_for(&PKCS_ED25519)?;
    fs::write(&path, key.serialize_pem())?;
    let world = Plan::new()
        .without("WRENGATE_CLIENT_SECRET")
        .setting("WRENGATE_CLIENT_KEY_FILE", path.display().to_string())
        .setting("WRENGATE_CLIENT_KEY_ID", "key-1")
        .start()
        .await?;
    let request = token_request(&world).await?;
    assert!(!request.headers.contains_key("authorization"));
    let assertion = request.field("client_assertion").ok_or("no assertion")?;
    let public = DecodingKey::from_ed_pem(key.public_key_pem().as_bytes())?;
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_issuer(&["the-client"]);
    validation.set_audience(&[&world.provider.origin]);
    // The server's clock stands still, the library's does not.
    validation.validate_exp = false;
    let token = decode::<Value>(&assertion, &public, &validation)?;
    assert_eq!(token.header.kid.as_deref(), Some("key-1"));
    assert_eq!(token.claims.get("exp"), Some(&Value::from(NOW + 60)));
    let signature = assertion.rsplit('.').next().ok_or("no signature")?;
    assert_eq!(log::lines_with(signature), [""; 0]);
    Ok(())
}
