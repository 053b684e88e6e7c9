//! What the provider answers: by the rules, or as it was told.

use std::sync::Arc;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};
use wrengate_protocol::{encoding::base64url, pkce::CodeVerifier};

use super::{
    NOW,
    provider::{Asked, Desk, Family, Granted, Reply, Rotation, Rules, random},
};

pub(super) async fn answer(
    State((desk, origin)): State<(Arc<Desk>, String)>,
    request: Request,
) -> Result<Response, StatusCode> {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1024 * 1024).await;
    let body = body.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
    let asked = Asked {
        path: head.uri.path().to_owned(),
        headers: head.headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    desk.asked().push(asked.clone());
    desk.arrived.send_modify(|arrived| *arrived += 1);
    // An error means that the provider was dropped; then nobody waits for this answer either.
    let _ = desk.open.subscribe().wait_for(|open| *open).await;
    let is_refresh = asked.field("grant_type").as_deref() == Some("refresh_token");
    let told = {
        let replies = &desk.rules().replies;
        let of_refresh = replies.get("refresh").filter(|_| is_refresh);
        let told = of_refresh.or_else(|| replies.get(asked.path.as_str()));
        told.cloned()
    };
    if let Some(Reply::Silence) = told {
        std::future::pending::<()>().await;
    }
    if let Some(reply) = told {
        return reply_as_told(reply);
    }
    let (status, body) = match asked.path.as_str() {
        "/token" if is_refresh => refreshed(&desk, &origin, &asked),
        "/revoke" => revoked(&mut desk.rules(), &asked),
        "/token" => tokens(&desk, &origin, &asked),
        "/jwks" => (StatusCode::OK, json!({"keys": [public_key(&desk.key)]})),
        "/userinfo" => userinfo(&desk.rules(), &asked),
        // Revoked, or unknown, which is as good (RFC 7009, section 2.2).
        "/par" => pushed(&mut desk.rules(), &asked),
        "/.well-known/openid-configuration" => (StatusCode::OK, metadata(&origin, &desk.rules())),
        _ => (StatusCode::NOT_FOUND, json!({})),
    };
    Ok((status, axum::Json(body)).into_response())
}

fn reply_as_told(reply: Reply) -> Result<Response, StatusCode> {
    let Reply::Answer {
        status,
        headers,
        body,
    } = reply
    else {
        let part = Ok::<_, std::io::Error>("{");
        let end = Err(std::io::ErrorKind::ConnectionReset.into());
        let body = Body::from_stream(futures_util::stream::iter([part, end]));
        return Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response());
    };
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    let response = response.body(body.into());
    response.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

fn tokens(desk: &Desk, origin: &str, asked: &Asked) -> (StatusCode, Value) {
    let rules = &mut *desk.rules();
    let refused = || (StatusCode::BAD_REQUEST, json!({"error": "invalid_grant"}));
    let granted = asked
        .field("code")
        .and_then(|code| rules.codes.remove(&code));
    let Some(granted) = granted else {
        return refused();
    };
    let verifier = CodeVerifier::parse(&asked.field("code_verifier").unwrap_or_default());
    let proved = verifier.is_ok_and(|it| it.challenge().as_str() == granted.challenge);
    if !proved || asked.field("redirect_uri").as_ref() != Some(&granted.redirect_uri) {
        return refused();
    }
    let Ok([access, refresh]) = random().and_then(|access| Ok([access, random()?])) else {
        return (StatusCode::INTERNAL_SERVER_ERROR, json!({}));
    };
    let answer = json!({
        "access_token": format!("access-{access}"),
        "refresh_token": format!("refresh-{refresh}"),
        "id_token": id_token(&desk.key, &claims(origin, &granted, &rules.claims)),
        "token_type": "Bearer",
        "expires_in": 3600,
        "scope": granted.scope,
    });
    let answer = with(answer, &rules.token_members);
    let access_token = text(&answer, "access_token");
    let refresh_token = text(&answer, "refresh_token");
    rules
        .tokens
        .insert(access_token.clone(), granted.person.clone());
    let family = rules.families.len();
    rules.issued.insert(refresh_token.clone(), family);
    rules.families.push(Family {
        granted,
        refresh_token,
        access_token,
        ended: false,
    });
    (StatusCode::OK, answer)
}

