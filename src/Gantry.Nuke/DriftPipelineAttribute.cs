using Gantry.AzurePipelines.Generation;
using Gantry.AzurePipelines.Model;
using Gantry.Nuke.Environments;
using Gantry.Nuke.Generation;

namespace Gantry.Nuke;

/// <summary>
/// Generates a pipeline of Azure DevOps that verifies the environments at fixed times and reports drift to
/// <see cref="IVerifyEnvironments.DriftAlert"/>: <c>[DriftPipeline("17 * * * *", ServiceConnection = "contoso-drift")]</c>. Registries,
/// secrets and tools are those of the first <see cref="PromotionPipelineAttribute"/>.
/// </summary>
/// <param name="cron">Minute, hour, day, month and day of the week, in UTC.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class DriftPipelineAttribute(string cron) : FileGeneratorAttribute
{
    /// <summary>Minute, hour, day, month and day of the week, in UTC: <c>17 * * * *</c>.</summary>
    public string Cron { get; } = cron;

    /// <summary>The file, relative to the root of the repository.</summary>
    public string File { get; set; } = "azure-pipelines.drift.yml";

    /// <summary>
    /// The Azure Resource Manager service connection with the right to read all registries and hosts; null when the build needs none.
    /// </summary>
    public string? ServiceConnection { get; set; }

    /// <summary>The branch whose declaration of environments counts.</summary>
    public string Branch { get; set; } = "main";

    /// <inheritdoc/>
    public override Type HostType => typeof(AzurePipelinesHost);

    /// <inheritdoc/>
    public override string IdPostfix => "Drift";

    /// <inheritdoc/>
    public override AbsolutePath ConfigurationFile => Build.RootDirectory / File;

    /// <inheritdoc/>
    internal override AzurePipelines.GenerationResult CreateFiles(
        INukeBuild build, IReadOnlyCollection<ExecutableTarget> executableTargets)
    {
        var verifying = build as IVerifyEnvironments
            ?? throw GenerationErrors.NothingToVerify(build.GetType().Name);
        var declared = GenerationRun.GeneratorsOf(build).OfType<PromotionPipelineAttribute>().FirstOrDefault()
            ?? throw GenerationErrors.NothingToVerify(build.GetType().Name);
        string[] targets = verifying.DriftAlert is null && !EnvironmentDeclarations.HasNotifications(build)
            ? [nameof(IVerifyEnvironments.VerifyEnvironments)]
            : [nameof(IVerifyEnvironments.VerifyEnvironments), nameof(IVerifyEnvironments.ReportDrift)];
        verifying.DriftAlert?.EnsureValid();
        var schedule = new Schedule(Cron)
        {
            DisplayName = "Verify environments",
            Branches = Filter.Only(Branch),
            Always = true,
            Batch = true,
        };
        return PipelineGenerator.Generate(DriftPipelineFactory.Create(
            PipelineDeclarations.Of(build, declared), File, schedule, targets, verifying.DriftAlert, ServiceConnection));
    }
}
