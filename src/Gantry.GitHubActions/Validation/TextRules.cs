using Gantry.AzurePipelines;
using Gantry.AzurePipelines.Yaml;
using Gantry.GitHubActions.Model;

namespace Gantry.GitHubActions.Validation;

/// <summary>Checks that YAML can hold every text of a workflow.</summary>
internal static class TextRules
{
    public static IEnumerable<Diagnostic> Check(Workflow workflow) =>
    [
        .. CheckValue((workflow with { Jobs = [] }).ToYaml(), "Declaration"),
        .. workflow.Jobs.SelectMany(job => CheckValue((job with { Steps = [] }).ToYaml(), job.Origin)
            .Concat(job.Steps.SelectMany(step => CheckValue(step.ToYaml(), WorkflowValidator.PathOf(job, step))))),
    ];

    private static IEnumerable<Diagnostic> CheckValue(YamlValue value, string path) => Texts(value)
        .Where(text => text.Any(IsForbidden))
        .Select(text => WorkflowErrors.UnwritableText(path, text, text.First(IsForbidden)));

    private static IEnumerable<string> Texts(YamlValue value) => value switch
    {
        YamlScalar scalar => [scalar.Text],
        YamlSequence sequence => sequence.Items.SelectMany(Texts),
        YamlMapping mapping => mapping.Entries.SelectMany(entry => Texts(entry.Value).Prepend(entry.Key)),
        _ => [],
    };

    // A line feed makes a block; other control characters and carriage returns do not survive in one.
    private static bool IsForbidden(char c) => (char.IsControl(c) && c is not ('\n' or '\t')) || c is '\ufffe' or '\uffff';
}
