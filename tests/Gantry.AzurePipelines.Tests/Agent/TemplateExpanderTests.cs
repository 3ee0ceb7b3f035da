using Gantry.AzurePipelines.Yaml;
using Gantry.PipelineAgent;
using Gantry.PipelineAgent.Templates;

namespace Gantry.AzurePipelines.Tests.Agent;

public class TemplateExpanderTests
{
    [Theory]
    [InlineData("a: ${{ parameters.flag }}", "a: true")]
    [InlineData("a: x${{ parameters.text }}y", "a: xhelloy")]
    [InlineData("a:\n  ${{ if parameters.flag }}:\n    b: 1\n  ${{ else }}:\n    c: 2", "a:\n  b: 1")]
    [InlineData(
        "a:\n  ${{ if eq(parameters.text, 'x') }}:\n    b: 1\n  ${{ elseif parameters.flag }}:\n    c: 2\n  ${{ else }}:\n    d: 3",
        "a:\n  c: 2")]
    [InlineData("a:\n- ${{ if parameters.flag }}:\n  - one\n  - two\n- three", "a:\n- one\n- two\n- three")]
    [InlineData("a:\n- ${{ each item in parameters.list }}:\n  - x${{ item }}", "a:\n- xp\n- xq")]
    [InlineData("a:\n  ${{ each pair in parameters.map }}:\n    ${{ pair.key }}: ${{ pair.value }}!", "a:\n  k: v!")]
    [InlineData("a: ${{ parameters.list }}", "a:\n- p\n- q")]
    [InlineData("a:\n- ${{ parameters.list }}\n- r", "a:\n- p\n- q\n- r")]
    [InlineData("a:\n  ${{ insert }}: ${{ parameters.map }}\n  z: 1", "a:\n  k: v\n  z: 1")]
    [InlineData("a: $(macro) $[runtime]", "a: $(macro) $[runtime]")]
    [InlineData("steps:\n- template: steps.yml\n  parameters:\n    name: world", "steps:\n- bash: echo world\n- bash: echo twice world")]
    [InlineData("steps:\n- template: /ci/other.yml", "steps:\n- bash: echo other\n- bash: echo nested\n- bash: echo twice nested")]
    public void Expands(string body, string expanded) => Assert.Equal(expanded + "\n", YamlWriter.Write(Expand(body)));

    [Theory]
    [InlineData("steps:\n- template: steps.yml", "a value for the parameter 'name' must be provided")]
    [InlineData("steps:\n- template: steps.yml\n  parameters:\n    name: x\n    nmae: y", "unexpected parameter 'nmae'")]
    [InlineData("steps:\n- template: missing.yml", "missing.yml")]
    [InlineData("a: ${{ parameters.x", "not closed")]
    [InlineData("a: 1\nA: 2", "'A' is already defined")]
    [InlineData("a: &x 1", "Anchors are not currently supported")]
    public void Refuses(string body, string reason) =>
        Assert.Contains(reason, Assert.ThrowsAny<Exception>(() => Expand(body)).Message, StringComparison.Ordinal);

    private static YamlMapping Expand(string body)
    {
        const string parameters = "parameters:\n- name: flag\n  type: boolean\n  default: true\n- name: text\n  type: string\n"
            + "  default: hello\n- name: list\n  type: object\n  default: [p, q]\n- name: map\n  type: object\n  default: {k: v}\n";
        const string steps = "parameters:\n- name: name\n  type: string\nsteps:\n- bash: echo ${{ parameters.name }}\n"
            + "- bash: echo twice ${{ parameters.name }}\n";
        var files = new Dictionary<string, string>
        {
            ["main.yml"] = parameters + body + "\n",
            ["steps.yml"] = steps,
            ["ci/other.yml"] = "steps:\n- bash: echo other\n- template: inner.yml\n  parameters:\n    name: nested\n",
            ["ci/inner.yml"] = steps,
        };
        return new TemplateExpander(path => files.TryGetValue(path, out var text) ? text : throw new PipelineException($"no file {path}"))
            .Expand("main.yml", new Dictionary<string, object?>());
    }
}
