using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Validation;
using Gantry.Environments;
using Gantry.Oci;

namespace Gantry.AzurePipelines.Generation;

/// <summary>The rules that a declaration must satisfy before a pipeline can be composed from it.</summary>
internal static class DeclarationRules
{
    public static IEnumerable<Diagnostic> Check(PipelineDeclaration declaration) =>
        [
            .. CheckEngine(declaration),
            .. CheckFiles(declaration),
            .. CheckTriggers(declaration),
            .. BranchRules.Check(declaration),
            .. ScheduleRules.Check(declaration),
            .. CheckRegistries(declaration),
            .. LoginRules.Check(declaration),
            .. SigningRules.Check(declaration),
            .. HostRules.Check(declaration),
            .. declaration.Environments.SelectMany(environment => GateRules.Check(environment)),
            .. GateRules.CheckTemplates(declaration),
            .. ReleaseRules.Check(declaration),
            .. CheckReaders(declaration),
            .. KeyVaultSteps.Check(declaration.KeyVaults),
        ];

    private static IEnumerable<Diagnostic> CheckEngine(PipelineDeclaration declaration)
    {
        if (EngineRules.FindError(() =>
            ContainerImage.Validate(declaration.Images, declaration.Environments.Select(known => known.Environment))) is { } images)
            yield return DeclarationErrors.FromEngine("Images", images);
        if (EngineRules.FindError(() =>
            EnvironmentSet.Create([.. declaration.Environments.Select(environment => environment.Environment)])) is { } environments)
            yield return DeclarationErrors.FromEngine("Environments", environments);
        foreach (var environment in declaration.Environments.Where(environment =>
            environment.Environment.Name.ToLowerInvariant() is RunParameters.All or RunParameters.None))
            yield return DeclarationErrors.ReservedEnvironment(DeclarationPath.For(environment), environment.Environment.Name);
        foreach (var environment in declaration.Environments.Where(environment =>
            environment.AzureEnvironment != environment.Environment.Name))
        {
            if (AzureEnvironmentName.Validate(environment.AzureEnvironment) is { } reason)
                yield return DeclarationErrors.UnusableAzureEnvironment(
                    DeclarationPath.For(environment) + ".AzureEnvironment", environment.AzureEnvironment, reason);
        }

        foreach (var shared in declaration.Environments
            .GroupBy(environment => environment.AzureEnvironment, StringComparer.OrdinalIgnoreCase)
            .Where(same => same.Count() > 1))
            yield return DeclarationErrors.SharedEnvironment(
                DeclarationPath.For(shared.Last()), shared.Key, shared.Select(environment => environment.Environment.Name));
        if (declaration.Commands.Shell is not (ScriptShell.Bash or ScriptShell.Pwsh))
            yield return DeclarationErrors.UnusableShell("Commands.Shell", declaration.Commands.Shell.ToString());
        for (var i = 0; i < declaration.BuildJobs.Count; i++)
        {
            if (declaration.BuildJobs[i].Shell == ScriptShell.Script)
                yield return DeclarationErrors.UnusableShell($"BuildJobs[{i}].Shell", nameof(ScriptShell.Script));
            if (declaration.BuildJobs[i].Steps.Count == 0)
                yield return PipelineErrors.NothingInside($"BuildJobs[{i}]", $"the job '{declaration.BuildJobs[i].Name}'", "steps");
        }

        foreach (var name in declaration.Rollbacks.Keys.Where(name =>
            declaration.Environments.All(environment => environment.Environment.Name != name)))
            yield return DeclarationErrors.UnknownRollback($"Rollbacks[{name}]", name);
        if (declaration is { Rollbacks.Count: > 0, Transport: ImageTransport.Artifact })
            yield return DeclarationErrors.NothingToGoBackTo("Rollbacks");
        if (declaration is { PromoteAfterBuild: false, ReleasePipeline: null })
            yield return DeclarationErrors.NothingPromotes(DeclarationPath.Declaration);
    }

