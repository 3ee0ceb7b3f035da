using Gantry.Environments;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Parameters;
using Gantry.Nuke.Promoting;
using Gantry.Pruning;

namespace Gantry.Nuke;

/// <summary>
/// Lists what no environment, rollback, hold, host, lock or rule keeps in the base registry and the registries of all environments, and
/// deletes it on request.
/// </summary>
public interface IPruneRegistries : IPromote
{
    /// <summary>The digest of the list to apply. Without it, nothing is deleted.</summary>
    [Parameter("Digest of the list to delete, as Prune printed it. Without it, Prune only lists")]
    string? Apply => TryGetValue(() => Apply).NullIfWhiteSpace();

    /// <summary>The number of releases that each environment keeps.</summary>
    [Parameter("Number of the latest releases that each environment and the base registry keep. Default is 10")]
    string? Keep => TryGetValue(() => Keep).NullIfWhiteSpace();

    /// <summary>The days for which everything is kept.</summary>
    [Parameter("Number of days to keep everything after it was published, promoted or written. Default is 30")]
    string? MinAge => TryGetValue(() => MinAge).NullIfWhiteSpace();

    /// <summary>Patterns of tags whose releases are kept, separated by commas.</summary>
    [Parameter("Patterns of tags whose releases are kept, separated by commas: * for any characters, ? for one")]
    string? KeepTags => TryGetValue(() => KeepTags).NullIfWhiteSpace();

    /// <summary>Environments to which nothing may have been promoted yet, separated by commas.</summary>
    [Parameter("Environments that may be empty, because nothing was promoted to them yet, separated by commas")]
    string? MayBeEmpty => TryGetValue(() => MayBeEmpty).NullIfWhiteSpace();

    /// <summary>Changes the rules: by default those of the parameters.</summary>
    Configure<PruningRules> PruningSettings => _ => _;

    /// <summary>Names what is kept beside that. Nothing by default; holds, and what the declared hosts run, are read in any case.</summary>
    IReadOnlyList<IKeepSource> KeepSources => [];

    /// <summary>
    /// True when what the declared hosts run is read and kept, and a host that cannot be read means that nothing is deleted. False where
    /// the target runs without access to them: then only the records say what they run.
    /// </summary>
    bool KeepsWhatHostsRun => true;

    /// <summary>
    /// Lists what nothing keeps, with reasons and bytes, and writes <c>artifacts/pruning.json</c>. With <c>--apply</c> and the digest of
    /// the list, deletes exactly that.
    /// </summary>
    Target Prune => _ => _
        .Description("Lists the images that no environment, hold, lock or rule keeps in the registries, and deletes them with --apply "
            + "DIGEST")
        .Uses(new(
            nameof(Apply), nameof(Keep), nameof(MinAge), nameof(KeepTags), nameof(MayBeEmpty), nameof(DryRun), nameof(Format),
            nameof(Output))
        {
            Registries = true,
        })
        .ExecutesAsync(this, async cancellationToken =>
        {
            var rules = PruningSettings(RulesOfParameters);
            var run = new PruningRun(RegistrySettings, Keys, ImageNames)
            {
                Rules = rules,
                Sources = KeepsWhatHostsRun
                    ? [PruningRun.HostsOf(DeployerSettings(BuiltInDeployers.Of(this))), .. KeepSources]
                    : KeepSources,
                Writer = ReportWriter,
                File = ArtifactsDirectory / "pruning.json",
            };
            if (Apply is not { } digest || DryRun)
            {
                var plan = await run.ListAsync(cancellationToken);
                Dry?.Report(nameof(Prune), wouldChange: plan.Items.Count > 0);
                return;
            }

            var build = BuildRun.From(EnvironmentInfo.Variables);
            var confirmed = await RunConfirmation.ReportAsync(this, () => WorkflowDeclarations.ApproversOf(this), cancellationToken);
            await run.ApplyAsync(digest, build.ActorOf(confirmed), cancellationToken);
        });

    private PruningRules RulesOfParameters
    {
        get
        {
            var rules = new PruningRules();
            return rules with
            {
                Keep = Keep is { } keep ? PruningRun.ReadNumber(nameof(Keep), keep, 1, 100_000) : rules.Keep,
                MinimumAge = MinAge is { } days
                    ? TimeSpan.FromDays(PruningRun.ReadNumber(nameof(MinAge), days, 0, 36_500))
                    : rules.MinimumAge,
                KeepTags = Split(KeepTags),
                MayBeEmpty = Split(MayBeEmpty),
            };
        }
    }

    private static string[] Split(string? list) =>
        list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
