using Gantry.AzurePipelines;
using Gantry.AzurePipelines.Validation;
using Gantry.Drift;
using Gantry.Environments;
using Gantry.GitHubActions.Environments;
using Gantry.Oci;

namespace Gantry.GitHubActions.Generation;

/// <summary>The rules that a declaration must satisfy before a workflow can be composed from it.</summary>
internal static class DeclarationRules
{
    private const string Environments = "Pipeline.Environments";

    public static IEnumerable<Diagnostic> Check(WorkflowDeclaration declaration) =>
    [
        .. CheckEngine(declaration),
        .. CheckFiles(declaration),
        .. CheckRollbacks(declaration.Pipeline),
        .. TriggerRules.Check(declaration.Pipeline.Triggers),
        .. CheckRegistries(declaration.Pipeline),
        .. declaration.Pipeline.Environments.SelectMany(environment => GateRules.Check(declaration, environment.Environment)),
        .. OtherServiceRules.Check(declaration.Pipeline),
        .. RegionRules.Check(declaration),
        .. NameRules.Check(declaration),
    ];

    /// <summary>Checks the declaration of the workflow that verifies environments.</summary>
    public static IEnumerable<Diagnostic> Check(DriftWorkflow declaration)
    {
        List<Diagnostic> diagnostics = [.. Check(declaration.Workflow), .. CheckFile("File", declaration.File)];
        if (FilesOf(declaration.Workflow).Any(known => known.File.Equals(declaration.File, StringComparison.OrdinalIgnoreCase)))
            diagnostics.Add(DeclarationErrors.UnusableFile("File", declaration.File, "it would be written twice"));
        if (CronSchedule.Validate(declaration.Cron) is { } reason)
            diagnostics.Add(DeclarationErrors.MalformedSchedule("Cron", declaration.Cron, reason));
        if (declaration.Alert is WorkItemAlert)
            diagnostics.Add(DeclarationErrors.OnlyInAzureDevOps("Alert", "the work items"));
        return diagnostics;
    }

    /// <summary>Checks the credentials of a declaration whose addresses are valid.</summary>
    public static IEnumerable<Diagnostic> CheckCredentials(WorkflowDeclaration declaration)
    {
        foreach (var host in SignIns.OfBase(declaration).Missing)
            yield return DeclarationErrors.NoCredential("Pipeline.BaseRegistry", host, JobIds.Publish);
        foreach (var environment in declaration.Pipeline.Environments)
        {
            foreach (var region in PromotionJobs.RegionsOf(environment))
            {
                foreach (var host in SignIns.Of(declaration, environment, region).Missing)
                    yield return DeclarationErrors.NoCredential(
                        PathOf(environment), host, JobIds.Promotion(environment.Environment, region));
            }
        }
    }

    private static IEnumerable<Diagnostic> CheckEngine(WorkflowDeclaration declaration)
    {
        var pipeline = declaration.Pipeline;
        if (EngineRules.FindError(() =>
            ContainerImage.Validate(pipeline.Images, pipeline.Environments.Select(known => known.Environment))) is { } images)
            yield return DeclarationErrors.FromEngine("Pipeline.Images", images);
        if (EngineRules.FindError(() =>
            EnvironmentSet.Create([.. pipeline.Environments.Select(known => known.Environment)])) is { } environments)
            yield return DeclarationErrors.FromEngine(Environments, environments);
        foreach (var environment in pipeline.Environments.Where(known =>
            known.Environment.Name.ToLowerInvariant() is RunInputs.All or RunInputs.None))
            yield return DeclarationErrors.ReservedEnvironment(PathOf(environment), environment.Environment.Name);
        foreach (var shared in pipeline.Environments
            .GroupBy(known => declaration.SettingsOf(known.Environment).GitHubEnvironment, StringComparer.OrdinalIgnoreCase)
            .Where(same => same.Count() > 1))
            yield return DeclarationErrors.SharedEnvironment(
                PathOf(shared.Last()), shared.Key, shared.Select(known => known.Environment.Name));
        if (!pipeline.PromoteAfterBuild && !declaration.ReleaseWorkflow)
            yield return DeclarationErrors.NothingPromotes("Pipeline.PromoteAfterBuild");
        if (declaration.ReleaseWorkflow && pipeline.Transport == ImageTransport.Artifact)
            yield return DeclarationErrors.NothingToFind("ReleaseWorkflow");
    }

