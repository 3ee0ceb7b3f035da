using CsCheck;
using Gantry.AzurePipelines.Generation;
using Gantry.AzurePipelines.Yaml;
using Gantry.Environments;
using Gantry.PipelineAgent;
using Gantry.PipelineAgent.Plans;
using Gantry.PipelineAgent.Templates;

namespace Gantry.AzurePipelines.Tests.Generation;

public class GenerationPropertyTests
{
    [Fact]
    public void Any_valid_declaration_gives_the_same_files_each_time() => DeclarationGen.Any.Sample(declaration =>
    {
        var first = PipelineGenerator.Generate(declaration);
        Assert.True(first.Errors.Count == 0, string.Join('\n', first.Errors));
        Assert.Equal(first.Files, PipelineGenerator.Generate(declaration).Files);
        Assert.All(first.Files, file => Assert.EndsWith("\n", file.Content, StringComparison.Ordinal));
    }, iter: 300);

    [Fact]
    public void Templates_expand_to_the_stages_without_templates() => DeclarationGen.Any.Sample(declaration =>
    {
        var inTemplates = PipelineGenerator.Generate(declaration with { UseTemplates = true }).EnsureValid();
        foreach (var file in PipelineGenerator.Generate(declaration with { UseTemplates = false })
            .EnsureValid()
            .Where(file => file.Path.EndsWith(".yml", StringComparison.Ordinal)))
        {
            var expected = ExpandedPipelines.Of([file], file.Path);
            var found = ExpandedPipelines.Of(inTemplates, file.Path);
            Assert.Equal(YamlWriter.Write((YamlMapping)Sorted(expected)), YamlWriter.Write((YamlMapping)Sorted(found)));
        }
    }, iter: 200);

    [Fact]
    public void Every_promotion_waits_for_the_build_and_for_the_environment_before() => DeclarationGen.Any.Sample(declaration =>
    {
        var plan = RunPlan.Of(ExpandedPipelines.Of(
            PipelineGenerator.Generate(declaration with { PromoteAfterBuild = true, ReleasePipeline = null }).EnsureValid(),
            declaration.Files.Pipeline));
        foreach (var environment in declaration.Environments.Select(environment => environment.Environment))
        {
            var before = Ancestors(plan, "Promote" + environment.Identifier);
            Assert.Contains("Build", before);
            if (environment.After is { } after)
                Assert.Contains("Promote" + after.Identifier, before);
        }
    }, iter: 100);

    // The order of keys has no meaning.
    private static YamlValue Sorted(YamlValue value) => value switch
    {
        YamlMapping mapping => new YamlMapping([.. mapping.Entries
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => KeyValuePair.Create(entry.Key, Sorted(entry.Value)))]),
        YamlSequence sequence => new YamlSequence([.. sequence.Items.Select(Sorted)]),
        _ => value,
    };

    private static HashSet<string> Ancestors(RunPlan plan, string stage)
    {
        var found = new HashSet<string>();
        var open = new Stack<string>([stage]);
        while (open.TryPop(out var name))
        {
            foreach (var dependency in plan.Stages.Single(known => known.Name == name).DependsOn)
            {
                if (found.Add(dependency))
                    open.Push(dependency);
            }
        }

        return found;
    }
}

/// <summary>Expands generated pipelines: templates are included, parameters have values.</summary>
internal static class ExpandedPipelines
{
    public const string RequiredTemplate = "parameters:\n- name: stages\n  type: stageList\n\nstages: ${{ parameters.stages }}\n";

    public static YamlMapping Of(IEnumerable<GeneratedFile> files, string path, string reason = "IndividualCI")
    {
        var texts = files.ToDictionary(file => file.Path, file => file.Content);
        texts["release.yml@requiredTemplate"] = RequiredTemplate;
        texts["scan.yml"] = "parameters:\n- name: image\n  type: string\n\nsteps:\n- bash: ./scan.sh ${{ parameters.image }}\n";
        texts["ci/variables.yml"] =
            "parameters:\n- name: stage\n  type: string\n\nvariables:\n- name: Stage\n  value: ${{ parameters.stage }}\n";
        texts["ci/tell.yml"] =
            "parameters:\n- name: who\n  type: string\n\njobs:\n- job: Tell\n  steps:\n  - bash: ./tell.sh ${{ parameters.who }}\n";
        var hasRelease = ((PipelineYaml.Read(texts[path]) as YamlMapping)?["parameters"] as YamlSequence)?.Items.Any(parameter =>
            (parameter as YamlMapping)?["name"] is YamlScalar { Text: "release" }) == true;
        var known = new Dictionary<string, string> { ["Build.Reason"] = reason };
        return new TemplateExpander(file => texts[file]) { Variables = known }.Expand(
            path, hasRelease ? new Dictionary<string, object?> { ["release"] = "1.0.0" } : []);
    }
}