/// RFC 6749, section 6: the refresh token is replaced, and one that was replaced before is stolen.
fn refreshed(desk: &Desk, origin: &str, asked: &Asked) -> (StatusCode, Value) {
    let rules = &mut *desk.rules();
    let refused = || (StatusCode::BAD_REQUEST, json!({"error": "invalid_grant"}));
    let sent = asked.field("refresh_token").unwrap_or_default();
    let Some(number) = rules.issued.get(&sent).copied() else {
        return refused();
    };
    let rotation = rules.rotation;
    let family = rules.families.get(number).cloned();
    let takes = rotation != Rotation::Replaces;
    let Some(family) = family.filter(|it| !it.ended && (it.refresh_token == sent || takes)) else {
        rules.end_family(number);
        return refused();
    };
    let Ok([access, refresh]) = random().and_then(|access| Ok([access, random()?])) else {
        return (StatusCode::INTERNAL_SERVER_ERROR, json!({}));
    };
    let claims = claims(origin, &family.granted, &json!({"nonce": null}));
    let claims = with(claims, &rules.refresh_claims);
    let mut answer = json!({
        "access_token": format!("access-{access}"),
        "id_token": id_token(&desk.key, &claims),
        "token_type": "Bearer",
        "expires_in": 3600,
    });
    if rotation != Rotation::Keeps {
        let rotated = json!({"refresh_token": format!("refresh-{refresh}")});
        answer = with(answer, &rotated);
    }
    let answer = with(answer, &rules.refresh_members);
    rules.tokens.remove(&family.access_token);
    let access_token = text(&answer, "access_token");
    rules
        .tokens
        .insert(access_token.clone(), family.granted.person);
    let refresh_token = match text(&answer, "refresh_token") {
        none if none.is_empty() => sent,
        new => new,
    };
    rules.issued.insert(refresh_token.clone(), number);
    if let Some(family) = rules.families.get_mut(number) {
        family.access_token = access_token;
        family.refresh_token = refresh_token;
    }
    (StatusCode::OK, answer)
}

/// RFC 7009: whatever is revoked, all of its family ends.
fn revoked(rules: &mut Rules, asked: &Asked) -> (StatusCode, Value) {
    let token = asked.field("token").unwrap_or_default();
    let of_access = rules
        .families
        .iter()
        .position(|it| it.access_token == token);
    if let Some(number) = rules.issued.get(&token).copied().or(of_access) {
        rules.end_family(number);
    }
    (StatusCode::OK, json!({}))
}

fn text(object: &Value, name: &str) -> String {
    let text = object.get(name).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

fn claims(origin: &str, granted: &Granted, others: &Value) -> Value {
    let claims = json!({
        "iss": origin, "aud": "the-client", "sub": granted.person, "nonce": granted.nonce,
        "iat": NOW, "exp": NOW + 600,
    });
    with(claims, others)
}

/// An object with these members besides, or in place of, its own; null takes one away.
pub(super) fn with(mut object: Value, others: &Value) -> Value {
    if let (Some(members), Some(others)) = (object.as_object_mut(), others.as_object()) {
        members.extend(others.clone());
        members.retain(|_, value| !value.is_null());
    }
    object
}

fn id_token(key: &Ed25519KeyPair, claims: &Value) -> String {
    signed(key, &json!({"alg": "EdDSA", "kid": "the-key"}), claims)
}

/// A token that this key signs, whatever its header says.
pub(super) fn signed(key: &Ed25519KeyPair, header: &Value, claims: &Value) -> String {
    let part = |value: &Value| base64url(value.to_string().as_bytes());
    let signed = format!("{}.{}", part(header), part(claims));
    let signature = base64url(key.sign(signed.as_bytes()).as_ref());
    format!("{signed}.{signature}")
}

fn public_key(key: &Ed25519KeyPair) -> Value {
    let x = base64url(key.public_key().as_ref());
    json!({"kty": "OKP", "crv": "Ed25519", "kid": "the-key", "x": x})
}

fn userinfo(rules: &Rules, asked: &Asked) -> (StatusCode, Value) {
    let sent = asked.headers.get(header::AUTHORIZATION);
    let person = sent
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
        .and_then(|token| rules.tokens.get(token));
    let Some(person) = person else {
        return (StatusCode::UNAUTHORIZED, json!({"error": "invalid_token"}));
    };
    let known = rules.people.get(person).cloned();
    let told = known.unwrap_or_else(|| json!({"sub": person, "name": format!("Dr. {person}")}));
    (StatusCode::OK, told)
}

/// Keeps what was pushed for whoever names it, once.
fn pushed(rules: &mut Rules, asked: &Asked) -> (StatusCode, Value) {
    let Ok(random) = random() else {
        return (StatusCode::INTERNAL_SERVER_ERROR, json!({}));
    };
    let uri = format!("urn:ietf:params:oauth:request_uri:{random}");
    rules.pushed.insert(uri.clone(), asked.body.clone());
    (
        StatusCode::CREATED,
        json!({"request_uri": uri, "expires_in": 60}),
    )
}

fn metadata(origin: &str, rules: &Rules) -> Value {
    let end_session = rules.ends_sessions.then(|| format!("{origin}/logout"));
    let metadata = json!({
        "issuer": origin,
        "authorization_endpoint": format!("{origin}/authorize"),
        "token_endpoint": format!("{origin}/token"),
        "userinfo_endpoint": format!("{origin}/userinfo"),
        "jwks_uri": format!("{origin}/jwks"),
        "revocation_endpoint": format!("{origin}/revoke"),
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "pushed_authorization_request_endpoint": format!("{origin}/par"),
        "require_pushed_authorization_requests": rules.pushed_only,
    });
    with(metadata, &json!({"end_session_endpoint": end_session}))
}
