//! Finds secrets: keys and tokens, passwords in addresses, and the addresses of people and of
//! machines.
//!
//! The formats of keys are those that their issuers document. Each starts with characters that
//! nothing else starts with, so false positives are rare. Strings that only look random are not
//! reported.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

/// A text that not everyone should read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Secret {
    /// Its kind with an article: `an AWS access key`.
    pub what: &'static str,
    /// Its range in the text.
    pub span: Range<usize>,
    /// How sensitive it is.
    pub weight: Weight,
}

/// How sensitive a secret is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weight {
    /// The address of a machine inside a network.
    Inside,
    /// The address of a person or of a machine.
    Address,
    /// A credential.
    Key,
}

/// The kinds that are recognised by their format: the name of the capture group, and the kind.
const KINDS: [(&str, &str); 19] = [
    ("pem", "a private key"),
    ("aws", "an AWS access key"),
    ("awssecret", "an AWS secret key"),
    ("github", "a GitHub token"),
    ("gitlab", "a GitLab token"),
    ("slack", "a Slack token"),
    ("slackhook", "a Slack webhook"),
    ("webhook", "a webhook"),
    ("teamshook", "a Teams webhook"),
    ("stripe", "a Stripe key"),
    ("google", "a Google API key"),
    ("npm", "an npm token"),
    ("pypi", "a PyPI token"),
    ("sendgrid", "a SendGrid key"),
    ("openai", "an API key"),
    ("jwt", "a JSON web token"),
    ("bearer", "a bearer token"),
    ("userinfo", "a password in an address"),
    ("assigned", "a password or key"),
];

/// All kinds in one expression, so that a text is scanned once.
static KEYS: LazyLock<Regex> = LazyLock::new(|| {
    let kinds = [
        r"(?P<pem>-----BEGIN (?:[A-Z]+ ){0,2}PRIVATE KEY)",
        r"(?P<aws>\b(?:AKIA|ASIA)[A-Z2-7]{16}\b)",
        r#"(?i:aws_secret_access_key)[ =:"']{1,5}(?P<awssecret>[A-Za-z0-9/+]{40})"#,
        r"(?P<github>\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_[A-Za-z0-9_]{22,})",
        r"(?P<gitlab>\bglpat-[A-Za-z0-9_-]{20,})",
        r"(?P<slack>\bxox[abeoprs]-[A-Za-z0-9-]{10,})",
        r"hooks\.slack\.com/services/(?P<slackhook>T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{16,})",
        r"/api/webhooks/(?P<webhook>[0-9]{15,}/[A-Za-z0-9_-]{30,})",
        r"\.webhook\.office\.com/webhookb2/(?P<teamshook>[A-Za-z0-9@-]{36,}/IncomingWebhook/[A-Za-z0-9/-]{20,})",
        r"(?P<stripe>\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,})",
        r"(?P<google>\bAIza[A-Za-z0-9_-]{35})",
        r"(?P<npm>\bnpm_[A-Za-z0-9]{36})",
        r"(?P<pypi>\bpypi-AgE[A-Za-z0-9_-]{40,})",
        r"(?P<sendgrid>\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,})",
        r"(?P<openai>\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{32,})",
        r"(?P<jwt>\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,})",
        r"(?i:\bbearer)[ :=]+(?P<bearer>[A-Za-z0-9._~+/-]{20,}=*)",
        r"[a-z][a-z0-9+.-]*://(?u:[^\s/:@])*:(?P<userinfo>(?u:[^\s/@:])+)@",
        r#"(?i:\b(?:password|passwd|secret|(?:api|app|routing|integration|service|genie)[_-]?key|(?:access|auth)[_-]?token|client[_-]?secret))["'`]?\s?[:=]\s?["'`]?(?P<assigned>(?u:[^\s"'`,;]){10,})"#,
    ];
    Regex::new(&format!("(?-u:{})", kinds.join("|"))).expect("valid built-in regex")
});

/// Texts that may be the address of a person or of a machine.
static ADDRESSES: LazyLock<Regex> = LazyLock::new(|| {
    let kinds = [
        r"(?P<mail>[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,})",
        r"(?P<v4>[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3})",
        r"(?P<v6>[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})",
    ];
    Regex::new(&format!("(?-u:{})", kinds.join("|"))).expect("valid built-in regex")
});

