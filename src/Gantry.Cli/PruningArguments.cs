using System.CommandLine;
using Gantry.Azure.Registries;
using Gantry.Display;
using Gantry.Formatting;
using Gantry.Oci;
using Gantry.Pruning;
using Gantry.Registries;

namespace Gantry.Cli;

/// <summary>What the commands that delete images share: the environments to respect, and how a list is shown and applied.</summary>
internal sealed class PruningArguments
{
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

    /// <summary>Adds the options.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_mayBeEmpty);
        command.Options.Add(_ignoreHosts);
        command.Options.Add(_signer.Option);
        _seeing.AddTo(command);
    }

    /// <summary>Opens the registries of a command.</summary>
    public RegistrySession Open(CommandContext context, ParseResult parsed) => _seeing.Open(context, parsed);

    /// <summary>The environments to which nothing may have been promoted yet.</summary>
    public IReadOnlyList<string> MayBeEmpty(ParseResult parsed) => parsed.GetValue(_mayBeEmpty) ?? [];

    /// <summary>The format of the result.</summary>
    public ReportFormat Format(ParseResult parsed) => _seeing.Format(parsed);

    /// <summary>
    /// Reads the declaration of the environments, and creates the request for all of their registries. Throws <c>GAN4716</c> when hosts
    /// would have to be asked.
    /// </summary>
    public async Task<PruningRequest> ReadRequestAsync(
        CommandContext context, ParseResult parsed, RegistrySession session, PruningRules rules, CancellationToken cancellationToken)
    {
        var (document, policy) = await _seeing.ReadDocumentAsync(context, parsed, session, cancellationToken);
        if (!parsed.GetValue(_ignoreHosts) && document.Environments.FirstOrDefault(each => each.Hosts?.Count > 0) is { } unasked)
            throw CliErrors.UnaskedHosts(unasked.Name, unasked.Hosts!);
        return new PruningRequest
        {
            Base = policy.Base,
            BaseTrust = policy.BaseTrust,
            Images = policy.Images,
            Targets = policy.Targets,
            Rules = rules,
            Catalog = new AcrCatalog(session),
        };
    }

    /// <summary>Deletes what a plan lists, names each image before, and shows the outcome.</summary>
    public async Task<PruningOutcome> ApplyAsync(
        CommandContext context, ParseResult parsed, PruningRequest request, PruningPlan plan, CancellationToken cancellationToken)
    {
        var pruner = new Pruner
        {
            Time = context.Time,
            SignerOf = _signer.Open(context, parsed),
            Deleting = item => context.Remark(
                $"deleting {string.Join(", ", item.Tags)} ({item.Digest.Short}) from {item.Location}"),
        };
        var outcome = await pruner.ApplyAsync(request, plan, cancellationToken);
        Write(context, parsed, PruningFormatter.Describe(outcome), PruningDocument.Of(outcome));
        return outcome;
    }

    /// <summary>Writes a list or an outcome.</summary>
    public void Write(CommandContext context, ParseResult parsed, TextReport report, PruningDocument document) =>
        ReportOutput.Write(context.Report, Format(parsed), report, document.ToNode());
}
