using System.Reflection;
using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines;
using Gantry.Environments;
using Gantry.Nuke.Environments;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Generation;

namespace Gantry.Nuke;

/// <summary>Creates the pipeline declaration from a build class and its attribute.</summary>
internal static class PipelineDeclarations
{
    private const string Placeholder = "{environment}";

    /// <summary>
    /// Creates the declaration, with the changes of the build class. Throws <c>GAN7030</c> for a build that promotes nothing,
    /// <c>GAN7011</c> for an environment without a target, and <c>GAN4003</c> to <c>GAN4007</c> and <c>GAN5001</c> for invalid
    /// environments.
    /// </summary>
    public static PipelineDeclaration Of(INukeBuild build, PromotionPipelineAttribute attribute) =>
        Of(build, attribute, [.. build.GetType().GetCustomAttributes<PipelineScheduleAttribute>()]);

    /// <inheritdoc cref="Of(INukeBuild, PromotionPipelineAttribute)"/>
    /// <param name="build">The build.</param>
    /// <param name="attribute">The attribute.</param>
    /// <param name="schedules">The schedules of its runs.</param>
    public static PipelineDeclaration Of(
        INukeBuild build, PromotionPipelineAttribute attribute, IReadOnlyList<PipelineScheduleAttribute> schedules)
    {
        var promoting = build as IPromote ?? throw GenerationErrors.NothingToPromote(build.GetType().Name);
        var environments = EnvironmentDeclarations.Of(build) ?? EnvironmentSet.Create([]);
        foreach (var environment in environments)
            _ = EnvironmentDeclarations.TargetOf(build, environment);

        var declaration = new PipelineDeclaration
        {
            Images = promoting.Images,
            Environments = [.. environments.Select(environment => EnvironmentOf(environment, attribute))],
            BaseRegistry = RegistryOf(nameof(IHazRegistries.BaseRegistry), attribute) with
            {
                ServiceConnection = Fill(attribute.ServiceConnection, "base"),
                ResourceGroup = attribute.ResourceGroup,
            },
            Transport = attribute.Transport,
            SigningKey = SigningKeyOf(promoting),
            Commands = Commands(promoting, attribute),
            Triggers = attribute.Triggers(schedules),
            Pool = attribute.Pool is { } pool ? new NamedPool(pool) { Demands = attribute.Demands } : new HostedPool(attribute.Image),
            Sources = attribute.Sources,
            Tools = Tools(attribute),
            VariableGroups = attribute.ImportVariableGroups,
            PromoteAfterBuild = attribute.PromoteAfterBuild,
            ReleasePipeline = attribute.ReleaseStart is { } trigger ? Release(trigger, attribute, schedules) : null,
            Rollbacks = attribute.Rollback ? RollbacksOf(build, environments) : new Dictionary<string, string>(),
            UseTemplates = attribute.UseTemplates,
            Files = PipelineFiles.Beside(attribute.File),
        };
        return build is IGenerateFiles generating ? generating.PipelineSettings(declaration) : declaration;
    }

    /// <summary>
    /// Returns the names that an environment has in Azure DevOps, one for each pipeline of the build; its own name without a pipeline. The
    /// checks of these environments are its gates.
    /// </summary>
    public static IReadOnlyList<string> AzureEnvironmentsOf(INukeBuild build, PromotionEnvironment environment)
    {
        var names = GenerationRun.GeneratorsOf(build)
            .OfType<PromotionPipelineAttribute>()
            .SelectMany(attribute => Of(build, attribute).Environments)
            .Where(declared => declared.Environment == environment)
            .Select(declared => declared.AzureEnvironment)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToList();
        return names.Count > 0 ? names : [environment.Name];
    }

    // Only what the class itself says: a parameter differs between machines, and the files must not. The key is not opened.
    private static string? SigningKeyOf(IHazSigningKeys build)
    {
        var map = build.GetType().GetInterfaceMap(typeof(IHazSigningKeys));
        var getter = typeof(IHazSigningKeys).GetProperty(nameof(IHazSigningKeys.SigningKey))!.GetMethod;
        var own = map.TargetMethods[Array.IndexOf(map.InterfaceMethods, getter)];
        return own.DeclaringType == typeof(IHazSigningKeys) ? null : build.SigningKey;
    }

