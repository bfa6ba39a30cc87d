//! A status page over HTTPS: a certificate that the machine trusts is taken, any other is not.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, Stream};

use crate::support::world::World;

const HISTORY: &str = r#"{"page":{"id":"p1","name":"Example","url":"https://status.example.com","time_zone":"Etc/UTC"},
"incidents":[{"id":"abc123","name":"Mail is late","status":"resolved","impact":"minor","created_at":"2026-03-17T14:14:05.000Z",
"incident_updates":[{"id":"u1","status":"resolved","body":"Done.","created_at":"2026-03-17T15:00:00.000Z","display_at":"2026-03-17T15:00:00.000Z"},
{"id":"u0","status":"investigating","body":"Looking.","created_at":"2026-03-17T14:14:05.000Z","display_at":"2026-03-17T14:14:05.000Z"}]}]}"#;

/// An authority that nobody but this test knows.
fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// What a server that is called `name` needs.
fn server_config(authority: &CertifiedIssuer<'static, KeyPair>, name: &str) -> Arc<ServerConfig> {
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, authority).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config =
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
    Arc::new(config)
}

/// Answers so many connections, each with the history; its address.
fn serve(config: Arc<ServerConfig>, connections: usize) -> (String, std::thread::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!(
        "https://localhost:{}/api/v2/incidents.json",
        listener.local_addr().unwrap().port()
    );
    listener.set_nonblocking(true).unwrap();
    let thread = std::thread::spawn(move || {
        // Ten seconds at most: a client that never comes must not keep the test.
        let (mut served, mut waited) = (0, 0);
        while served < connections && waited < 500 {
            match listener.accept() {
                Ok((stream, _)) => {
                    served += 1;
                    talk(stream, &config);
                }
                Err(_) => {
                    waited += 1;
                    std::thread::sleep(Duration::from_millis(20));
                }
            }
        }
    });
    (address, thread)
}

fn talk(mut socket: TcpStream, config: &Arc<ServerConfig>) {
    socket.set_nonblocking(false).unwrap();
    let _ = socket.set_read_timeout(Some(Duration::from_secs(5)));
    let mut connection = ServerConnection::new(config.clone()).unwrap();
    let mut stream = Stream::new(&mut connection, &mut socket);
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return,
        }
    }
    let _ = write!(
        stream,
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{HISTORY}",
        HISTORY.len()
    );
    stream.conn.send_close_notify();
    let _ = stream.flush();
}

/// Imports from `address` on a machine that trusts `trusted` alone.
fn import(world: &World, address: &str, trusted: &CertifiedIssuer<'static, KeyPair>) -> String {
    world.write("authority.pem", trusted.pem());
    let mut command = world.command(&["import", address]);
    command.env("SSL_CERT_FILE", world.path("authority.pem")).env("NO_PROXY", "localhost");
    let output = command.output().expect("the program runs");
    let port = address.split(':').nth(2).and_then(|rest| rest.split('/').next()).expect("a port");
    world.shown(&output).replace(port, "PORT")
}

#[test]
fn trusted_certificate_is_accepted() {
    let (authority, world) = (authority(), World::new());
    let (address, server) = serve(server_config(&authority, "localhost"), 2);
    let shown = import(&world, &address, &authority);
    assert!(shown.contains("── exit 0"), "{shown}");
    assert!(world.read("incidents/2026-03-17-mail-is-late.yaml").contains("2026-03-17T14:14:05Z"));
    drop(server);
}

#[test]
fn untrusted_or_mismatched_certificate_is_refused() {
    let (known, stranger) = (authority(), authority());
    for (config, why) in [
        (server_config(&stranger, "localhost"), "an unknown authority"),
        (server_config(&known, "status.example.org"), "another name"),
    ] {
        let world = World::new();
        let (address, server) = serve(config, 1);
        let shown = import(&world, &address, &known);
        assert!(
            shown.contains("── exit 4") && shown.contains("its certificate is refused"),
            "{why}: {shown}"
        );
        assert!(
            !shown.contains("tried"),
            "{why}: it will be the same certificate the next time: {shown}"
        );
        assert!(!world.path("incidents").exists(), "{why}: nothing was written");
        drop(server);
    }
}
