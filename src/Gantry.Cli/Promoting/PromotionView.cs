using Gantry.Copying;
using Gantry.Display;
using Gantry.Environments;
using Gantry.Formatting;
using Gantry.Promotion;
using Gantry.Promotion.Runs;

namespace Gantry.Cli.Promoting;

/// <summary>Shows a promotion at the terminal: in the output where that is for people, otherwise beside it.</summary>
/// <param name="context">The context of the command.</param>
/// <param name="format">The format of the result.</param>
/// <param name="style">The way to show progress.</param>
internal sealed class PromotionView(CommandContext context, ReportFormat format, ProgressStyle style) : IPromotionView
{
    private readonly List<(PromotionPlan Plan, PromotionOutcome? Outcome)> _reported = [];

    /// <summary>The promotions that have ended: one, and the return after it if there was one.</summary>
    public IReadOnlyList<(PromotionPlan Plan, PromotionOutcome? Outcome)> Reported => _reported;

    private TerminalOutput Lines => format == ReportFormat.Table ? context.Out : context.Error;

    /// <inheritdoc/>
    public void ShowPlan(PromotionPlan plan) => Write(PromotionFormatter.Describe(plan));

    /// <inheritdoc/>
    public void ShowApprovals(PromotionPlan plan) => Write(plan.Gates
        .Where(gate => gate is { Verdict: GateVerdict.Service, Gate: ApprovalGate })
        .Select(PromotionFormatter.Describe));

    /// <inheritdoc/>
    public void ShowOutcome(PromotionOutcome outcome) => Write(PromotionFormatter.Describe(outcome));

    /// <inheritdoc/>
    public void Report(PromotionPlan plan, PromotionOutcome? outcome) => _reported.Add((plan, outcome));

    /// <inheritdoc/>
    public void Inform(DisplayText line) => Lines.WriteLine(line);

    /// <inheritdoc/>
    public void Warn(GantryException warning) => context.Error.WriteLine($"warning: {CliRemedies.MessageOf(warning)}");

    /// <inheritdoc/>
    public Task<T> ShowProgressAsync<T>(CopyProgress progress, Func<Task<T>> work, CancellationToken cancellationToken) =>
        context.ShowAsync(style, progress, work, cancellationToken);

    private void Write(IEnumerable<string> lines)
    {
        foreach (var line in lines)
            Lines.WriteLine(line);
    }
}
