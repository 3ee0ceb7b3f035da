using Gantry.AzurePipelines.Expressions;
using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Generation;

/// <summary>The parameters of generated pipelines, which people choose when they start a run by hand.</summary>
internal static class RunParameters
{
    public const string All = "all";
    public const string None = "none";

    /// <summary>The last environment that the build pipeline promotes to.</summary>
    public const string PromoteToName = "promoteTo";

    /// <summary>The environment that the release pipeline promotes to.</summary>
    public const string EnvironmentName = "environment";

    /// <summary>The release that the release pipeline promotes.</summary>
    public const string ReleaseName = "release";

    public static PipelineParameter PromoteTo(IEnumerable<string> environments) => new(PromoteToName, ParameterType.String)
    {
        DisplayName = "Promote up to",
        Default = YamlValue.Of(All),
        Values = [All, .. environments, None],
        Origin = "Triggers.ChooseEnvironment",
    };

    public static PipelineParameter Environment(IEnumerable<string> environments) => new(EnvironmentName, ParameterType.String)
    {
        DisplayName = "Promote only to",
        Default = YamlValue.Of(All),
        Values = [All, .. environments],
        Origin = "ReleasePipeline",
    };

    public static PipelineParameter Release(bool isOptional) => new(ReleaseName, ParameterType.String)
    {
        DisplayName = isOptional ? "Version of the release; empty: the image that started the run" : "Version of the release",
        Default = isOptional ? YamlValue.Of("") : null,
        Origin = "ReleasePipeline",
    };

    /// <summary>
    /// Creates a condition that holds when the parameter has one of the values. Only for parameters with a list of values: others could
    /// contain anything.
    /// </summary>
    public static Expression Is(string parameter, params IReadOnlyList<string> values)
    {
        var chosen = Expression.Text($"${{{{ parameters.{parameter} }}}}");
        return values is [var only] ? Expression.Call("eq", chosen, Expression.Text(only)) : Expression.In(chosen, values);
    }
}
