using Gantry.Testing;

namespace Gantry.AzurePipelines.Tests.Agent;

/// <summary>A test that runs a whole pipeline: only in CI or on request.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PipelineFactAttribute : FactAttribute
{
    public PipelineFactAttribute() => Skip =
        RequiredProgram.FindSkipReason(RequiredProgram.DockerRegistry)
        ?? (RequiredProgram.MayNotBeSkipped || Environment.GetEnvironmentVariable("GANTRY_RUN_PIPELINE") == "1"
            ? null
            : "takes minutes (GANTRY_RUN_PIPELINE=1 runs it)");
}
