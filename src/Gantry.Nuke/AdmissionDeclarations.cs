using Gantry.Admission;
using Gantry.AzurePipelines;
using Gantry.Environments;
using Gantry.Nuke.Environments;
using Gantry.Nuke.Generation;
using Gantry.Oci;
using Gantry.Signing;

namespace Gantry.Nuke;

/// <summary>Creates the policies of a build class from its environments, its attributes and the keys in its repository.</summary>
internal static class AdmissionDeclarations
{
    private const string Placeholder = "{environment}";

    /// <summary>Returns the folder of the policies of a build, relative to its root; null when it generates none.</summary>
    public static string? FolderOf(INukeBuild build) =>
        GenerationRun.GeneratorsOf(build).OfType<AdmissionPoliciesAttribute>().FirstOrDefault()?.Folder;

    /// <summary>
    /// Generates the files. Throws as <see cref="PipelineDeclarations"/> does, and <c>GAN4008</c> for an environment that does not exist.
    /// What is wrong with one environment is a finding, so that all of it is named at once.
    /// </summary>
    public static GenerationResult Generate(INukeBuild build, AdmissionPoliciesAttribute attribute)
    {
        var options = new AdmissionOptions { Folder = attribute.Folder, Engines = attribute.Engines };
        var declaration = DeclarationOf(build, attribute);
        var files = new List<GeneratedFile>();
        var diagnostics = new List<Diagnostic>();
        foreach (var environment in EnvironmentsOf(build, attribute))
        {
            var declared = declaration.Environments.First(candidate => candidate.Environment == environment);
            var path = $"[AdmissionPolicies] {environment.Name}";
            if (FindObstacle(declared, path) is { } obstacle)
            {
                diagnostics.Add(obstacle);
                continue;
            }

            try
            {
                var target = TargetOf(build, attribute, declaration, declared);
                files.AddRange(AdmissionGenerator.Generate(target, options).Select(file => new GeneratedFile(file.Path, file.Text)));
            }
            catch (GantryException exception)
            {
                diagnostics.Add(GenerationErrors.NoPolicies(exception, path));
            }
        }

        return new(diagnostics.Exists(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error) ? [] : files, diagnostics)
        {
            // The policies of an environment that is no longer declared would go on to admit what was promoted there. But a class that
            // has no policies at all any more deletes none: that opens its clusters, and is for a person to do.
            Orphans = files.Count == 0 ? null : OrphanedFiles.Below(attribute.Folder, AdmissionGenerator.IsGenerated),
        };
    }

    private static PipelineDeclaration DeclarationOf(INukeBuild build, AdmissionPoliciesAttribute attribute)
    {
        if (attribute.Registry is { } registry)
            return PipelineDeclarations.Of(build, new() { Registry = registry });
        var generators = GenerationRun.GeneratorsOf(build);
        if (generators.OfType<PromotionPipelineAttribute>().FirstOrDefault() is { } pipeline)
            return PipelineDeclarations.Of(build, pipeline);
        return generators.OfType<PromotionWorkflowAttribute>().FirstOrDefault() is { } workflow
            ? WorkflowDeclarations.Of(build, workflow).Pipeline
            : PipelineDeclarations.Of(build, new());
    }

    private static IEnumerable<PromotionEnvironment> EnvironmentsOf(INukeBuild build, AdmissionPoliciesAttribute attribute)
    {
        if (EnvironmentDeclarations.Of(build) is not { } environments)
            return [];
        var named = attribute.Environments.Select(environments.Find).ToList();
        return environments.Where(environment => named.Count == 0 || named.Contains(environment));
    }

    private static Diagnostic? FindObstacle(PipelineEnvironment declared, string path)
    {
        foreach (var registry in declared.Registries)
        {
            if (!RegistryAddress.TryParse(registry.Address, out var address))
                return GenerationErrors.UnknownPolicyRegistry(path, registry.Parameter);
            if (address is not HostAddress)
                return GenerationErrors.PolicyOfFolder(path, registry.Parameter, address.ToString());
        }

        return null;
    }

    private static AdmissionTarget TargetOf(
        INukeBuild build, AdmissionPoliciesAttribute attribute, PipelineDeclaration declaration, PipelineEnvironment declared)
    {
        var name = declared.Environment.Name;
        var target = new AdmissionTarget(name)
        {
            Repositories =
            [
                .. from registry in declared.Registries
                   from image in declaration.Images
                   select RegistryAddress.Parse(registry.Address!).Describe(image.Name),
            ],
            Keys = ReadKeys(build, Fill(attribute.Keys, name)),
            Namespaces = attribute.Namespaces,
            AllowedImages = attribute.AllowedImages,
            RefuseBreakGlass = attribute.RefuseBreakGlass,
            NotationSubject = attribute.NotationSubject is { } subject ? Fill(subject, name) : null,
            NotationTrustStore = Fill(attribute.NotationTrustStore, name),
        };
        target = attribute.VerifierId is { } verifier ? target with { VerifierId = verifier } : target;
        return build is IGenerateFiles generating ? generating.AdmissionSettings(target) : target;
    }

    // NUKE's generators are synchronous; the files are few and on this machine.
    private static IReadOnlyList<TrustedKey> ReadKeys(INukeBuild build, string folder) =>
        new KeyFiles(build.RootDirectory).ReadFolderAsync(folder, CancellationToken.None).GetAwaiter().GetResult();

    private static string Fill(string pattern, string name) => pattern.Replace(Placeholder, name, StringComparison.Ordinal);
}
