//! Changes: commits, deployments, releases, pipeline runs and job runs.

pub mod ansible;
pub mod argocd;
pub mod aws;
pub mod cdevents;
pub mod git_log;
pub mod github;
pub mod gitlab;
pub mod heroku;
pub mod jenkins;
mod kit;
pub mod kubernetes;
pub mod netlify;
pub mod rundeck;
pub mod sentry;

use super::source::Source;

/// The format of git's output for a repository.
pub const REPOSITORY: &str = "git-log";

/// The formats of changes, in the order of `posthoc formats`. A new one is a file with a type that
/// implements [`Source`], a `mod` line and a line here.
pub const FORMATS: &[&dyn Source] = &[
    &git_log::GitLog,
    &github::GITHUB,
    &gitlab::GITLAB,
    &argocd::ARGOCD,
    &argocd::ArgocdText,
    &kubernetes::KUBERNETES,
    &jenkins::JENKINS,
    &aws::AWS,
    &heroku::HerokuHook,
    &heroku::HEROKU,
    &netlify::NETLIFY,
    &sentry::SENTRY,
    &ansible::ANSIBLE,
    &rundeck::RUNDECK,
    &cdevents::CDEVENTS,
];
