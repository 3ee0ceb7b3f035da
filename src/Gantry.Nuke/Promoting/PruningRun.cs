using System.Globalization;
using Gantry.Deployments;
using Gantry.Drift;
using Gantry.Environments;
using Gantry.Formatting;
using Gantry.Nuke.Environments;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Registries;
using Gantry.Nuke.Reporting;
using Gantry.Nuke.Signing;
using Gantry.Promotion;
using Gantry.Pruning;
using Gantry.Signing;

namespace Gantry.Nuke.Promoting;

/// <summary>Lists what nothing keeps in the registries of a build, and deletes it.</summary>
/// <param name="registries">The registries of the build.</param>
/// <param name="keys">Its keys.</param>
/// <param name="images">The names of its images.</param>
internal sealed class PruningRun(RegistrySettings registries, SigningKeys keys, IReadOnlyList<string> images)
{
    /// <summary>The rules.</summary>
    public required PruningRules Rules { get; init; }

    /// <summary>Names what is kept beside that.</summary>
    public IReadOnlyList<IKeepSource> Sources { get; init; } = [];

    /// <summary>Writes the report.</summary>
    public required ReportWriter Writer { get; init; }

    /// <summary>Receives the list as JSON.</summary>
    public required AbsolutePath File { get; init; }

    /// <summary>Creates the source that names what hosts run.</summary>
    /// <param name="deployers">The deployers, some of which can read their hosts.</param>
    public static IKeepSource HostsOf(IReadOnlyList<IDeployer> deployers) => new HostKeepSource(deployers, BuiltInDeployers.Variable)
    {
        Skipped = host => BuildOutput.Information($"{host.Host} of {host.Place} is not asked what it runs: {host.Note}"),
    };

    /// <summary>Reads a number of a parameter. Throws <c>GAN4714</c> when it is none, or out of range.</summary>
    public static int ReadNumber(string parameter, string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw PromoteErrors.NotANumber(parameter, text, least, most);

    /// <summary>Prints the list, and writes it to the file.</summary>
    public async Task<PruningPlan> ListAsync(CancellationToken cancellationToken)
    {
        var plan = await PlanAsync(await RequestAsync(cancellationToken), cancellationToken);
        var document = PruningDocument.Of(plan);
        Writer.Write(PruningFormatter.Describe(plan), document.ToNode());
        if (plan.Items.Count > 0)
            BuildOutput.Information($"To delete this, and nothing else: ./build.sh Prune --apply {plan.Digest}");
        await WriteAsync(document, cancellationToken);
        return plan;
    }

    /// <summary>Deletes what is in a list. Throws the first problem after the result was printed.</summary>
    public async Task ApplyAsync(string digest, PromotionActor actor, CancellationToken cancellationToken)
    {
        var request = await RequestAsync(cancellationToken);
        var plan = await PlanAsync(request, cancellationToken);
        plan.Require(digest);
        var signers = await FindSignersAsync(cancellationToken);
        var pruner = new Pruner
        {
            SignerOf = name => signers.GetValueOrDefault(name),
            By = actor,
            Deleting = item => BuildOutput.Information(
                $"Deleting {item.Digest.Short} ({string.Join(", ", item.Tags)}) from {item.Location}"),
        };
        var outcome = await pruner.ApplyAsync(request, plan, cancellationToken);
        var document = PruningDocument.Of(outcome);
        Writer.Write(PruningFormatter.Describe(outcome), document.ToNode());
        await WriteAsync(document, cancellationToken);
        if (outcome.SwitchedOff.Values.Concat(outcome.Problems).FirstOrDefault() is { } problem)
            throw problem;
    }

    private Task<PruningPlan> PlanAsync(PruningRequest request, CancellationToken cancellationToken) =>
        new PruningPlanner(RegistryAccess.Of(registries).Client, TimeProvider.System).PlanAsync(request, cancellationToken);

    private async Task<PruningRequest> RequestAsync(CancellationToken cancellationToken)
    {
        var targets = new List<PromotionTarget>();
        foreach (var environment in EnvironmentDeclarations.Of(registries.Build) ?? EnvironmentSet.Create([]))
            targets.AddRange(await keys.TargetsOfAsync(environment, cancellationToken));
        return new PruningRequest
        {
            Base = registries.Base,
            BaseTrust = (await keys.OfBuildAsync(cancellationToken)).Trust,
            Images = images,
            Targets = targets,
            Rules = Rules,
            Sources = Sources,
            Catalog = RegistryAccess.Of(registries).Catalog,
            ClientOf = environment => AccessOf(environment).Client,
        };
    }

    private RegistryAccess AccessOf(PromotionEnvironment? environment) =>
        environment is null ? RegistryAccess.Of(registries) : RegistryAccess.Of(registries, environment);

    private async Task<IReadOnlyDictionary<string, ISigner>> FindSignersAsync(CancellationToken cancellationToken)
    {
        var signers = new Dictionary<string, ISigner>(StringComparer.Ordinal);
        if ((await keys.OfBuildAsync(cancellationToken)).Signer is { } build)
            signers[SigningKeys.Base] = build;
        foreach (var environment in EnvironmentDeclarations.Of(registries.Build) ?? EnvironmentSet.Create([]))
        {
            if ((await keys.OfAsync(environment, cancellationToken)).Signer is { } signer)
                signers[environment.Name] = signer;
        }

        return signers;
    }

    private async Task WriteAsync(PruningDocument document, CancellationToken cancellationToken)
    {
        File.Parent.CreateDirectory();
        await System.IO.File.WriteAllBytesAsync(File, document.ToJson(), cancellationToken);
    }
}