/// The secrets in `text`, in order.
pub(crate) fn secrets(text: &str) -> Vec<Secret> {
    let mut found = keys(text);
    let keys = found.len();
    for captures in ADDRESSES.captures_iter(text) {
        let whole = captures.get(0).map_or(0..0, |whole| whole.range());
        let is_inside = found[..keys]
            .iter()
            .any(|key| key.span.start < whole.end && whole.start < key.span.end);
        let address =
            if captures.name("mail").is_some() { mail(text, whole) } else { machine(text, whole) };
        found.extend(address.filter(|_| !is_inside));
    }
    found.sort_by_key(|secret| secret.span.start);
    found
}

/// The keys in `text`, without addresses.
pub(crate) fn keys(text: &str) -> Vec<Secret> {
    KEYS.captures_iter(text).filter_map(|captures| key(&captures)).collect()
}

/// `text` with the characters of `found` replaced by asterisks. The length does not change, so all
/// ranges remain valid, and escapes in JSON are preserved.
pub(crate) fn masked(text: &str, found: &[Secret]) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut end = 0;
    for secret in found {
        let start = secret.span.start.max(end);
        masked.push_str(&text[end..start]);
        let span = start..secret.span.end.max(end_of_private_key(text, secret)).max(start);
        let mut is_escaped = false;
        for c in text[span.clone()].chars() {
            // Line ends are preserved, so that the places after them remain valid.
            let stays = is_escaped || c == '\\' || c.is_whitespace();
            is_escaped = c == '\\' && !is_escaped;
            if stays {
                masked.push(c);
            } else {
                masked.extend(std::iter::repeat_n('*', c.len_utf8()));
            }
        }
        end = span.end;
    }
    masked + &text[end..]
}

/// The end of a private key, of which only the first line has a recognisable format. Without a last
/// line it extends to the end of the text.
fn end_of_private_key(text: &str, secret: &Secret) -> usize {
    if !text[secret.span.clone()].starts_with("-----BEGIN") {
        return secret.span.end;
    }
    let rest = &text[secret.span.end..];
    rest.find("-----END").map_or(text.len(), |at| secret.span.end + at)
}

fn key(captures: &Captures) -> Option<Secret> {
    let (name, what, found) =
        KINDS.iter().find_map(|&(name, what)| Some((name, what, captures.name(name)?)))?;
    let text = found.as_str();
    let real = match name {
        // AWS's documentation uses keys that end like this as examples.
        "aws" => !text.ends_with("EXAMPLE"),
        "awssecret" => !text.ends_with("EXAMPLEKEY"),
        "userinfo" => !is_placeholder(text),
        // A word after "password:" is an ordinary word; a string of letters and digits is not.
        "assigned" => !is_placeholder(text) && has_both(text),
        "bearer" | "openai" => has_both(text),
        _ => true,
    };
    real.then(|| Secret { what, span: found.range(), weight: Weight::Key })
}

fn has_both(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit()) && text.bytes().any(|b| b.is_ascii_alphabetic())
}

/// Whether it is a placeholder for a password.
fn is_placeholder(text: &str) -> bool {
    const WORDS: [&str; 9] = [
        "password", "passwd", "pass", "secret", "token", "redacted", "changeme", "hidden",
        "removed",
    ];
    let bare = text.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    text.contains(['<', '>', '{', '}', '$', '*', '[', '(', '…', '%', '/'])
        || text.contains("...")
        || WORDS.iter().any(|word| bare.eq_ignore_ascii_case(word))
        || bare.bytes().all(|b| b.eq_ignore_ascii_case(&b'x'))
}

/// Public mailboxes, and texts that only look like addresses.
const DESKS: [&str; 17] = [
    "abuse",
    "contact",
    "git",
    "hello",
    "help",
    "hostmaster",
    "info",
    "no-reply",
    "noreply",
    "postmaster",
    "press",
    "privacy",
    "sales",
    "security",
    "status",
    "support",
    "webmaster",
];

fn mail(text: &str, span: Range<usize>) -> Option<Secret> {
    let (name, domain) = text[span.clone()].rsplit_once('@')?;
    let domain = domain.to_ascii_lowercase();
    let labels: Vec<&str> = domain.split('.').collect();
    let last = labels.last().copied().unwrap_or_default();
    // Reserved for examples by RFC 2606 and RFC 6761.
    let is_reserved = matches!(last, "example" | "invalid" | "test" | "localhost" | "local")
        || labels[labels.len().saturating_sub(2)] == "example";
    // `web@1.2.3.tar` is a package, and `icon@2x.png` a file.
    let is_file = matches!(
        last,
        "png" | "jpg" | "svg" | "gz" | "tgz" | "tar" | "zip" | "js" | "css" | "service"
    ) || domain.starts_with(|c: char| c.is_ascii_digit());
    let is_desk = DESKS.iter().any(|desk| name.eq_ignore_ascii_case(desk));
    let is_real = !is_reserved && !is_file && !is_desk;
    is_real.then_some(Secret { what: "an e-mail address", span, weight: Weight::Address })
}