    private static IEnumerable<Diagnostic> CheckFiles(WorkflowDeclaration declaration)
    {
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, file) in FilesOf(declaration))
        {
            foreach (var diagnostic in CheckFile(name, file))
                yield return diagnostic;
            if (!known.Add(file))
                yield return DeclarationErrors.UnusableFile(name, file, "it would be written twice");
        }
    }

    private static IEnumerable<(string Name, string File)> FilesOf(WorkflowDeclaration declaration) =>
    [
        ("Files.Workflow", declaration.Files.Workflow),
        ("Files.ReleaseWorkflow", declaration.Files.ReleaseWorkflow),
        ("Files.RollbackWorkflow", declaration.Files.RollbackWorkflow),
    ];

    private static IEnumerable<Diagnostic> CheckFile(string name, string file)
    {
        if (RelativePath.Validate(file) is { } reason)
            yield return DeclarationErrors.UnusableFile(name, file, reason);
        else if (RelativePath.Folder(file) != ".github/workflows")
            yield return DeclarationErrors.UnusableFile(name, file, "GitHub reads workflows in .github/workflows only");
        else if (Path.GetExtension(file) is not (".yml" or ".yaml"))
            yield return DeclarationErrors.UnusableFile(name, file, "GitHub reads files that end in .yml or .yaml");
    }

    private static IEnumerable<Diagnostic> CheckRollbacks(PipelineDeclaration pipeline)
    {
        const string path = "Pipeline.Rollbacks";
        foreach (var name in pipeline.Rollbacks.Keys.Where(name => pipeline.Environments.All(known => known.Environment.Name != name)))
            yield return DeclarationErrors.UnknownRollback($"{path}[{name}]", name);
        if (pipeline is { Rollbacks.Count: > 0, Transport: ImageTransport.Artifact })
            yield return DeclarationErrors.NothingToGoBackTo(path);
    }

    private static IEnumerable<Diagnostic> CheckRegistries(PipelineDeclaration pipeline)
    {
        var places = PlacesOf(pipeline).ToList();
        var unknown = places.Where(place => place.Registry.Address is null).ToList();
        if (unknown.Count > 0)
        {
            var parameters = unknown.Select(place => place.Registry.Parameter).ToList();
            yield return DeclarationErrors.UnknownAddresses(unknown[0].Path, parameters, parameters.Select(RunVariables.VariableOf));
        }

        foreach (var diagnostic in places.SelectMany(place => CheckAddress(place.Registry, place.Path)))
            yield return diagnostic;

        foreach (var environment in pipeline.Environments)
        {
            var expected = environment.Environment.RegistryParameters;
            var given = environment.Registries.Select(registry => registry.Parameter).ToList();
            if (!expected.SequenceEqual(given))
                yield return DeclarationErrors.RegistriesMismatch(PathOf(environment), environment.Environment.Name, expected, given);
        }
    }

    private static IEnumerable<(PipelineRegistry Registry, string Path)> PlacesOf(PipelineDeclaration pipeline)
    {
        var ofEnvironments = pipeline.Environments.SelectMany(environment =>
            environment.Registries.Select((registry, i) => (registry, $"{PathOf(environment)}.Registries[{i}]")));
        return pipeline.Transport == ImageTransport.Artifact
            ? ofEnvironments
            : ofEnvironments.Prepend((pipeline.BaseRegistry, "Pipeline.BaseRegistry"));
    }

    private static IEnumerable<Diagnostic> CheckAddress(PipelineRegistry registry, string path)
    {
        if (registry.Address is not { } text)
            yield break;

        RegistryAddress? address = null;
        if (EngineRules.FindError(() => address = RegistryAddress.Parse(text)) is { } error)
            yield return DeclarationErrors.FromEngine(path, error);
        if (address is LayoutAddress or ArchiveAddress)
            yield return DeclarationErrors.FolderAddress(path, registry.Parameter, text);
    }

    private static string PathOf(PipelineEnvironment environment) => $"{Environments}[\"{environment.Environment.Name}\"]";
}
