using Gantry.Testing;
using Gantry.Testing.Builds;

namespace Gantry.Nuke.Tests.Shapes;

/// <summary>The components themselves protect promotions from wrong command lines.</summary>
public sealed class CommandLineStrictnessTests
{
    // NUKE itself ignores each of these, and reads what follows an unknown parameter as its values: the default target would run.
    [Theory]
    [InlineData("GAN7003: there is no parameter --no-such-parameter", "--no-such-parameter", "1", "ShowEnvironments")]
    [InlineData("GAN7004: --transfer has the value 'nons…' (8 characters), which is not one of", "PromoteDev", "--transfer", "nonsense")]
    [InlineData("GAN7042: there is no target 'Compiel'; use Compile", "PromoteDev", "--skip", "Compiel")]
    [InlineData("GAN7041: --region is given without a value", "PromoteDev", "--region")]
    [InlineData(
        "GAN7018: images cannot be built into oci:artifacts/registries/dev",
        "PushBase",
        "--image-store",
        "oci:artifacts/registries/dev")]
    [InlineData("GAN1006: ", "PromoteDev", "--dev-registry", "https://example.com")]
    public async Task An_invalid_command_line_promotes_nothing_with_any_base_class(string sentence, params string[] arguments)
    {
        using var repository = await ShapeRepository.CreateAsync("CompileImplemented");

        var run = await repository.BuildAsync(arguments);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(sentence, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Compiled by the class", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(repository.PathOf("artifacts")));
    }

    // NUKE itself prints a value that does not convert as it is: before any component can check it, unless the class is a GantryBuild.
    [Theory]
    [InlineData("FromSetup", "TRANSFER")]
    [InlineData("FromSetup", "NUKE_TRANSFER")]
    [InlineData("OwnPublishAndTest", "Transfer")]
    [InlineData("OwnPublishAndTest", "Verbosity")]
    [InlineData("OwnPublishAndTest", "NUKE_HOST")]
    [InlineData("OwnPublishAndTest", "TARGET")]
    [InlineData("OwnPublishAndTest", "no_logo")]
    public async Task Nothing_in_a_variable_acts(string shape, string variable)
    {
        using var repository = await ShapeRepository.CreateAsync(shape);
        repository.Variables[variable] = Hostile;

        var run = await repository.BuildAsync("ShowEnvironments");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains($": the environment variable {variable} has the value ", run.Output, StringComparison.Ordinal);
        AssertHarmless(run);
    }

    // Texts are parameters, too, and mean something else to everyone: they are shown neutralized.
    [Theory]
    [InlineData("Release")]
    [InlineData("ReleaseVersion")]
    [InlineData("DevRegistry")]
    [InlineData("BaseRegistry")]
    [InlineData("Region")]
    public async Task Nothing_in_a_text_parameter_acts(string variable)
    {
        using var repository = await ShapeRepository.CreateAsync("FromSetup");
        repository.Variables[variable] = Hostile;

        var run = await repository.BuildAsync("PromoteDev");

        Assert.NotEqual(0, run.ExitCode);
        AssertHarmless(run);
    }

    [Fact]
    public async Task Nothing_about_a_run_acts_in_its_plan()
    {
        using var repository = await ShapeRepository.CreateAsync("OwnPublishAndTest");
        foreach (var variable in (string[])["BUILD_BUILDID", "BUILD_SOURCEBRANCH", "BUILD_REQUESTEDFOR", "SYSTEM_COLLECTIONURI"])
            repository.Variables[variable] = Hostile;

        var promoted = await repository.BuildAsync("PromoteDev");
        var shown = await repository.BuildAsync("ShowEnvironments");

        AssertHarmless(promoted);
        AssertHarmless(shown);
    }

    private static string Hostile { get; } = string.Join(
        ' ', HostileText.Values.Where(pair => pair.Key is not ("null" or "lone surrogate")).Select(pair => pair.Value));

    // NUKE itself writes a space without width into an empty line.
    private static void AssertHarmless(BuildRun run)
    {
        var output = run.Output.Replace("\u200b\n", "\n", StringComparison.Ordinal);
        Assert.True(HostileText.FindFault(output) is null, $"{HostileText.FindFault(output)} in {output}");
        Assert.DoesNotContain("\nforged", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }
}
