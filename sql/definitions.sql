-- The definitions of `posthoc stats` over the exported tables, in standard SQL.
--
-- Times are seconds since 1970. A time or a length that is known only as an interval has its two ends, and
-- aggregates use the middle. Nothing here rounds.
--
-- These are the figures of `posthoc stats --strict`. Not here: fallbacks, business hours, periods, and which of several duplicates that refer to each other in a
-- circle is counted. (`posthoc check` reports such circles.)

-- The incidents in the aggregates. Maintenance, drills, near misses and duplicates are not, and neither are those
-- whose numbers were agreed with other definitions.
create or replace view counted as
select *
from incidents
where kind in ('incident', 'security')
  and duplicate_of is null
  and (definitions is null or definitions = (select max(definitions_version) from durations));

-- From which milestone to which each duration is measured, and whether it is 0 where they are in the other order.
create or replace view pairs as
select * from (values
    ('ttr', 'impact_start', 'resolved_at', false),
    ('restore', 'impact_start', 'impact_end', false),
    ('ttm', 'impact_start', 'mitigated_at', false),
    ('ttd', 'impact_start', 'detected_at', true),
    ('ttn', 'impact_start', 'first_notice_at', true),
    ('tta', 'detected_at', 'acknowledged_at', false),
    ('tti', 'detected_at', 'identified_at', false),
    ('repair', 'detected_at', 'impact_end', false),
    ('response', 'declared_at', 'resolved_at', false),
    ('reported', 'first_notice_at', 'resolved_at', false)
) as pair (metric, starts, ends, is_proactive_before);

create or replace view moments as
select
    incident,
    name,
    precision,
    about,
    extract(epoch from earliest) as earliest,
    extract(epoch from latest) as latest
from milestones;

-- The two ends of each duration, and how far they may be out of order without contradicting each other: a minute is
-- as long as a minute, and an approximate time has the tolerance of two minutes.
create or replace view measured as
select
    counted.id as incident,
    pairs.metric,
    first.earliest as start_earliest,
    first.latest as start_latest,
    last.earliest as end_earliest,
    last.latest as end_latest,
    case
        when 'day' in (first.precision, last.precision) then 0
        when 'minute' in (first.precision, last.precision) then 59
        when 'second' in (first.precision, last.precision) then 0.999
        else 0
    end + case when first.about or last.about then 120 else 0 end as slack
from counted
cross join pairs
join moments as first on first.incident = counted.id and first.name = pairs.starts
join moments as last on last.incident = counted.id and last.name = pairs.ends;

-- Windows of impact: what is certainly impact, what may be, and the middle, each with the services that it names.
-- A window that names none of the incident's services means all of them.
create or replace view impacts as
select
    counted.id as incident,
    counted.services,
    windows.number,
    windows.components,
    extract(epoch from windows.start_earliest) as start_earliest,
    extract(epoch from windows.start_latest) as start_latest,
    extract(epoch from coalesce(windows.end_earliest, windows.counted_until)) as end_earliest,
    extract(epoch from coalesce(windows.end_latest, windows.counted_until)) as end_latest,
    windows.end_latest is null as is_open
from counted
join windows on windows.incident = counted.id;

create or replace view stretches as
select incident, services, number, components, 'least' as extent, start_latest as start, end_earliest as finish
from impacts
union all
select incident, services, number, components, 'middle',
    (start_earliest + start_latest) / 2,
    greatest((end_earliest + end_latest) / 2, (start_earliest + start_latest) / 2)
from impacts
where end_latest >= start_earliest
union all
select incident, services, number, components, 'most', start_earliest, end_latest
from impacts;

-- The services of each stretch; that of an incident without services is ''.
create or replace view stretches_by_service as
select stretches.extent, stretches.incident, service.name as service, stretches.start, stretches.finish
from stretches
cross join unnest(case when len(services) = 0 then [''] else services end) as service (name)
where not exists (select 1 from unnest(stretches.components) as component (name) where component.name in (select unnest(stretches.services)))
   or service.name in (select unnest(stretches.components));