    private static IEnumerable<Diagnostic> CheckReaders(PipelineDeclaration declaration)
    {
        var publishing = declaration.BaseRegistry.ServiceConnection;
        for (var i = 0; i < declaration.Commands.Steps.Count; i++)
        {
            var step = declaration.Commands.Steps[i];
            var path = $"Commands.Steps[{i}].ServiceConnection";
            if (!step.UsesBaseRegistry || publishing is null)
                continue;
            if (step.ServiceConnection is null && declaration.BaseRegistry.ReadLogin is null)
                yield return DeclarationErrors.UnnamedReader(path);
            else if (publishing.Equals(step.ServiceConnection, StringComparison.OrdinalIgnoreCase))
                yield return DeclarationErrors.PublishingConnection(path, publishing);
        }
    }

    private static IEnumerable<Diagnostic> CheckFiles(PipelineDeclaration declaration)
    {
        var files = declaration.Files;
        (string Name, string File)[] all =
        [
            ("Files.Pipeline", files.Pipeline), ("Files.ReleasePipeline", files.ReleasePipeline), ("Files.Template", files.Template),
            ("Files.RollbackPipeline", files.RollbackPipeline),
            ("Files.ReleaseTemplate", files.ReleaseTemplate), ("Files.Environments", files.Environments),
            ("Commands.ReleaseFile", declaration.Commands.ReleaseFile), ("Commands.ImagesFolder", declaration.Commands.ImagesFolder),
        ];
        foreach (var (name, file) in all)
        {
            if (RelativePath.Validate(file) is { } error)
                yield return FileErrors.UnusableFile(name, file, error);
        }

        foreach (var same in all.GroupBy(file => file.File, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
            yield return FileErrors.DuplicateFile(same.Last().Name, same.Key);
    }

    private static IEnumerable<Diagnostic> CheckTriggers(PipelineDeclaration declaration)
    {
        if (declaration.Triggers is { Branches.Count: 0, Paths.IsEmpty: false })
            yield return DeclarationErrors.PathsWithoutBranches("Triggers.Paths");
        if (declaration.Triggers.PullRequests is { Branches.IsEmpty: true, Paths.IsEmpty: false })
            yield return DeclarationErrors.PathsWithoutBranches("Triggers.PullRequests");
        if (declaration is { PromoteAfterBuild: true, Triggers: { PromotedBranches.Count: 0 }
            or { PromotedBranches: null, Branches.Count: 0, Tags.IsEmpty: true } })
            yield return TriggerErrors.NoPromotedBranches("Triggers.PromotedBranches");
    }

    private static IEnumerable<Diagnostic> CheckRegistries(PipelineDeclaration declaration)
    {
        var places = PlacesOf(declaration).ToList();
        var unknown = places.Where(place => place.Registry.Address is null && place.Groups.Count == 0).ToList();
        if (unknown.Count > 0)
            yield return DeclarationErrors.UnknownAddresses(unknown[0].Path, [.. unknown.Select(place => place.Registry.Parameter)]);
        foreach (var diagnostic in places.SelectMany(place => CheckAddress(place.Registry, place.Path)))
            yield return diagnostic;

        foreach (var environment in declaration.Environments)
        {
            var expected = environment.Environment.RegistryParameters;
            var given = environment.Registries.Select(registry => registry.Parameter).ToList();
            if (!expected.SequenceEqual(given))
                yield return DeclarationErrors.RegistriesMismatch(
                    DeclarationPath.For(environment), environment.Environment.Name, expected, given);

            for (var i = 0; i < environment.Registries.Count; i++)
            {
                var registry = environment.Registries[i];
                if (!environment.JobPerRegion
                    && registry.ServiceConnection is not null
                    && registry.ServiceConnection != environment.ServiceConnection)
                    yield return DeclarationErrors.ConnectionOfRegion(
                        DeclarationPath.ForRegistry(environment, i), environment.Environment.Name, registry.Parameter);
            }
        }
    }

    // The registries that a job uses, with the variable groups that can have their addresses.
    private static IEnumerable<(PipelineRegistry Registry, string Path, IReadOnlyList<string> Groups)> PlacesOf(
        PipelineDeclaration declaration)
    {
        if (declaration.Transport != ImageTransport.Artifact)
            yield return (declaration.BaseRegistry, RegistryUse.BasePath, declaration.VariableGroups);
        foreach (var environment in declaration.Environments)
        {
            for (var i = 0; i < environment.Registries.Count; i++)
                yield return (
                    environment.Registries[i],
                    DeclarationPath.ForRegistry(environment, i),
                    [.. declaration.VariableGroups, .. environment.VariableGroups]);
        }
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
}
