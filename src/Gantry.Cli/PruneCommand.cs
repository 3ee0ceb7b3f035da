using System.Collections.Concurrent;
using System.CommandLine;
using Gantry.Azure;
using Gantry.Azure.KeyVault;
using Gantry.Azure.Registries;
using Gantry.Display;
using Gantry.Formatting;
using Gantry.Pruning;
using Gantry.Registries;
using Gantry.Signing;

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

    private readonly Option<string?> _signingKey = new("--signing-key")
    {
        Description = "The key that signs the records of deletions, with {environment} for the name ('base' for the build): "
            + "a PEM file, a key in Azure Key Vault by its address, or command:PROGRAM.",
        HelpName = "key",
    };

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
            _apply, _keep, _minimumAge, _keepTags, _mayBeEmpty, _ignoreHosts, _signingKey,
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
            return plan.Items.Count > 0 ? Commands.WouldChange : Commands.Success;
        }

        plan.Require(digest);
        var outcome = await ApplyAsync(context, parsed, request, plan, cancellationToken);
        Write(context, parsed, PruningFormatter.Describe(outcome), PruningDocument.Of(outcome));
        return outcome.Succeeded ? Commands.Success : Commands.Failure;
    }

    private Task<PruningOutcome> ApplyAsync(
        CommandContext context, ParseResult parsed, PruningRequest request, PruningPlan plan, CancellationToken cancellationToken)
    {
        var key = parsed.GetValue(_signingKey);
        var azure = new Lazy<AzureSession>(() => new AzureSession(context.AzureOptions(parsed)));

        // One for each environment in the whole run: a key in a vault keeps its version.
        var signers = new ConcurrentDictionary<string, ISigner>(StringComparer.Ordinal);
        var pruner = new Pruner
        {
            Time = context.Time,
            SignerOf = name => key is null ? null : signers.GetOrAdd(name, _ => OpenSigner(key, name, azure)),
            Deleting = item => context.Remark(
                $"deleting {string.Join(", ", item.Tags)} ({item.Digest.Short}) from {item.Location}"),
        };
        return pruner.ApplyAsync(request, plan, cancellationToken);
    }

    private static ISigner OpenSigner(string key, string name, Lazy<AzureSession> azure) =>
        SigningKeyReference.Parse(key).ForEnvironment(name) switch
        {
            KeyVaultKeyReference vault => OpenVault(vault, azure),
            CommandKeyReference command => new CommandSigner(command, new CommandSignerOptions { Folder = "." }),
            KeyFileReference file => PemSigner.ReadFile(file.GetFullPath("."), password: null, $"the key file {file.Path}"),
            var other => throw new NotSupportedException($"Keys of the type {other.GetType().Name} cannot be opened."),
        };

    // On its own: it loads the libraries for Azure.
    private static KeyVaultSigner OpenVault(KeyVaultKeyReference key, Lazy<AzureSession> azure) => new(azure.Value, identity: null, key);

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
