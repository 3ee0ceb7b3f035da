using System.Text.Json;
using System.Xml.Linq;
using CsCheck;
using Gantry.AzurePipelines.RunConfigurations;

namespace Gantry.AzurePipelines.Tests.RunConfigurations;

public class RunConfigurationTests
{
    private static readonly RunConfigurationSet Contoso = new()
    {
        Targets =
        [
            new("Test") { Description = "Builds everything and runs the tests" },
            new("PromoteDev") { Arguments = ["--verbosity", "Verbose"], Profile = "dev" },
            new("PromoteProd")
            {
                Description = "Promotes a release to <prod> & \"tells\" everybody",
                Arguments = ["--move-tag", "it \"had\" to be"],
                Inputs =
                [
                    new("Release", "Version of the release") { Default = "1.0.0" },
                    new("ImageBuilder", "How images are built") { Values = ["auto", "docker", "oci"] },
                ],
            },
        ],
    };

    public static TheoryData<string> Files => new(RunConfigurationGenerator.Generate(Contoso).Files.Select(file => file.Path));

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Writes(string path)
    {
        var file = RunConfigurationGenerator.Generate(Contoso).Files.Single(file => file.Path == path);
        var settings = new VerifySettings();
        settings.UseDirectory("../Snapshots");
        settings.UseFileName("run." + Path.GetFileNameWithoutExtension(path));
        await Verifier.Verify(file.Content, Path.GetExtension(path).TrimStart('.'), settings);
    }

    [Theory]
    [InlineData(Editors.None, 0)]
    [InlineData(Editors.Rider, 3)]
    [InlineData(Editors.VisualStudio, 1)]
    [InlineData(Editors.VisualStudioCode, 2)]
    [InlineData(Editors.All, 6)]
    public void Files_are_generated_for_the_chosen_editors_only(Editors editors, int files) =>
        Assert.Equal(files, RunConfigurationGenerator.Generate(Contoso with { Editors = editors }).Files.Count);

    [Theory]
    [InlineData("../x", null, null)]
    [InlineData("a/b", "x y", null)]
    [InlineData("Ok", null, "1st")]
    [InlineData("test", null, null)]
    public void A_target_that_cannot_be_a_file_name_is_refused(string name, string? profile, string? parameter)
    {
        RunTarget target = new(name) { Profile = profile, Inputs = parameter is null ? [] : [new(parameter, "")] };
        var result = RunConfigurationGenerator.Generate(Contoso with { Targets = [.. Contoso.Targets, target] });
        Assert.Empty(result.Files);
        Assert.All(
            result.Diagnostics, diagnostic => Assert.Equal(("GAN8055", "Targets[3]"), (diagnostic.Code, diagnostic.DeclarationPath)));
        Assert.NotEmpty(result.Diagnostics);
    }

    [Fact]
    public void Any_arguments_give_readable_files() => Gen.String["ab \"\\<>&'${}ü\t"].Array[0, 4].Sample(arguments =>
    {
        var set = Contoso with { Targets = [new("Target") { Arguments = arguments, Description = string.Concat(arguments) }] };
        foreach (var file in RunConfigurationGenerator.Generate(set).Files)
        {
            if (file.Path.EndsWith(".xml", StringComparison.Ordinal))
            {
                var line = XElement.Parse(file.Content)
                    .Descendants("option")
                    .Single(option => (string?)option.Attribute("name") == "PROGRAM_PARAMETERS")
                    .Attribute("value")!.Value;
                Assert.Equal(["Target", .. arguments], Split(line));
            }
            else
            {
                using var json = JsonDocument.Parse(file.Content);
                if (json.RootElement.TryGetProperty("configurations", out var launches))
                    Assert.Equal(
                        ["Target", .. arguments],
                        launches[0].GetProperty("args").EnumerateArray().Select(argument => argument.GetString()));
                if (json.RootElement.TryGetProperty("profiles", out var profiles))
                    Assert.Equal(
                        ["Target", .. arguments], Split(profiles.GetProperty("Target").GetProperty("commandLineArgs").GetString()!));
            }
        }
    });

    // Splits a command line like .NET and the C runtime of Windows.
    private static List<string> Split(string line)
    {
        var arguments = new List<string>();
        for (var at = 0; at < line.Length;)
        {
            if (line[at] is ' ' or '\t')
            {
                at++;
                continue;
            }

            var argument = new System.Text.StringBuilder();
            for (var quoted = false; at < line.Length && (quoted || line[at] is not (' ' or '\t')); at++)
            {
                var backslashes = 0;
                while (at < line.Length && line[at] == '\\')
                {
                    backslashes++;
                    at++;
                }

                if (at < line.Length && line[at] == '"')
                {
                    argument.Append('\\', backslashes / 2);
                    if (backslashes % 2 == 1)
                        argument.Append('"');
                    else
                        quoted = !quoted;
                    continue;
                }

                argument.Append('\\', backslashes);
                if (at < line.Length && (quoted || line[at] is not (' ' or '\t')))
                    argument.Append(line[at]);
                else
                    break;
            }

            arguments.Add(argument.ToString());
        }

        return arguments;
    }
}
