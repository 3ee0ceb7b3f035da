using Gantry.AzurePipelines.Expressions;
using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Generation;

/// <summary>The settings of a pipeline as a whole that a team declares: how runs are called, what they ask for, more variables.</summary>
internal static class RunSettings
{
    public static Pipeline AddTo(Pipeline pipeline, PipelineDeclaration declaration) => pipeline with
    {
        Name = declaration.RunName,
        AppendsCommitMessage = declaration.AppendCommitMessageToRunName ? null : false,
        Parameters =
        [
            .. pipeline.Parameters,
            .. declaration.Parameters.Select((parameter, i) => new PipelineParameter(parameter.Name, ParameterType.String)
            {
                DisplayName = parameter.DisplayName,
                Default = YamlValue.Of(parameter.Default ?? (parameter.Values is [var first, ..] ? first : "")),
                Values = parameter.Values,
                Origin = $"Parameters[{i}]",
            }),
        ],
        Variables =
        [
            .. declaration.VariableTemplates.Select(template => TemplateVariables.Of(template) with { Origin = "VariableTemplates" }),
            .. pipeline.Variables,
            .. declaration.ReadOnlyVariables.Select(variable =>
                new Variable(variable.Key, variable.Value) { IsReadOnly = true, Origin = "ReadOnlyVariables" }),
            .. declaration.Parameters.Select((parameter, i) =>
                new Variable(parameter.Name, ValueOf(parameter)) { IsReadOnly = true, Origin = $"Parameters[{i}]" }),
        ],
    };

    private static Expression Without(string start, Expression typed) =>
        Expression.Call("replace", typed, Expression.Text(start), Expression.Text($"$ {start[1..]}"));

    // What a person types is text: the agent would put the value of a variable or a secret in place of '$(…)', and the service would
    // evaluate '$[…]'.
    private static string ValueOf(RunParameter parameter)
    {
        var typed = new PropertyExpression(new NamedValueExpression("parameters"), parameter.Name);
        return parameter.Values.Count > 0
            ? $"${{{{ {typed} }}}}"
            : RunParameters.Template(Without("$[", Without("$(", typed)));
    }
}