-- The union of stretches: overlapping ones count once. `scope` is what they are united over.
create or replace view unions as
with scoped as (
    select extent, '(all)' as scope, start, finish from stretches where finish >= start
    union all
    select extent, 'service:' || service, start, finish from stretches_by_service where finish >= start
    union all
    select extent, 'incident:' || incident, start, finish from stretches where finish >= start
),
reached as (
    select
        extent, scope, start, finish,
        max(finish) over (
            partition by extent, scope order by start, finish
            rows between unbounded preceding and 1 preceding
        ) as so_far
    from scoped
)
-- Each stretch adds what is beyond the furthest end before it.
select
    extent,
    scope,
    sum(case
        when so_far is null or start >= so_far then finish - start
        when finish > so_far then finish - so_far
        else 0
    end) as seconds
from reached
group by extent, scope;

-- Every value of every duration: known, or so far where it is ongoing. How long an incident without any record after
-- its start has lasted is unknown.
create or replace view lengths as
select
    incident,
    metric,
    greatest(end_earliest - start_latest, 0) as min_seconds,
    greatest(end_latest - start_earliest, 0) as max_seconds,
    true as is_over
from measured
where end_latest + slack >= start_earliest
union all
select
    substr(least.scope, 10),
    'impact',
    coalesce(least.seconds, 0),
    most.seconds,
    true
from unions as most
left join unions as least on least.scope = most.scope and least.extent = 'least'
where most.extent = 'most'
  and most.scope like 'incident:%'
  and substr(most.scope, 10) not in (select incident from impacts where is_open)
union all
select durations.incident, durations.name, so_far_min_seconds, so_far_max_seconds, false
from durations
join counted on counted.id = durations.incident
where durations.is_ongoing;

create or replace view values_of_metrics as
select incident, metric, (min_seconds + max_seconds) / 2 as seconds, is_over
from lengths;

-- The median of each duration: of the values, or where some are ongoing by the estimate of Kaplan and Meier. Fewer than
-- five values have no median.
create or replace view survival as
with steps as (
    select
        metric,
        seconds,
        sum(case when is_over then 1 else 0 end) as ended,
        sum(count(*)) over (
            partition by metric order by seconds desc rows between unbounded preceding and current row
        ) as at_risk
    from values_of_metrics
    where seconds is not null
    group by metric, seconds
),
logs as (
    select
        metric,
        seconds,
        sum(case when ended < at_risk then ln(1.0 - ended * 1.0 / at_risk) else 0 end)
            over (partition by metric order by seconds) as log_share,
        ended = at_risk as is_last
    from steps
    where ended > 0
)
select metric, seconds, case when is_last then 0 else exp(log_share) end as share
from logs;

create or replace view medians as
with known as (
    select
        metric,
        count(seconds) as n,
        sum(case when is_over then 1 else 0 end) as known,
        sum(case when is_over then 0 else 1 end) as ongoing,
        sum(case when not is_over and seconds is not null then 1 else 0 end) as censored,
        percentile_cont(0.5) within group (order by seconds) as median,
        max(seconds) as longest
    from values_of_metrics
    group by metric
),
reached as (
    select
        survival.metric,
        min(case when share <= 0.5 + 1.5e-8 then seconds end) as first_seconds,
        max(case when share between 0.5 - 1.5e-8 and 0.5 + 1.5e-8 then 1 else 0 end) as rests,
        min(case when share < 0.5 - 1.5e-8 then seconds end) as next_seconds
    from survival
    group by survival.metric
)
select
    known.metric,
    known.known,
    known.ongoing,
    case
        when known.n < 5 then null
        when known.censored = 0 then known.median
        when reached.rests = 1
            then (reached.first_seconds + coalesce(reached.next_seconds, known.longest)) / 2
        else reached.first_seconds
    end as median_seconds
from known
left join reached on reached.metric = known.metric;

-- The totals of `posthoc stats`.
create or replace view totals as
select
    (select count(*) from counted) as incidents,
    (select seconds from unions where scope = '(all)' and extent = 'least') as impact_min_seconds,
    (select seconds from unions where scope = '(all)' and extent = 'middle') as impact_seconds,
    (select seconds from unions where scope = '(all)' and extent = 'most') as impact_max_seconds,
    (select sum(seconds) from unions where scope like 'service:%' and extent = 'middle') as service_seconds;

create or replace view severities as
select severity, count(*) as incidents
from counted
group by severity;
