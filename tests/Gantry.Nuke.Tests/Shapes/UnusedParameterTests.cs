namespace Gantry.Nuke.Tests.Shapes;

/// <summary>A parameter that no target of the run uses was meant for something else: nothing runs.</summary>
public sealed class UnusedParameterTests
{
    [Theory]
    [InlineData("--prune", "ProvisionEnvironments", "PromoteDev", "--prune")]
    [InlineData("--weaken-checks", "ProvisionEnvironments", "PromoteDev", "--weaken-checks", "late")]
    [InlineData("--approve", "PromoteDev, PromoteTest", "ShowEnvironments", "--approve", "tested")]
    [InlineData("--dry-run", "ProvisionEnvironments", "ShowEnvironments", "--dry-run")]
    [InlineData("--dry-run", "PromoteDev", "BuildImage", "--dry-run")]
    [InlineData("--override-soak", "PromoteDev", "ProvisionEnvironments", "--override-soak", "now")]
    [InlineData("--image-builder", "BuildImage", "PromoteDev", "--skip", "--image-builder", "oci")]
    [InlineData("--release-version", "PublishImages", "PromoteDev", "--release", "1.2.0", "--release-version", "1.2.0")]
    [InlineData("--test-registry", "PromoteTest", "ProvisionEnvironments", "--test-registry", "oci:x")]
    public async Task It_is_refused_with_the_targets_that_use_it(string parameter, string users, params string[] arguments)
    {
        using var repository = await ShapeRepository.CreateAsync("Promoting");

        var run = await repository.BuildAsync(arguments);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains($"GAN7053: {parameter} is given, and neither {arguments[0]} nor anything", run.Output, StringComparison.Ordinal);
        Assert.All(users.Split(", "), user => Assert.Contains(user, run.Output, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(repository.PathOf("artifacts")));
    }

    [Fact]
    public async Task Without_our_base_class_it_is_refused_as_well()
    {
        using var repository = await ShapeRepository.CreateAsync("CompileImplemented");

        var run = await repository.BuildAsync("FindRelease", "--approve", "tested");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("GAN7053: --approve is given, and neither FindRelease nor anything", run.Output, StringComparison.Ordinal);
        Assert.Contains("it belongs to PromoteDev", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PromoteDev", "--channel", "none", "--dev-registry", "oci:artifacts/dev", "--test-registry", "oci:artifacts/test")]
    [InlineData("PromoteDev", "--verbosity", "minimal", "--release-version", "1.2.0", "--image-builder", "oci", "--transfer", "copy")]
    [InlineData("Announce", "--channel", "x", "--base-registry", "oci:artifacts/base", "--move-tag", "again")]
    [InlineData("Announce", "--approve", "its promotion uses this")]
    public async Task Parameters_of_the_run_of_the_class_and_of_the_build_system_stay(params string[] arguments)
    {
        using var repository = await ShapeRepository.CreateAsync("Promoting");

        var run = await repository.BuildAsync(arguments);

        Assert.True(run.ExitCode == 0, run.Output);
    }

    [Theory]
    [InlineData("GAN7054: --approve has a blank value", "PromoteTest", "--approve", "")]
    [InlineData("GAN7054: --override-soak has a blank value", "PromoteTest", "--override-soak", " \t ")]
    [InlineData("GAN7054: --move-tag has a blank value", "PushBase", "--move-tag", "")]
    [InlineData("GAN7054: --weaken-checks has a blank value", "ProvisionEnvironments", "--weaken-checks", " ")]
    [InlineData("GAN7054: --release has a blank value", "PromoteDev", "--release", "")]
    [InlineData("GAN7054: --dev-registry has a blank value", "PromoteDev", "--dev-registry", "")]
    [InlineData("GAN7055: --release has a value with '$(' at character 1", "PromoteDev", "--release", "$(System.AccessToken)")]
    [InlineData("GAN7055: --approve has a value with '$(' at character 5", "PromoteTest", "--approve", "for $(Secret)")]
    [InlineData("GAN7055: --dev-registry has a value with '$('", "PromoteDev", "--dev-registry", "$(DevRegistry)")]
    public async Task A_blank_value_and_a_macro_are_refused(string sentence, params string[] arguments)
    {
        using var repository = await ShapeRepository.CreateAsync("Promoting");

        var run = await repository.BuildAsync(arguments);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(sentence, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Secret)", run.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(repository.PathOf("artifacts")));
    }

    [Theory]
    [InlineData("Release")]
    [InlineData("DEVREGISTRY")]
    [InlineData("NUKE_RELEASE_VERSION")]
    public async Task A_macro_that_an_agent_left_in_a_variable_is_refused(string variable)
    {
        using var repository = await ShapeRepository.CreateAsync("Promoting");
        repository.Variables[variable] = "$(Undefined)";

        var run = await repository.BuildAsync("PromoteDev");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains($"GAN7055: the environment variable {variable} has a value with '$('", run.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(repository.PathOf("artifacts")));
    }

    [Theory]
    [InlineData("GAN4010", "PromoteDev", "--release", "s3cr3t/t0ken/that/masking/misses")]
    [InlineData("GAN4014", "PromoteDev", "--release", "s3cr3tt0kenthatmaskingmisses")]
    [InlineData("GAN7009", "PublishImages", "--release-version", "s3cr3tt0kenthatmaskingmisses")]
    [InlineData("GAN1002", "PromoteDev", "--release-digest", "s3cr3tt0kenthatmaskingmisses")]
    [InlineData("GAN1006", "PromoteDev", "--dev-registry", "s3cr3tt0ken thatmaskingmisses")]
    [InlineData("GAN4048", "PromoteDev", "--region", "s3cr3tt0kenthatmaskingmisses")]
    [InlineData("GAN7004", "PromoteDev", "--transfer", "s3cr3tt0kenthatmaskingmisses")]
    [InlineData("GAN7046", "PromoteDev", "--release", "s3cr3tt0kenthatmaskingmisses", "s3cr3tt0kenthatmaskingmisses")]
    [InlineData("GAN7042", "s3cr3tt0kenthatmaskingmisses")]
    [InlineData("GAN7042", "PromoteDev", "--skip", "s3cr3tt0kenthatmaskingmisses")]
    public async Task What_was_refused_is_not_echoed(string code, params string[] arguments)
    {
        using var repository = await ShapeRepository.CreateAsync("Promoting");

        var run = await repository.BuildAsync(arguments);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(code + ": ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("maskingmisses", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("masking/misses", run.Output, StringComparison.Ordinal);
    }
}
