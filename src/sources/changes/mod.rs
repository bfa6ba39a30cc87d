//! Changes: commits, deployments, releases, pipeline runs and job runs.

pub(crate) mod ansible;
pub(crate) mod argocd;
pub(crate) mod aws;
pub(crate) mod cdevents;
pub(crate) mod git_log;
pub(crate) mod github;
pub(crate) mod gitlab;
pub(crate) mod heroku;
pub(crate) mod jenkins;
mod kit;
pub(crate) mod kubernetes;
pub(crate) mod netlify;
pub(crate) mod rundeck;
pub(crate) mod sentry;

use super::source::Source;

/// The format of git's output for a repository.
pub(crate) const REPOSITORY: &str = "git-log";

/// The formats of changes, in the order of `posthoc formats`. A new one is a file with a type that
/// implements [`Source`], a `mod` line and a line here.
pub(crate) const FORMATS: &[&dyn Source] = &[
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
