//! The widths of the columns of a table.

use super::text::Widths;

/// Further rows do not change the result enough to be worth the time.
const SAMPLE: usize = 300;

/// Distributes `available` among the columns. `rows` contains the width of every cell on one line.
///
/// If there is room to spare, columns grow a little and the widest gets the rest. Otherwise some
/// columns get their natural width and the others share what remains; of all such choices, the one
/// with the fewest lines is used.
pub(super) fn distribute(needs: &[Widths], rows: &[Vec<f32>], available: f32) -> Vec<f32> {
    let natural: f32 = needs.iter().map(|need| need.max).sum();
    if natural <= available {
        return spread(needs, natural, available);
    }
    let least: f32 = needs.iter().map(|need| need.min).sum();
    if least >= available {
        return needs.iter().map(|need| available * need.min / least).collect();
    }
    let mut limits: Vec<f32> = needs.iter().map(|need| need.max).collect();
    limits.push(0.0);
    // The most natural widths come first, since the first of equal results is used.
    limits.sort_by(|a, b| b.total_cmp(a));
    let choices = limits.into_iter().filter_map(|limit| squeeze(needs, limit, available));
    let best =
        choices.map(|widths| (lines(rows, &widths), widths)).min_by(|a, b| a.0.total_cmp(&b.0));
    best.map_or_else(
        || needs.iter().map(|need| available * need.min / least).collect(),
        |(_, widths)| widths,
    )
}

fn spread(needs: &[Widths], natural: f32, available: f32) -> Vec<f32> {
    const GROWTH: f32 = 1.3;
    let factor = (available / natural).min(GROWTH);
    let mut widths: Vec<f32> = needs.iter().map(|need| need.max * factor).collect();
    let rest = available - widths.iter().sum::<f32>();
    let widest = (0..widths.len()).max_by(|&a, &b| widths[a].total_cmp(&widths[b]));
    if let Some(widest) = widest {
        widths[widest] += rest.max(0.0);
    }
    widths
}

/// Columns of at most `limit` get their natural width; the others share the rest in proportion to
/// the square root of theirs, each with at least its longest word. `None` if the words do not fit.
fn squeeze(needs: &[Widths], limit: f32, available: f32) -> Option<Vec<f32>> {
    let mut widths: Vec<Option<f32>> =
        needs.iter().map(|need| (need.max <= limit).then_some(need.max)).collect();
    loop {
        let rest = available - widths.iter().flatten().sum::<f32>();
        let open: Vec<usize> = (0..needs.len()).filter(|&at| widths[at].is_none()).collect();
        let weight: f32 = open.iter().map(|&at| needs[at].max.sqrt()).sum();
        if rest < 0.0 || (open.is_empty() && rest > 0.5) {
            return None;
        }
        let share = |at: usize| rest * needs[at].max.sqrt() / weight;
        let Some(&tight) = open.iter().find(|&&at| share(at) < needs[at].min) else {
            return Some(
                (0..needs.len()).map(|at| widths[at].unwrap_or_else(|| share(at))).collect(),
            );
        };
        widths[tight] = Some(needs[tight].min);
    }
}

/// The cost of the rows: approximately the number of lines, and more where something short (a time,
/// a name) is wrapped, which is what readers notice.
fn lines(rows: &[Vec<f32>], widths: &[f32]) -> f32 {
    /// Words do not fill their lines, so a wrapped cell needs a little more than its width.
    const RAGGED: f32 = 1.12;
    const SHORT: f32 = 130.0;
    const BROKEN: f32 = 1.5;
    let row = |cells: &Vec<f32>| {
        let wraps = |&(&need, &width): &(&f32, &f32)| need > width + 0.01;
        let wrapped: Vec<(&f32, &f32)> = cells.iter().zip(widths).filter(wraps).collect();
        let tallest =
            wrapped.iter().map(|&(need, width)| (need * RAGGED / width.max(1.0)).ceil().max(2.0));
        let broken = wrapped.iter().filter(|(need, _)| **need < SHORT).count();
        tallest.fold(1.0, f32::max) + BROKEN * broken as f32
    };
    rows.iter().take(SAMPLE).map(row).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(pairs: &[(f32, f32)]) -> Vec<Widths> {
        pairs.iter().map(|&(min, max)| Widths { min, max }).collect()
    }

    #[test]
    fn time_column_keeps_its_width_next_to_long_text() {
        let widths = distribute(
            &needs(&[(40.0, 95.0), (30.0, 40.0), (50.0, 1500.0)]),
            &[vec![95.0, 40.0, 1500.0]],
            400.0,
        );
        assert_eq!(widths[..2], [95.0, 40.0]);
        assert!((widths.iter().sum::<f32>() - 400.0).abs() < 0.1, "{widths:?}");
    }

    #[test]
    fn words_break_only_if_they_cannot_all_fit() {
        let widths =
            distribute(&needs(&[(120.0, 300.0), (90.0, 900.0)]), &[vec![300.0, 900.0]], 250.0);
        assert!(widths[0] >= 120.0 && widths[1] >= 90.0, "{widths:?}");
        let tight =
            distribute(&needs(&[(300.0, 300.0), (100.0, 900.0)]), &[vec![300.0, 900.0]], 200.0);
        assert!((tight.iter().sum::<f32>() - 200.0).abs() < 0.1, "{tight:?}");
    }

    #[test]
    fn spare_room_goes_to_the_widest_column() {
        let widths = distribute(&needs(&[(20.0, 40.0), (30.0, 60.0)]), &[vec![40.0, 60.0]], 400.0);
        assert!(widths[0] < 60.0 && widths[1] > 300.0, "{widths:?}");
    }
}