/// Words before four numbers that make them a version.
const VERSIONS: [&str; 7] = ["v", "version", "versions", "ver", "release", "build", "firmware"];

fn machine(text: &str, span: Range<usize>) -> Option<Secret> {
    let (before, after) = (&text[..span.start], &text[span.end..]);
    let goes_on = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '-' | '_');
    // A full stop ends a sentence and a colon precedes a port, if nothing of the address follows.
    let mut next = after.chars();
    let is_cut = match next.next() {
        Some('.' | '-') => next.next().is_some_and(|c| c.is_ascii_alphanumeric()),
        Some(':') => false,
        Some(c) => goes_on(c),
        None => false,
    };
    let is_begun = before.ends_with(goes_on);
    let word = before.trim_end().rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    // `Agent/1.2.3.4` is the form of a user agent.
    let is_version = VERSIONS.iter().any(|version| word.eq_ignore_ascii_case(version))
        || before.strip_suffix('/').is_some_and(|name| name.ends_with(char::is_alphanumeric));
    if is_cut || is_begun || is_version {
        return None;
    }
    let address: IpAddr = text[span.clone()].parse().ok()?;
    let weight = match address {
        IpAddr::V4(address) => weight_of_v4(address)?,
        IpAddr::V6(address) => weight_of_v6(address)?,
    };
    Some(Secret { what: "an IP address", span, weight })
}

/// `None` for addresses that belong to nobody or are well known.
fn weight_of_v4(address: Ipv4Addr) -> Option<Weight> {
    const RESOLVERS: [[u8; 4]; 6] =
        [[8, 8, 8, 8], [8, 8, 4, 4], [1, 1, 1, 1], [1, 0, 0, 1], [9, 9, 9, 9], [208, 67, 222, 222]];
    let octets = address.octets();
    let nobodys = address.is_loopback()
        || address.is_documentation()
        || address.is_link_local()
        || address.is_unspecified()
        || address.is_multicast()
        || octets[0] == 0
        || octets[0] >= 240
        || RESOLVERS.contains(&octets)
        // Netmasks.
        || octets[0] == 255;
    (!nobodys).then(|| if address.is_private() { Weight::Inside } else { Weight::Address })
}

