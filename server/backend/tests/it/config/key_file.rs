//! The key file: made once, whole, and for its owner alone.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, sync::Barrier, thread};

use wrengate_backend::{
    config::{KeyFileError, KeySource, StoreLocation, load_keys},
    random::{SeededRandom, SystemRandom},
};
use wrengate_protocol::Secret;

use super::{LOCAL, load};

fn keys_of(path: &Path) -> Result<Vec<Vec<u8>>, KeyFileError> {
    let keys = load_keys(&KeySource::File(path.to_owned()), &SystemRandom)?;
    Ok(exposed(&keys))
}

fn exposed(keys: &[Secret<Vec<u8>>]) -> Vec<Vec<u8>> {
    keys.iter().map(|key| key.expose().clone()).collect()
}

#[test]
fn the_key_file_is_made_once_for_its_owner_alone_and_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/wrengate.key");
    let first = keys_of(&path).unwrap();
    assert_eq!((first.len(), first[0].len()), (1, 32));
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o7777,
        0o600
    );
    let folder_mode = fs::metadata(path.parent().unwrap())
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(folder_mode & 0o7777, 0o700);
    assert_eq!(keys_of(&path).unwrap(), first);
    assert_eq!(
        fs::read_dir(path.parent().unwrap()).unwrap().count(),
        1,
        "no draft stays"
    );
}

#[test]
fn starts_at_once_agree_on_one_key() {
    const STARTS: usize = 16;
    for _ in 0..20 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("wrengate.key");
        let together = Barrier::new(STARTS);
        let found: Vec<_> = thread::scope(|scope| {
            let start = || {
                together.wait();
                keys_of(&path)
            };
            let starts: Vec<_> = (0..STARTS).map(|_| scope.spawn(start)).collect();
            starts
                .into_iter()
                .map(|start| start.join().unwrap().unwrap())
                .collect()
        });
        assert!(found.iter().all(|keys| *keys == found[0]));
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            1,
            "no draft stays"
        );
    }
}

#[test]
fn a_key_file_holds_several_keys_newest_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wrengate.key");
    let text = format!("# new\n{}\n\n{}=\n", "_".repeat(44), "A".repeat(43));
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(keys_of(&path).unwrap(), [vec![255; 33], vec![0; 32]]);
}

#[test]
fn a_key_file_that_cannot_be_trusted_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wrengate.key");
    let good = "A".repeat(43);
    let cases = [
        (good.as_str(), 0o640),
        (good.as_str(), 0o602),
        ("", 0o600),
        ("# nothing\n", 0o600),
        ("Y2FuYXJ5", 0o600),
        ("canary!", 0o600),
    ];
    let said = cases.map(|(text, mode)| {
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        keys_of(&path).unwrap_err().to_string()
    });
    let said = said.join("\n").replace(folder.path().to_str().unwrap(), "");
    insta::assert_snapshot!(said, @r"
    the key file /wrengate.key is open to other users (mode 0640): run chmod 600 /wrengate.key
    the key file /wrengate.key is open to other users (mode 0602): run chmod 600 /wrengate.key
    the key file /wrengate.key holds no key: restore it, or delete it to have a new one made
    the key file /wrengate.key holds no key: restore it, or delete it to have a new one made
    key 1 in the key file /wrengate.key is too short; needed is base64 of at least 32 bytes, a line each
    key 1 in the key file /wrengate.key is not base64; needed is base64 of at least 32 bytes, a line each
    ");
    let under_a_file = keys_of(&path.join("wrengate.key")).unwrap_err().to_string();
    assert!(under_a_file.contains("cannot be read"), "{under_a_file}");
}

#[test]
fn keys_come_from_the_settings_or_a_file_beside_the_store_or_are_made_for_a_store_in_memory() {
    let store = |value| {
        load(&[LOCAL, ("WRENGATE_STORE", value)], None)
            .unwrap()
            .store
    };
    for (given, database, key) in [
        ("sqlite:w.db", "w.db", "wrengate.key"),
        (
            "sqlite:/var/lib/w/w.db",
            "/var/lib/w/w.db",
            "/var/lib/w/wrengate.key",
        ),
        ("sqlite://here/w.db", "here/w.db", "here/wrengate.key"),
        ("sqlite:///srv/w.db", "/srv/w.db", "/srv/wrengate.key"),
    ] {
        let store = store(given);
        assert!(
            matches!(store.location, StoreLocation::File(path) if path == Path::new(database)),
            "{given}"
        );
        assert!(
            matches!(store.keys, KeySource::File(path) if path == Path::new(key)),
            "{given}"
        );
    }
    let memory = store("sqlite::memory:");
    assert!(matches!(memory.location, StoreLocation::Memory));
    let made = load_keys(&memory.keys, &SeededRandom::default()).unwrap();
    assert_eq!((made.len(), made[0].expose().len()), (1, 32));

    // Standard and URL-safe, padded and not.
    let both = format!("{}=, {}", "/".repeat(42) + "8", "_".repeat(42) + "8");
    let given = load(&[LOCAL, ("WRENGATE_KEYS", &both)], None)
        .unwrap()
        .store
        .keys;
    let keys = load_keys(&given, &SystemRandom).unwrap();
    assert_eq!(exposed(&keys), [vec![255; 32], vec![255; 32]]);
}