    private static PipelineEnvironment EnvironmentOf(
        PromotionEnvironment environment, PromotionPipelineAttribute attribute) => new(environment)
    {
        Target = EnvironmentDeclarations.TargetName(environment),
        ServiceConnection = Fill(attribute.ServiceConnection, environment.Name),
        Registries = [.. environment.RegistryParameters.Select(parameter => RegistryOf(parameter, attribute))],
        Secrets = [.. attribute.PromotionSecrets.Select(secret => Fill(secret, environment.Name)!)],
    };

    // DevRegistry becomes dev, ProdWestEuropeRegistry becomes prodwesteurope: names of Azure registries have letters and digits only.
    private static PipelineRegistry RegistryOf(string parameter, PromotionPipelineAttribute attribute)
    {
        var name = parameter[..^"Registry".Length];
        var dashed = Format.Dashed(name);
        return new(parameter)
        {
            Address = Fill(attribute.Registry, name.ToLowerInvariant()),
            Login = attribute switch
            {
                { RegistryConnection: not null, RegistryUser: not null } => throw GenerationErrors.TwoLogins(),
                { RegistryConnection: { } connection } => RegistryLogin.Docker(Fill(connection, dashed)!),
                { RegistryUser: { } user } => RegistryLogin.Password(Fill(user, dashed)),
                _ => null,
            },
        };
    }

    private static string? Fill(string? pattern, string name) => pattern?.Replace(Placeholder, name, StringComparison.Ordinal);

    private static BuildCommands Commands(IPromote build, PromotionPipelineAttribute attribute)
    {
        // Stale files fail the run before anything is compiled, because the run uses the stale file itself. Publishing compiles what it
        // needs.
        string[] first =
        [
            .. build is IGenerateFiles ? [nameof(IGenerateFiles.VerifyGenerated)] : Array.Empty<string>(),
            nameof(IPublishImages.PublishImages),
        ];
        var compile = build is ITest test
            ? new BuildStep([.. first, nameof(ITest.Test)])
            {
                TestResults = Below(build, test.TestResultDirectory) + "/*.trx",
                Coverage = Below(build, test.TestResultDirectory) + "/*/coverage.cobertura.xml",
            }
            : new BuildStep(first);
        return new()
        {
            Steps =
            [
                .. new[] { compile, new(nameof(IBuildImage.BuildImage)) }.Select(step => step with { Secrets = attribute.BuildSecrets }),
            ],
            PublishSecrets = attribute.PublishSecrets,
            PublishTarget = nameof(IPushBase.PushBase),
            ReleaseFile = Below(build, build.ReleaseFile),
            BuiltImagesFolder = Below(build, build.BuiltImagesFile.Parent),
        };
    }

    private static AgentTools Tools(PromotionPipelineAttribute attribute)
    {
        var tools = new AgentTools();
        var keys = attribute.CacheKeyFiles.Length == 0 ? tools.NuGetCacheKeys : attribute.CacheKeyFiles;
        return tools with { NuGetCacheKeys = keys, Caches = [.. attribute.CachePaths.Select(path => new AgentCache(path, keys))] };
    }

    private static Dictionary<string, string> RollbacksOf(INukeBuild build, EnvironmentSet environments) => environments
        .Select(environment => (environment.Name, Target: "Rollback" + environment.Identifier))
        .Where(rollback => NamedTargets.Find(build, rollback.Target) is not null)
        .ToDictionary(rollback => rollback.Name, rollback => rollback.Target);

    private static ReleasePipeline Release(
        ReleaseTrigger trigger, PromotionPipelineAttribute attribute, IReadOnlyList<PipelineScheduleAttribute> schedules)
    {
        var release = new ReleasePipeline { Trigger = trigger, BuildPipeline = attribute.ReleaseAfter };
        var branches = attribute.PromotedBranches.Length > 0 ? attribute.PromotedBranches : attribute.TriggerBranches;
        return release with
        {
            Tags = new()
            {
                Include = attribute.ReleaseTagsInclude.Length == 0 ? release.Tags.Include : attribute.ReleaseTagsInclude,

                // Tags of signatures and similar attachments are never a release, whatever else is excluded.
                Exclude = [.. attribute.ReleaseTagsExclude.Concat(release.Tags.Exclude).Distinct()],
            },
            BuildBranches = branches.Length > 0 ? Filter.Only(branches) : release.BuildBranches,
            Schedules =
                [.. from schedule in schedules where schedule.OfReleasePipeline select schedule.Create(Filter.Only(branches))],
        };
    }

    private static string Below(INukeBuild build, AbsolutePath path) => build.RootDirectory.GetUnixRelativePathTo(path);
}