fn weight_of_v6(address: Ipv6Addr) -> Option<Weight> {
    let segments = address.segments();
    // 2001:db8::/32 and 3fff::/20 are for documentation (RFC 3849, RFC 9637).
    let is_documentation =
        segments[..2] == [0x2001, 0x0db8] || (segments[0] == 0x3fff && segments[1] < 0x1000);
    let nobodys = address.is_loopback()
        || address.is_unspecified()
        || address.is_unicast_link_local()
        || address.is_multicast()
        || is_documentation
        // `::1:2` is more likely a position than an address.
        || segments[0] == 0;
    (!nobodys).then(|| if address.is_unique_local() { Weight::Inside } else { Weight::Address })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key in two parts, so that secret scanners do not report this file.
    fn key(start: &str, end: &str) -> String {
        format!("{start}{end}")
    }

    fn whats(text: &str) -> Vec<(&'static str, Weight)> {
        secrets(text).into_iter().map(|secret| (secret.what, secret.weight)).collect()
    }

    #[test]
    fn keys_are_recognised_by_shape() {
        let long = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0";
        for (what, text) in [
            ("a private key", key("-----BEGIN RSA PRIV", "ATE KEY-----")),
            ("a private key", key("-----BEGIN PRIV", "ATE KEY-----")),
            ("an AWS access key", key("AKIA", "ABCDEFGHIJKLMNOP")),
            ("an AWS secret key", key("aws_secret_access_key = ", long)),
            ("a GitHub token", key("ghp_", &long[..36])),
            ("a GitHub token", key("github_pat_", &long[..30])),
            ("a GitLab token", key("glpat-", &long[..20])),
            ("a Slack token", key("xoxb-", "123456789012-abcdefghij")),
            (
                "a Slack webhook",
                key("https://hooks.slack.com/services/", "T01234567/B01234567/abcdefghijklmnop"),
            ),
            (
                "a webhook",
                key(
                    "https://chat.example.com/api/webhooks/",
                    &format!("123456789012345678/{}", &long[..32]),
                ),
            ),
            (
                "a Teams webhook",
                key(
                    "https://acme.webhook.office.com/webhookb2/",
                    "0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f@0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f/IncomingWebhook/0a1b2c3d4e5f0a1b2c3d4e5f/0a1b2c3d",
                ),
            ),
            ("a password or key", key("\"routing_key\": \"", "e93facc04764012d7bfb002500d5d1a6\"")),
            ("a Stripe key", key("sk_live_", &long[..24])),
            ("a Google API key", key("AIza", &long[..35])),
            ("a JSON web token", key("eyJhbGciOiJI", "UzI1NiJ9.eyJzdWIiOiIxMjM0.abcdefghijkl")),
            ("a bearer token", key("Authorization: Bearer ", &long[..32])),
            ("a password in an address", key("postgres://app:hunt", "er2@db.internal/app")),
            ("a password or key", key("password: ", "correct7horse9")),
        ] {
            assert_eq!(
                whats(&format!("We found `{text}` in a log.")),
                [(what, Weight::Key)],
                "{text}"
            );
        }
    }

    #[test]
    fn masking_preserves_positions_and_json() {
        let secret = key("ghp_", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8");
        let text =
            format!("{{\"a\": \"{secret}\", \"password\": \"p\\\\4ssw0rdü-x\", \"b\": \"é\"}}");
        let masked = masked(&text, &keys(&text));
        assert_eq!(masked.len(), text.len());
        assert!(!masked.contains("B2c3") && !masked.contains("ssw0rd"), "{masked}");
        let json: serde_json::Value = serde_json::from_str(&masked).unwrap();
        assert_eq!(json["b"], "é");
        assert!(json["password"].as_str().unwrap().starts_with("*\\***"), "{masked}");
        assert_eq!(super::masked("nothing", &[]), "nothing");
        let pem =
            key("a\n-----BEGIN RSA PRIV", "ATE KEY-----\nMIIE/x+y=\nab\n-----END RSA KEY-----\nb");
        let masked = super::masked(&pem, &keys(&pem));
        assert!(
            masked.starts_with("a\n**") && masked.ends_with("*\n**\n-----END RSA KEY-----\nb"),
            "{masked}"
        );
        assert!(!masked.contains("MIIE"), "{masked}");
    }

    #[test]
    fn placeholders_and_ordinary_text_are_not_keys() {
        for text in [
            "AKIAIOSFODNN7EXAMPLE",
            "postgres://user:password@db/app, https://user:<token>@host, https://a:$PASS@host",
            "password: rotated-for-everyone",
            "The secret: kubernetes-dashboard",
            "the bearer of the pager",
            "api_key = ${API_KEY}",
            "ghp_short and sk_live_short",
            "https://example.org:8443/path@v2",
            "Resolved at 14:05:06, 12:30 UTC",
        ] {
            assert_eq!(whats(text), [], "{text}");
        }
    }

    #[test]
    fn personal_and_machine_addresses_are_found() {
        assert_eq!(whats("Write to ana.miller@acme.io."), [("an e-mail address", Weight::Address)]);
        assert_eq!(
            whats("It came from 52.95.110.1:443 (blocked)."),
            [("an IP address", Weight::Address)]
        );
        assert_eq!(whats("Node 10.20.0.5 was sick."), [("an IP address", Weight::Inside)]);
        assert_eq!(
            whats("The prefix 2600:1f18:4::/48, and fd00:12::5."),
            [("an IP address", Weight::Address), ("an IP address", Weight::Inside),]
        );
    }

    #[test]
    fn role_and_documentation_addresses_are_ignored() {
        for text in [
            "support@acme.io, git@github.com:acme/api.git",
            "ana@example.org, bo@example, cy@mail.example.com, dee@host.test",
            "web@2.1.0.tgz, icon@2x.png",
            "192.0.2.7, 198.51.100.9, 203.0.113.1, 127.0.0.1, 0.0.0.0, 255.255.255.0, 169.254.169.254, 8.8.8.8",
            "2001:db8::1, ::1, fe80::1, std::iter::chain",
            "v1.2.3.4 and version 10.2.3.4, release 4.3.2.1, Chrome/120.0.1.109",
            "1.2.3.4.5, 1.2.3.4-rc1, a1.2.3.4, 300.1.2.3, 01.2.3.4.x",
            "From 10:15 to 11:30, 12:30:45; ratio 1:2:3",
        ] {
            assert_eq!(whats(text), [], "{text}");
        }
    }
}
