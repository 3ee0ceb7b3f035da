using System.Reflection;
using Gantry.AzurePipelines;
using Gantry.AzurePipelines.Generation;
using Gantry.Nuke.Generation;

namespace Gantry.Nuke;

/// <summary>
/// Generates a pipeline of Azure DevOps whose stages run targets of the build, from a property of the build class:
/// <c>[TargetPipeline(nameof(PackagesPipeline))]</c>.
/// </summary>
/// <param name="member">
/// The name of the property, which gives a <see cref="TargetPipeline"/>. It must not depend on who runs the build and where.
/// </param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class TargetPipelineAttribute(string member) : FileGeneratorAttribute
{
    private const BindingFlags Anywhere = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>The name of the property.</summary>
    public string Member { get; } = member;

    /// <inheritdoc/>
    public override Type HostType => typeof(AzurePipelinesHost);

    /// <inheritdoc/>
    public override string IdPostfix => Member;

    /// <inheritdoc/>
    public override AbsolutePath ConfigurationFile => Build.RootDirectory / PipelineOf(Build).File;

    /// <inheritdoc/>
    internal override GenerationResult CreateFiles(INukeBuild build, IReadOnlyCollection<ExecutableTarget> executableTargets)
    {
        var pipeline = PipelineOf(build);
        var known = executableTargets.Select(target => target.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var unknown = pipeline.Stages
            .SelectMany(stage => stage.Targets.Select(target => (Stage: stage.Name, Target: target)))
            .FirstOrDefault(called => !known.Contains(called.Target));
        return unknown.Target is { } target
            ? throw GenerationErrors.UnknownTarget(Member, unknown.Stage, target, known.Order(StringComparer.Ordinal))
            : PipelineGenerator.Generate(pipeline);
    }

    private TargetPipeline PipelineOf(INukeBuild build) =>
        build.GetType().GetProperty(Member, Anywhere)?.GetValue(build) as TargetPipeline
        ?? throw GenerationErrors.NoTargetPipeline(build.GetType().Name, Member);
}
