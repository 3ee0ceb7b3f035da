using Gantry.Nuke.Parameters;

namespace Gantry.Nuke.Tests.Parameters;

public sealed class CommandLineTests
{
    [Fact]
    public void Values_belong_to_the_name_before_them()
    {
        var parameters = CommandLine.Read(["PromoteDev", "--skip", "--release", "1.4.2", "--names", "a", "b", "--count", "-3"]);

        Assert.Equal(["--skip", "--release", "--names", "--count"], parameters.Select(parameter => parameter.Name));
        Assert.Empty(parameters[0].Values);
        Assert.Equal(["1.4.2"], parameters[1].Values);
        Assert.Equal(["a", "b"], parameters[2].Values);
        Assert.Equal(["-3"], parameters[3].Values);
    }

    [Fact]
    public void Targets_are_before_the_first_name() =>
        Assert.Equal(["Compile", "Test"], CommandLine.Positional(["Compile", "Test", "--release", "1.4.2", "PromoteDev"]));

    [Theory]
    [InlineData("BaseRegistry", "--base-registry")]
    [InlineData("Release", "--release")]
    [InlineData("DevWestEuropeRegistry", "--dev-west-europe-registry")]
    [InlineData("OCILayout", "--oci-layout")]
    public void Names_are_printed_with_dashes(string name, string expected) => Assert.Equal(expected, CommandLine.Dashed(name));

    [Theory]
    [InlineData("--base-registry")]
    [InlineData("--baseregistry")]
    [InlineData("--BaseRegistry")]
    [InlineData("BASE_REGISTRY")]
    public void Case_and_dashes_do_not_matter(string name) => Assert.Equal(CommandLine.Normal("BaseRegistry"), CommandLine.Normal(name));

    [Theory]
    [InlineData("--relase", "--release")]
    [InlineData("--base-registy", "--base-registry")]
    [InlineData("--nope", null)]
    public void The_nearest_name_is_suggested(string given, string? expected) =>
        Assert.Equal(expected, Similarity.Nearest(given, ["--release", "--base-registry", "--dev-registry", "--move-tag"]));
}
