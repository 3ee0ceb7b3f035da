using System.Reflection;
using System.Text.RegularExpressions;
using Gantry.AzurePipelines;
using Gantry.Nuke.Parameters;
using YamlDotNet.RepresentationModel;

namespace Gantry.Nuke.Tests.Generation;

/// <summary>Every target and parameter that a generated pipeline uses exists in the build that it was generated from.</summary>
public partial class BuildCallTests
{
    // Variables of steps that are not parameters of the build: the token that Azure's sign-in exchanges, and NuGet's package folder.
    private static readonly string[] NoParameters = ["SYSTEM_ACCESSTOKEN", "NUGET_PACKAGES"];

    public static TheoryData<Type, ReleaseTrigger, ImageTransport, bool> Declarations
    {
        get
        {
            var all =
                from type in new[] { typeof(MinimalBuild), typeof(FullBuild) }
                from trigger in Enum.GetValues<ReleaseTrigger>()
                from transport in Enum.GetValues<ImageTransport>()
                from inTemplates in new[] { false, true }
                // Images in artifacts are found only through their build.
                where transport != ImageTransport.Artifact || trigger == ReleaseTrigger.BuildCompletion

                // The schedule of that build starts its release pipeline, and no clock names a release.
                where type != typeof(FullBuild) || trigger != ReleaseTrigger.Manual
                select (type, trigger, transport, inTemplates);
            var data = new TheoryData<Type, ReleaseTrigger, ImageTransport, bool>();
            foreach (var (type, trigger, transport, inTemplates) in all)
                data.Add(type, trigger, transport, inTemplates);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Declarations))]
    public void Every_call_of_a_generated_pipeline_names_targets_and_parameters_that_exist(
        Type type, ReleaseTrigger trigger, ImageTransport transport, bool inTemplates)
    {
        var build = (NukeBuild)Activator.CreateInstance(type)!;
        var attribute = new PromotionPipelineAttribute
        {
            Release = trigger,
            ReleaseAfter = trigger == ReleaseTrigger.BuildCompletion ? "ci" : null,
            Transport = transport,
            UseTemplates = inTemplates,
            Registry = "contoso{environment}.azurecr.io",
            ServiceConnection = "contoso-{environment}",
            ResourceGroup = "contoso",
            PromoteAfterBuild = trigger == ReleaseTrigger.Manual,
            BuildSecrets = ["FeedToken"],
            PublishSecrets = ["ScanToken"],
            PromotionSecrets = ["{environment}Token"],
        };
        var targets = TargetsOf(type);
        var parameters = DeclaredParameter.Of(build).Select(parameter => CommandLine.Normal(parameter.Name)).ToHashSet();
        var files = attribute.CreateFiles(build, []);
        Assert.Empty(files.Errors);
        var called = new HashSet<string>();

        foreach (var step in files.Files
            .Where(file => file.Path.EndsWith(".yml", StringComparison.Ordinal))
            .SelectMany(file => StepsOf(file.Content)))
        {
            foreach (var target in step.Targets)
            {
                Assert.True(targets.Contains(target), $"'{step.Line}' calls the target {target}, which {type.Name} does not have");
                called.Add(target);
            }

            var variables = step.Variables.Except(NoParameters).Where(name => !name.EndsWith("Token", StringComparison.Ordinal));
            foreach (var name in step.Parameters.Concat(variables))
                Assert.True(
                    parameters.Contains(CommandLine.Normal(name)),
                    $"'{step.Line}' sets {name}, which is no parameter of {type.Name}");
        }

        var promotions = targets.Where(target => target.StartsWith("Promote", StringComparison.Ordinal));
        Assert.Empty(new[] { "PublishImages", "BuildImage", "PushBase", "FindRelease" }.Concat(promotions).Except(called));
    }

    private static HashSet<string> TargetsOf(Type type) => type.GetInterfaces().Append(type)
        .SelectMany(owner => owner.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        .Where(property => property.PropertyType == typeof(Target))
        .Select(property => property.Name[(property.Name.LastIndexOf('.') + 1)..])
        .ToHashSet();

    private sealed record Call(
        string Line, IReadOnlyList<string> Targets, IReadOnlyList<string> Parameters, IReadOnlyList<string> Variables);

    private static IEnumerable<Call> StepsOf(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        foreach (var step in stream.Documents.SelectMany(document => document.AllNodes).OfType<YamlMappingNode>())
        {
            var scripts = step.Children.Concat(MappingOf(step, "inputs"));
            var variables = MappingOf(step, "env").SelectMany(Flatten).Select(entry => entry.Key.ToString());
            foreach (var line in scripts
                .Select(entry => entry.Value)
                .OfType<YamlScalarNode>()
                .Select(node => node.Value!)
                .Where(value => value.StartsWith("./build.sh ", StringComparison.Ordinal)))
            {
                var arguments = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
                yield return new Call(
                    line,
                    [.. arguments.TakeWhile(argument => !argument.StartsWith('-'))],
                    [.. arguments.Where(argument => argument.StartsWith('-')).Where(argument => ParameterName().IsMatch(argument))],
                    [.. variables]);
            }
        }
    }

    private static IEnumerable<KeyValuePair<YamlNode, YamlNode>> MappingOf(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var value) && value is YamlMappingNode mapping ? mapping.Children : [];

    // What only some runs have is a mapping under its condition.
    private static IEnumerable<KeyValuePair<YamlNode, YamlNode>> Flatten(KeyValuePair<YamlNode, YamlNode> entry) =>
        entry.Value is YamlMappingNode conditional ? conditional.Children : [entry];

    [GeneratedRegex("^--[a-z]")]
    private static partial Regex ParameterName();
}
