using System.CommandLine;
using Gantry.Azure.Registries;
using Gantry.Display;
using Gantry.Formatting;
using Gantry.Pruning;

namespace Gantry.Cli;

/// <summary><c>gantry prune</c>: lists what no environment, hold, lock or rule keeps, and deletes it with the digest of the list.</summary>
internal sealed class PruneCommand
{
    private readonly Option<string?> _apply = new("--apply")
    {
        Description = "Delete what is in the list with this digest, if it is still the same. Without it, nothing is deleted.",
        HelpName = "digest",
    };

    private readonly Option<int> _keep = new("--keep")
    {
        Description = "Number of releases that each environment keeps, and the base registry: those that came last.",
        HelpName = "number",
        DefaultValueFactory = _ => new PruningRules().Keep,
    };

    private readonly Option<int> _minimumAge = new("--min-age")
    {
        Description = "Days for which everything is kept after it was published, promoted or written.",
        HelpName = "days",
        DefaultValueFactory = _ => new PruningRules().MinimumAge.Days,
    };

    private readonly Option<string[]> _keepTags = new("--keep-tag")
    {
        Description = "Keep releases whose tag matches: * for any characters, ? for one.",
        HelpName = "pattern",
    };

    private readonly PruningArguments _pruning = new();

    public static Command Create(CommandContext context) => new PruneCommand().CreateCommand(context);

    private Command CreateCommand(CommandContext context)
    {
        CopyArguments.RequireRange(_keep, 1, 100_000);
        CopyArguments.RequireRange(_minimumAge, 0, 36_500);
        var command = new Command(
            "prune",
            "Lists what no environment, rollback, hold, lock or rule keeps in the registries of a build, and deletes exactly that with "
                + "--apply and the digest of the list.")
        {
            _apply, _keep, _minimumAge, _keepTags,
        };
        _pruning.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var session = _pruning.Open(context, parsed);
        var request = await _pruning.ReadRequestAsync(context, parsed, session, RulesOf(parsed), cancellationToken);
        var plan = await new PruningPlanner(session, context.Time).PlanAsync(request, cancellationToken);
        if (parsed.GetValue(_apply) is not { } digest)
        {
            _pruning.Write(context, parsed, PruningFormatter.Describe(plan), PruningDocument.Of(plan));
            return plan.Items.Count > 0 ? ExitCodes.WouldChange : ExitCodes.Success;
        }

        plan.Require(digest);
        var outcome = await _pruning.ApplyAsync(context, parsed, request, plan, cancellationToken);
        return outcome.Succeeded ? ExitCodes.Success : ExitCodes.Failure;
    }

    private PruningRules RulesOf(ParseResult parsed) => new()
    {
        Keep = parsed.GetValue(_keep),
        MinimumAge = TimeSpan.FromDays(parsed.GetValue(_minimumAge)),
        KeepTags = parsed.GetValue(_keepTags) ?? [],
        MayBeEmpty = _pruning.MayBeEmpty(parsed),
    };
}
