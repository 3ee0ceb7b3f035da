using Gantry.Admission;
using Gantry.AzurePipelines.RunConfigurations;
using Gantry.AzurePipelines;
using Gantry.GitHubActions;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Generation;

namespace Gantry.Nuke;

/// <summary>
/// Lets the build class change everything that is generated from it, and verifies the generated files.
/// <see cref="PromotionPipelineAttribute"/>, <see cref="PromotionWorkflowAttribute"/>, <see cref="AdmissionPoliciesAttribute"/> and
/// <see cref="RunConfigurationsAttribute"/> choose what is generated.
/// </summary>
public interface IGenerateFiles : INukeBuild
{
    /// <summary>
    /// Changes the declaration of the pipelines that was created from the attribute and the build class: <c>_ =>
    /// _.WithEnvironment(ProdEnvironment, prod => prod with { JobPerRegion = true })</c>. The result must not depend on the user or the
    /// machine, or the files would change with them.
    /// </summary>
    Configure<PipelineDeclaration> PipelineSettings => _ => _;

    /// <summary>
    /// Changes the declaration of the workflows of GitHub, which contains that of the pipelines as <see cref="PipelineSettings"/> left it:
    /// <c>_ => _.WithEnvironment(ProdEnvironment, prod => prod with { GitHubEnvironment = "production" })</c>. The result must not depend
    /// on the user or the machine.
    /// </summary>
    Configure<WorkflowDeclaration> WorkflowSettings => _ => _;

    /// <summary>Changes the run configurations: <c>_ => _.WithTarget("PromoteDev", dev => dev with { Profile = "dev" })</c>.</summary>
    Configure<RunConfigurationSet> RunConfigurationSettings => _ => _;

    /// <summary>
    /// Changes what the policies of an environment admit: <c>_ => _ with { Namespaces = [$"shop-{_.Environment}"] }</c>. It is called for
    /// each environment. The result must not depend on the user or the machine.
    /// </summary>
    Configure<AdmissionTarget> AdmissionSettings => _ => _;

    /// <summary>Throws <c>GAN8061</c> when a generated file is missing or stale, and prints the differences. Writes nothing.</summary>
    Target VerifyGenerated => _ => _
        .Description("Fails if a generated file does not match the declaration, and prints the difference")
        .TryBefore(this, nameof(IRestore.Restore))
        .TryBefore(this, nameof(ICompile.Compile))
        .TryBefore<IPublishImages>(x => x.PublishImages)
        .Uses(new())
        .ExecutesAsync(this, async cancellationToken =>
        {
            var stale = await GenerationRun.CompareAsync(this, KnownTargets.Of(this), cancellationToken);
            if (stale.Count > 0)
                throw GeneratedFiles.ToException(stale);
        });
}
