using Gantry.AzurePipelines.Expressions;
using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Validation;

/// <summary>Checks parameters: valid and unique names, and a default that is allowed.</summary>
internal static class ParameterRules
{
    public static IEnumerable<Diagnostic> Check(PipelineIndex index)
    {
        var parameters = index.Pipeline.Parameters;
        foreach (var diagnostic in NameRules.Unique(
            parameters, parameter => parameter.Name, parameter => parameter.Origin ?? index.Path, "parameter", "the pipeline"))
            yield return diagnostic;

        foreach (var parameter in parameters)
        {
            var path = parameter.Origin ?? index.Path;
            if (!ExpressionLexer.IsName(parameter.Name))
                yield return PipelineErrors.InvalidName(
                    path, "parameter", parameter.Name, "letters, digits, '_' and '-', starting with a letter");
            if (parameter.Values.Count > 0
                && parameter.Default is YamlScalar { Text: var value }
                && !parameter.Values.Contains(value, StringComparer.Ordinal))
                yield return PipelineErrors.UnusableDefault(path, parameter.Name, value);
        }
    }

    public static bool IsDeclared(PipelineIndex index, string name) =>
        index.Pipeline.Parameters.Any(parameter => parameter.Name.Equals(name, PipelineIndex.IgnoreCase));
}
