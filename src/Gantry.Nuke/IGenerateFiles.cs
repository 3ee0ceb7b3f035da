using Gantry.AzurePipelines;
using Gantry.AzurePipelines.RunConfigurations;
using Gantry.Nuke.Generation;

namespace Gantry.Nuke;

/// <summary>
/// What is generated from the build class can be changed in every detail, and verified. <see cref="PromotionPipelineAttribute"/> and
/// <see cref="RunConfigurationsAttribute"/> say what is generated.
/// </summary>
public interface IGenerateFiles : INukeBuild
{
    /// <summary>
    /// Changes the declaration of the pipelines, which has everything that the attribute and the build class say:
    /// <c>_ => _.WithEnvironment(ProdEnvironment, prod => prod with { JobPerRegion = true })</c>. It must not depend on who runs the build
    /// and where: the files would change with it.
    /// </summary>
    Configure<PipelineDeclaration> PipelineSettings => _ => _;

    /// <summary>Changes the run configurations: <c>_ => _.WithTarget("PromoteDev", dev => dev with { Profile = "dev" })</c>.</summary>
    Configure<RunConfigurationSet> RunConfigurationSettings => _ => _;

    /// <summary>Fails with <c>GAN8061</c> when a generated file is missing or stale, and prints what would change. Writes nothing.</summary>
    Target VerifyGenerated => _ => _
        .Description("Fails when a generated file is not what the declaration says, and prints the difference")
        .TryBefore(this, nameof(IRestore.Restore))
        .TryBefore(this, nameof(ICompile.Compile))
        .TryBefore<IPublishImages>(x => x.PublishImages)
        .ExecutesAsync(this, async cancellationToken =>
        {
            var stale = await GenerationRun.CompareAsync(this, KnownTargets.Of(this), cancellationToken);
            if (stale.Count > 0)
                throw GeneratedFiles.ToException(stale);
        });
}
