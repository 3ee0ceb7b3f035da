using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Validation;
using Gantry.Oci;

namespace Gantry.AzurePipelines.Generation;

/// <summary>Checks that the release pipeline can start as intended.</summary>
internal static class ReleaseRules
{
    private const string Path = "ReleasePipeline.Trigger";
    private const string SchedulesPath = "ReleasePipeline.Schedules";

    public static IEnumerable<Diagnostic> Check(PipelineDeclaration declaration)
    {
        if (declaration.ReleasePipeline is not { } release)
            yield break;
        if (Validate(declaration, release) is { } error)
        {
            var trigger = release.Trigger switch
            {
                ReleaseTrigger.ImagePush => "the push of an image",
                ReleaseTrigger.BuildCompletion => "the end of a build",
                _ => "hand",
            };
            yield return DeclarationErrors.UnusableReleaseTrigger(Path, trigger, error);
        }

        if (release.Trigger == ReleaseTrigger.ImagePush && declaration.BaseRegistry.Address is { } address && IsOfOtherCloud(address))
            yield return TriggerErrors.RegistryOfOtherCloud(Path, address);
        if (FindSecondWay(declaration, release) is { } twice)
            yield return twice;
        foreach (var diagnostic in CheckSchedules(release).Concat(CheckSecrets(declaration)))
            yield return diagnostic;
    }

    // A scheduled run has no person who specifies the release. The service then uses the newest tag of an image that it knows, regardless
    // of the trigger's filter.
    private static IEnumerable<Diagnostic> CheckSchedules(ReleasePipeline release) => release switch
    {
        { Schedules.Count: 0 } => [],
        { Trigger: ReleaseTrigger.Manual } =>
            [DeclarationErrors.UnusableReleaseTrigger(SchedulesPath, "a schedule", "a person has to name the release")],
        { Trigger: ReleaseTrigger.ImagePush } => [TriggerErrors.ScheduledImage(SchedulesPath)],
        _ => [],
    };

    private static IEnumerable<Diagnostic> CheckSecrets(PipelineDeclaration declaration) =>
        (from secret in DeclaredSecrets.Of(declaration)
         where FindReleaseStage.Variables.Append(ReleaseRoute.GoBack).Contains(secret.Name, StringComparer.OrdinalIgnoreCase)
         select PipelineErrors.ReservedName(
             secret.Path, "secret", secret.Name, "the release pipeline uses it to pass to the build what a person chose"))
        .Distinct();

    // With tags of its own, the release pipeline is meant for other releases than those that the build pipeline promotes.
    private static Diagnostic? FindSecondWay(PipelineDeclaration declaration, ReleasePipeline release)
    {
        if (!declaration.PromoteAfterBuild)
            return null;
        return release.Trigger switch
        {
            ReleaseTrigger.ImagePush when !HasOwnTags(release.Tags) => DeclarationErrors.PromotedTwice(Path, "the push of an image"),
            ReleaseTrigger.BuildCompletion when FollowsPromotedBranch(declaration.Triggers, release.BuildBranches) =>
                DeclarationErrors.PromotedTwice(Path, "the end of a build"),
            _ => null,
        };
    }

    private static bool HasOwnTags(Filter tags)
    {
        var all = new ReleasePipeline().Tags;
        return tags.Include.Any(tag => !all.Include.Contains(tag)) || tags.Exclude.Any(tag => !all.Exclude.Contains(tag));
    }

    private static bool FollowsPromotedBranch(PipelineTriggers triggers, Filter followed)
    {
        IReadOnlyList<string> included = followed.Include.Count == 0 ? ["*"] : followed.Include;
        IReadOnlyList<string> triggering = triggers.Branches.Count == 0 ? ["refs/tags/*"] : triggers.Branches;
        return (triggers.PromotedBranches ?? triggering)
            .Where(branch => !followed.Exclude.Any(excluded => BranchPattern.Covers(excluded, branch)))
            .Any(branch => included.Any(other => BranchPattern.Overlap(branch, other)));
    }

    private static string? Validate(PipelineDeclaration declaration, ReleasePipeline release) => release.Trigger switch
    {
        ReleaseTrigger.BuildCompletion =>
            release.BuildPipeline is null ? "the name of the pipeline that builds is not given" : null,
        _ when declaration.Transport == ImageTransport.Artifact =>
            "images travel as artifacts of the build, so there is no base registry to find them in",
        ReleaseTrigger.ImagePush => Validate(declaration.BaseRegistry),
        _ => null,
    };

    private static string? Validate(PipelineRegistry registry) => registry switch
    {
        { Address: null } => "the address of the base registry is not given",
        { ServiceConnection: null } => "the base registry has no service connection",
        { ResourceGroup: null } => "the resource group of the base registry is not given",
        { Address: var address } when !IsAcr(address) => $"the base registry '{address}' is not an Azure Container Registry",
        _ => null,
    };

    // An address that cannot be read is reported where the address itself is checked.
    private static bool IsAcr(string text) => !RegistryAddress.TryParse(text, out var address) || DomainOf(address) is not null;

    private static bool IsOfOtherCloud(string text) =>
        RegistryAddress.TryParse(text, out var address) && DomainOf(address) is not (null or AcrHost.PublicDomain);

    private static string? DomainOf(RegistryAddress address) => address is HostAddress host ? AcrHost.FindDomain(host.Host) : null;
}
