using Gantry.Testing.Builds;

namespace Gantry.Nuke.Tests.Shapes;

/// <summary>The components themselves protect promotions from wrong command lines.</summary>
public sealed class CommandLineStrictnessTests
{
    // NUKE itself ignores each of these, and reads what follows an unknown parameter as its values: the default target would run.
    [Theory]
    [InlineData("GAN7003: there is no parameter --no-such-parameter", "--no-such-parameter", "1", "ShowEnvironments")]
    [InlineData("GAN7004: --transfer has the value 'nonsense'", "PromoteDev", "--transfer", "nonsense")]
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
}
