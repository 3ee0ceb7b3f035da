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

    private readonly Option<string[]> _mayBeEmpty = new("--may-be-empty")
    {
        Description = "An environment to which nothing may have been promoted yet.",
        HelpName = "environment",
    };

    private readonly Option<bool> _ignoreHosts = new("--ignore-hosts")
    {
        Description = "Let the records alone say what hosts run, which only the build can ask. Without it, an environment with hosts is an "
            + "error.",
    };

    private readonly SignerOption _signer = new("the records of deletions");

    private readonly SeeingArguments _seeing = new();

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
            _apply, _keep, _minimumAge, _keepTags, _mayBeEmpty, _ignoreHosts, _signer.Option,
        };
        _seeing.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var session = _seeing.Open(context, parsed);
        var (document, policy) = await _seeing.ReadDocumentAsync(context, parsed, session, cancellationToken);
        if (!parsed.GetValue(_ignoreHosts) && document.Environments.FirstOrDefault(each => each.Hosts?.Count > 0) is { } unasked)
            throw CliErrors.UnaskedHosts(unasked.Name, unasked.Hosts!);
        var request = new PruningRequest
        {
            Base = policy.Base,
            BaseTrust = policy.BaseTrust,
            Images = policy.Images,
            Targets = policy.Targets,
            Rules = RulesOf(parsed),
            Catalog = new AcrCatalog(session),
        };
        var plan = await new PruningPlanner(session, context.Time).PlanAsync(request, cancellationToken);
        if (parsed.GetValue(_apply) is not { } digest)
        {
            Write(context, parsed, PruningFormatter.Describe(plan), PruningDocument.Of(plan));
            return plan.Items.Count > 0 ? ExitCodes.WouldChange : ExitCodes.Success;
        }

        plan.Require(digest);
        var outcome = await ApplyAsync(context, parsed, request, plan, cancellationToken);
        Write(context, parsed, PruningFormatter.Describe(outcome), PruningDocument.Of(outcome));
        return outcome.Succeeded ? ExitCodes.Success : ExitCodes.Failure;
    }

    private Task<PruningOutcome> ApplyAsync(
        CommandContext context, ParseResult parsed, PruningRequest request, PruningPlan plan, CancellationToken cancellationToken)
    {
        var pruner = new Pruner
        {
            Time = context.Time,
            SignerOf = _signer.Open(context, parsed),
            Deleting = item => context.Remark(
                $"deleting {string.Join(", ", item.Tags)} ({item.Digest.Short}) from {item.Location}"),
        };
        return pruner.ApplyAsync(request, plan, cancellationToken);
    }

    private PruningRules RulesOf(ParseResult parsed) => new()
    {
        Keep = parsed.GetValue(_keep),
        MinimumAge = TimeSpan.FromDays(parsed.GetValue(_minimumAge)),
        KeepTags = parsed.GetValue(_keepTags) ?? [],
        MayBeEmpty = parsed.GetValue(_mayBeEmpty) ?? [],
    };

    private void Write(CommandContext context, ParseResult parsed, TextReport report, PruningDocument document) =>
        ReportOutput.Write(context.Report, _seeing.Format(parsed), report, document.ToNode());
}
