using Gantry.AzurePipelines.Expressions;
using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Generation;

/// <summary>What somebody chooses who starts a run by hand.</summary>
internal static class Choices
{
    public const string All = "all";
    public const string None = "none";

    /// <summary>How far the build pipeline promotes.</summary>
    public const string PromoteTo = "promoteTo";

    /// <summary>Where the release pipeline promotes to.</summary>
    public const string Environment = "environment";

    /// <summary>Which release the release pipeline promotes.</summary>
    public const string Release = "release";

    public static PipelineParameter HowFar(IEnumerable<string> environments) => new(PromoteTo, ParameterType.String)
    {
        DisplayName = "Promote to, with the environments on the way",
        Default = YamlValue.Of(All),
        Values = [All, .. environments, None],
        Origin = "Triggers.ChooseEnvironment",
    };

    public static PipelineParameter WhereTo(IEnumerable<string> environments) => new(Environment, ParameterType.String)
    {
        DisplayName = "Promote to, alone",
        Default = YamlValue.Of(All),
        Values = [All, .. environments],
        Origin = "ReleasePipeline",
    };

    public static PipelineParameter WhichRelease(bool isOptional) => new(Release, ParameterType.String)
    {
        DisplayName = isOptional ? "Version of the release; empty: the image that started the run" : "Version of the release",
        Default = isOptional ? YamlValue.Of("") : null,
        Origin = "ReleasePipeline",
    };

    /// <summary>A condition that holds when the parameter has one of the values. Only for parameters with a list of values: others could say anything.</summary>
    public static Expression Is(string parameter, params IReadOnlyList<string> values)
    {
        var chosen = Expression.Text($"${{{{ parameters.{parameter} }}}}");
        return values is [var only] ? Expression.Call("eq", chosen, Expression.Text(only)) : Expression.In(chosen, values);
    }
}
